//! The atomics of what is shared without a lock: the standard library's, or in a build for model checking loom's.
//!
//! Loom takes `SeqCst` of an operation for `AcqRel`; its fences are exact. So in the model, each such operation stands between two
//! fences, which is what it means.

#[cfg(not(snow_loom))]
pub(crate) use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, fence};

#[cfg(snow_loom)]
pub(crate) use model::{AtomicPtr, AtomicU32, AtomicUsize, fence};

#[cfg(snow_loom)]
mod model {
    use std::sync::atomic::Ordering;

    pub(crate) use loom::sync::atomic::fence;

    fn ordered<R>(order: Ordering, operation: impl FnOnce() -> R) -> R {
        if order != Ordering::SeqCst {
            return operation();
        }
        fence(Ordering::SeqCst);
        let result = operation();
        fence(Ordering::SeqCst);
        result
    }

    macro_rules! modelled {
        ($($name:ident$(<$param:ident>)? of $value:ty;)*) => {$(
            pub(crate) struct $name$(<$param>)?(loom::sync::atomic::$name$(<$param>)?);

            impl$(<$param>)? $name$(<$param>)? {
                pub(crate) fn new(value: $value) -> Self {
                    Self(loom::sync::atomic::$name::new(value))
                }

                pub(crate) fn load(&self, order: Ordering) -> $value {
                    ordered(order, || self.0.load(order))
                }

                pub(crate) fn store(&self, value: $value, order: Ordering) {
                    ordered(order, || self.0.store(value, order));
                }

                pub(crate) fn swap(&self, value: $value, order: Ordering) -> $value {
                    ordered(order, || self.0.swap(value, order))
                }

                pub(crate) fn compare_exchange(
                    &self,
                    old: $value,
                    new: $value,
                    order: Ordering,
                    failure: Ordering,
                ) -> Result<$value, $value> {
                    ordered(order, || self.0.compare_exchange(old, new, order, failure))
                }

                pub(crate) fn compare_exchange_weak(
                    &self,
                    old: $value,
                    new: $value,
                    order: Ordering,
                    failure: Ordering,
                ) -> Result<$value, $value> {
                    self.compare_exchange(old, new, order, failure)
                }
            }
        )*};
    }

    modelled! {
        AtomicPtr<T> of *mut T;
        AtomicU32 of u32;
        AtomicUsize of usize;
    }

    impl AtomicU32 {
        pub(crate) fn fetch_add(&self, n: u32, order: Ordering) -> u32 {
            ordered(order, || self.0.fetch_add(n, order))
        }
    }

    impl AtomicUsize {
        pub(crate) fn fetch_add(&self, n: usize, order: Ordering) -> usize {
            ordered(order, || self.0.fetch_add(n, order))
        }

        pub(crate) fn fetch_sub(&self, n: usize, order: Ordering) -> usize {
            ordered(order, || self.0.fetch_sub(n, order))
        }
    }
}
