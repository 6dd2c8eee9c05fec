//! How do processes tell each other of their ends? By messages that the runtime sends and that act when they arrive.
//!
//! A raw signal ([`RawSignal`]) travels through the mailbox like any message, so the order between two processes holds. The
//! receiver's worker decides what becomes of it: nothing, the receiver's end, or a message that a `receive` takes,
//! if some arm of the process takes that kind.
//!
//! A process acts on signals when its turn starts, when it looks for a message, when it wakes, and at every
//! check of its stack limit, which the sender of an exit signal brings about.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};

use snow_abi::layout::{DownSignal, ExitSignal, StrObj, TimerSignal, signal_kind};

use crate::ask;
use crate::carrier::{Carrier, Switch};
use crate::extra::{EndedBy, Extra};
use crate::mailbox::{Mailbox, Message};
use crate::pool::LocalPool;
use crate::process::{DYING, NOTIFIED, Pid, Process, RUNNING, TERMINATING, TRAPS};
use crate::reason::ExitReason;
use crate::relations::{living, receiver};
use crate::sched::wait;
use crate::sched::worker::Worker;
use crate::string;
use crate::text;

/// [`Message::kind`]: an ordinary message. Greater numbers below [`RAW`] are those of `signal_kind`.
pub(crate) const MESSAGE: u8 = signal_kind::MESSAGE as u8;
/// [`Message::kind`]: from here on, what no `receive` sees as it is.
const RAW: u8 = 16;
/// A linked process has ended.
pub(crate) const LINK_EXIT: u8 = RAW;
/// Somebody has sent an exit signal.
pub(crate) const SENT_EXIT: u8 = RAW + 1;
/// A watched process has ended.
pub(crate) const RAW_DOWN: u8 = RAW + 2;
/// A timer is over; the value is a [`TimerSignal`] already.
pub(crate) const RAW_TIMER: u8 = RAW + 3;
/// An ordinary message that was sent to a one-shot address.
pub(crate) const ANSWER: u8 = RAW + 4;

/// Bytes of a reason's text that a report shows.
const MAX_SHOWN: usize = 200;

/// The description of values that need none.
const NO_DESC: u32 = u32::MAX;

/// The value of a raw signal; the text follows.
#[repr(C)]
struct RawSignal {
    from: i64,
    reference: i64,
    kind: i64,
    text_len: usize,
}

/// A signal of `kind` (one of this module's) for `to`, from `from`.
pub(crate) fn new(
    pool: &mut LocalPool,
    kind: u8,
    to: i64,
    (from, reference): (i64, i64),
    reason: &ExitReason,
) -> *mut Message {
    let text = reason.text().unwrap_or("");
    let message = Message::new(pool, to, NO_DESC, size_of::<RawSignal>() + text.len());
    let head = RawSignal { from, reference, kind: reason.kind(), text_len: text.len() };
    // SAFETY: the message is ours and has room.
    unsafe {
        let value = Message::value(message);
        value.cast::<RawSignal>().write(head);
        std::ptr::copy_nonoverlapping(text.as_ptr(), value.add(size_of::<RawSignal>()), text.len());
        (*message).unpacked = true;
        (*message).kind = kind;
    }
    message
}

/// A message with a value of the runtime's own; behind it stands the beginning of `text`, for reports.
unsafe fn with_value<T>(pool: &mut LocalPool, to: i64, kind: i64, value: T, text: &str) -> *mut Message {
    // A byte more than is shown tells that there was more.
    let text = &text.as_bytes()[..text.len().min(MAX_SHOWN + 1)];
    let message = Message::new(pool, to, NO_DESC, size_of::<T>() + text.len());
    // SAFETY: the message is ours and has room.
    unsafe {
        let at = Message::value(message);
        at.cast::<T>().write(value);
        std::ptr::copy_nonoverlapping(text.as_ptr(), at.add(size_of::<T>()), text.len());
        (*message).unpacked = true;
        (*message).kind = kind as u8;
    }
    message
}

