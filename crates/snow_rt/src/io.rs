//! Standard output and error: one buffer for the whole program.
//!
//! A `print` is atomic, since it happens under the buffer's lock. On a terminal, the buffer is written at every line
//! end, otherwise when it is full, when all workers are idle, before a crash report and when the program ends. A closed
//! pipe ends the program as the signal would.

use std::sync::Mutex;

const BUFFER: usize = 32 << 10;

/// Where what a program prints goes.
pub(crate) struct Output {
    sink: Mutex<Sink>,
}

struct Sink {
    buffer: Vec<u8>,
    by_line: bool,
    /// Set by tests: keeps everything.
    capture: bool,
    closed: bool,
}

impl Output {
    /// The operating system's standard output.
    pub(crate) fn stdout() -> Output {
        // SAFETY: asks about a file descriptor.
        let by_line = unsafe { libc::isatty(1) } == 1;
        Output { sink: Mutex::new(Sink { buffer: Vec::new(), by_line, capture: false, closed: false }) }
    }

    /// Keeps what is printed.
    #[cfg(test)]
    pub(crate) fn captured() -> Output {
        Output { sink: Mutex::new(Sink { buffer: Vec::new(), by_line: false, capture: true, closed: false }) }
    }

    /// What was printed, of a captured output.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.lock().buffer).into_owned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Sink> {
        self.sink.lock().unwrap_or_else(|e| e.into_inner())
    }

    /// Appends `bytes`, in one piece.
    pub(crate) fn print(&self, bytes: &[u8]) {
        let mut sink = self.lock();
        if sink.closed {
            return;
        }
        if sink.buffer.len() + bytes.len() > BUFFER {
            sink.flush();
        }
        if bytes.len() > BUFFER && !sink.capture {
            write_all(1, bytes);
            return;
        }
        sink.buffer.extend_from_slice(bytes);
        if sink.by_line && bytes.contains(&b'\n') {
            sink.flush();
        }
    }

    /// Writes what is buffered.
    pub(crate) fn flush(&self) {
        self.lock().flush();
    }

    /// Writes what is buffered; what is printed later disappears.
    pub(crate) fn close(&self) {
        let mut sink = self.lock();
        sink.flush();
        sink.closed = true;
    }

    /// Writes a report to standard error, behind everything that was printed before.
    pub(crate) fn report(&self, text: &str) {
        self.flush();
        write_all(2, text.as_bytes());
    }
}

impl Sink {
    fn flush(&mut self) {
        if self.capture || self.buffer.is_empty() {
            return;
        }
        write_all(1, &self.buffer);
        self.buffer.clear();
    }
}

/// Writes to standard error in one piece.
pub(crate) fn eprint(bytes: &[u8]) {
    write_all(2, bytes);
}

fn write_all(fd: i32, mut bytes: &[u8]) {
    while !bytes.is_empty() {
        // SAFETY: the slice is readable for its length.
        let written = unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) };
        if written > 0 {
            bytes = &bytes[written as usize..];
            continue;
        }
        match std::io::Error::last_os_error().raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::EAGAIN) => {
                let mut poll = libc::pollfd { fd, events: libc::POLLOUT, revents: 0 };
                // SAFETY: one valid entry.
                unsafe { libc::poll(&mut poll, 1, -1) };
            }
            Some(libc::EPIPE) if fd == 1 => end_by_pipe(),
            // Nobody is left to tell.
            _ => return,
        }
    }
}

/// Ends the program as a write to a closed pipe ends other tools.
fn end_by_pipe() -> ! {
    // SAFETY: restores the default action and raises the signal; `_exit` if it is blocked.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        libc::raise(libc::SIGPIPE);
        libc::_exit(128 + libc::SIGPIPE)
    }
}

/// Ends the program because the system or the environment refuses what it needs.
pub(crate) fn fatal(text: &str) -> ! {
    eprint(format!("snow: {text}\n").as_bytes());
    // SAFETY: ends the process.
    unsafe { libc::_exit(1) }
}

/// Ends the program because something that can't be has happened in the runtime or the compiler.
#[cold]
pub(crate) fn internal_error(text: &str) -> ! {
    eprint(format!("snow: internal error: {text}\nThis is a bug in Snow; please report it.\n").as_bytes());
    // SAFETY: ends the process, with a core where the system keeps one.
    unsafe { libc::abort() }
}
