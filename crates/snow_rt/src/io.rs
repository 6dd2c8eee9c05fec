//! Writing to the system's streams, whatever it takes, and the ends that need no more than that. What programs print goes
//! through [`crate::output`].

/// Writes to standard error in one piece.
pub(crate) fn eprint(bytes: &[u8]) {
    write_all(2, bytes);
}

/// Opens `/dev/null` for the system's streams that the program was started without, so that no file which it opens gets the
/// number of one, and what is printed doesn't end up there.
pub(crate) fn occupy_streams() {
    for fd in 0..=2 {
        // SAFETY: asks about a descriptor; `open` gives the lowest free one, which is this, for those below are open.
        unsafe {
            if libc::fcntl(fd, libc::F_GETFD) == -1 {
                libc::open(c"/dev/null".as_ptr(), libc::O_RDWR);
            }
        }
    }
}

/// Writes everything, waiting as long as it takes.
pub(crate) fn write_all(fd: i32, mut bytes: &[u8]) {
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
