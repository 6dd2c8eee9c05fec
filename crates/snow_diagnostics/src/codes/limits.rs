//! Codes E09xx: limits, and what isn't supported yet.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[Explanation {
    code: "E0901",
    title: "not supported yet",
    text: "\
The program is right, but it uses a part of the language that this version of the compiler can't \
translate yet. The message names the part.",
}];
