//! Which system signals does a process take, and how are message types named across programs?

use snow_abi::RuntimeFn;
use snow_base::FxHashSet;
use snow_hir::{CtorId, Program, TypeId};
use snow_typeck::{Ty, TyCon, TyKind, Typed};

use crate::mir::{Const, Func, FuncId, FuncKind, Mir, Operand, Rvalue, StmtKind, Term};

/// A number for a message type that is the same in every program in which the type means the same: its full name, and the
/// names and types of all variants and fields that its values consist of. Never 0, but for a type that nothing fixes.
/// O(size of the definitions).
pub(crate) fn fingerprint(program: &Program, typed: &Typed, ty: Ty) -> u64 {
    if ty == Ty::never() {
        return 0;
    }
    let mut canonical = Canonical { program, text: String::new(), found: Vec::new() };
    canonical.ty(ty);
    let mut next = 0;
    while let Some(&id) = canonical.found.get(next) {
        canonical.definition(typed, id);
        next += 1;
    }
    // FNV-1a
    let hash = canonical.text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.max(1)
}

/// A type as text: itself, then the definition of each type in it, each once.
struct Canonical<'a> {
    program: &'a Program,
    text: String,
    /// Types whose definitions belong to it, in the order in which they were met.
    found: Vec<TypeId>,
}

impl Canonical<'_> {
    fn ty(&mut self, ty: Ty) {
        let (name, args) = match ty.kind() {
            TyKind::App(TyCon::Adt(id), args) => {
                if !self.found.contains(id) {
                    self.found.push(*id);
                }
                let def = &self.program.types[*id];
                (format!("{}.{}", self.program.modules[def.module].path, def.name), args)
            }
            TyKind::App(TyCon::Builtin(builtin), args) => (format!("{builtin:?}"), args),
            TyKind::App(TyCon::Tuple, args) => ("()".to_owned(), args),
            TyKind::App(TyCon::Fn, args) => ("Fun".to_owned(), args),
            TyKind::Param(param) => return self.text.push_str(&format!("'{param:?}")),
            TyKind::Var(_) | TyKind::Error => return self.text.push('_'),
        };
        self.text.push_str(&name);
        self.text.push('<');
        for &arg in args.iter() {
            self.ty(arg);
            self.text.push(',');
        }
        self.text.push('>');
    }

    fn definition(&mut self, typed: &Typed, ty: TypeId) {
        let program = self.program;
        self.text.push('=');
        for (variant, def) in program.types[ty].variants().iter().enumerate() {
            self.text.push_str(&format!("|{}", def.name));
            let tys = typed.fields.get(&CtorId { ty, variant: variant as u32 });
            for (i, field) in def.fields.iter().enumerate() {
                let name = field.name.map_or(String::new(), |name| name.to_string());
                self.text.push_str(&format!(" {name}:"));
                match tys.and_then(|tys| tys.get(i)) {
                    Some(&ty) => self.ty(ty),
                    None => self.text.push('_'),
                }
            }
        }
    }
}

/// Gives every place where a process starts the signals of all receives that its code reaches. O(starts · code).
pub(crate) fn spread(mir: &mut Mir) {
    let facts: Vec<(u32, Vec<FuncId>)> = mir.fns.iter().map(|f| facts(f, mir)).collect();
    if facts.iter().all(|f| f.0 == 0) && mir.recvs.iter().all(|r| r.signals == 0) {
        return;
    }
    let waits: FxHashSet<FuncId> = mir
        .fns
        .iter()
        .flat_map(|f| &f.blocks)
        .flat_map(|b| &b.stmts)
        .filter_map(|s| match &s.kind {
            StmtKind::Assign(_, Rvalue::Suspend { recv, .. }) => Some(mir.recvs[recv.0 as usize].handler),
            _ => None,
        })
        .collect();
    for at in 0..mir.recvs.len() {
        let start = mir.recvs[at].handler;
        if waits.contains(&start) {
            continue;
        }
        let (mut seen, mut todo, mut found) = (FxHashSet::default(), vec![start], 0);
        while let Some(id) = todo.pop() {
            if seen.insert(id) {
                let (own, next) = &facts[id.0 as usize];
                found |= own;
                todo.extend(next);
            }
        }
        mir.recvs[at].signals = found;
    }
}

/// The signals that a function itself takes, and the functions that may run in its process after it begins.
fn facts(func: &Func, mir: &Mir) -> (u32, Vec<FuncId>) {
    let (mut own, mut next) = (0, Vec::new());
    for block in &func.blocks {
        for stmt in &block.stmts {
            let StmtKind::Assign(_, value) = &stmt.kind else { continue };
            match value {
                Rvalue::Call { func, .. } | Rvalue::MakeClosure { func, .. } => next.push(*func),
                Rvalue::Suspend { recv, .. } => {
                    let site = &mir.recvs[recv.0 as usize];
                    own |= site.signals;
                    next.push(site.handler);
                }
                Rvalue::Runtime { func: RuntimeFn::recv_signals, args } => {
                    if let [Operand::Const(Const::Int(kinds))] = args[..] {
                        own |= kinds as u32;
                    }
                }
                _ => {}
            }
            if !matches!(value, Rvalue::Spawn { .. }) {
                value.uses(|_| &[crate::mir::Mode::Own; 64], &mut |op, _| next.extend(named(op)));
            }
        }
        match &block.term {
            Term::TailCall { func, args } => {
                next.push(*func);
                next.extend(args.iter().filter_map(named));
            }
            Term::TailCallClosure { closure, args } => {
                next.extend(std::iter::once(closure).chain(args).filter_map(named));
            }
            Term::Return(op) => next.extend(named(op)),
            Term::Goto(_) | Term::Switch { .. } | Term::Unreachable => {}
        }
    }
    debug_assert!(func.kind != FuncKind::Handler || !func.blocks.is_empty());
    (own, next)
}

/// The function that an operand is.
fn named(op: &Operand) -> Option<FuncId> {
    match op {
        Operand::Const(Const::Func(id)) => Some(*id),
        _ => None,
    }
}
