//! Which instances a program needs: each function, closure and handler once for each set of types it is used at.
//!
//! An [`Inst`] names code and its type arguments; asking for it gives a [`FuncId`] at once, and puts it on the list
//! of what is still to be built. It doesn't know how code is built.
//!
//! Invariants: type arguments are concrete; `fns[i]` is filled once the instance with number `i` is built.

use std::rc::Rc;

use snow_base::{ContentHasher, FxHashMap, Span};
use snow_diagnostics::Diagnostic;
use snow_hir::{BodyId, ConstId, CtorId, ExprId, FnBody, FnId, Program};
use snow_typeck::{Ty, TyKind, Typed};

use crate::build::BodyInfo;
use crate::content::TypeContents;
use crate::mir::{ConstSlotId, Func, FuncId, RecvId, RecvSite};

/// Types nested deeper than this in an instance's arguments mean that instantiation never ends.
const MAX_TYPE_DEPTH: usize = 64;

/// How large a type may be when written out: one that doubles at each step gets large before it gets deep.
const MAX_TYPE_SIZE: u32 = 10_000;
/// More instances of one function than this mean the same.
const MAX_INSTANCES: usize = 20_000;

/// The result of building: an error ends it at once.
pub(crate) type Built<T> = Result<T, Box<Diagnostic>>;

/// How a function with a mailbox runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum RunMode {
    /// It gives its result, and keeps the stack while it waits.
    Block,
    /// It is the last thing its process does: it gives an `abi::status`, and waits without a stack.
    Tail,
}

/// Code that can have instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum What {
    /// A function defined in Snow.
    Fn(FnId, RunMode),
    /// A constant or a default.
    Value(BodyId),
    /// A closure, called through its value.
    Closure(BodyId, ExprId),
    /// A closure with a known name, called directly; what it captures comes as first parameters.
    LocalFn(BodyId, ExprId),
    /// A function as a value.
    FnValue(FnId),
    /// A constructor as a value.
    CtorValue(CtorId),
    /// The handler of a `receive` in tail position.
    Receive(BodyId, ExprId),
    /// What an actor does when it ends.
    Terminate(FnId),
    /// The start of a process that runs a function.
    SpawnFn(FnId),
    /// The start of a process that runs a closure written in place.
    SpawnClosure(BodyId, ExprId),
    /// The start of a process that runs a closure value of the type in `args`.
    SpawnValue,
    /// The start of the program.
    Main(FnId),
    /// The evaluation of the constants.
    Init,
}

/// An instance: code with its type arguments (for code inside a body those of the body).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Inst {
    /// The code.
    pub(crate) what: What,
    /// The type arguments.
    pub(crate) args: Rc<[Ty]>,
}

/// A function that was asked for.
#[derive(Debug)]
pub(crate) struct Asked {
    /// What it is.
    pub(crate) inst: Inst,
    /// The name for people.
    pub(crate) name: String,
    /// Who asked first.
    pub(crate) by: Option<FuncId>,
    /// The code, once it's built.
    pub(crate) func: Option<Func>,
}

/// All instances of a program.
pub(crate) struct Mono<'p> {
    /// The program.
    pub(crate) program: &'p Program,
    /// What the checker knows.
    pub(crate) typed: &'p Typed,
    /// Every instance asked for, by `FuncId`.
    pub(crate) asked: Vec<Asked>,
    ids: FxHashMap<Inst, FuncId>,
    per_code: FxHashMap<What, usize>,
    /// Places where processes start or wait.
    pub(crate) recvs: Vec<RecvSite>,
    recv_ids: FxHashMap<FuncId, RecvId>,
    /// Constants in the order in which they were first needed.
    pub(crate) consts: Vec<ConstId>,
    const_ids: FxHashMap<ConstId, ConstSlotId>,
    /// Facts of bodies that all their instances share.
    pub(crate) bodies: FxHashMap<BodyId, Rc<BodyInfo>>,
    contents: TypeContents<'p>,
}

