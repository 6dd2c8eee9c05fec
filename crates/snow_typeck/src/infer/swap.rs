//! Do arguments that don't fit stand in another order? Then that is the mistake, and the only one that is reported.
//!
//! Nothing is inferred twice: what the arguments were found to be is tried against the parameters as they were before
//! the call, and the attempt leaves no trace.

use snow_base::Span;
use snow_diagnostics::Diagnostic;
use snow_hir::{Arg, Expr, ExprId, ListItem};

use super::Infer;
use super::call::{Callee, CalleeOf};
use crate::errors::a;
use crate::ty::Ty;

/// An expression that isn't of the type that was expected.
pub(crate) struct Misfit {
    pub(crate) expr: ExprId,
    /// Its own type.
    pub(crate) found: Ty,
}

/// How much had been reported at some time.
#[derive(Clone, Copy)]
pub(crate) struct Errors {
    pub(crate) diags: usize,
    misfits: usize,
}

/// The order in which arguments fit.
pub(crate) struct Order {
    /// For each argument the type of the parameter that is meant for it.
    pub(crate) types: Vec<Ty>,
}

/// More arguments than these aren't tried in all orders, only pairs of them changed.
const ALL_ORDERS: usize = 4;

/// What stands in one row: its values and the types of their places.
struct Row {
    values: Vec<ExprId>,
    found: Vec<Ty>,
    wanted: Vec<Ty>,
}

impl Infer<'_, '_> {
    /// How much has been reported.
    pub(crate) fn errors(&self) -> Errors {
        Errors { diags: self.cx.diags.len(), misfits: self.misfits.len() }
    }

    /// The order in which arguments fit that don't as they stand. It is reported in place of what was said since
    /// `before`, when the call's arguments had not been read; closures among them still have not.
    pub(crate) fn other_order(
        &mut self,
        callee: &Callee,
        (args, targets): (&[Arg], &[usize]),
        before: Errors,
    ) -> Option<Order> {
        let lost_closure = |cx: &Self| {
            args.iter().zip(targets).any(|(a, &slot)| {
                let ty = cx.cx.table.shallow(callee.slots[slot].ty);
                cx.is_closure(a.value) && ty.as_fn().is_none() && ty.as_app().is_some()
            })
        };
        if args.len() < 2 || self.cx.diags.len() == before.diags && !lost_closure(self) {
            return None;
        }
        if args.iter().any(|a| self.is_trailing_block(a.value)) {
            return None;
        }
        let values: Vec<ExprId> = args.iter().map(|a| a.value).collect();
        let found = self.found_all(&values, before)?;
        let slots = self.untouched(callee);
        let wanted: Vec<Ty> = targets.iter().map(|&slot| slots[slot]).collect();
        let row = Row { values, found, wanted };
        let order = self.fitting_order(&row, before)?;
        self.forget(before);
        self.report_order(&row, &order, &format!("arguments of {}", callee.name), callee.defined);
        let types: Vec<Ty> = order.iter().map(|&place| row.wanted[place]).collect();
        for ((&ty, &found), arg) in types.iter().zip(&row.found).zip(args) {
            // A closure is checked against it when its body is read.
            if !self.is_closure(arg.value) && !self.fits(found, ty) {
                self.mark_bad();
            }
        }
        Some(Order { types })
    }

    /// The same for the parts of a tuple.
    pub(crate) fn other_order_of_parts(&mut self, parts: &[ExprId], wanted: &[Ty], before: Errors) {
        if self.cx.diags.len() == before.diags {
            return;
        }
        let values = parts.to_vec();
        let Some(found) = self.found_all(&values, before) else { return };
        let row = Row { values, found, wanted: wanted.to_vec() };
        if let Some(order) = self.fitting_order(&row, before) {
            self.forget(before);
            let wanted = self.cx.show(Ty::tuple(row.wanted.clone()));
            self.report_order(&row, &order, "parts of this tuple", None);
            if let Some(error) = self.cx.diags.last_mut() {
                error.notes.push(format!("expected is `{wanted}`"));
            }
        }
    }

