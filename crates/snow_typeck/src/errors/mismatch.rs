//! Types that don't fit: both types, where the expectation comes from, and the conversion if there is one.

use snow_base::{FxHashMap, Span, TextRange};
use snow_diagnostics::Diagnostic;
use snow_hir::{BinaryOp, BuiltinTy, Expr, ExprId};

use crate::TyCon;
use crate::infer::Infer;
use crate::ty::Ty;
use crate::unify::UnifyError;

/// Why a type is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Why {
    /// Nothing special.
    None,
    /// The declaration of a constant or default.
    Declared,
    /// An annotation.
    Annotation(Span),
    /// A parameter, declared there.
    Param(Option<Span>),
    /// The declared result.
    Ret(Span),
    /// The result of a closure.
    ClosureResult,
    /// The first branch.
    Branch(Span),
    /// There is no `else`.
    NoElse,
    /// A condition.
    Condition,
    /// A field, declared there.
    Field(Span),
    /// A part of a tuple or list of known type.
    Part,
    /// The first element.
    Element(Span),
    /// `..xs` in a list.
    Spread,
    /// A map's keys, as in the key or map there.
    Key(Span),
    /// A map's values, as in the value there.
    Value(Span),
    /// What `%{m | …}` updates.
    Updated,
    /// An end of a range.
    RangeEnd,
    /// The index of a list.
    ListIndex,
    /// The left operand.
    Operand(Span),
    /// The last value of a service's handler.
    Answer { call: bool },
    /// The state that a handler hands to the next round of its service.
    State,
    /// What is matched.
    Scrutinee(Span),
    /// The other side of an or-pattern.
    OtherAlternative,
    /// The messages of the process, as in the first arm.
    Messages(Option<Span>),
    /// The message of a `send` to this process.
    Message(Span),
    /// The time of `after`.
    Timeout,
    /// A default that is used since the argument is left out.
    DefaultUsed,
    /// What a child's `start` gives.
    ChildStart,
    /// In front of the point of a method call.
    Receiver,
}

impl Why {
    /// The same expectation of an `if` that has no `else`.
    pub(crate) fn without_else(self) -> Why {
        match self {
            Why::None | Why::ClosureResult => Why::NoElse,
            other => other,
        }
    }

    fn place(self) -> Option<Span> {
        match self {
            Why::Annotation(s) | Why::Ret(s) | Why::Branch(s) | Why::Field(s) => Some(s),
            Why::Element(s) | Why::Operand(s) | Why::Scrutinee(s) => Some(s),
            Why::Key(s) | Why::Value(s) | Why::Message(s) => Some(s),
            Why::Param(place) | Why::Messages(place) => place,
            _ => None,
        }
    }

    fn text(self, want: &str) -> Option<String> {
        Some(match self {
            Why::Annotation(_) => format!("`{want}` because of this annotation"),
            Why::Answer { call: true } => {
                format!("a `call` ends with the reply and the new state: `(reply, state)`, here `{want}`")
            }
            Why::Answer { call: false } => {
                format!("a `cast` or `info` ends with the new state, here `{want}`")
            }
            Why::State => {
                format!("the state of this service is {}, as `init` or another handler says", a(want))
            }
            Why::Param(_) => format!("the parameter is {}", a(want)),
            Why::Ret(_) => format!("the result is declared as `{want}`"),
            Why::Branch(_) => format!("this branch gives `{want}`"),
            Why::Field(_) => format!("the field is declared as `{want}`"),
            Why::Element(_) => format!("the first element is {}", a(want)),
            Why::Operand(_) => format!("this side is {}", a(want)),
            Why::Scrutinee(_) => format!("this is {}", a(want)),
            Why::NoElse => "an `if` without `else` gives `()`".to_owned(),
            Why::Condition => "a condition is a `Bool`".to_owned(),
            Why::ClosureResult => format!("this function must give `{want}`"),
            Why::Key(_) => format!("the keys of this map are of type `{want}`"),
            Why::Value(_) => format!("the values of this map are of type `{want}`"),
            Why::ListIndex => "a list is indexed by an `Int` or a `Range`".to_owned(),
            Why::RangeEnd => "the ends of a range are `Int`s".to_owned(),
            Why::Messages(_) => format!("this process takes messages of type `{want}`"),
            Why::Message(_) => format!("this process takes messages of type `{want}`"),
            Why::Timeout => "the time is an `Int`, in milliseconds".to_owned(),
            Why::OtherAlternative => format!("on the other side of the `|` the name is {}", a(want)),
            Why::DefaultUsed => "the default of a parameter that is left out gives this type".to_owned(),
            Why::Spread => "`..` puts the elements of a list in".to_owned(),
            Why::None | Why::Declared | Why::Part | Why::Updated | Why::Receiver | Why::ChildStart => {
                return None;
            }
        })
    }
}

