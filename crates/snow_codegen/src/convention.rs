//! Which of LLVM's calling conventions each function has, and which functions are never called in optimised builds.
//!
//! Only the tail-call convention (`tailcc`) allows tail calls between functions of different signatures, but it costs at
//! every call (fib: a fifth), since the callee adjusts the stack. So it is used where it is needed: by closures, which are
//! called through pointers, and by functions that tail calls connect, directly or not, with a closure or with a function of another
//! signature. The others have LLVM's `fastcc`, which guarantees tail calls between equal signatures as long as all
//! arguments are in registers.
//!
//! Invariant: a tail call's caller and callee have the same convention.
//!
//! A callee with `tailcc` that has arguments on the stack removes them when it ends, and before a tail call: whether they are still
//! there nobody can tell who walks the stack while it runs. The same goes for one without that tail-calls such a function. Where there are
//! such functions, callers of `tailcc` keep a frame pointer, by which their own frame is found all the same.

use inkwell::attributes::AttributeLoc;
use inkwell::context::Context;
use inkwell::module::Module;
use inkwell::types::{AnyType, AnyTypeEnum, BasicMetadataTypeEnum};
use inkwell::values::{CallSiteValue, FunctionValue, InstructionOpcode, InstructionValue, LLVMTailCallKind};
use snow_mir::layout::{Layouts, SlotKind};
use snow_mir::mir::{Func, FuncKind, Mir, Rvalue, StmtKind, Term};

use crate::error::{Res, bad};

/// LLVM's number of `tailcc`.
pub(crate) const TAIL: u32 = 18;
/// LLVM's number of C's convention.
const C: u32 = 0;
/// LLVM's number of `fastcc`.
const FAST: u32 = 8;

/// Integer registers for arguments on x86-64, which has the fewest.
const INT_REGISTERS: usize = 6;
/// The same for floats.
const FLOAT_REGISTERS: usize = 8;

/// Statements of a formula at most.
const FORMULA: usize = 12;

/// Whether a function only computes, straight on, from its parameters: then its code replaces every call. LLVM's own judgement
/// counts the failing branch of each checked operation as much as ten instructions, and so keeps `a * b + c` a call.
pub(crate) fn is_formula(func: &Func) -> bool {
    let [block] = func.blocks.as_slice() else { return false };
    func.kind == FuncKind::Direct
        && matches!(block.term, Term::Return(_))
        && block.stmts.len() <= FORMULA
        && block.stmts.iter().all(|stmt| {
            let StmtKind::Assign(_, value) = &stmt.kind else { return false };
            matches!(value, Rvalue::Use(_) | Rvalue::Intrinsic { .. } | Rvalue::Project { .. })
        })
}

/// The conventions of a program.
#[derive(Debug)]
pub(crate) struct Conventions {
    /// LLVM's number for each function.
    pub(crate) of_fns: Vec<u32>,
    /// Whether some function may have arguments on the stack, which it removes.
    pub(crate) removed: bool,
}

/// The convention of each function; handlers have that of C. O(program).
///
/// # Errors
/// A call of a function that doesn't exist: a mistake of the compiler.
pub(crate) fn of_all(mir: &Mir, layouts: &Layouts<'_>) -> Res<Conventions> {
    let shapes = mir.fns.iter().map(|func| Shape::of(func, layouts)).collect::<Res<Vec<_>>>()?;
    let mut needs_tail: Vec<bool> =
        mir.fns.iter().map(|func| matches!(func.kind, FuncKind::Closure(_))).collect();
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for (caller, func) in mir.fns.iter().enumerate().filter(|(_, f)| f.kind != FuncKind::Handler) {
        for block in &func.blocks {
            match &block.term {
                Term::TailCallClosure { .. } => needs_tail[caller] = true,
                Term::TailCall { func, .. } => {
                    let Some(callee) = shapes.get(func.0 as usize) else {
                        return bad(format!("function {} doesn't exist", func.0));
                    };
                    if shapes[caller] != *callee || !callee.in_registers() {
                        needs_tail[caller] = true;
                    }
                    edges.push((caller, func.0 as usize));
                }
                _ => {}
            }
        }
    }
    spread(&mut needs_tail, &edges, mir.fns.len());
    let convention = |(func, tail): (&Func, bool)| match func.kind {
        FuncKind::Handler => C,
        _ if tail => TAIL,
        _ => FAST,
    };
    let of_fns: Vec<u32> = mir.fns.iter().zip(needs_tail).map(convention).collect();
    let removed =
        shapes.iter().zip(&of_fns).any(|(shape, &convention)| convention == TAIL && shape.on_stack());
    Ok(Conventions { of_fns, removed })
}

/// What a Snow function takes and gives, the context apart.
#[derive(PartialEq)]
struct Shape {
    params: Vec<SlotKind>,
    ret: Vec<SlotKind>,
}

impl Shape {
    fn of(func: &Func, layouts: &Layouts<'_>) -> Res<Shape> {
        let mut params = Vec::new();
        let mut ret = layouts.of(func.ret).slots.clone();
        if is_out(&ret) {
            params.push(SlotKind::Ref);
            ret.clear();
        }
        for param in &func.params {
            match func.locals.get(param.0 as usize) {
                Some(local) => params.extend(&layouts.of(local.ty).slots),
                None => return bad(format!("{}: a parameter is no local", func.symbol)),
            }
        }
        Ok(Shape { params, ret })
    }

