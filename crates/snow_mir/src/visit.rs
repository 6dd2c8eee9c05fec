//! Every place where a statement or the end of a block names a local.

use crate::mir::{LocalId, Operand, Rvalue, StmtKind, Term};

/// What a local is named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is assigned.
    Def,
    /// It is the whole that a part is read from.
    Base,
    /// Anything else.
    Use,
}

/// Calls `f` for each local that a statement names.
pub(crate) fn stmt(kind: &mut StmtKind, f: &mut dyn FnMut(&mut LocalId, Role)) {
    match kind {
        StmtKind::Assign(local, value) => {
            rvalue(value, f);
            f(local, Role::Def);
        }
        StmtKind::StorePart { base, value, .. } => {
            f(base, Role::Use);
            operand(value, f);
        }
        StmtKind::StoreConst(_, value) => operand(value, f),
        StmtKind::Dup(local) | StmtKind::Drop(local) | StmtKind::FreeToken { token: local, .. } => {
            f(local, Role::Use);
        }
        StmtKind::Unpack { base, kept, token, .. } => {
            f(base, Role::Use);
            kept.iter_mut().for_each(|(_, local)| f(local, Role::Use));
            token.iter_mut().for_each(|token| f(token, Role::Def));
        }
        StmtKind::Poll => {}
    }
}

/// Calls `f` for each local that the end of a block names.
pub(crate) fn term(term: &mut Term, f: &mut dyn FnMut(&mut LocalId, Role)) {
    match term {
        Term::Goto(_) | Term::Unreachable => {}
        Term::Switch { on, .. } => f(on, Role::Use),
        Term::Return(op) => operand(op, f),
        Term::TailCall { args, .. } => args.iter_mut().for_each(|op| operand(op, f)),
        Term::TailCallClosure { closure, args } => {
            operand(closure, f);
            args.iter_mut().for_each(|op| operand(op, f));
        }
    }
}

fn operand(op: &mut Operand, f: &mut dyn FnMut(&mut LocalId, Role)) {
    if let Operand::Local(local) = op {
        f(local, Role::Use);
    }
}

fn rvalue(value: &mut Rvalue, f: &mut dyn FnMut(&mut LocalId, Role)) {
    match value {
        Rvalue::Use(op) => operand(op, f),
        Rvalue::Make { args, reuse, .. } => {
            args.iter_mut().for_each(|op| operand(op, f));
            reuse.iter_mut().for_each(|token| f(token, Role::Use));
        }
        Rvalue::MakeClosure { captures: ops, .. }
        | Rvalue::MakeList { items: ops, .. }
        | Rvalue::Call { args: ops, .. }
        | Rvalue::Runtime { args: ops, .. }
        | Rvalue::Intrinsic { args: ops, .. }
        | Rvalue::Spawn { args: ops, .. } => ops.iter_mut().for_each(|op| operand(op, f)),
        Rvalue::CallClosure { closure, args } => {
            operand(closure, f);
            args.iter_mut().for_each(|op| operand(op, f));
        }
        Rvalue::Project { base, .. } => f(base, Role::Base),
        Rvalue::Capture { closure, .. } => f(closure, Role::Use),
        Rvalue::Variant(local) | Rvalue::Look(local) => f(local, Role::Use),
        Rvalue::ConstSlot(_) => {}
        Rvalue::LoadPart { base, .. } => f(base, Role::Use),
        Rvalue::Send { pid, message, .. } => {
            operand(pid, f);
            operand(message, f);
        }
        Rvalue::SendBy { args, message, .. } => {
            args.iter_mut().for_each(|op| operand(op, f));
            operand(message, f);
        }
        Rvalue::SetTerminate { .. } => {}
        Rvalue::Suspend { timeout, .. } => operand(timeout, f),
    }
}
