//! Bodies: expressions and patterns in arenas, with a source map.
//!
//! Desugared here: pipes, holes, trailing blocks, `{a, b}`, parentheses, `unless`-like spellings. Still nodes, since
//! types decide: `?`, interpolation, method calls, operators, fields.

use snow_base::{Arena, ArenaMap, Idx, Name, Span};

use crate::items::{ConstId, CtorId, FnId, ModuleId, TraitId, TypeId, TypeRef};

/// Identifies a body.
pub type BodyId = Idx<Body>;
/// Identifies an expression of a body.
pub type ExprId = Idx<Expr>;
/// Identifies a pattern of a body.
pub type PatId = Idx<Pat>;
/// Identifies a local name of a body.
pub type LocalId = Idx<Local>;

/// The code of a function, a constant or a default.
#[derive(Debug)]
pub struct Body {
    /// What it belongs to.
    pub owner: BodyOwner,
    /// The module in which its names were resolved.
    pub module: ModuleId,
    /// Expressions.
    pub exprs: Arena<Expr>,
    /// Patterns.
    pub pats: Arena<Pat>,
    /// Local names.
    pub locals: Arena<Local>,
    /// One fresh local for each parameter; the clauses' patterns are matched against them.
    pub params: Vec<LocalId>,
    /// The clauses; one without guard for constants and defaults.
    pub clauses: Vec<Clause>,
    /// `terminate do … end` of an actor, with patterns for the parameters' values.
    pub terminate: Option<ExprId>,
    /// Where each expression stands.
    pub expr_spans: ArenaMap<ExprId, Span>,
    /// Where each pattern stands.
    pub pat_spans: ArenaMap<PatId, Span>,
}

/// What a body belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyOwner {
    /// A function, method, actor or test.
    Fn(FnId),
    /// A constant.
    Const(ConstId),
    /// The default of a parameter, by position.
    ParamDefault(FnId, u32),
    /// The default of a field, by position, of a variant.
    FieldDefault(CtorId, u32),
}

/// One clause of a function or closure.
#[derive(Clone, Debug)]
pub struct Clause {
    /// A pattern for each parameter.
    pub pats: Vec<PatId>,
    /// `when …`
    pub guard: Option<ExprId>,
    /// What it gives.
    pub body: ExprId,
    /// The place of its head.
    pub span: Span,
}