/// Tells `to` that the timer `reference` is over.
///
/// # Safety
/// `w` is this thread's worker.
pub(crate) unsafe fn post_timer(w: *mut Worker, to: i64, reference: i64) {
    // SAFETY: as the contract says.
    unsafe {
        let message = with_value(&mut (*w).pool, to, 0, TimerSignal { reference }, "");
        (*message).kind = RAW_TIMER;
        post(w, to, message);
    }
}

/// Sends a signal of `kind`.
///
/// # Safety
/// `w` is this thread's worker.
pub(crate) unsafe fn send(w: *mut Worker, kind: u8, to: i64, from: (i64, i64), reason: &ExitReason) {
    // SAFETY: as the contract says.
    unsafe {
        if living((*w).rt, to).is_some() {
            let message = new(&mut (*w).pool, kind, to, from, reason);
            post(w, to, message);
        }
    }
}

/// Hands a message over to a process, which may have ended. Whether it was there.
///
/// # Safety
/// `w` is this thread's worker; the message is the caller's.
pub(crate) unsafe fn post(w: *mut Worker, to: i64, message: *mut Message) -> bool {
    // SAFETY: as the contract says.
    unsafe {
        let exits = matches!((*message).kind, LINK_EXIT | SENT_EXIT);
        let target = receiver((*w).rt, to);
        let pushed = target.and_then(|p| Mailbox::push(&raw const (*p).mailbox, message));
        let (Some(target), Some(was_empty)) = (target, pushed) else {
            Message::free(&mut (*w).pool, message);
            return false;
        };
        if was_empty && wait::notify(target) {
            Worker::push(w, target);
        } else if exits && matches!((*target).state.load(SeqCst), RUNNING | NOTIFIED) {
            // A race with the start of a turn only costs time: the monitor does the same a little later.
            (*target).ctx.stack_limit.store(usize::MAX, Relaxed);
        }
        true
    }
}

/// Acts on signals that have arrived. Doesn't return when one ends the process.
///
/// # Safety
/// The caller runs `p` on its carrier and holds nothing that must be dropped.
pub(crate) unsafe fn poll(p: *mut Process) {
    // SAFETY: as the contract says.
    unsafe {
        if (*p).mailbox.has_arrived() {
            collect(p);
        }
        if (*p).flags & DYING != 0 {
            leave(p);
        }
    }
}

/// The next message, of a kind in `kinds` (a bit each), that wasn't refused; null: none is here. Doesn't return when a
/// signal ends the process.
///
/// # Safety
/// As [`poll`].
pub(crate) unsafe fn candidate(p: *mut Process, kinds: u32) -> *mut Message {
    // SAFETY: as the contract says.
    unsafe {
        loop {
            let message = (*p).mailbox.peek();
            if message.is_null() {
                let any = (*p).mailbox.has_arrived() && collect(p);
                if (*p).flags & DYING != 0 {
                    leave(p);
                }
                if !any {
                    return message;
                }
                continue;
            }
            if (*message).kind == MESSAGE || kinds >> (*message).kind & 1 == 1 {
                return message;
            }
            (*p).mailbox.skip();
        }
    }
}

/// Ends the running process with the reason that it is to die of.
unsafe fn leave(p: *mut Process) -> ! {
    // SAFETY: the caller runs `p` on its carrier.
    unsafe { Carrier::switch((*p).carrier, Switch::Exited(p)) };
    crate::io::internal_error("a process went on after its end")
}

/// Ends the running process.
///
/// # Safety
/// As [`poll`].
pub(crate) unsafe fn exit_now(p: *mut Process, reason: ExitReason) -> ! {
    // SAFETY: as the contract says.
    unsafe {
        die(p, reason, None);
        leave(p)
    }
}

