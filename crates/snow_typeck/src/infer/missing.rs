//! What is told of a method or field that a type doesn't have: which one is meant, and how Snow writes what other languages
//! have a method for.
//!
//! Nothing here decides whether there is one; `member` and `structs` do.

use snow_base::{Name, Span, TextRange};
use snow_diagnostics::{Diagnostic, Near, foreign, nearest_function};
use snow_hir::{ExprId, FnId, TypeRefKind, ValueNs};

use super::Infer;
use crate::ty::{Ty, TyKind};

impl Infer<'_, '_> {
    /// No method of that name; `(e, receiver, alone)`: the call, what it is called on, and whether it has no arguments.
    pub(super) fn report_no_method(
        &mut self,
        (e, receiver, alone): (ExprId, ExprId, bool),
        ty: Ty,
        (name, span): (Name, Span),
    ) {
        let shown = self.cx.show(ty);
        let error = Diagnostic::error("E0308", format!("no method `{name}` on type `{shown}`"), span);
        let places = (self.span(e), self.span(receiver));
        if let Some(error) = self.field_is_meant(&error, ty, name, places) {
            return self.report(error);
        }
        if alone && self.is_prelude_function(name) {
            return self.report(as_prelude_call(error, name, places));
        }
        let names = self.methods_of(ty);
        let near = nearest_function(name.as_str(), names.iter().map(|n| n.as_str()));
        let error = if let Some(module) = self.std_module_with(ty, name) {
            error.with_help(match module.as_str() {
                "Prelude" => format!("it is a function: write `{name}(…)`"),
                _ => format!("it is a function of another module: write `{module}.{name}(…)`"),
            })
        } else if let Some(service) = self.service_with(ty, name) {
            error.with_help(format!("a service is called by its name: `{service}.{name}(pid, …)`"))
        } else if name == "send" && shown.starts_with("Pid<") {
            error.with_help("it is a function: write `send(pid, message)`")
        } else if !self.trait_methods(ty, name, false).is_empty() {
            error.with_help(format!("it takes no `self`: write `{shown}.{name}(…)`"))
        } else if let Some(help) = foreign::method(name.as_str(), &shown) {
            error.with_help(help)
        } else if near.is_some() {
            error.with_suggestion(span, near)
        } else {
            self.with_interface_of(error, ty, name)
        };
        self.report(error);
    }

    /// An interface that has such a method.
    fn with_interface_of(&self, error: Diagnostic, ty: Ty, name: Name) -> Diagnostic {
        let known = self.cx.index.methods.get(&name).and_then(|known| known.first());
        let Some(&(trait_, _)) = known else { return error };
        let trait_ = self.cx.program.traits[trait_].name;
        let shown = self.cx.show(ty);
        let is_param = matches!(self.cx.table.shallow(ty).kind(), TyKind::Var(_));
        error.with_help(match is_param {
            true => format!(
                "interface `{trait_}` has it: say that `{shown}` implements it by `where {shown}: {trait_}`"
            ),
            false => format!("interface `{trait_}` has it, but the type doesn't implement it"),
        })
    }

    /// `p.name()`, `p.get_name()`, `p.set_name(v)` where `name` is a field.
    fn field_is_meant(
        &self,
        error: &Diagnostic,
        ty: Ty,
        name: Name,
        (call, receiver): (Span, Span),
    ) -> Option<Diagnostic> {
        if self.find_field(ty, name).is_some() {
            let from = error.span().text_range().end();
            let error =
                error.clone().with_help(format!("`{name}` is a field: it is read without parentheses"));
            let behind = call.text_range().end();
            let empty = usize::from(behind) == usize::from(from) + 2 && call.file == receiver.file;
            let cut = Span::new(call.file, TextRange::new(from, behind.max(from)));
            return Some(match empty {
                true => error.with_fix("remove the parentheses", vec![(cut, String::new())]),
                false => error,
            });
        }
        let plain = snow_diagnostics::in_snow_case(name.as_str());
        let (sets, field) = match (plain.strip_prefix("get_"), plain.strip_prefix("set_")) {
            (Some(field), _) => (false, field),
            (_, Some(field)) => (true, field),
            _ => return None,
        };
        self.find_field(ty, Name::new(field))?;
        Some(error.clone().with_help(match sets {
            true => format!("a new value with another field is `%{{value | {field}: …}}`"),
            false => format!("a field is read by its name: `.{field}`"),
        }))
    }

