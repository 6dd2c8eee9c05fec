//! Files that a process has open, to read their lines one after another. They are closed at their end or at the process's.
//!
//! Blocks are read on threads of the pool. A block's job owns the file meanwhile, and gives it back; when its process has
//! ended, the job closes it.

use std::fs::File;
use std::io::{ErrorKind, Read};

use snow_abi::io_fns::FAILED;
use snow_rt::part::{Caller, Text};

use crate::blocking;
use crate::failure::{self, owned};
use crate::lines::{LineBuffer, as_text};

/// A file that is being read.
struct Reader {
    file: File,
    path: String,
    lines: LineBuffer,
}

/// What a process keeps.
struct OpenFile {
    /// Absent while a block is read, or when that failed.
    reader: Option<Reader>,
    /// The number of the next line.
    next: i64,
}

/// `file_open`
pub(crate) fn file_open(caller: &Caller, path: Text<'_>) -> i64 {
    caller.note_outside("files");
    // SAFETY: the caller lends the path; it is copied before the wait.
    let opened = unsafe {
        let path = owned(path);
        blocking::run(caller, move || open(path))
    };
    match opened {
        Ok(reader) => caller.keep(Box::new(OpenFile { reader: Some(reader), next: 0 })),
        Err(text) => fail(caller, text),
    }
}

fn open(path: String) -> Result<Reader, String> {
    let opened = File::open(&path).and_then(|file| {
        if file.metadata()?.is_dir() { Err(ErrorKind::IsADirectory.into()) } else { Ok(file) }
    });
    match opened {
        Ok(file) => Ok(Reader { file, path, lines: LineBuffer::default() }),
        Err(error) => Err(failure::text("read", &path, &error)),
    }
}

fn fail(caller: &Caller, text: String) -> i64 {
    caller.answer(text.into_bytes());
    FAILED
}

/// `file_line`
pub(crate) fn file_line(caller: &Caller, number: i64, index: i64) -> i64 {
    loop {
        match caller.with_kept(number, |open: &mut OpenFile| open.take(index)) {
            Some(Step::Line(line)) => {
                caller.answer(line);
                return 1;
            }
            Some(Step::End) => {
                caller.give_up(number);
                return 0;
            }
            Some(Step::Failed(text)) => return fail(caller, text),
            Some(Step::Fill) => {
                if let Err(text) = fill(caller, number) {
                    return fail(caller, text);
                }
            }
            None => return fail(caller, "the lines of a file can be gone through only once".into()),
        }
    }
}

/// What comes of asking for a line.
enum Step {
    Line(Vec<u8>),
    End,
    /// Another block is needed.
    Fill,
    Failed(String),
}

impl OpenFile {
    fn take(&mut self, index: i64) -> Step {
        let Some(reader) = &mut self.reader else { return Step::Failed("it couldn't be read before".into()) };
        if self.next != index {
            return Step::Failed(format!("the lines of {} can be gone through only once", reader.path));
        }
        match reader.lines.take_line() {
            None => Step::Fill,
            Some(None) => Step::End,
            Some(Some(line)) => {
                self.next += 1;
                match as_text(line) {
                    Ok(line) => Step::Line(line),
                    Err(cause) => {
                        Step::Failed(format!("can't read line {} of {}: {cause}", index + 1, reader.path))
                    }
                }
            }
        }
    }
}

/// Reads a block.
fn fill(caller: &Caller, number: i64) -> Result<(), String> {
    let Some(mut reader) = caller.with_kept(number, |open: &mut OpenFile| open.reader.take()).flatten()
    else {
        return Ok(());
    };
    let job = move || reader.fill().map(|()| reader);
    // SAFETY: all that needs dropping is the job's.
    let reader = unsafe { blocking::run(caller, job) }?;
    caller.with_kept(number, |open: &mut OpenFile| open.reader = Some(reader));
    Ok(())
}

impl Reader {
    fn fill(&mut self) -> Result<(), String> {
        loop {
            match self.lines.fill(|room| self.file.read(room)) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => return result.map_err(|e| failure::text("read", &self.path, &e)),
            }
        }
    }
}
