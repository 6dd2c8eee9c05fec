//! What only some processes have, made when it is first needed. Only the process's owner touches it.

use std::collections::VecDeque;
use std::ptr::null_mut;

use rand_xoshiro::Xoshiro256PlusPlus;
use snow_abi::layout::RecvDesc;

use crate::ask::Ask;
use crate::outside::Pending;
use crate::process::Process;
use crate::reason::ExitReason;
use crate::resources::Resources;

/// Whose exit signal ends a process.
#[derive(Clone, Copy)]
pub(crate) struct EndedBy {
    pub(crate) pid: i64,
    /// Whether it has ended, and a link told of it.
    pub(crate) linked: bool,
}

/// The rarer parts of a process.
pub(crate) struct Extra {
    /// It must end with this reason, as a signal said.
    pub(crate) dying: Option<ExitReason>,
    /// Who said so.
    pub(crate) ended_by: Option<EndedBy>,
    /// It has ended with this reason, and its `terminate` clause runs.
    pub(crate) ending: Option<ExitReason>,
    /// The code of the `terminate` clause; null: none.
    pub(crate) terminate: *const RecvDesc,
    /// Parameters of the clause, in the heap.
    pub(crate) parameters: *mut u8,
    /// Bytes of room that they have.
    pub(crate) parameter_bytes: usize,
    /// One-shot addresses, ascending; most often the first or the last is looked for.
    pub(crate) asks: VecDeque<Ask>,
    /// Why the last wait for an answer failed.
    pub(crate) ask_error: ExitReason,
    /// The maker, of a job.
    pub(crate) maker: Option<i64>,
    /// The index of the element of a list that a job is at.
    pub(crate) element: Option<i64>,
    /// A number that compiled code keeps here.
    pub(crate) slot: i64,
    /// Its random numbers, once it has asked for one.
    pub(crate) random: Option<Box<Xoshiro256PlusPlus>>,
    /// What it waits for outside of all processes.
    pub(crate) pending: Option<Pending>,
    /// Texts that the last call to the outside has left.
    pub(crate) answers: VecDeque<Vec<u8>>,
    /// What it has opened.
    pub(crate) resources: Resources,
}

impl Extra {
    /// The extra part of a process.
    ///
    /// # Safety
    /// The caller owns `p`, and uses the result no longer than until its next call with `p`.
    pub(crate) unsafe fn of<'a>(p: *mut Process) -> &'a mut Extra {
        // SAFETY: as the contract says.
        unsafe {
            if (*p).extra.is_null() {
                (*p).extra = Box::into_raw(Box::new(Extra {
                    dying: None,
                    ended_by: None,
                    ending: None,
                    terminate: std::ptr::null(),
                    parameters: null_mut(),
                    parameter_bytes: 0,
                    asks: VecDeque::new(),
                    ask_error: ExitReason::Normal,
                    maker: None,
                    element: None,
                    slot: 0,
                    random: None,
                    pending: None,
                    answers: VecDeque::new(),
                    resources: Resources::default(),
                }));
            }
            &mut *(*p).extra
        }
    }

    /// The extra part, if there is one.
    ///
    /// # Safety
    /// As [`Extra::of`].
    pub(crate) unsafe fn existing<'a>(p: *mut Process) -> Option<&'a mut Extra> {
        // SAFETY: as the contract says.
        unsafe { (*p).extra.as_mut() }
    }
}