    /// Does the prelude have such a function for values of any type?
    fn is_prelude_function(&self, name: Name) -> bool {
        let program = self.cx.program;
        let prelude = program.modules.iter().find(|(_, module)| module.is_std && module.path == "Prelude");
        let Some(&ValueNs::Fn(f)) = prelude.and_then(|(_, module)| module.values.get(&name)) else {
            return false;
        };
        let first = program.fns[f].params.first().and_then(|p| p.ty.as_ref());
        first.is_some_and(|ty| matches!(ty.kind, TypeRefKind::Param(_)))
    }

    /// The names of all methods that a value of the type has here.
    pub(super) fn methods_of(&mut self, ty: Ty) -> Vec<Name> {
        let mut names: Vec<Name> = vec![];
        if let Some(module) = self.home_module(ty) {
            let same = self.same_module(module);
            let functions: Vec<(Name, FnId)> = (self.cx.program.modules[module].values.iter())
                .filter_map(|(&known, value)| match value {
                    ValueNs::Fn(f) if same || self.cx.program.fns[*f].is_pub => Some((known, *f)),
                    _ => None,
                })
                .collect();
            let is_std = self.cx.program.modules[module].is_std;
            // What the program's own functions take may not be known yet.
            names.extend(
                functions.into_iter().filter(|&(_, f)| !is_std || self.takes_head(f, ty)).map(|(n, _)| n),
            );
        }
        let all: Vec<Name> = self.cx.index.methods.keys().copied().collect();
        names.extend(all.into_iter().filter(|&n| !self.trait_methods(ty, n, true).is_empty()));
        names.sort();
        names
    }

    /// No field of that name, on a type whose values have none or other ones: maybe a method is meant.
    pub(super) fn method_is_meant(&mut self, ty: Ty, name: Name, span: Span) -> Option<Diagnostic> {
        let names = self.methods_of(ty);
        let shown = self.cx.show(ty);
        let error = Diagnostic::error("E0307", format!("`{shown}` has no field `{name}`"), span);
        if names.contains(&name) {
            let end = Span::new(span.file, TextRange::empty(span.text_range().end()));
            return Some(
                error
                    .with_help(format!("`{name}` is a function: it is called with parentheses"))
                    .with_fix("write parentheses", vec![(end, "()".to_owned())]),
            );
        }
        if let Some(help) = foreign::method(name.as_str(), &shown) {
            return Some(error.with_help(help));
        }
        let near = nearest_function(name.as_str(), names.iter().map(|n| n.as_str()))?;
        Some(error.with_suggestion(span, Some(Near { name: format!("{}()", near.name), sure: false })))
    }
}

/// `x.println()` as `println(x)`.
fn as_prelude_call(error: Diagnostic, name: Name, (call, receiver): (Span, Span)) -> Diagnostic {
    let error = error.with_help(format!("it is a function: `{name}(…)`, behind a pipe `… |> {name}`"));
    let (outer, inner) = (call.text_range(), receiver.text_range());
    // In a pipe the value stands elsewhere.
    if call.file != receiver.file || inner.start() != outer.start() || !outer.contains_range(inner) {
        return error;
    }
    let at = |start, end| Span::new(call.file, TextRange::new(start, end));
    let edits = vec![
        (at(inner.start(), inner.start()), format!("{name}(")),
        (at(inner.end(), outer.end()), ")".to_owned()),
    ];
    error.with_fix(format!("write `{name}(…)`"), edits)
}
