//! The order of the lowering: collect items, resolve imports, lower signatures, derive, lower bodies.
//!
//! Invariant: ids are given out when items are collected; the later steps fill in what the items hold.

use snow_abi::LangItem;
use snow_base::{ArenaMap, FileId, FxHashMap, FxHashSet, Idx, Name, Span, TextRange};
use snow_diagnostics::Diagnostic;
use snow_syntax::ast::{self, AstNode};

use crate::body::{Body, BodyId, BodyOwner};
use crate::collect::Decls;
use crate::items::{FnId, ModuleId, Program, TypeId, ValueNs};
use crate::packages::{FileInPackage, Packages};
use crate::resolve::{ImportUse, ModuleScope, Prelude};
use crate::scope::ItemScope;

/// One parsed file of a program or of std.
#[derive(Clone, Debug)]
pub struct ParsedFile {
    /// The file.
    pub file: FileId,
    /// Its path as the user knows it, for `dbg`.
    pub path: String,
    /// The module it makes, `Math.Vector`.
    pub module_path: String,
    /// Its tree.
    pub tree: ast::SourceFile,
    /// Whether it belongs to the standard library.
    pub is_std: bool,
    /// Whether it holds `main`.
    pub is_root: bool,
}

/// Lowers all files of a program, std's among them. Errors are reported in no particular order.
pub fn lower_program(files: &[ParsedFile]) -> (Program, Vec<Diagnostic>) {
    lower_packages(files, FxHashMap::default())
}

/// The same for a project with packages: `packages` has an entry for each file but std's.
pub fn lower_packages(
    files: &[ParsedFile],
    packages: FxHashMap<FileId, FileInPackage>,
) -> (Program, Vec<Diagnostic>) {
    lower(files, packages, None)
}

/// The same, but only the bodies in the files `fresh` are lowered; those of other files stay empty, and nothing is said of
/// what stands in them or isn't used in their files. Items, and their ids, are the same.
pub fn lower_bodies_of(
    fresh: &FxHashSet<FileId>,
    files: &[ParsedFile],
    packages: FxHashMap<FileId, FileInPackage>,
) -> (Program, Vec<Diagnostic>) {
    lower(files, packages, Some(fresh))
}

fn lower(
    files: &[ParsedFile],
    packages: FxHashMap<FileId, FileInPackage>,
    fresh: Option<&FxHashSet<FileId>>,
) -> (Program, Vec<Diagnostic>) {
    let mut lowerer = Lowerer::new(files, Packages::new(packages));
    let is_fresh = |file| fresh.is_none_or(|fresh| fresh.contains(&file));
    let mut decls = Decls::default();
    for file in files {
        lowerer.collect_file(file, &mut decls);
    }
    lowerer.resolve_imports(&decls);
    lowerer.build_prelude();
    lowerer.lower_signatures(&decls);
    lowerer.check_alias_cycles();
    lowerer.derive_all();
    lowerer.lower_bodies(&is_fresh);
    lowerer.report_unused(&is_fresh);
    (lowerer.program, lowerer.diags)
}

/// Code of a body that waits until all items are known.
pub(crate) struct BodyJob {
    /// The body, reserved.
    pub(crate) body: BodyId,
    /// What its names may mean.
    pub(crate) scope: ItemScope,
    /// The code.
    pub(crate) source: BodySource,
}

/// Where the code of a body comes from.
pub(crate) enum BodySource {
    /// The clauses of a function; `annotated[i]` is the clause whose annotation the parameter has.
    Fn { clauses: Vec<ast::FnItem>, annotated: Vec<Option<usize>> },
    /// A closure that a constant is.
    Closure(ast::FnExpr),
    /// An actor.
    Actor(ast::ActorItem),
    /// A test.
    Test(ast::TestItem),
    /// A constant or the default of a field.
    Expr(Option<ast::Expr>),
    /// The default of a parameter, with the parameters before it.
    ParamDefault { before: Vec<ast::Param>, value: ast::Expr },
}

