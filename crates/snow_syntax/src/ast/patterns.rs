//! Patterns.

use super::{Expr, Literal, Name, Path, StringExpr, first_token, node_enum, nodes, token};
use crate::{SyntaxKind, SyntaxToken};

nodes! {
    /// `_`
    WildcardPat = WILDCARD_PAT {}
    /// A name that is bound.
    NamePat = NAME_PAT {}
    /// A literal.
    LiteralPat = LITERAL_PAT {
        /// A number, Bool or atom.
        literal: Literal,
        /// A string.
        string: StringExpr,
    }
    /// `1..=9`
    RangePat = RANGE_PAT {
        /// Where it starts.
        start: Literal,
        /// Where it ends.
        end: Literal[1],
    }
    /// `"prefix" <> rest`
    ConcatPat = CONCAT_PAT {
        /// What the string must start with.
        prefix: StringExpr,
        /// What the rest must match.
        rest: Pattern,
    }
    /// `(p)`
    ParenPat = PAREN_PAT {
        /// What stands inside.
        inner: Pattern,
    }
    /// `(p, q)`, `{p, q}`, `()`
    TuplePat = TUPLE_PAT {
        /// The parts.
        elements: [Pattern],
    }
    /// `Some(x)`, `None`
    ConstructorPat = CONSTRUCTOR_PAT {
        /// The constructor.
        path: Path,
        /// The parts as written.
        args: [ConstructorArg],
        /// The `..`, if there is one.
        rest: RestPat,
    }
    /// `p` or `name: p`
    ConstructorArg = CONSTRUCTOR_ARG {
        /// The part's name if it is given by name.
        name: Name,
        /// The pattern.
        pattern: Pattern,
    }
    /// `Point { x, y: 0 }`
    RecordPat = RECORD_PAT {
        /// The struct.
        path: Path,
        /// The fields as written.
        fields: [RecordPatField],
        /// A `..`, which changes nothing.
        rest: RestPat,
    }
    /// `x` or `x: p`
    RecordPatField = RECORD_PAT_FIELD {
        /// The field.
        name: Name,
        /// The pattern; where it is missing and no `:` stands, the field's name is bound.
        pattern: Pattern,
    }
    /// `[a, ..rest]`
    ListPat = LIST_PAT {
        /// The elements; `..` is a `RestPat` among them.
        elements: [Pattern],
    }
    /// `..`, `..name`
    RestPat = REST_PAT {}
    /// `h :: t`
    ConsPat = CONS_PAT {
        /// The first element.
        head: Pattern,
        /// The rest.
        tail: Pattern[1],
    }
    /// `%{"a" => x}`
    MapPat = MAP_PAT {
        /// The entries.
        entries: [MapPatEntry],
    }
    /// `"a" => p` or `a: p`
    MapPatEntry = MAP_PAT_ENTRY {
        /// The String key before `:`.
        name: Name,
        /// The key before `=>`.
        key: Expr,
        /// What the value must match.
        pattern: Pattern,
    }
    /// `p | q`
    OrPat = OR_PAT {
        /// The alternatives.
        alternatives: [Pattern],
    }
    /// `p as name`
    AsPat = AS_PAT {
        /// What must match.
        pattern: Pattern,
        /// What the whole is called.
        name: Name,
    }
}

node_enum! {
    /// A pattern.
    Pattern {
        /// `_`
        Wildcard(WildcardPat),
        /// A name.
        Name(NamePat),
        /// A literal.
        Literal(LiteralPat),
        /// A range of Ints.
        Range(RangePat),
        /// A string with a prefix.
        Concat(ConcatPat),
        /// `(p)`
        Paren(ParenPat),
        /// A tuple or `()`.
        Tuple(TuplePat),
        /// A constructor.
        Constructor(ConstructorPat),
        /// A struct.
        Record(RecordPat),
        /// A list.
        List(ListPat),
        /// `..` in a list.
        Rest(RestPat),
        /// `h :: t`
        Cons(ConsPat),
        /// A map.
        Map(MapPat),
        /// Alternatives.
        Or(OrPat),
        /// `p as name`
        As(AsPat),
    }
}

impl NamePat {
    /// The one token.
    pub fn token(&self) -> Option<SyntaxToken> {
        first_token(&self.0)
    }

    /// The name, interned; empty where it is missing.
    pub fn text(&self) -> snow_base::Name {
        self.token().map_or(snow_base::Name::new(""), |t| snow_base::Name::new(t.text()))
    }
}

impl RangePat {
    /// Is it `..=`?
    pub fn is_inclusive(&self) -> bool {
        token(&self.0, SyntaxKind::DOT2_EQ).is_some()
    }
}

impl TuplePat {
    /// Is it spelled with braces?
    pub fn has_braces(&self) -> bool {
        token(&self.0, SyntaxKind::L_BRACE).is_some()
    }
}

impl ConstructorPat {
    /// Does `..` stand for further parts?
    pub fn has_rest(&self) -> bool {
        self.rest().is_some()
    }

    /// Has it parentheses?
    pub fn has_parens(&self) -> bool {
        token(&self.0, SyntaxKind::L_PAREN).is_some()
    }
}

impl RestPat {
    /// The name of the rest; `None` for `..` and `.._`.
    pub fn name_token(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::IDENT)
    }

    /// The name of the rest, interned.
    pub fn name(&self) -> Option<snow_base::Name> {
        self.name_token().map(|t| snow_base::Name::new(t.text()))
    }
}
