//! Where fixes change the source: in front of items, in the head of a file, around imports and names.
//!
//! Looks into the trees only; whether something is a mistake is known before.

use snow_base::{FileId, Name, Span, TextRange, TextSize};
use snow_diagnostics::Diagnostic;
use snow_syntax::SyntaxKind::{self, *};
use snow_syntax::{SyntaxNode, ast, ast::AstNode};

use crate::items::{ModuleId, TypeDefKind, TypeId};
use crate::lower::Lowerer;
use crate::problems::{bodies, names as problems};

/// The words that start an item which may be `pub`.
const STARTERS: [SyntaxKind; 9] =
    [FN_KW, LET_KW, STRUCT_KW, TYPE_KW, INTERFACE_KW, ACTOR_KW, SERVICE_KW, SUPERVISOR_KW, MODULE_KW];

impl Lowerer<'_> {
    fn root(&self, file: FileId) -> Option<SyntaxNode> {
        Some(self.files.get(&file)?.tree.syntax().clone())
    }

    /// The nodes around the start of a place, the innermost first.
    fn around(&self, span: Span) -> impl Iterator<Item = SyntaxNode> + use<> {
        let innermost = self.root(span.file).and_then(|root| {
            let start = span.text_range().start();
            let range = TextRange::new(start, start + TextSize::from(1));
            let mut node = root.text_range().contains_range(range).then_some(root)?;
            while let Some(inner) = node.child_or_token_at_range(range).and_then(|child| child.into_node()) {
                node = inner;
            }
            Some(node)
        });
        innermost.into_iter().flat_map(|node| node.ancestors())
    }

    /// The error about an item of another module without `pub`.
    pub(crate) fn private(&self, name: Name, module: ModuleId, span: Span, defined: Span) -> Diagnostic {
        let starts = |node: &SyntaxNode| {
            let tokens = node.children_with_tokens().filter_map(|c| c.into_token());
            tokens.filter(|t| STARTERS.contains(&t.kind())).map(|t| t.text_range().start()).next()
        };
        let item = self.around(defined).find_map(|node| starts(&node));
        let item = item.map(|at| Span::new(defined.file, TextRange::empty(at)));
        let is_std = self.program.modules[module].is_std;
        let place = (defined, item.filter(|_| !is_std));
        problems::private(name, self.module_path(module), span, place)
    }

    /// What a module is for the user, and its name.
    pub(crate) fn named_kind(&self, module: ModuleId) -> (&'static str, &str) {
        let kind = match &self.scopes[module] {
            scope if scope.is_service => "service",
            scope if scope.is_supervisor => "supervisor",
            _ => "module",
        };
        (kind, self.module_path(module))
    }

    /// The error about a struct that is called like a constructor. Where the arguments have names, or are as many as the
    /// fields, the change to braces is known.
    pub(crate) fn struct_as_ctor(&self, name: Name, span: Span, ty: Option<TypeId>) -> Diagnostic {
        let fields = ty.map_or(&[][..], |id| match &self.program.types[id].kind {
            TypeDefKind::Struct(variant) => &variant.fields[..],
            _ => &[],
        });
        let names: Vec<Name> = fields.iter().filter_map(|field| field.name).collect();
        let edits = self.braces_for_call(span, &names).unwrap_or_default();
        problems::struct_as_ctor(name, span, edits)
    }

    fn braces_for_call(&self, callee: Span, fields: &[Name]) -> Option<Vec<(Span, String)>> {
        let call = self.around(callee).find_map(ast::CallExpr::cast)?;
        let is_callee = call.callee()?.syntax().text_range() == callee.text_range();
        let args = call.arg_list().filter(|_| is_callee && call.trailing_block().is_none())?;
        let given: Vec<ast::Arg> = args.args().collect();
        let in_order = given.len() == fields.len() && given.iter().all(|arg| arg.name().is_none());
        if !in_order && given.iter().any(|arg| arg.name().is_none()) {
            return None;
        }
        let tokens = args.syntax().children_with_tokens().filter_map(|c| c.into_token());
        let brackets: Vec<_> = tokens.filter(|t| matches!(t.kind(), L_PAREN | R_PAREN)).collect();
        let [open, close] = &brackets[..] else { return None };
        let inner = if given.is_empty() { "" } else { " " };
        let span = |token: &snow_syntax::SyntaxToken| Span::new(callee.file, token.text_range());
        let mut edits = vec![(span(open), format!(" {{{inner}"))];
        if in_order {
            let start = |arg: &ast::Arg| TextRange::empty(arg.syntax().text_range().start());
            let names = given.iter().zip(fields);
            edits.extend(names.map(|(arg, name)| (Span::new(callee.file, start(arg)), format!("{name}: "))));
        }
        edits.push((span(close), format!("{inner}}}")));
        Some(edits)
    }

    /// Where an import can be added to a file: in front of its first item.
    pub(crate) fn head_of(&self, file: FileId) -> Span {
        let first = self.root(file).and_then(|root| root.children().next());
        let at = first.map_or(0.into(), |node| node.text_range().start());
        Span::new(file, TextRange::empty(at))
    }

    /// The warning about a variable that nothing reads.
    pub(crate) fn unused_variable(&self, name: Name, span: Span) -> Diagnostic {
        let kinds: Vec<SyntaxKind> = self.around(span).map(|n| n.kind()).collect();
        let within = |kind| kinds.contains(&kind);
        // The alternatives bind the same names: all would have to change.
        if within(OR_PAT) {
            return bodies::unused_variable(name, span, None);
        }
        let field = kinds.iter().take_while(|k| **k != RECORD_PAT).any(|k| *k == RECORD_PAT_FIELD);
        let shorthand = within(RECORD_PAT) && field && self.is_shorthand(span);
        let text = if shorthand { format!("{name}: _") } else { format!("_{name}") };
        let sure = !self.may_be_named_in_calls(name, span);
        bodies::unused_variable(name, span, Some((text, sure)))
    }

    /// `Point { x }` rather than `Point { x: x }`.
    fn is_shorthand(&self, span: Span) -> bool {
        let field = self.around(span).find(|n| n.kind() == RECORD_PAT_FIELD);
        field.is_some_and(|field| field.text_range() == span.text_range())
    }

    /// Can calls give this as an argument by its name?
    fn may_be_named_in_calls(&self, name: Name, span: Span) -> bool {
        let mut around = self.around(span).skip_while(|n| n.kind() != PARAM);
        let owner = around.find(|n| matches!(n.kind(), FN_ITEM | FN_EXPR | ACTOR_ITEM | BLOCK_PARAMS));
        let Some(item) = owner.filter(|n| matches!(n.kind(), FN_ITEM | ACTOR_ITEM)) else { return false };
        let is_pub = item.children_with_tokens().any(|c| c.kind() == PUB_KW);
        let label = |arg: SyntaxNode| arg.children().find(|c| c.kind() == NAME).map(|n| n.text().to_string());
        let root = self.root(span.file);
        let mut args = root.iter().flat_map(|r| r.descendants()).filter(|n| n.kind() == ARG);
        is_pub || args.any(|arg| label(arg).is_some_and(|l| l == name.as_str()))
    }
}

/// The line of an import, to be cut out.
pub(crate) fn whole_import(node: &SyntaxNode, file: FileId) -> Span {
    let mut range = node.text_range();
    let mut next = node.last_token().and_then(|t| t.next_token());
    while let Some(token) = next.filter(|t| matches!(t.kind(), WHITESPACE | NEWLINE | SEMI)) {
        range = range.cover(token.text_range());
        if token.kind() == NEWLINE {
            break;
        }
        next = token.next_token();
    }
    Span::new(file, range)
}

/// One of several imported names with its comma, to be cut out.
pub(crate) fn one_of_names(names: &[ast::Name], index: usize, file: FileId) -> Option<Span> {
    let range = |at: usize| names.get(at).map(|n| n.syntax().text_range());
    let own = range(index)?;
    let cut = match (index.checked_sub(1).and_then(range), range(index + 1)) {
        (Some(before), _) => TextRange::new(before.end(), own.end()),
        (None, Some(after)) => TextRange::new(own.start(), after.start()),
        (None, None) => return None,
    };
    Some(Span::new(file, cut))
}
