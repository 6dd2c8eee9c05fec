//! What a diagnostic consists of.
//!
//! Invariant: `labels` has at least one primary label, made by the constructor; the first primary
//! label is the diagnostic's place. Only what isn't in a program may be without one ([`Diagnostic::without_place`]): it
//! is shown, never put in order with others.

use snow_base::{SourceMap, Span, TextRange};

use crate::registry;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// The program is not built.
    Error,
    /// The program is built; `--deny-warnings` makes an error of it.
    Warning,
}

impl Severity {
    /// The word that starts the rendered message.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// Marks a piece of code and may say something about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The code concerned.
    pub span: Span,
    /// What to say there; may be empty.
    pub text: String,
    /// Is this the mistake itself, rather than something that explains it?
    pub primary: bool,
}

/// A change of the source that removes the mistake and can be applied as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, for the user.
    pub title: String,
    /// Replacements that don't overlap. One that ends in a newline is a line of its own in front of the one there,
    /// and is indented like it by [`Diagnostic::complete_fixes`].
    pub edits: Vec<(Span, String)>,
    /// Is it what the user meant, beyond doubt? `snow fix` applies only those; the others are proposals.
    pub safe: bool,
    /// What [`Diagnostic::complete_fixes`] does with the edits' texts.
    pub texts: FixTexts,
}

/// What the texts of a fix's edits still lack, which only the sources tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FixTexts {
    /// Nothing, but the indentation of those that end in a newline.
    Given,
    /// They are lines of their own behind what stands there: they start with a newline and get the indentation of the
    /// line in which the message's place starts.
    Behind,
    /// They are empty: each edit puts in the code that stands at the next one's place, the last one that of the first.
    Moved,
}

/// One message of the compiler to its user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// `E0101`, `W0001`; listed in [`registry`].
    pub code: &'static str,
    /// One line, in the user's terms.
    pub message: String,
    /// The places; the first primary one is where the mistake is.
    pub labels: Vec<Label>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What the user can do.
    pub help: Vec<String>,
    /// Changes that can be applied.
    pub fixes: Vec<Fix>,
    /// What is wrong somewhere else, if that is the reason: errors with the same one are one error.
    pub cause: Option<String>,
}

impl Diagnostic {
    /// An error at `span`. `code` must be in the registry.
    pub fn error(code: &'static str, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, message.into(), span)
    }

