//! Literals with parts: interpolated strings, tuples, lists, maps, structs and their updates.

use snow_abi::{Intrinsic, LangItem, RuntimeFn};
use snow_hir::{ExprId, FieldInit, InterpPart, ListItem, TypeId};
use snow_typeck::{Res, Ty};

use super::emit::Dest;
use super::lower::Lower;
use crate::mir::{Const, Operand, Rvalue};
use crate::mono::Built;

/// So many elements in front of a spread are put there one by one.
const MAX_PREPENDED: usize = 4;
/// A map literal with more entries is made from a list: code that calls for each entry would be long.
const MOST_PUTS: usize = 16;

impl Lower<'_, '_> {
    /// `"… ${e} …"`
    pub(crate) fn interp(&mut self, parts: &[InterpPart], dest: Dest) -> Built<()> {
        let mut whole: Option<Operand> = None;
        for part in parts {
            let text = match part {
                InterpPart::Text(text) => Operand::Const(Const::Str(text.clone())),
                InterpPart::Expr(e) => self.display(*e)?,
            };
            whole = Some(match whole {
                None => text,
                Some(before) => self.runtime(RuntimeFn::str_concat, vec![before, text], Ty::string()),
            });
        }
        let whole = whole.unwrap_or(Operand::Const(Const::Str(String::new())));
        self.give(dest, Ty::string(), Rvalue::Use(whole));
        Ok(())
    }

    /// The text of an interpolated expression.
    fn display(&mut self, e: ExprId) -> Built<Operand> {
        let ty = self.ty_of(e)?;
        let value = self.expr(e)?;
        if ty == Ty::string() || ty == Ty::never() {
            return Ok(value);
        }
        let res = self.src.types.displays.get(e).cloned();
        let (id, targs) = match res {
            Some(Res::Fn(id, args)) => (id, args.iter().map(|&a| self.src.ty(a)).collect()),
            Some(Res::Method(method, args)) => {
                let args: Vec<Ty> = args.iter().map(|&a| self.src.ty(a)).collect();
                self.method(method, &args)?
            }
            _ => return Err(self.bug("an interpolated part has no text")),
        };
        self.call_value(id, &targs, vec![value])
    }

    /// `(a, b)`
    pub(crate) fn tuple(&mut self, e: ExprId, parts: &[ExprId], dest: Dest) -> Built<()> {
        let ty = self.ty_of(e)?;
        let args = parts.iter().map(|&p| self.expr(p)).collect::<Built<Vec<Operand>>>()?;
        self.give(dest, ty, Rvalue::Make { ty, variant: 0, args, reuse: None });
        Ok(())
    }

    /// `[a, ..b, c]`
    pub(crate) fn list(&mut self, e: ExprId, items: &[ListItem], dest: Dest) -> Built<()> {
        let ty = self.ty_of(e)?;
        if let Some(literal) = self.constant_list(e, items)? {
            self.give(dest, ty, Rvalue::Use(Operand::Const(literal)));
            return Ok(());
        }
        let elem = self.elem_of(ty)?;
        let mut front = Vec::new();
        let mut rest = items.iter();
        let mut spread = None;
        for item in rest.by_ref() {
            match item {
                ListItem::Elem(e) => front.push(self.expr(*e)?),
                ListItem::Spread(e) => {
                    spread = Some(self.expr(*e)?);
                    break;
                }
            }
        }
        let Some(mut list) = spread else {
            self.give(dest, ty, Rvalue::MakeList { elem, items: front });
            return Ok(());
        };
        if front.len() <= MAX_PREPENDED {
            for value in front.into_iter().rev() {
                list = self.intrinsic(Intrinsic::ListPrepend, vec![list, value], ty);
            }
        } else {
            let front = Operand::Local(self.temp(ty, Rvalue::MakeList { elem, items: front }));
            list = self.runtime(RuntimeFn::list_concat, vec![front, list], ty);
        }
        for item in rest {
            list = match item {
                ListItem::Elem(e) => {
                    let value = self.expr(*e)?;
                    self.intrinsic(Intrinsic::ListPush, vec![list, value], ty)
                }
                ListItem::Spread(e) => {
                    let more = self.expr(*e)?;
                    self.runtime(RuntimeFn::list_concat, vec![list, more], ty)
                }
            };
        }
        self.give(dest, ty, Rvalue::Use(list));
        Ok(())
    }

    /// The element type of a list type.
    pub(crate) fn elem_of(&self, ty: Ty) -> Built<Ty> {
        match ty.as_app() {
            Some((_, [elem])) => Ok(*elem),
            _ => Err(self.bug(format_args!("{ty:?} is no list"))),
        }
    }

