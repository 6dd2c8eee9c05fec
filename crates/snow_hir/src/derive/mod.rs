//! Derived impls.

use crate::collect::Decls;
use crate::lower::Lowerer;

impl Lowerer<'_> {
    pub(crate) fn derive_all(&mut self, _decls: &Decls) {}
}
