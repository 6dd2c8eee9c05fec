//! What does a user read when a package can't be used?
//!
//! Invariant: the message says what is wrong in one line; places and fixes stand apart from it.

use std::fmt;
use std::io;
use std::path::Path;

/// A place in a manifest or lock file, for people: lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as the user knows it.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Place {
    /// The place of byte `offset` of `text`; beyond its end, the end.
    pub fn of(file: &str, text: &str, offset: usize) -> Place {
        let before: String = text.bytes().take(offset).map(char::from).collect();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let end =
            (start..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(start);
        let column = text.get(start..end).map_or(0, |part| part.chars().count()) + 1;
        Place { file: file.to_owned(), line: before.matches('\n').count() + 1, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why a package, its manifest or its dependencies can't be used. Its text is for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PkgError(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    message: String,
    place: Option<Place>,
    notes: Vec<String>,
    help: Vec<String>,
}

impl PkgError {
    /// An error with its one line.
    pub fn new(message: impl Into<String>) -> PkgError {
        PkgError(Box::new(Parts { message: message.into(), place: None, notes: vec![], help: vec![] }))
    }

    /// A file or folder can't be read or written.
    pub(crate) fn io(what: &str, path: &Path, error: &io::Error) -> PkgError {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        PkgError::new(format!("cannot {what} `{}`: {cause}", path.display()))
    }

    /// Says where.
    #[must_use]
    pub fn at(mut self, place: Place) -> PkgError {
        self.0.place = Some(place);
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> PkgError {
        self.0.notes.push(note.into());
        self
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> PkgError {
        self.0.help.push(help.into());
        self
    }

    /// The one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it is, if it is in a file.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }
}

impl fmt::Display for PkgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(place) = &self.0.place {
            write!(f, "\n --> {place}")?;
        }
        let lines = self.0.notes.iter().map(|n| ("note", n)).chain(self.0.help.iter().map(|h| ("help", h)));
        for (kind, text) in lines {
            write!(f, "\n  = {kind}: {}", text.replace('\n', "\n          "))?;
        }
        Ok(())
    }
}

impl std::error::Error for PkgError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let at = |offset| Place::of("f", "a\nä b\n", offset).to_string();
        assert_eq!(at(0), "f:1:1");
        assert_eq!(at(2), "f:2:1");
        assert_eq!(at(5), "f:2:3");
        assert_eq!(at(3), "f:2:1", "inside a character");
        assert_eq!(at(99), "f:3:1");
    }

    #[test]
    fn an_error_shows_its_parts() {
        let error = PkgError::new("no").at(Place::of("f", "", 0)).note("a\nb").help("c");
        assert_eq!(error.to_string(), "no\n --> f:1:1\n  = note: a\n          b\n  = help: c");
    }
}
