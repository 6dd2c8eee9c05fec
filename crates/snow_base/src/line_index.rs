//! From byte offsets to lines and columns.

use text_size::TextSize;

/// A place as people count it: both from 1; the column in Unicode code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineCol {
    /// The line, from 1.
    pub line: u32,
    /// The column in code points, from 1.
    pub col: u32,
}

/// Where each line of a text starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`. O(length).
    pub fn new(text: &str) -> LineIndex {
        let newlines = text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
        LineIndex { starts: std::iter::once(0).chain(newlines.map(|(i, _)| i as u32 + 1)).collect() }
    }

    /// The line that holds `offset`, from 1. O(log lines).
    pub fn line(&self, offset: TextSize) -> u32 {
        self.starts.partition_point(|&s| s <= u32::from(offset)) as u32
    }

    /// Line and column of `offset` in `text`, the text this index was made of. O(log lines + column).
    pub fn line_col(&self, text: &str, offset: TextSize) -> LineCol {
        let line = self.line(offset);
        let start = self.starts[line as usize - 1] as usize;
        let end = usize::from(offset).min(text.len());
        let col = text.get(start..end).map_or(end - start, |s| s.chars().count());
        LineCol { line, col: col as u32 + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_from_one_in_code_points() {
        let text = "ab\nö!\n";
        let index = LineIndex::new(text);
        assert_eq!(index.line_col(text, 0.into()), LineCol { line: 1, col: 1 });
        assert_eq!(index.line_col(text, 3.into()), LineCol { line: 2, col: 1 });
        assert_eq!(index.line_col(text, 5.into()), LineCol { line: 2, col: 2 });
        assert_eq!(index.line_col(text, 7.into()), LineCol { line: 3, col: 1 });
    }
}
