//! From checked bodies to MIR: each instance is built directly from its body and the types it is used at.
//!
//! Building puts instances on the list of [`Mono`] as it meets them, beginning with `main`. It emits no `Dup`,
//! `Drop`, `Unpack`: the counting pass adds them.
//!
//! - [`emit`]: one function in the making; [`parts`], [`shape`], [`poll`]: what is done to it at its
//!   end ([`visit`]: over what);
//! - [`lower`]: a body in the making, with its environment; [`expr`], [`call`], [`ops`], [`literal`], [`constant`], [`match_`],
//!   [`place`], [`loop_`], [`closure`], [`receive`], [`spawn`]: the parts of bodies;
//! - [`roots`]: functions without a body of their own; [`names`]: what instances are called.

mod call;
mod closure;
mod constant;
mod emit;
mod expr;
mod free;
mod literal;
mod loop_;
mod lower;
mod match_;
mod names;
mod ops;
mod parts;
mod place;
mod poll;
mod receive;
mod roots;
mod shape;
mod signals;
mod spawn;
mod std_ops;
mod terminate;
#[cfg(test)]
mod tests;

use snow_base::{FileId, FxHashMap, Name, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{FnId, Program, ValueNs};
use snow_typeck::Typed;

use crate::mir::{ConstSlot, ConstSlotId, FuncId, Mir, Rvalue, StmtKind};
use crate::mono::{Built, Mono, What, bug};

pub(crate) use free::BodyInfo;
pub(crate) use signals::fingerprint;

/// Builds the MIR of everything that `main` and the constants reach. The program must be free of errors.
///
/// # Errors
/// Instantiation without end, no `main`, or an error of the compiler itself.
pub fn build(program: &Program, typed: &Typed) -> Result<Mir, Vec<Diagnostic>> {
    Builder { cx: Mono::new(program, typed) }.run().map_err(|error| vec![*error])
}

/// The place of what has no place.
pub(crate) fn nowhere() -> Span {
    Span::new(FileId(0), Default::default())
}

struct Builder<'p> {
    cx: Mono<'p>,
}

impl<'p> Builder<'p> {
    fn run(mut self) -> Built<Mir> {
        let main_fn = self.find_main()?;
        let span = self.cx.program.fns[main_fn].span;
        let init = self.cx.instance(What::Init, &[], None, span, |_| "constants".into())?;
        let name = names::of_fn(&self.cx, main_fn);
        let handler =
            self.cx.instance(What::Main(main_fn), &[], None, span, |cx| names::start_of(cx, main_fn))?;
        let message = roots::mailbox(&self.cx, main_fn, &[]);
        let main = self.cx.recv(handler, Vec::new(), message, &name);
        self.want_own_constants();
        let mut next = 0;
        while next < self.cx.asked.len() {
            if next != init.0 as usize {
                self.build_instance(FuncId(next as u32))?;
            }
            next += 1;
            // The constants' slots must all be known before they are filled.
            if next == self.cx.asked.len() {
                let func = roots::init(&mut self.cx, init)?;
                self.cx.asked[init.0 as usize].func = Some(func);
            }
        }
        self.finish(init, main)
    }

    fn find_main(&self) -> Built<FnId> {
        let program = self.cx.program;
        let root = program.root.ok_or_else(|| bug(nowhere(), "the program has no root module"))?;
        match program.modules[root].values.get(&Name::new("main")) {
            Some(ValueNs::Fn(id)) => Ok(*id),
            _ => {
                let place = Span::new(program.modules[root].file, Default::default());
                let error = Diagnostic::error("E0290", "the program has no `main`", place)
                    .with_help("add `fn main() do … end`: the program starts there");
                Err(Box::new(error))
            }
        }
    }

    /// The user's constants are evaluated even where nothing uses them; those of std only where something does.
    fn want_own_constants(&mut self) {
        for &id in &self.cx.typed.const_order {
            let module = self.cx.program.consts[id].module;
            let body = &self.cx.program.bodies[self.cx.program.consts[id].body];
            if !self.cx.program.modules[module].is_std && lower::literal_of(body).is_none() {
                self.cx.const_slot(id);
            }
        }
    }

    fn build_instance(&mut self, id: FuncId) -> Built<()> {
        let inst = self.cx.asked[id.0 as usize].inst.clone();
        let cx = &mut self.cx;
        let func = match inst.what {
            What::Fn(f, mode) => lower::function(cx, id, f, mode, &inst.args),
            What::Value(body) => lower::value(cx, id, body, &inst.args),
            What::Closure(body, expr) => closure::closure(cx, id, (body, expr), &inst.args),
            What::LocalFn(body, expr) => closure::local_fn(cx, id, (body, expr), &inst.args),
            What::FnValue(f) => roots::fn_value(cx, id, f, &inst.args),
            What::CtorValue(ctor) => roots::ctor_value(cx, id, ctor, &inst.args),
            What::Receive(body, expr) => receive::handler(cx, id, (body, expr), &inst.args),
            What::Terminate(f) => terminate::handler(cx, id, f, &inst.args),
            What::SpawnFn(f) => spawn::fn_handler(cx, id, f, &inst.args),
            What::SpawnClosure(body, expr) => spawn::closure_handler(cx, id, (body, expr), &inst.args),
            What::SpawnValue => spawn::value_handler(cx, id, &inst.args),
            What::Main(f) => roots::main(cx, id, f),
            What::Init => roots::init(cx, id),
        }?;
        self.cx.asked[id.0 as usize].func = Some(func);
        Ok(())
    }

    /// Brings the constants into the order of their evaluation.
    fn finish(self, init: FuncId, main: crate::mir::RecvId) -> Built<Mir> {
        let cx = self.cx;
        let order = roots::const_order(&cx);
        let number: FxHashMap<ConstSlotId, ConstSlotId> =
            order.iter().enumerate().map(|(new, (old, _))| (*old, ConstSlotId(new as u32))).collect();
        let consts = order
            .iter()
            .map(|(_, id)| {
                let ty = cx.typed.consts.get(id).ok_or_else(|| bug(nowhere(), "a constant has no type"))?;
                Ok(ConstSlot { name: names::of_const(&cx, *id), ty: emit::concrete(*ty) })
            })
            .collect::<Built<Vec<ConstSlot>>>()?;
        let mut fns = Vec::with_capacity(cx.asked.len());
        for asked in cx.asked {
            fns.push(
                asked.func.ok_or_else(|| bug(nowhere(), format_args!("`{}` wasn't built", asked.name)))?,
            );
        }
        for stmt in fns.iter_mut().flat_map(|f| &mut f.blocks).flat_map(|b| &mut b.stmts) {
            match &mut stmt.kind {
                StmtKind::Assign(_, Rvalue::ConstSlot(slot)) | StmtKind::StoreConst(slot, _) => {
                    *slot = number[slot];
                }
                _ => {}
            }
        }
        let mut mir = Mir { fns, recvs: cx.recvs, consts, init, main };
        signals::spread(&mut mir);
        Ok(mir)
    }
}