/// Moves what has arrived into the queue, and acts on signals. Whether the queue has grown.
unsafe fn collect(p: *mut Process) -> bool {
    let mut any = false;
    // SAFETY: the caller runs `p`; what has arrived is its own.
    unsafe {
        let pid = Process::pid(p).0;
        let mut arrived = (*p).mailbox.take_arrived();
        while !arrived.is_null() {
            let message = arrived;
            arrived = (*message).next;
            let keep = if (*message).kind == MESSAGE && (*message).to == pid {
                Some(message)
            } else {
                arrive(p, pid, message)
            };
            if let Some(message) = keep {
                (*p).mailbox.append(message);
                any = true;
            } else {
                (*p).mailbox.count_left(1);
            }
        }
    }
    any
}

/// What becomes of one arrived message: what stands in the queue for it.
unsafe fn arrive(p: *mut Process, pid: i64, message: *mut Message) -> Option<*mut Message> {
    // SAFETY: see `collect`; raw signals start with their head.
    unsafe {
        let kind = (*message).kind;
        if kind == ANSWER {
            ask::answered(p, message);
            return None;
        }
        let kept = if (*message).to != pid {
            None
        } else if kind == RAW_TIMER {
            let reference = (*Message::value(message).cast::<TimerSignal>()).reference;
            let signal = TimerSignal { reference };
            takes(p, signal_kind::TIMER)
                .then(|| with_value(Process::pool(p), pid, signal_kind::TIMER, signal, ""))
        } else if kind >= RAW {
            signal(p, pid, message)
        } else {
            None
        };
        Message::free(Process::pool(p), message);
        kept
    }
}

unsafe fn signal(p: *mut Process, pid: i64, message: *mut Message) -> Option<*mut Message> {
    // SAFETY: see `arrive`.
    unsafe {
        let value = Message::value(message);
        let RawSignal { from, reference, kind, text_len } = value.cast::<RawSignal>().read();
        let text = std::slice::from_raw_parts(value.add(size_of::<RawSignal>()), text_len);
        let reason = ExitReason::new(kind, String::from_utf8_lossy(text).into_owned());
        let relations = &Process::runtime(p).relations;
        match (*message).kind {
            RAW_DOWN if reference < 0 => {
                ask::failed(p, reference, reason);
                None
            }
            RAW_DOWN => {
                let known = relations.existing(pid, |r| r.watching.remove(&reference).is_some());
                (known == Some(true) && takes(p, signal_kind::DOWN))
                    .then(|| down(p, reference, from, &reason))
            }
            LINK_EXIT => {
                let known = relations.existing(pid, |r| r.links.remove(&from));
                if known == Some(true) { exit_signal(p, by(from, true), reason, false) } else { None }
            }
            SENT_EXIT => {
                let kills = reason == ExitReason::Killed;
                exit_signal(p, by(from, false), reason, kills)
            }
            other => crate::io::internal_error(&format!("a signal of kind {other}")),
        }
    }
}

/// Whether some arm of the process takes that kind of signal.
unsafe fn takes(p: *mut Process, kind: i64) -> bool {
    // SAFETY: the caller runs `p`; descriptions are constants.
    unsafe { (*(*p).entry.load(Relaxed)).signals >> kind & 1 == 1 }
}

/// An exit signal of that process; `linked`: it has ended, and a link tells of it.
pub(crate) fn by(pid: i64, linked: bool) -> EndedBy {
    EndedBy { pid, linked }
}

/// What an exit signal does: it ends the process, or becomes a message.
pub(crate) unsafe fn exit_signal(
    p: *mut Process,
    by: EndedBy,
    reason: ExitReason,
    kills: bool,
) -> Option<*mut Message> {
    // SAFETY: the caller runs `p`.
    unsafe {
        if kills || (*p).flags & (TERMINATING | TRAPS) == 0 {
            if kills || reason != ExitReason::Normal {
                die(p, reason, Some(by));
            }
            return None;
        }
        if (*p).flags & TERMINATING != 0 || !takes(p, signal_kind::EXIT) {
            return None;
        }
        let text = text_of(p, &reason);
        let value = ExitSignal { pid: by.pid, text, kind: reason.kind() as u8 };
        let (me, shown) = (Process::pid(p).0, reason.text().unwrap_or(""));
        Some(with_value(Process::pool(p), me, signal_kind::EXIT, value, shown))
    }
}

