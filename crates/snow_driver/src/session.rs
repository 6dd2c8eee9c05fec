//! The stages in order: text to tree, items, types, MIR, object, program.

use std::path::Path;
use std::sync::Arc;

use snow_base::{FileId, FxHashMap, FxHashSet, SourceMap, Span, TextRange};
use snow_codegen::Plan;
use snow_diagnostics::Diagnostic;
use snow_hir::{FileInPackage, ParsedFile, Program};
use snow_mir::layout::Layouts;
use snow_mir::mir::Mir;
use snow_typeck::Typed;

use crate::link::LinkError;
use crate::load::InputFile;
use crate::objects::{self, ObjectsError};
use crate::parsing::parse_all;
use crate::phase::{Phase, enter, note};
use crate::{cache, cascade, link, runtime, std_places};

/// One compilation: the sources it reads and what it has to say about them.
#[derive(Debug, Default)]
pub struct Session {
    /// Every file, those of std first.
    pub sources: SourceMap,
    /// Errors and warnings, in source order once a stage has returned.
    pub diagnostics: Vec<Diagnostic>,
    /// How many of the files that aren't std's [`Session::check_only`] looked into.
    pub files_checked: Option<usize>,
}

/// A program that was read and checked.
#[derive(Debug)]
pub struct Checked {
    /// Items and bodies.
    pub program: Program,
    /// Types.
    pub typed: Typed,
}

/// The program has errors; they are in [`Session::diagnostics`], or, for `Internal`, in the text.
#[derive(Debug)]
pub enum Failed {
    /// Mistakes in the program.
    Errors,
    /// A mistake in the compiler.
    Internal(String),
    /// Something outside is missing or refuses: the linker, a file.
    Outside(String),
}

impl Session {
    /// Reads, resolves and checks a program.
    ///
    /// # Errors
    /// [`Failed::Errors`] if anything is wrong with the program; all that was found is in `diagnostics`.
    pub fn check(&mut self, files: &[InputFile]) -> Result<Checked, Failed> {
        let parsed = self.parse(files);
        enter(Phase::Lower);
        let (program, mut found) = snow_hir::lower_packages(&parsed, packages_of(files, &parsed));
        enter(Phase::Check);
        let unread = cascade::unread(&self.diagnostics, &found, &parsed);
        let (typed, more) = snow_typeck::check_program(&program, &unread);
        found.extend(more);
        self.conclude(found, files, &parsed);
        self.stop_on_errors()?;
        Ok(Checked { program, typed })
    }

    /// Puts what was found behind the parser with the parser's errors, and leaves out what only follows from others.
    pub(crate) fn conclude(
        &mut self,
        mut found: Vec<Diagnostic>,
        files: &[InputFile],
        parsed: &[ParsedFile],
    ) {
        cascade::drop_consequences(&mut found, &self.diagnostics, parsed);
        self.diagnostics.extend(found);
        cascade::drop_doubtful_warnings(&mut self.diagnostics, parsed);
        // Warnings are for those who can change the code.
        let packages = packages_of(files, parsed);
        let is_foreign = |file| packages.get(&file).is_some_and(|p| !p.package.name.is_empty());
        self.diagnostics.retain(|d| d.is_error() || !is_foreign(d.span().file));
        self.diagnostics.iter_mut().for_each(|d| d.complete_fixes(&self.sources));
        let std: FxHashSet<FileId> = parsed.iter().filter(|p| p.is_std).map(|p| p.file).collect();
        std_places::quote(&mut self.diagnostics, &std, &self.sources);
        snow_diagnostics::sort(&mut self.diagnostics);
        snow_diagnostics::join_alike(&mut self.diagnostics);
    }

    /// Parses std and `files`, in this order.
    pub(crate) fn parse(&mut self, files: &[InputFile]) -> Vec<ParsedFile> {
        enter(Phase::Parse);
        let std = snow_std::files().iter().zip(snow_std::PATHS);
        let std = std.map(|((module, text), path)| (format!("std/{path}"), *module, *text, (true, false)));
        let own = files.iter();
        let own = own.map(|f| (f.shown.clone(), f.module.as_str(), f.text.as_str(), (false, f.is_root)));
        let all: Vec<_> = std.chain(own).collect();
        let texts = all.iter().map(|(shown, _, text, _)| {
            let file = self.sources.add(shown.clone(), *text);
            (file, self.sources.file(file).text.clone())
        });
        let texts: Vec<(FileId, Arc<str>)> = texts.collect();
        let mut parsed = Vec::new();
        for (((path, module, _, flags), (file, _)), parse) in
            all.into_iter().zip(&texts).zip(parse_all(&texts))
        {
            let (is_std, is_root) = flags;
            self.diagnostics.extend(parse.diagnostics.iter().cloned());
            let (tree, module_path) = (parse.tree(), module.to_owned());
            parsed.push(ParsedFile { file: *file, path, module_path, tree, is_std, is_root });
        }
        parsed
    }

    /// Fails if errors were found.
    pub(crate) fn stop_on_errors(&self) -> Result<(), Failed> {
        // A mistake of the compiler is told as one, whatever else was found.
        if let Some(bug) = self.diagnostics.iter().find(|d| d.code == "E0999") {
            return Err(Failed::Internal(bug.message.clone()));
        }
        let has_errors = self.diagnostics.iter().any(Diagnostic::is_error);
        if has_errors { Err(Failed::Errors) } else { Ok(()) }
    }

