//! Places `Dup` and `Drop`: the heart of Perceus (Reinking, Xie, de Moura, Leijen, PLDI 2021), on basic blocks.
//!
//! Going backwards over each block with what is alive behind each point: a consuming use of a local that is
//! needed later is preceded by a `Dup`; a borrowing last use is followed by a `Drop`; where two paths part, what only
//! one of them needs is dropped at the start of the other. So every value is let go as soon as it isn't needed,
//! and a value that one place holds has the count one.
//!
//! Blocks that end in a crash drop nothing: the process's heap goes as a whole.

use super::bitset::BitSet;
use super::liveness::{assigned, live_in, live_out, predecessors, stmt_uses, term_uses};
use super::ownership::{Kind, Ownership};
use crate::layout::Layouts;
use crate::mir::{Block, BlockId, Func, LocalId, Mir, Mode, Rvalue, Stmt, StmtKind, Term};
use snow_base::Span;

/// Counts every function.
pub(super) fn run(mir: &mut Mir, layouts: &Layouts<'_>) {
    let modes: Vec<Vec<Mode>> = mir.fns.iter().map(|f| f.modes.clone()).collect();
    for (index, func) in mir.fns.iter_mut().enumerate() {
        let own = Ownership::of(func, &modes[index], &modes, layouts);
        Counter { modes: &modes, own: &own }.count(func);
    }
}

struct Counter<'a> {
    modes: &'a [Vec<Mode>],
    own: &'a Ownership,
}

