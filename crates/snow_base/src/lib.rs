//! What every stage of the compiler shares: which file, where in it, and interned names.
//!
//! Nothing here knows about Snow's grammar or does I/O.

mod content;
mod line_index;
mod name;
mod source;

pub use content::{ContentHash, ContentHasher};
pub use la_arena::{Arena, ArenaMap, Idx, RawIdx};
pub use line_index::{LineCol, LineIndex};
pub use name::Name;
pub use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
pub use source::{FileId, SourceFile, SourceMap, Span, SpanRange, Spans};
pub use text_size::{TextRange, TextSize};
