//! Tuples, lists, maps, ranges, indexing, `for`.

use snow_abi::LangItem;
use snow_base::Span;
use snow_diagnostics::Diagnostic;
use snow_hir::{BuiltinTy, Clause, Expr, ExprId, ListItem};

use super::{Infer, MatchKind, Mode};
use crate::errors::Why;
use crate::matching::MatchId;
use crate::results::{Pred, Res};
use crate::solve::What;
use crate::ty::{Ty, TyCon};

impl Infer<'_, '_> {
    pub(crate) fn tuple(&mut self, parts: &[ExprId], hint: Option<Ty>) -> Ty {
        let expected = match hint.and_then(|h| h.as_app()) {
            Some((TyCon::Tuple, tys)) if tys.len() == parts.len() => Some(tys),
            _ => None,
        };
        let before = self.errors();
        let mut tys = vec![];
        for (index, &part) in parts.iter().enumerate() {
            let ty = match expected {
                Some(tys) => {
                    self.check(part, tys[index], Why::Part);
                    tys[index]
                }
                None => self.infer(part),
            };
            tys.push(if self.is_never(ty) { self.fresh() } else { ty });
        }
        if let Some(expected) = expected {
            self.other_order_of_parts(parts, expected, before);
        }
        Ty::tuple(tys)
    }

    pub(crate) fn list(&mut self, items: &[ListItem], hint: Option<Ty>) -> Ty {
        let expected = match hint.and_then(|h| h.as_app()) {
            Some((TyCon::Builtin(BuiltinTy::List), tys)) => Some(tys[0]),
            _ => None,
        };
        let element = expected.unwrap_or_else(|| self.fresh());
        let mut why = Why::Part;
        for item in items {
            match *item {
                ListItem::Elem(e) => {
                    self.check(e, element, why);
                    why = if expected.is_none() && matches!(why, Why::Part) {
                        Why::Element(self.span(e))
                    } else {
                        why
                    };
                }
                ListItem::Spread(e) => {
                    self.check(e, Ty::list(element), Why::Spread);
                }
            }
        }
        Ty::list(element)
    }

    /// The types of keys and values of a Map type.
    pub(crate) fn map_parts(&self, ty: Ty) -> Option<(Ty, Ty)> {
        let (id, args) = self.adt_head(ty)?;
        match (self.cx.lang_type(LangItem::Map) == Some(id), args) {
            (true, &[k, v]) => Some((k, v)),
            _ => None,
        }
    }

    pub(crate) fn map(&mut self, e: ExprId, entries: &[(ExprId, ExprId)], hint: Option<Ty>) -> Ty {
        let Some(map) = self.cx.lang_type(LangItem::Map) else {
            self.cx.missing_lang("Map", self.span(e));
            return Ty::error();
        };
        let (key, value) =
            hint.and_then(|h| self.map_parts(h)).unwrap_or_else(|| (self.fresh(), self.fresh()));
        self.entries(entries, key, value);
        // The empty map has no keys to compare: generic code may have it without knowing more of them.
        if !entries.is_empty() {
            self.require_key(key, self.span(e));
        }
        Ty::adt(map, vec![key, value])
    }

    fn entries(&mut self, entries: &[(ExprId, ExprId)], key: Ty, value: Ty) {
        let Some(&(first_key, first_value)) = entries.first() else { return };
        let (of_key, of_value) = (Why::Key(self.span(first_key)), Why::Value(self.span(first_value)));
        for &(k, v) in entries {
            self.check(k, key, of_key);
            self.check(v, value, of_value);
        }
    }

    /// Keys need `Eq` and `Hash`.
    pub(crate) fn require_key(&mut self, key: Ty, span: Span) {
        for item in [LangItem::Eq, LangItem::Hash] {
            if let Some(trait_) = self.cx.lang_trait(item) {
                self.require(Pred { trait_, args: vec![key] }, span, What::MapKey);
            }
        }
    }

    pub(crate) fn map_update(&mut self, e: ExprId, base: ExprId, entries: &[(ExprId, ExprId)]) -> Ty {
        let Some(map) = self.cx.lang_type(LangItem::Map) else {
            self.cx.missing_lang("Map", self.span(e));
            return Ty::error();
        };
        let (key, value) = (self.fresh(), self.fresh());
        let ty = Ty::adt(map, vec![key, value]);
        self.check(base, ty, Why::Updated);
        self.entries(entries, key, value);
        self.require_key(key, self.span(e));
        ty
    }

    /// The type of ranges.
    fn range_ty(&self) -> Option<Ty> {
        self.cx.lang_type(LangItem::Range).map(|id| Ty::adt(id, vec![]))
    }

