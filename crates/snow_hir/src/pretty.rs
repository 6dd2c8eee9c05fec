//! Shows items and bodies as text, for tests and `--emit=hir`.
//!
//! Locals are written `name#number`. The text isn't Snow; it shows what the lowering made.

use std::fmt::Write;

use crate::body::*;
use crate::items::*;

/// All items of the project's own modules, with their bodies.
pub fn pretty_program(program: &Program) -> String {
    let mut out = String::new();
    for (id, module) in program.modules.iter().filter(|m| !m.1.is_std) {
        out.push_str(&format!("module {}\n", module.path));
        for (_, ty) in program.types.iter().filter(|t| t.1.module == id) {
            pretty_type(program, ty, &mut out);
        }
        for (_, alias) in program.aliases.iter().filter(|a| a.1.module == id) {
            let ty = show_type(program, &alias.ty);
            out.push_str(&format!("type {}{} = {ty}\n", alias.name, show_generics(&alias.generics)));
        }
        for (_, def) in program.traits.iter().filter(|t| t.1.module == id) {
            out.push_str(&format!("interface {}{}\n", def.name, show_generics(&def.generics)));
        }
        for (_, def) in program.impls.iter().filter(|i| i.1.module == id) {
            out.push_str(&show_impl(program, def));
        }
        for (_, def) in program.consts.iter().filter(|c| c.1.module == id) {
            out.push_str(&format!("let {} = {}\n", def.name, pretty_body(program, def.body)));
        }
        for (fn_id, def) in program.fns.iter().filter(|f| f.1.module == id) {
            if !is_derived(program, def) {
                out.push_str(&pretty_fn(program, fn_id));
            }
        }
    }
    out
}

fn is_derived(program: &Program, def: &FnDef) -> bool {
    matches!(def.container, Container::Impl(id) if program.impls[id].derived.is_some())
}

fn pretty_type(program: &Program, ty: &TypeDef, out: &mut String) {
    let word = match ty.kind {
        TypeDefKind::Struct(_) => "struct",
        TypeDefKind::Sum(_) | TypeDefKind::Builtin(_) => "type",
    };
    out.push_str(&format!("{word} {}{}", ty.name, show_generics(&ty.generics)));
    for variant in ty.variants() {
        let fields: Vec<String> = variant
            .fields
            .iter()
            .map(|f| match f.name {
                Some(name) => format!("{name} :: {}", show_type(program, &f.ty)),
                None => show_type(program, &f.ty),
            })
            .collect();
        out.push_str(&format!(" {}({})", variant.name, fields.join(", ")));
    }
    out.push('\n');
}

fn show_impl(program: &Program, def: &ImplDef) -> String {
    let head = format!("{}{}", program.traits[def.trait_].name, show_args(program, &def.trait_args));
    let derived = match def.derived {
        Some(Derived { auto: true, .. }) => " (derived, auto)",
        Some(_) => " (derived)",
        None => "",
    };
    let preds = show_preds(program, &def.generics);
    format!(
        "impl{} {head} for {}{preds}{derived}\n",
        show_generics(&def.generics),
        show_type(program, &def.self_ty)
    )
}

fn show_generics(generics: &Generics) -> String {
    if generics.params.is_empty() {
        return String::new();
    }
    let numbered = generics.params.iter().enumerate();
    let names: Vec<String> =
        numbered.map(|(i, p)| format!("{}={}", p.0, generics.parent_count as usize + i)).collect();
    format!("<{}>", names.join(", "))
}

fn show_preds(program: &Program, generics: &Generics) -> String {
    let preds: Vec<String> = generics
        .preds
        .iter()
        .map(|p| {
            let args = show_args(program, &p.args);
            format!("{}: {}{args}", show_type(program, &p.ty), program.traits[p.trait_].name)
        })
        .collect();
    if preds.is_empty() { String::new() } else { format!(" where {}", preds.join(", ")) }
}

