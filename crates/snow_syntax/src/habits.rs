//! Which errors tell of one habit of the user's rather than of several mistakes?
//!
//! Who writes `=>` for `->` does so in every arm: that is one error, with all its places and one fix for them. A habit
//! is told once for each function, or other item, since each is read by itself; comments, and the words that items start
//! with, once for a file.

use snow_diagnostics::{Diagnostic, Fix, Label};

use crate::SyntaxKind::*;
use crate::SyntaxNode;

/// How many further places are marked.
const SHOWN: usize = 3;

/// Joins errors that say the same of one item; the order stays.
pub(crate) fn gather(found: Vec<Diagnostic>, root: &SyntaxNode) -> Vec<Diagnostic> {
    let mut kept: Vec<(Option<rowan::TextRange>, Diagnostic)> = Vec::new();
    let mut more: Vec<usize> = Vec::new();
    for diagnostic in found {
        if !is_habit(&diagnostic) {
            kept.push((None, diagnostic));
            more.push(0);
            continue;
        }
        let item = item_around(root, &diagnostic);
        let same = |(other, d): &(Option<rowan::TextRange>, Diagnostic)| {
            let everywhere = is_comment(&diagnostic) || is_item_word(d) && is_item_word(&diagnostic);
            let same = d.message == diagnostic.message || is_item_word(d) && is_item_word(&diagnostic);
            is_habit(d) && same && (*other == item || everywhere)
        };
        let Some(at) = kept.iter().position(same) else {
            kept.push((item, diagnostic));
            more.push(0);
            continue;
        };
        let (first, further) = (&mut kept[at].1, &mut more[at]);
        *further += 1;
        let edits: Vec<_> = diagnostic.fixes.into_iter().flat_map(|f| f.edits).collect();
        if let Some(fix) = first.fixes.first_mut() {
            fix.edits.extend(edits);
        }
        let text = if first.message == diagnostic.message {
            "here too".to_owned()
        } else {
            first.fixes.iter_mut().for_each(|fix| "write the words of Snow".clone_into(&mut fix.title));
            diagnostic.message.replace("the word here is", "here it is")
        };
        if let Some(label) = diagnostic.labels.into_iter().next().filter(|_| *further <= SHOWN) {
            first.labels.push(Label { primary: false, text, ..label });
        }
    }
    kept.into_iter().zip(more).map(|((_, d), further)| with_count(d, further)).collect()
}

fn with_count(mut diagnostic: Diagnostic, further: usize) -> Diagnostic {
    diagnostic.fixes.iter_mut().for_each(join_insertions);
    match further.saturating_sub(SHOWN) {
        0 => diagnostic,
        1 => diagnostic.with_note("and in one more place"),
        n => diagnostic.with_note(format!("and in {n} more places")),
    }
}

/// Edits in the order of their places. Where several things are inserted, the `end` of the inner block, which is
/// indented deeper, comes first.
fn join_insertions(fix: &mut Fix) {
    let mut edits = std::mem::take(&mut fix.edits);
    edits.sort_by_key(|(span, text)| (*span, std::cmp::Reverse(text.len())));
    for (span, text) in edits {
        match fix.edits.last_mut() {
            Some((last, joined)) if *last == span && span.text_range().is_empty() => joined.push_str(&text),
            _ => fix.edits.push((span, text)),
        }
    }
}

/// Is it about how something is written, with a change that writes it rightly?
fn is_habit(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, "E0113" | "E0101") && diagnostic.fixes.iter().any(|f| f.safe)
}

/// `def`, `defmodule`: who writes one of them writes them all. A `class` is much more than a struct: a mistake of its own.
fn is_item_word(diagnostic: &Diagnostic) -> bool {
    let own = ["fn", "struct", "type", "interface", "module"];
    let word =
        own.iter().any(|own| diagnostic.message.starts_with(&format!("the word here is `{own}`, not `")));
    word && !diagnostic.message.ends_with("`class`")
}

fn is_comment(diagnostic: &Diagnostic) -> bool {
    diagnostic.message.starts_with("comments ")
}

/// The item around the place of an error; modules hold items.
fn item_around(root: &SyntaxNode, diagnostic: &Diagnostic) -> Option<rowan::TextRange> {
    let at = diagnostic.span().text_range().start();
    let mut node = root.clone();
    loop {
        let inner = node.children().find(|n| n.text_range().contains(at))?;
        if inner.kind() != MODULE_ITEM {
            return Some(inner.text_range());
        }
        node = inner;
    }
}
