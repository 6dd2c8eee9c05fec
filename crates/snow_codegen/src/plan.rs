//! How is a program cut into objects, and what is known of each before it is compiled?
//!
//! An optimised program is one object, so that everything can be inlined. Otherwise each file is a part, the
//! instances of std's functions are spread over a few, and the start of the program with its tables is one: after
//! an edit only parts that changed are compiled. A part's key is a hash of all that its object depends on.
//!
//! Invariants: every function stands in one part; a plan doesn't change, so that threads can share it.

use std::collections::BTreeMap;

use snow_base::{ContentHash, ContentHasher, FileId, FxHashMap, FxHashSet, SourceMap};
use snow_mir::layout::Layouts;
use snow_mir::mir::{Func, FuncId, Mir};
use snow_typeck::Ty;

use crate::Options;
use crate::content::{Content, Walk};
use crate::convention::{self, Conventions};
use crate::descs::Descs;
use crate::error::{Res, bad};

/// Instances of std's functions that one part holds, about.
const STD_PART: usize = 64;

/// A program cut into objects.
#[derive(Debug)]
pub struct Plan {
    parts: Vec<Part>,
    /// Link names of the functions.
    pub(crate) links: Vec<String>,
    /// Calling conventions of the functions.
    pub(crate) conventions: Conventions,
    /// The descriptions of objects.
    pub(crate) descs: Descs,
    /// How messages are shown, by their type.
    pub(crate) shapes: FxHashMap<Ty, Vec<u8>>,
}

/// What becomes one object.
#[derive(Debug)]
pub struct Part {
    /// A hash of all that the object depends on, the compiler itself apart.
    pub key: ContentHash,
    /// The file that it is named after in debug information.
    pub(crate) file: String,
    /// Its functions.
    pub(crate) fns: Vec<FuncId>,
    /// Whether `main` and the tables stand in it.
    pub(crate) is_entry: bool,
    /// Whether nothing of it is used by other parts.
    pub(crate) is_alone: bool,
}

impl Plan {
    /// Cuts a program into parts.
    ///
    /// # Errors
    /// Those of an inconsistent program: errors of the compiler.
    pub fn new(mir: &Mir, layouts: &Layouts<'_>, sources: &SourceMap, options: &Options) -> Res<Plan> {
        Plan::cut(mir, layouts, sources, options, options.release)
    }

    /// The whole program as one part.
    pub(crate) fn whole(
        mir: &Mir,
        layouts: &Layouts<'_>,
        sources: &SourceMap,
        options: &Options,
    ) -> Res<Plan> {
        Plan::cut(mir, layouts, sources, options, true)
    }

    fn cut(
        mir: &Mir,
        layouts: &Layouts<'_>,
        sources: &SourceMap,
        options: &Options,
        alone: bool,
    ) -> Res<Plan> {
        if mir.fns.get(mir.init.0 as usize).is_none() {
            return bad("the program has no initialisation");
        }
        let conventions = convention::of_all(mir, layouts)?;
        let links = if alone { symbols(mir) } else { links(mir) };
        let mut parts = if alone { one_part(mir, sources) } else { parts(mir, layouts, sources) };
        let mut walk = Walk::new(mir, layouts, sources, (&links, &conventions.of_fns));
        let contents: Vec<Content> = (0..mir.fns.len() as u32).map(|id| walk.function(FuncId(id))).collect();
        let entry = walk.entry();
        let descs = Descs::number(&walk.described, layouts, !alone)?;
        let ids = walk.described.iter().map(|what| descs.id(what)).collect::<Res<Vec<u32>>>()?;
        for part in &mut parts {
            let mut hasher = ContentHasher::default();
            hasher.tag(u8::from(options.release));
            hasher.tag(u8::from(conventions.removed));
            hasher.text(options.triple.as_deref().unwrap_or("native"));
            hasher.text(&part.file);
            let mut take = |content: &Content| {
                hasher.hash(content.hash);
                content.descs.iter().for_each(|&at| hasher.number(u64::from(ids[at as usize])));
            };
            part.fns.iter().for_each(|id| take(&contents[id.0 as usize]));
            if part.is_entry {
                take(&entry);
                hasher.hash(descs.content());
            }
            part.key = hasher.finish();
        }
        let shapes = walk.shapes.into_iter().map(|(ty, shape)| Ok((ty, shape?))).collect::<Res<_>>()?;
        Ok(Plan { parts, links, conventions, descs, shapes })
    }

    /// The parts.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }
}

fn one_part(mir: &Mir, sources: &SourceMap) -> Vec<Part> {
    let file = sources.iter().next().map_or("main.snow", |(_, file)| file.path.as_str()).to_owned();
    let fns = (0..mir.fns.len() as u32).map(FuncId).collect();
    vec![Part { key: ContentHash::of(b""), file, fns, is_entry: true, is_alone: true }]
}

fn parts(mir: &Mir, layouts: &Layouts<'_>, sources: &SourceMap) -> Vec<Part> {
    let modules = layouts.program().modules.iter();
    let std: FxHashSet<FileId> = modules.filter(|(_, m)| m.is_std).map(|(_, m)| m.file).collect();
    let of_std = mir.fns.iter().filter(|func| std.contains(&func.span.file)).count();
    // A power of two: it changes rarely, and with it where everything stands.
    let spread = (of_std / STD_PART).next_power_of_two().max(1) as u64;
    let mut groups: BTreeMap<(String, u64), Vec<FuncId>> = BTreeMap::new();
    for (func, id) in mir.fns.iter().zip(0u32..) {
        let place = if std.contains(&func.span.file) {
            ("std".to_owned(), func.identity % spread)
        } else {
            let file = sources.iter().nth(func.span.file.0 as usize);
            (file.map_or(String::new(), |(_, file)| file.path.clone()), 0)
        };
        groups.entry(place).or_default().push(FuncId(id));
    }
    let key = ContentHash::of(b"");
    let part = |file: String, fns| Part { key, file, fns, is_entry: false, is_alone: false };
    let mut all: Vec<Part> = groups.into_iter().map(|((file, _), fns)| part(file, fns)).collect();
    all.push(Part { is_entry: true, ..part("start".to_owned(), Vec::new()) });
    // What stands in one part must not depend on the order in which instances were met.
    for part in &mut all {
        part.fns.sort_by_key(|id| {
            let func: &Func = &mir.fns[id.0 as usize];
            (func.span.file, func.span.range, func.identity)
        });
    }
    all
}

/// Names that are unique in one build.
fn symbols(mir: &Mir) -> Vec<String> {
    mir.fns.iter().map(|func| format!("snow${}", func.symbol)).collect()
}

/// Names that are the same in every build.
fn links(mir: &Mir) -> Vec<String> {
    let mut taken: FxHashMap<(&str, u64), u32> = FxHashMap::default();
    let link = |func: &'_ Func, count: u32| match count {
        0 => format!("snow${}#{:x}", func.name, func.identity),
        _ => format!("snow${}#{:x}~{count}", func.name, func.identity),
    };
    let mut all = Vec::new();
    for func in &mir.fns {
        let count = taken.entry((&func.name, func.identity)).or_insert(0);
        all.push(link(func, *count));
        *count += 1;
    }
    all
}
