//! What is a process? A slot in the table: the part that compiled code sees, its heap, its mailbox, where it waits.
//!
//! A slot's memory is never given back; after a process ends, the slot waits for the next one with the next generation.
//!
//! Protocol: `state`, `pid`, `related`, `entry`, `run_ticks` and the mailbox's head may be touched by any thread; what is atomic
//! may be read by any. `ctx.stack_limit` may be set to the
//! maximum by the monitor at any time, also by mistake: that only costs a needless yield. Everything else belongs to
//! the worker that took the process from [`QUEUED`] to [`RUNNING`], until it leaves that state; the change of `state`
//! publishes it to the next owner. States:
//! - [`DEAD`] → [`QUEUED`]: spawned, by its maker, before anybody knows its pid;
//! - [`IDLE`] → [`QUEUED`]: woken; who makes this change puts it into a run queue;
//! - [`QUEUED`] → [`RUNNING`]: by the worker that took it from a queue; then it looks at the mailbox;
//! - [`RUNNING`] → [`NOTIFIED`]: something happened that it may have missed; → [`RUNNING`] again when it looks;
//! - [`RUNNING`] → [`IDLE`]: waits; fails when it is [`NOTIFIED`];
//! - [`RUNNING`] or [`NOTIFIED`] → [`QUEUED`]: its turn is over; → [`DEAD`]: it has ended.

use std::fmt;
use std::ptr::null_mut;
use std::sync::atomic::{
    AtomicBool, AtomicI64, AtomicPtr, AtomicU32,
    Ordering::{Relaxed, SeqCst},
};

use snow_abi::layout::{Ctx, RecvDesc, TypeDesc};

use crate::ask;
use crate::carrier::Carrier;
use crate::clock::NEVER;
use crate::extra::Extra;
use crate::heap::{self, Heap};
use crate::mailbox::{Mailbox, Message};
use crate::pool::LocalPool;
use crate::runtime::Runtime;
use crate::sched::worker::Worker;
use crate::timer::NO_TIMER;

/// No process, or one that has ended.
pub(crate) const DEAD: u32 = 0;
/// Waits for a message or a moment.
pub(crate) const IDLE: u32 = 1;
/// In a run queue, or about to be put there.
pub(crate) const QUEUED: u32 = 2;
/// A worker runs it.
pub(crate) const RUNNING: u32 = 3;
/// A worker runs it and must look again before it waits.
pub(crate) const NOTIFIED: u32 = 4;

/// How a process is known: `generation << 32 | slot`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pid(pub(crate) i64);

/// The pid of no process.
pub(crate) const NOBODY: i64 = -1;

impl Pid {
    pub(crate) fn new(slot: u32, generation: u32) -> Pid {
        Pid(i64::from(generation & 0x7fff_ffff) << 32 | i64::from(slot))
    }

    pub(crate) fn slot(self) -> u32 {
        self.0 as u32
    }
}

impl fmt::Display for Pid {
    /// `<0.n.g>`, n being the slot and g how often it was used before; a one-shot address as `<0.n.rc>`, c its number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 0 {
            return write!(f, "<0.{}.r{}>", ask::slot_of(self.0), ask::count_of(self.0));
        }
        let generation = (self.0 >> 32) as u64;
        write!(f, "<0.{}.{generation}>", self.slot())
    }
}

/// [`RecvDesc::state_desc`] of the runtime's own processes, which start with nothing.
pub(crate) const NO_STATE: u32 = u32::MAX;

/// Bytes of saved state that stand in the process itself.
const INLINE_STATE: usize = 32;

