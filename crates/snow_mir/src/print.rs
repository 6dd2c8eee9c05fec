//! MIR as text for people: `--emit=mir` and tests.
//!
//! It shows everything but places.

use std::fmt::{Display, Formatter, Result, Write};

use snow_hir::Program;
use snow_typeck::{Ty, TyCon, TyKind};

use crate::mir::{Const, Func, FuncId, FuncKind, LocalId, Mir, Mode, Operand, Rvalue, StmtKind, Term};

/// The text of a whole program.
pub fn print(program: &Program, mir: &Mir) -> String {
    let mut out = String::new();
    for (at, slot) in mir.consts.iter().enumerate() {
        let _ = writeln!(out, "const {at} {}: {}", slot.name, show_ty(program, slot.ty));
    }
    for (at, recv) in mir.recvs.iter().enumerate() {
        let state: Vec<String> = recv.state.iter().map(|&ty| show_ty(program, ty)).collect();
        let message = recv.message.map_or("none".into(), |ty| show_ty(program, ty));
        let handler = &mir.fns[recv.handler.0 as usize].symbol;
        let state = state.join(", ");
        let _ = writeln!(out, "recv {at} {} ({state}) takes {message}: {handler}", recv.name);
    }
    for func in &mir.fns {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&print_fn(program, mir, func));
    }
    out
}

/// The text of one function.
pub fn print_fn(program: &Program, mir: &Mir, func: &Func) -> String {
    let mut out = String::new();
    let _ = Printer { program, mir, func }.function(&mut out);
    out
}

/// A type as it is written in Snow.
pub(crate) fn show_ty(program: &Program, ty: Ty) -> String {
    show_ty_up_to(program, ty, usize::MAX)
}

/// A type as it is written in Snow, with `…` where it is nested deeper than `depth`.
pub(crate) fn show_ty_up_to(program: &Program, ty: Ty, depth: usize) -> String {
    let list = |args: &[Ty]| -> String {
        let shown: Vec<String> = args.iter().map(|&a| show_ty_up_to(program, a, depth - 1)).collect();
        shown.join(", ")
    };
    if depth == 0 {
        return "…".into();
    }
    match ty.kind() {
        TyKind::App(TyCon::Tuple, args) => format!("({})", list(args)),
        TyKind::App(TyCon::Fn, args) => match args.split_last() {
            Some((ret, params)) => {
                format!("Fun({}) -> {}", list(params), show_ty_up_to(program, *ret, depth - 1))
            }
            None => "Fun".into(),
        },
        TyKind::App(con, args) => {
            let name = match con {
                TyCon::Adt(id) => program.types[*id].name.to_string(),
                TyCon::Builtin(builtin) => format!("{builtin:?}"),
                TyCon::Tuple | TyCon::Fn => String::new(),
            };
            if args.is_empty() { name } else { format!("{name}<{}>", list(args)) }
        }
        TyKind::Param(index) => format!("?{index}"),
        TyKind::Var(index) => format!("_{index}"),
        TyKind::Error => "error".into(),
    }
}

struct Printer<'a> {
    program: &'a Program,
    mir: &'a Mir,
    func: &'a Func,
}

/// An operand's text.
struct Shown<'a>(&'a Mir, &'a Operand);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.1 {
            Operand::Local(local) => write!(f, "{}", name(*local)),
            Operand::Const(constant) => literal(self.0, constant, f),
        }
    }
}

fn literal(mir: &Mir, constant: &Const, f: &mut Formatter<'_>) -> Result {
    match constant {
        Const::Int(n) => write!(f, "{n}"),
        Const::Float(x) => write!(f, "{x:?}"),
        Const::Bool(b) => write!(f, "{b}"),
        Const::Str(s) => write!(f, "{s:?}"),
        Const::Atom(a) => write!(f, ":{a}"),
        Const::Unit => write!(f, "()"),
        Const::Func(id) => write!(f, "&{}", symbol(mir, *id)),
        Const::EmptyList(_) => write!(f, "[]"),
        Const::List(_, items) => literals(mir, ("literal [", items, "]"), f),
        Const::Made(_, variant, parts) => literals(mir, (&format!("{variant}("), parts, ")"), f),
        Const::Null => write!(f, "null"),
    }
}

