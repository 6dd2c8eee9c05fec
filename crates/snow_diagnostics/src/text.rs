//! A diagnostic as text for a terminal.
//!
//! Only the lines from the first to the last label of a file are handed to the renderer, so that the
//! cost doesn't grow with the file.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use snow_base::{FileId, SourceFile, SourceMap, Span};

use crate::{Diagnostic, Fix, Label, Severity};

/// Renders `diagnostic` for people: `error[E0101]: message`, then ` --> file:line:column` and the code.
pub fn render_text(diagnostic: &Diagnostic, sources: &SourceMap, color: bool) -> String {
    render_within(diagnostic, sources, color, None)
}

/// As [`render_text`], with lines of code that are longer than `width` columns cut around the labels.
pub fn render_within(
    diagnostic: &Diagnostic,
    sources: &SourceMap,
    color: bool,
    width: Option<usize>,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut main = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code).elements(
        files_of(diagnostic).into_iter().map(|file| labelled_code(diagnostic, file, sources.file(file))),
    );
    main = main.elements(diagnostic.notes.iter().map(|n| Level::NOTE.message(n.as_str())));
    main = main.elements(diagnostic.help.iter().map(|h| Level::HELP.message(h.as_str())));
    let mut report = vec![main];
    report.extend(diagnostic.fixes.iter().filter_map(|fix| fix_group(fix, sources)));
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let renderer = width.map_or(renderer.clone(), |width| renderer.term_width(width));
    renderer.decor_style(DecorStyle::Ascii).render(&report)
}

/// The files with labels, the one of the mistake first.
fn files_of(diagnostic: &Diagnostic) -> Vec<FileId> {
    let mut files: Vec<FileId> = diagnostic.place().map(|span| span.file).into_iter().collect();
    for label in &diagnostic.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    files
}

fn labelled_code<'a>(
    diagnostic: &'a Diagnostic,
    id: FileId,
    file: &'a SourceFile,
) -> Snippet<'a, Annotation<'a>> {
    let labels: Vec<&Label> = diagnostic.labels.iter().filter(|l| l.span.file == id).collect();
    let window = Window::around(file, labels.iter().map(|l| l.span));
    let mut snippet = Snippet::source(window.text).path(file.path.as_str()).line_start(window.line as usize);
    for label in labels {
        let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let annotation = kind.span(window.place(label.span));
        snippet = snippet.annotation(match label.text.as_str() {
            "" => annotation,
            text => annotation.label(text),
        });
    }
    snippet
}

fn fix_group<'a>(fix: &'a Fix, sources: &'a SourceMap) -> Option<Group<'a>> {
    let id = fix.edits.first()?.0.file;
    let file = sources.file(id);
    let edits: Vec<_> = fix.edits.iter().filter(|e| e.0.file == id).collect();
    let window = Window::around(file, edits.iter().map(|e| e.0));
    let patches = edits.iter().map(|(span, text)| Patch::new(window.place(*span), text.as_str()));
    let snippet = Snippet::source(window.text).path(file.path.as_str()).line_start(window.line as usize);
    Some(Level::HELP.secondary_title(fix.title.as_str()).element(snippet.patches(patches)))
}

/// The whole lines of a file that hold some spans.
struct Window<'a> {
    text: &'a str,
    /// Where `text` starts in the file.
    start: usize,
    /// The number of its first line.
    line: u32,
}

impl<'a> Window<'a> {
    fn around(file: &'a SourceFile, spans: impl Iterator<Item = Span>) -> Window<'a> {
        let text = &*file.text;
        let (mut first, mut last) = (text.len(), 0);
        for span in spans {
            let Range { start, end } = clamp(text, span);
            first = first.min(start);
            last = last.max(end);
        }
        let first = first.min(last);
        let start = text[..first].rfind('\n').map_or(0, |i| i + 1);
        let end = text[last..].find('\n').map_or(text.len(), |i| last + i);
        let line = file.lines.line((start as u32).into());
        Window { text: &text[start..end], start, line }
    }

    /// The span as a range of the window's text.
    fn place(&self, span: Span) -> Range<usize> {
        let range = span.text_range();
        let clamp = |at: usize| floor_boundary(self.text, at.saturating_sub(self.start));
        clamp(range.start().into())..clamp(range.end().into())
    }
}

fn clamp(text: &str, span: Span) -> Range<usize> {
    let range = span.text_range();
    floor_boundary(text, range.start().into())..floor_boundary(text, range.end().into())
}

/// The last character boundary of `text` that isn't after `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use snow_base::TextRange;

    use super::*;

    fn span(file: FileId, start: u32, end: u32) -> Span {
        Span::new(file, TextRange::new(start.into(), end.into()))
    }

    fn check(diagnostic: &Diagnostic, sources: &SourceMap, expect: Expect) {
        expect.assert_eq(&render_text(diagnostic, sources, false));
    }

    #[test]
    fn text_has_place_labels_and_fix() {
        let mut sources = SourceMap::default();
        let file = sources.add("main.snow", "fn main() do\n  if x do\n    1\nend\n");
        let d = Diagnostic::error("E0102", "this `do` has no `end`", span(file, 20, 22))
            .with_primary_text("opened here")
            .with_label(span(file, 29, 32), "closes another one")
            .with_note("a note")
            .with_help("close it")
            .with_fix("add `end`", vec![(span(file, 28, 28), "\n  end".into())]);
        check(
            &d,
            &sources,
            expect![[r#"
            error[E0102]: this `do` has no `end`
             --> main.snow:2:8
              |
            2 |   if x do
              |        ^^ opened here
            3 |     1
            4 | end
              | --- closes another one
              |
              = note: a note
              = help: close it
            help: add `end`
              |
            3 ~     1
            4 +   end
              |"#]],
        );
    }

    #[test]
    fn long_lines_are_cut_around_the_label() {
        let mut sources = SourceMap::default();
        let text = format!("let x = [{}oops{}]\n", "1, ".repeat(60), ", 2".repeat(60));
        let at = text.find("oops").expect("it stands there") as u32;
        let file = sources.add("main.snow", text);
        let d = Diagnostic::error("E0204", "unknown name `oops`", span(file, at, at + 4));
        let shown = render_within(&d, &sources, false, Some(60));
        let line = shown.lines().find(|line| line.contains("oops,")).expect("the name is shown");
        assert!(line.chars().count() <= 64, "{line}");
        assert!(line.contains('…') || line.contains("..."), "{line}");
    }

    #[test]
    fn places_outside_the_text_are_clamped() {
        let mut sources = SourceMap::default();
        let file = sources.add("main.snow", "ö");
        let d = Diagnostic::error("E0101", "m", span(file, 1, 99));
        check(
            &d,
            &sources,
            expect![[r#"
            error[E0101]: m
             --> main.snow:1:1
              |
            1 | ö
              | ^"#]],
        );
    }
}