/// One process.
#[repr(C)]
pub(crate) struct Process {
    /// What compiled code sees; must be first.
    pub(crate) ctx: Ctx,
    pub(crate) state: crate::sync::AtomicU32,
    pub(crate) generation: u32,
    pub(crate) pid: AtomicI64,
    pub(crate) mailbox: Mailbox,
    /// Where it started: what it takes.
    pub(crate) entry: AtomicPtr<RecvDesc>,
    /// Whether it has or had a record in [`crate::relations`].
    pub(crate) related: AtomicBool,
    /// What the message under the handler, or the one that was looked at last, is.
    pub(crate) seen_kind: u8,
    /// The kinds of signals that the present receive in the middle of a computation takes.
    pub(crate) scan_kinds: u8,
    /// How many one-shot addresses the slot has had.
    pub(crate) ask_count: u32,
    pub(crate) extra: *mut Extra,
    /// The worker that runs it.
    pub(crate) worker: *mut Worker,
    pub(crate) heap: Heap,
    /// How much memory the heap has, in units of [`heap::UNIT`]; written by the owner, read by anybody.
    pub(crate) heap_units: AtomicU32,
    /// How often the monitor has seen it run.
    pub(crate) run_ticks: AtomicU32,
    /// Where it waits, or starts.
    pub(crate) recv: *const RecvDesc,
    saved: *mut u8,
    saved_bytes: u32,
    pub(crate) flags: u32,
    /// When the present wait is over; [`NEVER`]: no limit.
    pub(crate) deadline: u64,
    /// The earliest moment at which a timer will wake it; [`NEVER`]: none.
    pub(crate) armed: u64,
    /// That timer, if it hasn't fired; [`crate::timer`] knows whether.
    pub(crate) wait_timer: u32,
    /// One of the timers that it has armed, or [`NO_TIMER`]; see [`crate::timer`].
    pub(crate) timers: AtomicU32,
    /// The message that its handler works on. Before it begins: its state, packed; null: that is in place.
    pub(crate) offered: *mut Message,
    /// The message that it took last in the middle of a computation.
    pub(crate) taken: *mut Message,
    /// The stack that it runs on, or keeps while it waits in the middle of a computation.
    pub(crate) carrier: *mut Carrier,
    inline_state: [u64; INLINE_STATE / 8],
}

/// [`Process::flags`]: hasn't run yet.
pub(crate) const STARTING: u32 = 1;
/// [`Process::flags`]: waits, or will go on, with frames on its carrier.
pub(crate) const HAS_STACK: u32 = 2;
/// [`Process::flags`]: counted in the workers' timed waits.
pub(crate) const TIMED: u32 = 4;
/// [`Process::flags`]: is to crash because nothing can send to it.
pub(crate) const DEADLOCKED: u32 = 8;
/// [`Process::flags`]: evaluates constants or is `main`: its crash ends the program.
pub(crate) const MAIN: u32 = 16;
/// [`Process::flags`]: a signal says that it must end; the reason is in its extra part.
pub(crate) const DYING: u32 = 32;
/// [`Process::flags`]: has ended, and its `terminate` clause runs.
pub(crate) const TERMINATING: u32 = 64;
/// [`Process::flags`]: takes exit signals as messages.
pub(crate) const TRAPS: u32 = 128;
/// [`Process::flags`]: the program waits for its end when it ends in order; counted in the runtime.
pub(crate) const ATTENTIVE: u32 = 256;
/// [`Process::flags`]: has armed timers.
pub(crate) const HAS_TIMERS: u32 = 2048;
/// [`Process::flags`]: has just begun, and may not have got to say that it has a `terminate` clause.
pub(crate) const FRESH: u32 = 4096;
/// [`Process::flags`]: is a supervisor.
pub(crate) const SUPERVISOR: u32 = 512;
/// [`Process::flags`]: a supervisor has spawned it.
pub(crate) const SUPERVISED: u32 = 1024;

impl Process {
    /// Makes the slot a process that will start with `recv`.
    ///
    /// # Safety
    /// `p` is a free slot that the caller took from the table.
    pub(crate) unsafe fn init(p: *mut Process, slot: u32, recv: *const RecvDesc) {
        // SAFETY: a free slot is its taker's; no other thread relies on anything but the atomics.
        unsafe {
            let pid = Pid::new(slot, (*p).generation);
            (*p).pid.store(pid.0, SeqCst);
            (*p).entry.store(recv.cast_mut(), SeqCst);
            (*p).related.store(false, SeqCst);
            (*p).scan_kinds = 0;
            (*p).heap_units.store(0, Relaxed);
            (*p).run_ticks.store(0, Relaxed);
            (*p).extra = null_mut();
            (*p).mailbox.open();
            (*p).heap = Heap::new();
            (*p).recv = recv;
            (*p).saved = (&raw mut (*p).inline_state).cast();
            (*p).saved_bytes = INLINE_STATE as u32;
            (*p).flags = STARTING;
            (*p).deadline = NEVER;
            (*p).armed = NEVER;
            (*p).wait_timer = NO_TIMER;
            (*p).timers.store(NO_TIMER, Relaxed);
            (*p).offered = null_mut();
            (*p).taken = null_mut();
            (*p).carrier = null_mut();
            (*p).worker = null_mut();
            (*p).state.store(QUEUED, SeqCst);
        }
    }

