//! Programs built by hand, compiled against a small runtime in C and run.

use std::path::Path;
use std::process::Command;

use snow_base::{FileId, FxHashMap, Idx, Name, RawIdx, SourceMap, Span, TextRange};
use snow_codegen::Options;
use snow_hir::{CtorId, Deriving, Generics, Module, Program, TypeDef, TypeDefKind, TypeId, Variant};
use snow_mir::layout::Layouts;
use snow_mir::mir::*;
use snow_typeck::{Ty, Typed};

/// A program in the making.
pub(crate) struct Build {
    pub(crate) program: Program,
    pub(crate) typed: Typed,
    pub(crate) mir: Mir,
}

/// A function in the making.
pub(crate) struct Fun {
    pub(crate) func: Func,
    block: usize,
}

pub(crate) fn span() -> Span {
    Span::new(FileId(0), TextRange::new(0.into(), 1.into()))
}

pub(crate) fn raw() -> Ty {
    Ty::builtin(snow_hir::BuiltinTy::Raw)
}

pub(crate) fn int(n: i64) -> Operand {
    Operand::Const(Const::Int(n))
}

pub(crate) fn text(s: &str) -> Operand {
    Operand::Const(Const::Str(s.into()))
}

impl From<LocalId> for OperandLike {
    fn from(local: LocalId) -> OperandLike {
        OperandLike(Operand::Local(local))
    }
}

impl From<Operand> for OperandLike {
    fn from(op: Operand) -> OperandLike {
        OperandLike(op)
    }
}

impl From<i64> for OperandLike {
    fn from(n: i64) -> OperandLike {
        OperandLike(int(n))
    }
}

/// What can be written as an operand.
pub(crate) struct OperandLike(pub(crate) Operand);

impl Build {
    pub(crate) fn new() -> Build {
        let mir = Mir { fns: vec![], recvs: vec![], consts: vec![], init: FuncId(0), main: RecvId(0) };
        let mut build = Build { program: Program::default(), typed: Typed::default(), mir };
        build.program.modules.alloc(Module {
            path: "Test".into(),
            file: FileId(0),
            parent: None,
            is_std: false,
            types: FxHashMap::default(),
            values: FxHashMap::default(),
            ctors: FxHashMap::default(),
            modules: FxHashMap::default(),
        });
        // Function 0 initialises, function 1 is `main`.
        let mut init = Fun::new("init", Ty::unit());
        init.term(Term::Return(Operand::Const(Const::Unit)));
        build.add(init);
        let main = Fun::handler("main");
        build.add(main);
        build.recv(FuncId(1), vec![], None);
        build
    }

    /// Adds a function.
    pub(crate) fn add(&mut self, fun: Fun) -> FuncId {
        self.mir.fns.push(fun.func);
        FuncId(self.mir.fns.len() as u32 - 1)
    }

    /// Reserves a function that is filled later.
    pub(crate) fn declare(&mut self, fun: &Fun) -> FuncId {
        self.mir.fns.push(fun.func.clone());
        FuncId(self.mir.fns.len() as u32 - 1)
    }

    /// Fills a function.
    pub(crate) fn define(&mut self, id: FuncId, fun: Fun) {
        self.mir.fns[id.0 as usize] = fun.func;
    }

    pub(crate) fn recv(&mut self, handler: FuncId, state: Vec<Ty>, message: Option<Ty>) -> RecvId {
        self.mir.recvs.push(RecvSite {
            handler,
            state,
            message,
            name: "test".into(),
            signals: 0,
            fingerprint: 0,
            terminates: false,
        });
        RecvId(self.mir.recvs.len() as u32 - 1)
    }

