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

/// An error with those that were joined to it.
struct Kept {
    diagnostic: Diagnostic,
    item: Option<rowan::TextRange>,
    /// What it says, and what other habits in its line say.
    messages: Vec<String>,
    /// How many further places are marked, and how many aren't.
    places: (usize, usize),
}

/// Joins errors that say the same of one item, and those about one line; the order stays.
pub(crate) fn gather(found: Vec<Diagnostic>, root: &SyntaxNode) -> Vec<Diagnostic> {
    let mut kept: Vec<Kept> = Vec::new();
    for diagnostic in found {
        let item = if is_habit(&diagnostic) { item_around(root, &diagnostic) } else { None };
        let known = if is_habit(&diagnostic) { join(&mut kept, &diagnostic, item, root) } else { None };
        let Some(at) = known else {
            let messages = vec![diagnostic.message.clone()];
            kept.push(Kept { diagnostic, item, messages, places: (0, 0) });
            continue;
        };
        add(&mut kept[at], diagnostic);
    }
    kept.into_iter().map(|k| with_count(k.diagnostic, k.places.1)).collect()
}

/// The error that one about a habit belongs to.
fn join(
    kept: &mut [Kept],
    diagnostic: &Diagnostic,
    item: Option<rowan::TextRange>,
    root: &SyntaxNode,
) -> Option<usize> {
    let same = |k: &Kept| {
        let words = is_item_word(&k.diagnostic) && is_item_word(diagnostic);
        let everywhere = is_comment(diagnostic) || words;
        is_habit(&k.diagnostic)
            && (k.messages.contains(&diagnostic.message) || words)
            && (k.item == item || everywhere)
    };
    let in_line =
        |k: &Kept| is_habit(&k.diagnostic) && k.item == item && same_line(root, &k.diagnostic, diagnostic);
    kept.iter().position(same).or_else(|| kept.iter().position(in_line))
}

/// Do two errors stand in one line?
fn same_line(root: &SyntaxNode, first: &Diagnostic, second: &Diagnostic) -> bool {
    let (from, to) = (first.span().text_range().end(), second.span().text_range().start());
    from <= to && !root.text().slice(from..to).contains_char('\n')
}

fn add(kept: &mut Kept, diagnostic: Diagnostic) {
    let first = &mut kept.diagnostic;
    let said = kept.messages.contains(&diagnostic.message);
    let words = is_item_word(first) && is_item_word(&diagnostic);
    let text = match (said, words) {
        (true, _) => "here too".to_owned(),
        (false, true) => diagnostic.message.replace("the word here is", "here it is"),
        (false, false) => diagnostic.message.clone(),
    };
    if !said {
        let title = if words { "write the words of Snow" } else { "write it as Snow does" };
        first.fixes.iter_mut().for_each(|fix| title.clone_into(&mut fix.title));
        first.help.extend(diagnostic.help);
        first.notes.extend(diagnostic.notes);
        kept.messages.push(diagnostic.message);
    }
    let edits: Vec<_> = diagnostic.fixes.into_iter().flat_map(|f| f.edits).collect();
    if let Some(fix) = first.fixes.first_mut() {
        fix.edits.extend(edits);
    }
    if said && kept.places.0 >= SHOWN {
        kept.places.1 += 1;
        return;
    }
    kept.places.0 += 1;
    first.labels.extend(diagnostic.labels.into_iter().next().map(|label| Label {
        primary: false,
        text,
        ..label
    }));
}

fn with_count(mut diagnostic: Diagnostic, unmarked: usize) -> Diagnostic {
    diagnostic.fixes.iter_mut().for_each(join_insertions);
    match unmarked {
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
