//! The grammar of Snow as data: `crates/snow_syntax/snow.grammar` read, trees compared with it, a page made of it.
//!
//! `Name = …` says what a node of the tree consists of, `Name : …` what a name in other rules stands for. It knows nothing of
//! the parser: who compares hands over the parts of a node.

use std::collections::{BTreeMap, BTreeSet};

use crate::corpus::{read, root};

/// Where the grammar stands, from the root of the repository.
pub const SOURCE: &str = "crates/snow_syntax/snow.grammar";
/// The page that is made of it.
pub const PAGE: &str = "docs/reference/grammar.md";

/// One part of a node: a node or a token of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A node with its kind, `FnItem`.
    Node(String),
    /// A token with its kind, `type_ident`, and its text.
    Token(String, String),
}

/// A rule's right side.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    /// A node, or what a name stands for; with the number of the place in the grammar.
    Name(String, usize),
    /// A token of a kind.
    Kind(String, usize),
    /// A token of this text.
    Text(String, usize),
    Sequence(Vec<Rule>),
    OneOf(Vec<Rule>),
    Optional(Box<Rule>),
    Many(Box<Rule>),
    /// Any number with separators between, and perhaps behind the last.
    List(Box<Rule>, Box<Rule>),
}

/// The whole grammar.
#[derive(Clone, Debug, Default)]
pub struct Grammar {
    nodes: BTreeMap<String, Rule>,
    groups: BTreeMap<String, Rule>,
    /// For each place where a node or token stands: its production and what stands there.
    places: Vec<(String, String)>,
}

/// What goes on behind a part that fits: takes the position behind it and the places that were used.
type Next<'n> = &'n mut dyn FnMut(usize, &mut Vec<usize>) -> bool;

impl Grammar {
    /// Reads the grammar of the repository.
    ///
    /// # Errors
    /// It can't be read, or a line isn't understood.
    pub fn load() -> Result<Grammar, String> {
        Grammar::parse(&read(&root().join(SOURCE))?)
    }

    /// Reads a grammar's text.
    ///
    /// # Errors
    /// A line isn't understood, or a name isn't defined.
    pub fn parse(text: &str) -> Result<Grammar, String> {
        let mut grammar = Grammar::default();
        for (name, is_node, body) in productions(text) {
            let mut words = words(&body)?;
            words.reverse();
            let rule = Reader { grammar: &mut grammar, production: &name, words }.whole()?;
            let rules = if is_node { &mut grammar.nodes } else { &mut grammar.groups };
            if rules.insert(name.clone(), rule).is_some() {
                return Err(format!("`{name}` is defined twice"));
            }
        }
        let is_defined = |name: &str| grammar.nodes.contains_key(name) || grammar.groups.contains_key(name);
        let is_name = |name: &str| name.starts_with(char::is_uppercase);
        match grammar.places.iter().find(|(_, what)| is_name(what) && !is_defined(what)) {
            Some((production, what)) => Err(format!("`{what}` in `{production}` is defined nowhere")),
            None => Ok(grammar),
        }
    }

    /// Whether these are the parts of a node of this kind. Adds the places that they used to `used`.
    pub fn fits(&self, kind: &str, parts: &[Part], used: &mut BTreeSet<usize>) -> bool {
        let Some(rule) = self.nodes.get(kind) else { return false };
        let mut way = Vec::new();
        self.walk(rule, parts, 0, &mut way, &mut |at, way| {
            let whole = at == parts.len();
            if whole {
                used.extend(way.iter().copied());
            }
            whole
        })
    }

    /// The places that aren't in `used`, as text.
    pub fn unused(&self, used: &BTreeSet<usize>) -> Vec<String> {
        let unused = self.places.iter().enumerate().filter(|(place, _)| !used.contains(place));
        unused
            .map(|(_, (production, what))| format!("`{}` in `{production}`", what.trim_start_matches('\'')))
            .collect()
    }

