//! MIR: the program as functions of basic blocks over typed locals, after monomorphisation.
//!
//! Every type is concrete. Locals may be assigned more than once (loops); there are no nested expressions. Before
//! the counting pass, `Dup`, `Drop` and `Unpack` don't occur; after it they say all there is to know about memory:
//! the backend adds nothing.
//!
//! # Ownership
//! Each use of a local as an operand either *consumes* its references or *borrows* them; [`Rvalue::uses`] and
//! [`Term::uses`] say which. `Project`, `Capture`, `LoadPart` without `take` and list gets give *borrowed* values:
//! they live in what they were taken from; the counting pass dups what must outlive it.

use std::sync::Arc;

use snow_abi::{Intrinsic, RuntimeFn};
use snow_base::Span;
use snow_typeck::Ty;

/// An index into [`Mir::fns`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FuncId(pub u32);
/// An index into [`Func::locals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);
/// An index into [`Func::blocks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);
/// An index into [`Mir::recvs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecvId(pub u32);
/// An index into [`Mir::consts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConstSlotId(pub u32);

/// A whole program.
#[derive(Clone, Debug)]
pub struct Mir {
    /// Its functions: one for each instance, closure, handler.
    pub fns: Vec<Func>,
    /// The places where processes start or wait without a stack.
    pub recvs: Vec<RecvSite>,
    /// Constants, in the order in which `init` fills them.
    pub consts: Vec<ConstSlot>,
    /// Evaluates the constants ([`StmtKind::StoreConst`]).
    pub init: FuncId,
    /// How `main` starts; its state has no parts.
    pub main: RecvId,
}

/// A constant of the program.
#[derive(Clone, Debug)]
pub struct ConstSlot {
    /// For people: `Config.limit`.
    pub name: String,
    /// Its type.
    pub ty: Ty,
}

/// A place where a process starts or waits: becomes an `abi::RecvDesc`.
#[derive(Clone, Debug)]
pub struct RecvSite {
    /// The code, a function of kind [`FuncKind::Handler`].
    pub handler: FuncId,
    /// The types of the saved values.
    pub state: Vec<Ty>,
    /// The message type; `None`: the process takes no messages.
    pub message: Option<Ty>,
    /// The actor or function, for reports.
    pub name: String,
    /// The kinds of system signals, a bit `1 << kind` each: where it waits those that its arms take, where a process starts
    /// those that some arm of the process takes.
    pub signals: u32,
    /// Names the message type, the same in every program; 0: it takes no messages.
    pub fingerprint: u64,
    /// Whether a process that starts here has a `terminate` clause.
    pub terminates: bool,
}

/// A function.
#[derive(Clone, Debug)]
pub struct Func {
    /// The name for people and debuggers, with its module and without type arguments: `List.map`.
    pub name: String,
    /// A unique linkage name without prefix: `List.map#17`.
    pub symbol: String,
    /// A hash of what it is an instance of: the same in every build, unlike the symbol. Two functions of one name may share
    /// it, though that is rare.
    pub identity: u64,
    /// How it is called.
    pub kind: FuncKind,
    /// Its parameters, the first locals. For closures the closure itself comes first; for handlers state and message, both `Raw`.
    pub params: Vec<LocalId>,
    /// For each parameter whether the callee takes over its references. The counting pass may turn `Own` into
    /// `Borrow` (never for closures, handlers and functions whose address is taken).
    pub modes: Vec<Mode>,
    /// The result's type. For handlers and functions that may suspend: `Int`, an `abi::status`.
    pub ret: Ty,
    /// Locals, parameters first.
    pub locals: Vec<LocalDecl>,
    /// Blocks; the first is the entry.
    pub blocks: Vec<Block>,
    /// Where it is defined.
    pub span: Span,
    /// Whether optimised builds put its code in place of every call.
    pub always_inline: bool,
}

/// How a function is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FuncKind {
    /// Directly: `(ctx, params…) -> ret`, tail-call convention.
    Direct,
    /// Through a closure value: `(ctx, closure, params…) -> ret`, tail-call convention. The types of its captures.
    Closure(Vec<Ty>),
    /// By the runtime: `abi::Handler`, C convention.
    Handler,
}

