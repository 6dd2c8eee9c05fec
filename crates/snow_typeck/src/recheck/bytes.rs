//! A [`Record`] as bytes: numbers of variable length, names and types in tables of their own.
//!
//! The bytes are of use to the same compiler only. Who keeps them sees to it that they are whole; bytes that make no
//! record give none.

use snow_base::{FxHashMap, Idx, Name, RawIdx};
use snow_hir::BuiltinTy;

use super::{ConstFacts, DefaultFacts, Demand, FnFacts, Record, Task};
use crate::checker::DefaultFact;
use crate::graph::{Item, Refs};
use crate::results::{FnSig, Pred};
use crate::ty::{Ty, TyCon, TyKind};

/// The builtin types by their numbers.
const BUILTINS: [BuiltinTy; 11] = [
    BuiltinTy::Int,
    BuiltinTy::Float,
    BuiltinTy::Bool,
    BuiltinTy::String,
    BuiltinTy::Bytes,
    BuiltinTy::Atom,
    BuiltinTy::List,
    BuiltinTy::Pid,
    BuiltinTy::AnyPid,
    BuiltinTy::Never,
    BuiltinTy::Raw,
];

impl Record {
    /// The record as bytes. `None` if a type isn't finished, which is so only after errors. O(size).
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let mut writer = Writer::default();
        writer.list(&self.fns, |w, facts| {
            w.refs(&facts.refs);
            w.list(&facts.demands, Writer::demand);
            w.option(facts.sig.as_ref(), Writer::sig);
            w.number(u32::from(facts.maybe_mailbox));
            w.option(facts.uses.as_ref(), |w, uses| w.list(uses, |w, item| w.item(*item)));
        });
        writer.list(&self.consts, |w, facts| {
            w.refs(&facts.refs);
            w.list(&facts.demands, Writer::demand);
            w.option(facts.ty.as_ref(), |w, ty| w.ty(*ty));
            w.option(facts.uses.as_ref(), |w, uses| w.list(uses, |w, item| w.item(*item)));
        });
        let mut defaults: Vec<_> = self.defaults.iter().collect();
        defaults.sort_by_key(|(key, _)| (key.0.into_raw().into_u32(), key.1));
        writer.list(&defaults, |w, (key, facts)| {
            w.id(key.0);
            w.number(key.1);
            w.list(&facts.demands, Writer::demand);
            w.list(&facts.fact.args, |w, ty| w.ty(*ty));
            w.list(&facts.fact.preds, Writer::pred);
        });
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by_key(|(leader, _)| number_of(**leader));
        writer.list(&groups, |w, (leader, members)| {
            w.item(**leader);
            w.list(members, |w, item| w.item(*item));
        });
        writer.finish()
    }

    /// The record that some bytes are. O(size).
    pub fn from_bytes(bytes: &[u8]) -> Option<Record> {
        let mut reader = Reader { bytes, names: Vec::new(), tys: Vec::new() };
        reader.names = reader.list(Reader::name)?;
        for _ in 0..reader.number()? {
            let ty = reader.new_ty()?;
            reader.tys.push(ty);
        }
        let fns = reader.list(|r| {
            Some(FnFacts {
                refs: r.refs()?,
                demands: r.list(Reader::demand)?,
                sig: r.option(Reader::sig)?,
                maybe_mailbox: r.number()? != 0,
                uses: r.option(|r| r.list(Reader::item))?,
            })
        })?;
        let consts = reader.list(|r| {
            Some(ConstFacts {
                refs: r.refs()?,
                demands: r.list(Reader::demand)?,
                ty: r.option(Reader::ty)?,
                uses: r.option(|r| r.list(Reader::item))?,
            })
        })?;
        let defaults = reader.list(|r| {
            let key = (r.id()?, r.number()?);
            let demands = r.list(Reader::demand)?;
            let fact = DefaultFact { args: r.list(Reader::ty)?, preds: r.list(Reader::pred)? };
            Some((key, DefaultFacts { demands, fact }))
        })?;
        let groups = reader.list(|r| Some((r.item()?, r.list(Reader::item)?)))?;
        let (defaults, groups) = (defaults.into_iter().collect(), groups.into_iter().collect());
        reader.bytes.is_empty().then_some(Record { fns, consts, defaults, groups })
    }
}