fn literals(mir: &Mir, (open, all, close): (&str, &[Const], &str), f: &mut Formatter<'_>) -> Result {
    f.write_str(open)?;
    for (index, one) in all.iter().enumerate() {
        f.write_str(if index > 0 { ", " } else { "" })?;
        literal(mir, one, f)?;
    }
    f.write_str(close)
}

fn name(local: LocalId) -> String {
    format!("_{}", local.0)
}

fn symbol(mir: &Mir, id: FuncId) -> &str {
    mir.fns.get(id.0 as usize).map_or("?", |f| f.symbol.as_str())
}

impl Printer<'_> {
    fn function(&self, out: &mut String) -> Result {
        let func = self.func;
        let kind = match &func.kind {
            FuncKind::Direct => "fn",
            FuncKind::Closure(_) => "closure",
            FuncKind::Handler => "handler",
        };
        write!(out, "{kind} {}(", func.symbol)?;
        for (at, (&param, mode)) in func.params.iter().zip(&func.modes).enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            let mode = if *mode == Mode::Borrow { "borrow " } else { "" };
            write!(out, "{separator}{mode}{}", self.decl(param))?;
        }
        write!(out, ") -> {}", show_ty(self.program, func.ret))?;
        if let FuncKind::Closure(captures) = &func.kind {
            let shown: Vec<String> = captures.iter().map(|&ty| show_ty(self.program, ty)).collect();
            write!(out, " captures ({})", shown.join(", "))?;
        }
        writeln!(out, " {{")?;
        for index in func.params.len()..func.locals.len() {
            writeln!(out, "  let {}", self.decl(LocalId(index as u32)))?;
        }
        for (index, block) in func.blocks.iter().enumerate() {
            writeln!(out, "bb{index}:")?;
            for stmt in &block.stmts {
                write!(out, "  ")?;
                self.stmt(out, &stmt.kind)?;
                writeln!(out)?;
            }
            write!(out, "  ")?;
            self.term(out, &block.term)?;
            writeln!(out)?;
        }
        writeln!(out, "}}")
    }

    fn decl(&self, local: LocalId) -> String {
        let decl = &self.func.locals[local.0 as usize];
        let ty = show_ty(self.program, decl.ty);
        match &decl.name {
            Some(text) => format!("{}: {ty} ({text})", name(local)),
            None => format!("{}: {ty}", name(local)),
        }
    }

    fn op<'b>(&'b self, op: &'b Operand) -> Shown<'b> {
        Shown(self.mir, op)
    }

    fn ops(&self, ops: &[Operand]) -> String {
        let shown: Vec<String> = ops.iter().map(|op| self.op(op).to_string()).collect();
        shown.join(", ")
    }

    fn stmt(&self, out: &mut String, stmt: &StmtKind) -> Result {
        match stmt {
            StmtKind::Assign(local, value) => {
                write!(out, "{} = ", name(*local))?;
                self.rvalue(out, value)
            }
            StmtKind::StorePart { base, index, value, .. } => {
                write!(out, "store {}[{index}] = {}", name(*base), self.op(value))
            }
            StmtKind::StoreConst(slot, value) => write!(out, "const {} = {}", slot.0, self.op(value)),
            StmtKind::Dup(local) => write!(out, "dup {}", name(*local)),
            StmtKind::Drop(local) => write!(out, "drop {}", name(*local)),
            StmtKind::Unpack { base, variant, kept, token } => {
                let kept: Vec<String> = kept.iter().map(|(at, l)| format!("{at}: {}", name(*l))).collect();
                write!(out, "unpack {}.{variant} keeping ({})", name(*base), kept.join(", "))?;
                match token {
                    Some(token) => write!(out, " cell {}", name(*token)),
                    None => Ok(()),
                }
            }
            StmtKind::FreeToken { token, .. } => write!(out, "free {}", name(*token)),
            StmtKind::Poll => write!(out, "poll"),
        }
    }

    fn rvalue(&self, out: &mut String, value: &Rvalue) -> Result {
        match value {
            Rvalue::Use(op) => write!(out, "{}", self.op(op)),
            Rvalue::Look(local) => write!(out, "look {}", name(*local)),
            Rvalue::Make { ty, variant, args, reuse } => {
                let what = self.variant(*ty, *variant);
                write!(out, "make {what}({})", self.ops(args))?;
                match reuse {
                    Some(token) => write!(out, " in {}", name(*token)),
                    None => Ok(()),
                }
            }
            Rvalue::MakeClosure { func, captures } => {
                write!(out, "closure {}({})", symbol(self.mir, *func), self.ops(captures))
            }
            Rvalue::MakeList { items, .. } => write!(out, "[{}]", self.ops(items)),
            Rvalue::Project { base, variant, index } => write!(out, "{}.{variant}.{index}", name(*base)),
            Rvalue::Capture { closure, index } => write!(out, "capture {}.{index}", name(*closure)),
            Rvalue::Variant(local) => write!(out, "variant {}", name(*local)),
            Rvalue::Call { func, args } => {
                write!(out, "call {}({})", symbol(self.mir, *func), self.ops(args))
            }
            Rvalue::CallClosure { closure, args } => {
                write!(out, "call {} with ({})", self.op(closure), self.ops(args))
            }
            Rvalue::Runtime { func, args } => write!(out, "{}!({})", func.row().name, self.ops(args)),
            Rvalue::Intrinsic { op, args } => write!(out, "{}({})", op.row().name, self.ops(args)),
            Rvalue::ConstSlot(slot) => write!(out, "const {}", slot.0),
            Rvalue::LoadPart { base, index, take, .. } => {
                let verb = if *take { "take" } else { "load" };
                write!(out, "{verb} {}[{index}]", name(*base))
            }
            Rvalue::Spawn { func, recv, args } => {
                let name = func.row().name;
                write!(out, "{name} recv {} ({})", recv.0, self.ops(args))
            }
            Rvalue::SendBy { func, args, message, .. } => {
                let name = func.row().name;
                write!(out, "{name}!({}; {})", self.ops(args), self.op(message))
            }
            Rvalue::SetTerminate { recv } => write!(out, "terminate recv {}", recv.0),
            Rvalue::Send { pid, message, .. } => {
                write!(out, "send {} <- {}", self.op(pid), self.op(message))
            }
            Rvalue::Suspend { recv, timeout } => {
                write!(out, "suspend recv {} after {}", recv.0, self.op(timeout))
            }
        }
    }

    fn variant(&self, ty: Ty, variant: u32) -> String {
        match ty.kind() {
            TyKind::App(TyCon::Adt(id), _) => {
                let def = &self.program.types[*id];
                def.variants().get(variant as usize).map_or("?".into(), |v| v.name.to_string())
            }
            _ => String::new(),
        }
    }

    fn term(&self, out: &mut String, term: &Term) -> Result {
        match term {
            Term::Goto(block) => write!(out, "goto bb{}", block.0),
            Term::Switch { on, cases, default } => {
                write!(out, "switch {} {{", name(*on))?;
                for (value, block) in cases {
                    write!(out, " {value}: bb{}", block.0)?;
                }
                if let Some(block) = default {
                    write!(out, " else: bb{}", block.0)?;
                }
                write!(out, " }}")
            }
            Term::Return(op) => write!(out, "return {}", self.op(op)),
            Term::TailCall { func, args } => {
                write!(out, "tail call {}({})", symbol(self.mir, *func), self.ops(args))
            }
            Term::TailCallClosure { closure, args } => {
                write!(out, "tail call {} with ({})", self.op(closure), self.ops(args))
            }
            Term::Unreachable => write!(out, "unreachable"),
        }
    }
}