/// A function with its signature and body.
pub fn pretty_fn(program: &Program, id: FnId) -> String {
    let def = &program.fns[id];
    let word = match def.kind {
        FnKind::Actor => "actor",
        FnKind::Plain => "fn",
        FnKind::Let => "let",
        FnKind::Test(_) => "test",
    };
    let params: Vec<String> = def
        .params
        .iter()
        .map(|p| {
            let mut text = p.name.map_or("_".to_owned(), |n| n.to_string());
            if let Some(ty) = &p.ty {
                text.push_str(&format!(" :: {}", show_type(program, ty)));
            }
            if let Some(default) = p.default {
                text.push_str(&format!(" = {}", pretty_body(program, default)));
            }
            text
        })
        .collect();
    let ret = def.ret.as_ref().map_or(String::new(), |t| format!(" -> {}", show_type(program, t)));
    let preds = show_preds(program, &def.generics);
    let mut out =
        format!("{word} {}{}({}){ret}{preds}", def.name, show_generics(&def.generics), params.join(", "));
    match def.body {
        FnBody::Snow(body) => out.push_str(&format!("\n{}\n", pretty_body(program, body))),
        FnBody::Runtime(function) => out.push_str(&format!(" @runtime({})\n", function.row().name)),
        FnBody::Intrinsic(intrinsic) => out.push_str(&format!(" @intrinsic({})\n", intrinsic.row().name)),
        FnBody::None => out.push('\n'),
    }
    out
}

fn show_args(program: &Program, args: &[TypeRef]) -> String {
    if args.is_empty() {
        return String::new();
    }
    format!("<{}>", args.iter().map(|a| show_type(program, a)).collect::<Vec<_>>().join(", "))
}

/// A written type with resolved names; parameters by number.
fn show_type(program: &Program, ty: &TypeRef) -> String {
    let list = |types: &[TypeRef]| types.iter().map(|t| show_type(program, t)).collect::<Vec<_>>().join(", ");
    match &ty.kind {
        TypeRefKind::Type(id, args) => format!("{}{}", program.types[*id].name, show_args(program, args)),
        TypeRefKind::Alias(id, args) => format!("{}{}", program.aliases[*id].name, show_args(program, args)),
        TypeRefKind::Param(number) => format!("${number}"),
        TypeRefKind::SelfTy => "Self".to_owned(),
        TypeRefKind::Tuple(parts) => format!("({})", list(parts)),
        TypeRefKind::Fn(params, ret) => format!("Fun({}) -> {}", list(params), show_type(program, ret)),
        TypeRefKind::Infer => "_".to_owned(),
        TypeRefKind::Error => "<error>".to_owned(),
    }
}

/// The code of a body; a body without parameters as its expression only.
pub fn pretty_body(program: &Program, body: BodyId) -> String {
    let body = &program.bodies[body];
    let printer = Printer { program, body };
    let clauses: Vec<String> = body.clauses.iter().map(|c| printer.clause(c, 1)).collect();
    match &body.clauses[..] {
        [only] if body.params.is_empty() => printer.expr(only.body, 1),
        _ => clauses.iter().map(|c| format!("  {c}")).collect::<Vec<_>>().join("\n"),
    }
}

struct Printer<'a> {
    program: &'a Program,
    body: &'a Body,
}

