//! What has a process opened that must be closed when it ends? A list in order of acquisition.
//!
//! No number is used twice in a program, so another process that got hold of one finds nothing.

use std::any::Any;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

/// The number of the last thing that was opened.
static LAST: AtomicI64 = AtomicI64::new(0);

/// Something open.
type Resource = Box<dyn Any + Send>;

/// The open things of one process, by ascending number. Dropped in reverse order.
#[derive(Default)]
pub(crate) struct Resources {
    /// Absent while lent.
    open: Vec<(i64, Option<Resource>)>,
}

impl Resources {
    /// Adds one; its number. O(1).
    pub(crate) fn add(&mut self, resource: Resource) -> i64 {
        let number = LAST.fetch_add(1, Relaxed) + 1;
        self.open.push((number, Some(resource)));
        number
    }

    fn index(&self, number: i64) -> Option<usize> {
        self.open.binary_search_by_key(&number, |(known, _)| *known).ok()
    }

    /// The one with that number, to be given back. O(log open).
    pub(crate) fn lend(&mut self, number: i64) -> Option<Resource> {
        let index = self.index(number)?;
        self.open[index].1.take()
    }

    /// Takes back what was lent.
    pub(crate) fn take_back(&mut self, number: i64, resource: Resource) {
        if let Some(index) = self.index(number) {
            self.open[index].1 = Some(resource);
        }
    }

    /// Takes one out. O(open).
    pub(crate) fn remove(&mut self, number: i64) -> Option<Resource> {
        let index = self.index(number)?;
        self.open.remove(index).1
    }
}

impl Drop for Resources {
    fn drop(&mut self) {
        while self.open.pop().is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    struct Noisy(i32, Arc<Mutex<Vec<i32>>>);

    impl Drop for Noisy {
        fn drop(&mut self) {
            self.1.lock().unwrap().push(self.0);
        }
    }

    #[test]
    fn the_last_is_closed_first() {
        let closed = Arc::new(Mutex::new(Vec::new()));
        let mut resources = Resources::default();
        let numbers: Vec<_> = (0..4).map(|i| resources.add(Box::new(Noisy(i, closed.clone())))).collect();
        drop(resources.remove(numbers[1]));
        assert!(resources.lend(numbers[1]).is_none());
        let lent = resources.lend(numbers[2]).unwrap();
        resources.take_back(numbers[2], lent);
        drop(resources);
        assert_eq!(*closed.lock().unwrap(), [1, 3, 2, 0]);
    }
}