impl<'p> Mono<'p> {
    /// Nothing asked for yet.
    pub(crate) fn new(program: &'p Program, typed: &'p Typed) -> Mono<'p> {
        Mono {
            program,
            typed,
            asked: Vec::new(),
            ids: FxHashMap::default(),
            per_code: FxHashMap::default(),
            recvs: Vec::new(),
            recv_ids: FxHashMap::default(),
            consts: Vec::new(),
            const_ids: FxHashMap::default(),
            bodies: FxHashMap::default(),
            contents: TypeContents::new(program, typed),
        }
    }

    /// The function of an instance. `name` gives its name if it's new; `by` and `span` say who needs it.
    ///
    /// # Errors
    /// When instances grow without end.
    pub(crate) fn instance(
        &mut self,
        what: What,
        args: &[Ty],
        by: Option<FuncId>,
        span: Span,
        name: impl FnOnce(&Mono<'p>) -> String,
    ) -> Built<FuncId> {
        let inst = Inst { what, args: args.into() };
        if let Some(&known) = self.ids.get(&inst) {
            return Ok(known);
        }
        let name = name(self);
        let count = self.per_code.entry(what).or_default();
        *count += 1;
        let large = |ty: &Ty| ty.size() > MAX_TYPE_SIZE || depth(*ty) > MAX_TYPE_DEPTH;
        let is_first = *count == 1;
        if *count > MAX_INSTANCES || args.iter().any(large) {
            return Err(Box::new(match is_first {
                true => too_deep(&name, span),
                false => self.grows(&name, args, by, span),
            }));
        }
        let id = FuncId(self.asked.len() as u32);
        self.asked.push(Asked { inst: inst.clone(), name, by, func: None });
        self.ids.insert(inst, id);
        Ok(id)
    }

    /// [`Func::identity`]. Ids of bodies and functions change with the program; what they are called stands in the name.
    pub(crate) fn identity(&mut self, id: FuncId) -> u64 {
        let Inst { what, args } = self.asked[id.0 as usize].inst.clone();
        let mut hasher = ContentHasher::default();
        let place = |expr: ExprId| u64::from(expr.into_raw().into_u32());
        let (form, detail) = match what {
            What::Fn(_, RunMode::Block) => (0, 0),
            What::Fn(_, RunMode::Tail) => (0, 1),
            What::Value(_) => (1, 0),
            What::Closure(_, expr) => (2, place(expr)),
            What::LocalFn(_, expr) => (3, place(expr)),
            What::FnValue(_) => (4, 0),
            What::CtorValue(ctor) => (5, u64::from(ctor.variant)),
            What::Receive(_, expr) => (6, place(expr)),
            What::Terminate(_) => (7, 0),
            What::SpawnFn(_) => (8, 0),
            What::SpawnClosure(_, expr) => (9, place(expr)),
            What::SpawnValue => (10, 0),
            What::Main(_) => (11, 0),
            What::Init => (12, 0),
        };
        hasher.tag(form);
        hasher.number(detail);
        for &arg in args.iter() {
            hasher.hash(self.contents.named(arg));
        }
        hasher.finish().low()
    }

    /// The slot of a constant; new ones are put on the list.
    pub(crate) fn const_slot(&mut self, id: ConstId) -> ConstSlotId {
        *self.const_ids.entry(id).or_insert_with(|| {
            self.consts.push(id);
            ConstSlotId(self.consts.len() as u32 - 1)
        })
    }

    /// The place where `handler` starts or goes on.
    pub(crate) fn recv(
        &mut self,
        handler: FuncId,
        state: Vec<Ty>,
        message: Option<Ty>,
        name: &str,
    ) -> RecvId {
        if let Some(&known) = self.recv_ids.get(&handler) {
            return known;
        }
        let id = RecvId(self.recvs.len() as u32);
        let fingerprint = message.map_or(0, |ty| crate::build::fingerprint(self.program, self.typed, ty));
        let name = name.to_owned();
        let terminates = match self.asked[handler.0 as usize].inst.what {
            What::SpawnFn(f) => self.terminates(f),
            _ => false,
        };
        self.recvs.push(RecvSite { handler, state, message, name, signals: 0, fingerprint, terminates });
        self.recv_ids.insert(handler, id);
        id
    }

    /// Whether a function is an actor with a `terminate` clause.
    fn terminates(&self, f: FnId) -> bool {
        match self.program.fns[f].body {
            FnBody::Snow(body) => self.program.bodies[body].terminate.is_some(),
            _ => false,
        }
    }

    fn grows(&self, name: &str, args: &[Ty], by: Option<FuncId>, span: Span) -> Diagnostic {
        let mut error = Diagnostic::error("E0910", format!("`{name}` would be compiled without end"), span)
            .with_primary_text("each use here needs the function at a larger type")
            .with_help("make the call with the same types as the function around it");
        if let Some(largest) = args.iter().max_by_key(|ty| depth(**ty)) {
            let shown = crate::print::show_ty_up_to(self.program, *largest, 4);
            error = error.with_note(format!("the type grows at each step: `{shown}`"));
        }
        let mut chain = vec![name.to_owned()];
        let mut at = by;
        while let (Some(id), true) = (at, chain.len() < 6) {
            let asked = &self.asked[id.0 as usize];
            let is_start = matches!(asked.inst.what, What::Main(_) | What::SpawnFn(_));
            if chain.last() != Some(&asked.name) && !is_start {
                chain.push(asked.name.clone());
            }
            at = asked.by;
        }
        if chain.len() > 1 {
            chain.reverse();
            error = error.with_note(format!("by way of {}", chain.join(" -> ")));
        }
        error
    }
}

/// A type that is too large where a function is needed for the first time has not grown.
fn too_deep(name: &str, span: Span) -> Diagnostic {
    let message = format!("`{name}` can't be compiled for a type that is nested so deeply");
    Diagnostic::error("E0910", message, span).with_help(format!(
        "types may nest {MAX_TYPE_DEPTH} levels deep; one that nests in itself is a `struct` or `type`"
    ))
}

/// How deep type constructors are nested. O(size).
fn depth(ty: Ty) -> usize {
    match ty.kind() {
        TyKind::App(_, args) => 1 + args.iter().map(|&a| depth(a)).max().unwrap_or(0),
        _ => 1,
    }
}

/// An error of the compiler itself: it says what went wrong where, and asks for a report.
pub(crate) fn bug(span: Span, what: impl std::fmt::Display) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("E0999", format!("internal error while building: {what}"), span)
            .with_help("this is a mistake in the compiler, not in the program; please report it"),
    )
}
