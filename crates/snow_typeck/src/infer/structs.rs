//! Structs and fields: literals, updates, `x.name`, `t.0`.

use snow_base::{FxHashMap, Name, Span, TextRange};
use snow_diagnostics::{Diagnostic, nearest};
use snow_hir::{CtorId, ExprId, FieldInit, ModuleId, TypeDefKind, TypeId, Variant};

use super::Infer;
use crate::errors::Why;
use crate::results::Res;
use crate::ty::{Ty, TyCon};

impl<'p> Infer<'_, 'p> {
    /// `Point { x: 1, y: 2 }`
    pub(crate) fn struct_literal(
        &mut self,
        e: ExprId,
        id: TypeId,
        fields: &[FieldInit],
        hint: Option<Ty>,
    ) -> Ty {
        let ctor = CtorId { ty: id, variant: 0 };
        let (args, parts, whole) = self.instantiate_ctor(ctor);
        self.result.out.res.insert(e, Res::Ctor(ctor, args));
        self.expect_whole(whole, hint);
        // A name that isn't known, or one given twice, most likely stands for the one that is missing.
        let Some(given) = self.field_inits(id, fields, &parts) else { return whole };
        let Some(variant) = self.struct_variant(id) else { return whole };
        let missing: Vec<String> = (variant.fields.iter())
            .filter(|f| f.default.is_none() && f.name.is_none_or(|n| !given.contains_key(&n)))
            .filter_map(|f| f.name.map(|n| format!("`{n}`")))
            .collect();
        if !missing.is_empty() {
            let plural = if missing.len() == 1 { "field" } else { "fields" };
            let name = self.cx.program.types[id].name;
            let message = format!("missing {plural} {} of `{name}`", missing.join(", "));
            let error =
                Diagnostic::error("E0309", message, self.span(e)).with_label(variant.span, "defined here");
            let error = match fields.iter().map(|f| self.span(f.value).cover(f.span)).max() {
                Some(last) => {
                    let text: String =
                        missing.iter().map(|n| format!(", {}: _", n.trim_matches('`'))).collect();
                    let end = TextRange::empty(last.text_range().end());
                    error.with_fix("add what is missing", vec![(Span::new(last.file, end), text)])
                }
                None => error,
            };
            self.report(error);
        }
        whole
    }

    fn struct_variant(&self, id: TypeId) -> Option<&'p Variant> {
        match &self.cx.program.types[id].kind {
            TypeDefKind::Struct(variant) => Some(variant),
            _ => None,
        }
    }

    /// Checks the values of fields; gives those that are known, `None` after an error in the names.
    fn field_inits(
        &mut self,
        id: TypeId,
        fields: &[FieldInit],
        parts: &[Ty],
    ) -> Option<FxHashMap<Name, Span>> {
        let ctor = CtorId { ty: id, variant: 0 };
        let mut given: FxHashMap<Name, Span> = FxHashMap::default();
        let mut fine = true;
        for init in fields {
            let Some(index) = self.part_index(ctor, init.name) else {
                self.report_no_field(id, init.name, init.span);
                self.infer(init.value);
                fine = false;
                continue;
            };
            let declared = self.variant(ctor).fields[index].ty.span;
            self.check(init.value, parts[index], Why::Field(declared));
            if let Some(&first) = given.get(&init.name) {
                let message = format!("field `{}` is given twice", init.name);
                let error =
                    Diagnostic::error("E0310", message, init.span).with_label(first, "given here already");
                self.report(error);
                fine = false;
            }
            given.insert(init.name, init.span);
        }
        fine.then_some(given)
    }

    fn report_no_field(&mut self, id: TypeId, name: Name, span: Span) {
        let def = &self.cx.program.types[id];
        let message = format!("`{}` has no field `{name}`", def.name);
        let mut error = Diagnostic::error("E0307", message, span);
        let module = def.module;
        if self.cx.program.modules[module].is_std && !self.cx.program.modules[self.body.module].is_std {
            if def.name.as_str() == "Map" {
                error = error.with_help(format!(
                    "the value of a key is `m[\"{name}\"]`, or `Map.find(m, \"{name}\")` as an `Option`"
                ));
            }
            return self.report(error);
        }
        let names: Vec<Name> = def.variants().iter().flat_map(|v| &v.fields).filter_map(|f| f.name).collect();
        let near = nearest(name.as_str(), names.iter().map(|n| n.as_str()));
        let found = near.is_some();
        error = error.with_suggestion(span, near);
        if !found && !names.is_empty() {
            let list: Vec<String> = names.iter().map(|n| format!("`{n}`")).collect();
            error = error.with_help(format!("its fields are {}", list.join(", ")));
        }
        self.report(error);
    }

    /// `%{p | x: 3}`
    pub(crate) fn update(&mut self, e: ExprId, base: ExprId, fields: &[FieldInit]) -> Ty {
        let ty = self.infer(base);
        let ty = self.head(ty);
        let known = self.adt_head(ty).filter(|&(id, _)| self.struct_variant(id).is_some());
        let Some((id, args)) = known else {
            for init in fields {
                self.infer(init.value);
            }
            if self.is_unknown(ty) {
                return self.report_unknown(self.span(base), "to update its fields");
            }
            if !self.is_error(ty) && !self.is_never(ty) {
                let message = format!("`{}` has no fields to update", self.cx.show(ty));
                self.report(Diagnostic::error("E0320", message, self.span(base)));
            }
            return Ty::error();
        };
        let ctor = CtorId { ty: id, variant: 0 };
        let parts: Vec<Ty> = self.cx.typed.fields[&ctor].iter().map(|f| f.subst(args)).collect();
        self.result.out.res.insert(e, Res::Ctor(ctor, args.to_vec()));
        self.field_inits(id, fields, &parts);
        ty
    }

    /// `x.name`
    pub(crate) fn field(&mut self, e: ExprId, base: ExprId, (name, span): (Name, Span)) -> Ty {
        let ty = self.infer(base);
        let ty = self.head(ty);
        if self.is_error(ty) || self.is_never(ty) {
            return ty;
        }
        if self.is_unknown(ty) {
            return self.report_unknown(self.span(base), &format!("to read its field `{name}`"));
        }
        if let Some((index, part)) = self.find_field(ty, name) {
            self.result.out.res.insert(e, Res::Field(index));
            return part;
        }
        match self.adt_head(ty) {
            Some((id, _)) if self.struct_variant(id).is_some() && !self.has_only_methods(id, ty, name) => {
                self.report_no_field(id, name, span);
            }
            _ => {
                let error = self.method_is_meant(ty, name, span).unwrap_or_else(|| {
                    let message = format!("`{}` has no field `{name}`", self.cx.show(ty));
                    Diagnostic::error("E0307", message, span)
                });
                self.report(error);
            }
        }
        Ty::error()
    }

    /// Is it a type of the standard library whose fields the program doesn't see? Maps have keys, which are told of.
    fn has_only_methods(&mut self, id: TypeId, ty: Ty, name: Name) -> bool {
        let def = &self.cx.program.types[id];
        let is_std = |module: ModuleId| self.cx.program.modules[module].is_std;
        let hidden = is_std(def.module) && !is_std(self.body.module);
        hidden && (def.name != "Map" || self.methods_of(ty).contains(&name))
    }

    /// Position and type of a struct's field.
    pub(crate) fn find_field(&self, ty: Ty, name: Name) -> Option<(u32, Ty)> {
        let (id, args) = self.adt_head(ty)?;
        self.struct_variant(id)?;
        let ctor = CtorId { ty: id, variant: 0 };
        let index = self.part_index(ctor, name)?;
        Some((index as u32, self.cx.typed.fields[&ctor][index].subst(args)))
    }

    /// `t.0`
    pub(crate) fn tuple_index(&mut self, e: ExprId, base: ExprId, index: u32) -> Ty {
        let ty = self.infer(base);
        let ty = self.head(ty);
        if self.is_error(ty) || self.is_never(ty) {
            return ty;
        }
        if self.is_unknown(ty) {
            return self.report_unknown(self.span(base), "to take a part of it");
        }
        match ty.as_app() {
            Some((TyCon::Tuple, parts)) if (index as usize) < parts.len() => parts[index as usize],
            _ => {
                let message = format!("`{}` has no part `.{index}`", self.cx.show(ty));
                self.report(Diagnostic::error("E0307", message, self.span(e)));
                Ty::error()
            }
        }
    }
}