    /// A warning at `span`. `code` must be in the registry.
    pub fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message.into(), span)
    }

    /// An error that isn't in a program: of the command line, the folder, a server. Places may be added.
    pub fn without_place(code: &'static str, message: impl Into<String>) -> Diagnostic {
        debug_assert!(registry::is_known(code), "the code {code} is not in the registry");
        let message = message.into();
        let (labels, notes, help, fixes) = Default::default();
        Diagnostic { severity: Severity::Error, code, message, labels, notes, help, fixes, cause: None }
    }

    fn new(severity: Severity, code: &'static str, message: String, span: Span) -> Diagnostic {
        debug_assert!(registry::is_known(code), "the code {code} is not in the registry");
        let labels = vec![Label { span, text: String::new(), primary: true }];
        Diagnostic {
            severity,
            code,
            message,
            labels,
            notes: vec![],
            help: vec![],
            fixes: vec![],
            cause: None,
        }
    }

    /// Says `text` at the place of the mistake itself.
    pub fn with_primary_text(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.iter_mut().find(|l| l.primary) {
            label.text = text.into();
        }
        self
    }

    /// Marks other code that explains the mistake.
    pub fn with_label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Adds a fact.
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what the user can do.
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds what the user can do about the one thing elsewhere that is the reason, which may bring more errors about.
    pub fn with_remedy(mut self, help: impl Into<String>) -> Self {
        let help = help.into();
        self.cause = Some(help.clone());
        self.with_help(help)
    }

    /// Adds a change that is only a proposal: the user must look at it.
    pub fn with_fix(mut self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits, safe: false, texts: FixTexts::Given });
        self
    }

    /// Adds the proposal that pieces of code change places: each is replaced by the next, the last by the first.
    pub fn with_moves(mut self, title: impl Into<String>, places: &[Span]) -> Self {
        let edits = places.iter().map(|&place| (place, String::new())).collect();
        self.fixes.push(Fix { title: title.into(), edits, safe: false, texts: FixTexts::Moved });
        self
    }

    /// Adds the proposal of a line behind a place, one step deeper than the line in which the message's place starts.
    pub fn with_line_behind(mut self, title: impl Into<String>, place: Span, line: &str) -> Self {
        let end = Span::new(place.file, TextRange::empty(place.text_range().end()));
        let edits = vec![(end, format!("\n  {line}"))];
        self.fixes.push(Fix { title: title.into(), edits, safe: false, texts: FixTexts::Behind });
        self
    }

    /// Adds a change that is what the user meant: `snow fix` applies it without asking.
    pub fn with_safe_fix(mut self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits, safe: true, texts: FixTexts::Given });
        self
    }

    /// Gives lines that fixes put in the indentation of the line behind them, or of the message's first line, and moved
    /// code its text.
    pub fn complete_fixes(&mut self, sources: &SourceMap) {
        let place = self.place();
        for fix in &mut self.fixes {
            if fix.texts == FixTexts::Moved {
                let code = |span: Span| sources.file(span.file).text[span.text_range()].to_owned();
                let next = fix.edits.iter().cycle().skip(1).map(|(span, _)| code(*span));
                let moved: Vec<String> = next.take(fix.edits.len()).collect();
                fix.edits.iter_mut().zip(moved).for_each(|((_, text), moved)| *text = moved);
                fix.texts = FixTexts::Given;
                continue;
            }
            for (span, text) in &mut fix.edits {
                match (fix.texts, place) {
                    (FixTexts::Behind, Some(place)) => {
                        let line = line_before(sources, place);
                        text.insert_str(1, &line[..line.len() - line.trim_start().len()]);
                    }
                    _ if text.ends_with('\n') => {
                        let line = line_before(sources, *span);
                        if line.trim().is_empty() {
                            text.push_str(line);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    /// The place of the mistake in a program.
    pub fn span(&self) -> Span {
        self.place().expect("a diagnostic has a primary label")
    }

    /// The place of the mistake, if it has one.
    pub fn place(&self) -> Option<Span> {
        let primary = self.labels.iter().find(|l| l.primary);
        primary.or(self.labels.first()).map(|label| label.span)
    }

    /// Is it an error?
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// What stands in front of a place in its line.
fn line_before(sources: &SourceMap, place: Span) -> &str {
    let before = &sources.file(place.file).text[..place.text_range().start().into()];
    &before[before.rfind('\n').map_or(0, |at| at + 1)..]
}

/// The error for a part of the language that this compiler can't do yet: `X is not supported yet`.
pub fn not_supported(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0901", format!("{what} is not supported yet"), span)
}

/// Puts diagnostics into source order: by file, then by place; stable. What is said of a place is said once, even if
/// code is read there several times.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_key(Diagnostic::span);
    let all = std::mem::take(diagnostics);
    for diagnostic in all {
        let here = diagnostics.iter().rev().take_while(|d| d.span() == diagnostic.span());
        let known = here.into_iter().any(|d| d.code == diagnostic.code && d.message == diagnostic.message);
        if !known {
            diagnostics.push(diagnostic);
        }
    }
}

/// Errors about a name that means nothing, something else, or what is private: a name, type, constructor, module or part
/// of a module.
const UNKNOWN: &[&str] = &["E0204", "E0205", "E0206", "E0207", "E0208", "E0209", "E0216"];

/// How many further places of one error are shown.
const MORE_PLACES: usize = 3;

/// Makes one error of those in one file that have one cause: they say the same of a name, for what was forgotten or
/// misspelled once is used in many places, or have the same [`Diagnostic::cause`]. The first place is the error's; further
/// ones become labels, and their edits part of its fix. Expects what [`sort`] gives.
pub fn join_alike(diagnostics: &mut Vec<Diagnostic>) {
    for next in std::mem::take(diagnostics) {
        let is_name = UNKNOWN.contains(&next.code);
        let same = |d: &&mut Diagnostic| {
            d.code == next.code
                && d.span().file == next.span().file
                && (is_name && d.message == next.message || d.cause.is_some() && d.cause == next.cause)
        };
        let joins = is_name || next.cause.is_some();
        let first = if joins { diagnostics.iter_mut().find(same) } else { None };
        let Some(first) = first else {
            diagnostics.push(next);
            continue;
        };
        if first.labels.iter().filter(|label| !label.primary).count() < MORE_PLACES {
            first.labels.push(Label { span: next.span(), text: "also here".to_owned(), primary: false });
        }
        for fix in next.fixes {
            if let Some(known) = first.fixes.iter_mut().find(|known| known.title == fix.title) {
                // One place may serve all: `pub` in front of what is private.
                for edit in fix.edits {
                    if !known.edits.contains(&edit) {
                        known.edits.push(edit);
                    }
                }
            }
        }
    }
}
