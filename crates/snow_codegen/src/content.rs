//! What does a function's code depend on? A hash of all of it, the same in every build, and the descriptions it needs.
//!
//! Every part of the MIR is taken in, ids replaced by what they stand for: types by their definitions, functions by
//! link name and how they are called, files by their text. So two builds with one hash make the same code.
//! The matches name every field: what is added to the MIR must be added here.

use snow_abi::Intrinsic;
use snow_base::{ContentHash, ContentHasher, FileId, FxHashMap, SourceMap, Span};
use snow_mir::content::TypeContents;
use snow_mir::layout::Layouts;
use snow_mir::mir::{
    Block, Const, ConstSlotId, Func, FuncId, FuncKind, LocalDecl, LocalId, Mir, Operand, RecvId, Rvalue,
    Stmt, StmtKind, Term,
};
use snow_typeck::Ty;

use crate::descs::Described;
use crate::error::Res;
use crate::list::elem_of;
use crate::messages;

/// What was found out about a function.
pub(crate) struct Content {
    /// The hash, without the numbers of the descriptions.
    pub(crate) hash: ContentHash,
    /// Indices into [`Walk::described`].
    pub(crate) descs: Vec<u32>,
}

/// The walk over a program's functions.
pub(crate) struct Walk<'a> {
    mir: &'a Mir,
    layouts: &'a Layouts<'a>,
    sources: &'a SourceMap,
    links: &'a [String],
    conventions: &'a [u32],
    types: TypeContents<'a>,
    files: FxHashMap<FileId, ContentHash>,
    callees: FxHashMap<FuncId, ContentHash>,
    /// All that is described, in the order in which it was met.
    pub(crate) described: Vec<Described>,
    known: FxHashMap<Described, u32>,
    /// How messages are shown, by their type.
    pub(crate) shapes: FxHashMap<Ty, Res<Vec<u8>>>,
}

/// One function's part of the walk.
struct Feed<'w, 'a> {
    walk: &'w mut Walk<'a>,
    func: &'a Func,
    hasher: ContentHasher,
    descs: Vec<u32>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(
        mir: &'a Mir,
        layouts: &'a Layouts<'a>,
        sources: &'a SourceMap,
        (links, conventions): (&'a [String], &'a [u32]),
    ) -> Walk<'a> {
        Walk {
            mir,
            layouts,
            sources,
            links,
            conventions,
            types: TypeContents::new(layouts.program(), layouts.typed()),
            files: FxHashMap::default(),
            callees: FxHashMap::default(),
            described: Vec::new(),
            known: FxHashMap::default(),
            shapes: FxHashMap::default(),
        }
    }

    /// Takes in one function.
    pub(crate) fn function(&mut self, id: FuncId) -> Content {
        let func = &self.mir.fns[id.0 as usize];
        let callee = self.callee(id);
        let home = self.file(func.span.file);
        let mut feed = Feed { walk: self, func, hasher: ContentHasher::default(), descs: Vec::new() };
        feed.hasher.hash(callee);
        feed.hasher.hash(home);
        feed.function();
        let mut descs = feed.descs;
        let hash = feed.hasher.finish();
        descs.sort_unstable();
        descs.dedup();
        Content { hash, descs }
    }

    /// What the start of the program rests on, the table of descriptions apart: how `main` starts, the constants.
    pub(crate) fn entry(&mut self) -> Content {
        let init = self.mir.init;
        let func = &self.mir.fns[init.0 as usize];
        let mut feed = Feed { walk: self, func, hasher: ContentHasher::default(), descs: Vec::new() };
        feed.func_id(init);
        feed.recv(feed.walk.mir.main);
        for index in 0..feed.walk.mir.consts.len() {
            feed.const_slot(ConstSlotId(index as u32));
        }
        Content { hash: feed.hasher.finish(), descs: feed.descs }
    }

    /// What callers of a function depend on.
    fn callee(&mut self, id: FuncId) -> ContentHash {
        if let Some(&known) = self.callees.get(&id) {
            return known;
        }
        let func = &self.mir.fns[id.0 as usize];
        let mut hasher = ContentHasher::default();
        hasher.text(&self.links[id.0 as usize]);
        hasher.text(&func.name);
        hasher.number(u64::from(self.conventions[id.0 as usize]));
        match &func.kind {
            FuncKind::Direct => hasher.tag(0),
            FuncKind::Closure(captures) => {
                hasher.tag(1);
                hasher.number(captures.len() as u64);
                captures.iter().for_each(|&ty| hasher.hash(self.types.of(ty)));
            }
            FuncKind::Handler => hasher.tag(2),
        }
        hasher.number(func.params.len() as u64);
        for param in &func.params {
            hasher.hash(self.types.of(func.locals[param.0 as usize].ty));
        }
        hasher.hash(self.types.of(func.ret));
        let hash = hasher.finish();
        self.callees.insert(id, hash);
        hash
    }

    /// A file's path and text: with an offset they make a line.
    fn file(&mut self, id: FileId) -> ContentHash {
        let sources = self.sources;
        *self.files.entry(id).or_insert_with(|| {
            let mut hasher = ContentHasher::default();
            if let Some((_, file)) = sources.iter().nth(id.0 as usize) {
                hasher.text(&file.path);
                hasher.text(&file.text);
            }
            hasher.finish()
        })
    }

    fn describe(&mut self, what: Described) -> u32 {
        let next = self.described.len() as u32;
        *self.known.entry(what).or_insert_with_key(|what| {
            self.described.push(what.clone());
            next
        })
    }
}

