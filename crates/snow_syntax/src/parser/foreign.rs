//! What those who come from other languages write: each such mistake gets the error that says how Snow writes it.
//!
//! Errors that are reported anyway get a help (`foreign_help`). Nothing here accepts more than the grammar: what is read goes on as if it had been written rightly.

use snow_base::{Span, TextRange};
use snow_diagnostics::{Diagnostic, foreign};

use super::Parser;
use crate::SyntaxKind::{self, *};

impl Parser<'_> {
    /// The current token is a word or operator of another language; `text` stands for it here.
    pub(super) fn foreign_word(&mut self, message: &str, text: &str) -> Option<usize> {
        let title = match text.trim() {
            "" => "remove it".to_owned(),
            word => format!("write `{word}`"),
        };
        let diagnostic = Diagnostic::error("E0113", message, self.here())
            .with_safe_fix(title, vec![(self.here(), text.to_owned())]);
        self.report(diagnostic)
    }

    /// A statement that starts with a word of another language. Consumed, if it is one.
    pub(super) fn foreign_statement(&mut self) -> bool {
        if !self.at(IDENT) || self.input.starts_line(self.pos + 1) {
            return false;
        }
        let word = self.input.text(self.pos);
        let Some(own) = foreign::keyword(word) else { return false };
        let follows = match own {
            "let" => self.nth(1) == IDENT && matches!(self.nth(2), EQ | COLON | COLON2 | IDENT | TYPE_IDENT),
            "fn" => self.nth(1) == IDENT && self.nth(2) == L_PAREN,
            // Words for items.
            "struct" | "type" | "interface" | "import" | "module" => false,
            _ => matches!(self.nth(1), IDENT | TYPE_IDENT | INT | STRING_START | TRUE_KW | FALSE_KW),
        };
        if !follows {
            return false;
        }
        let report = self.foreign_word(&format!("the word here is `{own}`, not `{word}`"), own);
        self.joins = report;
        match own {
            "let" => self.let_statement(),
            "fn" => {
                let marker = self.start();
                self.fn_item(marker, false);
            }
            "case" => drop(self.case_expr()),
            "for" => drop(self.for_expr()),
            "if not" => drop(self.if_expr()),
            _ => drop(self.while_expr()),
        }
        self.joins = None;
        true
    }

    /// What stands where a type is expected and is none: maybe one of another language.
    pub(super) fn no_type(&mut self) {
        let Some(own) = foreign::ty(self.input.text(self.pos)) else {
            self.error_expected("a type");
            let ends = matches!(self.nth(1), COMMA | R_PAREN | EQ | ARROW);
            if self.at(IDENT) && !self.nl() && ends {
                self.bump_as_error();
            }
            return;
        };
        if !self.at(IDENT) || self.nl() {
            return self.error_expected("a type");
        }
        if self.joins.is_some() {
            self.also_edit(self.joins, (self.here(), own.to_owned()));
        } else {
            let message = format!("the type is written `{own}`, not `{}`", self.input.text(self.pos));
            self.foreign_word(&message, own);
        }
        self.bump_as_error();
    }

    /// `%Point { … }`: the `%` is skipped.
    pub(super) fn no_percent(&mut self) {
        if self.at(PERCENT) && self.nth(1) == TYPE_IDENT && !self.input.starts_line(self.pos + 1) {
            if !self.speculating {
                self.foreign_word("a struct is written without the `%`: `Name { field: value }`", "");
            }
            self.bump_as_error();
        }
    }

    /// `a, b =` behind a `let`?
    pub(super) fn at_bare_tuple(&self) -> bool {
        let name = |n: usize| matches!(self.nth(n), IDENT | UNDERSCORE);
        let names = (0..).step_by(2).take_while(|&n| name(n) && self.nth(n + 1) == COMMA).count();
        names > 0 && name(names * 2) && self.nth(names * 2 + 1) == EQ
    }

    /// Reads it as the pattern `(a, b)`.
    pub(super) fn bare_tuple(&mut self) {
        let (marker, first, mut comma) = (self.start(), self.here(), self.here());
        loop {
            self.pattern(false, false);
            if !self.at(COMMA) {
                break;
            }
            if comma == first {
                comma = self.here();
            }
            self.bump();
        }
        self.complete(marker, TUPLE_PAT);
        let at = |offset| Span::new(self.file, TextRange::empty(offset));
        let end = self.span(self.pos - 1).text_range().end();
        let edits = vec![(at(first.text_range().start()), "(".to_owned()), (at(end), ")".to_owned())];
        let message = "a tuple is taken apart in parentheses: `let (a, b) = …`";
        let diagnostic = Diagnostic::error("E0113", message, comma)
            .with_help("a `Result` is no tuple: it is looked at with `case` or `?`")
            .with_fix("write parentheses", edits);
        self.error(diagnostic);
    }

    /// `%P{p | x: 1}` or `P{p | x: 1}`: an update with the struct's name.
    pub(super) fn at_named_update(&self) -> bool {
        let n = usize::from(self.at(PERCENT));
        let kinds = [TYPE_IDENT, L_BRACE, IDENT, PIPE];
        kinds.into_iter().enumerate().all(|(i, kind)| self.nth(n + i) == kind)
    }

    /// Reports the name and skips it; stands at the `{` then.
    pub(super) fn named_update(&mut self) {
        let n = usize::from(self.at(PERCENT));
        let head = self.span_of(self.pos, self.pos + n + 1);
        let message = "an update has no name of a struct: `%{value | field: …}`";
        let diagnostic = Diagnostic::error("E0113", message, self.span_of(self.pos, self.pos + n));
        self.error(diagnostic.with_safe_fix("write `%{`", vec![(head, "%{".to_owned())]));
        let marker = self.start();
        (0..=n).for_each(|_| self.bump());
        self.complete(marker, ERROR);
    }

    /// `?` at the end of a function's name: reported where the function is defined, and skipped.
    pub(super) fn no_question(&mut self) {
        if self.at(QUESTION) && self.at_asking_name() {
            let name = self.input.text(self.pos - 1);
            let message = format!("names are made of letters, digits and `_`: write `{name}`");
            if !self.speculating {
                self.error_here("E0101", message);
            }
            self.bump_as_error();
        }
    }

    /// Behind a name that is defined with a `?`, which stands here?
    pub(super) fn at_asking_name(&self) -> bool {
        self.pos > 0
            && self.at(QUESTION)
            && self.input.touches_previous(self.pos)
            && self.asking.contains(&self.input.text(self.pos - 1))
    }

    /// `+1`: the `+` is skipped.
    pub(super) fn no_plus(&mut self) {
        let operand = matches!(self.nth(1), INT | FLOAT | IDENT | L_PAREN);
        // At the start of a line it goes on with what the last line began: that is another mistake.
        let is_sign = !self.line_start() && self.input.touches_previous(self.pos + 1);
        if self.at(PLUS) && operand && is_sign {
            if !self.speculating {
                self.foreign_word("a number has no `+` in front of it", "");
            }
            self.bump_as_error();
        }
    }

    /// `| t` in front of the `]` of a list?
    pub(super) fn at_list_tail(&self) -> bool {
        self.at(PIPE) && matches!(self.nth(1), IDENT | UNDERSCORE) && self.nth(2) == R_BRACK
    }

    /// Reports `[h | t]`; stands at the `|`.
    pub(super) fn no_list_tail(&mut self) {
        if self.speculating {
            return;
        }
        let before = self.span(self.pos - 1).text_range().end();
        let after = self.span(self.pos + 1).text_range().start();
        let edit = (Span::new(self.file, TextRange::new(before, after)), ", ..".to_owned());
        let message = "the rest of a list is written `[h, ..t]`, not `[h | t]`";
        self.error(Diagnostic::error("E0113", message, self.here()).with_safe_fix("write `..`", vec![edit]));
    }

    /// `...` or `...name` in a list: the third point is skipped.
    pub(super) fn no_third_point(&mut self) {
        if self.at(DOT) && self.input.touches_previous(self.pos) {
            if !self.speculating {
                self.foreign_word("the rest of a list is written with two points: `..` or `..name`", "");
            }
            self.bump_as_error();
        }
    }

    /// `{x: a}` as a pattern, from the token `first` to here.
    pub(super) fn no_named_parts(&mut self, first: usize) {
        if !self.speculating {
            let span = self.span_of(first, self.pos - 1);
            let diagnostic = Diagnostic::error("E0113", "a pattern with named parts says of what", span)
                .with_help("of a struct `Name { field: x }`, of a map `%{name: x}`");
            self.error(diagnostic);
        }
    }

    /// `let mut x`
    pub(super) fn no_mut(&mut self) {
        if self.at_word("mut") && self.nth(1) == IDENT && !self.input.starts_line(self.pos + 1) {
            let end = self.span(self.pos + 1).text_range().start();
            let cut = Span::new(self.file, TextRange::new(self.here().text_range().start(), end));
            let diagnostic = Diagnostic::error("E0113", "there is no `mut`: names don't change", self.here())
                .with_help("a later `let` of the same name binds a new value; loops with changing values are recursion or `List.reduce`")
                .with_safe_fix("remove it", vec![(cut, String::new())]);
            self.error(diagnostic);
            self.bump_as_error();
        }
    }

    /// `x++` as a statement, rather than `xs ++` that goes on in an indented line.
    pub(super) fn at_increment(&self) -> bool {
        let next = self.pos + 1;
        self.pos == self.fresh + 1
            && self.input.touches_previous(self.pos)
            && self.input.starts_line(next)
            && self.input.indent(next) <= self.input.indent(self.pos)
    }

    /// `x = e`, `x += e`, `x := e`, `x++`
    pub(super) fn assignment(&mut self) {
        let step = self.at(PLUS2);
        let both = !self.at(EQ) && !step;
        let operator = self.span_of(self.pos, self.pos + usize::from(both));
        let shown = self.input.text(self.pos);
        let shown = if both { format!("{shown}=") } else { shown.to_owned() };
        let (target, help) = self.assigned();
        let message = format!("`{shown}` can't change {target}");
        let mut diagnostic = Diagnostic::error("E0113", message, operator).with_help(help);
        if self.pos == self.fresh + 1 && self.input.kind(self.fresh) == IDENT {
            let start = self.span(self.fresh).text_range().start();
            let name = self.input.text(self.fresh);
            let mut edits = vec![(Span::new(self.file, TextRange::empty(start)), "let ".to_owned())];
            match self.current() {
                EQ => {}
                PLUS2 => edits.push((operator, format!(" = {name} + 1"))),
                COLON => edits.push((operator, "=".to_owned())),
                _ => edits.push((operator, format!("= {name} {}", self.input.text(self.pos)))),
            }
            diagnostic = diagnostic.with_fix("bind a new value", edits);
        }
        self.error(diagnostic);
    }

    /// What the statement in front of an assignment's operator means to change, and what Snow does instead.
    fn assigned(&self) -> (&'static str, String) {
        let kind = |n: usize| (self.fresh + n < self.pos).then(|| self.input.kind(self.fresh + n));
        let text = |n: usize| self.input.text(self.fresh + n);
        match (kind(0), kind(1), kind(2), kind(3)) {
            (Some(IDENT), Some(DOT), Some(IDENT), None) => {
                let (name, field) = (text(0), text(2));
                let help = format!("a new value with another field: `let {name} = %{{{name} | {field}: …}}`");
                ("a field", help)
            }
            (Some(IDENT), Some(L_BRACK), ..) => {
                let name = text(0);
                let help = format!(
                    "a new value with another element: `List.set({name}, index, …)`, of a map `Map.put({name}, key, …)`"
                );
                ("an element", help)
            }
            _ => {
                let help = "names don't change; bind a new one with `let name = …`, also of the same name";
                ("a variable", help.to_owned())
            }
        }
    }

    /// `=>` where neither an arm nor a map's entry stands.
    pub(super) fn fat_arrow(&mut self) {
        if self.brackets == 0 && self.input.kind(self.fresh) != LET_KW {
            self.foreign_word("arms are written with `->`, not `=>`", "->");
            return;
        }
        let diagnostic =
            Diagnostic::error("E0113", "`=>` stands only between key and value of a map", self.here())
                .with_help("a closure is written `fn x -> … end`, an arm of `case` `pattern -> …`");
        self.error(diagnostic);
    }

    /// `for (i = 0; …`, `for i := 0; …`, `for i, x := range xs`: something between the `for` and its block that no
    /// pattern has?
    pub(super) fn at_c_style_for(&self) -> bool {
        for n in 0..40 {
            match self.nth(n) {
                EQ | LET_KW => return true,
                IDENT
                    if n > 0
                        && self.input.text(self.pos + n) == "of"
                        && matches!(self.nth(n - 1), IDENT | R_PAREN | R_BRACK) =>
                {
                    return true;
                }
                IN_KW | DO_KW | L_BRACE | EOF => return false,
                _ if n > 0 && self.input.starts_line(self.pos + n) => return false,
                _ => {}
            }
        }
        false
    }

    /// One error for all that stands before the block.
    pub(super) fn c_style_for(&mut self) {
        let diagnostic = Diagnostic::error(
            "E0113",
            "a `for` goes through values: `for i in 0..10 do … end`",
            self.here(),
        )
        .with_help(
            "with indices: `for (i, x) in List.enumerate(xs) do … end`; other loops are `while c do … end`",
        );
        self.error(diagnostic);
        self.muted += 1;
        let marker = self.start();
        while !self.at_eof()
            && !matches!(self.current(), L_BRACE | DO_KW | END_KW)
            && !self.input.starts_line(self.pos + 1)
        {
            self.bump();
        }
        self.complete(marker, ERROR);
        self.do_block(false);
        self.muted -= 1;
    }

    /// `x <- xs` in a `for`
    pub(super) fn no_left_arrow(&mut self) {
        let span = self.span_of(self.pos, self.pos + 1);
        let diagnostic = Diagnostic::error("E0113", "a `for` goes through values with `in`, not `<-`", span);
        self.error(diagnostic.with_safe_fix("write `in`", vec![(span, "in".to_owned())]));
        self.bump_as_error();
        self.bump_as_error();
    }

    /// `, y in ys` in the head of a `for`?
    pub(super) fn at_second_generator(&self) -> bool {
        for n in 1..20 {
            match (self.nth(n), self.nth(n + 1)) {
                _ if self.input.starts_line(self.pos + n) => return false,
                (IN_KW, _) | (LT, MINUS) => return true,
                (DO_KW | WHEN_KW | EOF, _) => return false,
                _ => {}
            }
        }
        false
    }

    /// `x <- xs` behind the `|` here?
    fn at_left_arrow(&self) -> bool {
        (1..12).any(|n| {
            self.nth(n) == LT && self.nth(n + 1) == MINUS && self.input.touches_previous(self.pos + n + 1)
        })
    }

    /// `, y in ys`: read as a loop in the loop.
    pub(super) fn second_generator(&mut self) {
        let edit = (self.here(), " do for".to_owned());
        let diagnostic = Diagnostic::error("E0113", "a `for` goes through one thing: loops stand in each other", self.here())
            .with_help("their value is a list of lists; one list gives `List.flat_map(xs, fn x -> for y in ys do … end end)`")
            .with_fix("write a loop in the loop", vec![edit]);
        let report = self.report(diagnostic);
        self.bump_as_error();
        let (block, marker) = (self.start(), self.start());
        self.generator();
        self.complete(marker, FOR_EXPR);
        self.complete(block, BLOCK);
        let end = self.span(self.pos.saturating_sub(1)).text_range().end();
        self.also_edit(report, (Span::new(self.file, TextRange::empty(end)), " end".to_owned()));
    }

    /// An operator or form of another language; reported, if there is one here.
    pub(super) fn foreign_operator(&mut self) -> bool {
        let previous = |kind: SyntaxKind| self.pos > 0 && self.input.kind(self.pos - 1) == kind;
        let touches = self.pos > 0 && self.input.touches_previous(self.pos);
        let at = self.span_of(self.pos.saturating_sub(1), self.pos);
        let error = |message: &str, span| Diagnostic::error("E0113", message, span);
        let diagnostic = match self.current() {
            EQ if previous(EQ2) && touches => error("equality is `==`, not `===`", at)
                .with_safe_fix("write `==`", vec![(self.here(), String::new())]),
            EQ if previous(NEQ) && touches => error("inequality is `!=`, not `!==`", at)
                .with_safe_fix("write `!=`", vec![(self.here(), String::new())]),
            STAR if previous(STAR) && touches => {
                error("powers are calls: `Int.pow(a, b)`, `Float.pow(a, b)`", at)
            }
            PIPE if matches!(self.nth(1), IDENT | L_PAREN) && self.at_left_arrow() => {
                error("a list of values is `for x in xs do x * 2 end`", self.here())
                    .with_help("with a condition `for x in xs when x > 0 do … end`")
            }
            PIPE if self.pos > 0 && !self.input.kind(self.pos - 1).wants_more() && self.nth(2) != PIPE => {
                error("`|` stands between patterns only", self.here())
                    .with_help("a value is passed on by `|>`, conditions are joined by `or`, bits by `Int.bor(a, b)`")
            }
            PIPE => error("a closure is written `fn x -> … end`, not between `|`", self.here())
                .with_help("only blocks behind a call take `|x|`: `each(xs) do |x| … end`"),
            BANG if previous(IDENT) && touches && matches!(self.nth(1), L_PAREN | L_BRACK) => {
                let list = self.nth(1) == L_BRACK;
                let (message, cut) = match list {
                    true => ("a list is written `[1, 2]`", at),
                    false => ("functions are called without `!`", self.here()),
                };
                let fixed =
                    error(message, self.here()).with_safe_fix("remove it", vec![(cut, String::new())]);
                if list {
                    fixed
                } else {
                    fixed.with_help("values stand in strings as `${x}`: `\"x is ${x}\"`")
                }
            }
            COLON2 if previous(TYPE_IDENT) && touches && self.nth(1) == LT => {
                error("type arguments aren't written at values", self.here())
                    .with_help("annotate what the value is bound to: `let xs :: List<Int> = []`")
            }
            COLON2 if previous(TYPE_IDENT) && touches && matches!(self.nth(1), IDENT | TYPE_IDENT) => {
                error("names in modules and types are written with `.`, not `::`", self.here())
                    .with_safe_fix("write `.`", vec![(self.here(), ".".to_owned())])
            }
            COLON2 if self.brackets > 0 && self.nth(1) != IDENT => error("no type can stand in an expression", self.here())
                .with_help("it is told where a name is bound: `let xs :: List<Int> = []`, or of a parameter: `fn f(x :: Int)`"),
            COLON2 if previous(IDENT) && touches && matches!(self.nth(2), L_PAREN | COLON2) => {
                error("names in modules and types are written with `.`, not `::`", self.here())
            }
            COLON2 if self.nth(1) == IDENT && foreign::ty(self.input.text(self.pos + 1)).is_none() => {
                error("a list with one more element in front is written `[x, ..xs]`", self.here())
                    .with_help("`x :: xs` is a pattern only")
            }
            STRING_START if previous(IDENT) && touches => {
                let prefix = self.input.text(self.pos - 1);
                error(
                    &format!("a string has no prefix: `{prefix}` can't stand here"),
                    self.span(self.pos - 1),
                )
                .with_help("`${…}` in any string is replaced by a value: `\"Hello, ${name}!\"`")
            }
            INT | FLOAT | IDENT | TYPE_IDENT | STRING_START if previous(QUESTION) => {
                error("a choice is written `if c do a else b end`, not `c ? a : b`", self.span(self.pos - 1))
            }
            _ => return false,
        };
        self.error(diagnostic);
        true
    }

    /// What Snow writes instead of what stands at the current token, where another language shows through.
    pub(super) fn foreign_help(&self) -> Option<&'static str> {
        if self.line_start() {
            return None;
        }
        let before = self.pos.checked_sub(1).map(|at| (self.input.kind(at), self.input.text(at)));
        let touches = self.pos > 0 && self.input.touches_previous(self.pos);
        match (before, self.current()) {
            (Some((COLON2, _)), IDENT) => Some(
                "types begin with a capital letter; a list is taken apart by `[h, ..t]`, in arms also by `h :: t`",
            ),
            (Some((QUESTION, _)), _) => Some("there is no `a ? b : c`: write `if a do b else c end`"),
            (_, PIPE) if self.brackets == 0 => Some("the variants of a type stand on lines of their own"),
            (Some((TYPE_IDENT, _)), L_PAREN) if self.brackets == 0 => {
                Some("a type with variants is written `type Name do … end`, each on a line of its own")
            }
            (_, ARROW) if self.brackets == 0 => None,
            (Some((BREAK_KW | CONTINUE_KW, _)), _) => {
                Some("`break` and `continue` take no value: a `for` gives the list of what it has so far")
            }
            (_, DIAMOND) => Some(
                "a pattern takes the beginning of a string apart, `\"prefix\" <> rest`; its end is asked for by a guard: `s when s.ends_with(\"b\")`",
            ),
            (Some((IDENT, "lambda")), _) | (_, PIPE | ARROW) => Some("a closure is written `fn x -> … end`"),
            (Some((LET_KW | IDENT, _)), COMMA)
                if self.brackets == 0 && self.input.kind(self.fresh) == LET_KW =>
            {
                Some("a tuple is taken apart by `let (a, b) = …`; a `Result` is looked at with `case` or `?`")
            }
            (Some((IMPORT_KW, _)), STRING_START) => {
                Some("modules have names: `import Math.Vector`; those of the standard library need no import")
            }
            (Some((IDENT | STRING_END | INT, _)), COLON) if self.brackets > 0 => Some(
                "arguments have names in calls, `f(name: value)`; a map is `%{name: value}`, a part of a list `xs[1..3]`",
            ),
            (Some((IF_KW | WHILE_KW, _)), LET_KW) => {
                Some("a pattern is looked at with `case`: `case value do Some(x) -> … ; None -> … end`")
            }
            (_, IDENT) if self.at_word("as") => {
                Some("values are converted by functions: `Int.to_float(n)`, `Float.round(x)`, `to_string(x)`")
            }
            (Some((FOR_KW, _)), _) => None,
            (Some((IDENT, _)), COMMA) if self.pos > 1 && self.input.kind(self.pos - 2) == FOR_KW => {
                Some("a pair is taken apart in parentheses: `for (i, x) in List.enumerate(xs) do … end`")
            }
            (Some((PLUS | MINUS | STAR | SLASH, _)), DOT) if touches => {
                Some("operators are the same for `Int` and `Float`, without a `.`")
            }
            (_, IN_KW) => Some("`List.contains(xs, x)` and `Map.has_key(m, k)` look for something"),
            (_, FOR_KW) => Some(
                "a list of values is `for x in xs do x * 2 end`, with a condition `for x in xs when x > 0 do … end`",
            ),
            (_, IF_KW) => Some("a choice is written `if c do a else b end`"),
            (_, IDENT) if self.at_word("is") => {
                Some("values are compared by `==`; an `Option` is looked at with `case`")
            }
            (Some((LET_KW | IMPORT_KW, _)), IDENT) if self.input.kind(self.pos - 1) == IMPORT_KW => {
                Some("names of modules start with a capital letter: `import Math`")
            }
            (Some((DOT, _)), _) if self.pos > 1 && self.input.kind(self.pos - 2) == INT => {
                Some("a Float has digits on both sides of the point: `1.0`")
            }
            (_, DOT) if self.nth(1) == INT => Some("a Float has a digit in front of the point: `0.5`"),
            (_, STRUCT_KW) => {
                Some("a struct is written `struct Point do … end`, each field as `name :: Type`")
            }
            (Some((DOT, _)), L_PAREN) => Some("a function in a variable is called like any other: `f(x)`"),
            (Some((IDENT, "f")), STRING_START) if touches => {
                Some("a value in a string is written `\"${x}\"`")
            }
            (Some((IDENT, _)), BANG) if touches => Some("functions are called without `!`"),
            (Some((IDENT, "spawn" | "spawn_link")), IDENT) => {
                Some("a process is started by `spawn(name, arguments…)` or `spawn(fn -> … end)`")
            }
            (Some((IDENT, "send")), IDENT) => Some("a message is sent by `send(pid, message)`"),
            (_, BANG) => Some("a message is sent by `send(pid, message)`"),
            (Some((EQ2, _)), EQ) if touches => Some("values are compared by `==`"),
            (Some((TYPE_IDENT, _)), L_BRACK) => Some("type arguments stand between `<` and `>`: `List<Int>`"),
            (_, AT) => Some("a constant is a `let` at the top of the file: `let limit = 10`"),
            (Some((IDENT, word)), next) if self.fresh + 1 == self.pos => {
                foreign::statement(word).or(call_without_parentheses(next))
            }
            (Some((IDENT, _)), next) => call_without_parentheses(next),
            _ => None,
        }
    }
}

/// Behind a name: the first argument of a call as other languages write it.
fn call_without_parentheses(next: SyntaxKind) -> Option<&'static str> {
    let help = "the arguments of a call stand in parentheses: `println(\"text\")`, `spawn(fn -> work() end)`";
    matches!(next, STRING_START | INT | FLOAT | TYPE_IDENT | FN_KW).then_some(help)
}
