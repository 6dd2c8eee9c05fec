//! What instances are called: in reports, stack traces and symbols.

use snow_abi::layout::first_frame::{GIVEN_TO, START_OF};
use snow_hir::{BodyId, BodyOwner, ConstId, Container, ExprId, FnId, FnKind, ModuleId, TypeRefKind};

use crate::mir::FuncId;
use crate::mono::{Mono, What};

/// The name of an instance that `by` asks for.
pub(crate) fn of(cx: &Mono<'_>, what: What, by: FuncId) -> String {
    match what {
        What::Fn(id, _) | What::FnValue(id) => of_fn(cx, id),
        What::SpawnFn(id) | What::Main(id) => start_of(cx, id),
        What::Value(body) => of_body(cx, body),
        What::Closure(body, expr) | What::LocalFn(body, expr) | What::SpawnClosure(body, expr) => {
            format!("{}.{}", of_body(cx, body), local_name(cx, body, expr))
        }
        What::CtorValue(ctor) => {
            let def = &cx.program.types[ctor.ty];
            let variant = def.variants().get(ctor.variant as usize);
            format!("{}.{}", def.name, variant.map_or("?", |v| v.name.as_str()))
        }
        What::Receive(body, _) => of_body(cx, body),
        What::Terminate(id) => format!("{} (terminate)", of_fn(cx, id)),
        What::SpawnValue => format!("{GIVEN_TO}{}", cx.asked[by.0 as usize].name),
        What::Init => "constants".into(),
    }
}

/// The first frame of a process that runs a function.
pub(crate) fn start_of(cx: &Mono<'_>, id: FnId) -> String {
    format!("{START_OF}{}", of_fn(cx, id))
}

/// A function with its module, or with the type whose method it is.
pub(crate) fn of_fn(cx: &Mono<'_>, id: FnId) -> String {
    let def = &cx.program.fns[id];
    match def.container {
        // The actors of services and supervisors are called like these.
        Container::Module if def.kind == FnKind::Actor && matches!(def.name.as_str(), "run_" | "serve_") => {
            cx.program.modules[def.module].path.clone()
        }
        Container::Module => match start_of_child(def.name.as_str()) {
            Some(child) => in_module(cx, def.module, &child),
            None => in_module(cx, def.module, def.name.as_str()),
        },
        Container::Trait(t) => format!("{}.{}", cx.program.traits[t].name, def.name),
        Container::Impl(id) => {
            let owner = match &cx.program.impls[id].self_ty.kind {
                TypeRefKind::Type(ty, _) => cx.program.types[*ty].name.as_str(),
                TypeRefKind::Tuple(parts) if parts.is_empty() => "()",
                TypeRefKind::Tuple(_) => "(…)",
                _ => cx.program.traits[cx.program.impls[id].trait_].name.as_str(),
            };
            format!("{owner}.{}", def.name)
        }
    }
}

/// `App.worker` for `start_App_worker_`, what starts this child.
fn start_of_child(name: &str) -> Option<String> {
    let (supervisor, child) = name.strip_prefix("start_")?.strip_suffix('_')?.split_once('_')?;
    supervisor.starts_with(char::is_uppercase).then(|| format!("{supervisor}.{child}"))
}

/// A constant with its module.
pub(crate) fn of_const(cx: &Mono<'_>, id: ConstId) -> String {
    let def = &cx.program.consts[id];
    in_module(cx, def.module, def.name.as_str())
}

fn in_module(cx: &Mono<'_>, module: ModuleId, name: &str) -> String {
    if cx.program.root == Some(module) {
        return name.to_owned();
    }
    format!("{}.{name}", cx.program.modules[module].path)
}

pub(crate) fn of_body(cx: &Mono<'_>, body: BodyId) -> String {
    match cx.program.bodies[body].owner {
        BodyOwner::Fn(id) => of_fn(cx, id),
        BodyOwner::Const(id) => of_const(cx, id),
        BodyOwner::ParamDefault(id, at) => {
            let param = cx.program.fns[id].params.get(at as usize).and_then(|p| p.name);
            format!("{} (default of {})", of_fn(cx, id), param.map_or("_", |n| n.as_str()))
        }
        BodyOwner::FieldDefault(ctor, _) => format!("{} (default)", cx.program.types[ctor.ty].name),
    }
}

/// The name that a closure is bound to, or `fn`.
fn local_name(cx: &Mono<'_>, body: BodyId, expr: ExprId) -> String {
    let bound = cx.bodies.get(&body).and_then(|info| {
        info.templates.iter().find(|(_, closure)| **closure == expr).map(|(local, _)| *local)
    });
    bound.map_or("fn".into(), |local| cx.program.bodies[body].locals[local].name.to_string())
}
