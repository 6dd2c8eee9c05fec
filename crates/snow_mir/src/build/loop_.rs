//! Loops: `while`, and `for` over ranges and lists by counting, over everything else through `Iterable`.

use snow_abi::{Intrinsic, LangItem};
use snow_hir::{Expr, ExprId, Pat, PatId};
use snow_typeck::Ty;
use snow_typeck::matching::MatchId;

use super::emit::Dest;
use super::free::bound_name;
use super::lower::{Loop, Lower};
use super::match_::Arms;
use crate::mir::{BlockId, Const, LocalId, Operand, Rvalue};
use crate::mono::Built;

/// A `for` as written: pattern, what is iterated, guard, body.
pub(crate) type ForParts = (PatId, ExprId, Option<ExprId>, ExprId);

/// A `for` in the making.
#[derive(Clone, Copy)]
struct ForLoop {
    e: ExprId,
    pat: PatId,
    guard: Option<ExprId>,
    body: ExprId,
    /// The list of the body's values, where it's used.
    values: Option<LocalId>,
    blocks: Loop,
}

fn int(n: i64) -> Operand {
    Operand::Const(Const::Int(n))
}

impl<'p> Lower<'_, 'p> {
    /// `break`, `continue`
    pub(crate) fn leave_loop(&mut self, to: impl FnOnce(&Loop) -> BlockId) -> Built<()> {
        let innermost = self.loops.last().ok_or_else(|| self.bug("no loop around"))?;
        let target = to(innermost);
        self.goto(target);
        Ok(())
    }

    /// `while c do … end`
    pub(crate) fn while_(&mut self, cond: ExprId, body: ExprId, dest: Dest) -> Built<()> {
        let (head, inside, next, exit) = (self.block(), self.block(), self.block(), self.block());
        self.goto(head);
        self.enter(head);
        self.cond(cond, inside, exit)?;
        self.enter_if_reached(inside);
        self.loops.push(Loop { next, exit });
        self.to(body, Dest::Ignore)?;
        self.loops.pop();
        self.goto(next);
        self.enter_if_reached(next);
        self.goto_back(head);
        self.enter_if_reached(exit);
        self.give(dest, Ty::unit(), Rvalue::Use(Operand::Const(Const::Unit)));
        Ok(())
    }

    /// `for p in e when g do … end`
    pub(crate) fn for_(&mut self, e: ExprId, parts: ForParts, dest: Dest) -> Built<()> {
        let (pat, iter, guard, body) = parts;
        let ty = self.ty_of(e)?;
        let is_list = ty.as_app().is_some_and(|(_, args)| args.len() == 1);
        let used = !self.unused(dest) && self.src.types.discarded.get(e).is_none() && is_list;
        let blocks = Loop { next: self.block(), exit: self.block() };
        let values = used.then(|| self.local(ty));
        let l = ForLoop { e, pat, guard, body, values, blocks };
        self.for_over(l, iter)?;
        self.enter_if_reached(blocks.exit);
        match values {
            Some(values) => self.give(dest, ty, Rvalue::Use(Operand::Local(values))),
            None => self.give(dest, Ty::unit(), Rvalue::Use(Operand::Const(Const::Unit))),
        }
        Ok(())
    }

    fn for_over(&mut self, l: ForLoop, iter: ExprId) -> Built<()> {
        if let Expr::Range { start, end, inclusive } = &self.src.body.exprs[iter] {
            let start = self.expr(*start)?;
            let end = self.expr(*end)?;
            return match inclusive {
                true => self.for_inclusive(l, start, end),
                false => self.for_exclusive(l, start, end),
            };
        }
        if self.never_comes(iter)? {
            return Ok(());
        }
        let ty = self.ty_of(iter)?;
        let over = self.expr_local(iter)?;
        if self.lang_ty(ty, LangItem::Range).is_some() {
            let start = Operand::Local(self.project(over, 0, 0)?);
            let end = Operand::Local(self.project(over, 0, 1)?);
            return self.for_exclusive(l, start, end);
        }
        if ty.as_app().is_some_and(|(con, _)| con == snow_typeck::TyCon::Builtin(snow_hir::BuiltinTy::List)) {
            return self.for_list(l, over);
        }
        self.for_iter(l, over)
    }

    /// The list of values begins empty, with room for `count` where nothing is skipped.
    fn start_values(&mut self, l: ForLoop, count: Option<Operand>) -> Built<()> {
        let Some(values) = l.values else { return Ok(()) };
        let elem = self.elem_of(self.local_ty(values))?;
        let start = match count {
            Some(count) if l.guard.is_none() => {
                Rvalue::Intrinsic { op: Intrinsic::ListNew, args: vec![count] }
            }
            _ => Rvalue::Use(Operand::Const(Const::EmptyList(elem))),
        };
        self.assign(values, start);
        Ok(())
    }

    fn for_exclusive(&mut self, l: ForLoop, start: Operand, end: Operand) -> Built<()> {
        self.start_values(l, None)?;
        let at = self.copy(start, Ty::int());
        self.count_to(l, at, end, |_, at| Ok(at))
    }

    fn for_list(&mut self, l: ForLoop, list: LocalId) -> Built<()> {
        let len = self.intrinsic(Intrinsic::ListLen, vec![Operand::Local(list)], Ty::int());
        self.start_values(l, Some(len.clone()))?;
        let at = self.copy(int(0), Ty::int());
        self.count_to(l, at, len, |this, at| this.element(list, Operand::Local(at)))
    }

    /// Counts `at` up to `end`; `elem` gives the element at a number.
    fn count_to(
        &mut self,
        l: ForLoop,
        at: LocalId,
        end: Operand,
        elem: impl FnOnce(&mut Self, LocalId) -> Built<LocalId>,
    ) -> Built<()> {
        let (head, inside) = (self.block(), self.block());
        self.goto(head);
        self.enter(head);
        let more = self.intrinsic(Intrinsic::IntLt, vec![Operand::Local(at), end], Ty::bool());
        self.branch(more, inside, l.blocks.exit);
        self.enter_if_reached(inside);
        if self.alive() {
            let elem = elem(self, at)?;
            self.for_body(l, elem)?;
        }
        self.enter_if_reached(l.blocks.next);
        let one_more = vec![Operand::Local(at), int(1)];
        self.assign(at, Rvalue::Intrinsic { op: Intrinsic::IntWrappingAdd, args: one_more });
        self.goto_back(head);
        Ok(())
    }

    /// Counts with the end itself, which may be the greatest Int.
    fn for_inclusive(&mut self, l: ForLoop, start: Operand, end: Operand) -> Built<()> {
        self.start_values(l, None)?;
        let at = self.copy(start, Ty::int());
        let (head, more) = (self.block(), self.block());
        let any = self.intrinsic(Intrinsic::IntLe, vec![Operand::Local(at), end.clone()], Ty::bool());
        self.branch(any, head, l.blocks.exit);
        self.enter_if_reached(head);
        self.for_body(l, at)?;
        self.enter_if_reached(l.blocks.next);
        let last = self.intrinsic(Intrinsic::IntEq, vec![Operand::Local(at), end], Ty::bool());
        self.branch(last, l.blocks.exit, more);
        self.enter_if_reached(more);
        let one_more = vec![Operand::Local(at), int(1)];
        self.assign(at, Rvalue::Intrinsic { op: Intrinsic::IntWrappingAdd, args: one_more });
        self.goto_back(head);
        Ok(())
    }

    /// Takes elements from an `Iter` until there is none.
    fn for_iter(&mut self, l: ForLoop, over: LocalId) -> Built<()> {
        let (id, targs) = self.fn_of(l.e)?;
        let first = self.call_value(id, &targs, vec![Operand::Local(over)])?;
        let (_, iter_ty) = self.fn_types(id, &targs)?;
        let Some(&[elem_ty]) = self.lang_ty(iter_ty, LangItem::Iter) else {
            return Err(self.bug("`iter` gives no Iter"));
        };
        self.start_values(l, None)?;
        let iter = self.copy(first, iter_ty);
        let (head, inside) = (self.block(), self.block());
        self.goto(head);
        self.enter(head);
        let some = self.lang_ctor(LangItem::Option, "Some")?;
        let next = self.local(Ty::adt(some.ty, vec![Ty::tuple(vec![elem_ty, iter_ty])]));
        let args = vec![(Operand::Local(iter), iter_ty)];
        let next_ty = self.local_ty(next);
        self.call_lang(LangItem::IterNext, args, next_ty, Dest::Local(next))?;
        self.branch_some(next, inside, l.blocks.exit)?;
        self.enter(inside);
        let pair = self.project(next, some.variant, 0)?;
        let elem = self.project(pair, 0, 0)?;
        let rest = self.project(pair, 0, 1)?;
        self.assign(iter, Rvalue::Use(Operand::Local(rest)));
        self.for_body(l, elem)?;
        self.enter_if_reached(l.blocks.next);
        self.goto_back(head);
        Ok(())
    }

    /// One way round: matches the element, then guard and body; goes to `next` at the end.
    fn for_body(&mut self, l: ForLoop, elem: LocalId) -> Built<()> {
        if let Some(local) = bound_name(self.src.body, l.pat) {
            self.bind(local, Operand::Local(elem));
            return self.for_value(l);
        }
        if self.src.body.pats[l.pat] == Pat::Wild {
            return self.for_value(l);
        }
        let tree = self.tree(MatchId::Expr(l.e)).ok_or_else(|| self.bug("a `for` has no tree"))?;
        self.match_tree(tree, &[elem], &mut ForArms { l })
    }

    fn for_value(&mut self, l: ForLoop) -> Built<()> {
        if let Some(guard) = l.guard {
            let taken = self.block();
            self.cond(guard, taken, l.blocks.next)?;
            self.enter_if_reached(taken);
        }
        self.loops.push(l.blocks);
        match l.values {
            Some(values) => {
                let value = self.expr(l.body)?;
                let args = vec![Operand::Local(values), value];
                self.assign(values, Rvalue::Intrinsic { op: Intrinsic::ListPush, args });
            }
            None => self.to(l.body, Dest::Ignore)?,
        }
        self.loops.pop();
        self.goto(l.blocks.next);
        Ok(())
    }
}

/// The pattern of a `for`.
struct ForArms {
    l: ForLoop,
}

impl<'p> Arms<'p> for ForArms {
    fn guard(&self, _: u32) -> Option<ExprId> {
        None
    }

    fn arm(&mut self, lower: &mut Lower<'_, 'p>, _: u32) -> Built<()> {
        lower.for_value(self.l)
    }

    fn fail(&mut self, lower: &mut Lower<'_, 'p>) -> Built<()> {
        lower.goto(self.l.blocks.next);
        Ok(())
    }
}
