//! Lexer, parser, lossless syntax tree and typed AST of Snow.
//!
//! Parsing never fails: every text has a tree, and the tree's text is the source. What the tree
//! means (names, types, order of clauses) is not decided here.

pub mod ast;
mod complete;
mod habits;
mod lexer;
mod lower_types;
mod outline;
mod parser;
mod strings;
mod syntax_kind;
#[cfg(test)]
mod tests;
mod tree;

use rowan::TextSize;
use rowan::{GreenNode, NodeOrToken};
use snow_base::{FileId, Span, TextRange};
use snow_diagnostics::{Diagnostic, sort};

pub use complete::first_incomplete;
pub use outline::outline;
pub use rowan::ast::AstNode;
pub use syntax_kind::{AstPtr, Snow, SyntaxElement, SyntaxKind, SyntaxNode, SyntaxNodePtr, SyntaxToken};

/// The result of parsing one file.
#[derive(Clone, Debug)]
pub struct Parse {
    /// The lossless tree, cheap to clone and free of positions.
    pub green: GreenNode,
    /// The mistakes, in source order.
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a file. O(length). `text` is shorter than 4 GB.
pub fn parse(text: &str, file: FileId) -> Parse {
    let mut lexed = lexer::lex(text, file);
    let lower = lower_types::mend(text, &mut lexed, file);
    let input = parser::Input::new(text, &lexed);
    let mut output = parser::parse(&input, file, false);
    if output.ends_mismatch {
        // Which `end` is missing only the indentation tells; it is trusted where that explains more.
        let second = parser::parse(&input, file, true);
        if second.errors.len() <= output.errors.len() {
            output = second;
        }
    }
    let (green, too_deep) = tree::build(text, &lexed.tokens, output.events);
    let mut diagnostics: Vec<_> = lexed.errors.into_iter().filter(|e| e.told).map(|e| e.diagnostic).collect();
    diagnostics.extend(lower);
    diagnostics.extend(output.errors);
    if let Some(at) = too_deep
        && !diagnostics.iter().any(|d| d.code == "E0190")
    {
        let span = Span::new(file, TextRange::empty(at.into()));
        diagnostics.push(Diagnostic::error("E0190", "this is nested too deeply", span));
    }
    sort(&mut diagnostics);
    let root = SyntaxNode::new_root(green.clone());
    Parse { green, diagnostics: habits::gather(diagnostics, &root) }
}

impl Parse {
    /// The root of the tree.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// The root of the typed tree.
    pub fn tree(&self) -> ast::SourceFile {
        ast::SourceFile(self.syntax())
    }
}

/// The first child that a place is in or right behind. O(log children).
pub fn child_at(node: &SyntaxNode, at: TextSize) -> Option<SyntaxNode> {
    let one = TextSize::from(1);
    let of = |range: TextRange| {
        node.text_range().contains_range(range).then(|| node.child_or_token_at_range(range))??.into_node()
    };
    let before = at.checked_sub(one).and_then(|start| of(TextRange::new(start, at)));
    before.or_else(|| of(TextRange::at(at, one)))
}

/// The place of a node without documentation and blanks before its first other token.
pub(crate) fn node_span(node: &SyntaxNode, file: FileId) -> Span {
    let whole = node.text_range();
    let first = node.children_with_tokens().find(|e| match e {
        NodeOrToken::Token(t) => !t.kind().is_trivia(),
        NodeOrToken::Node(_) => true,
    });
    let start = first.map_or(whole.start(), |e| e.text_range().start());
    Span::new(file, TextRange::new(start, whole.end()))
}