impl<'p> Infer<'_, 'p> {
    /// Reports that `found` stands where `want` is expected.
    pub(crate) fn report_mismatch(&mut self, span: Span, want: Ty, found: Ty, why: Why) {
        let snapshot = self.cx.table.snapshot();
        let outcome = self.cx.table.unify(want, found);
        self.cx.table.rollback(snapshot);
        if outcome == Err(UnifyError::TooLarge) {
            return self.report_too_large(span);
        }
        let infinite = outcome == Err(UnifyError::Infinite);
        let texts = self.cx.show_all(&[want, found]);
        if infinite {
            let message =
                format!("infinite type: `{}` would have to contain itself as `{}`", texts[0], texts[1]);
            self.report(Diagnostic::error("E0303", message, span));
            return;
        }
        if let Why::ChildStart = why {
            return self.report_child_start(span, found);
        }
        let message = match why {
            Why::Branch(_) => format!(
                "mismatch: the branches differ; expected `{}` like the first, found `{}`",
                texts[0], texts[1]
            ),
            _ => format!("type mismatch: expected `{}`, found `{}`", texts[0], texts[1]),
        };
        let mut error =
            Diagnostic::error("E0301", message, span).with_primary_text(format!("this is {}", a(&texts[1])));
        match (why.place(), why.text(&texts[0])) {
            (Some(place), Some(text)) if place != span => error = error.with_label(place, text),
            (_, Some(text)) => error = error.with_note(text),
            _ => {}
        }
        if let (Why::ClosureResult, Some(tried)) = (why, self.scope.tried) {
            error = error.with_label(tried, "this `?` leaves the closure, not the function around it").with_help(
                "let the closure end with `Ok(…)` or `Some(…)`, or use `for`, in which `?` leaves the function",
            );
        }
        if let Some(note) = difference(&texts[0], &texts[1]) {
            error = error.with_note(note);
        }
        let no_else = matches!(self.expr_at(span), Some(Expr::If { otherwise: None, .. }));
        if no_else && self.cx.table.shallow(found) == Ty::unit() && !matches!(why, Why::NoElse) {
            error = error.with_help("an `if` without `else` gives `()`: add `else` with the other value");
        }
        if let (Why::Condition, Some(help)) = (why, self.as_condition(found)) {
            error = error.with_help(help);
        }
        let error = if no_else { error } else { self.with_conversion(error, want, found, (span, why)) };
        self.report(error);
    }

    /// A type doubles from use to use.
    pub(crate) fn report_too_large(&mut self, span: Span) {
        let error = Diagnostic::error("E0321", "the type of this is too large", span)
            .with_note("written out, it would have more than ten thousand parts")
            .with_help("put parts that repeat into a struct, or into a list");
        self.report(error);
    }

    /// How a value that other languages take for a condition is asked.
    fn as_condition(&self, found: Ty) -> Option<&'static str> {
        let found = self.cx.table.shallow(found);
        let is = |item| self.adt_head(found).is_some_and(|(id, _)| self.cx.lang_type(item) == Some(id));
        match found.as_app() {
            Some((TyCon::Builtin(BuiltinTy::Int | BuiltinTy::Float), _)) => {
                Some("a number is compared: `n != 0`")
            }
            Some((TyCon::Builtin(BuiltinTy::String | BuiltinTy::List), _)) => {
                Some("`.is_empty()` asks whether there is nothing in it")
            }
            _ if is(snow_abi::LangItem::Option) => {
                Some("`.is_some()` asks whether there is a value; `case` takes it out")
            }
            _ if is(snow_abi::LangItem::Result) => {
                Some("`.is_ok()` asks whether there is a value; `case` takes it out")
            }
            _ => None,
        }
    }

    /// A supervisor watches what `start` gives: that must be a process.
    fn report_child_start(&mut self, start: Span, found: Ty) {
        let shown = self.cx.show(found);
        let message = format!("the `start` of a child gives the pid of a process, not `{shown}`");
        let error = Diagnostic::error("E0632", message, start)
            .with_primary_text(format!("this gives {}", a(&shown)))
            .with_help(
                "`start` gives what starts the process: `spawn_link(worker)` or `Counter.start_link(10)`",
            );
        self.report(error);
    }

    /// Says how a value of one type is made one of the other.
    fn with_conversion(
        &mut self,
        error: Diagnostic,
        want: Ty,
        found: Ty,
        (span, why): (Span, Why),
    ) -> Diagnostic {
        let (want, found) = (self.cx.table.shallow(want), self.cx.table.shallow(found));
        let Some(expr) = self.expr_at(span) else { return self.with_other_pattern(error, want, found) };
        if want == Ty::float() && found == Ty::int() {
            if let Expr::Int(value) = expr {
                let edits = vec![(span, format!("{value}.0"))];
                return error.with_safe_fix("a Float is written with a point", edits);
            }
            if let Expr::Binary { op: BinaryOp::Div, left, right } = *expr {
                let edits = [left, right].into_iter().flat_map(|e| self.as_float(e)).collect();
                return error.with_fix("`/` of two Ints leaves the fraction out: divide Floats", edits);
            }
            let edits = around(span, "Int.to_float(", ")");
            return error.with_safe_fix("`Int.to_float(…)` makes a Float of an Int", edits);
        }
        if want == Ty::int() && found == Ty::float() {
            if let Why::Operand(left) = why {
                let edits = around(left, "Int.to_float(", ")");
                return error.with_fix("`Int.to_float(…)` makes a Float of the Int", edits);
            }
            return error.with_fix(
                "`Math.round(…)` makes an Int of a Float, if the fraction doesn't matter",
                around(span, "Math.round(", ")"),
            );
        }
        let wrapping = self.wrapping(want, found);
        let shown = self.cx.head_has_impl(snow_abi::LangItem::Display, found);
        if want == Ty::string() && shown && !matches!(wrapping, Some(Wrapping::Out(_))) {
            let edits = around(span, "to_string(", ")");
            return error.with_fix("`to_string(…)` or `\"${…}\"` makes a String of it", edits);
        }
        if wrapping.is_none()
            && let Some((text, after)) = self.walking(want, found)
        {
            // `0..n` needs parentheses in front of a point
            let (open, close) = if matches!(expr, Expr::Call { .. } | Expr::Local(_) | Expr::List(_)) {
                ("", "")
            } else {
                ("(", ")")
            };
            return error.with_fix(text, around(span, open, &format!("{close}{after}")));
        }
        match wrapping {
            Some(Wrapping::In(ctor)) => {
                error.with_fix(format!("wrap it: `{ctor}(…)`"), around(span, &format!("{ctor}("), ")"))
            }
            Some(Wrapping::Out(failure)) => {
                let text = format!("`?` takes the value out and gives `{failure}` back; `case` handles both");
                match expr {
                    Expr::Call { .. } | Expr::MethodCall { .. } | Expr::Local(_) | Expr::Field { .. } => {
                        error.with_fix(text, around(span, "", "?"))
                    }
                    _ => error.with_help(text),
                }
            }
            None => {
                let is_none = self.cx.show(found) == "Option<a>" && !matches!(why, Why::Answer { .. });
                self.with_other_wrapper(error, want, found, is_none)
            }
        }
    }

    /// The edits that make a Float of an Int.
    fn as_float(&self, e: ExprId) -> Vec<(Span, String)> {
        match self.body.exprs[e] {
            Expr::Int(value) => vec![(self.span(e), format!("{value}.0"))],
            // The fraction would be left out already here.
            Expr::Binary { op: BinaryOp::Div, left, right } => {
                [left, right].into_iter().flat_map(|e| self.as_float(e)).collect()
            }
            _ => around(self.span(e), "Int.to_float(", ")"),
        }
    }

    /// Says how an Option becomes a Result and the other way round, and what `None` would need.
    fn with_other_wrapper(&self, error: Diagnostic, want: Ty, found: Ty, found_is_none: bool) -> Diagnostic {
        let kind = |ty: Ty| {
            let (id, _) = self.adt_head(ty)?;
            let items = [snow_abi::LangItem::Option, snow_abi::LangItem::Result];
            items.iter().position(|&item| self.cx.lang_type(item) == Some(id))
        };
        match (kind(want), kind(found)) {
            (Some(0), Some(1)) => error.with_help(
                "an `Option` is `Some(value)` or `None`; `Result.to_option(result)` makes one of a `Result`",
            ),
            (Some(1), Some(0)) => error.with_help(
                "a `Result` is `Ok(value)` or `Err(error)`; `Option.to_result(option, error)` makes one of an `Option`",
            ),
            (None, Some(0)) if found_is_none => {
                let want = self.cx.show(want);
                error.with_help(format!("what may be missing is of type `Option<{want}>`"))
            }
            _ => error,
        }
    }

    /// Says which patterns an Option and a Result have.
    fn with_other_pattern(&self, error: Diagnostic, want: Ty, found: Ty) -> Diagnostic {
        let Some((id, _)) = self.adt_head(want) else { return error };
        let tuple = matches!(found.as_app(), Some((TyCon::Tuple, _)));
        if !tuple && self.adt_head(found).is_none() {
            return error;
        }
        match id {
            _ if self.cx.lang_type(snow_abi::LangItem::Option) == Some(id) => {
                error.with_help("an `Option` is `Some(value)` or `None`")
            }
            _ if self.cx.lang_type(snow_abi::LangItem::Result) == Some(id) => {
                error.with_help("a `Result` is `Ok(value)` or `Err(error)`")
            }
            _ => error,
        }
    }

    /// The expression at a place; `None` for a pattern.
    fn expr_at(&mut self, span: Span) -> Option<&'p Expr> {
        let body = self.body;
        let known = self.cx.memo.places.take().filter(|(of, _)| *of == self.result.body);
        let (_, places) = self.cx.memo.places.insert(known.unwrap_or_else(|| {
            let mut places = FxHashMap::default();
            for (e, span) in body.expr_spans.iter() {
                places.entry(*span).or_insert(e);
            }
            for (_, span) in body.pat_spans.iter() {
                places.remove(span);
            }
            (self.result.body, places)
        }));
        places.get(&span).map(|e| &body.exprs[*e])
    }

    /// How a collection is made an iterator, or an iterator or range a list.
    fn walking(&self, want: Ty, found: Ty) -> Option<(&'static str, &'static str)> {
        let is = |ty: Ty, item| self.adt_head(ty).is_some_and(|(id, _)| self.cx.lang_type(item) == Some(id));
        let is_list = want.as_app().is_some_and(|(con, _)| con == TyCon::Builtin(BuiltinTy::List));
        let (iter, range) = (snow_abi::LangItem::Iter, snow_abi::LangItem::Range);
        if is(want, iter) && !is(found, iter) && self.cx.head_has_impl(snow_abi::LangItem::Iterable, found) {
            Some(("`.iter()` makes an Iter of a collection", ".iter()"))
        } else if is_list && is(found, iter) {
            Some(("`.to_list()` makes a List of an Iter", ".to_list()"))
        } else if is_list && is(found, range) {
            Some(("`.iter().to_list()` makes a List of a Range", ".iter().to_list()"))
        } else {
            None
        }
    }

    /// Is one of the types an Option or Result of the other?
    fn wrapping(&self, want: Ty, found: Ty) -> Option<Wrapping> {
        let kind = |ty: Ty| {
            let (id, args) = self.adt_head(ty)?;
            let is = |item| self.cx.lang_type(item) == Some(id);
            let inner = self.cx.table.zonk(*args.first()?);
            match () {
                () if is(snow_abi::LangItem::Option) => Some((inner, "Some", "None")),
                () if is(snow_abi::LangItem::Result) => Some((inner, "Ok", "Err")),
                () => None,
            }
        };
        if let Some((inner, ctor, _)) = kind(want)
            && inner == self.cx.table.zonk(found)
        {
            return Some(Wrapping::In(ctor));
        }
        let (inner, _, failure) = kind(found)?;
        (inner == self.cx.table.zonk(want)).then_some(Wrapping::Out(failure))
    }
}

