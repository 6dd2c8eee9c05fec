//! What of a file can other files depend on? All but the insides of bodies.
//!
//! Two files without mistakes and with equal outlines have the same items in the same order, with the same heads; only
//! bodies of functions, actors, tests and constants, blanks and comments differ. Services and supervisors count whole:
//! items are made from what stands in them.

use rowan::{GreenNodeData, Language, NodeOrToken};
use snow_base::{ContentHash, ContentHasher};

use crate::syntax_kind::Snow;
use crate::{SyntaxKind, SyntaxKind::*, SyntaxNode};

/// The hash of all of a file, given by its root, that isn't inside a body. O(length of that).
pub fn outline(file: &SyntaxNode) -> ContentHash {
    let mut hasher = ContentHasher::default();
    items(&file.green(), &mut hasher);
    hasher.finish()
}

/// A node that holds items.
fn items(node: &GreenNodeData, hasher: &mut ContentHasher) {
    begin(node, hasher);
    for child in node.children() {
        match child {
            NodeOrToken::Node(child) => match kind(child) {
                MODULE_ITEM | IMPL_ITEM | INTERFACE_ITEM => items(child, hasher),
                FN_ITEM | ACTOR_ITEM | TEST_ITEM | LET_ITEM => head(child, hasher),
                _ => whole(child, hasher),
            },
            NodeOrToken::Token(_) => element(child, hasher),
        }
    }
    hasher.tag(END);
}

/// An item without its body: what stands between `do` and `end` or behind `=`. Which of the two it is doesn't matter.
fn head(node: &GreenNodeData, hasher: &mut ContentHasher) {
    begin(node, hasher);
    let mut behind_eq = false;
    for child in node.children() {
        match child {
            NodeOrToken::Node(child) if behind_eq || kind(child) == BLOCK => {}
            NodeOrToken::Node(_) => element(child, hasher),
            NodeOrToken::Token(token) => match Snow::kind_from_raw(token.kind()) {
                sign @ (EQ | DO_KW) => {
                    behind_eq |= sign == EQ;
                    hasher.tag(BODY);
                }
                END_KW => {}
                _ => element(child, hasher),
            },
        }
    }
    hasher.tag(END);
}

fn whole(node: &GreenNodeData, hasher: &mut ContentHasher) {
    begin(node, hasher);
    node.children().for_each(|child| element(child, hasher));
    hasher.tag(END);
}

fn element(element: NodeOrToken<&GreenNodeData, &rowan::GreenTokenData>, hasher: &mut ContentHasher) {
    match element {
        NodeOrToken::Node(node) => whole(node, hasher),
        NodeOrToken::Token(token) => {
            let kind = Snow::kind_from_raw(token.kind());
            if !kind.is_trivia() {
                hasher.tag(TOKEN);
                hasher.number(kind as u64);
                hasher.text(token.text());
            }
        }
    }
}

fn begin(node: &GreenNodeData, hasher: &mut ContentHasher) {
    hasher.tag(BEGIN);
    hasher.number(kind(node) as u64);
}

fn kind(node: &GreenNodeData) -> SyntaxKind {
    Snow::kind_from_raw(node.kind())
}

const BEGIN: u8 = 0;
const END: u8 = 1;
const TOKEN: u8 = 2;
const BODY: u8 = 3;

#[cfg(test)]
mod tests {
    use snow_base::FileId;

    use super::*;

    const FILE: &str = r#"
module Inner do
  fn f(x :: Int) -> Int do x + 1 end
end
pub fn g(x :: Int, y = 2) when x > 3 = x + 4
interface Shape do
  fn area(self) -> Int do 5 end
end
impl Shape for Int do
  fn area(self) do self + 6 end
end
let limit :: Int = 7
test "eight" do
  9
end
actor run(n) do
  receive do
    k when k > 10 -> run(n + k)
  end
end
struct Point do
  x :: Int = 11
end
service Counter do
  fn init() do 12 end
end
"#;

    fn outline_of(text: &str) -> ContentHash {
        let parse = crate::parse(text, FileId(0));
        assert_eq!(parse.diagnostics, vec![], "{text}");
        outline(&parse.syntax())
    }

    #[test]
    fn only_bodies_and_comments_are_left_out() {
        let before = outline_of(FILE);
        let changed = |from: &str, to: &str| {
            assert_eq!(FILE.matches(from).count(), 1, "{from}");
            outline_of(&FILE.replace(from, to)) != before
        };
        for (from, to) in [
            ("+ 1 ", "- fn y -> y + x end (2) "),
            ("x + 4", "do 1\n2 end"),
            ("= x + 4", "do x end"),
            ("do 5", "do"),
            ("self + 6", "self.area()"),
            ("= 7", "= 8 + 1"),
            ("9\n", "fn local(a) = a\n local(1)"),
            ("> 10 -> run(n + k)", "> 10 -> ()"),
            ("interface", "## What it is.\n\n# a comment\ninterface"),
        ] {
            assert!(!changed(from, to), "{from} -> {to}");
        }
        for (from, to) in [
            ("(x :: Int)", "(x)"),
            ("(x :: Int) ->", "(y :: Int) ->"),
            ("y = 2", "y = 3"),
            ("x > 3", "x > 4"),
            ("= x + 4", ""),
            (" do 5 end", ""),
            ("pub fn g", "fn g"),
            ("limit :: Int", "limit"),
            ("\"eight\"", "\"eighth\""),
            ("run(n) do", "run(n, m) do"),
            ("= 11", "= 12"),
            ("do 12", "do 13"),
            ("module Inner do", "fn h() do 1 end\nmodule Inner do"),
        ] {
            let parse = crate::parse(&FILE.replace(from, to), FileId(0));
            assert!(outline(&parse.syntax()) != before, "{from} -> {to}");
        }
    }
}