/// A local name: parameter, `let`, pattern variable, local function.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name; parameters' fresh locals have that of a plain pattern, or `_`.
    pub name: Name,
    /// The place.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Something that couldn't be read; the error was reported.
    Missing,
    /// `42`
    Int(i64),
    /// `1.5`
    Float(f64),
    /// `true`
    Bool(bool),
    /// A string without interpolation, escapes resolved.
    Str(String),
    /// `"… ${e} …"`
    Interp(Vec<InterpPart>),
    /// `:name`
    Atom(Name),
    /// A local name.
    Local(LocalId),
    /// A function or actor as a value or callee.
    Fn(FnId),
    /// A constant.
    Const(ConstId),
    /// A constructor by name, as a value or callee; several candidates: the expected type decides.
    Ctor(Vec<CtorId>),
    /// `Shape.area`: a method of an interface, by its qualified name.
    TraitMethod(TraitId, FnId),
    /// `T.default`, `User.from_json`: a member looked up in a type. `Int.max` found in a module is [`Expr::Fn`].
    TypeMember {
        /// The type in front of the point; arguments may be left out.
        ty: TypeRef,
        /// The name behind it.
        name: Name,
        /// Its place.
        name_span: Span,
    },
    /// `f(a, name: b)`
    Call {
        /// The function.
        callee: ExprId,
        /// Its arguments as written.
        args: Vec<Arg>,
    },
    /// `x.m(a)`
    MethodCall {
        /// The receiver.
        receiver: ExprId,
        /// The method.
        name: Name,
        /// Its place.
        name_span: Span,
        /// Its arguments as written, without the receiver.
        args: Vec<Arg>,
    },
    /// `x.name`
    Field {
        /// The struct.
        base: ExprId,
        /// The field.
        name: Name,
        /// Its place.
        name_span: Span,
    },
    /// `t.0`
    TupleIndex {
        /// The tuple.
        base: ExprId,
        /// The part.
        index: u32,
    },
    /// `xs[i]`, `m[k]`, `xs[a..b]`
    Index {
        /// The collection.
        base: ExprId,
        /// Index, key or range.
        index: ExprId,
    },
    /// `(a, b)`; `()` has no parts.
    Tuple(Vec<ExprId>),
    /// `[a, ..b, c]`
    List(Vec<ListItem>),
    /// `%{k => v}`
    Map(Vec<(ExprId, ExprId)>),
    /// `Point { x: 1 }`, fields as written.
    Struct {
        /// The struct.
        ty: TypeId,
        /// The fields given.
        fields: Vec<FieldInit>,
    },
    /// `%{p | x: 3}`
    Update {
        /// The struct.
        base: ExprId,
        /// The fields given.
        fields: Vec<FieldInit>,
    },
    /// `%{m | k => v}`
    MapUpdate {
        /// The map.
        base: ExprId,
        /// The entries given.
        entries: Vec<(ExprId, ExprId)>,
    },
    /// `a + b`; `and`/`or` are [`Expr::Logic`].
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Its left side.
        left: ExprId,
        /// Its right side.
        right: ExprId,
    },
    /// `a and b`, `a or b`
    Logic {
        /// Whether it's `and`.
        is_and: bool,
        /// Its left side.
        left: ExprId,
        /// Its right side, evaluated when needed.
        right: ExprId,
    },
    /// `not a`
    Not(ExprId),
    /// `-a`
    Neg(ExprId),
    /// `a..b`, `a..=b`
    Range {
        /// The start.
        start: ExprId,
        /// The end.
        end: ExprId,
        /// `..=`
        inclusive: bool,
    },
    /// `if c do a else b end`
    If {
        /// The condition.
        cond: ExprId,
        /// Where it holds.
        then: ExprId,
        /// Otherwise.
        otherwise: Option<ExprId>,
    },
    /// `case e do … end`
    Case {
        /// What is matched.
        scrutinee: ExprId,
        /// The arms; each has one pattern.
        arms: Vec<Clause>,
    },
    /// `do … end` and every other block.
    Block {
        /// All statements but a last one that is an expression.
        stmts: Vec<Stmt>,
        /// The last expression; none: `()`.
        tail: Option<ExprId>,
    },
    /// `while c do … end`
    While {
        /// The condition.
        cond: ExprId,
        /// The body.
        body: ExprId,
    },
    /// `for p in e when g do … end`
    For {
        /// The pattern; elements that don't match are skipped.
        pat: PatId,
        /// What is iterated.
        iter: ExprId,
        /// The guard.
        guard: Option<ExprId>,
        /// The body.
        body: ExprId,
    },
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `return e`
    Return(Option<ExprId>),
    /// `e?`
    Try(ExprId),
    /// A closure, a trailing block, a hole's function.
    Closure(Closure),
    /// `receive do … end`
    Receive {
        /// The arms; each has one pattern.
        arms: Vec<Clause>,
        /// `after ms -> body`
        after: Option<(ExprId, ExprId)>,
    },
    /// `self()`
    SelfPid,
    /// `send(to, message)`
    Send {
        /// The target.
        to: ExprId,
        /// The message.
        message: ExprId,
    },
    /// `spawn(actor, args…)`, `spawn(fn -> … end)`
    Spawn {
        /// An actor or function ([`Expr::Fn`]) with its arguments, or a closure.
        target: ExprId,
        /// The arguments.
        args: Vec<Arg>,
        /// `spawn_link`
        link: bool,
    },
}

/// A closure's parameters and clauses.
#[derive(Clone, Debug, PartialEq)]
pub struct Closure {
    /// One fresh local for each parameter.
    pub params: Vec<LocalId>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// The declared result; only local functions can have one.
    pub ret: Option<TypeRef>,
    /// How it was written.
    pub kind: ClosureKind,
}

/// How a closure was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosureKind {
    /// `fn … end`
    Fn,
    /// `do |x| … end` behind a call.
    TrailingBlock,
    /// `f(_, 2)`
    Hole,
    /// `fn name(…) do … end` as a statement.
    LocalFn,
}

impl PartialEq for Clause {
    fn eq(&self, other: &Clause) -> bool {
        self.pats == other.pats && self.guard == other.guard && self.body == other.body
    }
}

/// A piece of an interpolated string.
#[derive(Clone, Debug, PartialEq)]
pub enum InterpPart {
    /// Text, escapes resolved.
    Text(String),
    /// `${e}`
    Expr(ExprId),
}

/// An argument as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The name of `name: value`.
    pub name: Option<(Name, Span)>,
    /// The value.
    pub value: ExprId,
}

