//! Items and their parts.

use rowan::ast::{AstNode, support};
use snow_base::Name as Symbol;

use super::{
    AstChildren, Block, BlockParams, Expr, PathType, Pattern, StringExpr, Type, first_token, node_enum,
    nodes, token,
};
use crate::{Snow, SyntaxKind, SyntaxToken};

nodes! {
    /// A whole file.
    SourceFile = SOURCE_FILE {
        /// The items in their order.
        items: [Item],
    }
    /// `@name("argument")`
    Attr = ATTR {
        /// What stands in the parentheses.
        argument: StringExpr,
    }
    /// A function, one clause of it, a method's signature, or a local function.
    FnItem = FN_ITEM {
        /// Its type parameters.
        generic_params: GenericParams,
        /// Its parameters.
        param_list: ParamList,
        /// Conditions on type parameters.
        where_clause: WhereClause,
        /// The body of the form `do … end`.
        body_block: Block,
        /// The body of the form `= e`.
        body_expr: Expr,
    }
    /// A constant.
    LetItem = LET_ITEM {
        /// The annotation.
        ty: Type,
        /// The right side.
        value: Expr,
    }
    /// A struct.
    StructItem = STRUCT_ITEM {
        /// Its type parameters.
        generic_params: GenericParams,
        /// Its fields.
        fields: [FieldDef],
        /// The written `deriving`.
        deriving: Deriving,
    }
    /// A sum type, an alias, or an opaque builtin type.
    TypeItem = TYPE_ITEM {
        /// Its type parameters.
        generic_params: GenericParams,
        /// The variants of a sum type.
        variants: [Variant],
        /// What the alias stands for.
        alias: Type,
        /// The written `deriving`.
        deriving: Deriving,
    }
    /// An interface.
    InterfaceItem = INTERFACE_ITEM {
        /// Its type parameters.
        generic_params: GenericParams,
        /// Its methods; those without a body are required.
        functions: [FnItem],
    }
    /// An implementation of an interface.
    ImplItem = IMPL_ITEM {
        /// Conditions on type variables.
        where_clause: WhereClause,
        /// The methods.
        functions: [FnItem],
    }
    /// An actor.
    ActorItem = ACTOR_ITEM {
        /// Its parameters.
        param_list: ParamList,
        /// Its body.
        body: Block,
        /// What it does when it ends.
        terminate: Terminate,
    }
    /// `terminate do … end`
    Terminate = TERMINATE {
        /// Its body.
        body: Block,
    }
    /// A service.
    ServiceItem = SERVICE_ITEM {
        /// Its functions, `init` among them.
        functions: [FnItem],
        /// Its handlers in their order.
        handlers: [Handler],
    }
    /// `call Name(params) :: T do |state| … end`
    CallHandler = CALL_HANDLER {
        /// The parameters of the message.
        param_list: ParamList,
        /// The type of the reply.
        reply: Type,
        /// The state's pattern.
        block_params: BlockParams,
        /// The body.
        body: Block,
    }
    /// `cast Name(params) do |state| … end`
    CastHandler = CAST_HANDLER {
        /// The parameters of the message.
        param_list: ParamList,
        /// The state's pattern.
        block_params: BlockParams,
        /// The body.
        body: Block,
    }
    /// `info pattern do |state| … end`
    InfoHandler = INFO_HANDLER {
        /// Which signals it takes.
        pattern: Pattern,
        /// The state's pattern.
        block_params: BlockParams,
        /// The body.
        body: Block,
    }
    /// A supervisor.
    SupervisorItem = SUPERVISOR_ITEM {
        /// Its own settings.
        fields: [SupervisorField],
        /// Its children in their order.
        child_items: [Child],
    }
    /// `key: value` of a supervisor or a child.
    SupervisorField = SUPERVISOR_FIELD {
        /// The value.
        value: Expr,
    }
    /// `child name do … end`
    Child = CHILD {
        /// Its settings.
        fields: [SupervisorField],
    }
    /// A module inside a file.
    ModuleItem = MODULE_ITEM {
        /// Its items.
        items: [Item],
    }
    /// `import Path as Name`
    ImportItem = IMPORT_ITEM {
        /// The module.
        path: Path,
        /// The new name.
        alias: Name,
    }
    /// `from Path import a, B`
    FromImportItem = FROM_IMPORT_ITEM {
        /// The module.
        path: Path,
        /// What is imported.
        names: [Name],
    }
    /// `test "title" do … end`
    TestItem = TEST_ITEM {
        /// The title.
        title: StringExpr,
        /// The body.
        body: Block,
    }
    /// A name where it is defined, or a label.
    Name = NAME {}
    /// Names in PascalCase joined by points.
    Path = PATH {}
    /// `<A, B>` of a definition.
    GenericParams = GENERIC_PARAMS {
        /// The names.
        names: [Name],
    }
    /// Parameters.
    ParamList = PARAM_LIST {
        /// The parameters in their order.
        params: [Param],
    }
    /// One parameter.
    Param = PARAM {
        /// Its pattern.
        pattern: Pattern,
        /// Its annotation.
        ty: Type,
        /// Its default.
        default: Expr,
    }
    /// `-> T`
    RetType = RET_TYPE {
        /// The type.
        ty: Type,
    }
    /// `where T: A + B, U: C`
    WhereClause = WHERE_CLAUSE {
        /// The conditions.
        preds: [WherePred],
    }
    /// `T: A + B`
    WherePred = WHERE_PRED {
        /// The type variable.
        name: Name,
        /// The interfaces it must implement.
        bounds: [PathType],
    }
    /// `when e`
    Guard = GUARD {
        /// The condition.
        expr: Expr,
    }
    /// A field of a struct.
    FieldDef = FIELD_DEF {
        /// Its type.
        ty: Type,
        /// Its default.
        default: Expr,
    }
    /// A variant of a sum type.
    Variant = VARIANT {
        /// Its parts.
        fields: [VariantField],
    }
    /// A part of a variant.
    VariantField = VARIANT_FIELD {
        /// Its name, if it has one.
        name: Name,
        /// Its type.
        ty: Type,
    }
    /// `deriving(A, B)`
    Deriving = DERIVING {
        /// The interfaces.
        names: [Name],
    }
}

