//! Statements and expressions.

use rowan::ast::{AstNode, support};

use super::{
    BinOp, FnItem, Guard, Literal, Name, Param, ParamList, Path, Pattern, PrefixOp, StringExpr, Type,
    first_token, node_enum, nodes, token,
};
use crate::{SyntaxKind, SyntaxToken};

nodes! {
    /// Statements; its value is the last one's.
    Block = BLOCK {
        /// The statements in their order.
        stmts: [Stmt],
    }
    /// `let p :: T = e`
    LetStmt = LET_STMT {
        /// What is bound.
        pattern: Pattern,
        /// The annotation.
        ty: Type,
        /// The right side.
        value: Expr,
    }
    /// The use of a name in snake_case.
    NameExpr = NAME_EXPR {}
    /// The use of a name in PascalCase: a constructor, a module, a type.
    PathExpr = PATH_EXPR {
        /// The name.
        path: Path,
    }
    /// `_` as an argument.
    HoleExpr = HOLE_EXPR {}
    /// `(e)`
    ParenExpr = PAREN_EXPR {
        /// What stands inside.
        expr: Expr,
    }
    /// `(a, b)`, `{a, b}`, `()`
    TupleExpr = TUPLE_EXPR {
        /// The parts.
        elements: [Expr],
    }
    /// `[a, ..b]`
    ListExpr = LIST_EXPR {
        /// Elements and spread lists in their order.
        elements: [ListElement],
    }
    /// `..b` in a list
    Spread = SPREAD {
        /// The list.
        expr: Expr,
    }
    /// `%{k => v}`
    MapExpr = MAP_EXPR {
        /// The entries in their order.
        entries: [MapEntry],
    }
    /// `k => v` or `name: v`
    MapEntry = MAP_ENTRY {
        /// The name before `:`; a String key or a field.
        name: Name,
    }
    /// `%{e | name: v}`
    UpdateExpr = UPDATE_EXPR {
        /// What is updated.
        base: Expr,
        /// The new fields or entries.
        entries: [MapEntry],
    }
    /// `Point { x: 1, y }`
    RecordExpr = RECORD_EXPR {
        /// The struct.
        path: Path,
        /// The fields as written.
        fields: [RecordField],
    }
    /// `x: 1` or `x`
    RecordField = RECORD_FIELD {
        /// The field.
        name: Name,
        /// The value; where it is missing and no `:` stands, the variable of the field's name.
        value: Expr,
    }
    /// `f(x)`
    CallExpr = CALL_EXPR {
        /// What is called.
        callee: Expr,
        /// The arguments.
        arg_list: ArgList,
        /// The block behind the call.
        trailing_block: TrailingBlock,
    }
    /// `x.m(a)` or `M.f(a)`
    MethodCallExpr = METHOD_CALL_EXPR {
        /// What stands before the point.
        receiver: Expr,
        /// The name after the point.
        name: Name,
        /// The arguments.
        arg_list: ArgList,
        /// The block behind the call.
        trailing_block: TrailingBlock,
    }
    /// `(a, name: b)`
    ArgList = ARG_LIST {
        /// The arguments as written.
        args: [Arg],
    }
    /// One argument.
    Arg = ARG {
        /// The parameter's name if it is given by name.
        name: Name,
        /// The value.
        expr: Expr,
    }
    /// `do |x| … end` behind a call
    TrailingBlock = TRAILING_BLOCK {
        /// `|x|`
        block_params: BlockParams,
        /// The body.
        body: Block,
    }
    /// `|x, y|`
    BlockParams = BLOCK_PARAMS {
        /// The parameters.
        params: [Param],
    }
    /// `x.name`
    FieldExpr = FIELD_EXPR {
        /// What stands before the point.
        receiver: Expr,
        /// The name after the point.
        name: Name,
    }
    /// `t.0`
    TupleFieldExpr = TUPLE_FIELD_EXPR {
        /// The tuple.
        receiver: Expr,
    }
    /// `xs[i]`
    IndexExpr = INDEX_EXPR {
        /// The collection.
        base: Expr,
        /// The index, key or range.
        index: Expr[1],
    }
    /// `e?`
    TryExpr = TRY_EXPR {
        /// The Result or Option.
        expr: Expr,
    }
    /// `-e`, `!e`, `not e`
    PrefixExpr = PREFIX_EXPR {
        /// The operand.
        expr: Expr,
    }
    /// `a + b`
    BinExpr = BIN_EXPR {
        /// The left operand.
        lhs: Expr,
        /// The right operand.
        rhs: Expr[1],
    }
    /// `a..b`, `a..=b`
    RangeExpr = RANGE_EXPR {
        /// Where it starts.
        start: Expr,
        /// Where it ends.
        end: Expr[1],
    }
    /// `a |> f(b)`
    PipeExpr = PIPE_EXPR {
        /// What is piped.
        lhs: Expr,
    }
    /// `.m(b)` behind `|>`
    PipeMethod = PIPE_METHOD {
        /// The method.
        name: Name,
        /// The arguments.
        arg_list: ArgList,
        /// The block behind the call.
        trailing_block: TrailingBlock,
    }
    /// `if c do … else if d do … else … end`
    IfExpr = IF_EXPR {
        /// The first condition.
        condition: Expr,
        /// The first branch.
        then_block: Block,
        /// The `else if`s in their order.
        else_ifs: [ElseIf],
        /// The `else`.
        else_branch: ElseBranch,
    }
    /// `else if c do …`
    ElseIf = ELSE_IF {
        /// The condition.
        condition: Expr,
        /// The branch.
        body: Block,
    }
    /// `else …`
    ElseBranch = ELSE_BRANCH {
        /// The branch.
        body: Block,
    }
    /// `case e do … end`
    CaseExpr = CASE_EXPR {
        /// What is looked at.
        scrutinee: Expr,
        /// The arms in their order.
        arms: [MatchArm],
    }
    /// `pattern when guard -> …`
    MatchArm = MATCH_ARM {
        /// What it takes.
        pattern: Pattern,
        /// The body.
        body: Block,
    }
    /// `receive do … after … end`
    ReceiveExpr = RECEIVE_EXPR {
        /// The arms in their order.
        arms: [MatchArm],
        /// What happens when the time is over.
        after: AfterArm,
    }
    /// `after ms -> …`
    AfterArm = AFTER_ARM {
        /// How many milliseconds.
        timeout: Expr,
        /// The body.
        body: Block,
    }
    /// `while c do … end`
    WhileExpr = WHILE_EXPR {
        /// The condition.
        condition: Expr,
        /// The body.
        body: Block,
    }
    /// `for p in e when g do … end`
    ForExpr = FOR_EXPR {
        /// What each element must match.
        pattern: Pattern,
        /// What is iterated.
        iterable: Expr,
        /// The body.
        body: Block,
    }
    /// `break`
    BreakExpr = BREAK_EXPR {}
    /// `continue`
    ContinueExpr = CONTINUE_EXPR {}
    /// `return e`
    ReturnExpr = RETURN_EXPR {
        /// The result.
        expr: Expr,
    }
    /// A closure.
    FnExpr = FN_EXPR {
        /// Its clauses; at least one.
        clauses: [FnClause],
    }
    /// One clause of a closure.
    FnClause = FN_CLAUSE {
        /// The parameters.
        param_list: ParamList,
        /// The body.
        body: Block,
    }
    /// `do … end` as an expression
    DoExpr = DO_EXPR {
        /// The body.
        body: Block,
    }
}

