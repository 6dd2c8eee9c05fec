//! The constant objects and tables of a part of a program: strings, atoms, closures, empty lists, locations, type
//! descriptions, `RecvDesc`s and the `Program`.
//!
//! Equal ones are emitted once. An atom *is* the address of its string object. Objects are immortal and stand in memory
//! that is never written to.

use inkwell::GlobalVisibility;
use inkwell::module::Linkage;
use inkwell::values::{BasicValueEnum, FunctionValue, GlobalValue, PointerValue};
use snow_abi::layout::{ABI_VERSION, IMMORTAL, NO_MESSAGES, ObjHeader, STR_DESC, STR_INLINE, TERMINATES};
use snow_base::{ContentHash, FxHashMap, Span};
use snow_mir::mir::{FuncId, FuncKind, RecvId, RecvSite};
use snow_typeck::Ty;

use crate::cx::Cx;
use crate::debug::line_col;
use crate::descs::Described;
use crate::error::{Res, bad};
use crate::messages;

/// What has been emitted, for looking up.
#[derive(Default)]
pub(crate) struct Tables<'ll> {
    texts: FxHashMap<Vec<u8>, GlobalValue<'ll>>,
    strings: FxHashMap<String, GlobalValue<'ll>>,
    atoms: FxHashMap<String, GlobalValue<'ll>>,
    closures: FxHashMap<FuncId, GlobalValue<'ll>>,
    empty_lists: FxHashMap<u32, GlobalValue<'ll>>,
    locations: FxHashMap<(Span, String), GlobalValue<'ll>>,
    recvs: FxHashMap<RecvId, GlobalValue<'ll>>,
    type_numbers: FxHashMap<Ty, usize>,
}

impl<'a, 'll> Cx<'a, 'll> {
    /// A number for each type: descriptions of different types may be equal.
    pub(crate) fn type_number(&self, ty: Ty) -> usize {
        let numbers = &mut self.tables.borrow_mut().type_numbers;
        let next = numbers.len();
        *numbers.entry(ty).or_insert(next)
    }

    /// The description of list buffers of this element type.
    pub(crate) fn list_desc(&self, elem: Ty) -> Res<u32> {
        self.plan.descs.id(&Described::List(elem))
    }

    /// The description of values that lie side by side.
    pub(crate) fn parts_desc(&self, tys: &[Ty]) -> Res<u32> {
        self.plan.descs.id(&Described::Parts(tys.to_vec()))
    }

    /// The header of cells of a boxed type's variant.
    pub(crate) fn cell_meta(&self, ty: Ty, variant: u32) -> Res<u32> {
        let Ok(tag) = u8::try_from(variant) else {
            return bad(format!("{} has more than 256 variants", self.layouts.type_name(ty)));
        };
        Ok(ObjHeader::meta(self.plan.descs.id(&Described::Cell(ty, variant))?, tag))
    }

    /// The header of closures with these captures.
    pub(crate) fn closure_meta(&self, captures: &[Ty], name: &str) -> Res<u32> {
        let what = Described::Closure(captures.to_vec(), name.to_owned());
        Ok(ObjHeader::meta(self.plan.descs.id(&what)?, 0))
    }

