//! Which impls are derived for which types? Their methods are Snow code made from templates, one file an interface, and
//! lowered like written code: names are looked up in std's module `Derive`, where the type is called `Target`.
//!
//! Whether the parts of a type have what a derived impl needs is the checker's question.

mod debug;
mod default;
mod display;
mod eq;
mod hash;
mod ord;

use snow_abi::LangItem;
use snow_base::{FileId, FxHashMap, Name, Span};
use snow_diagnostics::not_supported;
use snow_syntax::ast;

use crate::body::BodyOwner;
use crate::items::*;
use crate::lower::{BodyJob, BodySource, Lowerer, named};
use crate::problems::deriving as problems;
use crate::problems::names::{self, Wanted};
use crate::scope::{ItemScope, SelfMeaning};

/// What is derived where no clause stands.
const AUTOMATIC: [LangItem; 5] =
    [LangItem::Eq, LangItem::Ord, LangItem::Hash, LangItem::Display, LangItem::Debug];

/// Whether a `deriving` clause may name this interface.
pub fn is_derivable(item: LangItem) -> bool {
    AUTOMATIC.contains(&item) || item == LangItem::Default
}

/// What the templates see of a type.
struct Shape {
    name: Name,
    is_struct: bool,
    variants: Vec<Part>,
}

/// A variant, or the fields of a struct.
struct Part {
    name: Name,
    fields: Vec<PartField>,
}

struct PartField {
    name: Option<Name>,
    has_default: bool,
}

impl Part {
    /// `Target.Rect(a0, a1)` with names that start with `prefix`.
    fn pattern(&self, prefix: &str) -> String {
        if self.fields.is_empty() {
            return format!("Target.{}", self.name);
        }
        let names: Vec<String> = (0..self.fields.len()).map(|i| format!("{prefix}{i}")).collect();
        format!("Target.{}({})", self.name, names.join(", "))
    }

    /// The names of a struct's fields.
    fn field_names(&self) -> impl Iterator<Item = Name> {
        self.fields.iter().filter_map(|f| f.name)
    }
}

