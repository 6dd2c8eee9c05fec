//! The state shared by all parts of the checker, and the order in which items are checked.
//!
//! A function without full annotations is checked when something refers to it; functions that turn out to refer to
//! each other share a [`Frame`] and are generalised together. A static order that puts callees first keeps the
//! nesting shallow.

use std::rc::Rc;

use snow_abi::LangItem;
use snow_base::{FxHashMap, FxHashSet, Name, Span, Spans};
use snow_diagnostics::Diagnostic;
use snow_hir::{BodyId, ConstId, ExprId, FnBody, FnId, FnKind, ImplId, Program, TraitId, TypeId, ValueNs};

use crate::errors::{Lacking, Refused};
use crate::graph::{Graph, Item};
use crate::infer::BodyResult;
use crate::recheck::Recheck;
use crate::results::{FnSig, Pred, Typed};
use crate::show::Shower;
use crate::solve::{Env, Obligation};
use crate::ty::{Ty, TyCon};
use crate::unify::Table;

/// Everything that checking one program needs.
pub(crate) struct Checker<'p> {
    /// The program.
    pub(crate) program: &'p Program,
    /// Pieces of source that couldn't be read as a whole.
    pub(crate) unread: Spans,
    /// What is known already.
    pub(crate) typed: Typed,
    /// What was found wrong.
    pub(crate) diags: Vec<Diagnostic>,
    /// Inference variables.
    pub(crate) table: Table,
    /// Names of rigid variables.
    pub(crate) names: FxHashMap<u32, Name>,
    /// How far each function is; absent: not begun.
    pub(crate) fns: FxHashMap<FnId, FnState>,
    /// How far each constant is; absent: not begun.
    pub(crate) consts: FxHashMap<ConstId, ConstState>,
    /// Groups being checked, the innermost last.
    pub(crate) frames: Vec<Frame>,
    /// Signatures of functions that are annotated fully, without mailbox.
    pub(crate) declared: FxHashMap<FnId, FnSig>,
    /// What the defaults of parameters ask of calls that use them.
    pub(crate) defaults: FxHashMap<(FnId, u32), DefaultFact>,
    /// Tables made before anything is checked.
    pub(crate) index: Index,
    /// Facts found out on the way.
    pub(crate) memo: Memo,
}

/// Tables made before anything is checked.
#[derive(Default)]
pub(crate) struct Index {
    /// Interface methods by name.
    pub(crate) methods: FxHashMap<Name, Vec<(TraitId, FnId)>>,
    /// Functions that may have a mailbox.
    pub(crate) maybe_mailbox: FxHashSet<FnId>,
    /// `main` of the root module.
    pub(crate) main: Option<FnId>,
    /// The handlers of each `init` that doesn't declare its result.
    pub(crate) handlers: FxHashMap<FnId, Vec<FnId>>,
    /// What each item refers to.
    pub(crate) graph: Graph,
}

/// Facts found out on the way.
#[derive(Default)]
pub(crate) struct Memo {
    /// Predicates without variables that were proved.
    pub(crate) holds: FxHashSet<Pred>,
    /// The `where` clauses of functions whose groups aren't finished.
    pub(crate) given: Vec<Pred>,
    /// For each frame the one it was merged into, or itself.
    pub(crate) frame_links: Vec<usize>,
    /// Bodies with an error.
    pub(crate) bad_bodies: FxHashSet<BodyId>,
    /// Where the expressions stand of the body in which a type was last found not to fit.
    pub(crate) places: Option<(BodyId, FxHashMap<Span, ExprId>)>,
    /// Where a type was reported to lack an interface: one error a place.
    pub(crate) unsolved: FxHashSet<Span>,
    /// What was said of types that lack something.
    pub(crate) refused: Vec<Refused>,
    /// What was said of type parameters that lack conditions.
    pub(crate) lacking: Vec<Lacking>,
    /// Derived impls that don't hold for any arguments.
    pub(crate) void_impls: FxHashSet<ImplId>,
    /// Notes for the next check, and what is taken over from the last.
    pub(crate) recheck: Recheck,
}

