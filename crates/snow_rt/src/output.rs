//! Standard output and standard error: a buffer each for the whole program, and no worker that waits for a slow reader.
//!
//! A `print` is atomic, since it happens under the buffer's lock. On a terminal, standard output is written at every line
//! end, otherwise when the buffer is full, when all workers are idle, before a crash report and when the program ends;
//! standard error at once. A closed pipe ends the program as the signal would.
//!
//! Protocol: who finds something to write writes it under the lock, in pieces, as long as the system says that a piece
//! doesn't wait. Otherwise a thread, the *drainer*, takes over: from then on (`draining`) it alone writes, without the lock,
//! until nothing is left; others only append, so the order stays. While it works, what finds the buffer full
//! waits: a process like for anything outside ([`crate::outside`]); the drainer completes the wait. Where both streams
//! lead to the same place, what goes to standard error while standard output is drained is written by a drainer that waits for
//! the other one to end.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::io;
use crate::outside::Completion;

/// When the buffer is full.
const BUFFER: usize = 32 << 10;
/// A write of so many bytes doesn't wait where the system says that there is room: the least that a pipe promises.
const PIECE: usize = libc::PIPE_BUF;

/// Where what a program prints goes.
pub(crate) struct Output {
    out: Stream,
    err: Stream,
    /// Both lead to the same place, so who reads it sees their order.
    same_place: bool,
}

/// One of the two.
struct Stream {
    fd: i32,
    sink: Mutex<Sink>,
    /// The drainer has ended.
    drained: Condvar,
}

struct Sink {
    buffer: Vec<u8>,
    flush: Flush,
    /// A write may have to wait for a reader.
    may_wait: bool,
    draining: bool,
    closed: bool,
    /// Those who wait for room, and those who wait until all is written.
    for_room: Vec<Completion<()>>,
    for_end: Vec<Completion<()>>,
}

/// When a stream is written by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flush {
    Always,
    Lines,
    Full,
    /// In tests: everything is kept.
    Never,
}

/// The buffer is full and its reader slow; nothing was printed.
pub(crate) struct Full;

impl Output {
    /// The operating system's streams.
    pub(crate) fn system() -> Output {
        // SAFETY: asks about a file descriptor.
        let terminal = unsafe { libc::isatty(1) } == 1;
        let flush = if terminal { Flush::Lines } else { Flush::Full };
        let same_place = place(1).is_some_and(|out| place(2) == Some(out));
        Output { out: Stream::new(1, flush), err: Stream::new(2, Flush::Always), same_place }
    }

    /// Keeps what is printed.
    #[cfg(test)]
    pub(crate) fn captured() -> Output {
        Output { out: Stream::new(1, Flush::Never), err: Stream::new(2, Flush::Always), same_place: false }
    }

