//! The prelude's names that are no functions: `self`, `send`, `spawn`, `dbg` and their kin.

use snow_base::{Name, Span};
use snow_diagnostics::not_supported;
use snow_syntax::ast::{self, AstNode};

use super::BodyCx;
use crate::body::*;
use crate::collect::FIXED_NAMES;
use crate::items::ValueNs;
use crate::problems::bodies as problems;

/// The function of std's `Prelude` behind `dbg`: takes `file:line: source` and the value.
const DBG_FUNCTION: &str = "dbg_at";

/// Is it a name that has a meaning as a call without being a function?
pub(super) fn is_special(name: Name) -> bool {
    matches!(name.as_str(), "dbg" | "ask")
}

impl BodyCx<'_, '_> {
    /// Does a call of this name need a node or a message of its own?
    pub(super) fn is_special_call(&mut self, name: Name) -> bool {
        match name.as_str() {
            "self" | "send" | "spawn" | "spawn_link" => true,
            "stop" | "no_reply" => self.is_handler_word(name),
            "link" | "unlink" => !self.low.prelude.values.contains_key(&name),
            "ask" => !self.is_local(name) && self.low.find_value(self.scope.module, name).is_none(),
            "dbg" if self.is_local(name) => false,
            "dbg" => {
                let meaning = self.low.find_value(self.scope.module, name);
                meaning.is_none() || meaning == self.low.prelude.values.get(&name).copied()
            }
            _ => false,
        }
    }

    pub(super) fn is_local(&self, name: Name) -> bool {
        self.visible.iter().any(|v| v.0 == name)
    }

    /// Does a local have a name that can't be redefined? `self` is a parameter of methods.
    fn is_redefined(&self, name: Name) -> bool {
        let of_method = self.owner_fn().is_some_and(|f| self.low.program.fns[f].has_self);
        let module = &self.low.program.modules[self.scope.module];
        let by_item =
            !module.is_std && FIXED_NAMES.contains(&name.as_str()) && module.values.contains_key(&name);
        by_item || self.is_local(name) && !(name == "self" && of_method)
    }

    pub(super) fn special_call(
        &mut self,
        (name, place): (Name, Span),
        args: Vec<Arg>,
        (first, span): (Option<ast::Expr>, Span),
    ) -> ExprId {
        let values: Vec<ExprId> = args.iter().map(|a| a.value).collect();
        if matches!(name.as_str(), "stop" | "no_reply") {
            return self.handler_call(name, &values, span);
        }
        let named = args.iter().any(|a| a.name.is_some());
        let expr = match (name.as_str(), &values[..]) {
            // That it was redefined has been reported.
            _ if self.is_redefined(name) => Expr::Missing,
            ("self", []) => Expr::SelfPid,
            ("send", &[to, message]) if !named => Expr::Send { to, message },
            ("spawn" | "spawn_link", [target, ..]) if args[0].name.is_none() => {
                Expr::Spawn { target: *target, args: args[1..].to_vec(), link: name == "spawn_link" }
            }
            ("dbg", &[value]) if !named => return self.dbg_call(value, first, (place, span)),
            ("link" | "unlink" | "ask" | "dbg", [_, ..]) => {
                self.low.diags.push(not_supported(&format!("`{name}`"), place));
                Expr::Missing
            }
            (other, _) => {
                self.low.diags.push(problems::special_arguments(other, form(other), span));
                Expr::Missing
            }
        };
        self.alloc(expr, span)
    }

    /// `dbg(e)` is `Prelude.dbg_at("file:line: source", e)`.
    fn dbg_call(&mut self, value: ExprId, first: Option<ast::Expr>, (place, span): (Span, Span)) -> ExprId {
        let prelude = self.low.std_modules.get("Prelude").copied();
        let function =
            prelude.and_then(|m| self.low.program.modules[m].values.get(&Name::new(DBG_FUNCTION)).copied());
        let Some(ValueNs::Fn(function)) = function else {
            self.low.diags.push(not_supported("`dbg`", place));
            return self.alloc(Expr::Missing, span);
        };
        let text = first.map(|e| e.syntax().text().to_string()).unwrap_or_default();
        let source = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let header = match self.low.files.get(&place.file) {
            Some(file) => {
                let before = u32::from(place.text_range().start()) as usize;
                let code = file.tree.syntax().text().to_string();
                let line = code.bytes().take(before).filter(|b| *b == b'\n').count() + 1;
                format!("{}:{line}: {source}", file.path)
            }
            None => source,
        };
        let callee = self.alloc(Expr::Fn(function), place);
        let header = self.alloc(Expr::Str(header), span);
        let args = vec![Arg { name: None, value: header }, Arg { name: None, value }];
        self.alloc(Expr::Call { callee, args }, span)
    }
}

fn form(name: &str) -> &'static str {
    match name {
        "self" => "self()",
        "send" => "send(pid, message)",
        "spawn" => "spawn(actor, arguments…)` or `spawn(fn -> … end)",
        "spawn_link" => "spawn_link(actor, arguments…)` or `spawn_link(fn -> … end)",
        "link" => "link(pid)",
        "unlink" => "unlink(pid)",
        "ask" => "ask(pid, fn reply -> … end)",
        _ => "dbg(value)",
    }
}
