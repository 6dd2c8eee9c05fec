//! What a local is known to hold, in uncounted MIR: by its only assignment, or by the last one in the block.

use snow_base::FxHashMap;

use crate::mir::{Const, Func, FuncId, LocalId, Operand, Rvalue, StmtKind};

/// A closure: its code and the captured values, which are still the same where it is asked for.
#[derive(Clone)]
pub(super) struct Closure {
    pub(super) code: FuncId,
    pub(super) captures: Vec<Operand>,
}

/// The values of locals that are assigned once.
pub(super) struct Known {
    values: FxHashMap<LocalId, Rvalue>,
    defs: Vec<u32>,
}

impl Known {
    /// Looks through a function. O(statements).
    pub(super) fn of(func: &Func) -> Known {
        let mut defs = vec![0u32; func.locals.len()];
        func.params.iter().for_each(|p| defs[p.0 as usize] += 1);
        let mut values = FxHashMap::default();
        for stmt in func.blocks.iter().flat_map(|b| &b.stmts) {
            if let StmtKind::Assign(dst, rvalue) = &stmt.kind {
                defs[dst.0 as usize] += 1;
                if matches!(rvalue, Rvalue::Use(_) | Rvalue::Make { .. } | Rvalue::MakeClosure { .. }) {
                    values.insert(*dst, rvalue.clone());
                }
            }
        }
        values.retain(|local, _| defs[local.0 as usize] == 1);
        Known { values, defs }
    }

    /// Whether the operand's value never changes once it is there.
    pub(super) fn is_fixed(&self, op: &Operand) -> bool {
        match op {
            Operand::Local(local) => self.defs[local.0 as usize] <= 1,
            Operand::Const(_) => true,
        }
    }

    /// The only value that a local is assigned.
    pub(super) fn value(&self, local: LocalId) -> Option<&Rvalue> {
        self.values.get(&local)
    }

    /// The closure that an operand is at a place of a function: a function without captures, or one made of values that are
    /// the same since.
    pub(super) fn closure(&self, func: &Func, (block, at): (usize, usize), op: &Operand) -> Option<Closure> {
        let local = match op {
            Operand::Const(Const::Func(code)) => return Some(Closure { code: *code, captures: Vec::new() }),
            Operand::Const(_) => return None,
            Operand::Local(local) => local,
        };
        match self.value(*local) {
            Some(Rvalue::Use(op @ Operand::Const(_))) => self.closure(func, (block, at), op),
            Some(Rvalue::MakeClosure { func: code, captures })
                if captures.iter().all(|op| self.is_fixed(op)) =>
            {
                Some(Closure { code: *code, captures: captures.clone() })
            }
            _ => made_before(func, block, at, *local),
        }
    }
}

/// The closure that was made before in the block, of values that are still the same.
fn made_before(func: &Func, block: usize, at: usize, local: LocalId) -> Option<Closure> {
    let stmts = &func.blocks[block].stmts[..at];
    let made = stmts.iter().rposition(|s| matches!(&s.kind, StmtKind::Assign(dst, _) if *dst == local))?;
    let StmtKind::Assign(_, Rvalue::MakeClosure { func: code, captures }) = &stmts[made].kind else {
        return None;
    };
    let changed = stmts[made + 1..].iter().any(|s| match &s.kind {
        StmtKind::Assign(dst, _) => captures.contains(&Operand::Local(*dst)),
        _ => false,
    });
    (!changed).then(|| Closure { code: *code, captures: captures.clone() })
}
