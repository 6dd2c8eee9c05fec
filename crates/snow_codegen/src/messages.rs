//! How are messages shown in a crash report? Encodes for the runtime what `snow_abi::shape` describes: names and
//! places of the parts of a type.
//!
//! Invariant: the encoding depends on nothing but definitions, so that it can be part of the hash of an object. What can't be
//! described is an error of the compiler: a description that doesn't fit would let a report show what was never sent.

use std::collections::VecDeque;

use snow_abi::LangItem;
use snow_abi::shape::{BYTE_SLOT, HIDDEN, how, kind, style};
use snow_base::FxHashMap;
use snow_hir::{BuiltinTy, TypeDef, TypeDefKind, TypeId, Variant};
use snow_mir::layout::{Layouts, Repr, SlotKind};
use snow_mir::mir::{Mir, RecvSite};
use snow_typeck::{Ty, TyCon, TyKind};

use crate::error::{Res, bad};

/// Types further inside a message than this aren't described: a type may contain ever larger ones.
const LEVELS: u32 = 16;

/// Whether reports show the messages of processes that start or wait here: those of std's own say nothing to a reader.
pub(crate) fn are_shown(mir: &Mir, layouts: &Layouts<'_>, site: &RecvSite) -> bool {
    let file = mir.fns.get(site.handler.0 as usize).map(|func| func.span.file);
    !layouts.program().modules.iter().any(|(_, module)| module.is_std && Some(module.file) == file)
}

/// The description of messages of a type. O(types in it).
///
/// # Errors
/// A type in it isn't known, or its layout doesn't fit it.
pub(crate) fn encode(message: Ty, layouts: &Layouts<'_>) -> Res<Vec<u8>> {
    let mut encoder =
        Encoder { layouts, nodes: FxHashMap::default(), waiting: VecDeque::new(), unknown: None, count: 0 };
    encoder.node(message, 0);
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    while let Some((ty, level)) = encoder.waiting.pop_front() {
        bodies.push(match ty {
            Some(ty) => encoder.body(ty, level)?,
            None => vec![kind::UNKNOWN],
        });
    }
    let mut slots = Vec::new();
    push_slots(&mut slots, layouts.parts(&[message]).parts[0].iter().copied().map(placed));
    let mut at = 8 + 4 * bodies.len() + slots.len();
    let mut out = Vec::new();
    let total = at + bodies.iter().map(Vec::len).sum::<usize>();
    push_number(&mut out, total);
    push_number(&mut out, bodies.len());
    for body in &bodies {
        push_number(&mut out, at);
        at += body.len();
    }
    out.extend(slots);
    out.extend(bodies.concat());
    Ok(out)
}

struct Encoder<'l, 'p> {
    layouts: &'l Layouts<'p>,
    nodes: FxHashMap<Ty, u32>,
    /// Types whose nodes are still to be written, in the order of their numbers; `None`: the unknown one.
    waiting: VecDeque<(Option<Ty>, u32)>,
    unknown: Option<u32>,
    count: u32,
}

impl Encoder<'_, '_> {
    /// The node of a type.
    fn node(&mut self, ty: Ty, level: u32) -> u32 {
        if let Some(&known) = self.nodes.get(&ty) {
            return known;
        }
        if level > LEVELS {
            if let Some(known) = self.unknown {
                return known;
            }
            self.unknown = Some(self.count);
            return self.wait(None, level);
        }
        self.nodes.insert(ty, self.count);
        self.wait(Some(ty), level)
    }

    fn wait(&mut self, ty: Option<Ty>, level: u32) -> u32 {
        self.waiting.push_back((ty, level));
        self.count += 1;
        self.count - 1
    }