    /// What the conditions of a function's type parameters say of a call whose arguments are in disorder: nothing.
    pub(crate) fn forget_conditions(&mut self, params: &[Ty]) {
        if let Some(frame) = self.cx.frames.last_mut() {
            let mentions = |ty: &Ty| ty.any(&mut |part| params.contains(&part));
            frame.pending.retain(|o| !o.pred.args.iter().any(mentions));
        }
    }

    /// The types of values, if all that was reported of them is that some don't fit.
    fn found_all(&mut self, values: &[ExprId], before: Errors) -> Option<Vec<Ty>> {
        let mut explained = 0;
        let found: Vec<Ty> = values.iter().map(|&v| self.found(v, before, &mut explained)).collect();
        let misfits = &self.misfits[before.misfits..];
        let told = &self.cx.diags[before.diags..];
        let same = told.len() == misfits.len()
            && told.iter().zip(misfits).all(|(d, m)| d.code == "E0301" && d.span() == self.span(m.expr));
        (same && explained == misfits.len()).then_some(found)
    }

    /// What a value was found to be, whatever was expected.
    fn found(&mut self, e: ExprId, before: Errors, explained: &mut usize) -> Ty {
        let misfit = self.misfits[before.misfits..].iter().find(|m| m.expr == e).map(|m| m.found);
        if let Some(found) = misfit {
            *explained += 1;
            return found;
        }
        match &self.body.exprs[e] {
            Expr::Closure(closure) if self.result.out.exprs.get(e).is_none() => {
                let params: Vec<Ty> = closure.params.iter().map(|_| self.fresh()).collect();
                let ret = self.fresh();
                return Ty::func(&params, ret);
            }
            Expr::Tuple(parts) => {
                let tys = parts.iter().map(|&p| self.found(p, before, explained)).collect();
                return Ty::tuple(tys);
            }
            Expr::List(items) => {
                let known = *explained;
                let mut element = None;
                for item in items {
                    if let ListItem::Elem(item) = item {
                        let ty = self.found(*item, before, explained);
                        element = element.or(Some(ty));
                    }
                }
                if let (Some(element), true) = (element, *explained > known) {
                    return Ty::list(element);
                }
            }
            _ => {}
        }
        match self.result.out.exprs.get(e) {
            Some(&ty) if !self.is_never(ty) => ty,
            _ => self.fresh(),
        }
    }

    /// The types of a callee's parameters without what this call's arguments told of them.
    fn untouched(&mut self, callee: &Callee) -> Vec<Ty> {
        let known: Vec<Ty> = callee.slots.iter().map(|s| s.ty).collect();
        match &callee.of {
            CalleeOf::Value => known,
            CalleeOf::Ctor(ctor) => self.instantiate_ctor(*ctor).1,
            CalleeOf::Fn(f, receiver) => {
                let sig = self.cx.declared.get(f).or(self.cx.typed.sigs.get(f)).cloned();
                let Some(sig) = sig else { return known };
                let args: Vec<Ty> = (0..sig.param_count).map(|_| self.fresh()).collect();
                let mut params = sig.params.iter().map(|p| p.subst(&args));
                for &given in receiver {
                    let fits = params.next().is_some_and(|param| self.fits(given, param));
                    if !fits {
                        return known;
                    }
                }
                params.collect()
            }
        }
    }

    /// For each value the place that it fits, if there is one best order, and another than the present one.
    fn fitting_order(&mut self, row: &Row, before: Errors) -> Option<Vec<usize>> {
        let count = row.values.len();
        let all: Vec<Vec<usize>> = if count <= ALL_ORDERS { orders(count) } else { pairs(count) };
        let fitting: Vec<Vec<usize>> = all.into_iter().filter(|order| self.fits_in(row, order)).collect();
        let moved = |order: &[usize]| order.iter().enumerate().filter(|&(i, &place)| i != place).count();
        let least = fitting.iter().map(|o| moved(o)).min().filter(|&n| n > 0)?;
        let mut best = fitting.into_iter().filter(|order| moved(order) == least);
        match (best.next(), best.next()) {
            (Some(order), None) if !self.is_convertible(row, before) => Some(order),
            _ => None,
        }
    }