impl Lowerer<'_> {
    /// Adds the derived impls of all types.
    pub(crate) fn derive_all(&mut self) {
        let mut written: FxHashMap<(TraitId, TypeId), Span> = FxHashMap::default();
        for def in self.program.impls.values() {
            if let TypeRefKind::Type(id, _) = def.self_ty.kind {
                written.entry((def.trait_, id)).or_insert(def.span);
            }
        }
        let types: Vec<TypeId> = self.program.types.iter().map(|t| t.0).collect();
        for id in types {
            let Some((scope, clause)) = self.derive_sites.get(&id).cloned() else { continue };
            if matches!(self.program.types[id].kind, TypeDefKind::Builtin(_)) {
                continue;
            }
            match clause {
                Some(clause) => self.derive_listed(id, &scope, &clause, &written),
                None => self.derive_automatic(id, &scope, &written),
            }
        }
    }

    fn derive_automatic(
        &mut self,
        id: TypeId,
        scope: &ItemScope,
        written: &FxHashMap<(TraitId, TypeId), Span>,
    ) {
        let span = self.program.types[id].span;
        for item in AUTOMATIC {
            let Some(&trait_) = self.program.lang.traits.get(&item) else { continue };
            if !written.contains_key(&(trait_, id)) {
                self.derive(id, scope, (item, trait_), Derived { ty: id, auto: true }, span);
            }
        }
    }

    fn derive_listed(
        &mut self,
        id: TypeId,
        scope: &ItemScope,
        clause: &ast::Deriving,
        written: &FxHashMap<(TraitId, TypeId), Span>,
    ) {
        let mut listed: Vec<(LangItem, TraitId, Span)> = Vec::new();
        for name in clause.names() {
            let Some((name, span)) = named(scope, Some(name)) else { continue };
            let Some((item, trait_)) = self.derivable(scope, name, span) else { continue };
            if listed.iter().any(|l| l.1 == trait_) {
                self.diags.push(problems::derived_twice(name, span));
                continue;
            }
            listed.push((item, trait_, span));
        }
        self.program.types[id].deriving = Deriving::List(listed.iter().map(|l| (l.1, l.2)).collect());
        self.check_ord_has_eq(id, &listed, written);
        for (item, trait_, span) in listed {
            if let Some(&place) = written.get(&(trait_, id)) {
                let name = self.program.traits[trait_].name;
                self.diags.push(problems::derived_and_written(name, span, place));
            } else if self.can_derive(id, item, span) {
                self.derive(id, scope, (item, trait_), Derived { ty: id, auto: false }, span);
            }
        }
    }

    /// The interface that a `deriving` clause names, if it has a derived form.
    fn derivable(&mut self, scope: &ItemScope, name: Name, span: Span) -> Option<(LangItem, TraitId)> {
        if matches!(name.as_str(), "Json" | "Row") {
            self.diags.push(not_supported(&format!("`deriving({name})`"), span));
            return None;
        }
        match self.find_type(scope.module, name) {
            Some(TypeNs::Trait(id)) => {
                let item = self.program.traits[id].lang;
                let item = item.filter(|&i| is_derivable(i));
                if item.is_none() {
                    self.diags.push(problems::underivable(name, span));
                }
                item.map(|item| (item, id))
            }
            Some(TypeNs::Type(_) | TypeNs::Alias(_)) => {
                self.diags.push(names::wrong_kind(name, "a type", "an interface", span));
                None
            }
            None => {
                self.report_unknown_type(scope, Wanted::Interface, name, span);
                None
            }
        }
    }

    fn check_ord_has_eq(
        &mut self,
        id: TypeId,
        listed: &[(LangItem, TraitId, Span)],
        written: &FxHashMap<(TraitId, TypeId), Span>,
    ) {
        let Some(ord) = listed.iter().find(|l| l.0 == LangItem::Ord) else { return };
        let by_hand =
            self.program.lang.traits.get(&LangItem::Eq).is_some_and(|&eq| written.contains_key(&(eq, id)));
        if !by_hand && listed.iter().all(|l| l.0 != LangItem::Eq) {
            self.diags.push(problems::ord_without_eq(ord.2));
        }
    }

    /// `Default` of a sum type needs a first variant without parts.
    fn can_derive(&mut self, id: TypeId, item: LangItem, span: Span) -> bool {
        let def = &self.program.types[id];
        if item != LangItem::Default || matches!(def.kind, TypeDefKind::Struct(_)) {
            return true;
        }
        let problem = match def.variants().first() {
            None => problems::default_without_variants(span),
            Some(first) if first.fields.is_empty() => return true,
            Some(first) => problems::default_with_parts(first.name, span, first.span),
        };
        self.diags.push(problem);
        false
    }

    fn shape(&self, id: TypeId) -> Shape {
        let def = &self.program.types[id];
        let field = |f: &Field| PartField { name: f.name, has_default: f.default.is_some() };
        let part = |v: &Variant| Part { name: v.name, fields: v.fields.iter().map(field).collect() };
        let is_struct = matches!(def.kind, TypeDefKind::Struct(_));
        Shape { name: def.name, is_struct, variants: def.variants().iter().map(part).collect() }
    }

    fn derive(
        &mut self,
        id: TypeId,
        scope: &ItemScope,
        (item, trait_): (LangItem, TraitId),
        derived: Derived,
        span: Span,
    ) {
        let Some(node) = self.derived_head(item, trait_) else { return };
        let generics = Generics { preds: Vec::new(), ..self.program.types[id].generics.clone() };
        let arg = |number: usize| TypeRef { kind: TypeRefKind::Param(number as u32), span };
        let args = (0..generics.params.len()).map(arg).collect();
        let impl_ = self.program.impls.alloc(ImplDef {
            trait_,
            trait_args: Vec::new(),
            self_ty: TypeRef { kind: TypeRefKind::Type(id, args), span },
            generics,
            methods: Vec::new(),
            module: scope.module,
            span,
            derived: Some(derived),
        });
        let inner = ItemScope {
            module: self.std_modules.get("Derive").copied().unwrap_or(scope.module),
            file: span.file,
            place: Some(span),
            made: None,
            params: Vec::new(),
            self_meaning: SelfMeaning::Impl,
            target: Some(id),
        };
        self.lower_impl_methods(impl_, inner, node.functions());
        for &method in &self.program.impls[impl_].methods {
            self.program.fns[method].module = scope.module;
        }
    }

    /// The derived impl of an interface without the body of its method: the same for all types.
    fn derived_head(&mut self, item: LangItem, trait_: TraitId) -> Option<ast::ImplItem> {
        if let Some(node) = self.derived_heads.get(&item) {
            return Some(node.clone());
        }
        // `derivable` lets no other interface through.
        let head = head(item)?;
        let node = parse_impl(self.program.traits[trait_].name, &format!("{head}\nend\n"))?;
        self.derived_heads.insert(item, node.clone());
        Some(node)
    }

    /// Gives the body of a derived method its code, which is made only where it's wanted.
    pub(crate) fn write_derived(&self, job: &mut BodyJob) {
        let BodyOwner::Fn(method) = self.program.bodies[job.body].owner else { return };
        let (Some(id), Container::Impl(impl_)) = (job.scope.target, self.program.fns[method].container)
        else {
            return;
        };
        let def = &self.program.traits[self.program.impls[impl_].trait_];
        let Some((item, head)) = def.lang.and_then(|item| Some((item, head(item)?))) else { return };
        let shape = self.shape(id);
        let body = match item {
            LangItem::Eq => eq::body(&shape),
            LangItem::Ord => ord::body(&shape),
            LangItem::Hash => hash::body(&shape),
            LangItem::Display => display::body(&shape),
            LangItem::Debug => debug::body(&shape),
            _ => default::body(&shape),
        };
        let node = parse_impl(def.name, &format!("{head}\n{body}\nend\n"));
        if let (Some(node), BodySource::Fn { clauses, .. }) = (node, &mut job.source) {
            *clauses = node.functions().collect();
        }
    }
}

/// The head of the method of a derived interface.
fn head(item: LangItem) -> Option<&'static str> {
    Some(match item {
        LangItem::Eq => eq::HEAD,
        LangItem::Ord => ord::HEAD,
        LangItem::Hash => hash::HEAD,
        LangItem::Display => display::HEAD,
        LangItem::Debug => debug::HEAD,
        LangItem::Default => default::HEAD,
        _ => return None,
    })
}

fn parse_impl(interface: Name, method: &str) -> Option<ast::ImplItem> {
    let text = format!("impl {interface} for Target do\n{method}end\n");
    // The text's own file is never looked at: every place in it stands for the type or the clause that asks for it.
    let parse = snow_syntax::parse(&text, FileId(u32::MAX));
    debug_assert!(parse.diagnostics.is_empty(), "a template is malformed: {text}\n{:?}", parse.diagnostics);
    match parse.tree().items().next() {
        Some(ast::Item::Impl(node)) => Some(node),
        _ => None,
    }
}