/// Bytes in the making.
#[derive(Default)]
struct Writer {
    out: Vec<u8>,
    names: FxHashMap<Name, u32>,
    name_list: Vec<Name>,
    tys: FxHashMap<Ty, u32>,
    /// The types in an order in which parts come first, as bytes.
    ty_bytes: Vec<u8>,
    /// Whether there was a type that can't be written.
    open: bool,
}

impl Writer {
    fn finish(self) -> Option<Vec<u8>> {
        let mut all = Writer::default();
        all.list(&self.name_list, |w, name| {
            w.number(name.as_str().len() as u32);
            w.out.extend(name.as_str().bytes());
        });
        all.number(self.tys.len() as u32);
        all.out.extend(self.ty_bytes);
        all.out.extend(self.out);
        (!self.open).then_some(all.out)
    }

    /// Seven bits a byte, the lowest first; the eighth says that more follow.
    fn number(&mut self, mut n: u32) {
        while n >= 0x80 {
            self.out.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.out.push(n as u8);
    }

    fn id<T>(&mut self, id: Idx<T>) {
        self.number(id.into_raw().into_u32());
    }

    fn list<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Writer, &T)) {
        self.number(list.len() as u32);
        list.iter().for_each(|item| each(self, item));
    }

    fn option<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Writer, &T)) {
        self.number(u32::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn name(&mut self, name: Name) {
        let next = self.name_list.len() as u32;
        let number = *self.names.entry(name).or_insert(next);
        if number == next {
            self.name_list.push(name);
        }
        self.number(number);
    }

    fn item(&mut self, item: Item) {
        let (kind, number) = number_of(item);
        self.number(kind);
        self.number(number);
    }

    fn refs(&mut self, refs: &Refs) {
        self.list(&refs.targets, |w, item| w.item(*item));
        self.list(&refs.methods, |w, name| w.name(*name));
        self.number(u32::from(refs.receives));
    }

    fn demand(&mut self, demand: &Demand) {
        match demand.task {
            Task::Fn(f) => self.item(Item::Fn(f)),
            Task::Const(c) => self.item(Item::Const(c)),
            Task::Default(f, number) => {
                self.number(2);
                self.id(f);
                self.number(number);
            }
        }
        self.number(u32::from(demand.was_running));
    }

    fn sig(&mut self, sig: &FnSig) {
        self.number(sig.param_count);
        self.list(&sig.params, |w, ty| w.ty(*ty));
        self.ty(sig.ret);
        self.list(&sig.preds, Writer::pred);
        self.option(sig.mailbox.as_ref(), |w, ty| w.ty(*ty));
    }

    fn pred(&mut self, pred: &Pred) {
        self.id(pred.trait_);
        self.list(&pred.args, |w, ty| w.ty(*ty));
    }

    fn ty(&mut self, ty: Ty) {
        let number = self.ty_number(ty);
        self.number(number);
    }

    /// The number of a type in the table, into which it and its parts are put.
    fn ty_number(&mut self, ty: Ty) -> u32 {
        if let Some(&number) = self.tys.get(&ty) {
            return number;
        }
        let mut own = Writer::default();
        match ty.kind() {
            TyKind::App(con, args) => {
                let args: Vec<u32> = args.iter().map(|&arg| self.ty_number(arg)).collect();
                match con {
                    TyCon::Builtin(builtin) => {
                        own.number(0);
                        own.number(*builtin as u32);
                    }
                    TyCon::Adt(id) => {
                        own.number(1);
                        own.id(*id);
                    }
                    TyCon::Tuple => own.number(2),
                    TyCon::Fn => own.number(3),
                }
                own.list(&args, |w, number| w.number(*number));
            }
            TyKind::Param(number) => {
                own.number(4);
                own.number(*number);
            }
            TyKind::Error => own.number(5),
            TyKind::Var(_) => {
                self.open = true;
                own.number(5);
            }
        }
        self.ty_bytes.extend(own.out);
        let number = self.tys.len() as u32;
        self.tys.insert(ty, number);
        number
    }
}

/// What an item is, and its number.
fn number_of(item: Item) -> (u32, u32) {
    match item {
        Item::Fn(f) => (0, f.into_raw().into_u32()),
        Item::Const(c) => (1, c.into_raw().into_u32()),
    }
}

/// Bytes being read.
struct Reader<'a> {
    bytes: &'a [u8],
    names: Vec<Name>,
    tys: Vec<Ty>,
}

