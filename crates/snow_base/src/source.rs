//! Source files and places in them.

use std::sync::Arc;

use text_size::{TextRange, TextSize};

use crate::LineIndex;

/// Identifies one source file of a compilation. Dense: an index into a [`SourceMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A byte range in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The range in bytes.
    pub range: SpanRange,
}

/// [`TextRange`] with an order: by start, then by end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpanRange(pub TextRange);

impl PartialOrd for SpanRange {
    fn partial_cmp(&self, other: &SpanRange) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SpanRange {
    fn cmp(&self, other: &SpanRange) -> std::cmp::Ordering {
        (self.0.start(), self.0.end()).cmp(&(other.0.start(), other.0.end()))
    }
}

impl Span {
    /// The place `range` in `file`.
    pub fn new(file: FileId, range: TextRange) -> Span {
        Span { file, range: SpanRange(range) }
    }

    /// The byte range without its file.
    pub fn text_range(self) -> TextRange {
        self.range.0
    }

    /// The smallest span that covers both. Both must be in one file; otherwise it's `self`.
    pub fn cover(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span::new(self.file, self.range.0.cover(other.range.0))
    }
}

/// Places, to be asked whether one of them holds another.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    /// In order of their starts; each with the furthest end of those up to it in its file.
    sorted: Vec<(Span, TextSize)>,
}

impl FromIterator<Span> for Spans {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Spans {
        let mut sorted: Vec<(Span, TextSize)> =
            spans.into_iter().map(|span| (span, span.text_range().end())).collect();
        sorted.sort_unstable();
        for at in 1..sorted.len() {
            if sorted[at - 1].0.file == sorted[at].0.file {
                sorted[at].1 = sorted[at].1.max(sorted[at - 1].1);
            }
        }
        Spans { sorted }
    }
}

impl Spans {
    /// Does one of the places hold `span`? O(log places).
    pub fn hold(&self, span: Span) -> bool {
        let range = span.text_range();
        let upto = |(known, _): &(Span, TextSize)| {
            (known.file, known.text_range().start()) <= (span.file, range.start())
        };
        let after = self.sorted.partition_point(upto);
        self.sorted[..after].last().is_some_and(|(known, end)| known.file == span.file && *end >= range.end())
    }
}

/// One source file: how it is named in messages, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user knows it, for messages.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
    /// Where its lines start.
    pub lines: Arc<LineIndex>,
}

/// All source files of a compilation, by [`FileId`].
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file. O(length of the text): its lines are indexed.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let text = text.into();
        let lines = Arc::new(LineIndex::new(&text));
        self.files.push(SourceFile { path: path.into(), text, lines });
        FileId(self.files.len() as u32 - 1)
    }

    /// The file of `id`, which must come from this map.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files in order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }
}