    fn body(&mut self, ty: Ty, level: u32) -> Res<Vec<u8>> {
        match ty.kind() {
            TyKind::App(TyCon::Builtin(builtin), args) => self.builtin(*builtin, args, level),
            TyKind::App(TyCon::Fn, _) => Ok(vec![kind::FUNCTION]),
            TyKind::App(TyCon::Tuple, _) => self.variants(ty, &[(style::TUPLE, "", None)], level),
            TyKind::App(TyCon::Adt(id), args) => {
                let program = self.layouts.program();
                let def = &program.types[*id];
                match &def.kind {
                    TypeDefKind::Builtin(builtin) => self.builtin(*builtin, args, level),
                    TypeDefKind::Struct(_) | TypeDefKind::Sum(_) => {
                        let is_struct = matches!(def.kind, TypeDefKind::Struct(_));
                        let shown = |v| (self.style(*id, def, v, is_struct), variant_name(v), Some(v));
                        let variants: Vec<_> = def.variants().iter().map(shown).collect();
                        self.variants(ty, &variants, level)
                    }
                }
            }
            TyKind::Param(_) | TyKind::Var(_) | TyKind::Error => {
                bad(format!("a message has a part of the unknown type {ty:?}"))
            }
        }
    }

    fn builtin(&mut self, builtin: BuiltinTy, args: &[Ty], level: u32) -> Res<Vec<u8>> {
        let kind = match builtin {
            BuiltinTy::Int => kind::INT,
            BuiltinTy::Float => kind::FLOAT,
            BuiltinTy::Bool => kind::BOOL,
            BuiltinTy::String => kind::STRING,
            BuiltinTy::Bytes => kind::BYTES,
            BuiltinTy::Atom => kind::ATOM,
            BuiltinTy::Pid | BuiltinTy::AnyPid => kind::PID,
            // The one has no values, those of the other are the runtime's own.
            BuiltinTy::Never | BuiltinTy::Raw => kind::UNKNOWN,
            BuiltinTy::List => {
                let &[elem] = args else { return bad(format!("a list of {} types", args.len())) };
                let mut out = vec![kind::LIST];
                push_number(&mut out, self.node(elem, level + 1) as usize);
                push_slots(&mut out, self.layouts.parts(&[elem]).parts[0].iter().copied().map(placed));
                return Ok(out);
            }
        };
        Ok(vec![kind])
    }

    fn variants(&mut self, ty: Ty, variants: &[(u8, &str, Option<&Variant>)], level: u32) -> Res<Vec<u8>> {
        let layout = self.layouts.of(ty);
        let mut out = vec![kind::VARIANTS];
        match &layout.repr {
            Repr::Product(_) => out.push(how::PRODUCT),
            Repr::Boxed => out.push(how::BOXED),
            Repr::Sum(_) => out.push(how::SUM),
            Repr::Nullable { some, test } => {
                out.push(how::NULLABLE);
                push_number(&mut out, *some as usize);
                push_number(&mut out, *test as usize);
            }
            Repr::BoxedSum(_) => out.push(how::BOXED_SUM),
            Repr::Builtin => return self.no_parts(ty),
        }
        push_number(&mut out, variants.len());
        for (number, &(shown, name, variant)) in (0u32..).zip(variants) {
            out.push(shown);
            push_text(&mut out, name);
            let tys = self.layouts.part_tys(ty, number);
            push_number(&mut out, tys.len());
            let slots = self.part_slots(ty, &layout.repr, number)?;
            if slots.len() != tys.len() || variant.is_some_and(|v| v.fields.len() != tys.len()) {
                return bad(format!("{} is not laid out as it is defined", self.layouts.type_name(ty)));
            }
            for (index, (&part, slots)) in tys.iter().zip(slots).enumerate() {
                let field = variant.and_then(|v| v.fields[index].name.as_ref());
                let field = field.map_or("", |name| name.as_str());
                let has_names = matches!(shown, style::VARIANT | style::STRUCT);
                push_text(&mut out, if has_names { field } else { "" });
                let hidden = self.is_hidden(part, (shown, field), index + 1 == tys.len());
                let node = if hidden { HIDDEN } else { self.node(part, level + 1) };
                push_number(&mut out, node as usize);
                push_slots(&mut out, slots.into_iter());
            }
        }
        Ok(out)
    }