    /// Whether all arguments are in registers, the context among them.
    fn in_registers(&self) -> bool {
        let floats = self.params.iter().filter(|kind| **kind == SlotKind::F64).count();
        floats <= FLOAT_REGISTERS && 1 + self.params.len() - floats <= INT_REGISTERS
    }

    /// Whether arguments may be on the stack, counted as in [`removes_arguments`].
    fn on_stack(&self) -> bool {
        let floats = self.params.iter().filter(|kind| **kind == SlotKind::F64).count();
        floats > FLOAT_REGISTERS || 2 + self.params.len() - floats > INT_REGISTERS
    }
}

/// Whether a result of these slots is stored through a pointer, because it doesn't fit into the registers for results.
pub(crate) fn is_out(ret: &[SlotKind]) -> bool {
    let floats = ret.iter().filter(|kind| **kind == SlotKind::F64).count();
    ret.len() > 1 && (ret.len() > 3 || floats > 2)
}

/// Marks everything that edges connect with something marked.
fn spread(marked: &mut [bool], edges: &[(usize, usize)], count: usize) {
    let mut neighbours = vec![Vec::new(); count];
    for &(a, b) in edges {
        neighbours[a].push(b);
        neighbours[b].push(a);
    }
    let mut todo: Vec<usize> = (0..count).filter(|&i| marked[i]).collect();
    while let Some(next) = todo.pop() {
        for &neighbour in &neighbours[next] {
            if !std::mem::replace(&mut marked[neighbour], true) {
                todo.push(neighbour);
            }
        }
    }
}

/// A function in which the passes have left a tail call that is none any more, a fatal error behind them. Where no caller looks at
/// all of a result, LLVM's `deadargelim` makes the result of an internal function smaller, even if the function ends by a tail call
/// of another one, whose result then differs. O(module).
pub(crate) fn lost_tail_call(module: &Module<'_>) -> Option<String> {
    let loses = |function: &FunctionValue<'_>| {
        let result = function.get_type().get_return_type().map(|ty| ty.as_any_type_enum());
        let mut instructions = function.get_basic_block_iter().flat_map(|block| block.get_instructions());
        instructions.any(|instruction| {
            let given = match instruction.get_type() {
                AnyTypeEnum::VoidType(_) => None,
                ty => Some(ty),
            };
            given != result && is_must_tail(instruction)
        })
    };
    module.get_functions().find(loses).map(|function| function.get_name().to_string_lossy().into_owned())
}

fn is_must_tail(instruction: InstructionValue<'_>) -> bool {
    instruction.get_opcode() == InstructionOpcode::Call
        && CallSiteValue::try_from(instruction)
            .is_ok_and(|call| call.get_tail_call_kind() == LLVMTailCallKind::LLVMTailCallKindMustTail)
}

/// Gives frame pointers to the callers of functions that remove their arguments, or may go on, by tail calls, in functions that do.
/// Runs behind the passes, which move calls into other functions. `elsewhere`: whether there are such functions in other parts of
/// the program. O(module).
pub(crate) fn keep_frames(context: &Context, module: &Module<'_>, elsewhere: bool) {
    if !elsewhere && !module.get_functions().any(removes_arguments) {
        return;
    }
    let frame = context.create_string_attribute("frame-pointer", "all");
    for function in module.get_functions() {
        let mut instructions = function.get_basic_block_iter().flat_map(|block| block.get_instructions());
        if instructions.any(calls_tail_convention) {
            function.add_attribute(AttributeLoc::Function, frame);
        }
    }
}

/// Whether a function may have arguments on the stack, which it removes. The place of a large result is one, too.
fn removes_arguments(function: FunctionValue<'_>) -> bool {
    let params = function.get_type().get_param_types();
    let floats = params.iter().filter(|ty| matches!(ty, BasicMetadataTypeEnum::FloatType(_))).count();
    function.get_call_conventions() == TAIL
        && (floats > FLOAT_REGISTERS || 1 + params.len() - floats > INT_REGISTERS)
}

fn calls_tail_convention(instruction: InstructionValue<'_>) -> bool {
    instruction.get_opcode() == InstructionOpcode::Call
        && CallSiteValue::try_from(instruction).is_ok_and(|call| call.get_call_convention() == TAIL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(program: &str) -> Option<String> {
        let context = Context::create();
        let text =
            inkwell::memory_buffer::MemoryBuffer::create_from_memory_range_copy(program.as_bytes(), "test");
        let module = context.create_module_from_ir(text).expect("it is a module");
        lost_tail_call(&module)
    }

    #[test]
    fn a_tail_call_with_another_result_is_lost() {
        let program = |calls: &str| {
            format!(
                "declare i64 @other()\ndefine void @calls() {{\n  {calls} i64 @other()\n  ret void\n}}\n\
                 define i64 @goes_on() {{\n  %r = musttail call i64 @other()\n  ret i64 %r\n}}\n"
            )
        };
        assert_eq!(lost(&program("call")), None);
        assert_eq!(lost(&program("musttail call")).as_deref(), Some("calls"));
    }
}
