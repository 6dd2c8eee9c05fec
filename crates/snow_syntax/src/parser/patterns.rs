//! Patterns.

use snow_diagnostics::Diagnostic;

use super::{Completed, Parser};
use crate::SyntaxKind::*;

impl Parser<'_> {
    /// A pattern. `alternatives`: `|` may join patterns here; `cons`: `::` is cons and no annotation.
    pub(super) fn pattern(&mut self, alternatives: bool, cons: bool) {
        self.pattern_with(alternatives, cons, false);
    }

    /// A pattern. `tail`: it stands in a list, whose rest other languages write `[h | t]`.
    fn pattern_with(&mut self, alternatives: bool, cons: bool, tail: bool) {
        self.nest(|p| {
            let Some(mut pattern) = p.cons_pattern(cons) else { return };
            loop {
                if p.at_word("as") && !p.nl() {
                    let marker = p.precede(pattern);
                    p.bump();
                    p.name("the name for the whole");
                    pattern = p.complete(marker, AS_PAT);
                } else if alternatives && p.at(PIPE) && !(tail && p.at_list_tail()) {
                    let marker = p.precede(pattern);
                    while p.eat(PIPE) {
                        p.cons_pattern(cons);
                    }
                    pattern = p.complete(marker, OR_PAT);
                } else {
                    break;
                }
            }
        });
    }

    fn cons_pattern(&mut self, cons: bool) -> Option<Completed> {
        self.nest(|p| {
            let head = p.primary_pattern()?;
            if !cons || !p.at_here(COLON2) {
                return Some(head);
            }
            let marker = p.precede(head);
            p.bump();
            p.cons_pattern(cons);
            Some(p.complete(marker, CONS_PAT))
        })?
    }

    /// Can a pattern start here?
    pub(super) fn at_pattern_start(&self) -> bool {
        // `%Point { … }`, which is reported.
        if self.at(PERCENT) && self.nth(1) == TYPE_IDENT {
            return true;
        }
        matches!(
            self.current(),
            IDENT
                | TYPE_IDENT
                | UNDERSCORE
                | INT
                | FLOAT
                | MINUS
                | ATOM
                | TRUE_KW
                | FALSE_KW
                | STRING_START
                | L_PAREN
                | L_BRACE
                | L_BRACK
                | MAP_OPEN
        )
    }

    fn primary_pattern(&mut self) -> Option<Completed> {
        self.no_percent();
        Some(match self.current() {
            UNDERSCORE => self.token_pattern(WILDCARD_PAT),
            IDENT => self.token_pattern(NAME_PAT),
            INT | FLOAT | ATOM | TRUE_KW | FALSE_KW => self.literal_pattern(),
            MINUS if self.at_negative_number() => self.literal_pattern(),
            STRING_START => self.string_pattern(),
            TYPE_IDENT => self.constructor_pattern(),
            L_PAREN | L_BRACE => self.tuple_pattern(),
            L_BRACK => self.list_pattern(),
            MAP_OPEN => self.map_pattern(),
            DOT2 => {
                self.error_here("E0101", "`..` stands in list patterns and among a constructor's parts only");
                return None;
            }
            kind if kind.is_keyword()
                && !self.nl()
                && (matches!(self.nth(1), EQ | R_PAREN | COMMA | COLON2)
                    || !matches!(kind, DO_KW | END_KW | WHEN_KW | IN_KW)) =>
            {
                self.reserved_word();
                self.bump_as_error();
                return None;
            }
            _ => {
                self.error_expected("a pattern");
                return None;
            }
        })
    }

    fn token_pattern(&mut self, kind: crate::SyntaxKind) -> Completed {
        let marker = self.start();
        self.bump();
        self.complete(marker, kind)
    }

    fn literal_pattern(&mut self) -> Completed {
        let marker = self.start();
        self.literal();
        if !matches!(self.current(), DOT2 | DOT2_EQ) || self.nl() {
            return self.complete(marker, LITERAL_PAT);
        }
        self.bump();
        if self.at(INT) || self.at_negative_number() {
            self.literal();
        } else if matches!(self.current(), IDENT | TYPE_IDENT) && !self.line_start() {
            self.named_bound();
        } else {
            self.error_expected("the integer at which the range ends");
        }
        self.complete(marker, RANGE_PAT)
    }

    /// `1..=Int.max_value`, `1..limit`: a name where a range of a pattern ends. Consumed.
    fn named_bound(&mut self) {
        let first = self.pos;
        let mut last = first;
        while self.input.kind(last + 1) == DOT && matches!(self.input.kind(last + 2), IDENT | TYPE_IDENT) {
            last += 2;
        }
        if !self.speculating {
            let span = self.span_of(first, last);
            let message = "a range in a pattern ends at an integer that is written out";
            let diagnostic = Diagnostic::error("E0101", message, span);
            let number = match self.input.text_of(first..last + 1) {
                "Int.max_value" => Some(i64::MAX),
                "Int.min_value" => Some(i64::MIN),
                _ => None,
            };
            self.error(match number {
                Some(number) => {
                    diagnostic.with_safe_fix("write the number", vec![(span, number.to_string())])
                }
                None => diagnostic
                    .with_help("a guard compares with a variable: `n when n >= 1 and n < limit -> …`"),
            });
        }
        let marker = self.start();
        (first..=last).for_each(|_| self.bump());
        self.complete(marker, ERROR);
    }

    fn string_pattern(&mut self) -> Completed {
        let marker = self.start();
        self.pattern_string();
        if !self.at_here(DIAMOND) {
            return self.complete(marker, LITERAL_PAT);
        }
        self.bump();
        self.nest(|p| p.primary_pattern());
        self.complete(marker, CONCAT_PAT)
    }

    /// A string that must not have interpolations.
    fn pattern_string(&mut self) {
        if self.nth(1) == INTERP_START || (self.nth(1) == STRING_TEXT && self.nth(2) == INTERP_START) {
            self.error_here("E0101", "a string in a pattern can't have `${…}`");
            self.muted += 1;
            self.string();
            self.muted -= 1;
        } else {
            self.string();
        }
    }

    fn constructor_pattern(&mut self) -> Completed {
        let marker = self.start();
        self.path();
        if self.at_here(L_PAREN) {
            let opener = self.pos;
            self.bump();
            self.bracketed(opener, R_PAREN, Self::constructor_arg);
        } else if self.at(L_BRACE) && !self.line_start() {
            let opener = self.pos;
            self.bump();
            self.bracketed(opener, R_BRACE, Self::record_pat_field);
            return self.complete(marker, RECORD_PAT);
        }
        self.complete(marker, CONSTRUCTOR_PAT)
    }

    fn constructor_arg(&mut self) {
        if self.at(DOT2) {
            self.rest_pattern();
            return;
        }
        let marker = self.start();
        if self.nth(1) == COLON && self.at_any_name() {
            self.any_name("a name");
            self.bump();
        }
        self.pattern(true, true);
        self.complete(marker, CONSTRUCTOR_ARG);
    }

    fn record_pat_field(&mut self) {
        if self.at(DOT2) {
            self.rest_pattern();
            return;
        }
        let marker = self.start();
        self.any_name("a field's name");
        if self.eat(COLON) {
            self.pattern(true, true);
        }
        self.complete(marker, RECORD_PAT_FIELD);
    }

    fn rest_pattern(&mut self) {
        let marker = self.start();
        self.bump();
        self.no_third_point();
        let _named = self.eat(IDENT) || self.eat(UNDERSCORE);
        self.complete(marker, REST_PAT);
    }

    fn tuple_pattern(&mut self) -> Completed {
        let (marker, first) = (self.start(), self.pos);
        let close = if self.at(L_BRACE) { R_BRACE } else { R_PAREN };
        self.bump();
        let (mut count, mut has_names) = (0, false);
        self.bracketed(first, close, |p| {
            if close == R_BRACE && p.at_entry_name() {
                has_names = true;
                p.bump();
                p.bump();
            }
            p.pattern(true, true);
            count += 1;
        });
        if has_names {
            self.no_named_parts(first);
        } else if close == R_BRACE {
            self.check_braces(first, count);
        }
        self.complete(marker, if count == 1 { PAREN_PAT } else { TUPLE_PAT })
    }

    fn list_pattern(&mut self) -> Completed {
        let (marker, opener) = (self.start(), self.pos);
        self.bump();
        self.bracketed(opener, R_BRACK, |p| {
            if p.at(DOT2) {
                p.rest_pattern();
            } else {
                p.pattern_with(true, true, true);
                if p.at_list_tail() {
                    p.no_list_tail();
                    p.rest_pattern();
                }
            }
        });
        self.complete(marker, LIST_PAT)
    }

    fn map_pattern(&mut self) -> Completed {
        let (marker, opener) = (self.start(), self.pos);
        self.bump();
        self.bracketed(opener, R_BRACE, |p| {
            let entry = p.start();
            if p.at_entry_name() {
                p.any_name("a key");
                p.bump();
                p.pattern(true, true);
            } else {
                match p.current() {
                    STRING_START => p.pattern_string(),
                    INT | FLOAT | ATOM | TRUE_KW | FALSE_KW => {
                        p.literal();
                    }
                    MINUS if p.at_negative_number() => {
                        p.literal();
                    }
                    _ => p.error_expected("a key: a literal or `name:`"),
                }
                if p.expect(FAT_ARROW, "`=>`") {
                    p.pattern(true, true);
                }
            }
            p.complete(entry, MAP_PAT_ENTRY);
        });
        self.complete(marker, MAP_PAT)
    }
}