node_enum! {
    /// A statement.
    Stmt {
        /// `let`
        Let(LetStmt),
        /// A local function, or a clause of it.
        Fn(FnItem),
        /// An expression.
        Expr(Expr),
    }
}

node_enum! {
    /// An element of a list literal.
    ListElement {
        /// `..e`
        Spread(Spread),
        /// `e`
        Expr(Expr),
    }
}

node_enum! {
    /// What stands to the right of `|>`.
    PipeTarget {
        /// `.m(…)`
        Method(PipeMethod),
        /// A name, call, closure, or something in parentheses.
        Expr(Expr),
    }
}

node_enum! {
    /// An expression.
    Expr {
        /// A number, Bool or atom.
        Literal(Literal),
        /// A string.
        String(StringExpr),
        /// A name in snake_case.
        Name(NameExpr),
        /// A name in PascalCase.
        Path(PathExpr),
        /// `_`
        Hole(HoleExpr),
        /// `(e)`
        Paren(ParenExpr),
        /// A tuple or `()`.
        Tuple(TupleExpr),
        /// A list.
        List(ListExpr),
        /// A map.
        Map(MapExpr),
        /// An update.
        Update(UpdateExpr),
        /// A struct literal.
        Record(RecordExpr),
        /// A call.
        Call(CallExpr),
        /// A call after a point.
        MethodCall(MethodCallExpr),
        /// A name after a point.
        Field(FieldExpr),
        /// A part of a tuple.
        TupleField(TupleFieldExpr),
        /// `xs[i]`
        Index(IndexExpr),
        /// `e?`
        Try(TryExpr),
        /// A prefix operator.
        Prefix(PrefixExpr),
        /// An infix operator.
        Bin(BinExpr),
        /// A range.
        Range(RangeExpr),
        /// A pipe.
        Pipe(PipeExpr),
        /// `if`
        If(IfExpr),
        /// `case`, `match`
        Case(CaseExpr),
        /// `receive`
        Receive(ReceiveExpr),
        /// `while`
        While(WhileExpr),
        /// `for`
        For(ForExpr),
        /// `break`
        Break(BreakExpr),
        /// `continue`
        Continue(ContinueExpr),
        /// `return`
        Return(ReturnExpr),
        /// A closure.
        Fn(FnExpr),
        /// `do … end`
        Do(DoExpr),
    }
}

