//! The order in which constants are evaluated: those that a constant uses, also through functions, come before it.

use snow_base::{FxHashMap, FxHashSet};
use snow_diagnostics::Diagnostic;
use snow_hir::{BodyId, FnBody, FnKind};

use crate::checker::Checker;
use crate::graph::{Item, bodies_of};
use crate::results::Res;
use crate::traits::resolve_method;
use crate::ty::Ty;

impl Checker<'_> {
    /// Fills in [`crate::Typed::const_order`]; a cycle is an error.
    pub(crate) fn order_consts(&mut self) {
        let mut order = Order { done: FxHashSet::default(), path: vec![], uses: FxHashMap::default() };
        for (id, _) in self.program.consts.iter() {
            self.visit_const(Item::Const(id), &mut order);
        }
        for (id, _) in self.program.fns.iter().filter(|(_, def)| def.kind == FnKind::Let) {
            self.visit_const(Item::Fn(id), &mut order);
        }
        self.note_uses(order.uses);
    }

    /// Depth first over what an item uses. Functions may be recursive, constants may not, those that are closures among
    /// them.
    fn visit_const(&mut self, start: Item, order: &mut Order) {
        if !order.done.insert(start) {
            return;
        }
        order.path.push((start, 0));
        while let Some(&(item, next)) = order.path.last() {
            let uses = match order.uses.get(&item) {
                Some(uses) => uses,
                None => {
                    let uses = self.uses_of(item);
                    order.uses.entry(item).or_insert(uses)
                }
            };
            let Some(&used) = uses.get(next) else {
                order.path.pop();
                if let Item::Const(c) = item {
                    self.typed.const_order.push(c);
                }
                continue;
            };
            if let Some(last) = order.path.last_mut() {
                last.1 += 1;
            }
            if order.done.insert(used) {
                order.path.push((used, 0));
            } else if let Some(at) = order.path.iter().position(|&(i, _)| i == used) {
                self.report_const_cycle(&order.path[at..]);
            }
        }
    }

    fn report_const_cycle(&mut self, cycle: &[(Item, usize)]) {
        let mut consts = (cycle.iter()).filter_map(|&(item, _)| match item {
            Item::Const(c) => Some((self.program.consts[c].name, self.program.consts[c].span)),
            Item::Fn(f) => {
                let def = &self.program.fns[f];
                (def.kind == FnKind::Let).then_some((def.name, def.span))
            }
        });
        let Some((name, span)) = consts.next() else { return };
        let mut names: Vec<String> = (cycle.iter())
            .map(|&(item, _)| match item {
                Item::Const(c) => self.program.consts[c].name.to_string(),
                Item::Fn(f) => self.program.fns[f].name.to_string(),
            })
            .collect();
        names.extend(names.first().cloned());
        let message = format!("the constant `{}` depends on itself: {}", name, names.join(" -> "));
        self.diags.push(Diagnostic::error("E0314", message, span));
    }

    /// What an item refers to, then the methods that are meant where their types are known.
    fn uses_of(&mut self, item: Item) -> Vec<Item> {
        if self.is_kept(item) {
            return self.kept_uses(item).unwrap_or_default();
        }
        let bodies = match item {
            Item::Const(c) => vec![self.program.consts[c].body],
            Item::Fn(f) => bodies_of(self.program, f),
        };
        let mut uses = self.index.graph.refs(item).targets.clone();
        for body in bodies {
            self.methods_of_body(body, &mut uses);
        }
        uses
    }

    fn methods_of_body(&self, body: BodyId, uses: &mut Vec<Item>) {
        let Some(types) = self.typed.bodies.get(&body) else { return };
        let found = types.res.iter().chain(types.displays.iter()).map(|(_, res)| res);
        for res in found {
            match res {
                Res::Fn(f, _) => uses.push(Item::Fn(*f)),
                Res::Method(f, args) if args.iter().all(|a: &Ty| a.is_concrete()) => {
                    if let Some((f, _)) = resolve_method(self.program, &self.typed, *f, args)
                        && matches!(self.program.fns[f].body, FnBody::Snow(_))
                    {
                        uses.push(Item::Fn(f));
                    }
                }
                _ => {}
            }
        }
    }
}

struct Order {
    done: FxHashSet<Item>,
    path: Vec<(Item, usize)>,
    uses: FxHashMap<Item, Vec<Item>>,
}
