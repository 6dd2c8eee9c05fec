//! What the checker knows of a program: signatures, and for each body the type and meaning of each part.
//!
//! Later stages index these tables; a missing entry is a compiler bug. In bodies of generic items, types mention
//! the item's parameters; an instance substitutes them.

use snow_base::{ArenaMap, FxHashMap};
use snow_hir::{BodyId, ConstId, CtorId, ExprId, FnId, LocalId, PatId, TraitId};

use crate::matching::{MatchId, MatchTree};
use crate::ty::Ty;

/// The checker's result for a whole program.
#[derive(Debug, Default)]
pub struct Typed {
    /// Signatures of all functions.
    pub sigs: FxHashMap<FnId, FnSig>,
    /// Types of constants.
    pub consts: FxHashMap<ConstId, Ty>,
    /// Constants in the order in which they are evaluated.
    pub const_order: Vec<ConstId>,
    /// Types of the parts of each variant, in terms of the type's parameters.
    pub fields: FxHashMap<CtorId, Vec<Ty>>,
    /// All impls; see [`crate::resolve_method`].
    pub traits: crate::TraitEnv,
    /// Each body that was checked.
    pub bodies: FxHashMap<BodyId, BodyTypes>,
}

/// The type of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct FnSig {
    /// How many type parameters there are: containers', declared, inferred, in this order.
    pub param_count: u32,
    /// Types of the parameters.
    pub params: Vec<Ty>,
    /// Type of the result.
    pub ret: Ty,
    /// What the type parameters must implement.
    pub preds: Vec<Pred>,
    /// The message type of the mailbox it needs; `None`: it has none.
    pub mailbox: Option<Ty>,
}

/// `ty: Trait<args>`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pred {
    /// The interface.
    pub trait_: TraitId,
    /// `Self`, then the interface's arguments.
    pub args: Vec<Ty>,
}

/// Types and meanings in one body.
#[derive(Debug, Default)]
pub struct BodyTypes {
    /// The type of each expression that was reached.
    pub exprs: ArenaMap<ExprId, Ty>,
    /// The type of what each pattern matches.
    pub pats: ArenaMap<PatId, Ty>,
    /// The type of each local; of a generalised one in terms of its own parameters.
    pub locals: ArenaMap<LocalId, Ty>,
    /// What paths, calls, methods, operators, loops mean. Keys: `Fn`, `Ctor`, `TraitMethod`, `TypeMember`, `Local`
    /// (only generalised ones), `MethodCall`, `Binary`, `Neg`, `For` (the `iter` method of `Iterable`), `Try` (the
    /// `from` method of `From` where the error is converted), `Index` of a map, and `Interp` parts (keyed by the
    /// part's expression in `displays`).
    pub res: ArenaMap<ExprId, Res>,
    /// The `to_string` of `Display` for each interpolated expression.
    pub displays: ArenaMap<ExprId, Res>,
    /// Where a `Call` or `MethodCall` of a known function or constructor takes each argument from (the receiver of
    /// a method call isn't counted): in order of parameters. Absent: the arguments are as written.
    pub args: ArenaMap<ExprId, Vec<ArgSource>>,
    /// The constructor that a `Ctor` pattern means, and for each of its parts in order the sub-pattern, if any.
    pub ctor_pats: ArenaMap<PatId, (CtorId, Vec<Option<PatId>>)>,
    /// Generalised locals (closures bound by `let`, local functions) with the numbers of their own parameters.
    pub generalised: ArenaMap<LocalId, Vec<u32>>,
    /// Types of Receive's messages, by the `Receive` expression.
    pub receives: ArenaMap<ExprId, Ty>,
    /// Decision trees: of the body's own clauses, and of each expression that matches.
    pub matches: FxHashMap<MatchId, MatchTree>,
    /// Expressions whose value isn't used, so that branches needn't agree (`If`, `Case`, `Receive`, blocks).
    pub discarded: ArenaMap<ExprId, ()>,
}

/// Where an argument comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgSource {
    /// The argument written at this position.
    Given(u32),
    /// The default of the parameter at this position.
    Default(u32),
}

/// What a name, a method or an operator means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Res {
    /// A function with its type arguments.
    Fn(FnId, Vec<Ty>),
    /// A method of an interface: `args` are `Self`, the interface's arguments, the method's own type arguments. The
    /// instance finds the impl.
    Method(FnId, Vec<Ty>),
    /// A constructor with the type's arguments.
    Ctor(CtorId, Vec<Ty>),
    /// A generalised local with arguments for its own parameters.
    Local(LocalId, Vec<Ty>),
    /// `x.f(a)` where `f` is a field that holds a function: its position.
    FieldCall(u32),
    /// `x.f`: the position of the field.
    Field(u32),
    /// The operation is built into the compiler for this type (list index, range loops).
    Builtin,
}
