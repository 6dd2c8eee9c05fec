//! A case that no row covers, written as a pattern.
//!
//! It reads what the tests on the way to a missing leaf have shown. What nothing is known of is `_`.

use snow_base::Name;
use snow_hir::{CtorId, Expr, ExprId, TypeDefKind};

use super::compile::{MatchInput, Places};
use super::pattern::{is_struct, part_tys};
use super::{Place, PlaceId};
use crate::ty::{Ty, TyCon};

/// What a test has shown of a place; of a default, one value that no case covers.
#[derive(Clone, Debug)]
pub(super) enum Known {
    Ctor(CtorId),
    Int(i64),
    Float(f64),
    Bool(bool),
    Str(String),
    StrPrefix(String),
    Atom(Name),
    /// So many elements, or more.
    Len(u32, bool),
    MapHas(ExprId),
    /// None of the values that were tested.
    Other,
}

/// The values to which `path` leads, in Snow's syntax; several roots are separated by commas.
pub(super) fn show(input: &MatchInput<'_>, places: &Places, path: &[(PlaceId, Known)]) -> String {
    let writer = Writer { input, places, path };
    let roots = input.root_tys.iter().enumerate();
    let roots: Vec<String> = roots.map(|(i, &ty)| writer.write(&Place::Root(i as u32), ty)).collect();
    roots.join(", ")
}

struct Writer<'a> {
    input: &'a MatchInput<'a>,
    places: &'a Places,
    path: &'a [(PlaceId, Known)],
}

impl Writer<'_> {
    fn write(&self, place: &Place, ty: Ty) -> String {
        let Some(id) = self.places.find(place) else { return "_".to_owned() };
        match self.known(id).next() {
            None => self.write_untested(id, ty),
            Some(Known::Ctor(ctor)) => self.write_ctor(id, *ctor, ty),
            Some(Known::Int(value)) => value.to_string(),
            Some(Known::Float(value)) => format!("{value:?}"),
            Some(Known::Bool(value)) => value.to_string(),
            Some(Known::Str(text)) => quote(text),
            Some(Known::StrPrefix(prefix)) => format!("{} <> _", quote(prefix)),
            Some(Known::Atom(name)) => format!(":{name}"),
            Some(Known::Len(length, more)) => self.write_list(id, *length, *more, ty),
            Some(Known::MapHas(_) | Known::Other) => self.write_map(id, ty),
        }
    }

    /// What is known of a place, in the order of the tests; only of maps more than one thing.
    fn known(&self, place: PlaceId) -> impl Iterator<Item = &Known> {
        self.path.iter().filter(move |(tested, _)| *tested == place).map(|(_, known)| known)
    }

    /// Tuples and structs, which are taken apart without a test.
    fn write_untested(&self, id: PlaceId, ty: Ty) -> String {
        match ty.as_app() {
            Some((TyCon::Tuple, tys)) => {
                let parts = tys.iter().enumerate();
                let parts: Vec<_> =
                    parts.map(|(i, &ty)| self.write(&Place::Part(id, i as u32), ty)).collect();
                if says_nothing(&parts) { "_".to_owned() } else { format!("({})", parts.join(", ")) }
            }
            Some((TyCon::Adt(def), _)) if is_struct(self.input, def) => {
                self.write_struct(id, CtorId { ty: def, variant: 0 }, ty)
            }
            _ => "_".to_owned(),
        }
    }

    fn write_struct(&self, id: PlaceId, ctor: CtorId, ty: Ty) -> String {
        let def = &self.input.program.types[ctor.ty];
        let TypeDefKind::Struct(variant) = &def.kind else { return "_".to_owned() };
        let fields: Vec<String> = self
            .parts(id, ctor, ty)
            .into_iter()
            .zip(&variant.fields)
            .filter(|(part, _)| part != "_")
            .map(|(part, field)| field.name.map_or_else(String::new, |name| format!("{name}: {part}")))
            .collect();
        if fields.is_empty() { "_".to_owned() } else { format!("{} {{ {} }}", def.name, fields.join(", ")) }
    }

    fn write_ctor(&self, id: PlaceId, ctor: CtorId, ty: Ty) -> String {
        let variant = self.input.program.types[ctor.ty].variants().get(ctor.variant as usize);
        let name = variant.map_or_else(String::new, |variant| variant.name.to_string());
        let parts = self.parts(id, ctor, ty);
        if parts.is_empty() { name } else { format!("{name}({})", parts.join(", ")) }
    }

    fn parts(&self, id: PlaceId, ctor: CtorId, ty: Ty) -> Vec<String> {
        let tys = part_tys(self.input, ctor, ty).into_iter().enumerate();
        tys.map(|(index, ty)| self.write(&Place::Field(id, ctor, index as u32), ty)).collect()
    }

    fn write_list(&self, id: PlaceId, length: u32, more: bool, ty: Ty) -> String {
        let Some((_, &[element])) = ty.as_app() else { return "_".to_owned() };
        let mut parts: Vec<String> =
            (0..length).map(|index| self.write(&Place::Elem(id, index), element)).collect();
        if more {
            let mut back: Vec<String> = (0..length)
                .rev()
                .map(|index| self.write(&Place::ElemBack(id, index), element))
                .skip_while(|part| part == "_")
                .collect();
            // Both ends together ask for `length` elements; what says nothing in the middle goes.
            let front = parts.len().saturating_sub(back.len());
            while parts.len() > front && parts.last().is_some_and(|part| part == "_") {
                parts.pop();
            }
            parts.push("..".to_owned());
            parts.append(&mut back);
        }
        format!("[{}]", parts.join(", "))
    }

    fn write_map(&self, id: PlaceId, ty: Ty) -> String {
        let Some((_, &[_, value])) = ty.as_app() else { return "_".to_owned() };
        let entries: Vec<String> = self
            .known(id)
            .filter_map(|known| match known {
                Known::MapHas(key) => {
                    let shown = self.write(&Place::MapValue(id, *key), value);
                    Some(format!("{} => {shown}", self.write_key(*key)))
                }
                _ => None,
            })
            .collect();
        if entries.is_empty() { "_".to_owned() } else { format!("%{{{}}}", entries.join(", ")) }
    }

    fn write_key(&self, key: ExprId) -> String {
        match &self.input.body.exprs[key] {
            Expr::Int(value) => value.to_string(),
            Expr::Float(value) => format!("{value:?}"),
            Expr::Bool(value) => value.to_string(),
            Expr::Str(text) => quote(text),
            Expr::Atom(name) => format!(":{name}"),
            Expr::Neg(value) => format!("-{}", self.write_key(*value)),
            Expr::Tuple(parts) => {
                let parts: Vec<_> = parts.iter().map(|&part| self.write_key(part)).collect();
                format!("({})", parts.join(", "))
            }
            _ => "_".to_owned(),
        }
    }
}

fn says_nothing(parts: &[String]) -> bool {
    parts.iter().all(|part| part == "_")
}

/// A text as a Snow literal.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            '\0' => quoted.push_str("\\0"),
            '$' => quoted.push_str("\\$"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
