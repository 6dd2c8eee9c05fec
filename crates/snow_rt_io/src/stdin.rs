//! Standard input: one buffer for the whole program, filled in blocks.
//!
//! What the system can tell the readiness of (pipes, terminals) is read when it is ready, on the worker's thread; what it
//! can't (files) on a thread of the pool. Several processes that read get what comes in the order of their calls.
//!
//! Protocol: [`INPUT`] is locked by the one who reads, until it has what it wants; a process that is ended while it waits drops
//! the lock, and what was read stays for the next. A job of the pool owns the lock while it reads, so that nothing
//! is lost when its process is ended.

use std::io::{Error, ErrorKind};
use std::os::fd::RawFd;
use std::sync::{Arc, OnceLock};

use snow_abi::io_fns::{FAILED, stdin_part};
use snow_rt::part::{Caller, internal_error};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::blocking;
use crate::driver;
use crate::failure;
use crate::lines::{LineBuffer, as_text};

/// The file descriptor.
const STDIN: RawFd = 0;

static INPUT: OnceLock<Arc<Mutex<Input>>> = OnceLock::new();

/// Standard input as far as it was read.
#[derive(Default)]
struct Input {
    lines: LineBuffer,
    readiness: Option<Readiness>,
}

/// How one learns that there is something to read.
enum Readiness {
    Known(AsyncFd<RawFd>),
    /// The system can't tell.
    Unknown,
}

/// A text, or `None` at the end.
type Part = Result<Option<Vec<u8>>, String>;

/// `stdin_read`
pub(crate) fn stdin_read(caller: &Caller, what: i64) -> i64 {
    let input = INPUT.get_or_init(Arc::default);
    let at_once = input.try_lock().ok().and_then(|mut input| input.take(what));
    let part = match at_once {
        Some(part) => part,
        // SAFETY: nothing is held that needs dropping: `input` is borrowed from what is never dropped.
        None if caller.is_simulated() => unsafe { blocking::run(caller, move || read_waiting(input, what)) },
        // SAFETY: as above.
        None => unsafe { driver::run(caller, read(input, what)) },
    };
    match part {
        Ok(Some(text)) => {
            caller.answer(text);
            1
        }
        Ok(None) => {
            caller.answer(b"the input has ended".to_vec());
            0
        }
        Err(text) => {
            caller.answer(text.into_bytes());
            FAILED
        }
    }
}

/// [`read`] on a thread that may block.
fn read_waiting(input: &Mutex<Input>, what: i64) -> Part {
    let mut input = input.blocking_lock();
    loop {
        if let Some(part) = input.take(what) {
            return part;
        }
        input.read_block().map_err(|e| failure::text("read", "standard input", &e))?;
    }
}

async fn read(input: &'static Arc<Mutex<Input>>, what: i64) -> Part {
    let mut input = input.clone().lock_owned().await;
    loop {
        if let Some(part) = input.take(what) {
            return part;
        }
        let (back, result) = fill(input).await;
        input = back;
        result.map_err(|e| failure::text("read", "standard input", &e))?;
    }
}

/// Reads a block when there is one.
async fn fill(mut input: OwnedMutexGuard<Input>) -> (OwnedMutexGuard<Input>, Result<(), Error>) {
    loop {
        if is_ready() {
            let result = input.read_block();
            return (input, result);
        }
        match input.readiness() {
            Readiness::Unknown => return fill_blocking(input).await,
            Readiness::Known(fd) => match fd.readable().await {
                Ok(mut guard) => {
                    if !is_ready() {
                        guard.clear_ready();
                    }
                }
                Err(error) => return (input, Err(error)),
            },
        }
    }
}

async fn fill_blocking(mut input: OwnedMutexGuard<Input>) -> (OwnedMutexGuard<Input>, Result<(), Error>) {
    let (send, receive) = tokio::sync::oneshot::channel();
    blocking::spawn(move || {
        let result = input.read_block();
        // Whoever asked may have ended; what was read is in the buffer.
        drop(send.send((input, result)));
    });
    match receive.await {
        Ok(done) => done,
        Err(_) => internal_error("a thread for files has ended"),
    }
}

/// Whether a read of a pipe or terminal wouldn't wait.
fn is_ready() -> bool {
    // SAFETY: asks about a file descriptor, with room for the answer.
    unsafe {
        let mut stat = std::mem::zeroed::<libc::stat>();
        if libc::fstat(STDIN, &raw mut stat) != 0 || stat.st_mode & libc::S_IFMT == libc::S_IFREG {
            return false;
        }
        let mut poll = libc::pollfd { fd: STDIN, events: libc::POLLIN, revents: 0 };
        libc::poll(&raw mut poll, 1, 0) == 1
    }
}

impl Input {
    /// What is asked for, if it is there already.
    fn take(&mut self, what: i64) -> Option<Part> {
        let part = match what {
            stdin_part::LINE => self.lines.take_line()?,
            _ => Some(self.lines.take_all()?),
        };
        let text = part.map(as_text).transpose();
        Some(text.map_err(|cause| format!("can't read standard input: {cause}")))
    }

    fn readiness(&mut self) -> &Readiness {
        self.readiness.get_or_insert_with(|| {
            // SAFETY: nobody closes standard input.
            let known = unsafe { AsyncFd::register_with_interest(STDIN, Interest::READABLE) };
            known.map_or(Readiness::Unknown, Readiness::Known)
        })
    }

    fn read_block(&mut self) -> Result<(), Error> {
        let result = self.lines.fill(|room| {
            // SAFETY: the room is writable for its length.
            let count = unsafe { libc::read(STDIN, room.as_mut_ptr().cast(), room.len()) };
            usize::try_from(count).map_err(|_| Error::last_os_error())
        });
        result.or_else(|e| if e.kind() == ErrorKind::Interrupted { Ok(()) } else { Err(e) })
    }
}
