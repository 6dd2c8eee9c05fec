//! What the modules of a program define: functions, types, interfaces, impls, constants.
//!
//! All items of all modules live in one [`Program`]; ids are dense indices into its arenas. Names are already
//! resolved: nothing after this crate looks up a name in a scope, but methods, fields and variants that depend on
//! types.

use snow_abi::{Intrinsic, LangItem, RuntimeFn};
use snow_base::{Arena, FileId, FxHashMap, Idx, Name, Span};

use crate::body::{Body, BodyId};

/// Identifies a module.
pub type ModuleId = Idx<Module>;
/// Identifies a function: plain, method, actor, test.
pub type FnId = Idx<FnDef>;
/// Identifies a struct, a sum type or a builtin type.
pub type TypeId = Idx<TypeDef>;
/// Identifies a type alias.
pub type AliasId = Idx<AliasDef>;
/// Identifies an interface.
pub type TraitId = Idx<TraitDef>;
/// Identifies an impl, written or derived.
pub type ImplId = Idx<ImplDef>;
/// Identifies a constant.
pub type ConstId = Idx<ConstDef>;

/// Everything that a program and std define.
#[derive(Debug, Default)]
pub struct Program {
    /// Modules; those of std among them.
    pub modules: Arena<Module>,
    /// Functions.
    pub fns: Arena<FnDef>,
    /// Structs, sum types, builtin types.
    pub types: Arena<TypeDef>,
    /// Aliases.
    pub aliases: Arena<AliasDef>,
    /// Interfaces.
    pub traits: Arena<TraitDef>,
    /// Impls.
    pub impls: Arena<ImplDef>,
    /// Constants.
    pub consts: Arena<ConstDef>,
    /// Bodies of functions, constants, defaults.
    pub bodies: Arena<Body>,
    /// Items that the compiler refers to.
    pub lang: LangItems,
    /// The module of the file that holds `main`.
    pub root: Option<ModuleId>,
}

/// The items behind [`LangItem`]s and the builtin types.
#[derive(Debug, Default)]
pub struct LangItems {
    /// Types of std defined in Snow.
    pub types: FxHashMap<LangItem, TypeId>,
    /// Interfaces of std.
    pub traits: FxHashMap<LangItem, TraitId>,
    /// Functions of std.
    pub fns: FxHashMap<LangItem, FnId>,
    /// The `@builtin("…") type` items.
    pub builtins: FxHashMap<BuiltinTy, TypeId>,
}

/// Modules of the standard library that code of the compiler's own calls: they are proposed to nobody.
const INNER_MODULES: [&str; 2] = ["Derive", "Service"];

impl Program {
    /// What the modules of the standard library offer under that name. O(modules).
    pub fn in_std(&self, name: Name) -> impl Iterator<Item = (ModuleId, ValueNs)> {
        let modules = self.modules.iter().filter(|(_, module)| module.is_std);
        let open = modules.filter(|(_, module)| !INNER_MODULES.contains(&module.path.as_str()));
        let values = open.filter_map(move |(id, module)| Some((id, *module.values.get(&name)?)));
        values.filter(|&(_, value)| match value {
            ValueNs::Fn(id) => self.fns[id].is_pub,
            ValueNs::Const(id) => self.consts[id].is_pub,
        })
    }
}

/// One module: a file, or a `module … do` inside one.
#[derive(Debug)]
pub struct Module {
    /// Full name, `Math.Vector`; the entry file's own name in PascalCase for a program of one file.
    pub path: String,
    /// The file it stands in.
    pub file: FileId,
    /// The enclosing module of a nested one.
    pub parent: Option<ModuleId>,
    /// Whether it belongs to the standard library.
    pub is_std: bool,
    /// Types, interfaces, aliases by name.
    pub types: FxHashMap<Name, TypeNs>,
    /// Functions, actors and constants by name.
    pub values: FxHashMap<Name, ValueNs>,
    /// Constructors of its own sum types by variant name; more than one: must be qualified or known by type.
    pub ctors: FxHashMap<Name, Vec<CtorId>>,
    /// Nested modules.
    pub modules: FxHashMap<Name, ModuleId>,
}

/// What a name of the type name space means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeNs {
    /// A struct, sum type or builtin type.
    Type(TypeId),
    /// An alias.
    Alias(AliasId),
    /// An interface.
    Trait(TraitId),
}

/// What a name of the value name space means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueNs {
    /// A function or actor.
    Fn(FnId),
    /// A constant.
    Const(ConstId),
}

/// One variant of a sum type; of a struct: variant 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CtorId {
    /// The type.
    pub ty: TypeId,
    /// Which variant, from 0.
    pub variant: u32,
}