    /// One value alone doesn't fit, and there is another way to make it.
    fn is_convertible(&self, row: &Row, before: Errors) -> bool {
        let [misfit] = &self.misfits[before.misfits..] else { return false };
        let Some(at) = row.values.iter().position(|&v| v == misfit.expr) else { return false };
        let want = self.cx.table.shallow(row.wanted[at]);
        [Ty::string(), Ty::int(), Ty::float()].contains(&want)
    }

    fn fits_in(&mut self, row: &Row, order: &[usize]) -> bool {
        let snapshot = self.cx.table.snapshot();
        let fits = order.iter().zip(&row.found).all(|(&place, &found)| self.fits(found, row.wanted[place]));
        self.cx.table.rollback(snapshot);
        fits
    }

    /// Takes back what was said since then.
    fn forget(&mut self, before: Errors) {
        self.cx.diags.truncate(before.diags);
        self.misfits.truncate(before.misfits);
    }

    fn report_order(&mut self, row: &Row, order: &[usize], what: &str, defined: Option<Span>) {
        let moved: Vec<usize> = (0..order.len()).filter(|&i| order[i] != i).collect();
        let texts = self.cx.show_all(&row.found);
        let is_pair = moved.len() == 2;
        let message = match (is_pair, order.len() == 2) {
            (true, true) => format!("the {what} are the wrong way round"),
            (true, false) => format!("two {what} are the wrong way round"),
            (false, _) => format!("the {what} are in the wrong order"),
        };
        let mut error = Diagnostic::error("E0301", message, self.span(row.values[moved[0]]));
        for (nth, &at) in moved.iter().enumerate() {
            let is_fn = self.cx.table.shallow(row.found[at]).as_fn().is_some();
            let text =
                if is_fn { "this is a function".to_owned() } else { format!("this is {}", a(&texts[at])) };
            error = match nth {
                0 => error.with_primary_text(text),
                _ => error.with_label(self.span(row.values[at]), text),
            };
        }
        if let Some(defined) = defined {
            error = error.with_label(defined, "defined here");
        }
        // In each place comes what fits it: from there on to the place where that stood.
        let mut cycle = vec![moved[0]];
        while let Some(next) = order.iter().position(|&place| Some(&place) == cycle.last())
            && next != moved[0]
        {
            cycle.push(next);
        }
        // A value from in front of `|>` would take its neighbours' place without parentheses.
        let binds = |&at: &usize| matches!(self.body.exprs[row.values[at]], Expr::Binary { .. });
        if cycle.len() == moved.len() && !moved.iter().any(binds) {
            let places: Vec<Span> = cycle.iter().map(|&at| self.span(row.values[at])).collect();
            let title = if is_pair { "swap them" } else { "put them in order" };
            error = error.with_moves(title, &places);
        }
        self.report(error);
    }
}

/// All orders of so many values: for each value its place.
fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut all = vec![vec![]];
    for last in 0..count {
        let longer = |order: Vec<usize>| {
            (0..=last).map(move |at| {
                let mut order = order.clone();
                order.insert(at, last);
                order
            })
        };
        all = all.into_iter().flat_map(longer).collect();
    }
    all
}

/// The orders in which two values have changed places.
fn pairs(count: usize) -> Vec<Vec<usize>> {
    let swapped = |a: usize, b: usize| {
        let mut order: Vec<usize> = (0..count).collect();
        order.swap(a, b);
        order
    };
    (0..count).flat_map(|b| (0..b).map(move |a| (a, b))).map(|(a, b)| swapped(a, b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_all_and_different() {
        let mut all = orders(4);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 24);
        assert_eq!(pairs(3), [[1, 0, 2], [2, 1, 0], [0, 2, 1]]);
    }
}
