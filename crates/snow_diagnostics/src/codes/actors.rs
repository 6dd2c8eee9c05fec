//! Codes E06xx: actors, services, supervisors.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[];