/// How far a function is.
pub(crate) enum FnState {
    /// Its body is being checked, or its group isn't finished.
    Running(Rc<Running>),
    /// The same of a function that is taken over from an earlier check.
    Replayed,
    /// Its signature is in [`Typed::sigs`].
    Done,
}

/// A function whose group isn't finished.
pub(crate) struct Running {
    /// The frame it was begun in, which may have been merged into others.
    pub(crate) frame: usize,
    /// One rigid variable for each declared parameter.
    pub(crate) rigid: Rc<[Ty]>,
    /// Types of its parameters.
    pub(crate) params: Vec<Ty>,
    /// Type of its result.
    pub(crate) ret: Ty,
    /// Its message type, if it has one.
    pub(crate) mailbox: Ty,
    /// Where it turned out to have a mailbox.
    pub(crate) uses_mailbox: Option<Span>,
    /// What its type parameters implement.
    pub(crate) env: Env,
}

/// What the default of a parameter asks of calls that use it, in terms of the function's type parameters.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DefaultFact {
    /// What each type parameter must be; empty: nothing is known.
    pub(crate) args: Vec<Ty>,
    /// What the types must implement.
    pub(crate) preds: Vec<Pred>,
}

/// How far a constant is.
#[derive(Clone, Copy)]
pub(crate) enum ConstState {
    /// Being checked, begun in this frame.
    Running(usize, Ty),
    /// The same of a constant that is taken over from an earlier check.
    Replayed,
    /// Its type is in [`Typed::consts`].
    Done,
}

/// Functions and constants that are generalised together.
pub(crate) struct Frame {
    /// Its number among all frames ever begun.
    pub(crate) id: usize,
    /// The level of the variables made in it.
    pub(crate) level: u32,
    /// The level at which it was begun.
    pub(crate) outer_level: u32,
    /// The first variable made in it.
    pub(crate) first_var: u32,
    /// The lowest frame that it refers to.
    pub(crate) low: usize,
    /// Its functions.
    pub(crate) fns: Vec<FnId>,
    /// Its constants.
    pub(crate) consts: Vec<ConstId>,
    /// What isn't solved yet.
    pub(crate) pending: Vec<Obligation>,
    /// Bodies whose types still mention variables.
    pub(crate) bodies: Vec<BodyResult>,
    /// Calls of functions of the group, from which mailboxes follow.
    pub(crate) edges: Vec<crate::mailbox::Edge>,
}

impl<'p> Checker<'p> {
    /// A checker that knows nothing yet.
    pub(crate) fn new(program: &'p Program, unread: &'p [Span]) -> Self {
        Checker {
            program,
            unread: unread.iter().copied().collect(),
            typed: Typed::default(),
            diags: vec![],
            table: Table::default(),
            names: FxHashMap::default(),
            fns: FxHashMap::default(),
            consts: FxHashMap::default(),
            frames: vec![],
            declared: FxHashMap::default(),
            defaults: FxHashMap::default(),
            index: Index::default(),
            memo: Memo::default(),
        }
    }

    /// Checks everything.
    pub(crate) fn run(mut self) -> (Typed, Vec<Diagnostic>) {
        self.check_all();
        (self.typed, self.diags)
    }

    /// Checks everything; of items that are taken over from an earlier check only what may have changed.
    pub(crate) fn check_all(&mut self) {
        self.index_program();
        self.lower_types();
        self.lower_impls();
        self.lower_signatures();
        self.check_impls();
        let graph = self.graph();
        self.index.maybe_mailbox = graph.maybe_mailbox(self.program);
        for (handler, def) in self.program.fns.iter() {
            if let Some(init) = def.state_of.filter(|&init| self.program.fns[init].ret.is_none()) {
                self.index.handlers.entry(init).or_default().push(handler);
            }
        }
        let order = graph.order();
        self.index.graph = graph;
        for item in order {
            match item {
                Item::Fn(f) => self.ensure_fn(f),
                Item::Const(c) => self.ensure_const(c),
            }
            if self.gave_up() {
                return;
            }
        }
        self.check_field_defaults();
        self.check_main();
        self.order_consts();
        snow_diagnostics::sort(&mut self.diags);
    }

