//! Names and modules that can't be found or used.

use snow_base::{Name, Span, TextRange};
use snow_diagnostics::foreign::{self, Meant};
use snow_diagnostics::{Diagnostic, Near};

use super::{nearest, nearest_function};

/// What kind of thing was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Variable, function, constant.
    Value,
    /// Type.
    Type,
    /// Interface.
    Interface,
    /// Constructor.
    Ctor,
}

impl Wanted {
    fn code_and_word(self) -> (&'static str, &'static str) {
        match self {
            Wanted::Value => ("E0204", "name"),
            Wanted::Type => ("E0205", "type"),
            Wanted::Interface => ("E0205", "interface"),
            Wanted::Ctor => ("E0206", "constructor"),
        }
    }
}

/// A name that means nothing.
pub(crate) fn unknown(wanted: Wanted, name: Name, span: Span, suggestion: Option<Near>) -> Diagnostic {
    let (code, word) = wanted.code_and_word();
    let problem = Diagnostic::error(code, format!("unknown {word} `{name}`"), span);
    let variable = wanted == Wanted::Type && name.as_str().len() == 1 && suggestion.is_none();
    if variable {
        return problem
            .with_help(format!("a type variable is declared behind the name: `fn name<{name}>(…)`"));
    }
    let meant = match wanted {
        Wanted::Value => foreign::value(name.as_str()),
        Wanted::Ctor => foreign::ctor(name.as_str()),
        Wanted::Type => {
            let Some(own) = foreign::ty(name.as_str()) else {
                return problem.with_suggestion(span, suggestion);
            };
            return problem.with_safe_fix(format!("the type is `{own}`"), vec![(span, own.to_owned())]);
        }
        Wanted::Interface => None,
    };
    let Some(Meant { help, own, sure }) = meant else {
        return problem.with_suggestion(span, suggestion);
    };
    let edits = vec![(span, own.to_owned())];
    match (own, sure) {
        ("", _) => problem.with_help(help),
        (_, true) => problem.with_safe_fix(help, edits),
        (_, false) => problem.with_fix(help, edits),
    }
}

/// So many names are listed where none is meant.
const LISTED: usize = 12;

/// A name that isn't in the module in front of it, which has the names `known`.
pub(crate) fn not_in_module(
    (what, module): (&str, &str),
    name: Name,
    span: Span,
    known: &[Name],
) -> Diagnostic {
    let problem = Diagnostic::error("E0208", format!("the {what} `{module}` has no `{name}`"), span);
    if let Some(help) = foreign::in_module(module, name.as_str()) {
        return problem.with_help(help);
    }
    let is_type = |name: Name| name.as_str().starts_with(char::is_uppercase);
    let alike = || known.iter().copied().filter(|&known| is_type(known) == is_type(name));
    let near = if is_type(name) { nearest(name, alike()) } else { nearest_function(name, alike()) };
    if near.is_some() {
        return problem.with_suggestion(span, near);
    }
    let names: std::collections::BTreeSet<String> = alike().map(|name| format!("`{name}`")).collect();
    if names.is_empty() || names.len() > LISTED {
        return problem;
    }
    problem.with_note(format!("it has {}", names.into_iter().collect::<Vec<_>>().join(", ")))
}

/// The problem of a function that isn't in the module at `place`, with the module of the standard library that has one of
/// that name, where no other help is known.
pub(crate) fn or_elsewhere(problem: Diagnostic, place: Span, name: Name, modules: &[Name]) -> Diagnostic {
    match modules {
        [module] if problem.help.is_empty() && problem.fixes.is_empty() => problem
            .with_fix(format!("`{name}` is in the module `{module}`"), vec![(place, module.to_string())]),
        _ => problem,
    }
}

/// A variant that isn't in the type in front of it.
pub(crate) fn not_a_variant(ty: Name, name: Name, span: Span, suggestion: Option<Near>) -> Diagnostic {
    Diagnostic::error("E0206", format!("`{ty}` has no variant `{name}`"), span)
        .with_suggestion(span, suggestion)
}