/// A function, method or actor.
#[derive(Debug)]
pub struct FnDef {
    /// Its name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// The module it stands in.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub is_pub: bool,
    /// What it is.
    pub kind: FnKind,
    /// Where it stands.
    pub container: Container,
    /// Type parameters declared by the function itself, behind those of its container: see [`Generics`].
    pub generics: Generics,
    /// Parameters; for methods `self` first.
    pub params: Vec<Param>,
    /// The declared result.
    pub ret: Option<TypeRef>,
    /// Whether its first parameter is `self`.
    pub has_self: bool,
    /// What it does.
    pub body: FnBody,
    /// The documentation comment.
    pub doc: Option<String>,
    /// For handlers of a service: its `init`, whose result is the type of their last parameter.
    pub state_of: Option<FnId>,
}

impl FnDef {
    /// A private function of a module, of which only the name is known.
    pub(crate) fn new(name: Name, span: Span, module: ModuleId) -> FnDef {
        FnDef {
            name,
            span,
            module,
            is_pub: false,
            kind: FnKind::Plain,
            container: Container::Module,
            generics: Generics::default(),
            params: Vec::new(),
            ret: None,
            has_self: false,
            body: FnBody::None,
            doc: None,
            state_of: None,
        }
    }
}

/// The kinds of functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FnKind {
    /// An ordinary function or method.
    Plain,
    /// `let name = fn … end` at the top: a constant whose type is generalised, without a mailbox.
    Let,
    /// `actor`.
    Actor,
    /// `test "…"`, with its name.
    Test(String),
}

impl FnKind {
    /// Whether it is called for its value.
    pub fn has_value(&self) -> bool {
        matches!(self, FnKind::Plain | FnKind::Let)
    }
}

/// Where a function stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// Directly in its module.
    Module,
    /// In an interface.
    Trait(TraitId),
    /// In an impl.
    Impl(ImplId),
}

/// Type parameters and conditions on them. Parameters are numbered through: in an interface `Self` is 0, its
/// own generics follow; in an impl its generics start at 0; a function's own come after its container's.
#[derive(Clone, Debug, Default)]
pub struct Generics {
    /// How many parameters the containers have.
    pub parent_count: u32,
    /// The parameters declared here, with places.
    pub params: Vec<(Name, Span)>,
    /// The `where` clause.
    pub preds: Vec<WherePred>,
    /// Does the clause speak of something that is no type parameter? That is reported; what it says stays unknown.
    pub is_refused: bool,
}

impl Generics {
    /// How many parameters there are with the containers'.
    pub fn total(&self) -> u32 {
        self.parent_count + self.params.len() as u32
    }
}

/// One `T: Trait<Args>` of a `where` clause.
#[derive(Clone, Debug)]
pub struct WherePred {
    /// The type that must implement it.
    pub ty: TypeRef,
    /// The interface.
    pub trait_: TraitId,
    /// Its arguments.
    pub args: Vec<TypeRef>,
    /// The place.
    pub span: Span,
}

/// A parameter of a function.
#[derive(Debug)]
pub struct Param {
    /// The plain name in the first clause that has one.
    pub name: Option<Name>,
    /// The annotation of the first clause that has one. `self` has none.
    pub ty: Option<TypeRef>,
    /// The default, a body of its own whose parameters are the function's parameters before this one.
    pub default: Option<BodyId>,
    /// The place.
    pub span: Span,
}

/// What a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FnBody {
    /// Snow code.
    Snow(BodyId),
    /// `@runtime("…")`
    Runtime(RuntimeFn),
    /// `@intrinsic("…")`
    Intrinsic(Intrinsic),
    /// Nothing: an interface's method that has no default; or an error was reported.
    None,
}

/// The types that have no definition in Snow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuiltinTy {
    /// 64-bit signed.
    Int,
    /// IEEE double.
    Float,
    /// `true`, `false`.
    Bool,
    /// UTF-8.
    String,
    /// Bytes.
    Bytes,
    /// Interned name.
    Atom,
    /// `List<T>`
    List,
    /// `Pid<M>`
    Pid,
    /// `Pid` without an argument.
    AnyPid,
    /// The type without values.
    Never,
    /// An address or token inside the compiler's own code; can't be named in Snow.
    Raw,
}

impl BuiltinTy {
    /// Its name in `@builtin("…")`; `Raw` and `AnyPid` have none (`Pid` without arguments is `AnyPid`).
    pub fn by_name(name: &str) -> Option<BuiltinTy> {
        Some(match name {
            "int" => BuiltinTy::Int,
            "float" => BuiltinTy::Float,
            "bool" => BuiltinTy::Bool,
            "string" => BuiltinTy::String,
            "bytes" => BuiltinTy::Bytes,
            "atom" => BuiltinTy::Atom,
            "list" => BuiltinTy::List,
            "pid" => BuiltinTy::Pid,
            "never" => BuiltinTy::Never,
            _ => return None,
        })
    }
}

