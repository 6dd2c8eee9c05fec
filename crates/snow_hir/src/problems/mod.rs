//! What the lowering reports: one function a mistake. Nothing here decides whether something is a mistake.

pub(crate) mod bodies;
pub(crate) mod deriving;
pub(crate) mod items;
pub(crate) mod names;
pub(crate) mod services;

use snow_base::Name;
use snow_diagnostics::Near;

/// The candidate that the user probably meant.
pub(crate) fn nearest(name: Name, candidates: impl IntoIterator<Item = Name>) -> Option<Near> {
    snow_diagnostics::nearest(name.as_str(), candidates.into_iter().map(Name::as_str))
}
