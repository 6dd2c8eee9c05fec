//! Which item refers to which: an order in which callees come first, and which functions may have a mailbox.
//!
//! References are over-approximated (unreachable code counts); what they mean is decided by inference.

use snow_base::{FxHashMap, FxHashSet, Name};
use snow_hir::{BodyId, ConstId, Container, Expr, FnBody, FnId, FnKind, Program};

/// A function or a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Item {
    /// A function.
    Fn(FnId),
    /// A constant.
    Const(ConstId),
}

/// References between items.
pub(crate) struct Graph {
    items: Vec<Item>,
    edges: FxHashMap<Item, Vec<Item>>,
}

/// The bodies of a function: its own and those of its parameters' defaults.
pub(crate) fn bodies_of(program: &Program, f: FnId) -> Vec<BodyId> {
    let def = &program.fns[f];
    let mut bodies: Vec<BodyId> = def.params.iter().filter_map(|p| p.default).collect();
    if let FnBody::Snow(body) = def.body {
        bodies.push(body);
    }
    bodies
}

impl Graph {
    /// Reads all bodies. O(size of the program).
    pub(crate) fn new(program: &Program) -> Graph {
        let mut graph = Graph { items: vec![], edges: FxHashMap::default() };
        for (id, def) in program.consts.iter() {
            graph.add(program, Item::Const(id), &[def.body]);
        }
        for (id, _) in program.fns.iter() {
            graph.add(program, Item::Fn(id), &bodies_of(program, id));
        }
        graph
    }

    fn add(&mut self, program: &Program, item: Item, bodies: &[BodyId]) {
        let mut targets = vec![];
        for &body in bodies {
            for (_, expr) in program.bodies[body].exprs.iter() {
                match expr {
                    Expr::Fn(f) => targets.push(Item::Fn(*f)),
                    Expr::Const(c) => targets.push(Item::Const(*c)),
                    _ => {}
                }
            }
        }
        self.items.push(item);
        self.edges.insert(item, targets);
    }

    /// All items, those that an item refers to before it where no cycle prevents it. O(edges).
    pub(crate) fn order(&self) -> Vec<Item> {
        let mut seen = FxHashSet::default();
        let mut order = vec![];
        for &start in &self.items {
            if !seen.insert(start) {
                continue;
            }
            let mut stack = vec![(start, 0)];
            while let Some((item, next)) = stack.pop() {
                match self.edges[&item].get(next) {
                    Some(&target) => {
                        stack.push((item, next + 1));
                        if seen.insert(target) {
                            stack.push((target, 0));
                        }
                    }
                    None => order.push(item),
                }
            }
        }
        order
    }

    /// Functions from which a `receive` or `self()` may be reached. O(edges).
    pub(crate) fn maybe_mailbox(&self, program: &Program) -> FxHashSet<FnId> {
        let mut by_name: FxHashMap<Name, Vec<FnId>> = FxHashMap::default();
        for (id, def) in program.fns.iter() {
            if def.container == Container::Module {
                by_name.entry(def.name).or_default().push(id);
            }
        }
        let mut callers: FxHashMap<FnId, Vec<FnId>> = FxHashMap::default();
        let mut found = FxHashSet::default();
        let mut queue = vec![];
        for (id, def) in program.fns.iter() {
            if def.container != Container::Module {
                continue;
            }
            let mut direct = def.kind == FnKind::Actor;
            for body in bodies_of(program, id) {
                for (_, expr) in program.bodies[body].exprs.iter() {
                    match expr {
                        Expr::Receive { .. } | Expr::SelfPid => direct = true,
                        Expr::Fn(f) => callers.entry(*f).or_default().push(id),
                        Expr::MethodCall { name, .. } => {
                            for &f in by_name.get(name).into_iter().flatten() {
                                callers.entry(f).or_default().push(id);
                            }
                        }
                        _ => {}
                    }
                }
            }
            if direct && found.insert(id) {
                queue.push(id);
            }
        }
        while let Some(f) = queue.pop() {
            for &caller in callers.get(&f).into_iter().flatten() {
                if found.insert(caller) {
                    queue.push(caller);
                }
            }
        }
        found
    }
}