impl Feed<'_, '_> {
    fn function(&mut self) {
        // What is named `_` here stands in the callee's hash, but for the symbol, which isn't used in machine code.
        let Func {
            name: _,
            symbol: _,
            identity: _,
            kind: _,
            params,
            modes,
            ret: _,
            locals,
            blocks,
            span,
            always_inline,
        } = self.func;
        self.hasher.number(params.len() as u64);
        params.iter().for_each(|&param| self.local(param));
        modes.iter().for_each(|&mode| self.hasher.tag(mode as u8));
        self.hasher.number(locals.len() as u64);
        for LocalDecl { ty, name } in locals {
            self.ty(*ty);
            self.hasher.text(name.as_deref().unwrap_or_default());
        }
        self.span(*span);
        self.hasher.tag(u8::from(*always_inline));
        self.hasher.number(blocks.len() as u64);
        for Block { stmts, term, span } in blocks {
            self.hasher.number(stmts.len() as u64);
            for Stmt { kind, span } in stmts {
                self.span(*span);
                self.stmt(kind);
            }
            self.span(*span);
            self.term(term);
        }
    }

    fn stmt(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Assign(local, value) => {
                self.hasher.tag(0);
                self.local(*local);
                self.rvalue(value, *local);
            }
            StmtKind::StorePart { base, parts, index, value } => {
                self.hasher.tag(1);
                self.local(*base);
                self.tys(parts);
                self.hasher.number(u64::from(*index));
                self.operand(value);
            }
            StmtKind::StoreConst(slot, value) => {
                self.hasher.tag(2);
                self.const_slot(*slot);
                self.operand(value);
                if let Some(slot) = self.walk.mir.consts.get(slot.0 as usize) {
                    self.described(Described::Parts(vec![slot.ty]));
                }
            }
            StmtKind::Dup(local) => {
                self.hasher.tag(3);
                self.local(*local);
            }
            StmtKind::Drop(local) => {
                self.hasher.tag(4);
                self.local(*local);
            }
            StmtKind::Unpack { base, variant, kept, token } => {
                self.hasher.tag(5);
                self.local(*base);
                self.hasher.number(u64::from(*variant));
                self.hasher.number(kept.len() as u64);
                for (part, local) in kept {
                    self.hasher.number(u64::from(*part));
                    self.local(*local);
                }
                self.opt_local(*token);
            }
            StmtKind::FreeToken { token, ty, variant } => {
                self.hasher.tag(6);
                self.local(*token);
                self.ty(*ty);
                self.hasher.number(u64::from(*variant));
            }
            StmtKind::Poll => self.hasher.tag(7),
        }
    }

    fn rvalue(&mut self, value: &Rvalue, dest: LocalId) {
        match value {
            Rvalue::Use(op) => self.tagged(0, std::slice::from_ref(op)),
            Rvalue::Look(local) => {
                self.hasher.tag(1);
                self.local(*local);
            }
            Rvalue::Make { ty, variant, args, reuse } => {
                self.tagged(2, args);
                self.ty(*ty);
                self.hasher.number(u64::from(*variant));
                self.opt_local(*reuse);
                if self.walk.layouts.is_cell(*ty, *variant) {
                    self.described(Described::Cell(*ty, *variant));
                }
            }
            Rvalue::MakeClosure { func, captures } => {
                self.tagged(3, captures);
                self.closure(*func);
            }
            Rvalue::MakeList { elem, items } => {
                self.tagged(4, items);
                self.ty(*elem);
                self.described(Described::List(*elem));
            }
            Rvalue::Project { base, variant, index } => {
                self.hasher.tag(5);
                self.local(*base);
                self.hasher.number(u64::from(*variant));
                self.hasher.number(u64::from(*index));
            }
            Rvalue::Capture { closure, index } => {
                self.hasher.tag(6);
                self.local(*closure);
                self.hasher.number(u64::from(*index));
            }
            Rvalue::Variant(local) => {
                self.hasher.tag(7);
                self.local(*local);
            }
            Rvalue::Call { func, args } => {
                self.tagged(8, args);
                self.func_id(*func);
            }
            Rvalue::CallClosure { closure, args } => {
                self.tagged(9, args);
                self.operand(closure);
            }
            Rvalue::Runtime { func, args } => {
                self.tagged(10, args);
                self.hasher.text(func.row().symbol);
            }
            Rvalue::Intrinsic { op, args } => {
                self.tagged(11, args);
                self.hasher.text(op.row().name);
                self.intrinsic_describes(*op, dest);
            }
            Rvalue::ConstSlot(slot) => {
                self.hasher.tag(12);
                self.const_slot(*slot);
            }
            Rvalue::LoadPart { base, parts, index, take } => {
                self.hasher.tag(13);
                self.local(*base);
                self.tys(parts);
                self.hasher.number(u64::from(*index));
                self.hasher.tag(u8::from(*take));
            }
            Rvalue::Spawn { func, recv, args } => {
                self.tagged(14, args);
                self.hasher.text(func.row().symbol);
                self.recv(*recv);
            }
            Rvalue::Send { pid, message, ty } => {
                self.hasher.tag(15);
                self.operand(pid);
                self.operand(message);
                self.ty(*ty);
                self.described(Described::Parts(vec![*ty]));
            }
            Rvalue::SendBy { func, args, message, ty } => {
                self.tagged(16, args);
                self.hasher.text(func.row().symbol);
                self.operand(message);
                self.ty(*ty);
                self.described(Described::Parts(vec![*ty]));
            }
            Rvalue::SetTerminate { recv } => {
                self.hasher.tag(17);
                self.recv(*recv);
            }
            Rvalue::Suspend { recv, timeout } => {
                self.hasher.tag(18);
                self.recv(*recv);
                self.operand(timeout);
            }
        }
    }

    fn intrinsic_describes(&mut self, op: Intrinsic, dest: LocalId) {
        let made = self.func.locals.get(dest.0 as usize).and_then(|local| elem_of(local.ty).ok());
        if let (Intrinsic::ListNew, Some(elem)) = (op, made) {
            self.described(Described::List(elem));
        }
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Goto(block) => {
                self.hasher.tag(0);
                self.hasher.number(u64::from(block.0));
            }
            Term::Switch { on, cases, default } => {
                self.hasher.tag(1);
                self.local(*on);
                self.hasher.number(cases.len() as u64);
                for (value, block) in cases {
                    self.hasher.number(*value as u64);
                    self.hasher.number(u64::from(block.0));
                }
                self.hasher.number(default.map_or(u64::MAX, |block| u64::from(block.0)));
            }
            Term::Return(op) => self.tagged(2, std::slice::from_ref(op)),
            Term::TailCall { func, args } => {
                self.tagged(3, args);
                self.func_id(*func);
            }
            Term::TailCallClosure { closure, args } => {
                self.tagged(4, args);
                self.operand(closure);
            }
            Term::Unreachable => self.hasher.tag(5),
        }
    }

    fn tagged(&mut self, tag: u8, ops: &[Operand]) {
        self.hasher.tag(tag);
        self.hasher.number(ops.len() as u64);
        ops.iter().for_each(|op| self.operand(op));
    }

    fn operand(&mut self, op: &Operand) {
        match op {
            Operand::Local(local) => {
                self.hasher.tag(0);
                self.local(*local);
            }
            Operand::Const(literal) => self.literal(literal),
        }
    }

    fn literal(&mut self, literal: &Const) {
        match literal {
            Const::Int(n) => {
                self.hasher.tag(1);
                self.hasher.number(*n as u64);
            }
            Const::Float(x) => {
                self.hasher.tag(2);
                self.hasher.number(x.to_bits());
            }
            Const::Bool(b) => self.hasher.tag(3 + u8::from(*b)),
            Const::Str(text) => {
                self.hasher.tag(5);
                self.hasher.text(text);
            }
            Const::Atom(text) => {
                self.hasher.tag(6);
                self.hasher.text(text);
            }
            Const::Unit => self.hasher.tag(7),
            Const::Func(id) => {
                self.hasher.tag(8);
                self.closure(*id);
            }
            Const::EmptyList(elem) => {
                self.hasher.tag(9);
                self.ty(*elem);
                self.described(Described::List(*elem));
            }
            Const::Null => self.hasher.tag(10),
            Const::List(elem, items) => {
                self.hasher.tag(11);
                self.ty(*elem);
                self.described(Described::List(*elem));
                self.literals(items);
            }
            Const::Made(ty, variant, parts) => {
                self.hasher.tag(12);
                self.ty(*ty);
                self.hasher.number(u64::from(*variant));
                if self.walk.layouts.is_cell(*ty, *variant) {
                    self.described(Described::Cell(*ty, *variant));
                }
                self.literals(parts);
            }
        }
    }

    fn literals(&mut self, literals: &[Const]) {
        self.hasher.number(literals.len() as u64);
        literals.iter().for_each(|literal| self.literal(literal));
    }

    /// A closure over a function.
    fn closure(&mut self, id: FuncId) {
        self.func_id(id);
        if let Some(func) = self.walk.mir.fns.get(id.0 as usize)
            && let FuncKind::Closure(captures) = &func.kind
        {
            self.described(Described::Closure(captures.clone(), func.name.clone()));
        }
    }

    /// A function, which must exist: whoever emits a call of one that doesn't reports it.
    fn func_id(&mut self, id: FuncId) {
        if (id.0 as usize) < self.walk.mir.fns.len() {
            let hash = self.walk.callee(id);
            self.hasher.hash(hash);
        }
    }

    fn recv(&mut self, id: RecvId) {
        let Some(site) = self.walk.mir.recvs.get(id.0 as usize) else { return };
        let snow_mir::mir::RecvSite { handler, state, message, name, signals, fingerprint, terminates } =
            site;
        self.func_id(*handler);
        self.tys(state);
        self.described(Described::Parts(state.clone()));
        self.tys(message.as_slice());
        self.hasher.text(name);
        self.hasher.number(u64::from(*signals));
        self.hasher.number(*fingerprint);
        self.hasher.number(u64::from(*terminates));
        if let Some(message) = message {
            self.described(Described::Parts(vec![*message]));
            let layouts = self.walk.layouts;
            let are_shown = messages::are_shown(self.walk.mir, layouts, site);
            self.hasher.tag(u8::from(are_shown));
            if are_shown {
                let shapes = &mut self.walk.shapes;
                let shape = shapes.entry(*message).or_insert_with(|| messages::encode(*message, layouts));
                // Where there is none, nothing is compiled.
                if let Ok(shape) = shape {
                    self.hasher.bytes(shape);
                }
            }
        }
    }

    fn const_slot(&mut self, id: ConstSlotId) {
        self.hasher.number(u64::from(id.0));
        if let Some(slot) = self.walk.mir.consts.get(id.0 as usize) {
            self.ty(slot.ty);
        }
    }

    fn described(&mut self, what: Described) {
        let index = self.walk.describe(what);
        self.descs.push(index);
    }

    fn ty(&mut self, ty: Ty) {
        let hash = self.walk.types.of(ty);
        self.hasher.hash(hash);
    }

    fn tys(&mut self, tys: &[Ty]) {
        self.hasher.number(tys.len() as u64);
        tys.iter().for_each(|&ty| self.ty(ty));
    }

    fn local(&mut self, local: LocalId) {
        self.hasher.number(u64::from(local.0));
    }

    fn opt_local(&mut self, local: Option<LocalId>) {
        self.hasher.number(local.map_or(u64::MAX, |local| u64::from(local.0)));
    }

    fn span(&mut self, span: Span) {
        if span.file == self.func.span.file {
            self.hasher.tag(0);
        } else {
            let file = self.walk.file(span.file);
            self.hasher.tag(1);
            self.hasher.hash(file);
        }
        let range = span.text_range();
        self.hasher.number(u64::from(u32::from(range.start())) << 32 | u64::from(u32::from(range.end())));
    }
}
