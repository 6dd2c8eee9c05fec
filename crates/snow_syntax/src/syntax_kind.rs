//! The kinds of tokens and nodes of the syntax tree, and the tree types over rowan.
//!
//! Invariant: `ALL[kind as usize] == kind`; it follows from the macro, which writes both lists.

use std::fmt;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])* $kind:ident,)*) => {
        /// The kind of a token or a node.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "reserved words and node kinds say what they are; `ast` describes the nodes")]
        #[expect(non_camel_case_types, reason = "tokens and nodes are told apart from AST types by their spelling")]
        #[repr(u16)]
        pub enum SyntaxKind { $($(#[doc = $doc])* $kind,)* }

        const ALL: &[SyntaxKind] = &[$(SyntaxKind::$kind,)*];
    };
}

kinds! {
    /// Blanks and tabs.
    WHITESPACE,
    /// One line end.
    NEWLINE,
    /// `# …`
    COMMENT,
    /// `#= … =#`
    BLOCK_COMMENT,
    /// `## …`: documentation of the item below.
    DOC_COMMENT,
    /// `##! …`: documentation of the module.
    MODULE_DOC,

    /// A name in snake_case, also contextual words such as `from`, and `_name`.
    IDENT,
    /// A name in PascalCase.
    TYPE_IDENT,
    /// `_`
    UNDERSCORE,
    /// An integer without its sign.
    INT,
    /// A float without its sign.
    FLOAT,
    /// `:name`
    ATOM,
    /// `"` or `"""`
    STRING_START,
    /// Raw text of a string: escapes as written.
    STRING_TEXT,
    /// `${`
    INTERP_START,
    /// The `}` that ends an interpolation.
    INTERP_END,
    /// The closing `"` or `"""`.
    STRING_END,

    /// `(`
    L_PAREN,
    /// `)`
    R_PAREN,
    /// `[`
    L_BRACK,
    /// `]`
    R_BRACK,
    /// `{`
    L_BRACE,
    /// `}`
    R_BRACE,
    /// `%{`
    MAP_OPEN,
    /// `,`
    COMMA,
    /// `;`
    SEMI,
    /// `:`
    COLON,
    /// `::`
    COLON2,
    /// `.`
    DOT,
    /// `..`
    DOT2,
    /// `..=`
    DOT2_EQ,
    /// `->`
    ARROW,
    /// `=>`
    FAT_ARROW,
    /// `=`
    EQ,
    /// `==`
    EQ2,
    /// `!=`
    NEQ,
    /// `<`
    LT,
    /// `>`
    GT,
    /// `<=`
    LE,
    /// `>=`
    GE,
    /// `+`
    PLUS,
    /// `-`
    MINUS,
    /// `*`
    STAR,
    /// `/`
    SLASH,
    /// `%`
    PERCENT,
    /// `<>`
    DIAMOND,
    /// `++`
    PLUS2,
    /// `|`
    PIPE,
    /// `|>`
    PIPE_GT,
    /// `||`
    PIPE2,
    /// `&&`
    AMP2,
    /// `!`
    BANG,
    /// `?`
    QUESTION,
    /// `@`
    AT,
    /// `&`, which no rule takes.
    AMP,
    /// `\\`, which no rule takes.
    BACKSLASH,
    /// Characters that are no token; the lexer has reported them.
    ERROR_TOKEN,

    ACTOR_KW,
    AND_KW,
    BREAK_KW,
    CASE_KW,
    CONTINUE_KW,
    DO_KW,
    ELSE_KW,
    END_KW,
    FALSE_KW,
    FN_KW,
    FOR_KW,
    IF_KW,
    IMPL_KW,
    IMPORT_KW,
    IN_KW,
    INTERFACE_KW,
    LET_KW,
    MATCH_KW,
    MODULE_KW,
    NOT_KW,
    OR_KW,
    PUB_KW,
    RECEIVE_KW,
    RETURN_KW,
    SERVICE_KW,
    STRUCT_KW,
    SUPERVISOR_KW,
    TRUE_KW,
    TYPE_KW,
    WHEN_KW,
    WHERE_KW,
    WHILE_KW,

    /// What the parser sees behind the last token; never in a tree.
    EOF,
    /// A node that is not finished; never in a tree.
    TOMBSTONE,
    /// Tokens that fit nowhere; an error has been reported.
    ERROR,

    SOURCE_FILE,
    ATTR,
    FN_ITEM,
    LET_ITEM,
    STRUCT_ITEM,
    TYPE_ITEM,
    INTERFACE_ITEM,
    IMPL_ITEM,
    ACTOR_ITEM,
    SERVICE_ITEM,
    SUPERVISOR_ITEM,
    MODULE_ITEM,
    IMPORT_ITEM,
    FROM_IMPORT_ITEM,
    TEST_ITEM,
    NAME,
    PATH,
    GENERIC_PARAMS,
    PARAM_LIST,
    PARAM,
    RET_TYPE,
    WHERE_CLAUSE,
    WHERE_PRED,
    GUARD,
    FIELD_DEF,
    VARIANT,
    VARIANT_FIELD,
    DERIVING,
    TERMINATE,
    CALL_HANDLER,
    CAST_HANDLER,
    INFO_HANDLER,
    SUPERVISOR_FIELD,
    CHILD,

    BLOCK,
    LET_STMT,
    LITERAL,
    STRING_EXPR,
    INTERP,
    NAME_EXPR,
    PATH_EXPR,
    HOLE_EXPR,
    PAREN_EXPR,
    TUPLE_EXPR,
    LIST_EXPR,
    SPREAD,
    MAP_EXPR,
    MAP_ENTRY,
    UPDATE_EXPR,
    RECORD_EXPR,
    RECORD_FIELD,
    CALL_EXPR,
    METHOD_CALL_EXPR,
    ARG_LIST,
    ARG,
    TRAILING_BLOCK,
    BLOCK_PARAMS,
    FIELD_EXPR,
    TUPLE_FIELD_EXPR,
    INDEX_EXPR,
    TRY_EXPR,
    PREFIX_EXPR,
    BIN_EXPR,
    RANGE_EXPR,
    PIPE_EXPR,
    PIPE_METHOD,
    IF_EXPR,
    ELSE_IF,
    ELSE_BRANCH,
    CASE_EXPR,
    MATCH_ARM,
    RECEIVE_EXPR,
    AFTER_ARM,
    WHILE_EXPR,
    FOR_EXPR,
    BREAK_EXPR,
    CONTINUE_EXPR,
    RETURN_EXPR,
    FN_EXPR,
    FN_CLAUSE,
    DO_EXPR,

    WILDCARD_PAT,
    NAME_PAT,
    LITERAL_PAT,
    RANGE_PAT,
    CONCAT_PAT,
    PAREN_PAT,
    TUPLE_PAT,
    CONSTRUCTOR_PAT,
    CONSTRUCTOR_ARG,
    RECORD_PAT,
    RECORD_PAT_FIELD,
    LIST_PAT,
    REST_PAT,
    CONS_PAT,
    MAP_PAT,
    MAP_PAT_ENTRY,
    OR_PAT,
    AS_PAT,

    PATH_TYPE,
    TYPE_ARGS,
    PAREN_TYPE,
    TUPLE_TYPE,
    FN_TYPE,
    FN_TYPE_PARAMS,
    LIST_TYPE,
    OPTION_TYPE,
    RESULT_TYPE,
}

impl SyntaxKind {
    /// Blanks, line ends and comments: tokens that the grammar doesn't see.
    pub fn is_trivia(self) -> bool {
        self <= SyntaxKind::MODULE_DOC
    }

    /// Tokens behind which an expression is to come.
    pub(crate) fn wants_more(self) -> bool {
        use SyntaxKind::*;
        matches!(
            self,
            L_PAREN
                | L_BRACK
                | MAP_OPEN
                | COMMA
                | EQ
                | EQ2
                | NEQ
                | FAT_ARROW
                | ARROW
                | DIAMOND
                | PLUS2
                | PIPE_GT
        )
    }

    /// Reserved words.
    pub fn is_keyword(self) -> bool {
        (SyntaxKind::ACTOR_KW..=SyntaxKind::WHILE_KW).contains(&self)
    }

    /// The reserved word spelled `text`.
    pub fn from_keyword(text: &str) -> Option<SyntaxKind> {
        Some(match text {
            "actor" => SyntaxKind::ACTOR_KW,
            "and" => SyntaxKind::AND_KW,
            "break" => SyntaxKind::BREAK_KW,
            "case" => SyntaxKind::CASE_KW,
            "continue" => SyntaxKind::CONTINUE_KW,
            "do" => SyntaxKind::DO_KW,
            "else" => SyntaxKind::ELSE_KW,
            "end" => SyntaxKind::END_KW,
            "false" => SyntaxKind::FALSE_KW,
            "fn" => SyntaxKind::FN_KW,
            "for" => SyntaxKind::FOR_KW,
            "if" => SyntaxKind::IF_KW,
            "impl" => SyntaxKind::IMPL_KW,
            "import" => SyntaxKind::IMPORT_KW,
            "in" => SyntaxKind::IN_KW,
            "interface" => SyntaxKind::INTERFACE_KW,
            "let" => SyntaxKind::LET_KW,
            "match" => SyntaxKind::MATCH_KW,
            "module" => SyntaxKind::MODULE_KW,
            "not" => SyntaxKind::NOT_KW,
            "or" => SyntaxKind::OR_KW,
            "pub" => SyntaxKind::PUB_KW,
            "receive" => SyntaxKind::RECEIVE_KW,
            "return" => SyntaxKind::RETURN_KW,
            "service" => SyntaxKind::SERVICE_KW,
            "struct" => SyntaxKind::STRUCT_KW,
            "supervisor" => SyntaxKind::SUPERVISOR_KW,
            "true" => SyntaxKind::TRUE_KW,
            "type" => SyntaxKind::TYPE_KW,
            "when" => SyntaxKind::WHEN_KW,
            "where" => SyntaxKind::WHERE_KW,
            "while" => SyntaxKind::WHILE_KW,
            _ => return None,
        })
    }
}

impl fmt::Display for SyntaxKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Snow as a language of rowan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Snow {}

impl rowan::Language for Snow {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        ALL[raw.0 as usize]
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the syntax tree.
pub type SyntaxNode = rowan::SyntaxNode<Snow>;
/// A token of the syntax tree.
pub type SyntaxToken = rowan::SyntaxToken<Snow>;
/// A node or a token.
pub type SyntaxElement = rowan::SyntaxElement<Snow>;
/// Where a node stands, without the tree.
pub type SyntaxNodePtr = rowan::ast::SyntaxNodePtr<Snow>;
/// Where a typed node stands, without the tree.
pub type AstPtr<N> = rowan::ast::AstPtr<N>;
