//! Checking a program again when only the bodies of some files have changed: what was found out of the other items is
//! taken over.
//!
//! A [`Record`] says for each function and constant what its check demanded in which order, and what came of it. A check
//! with a record is the full check, step for step, but the inference of a body of an unchanged file is replaced by its
//! demands and its outcome ([`replay`]). That is the same as long as all that the body saw of changed files is the
//! same; where it isn't, or can't be shown to be, the check gives up, and the program is checked in full. It never guesses.
//!
//! Invariant: between the check that made the record and the one that uses it the items are the same, with the same ids;
//! only bodies differ. The caller sees to that.

mod bytes;
mod replay;

use snow_base::{FileId, FxHashMap, FxHashSet, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{ConstId, FnId, Program};

use crate::checker::{Checker, DefaultFact};
use crate::graph::{Item, Refs};
use crate::results::FnSig;
use crate::ty::Ty;

/// What a check found out of each item of a program without mistakes.
#[derive(Debug, Default, PartialEq)]
pub struct Record {
    /// Functions by number.
    fns: Vec<FnFacts>,
    /// Constants by number.
    consts: Vec<ConstFacts>,
    /// Defaults of parameters that are checked by themselves.
    defaults: FxHashMap<(FnId, u32), DefaultFacts>,
    /// Groups of more than one item, under the one whose check finished them.
    groups: FxHashMap<Item, Vec<Item>>,
}

/// What is known of a function.
#[derive(Debug, Default, PartialEq)]
struct FnFacts {
    /// What its bodies refer to.
    refs: Refs,
    /// What its check demanded.
    demands: Vec<Demand>,
    /// Its signature, where it isn't the declared one.
    sig: Option<FnSig>,
    /// Whether it may have a mailbox.
    maybe_mailbox: bool,
    /// What constants that use it depend on by it, if one does.
    uses: Option<Vec<Item>>,
}

/// What is known of a constant.
#[derive(Debug, Default, PartialEq)]
struct ConstFacts {
    refs: Refs,
    demands: Vec<Demand>,
    ty: Option<Ty>,
    uses: Option<Vec<Item>>,
}

/// What is known of a default.
#[derive(Debug, Default, PartialEq)]
struct DefaultFacts {
    demands: Vec<Demand>,
    fact: DefaultFact,
}

/// Something that is checked when it is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Task {
    /// A function.
    Fn(FnId),
    /// A constant.
    Const(ConstId),
    /// The default of a parameter of a function that is annotated fully.
    Default(FnId, u32),
}

/// A demand of one task for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Demand {
    /// What was demanded.
    task: Task,
    /// Whether its check was under way: then both may belong to one group.
    was_running: bool,
}

/// Notes of a check that records, and what it takes over.
#[derive(Debug, Default)]
pub(crate) struct Recheck {
    /// Whether demands are noted.
    recording: bool,
    /// The tasks under way, the innermost last.
    stack: Vec<Task>,
    /// The demands of each task.
    demands: FxHashMap<Task, Vec<Demand>>,
    /// Demands that are noted already: by whom, and what.
    noted: FxHashSet<(Task, Task)>,
    /// The groups that were finished.
    groups: FxHashMap<Item, Vec<Item>>,
    /// What constants depend on by each item they use.
    uses: FxHashMap<Item, Vec<Item>>,
    /// What is taken over.
    kept: Option<Kept>,
    /// The record doesn't tell what the full check would find.
    gave_up: bool,
    /// A group came about in a way that can't be done again.
    unrecordable: bool,
}

/// An earlier check, and what has changed since.
#[derive(Debug)]
struct Kept {
    record: Record,
    /// Files of which the bodies are checked.
    fresh: FxHashSet<FileId>,
    /// For each item of a group the one whose check finishes it.
    leaders: FxHashMap<Item, Item>,
}

/// What a recorded check gives.
#[derive(Debug)]
pub struct Recorded {
    /// What was found wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// For the next check. Of use only if no stage found errors; `None` if a check like this one can't be done again.
    pub record: Option<Record>,
}

/// Checks a program in full and records what it found out.
pub fn check_recording(program: &Program, unread: &[Span]) -> Recorded {
    let mut checker = Checker::new(program, unread);
    checker.memo.recheck.recording = true;
    checker.check_all();
    let record = checker.record();
    Recorded { diagnostics: checker.diags, record }
}

/// Checks the bodies of the files in `fresh`, and takes over what `record` says of the others. `None`: the record doesn't
/// tell enough, and the program has to be checked in full.
///
/// `record` comes from a check without errors of a program with the same items; all that was found in it lies in `fresh`.
pub fn check_again(program: &Program, record: Record, fresh: &FxHashSet<FileId>) -> Option<Recorded> {
    let mut checker = Checker::new(program, &[]);
    checker.memo.recheck.recording = true;
    checker.keep(record, fresh.clone())?;
    checker.check_all();
    if checker.gave_up() || !checker.outcomes_are_as_kept() {
        return None;
    }
    let record = checker.record();
    Some(Recorded { diagnostics: checker.diags, record })
}
