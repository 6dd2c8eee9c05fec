//! Noting what each task demands, and doing the same again without looking at its body.
//!
//! What makes a replay faithful: the outcome of a task depends on its bodies, on the items, on who may have a mailbox, and
//! on the outcomes of what it demands. Bodies and items of kept tasks are as they were; the other two are compared
//! when the check ends. A group with members in kept and in changed files is never replayed in part: each reference by
//! which it could come about makes the check give up.

use snow_base::{FileId, FxHashMap, FxHashSet, Idx};
use snow_hir::{ConstId, FnId, Program};

use super::{ConstFacts, DefaultFacts, Demand, FnFacts, Kept, Record, Task};
use crate::checker::{Checker, ConstState, FnState, Frame};
use crate::graph::{Graph, Item, Refs};
use crate::results::FnSig;
use crate::ty::Ty;

impl Checker<'_> {
    /// Takes over a record; `None` if it is of another program, or a group lies in kept and in changed files.
    pub(super) fn keep(&mut self, record: Record, fresh: FxHashSet<FileId>) -> Option<()> {
        if (record.fns.len(), record.consts.len()) != (self.program.fns.len(), self.program.consts.len()) {
            return None;
        }
        let mut leaders = FxHashMap::default();
        for (&leader, members) in &record.groups {
            let mut fresh = members.iter().map(|&item| fresh.contains(&file_of(self.program, item)));
            let first = fresh.next();
            if fresh.any(|is_fresh| Some(is_fresh) != first) {
                return None;
            }
            leaders.extend(members.iter().map(|&member| (member, leader)));
        }
        self.memo.recheck.kept = Some(Kept { record, fresh, leaders });
        Some(())
    }

    /// What the items refer to: kept, or read from their bodies.
    pub(crate) fn graph(&mut self) -> Graph {
        let program = self.program;
        let Some(mut kept) = self.memo.recheck.kept.take() else { return Graph::new(program, |_| None) };
        let graph = Graph::new(program, |item| {
            let is_fresh = kept.fresh.contains(&file_of(program, item));
            (!is_fresh).then(|| std::mem::take(kept.record.refs_mut(item)))
        });
        self.memo.recheck.kept = Some(kept);
        graph
    }

    /// Whether what is known of an item is taken over.
    pub(crate) fn is_kept(&self, item: Item) -> bool {
        let kept = self.memo.recheck.kept.as_ref();
        kept.is_some_and(|kept| !kept.fresh.contains(&file_of(self.program, item)))
    }

    /// Whether the bodies in a file are checked.
    pub(crate) fn is_fresh_file(&self, file: FileId) -> bool {
        self.memo.recheck.kept.as_ref().is_none_or(|kept| kept.fresh.contains(&file))
    }

    /// The record doesn't tell what the full check would find.
    pub(crate) fn give_up(&mut self) {
        self.memo.recheck.gave_up = true;
    }

    /// Whether what is found is of no use.
    pub(crate) fn gave_up(&self) -> bool {
        self.memo.recheck.gave_up
    }

    fn is_running(&self, task: Task) -> bool {
        match task {
            Task::Fn(f) => matches!(self.fns.get(&f), Some(FnState::Running(_) | FnState::Replayed)),
            Task::Const(c) => {
                matches!(self.consts.get(&c), Some(ConstState::Running(..) | ConstState::Replayed))
            }
            Task::Default(..) => self.memo.recheck.stack.contains(&task),
        }
    }

    /// Notes that the innermost task demands another. To be called before the demand is looked at.
    pub(crate) fn demand(&mut self, task: Task) {
        let recheck = &self.memo.recheck;
        let Some(&by) = recheck.stack.last() else { return };
        if !recheck.recording || recheck.noted.contains(&(by, task)) {
            return;
        }
        let demand = Demand { task, was_running: self.is_running(task) };
        let recheck = &mut self.memo.recheck;
        recheck.noted.insert((by, task));
        recheck.demands.entry(by).or_default().push(demand);
    }

    /// Notes that a task begins.
    pub(crate) fn begin_task(&mut self, task: Task) {
        if self.memo.recheck.recording {
            self.memo.recheck.stack.push(task);
        }
    }

    /// Notes that the innermost task ends.
    pub(crate) fn end_task(&mut self) {
        self.memo.recheck.stack.pop();
    }

    /// Notes what a group consists of.
    pub(crate) fn note_group(&mut self, frame: &Frame) {
        let recheck = &mut self.memo.recheck;
        if !recheck.recording || frame.fns.len() + frame.consts.len() < 2 {
            return;
        }
        let leader = match recheck.stack.last() {
            Some(&Task::Fn(f)) => Item::Fn(f),
            Some(&Task::Const(c)) => Item::Const(c),
            // The frame of a default has no items of its own, and what it absorbs it hands on.
            Some(Task::Default(..)) | None => {
                recheck.unrecordable = true;
                return;
            }
        };
        let fns = frame.fns.iter().map(|&f| Item::Fn(f));
        recheck.groups.insert(leader, fns.chain(frame.consts.iter().map(|&c| Item::Const(c))).collect());
    }

    /// Notes what constants depend on by an item.
    pub(crate) fn note_uses(&mut self, uses: FxHashMap<Item, Vec<Item>>) {
        self.memo.recheck.uses = uses;
    }

    /// What constants depend on by a kept item. `None` and given up, if no constant depended on it before.
    pub(crate) fn kept_uses(&mut self, item: Item) -> Option<Vec<Item>> {
        let kept = self.memo.recheck.kept.as_mut()?;
        let uses = match item {
            Item::Fn(f) => kept.record.fns.get(index(f))?.uses.clone(),
            Item::Const(c) => kept.record.consts.get(index(c))?.uses.clone(),
        };
        self.memo.recheck.gave_up |= uses.is_none();
        uses
    }

    /// Checks a kept function by doing what its check did.
    pub(crate) fn replay_fn(&mut self, f: FnId) {
        self.fns.insert(f, FnState::Replayed);
        self.replay(Task::Fn(f));
        self.end_group(Item::Fn(f));
    }

    /// Checks a kept constant by doing what its check did.
    pub(crate) fn replay_const(&mut self, c: ConstId) {
        self.consts.insert(c, ConstState::Replayed);
        self.replay(Task::Const(c));
        self.end_group(Item::Const(c));
    }

    /// Checks a kept default by doing what its check did.
    pub(crate) fn replay_default(&mut self, f: FnId, number: u32) {
        self.replay(Task::Default(f, number));
        let kept = self.memo.recheck.kept.as_ref();
        match kept.and_then(|kept| kept.record.defaults.get(&(f, number))) {
            Some(facts) => {
                let fact = facts.fact.clone();
                self.defaults.insert((f, number), fact);
            }
            None => self.give_up(),
        }
    }

    fn replay(&mut self, task: Task) {
        let demands = self.kept_demands(task).map(std::mem::take);
        let Some(demands) = demands else { return self.give_up() };
        self.begin_task(task);
        for demand in &demands {
            if self.gave_up() || self.is_running(demand.task) != demand.was_running {
                self.give_up();
                break;
            }
            match demand.task {
                Task::Fn(f) => self.ensure_fn(f),
                Task::Const(c) => self.ensure_const(c),
                Task::Default(f, number) => self.ensure_default(f, number),
            }
        }
        self.end_task();
        if let Some(place) = self.kept_demands(task) {
            *place = demands;
        }
    }

    fn kept_demands(&mut self, task: Task) -> Option<&mut Vec<Demand>> {
        let record = &mut self.memo.recheck.kept.as_mut()?.record;
        match task {
            Task::Fn(f) => Some(&mut record.fns.get_mut(index(f))?.demands),
            Task::Const(c) => Some(&mut record.consts.get_mut(index(c))?.demands),
            Task::Default(f, number) => Some(&mut record.defaults.get_mut(&(f, number))?.demands),
        }
    }

    /// Writes down the outcome of a kept item; that of a group when the item is done that finishes it.
    fn end_group(&mut self, item: Item) {
        let Some(kept) = &self.memo.recheck.kept else { return };
        let members = match kept.leaders.get(&item) {
            Some(&leader) if leader != item => return,
            Some(leader) => kept.record.groups.get(leader).cloned().unwrap_or_default(),
            None => vec![item],
        };
        for member in members {
            self.write_kept(member);
        }
    }

    fn write_kept(&mut self, item: Item) {
        match item {
            Item::Fn(f) => match self.kept_sig(f) {
                Some(sig) => {
                    self.typed.sigs.insert(f, sig);
                    self.fns.insert(f, FnState::Done);
                }
                None => self.give_up(),
            },
            Item::Const(c) => match self.kept_const(c) {
                Some(ty) => {
                    self.typed.consts.insert(c, ty);
                    self.consts.insert(c, ConstState::Done);
                }
                None => self.give_up(),
            },
        }
    }

    fn kept_sig(&self, f: FnId) -> Option<FnSig> {
        let kept = self.memo.recheck.kept.as_ref()?.record.fns.get(index(f))?;
        kept.sig.clone().or_else(|| self.declared.get(&f).cloned())
    }

    fn kept_const(&self, c: ConstId) -> Option<Ty> {
        self.memo.recheck.kept.as_ref()?.record.consts.get(index(c))?.ty
    }

    /// Whether kept bodies saw of the changed files, and of who may have a mailbox, what they would see now.
    pub(super) fn outcomes_are_as_kept(&self) -> bool {
        let Some(kept) = &self.memo.recheck.kept else { return false };
        let fns = self.program.fns.iter().all(|(f, _)| {
            let mailbox = kept.record.fns[index(f)].maybe_mailbox;
            let same_sig = self.is_kept(Item::Fn(f)) || self.typed.sigs.get(&f) == self.kept_sig(f).as_ref();
            same_sig && mailbox == self.index.maybe_mailbox.contains(&f)
        });
        let consts = self.program.consts.iter().all(|(c, _)| {
            self.is_kept(Item::Const(c)) || self.typed.consts.get(&c).copied() == self.kept_const(c)
        });
        let defaults = self
            .defaults
            .iter()
            .all(|(key, fact)| kept.record.defaults.get(key).map(|facts| &facts.fact) == Some(fact));
        fns && consts && defaults && self.defaults.len() == kept.record.defaults.len()
    }

    /// The record of this check: that of the kept items as it was, that of the others new. `None` if a group came about
    /// in a way that can't be done again.
    pub(super) fn record(&mut self) -> Option<Record> {
        let recheck = std::mem::take(&mut self.memo.recheck);
        let mut graph = std::mem::take(&mut self.index.graph);
        if recheck.unrecordable {
            return None;
        }
        let (mut demands, mut uses) = (recheck.demands, recheck.uses);
        let (mut record, fresh) = match recheck.kept {
            Some(kept) => (kept.record, Some(kept.fresh)),
            None => (Record::default(), None),
        };
        let program = self.program;
        let is_fresh = |item| fresh.as_ref().is_none_or(|fresh| fresh.contains(&file_of(program, item)));
        record.fns.resize_with(program.fns.len(), FnFacts::default);
        record.consts.resize_with(program.consts.len(), ConstFacts::default);
        for (f, _) in program.fns.iter() {
            let (item, facts) = (Item::Fn(f), &mut record.fns[index(f)]);
            facts.refs = graph.take(item);
            if is_fresh(item) {
                let sig = self.typed.sigs.remove(&f);
                facts.sig = sig.filter(|sig| self.declared.get(&f) != Some(sig));
                facts.demands = demands.remove(&Task::Fn(f)).unwrap_or_default();
                facts.maybe_mailbox = self.index.maybe_mailbox.contains(&f);
                facts.uses = uses.remove(&item);
            }
        }
        for (c, _) in program.consts.iter() {
            let (item, facts) = (Item::Const(c), &mut record.consts[index(c)]);
            facts.refs = graph.take(item);
            if is_fresh(item) {
                facts.ty = self.typed.consts.get(&c).copied();
                facts.demands = demands.remove(&Task::Const(c)).unwrap_or_default();
                facts.uses = uses.remove(&item);
            }
        }
        for (&(f, number), fact) in self.defaults.iter().filter(|((f, _), _)| is_fresh(Item::Fn(*f))) {
            let demands = demands.remove(&Task::Default(f, number)).unwrap_or_default();
            record.defaults.insert((f, number), DefaultFacts { demands, fact: fact.clone() });
        }
        record.groups.retain(|&leader, _| !is_fresh(leader));
        record.groups.extend(recheck.groups);
        Some(record)
    }
}

impl Record {
    fn refs_mut(&mut self, item: Item) -> &mut Refs {
        match item {
            Item::Fn(f) => &mut self.fns[index(f)].refs,
            Item::Const(c) => &mut self.consts[index(c)].refs,
        }
    }
}

/// The file in which an item stands.
fn file_of(program: &Program, item: Item) -> FileId {
    let module = match item {
        Item::Fn(f) => program.fns[f].module,
        Item::Const(c) => program.consts[c].module,
    };
    program.modules[module].file
}

/// The number of an item.
fn index<T>(id: Idx<T>) -> usize {
    id.into_raw().into_u32() as usize
}
