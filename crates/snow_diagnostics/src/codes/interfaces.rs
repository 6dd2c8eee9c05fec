//! Codes E05xx: interfaces and deriving.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[];
