//! From written types to [`TypeRef`]s: names resolved, sugar removed.
//!
//! Whether a type has the right number of arguments is the checker's question.

use snow_abi::LangItem;
use snow_base::{Name, Span};
use snow_syntax::ast;

use crate::items::*;
use crate::lower::{Lowerer, named};
use crate::problems::names::{self as problems, Wanted};
use crate::scope::{DERIVE_TARGET, ItemScope, SelfMeaning};

impl Lowerer<'_> {
    /// Lowers a type; one that the parser couldn't read is [`TypeRefKind::Error`].
    pub(crate) fn lower_type(&mut self, scope: &ItemScope, ty: &ast::Type) -> TypeRef {
        let span = scope.span(ty);
        let kind = match ty {
            ast::Type::Path(path) => self.lower_path_type(scope, path),
            ast::Type::Paren(paren) => return self.lower_type_or_error(scope, paren.inner(), span),
            ast::Type::Tuple(tuple) => {
                TypeRefKind::Tuple(tuple.types().map(|t| self.lower_type(scope, &t)).collect())
            }
            ast::Type::Fn(function) => {
                let params = function.params().iter().map(|t| self.lower_type(scope, t)).collect();
                TypeRefKind::Fn(params, Box::new(self.lower_type_or_error(scope, function.ret(), span)))
            }
            ast::Type::List(list) => {
                let element = self.lower_type_or_error(scope, list.element(), span);
                let id = self.program.lang.builtins.get(&BuiltinTy::List).copied();
                self.sugar(id, "List", vec![element], span)
            }
            ast::Type::Option(option) => {
                let inner = self.lower_type_or_error(scope, option.inner(), span);
                let id = self.program.lang.types.get(&LangItem::Option).copied();
                self.sugar(id, "Option", vec![inner], span)
            }
            ast::Type::Result(result) => {
                let ok = self.lower_type_or_error(scope, result.ok(), span);
                let err = self.lower_type_or_error(scope, result.err(), span);
                let id = self.program.lang.types.get(&LangItem::Result).copied();
                self.sugar(id, "Result", vec![ok, err], span)
            }
        };
        TypeRef { kind, span }
    }

    /// Lowers a type that may be missing.
    pub(crate) fn lower_type_or_error(
        &mut self,
        scope: &ItemScope,
        ty: Option<ast::Type>,
        span: Span,
    ) -> TypeRef {
        match ty {
            Some(ty) => self.lower_type(scope, &ty),
            None => TypeRef { kind: TypeRefKind::Error, span },
        }
    }

    fn sugar(&mut self, id: Option<TypeId>, name: &str, args: Vec<TypeRef>, span: Span) -> TypeRefKind {
        match id {
            Some(id) => TypeRefKind::Type(id, args),
            None => {
                self.diags.push(problems::unknown(Wanted::Type, Name::new(name), span, None));
                TypeRefKind::Error
            }
        }
    }

    fn lower_path_type(&mut self, scope: &ItemScope, node: &ast::PathType) -> TypeRefKind {
        let Some(path) = node.path() else { return TypeRefKind::Error };
        let (names, span) = (path.names(), scope.span(&path));
        let args: Vec<TypeRef> = node.type_args().iter().map(|t| self.lower_type(scope, t)).collect();
        if let [name] = names[..]
            && let Some(kind) = self.item_type(scope, name)
        {
            if !args.is_empty() && !matches!(kind, TypeRefKind::Type(..)) {
                self.diags.push(problems::wrong_kind(
                    name,
                    "a type parameter",
                    "a type that takes arguments",
                    span,
                ));
                return TypeRefKind::Error;
            }
            return match kind {
                TypeRefKind::Type(id, _) => TypeRefKind::Type(id, args),
                kind => kind,
            };
        }
        match self.resolve_type_path(scope, &names, span, Wanted::Type) {
            Some(TypeNs::Type(id)) => TypeRefKind::Type(id, args),
            Some(TypeNs::Alias(id)) => TypeRefKind::Alias(id, args),
            Some(TypeNs::Trait(id)) => {
                let name = self.program.traits[id].name;
                let help = format!("write a type parameter: `fn f<T>(x :: T) where T: {name}`");
                self.diags.push(problems::wrong_kind(name, "an interface", "a type", span).with_help(help));
                TypeRefKind::Error
            }
            None => TypeRefKind::Error,
        }
    }

    /// Type parameters, `Self`, and the type that code is derived for.
    fn item_type(&self, scope: &ItemScope, name: Name) -> Option<TypeRefKind> {
        if let Some(number) = scope.param(name) {
            return Some(TypeRefKind::Param(number));
        }
        if name == DERIVE_TARGET
            && let Some(id) = scope.target
        {
            return Some(TypeRefKind::Type(id, Vec::new()));
        }
        match scope.self_meaning {
            SelfMeaning::Interface if name == "Self" => Some(TypeRefKind::Param(0)),
            SelfMeaning::Impl if name == "Self" => Some(TypeRefKind::SelfTy),
            _ => None,
        }
    }

    /// The meaning of `Name` or `Module.Name` in a type; failures are reported.
    pub(crate) fn resolve_type_path(
        &mut self,
        scope: &ItemScope,
        names: &[Name],
        span: Span,
        wanted: Wanted,
    ) -> Option<TypeNs> {
        let (&name, prefix) = names.split_last()?;
        if prefix.is_empty() {
            let found = self.find_type(scope.module, name);
            if found.is_none() {
                self.report_unknown_type(scope, wanted, name, span);
            }
            return found;
        }
        let Some(module) = self.find_module(scope.module, prefix, span) else {
            self.report_unknown_module(scope.module, prefix, span);
            return None;
        };
        let found = self.type_in(scope.module, module, name, span);
        if found.is_none() && !self.scopes[module].broken.contains(&name) {
            let known = self.pub_names(module);
            let problem = problems::not_in_module(self.named_kind(module), name, span, &known);
            self.diags.push(problem);
        }
        found
    }

    /// An interface with its arguments; failures are reported.
    pub(crate) fn lower_interface(
        &mut self,
        scope: &ItemScope,
        node: &ast::PathType,
    ) -> Option<(TraitId, Vec<TypeRef>)> {
        let path = node.path()?;
        let (names, span) = (path.names(), scope.span(&path));
        let args: Vec<TypeRef> = node.type_args().iter().map(|t| self.lower_type(scope, t)).collect();
        match self.resolve_type_path(scope, &names, span, Wanted::Interface)? {
            TypeNs::Trait(id) => Some((id, args)),
            TypeNs::Type(_) | TypeNs::Alias(_) => {
                self.diags.push(problems::wrong_kind(names[names.len() - 1], "a type", "an interface", span));
                None
            }
        }
    }

    /// Declares type parameters behind those of the container.
    pub(crate) fn lower_generics(
        &mut self,
        scope: &mut ItemScope,
        parent_count: u32,
        node: Option<ast::GenericParams>,
    ) -> Generics {
        let mut generics =
            Generics { parent_count, params: Vec::new(), preds: Vec::new(), is_refused: false };
        for name in node.iter().flat_map(|n| n.names()) {
            let Some((name, span)) = named(scope, Some(name)) else { continue };
            if let Some(first) = generics.params.iter().find(|p| p.0 == name) {
                let problem =
                    crate::problems::items::defined_twice("type parameter", name, span, Some(first.1));
                self.diags.push(problem);
                continue;
            }
            scope.params.push((name, generics.total()));
            generics.params.push((name, span));
        }
        generics
    }

    /// Lowers a `where` clause.
    pub(crate) fn lower_where(
        &mut self,
        scope: &ItemScope,
        node: Option<ast::WhereClause>,
        generics: &mut Generics,
    ) {
        for pred in node.iter().flat_map(|n| n.preds()) {
            let Some((name, name_span)) = named(scope, pred.name()) else { continue };
            let kind = match self.item_type(scope, name) {
                Some(kind) => kind,
                None => {
                    self.report_unknown_param(scope, name, name_span);
                    generics.is_refused = true;
                    continue;
                }
            };
            for bound in pred.bounds() {
                let span = scope.span(&bound);
                if let Some((trait_, args)) = self.lower_interface(scope, &bound) {
                    let ty = TypeRef { kind: kind.clone(), span: name_span };
                    generics.preds.push(WherePred { ty, trait_, args, span });
                } else {
                    generics.is_refused = true;
                }
            }
        }
    }

    fn report_unknown_param(&mut self, scope: &ItemScope, name: Name, span: Span) {
        if self.find_type(scope.module, name).is_some() {
            let problem = problems::wrong_kind(name, "a type", "a type parameter", span);
            let help =
                "a condition says what must hold of a type parameter; what holds of a type says its `impl`";
            self.diags.push(problem.with_help(help));
        } else {
            self.report_unknown_type(scope, Wanted::Type, name, span);
        }
    }
}
