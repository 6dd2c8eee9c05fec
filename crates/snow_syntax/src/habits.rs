//! Which errors tell of one habit of the user's rather than of several mistakes?
//!
//! Who writes `=>` for `->` does so in every arm: that is one error, with all its places and one fix for them. A habit
//! is told once for each function, or other item, since each is read by itself; comments, and the words that items start
//! with, once for a file.

use rowan::{TextRange, TextSize};
use snow_base::FxHashMap;
use snow_diagnostics::{Diagnostic, Fix, Label};

use crate::SyntaxKind::*;
use crate::SyntaxNode;

/// How many further places are marked.
const SHOWN: usize = 3;

/// An error with those that were joined to it.
struct Kept {
    diagnostic: Diagnostic,
    /// What it says, and what other habits in its line say.
    messages: Vec<String>,
    /// How many further places are marked, and how many aren't.
    places: (usize, usize),
}

/// Joins errors that say the same of one item, and those about one line; the order stays. O(errors · log(length)).
pub(crate) fn gather(found: Vec<Diagnostic>, root: &SyntaxNode) -> Vec<Diagnostic> {
    let mut kept: Vec<Kept> = Vec::new();
    let mut known = Known::default();
    let lines = match found.iter().any(is_habit) {
        true => line_ends(root),
        false => Vec::new(),
    };
    for diagnostic in found {
        if !is_habit(&diagnostic) {
            kept.push(Kept { messages: vec![diagnostic.message.clone()], diagnostic, places: (0, 0) });
            continue;
        }
        let item = item_around(root, &diagnostic);
        let place = Place { item, line: |at| lines.partition_point(|end| *end < at) };
        match known.join(&diagnostic, &place) {
            Some(at) => {
                let message = diagnostic.message.clone();
                add(&mut kept[at], diagnostic);
                known.messages.entry((item, message)).or_insert(at);
            }
            None => {
                known.keep(&diagnostic, &place, kept.len());
                kept.push(Kept { messages: vec![diagnostic.message.clone()], diagnostic, places: (0, 0) });
            }
        }
    }
    kept.into_iter().map(|k| with_count(k.diagnostic, k.places.1)).collect()
}

/// Where an error stands: the item around it, and how lines are found.
struct Place<F> {
    item: Option<TextRange>,
    line: F,
}

/// Where the lines of a text end.
fn line_ends(root: &SyntaxNode) -> Vec<TextSize> {
    let text = root.text().to_string();
    text.match_indices('\n').map(|(at, _)| TextSize::from(at as u32)).collect()
}

/// The errors about habits that were kept, by what others are joined to them for.
#[derive(Default)]
struct Known {
    /// Those that say something of an item.
    messages: FxHashMap<(Option<TextRange>, String), usize>,
    /// The first of an item whose place ends in a line.
    lines: FxHashMap<(Option<TextRange>, usize), usize>,
    /// Those about comments, which are told once for a file.
    comments: FxHashMap<String, usize>,
    /// The first about a word that items start with.
    words: Option<usize>,
}

impl Known {
    /// The error that one about a habit belongs to.
    fn join(&self, diagnostic: &Diagnostic, place: &Place<impl Fn(TextSize) -> usize>) -> Option<usize> {
        let same = self.messages.get(&(place.item, diagnostic.message.clone())).copied();
        let everywhere = match () {
            () if is_item_word(diagnostic) => self.words,
            () if is_comment(diagnostic) => self.comments.get(&diagnostic.message).copied(),
            () => None,
        };
        let line = (place.line)(diagnostic.span().text_range().start());
        let first = same.into_iter().chain(everywhere).min();
        first.or_else(|| self.lines.get(&(place.item, line)).copied())
    }

    fn keep(&mut self, diagnostic: &Diagnostic, place: &Place<impl Fn(TextSize) -> usize>, at: usize) {
        self.messages.entry((place.item, diagnostic.message.clone())).or_insert(at);
        let line = (place.line)(diagnostic.span().text_range().end());
        self.lines.entry((place.item, line)).or_insert(at);
        if is_item_word(diagnostic) {
            self.words.get_or_insert(at);
        }
        if is_comment(diagnostic) {
            self.comments.entry(diagnostic.message.clone()).or_insert(at);
        }
    }
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
    let rest =
        diagnostic.message.strip_prefix("the word here is `").and_then(|rest| rest.split_once("`, not `"));
    rest.is_some_and(|(word, _)| own.contains(&word)) && !diagnostic.message.ends_with("`class`")
}

fn is_comment(diagnostic: &Diagnostic) -> bool {
    diagnostic.message.starts_with("comments ")
}

/// The item around the place of an error; modules hold items.
fn item_around(root: &SyntaxNode, diagnostic: &Diagnostic) -> Option<TextRange> {
    let at = diagnostic.span().text_range().start();
    let range = TextRange::new(at, (at + TextSize::from(1)).min(root.text_range().end()));
    let mut node = root.clone();
    loop {
        // This is a binary search.
        let inner = node.child_or_token_at_range(range)?.into_node()?;
        if inner.kind() != MODULE_ITEM {
            return Some(inner.text_range());
        }
        node = inner;
    }
}
