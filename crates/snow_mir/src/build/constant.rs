//! Which list literals consist of literals alone? They become objects of the program itself, made by nobody.
//!
//! Lists only, and the pairs of long map literals: a list is copied before its first change anyway when somebody else holds it, while a struct or variant that is
//! made can use a cell that has become free.

use snow_hir::{Arg, CtorId, Expr, ExprId, FieldInit, ListItem, TypeId};
use snow_typeck::{ArgSource, Ty};

use super::call::Callee;
use super::lower::Lower;
use crate::mir::{Const, Operand};
use crate::mono::Built;

impl Lower<'_, '_> {
    /// A list literal all of whose parts are literals; `None`: some part is to be evaluated.
    pub(crate) fn constant_list(&mut self, e: ExprId, items: &[ListItem]) -> Built<Option<Const>> {
        let ty = self.ty_of(e)?;
        let elem = self.elem_of(ty)?;
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            let ListItem::Elem(item) = item else { return Ok(None) };
            let Some(part) = self.constant(*item)? else { return Ok(None) };
            parts.push(part);
        }
        Ok(Some(match parts.is_empty() {
            true => Const::EmptyList(elem),
            false => Const::List(elem, parts.into()),
        }))
    }

    /// The list of the pairs of a map literal, as [`Self::constant_list`].
    pub(crate) fn constant_pairs(&mut self, pair: Ty, entries: &[(ExprId, ExprId)]) -> Built<Option<Const>> {
        let mut pairs = Vec::with_capacity(entries.len());
        for &(key, value) in entries {
            let Some(made) = self.constant_parts(pair, 0, [key, value].into_iter())? else { return Ok(None) };
            pairs.push(made);
        }
        Ok(Some(Const::List(pair, pairs.into())))
    }

    fn constant(&mut self, e: ExprId) -> Built<Option<Const>> {
        let body = self.src.body;
        match &body.exprs[e] {
            Expr::Block { stmts, tail: Some(tail) } if stmts.is_empty() => self.constant(*tail),
            Expr::Neg(inner) => Ok(match self.constant(*inner)? {
                Some(Const::Int(n)) => n.checked_neg().map(Const::Int),
                Some(Const::Float(x)) => Some(Const::Float(-x)),
                _ => None,
            }),
            Expr::Tuple(parts) if !parts.is_empty() => {
                let ty = self.ty_of(e)?;
                self.constant_parts(ty, 0, parts.iter().copied())
            }
            Expr::List(items) => self.constant_list(e, items),
            Expr::Struct { ty, fields } => self.constant_struct(e, *ty, fields),
            Expr::Ctor(_) => match self.callee(e)? {
                Callee::Ctor(ctor, targs) if self.part_count(ctor)? == 0 => {
                    self.constant_parts(Ty::adt(ctor.ty, targs), ctor.variant, std::iter::empty())
                }
                _ => Ok(None),
            },
            Expr::Call { callee, args } if matches!(body.exprs[*callee], Expr::Ctor(_)) => {
                self.constant_ctor(e, *callee, args)
            }
            _ => Ok(match self.simple(e)? {
                Some(Operand::Const(literal)) => Some(literal),
                _ => None,
            }),
        }
    }

    /// A constructor with arguments, none of them left out.
    fn constant_ctor(&mut self, e: ExprId, callee: ExprId, args: &[Arg]) -> Built<Option<Const>> {
        let Callee::Ctor(ctor, targs) = self.callee(callee)? else { return Ok(None) };
        let in_order: Option<Vec<ExprId>> = match self.src.types.args.get(e) {
            None => Some(args.iter().map(|arg| arg.value).collect()),
            Some(sources) => sources
                .iter()
                .map(|source| match source {
                    ArgSource::Given(at) => args.get(*at as usize).map(|arg| arg.value),
                    ArgSource::Default(_) => None,
                })
                .collect(),
        };
        match in_order {
            Some(parts) if parts.len() == self.part_count(ctor)? => {
                self.constant_parts(Ty::adt(ctor.ty, targs), ctor.variant, parts.into_iter())
            }
            _ => Ok(None),
        }
    }

    /// A struct whose fields are all given.
    fn constant_struct(&mut self, e: ExprId, id: TypeId, fields: &[FieldInit]) -> Built<Option<Const>> {
        let count = self.part_count(CtorId { ty: id, variant: 0 })?;
        let ty = self.ty_of(e)?;
        let mut parts = vec![None; count];
        for field in fields {
            parts[self.field_at(ty, field.name)? as usize] = Some(field.value);
        }
        match parts.into_iter().collect::<Option<Vec<ExprId>>>() {
            Some(parts) => self.constant_parts(ty, 0, parts.into_iter()),
            None => Ok(None),
        }
    }

    fn part_count(&self, ctor: CtorId) -> Built<usize> {
        match self.cx.program.types[ctor.ty].variants().get(ctor.variant as usize) {
            Some(variant) => Ok(variant.fields.len()),
            None => Err(self.bug("a constructor of no variant")),
        }
    }

    fn constant_parts(
        &mut self,
        ty: Ty,
        variant: u32,
        parts: impl Iterator<Item = ExprId>,
    ) -> Built<Option<Const>> {
        let mut literals = Vec::new();
        for part in parts {
            let Some(literal) = self.constant(part)? else { return Ok(None) };
            literals.push(literal);
        }
        Ok(Some(Const::Made(ty, variant, literals.into())))
    }
}
