//! What compiled code calls to make processes, to send, and to wait.

use std::ptr::null_mut;
use std::sync::atomic::Ordering::SeqCst;

use snow_abi::layout::{RecvDesc, TERMINATES, TypeDesc};

use crate::carrier::{Carrier, Switch};
use crate::clock::NEVER;
use crate::copy::Packer;
use crate::crash;
use crate::extra::Extra;
use crate::long;
use crate::mailbox::{Mailbox, Message};
use crate::process::{DEADLOCKED, HAS_STACK, NO_STATE, Process, SUPERVISED, SUPERVISOR};
use crate::relations;
use crate::sched::monitor::Monitor;
use crate::sched::shutdown;
use crate::sched::wait;
use crate::sched::worker::Worker;
use crate::signals;

/// `self_pid`
pub(crate) unsafe fn self_pid(p: *mut Process) -> i64 {
    // SAFETY: see the parent module.
    unsafe { Process::pid(p).0 }
}

/// `spawn`: a process that starts with a copy of `args`.
pub(crate) unsafe fn spawn(p: *mut Process, recv: *mut u8, args: *mut u8) -> i64 {
    // SAFETY: see the parent module.
    unsafe { spawn_with(p, recv, args, |_| ()) }
}

/// `spawn_link`: a process that is linked to its maker from the start.
pub(crate) unsafe fn spawn_link(p: *mut Process, recv: *mut u8, args: *mut u8) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        let me = Process::pid(p).0;
        spawn_with(p, recv, args, |child| {
            let (rt, pid) = (Process::runtime(p), Process::pid(child).0);
            relations::of_living(rt, pid, |r| r.links.insert(me));
            relations::of_living(rt, me, |r| r.links.insert(pid));
        })
    }
}

/// `spawn_job`: a process that ends with its maker and counts as work.
pub(crate) unsafe fn spawn_job(p: *mut Process, recv: *mut u8, args: *mut u8) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        let me = Process::pid(p).0;
        spawn_with(p, recv, args, |child| {
            let rt = Process::runtime(p);
            Extra::of(child).maker = Some(me);
            rt.jobs.fetch_add(1, SeqCst);
            let pid = Process::pid(child).0;
            relations::of_living(rt, me, |r| r.jobs.insert(pid));
        })
    }
}

/// Makes a process, lets `prepare` tie it to others, and queues it.
unsafe fn spawn_with(
    p: *mut Process,
    recv: *mut u8,
    args: *mut u8,
    prepare: impl FnOnce(*mut Process),
) -> i64 {
    // SAFETY: see the parent module.
    unsafe {
        let w = (*p).worker;
        let child = make(w, p, recv.cast(), args);
        let w = (*p).worker;
        let pid = Process::pid(child).0;
        if (*p).flags & SUPERVISOR != 0 {
            (*child).flags |= SUPERVISED;
        }
        if (*recv.cast::<RecvDesc>()).flags & TERMINATES != 0 {
            shutdown::will_be_attentive((*w).rt, child);
        }
        prepare(child);
        Monitor::ensure((*w).rt);
        Worker::push(w, child);
        Worker::maybe_yield(w, p);
        pid
    }
}

/// A process that isn't in a queue yet.
///
/// # Safety
/// `w` is this thread's worker; `maker` is the process that it runs (null for a process without state); `args` is laid out as `recv` says, or null if its state has no bytes.
pub(crate) unsafe fn make(
    w: *mut Worker,
    maker: *mut Process,
    recv: *const RecvDesc,
    args: *mut u8,
) -> *mut Process {
    // SAFETY: as the contract says; the new process is ours until it is queued.
    unsafe {
        let rt = (*w).rt;
        let (child, slot) = rt.table.take(&mut (*w).slots);
        Process::init(child, slot, recv);
        rt.count_spawn();
        Worker::count_living(w, 1);
        if (*recv).state_desc == NO_STATE {
            return child;
        }
        let desc = &*rt.program.descs.add((*recv).state_desc as usize);
        if desc.ref_count == 0 && Process::inline_room(desc.size as usize) {
            if desc.size > 0 {
                std::ptr::copy_nonoverlapping(args, Process::saved(child), desc.size as usize);
            }
        } else {
            (*child).offered = pack(maker, Process::pid(child).0, (*recv).state_desc, desc, args);
        }
        child
    }
}