    /// A sum type; the variants may mention it.
    pub(crate) fn sum(&mut self, name: &str, variants: impl FnOnce(Ty) -> Vec<Vec<Ty>>) -> Ty {
        let id: TypeId = self.program.types.alloc(TypeDef {
            name: Name::new(name),
            span: span(),
            module: Idx::from_raw(RawIdx::from_u32(0)),
            is_pub: true,
            generics: Generics::default(),
            kind: TypeDefKind::Sum(vec![]),
            deriving: Deriving::Auto,
            doc: None,
        });
        let ty = Ty::adt(id, vec![]);
        let variants = variants(ty);
        let names = variants.iter().map(|_| Variant { name: Name::new("V"), span: span(), fields: vec![] });
        self.program.types[id].kind = TypeDefKind::Sum(names.collect());
        for (variant, tys) in variants.into_iter().enumerate() {
            self.typed.fields.insert(CtorId { ty: id, variant: variant as u32 }, tys);
        }
        ty
    }

    /// What the program prints, unoptimised and optimised.
    pub(crate) fn run(&mut self, main: Fun) -> String {
        self.run_with(main, None)
    }

    pub(crate) fn run_with(&mut self, main: Fun, env: Option<&str>) -> String {
        self.define(FuncId(1), main);
        let quick = self.run_as(false, env);
        assert_eq!(quick, self.run_as(true, env), "optimised and unoptimised differ");
        quick
    }

    fn run_as(&self, release: bool, env: Option<&str>) -> String {
        let dir = tempfile::tempdir().unwrap();
        let objects = self.parts(&Options { release, triple: None });
        let names: Vec<String> = (0..objects.len()).map(|index| format!("{index}.o")).collect();
        for (name, object) in names.iter().zip(objects) {
            std::fs::write(dir.path().join(name), object).unwrap();
        }
        let stub = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/stub_rt.c");
        let built = Command::new("cc")
            .args(["-w", "-O1", "-no-pie", "-o", "program"])
            .args(names)
            .arg(stub)
            .arg("-lm")
            .current_dir(&dir)
            .output()
            .unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let mut command = Command::new(dir.path().join("program"));
        command.envs(env.map(|name| (name, "1")));
        let output = command.output().unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        if output.status.code() != Some(0) && !text.contains("fail") {
            text.push_str(&format!("ended with {:?}", output.status));
        }
        text
    }

    pub(crate) fn object(&self, options: &Options) -> Vec<u8> {
        let mut sources = SourceMap::default();
        sources.add("test.snow", "x\n");
        let layouts = Layouts::new(&self.program, &self.typed);
        snow_codegen::emit_object(&self.input(&layouts, &sources, options)).unwrap()
    }

    /// The objects of a program that is cut into parts as in builds.
    pub(crate) fn parts(&self, options: &Options) -> Vec<Vec<u8>> {
        let mut sources = SourceMap::default();
        sources.add("test.snow", "x\n");
        let layouts = Layouts::new(&self.program, &self.typed);
        let input = self.input(&layouts, &sources, options);
        let plan = snow_codegen::Plan::new(&self.mir, &layouts, &sources, options).unwrap();
        let parts = plan.parts().iter();
        parts.map(|part| snow_codegen::emit_part(&input, &plan, part).unwrap()).collect()
    }

    fn input<'a>(
        &'a self,
        layouts: &'a Layouts<'a>,
        sources: &'a SourceMap,
        options: &'a Options,
    ) -> snow_codegen::Input<'a> {
        snow_codegen::Input { mir: &self.mir, layouts, sources, options }
    }

    pub(crate) fn llvm(&self, options: &Options) -> String {
        let mut sources = SourceMap::default();
        sources.add("test.snow", "x\n");
        let layouts = Layouts::new(&self.program, &self.typed);
        snow_codegen::emit_llvm_text(&self.input(&layouts, &sources, options)).unwrap()
    }
}

impl Fun {
    pub(crate) fn new(name: &str, ret: Ty) -> Fun {
        let func = Func {
            name: name.into(),
            symbol: name.into(),
            identity: 0,
            kind: FuncKind::Direct,
            params: vec![],
            modes: vec![],
            ret,
            locals: vec![],
            blocks: vec![],
            span: span(),
            always_inline: false,
        };
        let mut fun = Fun { func, block: 0 };
        fun.block();
        fun
    }