/// An element of a list literal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListItem {
    /// `a`
    Elem(ExprId),
    /// `..a`
    Spread(ExprId),
}

/// `name: value` in a struct literal or update.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldInit {
    /// The field.
    pub name: Name,
    /// Its place.
    pub span: Span,
    /// Its value.
    pub value: ExprId,
}

/// Operators that interfaces define; see [`BinaryOp::method`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `<>`, `++`
    Concat,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `>`
    Gt,
    /// `<=`
    Le,
    /// `>=`
    Ge,
}

/// A statement that isn't a block's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// `let p :: T = e`
    Let {
        /// The pattern.
        pat: PatId,
        /// The annotation.
        ty: Option<TypeRef>,
        /// The value.
        init: ExprId,
    },
    /// `fn name(…) do … end`: `closure` is an [`Expr::Closure`] that may refer to `local`.
    LocalFn {
        /// Its name.
        local: LocalId,
        /// Its code.
        closure: ExprId,
    },
    /// An expression whose value isn't used.
    Expr(ExprId),
}

/// A pattern.
#[derive(Clone, Debug, PartialEq)]
pub enum Pat {
    /// Something that couldn't be read; the error was reported.
    Missing,
    /// `_`
    Wild,
    /// `name`, `p as name`
    Bind {
        /// The name. Both sides of an or-pattern bind the same locals.
        local: LocalId,
        /// The pattern it names.
        sub: Option<PatId>,
    },
    /// `42`
    Int(i64),
    /// `1.5`
    Float(f64),
    /// `true`
    Bool(bool),
    /// `"text"`
    Str(String),
    /// `:name`
    Atom(Name),
    /// `1..=9`; the end is included here whatever was written.
    IntRange(i64, i64),
    /// `(a, b)`; `()` has no parts.
    Tuple(Vec<PatId>),
    /// `Some(x)`, `Rect(width: w, ..)`; several candidates: the type decides.
    Ctor {
        /// What the name may mean.
        candidates: Vec<CtorId>,
        /// The parts by position.
        args: Vec<PatId>,
        /// The parts by name.
        named: Vec<(Name, Span, PatId)>,
        /// `..`: the others don't matter.
        rest: bool,
    },
    /// `Point { x, y: 0 }`; fields left out match anything.
    Struct {
        /// The struct.
        ty: TypeId,
        /// The fields given.
        fields: Vec<(Name, Span, PatId)>,
    },
    /// `[a, ..rest, z]`, `h :: t`
    List {
        /// In front of `..`.
        prefix: Vec<PatId>,
        /// `..` (`Some(None)`), `..name`, or nothing: the length is exact.
        rest: Option<Option<PatId>>,
        /// Behind it.
        suffix: Vec<PatId>,
    },
    /// `%{"a" => x}`; keys are literal expressions.
    Map(Vec<(ExprId, PatId)>),
    /// `p | q`
    Or(Vec<PatId>),
    /// `"prefix" <> rest`
    StrPrefix(String, PatId),
    /// `p :: T` where `::` is an annotation.
    Typed(PatId, TypeRef),
    /// `(:down, ref, pid, reason)`: a system signal, in `receive` only.
    Signal(Name, Vec<PatId>),
}

impl Pat {
    /// Calls `f` with each pattern that stands directly in this one.
    pub fn for_each_part(&self, mut f: impl FnMut(PatId)) {
        match self {
            Pat::Missing | Pat::Wild | Pat::Int(_) | Pat::Float(_) | Pat::Bool(_) => {}
            Pat::Str(_) | Pat::Atom(_) | Pat::IntRange(..) => {}
            Pat::Bind { sub, .. } => sub.iter().copied().for_each(f),
            Pat::Tuple(parts) | Pat::Or(parts) | Pat::Signal(_, parts) => parts.iter().copied().for_each(f),
            Pat::Ctor { args, named, .. } => {
                args.iter().copied().chain(named.iter().map(|n| n.2)).for_each(f);
            }
            Pat::Struct { fields, .. } => fields.iter().map(|n| n.2).for_each(f),
            Pat::List { prefix, rest, suffix } => {
                let rest = rest.iter().flatten();
                prefix.iter().chain(rest).chain(suffix).copied().for_each(f);
            }
            Pat::Map(entries) => entries.iter().map(|e| e.1).for_each(f),
            Pat::StrPrefix(_, part) | Pat::Typed(part, _) => f(*part),
        }
    }
}