/// A message for a pid or one-shot address with a copy of the value at `value`. Others may run meanwhile, if it is long.
pub(super) unsafe fn pack(
    p: *mut Process,
    to: i64,
    index: u32,
    desc: &TypeDesc,
    value: *const u8,
) -> *mut Message {
    // SAFETY: the caller runs `p`, which owns the value. The packer is taken from the worker, which may be another one
    // afterwards.
    unsafe {
        let kind = if to < 0 { signals::ANSWER } else { signals::MESSAGE };
        if desc.ref_count == 0 {
            let message = Message::new(Process::pool(p), to, index, desc.size as usize);
            std::ptr::copy_nonoverlapping(value, Message::value(message), desc.size as usize);
            (*message).unpacked = true;
            (*message).kind = kind;
            return message;
        }
        let mut packer = (*(*p).worker).packer.take().unwrap_or_else(|| Box::new(Packer::new()));
        let run = packer.pack(p, desc, value);
        let bytes = size_of_val(run);
        let message = Message::new(Process::pool(p), to, index, bytes);
        long::copy(p, run.as_ptr().cast(), Message::value(message), bytes);
        (*message).first_shared = packer.first_shared();
        (*message).kind = kind;
        (*(*p).worker).packer = Some(packer);
        message
    }
}

/// `send`: a copy of the message; disappears when nobody is there.
pub(crate) unsafe fn send(p: *mut Process, pid: i64, desc: i64, message: *mut u8) {
    // SAFETY: see the parent module.
    unsafe {
        let w = (*p).worker;
        let rt = (*w).rt;
        Worker::maybe_yield(w, p);
        let Some(target) = relations::receiver(rt, pid) else { return };
        let description = &*rt.program.descs.add(desc as usize);
        let message = pack(p, pid, desc as u32, description, message);
        let w = (*p).worker;
        match Mailbox::push(&raw const (*target).mailbox, message) {
            None => Message::free(&mut (*w).pool, message),
            Some(false) => {}
            Some(true) => {
                if wait::notify(target) {
                    Worker::push_next(w, target);
                }
            }
        }
        Worker::maybe_yield((*p).worker, p);
    }
}

/// The moment when a wait of `timeout_ms` is over; -1: never.
pub(super) unsafe fn deadline(p: *mut Process, timeout_ms: i64) -> u64 {
    if timeout_ms == -1 {
        return NEVER;
    }
    // SAFETY: see the parent module.
    unsafe { Process::runtime(p).clock.after_ms(timeout_ms) }
}

/// `suspend`: the handler will answer that it waits at `recv`; gives the room for its state.
pub(crate) unsafe fn suspend(p: *mut Process, recv: *mut u8, timeout_ms: i64) -> *mut u8 {
    // SAFETY: see the parent module.
    unsafe {
        let recv: *const RecvDesc = recv.cast();
        (*p).recv = recv;
        (*p).deadline = deadline(p, timeout_ms);
        (*p).mailbox.rescan();
        let size = Process::desc(p, (*recv).state_desc).size;
        Process::save_room(p, size as usize)
    }
}

/// `recv_start`: begins a selective receive in the middle of a computation.
pub(crate) unsafe fn recv_start(p: *mut Process, timeout_ms: i64) {
    // SAFETY: see the parent module.
    unsafe {
        free_taken(p);
        (*p).deadline = deadline(p, timeout_ms);
        (*p).scan_kinds = 0;
        (*p).mailbox.rescan();
    }
}

/// `recv_signals`: the signals that the receive which has just begun takes, a bit each.
pub(crate) unsafe fn recv_signals(p: *mut Process, kinds: i64) {
    // SAFETY: see the parent module.
    unsafe { (*p).scan_kinds = kinds as u8 }
}