impl Counter<'_> {
    fn count(&self, func: &mut Func) {
        let bound = func.locals.len();
        let live_in = live_in(func, self.modes, self.own);
        let outs: Vec<BitSet> = func.blocks.iter().map(|b| live_out(b, &live_in, bound)).collect();
        for (index, block) in func.blocks.iter_mut().enumerate() {
            self.count_block(block, outs[index].clone());
        }
        self.drop_on_edges(func, &live_in, &outs);
        let unused: Vec<LocalId> = (func.params.iter().copied())
            .filter(|&p| self.own.kind(p) == Kind::Owned && !live_in[0].contains(p.0))
            .collect();
        let entry = &mut func.blocks[0];
        if entry.term != Term::Unreachable {
            let span = entry.stmts.first().map_or(entry.span, |s| s.span);
            entry.stmts.splice(0..0, drops(&unused, span));
        }
    }

    /// Rewrites one block. `live` is what is alive at its end.
    fn count_block(&self, block: &mut Block, mut live: BitSet) {
        let crashes = block.term == Term::Unreachable;
        let mut reversed = Vec::new();
        let uses = self.tally(&term_uses(&block.term, self.modes));
        for &(local, owns, _) in &uses {
            let free = self.own.kind(local) == Kind::Owned && !live.contains(local.0);
            push_dups(&mut reversed, local, owns - u32::from(free && owns > 0), block.span);
        }
        for (local, ..) in uses {
            self.own.mark(local, &mut live);
        }
        for stmt in std::mem::take(&mut block.stmts).into_iter().rev() {
            self.count_stmt(stmt, crashes, &mut live, &mut reversed);
        }
        reversed.reverse();
        block.stmts = reversed;
    }

    /// Emits one statement with its counting, backwards.
    fn count_stmt(&self, stmt: Stmt, crashes: bool, live: &mut BitSet, out: &mut Vec<Stmt>) {
        let span = stmt.span;
        let uses = self.tally(&stmt_uses(&stmt, self.modes));
        if let Some(dst) = assigned(&stmt) {
            let needed = live.contains(dst.0);
            live.remove(dst.0);
            let borrowed =
                matches!(&stmt.kind, StmtKind::Assign(_, rvalue) if rvalue.borrows_from().is_some());
            if !needed && borrowed && !may_crash(&stmt) && self.own.kind(dst) != Kind::Uncounted {
                // The reading goes, but liveness has counted it as a use: what it kept alive dies here.
                self.drop_dying(&uses, live, crashes, span, out);
                for (local, ..) in uses {
                    self.own.mark(local, live);
                }
                return;
            }
            self.drop_dying(&uses, live, crashes, span, out);
            if self.own.kind(dst) == Kind::Owned {
                match (needed, borrowed) {
                    (true, true) => out.push(Stmt { kind: StmtKind::Dup(dst), span }),
                    (false, false) if !crashes => out.push(Stmt { kind: StmtKind::Drop(dst), span }),
                    _ => {}
                }
            }
        } else {
            self.drop_dying(&uses, live, crashes, span, out);
        }
        let mut dups = Vec::new();
        for &(local, owns, borrows) in &uses {
            let last = self.own.kind(local) == Kind::Owned && !live.contains(local.0) && borrows == 0;
            push_dups(&mut dups, local, owns - u32::from(last && owns > 0), span);
        }
        for (local, ..) in uses {
            self.own.mark(local, live);
        }
        out.push(stmt);
        out.append(&mut dups);
    }

    /// Emits the drops behind a statement of owned locals whose last use it is and that it doesn't consume.
    fn drop_dying(
        &self,
        uses: &[(LocalId, u32, u32)],
        live: &BitSet,
        crashes: bool,
        span: Span,
        out: &mut Vec<Stmt>,
    ) {
        if crashes {
            return;
        }
        let dying = uses.iter().filter(|(local, owns, borrows)| {
            let owned = self.own.kind(*local) == Kind::Owned;
            owned && !live.contains(local.0) && (*owns == 0 || *borrows > 0)
        });
        let dying: Vec<LocalId> = dying.map(|u| u.0).collect();
        out.extend(drops(&dying, span));
    }

    /// How often each counted local is consumed and borrowed; uses of borrowed locals are borrows of what they live in.
    fn tally(&self, uses: &[super::liveness::Use]) -> Vec<(LocalId, u32, u32)> {
        let mut tally: Vec<(LocalId, u32, u32)> = Vec::new();
        let mut add = |local: LocalId, owns: u32, borrows: u32| match tally.iter_mut().find(|t| t.0 == local)
        {
            Some(entry) => {
                entry.1 += owns;
                entry.2 += borrows;
            }
            None => tally.push((local, owns, borrows)),
        };
        for used in uses {
            match (self.own.kind(used.local), used.mode) {
                (Kind::Uncounted, _) => {}
                (_, Mode::Own) => add(used.local, 1, 0),
                (_, Mode::Borrow) => add(used.local, 0, 1),
            }
            if let (Kind::Borrowed(_), Some(root)) = (self.own.kind(used.local), self.own.root(used.local)) {
                add(root, 0, 1);
            }
        }
        tally
    }

    /// Drops on each edge what its source keeps alive for another edge only.
    fn drop_on_edges(&self, func: &mut Func, live_in: &[BitSet], outs: &[BitSet]) {
        let preds = predecessors(func);
        for (source, out) in outs.iter().enumerate() {
            let mut targets: Vec<BlockId> = func.blocks[source].term.successors();
            targets.sort_unstable();
            targets.dedup();
            for target in targets {
                let index = target.0 as usize;
                if func.blocks[index].term == Term::Unreachable && func.blocks[index].stmts.len() < 8 {
                    continue;
                }
                let dead: Vec<LocalId> = (out.iter().map(LocalId))
                    .filter(|l| self.own.kind(*l) == Kind::Owned && !live_in[index].contains(l.0))
                    .collect();
                if dead.is_empty() {
                    continue;
                }
                let span = func.blocks[index].stmts.first().map_or(func.blocks[index].span, |s| s.span);
                let once = preds[index].iter().filter(|&&p| p != source).count() == 0;
                let stmts: Vec<Stmt> = drops(&dead, span).collect();
                if once && index != 0 {
                    func.blocks[index].stmts.splice(0..0, stmts);
                } else {
                    let between = BlockId(func.blocks.len() as u32);
                    func.blocks.push(Block { stmts, term: Term::Goto(target), span });
                    redirect(&mut func.blocks[source].term, target, between);
                }
            }
        }
    }
}

fn redirect(term: &mut Term, from: BlockId, to: BlockId) {
    match term {
        Term::Goto(block) if *block == from => *block = to,
        Term::Switch { cases, default, .. } => {
            for block in cases.iter_mut().map(|c| &mut c.1).chain(default) {
                if *block == from {
                    *block = to;
                }
            }
        }
        _ => {}
    }
}

fn push_dups(out: &mut Vec<Stmt>, local: LocalId, times: u32, span: Span) {
    for _ in 0..times {
        out.push(Stmt { kind: StmtKind::Dup(local), span });
    }
}

fn drops(locals: &[LocalId], span: Span) -> impl Iterator<Item = Stmt> + '_ {
    locals.iter().map(move |&local| Stmt { kind: StmtKind::Drop(local), span })
}

/// Whether a reading statement does something even if its value isn't needed.
fn may_crash(stmt: &Stmt) -> bool {
    matches!(&stmt.kind, StmtKind::Assign(_, Rvalue::Intrinsic { op: snow_abi::Intrinsic::ListGet, .. }))
}
