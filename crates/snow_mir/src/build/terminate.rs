//! `terminate`: an actor saves its parameters when it begins, and a handler runs the clause with them.

use snow_abi::RuntimeFn;
use snow_hir::{FnBody, FnId, FnKind};
use snow_typeck::Ty;
use snow_typeck::matching::MatchId;

use super::emit::{Dest, Emit, raw};
use super::lower::{Lower, Source};
use super::match_::Arms;
use super::spawn::take_state;
use crate::mir::{Const, Func, FuncId, FuncKind, LocalId, Operand, Rvalue, StmtKind};
use crate::mono::{Built, Mono, RunMode, What, bug};

impl Lower<'_, '_> {
    /// An actor without `terminate` that a process becomes: the clause of the actor before it is no longer the process's.
    pub(crate) fn leave_terminate(&mut self, callee: FnId) {
        let def = &self.cx.program.fns[callee];
        let FnBody::Snow(body) = def.body else { return };
        let is_bare = def.kind == FnKind::Actor && self.cx.program.bodies[body].terminate.is_none();
        if is_bare && self.src.body.terminate.is_some() {
            self.runtime(RuntimeFn::set_terminate, vec![Operand::Const(Const::Null)], raw());
        }
    }

    /// At the head of an actor with `terminate`: saves its parameters.
    pub(crate) fn save_for_terminate(&mut self, id: FnId, targs: &[Ty]) -> Built<()> {
        if self.src.body.terminate.is_none() {
            return Ok(());
        }
        let (tys, _) = self.fn_types(id, targs)?;
        let handler = self.instance(What::Terminate(id), targs)?;
        let name = super::names::of_fn(self.cx, id);
        let recv = self.cx.recv(handler, tys.clone(), None, &name);
        let base = self.temp(raw(), Rvalue::SetTerminate { recv });
        for (index, &local) in self.src.body.params.iter().enumerate() {
            let value = self.name(local)?;
            self.push(StmtKind::StorePart { base, parts: tys.clone(), index: index as u32, value });
        }
        Ok(())
    }
}

/// The one clause of an actor, of which only the names matter.
struct Names {
    terminate: snow_hir::ExprId,
}

impl<'p> Arms<'p> for Names {
    fn guard(&self, _: u32) -> Option<snow_hir::ExprId> {
        None
    }

    fn arm(&mut self, lower: &mut Lower<'_, 'p>, _: u32) -> Built<()> {
        lower.to(self.terminate, Dest::Ignore)
    }

    fn fail(&mut self, lower: &mut Lower<'_, 'p>) -> Built<()> {
        lower.impossible();
        Ok(())
    }
}

/// Builds what an actor does when it ends; the state is its parameters.
pub(crate) fn handler(cx: &mut Mono<'_>, this: FuncId, id: FnId, targs: &[Ty]) -> Built<Func> {
    let def = &cx.program.fns[id];
    let span = def.span;
    let FnBody::Snow(body_id) = def.body else { return Err(bug(span, "an actor without code")) };
    let src = Source::new(cx, body_id, targs)?;
    let body = src.body;
    let terminate = body.terminate.ok_or_else(|| bug(span, "an actor without `terminate`"))?;
    let mut emit = Emit::new(cx, this, FuncKind::Handler, Ty::unit(), span);
    emit.mode = RunMode::Tail;
    let (tys, _) = emit.fn_types(id, targs)?;
    let values = take_state(&mut emit, &tys);
    let mut lower = Lower::new(emit, src);
    let mut roots: Vec<LocalId> = Vec::new();
    for ((&name, value), &ty) in body.params.iter().zip(values).zip(&tys) {
        roots.push(lower.as_local(value.clone(), ty));
        lower.bind(name, value);
    }
    match lower.tree(MatchId::Body) {
        Some(tree) => lower.match_tree(tree, &roots, &mut Names { terminate })?,
        None => lower.to(terminate, Dest::Ignore)?,
    }
    lower.ret(Operand::Const(Const::Unit));
    lower.finish()
}
