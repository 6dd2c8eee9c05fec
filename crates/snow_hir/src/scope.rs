//! What the names inside one item may mean beside the module's: type parameters, `Self`.
//!
//! It doesn't hold local variables; those belong to a body's lowering.

use std::rc::Rc;

use snow_base::{FileId, Name, Span};

use crate::items::{ModuleId, TypeId};
use crate::made::Made;

/// What `Self` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SelfMeaning {
    /// Nothing: outside interfaces and impls.
    None,
    /// Parameter 0 of an interface.
    Interface,
    /// The type of an impl.
    Impl,
}

/// The surroundings of an item.
#[derive(Clone, Debug)]
pub(crate) struct ItemScope {
    /// The module in which names are looked up.
    pub(crate) module: ModuleId,
    /// The file.
    pub(crate) file: FileId,
    /// For code made by deriving: the place that stands for all of it.
    pub(crate) place: Option<Span>,
    /// For code made of a service or supervisor: which pieces of it were written by the user.
    pub(crate) made: Option<Rc<Made>>,
    /// Type parameters with their numbers.
    pub(crate) params: Vec<(Name, u32)>,
    /// What `Self` means.
    pub(crate) self_meaning: SelfMeaning,
    /// For code made by deriving: the type called [`DERIVE_TARGET`].
    pub(crate) target: Option<TypeId>,
}

/// What code made by deriving calls the type it is made for.
pub(crate) const DERIVE_TARGET: &str = "Target";

impl ItemScope {
    /// The surroundings of an item directly in a module.
    pub(crate) fn of_module(module: ModuleId, file: FileId) -> ItemScope {
        ItemScope {
            module,
            file,
            place: None,
            made: None,
            params: Vec::new(),
            self_meaning: SelfMeaning::None,
            target: None,
        }
    }

    /// The number of a type parameter.
    pub(crate) fn param(&self, name: Name) -> Option<u32> {
        self.params.iter().rev().find(|p| p.0 == name).map(|p| p.1)
    }
}