    /// What was printed, of a captured output.
    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out.lock().buffer).into_owned()
    }

    /// Appends `bytes`, in one piece.
    pub(crate) fn print(&'static self, bytes: &[u8]) -> Result<(), Full> {
        self.out.print(bytes, None)
    }

    /// Appends `bytes` to standard error, in one piece, behind everything that was printed before.
    pub(crate) fn eprint(&'static self, bytes: &[u8]) -> Result<(), Full> {
        self.flush();
        self.err.print(bytes, self.before_errors())
    }

    /// [`Output::eprint`] for who can't wait.
    pub(crate) fn report(&'static self, text: &str) {
        self.flush();
        self.err.append(self.err.lock(), text.as_bytes(), self.before_errors());
    }

    fn before_errors(&'static self) -> Option<&'static Stream> {
        self.same_place.then_some(&self.out)
    }

    /// Completes when standard output (1) or error (2) has room.
    pub(crate) fn when_room(&self, fd: i32, waits: Completion<()>) {
        let mut sink = self.stream(fd).lock();
        if sink.is_full() {
            sink.for_room.push(waits);
        } else {
            drop(sink);
            waits.complete(());
        }
    }

    /// Writes what is buffered, or lets the drainer do it.
    pub(crate) fn flush(&'static self) {
        self.out.write(&mut self.out.lock(), None);
    }

    /// Whether [`Output::flush`] has left something to the drainer.
    pub(crate) fn is_draining(&self) -> bool {
        self.out.lock().draining
    }

    /// Completes when the drainer of standard output has written everything.
    pub(crate) fn when_drained(&self, waits: Completion<()>) {
        let mut sink = self.out.lock();
        if sink.draining {
            sink.for_end.push(waits);
        } else {
            drop(sink);
            waits.complete(());
        }
    }

    /// Writes what is buffered, however long it takes; what is printed later disappears.
    pub(crate) fn close(&self) {
        self.out.lock().closed = true;
        for stream in [&self.out, &self.err] {
            let mut sink = stream.wait_drained();
            if sink.flush != Flush::Never {
                io::write_all(stream.fd, &sink.buffer);
                sink.buffer.clear();
            }
        }
    }

    fn stream(&self, fd: i32) -> &Stream {
        if fd == self.err.fd { &self.err } else { &self.out }
    }
}

