//! Mistakes in the shape of items.

use snow_base::{Name, Span};
use snow_diagnostics::Diagnostic;

/// A second definition of a name.
pub(crate) fn defined_twice(what: &str, name: Name, span: Span, first: Option<Span>) -> Diagnostic {
    let problem = Diagnostic::error("E0201", format!("the {what} `{name}` is already defined"), span)
        .with_primary_text("defined again here");
    match first {
        Some(first) => problem.with_label(first, "first defined here"),
        None => problem,
    }
}

/// A second function of a name in one module.
pub(crate) fn clash(name: Name, span: Span, first: Span, first_arity: usize, arity: usize) -> Diagnostic {
    if first_arity != arity {
        let message = format!("the clauses of `{name}` take different numbers of parameters");
        return Diagnostic::error("E0203", message, span)
            .with_primary_text(format!("{} here", parameters(arity)))
            .with_label(first, format!("{} here", parameters(first_arity)))
            .with_help("give one of them another name, or a parameter a default");
    }
    Diagnostic::error(
        "E0202",
        format!("the clauses of `{name}` stand apart: the function is already defined"),
        span,
    )
    .with_primary_text("another clause here")
    .with_label(first, "the function is defined here")
    .with_help("put all clauses of a function next to each other, or choose another name")
}

fn parameters(n: usize) -> String {
    if n == 1 { "1 parameter".to_owned() } else { format!("{n} parameters") }
}

/// A clause of a closure with more or fewer parameters than the first.
pub(crate) fn closure_clash(span: Span, first: Span, first_arity: usize, arity: usize) -> Diagnostic {
    let message = "the clauses of this function take different numbers of parameters";
    Diagnostic::error("E0203", message, span)
        .with_primary_text(format!("{} here", parameters(arity)))
        .with_label(first, format!("{} here", parameters(first_arity)))
        .with_help(
            "in front of `->` a `|` joins alternatives for one parameter: `fn 0 | 1, y -> y | x, _ -> x end`",
        )
}

/// A function called like a reserved word.
pub(crate) fn reserved_word(name: Name, span: Span) -> Diagnostic {
    Diagnostic::error(
        "E0114",
        format!("`{name}` is a reserved word and can't be the name of a function here"),
        span,
    )
}

/// A definition of `self`, `send`, …
pub(crate) fn fixed_name(name: Name, span: Span) -> Diagnostic {
    Diagnostic::error("E0213", format!("`{name}` can't be redefined"), span)
        .with_note("`self`, `send`, `spawn`, `spawn_link`, `link` and `unlink` mean the same everywhere")
        .with_help("choose another name")
}

/// `impl Type for Interface`
pub(crate) fn impl_reversed((first, second): (Span, Span)) -> Diagnostic {
    Diagnostic::error("E0216", "the interface stands before the `for`, the type behind it", first)
        .with_primary_text("this is the type")
        .with_label(second, "this is the interface")
        .with_moves("swap them", &[first, second])
}

/// `@…` in a program.
pub(crate) fn attr_outside_std(span: Span) -> Diagnostic {
    Diagnostic::error("E0214", "attributes can be used only in the standard library", span)
        .with_help("remove it")
}

/// `@lang("…")` and its kin with a name that the compiler doesn't know.
pub(crate) fn unknown_attr_argument(span: Span) -> Diagnostic {
    Diagnostic::error("E0214", "the compiler knows nothing of this name and kind", span)
}

/// `= e` at a parameter of a later clause.
pub(crate) fn default_in_later_clause(span: Span) -> Diagnostic {
    Diagnostic::error("E0223", "a default stands in the first clause of a function", span)
}

/// A default in a place where none can be.
pub(crate) fn default_not_here(span: Span) -> Diagnostic {
    Diagnostic::error(
        "E0223",
        "parameters of closures, local functions and methods can't have a default",
        span,
    )
}

/// Annotations of two clauses differ.
pub(crate) fn results_differ(span: Span, first: Span) -> Diagnostic {
    Diagnostic::error("E0223", "the clauses of a function declare different results", span)
        .with_label(first, "the first one here")
}

/// Generics or `where` at a later clause.
pub(crate) fn generics_in_later_clause(span: Span) -> Diagnostic {
    Diagnostic::error("E0223", "type parameters are declared at the first clause of a function", span)
}

/// An alias that contains itself.
pub(crate) fn recursive_alias(path: &[Name], span: Span) -> Diagnostic {
    let shown: Vec<&str> = path.iter().map(|n| n.as_str()).collect();
    Diagnostic::error("E0212", format!("the alias `{}` is recursive", shown[0]), span)
        .with_note(format!("it goes round in a cycle: {}", shown.join(" -> ")))
        .with_help("use a struct or a sum type: those may contain themselves")
}

/// A private function that nothing calls.
pub(crate) fn unused_function(name: Name, span: Span) -> Diagnostic {
    Diagnostic::warning("W0004", format!("unused function `{name}`"), span)
        .with_help("remove it, or write `pub` in front of it if other modules need it")
}

/// More variants of a type, or fields, than there may be.
pub(crate) fn too_many(what: &str, most: usize, span: Span) -> Diagnostic {
    Diagnostic::error("E0911", format!("more than {most} {what}"), span)
        .with_primary_text("this is one too many")
        .with_help("make several types, and one that holds them")
}