/// How two types differ by an Option or Result around one of them.
enum Wrapping {
    /// The value must be put in, by this constructor.
    In(&'static str),
    /// The value must be taken out, unless it is this.
    Out(&'static str),
}

/// Edits that put something before and after a piece of code.
fn around(span: Span, before: &str, after: &str) -> Vec<(Span, String)> {
    let range = span.text_range();
    let at = |offset| Span::new(span.file, TextRange::empty(offset));
    let edits = [(at(range.start()), before.to_owned()), (at(range.end()), after.to_owned())];
    edits.into_iter().filter(|e| !e.1.is_empty()).collect()
}

/// A type with its article.
pub(crate) fn a(ty: &str) -> String {
    // A tuple isn't called one: «this is `(Int, Int)`».
    if ty.starts_with('(') {
        return format!("`{ty}`");
    }
    let vowel = ty.starts_with(['A', 'E', 'I', 'O']);
    format!("{} `{ty}`", if vowel { "an" } else { "a" })
}

/// Two types below each other with the parts marked in which they differ; `None` where that is all of them.
fn difference(want: &str, found: &str) -> Option<String> {
    let (wanted, given) = (words(want), words(found));
    let same = wanted.iter().zip(&given).take_while(|(a, b)| a == b).count();
    let rest = wanted[same..].iter().rev().zip(given[same..].iter().rev());
    let behind = rest.take_while(|(a, b)| a == b).count();
    if same == 0 {
        return None;
    }
    let marks = |words: &[&str]| {
        let len = |words: &[&str]| words.iter().map(|w| w.chars().count()).sum::<usize>();
        let differs = &words[same..words.len() - behind];
        format!("{}{}", " ".repeat(len(&words[..same])), "^".repeat(len(differs).max(1)))
    };
    Some(format!(
        "expected `{want}`\n          {}\n   found `{found}`\n          {}",
        marks(&wanted),
        marks(&given)
    ))
}

/// The names and marks of a type's text.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let len = if in_name(first) { rest.find(|c| !in_name(c)) } else { Some(first.len_utf8()) };
        let (word, behind) = rest.split_at(len.unwrap_or(rest.len()));
        words.push(word);
        rest = behind;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_marked() {
        let text = difference("Map<String, List<Int>>", "Map<String, List<Float>>").unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "expected `Map<String, List<Int>>`");
        assert_eq!(lines[1].find('^'), lines[0].find("Int"));
        assert_eq!(lines[3].find('^'), lines[2].find("Float"));
        assert_eq!(lines[3].matches('^').count(), "Float".len());
        assert!(difference("Fun(Int) -> Int", "Fun(Int, Int) -> Int").is_some());
        assert_eq!(difference("Int", "String"), None);
    }
}
