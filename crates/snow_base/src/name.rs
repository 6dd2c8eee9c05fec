//! Interned names: how identifiers are compared and hashed in O(1) by all stages.
//!
//! Names live as long as the process: a compiler run sees a bounded set of identifiers.

use std::fmt;
use std::sync::{OnceLock, RwLock};

use rustc_hash::FxHashMap;

/// An interned identifier. Copying and comparing cost O(1); ordering is by text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(u32);

#[derive(Default)]
struct Interner {
    ids: FxHashMap<&'static str, u32>,
    texts: Vec<&'static str>,
}

fn interner() -> &'static RwLock<Interner> {
    static INTERNER: OnceLock<RwLock<Interner>> = OnceLock::new();
    INTERNER.get_or_init(Default::default)
}

impl Name {
    /// Interns `text`. O(length).
    pub fn new(text: &str) -> Name {
        // A poisoned lock only means that another thread panicked between two consistent states.
        if let Some(&id) = interner().read().unwrap_or_else(|e| e.into_inner()).ids.get(text) {
            return Name(id);
        }
        let mut interner = interner().write().unwrap_or_else(|e| e.into_inner());
        if let Some(&id) = interner.ids.get(text) {
            return Name(id);
        }
        let id = interner.texts.len() as u32;
        let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
        interner.texts.push(text);
        interner.ids.insert(text, id);
        Name(id)
    }

    /// The text of the name. O(1).
    pub fn as_str(self) -> &'static str {
        interner().read().unwrap_or_else(|e| e.into_inner()).texts[self.0 as usize]
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.as_str())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_name() {
        assert_eq!(Name::new("list"), Name::new("list"));
        assert_ne!(Name::new("list"), Name::new("lists"));
        assert_eq!(Name::new("list").as_str(), "list");
        assert!(Name::new("b") > Name::new("a"));
    }
}
