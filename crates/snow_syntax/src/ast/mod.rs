//! The typed view of the syntax tree: one struct a node kind, with accessors.
//!
//! Nothing is stored here: a node is a cursor into the lossless tree. Every accessor may give `None`
//! (or less than the grammar asks for) in a file with syntax errors; then an error has been reported.
//!
//! The shape of the tree. `X?` may be missing, `X*` any number, `a:X` accessor `a`, `'x'` a token.
//! Separators (`,` `;` newlines) are left out. Accessors of lists are the plural (`params()`).
//!
//! ```text
//! SourceFile      = Item*                                   module_doc()
//!
//! -- items; each has doc(), attrs(); all but impl, import, test have is_pub()
//! Attr            = '@' name:IDENT ('(' argument:StringExpr ')')?     @runtime("x") @lang("x") @builtin("x")
//! FnItem          = Attr* 'pub'? 'fn' Name GenericParams? ParamList RetType? WhereClause? Guard?
//!                   ('=' body_expr:Expr | 'do' body_block:Block 'end')?
//! LetItem         = Attr* 'pub'? 'let' Name ('::' Type)? '=' value:Expr
//! StructItem      = Attr* 'pub'? 'struct' Name GenericParams? 'do' FieldDef* 'end' Deriving?
//! TypeItem        = Attr* 'pub'? 'type' Name GenericParams?
//!                   ('do' Variant* 'end' Deriving? | '=' alias:Type)?          is_sum(); neither: opaque builtin
//! InterfaceItem   = Attr* 'pub'? 'interface' Name GenericParams? 'do' FnItem* 'end'      functions()
//! ImplItem        = Attr* 'impl' interface:PathType 'for' self_type:Type WhereClause? 'do' FnItem* 'end'
//! ActorItem       = Attr* 'pub'? 'actor' Name ParamList 'do' Block Terminate? 'end'
//! Terminate       = 'terminate' 'do' Block 'end'
//! ServiceItem     = Attr* 'pub'? 'service' Name 'do' (FnItem | CallHandler | CastHandler | InfoHandler)* 'end'
//! CallHandler     = 'call' Name ParamList '::' Type 'do' BlockParams Block 'end'
//! CastHandler     = 'cast' Name ParamList 'do' BlockParams Block 'end'
//! InfoHandler     = 'info' Pattern 'do' BlockParams Block 'end'
//! SupervisorItem  = Attr* 'pub'? 'supervisor' Name 'do' (SupervisorField | Child)* 'end'
//! SupervisorField = Name ':' value:Expr
//! Child           = 'child' Name 'do' SupervisorField* 'end'
//! ModuleItem      = Attr* 'pub'? 'module' Name 'do' Item* 'end'
//! ImportItem      = 'import' Path ('as' alias:Name)?
//! FromImportItem  = 'from' Path 'import' Name*
//! TestItem        = 'test' title:StringExpr 'do' Block 'end'
//!
//! Name            = IDENT | TYPE_IDENT | a reserved word where any word is a name      text(), token()
//! Path            = TYPE_IDENT ('.' TYPE_IDENT)*                                        segments()
//! GenericParams   = '<' Name* '>'
//! ParamList       = '(' Param* ')' | Param*            (without parentheses in closures only)
//! Param           = Pattern ('::' Type)? ('=' default:Expr)?
//! RetType         = '->' Type                          FnItem::ret_type() gives the Type
//! WhereClause     = 'where' WherePred*
//! WherePred       = Name ':' bounds:PathType ('+' PathType)*
//! Guard           = 'when' Expr                        guard() of its owner gives the Expr
//! FieldDef        = Name '::' Type ('=' default:Expr)?
//! Variant         = Name ('(' VariantField* ')')?
//! VariantField    = (Name '::')? Type
//! Deriving        = 'deriving' '(' Name* ')'
//!
//! -- statements
//! Block           = Stmt*                              `do` and `end` belong to its parent
//! Stmt            = LetStmt | FnItem (a local function; clauses are neighbours) | Expr
//! LetStmt         = 'let' Pattern ('::' Type)? '=' value:Expr
//!
//! -- expressions
//! Literal         = '-'? INT | '-'? FLOAT | 'true' | 'false' | ATOM                     value()
//! StringExpr      = STRING_START (STRING_TEXT | Interp)* STRING_END                     parts()
//! Interp          = '${' Expr '}'
//! NameExpr        = IDENT                              also `self`
//! PathExpr        = Path                               constructor, module, type: `Some`, `Shape.Circle`, `List`
//! HoleExpr        = '_'
//! ParenExpr       = '(' Expr ')'
//! TupleExpr       = '(' Expr* ')' | '{' Expr* '}'      none is `()`; never one
//! ListExpr        = '[' (Expr | Spread)* ']'           elements()
//! Spread          = '..' Expr
//! MapExpr         = '%{' MapEntry* '}'
//! MapEntry        = key:Expr '=>' value:Expr | Name ':' value:Expr
//! UpdateExpr      = '%{' base:Expr '|' MapEntry* '}'   of structs and maps
//! RecordExpr      = Path '{' RecordField* '}'
//! RecordField     = Name (':' value:Expr)?
//! CallExpr        = callee:Expr ArgList TrailingBlock?                `f(x)`, `Some(x)` (callee is a PathExpr)
//! MethodCallExpr  = receiver:Expr '.' Name ArgList TrailingBlock?     also `List.map(…)`: receiver is a PathExpr
//! ArgList         = '(' Arg* ')'
//! Arg             = (Name ':')? Expr
//! TrailingBlock   = 'do' BlockParams? Block 'end'
//! BlockParams     = '|' Param* '|'
//! FieldExpr       = receiver:Expr '.' Name             also `List.map` without a call
//! TupleFieldExpr  = receiver:Expr '.' INT              index()
//! IndexExpr       = base:Expr '[' index:Expr ']'
//! TryExpr         = Expr '?'
//! PrefixExpr      = op:('-' | '!' | 'not') Expr
//! BinExpr         = lhs:Expr op rhs:Expr
//! RangeExpr       = start:Expr ('..' | '..=') end:Expr                is_inclusive()
//! PipeExpr        = lhs:Expr '|>' target:(Expr | PipeMethod)
//!                   Expr is NameExpr, PathExpr, FieldExpr, CallExpr, MethodCallExpr, FnExpr, ParenExpr
//! PipeMethod      = '.' Name ArgList? TrailingBlock?
//! IfExpr          = 'if' condition:Expr 'do' then_block:Block ElseIf* ElseBranch? 'end'
//! ElseIf          = 'else' 'if' condition:Expr 'do' Block
//! ElseBranch      = 'else' Block
//! CaseExpr        = ('case' | 'match') scrutinee:Expr 'do' MatchArm* 'end'
//! MatchArm        = Pattern Guard? '->' Block
//! ReceiveExpr     = 'receive' 'do' MatchArm* AfterArm? 'end'
//! AfterArm        = 'after' timeout:Expr '->' Block
//! WhileExpr       = 'while' condition:Expr 'do' Block 'end'
//! ForExpr         = 'for' Pattern 'in' iterable:Expr Guard? 'do' Block 'end'
//! BreakExpr       = 'break'
//! ContinueExpr    = 'continue'
//! ReturnExpr      = 'return' Expr?
//! FnExpr          = 'fn' FnClause ('|' FnClause)* 'end'
//! FnClause        = ParamList Guard? ('->' | 'do') Block
//! DoExpr          = 'do' Block 'end'
//!
//! -- patterns
//! WildcardPat     = '_'
//! NamePat         = IDENT
//! LiteralPat      = Literal | StringExpr (no interpolation)
//! RangePat        = start:Literal ('..' | '..=') end:Literal
//! ConcatPat       = prefix:StringExpr '<>' rest:Pattern
//! ParenPat        = '(' Pattern ')'
//! TuplePat        = '(' Pattern* ')' | '{' Pattern* '}'
//! ConstructorPat  = Path ('(' (ConstructorArg | RestPat)* ')')?       args(), has_rest(), has_parens()
//! ConstructorArg  = (Name ':')? Pattern
//! RecordPat       = Path '{' (RecordPatField | RestPat)* '}'
//! RecordPatField  = Name (':' Pattern)?
//! ListPat         = '[' Pattern* ']'                   one of them may be a RestPat; the parser allows several
//! RestPat         = '..' (IDENT | '_')?
//! ConsPat         = head:Pattern '::' tail:Pattern
//! MapPat          = '%{' MapPatEntry* '}'
//! MapPatEntry     = key:(Literal | StringExpr) '=>' Pattern | Name ':' Pattern
//! OrPat           = Pattern ('|' Pattern)*             flat, at least two
//! AsPat           = Pattern 'as' Name
//!
//! -- types
//! PathType        = Path ('<' Type* '>')?              type_args()
//! ParenType       = '(' Type ')'
//! TupleType       = '(' Type* ')'                      none is `()`; never one
//! FnType          = 'Fun' FnTypeParams '->' ret:Type          params()
//! FnTypeParams    = '(' Type* ')'
//! ListType        = '[' Type ']'
//! OptionType      = Type '?'
//! ResultType      = ok:Type '!' err:Type
//! ```

