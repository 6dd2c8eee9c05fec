//! A service: the type of its requests, its handlers as functions, the loop that runs them, the functions that clients
//! call.
//!
//! `service Counter` becomes the type `Counter`, the module `Counter` with `start`, `start_link`, `try_start` and a
//! function for each `call` and `cast`, and a module that nobody else can name with the handlers and the service's own functions.

use snow_abi::signals::SignalPart;
use snow_base::{Name, Span, TextRange};
use snow_syntax::ast::{self, AstNode, HasHead, HasName};

use super::{Answers, CALLER, Code, OWN_CODE, name_of, snake_case};
use crate::collect::Decls;
use crate::items::ValueNs;
use crate::lower::{Lowerer, named};
use crate::problems::services as problems;
use crate::scope::ItemScope;

/// What a new service is told first; its answer says that `init` has ended.
pub const BEGIN: &str = "BeginOfService";
/// Names of calls that would hide the functions that every service has.
const RESERVED: [&str; 3] = ["start", "start_link", "try_start"];

/// A service as the templates see it.
struct Service {
    name: Name,
    place: Span,
    is_pub: bool,
    doc: Option<String>,
    functions: Vec<ast::FnItem>,
    init: ast::FnItem,
    requests: Vec<Request>,
    infos: Vec<ast::InfoHandler>,
    /// Functions of requests whose mistakes were reported.
    broken: Vec<Name>,
}

/// A `call` or `cast`.
struct Request {
    name: Name,
    place: Span,
    function: String,
    params: Vec<ast::Param>,
    /// The reply's type of a call.
    reply: Option<ast::Type>,
    state: Option<ast::Param>,
    body: Option<ast::Block>,
    doc: Option<String>,
}

/// Name, arguments, state, body and documentation of a call or cast.
type RequestNodes =
    (Option<ast::Name>, Option<ast::ParamList>, Option<ast::BlockParams>, Option<ast::Block>, Option<String>);

impl Lowerer<'_> {
    /// Collects a service.
    pub(crate) fn collect_service(&mut self, scope: &ItemScope, node: &ast::ServiceItem, decls: &mut Decls) {
        let Some((name, place)) = named(scope, node.name()) else { return };
        let Some(service) = self.read_service(scope, node, (name, place)) else {
            self.scopes[scope.module].broken.insert(name);
            return;
        };
        let Some(home) = self.named_module(scope, name, place, service.is_pub) else { return };
        self.scopes[home].is_service = true;
        self.scopes[home].broken.extend(&service.broken);
        let own_path = self.module_path(home).to_owned();
        let own = self.made_module(scope, own_path);
        self.program.modules[home].modules.insert(Name::new(OWN_CODE), own);
        self.collect_requests(service.requests_type(), (scope, home), name, decls);
        self.collect_made(service.handlers(), scope, own, decls);
        for value in self.program.modules[own].values.values() {
            if let ValueNs::Fn(id) = *value {
                let def = &mut self.program.fns[id];
                def.is_pub |= def.name == "init" || def.name.as_str().starts_with("handle_");
            }
        }
        self.collect_made(service.functions(), scope, home, decls);
    }

    fn read_service(
        &mut self,
        scope: &ItemScope,
        node: &ast::ServiceItem,
        (name, place): (Name, Span),
    ) -> Option<Service> {
        let functions: Vec<ast::FnItem> = node.functions().collect();
        let init = functions.iter().find(|f| name_of(*f).is_some_and(|n| n == "init")).cloned();
        let Some(init) = init else {
            self.diags.push(problems::no_init(name, place));
            return None;
        };
        let (mut requests, mut infos, mut broken) = (Vec::new(), Vec::new(), Vec::new());
        for handler in node.handlers() {
            match handler {
                ast::Handler::Call(h) => {
                    let parts = (h.name(), h.param_list(), h.block_params(), h.body(), h.doc());
                    let request = self.read_request(scope, parts, (true, h.reply(), &mut broken));
                    self.add_request(&mut requests, request);
                }
                ast::Handler::Cast(h) => {
                    let parts = (h.name(), h.param_list(), h.block_params(), h.body(), h.doc());
                    let request = self.read_request(scope, parts, (false, None, &mut broken));
                    self.add_request(&mut requests, request);
                }
                ast::Handler::Info(h) => match h.pattern() {
                    Some(pattern) if alternatives(&pattern).iter().all(crate::exprs::is_signal) => {
                        infos.push(h)
                    }
                    Some(pattern) => self.diags.push(problems::info_of_message(scope.span(&pattern))),
                    None => {}
                },
            }
        }
        let is_pub = node.is_pub();
        Some(Service { name, place, is_pub, doc: node.doc(), functions, init, requests, infos, broken })
    }

    /// Adds a request, unless the service has one that clients call by the same name.
    fn add_request(&mut self, requests: &mut Vec<Request>, request: Option<Request>) {
        let Some(request) = request else { return };
        match requests.iter().find(|known| known.function == request.function) {
            Some(known) => {
                let first = Some(known.place);
                self.diags.push(crate::problems::items::defined_twice(
                    "call or cast",
                    request.name,
                    request.place,
                    first,
                ));
            }
            None => requests.push(request),
        }
    }

    fn read_request(
        &mut self,
        scope: &ItemScope,
        (name, params, state, body, doc): RequestNodes,
        (is_call, reply, broken): (bool, Option<ast::Type>, &mut Vec<Name>),
    ) -> Option<Request> {
        let (name, place) = named(scope, name)?;
        let function = snake_case(name.as_str());
        if RESERVED.contains(&function.as_str()) {
            self.diags.push(problems::reserved_call(name, &function, place));
            return None;
        }
        let params: Vec<ast::Param> = params.iter().flat_map(|p| p.params()).collect();
        let before = self.diags.len();
        for param in params.iter().filter(|p| p.ty().is_none()) {
            self.diags.push(problems::untyped_argument(scope.span(param)));
        }
        let states: Vec<ast::Param> = state.iter().flat_map(|s| s.params()).collect();
        if let Some(second) = states.get(1) {
            self.diags.push(problems::two_states(scope.span(second)));
        }
        // What the parser couldn't read it has reported.
        let unread = params.iter().any(|p| p.pattern().is_none()) || is_call && reply.is_none();
        if self.diags.len() > before || unread {
            broken.push(Name::new(&function));
            return None;
        }
        Some(Request { name, place, function, params, reply, state: states.into_iter().next(), body, doc })
    }
}

