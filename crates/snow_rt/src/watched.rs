//! Tells the thread sanitizer, in a build for it, when a thread changes its stack. Without such a build, nothing is left of it.
//!
//! The sanitizer keeps a stack of calls and a clock for each thread. A carrier is a thread to it, one that the worker's
//! thread is switched to: what each did before a switch happens before what the other does behind it.

#[cfg(snow_tsan)]
pub(crate) use fiber::Fiber;

#[cfg(not(snow_tsan))]
pub(crate) struct Fiber;

#[cfg(not(snow_tsan))]
impl Fiber {
    pub(crate) fn new() -> Fiber {
        Fiber
    }

    #[inline(always)]
    pub(crate) fn enter(&mut self) {}

    #[inline(always)]
    pub(crate) fn leave(&mut self) {}
}

#[cfg(snow_tsan)]
mod fiber {
    use std::ffi::{c_uint, c_void};

    unsafe extern "C" {
        fn __tsan_get_current_fiber() -> *mut c_void;
        fn __tsan_create_fiber(flags: c_uint) -> *mut c_void;
        fn __tsan_destroy_fiber(fiber: *mut c_void);
        fn __tsan_switch_to_fiber(fiber: *mut c_void, flags: c_uint);
    }

    /// What the sanitizer knows of a stack.
    pub(crate) struct Fiber {
        this: *mut c_void,
        /// That of the thread which entered last.
        base: *mut c_void,
    }

    impl Fiber {
        pub(crate) fn new() -> Fiber {
            // SAFETY: the sanitizer is linked into this build.
            Fiber { this: unsafe { __tsan_create_fiber(0) }, base: std::ptr::null_mut() }
        }

        /// Directly before the thread changes to this stack.
        #[inline(always)]
        pub(crate) fn enter(&mut self) {
            // SAFETY: the fiber was made by the sanitizer, and no other thread is on it.
            unsafe {
                self.base = __tsan_get_current_fiber();
                __tsan_switch_to_fiber(self.this, 0);
            }
        }

        /// Directly before the thread goes back to its own stack.
        #[inline(always)]
        pub(crate) fn leave(&mut self) {
            // SAFETY: the thread's own fiber, which `enter` left.
            unsafe { __tsan_switch_to_fiber(self.base, 0) };
        }
    }

    impl Drop for Fiber {
        fn drop(&mut self) {
            // SAFETY: nothing runs on the stack any more, and it is dropped once.
            unsafe { __tsan_destroy_fiber(self.this) };
        }
    }
}
