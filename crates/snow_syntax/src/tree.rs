//! From events to the lossless tree: trivia is put between the tokens.
//!
//! Nodes start and end with tokens that aren't trivia; only the root and documented items start with
//! their comments. Empty nodes stand before the next token, behind the trivia.
//! The tree is never deeper than `MAX_DEPTH`: chains of operators beyond it are flattened, which is an
//! error, because everything that walks the tree (rowan's own destructor included) recurses.

use rowan::{GreenNode, GreenNodeBuilder, Language};

use crate::SyntaxKind::{self, *};
use crate::lexer::Token;
use crate::parser::Event;
use crate::syntax_kind::Snow;

/// How deep a tree may be.
const MAX_DEPTH: usize = 1000;

/// Builds the tree. Gives also the offset of the first token of the first node that was too deep.
pub(crate) fn build(text: &str, tokens: &[Token], mut events: Vec<Event>) -> (GreenNode, Option<u32>) {
    let mut builder =
        Builder { text, tokens, next: 0, green: GreenNodeBuilder::new(), open: Vec::new(), flat: None };
    let mut kinds = Vec::new();
    for i in 0..events.len() {
        match events[i] {
            Event::Start { kind: TOMBSTONE, outer: None } => {}
            Event::Start { .. } => {
                // The chain of nodes that enclose this one and were started later.
                let mut at = i;
                while let Event::Start { kind, outer } =
                    std::mem::replace(&mut events[at], Event::Start { kind: TOMBSTONE, outer: None })
                {
                    kinds.push(kind);
                    let Some(distance) = outer else { break };
                    at += distance as usize;
                }
                while let Some(kind) = kinds.pop() {
                    if kind != TOMBSTONE {
                        builder.start(kind);
                    }
                }
            }
            Event::Token => builder.token(),
            Event::Finish => builder.finish(),
        }
    }
    (builder.green.finish(), builder.flat)
}

struct Builder<'t> {
    text: &'t str,
    tokens: &'t [Token],
    next: usize,
    green: GreenNodeBuilder<'static>,
    /// For each open node: does it exist in the tree?
    open: Vec<bool>,
    flat: Option<u32>,
}

impl Builder<'_> {
    fn start(&mut self, kind: SyntaxKind) {
        if self.open.is_empty() {
            self.green.start_node(Snow::kind_to_raw(kind));
            self.open.push(true);
            return;
        }
        if has_doc(kind) {
            self.trivia_until_doc();
        } else {
            self.trivia();
        }
        let fits = self.open.len() < MAX_DEPTH;
        if fits {
            self.green.start_node(Snow::kind_to_raw(kind));
        } else if self.flat.is_none() {
            self.flat = self.tokens.get(self.next).map(|t| t.start);
        }
        self.open.push(fits);
    }

    fn finish(&mut self) {
        if self.open.len() == 1 {
            self.trivia();
        }
        if self.open.pop() == Some(true) {
            self.green.finish_node();
        }
    }

    fn token(&mut self) {
        self.trivia();
        self.push();
    }

    fn push(&mut self) {
        let Some(token) = self.tokens.get(self.next) else { return };
        if token.kind == EOF {
            return;
        }
        let end = self.tokens.get(self.next + 1).map_or(self.text.len(), |t| t.start as usize);
        self.green.token(Snow::kind_to_raw(token.kind), &self.text[token.start as usize..end]);
        self.next += 1;
    }

    fn trivia(&mut self) {
        while self.tokens.get(self.next).is_some_and(|t| t.kind.is_trivia()) {
            self.push();
        }
    }

    /// Trivia up to the documentation of the node that starts now.
    fn trivia_until_doc(&mut self) {
        let pending = &self.tokens[self.next..];
        let trivia = pending.iter().take_while(|t| t.kind.is_trivia());
        let before_doc = trivia.clone().position(|t| t.kind == DOC_COMMENT);
        for _ in 0..before_doc.unwrap_or(trivia.count()) {
            self.push();
        }
    }
}

/// Nodes that hold the documentation above them.
fn has_doc(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        FN_ITEM
            | LET_ITEM
            | STRUCT_ITEM
            | TYPE_ITEM
            | INTERFACE_ITEM
            | IMPL_ITEM
            | ACTOR_ITEM
            | SERVICE_ITEM
            | SUPERVISOR_ITEM
            | MODULE_ITEM
            | IMPORT_ITEM
            | FROM_IMPORT_ITEM
            | TEST_ITEM
            | FIELD_DEF
            | VARIANT
            | CALL_HANDLER
            | CAST_HANDLER
            | INFO_HANDLER
            | CHILD
    )
}