unsafe fn down(p: *mut Process, reference: i64, pid: i64, reason: &ExitReason) -> *mut Message {
    // SAFETY: the caller runs `p`.
    unsafe {
        let text = text_of(p, reason);
        let value = DownSignal { reference, pid, text, kind: reason.kind() as u8 };
        let (me, shown) = (Process::pid(p).0, reason.text().unwrap_or(""));
        with_value(Process::pool(p), me, signal_kind::DOWN, value, shown)
    }
}

unsafe fn text_of(p: *mut Process, reason: &ExitReason) -> *mut StrObj {
    // SAFETY: the caller runs `p`.
    unsafe { reason.text().map_or(std::ptr::null_mut(), |text| string::from_bytes(p, text.as_bytes())) }
}

/// Lets the process end as soon as it can; the first reason counts, unless it is killed.
unsafe fn die(p: *mut Process, reason: ExitReason, by: Option<EndedBy>) {
    // SAFETY: the caller runs `p`.
    unsafe {
        let extra = Extra::of(p);
        if extra.dying.is_none() || reason == ExitReason::Killed {
            extra.dying = Some(reason);
            extra.ended_by = by;
        }
        (*p).flags |= DYING;
    }
}

/// A signal as the arm that takes it is written, for reports.
///
/// # Safety
/// The message is a signal, in the form that a `receive` takes.
pub(crate) unsafe fn shown(message: *mut Message) -> String {
    // SAFETY: as the contract says; the heap's text isn't looked at.
    unsafe {
        let value = Message::value(message);
        match i64::from((*message).kind) {
            signal_kind::DOWN => {
                let DownSignal { reference, pid, kind, .. } = value.cast::<DownSignal>().read();
                let reason = reason_behind(message, size_of::<DownSignal>(), kind);
                format!("(:down, #Ref<{reference}>, {}, {reason})", Pid(pid))
            }
            signal_kind::EXIT => {
                let ExitSignal { pid, kind, .. } = value.cast::<ExitSignal>().read();
                format!("(:exit, {}, {})", Pid(pid), reason_behind(message, size_of::<ExitSignal>(), kind))
            }
            signal_kind::TIMER => {
                let TimerSignal { reference } = value.cast::<TimerSignal>().read();
                format!("(:timer, #Ref<{reference}>)")
            }
            other => crate::io::internal_error(&format!("a handler was given a signal of kind {other}")),
        }
    }
}

/// The reason in a signal whose value has `size` bytes.
unsafe fn reason_behind(message: *mut Message, size: usize, kind: u8) -> String {
    // SAFETY: the beginning of the text stands behind the value.
    unsafe {
        let text = Message::value(message).add(size);
        let text = std::slice::from_raw_parts(text, (*message).bytes - size);
        let is_cut = text.len() > MAX_SHOWN;
        let reason = ExitReason::new(kind.into(), text::whole(&text[..text.len().min(MAX_SHOWN)]).to_owned());
        reason.shown(is_cut)
    }
}

/// The text that a signal in the queue refers to; null: it has none. For those who drop it.
///
/// # Safety
/// The message is a signal, in the form that a `receive` takes.
pub(crate) unsafe fn text_ref(message: *mut Message) -> *mut StrObj {
    // SAFETY: as the contract says.
    unsafe {
        let value = Message::value(message);
        match i64::from((*message).kind) {
            signal_kind::DOWN => (*value.cast::<DownSignal>()).text,
            signal_kind::EXIT => (*value.cast::<ExitSignal>()).text,
            _ => std::ptr::null_mut(),
        }
    }
}

/// The number of the monitor whose `:down` this is.
///
/// # Safety
/// The message is in the queue.
pub(crate) unsafe fn down_reference(message: *mut Message) -> Option<i64> {
    // SAFETY: as the contract says.
    unsafe {
        let is_down = i64::from((*message).kind) == signal_kind::DOWN;
        is_down.then(|| (*Message::value(message).cast::<DownSignal>()).reference)
    }
}