/// Who owns an argument's references.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The callee: it drops or passes them on.
    Own,
    /// The caller: they outlive the call.
    Borrow,
}

/// A local.
#[derive(Clone, Debug)]
pub struct LocalDecl {
    /// Its type.
    pub ty: Ty,
    /// Its name in the source, for debuggers.
    pub name: Option<String>,
}

/// A basic block.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it does.
    pub stmts: Vec<Stmt>,
    /// Where it goes.
    pub term: Term,
    /// The place of its end.
    pub span: Span,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// The place, for crash reports and debuggers.
    pub span: Span,
}

/// The kinds of statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// Evaluates and assigns. What the local held before must be dead.
    Assign(LocalId, Rvalue),
    /// Stores part `index` of a value that is saved as `parts` at the address in `base` (a saved state). Consumes.
    StorePart {
        /// A `Raw` local.
        base: LocalId,
        /// The types of all parts.
        parts: Vec<Ty>,
        /// Which.
        index: u32,
        /// Its value.
        value: Operand,
    },
    /// Publishes a constant: makes an immortal copy. Borrows.
    StoreConst(ConstSlotId, Operand),
    /// One more reference to everything the local refers to directly.
    Dup(LocalId),
    /// One less; at none it is freed. The local is dead after it.
    Drop(LocalId),
    /// Takes a struct, tuple or variant apart: consumes `base`; the parts in `kept` (already read by `Project`) become owned by
    /// their locals, the other parts are dropped, the cell is freed, or, with `token`, its address is kept for a
    /// `Make` of the same size (0 if the cell was shared).
    Unpack {
        /// What is taken apart.
        base: LocalId,
        /// The variant that it is known to be.
        variant: u32,
        /// The parts that live on, with the locals that hold them.
        kept: Vec<(u32, LocalId)>,
        /// A `Raw` local that gets the cell.
        token: Option<LocalId>,
    },
    /// Frees the cell of a token that no `Make` used on this path.
    FreeToken {
        /// The token.
        token: LocalId,
        /// The type whose cell it was.
        ty: Ty,
        /// The variant whose cell it was.
        variant: u32,
    },
    /// The place where the stack and pre-emption are checked: one on each path in front of the first call, and on each way round a loop.
    Poll,
}

/// An operand.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A local.
    Local(LocalId),
    /// A literal; immortal where it is an object.
    Const(Const),
}

/// Literals.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// An Int.
    Int(i64),
    /// A Float.
    Float(f64),
    /// A Bool.
    Bool(bool),
    /// A String.
    Str(String),
    /// An Atom.
    Atom(String),
    /// `()`, and the value of what never returns.
    Unit,
    /// A function as a value: an immortal closure without captures over a function of kind [`FuncKind::Closure`].
    Func(FuncId),
    /// The empty list of this element type.
    EmptyList(Ty),
    /// A list of this element type that consists of literals.
    List(Ty, Arc<[Const]>),
    /// A struct, tuple (variant 0) or variant of this type that consists of literals. Stands in lists of literals only: by
    /// itself, a value that is made can use a cell that has become free.
    Made(Ty, u32, Arc<[Const]>),
    /// The address 0 as `Raw`.
    Null,
}

