//! Operations of std that depend on the types they are used at: they become other MIR than an intrinsic.

use snow_abi::{Intrinsic, RuntimeFn};
use snow_typeck::Ty;

use super::emit::Emit;
use crate::mir::{Const, Operand, Rvalue};
use crate::mono::{Built, What, bug};

impl Emit<'_, '_> {
    /// What an intrinsic of std is at these types.
    pub(crate) fn std_op(
        &mut self,
        op: Intrinsic,
        targs: &[Ty],
        args: Vec<Operand>,
        ret: Ty,
    ) -> Built<Rvalue> {
        let mistake = || bug(self.span, format_args!("`{}` is used with other types", op.row().name));
        Ok(match (op, &args[..]) {
            (Intrinsic::TypeFingerprint, [_]) => {
                let ty = *targs.first().ok_or_else(mistake)?;
                Rvalue::Use(Operand::Const(Const::Int(
                    super::fingerprint(self.cx.program, self.cx.typed, ty) as i64,
                )))
            }
            (Intrinsic::Shown, [value]) => {
                let ty = *targs.first().ok_or_else(mistake)?;
                let unknown = || Operand::Const(Const::Str("(a value without Debug)".into()));
                Rvalue::Use(self.debug_text(value.clone(), ty)?.unwrap_or_else(unknown))
            }
            (Intrinsic::PidFromInt, [number]) => Rvalue::Use(number.clone()),
            (Intrinsic::LoadMessage, [address]) => {
                let base = self.as_local(address.clone(), Ty::int());
                Rvalue::LoadPart { base, parts: vec![ret], index: 0, take: true }
            }
            (Intrinsic::SendAfter | Intrinsic::SendEvery, [pid, ms, message]) => {
                let ty = *targs.first().ok_or_else(mistake)?;
                let func = match op {
                    Intrinsic::SendAfter => RuntimeFn::timer_send_after,
                    _ => RuntimeFn::timer_send_every,
                };
                let args = vec![pid.clone(), ms.clone()];
                Rvalue::SendBy { func, args, message: message.clone(), ty }
            }
            (Intrinsic::SpawnJob, [code]) => {
                let ty = Ty::func(&[], Ty::unit());
                let handler = self.instance(What::SpawnValue, &[ty])?;
                let name = self.cx.asked[handler.0 as usize].name.clone();
                let recv = self.cx.recv(handler, vec![ty], None, &name);
                Rvalue::Spawn { func: RuntimeFn::spawn_job, recv, args: vec![code.clone()] }
            }
            _ => Rvalue::Intrinsic { op, args },
        })
    }
}
