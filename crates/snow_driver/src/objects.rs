//! The objects of a program: those that are kept from earlier builds, the others compiled, on several threads.
//!
//! An object is kept under the hash of all that it depends on: the part of the program, and the compiler itself.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use snow_base::{ContentHash, ContentHasher};
use snow_codegen::{CodegenError, Input, Plan};
use snow_mir::layout::Layouts;

use crate::store::Store;
use crate::{cache, runtime};

/// Stack of a thread that compiles: LLVM recurses over long functions.
const STACK: usize = 256 << 20;

/// Bytes of objects that are kept at most.
const LIMIT: u64 = 512 << 20;

/// The objects of a program.
#[derive(Debug)]
pub struct Objects {
    /// Their files.
    pub files: Vec<PathBuf>,
    /// How many were compiled now.
    pub compiled: usize,
}

/// Why there are none.
#[derive(Debug)]
pub(crate) enum ObjectsError {
    /// A mistake of the compiler.
    Internal(CodegenError),
    /// The store can't be written.
    Io(io::Error),
}

impl From<io::Error> for ObjectsError {
    fn from(error: io::Error) -> ObjectsError {
        ObjectsError::Io(error)
    }
}

/// What names this compiler: its version, the runtime, and the file that it runs from. A compiler that doesn't find its own
/// file finds nothing that is kept.
pub(crate) fn compiler() -> ContentHash {
    let mut hasher = ContentHasher::default();
    hasher.text(env!("CARGO_PKG_VERSION"));
    hasher.text(runtime::ID);
    let meta = std::env::current_exe().and_then(fs::metadata);
    let time = |meta: &fs::Metadata| meta.modified().ok()?.duration_since(UNIX_EPOCH).ok();
    match meta.ok().and_then(|meta| Some((meta.len(), time(&meta)?))) {
        Some((len, time)) => {
            hasher.number(len);
            hasher.number(time.as_nanos() as u64);
        }
        None => {
            hasher.number(u64::from(std::process::id()));
            let now = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            hasher.number(now.as_nanos() as u64);
        }
    }
    hasher.finish()
}

/// A hash of a whole program: equal ones have equal executables.
pub(crate) fn program_key(plan: &Plan) -> ContentHash {
    let mut hasher = ContentHasher::default();
    hasher.hash(compiler());
    plan.parts().iter().for_each(|part| hasher.hash(part.key));
    hasher.finish()
}

/// Finds or makes the objects of a program.
pub(crate) fn objects(input: &Input<'_>, plan: &Plan) -> Result<Objects, ObjectsError> {
    let store = Store::open(cache::dir()?.join("objects"), LIMIT)?;
    let compiler = compiler();
    let keys = plan.parts().iter().map(|part| {
        let mut hasher = ContentHasher::default();
        hasher.hash(compiler);
        hasher.hash(part.key);
        hasher.finish()
    });
    let keys: Vec<ContentHash> = keys.collect();
    let mut files: Vec<Option<PathBuf>> = keys.iter().map(|&key| store.find(key)).collect();
    let missing: Vec<usize> = (0..files.len()).filter(|&index| files[index].is_none()).collect();
    for (index, file) in compile(input, plan, &missing, |index, object| store.write(keys[index], object))? {
        files[index] = Some(file);
    }
    if !missing.is_empty() {
        store.prune();
    }
    Ok(Objects { files: files.into_iter().flatten().collect(), compiled: missing.len() })
}

/// Compiles parts, given by number, and keeps each with `keep`, which gives its file.
fn compile(
    input: &Input<'_>,
    plan: &Plan,
    missing: &[usize],
    keep: impl Fn(usize, &[u8]) -> io::Result<PathBuf> + Sync,
) -> Result<Vec<(usize, PathBuf)>, ObjectsError> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(missing.len());
    // Only hands out numbers; what was made comes back through `done`.
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<PathBuf, ObjectsError>)>> = Mutex::default();
    let (program, typed) = (input.layouts.program(), input.layouts.typed());
    let (mir, sources, options) = (input.mir, input.sources, input.options);
    let work = || {
        // Layouts are kept in cells that threads can't share: each has its own.
        let layouts = Layouts::new(program, typed);
        let input = Input { mir, layouts: &layouts, sources, options };
        while let Some(&index) = missing.get(next.fetch_add(1, Ordering::Relaxed)) {
            let object = snow_codegen::emit_part(&input, plan, &plan.parts()[index]);
            let file = object.map_err(ObjectsError::Internal).and_then(|o| Ok(keep(index, &o)?));
            done.lock().unwrap_or_else(PoisonError::into_inner).push((index, file));
        }
    };
    std::thread::scope(|scope| {
        let spawned: io::Result<Vec<_>> = (0..threads)
            .map(|_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work))
            .collect();
        for thread in spawned? {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
        Ok::<(), ObjectsError>(())
    })?;
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.into_iter().map(|(index, file)| Ok((index, file?))).collect()
}