    /// The blocks of the worker that runs `p`.
    ///
    /// # Safety
    /// The caller runs `p` and drops the result before anything may switch.
    #[inline]
    pub(crate) unsafe fn pool<'a>(p: *mut Process) -> &'a mut LocalPool {
        // SAFETY: a worker's pool is used by its thread only, which is this one.
        unsafe { &mut (*(*p).worker).pool }
    }

    /// The runtime.
    ///
    /// # Safety
    /// The caller runs `p`.
    #[inline]
    pub(crate) unsafe fn runtime(p: *mut Process) -> &'static Runtime {
        // SAFETY: a running process has a worker.
        unsafe { (*(*p).worker).rt }
    }

    /// A description of the program.
    ///
    /// # Safety
    /// The caller runs `p`; `index` is one of the program's.
    #[inline]
    pub(crate) unsafe fn desc(p: *mut Process, index: u32) -> &'static TypeDesc {
        // SAFETY: descriptions are constants.
        unsafe { &*Process::runtime(p).program.descs.add(index as usize) }
    }

    /// The pid of a living process.
    ///
    /// # Safety
    /// The caller owns `p`.
    pub(crate) unsafe fn pid(p: *mut Process) -> Pid {
        // SAFETY: as the contract says.
        Pid(unsafe { (*p).pid.load(Relaxed) })
    }

    /// Whether a state of `bytes` needs no memory of its own.
    pub(crate) fn inline_room(bytes: usize) -> bool {
        bytes <= INLINE_STATE
    }

    /// Where the state is saved.
    ///
    /// # Safety
    /// The caller owns `p`.
    pub(crate) unsafe fn saved(p: *mut Process) -> *mut u8 {
        // SAFETY: as the contract says.
        unsafe { (*p).saved }
    }

    /// Room for a saved state of `bytes`; in place when it fits.
    ///
    /// # Safety
    /// The caller runs `p`; what was saved before isn't needed any more.
    pub(crate) unsafe fn save_room(p: *mut Process, bytes: usize) -> *mut u8 {
        // SAFETY: as the contract says.
        unsafe {
            if bytes > (*p).saved_bytes as usize {
                Process::free_state(p);
                (*p).saved = heap::alloc(p, bytes);
                (*p).saved_bytes = bytes as u32;
            }
            (*p).saved
        }
    }

    /// Frees the room of the saved state, if it is in the heap.
    ///
    /// # Safety
    /// As [`Process::save_room`].
    pub(crate) unsafe fn free_state(p: *mut Process) {
        // SAFETY: as the contract says; the room was allocated for `saved_bytes`.
        unsafe {
            let inline: *mut u8 = (&raw mut (*p).inline_state).cast();
            if (*p).saved != inline {
                heap::free(p, (*p).saved, (*p).saved_bytes as usize);
            }
            (*p).saved = inline;
            (*p).saved_bytes = INLINE_STATE as u32;
        }
    }

    /// Makes the heap's references out of a message that hasn't been looked at yet.
    ///
    /// # Safety
    /// The caller runs `p` and owns the message.
    pub(crate) unsafe fn unpack(p: *mut Process, message: *mut Message) {
        // SAFETY: as the contract says.
        unsafe {
            if !(*message).unpacked {
                (*message).unpacked = true;
                let desc = Process::desc(p, (*message).desc);
                crate::copy::unpack(p, desc, Message::value(message), (*message).bytes);
            }
        }
    }

    /// The name of what runs, for reports.
    ///
    /// # Safety
    /// The caller owns `p`.
    pub(crate) unsafe fn name(p: *mut Process) -> String {
        // SAFETY: names are constants of the program.
        unsafe {
            let entry = &*(*p).entry.load(SeqCst);
            let bytes = std::slice::from_raw_parts(entry.name, entry.name_len);
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn processes_are_small() {
        let bytes = size_of::<super::Process>();
        assert!(bytes <= 408, "{bytes}");
    }
}
