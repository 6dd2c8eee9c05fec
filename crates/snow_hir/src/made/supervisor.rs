//! A supervisor: its description for std's engine, and functions typed by its children.
//!
//! `supervisor App` becomes the alias `App` of the engine's requests and the module `App` with the actor `run_`,
//! `start_link`, a function for each child that finds its pid, and for `simple_one_for_one` `start_child`.

use snow_base::{FxHashMap, Name, Span};
use snow_syntax::ast::{self, AstNode, HasHead, HasName, LiteralValue};

use super::Code;
use crate::collect::Decls;
use crate::lower::{Lowerer, named};
use crate::problems::services as problems;
use crate::scope::ItemScope;

const SETTINGS: [&str; 3] = ["strategy", "max_restarts", "max_seconds"];
const CHILD_SETTINGS: [&str; 3] = ["start", "restart", "shutdown"];
const STRATEGIES: [(&str, &str); 4] = [
    ("one_for_one", "OneForOne"),
    ("one_for_all", "OneForAll"),
    ("rest_for_one", "RestForOne"),
    ("simple_one_for_one", "SimpleOneForOne"),
];
const RESTARTS: [(&str, &str); 3] =
    [("permanent", "Permanent"), ("transient", "Transient"), ("temporary", "Temporary")];
/// Functions of every supervisor: no child can be called so.
const TAKEN: [&str; 2] = ["start_link", "start_child"];

/// A supervisor as the templates see it.
struct Supervisor {
    name: Name,
    place: Span,
    is_pub: bool,
    strategy: &'static str,
    max_restarts: i64,
    max_seconds: i64,
    children: Vec<Child>,
}

struct Child {
    name: Name,
    place: Span,
    start: ast::FnExpr,
    restart: &'static str,
    /// `Supervisor.Shutdown…` in Snow.
    shutdown: String,
}

/// Settings by name with their places.
type Settings = FxHashMap<Name, (ast::Expr, Span)>;

