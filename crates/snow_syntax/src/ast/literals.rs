//! Values of literals, pieces of strings, operators.

use rowan::NodeOrToken;
use rowan::ast::AstNode;

use super::{Expr, first_token, nodes, token};
use crate::strings::{self, RawPart};
use crate::{SyntaxKind, SyntaxToken};

nodes! {
    /// A number, Bool or atom; a `-` directly before a number belongs to it.
    Literal = LITERAL {}
    /// A string with its interpolations.
    StringExpr = STRING_EXPR {
        /// The interpolations in their order.
        interps: [Interp],
    }
    /// `${e}`
    Interp = INTERP {
        /// What is shown.
        expr: Expr,
    }
}

/// The value of a [`Literal`].
#[derive(Clone, Debug, PartialEq)]
pub enum LiteralValue {
    /// An integer; `None` where it is malformed or too large, which has been reported.
    Int(Option<i64>),
    /// A float; `None` where it is malformed, which has been reported.
    Float(Option<f64>),
    /// `true`, `false`
    Bool(bool),
    /// The atom's name without its colon.
    Atom(snow_base::Name),
}

impl Literal {
    /// Does a `-` belong to it?
    pub fn is_negative(&self) -> bool {
        token(&self.0, SyntaxKind::MINUS).is_some()
    }

    /// The token behind the sign.
    pub fn token(&self) -> Option<SyntaxToken> {
        let mut tokens = self.0.children_with_tokens().filter_map(NodeOrToken::into_token);
        tokens.find(|t| !t.kind().is_trivia() && t.kind() != SyntaxKind::MINUS)
    }

    /// Its value.
    pub fn value(&self) -> Option<LiteralValue> {
        let token = self.token()?;
        let text = token.text();
        Some(match token.kind() {
            SyntaxKind::INT => LiteralValue::Int(int_value(text, self.is_negative())),
            SyntaxKind::FLOAT => {
                let value = text.replace('_', "").parse::<f64>().ok();
                LiteralValue::Float(value.map(|v| if self.is_negative() { -v } else { v }))
            }
            SyntaxKind::TRUE_KW => LiteralValue::Bool(true),
            SyntaxKind::FALSE_KW => LiteralValue::Bool(false),
            SyntaxKind::ATOM => LiteralValue::Atom(snow_base::Name::new(text.trim_start_matches(':'))),
            _ => return None,
        })
    }
}

/// The value of an integer token; `None` where it is malformed or doesn't fit into 64 bits.
pub(crate) fn int_value(text: &str, negative: bool) -> Option<i64> {
    let digits = text.replace('_', "");
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (&digits[2..], 16),
        Some("0o" | "0O") => (&digits[2..], 8),
        Some("0b" | "0B") => (&digits[2..], 2),
        _ => (digits.as_str(), 10),
    };
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative { 0i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// A piece of a string.
#[derive(Clone, Debug, PartialEq)]
pub enum StrPart {
    /// Text: escapes are resolved, the indentation of `"""` is removed.
    Text(String),
    /// `${e}`; `None` where it is empty, which has been reported.
    Expr(Option<Expr>),
}

impl StringExpr {
    /// Is it a `"""` string?
    pub fn is_block(&self) -> bool {
        first_token(&self.0).is_some_and(|t| t.text().len() == 3)
    }

    /// Its pieces in their order; texts that stand next to each other are one, none is empty.
    pub fn parts(&self) -> Vec<StrPart> {
        let mut raw = Vec::new();
        let mut exprs = Vec::new();
        for element in self.0.children_with_tokens() {
            match element {
                NodeOrToken::Token(t) if t.kind() == SyntaxKind::STRING_TEXT => {
                    raw.push(RawPart::Text(t.text().to_owned()));
                }
                NodeOrToken::Node(node) => {
                    if let Some(interp) = Interp::cast(node) {
                        raw.push(RawPart::Interp);
                        exprs.push(interp.expr());
                    }
                }
                NodeOrToken::Token(_) => {}
            }
        }
        let mut exprs = exprs.into_iter();
        let cooked = strings::cook(&raw, self.is_block()).into_iter();
        cooked
            .map(|part| match part {
                RawPart::Text(text) => StrPart::Text(text),
                RawPart::Interp => StrPart::Expr(exprs.next().flatten()),
            })
            .collect()
    }

    /// The text of a string without interpolations; `None` if it has some.
    pub fn plain_text(&self) -> Option<String> {
        let mut text = String::new();
        for part in self.parts() {
            match part {
                StrPart::Text(piece) => text.push_str(&piece),
                StrPart::Expr(_) => return None,
            }
        }
        Some(text)
    }
}

/// Infix operators that aren't ranges or pipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinOp {
    /// `or`, `||`
    Or,
    /// `and`, `&&`
    And,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `>`
    Gt,
    /// `<=`
    Le,
    /// `>=`
    Ge,
    /// `<>` and `++`, which mean the same
    Concat,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
}

impl BinOp {
    /// The operator of a token kind.
    pub fn from_kind(kind: SyntaxKind) -> Option<BinOp> {
        Some(match kind {
            SyntaxKind::OR_KW | SyntaxKind::PIPE2 => BinOp::Or,
            SyntaxKind::AND_KW | SyntaxKind::AMP2 => BinOp::And,
            SyntaxKind::EQ2 => BinOp::Eq,
            SyntaxKind::NEQ => BinOp::Ne,
            SyntaxKind::LT => BinOp::Lt,
            SyntaxKind::GT => BinOp::Gt,
            SyntaxKind::LE => BinOp::Le,
            SyntaxKind::GE => BinOp::Ge,
            SyntaxKind::DIAMOND | SyntaxKind::PLUS2 => BinOp::Concat,
            SyntaxKind::PLUS => BinOp::Add,
            SyntaxKind::MINUS => BinOp::Sub,
            SyntaxKind::STAR => BinOp::Mul,
            SyntaxKind::SLASH => BinOp::Div,
            SyntaxKind::PERCENT => BinOp::Rem,
            _ => return None,
        })
    }
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PrefixOp {
    /// `-`
    Neg,
    /// `!`, `not`
    Not,
}

impl PrefixOp {
    /// The operator of a token kind.
    pub fn from_kind(kind: SyntaxKind) -> Option<PrefixOp> {
        match kind {
            SyntaxKind::MINUS => Some(PrefixOp::Neg),
            SyntaxKind::BANG | SyntaxKind::NOT_KW => Some(PrefixOp::Not),
            _ => None,
        }
    }
}