/// A method that isn't in the interface in front of it.
pub(crate) fn not_a_method(interface: Name, name: Name, span: Span, suggestion: Option<Near>) -> Diagnostic {
    let problem =
        Diagnostic::error("E0208", format!("the interface `{interface}` has no method `{name}`"), span);
    problem.with_suggestion(span, suggestion)
}

/// An item of another module without `pub`; one can stand at `item`.
pub(crate) fn private(
    name: Name,
    module: &str,
    span: Span,
    (defined, item): (Span, Option<Span>),
) -> Diagnostic {
    let problem = Diagnostic::error("E0209", format!("`{name}` is private to the module `{module}`"), span)
        .with_label(defined, "defined here without `pub`")
        .with_primary_text("used here");
    match item {
        Some(item) => {
            let title = format!("write `pub` in front of the definition of `{name}`");
            problem.with_safe_fix(title, vec![(item, "pub ".to_owned())])
        }
        None => problem.with_help(format!("write `pub` in front of the definition of `{name}`")),
    }
}

/// A module that doesn't exist.
pub(crate) fn unknown_module(path: &str, span: Span, suggestion: Option<Near>) -> Diagnostic {
    let problem = Diagnostic::error("E0207", format!("unknown module `{path}`"), span).with_note(format!(
        "neither the file `{}` nor a module of the standard library exists",
        file_of(path)
    ));
    if let Some(help) = foreign::module(path) {
        return problem.with_help(help);
    }
    problem.with_suggestion(span, suggestion)
}

/// A call or cast of a service by the name that it is declared with.
pub(crate) fn request_as_value(service: Name, name: Name, span: Span) -> Diagnostic {
    let function = format!("{service}.{}", crate::made::function_of_request(name.as_str()));
    Diagnostic::error("E0208", format!("`{name}` of the service `{service}` is called `{function}`"), span)
        .with_fix(format!("write `{function}`"), vec![(span, function.clone())])
        .with_help(format!("its first argument is the service's pid: `{function}(pid, …)`"))
}

/// A type that is imported as if it were a module.
pub(crate) fn import_of_a_name(module: &str, name: Name, span: Span) -> Diagnostic {
    let message = format!("`{name}` is no module: names of a module are imported with `from`");
    Diagnostic::error("E0207", message, span).with_help(format!(
        "write `from {module} import {name}`, or `import {module}` and its name with the module's"
    ))
}

/// A constructor in front of a point, where a module or type is looked for.
pub(crate) fn ctor_as_module(name: &str, span: Span) -> Diagnostic {
    let edits = vec![(span, format!("({name})"))];
    Diagnostic::error("E0207", format!("`{name}` is a constructor, not a module"), span)
        .with_fix("with parentheses it is a value, which may have methods", edits)
}

/// A module of a package that only other packages name.
pub(crate) fn undeclared_package(path: &str, package: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0207", format!("unknown module `{path}`"), span)
        .with_note(format!("it belongs to the package `{package}`, which another package uses"))
        .with_help(format!("add `{package}` to [dependencies] in snow.toml to use it here too"))
}

/// What was just said of `name` in a pattern, where no constructor is called like it, may be about a name to bind.
pub(crate) fn bound_name(problems: &mut [Diagnostic], name: Name, span: Span) {
    if let Some(problem) = problems.last_mut()
        && problem.span() == span
        && problem.fixes.is_empty()
        && problem.help.is_empty()
    {
        let help =
            format!("a name that a pattern binds starts with a small letter: `{}`", snake(name.as_str()));
        problem.help.push(help);
    }
}

/// The file that a module of the project would be.
fn file_of(path: &str) -> String {
    format!("{}.snow", path.split('.').map(snake).collect::<Vec<_>>().join("/"))
}