impl Lowerer<'_> {
    /// Collects a supervisor.
    pub(crate) fn collect_supervisor(
        &mut self,
        scope: &ItemScope,
        node: &ast::SupervisorItem,
        decls: &mut Decls,
    ) {
        let Some((name, place)) = named(scope, node.name()) else { return };
        let Some(supervisor) = self.read_supervisor(scope, node, (name, place)) else {
            self.scopes[scope.module].broken.insert(name);
            return;
        };
        let Some(home) = self.named_module(scope, name, place, supervisor.is_pub) else { return };
        self.scopes[home].is_supervisor = true;
        self.collect_made(supervisor.requests_type(), scope, scope.module, decls);
        self.collect_made(supervisor.starts(), scope, scope.module, decls);
        self.collect_made(supervisor.functions(), scope, home, decls);
    }

    fn read_supervisor(
        &mut self,
        scope: &ItemScope,
        node: &ast::SupervisorItem,
        (name, place): (Name, Span),
    ) -> Option<Supervisor> {
        let before = self.diags.len();
        let settings = self.read_settings(scope, "supervisor", &SETTINGS, node.fields());
        let strategy = match settings.get(&Name::new("strategy")) {
            Some((value, span)) => self.one_of("strategy", &STRATEGIES, value, *span),
            None => {
                if self.diags.len() == before {
                    self.diags.push(problems::missing_setting("supervisor", "strategy", place));
                }
                None
            }
        };
        let max_restarts = self.number(&settings, "max_restarts", 3);
        let max_seconds = self.number(&settings, "max_seconds", 5);
        let is_simple = strategy == Some("SimpleOneForOne");
        let mut children: Vec<Child> = Vec::new();
        let mut seen: Vec<Name> = Vec::new();
        for child in node.child_items() {
            let Some((child_name, child_place)) = named(scope, child.name()) else { continue };
            if TAKEN.contains(&child_name.as_str()) || seen.contains(&child_name) {
                self.diags.push(problems::child_name(child_name, child_place));
                continue;
            }
            seen.push(child_name);
            children.extend(self.read_child(scope, &child, (child_name, child_place), is_simple));
        }
        if is_simple && seen.len() != 1 {
            self.diags.push(problems::one_kind_of_child(place));
        }
        if self.diags.len() > before {
            return None;
        }
        let (strategy, is_pub) = (strategy?, node.is_pub());
        Some(Supervisor { name, place, is_pub, strategy, max_restarts, max_seconds, children })
    }

    fn read_child(
        &mut self,
        scope: &ItemScope,
        node: &ast::Child,
        (name, place): (Name, Span),
        is_simple: bool,
    ) -> Option<Child> {
        let settings = self.read_settings(scope, "child", &CHILD_SETTINGS, node.fields());
        let restart = match settings.get(&Name::new("restart")) {
            Some((value, span)) => self.one_of("restart", &RESTARTS, value, *span),
            None => Some("Permanent"),
        };
        let shutdown = self.shutdown(&settings);
        let start = match settings.get(&Name::new("start")) {
            Some((ast::Expr::Fn(start), span)) => {
                let clause = start.clauses().next();
                let params = clause.and_then(|c| c.param_list()).map_or(0, |l| l.params().count());
                if params > 0 && !is_simple {
                    self.diags.push(problems::start_parameters(*span));
                    None
                } else {
                    Some(start.clone())
                }
            }
            Some((value, span)) => {
                let called = matches!(value, ast::Expr::Call(_) | ast::Expr::MethodCall(_));
                self.diags.push(problems::start_is_closure(*span, called));
                None
            }
            None => {
                self.diags.push(problems::missing_setting("child", "start", place));
                None
            }
        };
        Some(Child { name, place, start: start?, restart: restart?, shutdown: shutdown? })
    }

    fn read_settings(
        &mut self,
        scope: &ItemScope,
        what: &str,
        allowed: &[&str],
        fields: impl Iterator<Item = ast::SupervisorField>,
    ) -> Settings {
        let mut settings = Settings::default();
        for field in fields {
            let Some((name, span)) = named(scope, field.name()) else { continue };
            let Some(value) = field.value() else { continue };
            if !allowed.contains(&name.as_str()) {
                self.diags.push(problems::unknown_setting(what, name, allowed, span));
                continue;
            }
            let place = scope.span(&value);
            if let Some((_, first)) = settings.get(&name) {
                self.diags.push(problems::setting_twice(name, span, *first));
                continue;
            }
            settings.insert(name, (value, place));
        }
        settings
    }

    /// The value that one of these words means.
    fn one_of(
        &mut self,
        setting: &str,
        allowed: &'static [(&'static str, &'static str)],
        value: &ast::Expr,
        span: Span,
    ) -> Option<&'static str> {
        let word = value.syntax().text().to_string();
        let found = allowed.iter().find(|a| a.0 == word).map(|a| a.1);
        if found.is_none() {
            let words: Vec<&str> = allowed.iter().map(|a| a.0).collect();
            self.diags.push(problems::unknown_value(setting, &word, &words.join(", "), span));
        }
        found
    }

    fn number(&mut self, settings: &Settings, setting: &str, usual: i64) -> i64 {
        let Some((value, span)) = settings.get(&Name::new(setting)) else { return usual };
        match int(value) {
            Some(n) if n >= 0 => n,
            _ => {
                let word = value.syntax().text().to_string();
                self.diags.push(problems::unknown_value(setting, &word, "a number from 0", *span));
                usual
            }
        }
    }

    fn shutdown(&mut self, settings: &Settings) -> Option<String> {
        let Some((value, span)) = settings.get(&Name::new("shutdown")) else {
            return Some("Supervisor.Stop.Wait(5000)".into());
        };
        let word = value.syntax().text().to_string();
        match (word.as_str(), int(value)) {
            ("brutal_kill", _) => Some("Supervisor.Stop.Kill".into()),
            ("infinity", _) => Some("Supervisor.Stop.Forever".into()),
            (_, Some(ms)) if ms >= 0 => Some(format!("Supervisor.Stop.Wait({ms})")),
            _ => {
                let allowed = "a number of milliseconds, brutal_kill, infinity";
                self.diags.push(problems::unknown_value("shutdown", &word, allowed, *span));
                None
            }
        }
    }
}

/// The number that an expression is.
fn int(value: &ast::Expr) -> Option<i64> {
    let ast::Expr::Literal(literal) = value else { return None };
    match literal.value() {
        Some(LiteralValue::Int(n)) => n,
        _ => None,
    }
}

