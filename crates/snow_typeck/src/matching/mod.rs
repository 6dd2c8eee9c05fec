//! Decision trees: the one algorithm behind missing cases, unreachable arms and the code of every match.
//!
//! Clauses are rows, tested places are columns (Maranget, *Compiling pattern matching to good decision trees*, ML
//! 2008). The tree never repeats an arm's code: leaves name the arm and say from where its variables come.

mod compile;
mod pattern;
mod split;
mod witness;

use snow_base::Name;
use snow_hir::{CtorId, ExprId, LocalId, PatId};

pub use compile::{MatchInput, MatchOutcome, Row, compile_match};

/// What a tree belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatchId {
    /// The clauses of the body itself; its roots are the parameters.
    Body,
    /// The clauses of a closure, the arms of a `case` or `receive`, the pattern of a `for`.
    Expr(ExprId),
    /// A pattern that stands alone (`let`).
    Pat(PatId),
    /// The arms of a `receive` that take this kind of system signal; its roots are the signal's parts.
    Signal(ExprId, i64),
}

/// An index into [`MatchTree::places`].
pub type PlaceId = u32;

/// A compiled match.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchTree {
    /// The places that tests and variables speak of; a place comes after the one it is a part of.
    pub places: Vec<Place>,
    /// The tree.
    pub root: Node,
    /// Arms that nothing reaches.
    pub unreachable: Vec<u32>,
}

/// A part of what is matched.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The value at this position of what is matched (one for `case`, one a parameter for clauses).
    Root(u32),
    /// A part of a variant or field of a struct.
    Field(PlaceId, CtorId, u32),
    /// A part of a tuple.
    Part(PlaceId, u32),
    /// An element of a list that is known to be there, counted from the front.
    Elem(PlaceId, u32),
    /// An element counted from the back, 0 the last.
    ElemBack(PlaceId, u32),
    /// A list without so many elements at the front and at the back.
    Rest(PlaceId, u32, u32),
    /// A string without a prefix of so many bytes.
    StrRest(PlaceId, u32),
    /// The value under a key that is known to be there (the key is an expression of the pattern).
    MapValue(PlaceId, ExprId),
}

/// A node of a decision tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Nothing matches: a missing case, or a crash for `let`, or «go on» for `receive` and `for`.
    Fail,
    /// The arm is taken, if its guard holds; otherwise `otherwise` goes on (only with a guard).
    Arm {
        /// Which.
        arm: u32,
        /// Its variables.
        bindings: Vec<(LocalId, PlaceId)>,
        /// Where a guard that doesn't hold leads.
        otherwise: Option<Box<Node>>,
    },
    /// A test.
    Test {
        /// What is tested.
        place: PlaceId,
        /// The cases, tried in order; the first that holds counts.
        cases: Vec<(Case, Node)>,
        /// Where no case holds; absent where the cases are complete.
        default: Option<Box<Node>>,
    },
}

/// One outcome of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum Case {
    /// This variant.
    Ctor(CtorId),
    /// This integer.
    Int(i64),
    /// An integer in this range, both ends included.
    IntRange(i64, i64),
    /// This float (IEEE equality).
    Float(f64),
    /// This truth value.
    Bool(bool),
    /// This text.
    Str(String),
    /// A text that starts so.
    StrPrefix(String),
    /// This atom.
    Atom(Name),
    /// A list of exactly this length.
    LenExact(u32),
    /// A list of at least this length.
    LenAtLeast(u32),
    /// A map that has the key.
    MapHas(ExprId),
}

#[cfg(test)]
mod tests;