/// The condition after `when` of a node that may have one.
fn guard(node: &crate::SyntaxNode) -> Option<Expr> {
    support::child::<Guard>(node)?.expr()
}

impl NameExpr {
    /// The one token.
    pub fn token(&self) -> Option<SyntaxToken> {
        first_token(&self.0)
    }

    /// The name, interned; empty where it is missing.
    pub fn text(&self) -> snow_base::Name {
        self.token().map_or(snow_base::Name::new(""), |t| snow_base::Name::new(t.text()))
    }
}

impl TupleExpr {
    /// Is it spelled with braces?
    pub fn has_braces(&self) -> bool {
        token(&self.0, SyntaxKind::L_BRACE).is_some()
    }
}

impl MapEntry {
    /// The key before `=>`; `None` in the form `name: v`.
    pub fn key(&self) -> Option<Expr> {
        let arrow = token(&self.0, SyntaxKind::FAT_ARROW)?.text_range().start();
        support::children::<Expr>(&self.0).find(|e| e.syntax().text_range().end() <= arrow)
    }

    /// The value.
    pub fn value(&self) -> Option<Expr> {
        let separator =
            token(&self.0, SyntaxKind::FAT_ARROW).or_else(|| token(&self.0, SyntaxKind::COLON))?;
        let start = separator.text_range().end();
        support::children::<Expr>(&self.0).find(|e| e.syntax().text_range().start() >= start)
    }
}

impl TupleFieldExpr {
    /// The number's token.
    pub fn index_token(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::INT)
    }

    /// Which part; `None` where it is no number that fits.
    pub fn index(&self) -> Option<u32> {
        self.index_token()?.text().parse().ok()
    }
}

impl PrefixExpr {
    /// The operator's token.
    pub fn op_token(&self) -> Option<SyntaxToken> {
        first_token(&self.0)
    }

    /// The operator.
    pub fn op(&self) -> Option<PrefixOp> {
        PrefixOp::from_kind(self.op_token()?.kind())
    }
}

impl BinExpr {
    /// The operator's token.
    pub fn op_token(&self) -> Option<SyntaxToken> {
        first_token(&self.0)
    }

    /// The operator.
    pub fn op(&self) -> Option<BinOp> {
        BinOp::from_kind(self.op_token()?.kind())
    }
}

impl RangeExpr {
    /// Is it `..=`?
    pub fn is_inclusive(&self) -> bool {
        token(&self.0, SyntaxKind::DOT2_EQ).is_some()
    }
}

impl PipeExpr {
    /// What stands to the right.
    pub fn target(&self) -> Option<PipeTarget> {
        let start = token(&self.0, SyntaxKind::PIPE_GT)?.text_range().end();
        support::children::<PipeTarget>(&self.0).find(|t| t.syntax().text_range().start() >= start)
    }
}

impl MatchArm {
    /// The condition after `when`.
    pub fn guard(&self) -> Option<Expr> {
        guard(&self.0)
    }
}

impl ForExpr {
    /// The condition after `when`.
    pub fn guard(&self) -> Option<Expr> {
        guard(&self.0)
    }
}

impl FnClause {
    /// The condition after `when`.
    pub fn guard(&self) -> Option<Expr> {
        guard(&self.0)
    }
}