    fn index_program(&mut self) {
        for (id, def) in self.program.traits.iter() {
            for &method in &def.methods {
                let name = self.program.fns[method].name;
                self.index.methods.entry(name).or_default().push((id, method));
            }
        }
        let root = self.program.root.map(|root| &self.program.modules[root]);
        self.index.main = root.and_then(|root| match root.values.get(&Name::new("main")) {
            Some(ValueNs::Fn(f)) => Some(*f),
            _ => None,
        });
    }

    /// `main` takes nothing and gives `()` or a Result.
    fn check_main(&mut self) {
        let Some(main) = self.index.main else { return };
        let def = &self.program.fns[main];
        if !def.params.is_empty() {
            let message = "`main` takes no parameters";
            let error = Diagnostic::error("E0318", message, def.params[0].span);
            self.diags.push(error.with_help("`Env.args()` gives the arguments of the program"));
            return;
        }
        let ret = self.typed.sigs[&main].ret;
        let fits = ret == Ty::unit()
            || ret == Ty::error()
            || ret == Ty::never()
            || matches!(ret.as_app(), Some((TyCon::Adt(id), _)) if self.lang_type(LangItem::Result) == Some(id));
        if !fits {
            let message = format!("`main` gives `()` or a `Result`, not `{}`", self.show(ret));
            self.diags.push(Diagnostic::error("E0318", message, def.span));
        }
    }

    /// The text of a type for a message.
    pub(crate) fn show(&self, ty: Ty) -> String {
        self.show_all(&[ty]).remove(0)
    }

    /// The texts of types of one message: equal variables have equal names.
    pub(crate) fn show_all(&self, tys: &[Ty]) -> Vec<String> {
        let mut shower = Shower::new(self.program, &self.names, &[]);
        tys.iter().map(|&ty| shower.show(self.table.zonk(ty))).collect()
    }

    /// The type of std behind a lang item, if std has it.
    pub(crate) fn lang_type(&self, item: LangItem) -> Option<TypeId> {
        self.program.lang.types.get(&item).copied()
    }

    /// The interface of std behind a lang item, if std has it.
    pub(crate) fn lang_trait(&self, item: LangItem) -> Option<TraitId> {
        self.program.lang.traits.get(&item).copied()
    }

    /// The only method of an interface of std: `add` of `Add`.
    pub(crate) fn lang_method(&self, item: LangItem) -> Option<(TraitId, FnId)> {
        let id = self.lang_trait(item)?;
        let method = match item {
            LangItem::Ord => Name::new("compare"),
            LangItem::Eq => Name::new("eq"),
            _ => self.program.fns[*self.program.traits[id].methods.first()?].name,
        };
        let methods = &self.program.traits[id].methods;
        methods.iter().find(|&&m| self.program.fns[m].name == method).map(|&m| (id, m))
    }

    /// Reports that std lacks something the compiler needs.
    pub(crate) fn missing_lang(&mut self, what: &str, span: Span) {
        let message =
            format!("internal error: the standard library doesn't define `{what}`, which this needs");
        self.diags.push(Diagnostic::error("E0999", message, span));
    }

    /// Whether the value of a function's body isn't used.
    pub(crate) fn discards_body(&self, f: FnId, ret: Ty) -> bool {
        let def = &self.program.fns[f];
        match def.kind {
            FnKind::Actor | FnKind::Test(_) => true,
            FnKind::Plain | FnKind::Let => match def.ret {
                Some(_) => self.table.shallow(ret) == Ty::unit(),
                None => {
                    self.index.main == Some(f) || self.declared.get(&f).is_some_and(|s| s.ret == Ty::unit())
                }
            },
        }
    }

    /// Whether a function is written in Snow.
    pub(crate) fn has_body(&self, f: FnId) -> bool {
        matches!(self.program.fns[f].body, FnBody::Snow(_))
    }
}