/// The name of parameter `i` in code that doesn't show it to anyone.
fn arg(i: usize) -> String {
    format!("argument{i}_")
}

/// `, argument0_, argument1_`
fn args_after(count: usize) -> String {
    (0..count).map(|i| format!(", {}", arg(i))).collect()
}

/// The parameters as written, with made names for those that have none; gives what to call them.
fn public_params(code: &mut Code, params: &[ast::Param], first: &str) -> Vec<String> {
    let mut names = Vec::new();
    code.push("(");
    code.push(first);
    for (i, param) in params.iter().enumerate() {
        if i > 0 || !first.is_empty() {
            code.push(", ");
        }
        match crate::signatures::plain_name(param) {
            Some(name) if !name.as_str().starts_with('_') => {
                code.paste(param);
                names.push(name.to_string());
            }
            _ => {
                code.push(&arg(i));
                if let Some(ty) = param.ty() {
                    code.push(" :: ");
                    code.paste(&ty);
                }
                names.push(arg(i));
            }
        }
    }
    code.push(")");
    names
}

/// Names of a request's parts in its type, for reports: one each, or none at all.
fn part_names(params: &[ast::Param]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for param in params {
        let name = crate::signatures::plain_name(param);
        match name.map(|name| name.as_str().trim_start_matches('_').to_owned()) {
            Some(name) if !name.is_empty() && name != "to_" && !names.contains(&name) => names.push(name),
            _ => return Vec::new(),
        }
    }
    names
}

fn push_doc(code: &mut Code, doc: Option<&str>) {
    for line in doc.unwrap_or_default().lines() {
        code.push(&format!("## {line}\n"));
    }
}

impl Service {
    /// `type Counter do Get(Service.Reply<Int>) … end`
    fn requests_type(&self) -> Code {
        let mut code = Code::new(self.place);
        push_doc(&mut code, self.doc.as_deref());
        code.push(if self.is_pub { "pub type " } else { "type " });
        code.push(&format!("{} do\n{BEGIN}(Service.Reply<()>)\n", self.name));
        for request in &self.requests {
            code.at(request.place, |code| {
                code.push(request.name.as_str());
                let names = part_names(&request.params);
                let mut parts = 0;
                for ty in request.params.iter().filter_map(|p| p.ty()) {
                    code.push(if parts == 0 { "(" } else { ", " });
                    code.push(&names.get(parts).map_or(String::new(), |name| format!("{name} :: ")));
                    code.paste(&ty);
                    parts += 1;
                }
                if let Some(reply) = &request.reply {
                    code.push(if parts == 0 { "(" } else { ", " });
                    code.push(if !names.is_empty() { "to_ :: Service.Reply<" } else { "Service.Reply<" });
                    code.paste(reply);
                    code.push(">");
                    parts += 1;
                }
                code.push(if parts == 0 { "\n" } else { ")\n" });
            });
        }
        code.push("end deriving()\n");
        code
    }

