//! One running program: everything that its workers share.
//!
//! It is made once, never dropped, and reached from a process through its worker; so tests can run several programs in
//! one operating system process.

use std::sync::atomic::{
    AtomicBool, AtomicI32, AtomicI64, AtomicPtr, AtomicU64, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};

use snow_abi::layout::{ABI_VERSION, MAX_DESCS, Program};

use crate::clock::Clock;
use crate::hash::HashKey;
use crate::names::Names;
use crate::options::Options;
use crate::output::Output;
use crate::outside::Outside;
use crate::pool::SharedPool;
use crate::process::Process;
use crate::relations::AllRelations;
use crate::sched::Scheduler;
use crate::sched::shutdown::Ending;
use crate::table::Table;
use crate::timer::Timers;

/// The exit status of a program whose processes kept values that nothing reaches.
const LEAKED: i32 = 70;

/// A program with all that its workers share.
pub(crate) struct Runtime {
    pub(crate) program: &'static Program,
    pub(crate) options: Options,
    pub(crate) pool: SharedPool,
    pub(crate) table: Table,
    pub(crate) timers: Timers,
    pub(crate) clock: Clock,
    pub(crate) output: Output,
    pub(crate) scheduler: Scheduler,
    /// The process whose crash ends the program: first the one that evaluates constants, then `main`.
    pub(crate) main: AtomicPtr<Process>,
    pub(crate) main_done: AtomicBool,
    /// Living jobs.
    pub(crate) jobs: AtomicUsize,
    pub(crate) relations: AllRelations,
    pub(crate) names: Names,
    pub(crate) ending: Ending,
    pub(crate) outside: Outside,
    /// The number of the last monitor.
    pub(crate) last_reference: AtomicI64,
    pub(crate) leaked: AtomicBool,
    status: AtomicI32,
    /// The status of an end without a crash.
    wanted_status: AtomicI32,
    ended: AtomicBool,
    pub(crate) stats: Stats,
}

/// What `SNOW_STATS` shows; counted only then.
#[derive(Default)]
pub(crate) struct Stats {
    pub(crate) spawned: AtomicU64,
    pub(crate) plain_calls: AtomicU64,
    pub(crate) switches: AtomicU64,
    pub(crate) living: AtomicU64,
    pub(crate) peak: AtomicU64,
}

impl Runtime {
    /// Prepares to run `program`.
    pub(crate) fn new(program: &'static Program, options: Options, output: Output) -> &'static Runtime {
        if program.abi_version != ABI_VERSION {
            crate::io::fatal(&format!(
                "the program was compiled for runtime version {}, this is {ABI_VERSION}; compile it again",
                program.abi_version
            ));
        }
        if program.desc_count > MAX_DESCS {
            crate::io::fatal(&format!("the program has more than {MAX_DESCS} types"));
        }
        HashKey::new(options.hash_seed).publish();
        Box::leak(Box::new(Runtime {
            program,
            pool: SharedPool::new(),
            table: Table::new(),
            timers: Timers::new(options.workers),
            clock: Clock::new(options.sim.is_some()),
            output,
            scheduler: Scheduler::new(options.workers),
            main: AtomicPtr::default(),
            main_done: AtomicBool::new(false),
            jobs: AtomicUsize::new(0),
            relations: AllRelations::new(),
            names: Names::default(),
            ending: Ending::default(),
            outside: Outside::default(),
            last_reference: AtomicI64::new(0),
            leaked: AtomicBool::new(false),
            status: AtomicI32::new(0),
            wanted_status: AtomicI32::new(0),
            ended: AtomicBool::new(false),
            stats: Stats::default(),
            options,
        }))
    }

    /// Ends the program with exactly this status.
    pub(crate) fn finish_with(&'static self, status: i32) {
        self.want_status(status);
        self.finish(status);
    }

    /// Ends the program: output is written, then the operating system's process ends (in tests: the workers stop).
    pub(crate) fn finish(&'static self, status: i32) {
        if self.ended.swap(true, SeqCst) {
            return;
        }
        let leaked = self.leaked.load(SeqCst);
        let status = if status == 0 { self.wanted_status.load(SeqCst) } else { status };
        let status = if leaked && status == 0 { LEAKED } else { status };
        self.status.store(status, SeqCst);
        self.output.close();
        self.outside.end();
        if self.options.stats {
            self.report_stats();
        }
        if self.options.exit_process {
            // SAFETY: ends the process; other threads may still run compiled code, so no destructors.
            unsafe { libc::_exit(status) }
        }
        self.scheduler.stop();
    }

    /// Whether something will happen although nothing runs. Asked while all workers sleep.
    pub(crate) fn has_pending_work(&self) -> bool {
        self.scheduler.timed_waits() > 0
            || self.timers.any_work()
            || self.jobs.load(SeqCst) > 0
            || self.outside.is_pending()
    }

    /// Sets the status of an end without a crash.
    pub(crate) fn want_status(&self, status: i32) {
        self.wanted_status.store(status, SeqCst);
    }

    /// The exit status, once the program has ended.
    pub(crate) fn status(&self) -> i32 {
        self.status.load(SeqCst)
    }

    /// Notes that a process was made.
    pub(crate) fn count_spawn(&self) {
        if self.options.stats {
            self.stats.spawned.fetch_add(1, Relaxed);
            let living = self.stats.living.fetch_add(1, Relaxed) + 1;
            self.stats.peak.fetch_max(living, Relaxed);
        }
    }

    /// Notes that a process has ended.
    pub(crate) fn count_end(&self) {
        if self.options.stats {
            self.stats.living.fetch_sub(1, Relaxed);
        }
    }

    fn report_stats(&self) {
        let Stats { spawned, plain_calls, switches, peak, .. } = &self.stats;
        let text = format!(
            "processes spawned: {}\nmost at once: {}\nmessages handled by a plain call: {}\nstack switches: {}\n",
            spawned.load(Relaxed),
            peak.load(Relaxed),
            plain_calls.load(Relaxed),
            switches.load(Relaxed),
        );
        crate::io::eprint(text.as_bytes());
    }
}