/// A struct, a sum type or a builtin type.
#[derive(Debug)]
pub struct TypeDef {
    /// Its name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Its module.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub is_pub: bool,
    /// Its parameters.
    pub generics: Generics,
    /// Its shape.
    pub kind: TypeDefKind,
    /// What is derived.
    pub deriving: Deriving,
    /// The documentation comment.
    pub doc: Option<String>,
}

/// The shape of a type.
#[derive(Debug)]
pub enum TypeDefKind {
    /// A struct; its one variant has the struct's name.
    Struct(Variant),
    /// A sum type.
    Sum(Vec<Variant>),
    /// A type that the compiler knows.
    Builtin(BuiltinTy),
}

impl TypeDef {
    /// The variants: one for a struct, none for a builtin type.
    pub fn variants(&self) -> &[Variant] {
        match &self.kind {
            TypeDefKind::Struct(v) => std::slice::from_ref(v),
            TypeDefKind::Sum(vs) => vs,
            TypeDefKind::Builtin(_) => &[],
        }
    }
}

/// A variant of a sum type, or the fields of a struct.
#[derive(Debug)]
pub struct Variant {
    /// Its name.
    pub name: Name,
    /// The place of the name.
    pub span: Span,
    /// Its parts.
    pub fields: Vec<Field>,
}

/// A field of a struct or part of a variant.
#[derive(Debug)]
pub struct Field {
    /// Its name; parts of variants may have none.
    pub name: Option<Name>,
    /// Its type.
    pub ty: TypeRef,
    /// Its default, a body without parameters.
    pub default: Option<BodyId>,
    /// The place.
    pub span: Span,
}

/// The deriving clause of a type.
#[derive(Clone, Debug)]
pub enum Deriving {
    /// No clause: `Eq Ord Hash Display Debug` where the parts have them.
    Auto,
    /// Exactly these.
    List(Vec<(TraitId, Span)>),
}

/// `type Name<T> = …`
#[derive(Debug)]
pub struct AliasDef {
    /// Its name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Its module.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub is_pub: bool,
    /// Its parameters.
    pub generics: Generics,
    /// What it stands for.
    pub ty: TypeRef,
}

/// An interface.
#[derive(Debug)]
pub struct TraitDef {
    /// Its name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Its module.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub is_pub: bool,
    /// Its own parameters; `Self` is parameter 0 and not in the list (`parent_count` is 1).
    pub generics: Generics,
    /// Its methods, those with a default among them.
    pub methods: Vec<FnId>,
    /// What the compiler knows it as.
    pub lang: Option<LangItem>,
}

/// `impl Trait<Args> for Type`
#[derive(Debug)]
pub struct ImplDef {
    /// The interface.
    pub trait_: TraitId,
    /// Its arguments.
    pub trait_args: Vec<TypeRef>,
    /// The implementing type.
    pub self_ty: TypeRef,
    /// Type parameters (one-letter names and `where`).
    pub generics: Generics,
    /// The methods it defines.
    pub methods: Vec<FnId>,
    /// Its module.
    pub module: ModuleId,
    /// The place of its head.
    pub span: Span,
    /// Set for impls made by deriving.
    pub derived: Option<Derived>,
}

/// How a derived impl came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Derived {
    /// The type it was derived for.
    pub ty: TypeId,
    /// Without a clause: it holds where the parts have it, and is no error elsewhere.
    pub auto: bool,
}

/// A top-level `let`.
#[derive(Debug)]
pub struct ConstDef {
    /// Its name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Its module.
    pub module: ModuleId,
    /// Whether other modules may use it.
    pub is_pub: bool,
    /// Its annotation.
    pub ty: Option<TypeRef>,
    /// Its value, a body without parameters.
    pub body: BodyId,
}

/// A type as it was written, with names resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRef {
    /// What it is.
    pub kind: TypeRefKind,
    /// The place.
    pub span: Span,
}

/// The forms of written types. `T?`, `T!E`, `[T]` are resolved to their types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeRefKind {
    /// A struct, sum type or builtin type, with as many arguments as written.
    Type(TypeId, Vec<TypeRef>),
    /// An alias, with as many arguments as written.
    Alias(AliasId, Vec<TypeRef>),
    /// A type parameter, by number; see [`Generics`].
    Param(u32),
    /// `Self` in an impl (in an interface it's `Param(0)`).
    SelfTy,
    /// A tuple; `()` has no parts.
    Tuple(Vec<TypeRef>),
    /// `Fun(A, B) -> C`
    Fn(Vec<TypeRef>, Box<TypeRef>),
    /// `_`: to be inferred.
    Infer,
    /// An error was reported.
    Error,
}
