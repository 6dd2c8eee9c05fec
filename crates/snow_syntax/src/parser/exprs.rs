//! Operators: precedence climbing over prefix, infix and postfix operators.

use snow_diagnostics::Diagnostic;

use super::{Completed, Parser};
use crate::SyntaxKind::{self, *};

/// How tightly an operator binds; the numbers are the levels of the language reference.
const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const PIPELINE: u8 = 5;
const RANGE: u8 = 6;
const PREFIX: u8 = 10;

fn infix_level(kind: SyntaxKind) -> Option<u8> {
    Some(match kind {
        OR_KW | PIPE2 => 1,
        AND_KW | AMP2 => 2,
        EQ2 | NEQ | LT | GT | LE | GE => COMPARISON,
        PIPE_GT => PIPELINE,
        DOT2 | DOT2_EQ => RANGE,
        DIAMOND | PLUS2 => 7,
        PLUS | MINUS => 8,
        STAR | SLASH | PERCENT => 9,
        _ => return None,
    })
}

impl Parser<'_> {
    /// Any expression. `None` if there is none; that has been reported.
    pub(super) fn expr(&mut self) -> Option<Completed> {
        self.expr_level(1)
    }

    /// An expression of operators that bind at least as tightly as `level`.
    fn expr_level(&mut self, level: u8) -> Option<Completed> {
        self.nest(|p| {
            let lhs = p.prefix()?;
            Some(p.infix(lhs, level))
        })?
    }

    fn prefix(&mut self) -> Option<Completed> {
        let level = match self.current() {
            NOT_KW => NOT,
            MINUS if self.at_negative_number() => return self.postfix_expr(),
            MINUS | BANG => PREFIX,
            _ => return self.postfix_expr(),
        };
        let marker = self.start();
        self.bump();
        self.expr_level(level);
        Some(self.complete(marker, PREFIX_EXPR))
    }

    /// A `-` directly before a number belongs to it.
    pub(super) fn at_negative_number(&self) -> bool {
        self.at(MINUS) && matches!(self.nth(1), INT | FLOAT) && self.input.touches_previous(self.pos + 1)
    }

    fn infix(&mut self, mut lhs: Completed, min: u8) -> Completed {
        // The operands of a comparison that has just been read, for the error about chains.
        let mut compared: Option<(usize, usize)> = None;
        let mut reported = false;
        while let Some(level) = infix_level(self.current()) {
            let op = self.current();
            if level < min || self.nth(1) == EQ && is_compound(op) {
                break;
            }
            if self.nl() && op != PIPE_GT && !self.operator_leads(op) {
                break;
            }
            if op == PLUS2 && self.at_increment() {
                self.assignment();
                self.bump_as_error();
                break;
            }
            if level == COMPARISON
                && !reported
                && let Some((start, end)) = compared
            {
                self.comparison_chain(start, end);
                reported = true;
            }
            let marker = self.precede(lhs);
            self.bump();
            let rhs = self.pos;
            let kind = match level {
                PIPELINE => {
                    self.pipe_target();
                    PIPE_EXPR
                }
                _ => {
                    self.expr_level(level + 1);
                    if level == RANGE { RANGE_EXPR } else { BIN_EXPR }
                }
            };
            compared = (level == COMPARISON).then_some((rhs, self.pos));
            lhs = self.complete(marker, kind);
            if level == PIPELINE {
                lhs = self.postfix(lhs);
            }
        }
        lhs
    }

    /// `a < b < c`: `start..end` are the tokens of b.
    fn comparison_chain(&mut self, start: usize, end: usize) {
        let middle = if start < end { self.input.text_of(start..end) } else { "" };
        let mut diagnostic = Diagnostic::error(
            "E0110",
            "comparisons can't be chained: join two of them with `and`",
            self.here(),
        );
        if !middle.is_empty() && middle.len() <= 60 && !middle.contains('\n') {
            let at = self.span_of(self.pos, self.pos).text_range().start();
            let edit = snow_base::Span::new(self.file, snow_base::TextRange::empty(at));
            diagnostic = diagnostic
                .with_help(format!("the second comparison is `{middle} {} …`", self.input.text(self.pos)))
                .with_fix("compare twice", vec![(edit, format!("and {middle} "))]);
        }
        self.error(diagnostic);
    }

    pub(super) fn postfix_expr(&mut self) -> Option<Completed> {
        let primary = self.primary()?;
        Some(self.postfix(primary))
    }

    /// Calls, fields, methods, indices and `?` behind `lhs`.
    pub(super) fn postfix(&mut self, mut lhs: Completed) -> Completed {
        if matches!(lhs.kind, RETURN_EXPR | BREAK_EXPR | CONTINUE_EXPR) {
            return lhs;
        }
        loop {
            lhs = match self.current() {
                L_PAREN if !self.nl() => self.call(lhs),
                L_BRACK if !self.nl() => {
                    let marker = self.precede(lhs);
                    let opener = self.pos;
                    self.bump();
                    self.brackets += 1;
                    self.within(false, false, |p| {
                        p.expr();
                        p.close_bracket(opener, R_BRACK);
                    });
                    self.brackets -= 1;
                    self.complete(marker, INDEX_EXPR)
                }
                QUESTION if self.at_asking_name() => {
                    self.bump_as_error();
                    lhs
                }
                QUESTION if !self.nl() => {
                    let marker = self.precede(lhs);
                    self.bump();
                    self.complete(marker, TRY_EXPR)
                }
                DOT if !self.nl() || self.nth(1) != INT => self.point(lhs),
                _ => return lhs,
            };
        }
    }

    fn call(&mut self, callee: Completed) -> Completed {
        let marker = self.precede(callee);
        self.arg_list();
        self.trailing_block();
        self.complete(marker, CALL_EXPR)
    }

    /// `.name`, `.name(…)`, `.0`
    fn point(&mut self, lhs: Completed) -> Completed {
        let marker = self.precede(lhs);
        self.bump();
        if self.at(INT) {
            self.bump();
            return self.complete(marker, TUPLE_FIELD_EXPR);
        }
        self.any_name("a name after the `.`");
        let kind = if self.at_here(L_PAREN) {
            self.arg_list();
            self.trailing_block();
            METHOD_CALL_EXPR
        } else {
            FIELD_EXPR
        };
        self.complete(marker, kind)
    }

    /// `(a, name: b)`
    pub(super) fn arg_list(&mut self) {
        let marker = self.start();
        let opener = self.pos;
        self.bump();
        self.bracketed(opener, R_PAREN, |p| {
            let arg = p.start();
            if p.nth(1) == COLON && p.at_any_name() {
                p.any_name("a name");
                p.bump();
            }
            p.expr();
            p.complete(arg, ARG);
        });
        self.complete(marker, ARG_LIST);
    }

    /// A list in brackets, in which newlines don't count; the opener has been consumed.
    pub(super) fn bracketed(&mut self, opener: usize, close: SyntaxKind, item: impl FnMut(&mut Self)) {
        self.brackets += 1;
        self.within(false, false, |p| p.list(opener, close, item));
        self.brackets -= 1;
    }

    /// The right side of `|>`: a name, one call, `.method(…)`, a closure.
    fn pipe_target(&mut self) {
        match self.current() {
            DOT => {
                let marker = self.start();
                self.bump();
                self.any_name("a method's name after the `.`");
                if self.at_here(L_PAREN) {
                    self.arg_list();
                    self.trailing_block();
                }
                self.complete(marker, PIPE_METHOD);
            }
            IDENT | TYPE_IDENT => self.pipe_name(),
            FN_KW | L_PAREN => {
                self.primary();
            }
            _ => {
                let diagnostic = Diagnostic::error("E0116", "this can't stand after `|>`", self.here())
                    .with_help(
                        "the right side is one call, a name, `.method(…)` or a closure `fn x -> … end`",
                    );
                self.error(diagnostic);
                self.muted += 1;
                self.postfix_expr();
                self.muted -= 1;
            }
        }
    }

    /// `f`, `M.f`, `x.f`, and at most one list of arguments.
    fn pipe_name(&mut self) {
        let Some(mut lhs) = self.primary() else { return };
        loop {
            lhs = match self.current() {
                L_PAREN if !self.nl() => {
                    self.call(lhs);
                    return;
                }
                DOT if !self.line_start() && self.nth(1) != INT => self.point(lhs),
                _ => return,
            };
            if lhs.kind == METHOD_CALL_EXPR {
                return;
            }
        }
    }
}

/// Does `op=` look like an assignment operator of other languages?
fn is_compound(op: SyntaxKind) -> bool {
    matches!(op, PLUS | MINUS | STAR | SLASH)
}
