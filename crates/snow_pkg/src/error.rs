//! What does a user read when a package can't be used?
//!
//! Invariant: the message says what is wrong in one line; places and fixes stand apart from it.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use snow_base::{SourceMap, Span, TextRange, TextSize};
use snow_diagnostics::{Diagnostic, Label, render_text};

/// A piece of a manifest or lock file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    file: String,
    start: usize,
    end: usize,
    text: Arc<str>,
}

impl Place {
    /// The bytes `range` of `text`, the whole text of `file` as the user knows it; beyond its end, the end.
    pub fn of(file: &str, text: &str, range: Range<usize>) -> Place {
        let end = range.end.min(text.len());
        Place { file: file.to_owned(), start: range.start.min(end), end, text: text.into() }
    }

    fn span(&self, sources: &mut SourceMap) -> Span {
        let known = sources.iter().find(|(_, file)| file.path == self.file).map(|(id, _)| id);
        let file = known.unwrap_or_else(|| sources.add(self.file.as_str(), self.text.clone()));
        let at = |offset: usize| TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX));
        Span::new(file, TextRange::new(at(self.start), at(self.end)))
    }
}

impl fmt::Display for Place {
    /// `snow.toml:3:1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sources = SourceMap::default();
        let span = self.span(&mut sources);
        let file = sources.file(span.file);
        let at = file.lines.line_col(&file.text, span.text_range().start());
        write!(f, "{}:{}:{}", self.file, at.line, at.col)
    }
}

/// Why a package, its manifest or its dependencies can't be used. Its text is for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PkgError(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    code: &'static str,
    message: String,
    /// The mistake's place first.
    places: Vec<(Place, String)>,
    notes: Vec<String>,
    help: Vec<String>,
    /// A title, and what is to be written at a place instead.
    fix: Option<(String, Place, String)>,
}

impl PkgError {
    /// An error with its one line. `code` must be in the registry of codes.
    pub fn new(code: &'static str, message: impl Into<String>) -> PkgError {
        let message = message.into();
        PkgError(Box::new(Parts { code, message, places: vec![], notes: vec![], help: vec![], fix: None }))
    }

    /// A state that must not occur.
    pub(crate) fn internal(what: impl fmt::Display) -> PkgError {
        PkgError::new("E0999", format!("internal error: {what}"))
            .note("this is a mistake in Snow, not in your project")
            .help("please report it with the manifest that shows it")
    }

    /// A file or folder can't be read or written.
    pub(crate) fn io(what: &str, path: &Path, error: &io::Error) -> PkgError {
        let cause = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        PkgError::new("E0820", format!("cannot {what} `{}`: {cause}", path.display()))
    }

    /// Says where: the place of the mistake if none is known yet, else one that explains it.
    #[must_use]
    pub fn at(self, place: Place) -> PkgError {
        self.label(place, "")
    }

    /// The same, with something to say there.
    #[must_use]
    pub fn label(mut self, place: Place, text: impl Into<String>) -> PkgError {
        self.0.places.push((place, text.into()));
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

    /// Proposes to write `text` at `place`.
    #[must_use]
    pub(crate) fn fix(mut self, title: impl Into<String>, place: Place, text: impl Into<String>) -> PkgError {
        self.0.fix = Some((title.into(), place, text.into()));
        self
    }

    /// The one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The code.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// Where it is, if it is in a file.
    pub fn place(&self) -> Option<&Place> {
        self.0.places.first().map(|(place, _)| place)
    }

    /// The error as the compiler's other ones, with the files that it speaks of.
    pub fn diagnostic(&self) -> (Diagnostic, SourceMap) {
        let Parts { code, message, places, notes, help, fix } = &*self.0;
        let mut sources = SourceMap::default();
        let mut diagnostic = Diagnostic::without_place(code, message.as_str());
        for (place, text) in places {
            let primary = diagnostic.labels.is_empty();
            let span = place.span(&mut sources);
            diagnostic.labels.push(Label { span, text: text.clone(), primary });
        }
        diagnostic.notes.clone_from(notes);
        diagnostic.help.clone_from(help);
        if let Some((title, place, text)) = fix {
            let span = place.span(&mut sources);
            diagnostic = diagnostic.with_fix(title.as_str(), vec![(span, text.clone())]);
        }
        (diagnostic, sources)
    }
}

impl fmt::Display for PkgError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (diagnostic, sources) = self.diagnostic();
        f.write_str(render_text(&diagnostic, &sources, false).trim_end())
    }
}

impl std::error::Error for PkgError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let at = |offset| Place::of("f", "a\nä b\n", offset..offset).to_string();
        assert_eq!(at(0), "f:1:1");
        assert_eq!(at(2), "f:2:1");
        assert_eq!(at(5), "f:2:3");
        assert_eq!(at(99), "f:3:1");
    }

    #[test]
    fn an_error_without_a_place_shows_its_parts() {
        let error = PkgError::new("E0807", "no").note("a\nb").help("c");
        assert_eq!(error.to_string(), "error[E0807]: no\n |\n = note: a\n         b\n = help: c");
    }
}
