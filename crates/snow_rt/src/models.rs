//! Does what is shared without a lock hold in every order of events? Model checks with loom.
//!
//! `RUSTFLAGS="--cfg snow_loom" cargo test --release -p snow_rt --target-dir target/loom models` runs them; nothing else of the
//! crate's tests can run in that build.

use std::sync::atomic::Ordering::{Acquire, Release, SeqCst};
use std::sync::{Mutex, MutexGuard, OnceLock};

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

use crate::mailbox::{Mailbox, Message};
use crate::pool::{LocalPool, SharedPool};
use crate::process::{DEAD, IDLE, QUEUED, RUNNING};
use crate::sched::idle::Sleepers;
use crate::sched::wait;
use crate::shared::Count;
use crate::sync::{AtomicU32, AtomicUsize};

struct Pool(LocalPool);

// SAFETY: it is used under its lock.
unsafe impl Send for Pool {}

/// Messages of all models come from here.
fn pool() -> MutexGuard<'static, Pool> {
    static POOL: OnceLock<Mutex<Pool>> = OnceLock::new();
    let pool = POOL.get_or_init(|| Mutex::new(Pool(LocalPool::new(Box::leak(Box::new(SharedPool::new()))))));
    pool.lock().unwrap()
}

fn message(number: i64) -> *mut Message {
    let message = Message::new(&mut pool().0, number, 0, 0);
    // SAFETY: it was just made.
    unsafe { (*message).unpacked = true };
    message
}

/// Frees a chain; the numbers of its messages, which stand for their receivers here.
fn numbers(mut chain: *mut Message) -> Vec<i64> {
    let mut numbers = Vec::new();
    while !chain.is_null() {
        // SAFETY: the caller took the chain.
        unsafe {
            numbers.push((*chain).to);
            let next = (*chain).next;
            Message::free(&mut pool().0, chain);
            chain = next;
        }
    }
    numbers
}

/// A process as far as senders and its worker share it.
struct Model {
    mailbox: UnsafeCell<Mailbox>,
    state: AtomicU32,
    /// How often it was put into a queue.
    queued: AtomicUsize,
}

// SAFETY: senders touch the atomic part of the mailbox only; the rest is the one owner's.
unsafe impl Sync for Model {}
// SAFETY: as above.
unsafe impl Send for Model {}

impl Model {
    fn new(state: u32) -> Arc<Model> {
        Arc::new(Model {
            mailbox: UnsafeCell::new(Mailbox::model()),
            state: AtomicU32::new(state),
            queued: AtomicUsize::new(0),
        })
    }

    fn send(&self, number: i64) {
        let message = message(number);
        // SAFETY: the message is ours.
        match self.mailbox.with(|mailbox| unsafe { Mailbox::push(mailbox, message) }) {
            Some(true) => {
                if wait::notify_word(&self.state) {
                    self.queued.fetch_add(1, SeqCst);
                }
            }
            Some(false) => {}
            None => drop(numbers(message)),
        }
    }

    /// What a worker does with a process that it took from a queue, until it waits: the messages it got.
    fn run(&self) -> Vec<i64> {
        let mut got = Vec::new();
        loop {
            self.state.swap(RUNNING, SeqCst);
            // SAFETY: only the owner is here.
            let chain = self.mailbox.with(|mailbox| unsafe { (*mailbox.cast_mut()).take_arrived() });
            got.extend(numbers(chain));
            if wait::park_word(&self.state) {
                return got;
            }
        }
    }
}

#[test]
fn no_message_is_left_with_a_process_that_waits() {
    let mut model = loom::model::Builder::new();
    // All orders would take hours; what goes wrong goes wrong with few switches.
    model.preemption_bound = Some(3);
    model.check(|| {
        let process = Model::new(QUEUED);
        let senders: Vec<_> = [[10, 11], [20, 21]]
            .into_iter()
            .map(|[first, second]| {
                let process = process.clone();
                thread::spawn(move || {
                    process.send(first);
                    if first == 10 {
                        process.send(second);
                    }
                })
            })
            .collect();
        let mut got = process.run();
        senders.into_iter().for_each(|sender| sender.join().unwrap());
        let queued = process.queued.load(SeqCst);
        assert_eq!(process.state.load(SeqCst), if queued == 1 { QUEUED } else { IDLE });
        assert!(queued <= 1, "queued twice");
        if queued == 1 {
            got.extend(process.run());
        }
        // Each came once, and those of one sender in their order.
        assert!(got.iter().position(|&n| n == 10) < got.iter().position(|&n| n == 11), "{got:?}");
        got.sort();
        assert_eq!(got, [10, 11, 20]);
    });
}

#[test]
fn a_message_to_a_process_that_ends_is_freed_once() {
    loom::model(|| {
        let process = Model::new(RUNNING);
        let sender = {
            let process = process.clone();
            thread::spawn(move || process.send(1))
        };
        process.state.store(DEAD, SeqCst);
        // SAFETY: only the owner closes.
        let chains = process.mailbox.with(|mailbox| unsafe { (*mailbox.cast_mut()).close() });
        let left: usize = chains.into_iter().map(|chain| numbers(chain).len()).sum();
        sender.join().unwrap();
        assert!(left <= 1);
        assert_eq!(process.queued.load(SeqCst), 0);
    });
}

#[test]
fn only_one_of_several_wakes_a_process() {
    loom::model(|| {
        let process = Model::new(IDLE);
        let wakers: Vec<_> = (0..2)
            .map(|_| {
                let process = process.clone();
                thread::spawn(move || wait::notify_word(&process.state))
            })
            .collect();
        let woken = wakers.into_iter().map(|waker| waker.join().unwrap());
        assert_eq!(woken.filter(|woken| *woken).count(), 1);
        assert_eq!(process.state.load(SeqCst), QUEUED);
    });
}

#[test]
fn the_last_holder_of_shared_bytes_is_alone() {
    loom::model(|| {
        let shared = Arc::new((Count::one(), UnsafeCell::new(7)));
        shared.0.hold();
        shared.0.hold();
        let use_it = |shared: Arc<(Count, UnsafeCell<i32>)>| {
            // SAFETY: a holder may read.
            shared.1.with(|value| unsafe { assert_eq!(*value, 7) });
            let last = shared.0.let_go();
            if last {
                // SAFETY: the last holder may free; loom sees whether somebody still reads.
                shared.1.with_mut(|value| unsafe { *value = 0 });
            }
            last
        };
        let others: Vec<_> = (0..2)
            .map(|_| {
                let shared = shared.clone();
                thread::spawn(move || use_it(shared))
            })
            .collect();
        let mut frees = usize::from(use_it(shared));
        for other in others {
            frees += usize::from(other.join().unwrap());
        }
        assert_eq!(frees, 1);
    });
}

#[test]
fn nobody_falls_asleep_beside_what_was_queued() {
    loom::model(|| {
        let (sleepers, queue) = (Arc::new(Sleepers::new(0)), Arc::new(AtomicUsize::new(0)));
        let queuer = {
            let (sleepers, queue) = (sleepers.clone(), queue.clone());
            thread::spawn(move || {
                queue.store(1, Release);
                sleepers.any()
            })
        };
        sleepers.enter(1);
        let found = queue.load(Acquire) == 1;
        let woken = queuer.join().unwrap();
        assert!(found || woken, "something is queued, and the worker sleeps");
    });
}
