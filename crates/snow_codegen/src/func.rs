//! One function: its frame, blocks and ends.
//!
//! Every slot of a local has a stack cell (`alloca`); the first pass turns them into registers. The entry block holds only
//! those cells and the parameters.

use std::cell::{Cell, RefCell};
use std::ops::Deref;

use inkwell::basic_block::BasicBlock;
use inkwell::builder::Builder;
use inkwell::debug_info::DISubprogram;
use inkwell::types::BasicTypeEnum;
use inkwell::values::{FunctionValue, PointerValue};
use snow_base::{FxHashMap, Span};
use snow_mir::layout::SlotKind;
use snow_mir::mir::{BlockId, Func, FuncId, FuncKind, LocalId, Operand, Term};
use snow_typeck::Ty;

use crate::cx::{Cx, RetBy};
use crate::emit::{Emit, Slot};
use crate::error::{Res, bad};

/// A function in the making.
pub(crate) struct FnCx<'c, 'a, 'll> {
    emit: Emit<'c, 'a, 'll>,
    pub(crate) func: &'a Func,
    pub(crate) value: FunctionValue<'ll>,
    /// The process.
    pub(crate) ctx: PointerValue<'ll>,
    /// Where a large result goes.
    pub(crate) out: Option<PointerValue<'ll>>,
    locals: Vec<Vec<(PointerValue<'ll>, BasicTypeEnum<'ll>)>>,
    blocks: Vec<BasicBlock<'ll>>,
    allocas: Builder<'ll>,
    scratch: RefCell<FxHashMap<u32, PointerValue<'ll>>>,
    subprogram: DISubprogram<'ll>,
    /// The place that is being compiled.
    span: Cell<Span>,
}

impl<'c, 'a, 'll> Deref for FnCx<'c, 'a, 'll> {
    type Target = Emit<'c, 'a, 'll>;

    fn deref(&self) -> &Emit<'c, 'a, 'll> {
        &self.emit
    }
}

/// Compiles a function's body.
pub(crate) fn emit(cx: &Cx<'_, '_>, id: FuncId) -> Res<()> {
    let (func, value) = cx.func(id)?;
    if func.blocks.is_empty() {
        return bad(format!("{} has no blocks", func.symbol));
    }
    let f = FnCx::new(cx, func, value)?;
    f.at(func.span);
    f.bind_params()?;
    for (block, &ll_block) in func.blocks.iter().zip(&f.blocks) {
        f.start(ll_block);
        for stmt in &block.stmts {
            f.at(stmt.span);
            f.stmt(&stmt.kind)?;
        }
        f.at(block.span);
        f.term(&block.term)?;
    }
    f.allocas.build_unconditional_branch(f.blocks[0])?;
    Ok(())
}

impl<'c, 'a, 'll> FnCx<'c, 'a, 'll> {
    fn new(cx: &'c Cx<'a, 'll>, func: &'a Func, value: FunctionValue<'ll>) -> Res<FnCx<'c, 'a, 'll>> {
        let emit = Emit::at_entry(cx, value);
        let allocas = cx.ll.create_builder();
        allocas.position_at_end(emit.here()?);
        let ctx = emit.param(value, 0)?.into_pointer_value();
        let is_out = func.kind != FuncKind::Handler && cx.ret_by(&cx.slots(func.ret)) == RetBy::Out;
        let out = is_out.then(|| emit.param(value, 1)).transpose()?.map(|p| p.into_pointer_value());
        let cells = func.locals.iter().map(|local| {
            let name = local.name.as_deref().unwrap_or("");
            let kinds = cx.slots(local.ty);
            let cells =
                kinds.iter().map(|&kind| (allocas.build_alloca(cx.slot_ty(kind), name), cx.slot_ty(kind)));
            cells.map(|(cell, ty)| Ok((cell?, ty))).collect::<Res<Vec<_>>>()
        });
        let locals = cells.collect::<Res<Vec<_>>>()?;
        let blocks = (0..func.blocks.len()).map(|i| cx.ll.append_basic_block(value, &format!("b{i}")));
        let blocks = blocks.collect();
        let subprogram = cx.debug.subprogram(cx.sources, func, cx.release);
        value.set_subprogram(subprogram);
        let (scratch, span) = (RefCell::default(), Cell::new(func.span));
        Ok(FnCx { emit, func, value, ctx, out, locals, blocks, allocas, scratch, subprogram, span })
    }

    fn bind_params(&self) -> Res<()> {
        let mut next = 1 + u32::from(self.out.is_some());
        for &param in &self.func.params {
            for &(cell, ty) in self.cells(param)? {
                let value = self.fit(self.param(self.value, next)?, ty.into())?;
                self.allocas.build_store(cell, value)?;
                next += 1;
            }
        }
        // `fit` may have emitted conversions behind the stores' builder: both stand at the entry's end.
        Ok(())
    }

    fn at(&self, span: Span) {
        self.span.set(span);
        let (cx, home) = (self.cx, self.func.span.file);
        let location = cx.debug.location(cx.ll, cx.sources, (self.subprogram, home), span);
        self.b.set_current_debug_location(location);
    }

    /// The address of the `Location` of what is being compiled.
    pub(crate) fn location(&self) -> PointerValue<'ll> {
        self.cx.location(self.span.get(), &self.func.name)
    }