    /// `%{k => v}`, `%{m | k => v}`
    pub(crate) fn map(
        &mut self,
        e: ExprId,
        base: Option<ExprId>,
        entries: &[(ExprId, ExprId)],
        dest: Dest,
    ) -> Built<()> {
        let ty = self.ty_of(e)?;
        let Some((_, &[key_ty, value_ty])) = ty.as_app() else {
            return Err(self.bug(format_args!("{ty:?} is no map")));
        };
        let mut map = match base {
            Some(base) => self.expr(base)?,
            None if entries.len() > MOST_PUTS => {
                let (list, pairs) = self.pairs((key_ty, value_ty), entries)?;
                return self.call_lang(LangItem::MapFromList, vec![(pairs, list)], ty, dest);
            }
            None => {
                let new = self.local(ty);
                self.call_lang(LangItem::MapNew, Vec::new(), ty, Dest::Local(new))?;
                Operand::Local(new)
            }
        };
        for (key, value) in entries {
            let key = (self.expr(*key)?, key_ty);
            let value = (self.expr(*value)?, value_ty);
            let next = self.local(ty);
            self.call_lang(LangItem::MapPut, vec![(map, ty), key, value], ty, Dest::Local(next))?;
            map = Operand::Local(next);
        }
        self.give(dest, ty, Rvalue::Use(map));
        Ok(())
    }

    /// The pairs of key and value as a list, with the list's type.
    fn pairs(&mut self, (key, value): (Ty, Ty), entries: &[(ExprId, ExprId)]) -> Built<(Ty, Operand)> {
        let pair = Ty::tuple(vec![key, value]);
        let list = Ty::list(pair);
        if let Some(literal) = self.constant_pairs(pair, entries)? {
            return Ok((list, Operand::Const(literal)));
        }
        let mut items = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let args = vec![self.expr(*key)?, self.expr(*value)?];
            items.push(Operand::Local(
                self.temp(pair, Rvalue::Make { ty: pair, variant: 0, args, reuse: None }),
            ));
        }
        Ok((list, Operand::Local(self.temp(list, Rvalue::MakeList { elem: pair, items }))))
    }

    /// `Point { x: 1 }`
    pub(crate) fn struct_literal(
        &mut self,
        e: ExprId,
        id: TypeId,
        fields: &[FieldInit],
        dest: Dest,
    ) -> Built<()> {
        let ty = self.ty_of(e)?;
        let Some((_, targs)) = ty.as_app() else {
            return Err(self.bug("a literal of a struct has another type"));
        };
        let program = self.cx.program;
        let Some(def) = program.types[id].variants().first() else {
            return Err(self.bug("a literal of a type without fields"));
        };
        let mut slots: Vec<Option<Operand>> = vec![None; def.fields.len()];
        for field in fields {
            let at = self.field_at(ty, field.name)?;
            slots[at as usize] = Some(self.expr(field.value)?);
        }
        let mut args = Vec::new();
        for (slot, field) in slots.into_iter().zip(&def.fields) {
            args.push(match (slot, field.default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.default_value(default, &[], targs)?,
                (None, None) => return Err(self.bug("a field has no value")),
            });
        }
        self.give(dest, ty, Rvalue::Make { ty, variant: 0, args, reuse: None });
        Ok(())
    }

    /// `%{p | x: 3}`: what stays is read first, so that the cell is free for the new value.
    pub(crate) fn update(&mut self, e: ExprId, base: ExprId, fields: &[FieldInit], dest: Dest) -> Built<()> {
        let ty = self.ty_of(e)?;
        let base = self.expr_local(base)?;
        let new = fields.iter().map(|f| self.field_at(ty, f.name)).collect::<Built<Vec<u32>>>()?;
        let count = self.part_tys(ty, 0)?.len() as u32;
        let mut slots: Vec<Option<Operand>> = vec![None; count as usize];
        for at in (0..count).filter(|at| !new.contains(at)) {
            slots[at as usize] = Some(Operand::Local(self.project(base, 0, at)?));
        }
        for (field, at) in fields.iter().zip(new) {
            slots[at as usize] = Some(self.expr(field.value)?);
        }
        let args: Option<Vec<Operand>> = slots.into_iter().collect();
        let args = args.ok_or_else(|| self.bug("a field has no value"))?;
        self.give(dest, ty, Rvalue::Make { ty, variant: 0, args, reuse: None });
        Ok(())
    }
}