    /// Bytes somewhere in the program.
    pub(crate) fn text(&self, text: &str) -> PointerValue<'ll> {
        self.bytes(text.as_bytes())
    }

    fn bytes(&self, bytes: &[u8]) -> PointerValue<'ll> {
        let known = self.tables.borrow().texts.get(bytes).copied();
        let global = known.unwrap_or_else(|| {
            let value = self.ll.const_string(bytes, false);
            let global = self.constant(value.into(), "snow.text", 1);
            self.tables.borrow_mut().texts.insert(bytes.to_vec(), global);
            global
        });
        global.as_pointer_value()
    }

    /// A literal string object.
    pub(crate) fn string(&self, text: &str) -> PointerValue<'ll> {
        let known = self.tables.borrow().strings.get(text).copied();
        let global = known.unwrap_or_else(|| {
            let global = self.str_object(text, "snow.str");
            self.tables.borrow_mut().strings.insert(text.to_string(), global);
            global
        });
        global.as_pointer_value()
    }

    /// The object whose address is the atom of this text.
    pub(crate) fn atom(&self, text: &str) -> PointerValue<'ll> {
        let known = self.tables.borrow().atoms.get(text).copied();
        let global = known.unwrap_or_else(|| {
            let global = self.str_object(text, &self.atom_name(text));
            // Two atoms must keep two addresses, and one atom one in all parts.
            global.set_unnamed_addr(false);
            if !self.part.is_alone {
                global.set_linkage(Linkage::WeakODR);
                global.set_visibility(GlobalVisibility::Hidden);
            }
            self.tables.borrow_mut().atoms.insert(text.to_string(), global);
            global
        });
        global.as_pointer_value()
    }

    fn atom_name(&self, text: &str) -> String {
        if self.part.is_alone {
            "snow.atom".into()
        } else {
            format!("snow.atom.{}", ContentHash::of(text.as_bytes()))
        }
    }

    fn str_object(&self, text: &str, name: &str) -> GlobalValue<'ll> {
        let bytes = self.ll.const_string(text.as_bytes(), false);
        let (i32, i64, ptr) = (self.ll.i32_type(), self.i64(), self.ptr());
        let fields = [i32.into(), i32.into(), i64.into(), ptr.into(), i64.into(), bytes.get_type().into()];
        let global = self.module.add_global(self.ll.struct_type(&fields, false), None, name);
        // SAFETY: the bytes start `STR_INLINE` bytes into this very object.
        let data = unsafe {
            let at = i64.const_int(STR_INLINE as u64, false);
            global.as_pointer_value().const_in_bounds_gep(self.ll.i8_type(), &[at])
        };
        let [rc, meta] = self.immortal(ObjHeader::meta(STR_DESC, 0));
        let len = i64.const_int(text.len() as u64, false);
        let value = [rc, meta, len.into(), data.into(), i64.const_zero().into(), bytes.into()];
        self.make_constant(global, self.ll.const_struct(&value, false).into(), 8)
    }

    /// The closure value of a function that captures nothing.
    pub(crate) fn static_closure(&self, id: FuncId) -> Res<PointerValue<'ll>> {
        if let Some(known) = self.tables.borrow().closures.get(&id) {
            return Ok(known.as_pointer_value());
        }
        let (func, value) = self.func(id)?;
        if !matches!(&func.kind, FuncKind::Closure(captures) if captures.is_empty()) {
            return bad(format!("{} isn't a closure without captures", func.symbol));
        }
        let [rc, meta] = self.immortal(self.closure_meta(&[], &func.name)?);
        let code = value.as_global_value().as_pointer_value();
        let object = self.ll.const_struct(&[rc, meta, code.into()], false);
        let global = self.constant(object.into(), "snow.fn", 8);
        self.tables.borrow_mut().closures.insert(id, global);
        Ok(global.as_pointer_value())
    }

    /// The buffer of empty lists of this element type.
    pub(crate) fn empty_list(&self, elem: Ty) -> Res<PointerValue<'ll>> {
        let desc = self.list_desc(elem)?;
        let known = self.tables.borrow().empty_lists.get(&desc).copied();
        let global = known.unwrap_or_else(|| {
            let [rc, meta] = self.immortal(ObjHeader::meta(desc, 0));
            let zero: BasicValueEnum<'ll> = self.ll.i32_type().const_zero().into();
            let object = self.ll.const_struct(&[rc, meta, zero, zero, zero, zero], false);
            let global = self.constant(object.into(), "snow.empty", 8);
            self.tables.borrow_mut().empty_lists.insert(desc, global);
            global
        });
        Ok(global.as_pointer_value())
    }

    /// A place in the source.
    pub(crate) fn location(&self, span: Span, function: &str) -> PointerValue<'ll> {
        let key = (span, function.to_string());
        if let Some(known) = self.tables.borrow().locations.get(&key) {
            return known.as_pointer_value();
        }
        let file = self.sources.iter().nth(span.file.0 as usize).map_or("", |(_, file)| file.path.as_str());
        let at = line_col(self.sources, span);
        let [line, col] = at.map_or([0, 0], |at| [at.line, at.col]).map(|n| self.u32(n));
        let (file_len, function_len) = (self.usize(file.len()), self.usize(function.len()));
        let (file, function) = (self.text(file).into(), self.text(function).into());
        let value = self.ll.const_struct(&[file, file_len, line, col, function, function_len], false);
        let global = self.constant(value.into(), "snow.at", 8);
        self.tables.borrow_mut().locations.insert(key, global);
        global.as_pointer_value()
    }

    /// The `RecvDesc` of a place where processes start or wait.
    pub(crate) fn recv(&self, id: RecvId) -> Res<(PointerValue<'ll>, &'a RecvSite)> {
        let Some(site) = self.mir.recvs.get(id.0 as usize) else {
            return bad(format!("receive {} doesn't exist", id.0));
        };
        let known = self.tables.borrow().recvs.get(&id).copied();
        let global = match known {
            Some(global) => global,
            None => self.emit_recv(site)?,
        };
        self.tables.borrow_mut().recvs.insert(id, global);
        Ok((global.as_pointer_value(), site))
    }

    fn emit_recv(&self, recv: &RecvSite) -> Res<GlobalValue<'ll>> {
        let (_, handler) = self.func(recv.handler)?;
        let handler = handler.as_global_value().as_pointer_value().into();
        let state = self.u32(self.parts_desc(&recv.state)?);
        let (message, shape) = match recv.message {
            Some(ty) if messages::are_shown(self.mir, self.layouts, recv) => {
                (self.parts_desc(&[ty])?, self.shape(ty)?)
            }
            Some(ty) => (self.parts_desc(&[ty])?, self.ptr().const_null()),
            None => (NO_MESSAGES, self.ptr().const_null()),
        };
        let message = self.u32(message);
        let name = self.text(&recv.name).into();
        let fingerprint = self.i64().const_int(recv.fingerprint, false).into();
        let signals = self.u32(recv.signals);
        let flags = if recv.terminates { TERMINATES } else { 0 };
        let name_len = self.usize(recv.name.len());
        let flags = self.u32(flags);
        let fields = [handler, state, message, name, name_len, fingerprint, signals, flags, shape.into()];
        Ok(self.constant(self.ll.const_struct(&fields, false).into(), "snow.recv", 8))
    }

    /// How messages of a type are shown.
    fn shape(&self, message: Ty) -> Res<PointerValue<'ll>> {
        let Some(shape) = self.plan.shapes.get(&message) else {
            return bad(format!("messages of type {} weren't described", self.layouts.type_name(message)));
        };
        Ok(self.bytes(shape))
    }

    /// The `Program`.
    pub(crate) fn program(&self, init: FunctionValue<'ll>) -> Res<GlobalValue<'ll>> {
        let (main, _) = self.recv(self.mir.main)?;
        let fields = [
            self.i64().const_int(ABI_VERSION, false).into(),
            self.emit_descs().into(),
            self.usize(self.plan.descs.rows().len()),
            init.as_global_value().as_pointer_value().into(),
            main.into(),
        ];
        Ok(self.constant(self.ll.const_struct(&fields, false).into(), "snow.program", 8))
    }

    fn emit_descs(&self) -> PointerValue<'ll> {
        let (i8, i16) = (self.ll.i8_type(), self.ll.i16_type());
        let rows = self.plan.descs.rows().iter().map(|desc| {
            let refs: Vec<_> = desc.refs.iter().map(|&at| i16.const_int(u64::from(at), false)).collect();
            let refs = match refs.is_empty() {
                true => self.ptr().const_null(),
                false => self.constant(i16.const_array(&refs).into(), "snow.refs", 2).as_pointer_value(),
            };
            let fields = [
                self.u32(desc.size),
                i16.const_int(desc.refs.len() as u64, false).into(),
                i8.const_int(u64::from(desc.kind), false).into(),
                i8.const_zero().into(),
                refs.into(),
                self.text(&desc.name).into(),
                self.usize(desc.name.len()),
            ];
            self.ll.const_struct(&fields, false)
        });
        let rows: Vec<_> = rows.collect();
        let table = rows[0].get_type().const_array(&rows);
        self.constant(table.into(), "snow.descs", 8).as_pointer_value()
    }

    pub(crate) fn constant(&self, value: BasicValueEnum<'ll>, name: &str, align: u32) -> GlobalValue<'ll> {
        let global = self.module.add_global(value.get_type(), None, name);
        self.make_constant(global, value, align)
    }

    fn make_constant(
        &self,
        global: GlobalValue<'ll>,
        value: BasicValueEnum<'ll>,
        align: u32,
    ) -> GlobalValue<'ll> {
        global.set_initializer(&value);
        global.set_constant(true);
        global.set_linkage(Linkage::Private);
        global.set_unnamed_addr(true);
        global.set_alignment(align);
        global
    }

    pub(crate) fn immortal(&self, meta: u32) -> [BasicValueEnum<'ll>; 2] {
        [self.u32(IMMORTAL as u32), self.u32(meta)]
    }

    pub(crate) fn u32(&self, n: u32) -> BasicValueEnum<'ll> {
        self.ll.i32_type().const_int(u64::from(n), false).into()
    }

    fn usize(&self, n: usize) -> BasicValueEnum<'ll> {
        self.i64().const_int(n as u64, false).into()
    }
}
