//! The passes over MIR, in one list: what each needs and what it gives.

mod bitset;
mod borrow;
mod count;
mod hoist;
mod inline;
mod known;
mod liveness;
mod ownership;
mod short;
mod specialise;
mod unpack;
mod unroll;
mod verify;

use crate::layout::Layouts;
use crate::mir::Mir;

pub use verify::Violation;

/// A pass over a whole program.
pub struct Pass {
    /// Its name in `--emit=mir:<name>`.
    pub name: &'static str,
    /// What must hold before it.
    pub needs: &'static str,
    /// What holds after it.
    pub gives: &'static str,
    /// Whether it runs in optimised builds only.
    pub release_only: bool,
    run: fn(&mut Mir, &Layouts<'_>),
    counted_after: bool,
}

/// The pipeline.
pub const PIPELINE: &[Pass] = &[
    Pass {
        name: "specialise",
        needs: "uncounted MIR",
        gives: "functions that are given closures have copies that know them, and closures that are known are called directly",
        release_only: true,
        run: specialise::run,
        counted_after: false,
    },
    Pass {
        name: "unroll",
        needs: "uncounted MIR",
        gives: "small recursive functions call copies of themselves, for LLVM to inline",
        release_only: true,
        run: unroll::run,
        counted_after: false,
    },
    Pass {
        name: "short",
        needs: "uncounted MIR",
        gives: "functions that call little and have no loops go without checks of the stack",
        release_only: true,
        run: short::run,
        counted_after: false,
    },
    Pass {
        name: "hoist",
        needs: "uncounted MIR",
        gives: "the parts of a value are read together, so that it isn't kept alive for the last of them",
        release_only: false,
        run: hoist::run,
        counted_after: false,
    },
    Pass {
        name: "borrow",
        needs: "uncounted MIR",
        gives: "each parameter's mode: what callees only look at stays with the caller",
        release_only: false,
        run: borrow::run,
        counted_after: false,
    },
    Pass {
        name: "count",
        needs: "final modes",
        gives: "explicit Dup and Drop: every reference is let go exactly once, as early as possible",
        release_only: false,
        run: count::run,
        counted_after: true,
    },
    Pass {
        name: "unpack",
        needs: "counted MIR",
        gives: "values taken apart move their parts out when unique, and their cells are reused",
        release_only: false,
        run: unpack::run,
        counted_after: true,
    },
];

/// Runs the pipeline. `after` sees the program behind each pass. In debug builds the verifier runs after every
/// pass.
///
/// # Errors
/// What the verifier found: an error of the compiler.
pub fn run(
    mir: &mut Mir,
    layouts: &Layouts<'_>,
    release: bool,
    after: &mut dyn FnMut(&Pass, &Mir),
) -> Result<(), Vec<Violation>> {
    for pass in PIPELINE.iter().filter(|p| release || !p.release_only) {
        (pass.run)(mir, layouts);
        after(pass, mir);
        if pass.counted_after && cfg!(debug_assertions) {
            let found = verify::run(mir, layouts);
            if !found.is_empty() {
                return Err(found);
            }
        }
    }
    Ok(())
}