    fn walk(&self, rule: &Rule, parts: &[Part], at: usize, way: &mut Vec<usize>, next: Next<'_>) -> bool {
        let mut one = |place: usize, fits: bool| {
            way.push(place);
            let done = fits && next(at + 1, way);
            way.pop();
            done
        };
        match rule {
            Rule::Text(text, place) => {
                one(*place, matches!(parts.get(at), Some(Part::Token(_, own)) if own == text))
            }
            Rule::Kind(kind, place) => {
                one(*place, matches!(parts.get(at), Some(Part::Token(own, _)) if own == kind))
            }
            Rule::Name(name, place) => match self.groups.get(name) {
                None => one(*place, parts.get(at) == Some(&Part::Node(name.clone()))),
                Some(group) => {
                    way.push(*place);
                    let done = self.walk(group, parts, at, way, next);
                    way.pop();
                    done
                }
            },
            Rule::OneOf(rules) => rules.iter().any(|rule| self.walk(rule, parts, at, way, next)),
            Rule::Optional(rule) => self.walk(rule, parts, at, way, next) || next(at, way),
            Rule::Sequence(rules) => match rules.split_first() {
                None => next(at, way),
                Some((first, rest)) => {
                    let rest = Rule::Sequence(rest.to_vec());
                    self.walk(first, parts, at, way, &mut |at, way| self.walk(&rest, parts, at, way, next))
                }
            },
            Rule::Many(one) => {
                self.walk(one, parts, at, way, &mut |to, way| {
                    to > at && self.walk(rule, parts, to, way, next)
                }) || next(at, way)
            }
            Rule::List(one, separator) => {
                self.walk(one, parts, at, way, &mut |to, way| {
                    self.walk(separator, parts, to, way, &mut |to, way| self.walk(rule, parts, to, way, next))
                        || next(to, way)
                }) || next(at, way)
            }
        }
    }
}

/// The productions of a text: name, whether it is a node, right side.
fn productions(text: &str) -> Vec<(String, bool, String)> {
    let mut found: Vec<(String, bool, String)> = Vec::new();
    for line in text.lines() {
        let head = line.split_once(" = ").map(|(name, body)| (name, true, body));
        let head = head.or_else(|| line.split_once(" : ").map(|(name, body)| (name, false, body)));
        match head.filter(|(name, ..)| is_head(name)) {
            Some((name, is_node, body)) => found.push((name.to_owned(), is_node, body.to_owned())),
            None if line.starts_with("  ") => {
                if let Some((_, _, body)) = found.last_mut() {
                    body.push_str(line);
                }
            }
            None => {}
        }
    }
    found
}

fn is_head(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric)
}

/// The words of a right side: quoted texts with their first quote, names, signs.
fn words(body: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = body.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '\'' => rest[1..].find('\'').map(|end| end + 1).ok_or(format!("a quote isn't closed: {rest}"))?,
            _ if first.is_alphabetic() => {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
            }
            _ => first.len_utf8(),
        };
        words.push(rest[..end].to_owned());
        rest = rest[end + usize::from(first == '\'')..].trim_start();
    }
    Ok(words)
}

/// Reads a right side; the words stand in reverse.
struct Reader<'g> {
    grammar: &'g mut Grammar,
    production: &'g str,
    words: Vec<String>,
}