node_enum! {
    /// An item.
    Item {
        /// A function or one clause of it.
        Fn(FnItem),
        /// A constant.
        Let(LetItem),
        /// A struct.
        Struct(StructItem),
        /// A sum type, an alias, an opaque type.
        Type(TypeItem),
        /// An interface.
        Interface(InterfaceItem),
        /// An implementation.
        Impl(ImplItem),
        /// An actor.
        Actor(ActorItem),
        /// A service.
        Service(ServiceItem),
        /// A supervisor.
        Supervisor(SupervisorItem),
        /// A module inside a file.
        Module(ModuleItem),
        /// An import of a module.
        Import(ImportItem),
        /// An import of names.
        FromImport(FromImportItem),
        /// A test.
        Test(TestItem),
    }
}

node_enum! {
    /// A handler of a service.
    Handler {
        /// Synchronous.
        Call(CallHandler),
        /// Asynchronous.
        Cast(CastHandler),
        /// Of signals.
        Info(InfoHandler),
    }
}

/// What items have before their keyword.
pub trait HasHead: AstNode<Language = Snow> {
    /// The `##` comments above it, without `## `, joined by newlines.
    fn doc(&self) -> Option<String> {
        doc_text(self.syntax(), SyntaxKind::DOC_COMMENT, "##")
    }

    /// Its attributes.
    fn attrs(&self) -> AstChildren<Attr> {
        support::children(self.syntax())
    }

    /// The attribute called `name`.
    fn attr(&self, name: &str) -> Option<Attr> {
        self.attrs().find(|a| a.name().is_some_and(|n| n.text() == name))
    }

    /// Is it marked `pub`?
    fn is_pub(&self) -> bool {
        token(self.syntax(), SyntaxKind::PUB_KW).is_some()
    }
}

/// What has a name of its own.
pub trait HasName: AstNode<Language = Snow> {
    /// The name.
    fn name(&self) -> Option<Name> {
        support::child(self.syntax())
    }
}

macro_rules! impl_traits {
    ($($tr:ident: $($ty:ident)*;)*) => {$($(impl $tr for $ty {})*)*};
}

