//! What the lowering reports: one function a mistake. Nothing here decides whether something is a mistake.

pub(crate) mod bodies;
pub(crate) mod deriving;
pub(crate) mod items;
pub(crate) mod names;
pub(crate) mod services;