impl Reader<'_> {
    fn whole(mut self) -> Result<Rule, String> {
        let rule = self.one_of()?;
        match self.words.last() {
            None => Ok(rule),
            Some(word) => Err(format!("`{word}` in `{}` is too much", self.production)),
        }
    }

    fn peek(&self) -> Option<&str> {
        self.words.last().map(String::as_str)
    }

    fn one_of(&mut self) -> Result<Rule, String> {
        let mut rules = vec![self.sequence()?];
        while self.peek() == Some("|") {
            self.words.pop();
            rules.push(self.sequence()?);
        }
        Ok(if rules.len() == 1 { rules.remove(0) } else { Rule::OneOf(rules) })
    }

    fn sequence(&mut self) -> Result<Rule, String> {
        let mut rules = Vec::new();
        while self.peek().is_some_and(|word| word != "|" && word != ")") {
            rules.push(self.repeated()?);
        }
        Ok(if rules.len() == 1 { rules.remove(0) } else { Rule::Sequence(rules) })
    }

    fn repeated(&mut self) -> Result<Rule, String> {
        let mut rule = self.single()?;
        loop {
            rule = match self.peek() {
                Some("?") => Rule::Optional(Box::new(rule)),
                Some("*") => Rule::Many(Box::new(rule)),
                Some("%") => {
                    self.words.pop();
                    let separator = self.words.last().cloned().unwrap_or_default();
                    let separator = self.place(&separator);
                    Rule::List(Box::new(rule), Box::new(separator))
                }
                _ => return Ok(rule),
            };
            self.words.pop();
        }
    }

    fn single(&mut self) -> Result<Rule, String> {
        let word = self.words.pop().unwrap_or_default();
        if word == "(" {
            let rule = self.one_of()?;
            return match self.words.pop().as_deref() {
                Some(")") => Ok(rule),
                _ => Err(format!("a `(` in `{}` isn't closed", self.production)),
            };
        }
        if !word.starts_with(|c: char| c.is_alphabetic() || c == '\'') {
            return Err(format!("`{word}` in `{}` isn't understood", self.production));
        }
        Ok(self.place(&word))
    }

    fn place(&mut self, word: &str) -> Rule {
        let place = self.grammar.places.len();
        let shown = word.trim_start_matches('\'').to_owned();
        self.grammar.places.push((self.production.to_owned(), word.to_owned()));
        match word.chars().next() {
            Some('\'') => Rule::Text(shown, place),
            Some(c) if c.is_uppercase() => Rule::Name(shown, place),
            _ => Rule::Kind(shown, place),
        }
    }
}

/// The page for users: prose as it is, productions in blocks.
pub fn page(text: &str) -> String {
    let mut page = String::new();
    let mut in_block = false;
    for line in text.lines() {
        let starts = line.split([' ']).next().is_some_and(is_head)
            && line.split(' ').nth(1).is_some_and(|sign| sign == "=" || sign == ":");
        let is_rule = starts || (in_block && line.starts_with("  "));
        if is_rule != in_block {
            page.push_str(if is_rule { "```text\n" } else { "```\n" });
            in_block = is_rule;
        }
        page.push_str(line);
        page.push('\n');
    }
    if in_block {
        page.push_str("```\n");
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(texts: &[&str]) -> Vec<Part> {
        texts.iter().map(|text| Part::Token("ident".to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn rules_fit_what_they_say() {
        let grammar =
            Grammar::parse("A = 'a'? B % ',' ('x' | 'y')*\nB : 'b' | C\n  | 'd'\nC = 'c'\n").unwrap();
        let mut used = BTreeSet::new();
        let mut fits = |texts: &[&str]| grammar.fits("A", &tokens(texts), &mut used);
        assert!(fits(&[]) && fits(&["a"]) && fits(&["b", ",", "b", ","]) && fits(&["b", "x", "y", "x"]));
        assert!(fits(&["a", "d"]));
        assert!(!fits(&["a", ","]) && !fits(&["b", "b"]) && !fits(&["x", "b"]) && !fits(&["c"]));
        assert_eq!(grammar.unused(&used), ["`C` in `B`", "`c` in `C`"]);
        assert!(grammar.fits("A", &[Part::Node("C".to_owned())], &mut used));
    }

    #[test]
    fn mistakes_in_a_grammar_are_told() {
        let error = |text: &str| Grammar::parse(text).unwrap_err();
        assert_eq!(error("A = B\n"), "`B` in `A` is defined nowhere");
        assert_eq!(error("A = ('a'\n"), "a `(` in `A` isn't closed");
        assert_eq!(error("A = 'a'\nA = 'b'\n"), "`A` is defined twice");
    }

    #[test]
    fn a_page_keeps_prose_and_frames_rules() {
        let text = "# T\n\nWords = not a rule.\n\nA = 'a'\n  | 'b'\n\nMore.\n";
        let expected =
            "# T\n\n```text\nWords = not a rule.\n```\n\n```text\nA = 'a'\n  | 'b'\n```\n\nMore.\n";
        assert_eq!(page(text), expected);
    }
}
