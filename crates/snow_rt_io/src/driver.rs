//! How does a worker sleep and yet notice what happens outside? It sleeps in a tokio runtime of its own, which runs on the
//! worker's thread alone.
//!
//! A task of that runtime carries an operation out; its end completes the operation, which queues the process at this worker
//! and ends the sleep. In a simulation, the task runs on a thread of the pool, since the worker waits on the spot.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{
    AtomicBool,
    Ordering::{AcqRel, Release},
};
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Wake, Waker};
use std::time::Duration;

use snow_rt::part::{Caller, Driver, internal_error};
use tokio::runtime::{Builder, Runtime};

use crate::blocking;
use crate::failure::fatal;

/// A worker's tokio runtime, and what ends its sleep.
pub(crate) struct Reactor {
    runtime: Runtime,
    bell: Arc<Bell>,
}

/// Remembers that it was rung.
#[derive(Default)]
struct Bell {
    rung: AtomicBool,
    sleeper: Mutex<Option<Waker>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Release);
        if let Some(sleeper) = self.sleeper.lock().unwrap_or_else(PoisonError::into_inner).take() {
            sleeper.wake();
        }
    }
}

impl Bell {
    /// Ends when the bell has been rung since the last time.
    async fn heard(&self) {
        std::future::poll_fn(|cx| {
            // The waker stands there before the look, so a ring in between isn't missed.
            *self.sleeper.lock().unwrap_or_else(PoisonError::into_inner) = Some(cx.waker().clone());
            if self.rung.swap(false, AcqRel) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

impl Reactor {
    fn make() -> Box<dyn Driver> {
        Box::new(Reactor { runtime: runtime(), bell: Arc::default() })
    }
}

/// A tokio runtime that runs on whichever thread waits in it.
fn runtime() -> Runtime {
    match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => fatal(&format!("can't wait for input and output: {error}")),
    }
}

impl Driver for Reactor {
    fn park(&self, limit: Option<Duration>) {
        self.runtime.block_on(async {
            match limit {
                // Whether the limit was reached shows in the clock.
                Some(limit) => drop(tokio::time::timeout(limit, self.bell.heard()).await),
                None => self.bell.heard().await,
            }
        });
    }

    fn look(&self) {
        self.runtime.block_on(async {
            // The first looks what is ready, the second lets tasks run that waited for it.
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        });
    }

    fn waker(&self) -> Waker {
        self.bell.clone().into()
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// Runs a future in the caller's worker and waits for what it gives. When the process is ended meanwhile, the future is dropped
/// at its present `await`.
///
/// # Safety
/// As [`Caller::wait_for`].
pub(crate) unsafe fn run<T: Send + 'static>(
    caller: &Caller,
    future: impl Future<Output = T> + Send + 'static,
) -> T {
    if caller.is_simulated() {
        // SAFETY: as the contract says.
        return unsafe { blocking::run(caller, move || runtime().block_on(future)) };
    }
    // SAFETY: as the contract says.
    unsafe {
        caller.wait_for(move |completion| {
            let Some(reactor) = caller.driver(Reactor::make).as_any().downcast_ref::<Reactor>() else {
                internal_error("a worker waits in a way that isn't known here")
            };
            let task = reactor.runtime.spawn(async move { completion.complete(pin!(future).await) });
            caller.look_soon();
            Some(Box::new(move || task.abort()))
        })
    }
}