impl Stream {
    fn new(fd: i32, flush: Flush) -> Stream {
        let sink = Sink {
            buffer: Vec::new(),
            flush,
            may_wait: may_wait(fd),
            draining: false,
            closed: false,
            for_room: Vec::new(),
            for_end: Vec::new(),
        };
        Stream { fd, sink: Mutex::new(sink), drained: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Sink> {
        self.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_drained(&self) -> MutexGuard<'_, Sink> {
        let mut sink = self.lock();
        while sink.draining {
            sink = self.drained.wait(sink).unwrap_or_else(PoisonError::into_inner);
        }
        sink
    }

    fn print(&'static self, bytes: &[u8], after: Option<&'static Stream>) -> Result<(), Full> {
        let sink = self.lock();
        if sink.is_full() {
            return Err(Full);
        }
        self.append(sink, bytes, after);
        Ok(())
    }

    fn append(&'static self, mut sink: MutexGuard<'_, Sink>, bytes: &[u8], after: Option<&'static Stream>) {
        if sink.closed {
            return;
        }
        if sink.buffer.len() + bytes.len() > BUFFER && sink.flush == Flush::Full {
            self.write(&mut sink, after);
        }
        sink.buffer.extend_from_slice(bytes);
        let now = match sink.flush {
            Flush::Always => true,
            Flush::Lines => bytes.contains(&b'\n'),
            Flush::Full => sink.buffer.len() > BUFFER,
            Flush::Never => false,
        };
        if now {
            self.write(&mut sink, after);
        }
    }

    /// Writes what doesn't wait; a drainer writes the rest, after that of `after`.
    fn write(&'static self, sink: &mut Sink, after: Option<&'static Stream>) {
        if sink.draining || sink.buffer.is_empty() || sink.flush == Flush::Never {
            return;
        }
        let after = after.filter(|stream| stream.lock().draining);
        if !sink.may_wait && after.is_none() {
            io::write_all(self.fd, &sink.buffer);
            return sink.buffer.clear();
        }
        let mut written = 0;
        while after.is_none() && written < sink.buffer.len() && has_room(self.fd) {
            let piece = (sink.buffer.len() - written).min(PIECE);
            io::write_all(self.fd, &sink.buffer[written..written + piece]);
            written += piece;
        }
        sink.buffer.drain(..written);
        if sink.buffer.is_empty() {
            return;
        }
        sink.draining = true;
        let drainer = std::thread::Builder::new().name("snow-output".into()).stack_size(STACK);
        if let Err(error) = drainer.spawn(move || self.drain(after)) {
            io::fatal(&format!("can't start a thread for output: {error}"));
        }
    }

    /// The drainer.
    fn drain(&self, after: Option<&Stream>) {
        if let Some(first) = after {
            drop(first.wait_drained());
        }
        loop {
            let mut sink = self.lock();
            let piece = std::mem::take(&mut sink.buffer);
            let mut served = std::mem::take(&mut sink.for_room);
            if piece.is_empty() {
                sink.draining = false;
                served.append(&mut sink.for_end);
                self.drained.notify_all();
            }
            drop(sink);
            for waits in served {
                waits.complete(());
            }
            if piece.is_empty() {
                return;
            }
            io::write_all(self.fd, &piece);
        }
    }
}

/// What the drainer needs.
const STACK: usize = 128 << 10;

impl Sink {
    fn is_full(&self) -> bool {
        self.draining && self.buffer.len() >= BUFFER && !self.closed
    }
}

/// Whether a write may have to wait for somebody who reads: not to a file.
fn may_wait(fd: i32) -> bool {
    look(fd).is_some_and(|stat| stat.st_mode & libc::S_IFMT != libc::S_IFREG)
}

/// What a stream leads to.
fn place(fd: i32) -> Option<(libc::dev_t, libc::ino_t)> {
    look(fd).map(|stat| (stat.st_dev, stat.st_ino))
}

fn look(fd: i32) -> Option<libc::stat> {
    // SAFETY: asks about a file descriptor, with room for the answer.
    unsafe {
        let mut stat = std::mem::zeroed::<libc::stat>();
        (libc::fstat(fd, &raw mut stat) == 0).then_some(stat)
    }
}

/// Whether a write of [`PIECE`] bytes doesn't wait, or fails at once.
fn has_room(fd: i32) -> bool {
    let mut poll = libc::pollfd { fd, events: libc::POLLOUT, revents: 0 };
    // SAFETY: one valid entry.
    unsafe { libc::poll(&raw mut poll, 1, 0) == 1 }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::os::fd::{AsRawFd, FromRawFd};

    use super::*;

    /// A pipe: its reading end, and a stream that writes to the other.
    fn pipe() -> (std::fs::File, std::fs::File, &'static Stream) {
        let mut ends = [0; 2];
        // SAFETY: room for two descriptors, which are ours.
        let (read, write) = unsafe {
            assert_eq!(libc::pipe(ends.as_mut_ptr()), 0);
            (std::fs::File::from_raw_fd(ends[0]), std::fs::File::from_raw_fd(ends[1]))
        };
        let stream = Box::leak(Box::new(Stream::new(write.as_raw_fd(), Flush::Full)));
        (read, write, stream)
    }

    #[test]
    fn a_full_pipe_keeps_nobody_waiting_and_the_order_stays() {
        let (mut read, write, stream) = pipe();
        let mut expected = Vec::new();
        let mut count = 0;
        loop {
            let line = format!("{count}\n");
            if stream.print(line.as_bytes(), None).is_err() {
                break;
            }
            expected.extend_from_slice(line.as_bytes());
            count += 1;
        }
        assert!(stream.lock().draining && count > 10_000);
        let reader = std::thread::spawn(move || {
            let mut bytes = vec![0; expected.len()];
            read.read_exact(&mut bytes).unwrap();
            assert!(bytes == expected);
        });
        reader.join().unwrap();
        drop(stream.wait_drained());
        drop(write);
    }

    #[test]
    fn errors_come_behind_what_was_printed() {
        let (mut read, write, out) = pipe();
        let err = Box::leak(Box::new(Stream::new(write.as_raw_fd(), Flush::Always)));
        let big = vec![b'a'; 200_000];
        assert!(out.print(&big, None).is_ok());
        assert!(out.lock().draining);
        assert!(err.print(b"behind", Some(out)).is_ok());
        let mut bytes = vec![0; big.len() + 6];
        read.read_exact(&mut bytes).unwrap();
        assert!(bytes.starts_with(&big) && bytes.ends_with(b"behind"));
        drop(err.wait_drained());
        drop(write);
    }
}