    /// The block of that number.
    pub(crate) fn target(&self, id: BlockId) -> Res<BasicBlock<'ll>> {
        match self.blocks.get(id.0 as usize) {
            Some(block) => Ok(*block),
            None => bad(format!("{}: block {} doesn't exist", self.func.symbol, id.0)),
        }
    }

    fn cells(&self, id: LocalId) -> Res<&[(PointerValue<'ll>, BasicTypeEnum<'ll>)]> {
        match self.locals.get(id.0 as usize) {
            Some(cells) => Ok(cells),
            None => bad(format!("{}: local {} doesn't exist", self.func.symbol, id.0)),
        }
    }

    /// A local's type.
    pub(crate) fn ty(&self, id: LocalId) -> Res<Ty> {
        match self.func.locals.get(id.0 as usize) {
            Some(local) => Ok(local.ty),
            None => bad(format!("{}: local {} doesn't exist", self.func.symbol, id.0)),
        }
    }

    /// The slots of a local.
    pub(crate) fn get(&self, id: LocalId) -> Res<Vec<Slot<'ll>>> {
        self.cells(id)?.iter().map(|&(cell, ty)| Ok(self.b.build_load(ty, cell, "")?)).collect()
    }

    /// Assigns a local.
    pub(crate) fn set(&self, id: LocalId, values: &[Slot<'ll>]) -> Res<()> {
        let kinds = self.cx.slots(self.ty(id)?);
        let values = self.as_kinds(values, &kinds)?;
        let cells = self.cells(id)?.iter().zip(values);
        cells.into_iter().try_for_each(|(&(cell, _), value)| {
            self.b.build_store(cell, value)?;
            Ok(())
        })
    }

    /// Memory in the frame, alive until the next use of the same size.
    pub(crate) fn scratch(&self, bytes: u32) -> Res<PointerValue<'ll>> {
        let bytes = bytes.max(8).next_multiple_of(8);
        if let Some(&known) = self.scratch.borrow().get(&bytes) {
            return Ok(known);
        }
        let words = self.cx.i64().array_type(bytes / 8);
        let cell = self.allocas.build_alloca(words, "scratch")?;
        self.scratch.borrow_mut().insert(bytes, cell);
        Ok(cell)
    }

    /// The slots of an operand where these kinds are expected.
    pub(crate) fn operand_as(&self, op: &Operand, kinds: &[SlotKind]) -> Res<Vec<Slot<'ll>>> {
        self.as_kinds(&self.operand(op)?, kinds)
    }

    /// Checks that slots are of these kinds. The value of what never returns has no slots and fits everything.
    fn as_kinds(&self, values: &[Slot<'ll>], kinds: &[SlotKind]) -> Res<Vec<Slot<'ll>>> {
        if values.is_empty() {
            return Ok(self.zeros(kinds));
        }
        if values.len() != kinds.len() {
            let (is, need) = (values.len(), kinds.len());
            return bad(format!("{}: {is} slots where {need} are needed", self.func.symbol));
        }
        let fitted = values.iter().zip(kinds).map(|(&value, &kind)| {
            let value = self.fit(value, self.cx.slot_ty(kind).into())?;
            match value.get_type() == self.cx.slot_ty(kind) {
                true => Ok(value),
                false => bad(format!("{}: a slot of another kind than {kind:?}", self.func.symbol)),
            }
        });
        fitted.collect()
    }

    /// The slots of an operand.
    pub(crate) fn operand(&self, op: &Operand) -> Res<Vec<Slot<'ll>>> {
        match op {
            Operand::Local(id) => self.get(*id),
            Operand::Const(literal) => self.cx.literal(literal),
        }
    }

    /// The end of a block.
    fn term(&self, term: &Term) -> Res<()> {
        match term {
            Term::Goto(block) => {
                self.b.build_unconditional_branch(self.target(*block)?)?;
                Ok(())
            }
            Term::Switch { on, cases, default } => self.switch(*on, cases, *default),
            Term::Return(op) => {
                let kinds = self.cx.slots(self.func.ret);
                let values = self.operand_as(op, &kinds)?;
                self.ret(&values)
            }
            Term::TailCall { func, args } => self.tail_call(*func, args),
            Term::TailCallClosure { closure, args } => self.tail_call_closure(closure, args),
            Term::Unreachable => {
                self.b.build_unreachable()?;
                Ok(())
            }
        }
    }

    fn switch(&self, on: LocalId, cases: &[(i64, BlockId)], default: Option<BlockId>) -> Res<()> {
        let [Slot::IntValue(value)] = self.get(on)?[..] else {
            return bad(format!("{}: a switch on something else than a number", self.func.symbol));
        };
        let mut cases = cases.to_vec();
        // Complete cases: the last one needs no test.
        let other = match default {
            Some(block) => self.target(block)?,
            None => match cases.pop() {
                Some((_, block)) => self.target(block)?,
                None => return bad(format!("{}: a switch without cases", self.func.symbol)),
            },
        };
        let ty = value.get_type();
        if let [(number, block)] = cases[..] {
            let same = self.cmp(inkwell::IntPredicate::EQ, value, ty.const_int(number as u64, true))?;
            self.b.build_conditional_branch(same, self.target(block)?, other)?;
            return Ok(());
        }
        let targets = cases.iter().map(|&(n, block)| Ok((ty.const_int(n as u64, true), self.target(block)?)));
        self.b.build_switch(value, other, &targets.collect::<Res<Vec<_>>>()?)?;
        Ok(())
    }

    /// Returns these slots.
    pub(crate) fn ret(&self, values: &[Slot<'ll>]) -> Res<()> {
        if let Some(out) = self.out {
            for (index, &value) in values.iter().enumerate() {
                self.store(out, 8 * index as u64, value)?;
            }
        }
        match values {
            [value] if self.out.is_none() => self.b.build_return(Some(value))?,
            [_, _, ..] if self.out.is_none() => self.b.build_aggregate_return(values)?,
            _ => self.b.build_return(None)?,
        };
        Ok(())
    }
}