/// What the steps of the lowering share.
pub(crate) struct Lowerer<'a> {
    /// The files by id, for `dbg`.
    pub(crate) files: FxHashMap<FileId, &'a ParsedFile>,
    /// What is being made.
    pub(crate) program: Program,
    /// What was reported so far.
    pub(crate) diags: Vec<Diagnostic>,
    /// What each module sees beside its own items.
    pub(crate) scopes: ArenaMap<ModuleId, ModuleScope>,
    /// What all modules see.
    pub(crate) prelude: Prelude,
    /// Modules of the project and of packages by full path.
    pub(crate) project_modules: FxHashMap<String, ModuleId>,
    /// Modules of std by full path.
    pub(crate) std_modules: FxHashMap<String, ModuleId>,
    /// Which package each file belongs to.
    pub(crate) packages: Packages,
    /// Imported names and whether they were used.
    pub(crate) import_uses: Vec<ImportUse>,
    /// Bodies to lower.
    pub(crate) jobs: Vec<BodyJob>,
    /// Functions of which clauses stand elsewhere by mistake: no case of theirs counts as missing.
    pub(crate) torn: FxHashSet<FnId>,
    /// For each type, the `deriving` clause or the type's name.
    pub(crate) derive_sites: FxHashMap<TypeId, (ItemScope, Option<ast::Deriving>)>,
    /// The heads of derived impls by interface.
    pub(crate) derived_heads: FxHashMap<LangItem, ast::ImplItem>,
}

impl<'a> Lowerer<'a> {
    fn new(files: &'a [ParsedFile], packages: Packages) -> Lowerer<'a> {
        Lowerer {
            files: files.iter().map(|f| (f.file, f)).collect(),
            program: Program::default(),
            diags: Vec::new(),
            scopes: ArenaMap::default(),
            prelude: Prelude::default(),
            project_modules: FxHashMap::default(),
            std_modules: FxHashMap::default(),
            packages,
            import_uses: Vec::new(),
            jobs: Vec::new(),
            torn: FxHashSet::default(),
            derive_sites: FxHashMap::default(),
            derived_heads: FxHashMap::default(),
        }
    }

    /// Reserves a body that a job will fill.
    pub(crate) fn reserve_body(&mut self, owner: BodyOwner, module: ModuleId) -> BodyId {
        self.program.bodies.alloc(Body::empty(owner, module))
    }

    /// The module's full name.
    pub(crate) fn module_path(&self, module: ModuleId) -> &str {
        &self.program.modules[module].path
    }

    fn lower_bodies(&mut self, is_fresh: &dyn Fn(FileId) -> bool) {
        for mut job in std::mem::take(&mut self.jobs) {
            self.link_handler(&job);
            if is_fresh(job.scope.file) {
                self.write_derived(&mut job);
                crate::exprs::lower_body(self, job);
            }
        }
    }

    /// Notes which `init` makes the state that a service's handler gets.
    fn link_handler(&mut self, job: &BodyJob) {
        let (BodySource::Fn { .. }, Some(made)) = (&job.source, &job.scope.made) else { return };
        let BodyOwner::Fn(id) = self.program.bodies[job.body].owner else { return };
        let is_handler = made.answers.contains_key(&self.program.fns[id].name);
        let values = &self.program.modules[job.scope.module].values;
        if is_handler && let Some(&ValueNs::Fn(init)) = values.get(&Name::new("init")) {
            self.program.fns[id].state_of = Some(init);
        }
    }
}

impl Body {
    /// A body without code.
    pub(crate) fn empty(owner: BodyOwner, module: ModuleId) -> Body {
        Body {
            owner,
            module,
            exprs: Default::default(),
            pats: Default::default(),
            locals: Default::default(),
            params: Vec::new(),
            clauses: Vec::new(),
            terminate: None,
            expr_spans: ArenaMap::default(),
            pat_spans: ArenaMap::default(),
        }
    }
}

/// The id that the next item of `arena` will get.
pub(crate) fn next_id<T>(arena: &snow_base::Arena<T>) -> Idx<T> {
    Idx::from_raw(snow_base::RawIdx::from(arena.len() as u32))
}

/// A name of the tree with its place; none where the tree lacks it.
pub(crate) fn named(scope: &ItemScope, name: Option<ast::Name>) -> Option<(Name, Span)> {
    let node = name?;
    let text = node.text();
    (!text.as_str().is_empty()).then(|| (text, scope.span(&node)))
}

/// The place of a token.
pub(crate) fn token_span(scope: &ItemScope, token: &snow_syntax::SyntaxToken) -> Span {
    scope.place_of(token.text_range())
}

impl ItemScope {
    /// The place of a node; of code made by the compiler, the place that stands for it.
    pub(crate) fn span<N: AstNode<Language = snow_syntax::Snow>>(&self, node: &N) -> Span {
        self.place_of(node.syntax().text_range())
    }

    /// The place of a piece of the code.
    pub(crate) fn place_of(&self, range: TextRange) -> Span {
        match (self.place, &self.made) {
            (Some(place), _) => place,
            (None, Some(made)) => made.place_of(range),
            (None, None) => Span::new(self.file, range),
        }
    }
}
