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

/// The function that the user probably meant, perhaps by the name that another language has for it.
pub(crate) fn nearest_function(name: Name, candidates: impl IntoIterator<Item = Name>) -> Option<Near> {
    snow_diagnostics::nearest_function(name.as_str(), candidates.into_iter().map(Name::as_str))
}