impl Reader<'_> {
    fn number(&mut self) -> Option<u32> {
        let mut n = 0u32;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            n |= u32::from(byte & 0x7f).checked_shl(shift)?;
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    fn id<T>(&mut self) -> Option<Idx<T>> {
        Some(Idx::from_raw(RawIdx::from(self.number()?)))
    }

    fn list<T>(&mut self, mut each: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()? as usize;
        // Each element is a byte at least.
        if count > self.bytes.len() {
            return None;
        }
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(each(self)?);
        }
        Some(list)
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.number()? {
            0 => Some(None),
            _ => Some(Some(read(self)?)),
        }
    }

    fn name(&mut self) -> Option<Name> {
        let len = self.number()? as usize;
        let (text, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(Name::new(std::str::from_utf8(text).ok()?))
    }

    fn known_name(&mut self) -> Option<Name> {
        let number = self.number()?;
        self.names.get(number as usize).copied()
    }

    fn item(&mut self) -> Option<Item> {
        match self.number()? {
            0 => Some(Item::Fn(self.id()?)),
            1 => Some(Item::Const(self.id()?)),
            _ => None,
        }
    }

    fn refs(&mut self) -> Option<Refs> {
        let targets = self.list(Reader::item)?;
        let methods = self.list(Reader::known_name)?;
        Some(Refs { targets, methods, receives: self.number()? != 0 })
    }

    fn demand(&mut self) -> Option<Demand> {
        let task = match self.number()? {
            0 => Task::Fn(self.id()?),
            1 => Task::Const(self.id()?),
            2 => Task::Default(self.id()?, self.number()?),
            _ => return None,
        };
        Some(Demand { task, was_running: self.number()? != 0 })
    }

    fn sig(&mut self) -> Option<FnSig> {
        Some(FnSig {
            param_count: self.number()?,
            params: self.list(Reader::ty)?,
            ret: self.ty()?,
            preds: self.list(Reader::pred)?,
            mailbox: self.option(Reader::ty)?,
        })
    }

    fn pred(&mut self) -> Option<Pred> {
        Some(Pred { trait_: self.id()?, args: self.list(Reader::ty)? })
    }

    fn ty(&mut self) -> Option<Ty> {
        let number = self.number()?;
        self.tys.get(number as usize).copied()
    }

    fn new_ty(&mut self) -> Option<Ty> {
        let con = match self.number()? {
            0 => TyCon::Builtin(*BUILTINS.get(self.number()? as usize)?),
            1 => TyCon::Adt(self.id()?),
            2 => TyCon::Tuple,
            3 => TyCon::Fn,
            4 => return Some(Ty::param(self.number()?)),
            5 => return Some(Ty::error()),
            _ => return None,
        };
        Some(Ty::app(con, self.list(Reader::ty)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_types_have_their_numbers() {
        for (number, &builtin) in BUILTINS.iter().enumerate() {
            assert_eq!(builtin as usize, number);
            // A new builtin type needs a place in the table.
            match builtin {
                BuiltinTy::Int | BuiltinTy::Float | BuiltinTy::Bool | BuiltinTy::String => {}
                BuiltinTy::Bytes | BuiltinTy::Atom | BuiltinTy::List | BuiltinTy::Pid => {}
                BuiltinTy::AnyPid | BuiltinTy::Never | BuiltinTy::Raw => {}
            }
        }
    }
}
