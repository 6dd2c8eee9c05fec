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
use inkwell::types::BasicMetadataTypeEnum;
use inkwell::values::{CallSiteValue, FunctionValue, InstructionOpcode, InstructionValue};
use snow_mir::mir::{Func, FuncKind, Rvalue, StmtKind, Term};

use crate::cx::Cx;
use crate::error::Res;

/// LLVM's number of `tailcc`.
pub(crate) const TAIL: u32 = 18;
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

/// Sets the conventions of all functions but handlers. O(program).
pub(crate) fn assign(cx: &Cx<'_, '_>) -> Res<()> {
    let count = cx.mir.fns.len();
    let mut needs_tail: Vec<bool> =
        cx.mir.fns.iter().map(|func| matches!(func.kind, FuncKind::Closure(_))).collect();
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for (caller, func) in cx.mir.fns.iter().enumerate().filter(|(_, f)| f.kind != FuncKind::Handler) {
        for block in &func.blocks {
            match &block.term {
                Term::TailCallClosure { .. } => needs_tail[caller] = true,
                Term::TailCall { func, .. } => {
                    let (from, to) = (cx.fns[caller], cx.func(*func)?.1);
                    if from.get_type() != to.get_type() || !in_registers(from) {
                        needs_tail[caller] = true;
                    }
                    edges.push((caller, func.0 as usize));
                }
                _ => {}
            }
        }
    }
    spread(&mut needs_tail, &edges, count);
    for (index, func) in cx.mir.fns.iter().enumerate() {
        if func.kind != FuncKind::Handler {
            cx.fns[index].set_call_conventions(if needs_tail[index] { TAIL } else { FAST });
        }
    }
    Ok(())
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

fn in_registers(function: FunctionValue<'_>) -> bool {
    let params = function.get_type().get_param_types();
    let floats = params.iter().filter(|ty| matches!(ty, BasicMetadataTypeEnum::FloatType(_))).count();
    floats <= FLOAT_REGISTERS && params.len() - floats <= INT_REGISTERS
}

/// Gives frame pointers to the callers of functions that remove their arguments, or may go on, by tail calls, in functions that do.
/// Runs behind the passes, which move calls into other functions. O(module).
pub(crate) fn keep_frames(context: &Context, module: &Module<'_>) {
    if !module.get_functions().any(removes_arguments) {
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
