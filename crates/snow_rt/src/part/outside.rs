//! What a body does that waits for something outside without blocking a worker, keeps things that end with the process, and
//! leaves texts for `io_take`.

use std::any::Any;

use super::{Caller, Cancel, Completion, Driver, Text};
use crate::extra::Extra;
use crate::interrupts;
use crate::long::{PIECE, Work};
use crate::outside;
use crate::process::Process;
use crate::sched::worker::Worker;

/// Starts another program by `start`, with no signal blocked that this program waits for.
pub fn start_program<R>(start: impl FnOnce() -> R) -> R {
    interrupts::unblocked(start)
}

impl Caller {
    /// Whether the run is a simulation.
    pub fn is_simulated(&self) -> bool {
        // SAFETY: a caller is a process that runs.
        unsafe { Process::runtime(self.0) }.options.sim.is_some()
    }

    /// Says, once, that a simulation uses something that its seed doesn't decide.
    pub fn note_outside(&self, what: &str) {
        // SAFETY: a caller is a process that runs.
        outside::note_outside(unsafe { Process::runtime(self.0) }, what);
    }

    /// Begins an operation with `start`, which may say how it is cancelled, and waits until it is completed.
    ///
    /// # Safety
    /// The caller's stack holds nothing that needs dropping: the process may be ended while it waits.
    pub unsafe fn wait_for<T: 'static>(&self, start: impl FnOnce(Completion<T>) -> Option<Cancel>) -> T {
        // SAFETY: as the contract says.
        unsafe { outside::wait_for(self.0, start) }
    }

    /// Lets `act` be called when the program ends, whatever ends it (but a signal that can't be caught).
    pub fn at_end(&self, act: fn()) {
        // SAFETY: a caller is a process that runs.
        unsafe { Process::runtime(self.0) }.outside.at_end(act);
    }

    /// A copy of a text's bytes, for who carries an operation out. Others may run, if it is long.
    pub fn copy(&self, text: Text<'_>) -> Vec<u8> {
        let bytes = text.bytes();
        let mut copy = Vec::with_capacity(bytes.len());
        let mut work = Work::new(self.0);
        for piece in bytes.chunks(PIECE) {
            copy.extend_from_slice(piece);
            // SAFETY: a caller is a process that runs on its carrier; the text stays where it is while the call lasts.
            unsafe { work.did(piece.len()) };
        }
        copy
    }

    /// Leaves a text for `io_take`.
    pub fn answer(&self, text: Vec<u8>) {
        // SAFETY: a caller is a process that runs.
        unsafe { Extra::of(self.0).answers.push_back(text) };
    }

    /// This worker's driver, made by `make` if it has none.
    pub fn driver(&self, make: fn() -> Box<dyn Driver>) -> &dyn Driver {
        // SAFETY: a caller is a process that runs; a worker keeps its driver for ever.
        unsafe { Worker::driver((*self.0).worker, make) }
    }

    /// Lets this worker look soon at what its driver has noticed.
    pub fn look_soon(&self) {
        // SAFETY: a caller is a process that runs.
        unsafe { Worker::look_soon((*self.0).worker) };
    }

    /// Keeps something that is dropped when the process ends, what came last first. Gives its number.
    pub fn keep(&self, resource: Box<dyn Any + Send>) -> i64 {
        // SAFETY: a caller is a process that runs.
        unsafe { Extra::of(self.0).resources.add(resource) }
    }

    /// Does something with what the process keeps under that number; `None`: it doesn't keep it, or not of that type. It isn't
    /// kept while `with` runs.
    pub fn with_kept<T: 'static, R>(&self, number: i64, with: impl FnOnce(&mut T) -> R) -> Option<R> {
        // SAFETY: a caller is a process that runs.
        let mut resource = unsafe { Extra::existing(self.0)?.resources.lend(number)? };
        let result = resource.downcast_mut().map(with);
        // SAFETY: as above.
        unsafe { Extra::of(self.0).resources.take_back(number, resource) };
        result
    }

    /// Gives up something that the process keeps.
    pub fn give_up(&self, number: i64) {
        // SAFETY: a caller is a process that runs.
        if let Some(extra) = unsafe { Extra::existing(self.0) } {
            drop(extra.resources.remove(number));
        }
    }
}
