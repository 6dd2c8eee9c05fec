//! Places of a match: parts of what is matched, read where they are first needed on a path and kept for what
//! comes behind.

use snow_abi::{Intrinsic, LangItem, RuntimeFn};
use snow_hir::ExprId;
use snow_typeck::Ty;
use snow_typeck::matching::{MatchTree, Place, PlaceId};

use super::emit::Dest;
use super::lower::Lower;
use crate::mir::{Const, LocalId, Operand, Rvalue};
use crate::mono::Built;

/// What has been read on a path, by place.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    known: Vec<Option<LocalId>>,
}

impl Places {
    /// Only the roots are known.
    pub(crate) fn new(tree: &MatchTree, roots: &[LocalId]) -> Places {
        let known = tree.places.iter().map(|place| match place {
            Place::Root(at) => roots.get(*at as usize).copied(),
            _ => None,
        });
        Places { known: known.collect() }
    }

    /// What an arm begins with. It reads its variables anew, as parts that may be moved out of the whole; what tests
    /// read before was only looked at. What was found in a map isn't looked up again.
    pub(crate) fn for_arm(&self, tree: &MatchTree) -> Places {
        let keep = |place: &Place| matches!(place, Place::Root(_) | Place::MapValue(..));
        let known = tree.places.iter().zip(&self.known);
        Places { known: known.map(|(place, known)| known.filter(|_| keep(place))).collect() }
    }

    /// Remembers a place.
    pub(crate) fn set(&mut self, place: PlaceId, local: LocalId) {
        if let Some(slot) = self.known.get_mut(place as usize) {
            *slot = Some(local);
        }
    }
}

fn int(n: i64) -> Operand {
    Operand::Const(Const::Int(n))
}

impl Lower<'_, '_> {
    /// The value at a place.
    pub(crate) fn place(&mut self, tree: &MatchTree, places: &mut Places, id: PlaceId) -> Built<LocalId> {
        if let Some(Some(known)) = places.known.get(id as usize) {
            return Ok(*known);
        }
        let place = tree.places.get(id as usize).cloned().ok_or_else(|| self.bug("a place is missing"))?;
        let local = match place {
            Place::Root(_) => return Err(self.bug("a match has too few values")),
            Place::Field(base, ctor, at) => {
                let base = self.place(tree, places, base)?;
                self.project(base, ctor.variant, at)?
            }
            Place::Part(base, at) => {
                let base = self.place(tree, places, base)?;
                self.project(base, 0, at)?
            }
            Place::Elem(list, at) => {
                let list = self.place(tree, places, list)?;
                self.element(list, int(i64::from(at)))?
            }
            Place::ElemBack(list, at) => {
                let list = self.place(tree, places, list)?;
                let index = self.len_minus(list, at + 1);
                self.element(list, index)?
            }
            Place::Rest(list, front, back) => {
                let list = self.place(tree, places, list)?;
                let ty = self.local_ty(list);
                let end = self.len_minus(list, back);
                let args = vec![Operand::Local(list), int(i64::from(front)), end];
                self.temp(ty, Rvalue::Intrinsic { op: Intrinsic::ListView, args })
            }
            Place::StrRest(text, bytes) => {
                let text = self.place(tree, places, text)?;
                let end = self.intrinsic(Intrinsic::StrByteSize, vec![Operand::Local(text)], Ty::int());
                let args = vec![Operand::Local(text), int(i64::from(bytes)), end];
                self.temp(Ty::string(), Rvalue::Runtime { func: RuntimeFn::str_slice_bytes, args })
            }
            Place::MapValue(map, key) => {
                let map = self.place(tree, places, map)?;
                let found = self.map_find(map, key)?;
                let some = self.lang_ctor(LangItem::Option, "Some")?.variant;
                self.project(found, some, 0)?
            }
        };
        places.set(id, local);
        Ok(local)
    }

    /// What a map has under a key: an Option.
    pub(crate) fn map_find(&mut self, map: LocalId, key: ExprId) -> Built<LocalId> {
        let map_ty = self.local_ty(map);
        let Some((_, &[key_ty, value_ty])) = map_ty.as_app() else {
            return Err(self.bug(format_args!("{map_ty:?} is no map")));
        };
        let option = self.lang_ctor(LangItem::Option, "Some")?.ty;
        let found_ty = Ty::adt(option, vec![value_ty]);
        let found = self.local(found_ty);
        let key = (self.expr(key)?, key_ty);
        let args = vec![(Operand::Local(map), map_ty), key];
        self.call_lang(LangItem::MapFind, args, found_ty, Dest::Local(found))?;
        Ok(found)
    }

    /// The element of a list at an index that is known to be there.
    pub(crate) fn element(&mut self, list: LocalId, index: Operand) -> Built<LocalId> {
        let elem = self.elem_of(self.local_ty(list))?;
        let args = vec![Operand::Local(list), index];
        Ok(self.temp(elem, Rvalue::Intrinsic { op: Intrinsic::ListGetUnchecked, args }))
    }

    /// The length of a list without `n` elements.
    fn len_minus(&mut self, list: LocalId, n: u32) -> Operand {
        let len = self.intrinsic(Intrinsic::ListLen, vec![Operand::Local(list)], Ty::int());
        if n == 0 {
            return len;
        }
        self.intrinsic(Intrinsic::IntWrappingSub, vec![len, int(i64::from(n))], Ty::int())
    }
}