/// What an assignment evaluates.
#[derive(Clone, Debug, PartialEq)]
pub enum Rvalue {
    /// The operand itself. Consumes.
    Use(Operand),
    /// The same value without a reference of its own: borrowed. Made by the borrow pass for parameters that a loop
    /// moves on inside what the caller keeps.
    Look(LocalId),
    /// A struct (variant 0), tuple (variant 0) or variant of type `ty`. Consumes.
    Make {
        /// The type.
        ty: Ty,
        /// The variant.
        variant: u32,
        /// Its parts, all of them.
        args: Vec<Operand>,
        /// A token from `Unpack`.
        reuse: Option<LocalId>,
    },
    /// A closure over a function of kind [`FuncKind::Closure`]. Consumes.
    MakeClosure {
        /// The code.
        func: FuncId,
        /// The captured values.
        captures: Vec<Operand>,
    },
    /// A list literal. Consumes.
    MakeList {
        /// The element type.
        elem: Ty,
        /// The elements.
        items: Vec<Operand>,
    },
    /// A part of a struct, tuple or variant that is known. A borrowed value.
    Project {
        /// The whole.
        base: LocalId,
        /// The variant that it is known to be.
        variant: u32,
        /// Which part.
        index: u32,
    },
    /// A captured value of a closure, in its own body. A borrowed value.
    Capture {
        /// The closure: the function's first parameter.
        closure: LocalId,
        /// Which.
        index: u32,
    },
    /// The number of the variant, as an Int. Borrows.
    Variant(LocalId),
    /// A direct call. The callee's modes say what it consumes.
    Call {
        /// The callee.
        func: FuncId,
        /// Its arguments.
        args: Vec<Operand>,
    },
    /// A call of a closure. Consumes the closure and the arguments.
    CallClosure {
        /// The closure.
        closure: Operand,
        /// Its arguments.
        args: Vec<Operand>,
    },
    /// A runtime function; its row says what it consumes. Parameters called `location` are supplied by the backend.
    Runtime {
        /// Which.
        func: RuntimeFn,
        /// Its arguments.
        args: Vec<Operand>,
    },
    /// An operation expanded in place; its row says what it consumes. `ListGet`, `ListGetUnchecked` give borrowed values.
    Intrinsic {
        /// Which.
        op: Intrinsic,
        /// Its arguments.
        args: Vec<Operand>,
    },
    /// A constant. Immortal: needs no counting.
    ConstSlot(ConstSlotId),
    /// Part `index` of a value that is saved as `parts` at the address in `base` (a saved state, a message). Without `take` a
    /// borrowed value; with it ownership moves to the local.
    LoadPart {
        /// A `Raw` local.
        base: LocalId,
        /// The types of all parts.
        parts: Vec<Ty>,
        /// Which.
        index: u32,
        /// Whether ownership moves.
        take: bool,
    },
    /// A new process. Borrows the arguments: they are copied. Gives its pid.
    Spawn {
        /// `spawn`, `spawn_link` or `spawn_job`.
        func: RuntimeFn,
        /// How it starts.
        recv: RecvId,
        /// The state that it starts with.
        args: Vec<Operand>,
    },
    /// Sends. Borrows the message: it is copied. Gives `()`.
    Send {
        /// The pid.
        pid: Operand,
        /// The message.
        message: Operand,
        /// Its type.
        ty: Ty,
    },
    /// A runtime function whose last two parameters are a message's description and address. Borrows all: the message is copied.
    SendBy {
        /// Which.
        func: RuntimeFn,
        /// The arguments in front of the message.
        args: Vec<Operand>,
        /// The message.
        message: Operand,
        /// Its type.
        ty: Ty,
    },
    /// Gives the address (`Raw`) where the state of `recv` is to be stored; its handler runs when the process ends.
    SetTerminate {
        /// What runs.
        recv: RecvId,
    },
    /// Prepares to wait: gives the address (`Raw`) where the state of `recv` is to be stored. The function must then return
    /// `abi::status::WAITING`.
    Suspend {
        /// Where it goes on.
        recv: RecvId,
        /// Milliseconds, or −1.
        timeout: Operand,
    },
}

/// How a block ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// Goes to a block.
    Goto(BlockId),
    /// Goes by the value of an Int, Bool (false 0, true 1) or Raw (an address; none is 0) local.
    Switch {
        /// The local.
        on: LocalId,
        /// Values with their blocks.
        cases: Vec<(i64, BlockId)>,
        /// Where no case fits; `None`: the cases are complete.
        default: Option<BlockId>,
    },
    /// Returns. Consumes.
    Return(Operand),
    /// A call in tail position, without stack. The callee's modes say what it consumes; nothing is alive after it.
    TailCall {
        /// The callee; its result type is this function's.
        func: FuncId,
        /// Its arguments.
        args: Vec<Operand>,
    },
    /// A closure call in tail position. Consumes all.
    TailCallClosure {
        /// The closure.
        closure: Operand,
        /// Its arguments.
        args: Vec<Operand>,
    },
    /// Behind something that never returns.
    Unreachable,
}

