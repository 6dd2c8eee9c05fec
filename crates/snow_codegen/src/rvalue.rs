//! What assignments evaluate.

use inkwell::values::PointerValue;
use snow_abi::RuntimeFn;
use snow_mir::mir::{Const, LocalId, Operand, RecvId, Rvalue};
use snow_typeck::Ty;

use crate::emit::Slot;
use crate::error::{Res, bad};
use crate::func::FnCx;

impl<'ll> FnCx<'_, '_, 'll> {
    /// The slots of a value of type `ty`.
    pub(crate) fn rvalue(&self, rvalue: &Rvalue, ty: Ty) -> Res<Vec<Slot<'ll>>> {
        match rvalue {
            Rvalue::Use(op) => self.operand(op),
            Rvalue::Look(local) => self.operand(&Operand::Local(*local)),
            Rvalue::Make { ty, variant, args, reuse } => self.make(*ty, *variant, args, *reuse),
            Rvalue::MakeClosure { func, captures } => self.make_closure(*func, captures),
            Rvalue::MakeList { elem, items } => self.make_list(*elem, items),
            Rvalue::Project { base, variant, index } => self.project(*base, *variant, *index),
            Rvalue::Capture { closure, index } => self.capture(*closure, *index),
            Rvalue::Variant(local) => Ok(vec![self.variant(self.ty(*local)?, &self.get(*local)?)?]),
            Rvalue::Call { func, args } => self.call(*func, args),
            Rvalue::CallClosure { closure, args } => self.call_closure(closure, args, ty),
            Rvalue::Runtime { func, args } => self.runtime_call(*func, args),
            Rvalue::Intrinsic { op, args } => self.intrinsic(*op, args, ty),
            Rvalue::ConstSlot(id) => {
                let (memory, ty) = self.const_slot(*id)?;
                self.load_slots(memory, &self.cx.layouts.parts(&[ty]).parts[0])
            }
            Rvalue::LoadPart { base, parts, index, take: _ } => self.load_part(*base, parts, *index),
            Rvalue::Spawn { func, recv, args } => {
                let (desc, state) = self.recv(*recv)?;
                let (memory, _) = self.spill(state, args)?;
                self.runtime(*func, self.ctx, &[desc.into(), memory.into()])
            }
            Rvalue::SendBy { func, args, message, ty } => {
                let mut slots = Vec::new();
                for (arg, &param) in args.iter().zip(func.row().params) {
                    slots.extend(self.operand_as(arg, self.cx.abi_slots(param))?);
                }
                let (memory, desc) = self.spill(&[*ty], std::slice::from_ref(message))?;
                slots.push(self.int(i64::from(desc)).into());
                slots.push(memory.into());
                self.runtime(*func, self.ctx, &slots)
            }
            Rvalue::SetTerminate { recv } => {
                let (desc, _) = self.recv(*recv)?;
                self.runtime(RuntimeFn::set_terminate, self.ctx, &[desc.into()])
            }
            Rvalue::Send { pid, message, ty } => {
                let pid = self.operand(pid)?;
                let (memory, desc) = self.spill(&[*ty], std::slice::from_ref(message))?;
                let [pid] = pid[..] else { return bad("a pid of more than one slot") };
                self.runtime(
                    RuntimeFn::send,
                    self.ctx,
                    &[pid, self.int(i64::from(desc)).into(), memory.into()],
                )
            }
            Rvalue::Suspend { recv, timeout } => {
                let (desc, _) = self.recv(*recv)?;
                let [timeout] = self.operand(timeout)?[..] else { return bad("a timeout that is no Int") };
                self.runtime(RuntimeFn::suspend, self.ctx, &[desc.into(), timeout])
            }
        }
    }

    fn recv(&self, id: RecvId) -> Res<(PointerValue<'ll>, &[Ty])> {
        let (desc, site) = self.cx.recv(id)?;
        Ok((desc, &site.state))
    }

    fn load_part(&self, base: LocalId, parts: &[Ty], index: u32) -> Res<Vec<Slot<'ll>>> {
        match self.cx.layouts.parts(parts).parts.get(index as usize) {
            Some(places) => self.load_slots(self.raw(base)?, places),
            None => bad(format!("{}: no part {index} to load", self.func.symbol)),
        }
    }

    fn runtime_call(&self, func: RuntimeFn, args: &[Operand]) -> Res<Vec<Slot<'ll>>> {
        let row = func.row();
        let given = row.params.len() - usize::from(row.takes_location);
        if args.len() != given {
            return bad(format!("{} takes {given} arguments, not {}", row.symbol, args.len()));
        }
        let mut slots = Vec::new();
        for (arg, &param) in args.iter().zip(row.params) {
            slots.extend(self.operand_as(arg, self.cx.abi_slots(param))?);
        }
        if row.takes_location {
            slots.push(self.location().into());
        }
        self.runtime_or_shortcut(func, &slots)
    }

    /// The type of an operand.
    pub(crate) fn operand_ty(&self, op: &Operand) -> Res<Ty> {
        Ok(match op {
            Operand::Local(id) => self.ty(*id)?,
            Operand::Const(literal) => match literal {
                Const::Int(_) => Ty::int(),
                Const::Float(_) => Ty::float(),
                Const::Bool(_) => Ty::bool(),
                Const::Str(_) => Ty::string(),
                Const::Atom(_) => Ty::atom(),
                Const::Unit => Ty::unit(),
                // All functions look alike.
                Const::Func(_) => Ty::func(&[], Ty::unit()),
                Const::EmptyList(elem) | Const::List(elem, _) => Ty::list(*elem),
                Const::Made(ty, ..) => *ty,
                Const::Null => Ty::builtin(snow_hir::BuiltinTy::Raw),
            },
        })
    }
}
