//! Closures as other languages write them: `x => e`, `|x| e`, `lambda x: e`, `\x -> e`, `func(x) { e }`, `&(&1 + 1)`.
//!
//! Each is read as the closure that it means, with one error whose fix writes it so. Only where an expression begins behind a
//! bracket, comma, `=`, `:`, `=>`, `return` or `|>` is one looked for: everywhere else such tokens are something else, apart
//! from `&`, which is nothing in Snow.

use snow_base::{Span, TextRange};
use snow_diagnostics::{Diagnostic, foreign};

use super::blocks::BlockKind;
use super::{Closer, Completed, Open, Parser};
use crate::SyntaxKind::{self, *};

/// How far a head of a closure is looked for.
const HEAD: usize = 64;

/// How a closure is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `x => e`, `(x, y) -> e`
    Arrow,
    /// `|x| e`
    Bars,
    /// `lambda x: e`
    Colon,
    /// `\x -> e`
    Backslash,
    /// `fun x -> e`, `func(x) { e }`
    Word,
    /// `-> x { e }`
    ArrowFirst,
    /// `{ x -> e }`
    Braces,
    /// `{ |x| e }`
    BracesAndBars,
    /// `do |x| e end`, as an argument
    Block,
}

impl Form {
    fn shown(self, word: &str) -> String {
        match self {
            Form::Arrow => "without `fn`".to_owned(),
            Form::Bars => "not between `|`".to_owned(),
            Form::Backslash => "not with `\\`".to_owned(),
            Form::Colon | Form::Word => format!("not with `{word}`"),
            Form::ArrowFirst => "not with the arrow in front".to_owned(),
            Form::Braces | Form::BracesAndBars => "not in braces".to_owned(),
            Form::Block => "where it is an argument".to_owned(),
        }
    }
}

