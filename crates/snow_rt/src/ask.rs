//! One-shot addresses: where the answer to one question goes, without passing through the mailbox's queue.
//!
//! An address is a negative number that names its maker's slot and a count that the slot never uses again (within 2^32
//! questions), so a late answer finds nobody. The answer, and the end of the process that was asked, arrive like
//! signals ([`crate::signals`]) and are kept with the address.

use std::ptr::null_mut;

use crate::extra::Extra;
use crate::mailbox::Message;
use crate::process::Process;
use crate::reason::ExitReason;

const COUNT_BITS: u32 = 36;

/// One address that waits for its answer.
pub(crate) struct Ask {
    pub(crate) address: i64,
    /// Who is watched; negative: nobody.
    pub(crate) target: i64,
    /// The answer; null: not here yet.
    pub(crate) answer: *mut Message,
    /// Why there won't be one.
    pub(crate) failure: Option<ExitReason>,
}

/// A new address of `p`.
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn open(p: *mut Process) -> i64 {
    // SAFETY: as the contract says.
    unsafe {
        (*p).ask_count = (*p).ask_count.wrapping_add(1);
        let slot = i64::from(Process::pid(p).slot());
        let address = i64::MIN | slot << COUNT_BITS | i64::from((*p).ask_count);
        let asks = &mut Extra::of(p).asks;
        let at = asks.partition_point(|ask| ask.address < address);
        asks.insert(at, Ask { address, target: -1, answer: null_mut(), failure: None });
        address
    }
}

/// The slot of the process that made an address (a negative number).
pub(crate) fn slot_of(address: i64) -> u32 {
    ((address & i64::MAX) >> COUNT_BITS) as u32
}

/// The number of an address among those of its slot.
pub(crate) fn count_of(address: i64) -> i64 {
    address & ((1 << COUNT_BITS) - 1)
}

/// The address's record; `None`: it is given up. O(log addresses).
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn find<'a>(p: *mut Process, address: i64) -> Option<&'a mut Ask> {
    // SAFETY: as the contract says.
    unsafe {
        let asks = &mut Extra::existing(p)?.asks;
        let at = asks.binary_search_by_key(&address, |ask| ask.address).ok()?;
        asks.get_mut(at)
    }
}

/// An answer has arrived: it is kept if it is the first and somebody waits for it.
///
/// # Safety
/// The caller runs `p` and owns the message.
pub(crate) unsafe fn answered(p: *mut Process, message: *mut Message) {
    // SAFETY: as the contract says.
    unsafe {
        match find(p, (*message).to) {
            Some(ask) if ask.answer.is_null() => ask.answer = message,
            _ => Message::free(Process::pool(p), message),
        }
    }
}

/// The process that was asked has ended.
///
/// # Safety
/// The caller runs `p`.
pub(crate) unsafe fn failed(p: *mut Process, address: i64, reason: ExitReason) {
    // SAFETY: as the contract says.
    if let Some(ask) = unsafe { find(p, address) } {
        ask.failure.get_or_insert(reason);
    }
}