    /// The user's functions, and a function for each handler.
    fn handlers(&self) -> Code {
        let mut code = Code::new(self.place);
        for function in &self.functions {
            code.paste(function);
            code.push("\n");
        }
        for request in &self.requests {
            let answers = if request.reply.is_some() { Answers::Call } else { Answers::Cast };
            let name = format!("handle_{}", request.function);
            code.made.answers.insert(Name::new(&name), answers);
            code.at(request.place, |code| {
                code.push(&format!("fn {name}("));
                if let Some(reply) = &request.reply {
                    code.push(&format!("{} :: Service.Reply<", CALLER));
                    code.paste(reply);
                    code.push(">, ");
                }
                for param in &request.params {
                    if let (Some(pattern), Some(ty)) = (param.pattern(), param.ty()) {
                        code.paste(&pattern);
                        code.push(" :: ");
                        code.paste(&ty);
                        code.push(", ");
                    }
                }
                self.push_body(code, request.state.as_ref(), request.body.as_ref());
            });
        }
        for (i, info) in self.infos.iter().enumerate() {
            let name = format!("handle_signal_{i}");
            code.made.answers.insert(Name::new(&name), Answers::Cast);
            code.push(&format!("fn {name}("));
            for variable in signal_variables(info) {
                let place = code.place(variable.range);
                code.at(place, |code| code.push(&variable.name));
                code.push(&variable.ty.map_or(String::new(), |ty| format!(" :: {ty}")));
                code.push(", ");
            }
            let state = info.block_params().and_then(|p| p.params().next());
            self.push_body(&mut code, state.as_ref(), info.body().as_ref());
        }
        code
    }

    /// The state's parameter and the body of a handler.
    fn push_body(&self, code: &mut Code, state: Option<&ast::Param>, body: Option<&ast::Block>) {
        let declared = self.init.ret_type();
        match state {
            Some(param) => {
                code.paste(param);
                if let (None, Some(ty)) = (param.ty(), &declared) {
                    code.push(" :: ");
                    code.paste(ty);
                }
            }
            None => code.push("_"),
        }
        code.push(")");
        if let Some(ty) = &declared {
            code.push(" -> Service.Step<");
            code.paste(ty);
            code.push(">");
        }
        code.push(" do\n");
        if let Some(body) = body {
            code.paste(body);
        }
        code.push("\nend\n");
    }

    /// What clients call, and what the process runs.
    fn functions(&self) -> Code {
        let mut code = Code::new(self.place);
        self.push_starts(&mut code);
        for request in &self.requests {
            code.at(request.place, |code| self.push_client(code, request));
        }
        self.push_loop(&mut code);
        code
    }

    fn push_starts(&self, code: &mut Code) {
        let params: Vec<ast::Param> = self.init.param_list().iter().flat_map(|l| l.params()).collect();
        let name = self.name;
        let begin = format!("fn to_ -> {BEGIN}(to_) end");
        for (function, spawn, wait, ret) in [
            ("start", "spawn", "started", format!(" -> Pid<{name}>")),
            ("start_link", "spawn_link", "started", format!(" -> Pid<{name}>")),
            ("try_start", "spawn", "try_started", String::new()),
        ] {
            code.push(&format!("pub fn {function}"));
            let names = public_params(code, &params, "");
            let called = if wait == "started" { format!(", \"{name}.{function}\"") } else { String::new() };
            let given: String = names.iter().map(|n| format!(", {n}")).collect();
            code.push(&format!("{ret} = Service.{wait}({spawn}(run_{given}), {begin}{called})\n"));
        }
        let names: Vec<String> = (0..params.len()).map(arg).collect();
        code.push("actor run_(");
        for (i, param) in params.iter().enumerate() {
            code.push(if i > 0 { ", " } else { "" });
            code.push(&names[i]);
            if let Some(ty) = param.ty() {
                code.push(" :: ");
                code.paste(&ty);
            }
        }
        code.push(&format!(
            ") do\nreceive do\n{BEGIN}(to_) ->\nlet state_ = {OWN_CODE}.init({})\nService.reply(to_, ())\nserve_(state_)\nend\nend\n",
            names.join(", ")
        ));
    }