impl Printer<'_> {
    fn local(&self, id: LocalId) -> String {
        format!("{}#{}", self.body.locals[id].name, id.into_raw())
    }

    fn clause(&self, clause: &Clause, indent: usize) -> String {
        let pats: Vec<String> = clause.pats.iter().map(|&p| self.pat(p)).collect();
        let guard = clause.guard.map_or(String::new(), |g| format!(" when {}", self.expr(g, indent)));
        format!("{}{guard} -> {}", pats.join(", "), self.expr(clause.body, indent + 1))
    }

    fn exprs(&self, ids: &[ExprId], indent: usize) -> String {
        ids.iter().map(|&e| self.expr(e, indent)).collect::<Vec<_>>().join(", ")
    }

    fn args(&self, args: &[Arg], indent: usize) -> String {
        let shown = args.iter().map(|a| match a.name {
            Some((name, _)) => format!("{name}: {}", self.expr(a.value, indent)),
            None => self.expr(a.value, indent),
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    fn fields(&self, fields: &[FieldInit], indent: usize) -> String {
        fields
            .iter()
            .map(|f| format!("{}: {}", f.name, self.expr(f.value, indent)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    fn entries(&self, entries: &[(ExprId, ExprId)], indent: usize) -> String {
        let shown =
            entries.iter().map(|&(k, v)| format!("{} => {}", self.expr(k, indent), self.expr(v, indent)));
        shown.collect::<Vec<_>>().join(", ")
    }

    fn arms(&self, arms: &[Clause], indent: usize) -> String {
        let pad = "  ".repeat(indent + 1);
        arms.iter().map(|a| format!("\n{pad}{}", self.clause(a, indent + 1))).collect()
    }

    fn fn_name(&self, id: FnId) -> String {
        let def = &self.program.fns[id];
        format!("{}.{}", self.program.modules[def.module].path, def.name)
    }

    fn ctors(&self, ids: &[CtorId]) -> String {
        let name = |c: &CtorId| {
            let ty = &self.program.types[c.ty];
            format!("{}.{}", ty.name, ty.variants()[c.variant as usize].name)
        };
        ids.iter().map(name).collect::<Vec<_>>().join("/")
    }

    /// The one exhaustive list of expressions.
    fn expr(&self, id: ExprId, n: usize) -> String {
        let e = |id: ExprId| self.expr(id, n);
        match &self.body.exprs[id] {
            Expr::Missing => "<missing>".to_owned(),
            Expr::Int(value) => value.to_string(),
            Expr::Float(value) => format!("{value:?}"),
            Expr::Bool(value) => value.to_string(),
            Expr::Str(text) => format!("{text:?}"),
            Expr::Interp(parts) => self.interp(parts, n),
            Expr::Atom(name) => format!(":{name}"),
            Expr::Local(local) => self.local(*local),
            Expr::Fn(id) => self.fn_name(*id),
            Expr::Const(id) => {
                let def = &self.program.consts[*id];
                format!("{}.{}", self.program.modules[def.module].path, def.name)
            }
            Expr::Ctor(ids) => self.ctors(ids),
            Expr::TraitMethod(id, method) => {
                format!("<{}.{}>", self.program.traits[*id].name, self.program.fns[*method].name)
            }
            Expr::TypeMember { ty, name, .. } => format!("<{}.{name}>", show_type(self.program, ty)),
            Expr::Call { callee, args } => format!("{}({})", e(*callee), self.args(args, n)),
            Expr::MethodCall { receiver, name, args, .. } => {
                format!("{}.{name}({})", e(*receiver), self.args(args, n))
            }
            Expr::Field { base, name, .. } => format!("{}.{name}", e(*base)),
            Expr::TupleIndex { base, index } => format!("{}.{index}", e(*base)),
            Expr::Index { base, index } => format!("{}[{}]", e(*base), e(*index)),
            Expr::Tuple(parts) => format!("({})", self.exprs(parts, n)),
            Expr::List(items) => {
                let shown = items.iter().map(|item| match item {
                    ListItem::Elem(id) => e(*id),
                    ListItem::Spread(id) => format!("..{}", e(*id)),
                });
                format!("[{}]", shown.collect::<Vec<_>>().join(", "))
            }
            Expr::Map(entries) => format!("%{{{}}}", self.entries(entries, n)),
            Expr::Struct { ty, fields } => {
                format!("{} {{ {} }}", self.program.types[*ty].name, self.fields(fields, n))
            }
            Expr::Update { base, fields } => format!("%{{{} | {}}}", e(*base), self.fields(fields, n)),
            Expr::MapUpdate { base, entries } => format!("%{{{} | {}}}", e(*base), self.entries(entries, n)),
            Expr::Binary { op, left, right } => format!("({} {op:?} {})", e(*left), e(*right)),
            Expr::Logic { is_and, left, right } => {
                format!("({} {} {})", e(*left), if *is_and { "and" } else { "or" }, e(*right))
            }
            Expr::Not(inner) => format!("(not {})", e(*inner)),
            Expr::Neg(inner) => format!("(-{})", e(*inner)),
            Expr::Range { start, end, inclusive } => {
                format!("{}{}{}", e(*start), if *inclusive { "..=" } else { ".." }, e(*end))
            }
            Expr::If { cond, then, otherwise } => {
                let otherwise = otherwise.map_or(String::new(), |o| format!(" else {}", e(o)));
                format!("if {} do {}{otherwise} end", e(*cond), e(*then))
            }
            Expr::Case { scrutinee, arms } => format!("case {} do{} end", e(*scrutinee), self.arms(arms, n)),
            Expr::Block { stmts, tail } => self.block(stmts, *tail, n),
            Expr::While { cond, body } => format!("while {} do {} end", e(*cond), e(*body)),
            Expr::For { pat, iter, guard, body } => {
                let guard = guard.map_or(String::new(), |g| format!(" when {}", e(g)));
                format!("for {} in {}{guard} do {} end", self.pat(*pat), e(*iter), e(*body))
            }
            Expr::Break => "break".to_owned(),
            Expr::Continue => "continue".to_owned(),
            Expr::Return(value) => format!("return {}", value.map_or(String::new(), e)),
            Expr::Try(inner) => format!("{}?", e(*inner)),
            Expr::Closure(closure) => {
                format!("fn<{:?}>{} end", closure.kind, self.arms(&closure.clauses, n))
            }
            Expr::Receive { arms, after } => {
                let after =
                    after.map_or(String::new(), |(ms, body)| format!(" after {} -> {}", e(ms), e(body)));
                format!("receive do{}{after} end", self.arms(arms, n))
            }
            Expr::SelfPid => "self()".to_owned(),
            Expr::Send { to, message } => format!("send({}, {})", e(*to), e(*message)),
            Expr::Spawn { target, args, link } => {
                let word = if *link { "spawn_link" } else { "spawn" };
                format!("{word}({}; {})", e(*target), self.args(args, n))
            }
        }
    }

    fn interp(&self, parts: &[InterpPart], indent: usize) -> String {
        let shown: String = parts
            .iter()
            .map(|part| match part {
                InterpPart::Text(text) => text.escape_debug().to_string(),
                InterpPart::Expr(id) => format!("${{{}}}", self.expr(*id, indent)),
            })
            .collect();
        format!("\"{shown}\"")
    }

    fn block(&self, stmts: &[Stmt], tail: Option<ExprId>, n: usize) -> String {
        let pad = "  ".repeat(n + 1);
        let mut out = String::from("do");
        for stmt in stmts {
            let text = match stmt {
                Stmt::Let { pat, ty, init } => {
                    let ty =
                        ty.as_ref().map_or(String::new(), |t| format!(" :: {}", show_type(self.program, t)));
                    format!("let {}{ty} = {}", self.pat(*pat), self.expr(*init, n + 1))
                }
                Stmt::LocalFn { local, closure } => {
                    format!("let rec {} = {}", self.local(*local), self.expr(*closure, n + 1))
                }
                Stmt::Expr(id) => self.expr(*id, n + 1),
            };
            let _ = write!(out, "\n{pad}{text}");
        }
        match tail {
            Some(tail) => format!("{out}\n{pad}=> {} end", self.expr(tail, n + 1)),
            None => format!("{out} end"),
        }
    }

    fn pats(&self, ids: &[PatId]) -> String {
        ids.iter().map(|&p| self.pat(p)).collect::<Vec<_>>().join(", ")
    }

    fn pat(&self, id: PatId) -> String {
        match &self.body.pats[id] {
            Pat::Missing => "<missing>".to_owned(),
            Pat::Wild => "_".to_owned(),
            Pat::Bind { local, sub: None } => self.local(*local),
            Pat::Bind { local, sub: Some(sub) } => format!("{} as {}", self.pat(*sub), self.local(*local)),
            Pat::Int(value) => value.to_string(),
            Pat::Float(value) => format!("{value:?}"),
            Pat::Bool(value) => value.to_string(),
            Pat::Str(text) => format!("{text:?}"),
            Pat::Atom(name) => format!(":{name}"),
            Pat::IntRange(start, end) => format!("{start}..={end}"),
            Pat::Tuple(parts) => format!("({})", self.pats(parts)),
            Pat::Ctor { candidates, args, named, rest } => {
                let mut parts: Vec<String> = args.iter().map(|&p| self.pat(p)).collect();
                parts.extend(named.iter().map(|n| format!("{}: {}", n.0, self.pat(n.2))));
                if *rest {
                    parts.push("..".to_owned());
                }
                format!("{}({})", self.ctors(candidates), parts.join(", "))
            }
            Pat::Struct { ty, fields } => {
                let fields: Vec<String> =
                    fields.iter().map(|f| format!("{}: {}", f.0, self.pat(f.2))).collect();
                format!("{} {{ {} }}", self.program.types[*ty].name, fields.join(", "))
            }
            Pat::List { prefix, rest, suffix } => {
                let mut parts: Vec<String> = prefix.iter().map(|&p| self.pat(p)).collect();
                match rest {
                    Some(Some(rest)) => parts.push(format!("..{}", self.pat(*rest))),
                    Some(None) => parts.push("..".to_owned()),
                    None => {}
                }
                parts.extend(suffix.iter().map(|&p| self.pat(p)));
                format!("[{}]", parts.join(", "))
            }
            Pat::Map(entries) => {
                let shown = entries.iter().map(|&(k, v)| format!("{} => {}", self.expr(k, 0), self.pat(v)));
                format!("%{{{}}}", shown.collect::<Vec<_>>().join(", "))
            }
            Pat::Or(alternatives) => {
                alternatives.iter().map(|&p| self.pat(p)).collect::<Vec<_>>().join(" | ")
            }
            Pat::StrPrefix(prefix, rest) => format!("{prefix:?} <> {}", self.pat(*rest)),
            Pat::Typed(pat, ty) => format!("({} :: {})", self.pat(*pat), show_type(self.program, ty)),
            Pat::Signal(name, parts) => format!("(:{name}, {})", self.pats(parts)),
        }
    }
}
