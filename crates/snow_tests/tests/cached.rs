//! Random edits of a project: what is kept from earlier runs changes nothing. After each edit `snow check` and
//! `snow run` say the same with a cache that has seen all earlier edits, and with an empty one. Some edits make
//! mistakes; some entries of the cache get damaged. `SNOW_FUZZ_ROUNDS` says how many edits.

use std::fs;
use std::path::{Path, PathBuf};

use snow_tests::diff::diff;
use snow_tests::exec::{LIMIT, Outcome, run, snow, snow_binary};
use snow_tests::mutate::{Random, mutate};
use snow_tests::project::{Module, project};

#[test]
fn what_is_kept_changes_nothing() {
    let rounds: u64 = std::env::var("SNOW_FUZZ_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(7);
    let seed: u64 = std::env::var("SNOW_FUZZ_FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(0);
    let place = tempfile::tempdir().expect("a temporary folder");
    let mut bench = Bench {
        binary: snow_binary().unwrap_or_else(|e| panic!("{e}")),
        place: place.path().to_owned(),
        modules: project(4, 3, seed),
        random: Random::new(seed),
    };
    bench.compare("at first", true);
    for round in 0..rounds {
        bench.edit(round);
    }
}

/// Names that only crash reports need belong to what an object is made of.
#[test]
fn reports_show_the_names_of_now() {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let place = tempfile::tempdir().expect("a temporary folder");
    let app = place.path().join("app");
    fs::create_dir_all(&app).expect("the folder can be made");
    let main = "import Kinds\n\nactor worker() do\n  receive do\n    m -> panic(Kinds.text(m))\n  end\nend\n\n\
        fn main() do\n  let w = spawn(worker)\n  send(w, Kinds.make())\nend\n";
    let modules = [("first", "Make"), ("second", "Make"), ("second", "Build")];
    for (field, variant) in modules {
        let kinds = format!(
            "pub type Kind do\n  {variant}({field} :: Int)\nend\n\npub fn make() -> Kind = {variant}(1)\n\n\
             pub fn text(_k :: Kind) -> String = \"no\"\n"
        );
        fs::write(app.join("kinds.snow"), kinds).expect("the file can be written");
        fs::write(app.join("main.snow"), main).expect("the file can be written");
        let mut snow = snow(&binary, place.path(), ["run", "app"]);
        let kept = place.path().join("kept");
        let outcome = run(snow.env("XDG_CACHE_HOME", kept), LIMIT).unwrap_or_else(|e| panic!("{e}"));
        let wanted = format!("handling the message {variant}({field}: 1)");
        assert!(outcome.stderr.contains(&wanted), "{wanted}: {}", outcome.stderr);
    }
}

/// A kept archive of the runtime that was damaged is written again.
#[test]
fn a_damaged_runtime_is_mended() {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let place = tempfile::tempdir().expect("a temporary folder");
    let kept = place.path().join("kept");
    for text in ["first", "second"] {
        let program = format!("fn main() do\n  println(\"{text}\")\nend\n");
        fs::write(place.path().join("say.snow"), program).expect("the file can be written");
        let mut snow = snow(&binary, place.path(), ["run", "say.snow"]);
        let outcome = run(snow.env("XDG_CACHE_HOME", &kept), LIMIT).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(outcome.stdout, format!("{text}\n"), "{}", outcome.stderr);
        let entries = fs::read_dir(kept.join("snow")).expect("the cache can be read").flatten();
        let archive = entries.map(|e| e.path()).find(|path| path.extension().is_some_and(|e| e == "a"));
        let archive = archive.expect("the runtime's archive is kept");
        let mut bytes = fs::read(&archive).expect("the archive can be read");
        bytes.iter_mut().skip(1000).step_by(997).for_each(|byte| *byte ^= 0x55);
        fs::write(&archive, bytes).expect("the archive can be written");
    }
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let place = tempfile::tempdir().expect("a temporary folder");
    fs::write(place.path().join("a.snow"), "fn main() do\n  println(1)\nend\n")
        .expect("the file can be written");
    let mut snow = snow(&binary, place.path(), ["build", "-o", "missing/a", "a.snow"]);
    let outcome = run(&mut snow, LIMIT).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(outcome.code, Some(1));
    assert_eq!(outcome.stderr, "error: cannot write missing/a: No such file or directory (os error 2)\n");
}

struct Bench {
    binary: PathBuf,
    place: PathBuf,
    modules: Vec<Module>,
    random: Random,
}

impl Bench {
    fn edit(&mut self, round: u64) {
        // `main.snow`, the last, stays as it is.
        let at = self.random.below(self.modules.len() - 1);
        let before = self.modules[at].text.clone();
        let kind = round % 7;
        let (after, stays) = match kind {
            0 | 4 => (other_number(&before, &mut self.random), true),
            1 => (before.replacen("pub fn light(n) = (", &used_function(round), 1), true),
            2 => (
                before.replacen(
                    "  owner :: String\n",
                    "  owner :: String\n  more :: (Int, String) = (1, \"x\")\n",
                    1,
                ),
                true,
            ),
            3 => (before.replacen("% 1009", "<> \"text\"", 1), false),
            5 => (format!("{before}\nfn nobody_calls_{round}(unused) do\n  let x = 1\n  2\nend\n"), true),
            _ => (mutate(&before, &mut self.random), false),
        };
        self.modules[at].text = after;
        if kind == 4 {
            self.damage_cache();
        }
        self.compare(&format!("round {round}, kind {kind}, module {at}"), stays);
        if !stays {
            self.modules[at].text = before;
        }
    }

    /// Checks, and runs the program if `runs`, with both caches.
    fn compare(&self, what: &str, runs: bool) {
        let app = self.place.join("app");
        let _ = fs::remove_dir_all(&app);
        for module in &self.modules {
            let path = app.join(&module.path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
            fs::write(&path, &module.text).expect("the file can be written");
        }
        let empty = self.place.join("empty");
        let _ = fs::remove_dir_all(&empty);
        for command in [Some("check"), runs.then_some("run")].into_iter().flatten() {
            let kept = self.outcome(command, &self.place.join("kept"));
            let fresh = self.outcome(command, &empty);
            if let Some(diff) = diff(&shown(&fresh), &shown(&kept)) {
                panic!("{what}: `snow {command}` says something else with what is kept:\n{diff}");
            }
            assert!(command == "check" || fresh.code == Some(0), "{what}: {}", fresh.stderr);
        }
    }

    fn outcome(&self, command: &str, cache: &Path) -> Outcome {
        let mut snow = snow(&self.binary, &self.place, [command, "app"]);
        run(snow.env("XDG_CACHE_HOME", cache), LIMIT).unwrap_or_else(|e| panic!("{e}"))
    }

    /// Changes a byte of one entry in three, and cuts another.
    fn damage_cache(&mut self) {
        let kept = ["objects", "checks"].map(|dir| fs::read_dir(self.place.join("kept/snow").join(dir)));
        for entry in kept.into_iter().flatten().flatten().flatten() {
            let mut bytes = fs::read(entry.path()).expect("an entry can be read");
            match self.random.below(6) {
                0 | 1 if !bytes.is_empty() => {
                    let at = self.random.below(bytes.len());
                    bytes[at] ^= 1;
                }
                2 => bytes.truncate(self.random.below(bytes.len() + 1)),
                _ => continue,
            }
            fs::write(entry.path(), bytes).expect("an entry can be written");
        }
    }
}

fn shown(outcome: &Outcome) -> String {
    format!("{:?}\n{}{}", outcome.code, outcome.stdout, outcome.stderr)
}

/// A function that the module's `light` calls, with instances that nothing else needs.
fn used_function(round: u64) -> String {
    format!(
        "fn new_{round}(n) = List.length(List.map([n, {round}], fn x -> (x, \"{round}\", [:a{round}]) end))\n\n\
         pub fn light(n) = (new_{round}(n) + "
    )
}

/// One of the numbers between two blanks becomes another.
fn other_number(text: &str, random: &mut Random) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let numbers: Vec<usize> =
        (0..words.len()).filter(|&i| words[i].parse::<u32>().is_ok_and(|n| n > 3)).collect();
    if let Some(&at) = numbers.get(random.below(numbers.len().max(1))) {
        words[at] = (random.below(20) + 4).to_string();
    }
    words.join(" ")
}
