//! Who does what can only be waited for by blocking a thread, as files are? A bounded pool of threads, started when there is
//! work and ended when there is none for a while. The process that asked is parked.
//!
//! One pool serves the whole program: jobs beyond its threads wait in its queue. A job goes on when its process is ended.

use std::sync::OnceLock;
use std::time::Duration;

use snow_rt::part::Caller;
use tokio::runtime::{Builder, Runtime};

use crate::failure::fatal;

/// The most threads. Disks answer several requests at a time; more than these would only wait for each other.
const THREADS: usize = 64;
/// How long a thread waits for more work.
const IDLE: Duration = Duration::from_secs(5);
/// Enough for the system's calls, which is all that jobs do.
const STACK: usize = 512 << 10;

/// Its threads are what is used of it; nothing ever runs in it.
static POOL: OnceLock<Runtime> = OnceLock::new();

fn pool() -> &'static Runtime {
    POOL.get_or_init(|| {
        let pool = Builder::new_current_thread()
            .max_blocking_threads(THREADS)
            .thread_keep_alive(IDLE)
            .thread_stack_size(STACK)
            .thread_name("snow-blocking")
            .build();
        match pool {
            Ok(pool) => pool,
            Err(error) => fatal(&format!("can't start threads for files: {error}")),
        }
    })
}

/// Lets a thread of the pool do something; nobody waits for it here.
pub(crate) fn spawn(job: impl FnOnce() + Send + 'static) {
    // The result is nothing, so nobody needs the handle.
    drop(pool().spawn_blocking(job));
}

/// Lets a thread of the pool do something, and waits for what it gives.
///
/// # Safety
/// As [`Caller::wait_for`].
pub unsafe fn run<T: Send + 'static>(caller: &Caller, job: impl FnOnce() -> T + Send + 'static) -> T {
    // SAFETY: as the contract says.
    unsafe {
        caller.wait_for(move |completion| {
            spawn(move || completion.complete(job()));
            None
        })
    }
}