mod exprs;
mod items;
mod literals;
mod patterns;
mod types;

pub use exprs::*;
pub use items::*;
pub use literals::*;
pub use patterns::*;
use rowan::ast::support;
pub use rowan::ast::{AstChildren, AstNode};
pub use types::*;

use crate::{Snow, SyntaxKind, SyntaxNode, SyntaxToken};

/// Defines the struct of a node kind and its accessors:
/// `a: X` the first child, `b: [X]` all children, `c: X[1]` the second child of that type.
macro_rules! nodes {
    ($($(#[doc = $doc:literal])* $name:ident = $kind:ident { $($accessors:tt)* })*) => {$(
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub(crate) $crate::SyntaxNode);

        impl rowan::ast::AstNode for $name {
            type Language = $crate::Snow;

            fn can_cast(kind: $crate::SyntaxKind) -> bool {
                kind == $crate::SyntaxKind::$kind
            }

            fn cast(node: $crate::SyntaxNode) -> Option<Self> {
                (node.kind() == $crate::SyntaxKind::$kind).then_some(Self(node))
            }

            fn syntax(&self) -> &$crate::SyntaxNode {
                &self.0
            }
        }

        impl $name {
            $crate::ast::accessors! { $($accessors)* }
        }
    )*};
}

macro_rules! accessors {
    () => {};
    ($(#[doc = $doc:literal])* $name:ident: [$ty:ty], $($rest:tt)*) => {
        $(#[doc = $doc])*
        pub fn $name(&self) -> rowan::ast::AstChildren<$ty> {
            rowan::ast::support::children(&self.0)
        }
        $crate::ast::accessors! { $($rest)* }
    };
    ($(#[doc = $doc:literal])* $name:ident: $ty:ident[$n:literal], $($rest:tt)*) => {
        $(#[doc = $doc])*
        pub fn $name(&self) -> Option<$ty> {
            rowan::ast::support::children(&self.0).nth($n)
        }
        $crate::ast::accessors! { $($rest)* }
    };
    ($(#[doc = $doc:literal])* $name:ident: $ty:ident, $($rest:tt)*) => {
        $(#[doc = $doc])*
        pub fn $name(&self) -> Option<$ty> {
            rowan::ast::support::child(&self.0)
        }
        $crate::ast::accessors! { $($rest)* }
    };
}

/// Defines an enum over node structs: `Variant(NodeStruct)`.
macro_rules! node_enum {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[doc = $vdoc:literal])* $variant:ident($node:ident),)* }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[doc = $vdoc])* $variant($node),)* }

        impl rowan::ast::AstNode for $name {
            type Language = $crate::Snow;

            fn can_cast(kind: $crate::SyntaxKind) -> bool {
                $($node::can_cast(kind))||*
            }

            fn cast(node: $crate::SyntaxNode) -> Option<Self> {
                $(if $node::can_cast(node.kind()) {
                    return $node::cast(node).map($name::$variant);
                })*
                None
            }

            fn syntax(&self) -> &$crate::SyntaxNode {
                match self { $($name::$variant(node) => node.syntax(),)* }
            }
        }

        $(impl From<$node> for $name {
            fn from(node: $node) -> $name {
                $name::$variant(node)
            }
        })*
    };
}

use {accessors, node_enum, nodes};

/// The first token of `kind` that is a child of `node` itself.
fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    support::token::<Snow>(node, kind)
}

/// The first child token that isn't trivia.
fn first_token(node: &SyntaxNode) -> Option<SyntaxToken> {
    node.children_with_tokens().filter_map(|e| e.into_token()).find(|t| !t.kind().is_trivia())
}

/// The place of a node in its file.
pub trait HasSpan {
    /// The node's place; it starts and ends with tokens that aren't blanks.
    fn span(&self, file: snow_base::FileId) -> snow_base::Span;
}

impl<N: AstNode<Language = Snow>> HasSpan for N {
    fn span(&self, file: snow_base::FileId) -> snow_base::Span {
        crate::node_span(self.syntax(), file)
    }
}