    /// Builds the MIR of a checked program and runs the passes; `after` sees it behind each.
    ///
    /// # Errors
    /// Growing instantiation, a missing `main`, or a mistake of the compiler.
    pub fn build_mir<'c>(
        &mut self,
        checked: &'c Checked,
        release: bool,
        after: &mut dyn FnMut(&str, &Mir, &Layouts<'_>),
    ) -> Result<(Mir, Layouts<'c>), Failed> {
        enter(Phase::Build);
        self.require_main(&checked.program)?;
        let mut mir = match snow_mir::build::build(&checked.program, &checked.typed) {
            Ok(mir) => mir,
            Err(found) => {
                self.diagnostics.extend(found);
                snow_diagnostics::sort(&mut self.diagnostics);
                self.stop_on_errors()?;
                return Err(Failed::Internal("building failed without a reason".into()));
            }
        };
        let layouts = Layouts::new(&checked.program, &checked.typed);
        after("build", &mir, &layouts);
        enter(Phase::Passes);
        let outcome = snow_mir::passes::run(&mut mir, &layouts, release, &mut |pass, mir| {
            after(pass.name, mir, &layouts)
        });
        if let Err(found) = outcome {
            let first = found.iter().take(5).map(|v| format!("{} bb{}: {}", v.func, v.block, v.text));
            return Err(Failed::Internal(first.collect::<Vec<_>>().join("\n")));
        }
        Ok((mir, layouts))
    }

    fn require_main(&mut self, program: &Program) -> Result<(), Failed> {
        let Some(root) = program.root else {
            return Err(Failed::Outside(
                "this project is a library: it has no `main.snow`\n  = help: `snow check` looks for mistakes in it; to run it, add `main.snow` with `fn main() do … end`".into(),
            ));
        };
        let module = &program.modules[root];
        if module.values.contains_key(&"main".into()) {
            return Ok(());
        }
        let start = Span::new(module.file, TextRange::empty(0.into()));
        let error = Diagnostic::error("E0290", "the program has no function `main`", start)
            .with_help("a program starts at `fn main() do … end`");
        self.diagnostics.push(error);
        Err(Failed::Errors)
    }

    /// Cuts MIR into the parts that are compiled.
    ///
    /// # Errors
    /// A mistake of the compiler.
    pub fn plan(&self, mir: &Mir, layouts: &Layouts<'_>, release: bool) -> Result<Plan, Failed> {
        enter(Phase::Codegen);
        let options = snow_codegen::Options { release, triple: None };
        Plan::new(mir, layouts, &self.sources, &options).map_err(|e| Failed::Internal(e.to_string()))
    }

    /// The name of the executable of a program: equal programs have equal names, others don't.
    pub fn name_of(&self, plan: &Plan) -> String {
        objects::program_key(plan).to_string()
    }

    /// Compiles MIR and links the program at `output`.
    ///
    /// # Errors
    /// The linker is missing or fails; a file can't be written; a mistake of the compiler.
    pub fn link(&self, mir: &Mir, layouts: &Layouts<'_>, release: bool, output: &Path) -> Result<(), Failed> {
        let plan = self.plan(mir, layouts, release)?;
        self.link_plan(&plan, mir, layouts, (release, output))
    }

    /// Compiles what isn't kept of the parts of a program and links it at `output`.
    ///
    /// # Errors
    /// The linker is missing or fails; a file can't be written; a mistake of the compiler.
    pub fn link_plan(
        &self,
        plan: &Plan,
        mir: &Mir,
        layouts: &Layouts<'_>,
        (release, output): (bool, &Path),
    ) -> Result<(), Failed> {
        let options = snow_codegen::Options { release, triple: None };
        let input = snow_codegen::Input { mir, layouts, sources: &self.sources, options: &options };
        let outside = |what: &str, e: &dyn std::fmt::Display| Failed::Outside(format!("{what}: {e}"));
        let objects = objects::objects(&input, plan).map_err(|e| match e {
            ObjectsError::Internal(e) => Failed::Internal(e.to_string()),
            ObjectsError::Io(e) => outside("cannot keep compiled code", &e),
        })?;
        note(format!("{} of {} parts compiled, the others kept", objects.compiled, objects.files.len()));
        enter(Phase::Link);
        let dir = cache::dir().map_err(|e| outside("cannot create a directory for the runtime", &e))?;
        let name = format!("runtime-{}.a", runtime::ID);
        let unlinked = |e: LinkError| Failed::Outside(e.to_string());
        let archive = link::store_runtime(&dir, &name, runtime::archive()).map_err(unlinked)?;
        let input = link::Input { objects: &objects.files, runtime: &archive, output };
        match link::link(&input) {
            Err(LinkError::Failed(_))
                if link::mend_runtime(&dir, &name, runtime::archive()).map_err(unlinked)? =>
            {
                link::link(&input).map_err(unlinked)
            }
            result => result.map_err(unlinked),
        }
    }

    /// Compiles MIR to the text of LLVM's or the processor's instructions.
    ///
    /// # Errors
    /// A mistake of the compiler.
    pub fn text_of(
        &self,
        mir: &Mir,
        layouts: &Layouts<'_>,
        release: bool,
        asm: bool,
    ) -> Result<String, Failed> {
        enter(Phase::Codegen);
        let options = snow_codegen::Options { release, triple: None };
        let input = snow_codegen::Input { mir, layouts, sources: &self.sources, options: &options };
        let text = if asm { snow_codegen::emit_asm(&input) } else { snow_codegen::emit_llvm_text(&input) };
        text.map_err(|e| Failed::Internal(e.to_string()))
    }
}

/// The packages of the files that have one. The parsed files are those of std, then `files`.
pub(crate) fn packages_of(files: &[InputFile], parsed: &[ParsedFile]) -> FxHashMap<FileId, FileInPackage> {
    let own = parsed.iter().filter(|p| !p.is_std);
    own.zip(files).filter_map(|(parsed, file)| Some((parsed.file, file.package.clone()?))).collect()
}
