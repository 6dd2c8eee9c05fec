//! Parses many files on several threads: a parse depends on one file alone.
//!
//! The results come in the order of the files, so that nothing depends on which thread was faster.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use snow_base::FileId;
use snow_syntax::Parse;

/// Stack of a thread that parses: as much as that of the thread that compiles, since sources may be nested deeply.
const STACK: usize = 512 << 20;

/// Bytes of source that make another thread worth its start.
const SHARE: usize = 64 << 10;

/// Parses files. O(length of all).
pub(crate) fn parse_all(files: &[(FileId, Arc<str>)]) -> Vec<Parse> {
    let bytes: usize = files.iter().map(|(_, text)| text.len()).sum();
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(1 + bytes / SHARE);
    // Only hands out numbers; what was parsed comes back through `done`.
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Parse)>> = Mutex::default();
    let work = || {
        let mut own = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((file, text)) = files.get(index) else { break };
            own.push((index, snow_syntax::parse(text, *file)));
        }
        done.lock().unwrap_or_else(PoisonError::into_inner).append(&mut own);
    };
    std::thread::scope(|scope| {
        // Where the system gives no more threads, the others do the work.
        let others: Vec<_> = (1..threads)
            .map_while(|_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).ok())
            .collect();
        work();
        for thread in others {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, parse)| parse).collect()
}