    pub(crate) fn range(&mut self, e: ExprId, start: ExprId, end: ExprId) -> Ty {
        let errors = self.cx.diags.len();
        self.check(start, Ty::int(), Why::RangeEnd);
        // Who takes ranges for those of another type says so at both ends: one mistake.
        if self.cx.diags.len() == errors {
            self.check(end, Ty::int(), Why::RangeEnd);
        } else {
            self.infer(end);
        }
        match self.range_ty() {
            Some(ty) => ty,
            None => {
                self.cx.missing_lang("Range", self.span(e));
                Ty::error()
            }
        }
    }

    /// `xs[i]`, `xs[a..b]`, `m[k]`
    pub(crate) fn index(&mut self, e: ExprId, base: ExprId, index: ExprId) -> Ty {
        let ty = self.infer(base);
        let ty = self.head(ty);
        if self.is_unknown(ty) {
            self.infer(index);
            return self.report_unknown(self.span(base), "to take an element of it");
        }
        if self.is_error(ty) || self.is_never(ty) {
            self.infer(index);
            return ty;
        }
        if let Some((key, _)) = self.map_parts(ty) {
            let Some(inst) = self.lang_fn(e, LangItem::MapGet) else { return Ty::error() };
            if let Some(&first) = inst.params.first() {
                self.fits(ty, first);
            }
            self.check(index, key, Why::Key(self.span(base)));
            return inst.ret;
        }
        let Some((TyCon::Builtin(BuiltinTy::List), args)) = ty.as_app() else {
            self.infer(index);
            let message = format!("`{}` has no elements to be taken with `[…]`", self.cx.show(ty));
            let mut error = Diagnostic::error("E0316", message, self.span(base));
            if ty == Ty::string() {
                error =
                    error.with_help("a character is `String.at(s, i)`, a part `String.slice(s, start, end)`");
            } else if matches!(ty.as_app(), Some((TyCon::Tuple, _))) {
                error = error.with_help("a part of a tuple is `t.0`, `t.1`");
            }
            self.report(error);
            return Ty::error();
        };
        let position = self.infer(index);
        if self.range_ty().is_some_and(|range| self.cx.table.shallow(position) == range) {
            let Some(inst) = self.lang_fn(e, LangItem::ListSlice) else { return Ty::error() };
            if let Some(&first) = inst.params.first() {
                self.fits(ty, first);
            }
            return inst.ret;
        }
        self.coerce(index, position, Ty::int(), Why::ListIndex);
        self.result.out.res.insert(e, Res::Builtin);
        args[0]
    }

    fn lang_fn(&mut self, e: ExprId, item: LangItem) -> Option<super::reference::Inst> {
        match self.cx.program.lang.fns.get(&item) {
            Some(&f) => Some(self.instantiate(e, f)),
            None => {
                self.cx.missing_lang(item.name(), self.span(e));
                None
            }
        }
    }

    /// `for p in xs when g do … end`
    pub(crate) fn for_expr(&mut self, e: ExprId, discard: bool) -> Ty {
        let Expr::For { pat, iter, guard, body } = &self.body.exprs[e] else { return Ty::error() };
        let ty = self.infer(*iter);
        let element = self.element(e, *iter, ty);
        self.pat(*pat, element, Why::Scrutinee(self.span(*iter)));
        self.guard(*guard);
        let clause = Clause { pats: vec![*pat], guard: *guard, body: *body, span: self.pat_span(*pat) };
        self.add_match(MatchId::Expr(e), &[clause], vec![element], MatchKind::For);
        if discard {
            self.expr(*body, Mode::Discard);
            return Ty::unit();
        }
        let value = self.infer(*body);
        let value = if self.is_never(value) { self.fresh() } else { value };
        Ty::list(value)
    }

    /// The type of what iteration gives.
    fn element(&mut self, e: ExprId, iter: ExprId, ty: Ty) -> Ty {
        let ty = self.head(ty);
        if self.is_error(ty) || self.is_never(ty) {
            return Ty::error();
        }
        if self.is_unknown(ty) {
            return self.report_unknown(self.span(iter), "to go through it");
        }
        if let Some((TyCon::Builtin(BuiltinTy::List), args)) = ty.as_app() {
            self.result.out.res.insert(e, Res::Builtin);
            return args[0];
        }
        if self.range_ty() == Some(ty) {
            self.result.out.res.insert(e, Res::Builtin);
            return Ty::int();
        }
        let Some((trait_, method)) = self.cx.lang_method(LangItem::Iterable) else {
            self.cx.missing_lang("Iterable", self.span(e));
            return Ty::error();
        };
        let element = self.fresh();
        self.require(Pred { trait_, args: vec![ty, element] }, self.span(iter), What::For);
        self.result.out.res.insert(e, Res::Method(method, vec![ty, element]));
        element
    }
}
