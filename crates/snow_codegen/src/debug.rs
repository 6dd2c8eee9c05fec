//! Debug information (DWARF 5): which place in the source each instruction comes from, and each function's name. Neither
//! variables nor types.
//!
//! A function's linkage name here is `snow$` and its name for people, without what makes its symbol unique: stack traces
//! know Snow's functions by the prefix.
//! Spans of files that the source map doesn't have give line 0: no line.

use std::cell::RefCell;

use inkwell::context::Context;
use inkwell::debug_info::{
    AsDIScope, DICompileUnit, DIFile, DIFlags, DIFlagsConstants, DILocation, DISubprogram, DWARFEmissionKind,
    DWARFSourceLanguage, DebugInfoBuilder,
};
use inkwell::module::{FlagBehavior, Module};
use snow_base::{FileId, FxHashMap, LineCol, SourceMap, Span};
use snow_mir::mir::Func;

/// The debug information of a module in the making.
pub(crate) struct Debug<'ll> {
    builder: DebugInfoBuilder<'ll>,
    unit: DICompileUnit<'ll>,
    files: RefCell<FxHashMap<FileId, DIFile<'ll>>>,
}

/// Line and column of a span's start; `None` where the file isn't known.
pub(crate) fn line_col(sources: &SourceMap, span: Span) -> Option<LineCol> {
    let file = sources.iter().nth(span.file.0 as usize)?.1;
    Some(file.lines.line_col(&file.text, span.text_range().start()))
}

impl<'ll> Debug<'ll> {
    /// Starts the tables of `module`. `main_file` names the compile unit.
    pub(crate) fn new(ll: &'ll Context, module: &Module<'ll>, main_file: &str, release: bool) -> Debug<'ll> {
        let int = |n| ll.i32_type().const_int(n, false);
        module.add_basic_value_flag("Debug Info Version", FlagBehavior::Warning, int(3));
        module.add_basic_value_flag("Dwarf Version", FlagBehavior::Warning, int(5));
        let (builder, unit) = module.create_debug_info_builder(
            false,
            DWARFSourceLanguage::C,
            main_file,
            "",
            "snow",
            release,
            "",
            0,
            "",
            DWARFEmissionKind::Full,
            0,
            false,
            false,
            "",
            "",
        );
        Debug { builder, unit, files: RefCell::default() }
    }

    /// The entry of a function.
    pub(crate) fn subprogram(&self, sources: &SourceMap, func: &Func, release: bool) -> DISubprogram<'ll> {
        let file = self.file(sources, func.span.file);
        let line = line_col(sources, func.span).map_or(0, |at| at.line);
        let ty = self.builder.create_subroutine_type(file, None, &[], DIFlags::ZERO);
        let scope = file.as_debug_info_scope();
        let linkage_name = format!("snow${}", func.name);
        self.builder.create_function(
            scope,
            &func.name,
            Some(&linkage_name),
            file,
            line,
            ty,
            true,
            true,
            line,
            DIFlags::ZERO,
            release,
        )
    }

    /// A place in a function, whose own file comes with its scope.
    pub(crate) fn location(
        &self,
        ll: &'ll Context,
        sources: &SourceMap,
        (function, home): (DISubprogram<'ll>, FileId),
        span: Span,
    ) -> DILocation<'ll> {
        let (line, col) = line_col(sources, span).map_or((0, 0), |at| (at.line, at.col));
        let mut scope = function.as_debug_info_scope();
        if span.file != home {
            let file = self.file(sources, span.file);
            scope = self.builder.create_lexical_block(scope, file, line, col).as_debug_info_scope();
        }
        self.builder.create_debug_location(ll, line, col, scope, None)
    }

    /// Closes the tables.
    pub(crate) fn finish(&self) {
        self.builder.finalize();
    }

    fn file(&self, sources: &SourceMap, id: FileId) -> DIFile<'ll> {
        *self.files.borrow_mut().entry(id).or_insert_with(|| match sources.iter().nth(id.0 as usize) {
            Some((_, file)) => self.builder.create_file(&file.path, ""),
            None => self.unit.get_file(),
        })
    }
}
