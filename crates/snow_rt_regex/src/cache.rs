//! Which compiled form belongs to a pattern? Compiling costs thousands of times what a short search costs, so both are kept:
//! compiled forms for the whole program, and for each thread the ones that it used last, with the memory that searches
//! need.
//!
//! Both stores are bounded; what was used longest ago goes. Protocol: the store of the program is reached under its lock only,
//! which isn't held while something is compiled or searched; that of a thread is reached by its thread only, and not
//! held across anything that may switch processes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use regex_automata::meta::{BuildError, Cache, Config, Regex};
use regex_automata::util::syntax;

/// Compiled forms that the program keeps.
const PROGRAM_LIMIT: usize = 256;
/// Compiled forms that a thread keeps, each with up to a few megabytes for searches.
const THREAD_LIMIT: usize = 32;
/// Groups in groups. The compiler of patterns is recursive, and runs on what compiled code leaves of its stack.
const NEST_LIMIT: u32 = 60;
/// Bytes of one compiled form.
const SIZE_LIMIT: usize = 10 << 20;
/// The same, of one that compiles within a few milliseconds.
const SMALL: usize = 256 << 10;

/// A store of at most `limit` values by pattern.
struct Store<T> {
    limit: usize,
    /// How often it was asked.
    clock: u64,
    /// With the time at which each was used last.
    entries: HashMap<Box<str>, (u64, T)>,
}

impl<T> Store<T> {
    fn new(limit: usize) -> Store<T> {
        Store { limit, clock: 0, entries: HashMap::new() }
    }

    fn get(&mut self, pattern: &str) -> Option<&mut T> {
        self.clock += 1;
        let (used, value) = self.entries.get_mut(pattern)?;
        *used = self.clock;
        Some(value)
    }

    /// O(limit) when it is full.
    fn put(&mut self, pattern: &str, value: T) {
        if self.entries.len() >= self.limit {
            let oldest = self.entries.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                self.entries.remove(&oldest);
            }
        }
        self.entries.insert(pattern.into(), (self.clock, value));
    }
}

static PROGRAM: Mutex<Option<Store<Regex>>> = Mutex::new(None);

thread_local! {
    static THREAD: RefCell<Store<(Regex, Cache)>> = RefCell::new(Store::new(THREAD_LIMIT));
}

fn with_program<R>(f: impl FnOnce(&mut Store<Regex>) -> R) -> R {
    let mut guard = PROGRAM.lock().unwrap_or_else(PoisonError::into_inner);
    f(guard.get_or_insert_with(|| Store::new(PROGRAM_LIMIT)))
}

/// The compiled form of a pattern.
pub(crate) fn compiled(pattern: &str) -> Result<Regex, Box<BuildError>> {
    if let Some(regex) = with_program(|store| store.get(pattern).cloned()) {
        return Ok(regex);
    }
    compile_and_keep(pattern, SIZE_LIMIT)
}

/// Sees to it that there is a compiled form, unless it is large.
pub(crate) fn compiled_if_small(pattern: &str) -> Result<(), Box<BuildError>> {
    if with_program(|store| store.get(pattern).is_some()) {
        return Ok(());
    }
    compile_and_keep(pattern, SMALL).map(|_| ())
}

fn compile_and_keep(pattern: &str, limit: usize) -> Result<Regex, Box<BuildError>> {
    let regex = compile(pattern, limit)?;
    with_program(|store| store.put(pattern, regex.clone()));
    Ok(regex)
}

fn compile(pattern: &str, limit: usize) -> Result<Regex, Box<BuildError>> {
    Regex::builder()
        .syntax(syntax::Config::new().nest_limit(NEST_LIMIT))
        .configure(Config::new().nfa_size_limit(Some(limit)))
        .build(pattern)
        .map_err(Box::new)
}

/// Calls `f` with the compiled form of a pattern and memory for searches.
#[inline(never)]
pub(crate) fn with<R>(pattern: &str, f: impl FnOnce(&Regex, &mut Cache) -> R) -> Result<R, Box<BuildError>> {
    THREAD.with_borrow_mut(|store| {
        if let Some((regex, cache)) = store.get(pattern) {
            return Ok(f(regex, cache));
        }
        let regex = compiled(pattern)?;
        let mut cache = regex.create_cache();
        let result = f(&regex, &mut cache);
        store.put(pattern, (regex, cache));
        Ok(result)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_keeps_what_was_used_last() {
        let mut store = Store::new(2);
        store.put("a", 1);
        store.put("b", 2);
        assert_eq!(store.get("a"), Some(&mut 1));
        store.put("c", 3);
        assert_eq!(store.get("b"), None);
        assert_eq!((store.get("a").copied(), store.get("c").copied()), (Some(1), Some(3)));
    }

    #[test]
    fn compiling_needs_less_stack_than_there_is() {
        let compile_on_small_stack = |pattern: String| {
            std::thread::Builder::new()
                .stack_size(192 << 10)
                .spawn(move || compile(&pattern, SIZE_LIMIT).is_ok())
                .expect("a thread")
                .join()
                .expect("it ends")
        };
        let nested = |n: usize| format!("{}a{}", "(?:x|".repeat(n), ")+".repeat(n));
        assert!(compile_on_small_stack(nested(20)));
        assert!(!compile_on_small_stack(nested(5000)));
        let deep = format!("{}a{}", "(".repeat(50), ")".repeat(50));
        assert!(compile_on_small_stack(deep));
    }
}
