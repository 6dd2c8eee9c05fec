//! Visits every mention of a local, for passes that rename or count them.

use crate::mir::{LocalId, Operand, Rvalue, StmtKind, Term};

type Visit<'a> = &'a mut dyn FnMut(&mut LocalId);

/// Calls `f` for each local that a statement mentions, what it assigns included.
pub(super) fn each_local(kind: &mut StmtKind, f: Visit<'_>) {
    match kind {
        StmtKind::Assign(dst, rvalue) => {
            each_rvalue_local(rvalue, f);
            f(dst);
        }
        StmtKind::StorePart { base, value, .. } => {
            f(base);
            each_operand(value, f);
        }
        StmtKind::StoreConst(_, value) => each_operand(value, f),
        StmtKind::Dup(local) | StmtKind::Drop(local) => f(local),
        StmtKind::Unpack { base, kept, token, .. } => {
            f(base);
            kept.iter_mut().for_each(|(_, local)| f(local));
            token.iter_mut().for_each(f);
        }
        StmtKind::FreeToken { token, .. } => f(token),
        StmtKind::Poll => {}
    }
}

fn each_rvalue_local(rvalue: &mut Rvalue, f: Visit<'_>) {
    match rvalue {
        Rvalue::Use(value) | Rvalue::Suspend { timeout: value, .. } => each_operand(value, f),
        Rvalue::Make { args, reuse, .. } => {
            args.iter_mut().for_each(|a| each_operand(a, f));
            reuse.iter_mut().for_each(f);
        }
        Rvalue::MakeClosure { captures: args, .. }
        | Rvalue::MakeList { items: args, .. }
        | Rvalue::Call { args, .. }
        | Rvalue::Runtime { args, .. }
        | Rvalue::Intrinsic { args, .. }
        | Rvalue::Spawn { args, .. } => args.iter_mut().for_each(|a| each_operand(a, f)),
        Rvalue::Project { base: local, .. }
        | Rvalue::Capture { closure: local, .. }
        | Rvalue::Variant(local)
        | Rvalue::Look(local)
        | Rvalue::LoadPart { base: local, .. } => f(local),
        Rvalue::CallClosure { closure, args } => {
            each_operand(closure, f);
            args.iter_mut().for_each(|a| each_operand(a, f));
        }
        Rvalue::ConstSlot(_) => {}
        Rvalue::Send { pid, message, .. } => {
            each_operand(pid, f);
            each_operand(message, f);
        }
    }
}

/// Calls `f` for each local that a terminator mentions.
pub(super) fn each_term_local(term: &mut Term, f: Visit<'_>) {
    match term {
        Term::Goto(_) | Term::Unreachable => {}
        Term::Switch { on, .. } => f(on),
        Term::Return(value) => each_operand(value, f),
        Term::TailCall { args, .. } => args.iter_mut().for_each(|a| each_operand(a, f)),
        Term::TailCallClosure { closure, args } => {
            each_operand(closure, f);
            args.iter_mut().for_each(|a| each_operand(a, f));
        }
    }
}

fn each_operand(operand: &mut Operand, f: Visit<'_>) {
    if let Operand::Local(local) = operand {
        f(local);
    }
}