/// `recv_kind`: what the message under the handler, or behind the last `recv_next`, is.
pub(crate) unsafe fn recv_kind(p: *mut Process) -> i64 {
    // SAFETY: see the parent module.
    unsafe { i64::from((*p).seen_kind) }
}

/// `recv_next`: the value of the next message; null: the time is over.
pub(crate) unsafe fn recv_next(p: *mut Process) -> *mut u8 {
    // SAFETY: see the parent module; the worker may be another one after `block`.
    unsafe {
        loop {
            let message = signals::candidate(p, (*p).scan_kinds.into());
            if !message.is_null() {
                Process::unpack(p, message);
                (*p).seen_kind = (*message).kind;
                return Message::value(message);
            }
            if time_is_over(p) {
                return null_mut();
            }
            block(p);
        }
    }
}

/// Whether the present wait's limit has passed. Ends a process that waits for ever for what can't come.
pub(super) unsafe fn time_is_over(p: *mut Process) -> bool {
    // SAFETY: see the parent module.
    unsafe {
        if (*p).flags & DEADLOCKED != 0 {
            crash::deadlock(p);
        }
        let over = (*p).deadline != NEVER && (*p).deadline <= Process::runtime(p).clock.now();
        if over {
            (*p).deadline = NEVER;
        }
        over
    }
}

/// `recv_take`: takes the message that `recv_next` gave last; its references are the caller's.
pub(crate) unsafe fn recv_take(p: *mut Process) {
    // SAFETY: see the parent module.
    unsafe {
        free_taken(p);
        (*p).taken = (*p).mailbox.take();
        (*p).deadline = NEVER;
    }
}

/// `recv_skip`: leaves the message that `recv_next` gave last for a later receive.
pub(crate) unsafe fn recv_skip(p: *mut Process) {
    // SAFETY: see the parent module.
    unsafe { (*p).mailbox.skip() }
}

/// `sleep`
pub(crate) unsafe fn sleep(p: *mut Process, ms: i64) {
    // SAFETY: see the parent module.
    unsafe {
        (*p).deadline = deadline(p, ms.max(0));
        while (*p).deadline > Process::runtime(p).clock.now() {
            block(p);
        }
        (*p).deadline = NEVER;
    }
}

/// `monotonic_ms`
pub(crate) unsafe fn monotonic_ms(p: *mut Process) -> i64 {
    // SAFETY: see the parent module.
    unsafe { (Process::runtime(p).clock.look() / 1_000_000) as i64 }
}

/// `job_element`
pub(crate) unsafe fn job_element(p: *mut Process, index: i64) {
    // SAFETY: see the parent module.
    unsafe { Extra::of(p).element = Some(index) }
}

/// `monotonic_nanos`
pub(crate) unsafe fn monotonic_nanos(p: *mut Process) -> i64 {
    // SAFETY: see the parent module.
    unsafe { Process::runtime(p).clock.look() as i64 }
}

/// `unix_nanos`
pub(crate) unsafe fn unix_nanos(p: *mut Process) -> i64 {
    // SAFETY: see the parent module.
    unsafe { Process::runtime(p).clock.unix() }
}

pub(super) unsafe fn free_taken(p: *mut Process) {
    // SAFETY: compiled code has read what it took before it calls again.
    unsafe {
        if !(*p).taken.is_null() {
            Message::free(Process::pool(p), (*p).taken);
            (*p).taken = null_mut();
        }
    }
}

/// Waits, keeping the stack, until the process is notified or its deadline has come, or for no reason. Acts on signals.
pub(crate) unsafe fn block(p: *mut Process) {
    // SAFETY: the process runs on its carrier.
    unsafe {
        // Who sent this may have told so before the last turn ended, and tells it no more: then nobody would wake the process.
        if (*p).mailbox.has_arrived() {
            return signals::poll(p);
        }
        (*p).flags |= HAS_STACK;
        Carrier::switch((*p).carrier, Switch::Blocked(p));
        (*p).flags &= !HAS_STACK;
        signals::poll(p);
    }
}