impl_traits! {
    HasHead: Item FnItem LetItem StructItem TypeItem InterfaceItem ImplItem ActorItem ServiceItem
        SupervisorItem ModuleItem ImportItem FromImportItem TestItem FieldDef Variant Handler
        CallHandler CastHandler InfoHandler Child;
    HasName: FnItem LetItem StructItem TypeItem InterfaceItem ActorItem ServiceItem SupervisorItem
        ModuleItem FieldDef Variant CallHandler CastHandler SupervisorField Child;
}

fn doc_text(node: &crate::SyntaxNode, kind: SyntaxKind, marker: &str) -> Option<String> {
    let mut lines = Vec::new();
    for element in node.children_with_tokens() {
        match element.into_token() {
            Some(t) if t.kind() == kind => {
                let line = t.text().strip_prefix(marker).unwrap_or(t.text()).trim_end();
                lines.push(line.strip_prefix(' ').unwrap_or(line).to_owned());
            }
            Some(t) if t.kind().is_trivia() => {}
            // Documentation of a module may stand behind others' items; of an item only before it.
            _ if kind == SyntaxKind::MODULE_DOC => {}
            _ => break,
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

impl SourceFile {
    /// The `##!` comments, without `##! `, joined by newlines.
    pub fn module_doc(&self) -> Option<String> {
        doc_text(self.syntax(), SyntaxKind::MODULE_DOC, "##!")
    }
}

impl ModuleItem {
    /// The `##!` comments directly inside the module, joined by newlines.
    pub fn module_doc(&self) -> Option<String> {
        doc_text(self.syntax(), SyntaxKind::MODULE_DOC, "##!")
    }
}

impl Attr {
    /// The name after the `@`.
    pub fn name(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::IDENT)
    }
}

impl FnItem {
    /// The annotated result.
    pub fn ret_type(&self) -> Option<Type> {
        support::child::<RetType>(&self.0)?.ty()
    }

    /// The condition after `when`.
    pub fn guard(&self) -> Option<Expr> {
        support::child::<Guard>(&self.0)?.expr()
    }

    /// Has it a body, even an unreadable one?
    pub fn has_body(&self) -> bool {
        token(&self.0, SyntaxKind::EQ).is_some() || token(&self.0, SyntaxKind::DO_KW).is_some()
    }
}

impl TypeItem {
    /// Is it written with `do … end`?
    pub fn is_sum(&self) -> bool {
        token(&self.0, SyntaxKind::DO_KW).is_some()
    }
}

impl ImplItem {
    /// The interface.
    pub fn interface(&self) -> Option<PathType> {
        let for_kw = token(&self.0, SyntaxKind::FOR_KW);
        let types = support::children::<PathType>(&self.0);
        types.into_iter().find(|t| match &for_kw {
            Some(kw) => t.syntax().text_range().end() <= kw.text_range().start(),
            None => true,
        })
    }

    /// The type that implements it.
    pub fn self_type(&self) -> Option<Type> {
        let start = token(&self.0, SyntaxKind::FOR_KW)?.text_range().end();
        support::children::<Type>(&self.0).find(|t| t.syntax().text_range().start() >= start)
    }
}

impl Variant {
    /// Has it parentheses?
    pub fn has_parens(&self) -> bool {
        token(&self.0, SyntaxKind::L_PAREN).is_some()
    }
}

impl Name {
    /// The one token.
    pub fn token(&self) -> Option<SyntaxToken> {
        first_token(&self.0)
    }

    /// The name, interned; empty where it is missing.
    pub fn text(&self) -> Symbol {
        self.token().map_or(Symbol::new(""), |t| Symbol::new(t.text()))
    }

    /// Is it a reserved word? Right after `fn` the parser accepts those everywhere; they are allowed
    /// only inside an impl, interface, service or std module.
    pub fn is_reserved_word(&self) -> bool {
        self.token().is_some_and(|t| t.kind().is_keyword())
    }
}

impl Path {
    /// The names' tokens.
    pub fn segments(&self) -> impl Iterator<Item = SyntaxToken> + use<> {
        let tokens = self.0.children_with_tokens().filter_map(|e| e.into_token());
        tokens.filter(|t| t.kind() == SyntaxKind::TYPE_IDENT)
    }

    /// The names, interned.
    pub fn names(&self) -> Vec<Symbol> {
        self.segments().map(|t| Symbol::new(t.text())).collect()
    }
}