    /// `fn add(process_ :: Pid<Counter>, amount :: Int) -> Int`
    fn push_client(&self, code: &mut Code, request: &Request) {
        push_doc(code, request.doc.as_deref());
        code.push(&format!("pub fn {}", request.function));
        let names = public_params(code, &request.params, &format!("process_ :: Pid<{}>", self.name));
        let mut parts = names;
        let called = format!("{}.{}", self.name, request.function);
        match &request.reply {
            Some(reply) => {
                parts.push("to_".into());
                code.push(" -> ");
                code.paste(reply);
                code.push(&format!(
                    " do\nlet to_ = Service.open(process_, \"{called}\")\nsend(process_, {}({}))\nService.wait(to_, \"{called}\")\nend\n",
                    request.name,
                    parts.join(", ")
                ));
            }
            None if parts.is_empty() => {
                code.push(&format!(" -> () = send(process_, {})\n", request.name));
            }
            None => {
                code.push(&format!(" -> () = send(process_, {}({}))\n", request.name, parts.join(", ")));
            }
        }
    }

    /// The process once `init` has ended.
    fn push_loop(&self, code: &mut Code) {
        code.push("actor serve_(state_) do\nreceive do\n");
        let then = "Service.Step.Next(next_) -> serve_(next_)\nService.Step.End(reason_) -> Service.finish(reason_)\nend\n";
        for request in &self.requests {
            let count = request.params.len();
            let mut parts: Vec<String> = (0..count).map(arg).collect();
            parts.extend(request.reply.as_ref().map(|_| "to_".to_owned()));
            let pattern = if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) };
            let to = if request.reply.is_some() { "to_" } else { "" };
            let mut given = format!("{to}{}, state_", args_after(count));
            given = given.trim_start_matches([',', ' ']).to_owned();
            code.at(request.place, |code| {
                code.push(&format!(
                    "{}{pattern} ->\ncase {OWN_CODE}.handle_{}({given}) do\n{then}",
                    request.name, request.function
                ));
            });
        }
        for (i, info) in self.infos.iter().enumerate() {
            let Some(pattern) = info.pattern() else { continue };
            code.paste(&pattern);
            code.push(&format!(" ->\ncase {OWN_CODE}.handle_signal_{i}("));
            for variable in signal_variables(info) {
                let place = code.place(variable.range);
                code.at(place, |code| code.push(&variable.name));
                code.push(", ");
            }
            code.push(&format!("state_) do\n{then}"));
        }
        code.push("end\nend\n");
    }
}

/// The alternatives of a pattern.
fn alternatives(pattern: &ast::Pattern) -> Vec<ast::Pattern> {
    match pattern {
        ast::Pattern::Or(or) => or.alternatives().collect(),
        other => vec![other.clone()],
    }
}

/// A variable of an info's pattern.
struct Variable {
    name: String,
    range: TextRange,
    /// Its type, where its place tells it.
    ty: Option<&'static str>,
}

/// The variables of an info's pattern.
fn signal_variables(info: &ast::InfoHandler) -> Vec<Variable> {
    // All alternatives have the same variables.
    let first = info.pattern().and_then(|p| alternatives(&p).into_iter().next());
    let Some(pattern) = first else { return Vec::new() };
    let ast::Pattern::Tuple(tuple) = &pattern else { return Vec::new() };
    let parts = crate::exprs::signal_of(&pattern).map_or(&[][..], |s| s.parts);
    let mut found: Vec<Variable> = Vec::new();
    for (i, element) in tuple.elements().skip(1).enumerate() {
        let whole = parts.get(i).map(|part| match part {
            SignalPart::MonitorRef => "MonitorRef",
            SignalPart::TimerRef => "TimerRef",
            SignalPart::Pid => "Pid",
            SignalPart::Reason => "ExitReason",
            SignalPart::Text => "String",
        });
        // Variants of reasons hold texts.
        let inner = (parts.get(i) == Some(&SignalPart::Reason)).then_some("String");
        for node in element.syntax().descendants() {
            let (name, ty) = if let Some(name) = ast::NamePat::cast(node.clone()) {
                let is_whole = name.syntax() == element.syntax();
                (name.text().to_string(), if is_whole { whole } else { inner })
            } else if let Some(name) = ast::AsPat::cast(node.clone()).and_then(|p| p.name()) {
                let is_whole = &node == element.syntax();
                (name.text().to_string(), if is_whole { whole } else { None })
            } else {
                continue;
            };
            let is_new = found.iter().all(|f| f.name != name);
            if is_new && !name.is_empty() && !name.starts_with('_') {
                found.push(Variable { name, range: node.text_range(), ty });
            }
        }
    }
    found
}
