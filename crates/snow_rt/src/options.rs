//! What the environment says about how to run: read once, at the start.

/// The switches of a run.
pub(crate) struct Options {
    /// `SNOW_WORKERS`, else the number of processors.
    pub(crate) workers: usize,
    /// `SNOW_CHECK=leaks`
    pub(crate) check_leaks: bool,
    /// `SNOW_STATS=1`
    pub(crate) stats: bool,
    /// `SNOW_HASH_SEED`
    pub(crate) hash_seed: u64,
    /// `SNOW_SIM`: the seed of a simulated run: one worker, seeded choices, virtual time.
    pub(crate) sim: Option<u64>,
    /// The end of the program ends the operating system's process; false in tests.
    pub(crate) exit_process: bool,
}

/// The most workers a program may ask for.
const MAX_WORKERS: usize = 1024;

impl Options {
    /// From the environment. Ends the program with a message when a variable makes no sense.
    pub(crate) fn from_env() -> Options {
        let workers = match read("SNOW_WORKERS") {
            Some(text) => match text.parse() {
                Ok(n) if (1..=MAX_WORKERS).contains(&n) => n,
                _ => crate::io::fatal(&format!(
                    "SNOW_WORKERS={text}: it must be a number from 1 to {MAX_WORKERS}"
                )),
            },
            None => std::thread::available_parallelism().map_or(1, |n| n.get()),
        };
        let hash_seed = read_number("SNOW_HASH_SEED").unwrap_or(0);
        let sim = read_number("SNOW_SIM");
        let workers = if sim.is_some() { 1 } else { workers };
        let check_leaks =
            read("SNOW_CHECK").is_some_and(|checks| checks.split(',').any(|check| check == "leaks"));
        let stats = read("SNOW_STATS").is_some_and(|value| value == "1");
        Options { workers, check_leaks, stats, hash_seed, sim, exit_process: true }
    }
}

fn read_number(name: &str) -> Option<u64> {
    let text = read(name)?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| crate::io::fatal(&format!("{name}={text}: it must be a number"))))
}

fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
