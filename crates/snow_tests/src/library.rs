//! The pages of `docs/library`: what the doc comments of `std/src` say, a page for each module.
//!
//! Works on lines, not on syntax: the library's own style (an item starts its line, its comment stands above) is all
//! that it relies on. Items that only generated code uses are left out.

use std::fmt::Write as _;

/// What says that users don't call a function.
const INTERNAL: &str = "For generated code.";

/// The page of a module, from its source. O(length).
pub fn page(source: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let about: Vec<&str> =
        lines.iter().take_while(|l| l.starts_with("##!")).map(|l| l[3..].trim_start()).collect();
    let (mut types, mut functions) = (String::new(), String::new());
    for (at, line) in lines.iter().enumerate() {
        let Some(item) = line.strip_prefix("pub ") else { continue };
        let doc = doc_above(&lines[..at]);
        if doc.contains(&INTERNAL) {
            continue;
        }
        let out =
            if item.starts_with("fn ") || item.starts_with("let ") { &mut functions } else { &mut types };
        entry(out, item, &lines[at..], &doc);
    }
    let mut page = format!("{}\n", about.join("\n").trim_end());
    for (title, entries) in [("Types", types), ("Functions", functions)] {
        if !entries.is_empty() {
            let _ = write!(page, "\n## {title}\n{entries}");
        }
    }
    page
}

/// The comment that belongs to what stands below `above`, without its marks.
fn doc_above<'a>(above: &[&'a str]) -> Vec<&'a str> {
    let near = above.iter().rev().skip_while(|l| l.starts_with('@'));
    let mut doc: Vec<&str> =
        near.take_while(|l| l.starts_with("##")).map(|l| l.trim_start_matches('#').trim()).collect();
    doc.reverse();
    doc
}

/// Name, head, text and examples of an item.
fn entry(out: &mut String, item: &str, lines: &[&str], doc: &[&str]) {
    let name: String = item.split(' ').skip(1).collect::<Vec<_>>().join(" ");
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    let shown = if item.starts_with("fn ") || item.starts_with("let ") {
        signature(lines)
    } else {
        declaration(lines)
    };
    let (text, examples) = match doc.iter().position(|l| *l == "Example:") {
        Some(at) => (&doc[..at], &doc[at + 1..]),
        None => (doc, &doc[..0]),
    };
    let _ = write!(out, "\n### {}\n\n```text\n{shown}\n```\n\n{}\n", &name[..end], text.join("\n"));
    if !examples.is_empty() {
        let _ = write!(out, "\n```text\n{}\n```\n", examples.join("\n"));
    }
}

/// A function's head: up to the `=` or `do` of its body.
fn signature(lines: &[&str]) -> String {
    let mut head = String::new();
    for line in lines {
        let _ = write!(head, "{}{}", if head.is_empty() { "" } else { " " }, line.trim());
        if depth(&head) == 0 {
            break;
        }
    }
    let head = head.trim_start_matches("pub ");
    let cut = head.match_indices(" = ").find(|(at, _)| depth(&head[..*at]) == 0).map(|(at, _)| at);
    let head = &head[..cut.unwrap_or(head.len())];
    head.trim_end_matches(" =").trim_end_matches(" do").to_owned()
}

/// How many parentheses are open at the end of a text.
fn depth(text: &str) -> usize {
    text.matches('(').count().saturating_sub(text.matches(')').count())
}

/// A type or interface, whole; a struct without its fields, which are its module's own business unless they have
/// comments.
fn declaration(lines: &[&str]) -> String {
    let head = lines[0].trim_start_matches("pub ");
    if !head.ends_with(" do") {
        return head.to_owned();
    }
    let body = lines.iter().skip(1).take_while(|l| !l.starts_with("end"));
    if head.starts_with("struct ") && !lines.iter().skip(1).take(2).any(|l| l.trim_start().starts_with("##"))
    {
        return head.trim_end_matches(" do").to_owned();
    }
    let mut text = head.to_owned();
    for line in body.filter(|l| !l.trim().is_empty()) {
        let _ = write!(text, "\n{}", line.replace("##", "#"));
    }
    text + "\nend"
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "##! Twos.\n\n## A two.\npub struct Two do\n  secret :: Int\nend\n\n## Twice.\n## Example:\n## Twos.twice(2) == 4\n\
        pub fn twice(n :: Int, by :: Int = 2) -> Int = n * by\n\n## For generated code.\npub fn raw() -> Int = 1\n";

    #[test]
    fn shows_heads_texts_and_examples() {
        let expected = "Twos.\n\n## Types\n\n### Two\n\n```text\nstruct Two\n```\n\nA two.\n\n## Functions\n\n### twice\n\n\
            ```text\nfn twice(n :: Int, by :: Int = 2) -> Int\n```\n\nTwice.\n\n```text\nTwos.twice(2) == 4\n```\n";
        assert_eq!(page(SOURCE), expected);
    }
}
