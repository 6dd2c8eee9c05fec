//! Mistakes in expressions and patterns.

use snow_base::{Name, Span};
use snow_diagnostics::Diagnostic;

/// `break` or `continue` without a loop; `across` says that a loop stands outside the closure.
pub(crate) fn outside_loop(word: &str, across: bool, span: Span) -> Diagnostic {
    let problem = Diagnostic::error("E0217", format!("`{word}` outside a loop"), span);
    if across {
        return problem.with_note("the loop stands outside this closure; a closure can't leave it");
    }
    problem.with_help("to leave the function, write `return`")
}

/// `return` in a constant or a default.
pub(crate) fn outside_function(span: Span) -> Diagnostic {
    Diagnostic::error("E0217", "`return` outside a function", span)
        .with_help("the value of a constant or default is that of its expression; `return` isn't needed")
}

/// A name that a pattern binds twice.
pub(crate) fn name_repeats(name: Name, span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0218", format!("`{name}` stands twice in this pattern"), span)
        .with_label(first, "bound here first")
        .with_help("give one of them another name and compare them in a guard: `when a == b`")
}

/// A name that only some alternatives bind.
pub(crate) fn alternatives_differ(name: Name, span: Span, lacking: Span) -> Diagnostic {
    Diagnostic::error("E0219", format!("`{name}` is not bound in all alternatives of this pattern"), span)
        .with_primary_text("bound here")
        .with_label(lacking, format!("`{name}` is missing here"))
        .with_help("both sides of `|` bind the same names; write `_` for a part that isn't needed")
}

/// A malformed pattern.
pub(crate) fn bad_pattern(message: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0220", message, span)
}

/// `_` where no argument stands.
pub(crate) fn stray_hole(span: Span) -> Diagnostic {
    Diagnostic::error("E0221", "a hole `_` can stand only as an argument of a call", span)
        .with_help("write a closure: `fn x -> … end`")
}

/// Two holes in a piped call.
pub(crate) fn holes_in_pipe(span: Span) -> Diagnostic {
    Diagnostic::error("E0221", "a piped call has one hole `_` at most", span)
        .with_help("write a closure: `|> fn x -> … end`")
}

/// Fields and entries in one update.
pub(crate) fn mixed_update(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E0222",
        "an update gives either fields (`name: value`) or entries (`key => value`)",
        span,
    )
}

/// An update without anything.
pub(crate) fn empty_update(span: Span) -> Diagnostic {
    Diagnostic::error("E0222", "an update gives at least one field or entry", span)
}

/// `send(pid)` and the like.
pub(crate) fn special_arguments(name: &str, form: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0224", format!("`{name}` takes other arguments"), span)
        .with_help(format!("write `{form}`"))
}

/// `send` without a call.
pub(crate) fn special_as_value(name: Name, span: Span) -> Diagnostic {
    let problem = Diagnostic::error("E0224", format!("`{name}` can only be called"), span);
    if name == "self" {
        return problem.with_help(
            "`self()` is the pid of this process; in an impl `self` is the first parameter of the method: `fn area(self) -> Float`",
        );
    }
    problem.with_help("write a closure: `fn x -> … end`")
}

/// A `let` in a loop that hides what the loop's condition asks.
pub(crate) fn shadows_condition(name: Name, span: Span, asked: Span) -> Diagnostic {
    let message = format!("this `let` binds a new `{name}`; the condition of the loop never sees it");
    Diagnostic::warning("W0013", message, span)
        .with_label(asked, format!("this `{name}` never changes"))
        .with_help(format!(
            "a value that changes from round to round is a parameter of a function that calls itself: `fn go({name}) do … go({name} + 1) end`; to count, write `for {name} in 0..10 do … end`"
        ))
}

/// `#{…}` in a string.
pub(crate) fn hash_braces(inner: &str, whole: Span, hash: Span) -> Diagnostic {
    Diagnostic::warning("W0014", format!("`#{{{inner}}}` in a string is plain text"), whole)
        .with_fix("a value stands in `${…}`", vec![(hash, "$".to_owned())])
}

/// A variable that is never read; what to write instead, and whether that is safe.
pub(crate) fn unused_variable(name: Name, span: Span, other: Option<(String, bool)>) -> Diagnostic {
    let problem = Diagnostic::warning("W0001", format!("unused variable `{name}`"), span);
    let Some((text, sure)) = other else {
        return problem.with_help("if this is intended, write `_` in all alternatives");
    };
    let (title, edits) = (format!("if this is intended, write `{text}`"), vec![(span, text)]);
    if sure { problem.with_safe_fix(title, edits) } else { problem.with_fix(title, edits) }
}

/// A pattern's name that hides a constant.
pub(crate) fn looks_like_constant(name: Name, span: Span, constant: Span) -> Diagnostic {
    Diagnostic::warning(
        "W0003",
        format!("`{name}` in this pattern is a new variable, not the constant"),
        span,
    )
    .with_label(constant, "the constant")
    .with_help(format!("to compare, write `x when x == {name}`; otherwise choose another name"))
}
