//! Carriers: the stacks that processes run on.
//!
//! A worker runs many processes on one carrier, one after another, as plain calls. A process that must wait in the
//! middle of a computation keeps the carrier; the worker's base loop, on the thread's own stack, goes on with another.
//! A crash abandons the frames: [`Carrier::reset`] starts the stack afresh, nothing is unwound.
//!
//! Stacks are [`STACK_BYTES`] of address space without guard pages: compiled code compares its stack pointer with a
//! limit, below which [`RESERVE`] bytes are left for the runtime's functions. The system commits pages when they are
//! touched; [`Carrier::trim`] gives deep ones back.

use std::ptr::null_mut;

use corosensei::stack::{Stack, StackPointer};
use corosensei::{Coroutine, CoroutineResult, Yielder};

use crate::process::Process;
use crate::sched::run::run_processes;
use crate::sched::worker::Worker;
use crate::watched::Fiber;

const STACK_BYTES: usize = 256 << 20;
/// What compiled code leaves for the runtime.
const RESERVE: usize = 256 << 10;
/// How much of an unused stack stays committed.
const KEEP: usize = 256 << 10;

/// Why a carrier gives control back to its worker's base loop.
#[derive(Clone, Copy)]
pub(crate) enum Switch {
    /// No process is there to run.
    Idle,
    /// This process goes on, on its own carrier.
    Resume(*mut Process),
    /// This process waits, keeping the carrier.
    Blocked(*mut Process),
    /// This process's turn is over, and it keeps the carrier.
    Yielded(*mut Process),
    /// This process has crashed; the frames are abandoned.
    Crashed(*mut Process),
    /// A signal ends this process; the frames are abandoned.
    Exited(*mut Process),
}

struct CarrierStack {
    bottom: *mut u8,
}

// SAFETY: base and limit are the ends of one mapping; there is no guard page, since compiled code checks a limit far
// above the bottom and the runtime's functions need less than the reserve.
unsafe impl Stack for CarrierStack {
    fn base(&self) -> StackPointer {
        match StackPointer::new(self.bottom as usize + STACK_BYTES) {
            Some(base) => base,
            None => crate::io::internal_error("a stack at address 0"),
        }
    }

    fn limit(&self) -> StackPointer {
        match StackPointer::new(self.bottom as usize) {
            Some(limit) => limit,
            None => crate::io::internal_error("a stack at address 0"),
        }
    }
}

