//! Mistakes in `deriving` clauses.

use snow_base::{Name, Span};
use snow_diagnostics::Diagnostic;

/// An interface that has no derived form.
pub(crate) fn underivable(name: Name, span: Span) -> Diagnostic {
    Diagnostic::error("E0550", format!("`{name}` can't be derived"), span)
        .with_note("`Eq`, `Ord`, `Hash`, `Display`, `Debug` and `Default` can be derived")
        .with_help(format!("write an `impl {name} for …`"))
}

/// `deriving(Ord)` without `Eq`.
pub(crate) fn ord_without_eq(span: Span) -> Diagnostic {
    Diagnostic::error("E0551", "`Ord` can't be derived without `Eq`", span)
        .with_help("write `deriving(Eq, Ord)`")
}

/// An interface that is derived and implemented.
pub(crate) fn derived_and_written(name: Name, span: Span, written: Span) -> Diagnostic {
    Diagnostic::error("E0552", format!("`{name}` is derived and implemented"), span)
        .with_label(written, "implemented here")
        .with_help(format!("remove `{name}` from the `deriving` clause, or the impl"))
}

/// An interface that stands twice in a clause.
pub(crate) fn derived_twice(name: Name, span: Span) -> Diagnostic {
    Diagnostic::error("E0201", format!("`{name}` stands twice in this `deriving` clause"), span)
}

/// `Default` of a sum type whose first variant has parts.
pub(crate) fn default_with_parts(variant: Name, span: Span, place: Span) -> Diagnostic {
    Diagnostic::error("E0553", "`Default` can be derived only where the first variant has no parts", span)
        .with_label(place, format!("`{variant}` has parts"))
        .with_help("put a variant without parts first, or write an `impl Default for …`")
}

/// `Default` of a sum type without variants.
pub(crate) fn default_without_variants(span: Span) -> Diagnostic {
    Diagnostic::error("E0553", "`Default` can't be derived for a type without variants", span)
}
