//! Cutting blocks of bytes into lines.

use crate::file::not_text;

/// How much is read at a time.
pub(crate) const BLOCK: usize = 64 << 10;

/// What was read and not yet given out.
#[derive(Default)]
pub(crate) struct LineBuffer {
    buffer: Vec<u8>,
    /// Where the part that wasn't given out starts.
    from: usize,
    /// Up to where no line end was found.
    searched: usize,
    at_end: bool,
}

impl LineBuffer {
    /// The next line without its end, if all of it is there; `Some(None)` at the end of the input. Amortised O(length).
    pub(crate) fn take_line(&mut self) -> Option<Option<Vec<u8>>> {
        if let Some(at) = memchr::memchr(b'\n', &self.buffer[self.searched..]) {
            let end = self.searched + at;
            let line = &self.buffer[self.from..end];
            let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
            self.from = end + 1;
            self.searched = self.from;
            return Some(Some(line));
        }
        self.searched = self.buffer.len();
        let rest = self.take_all()?;
        Some((!rest.is_empty()).then_some(rest))
    }

    /// All that is left, once the end of the input is there.
    pub(crate) fn take_all(&mut self) -> Option<Vec<u8>> {
        if !self.at_end {
            return None;
        }
        let mut rest = std::mem::take(&mut self.buffer);
        rest.drain(..self.from);
        (self.from, self.searched) = (0, 0);
        Some(rest)
    }

    /// Reads a block with `read`; no bytes are the end.
    pub(crate) fn fill<E>(&mut self, read: impl FnOnce(&mut [u8]) -> Result<usize, E>) -> Result<(), E> {
        self.buffer.drain(..self.from);
        self.searched -= self.from;
        self.from = 0;
        let old = self.buffer.len();
        self.buffer.resize(old + BLOCK, 0);
        let result = read(&mut self.buffer[old..]);
        self.buffer.truncate(old + result.as_ref().map_or(0, |&count| count));
        result.map(|count| self.at_end = count == 0)
    }
}

/// Bytes that are a text, or what is wrong with them.
pub(crate) fn as_text(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    match std::str::from_utf8(&bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(not_text(error.valid_up_to())),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn filled(text: &str) -> LineBuffer {
        let mut lines = LineBuffer::default();
        lines.fill(|room| text.as_bytes().read(room)).unwrap();
        lines
    }

    fn end(lines: &mut LineBuffer) {
        lines.fill(|_| Ok::<_, ()>(0)).unwrap();
    }

    fn all(mut lines: LineBuffer) -> Vec<String> {
        std::iter::from_fn(|| lines.take_line().flatten())
            .map(|line| String::from_utf8(line).unwrap())
            .collect()
    }

    #[test]
    fn lines_end_with_either_line_end_or_the_input() {
        let mut ended = filled("a\r\nb\n\nc");
        end(&mut ended);
        assert_eq!(all(ended), ["a", "b", "", "c"]);
        assert_eq!(all(filled("a\nb")), ["a"]);
        let mut empty = LineBuffer::default();
        end(&mut empty);
        assert_eq!(empty.take_line(), Some(None));
    }

    #[test]
    fn the_rest_comes_at_the_end() {
        let mut lines = filled("a\nb\nc");
        assert_eq!(lines.take_line(), Some(Some(b"a".to_vec())));
        assert_eq!(lines.take_all(), None);
        end(&mut lines);
        assert_eq!(lines.take_all(), Some(b"b\nc".to_vec()));
        assert_eq!(lines.take_all(), Some(Vec::new()));
    }

    #[test]
    fn a_line_may_be_longer_than_a_block() {
        let mut lines = LineBuffer::default();
        for _ in 0..3 {
            lines.fill(|room| Ok::<_, ()>(room.iter_mut().map(|byte| *byte = b'x').count())).unwrap();
            assert_eq!(lines.take_line(), None);
        }
        lines.fill(|room| (&b"y\n"[..]).read(room)).unwrap();
        assert_eq!(lines.take_line().flatten().map(|line| line.len()), Some(3 * BLOCK + 1));
    }
}
