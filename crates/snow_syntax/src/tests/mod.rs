//! What the lexer and the parser give for given texts.
//!
//! `check` shows a tree in one line: a node is `(KIND …)`, tokens are their texts, trivia is left out.

mod errors;
mod exprs;
mod fuzz;
mod items;
mod lexer;
mod patterns;
mod strings;
mod values;

use expect_test::Expect;
use rowan::NodeOrToken;
use snow_base::{FileId, SourceMap};
use snow_diagnostics::render_text;

use crate::{SyntaxNode, parse};

fn dump(node: &SyntaxNode, out: &mut String) {
    out.push('(');
    out.push_str(&format!("{:?}", node.kind()));
    for element in node.children_with_tokens() {
        match element {
            NodeOrToken::Node(node) => {
                out.push(' ');
                dump(&node, out);
            }
            NodeOrToken::Token(token) if !token.kind().is_trivia() => {
                out.push(' ');
                out.push_str(
                    &token.text().escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"),
                );
            }
            NodeOrToken::Token(_) => {}
        }
    }
    out.push(')');
}

/// The tree of a text that must have no mistakes; `SOURCE_FILE` itself left out.
fn tree(text: &str) -> SyntaxNode {
    let parse = parse(text, FileId(0));
    assert_eq!(parse.syntax().text().to_string(), text, "the tree loses text");
    assert_eq!(errors(text), "", "{text}");
    parse.syntax()
}

fn check(text: &str, expect: Expect) {
    let mut out = String::new();
    for node in tree(text).children() {
        dump(&node, &mut out);
        out.push('\n');
    }
    expect.assert_eq(&out);
}

/// The statements of a body, one tree a line.
fn check_stmts(text: &str, expect: Expect) {
    let file = tree(&format!("fn main() do\n{text}\nend"));
    let block = file.descendants().find(|n| n.kind() == crate::SyntaxKind::BLOCK).expect("a body");
    let mut out = String::new();
    for node in block.children() {
        dump(&node, &mut out);
        out.push('\n');
    }
    expect.assert_eq(&out);
}

/// The rendered diagnostics.
fn errors(text: &str) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add("main.snow", text);
    let parse = parse(text, file);
    assert_eq!(parse.syntax().text().to_string(), text, "the tree loses text");
    let rendered = parse.diagnostics.iter().map(|d| render_text(d, &sources, false));
    rendered.collect::<Vec<_>>().join("\n")
}

fn check_errors(text: &str, expect: Expect) {
    expect.assert_eq(&errors(text));
}

/// Only code, line, column and message of each diagnostic.
fn brief(text: &str) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add("main.snow", text);
    let parse = parse(text, file);
    assert_eq!(parse.syntax().text().to_string(), text, "the tree loses text");
    let source = sources.file(file);
    let line = |d: &snow_diagnostics::Diagnostic| {
        let at = source.lines.line_col(text, d.span().text_range().start());
        format!("{}:{} {} {}\n", at.line, at.col, d.code, d.message)
    };
    parse.diagnostics.iter().map(line).collect()
}

fn check_brief(text: &str, expect: Expect) {
    expect.assert_eq(&brief(text));
}
