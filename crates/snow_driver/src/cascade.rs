//! Which findings only follow from a mistake in the syntax? One mistake gives one error.
//!
//! What couldn't be read may have bound, used or given anything: in the function or item around a mistake of the
//! syntax no other stage is listened to. Where a whole item couldn't be read, nobody knows which names it defines:
//! unknown names are no findings then. Whether a program is refused doesn't change: the mistake itself stays.

use snow_base::{Span, Spans};
use snow_diagnostics::Diagnostic;
use snow_hir::ParsedFile;
use snow_syntax::SyntaxKind::{self, *};
use snow_syntax::{AstNode, SyntaxNode, child_at};

/// Errors that an unread definition brings about where it is used: unknown names, methods, fields and parts.
const MISSING_NAMES: &[&str] =
    &["E0204", "E0205", "E0206", "E0207", "E0208", "E0307", "E0308", "E0309", "E0403"];

/// Errors about a type that isn't known, which may be told by what couldn't be read.
const UNTOLD: &[&str] = &["E0305", "E0511"];

/// Warnings about what nothing uses, which may be used in what couldn't be read.
const UNUSED: &[&str] = &["W0001", "W0002", "W0003", "W0004"];

/// The functions and items that couldn't be read as a whole: those around an error of the parser, or one about how
/// the clauses of a function fit together.
pub(crate) fn unread(syntax: &[Diagnostic], found: &[Diagnostic], files: &[ParsedFile]) -> Vec<Span> {
    let clauses = found.iter().filter(|d| matches!(d.code, "E0202" | "E0203"));
    let node = |error: &Diagnostic| {
        let span = error.span();
        let file = files.iter().find(|f| f.file == span.file)?;
        Some(Span::new(span.file, around(file.tree.syntax(), span)?.text_range()))
    };
    syntax.iter().chain(clauses).filter_map(node).collect()
}

/// Takes away from `found`, what the stages behind the parser say, what follows from `syntax`, the parser's errors.
pub(crate) fn drop_consequences(found: &mut Vec<Diagnostic>, syntax: &[Diagnostic], files: &[ParsedFile]) {
    if syntax.is_empty() {
        return;
    }
    let mut places: Vec<Span> = Vec::new();
    let mut names_missing = false;
    for error in syntax {
        let span = error.span();
        let Some(file) = files.iter().find(|f| f.file == span.file) else { continue };
        match around(file.tree.syntax(), span) {
            Some(node) => {
                names_missing |= !has_body(node.kind());
                places.push(Span::new(span.file, node.text_range()));
            }
            None => names_missing = true,
        }
    }
    let broken: Spans = places.into_iter().collect();
    let has_foreign = syntax.iter().any(|e| e.code == "E0113");
    found.retain(|d| {
        let inside = broken.hold(d.span());
        let quiet = UNUSED.contains(&d.code) || UNTOLD.contains(&d.code);
        // `def` makes what others may use: the word has been reported.
        let quiet = quiet || d.code == "E0209" && has_foreign;
        let follows = names_missing && MISSING_NAMES.contains(&d.code);
        !(inside || quiet || follows)
    });
}

/// Takes away the warnings that an error may have brought about: about unused names anywhere, since what isn't
/// understood may use them, and all in the function around the error.
pub(crate) fn drop_doubtful_warnings(found: &mut Vec<Diagnostic>, files: &[ParsedFile]) {
    let errors = found.iter().filter(|d| d.is_error());
    let broken: Spans = errors
        .filter_map(|error| {
            let span = error.span();
            let file = files.iter().find(|f| f.file == span.file)?;
            let node = around(file.tree.syntax(), span)?;
            Some(Span::new(span.file, node.text_range()))
        })
        .collect();
    if found.iter().any(Diagnostic::is_error) {
        let doubtful = |d: &Diagnostic| matches!(d.code, "W0002" | "W0004") || broken.hold(d.span());
        found.retain(|d| d.is_error() || !doubtful(d));
    }
}

/// The outermost function around a place, or else the innermost item; `None` between items.
fn around(root: &SyntaxNode, at: Span) -> Option<SyntaxNode> {
    let mut node = root.clone();
    let mut item = None;
    let start = at.text_range().start();
    while let Some(next) = child_at(&node, start) {
        if has_body(next.kind()) {
            return Some(next);
        }
        if is_item(next.kind()) {
            item = Some(next.clone());
        }
        node = next;
    }
    item
}

fn has_body(kind: SyntaxKind) -> bool {
    matches!(kind, FN_ITEM | ACTOR_ITEM | TEST_ITEM | CALL_HANDLER | CAST_HANDLER | INFO_HANDLER)
}

fn is_item(kind: SyntaxKind) -> bool {
    let holds_others = matches!(kind, INTERFACE_ITEM | IMPL_ITEM | SERVICE_ITEM);
    let defines = matches!(kind, LET_ITEM | STRUCT_ITEM | TYPE_ITEM | SUPERVISOR_ITEM);
    holds_others || defines || matches!(kind, IMPORT_ITEM | FROM_IMPORT_ITEM)
}
