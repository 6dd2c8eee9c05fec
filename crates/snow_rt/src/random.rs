//! Where do a program's random numbers come from? Each process has a generator of its own (xoshiro256++), which starts from the
//! system's randomness when it is first asked.
//!
//! In a simulated run everything here depends on the run's seed and the process alone, also what is secure otherwise. The
//! scheduler's own choices are [`crate::clock::Choices`].

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use snow_abi::layout::StrObj;

use crate::extra::Extra;
use crate::process::Process;
use crate::{crash, string};

/// The generator of `p`.
///
/// # Safety
/// The caller runs `p`, and uses the result no longer than until its next call with `p`.
unsafe fn generator<'a>(p: *mut Process) -> &'a mut Xoshiro256PlusPlus {
    // SAFETY: as the contract says.
    unsafe {
        let sim = Process::runtime(p).options.sim;
        let pid = Process::pid(p).0 as u64;
        Extra::of(p).random.get_or_insert_with(|| {
            Box::new(match sim {
                Some(seed) => Xoshiro256PlusPlus::seed_from_u64(seed ^ pid.rotate_left(32)),
                None => {
                    let mut seed = [0; 32];
                    fill(&mut seed);
                    Xoshiro256PlusPlus::from_seed(seed)
                }
            })
        })
    }
}

/// Bytes of the system's randomness.
fn fill(bytes: &mut [u8]) {
    if let Err(error) = getrandom::fill(bytes) {
        crate::io::fatal(&format!("the system gives no random numbers: {error}"));
    }
}

/// `random_next`
pub(crate) unsafe fn random_next(p: *mut Process) -> i64 {
    // SAFETY: see `fns`.
    unsafe { generator(p).next_u64() as i64 }
}

/// `random_seed`
pub(crate) unsafe fn random_seed(p: *mut Process, seed: i64) {
    // SAFETY: see `fns`.
    unsafe { Extra::of(p).random = Some(Box::new(Xoshiro256PlusPlus::seed_from_u64(seed as u64))) }
}

/// The most bytes that are made at once.
const MOST: i64 = 4096;

/// `random_secure`: at most [`MOST`] bytes.
pub(crate) unsafe fn random_secure(p: *mut Process, count: i64) -> *mut StrObj {
    if !(0..=MOST).contains(&count) {
        crash::raise(p, format!("random_secure: {count} bytes at once"), None);
    }
    let mut bytes = [0; MOST as usize];
    let bytes = &mut bytes[..count as usize];
    // SAFETY: see `fns`.
    unsafe {
        if Process::runtime(p).options.sim.is_some() {
            generator(p).fill_bytes(bytes);
        } else {
            fill(bytes);
        }
        string::from_bytes(p, bytes)
    }
}
