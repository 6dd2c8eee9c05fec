//! Which item refers to which: an order in which callees come first, and which functions may have a mailbox.
//!
//! References are over-approximated (unreachable code counts); what they mean is decided by inference.

use snow_base::{FxHashMap, FxHashSet, Idx, Name, RawIdx};
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
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// Of functions, by number.
    fns: Vec<Refs>,
    /// Of constants, by number.
    consts: Vec<Refs>,
}

/// What the bodies of an item refer to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Refs {
    /// Functions and constants, in order.
    pub(crate) targets: Vec<Item>,
    /// Names called as methods.
    pub(crate) methods: Vec<Name>,
    /// Whether there is a `receive` or `self()`.
    pub(crate) receives: bool,
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

impl Refs {
    /// Reads bodies. O(size).
    fn of(program: &Program, bodies: &[BodyId]) -> Refs {
        let mut refs = Refs::default();
        for &body in bodies {
            for (_, expr) in program.bodies[body].exprs.iter() {
                match expr {
                    Expr::Fn(f) => refs.targets.push(Item::Fn(*f)),
                    Expr::Const(c) => refs.targets.push(Item::Const(*c)),
                    Expr::MethodCall { name, .. } => refs.methods.push(*name),
                    Expr::Receive { .. } | Expr::SelfPid => refs.receives = true,
                    _ => {}
                }
            }
        }
        refs
    }
}

impl Graph {
    /// Reads the bodies of all items that aren't known. O(size of the program).
    pub(crate) fn new(program: &Program, mut known: impl FnMut(Item) -> Option<Refs>) -> Graph {
        let consts = program
            .consts
            .iter()
            .map(|(id, def)| known(Item::Const(id)).unwrap_or_else(|| Refs::of(program, &[def.body])));
        let consts = consts.collect();
        let fns = program
            .fns
            .iter()
            .map(|(id, _)| known(Item::Fn(id)).unwrap_or_else(|| Refs::of(program, &bodies_of(program, id))));
        Graph { consts, fns: fns.collect() }
    }

    /// What an item refers to. O(1).
    pub(crate) fn refs(&self, item: Item) -> &Refs {
        match item {
            Item::Fn(f) => &self.fns[f.into_raw().into_u32() as usize],
            Item::Const(c) => &self.consts[c.into_raw().into_u32() as usize],
        }
    }

    /// What an item refers to, for good. O(1).
    pub(crate) fn take(&mut self, item: Item) -> Refs {
        let place = match item {
            Item::Fn(f) => self.fns.get_mut(f.into_raw().into_u32() as usize),
            Item::Const(c) => self.consts.get_mut(c.into_raw().into_u32() as usize),
        };
        place.map(std::mem::take).unwrap_or_default()
    }

    /// All items, those that an item refers to before it where no cycle prevents it. O(edges).
    pub(crate) fn order(&self) -> Vec<Item> {
        let consts = (0..self.consts.len()).map(|n| Item::Const(Idx::from_raw(RawIdx::from(n as u32))));
        let fns = (0..self.fns.len()).map(|n| Item::Fn(Idx::from_raw(RawIdx::from(n as u32))));
        let mut seen = FxHashSet::default();
        let mut order = vec![];
        for start in consts.chain(fns) {
            if !seen.insert(start) {
                continue;
            }
            let mut stack = vec![(start, 0)];
            while let Some((item, next)) = stack.pop() {
                match self.refs(item).targets.get(next) {
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
            if def.container != Container::Module || def.kind == FnKind::Let {
                continue;
            }
            let refs = self.refs(Item::Fn(id));
            for target in &refs.targets {
                if let Item::Fn(f) = target {
                    callers.entry(*f).or_default().push(id);
                }
            }
            for &f in refs.methods.iter().filter_map(|name| by_name.get(name)).flatten() {
                callers.entry(f).or_default().push(id);
            }
            if (def.kind == FnKind::Actor || refs.receives) && found.insert(id) {
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