impl Parser<'_> {
    /// A closure as other languages write it, or `&f/1`, if one stands here.
    pub(super) fn foreign_closure(&mut self) -> Option<Completed> {
        if self.speculating || self.pos == 0 {
            return None;
        }
        if self.at(AMP) {
            return self.ampersand();
        }
        let behind = match self.input.kind(self.pos - 1) {
            L_PAREN | L_BRACK | COMMA | EQ | COLON | RETURN_KW | FAT_ARROW => true,
            // In a guard, the arrow behind `|> f` is the arm's.
            PIPE_GT => self.nth(1) == FAT_ARROW || self.at(PIPE),
            _ => false,
        };
        if !behind || self.key == Some(self.pos) || self.pos == self.fresh {
            return None;
        }
        let form = self.closure_form()?;
        Some(self.closure_of(form))
    }

    fn closure_form(&self) -> Option<Form> {
        let arrow =
            |n: usize| matches!(self.nth(n), FAT_ARROW | ARROW) && !self.input.starts_line(self.pos + n);
        let braced = |n: usize| self.nth(n) == L_BRACE && !self.input.starts_line(self.pos + n);
        match self.current() {
            IDENT | UNDERSCORE if arrow(1) => Some(Form::Arrow),
            L_PAREN if self.behind_params(0).is_some_and(arrow) => Some(Form::Arrow),
            PIPE2 => Some(Form::Bars),
            PIPE if self.names_upto(1, PIPE).is_some() => Some(Form::Bars),
            BACKSLASH if matches!(self.nth(1), IDENT | UNDERSCORE | L_PAREN) => Some(Form::Backslash),
            ARROW if braced(1) || braced(2) || self.behind_params(1).is_some_and(braced) => {
                Some(Form::ArrowFirst)
            }
            L_BRACE if self.nth(1) == PIPE && self.names_upto(2, PIPE).is_some() => Some(Form::BracesAndBars),
            L_BRACE if self.names_upto(1, ARROW).is_some() => Some(Form::Braces),
            DO_KW if self.nth(1) == PIPE && self.names_upto(2, PIPE).is_some() => Some(Form::Block),
            IDENT => self.closure_word(),
            _ => None,
        }
    }

    /// `lambda x:`, `fun x ->`, `func(x) {`
    fn closure_word(&self) -> Option<Form> {
        let word = self.input.text(self.pos);
        let named = matches!(self.nth(1), IDENT | UNDERSCORE);
        if word == "lambda" && (self.nth(1) == COLON || named && self.names_upto(1, COLON).is_some()) {
            return Some(Form::Colon);
        }
        if word != "lambda" && foreign::keyword(word) != Some("fn") {
            return None;
        }
        if named {
            let ends = |kind| self.names_upto(1, kind).is_some();
            return (ends(ARROW) || ends(FAT_ARROW)).then_some(Form::Word);
        }
        let behind = self.behind_params(1).filter(|n| !self.input.starts_line(self.pos + n))?;
        // The type of the result, as in `func(x int) int {`.
        let result = matches!(self.nth(behind), IDENT | TYPE_IDENT) && self.nth(behind + 1) == L_BRACE;
        let body = matches!(self.nth(behind), L_BRACE | ARROW | FAT_ARROW);
        (body || result).then_some(Form::Word)
    }

    /// Where `close` stands behind names with their types, `n` tokens further on this line.
    fn names_upto(&self, n: usize, close: SyntaxKind) -> Option<usize> {
        for at in n..n + HEAD {
            if self.input.starts_line(self.pos + at) {
                return None;
            }
            match self.nth(at) {
                kind if kind == close => return (at > n).then_some(at),
                IDENT | UNDERSCORE | TYPE_IDENT | COMMA | COLON | COLON2 | L_PAREN | R_PAREN | LT | GT
                | AMP => {}
                _ => return None,
            }
        }
        None
    }

    /// What stands behind the parameters in the parenthesis `n` tokens further, if they can be such.
    fn behind_params(&self, n: usize) -> Option<usize> {
        if self.nth(n) != L_PAREN {
            return None;
        }
        let mut depth = 0u32;
        for at in n..n + HEAD {
            match self.nth(at) {
                L_PAREN => depth += 1,
                R_PAREN if depth == 1 => return Some(at + 1),
                R_PAREN => depth -= 1,
                IDENT | UNDERSCORE | TYPE_IDENT | COMMA | COLON | COLON2 | LT | GT | L_BRACE | R_BRACE => {}
                _ => return None,
            }
        }
        None
    }

    fn closure_of(&mut self, form: Form) -> Completed {
        let (marker, clause) = (self.start(), self.start());
        let message =
            format!("a closure is written `fn x -> … end`, {}", form.shown(self.input.text(self.pos)));
        let mut diagnostic = Diagnostic::error("E0113", message, self.here());
        if form == Form::Bars {
            diagnostic =
                diagnostic.with_help("only blocks behind a call take `|x|`: `each(xs) do |x| … end`");
        }
        let edit = self.closure_opener(form);
        let report = self.report(diagnostic.with_safe_fix("write `fn … -> … end`", vec![edit]));
        let mut open = None;
        match form {
            Form::Arrow | Form::Bars => {}
            Form::Braces | Form::BracesAndBars => open = Some(self.open_brace(report)),
            Form::Block => {
                self.bump_as_error();
                open = Some(self.open_block(self.pos - 1, false));
            }
            _ => self.bump_as_error(),
        }
        self.foreign_params(form, report);
        self.foreign_body(form, open, report);
        self.complete(clause, FN_CLAUSE);
        self.complete(marker, FN_EXPR)
    }

    /// The change that writes `fn` for what opens the closure.
    fn closure_opener(&self, form: Form) -> (Span, String) {
        let first = self.here();
        let before = Span::new(self.file, TextRange::empty(first.text_range().start()));
        let blank = if self.input.touches_previous(self.pos + 1) { "fn " } else { "fn" };
        match form {
            Form::Arrow => (before, "fn ".to_owned()),
            Form::Bars if self.at(PIPE2) => (first, "fn ->".to_owned()),
            Form::Bars | Form::Backslash | Form::Braces => (first, blank.to_owned()),
            Form::Colon | Form::Word | Form::ArrowFirst => (first, "fn".to_owned()),
            Form::BracesAndBars | Form::Block => {
                let text = if self.input.touches_previous(self.pos + 2) { "fn " } else { "fn" };
                (self.span_of(self.pos, self.pos + 1), text.to_owned())
            }
        }
    }

    /// `{`, which opens the closure's block.
    fn open_brace(&mut self, report: Option<usize>) -> Open {
        let indent = self.input.indent(self.pos);
        let open = Open { opener: self.pos, indent, of_item: false, closer: Closer::Brace, report };
        self.bump_as_error();
        self.brackets += 1;
        self.opens.push(open);
        open
    }

    fn foreign_params(&mut self, form: Form, report: Option<usize>) {
        let list = self.start();
        self.joins = report;
        if self.eat(PIPE2) {
        } else if self.at(PIPE) {
            self.bump();
            while !matches!(self.current(), PIPE | EOF) {
                let before = self.pos;
                self.param(false, false);
                self.eat(COMMA);
                if self.pos == before {
                    self.bump_as_error();
                }
            }
            let text = if self.input.touches_previous(self.pos) { " ->" } else { "->" };
            self.also_edit(report, (self.here(), text.to_owned()));
            self.bump();
        } else if self.at(L_PAREN) {
            self.param_list_inner();
        } else {
            self.bare_params(form, report);
        }
        self.joins = None;
        self.complete(list, PARAM_LIST);
    }

    /// Names up to what ends the head; commas may be missing.
    fn bare_params(&mut self, form: Form, report: Option<usize>) {
        while !matches!(self.current(), ARROW | FAT_ARROW | L_BRACE | EOF) && !self.line_start() {
            let before = self.pos;
            if form == Form::Colon && self.at(COLON) {
                break;
            }
            if form == Form::Colon || form == Form::Arrow {
                let param = self.start();
                self.pattern(false, false);
                self.complete(param, PARAM);
            } else {
                self.param(false, false);
            }
            if !self.eat(COMMA) && matches!(self.current(), IDENT | UNDERSCORE) {
                let at = Span::new(self.file, TextRange::empty(self.span(self.pos - 1).text_range().end()));
                self.also_edit(report, (at, ",".to_owned()));
            }
            if self.pos == before {
                self.bump_as_error();
            }
        }
    }

    /// The arrow, or what stands for it, and the body.
    fn foreign_body(&mut self, form: Form, open: Option<Open>, report: Option<usize>) {
        let bars = matches!(form, Form::Bars | Form::BracesAndBars | Form::Block);
        if form == Form::Word && matches!(self.current(), IDENT | TYPE_IDENT) {
            let upto = self.span(self.pos + 1).text_range().start();
            let cut = Span::new(self.file, TextRange::new(self.here().text_range().start(), upto));
            self.also_edit(report, (cut, String::new()));
            self.bump_as_error();
        }
        let mut arrow = bars;
        if !bars && matches!(self.current(), ARROW | FAT_ARROW | COLON) {
            let text = if self.input.touches_previous(self.pos) { " ->" } else { "->" };
            if !self.at(ARROW) || text.len() > 2 {
                self.also_edit(report, (self.here(), text.to_owned()));
            }
            self.bump_as_error();
            arrow = true;
        }
        if let Some(open) = open {
            self.block(BlockKind::Plain);
            return self.close_block(open);
        }
        if self.at(L_BRACE) && !self.line_start() && (!arrow || self.brace_holds_statements()) {
            let edit = match arrow {
                true => {
                    let upto = self.span(self.pos + 1).text_range().start();
                    (
                        Span::new(self.file, TextRange::new(self.here().text_range().start(), upto)),
                        String::new(),
                    )
                }
                false => (self.here(), "->".to_owned()),
            };
            self.also_edit(report, edit);
            let open = self.open_brace(report);
            self.block(BlockKind::Plain);
            return self.close_block(open);
        }
        let block = self.start();
        self.expr();
        self.complete(block, BLOCK);
        if form == Form::Word && self.at(END_KW) && !self.line_start() {
            return self.bump();
        }
        self.end_behind(report);
    }

    /// The change that puts an `end` behind the token before.
    fn end_behind(&mut self, report: Option<usize>) {
        let at = self.span(self.pos - 1).text_range().end();
        self.also_edit(report, (Span::new(self.file, TextRange::empty(at)), " end".to_owned()));
    }

    /// Is what the brace here encloses a block, rather than a tuple or a map?
    fn brace_holds_statements(&self) -> bool {
        let mut depth = 0u32;
        for n in 0..HEAD {
            match self.nth(n) {
                L_PAREN | L_BRACK | L_BRACE | MAP_OPEN => depth += 1,
                R_PAREN | R_BRACK | R_BRACE if depth <= 1 => return true,
                R_PAREN | R_BRACK | R_BRACE => depth -= 1,
                COMMA | COLON if depth == 1 => return false,
                SEMI | RETURN_KW | LET_KW | EOF => return true,
                _ => {}
            }
        }
        true
    }

    /// `&f/1`, `&(&1 + 1)`, `&x`
    fn ampersand(&mut self) -> Option<Completed> {
        if self.nth(1) == INT {
            return Some(self.numbered_hole());
        }
        if let Some(last) = self.captured_name() {
            return self.capture_of_name(last);
        }
        if self.capture_holds_numbers() {
            return Some(self.capture_of_expr());
        }
        let touches = self.input.touches_previous(self.pos + 1);
        if !touches || !matches!(self.nth(1), IDENT | TYPE_IDENT | L_BRACK | STRING_START | MAP_OPEN) {
            return None;
        }
        let is_mut = self.nth(1) == IDENT && self.input.text(self.pos + 1) == "mut" && self.nth(2) == IDENT;
        let upto = self.span(self.pos + 1 + usize::from(is_mut)).text_range().start();
        let cut = Span::new(self.file, TextRange::new(self.here().text_range().start(), upto));
        let message = "there are no references: values are passed as they are";
        let diagnostic = Diagnostic::error("E0113", message, self.here());
        self.error(diagnostic.with_safe_fix("remove it", vec![(cut, String::new())]));
        (0..=usize::from(is_mut)).for_each(|_| self.bump_as_error());
        self.postfix_expr()
    }

    /// The last token of `&name/1` or `&Module.name/1`.
    fn captured_name(&self) -> Option<usize> {
        let mut n = 1;
        while matches!(self.nth(n), IDENT | TYPE_IDENT) {
            match (self.nth(n + 1), self.nth(n + 2)) {
                (DOT, _) => n += 2,
                (SLASH, INT) => {
                    let touches = (1..=n + 2).all(|at| self.input.touches_previous(self.pos + at));
                    return touches.then_some(n + 2);
                }
                _ => return None,
            }
        }
        None
    }

    /// Reads `&name/1` as `name`; the number stands `last` tokens further.
    fn capture_of_name(&mut self, last: usize) -> Option<Completed> {
        let name = self.input.text_of(self.pos + 1..self.pos + last - 1);
        let message = format!("a function is given by its name alone: `{name}`");
        let edits = vec![
            (self.here(), String::new()),
            (self.span_of(self.pos + last - 1, self.pos + last), String::new()),
        ];
        let diagnostic = Diagnostic::error("E0113", message, self.span_of(self.pos, self.pos + last));
        self.error(diagnostic.with_safe_fix("write the name", edits));
        self.bump_as_error();
        let read = self.postfix_expr();
        self.bump_as_error();
        self.bump_as_error();
        read
    }

    /// `&1`
    fn numbered_hole(&mut self) -> Completed {
        self.error(stray(self.here(), AMP));
        let marker = self.start();
        self.bump();
        self.bump();
        self.complete(marker, ERROR)
    }

    /// Does `&1` stand in what `&` is in front of, on this line?
    fn capture_holds_numbers(&self) -> bool {
        let mut depth = 0u32;
        for n in 1..HEAD {
            match self.nth(n) {
                EOF => return false,
                _ if self.input.starts_line(self.pos + n) => return false,
                AMP if self.nth(n + 1) == INT => return true,
                L_PAREN | L_BRACK | L_BRACE | MAP_OPEN | INTERP_START => depth += 1,
                R_PAREN | R_BRACK | R_BRACE | INTERP_END | COMMA if depth == 0 => return false,
                R_PAREN | R_BRACK | R_BRACE | INTERP_END => depth -= 1,
                _ => {}
            }
        }
        false
    }

    /// `&(&1 + 1)`, `&f(&1, 2)`: passed over, since its parameters have no names.
    fn capture_of_expr(&mut self) -> Completed {
        let (marker, first) = (self.start(), self.pos);
        let paren = self.nth(1) == L_PAREN;
        let brackets = paren && self.input.touches_previous(first + 1);
        let at = self.errors.len();
        let message = "a closure is written `fn x -> … end`, its parameters have names";
        self.error(Diagnostic::error("E0113", message, self.here()));
        self.muted += 1;
        self.bump();
        if brackets {
            self.postfix_expr();
        } else {
            self.expr();
        }
        self.muted -= 1;
        let closes = brackets && self.input.kind(self.pos - 1) == R_PAREN;
        let edits = self.named_parameters(first, closes);
        if let (Some(error), Some(edits)) = (self.errors.get_mut(at), edits) {
            *error = error.clone().with_safe_fix("write `fn … -> … end`", edits);
        }
        self.complete(marker, ERROR)
    }

    /// The changes that make a closure of the tokens from `first` to here; `closes`: a parenthesis encloses its body.
    fn named_parameters(&self, first: usize, closes: bool) -> Option<Vec<(Span, String)>> {
        let tokens = first..self.pos;
        let number = |at: usize| {
            let is = self.input.kind(at) == AMP && self.input.kind(at + 1) == INT;
            is.then(|| self.input.text(at + 1).parse::<usize>().ok()).flatten()
        };
        let count = tokens.clone().filter_map(number).max()?;
        let taken = |name: &str| tokens.clone().any(|at| self.input.text(at) == name);
        let names: Vec<&str> = ["x", "y", "z", "a", "b", "c"].into_iter().filter(|n| !taken(n)).collect();
        let names = names.get(..count)?;
        let opener = self.span_of(first, first + usize::from(closes));
        let mut edits = vec![(opener, format!("fn {} -> ", names.join(", ")))];
        for at in tokens.clone() {
            if let Some(name) = number(at).and_then(|n| names.get(n.checked_sub(1)?)) {
                edits.push((self.span_of(at, at + 1), (*name).to_owned()));
            }
        }
        let last = self.span(self.pos - 1);
        edits.push(match closes {
            true => (last, " end".to_owned()),
            false => (Span::new(self.file, TextRange::empty(last.text_range().end())), " end".to_owned()),
        });
        Some(edits)
    }
}

/// The error about `&` or `\` where it means nothing, not even in other languages.
pub(super) fn stray(span: Span, kind: SyntaxKind) -> Diagnostic {
    let (shown, help) = match kind {
        AMP => (
            "&",
            "there are no references, values are passed as they are; the operator is `and` or `&&`, bits are combined by `Int.band`, a short function is `fn x -> … end`",
        ),
        _ => (
            "\\",
            "a line goes on behind an operator, a comma or in brackets; a closure is written `fn x -> … end`",
        ),
    };
    Diagnostic::error("E0109", format!("`{shown}` means nothing here"), span).with_help(help)
}