impl Rvalue {
    /// Calls `f` for each operand with whether it is consumed. `modes` gives a function's parameter modes.
    pub fn uses<'m>(&self, modes: impl Fn(FuncId) -> &'m [Mode], f: &mut dyn FnMut(&Operand, Mode)) {
        let mut all = |ops: &[Operand], mode| ops.iter().for_each(|op| f(op, mode));
        match self {
            Rvalue::Use(op) => f(op, Mode::Own),
            Rvalue::Make { args, .. } | Rvalue::MakeClosure { captures: args, .. } => all(args, Mode::Own),
            Rvalue::MakeList { items, .. } => all(items, Mode::Own),
            Rvalue::Project { base, .. } | Rvalue::Variant(base) | Rvalue::Look(base) => {
                f(&Operand::Local(*base), Mode::Borrow);
            }
            Rvalue::Capture { closure, .. } => f(&Operand::Local(*closure), Mode::Borrow),
            Rvalue::Call { func, args } => {
                args.iter().zip(modes(*func)).for_each(|(op, mode)| f(op, *mode));
            }
            Rvalue::CallClosure { closure, args } => {
                f(closure, Mode::Own);
                args.iter().for_each(|op| f(op, Mode::Own));
            }
            Rvalue::Runtime { func, args } => {
                args.iter().zip(func.row().params).for_each(|(op, ty)| f(op, own_if(ty.is_consumed())));
            }
            Rvalue::Intrinsic { op, args } => {
                args.iter().zip(op.row().consumes).for_each(|(arg, &own)| f(arg, own_if(own)));
            }
            Rvalue::ConstSlot(_) => {}
            Rvalue::LoadPart { base, .. } => f(&Operand::Local(*base), Mode::Borrow),
            Rvalue::Spawn { args, .. } => all(args, Mode::Borrow),
            Rvalue::Send { pid, message, .. } => {
                f(pid, Mode::Borrow);
                f(message, Mode::Borrow);
            }
            Rvalue::SendBy { args, message, .. } => {
                args.iter().for_each(|op| f(op, Mode::Borrow));
                f(message, Mode::Borrow);
            }
            Rvalue::SetTerminate { .. } => {}
            Rvalue::Suspend { timeout, .. } => f(timeout, Mode::Borrow),
        }
    }

    /// The local that a borrowed result lives in, where the result is borrowed.
    pub fn borrows_from(&self) -> Option<LocalId> {
        match self {
            Rvalue::Project { base, .. } | Rvalue::Look(base) => Some(*base),
            Rvalue::Capture { closure, .. } => Some(*closure),
            Rvalue::LoadPart { base, take: false, .. } => Some(*base),
            Rvalue::Intrinsic { op: Intrinsic::ListGet | Intrinsic::ListGetUnchecked, args } => {
                match args.first() {
                    Some(Operand::Local(list)) => Some(*list),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

impl Term {
    /// Calls `f` for each operand with whether it is consumed. `modes` gives a function's parameter modes.
    pub fn uses<'m>(&self, modes: impl Fn(FuncId) -> &'m [Mode], f: &mut dyn FnMut(&Operand, Mode)) {
        match self {
            Term::Goto(_) | Term::Unreachable => {}
            Term::Switch { on, .. } => f(&Operand::Local(*on), Mode::Borrow),
            Term::Return(op) => f(op, Mode::Own),
            Term::TailCall { func, args } => {
                args.iter().zip(modes(*func)).for_each(|(op, mode)| f(op, *mode));
            }
            Term::TailCallClosure { closure, args } => {
                f(closure, Mode::Own);
                args.iter().for_each(|op| f(op, Mode::Own));
            }
        }
    }

    /// The blocks that may come next.
    pub fn successors(&self) -> Vec<BlockId> {
        match self {
            Term::Goto(block) => vec![*block],
            Term::Switch { cases, default, .. } => {
                cases.iter().map(|(_, block)| *block).chain(*default).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn own_if(own: bool) -> Mode {
    if own { Mode::Own } else { Mode::Borrow }
}
