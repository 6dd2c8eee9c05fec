//! Types that don't fit: both types, where the expectation comes from, and the conversion if there is one.

use snow_base::Span;
use snow_diagnostics::Diagnostic;

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
    /// A map's keys.
    Key,
    /// A map's values.
    Value,
    /// What `%{m | …}` updates.
    Updated,
    /// An end of a range.
    RangeEnd,
    /// The index of a list.
    ListIndex,
    /// The left operand.
    Operand(Span),
    /// What is matched.
    Scrutinee(Span),
    /// The other side of an or-pattern.
    OtherAlternative,
    /// The messages of the process.
    Messages,
    /// The message of a `send`.
    Message,
    /// The time of `after`.
    Timeout,
    /// A default that is used since the argument is left out.
    DefaultUsed,
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
            Why::Param(place) => place,
            _ => None,
        }
    }

    fn text(self, want: &str) -> Option<String> {
        Some(match self {
            Why::Annotation(_) => format!("`{want}` because of this annotation"),
            Why::Param(_) => format!("the parameter is a `{want}`"),
            Why::Ret(_) => format!("the result is declared as `{want}`"),
            Why::Branch(_) => format!("this branch gives `{want}`"),
            Why::Field(_) => format!("the field is declared as `{want}`"),
            Why::Element(_) => format!("the first element is a `{want}`"),
            Why::Operand(_) => format!("this side is a `{want}`"),
            Why::Scrutinee(_) => format!("this is a `{want}`"),
            Why::NoElse => "an `if` without `else` gives `()`".to_owned(),
            Why::Condition => "a condition is a `Bool`".to_owned(),
            Why::ClosureResult => format!("this function must give `{want}`"),
            Why::Key => format!("the keys of this map are of type `{want}`"),
            Why::Value => format!("the values of this map are of type `{want}`"),
            Why::ListIndex => "a list is indexed by an `Int` or a `Range`".to_owned(),
            Why::RangeEnd => "the ends of a range are `Int`s".to_owned(),
            Why::Messages => format!("this process takes messages of type `{want}`"),
            Why::Message => format!("the process takes messages of type `{want}`"),
            Why::Timeout => "the time is an `Int`, in milliseconds".to_owned(),
            Why::OtherAlternative => format!("on the other side of the `|` the name is a `{want}`"),
            Why::DefaultUsed => "the default of a parameter that is left out gives this type".to_owned(),
            Why::Spread => "`..` puts the elements of a list in".to_owned(),
            Why::None | Why::Declared | Why::Part | Why::Updated | Why::Receiver => return None,
        })
    }
}

impl Infer<'_, '_> {
    /// Reports that `found` stands where `want` is expected.
    pub(crate) fn report_mismatch(&mut self, span: Span, want: Ty, found: Ty, why: Why) {
        let snapshot = self.cx.table.snapshot();
        let infinite = self.cx.table.unify(want, found) == Err(UnifyError::Infinite);
        self.cx.table.rollback(snapshot);
        let texts = self.cx.show_all(&[want, found]);
        if infinite {
            let message =
                format!("infinite type: `{}` would have to contain itself as `{}`", texts[0], texts[1]);
            self.report(Diagnostic::error("E0303", message, span));
            return;
        }
        let message = match why {
            Why::Branch(_) => format!(
                "mismatch: the branches differ; expected `{}` like the first, found `{}`",
                texts[0], texts[1]
            ),
            _ => format!("type mismatch: expected `{}`, found `{}`", texts[0], texts[1]),
        };
        let mut error =
            Diagnostic::error("E0301", message, span).with_primary_text(format!("this is a `{}`", texts[1]));
        match (why.place(), why.text(&texts[0])) {
            (Some(place), Some(text)) if place != span => error = error.with_label(place, text),
            (None, Some(text)) => error = error.with_note(text),
            _ => {}
        }
        if let Some(help) = self.conversion(want, found) {
            error = error.with_help(help);
        }
        self.report(error);
    }

    /// How a value of one type is made one of the other.
    fn conversion(&self, want: Ty, found: Ty) -> Option<String> {
        let (want, found) = (self.cx.table.shallow(want), self.cx.table.shallow(found));
        if want == Ty::float() && found == Ty::int() {
            return Some("`Int.to_float(…)` makes a Float of an Int".to_owned());
        }
        if want == Ty::int() && found == Ty::float() {
            return Some(
                "`Int.to_float(…)` makes a Float of the Int; `Float.round(…)` an Int of the Float".to_owned(),
            );
        }
        if want == Ty::string() && self.cx.head_has_impl(snow_abi::LangItem::Display, found) {
            return Some("`\"${…}\"` or `to_string(…)` makes a String of it".to_owned());
        }
        let (id, args) = self.adt_head(want)?;
        let is = |item| self.cx.lang_type(item) == Some(id);
        let inner = self.cx.table.zonk(*args.first()?);
        if inner != self.cx.table.zonk(found) {
            return None;
        }
        if is(snow_abi::LangItem::Option) {
            return Some("wrap it: `Some(…)`".to_owned());
        }
        is(snow_abi::LangItem::Result).then(|| "wrap it: `Ok(…)`".to_owned())
    }
}