/// `PascalCase` in `snake_case`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.char_indices() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// A module of the project that is used without an import; one can stand at `head`.
pub(crate) fn not_imported(path: &str, span: Span, head: Span) -> Diagnostic {
    Diagnostic::error("E0210", format!("the module `{path}` is not imported"), span).with_safe_fix(
        format!("add `import {path}` at the head of the file"),
        vec![(head, format!("import {path}\n"))],
    )
}

/// A name brought in by two imports, or an import of a name that the module defines.
pub(crate) fn import_clash(name: Name, span: Span, first: Option<Span>) -> Diagnostic {
    let problem = Diagnostic::error("E0201", format!("the name `{name}` is already taken"), span)
        .with_help("import the module and write its name in front: `Module.name`");
    match first {
        Some(first) => problem.with_label(first, "taken here"),
        None => problem,
    }
}

/// Modules that import each other; `path` starts and ends with the same module.
pub(crate) fn import_cycle(path: &[&str], span: Span) -> Diagnostic {
    Diagnostic::error("E0211", format!("modules import each other: {}", path.join(" -> ")), span)
        .with_help("move what both need into a module of its own")
}

/// An import that nothing uses.
pub(crate) fn unused_import(name: Name, span: Span, cut: Option<Span>) -> Diagnostic {
    let problem = Diagnostic::warning("W0002", format!("unused import `{name}`"), span);
    match cut {
        Some(cut) => problem.with_safe_fix("remove it", vec![(cut, String::new())]),
        None => problem.with_help("remove it"),
    }
}

/// A name that means something else than what is needed here.
pub(crate) fn wrong_kind(name: impl std::fmt::Display, is: &str, needed: &str, span: Span) -> Diagnostic {
    Diagnostic::error("E0216", format!("`{name}` is {is}, not {needed}"), span)
}

/// `n :: Int` where `h :: t` is a list: `problem` is about the `Int`. `None`: it is about something else.
pub(crate) fn typed_pattern(problem: &Diagnostic, head: Span) -> Option<Diagnostic> {
    let is_type = [" is a type, not a value", " is a struct, not a constructor"];
    if problem.code != "E0216" || !is_type.iter().any(|end| problem.message.ends_with(end)) {
        return None;
    }
    let ty = problem.span();
    let cut = TextRange::new(head.text_range().end(), ty.text_range().end());
    let error = Diagnostic::error("E0216", "no type is written in a pattern", ty)
        .with_primary_text("this is a type")
        .with_note("the type of what is matched is known; `h :: t` is a list: its first element and the rest")
        .with_fix("leave the type out", vec![(Span::new(ty.file, cut), String::new())]);
    Some(error)
}

/// An interface in front of a point that offers no such method, a type parameter as a value, and so on.
pub(crate) fn struct_as_ctor(name: Name, span: Span, edits: Vec<(Span, String)>) -> Diagnostic {
    let problem = wrong_kind(name, "a struct", "a constructor", span);
    let help = format!("a struct is made with `{name} {{ field: value }}`");
    if edits.is_empty() { problem.with_help(help) } else { problem.with_safe_fix(help, edits) }
}

/// A service or supervisor as a value.
pub(crate) fn actor_as_value(name: Name, kind: &str, span: Span) -> Diagnostic {
    let problem = wrong_kind(name, &format!("a {kind}"), "a value", span);
    problem.with_help(format!("`{name}.start_link(…)` starts one and gives its pid"))
}

/// A variant in a struct literal or struct pattern.
pub(crate) fn ctor_as_struct(name: Name, span: Span) -> Diagnostic {
    wrong_kind(name, "a constructor", "a struct", span).with_help(format!("write `{name}(…)`"))
}

/// A type in front of a point that offers no such function.
pub(crate) fn not_in_type(ty: Name, name: Name, span: Span) -> Diagnostic {
    Diagnostic::error("E0208", format!("the type `{ty}` has no function `{name}`"), span)
}