    /// The slots of a variant's parts.
    fn part_slots(&self, ty: Ty, repr: &Repr, variant: u32) -> Res<Vec<Vec<u32>>> {
        Ok(match repr {
            Repr::Product(ranges) => {
                ranges.iter().map(|&(start, count)| (start..start + count).collect()).collect()
            }
            Repr::Sum(variants) => match variants.get(variant as usize) {
                Some(parts) => parts.clone(),
                None => return self.no_parts(ty),
            },
            Repr::Nullable { .. } => {
                let parts = self.layouts.part_tys(ty, variant);
                parts.iter().map(|&part| (0..self.layouts.of(part).slots.len() as u32).collect()).collect()
            }
            Repr::Boxed | Repr::BoxedSum(_) => {
                let cell = self.layouts.cell(ty, variant);
                cell.parts.iter().map(|part| part.iter().copied().map(placed).collect()).collect()
            }
            Repr::Builtin => return self.no_parts(ty),
        })
    }

    fn no_parts<T>(&self, ty: Ty) -> Res<T> {
        bad(format!("messages have parts of type {}, which has none", self.layouts.type_name(ty)))
    }

    /// Types of std that show themselves in a form of their own have it in reports too, where every reader knows it.
    fn style(&self, id: TypeId, def: &TypeDef, variant: &Variant, is_struct: bool) -> u8 {
        let program = self.layouts.program();
        let is = |item: LangItem| program.lang.types.get(&item) == Some(&id);
        let in_map = || {
            program.lang.types.get(&LangItem::Map).is_some_and(|&map| program.types[map].module == def.module)
        };
        let own = match def.name.as_str() {
            "Map" if is(LangItem::Map) => Some(style::MAP),
            "Set" if is(LangItem::Set) => Some(style::SET),
            "Range" if is(LangItem::Range) => Some(style::RANGE),
            "MonitorRef" if is(LangItem::MonitorRef) => Some(style::REFERENCE),
            "TimerRef" if is(LangItem::TimerRef) => Some(style::REFERENCE),
            "Node" if in_map() => Some(style::BARE),
            "Entry" if in_map() => Some(style::ENTRY),
            _ => None,
        };
        own.unwrap_or(match is_struct {
            true => style::STRUCT,
            false if variant.name == snow_hir::BEGIN_OF_SERVICE => style::INTERNAL,
            false => style::VARIANT,
        })
    }

    /// Counts and hashes of maps say nothing to a reader, nor does where the answer of a service's call goes.
    fn is_hidden(&self, part: Ty, (shown, field): (u8, &str), is_last: bool) -> bool {
        match (shown, field) {
            (style::MAP, "count") | (style::ENTRY, "mark") => true,
            (style::VARIANT, _) if is_last => self.is_reply(part),
            _ => false,
        }
    }

    fn is_reply(&self, part: Ty) -> bool {
        let TyKind::App(TyCon::Adt(id), _) = part.kind() else { return false };
        let def = &self.layouts.program().types[*id];
        let module = &self.layouts.program().modules[def.module];
        module.is_std && module.path == "Service" && def.name == "Reply"
    }
}

fn variant_name(variant: &Variant) -> &str {
    variant.name.as_str()
}

/// A slot in memory.
fn placed((kind, offset): (SlotKind, u32)) -> u32 {
    if kind == SlotKind::I8 { offset | BYTE_SLOT } else { offset }
}

fn push_number(out: &mut Vec<u8>, number: usize) {
    out.extend((number as u32).to_le_bytes());
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    push_number(out, text.len());
    out.extend(text.as_bytes());
}

fn push_slots(out: &mut Vec<u8>, slots: impl ExactSizeIterator<Item = u32>) {
    push_number(out, slots.len());
    slots.for_each(|slot| push_number(out, slot as usize));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_described_is_an_error() {
        let (program, typed) = (snow_hir::Program::default(), snow_typeck::Typed::default());
        let layouts = Layouts::new(&program, &typed);
        let list_of = |parts: Vec<Ty>| Ty::app(TyCon::Builtin(BuiltinTy::List), parts);
        for good in [Ty::int(), Ty::tuple(vec![Ty::int(), Ty::string()]), list_of(vec![Ty::bool()])] {
            assert!(encode(good, &layouts).is_ok(), "{good:?}");
        }
        for bad in [Ty::param(0), Ty::error(), list_of(Vec::new()), list_of(vec![Ty::int(), Ty::int()])] {
            assert!(encode(bad, &layouts).is_err(), "{bad:?}");
        }
    }
}