impl Supervisor {
    /// `type App = Supervisor.Request`
    fn requests_type(&self) -> Code {
        let mut code = Code::new(self.place);
        code.push(if self.is_pub { "pub " } else { "" });
        code.push(&format!("type {} = Supervisor.Request\n", self.name));
        code
    }

    fn functions(&self) -> Code {
        let mut code = Code::new(self.place);
        let name = self.name;
        for child in &self.children {
            code.at(child.place, |code| self.push_access(code, child));
        }
        code.push("actor run_() do\nSupervisor.run(Supervisor.Config { name: \"");
        code.push(&format!(
            "{name}\", strategy: Supervisor.Strategy.{}, max_restarts: {}, max_seconds: {}, children: [",
            self.strategy, self.max_restarts, self.max_seconds
        ));
        for (i, child) in self.children.iter().enumerate() {
            let start = match self.strategy {
                "SimpleOneForOne" => "fn -> Supervisor.no_start() end".to_owned(),
                _ => format!("fn -> Pid.id({}()) end", self.start_of(child)),
            };
            code.push(if i > 0 { ",\n" } else { "" });
            code.push(&format!(
                "Supervisor.Spec {{ name: \"{}\", start: {start}, restart: Supervisor.Restart.{}, shutdown: {} }}",
                child.name, child.restart, child.shutdown
            ));
        }
        code.push("] })\nend\n");
        code.push(&format!(
            "pub fn start_link() -> Pid<{name}> = Supervisor.started(spawn_link(run_), \"{name}\")\n"
        ));
        code
    }

    /// The functions that start the children. They stand beside the supervisor, where the user's code means what it says: in the
    /// supervisor's own module, a child's name would hide the actor of that name.
    fn starts(&self) -> Code {
        let mut code = Code::new(self.place);
        for child in &self.children {
            code.at(child.place, |code| {
                let params = child.params();
                code.push(&format!("fn {}(", self.start_of(child)));
                push_params(code, &params);
                code.push(") = Supervisor.child_pid(");
                let place = code.place(child.start.syntax().text_range());
                code.at(place, |code| {
                    code.push("(");
                    code.paste(&child.start);
                    code.push(&format!(")({})", given(&params)));
                });
                code.push(")\n");
            });
        }
        code
    }

    fn start_of(&self, child: &Child) -> String {
        format!("start_{}_{}_", self.name, child.name)
    }

    /// What finds the child for others, or starts it for them.
    fn push_access(&self, code: &mut Code, child: &Child) {
        let (name, child_name, start) = (self.name, child.name, self.start_of(child));
        if self.strategy != "SimpleOneForOne" {
            return code.push(&format!(
                "pub fn {child_name}(supervisor_ :: Pid<{name}>) = Supervisor.typed(supervisor_, \"{child_name}\", {start})\n"
            ));
        }
        let params = child.params();
        code.push(&format!("pub fn start_child(supervisor_ :: Pid<{name}>"));
        code.push(if params.is_empty() { "" } else { ", " });
        push_params(code, &params);
        code.push(&format!(
            ") = Supervisor.start_more(supervisor_, fn -> {start}({}) end)\n",
            given(&params)
        ));
    }
}

impl Child {
    /// The types that the parameters of `start` have been given.
    fn params(&self) -> Vec<Option<ast::Type>> {
        let clause = self.start.clauses().next();
        clause.and_then(|c| c.param_list()).iter().flat_map(|l| l.params()).map(|p| p.ty()).collect()
    }
}

/// Parameters with names of their own.
fn push_params(code: &mut Code, types: &[Option<ast::Type>]) {
    for (i, ty) in types.iter().enumerate() {
        code.push(if i > 0 { ", " } else { "" });
        code.push(&format!("argument{i}_"));
        if let Some(ty) = ty {
            code.push(" :: ");
            code.paste(ty);
        }
    }
}

/// These parameters as arguments.
fn given(types: &[Option<ast::Type>]) -> String {
    let names: Vec<String> = (0..types.len()).map(|i| format!("argument{i}_")).collect();
    names.join(", ")
}