    /// A handler: its locals 0 and 1 are state and message.
    pub(crate) fn handler(name: &str) -> Fun {
        let mut fun = Fun::new(name, Ty::int());
        fun.func.kind = FuncKind::Handler;
        fun.param(raw());
        fun.param(raw());
        fun
    }

    /// A closure: its local 0 is itself.
    pub(crate) fn closure(name: &str, ty: Ty, captures: Vec<Ty>, ret: Ty) -> Fun {
        let mut fun = Fun::new(name, ret);
        fun.func.kind = FuncKind::Closure(captures);
        fun.param(ty);
        fun
    }

    pub(crate) fn param(&mut self, ty: Ty) -> LocalId {
        let local = self.local(ty);
        self.func.params.push(local);
        self.func.modes.push(Mode::Own);
        local
    }

    pub(crate) fn local(&mut self, ty: Ty) -> LocalId {
        self.func.locals.push(LocalDecl { ty, name: None });
        LocalId(self.func.locals.len() as u32 - 1)
    }

    /// A new block; the first call gives the entry.
    pub(crate) fn block(&mut self) -> BlockId {
        self.func.blocks.push(Block { stmts: vec![], term: Term::Unreachable, span: span() });
        BlockId(self.func.blocks.len() as u32 - 1)
    }

    /// Goes on in a block.
    pub(crate) fn at(&mut self, block: BlockId) {
        self.block = block.0 as usize;
    }

    pub(crate) fn push(&mut self, kind: StmtKind) {
        self.func.blocks[self.block].stmts.push(Stmt { kind, span: span() });
    }

    pub(crate) fn set(&mut self, local: LocalId, rvalue: Rvalue) {
        self.push(StmtKind::Assign(local, rvalue));
    }

    /// A new local with this value.
    pub(crate) fn let_(&mut self, ty: Ty, rvalue: Rvalue) -> LocalId {
        let local = self.local(ty);
        self.set(local, rvalue);
        local
    }

    pub(crate) fn op<const N: usize>(&mut self, op: &str, args: [OperandLike; N], ty: Ty) -> LocalId {
        let op = snow_abi::Intrinsic::by_name(op).unwrap();
        self.let_(ty, Rvalue::Intrinsic { op, args: args.into_iter().map(|a| a.0).collect() })
    }

    pub(crate) fn rt<const N: usize>(&mut self, func: &str, args: [OperandLike; N], ty: Ty) -> LocalId {
        let func = snow_abi::RuntimeFn::by_name(func).unwrap();
        self.let_(ty, Rvalue::Runtime { func, args: args.into_iter().map(|a| a.0).collect() })
    }

    pub(crate) fn call(&mut self, func: FuncId, args: Vec<Operand>, ty: Ty) -> LocalId {
        self.let_(ty, Rvalue::Call { func, args })
    }

    pub(crate) fn print_int(&mut self, n: impl Into<OperandLike>) {
        let text = self.rt("int_to_str", [n.into()], Ty::string());
        self.println(text);
        self.push(StmtKind::Drop(text));
    }

    /// Prints a string, which stays alive, and a line's end.
    pub(crate) fn println(&mut self, line: impl Into<OperandLike>) {
        self.rt("print", [line.into()], Ty::unit());
        self.rt("print", [text("\n").into()], Ty::unit());
    }

    pub(crate) fn term(&mut self, term: Term) {
        self.func.blocks[self.block].term = term;
    }

    /// Branches on a Bool; goes on in the block for true and gives the other.
    pub(crate) fn if_(&mut self, cond: LocalId) -> BlockId {
        let (then, other) = (self.block(), self.block());
        self.term(Term::Switch { on: cond, cases: vec![(0, other), (1, then)], default: None });
        self.at(then);
        other
    }

    pub(crate) fn ret(&mut self, op: impl Into<OperandLike>) {
        self.term(Term::Return(op.into().0));
    }
}
