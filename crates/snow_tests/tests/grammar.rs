//! The grammar is what the parser does: each node of all programs here has the parts that its production says, and each
//! part of each production occurs. The page in the reference is made of the grammar.

use std::collections::{BTreeMap, BTreeSet};

use snow_base::FileId;
use snow_syntax::{SyntaxElement, SyntaxKind, SyntaxNode, parse};
use snow_tests::corpus::{all_files, read, root};
use snow_tests::grammar::{Grammar, PAGE, Part, SOURCE, page};
use snow_tests::reference::blocks;

/// What programs rarely write.
const RARE: &str = "\
from Shapes import {Circle, area,}
let unit :: (()) = (); let two = 2
module Inner do let a = 1; let b = 2; end
struct Old do a :: Int, b :: Int; end
test \"it works\" do assert(true) end
@old
impl Show for Old do end
@old
actor worker() do end
@old
pub service Counter do end
@old
pub supervisor Tree do end
fn rare(a) do
  let pair = {a, 1}; let {left, (right)} = pair
  match a do ; 1 -> not true || false; x | y -> !(x && y) end
  case a do
    Old { a, .. } -> 1
    Some(.._) -> 2
    %{name: n, 1 => one} -> n
  end
  receive do ; x -> x end
  f() do || 1 end
  f() do |x, y| x end
  x |> .m |> .n(1) do |y| y end
  fn (p, q) do p end
end
";

fn programs() -> Vec<String> {
    let mut programs = vec![RARE.to_owned()];
    for folder in ["std/src", "tests/run", "examples", "benchmarks"] {
        let files = all_files(&root().join(folder), "snow").unwrap_or_else(|e| panic!("{e}"));
        programs.extend(files.iter().map(|file| read(file).unwrap_or_else(|e| panic!("{e}"))));
    }
    for file in all_files(&root().join("docs/reference"), "md").unwrap_or_else(|e| panic!("{e}")) {
        let text = read(&file).unwrap_or_else(|e| panic!("{e}"));
        let blocks = blocks(&text).unwrap_or_else(|e| panic!("{e}"));
        programs.extend(blocks.into_iter().map(|block| block.source));
    }
    programs
}

#[test]
fn trees_are_what_the_grammar_says() {
    let grammar = Grammar::load().unwrap_or_else(|e| panic!("{SOURCE}: {e}"));
    let mut used = BTreeSet::new();
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for (index, program) in programs().into_iter().enumerate() {
        let parse = parse(&program, FileId(0));
        if !parse.diagnostics.is_empty() {
            // Some programs of the reference show mistakes.
            assert!(index > 0, "{:?}", parse.diagnostics);
            continue;
        }
        for node in parse.syntax().descendants() {
            let kind = node_name(node.kind());
            let parts = parts(&node);
            if !grammar.fits(&kind, &parts, &mut used) {
                let text: String = node.text().to_string().chars().take(300).collect();
                wrong.entry(kind).or_insert_with(|| format!("{parts:?}\nin: {text}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "the grammar doesn't say this:\n{wrong:#?}");
    let unused = grammar.unused(&used);
    assert!(unused.is_empty(), "no program here has this:\n{}", unused.join("\n"));
}

#[test]
fn operators_bind_as_the_grammar_says() {
    let grammar = read(&root().join(SOURCE)).unwrap_or_else(|e| panic!("{e}"));
    let line = grammar.lines().find(|line| line.starts_with("`or`")).expect("a line with the operators");
    let groups: Vec<Vec<&str>> = line
        .split(" · ")
        .map(|group| group.split(' ').map(|operator| operator.trim_matches('`')).collect())
        .collect();
    assert_eq!(groups.len(), 8);
    for (level, group) in groups.iter().enumerate() {
        for looser in group {
            for tighter in groups[level + 1..].iter().flatten() {
                assert_eq!(outermost(&format!("x {tighter} y {looser} z")), *looser);
                // Behind `|>` stands one call, whatever follows.
                if *looser != "|>" {
                    assert_eq!(outermost(&format!("x {looser} y {tighter} z")), *looser);
                }
            }
        }
    }
    assert_eq!(outermost("not x == y"), "not");
    assert_eq!(outermost("not x and y"), "and");
    assert_eq!(outermost("-x * y"), "*");
}

/// The operator of an expression's outermost node.
fn outermost(expr: &str) -> String {
    let parse = parse(&format!("let v = {expr}"), FileId(0));
    assert!(parse.diagnostics.is_empty(), "{expr}: {:?}", parse.diagnostics);
    let node = parse.syntax().first_child().and_then(|item| item.last_child()).expect("an expression");
    let token =
        node.children_with_tokens().filter_map(|part| part.into_token()).find(|t| !t.kind().is_trivia());
    token.map(|token| token.text().to_owned()).unwrap_or_default()
}

#[test]
fn the_page_is_made_of_the_grammar() {
    let grammar = read(&root().join(SOURCE)).unwrap_or_else(|e| panic!("{e}"));
    let shown = read(&root().join(PAGE)).unwrap_or_default();
    assert!(shown == page(&grammar), "{PAGE} is out of date: run `cargo xtask grammar`");
}

fn parts(node: &SyntaxNode) -> Vec<Part> {
    let shown = node.children_with_tokens().filter(|part| !part.kind().is_trivia());
    shown
        .map(|part| match part {
            SyntaxElement::Node(node) => Part::Node(node_name(node.kind())),
            SyntaxElement::Token(token) if token.kind().is_keyword() => {
                Part::Token("word".to_owned(), token.text().to_owned())
            }
            SyntaxElement::Token(token) => {
                Part::Token(token.kind().to_string().to_lowercase(), token.text().to_owned())
            }
        })
        .collect()
}

/// `FN_ITEM` as `FnItem`.
fn node_name(kind: SyntaxKind) -> String {
    let words = kind.to_string().to_lowercase();
    let capital =
        |word: &str| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default();
    words.split('_').map(capital).collect()
}