impl CarrierStack {
    fn new() -> CarrierStack {
        // SAFETY: a fresh private mapping.
        let bottom = unsafe {
            libc::mmap(
                null_mut(),
                STACK_BYTES,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if bottom == libc::MAP_FAILED {
            crate::io::fatal(&format!(
                "no address space for another stack of {} MB: {}",
                STACK_BYTES >> 20,
                std::io::Error::last_os_error()
            ));
        }
        #[cfg(target_os = "linux")]
        // SAFETY: advice about our own mapping: without it, the first touch may commit 2 MB.
        unsafe {
            libc::madvise(bottom, STACK_BYTES, libc::MADV_NOHUGEPAGE);
        }
        CarrierStack { bottom: bottom.cast() }
    }
}

/// A stack with the code that runs processes on it.
pub(crate) struct Carrier {
    coroutine: Option<Coroutine<(), Switch, (), CarrierStack>>,
    yielder: *const Yielder<(), Switch>,
    bottom: *mut u8,
    fiber: Fiber,
    /// The worker whose base loop resumed it last. Read anew after everything that may switch.
    pub(crate) worker: *mut Worker,
}

impl Carrier {
    /// A carrier on a fresh stack.
    pub(crate) fn new() -> *mut Carrier {
        let stack = CarrierStack::new();
        let carrier = Box::into_raw(Box::new(Carrier {
            coroutine: None,
            yielder: std::ptr::null(),
            bottom: stack.bottom,
            fiber: Fiber::new(),
            worker: null_mut(),
        }));
        // SAFETY: the carrier was just made.
        unsafe { Carrier::install(carrier, stack) };
        carrier
    }

    /// Puts the code at the top of an empty stack.
    unsafe fn install(carrier: *mut Carrier, stack: CarrierStack) {
        let address = carrier as usize;
        let coroutine = Coroutine::with_stack(stack, move |yielder: &Yielder<(), Switch>, ()| {
            let carrier = address as *mut Carrier;
            // SAFETY: carriers are never freed while they run.
            unsafe {
                (*carrier).yielder = yielder;
                run_processes(carrier)
            }
        });
        // SAFETY: the caller owns the carrier.
        unsafe { (*carrier).coroutine = Some(coroutine) };
    }

    /// Runs the carrier until it switches. Called by the base loop of `worker`.
    ///
    /// # Safety
    /// The caller owns the carrier and runs on its thread's own stack.
    pub(crate) unsafe fn resume(carrier: *mut Carrier, worker: *mut Worker) -> Switch {
        // SAFETY: as the contract says.
        unsafe {
            (*carrier).worker = worker;
            let Some(coroutine) = &mut (*carrier).coroutine else {
                crate::io::internal_error("a carrier without code")
            };
            (*carrier).fiber.enter();
            match coroutine.resume(()) {
                CoroutineResult::Yield(switch) => switch,
                CoroutineResult::Return(()) => crate::io::internal_error("a carrier has returned"),
            }
        }
    }

    /// Gives control back to the base loop. Returns when the carrier is resumed, perhaps on another thread.
    ///
    /// # Safety
    /// The caller runs on the carrier.
    #[inline(never)]
    pub(crate) unsafe fn switch(carrier: *mut Carrier, why: Switch) {
        // SAFETY: the yielder lives as long as the coroutine runs.
        unsafe {
            (*carrier).fiber.leave();
            (*(*carrier).yielder).suspend(why);
        }
    }

    /// Abandons the frames on the stack.
    ///
    /// # Safety
    /// The caller owns the carrier, runs on its thread's own stack, and no frame on it holds what must be dropped.
    pub(crate) unsafe fn reset(carrier: *mut Carrier) {
        // SAFETY: as the contract says.
        unsafe {
            if let Some(mut coroutine) = (*carrier).coroutine.take() {
                coroutine.force_reset();
                (*carrier).fiber = Fiber::new();
                Carrier::install(carrier, coroutine.into_stack());
            }
        }
    }

    /// Gives an unused carrier's stack back to the system.
    ///
    /// # Safety
    /// The caller owns the carrier and runs on its thread's own stack; no process has frames on it.
    pub(crate) unsafe fn destroy(carrier: *mut Carrier) {
        // SAFETY: as the contract says; the loop's own frames hold nothing that must be dropped.
        unsafe {
            let mut carrier = Box::from_raw(carrier);
            if let Some(mut coroutine) = carrier.coroutine.take() {
                coroutine.force_reset();
            }
            libc::munmap(carrier.bottom.cast(), STACK_BYTES);
        }
    }

    /// The lowest address that compiled code may use.
    pub(crate) unsafe fn floor(carrier: *mut Carrier) -> usize {
        // SAFETY: the caller owns the carrier.
        unsafe { (*carrier).bottom as usize + RESERVE }
    }

    /// Gives the deep pages of an unused stack back, if they were ever touched.
    ///
    /// # Safety
    /// The caller owns the carrier, and nothing runs on it below [`KEEP`] bytes.
    pub(crate) unsafe fn trim(carrier: *mut Carrier) {
        let mut resident = 0;
        // SAFETY: all pages are of our own mapping; what is given back holds no frame.
        unsafe {
            let deep = (*carrier).bottom.add(STACK_BYTES - KEEP);
            let page = 4096;
            libc::mincore(deep.sub(page).cast(), page, &raw mut resident);
            if resident & 1 == 1 {
                libc::madvise((*carrier).bottom.cast(), STACK_BYTES - KEEP, libc::MADV_DONTNEED);
            }
        }
    }
}
