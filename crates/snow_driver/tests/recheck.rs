//! Edits of a program of several modules: a check that takes over what an earlier one found out says the same as a full one.
//! `SNOW_FUZZ_ROUNDS` says how many edits, `SNOW_FUZZ_FIRST` is the seed.

use std::fs;
use std::path::Path;

use snow_driver::Session;
use snow_driver::load::InputFile;

/// A module: its path, and for each of its parts the forms that it may have. The first forms make a program without
/// mistakes; others change types, make errors or warnings, or say the same in other words.
type Parts = (&'static str, &'static [&'static [&'static str]]);

const MODULES: [Parts; 6] = [
    (
        "shapes.snow",
        &[
            &[
                "pub struct Point do\n  x :: Int\n  y :: Int = 0\nend\n",
                "pub struct Point do\n  x :: Int\n  y :: Int = 1 + 2\nend\n",
                "pub struct Point do\n  x :: Int\n  y :: Int = \"no\"\nend\n",
                "pub struct Point do\n  x :: Int\n  y :: Int = 0\nend deriving(Eq, Debug)\n",
            ],
            &[
                "pub fn make(x) = Point { x: x, y: 1 }\n",
                "pub fn make(x) = Point { x: x, y: 1 + x }\n",
                "pub fn make(x) = Point { x: 1, y: 1 }\n",
                "pub fn make(x) do\n  let unused = 2\n  Point { x: x, y: 1 }\nend\n",
                "pub fn make(x) = Point { x: \"a\", y: x }\n",
                "pub fn make(x :: Int) -> Point = Point { x: x, z: 1 }\n",
                "pub fn make(x :: Int) -> Point = Point { x: x }\n",
                "# A comment.\npub fn make(x) do\n  # Another one.\n  Point { x: x, y: 1 }\nend\n",
            ],
            &[
                "pub fn size(p :: Point) -> Int do\n  p.x * p.y\nend\n",
                "pub fn size(p :: Point) -> Int do\n  p.x * p.y + limit\nend\n",
                "pub fn size(p :: Point) -> Int do\n  p.moved(1).x\nend\n",
                "pub fn size(p :: Point) -> Int do\n  \"${p}\"\nend\n",
                "pub fn size(p :: Point) -> Int do\n  p.x * p.zz\nend\n",
                "pub fn size(p) do\n  p.x * p.y\nend\n",
            ],
            &[
                "pub fn moved(p :: Point, by :: Int = limit) -> Point = Point { x: p.x + by, y: p.y }\n",
                "pub fn moved(p :: Point, by :: Int = limit) -> Point = Point { x: by, y: p.y }\n",
                "pub fn moved(p :: Point, by :: Int = size(Point { x: 1 })) -> Point = Point { x: p.x + by, y: p.y }\n",
                "pub fn moved(p :: Point, by :: Int = limit) -> Point = Point { x: p.x + \"b\", y: p.y }\n",
            ],
            &[
                "pub let limit = 10\n",
                "pub let limit = 11 * 2\n",
                "pub let limit :: Int = 3\n",
                "pub let limit = \"ten\"\n",
                "pub let limit = size(Point { x: 3 })\n",
            ],
        ],
    ),
    (
        "kinds.snow",
        &[
            &["import Shapes\n", "from Shapes import Point\nimport Shapes\n"],
            &[
                "pub interface Area do\n  fn area(self) -> Int\n  fn doubled(self) -> Int do\n    self.area() * 2\n  end\nend\n",
                "pub interface Area do\n  fn area(self) -> Int\n  fn doubled(self) -> Int do\n    self.area() + self.area()\n  end\nend\n",
                "pub interface Area do\n  fn area(self) -> Int\n  fn doubled(self) -> Int do\n    self.aria()\n  end\nend\n",
            ],
            &[
                "impl Area for Shapes.Point do\n  fn area(self) do\n    Shapes.size(self)\n  end\nend\n",
                "impl Area for Shapes.Point do\n  fn area(self) do\n    self.x\n  end\nend\n",
                "impl Area for Shapes.Point do\n  fn area(self) do\n    \"big\"\n  end\nend\n",
                "impl Area for Shapes.Point do\n  fn area(self) do\n    let w = 1\n    self.moved().size()\n  end\nend\n",
            ],
            &[
                "pub fn total(xs) do\n  List.reduce(xs, 0, fn sum, x -> sum + Area.area(x) end)\nend\n",
                "pub fn total(xs :: List<T>) -> Int where T: Area do\n  List.reduce(xs, 0, fn sum, x -> sum + x.area() end)\nend\n",
                "pub fn total(xs :: List<T>) -> Int where T: Area do\n  List.reduce(xs, 0, fn sum, x -> sum + x.doubled() end)\nend\n",
                "pub fn total(xs :: List<T>) -> Int where T: Area do\n  List.reduce(xs, 0, fn sum, x -> sum + x end)\nend\n",
            ],
            &[
                "\n",
                "fn nobody(x) = x + 1\n",
                "fn nobody(x) = nobody(x - 1)\n",
                "fn nobody(x = Shapes.limit) = x\n",
            ],
        ],
    ),
    (
        "loops.snow",
        &[
            &[
                "pub fn even(n) do\n  if n == 0 do\n    true\n  else\n    odd(n - 1)\n  end\nend\n",
                "pub fn even(n) do\n  n % 2 == 0\nend\n",
                "pub fn even(n) do\n  if n == 0 do\n    1\n  else\n    odd(n - 1)\n  end\nend\n",
                "pub fn even(n) do\n  if odd(n) do\n    false\n  else\n    n == 0 or odd(n - 1)\n  end\nend\n",
            ],
            &[
                "pub fn odd(n) do\n  if n == 0 do\n    false\n  else\n    even(n - 1)\n  end\nend\n",
                "pub fn odd(n) do\n  not even(n)\nend\n",
                "pub fn odd(n :: Int) -> Bool do\n  not even(n)\nend\n",
                "pub fn odd(n) do\n  even(n) + 1\nend\n",
            ],
            &[
                "pub fn twice(f, x) = f(f(x))\n",
                "pub fn twice(f, x) = f(x)\n",
                "pub fn twice(f, x) do\n  let y = f(x)\n  f(y)\nend\n",
                "pub fn twice(f, x) = g(f(x))\n",
            ],
            &[
                "pub fn same(a, b) = a == b\n",
                "pub fn same(a, b) = a == b and b == a\n",
                "pub fn same(a, b) = a < b or a == b\n",
                "pub fn same(a, b) = case a do\n  0 -> b == 0\n  0 -> false\n  _ -> true\nend\n",
            ],
        ],
    ),
    (
        "work.snow",
        &[
            &["import Loops\n"],
            &["pub type Job do\n  Add(Int)\n  Tell(Pid<Int>)\nend\n"],
            &[
                "pub actor worker(sum :: Int) do\n  receive do\n    Add(n) -> worker(sum + n)\n    Tell(to) -> done(to, sum)\n  end\nend\n",
                "pub actor worker(sum :: Int) do\n  receive do\n    Tell(to) -> done(to, sum)\n    Add(n) -> worker(sum + n + 1)\n  end\nend\n",
                "pub actor worker(sum :: Int) do\n  receive do\n    Add(n) -> worker(sum + n)\n  end\nend\n",
                "pub actor worker(sum :: Int) do\n  receive do\n    n -> worker(sum + n)\n  end\nend\n",
                "pub actor worker(sum :: Int) do\n  println(\"${sum}\")\nend\n",
            ],
            &[
                "fn done(to, sum) do\n  if Loops.even(sum) do\n    send(to, sum)\n  end\nend\n",
                "fn done(to, sum) do\n  send(to, sum)\nend\n",
                "fn done(to, sum) do\n  send(to, \"${sum}\")\nend\n",
                "fn done(to :: Pid<Int>, sum :: Int) do\n  send(to, sum)\n  worker(sum)\nend\n",
            ],
            &[
                "pub fn ask(n) do\n  let w = spawn(worker, n)\n  send(w, Add(2))\n  send(w, Tell(self()))\n  wait()\nend\n",
                "pub fn ask(n) do\n  let w = spawn(worker, n)\n  send(w, Tell(self()))\n  wait() + 1\nend\n",
                "pub fn ask(n) do\n  n + 1\nend\n",
                "pub fn ask(n :: Int) -> Int do\n  let w = spawn(worker, n)\n  send(w, 5)\n  wait()\nend\n",
            ],
            &[
                "fn wait() do\n  receive do\n    k -> k\n  end\nend\n",
                "fn wait() -> Int do\n  receive do\n    k -> k\n  after 10 -> 0\n  end\nend\n",
                "fn wait() = 7\n",
            ],
        ],
    ),
    (
        "counting.snow",
        &[
            &["from Shapes import limit\n", "import Shapes\nfrom Shapes import limit\n"],
            &[
                "pub service Counter do\n  fn init(start :: Int) do\n    start\n  end\n\n  call Get() :: Int do |n|\n    (n, n)\n  end\n\n  cast Add(by :: Int) do |n|\n    n + by\n  end\nend\n",
                "pub service Counter do\n  fn init(start :: Int) do\n    start + limit\n  end\n\n  call Get() :: Int do |n|\n    (n, n)\n  end\n\n  cast Add(by :: Int) do |n|\n    n + by + limit\n  end\nend\n",
                "pub service Counter do\n  fn init(start :: Int) do\n    start\n  end\n\n  call Get() :: Int do |n|\n    (n, \"n\")\n  end\n\n  cast Add(by :: Int) do |n|\n    n + by\n  end\nend\n",
            ],
            &[
                "pub fn up(n) = n + limit\n",
                "pub fn up(n) = limit\n",
                "pub fn up(n) = n + 1\n",
                "pub fn up(n) = nn + limit\n",
            ],
        ],
    ),
    (
        "main.snow",
        &[
            &["import Shapes\nimport Kinds\nimport Loops\nimport Work\nimport Counting\n"],
            &[
                "fn main() do\n  let p = Shapes.make(3)\n  println(\"${p.moved().area()} ${Kinds.total([p])} ${Loops.even(3)}\")\n  println(\"${Loops.twice(fn x -> x + 1 end, 2)} ${Loops.same(\"a\", \"b\")} ${Work.ask(1)} ${Counting.up(2)}\")\nend\n",
                "fn main() do\n  let p = Shapes.make(3)\n  println(\"${p.moved(2).size()} ${Kinds.total([p, p])} ${Loops.odd(3)}\")\n  println(\"${Loops.twice(fn x -> x <> \"b\" end, \"a\")} ${Work.ask(1)} ${Counting.up(2)}\")\nend\n",
                "fn main() do\n  let p = Shapes.make(\"3\")\n  let q = 1\n  println(\"${Kinds.total([1])} ${Loops.odd(3)}\")\nend\n",
                "fn main() do\n  let later = 1\n  println(\"${Work.ask(\"1\")}\")\nend\n",
            ],
            &[
                "test \"counting\" do\n  assert(Counting.up(1) == 11)\nend\n",
                "test \"counting\" do\n  assert(Counting.up(1) + \"1\")\nend\n",
                "\n",
            ],
        ],
    ),
];

/// A small generator of random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit as u64) as usize
    }
}

/// Which form each part of each module has.
type Forms = Vec<Vec<usize>>;

fn files(forms: &Forms) -> Vec<InputFile> {
    let texts = MODULES.iter().zip(forms);
    let text = |(parts, forms): (&Parts, &Vec<usize>)| {
        let parts = parts.1.iter().zip(forms).map(|(part, &form)| part[form]);
        parts.collect::<Vec<_>>().join("\n")
    };
    let module = |path: &str| format!("{}{}", path[..1].to_uppercase(), path[1..].trim_end_matches(".snow"));
    texts
        .map(|item| InputFile {
            shown: item.0.0.to_owned(),
            module: module(item.0.0),
            is_root: item.0.0 == "main.snow",
            text: text(item),
            package: None,
        })
        .collect()
}

/// All that a session says, in both forms.
fn said(session: &Session) -> String {
    let shown = session.diagnostics.iter().map(|d| {
        let text = snow_diagnostics::render_text(d, &session.sources, false);
        format!("{text}\n{}\n", snow_diagnostics::render_json(d, &session.sources))
    });
    shown.collect()
}

/// What a check that may take something over says, and how many files it looked into.
fn again(files: &[InputFile], dir: &Path) -> (String, usize) {
    let mut session = Session::default();
    let outcome = session.check_only(files, Some(dir));
    let has_errors = session.diagnostics.iter().any(|d| d.is_error());
    assert_eq!(outcome.is_err(), has_errors, "{outcome:?}");
    (said(&session), session.files_checked.expect("the check says how much it looked into"))
}

/// What a full check says.
fn anew(files: &[InputFile]) -> String {
    let mut session = Session::default();
    let _ = session.check(files);
    said(&session)
}

/// Runs `test` with as much stack as the compiler has.
fn with_stack(test: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 << 20).spawn(test).expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[test]
fn what_is_taken_over_changes_nothing() {
    with_stack(|| {
        let (rounds, seed) = (number("SNOW_FUZZ_ROUNDS", 40), number("SNOW_FUZZ_FIRST", 1));
        let mut random = Random(seed);
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut forms: Forms = MODULES.iter().map(|m| vec![0; m.1.len()]).collect();
        assert_eq!(anew(&files(&forms)), "", "the first forms make no mistakes");
        let (mut in_part, mut without_errors) = (0, 0);
        for round in 0..rounds {
            let program = files(&forms);
            let (said, count) = again(&program, dir.path());
            let expected = anew(&program);
            if said != expected {
                let text: String = program.iter().map(|f| format!("-- {}\n{}", f.shown, f.text)).collect();
                panic!(
                    "round {round}, {count} modules checked:\n{text}\nfull:\n{expected}\ntaken over:\n{said}"
                );
            }
            in_part += usize::from(count < MODULES.len());
            without_errors += usize::from(!said.contains("error"));
            damage(dir.path(), &mut random);
            edit(&mut forms, &mut random);
        }
        println!("{rounds} edits: {in_part} checks in part, {without_errors} without errors");
        assert!(in_part as u64 >= rounds / 10, "{in_part} checks of {rounds} took something over");
    });
}

/// Changes a part or two; often one goes back to its first form, or the program would be full of mistakes.
fn edit(forms: &mut Forms, random: &mut Random) {
    for _ in 0..=random.below(2) {
        let module = random.below(MODULES.len());
        let part = random.below(MODULES[module].1.len());
        forms[module][part] = random.below(MODULES[module].1[part].len());
    }
    let parts = forms.iter_mut().flatten().filter(|form| **form > 0);
    parts.filter(|_| random.below(2) == 0).for_each(|form| *form = 0);
}

/// Now and then: what is kept is damaged or cut off.
fn damage(dir: &Path, random: &mut Random) {
    for entry in fs::read_dir(dir.join("checks")).into_iter().flatten().flatten() {
        let mut bytes = fs::read(entry.path()).expect("an entry can be read");
        match random.below(20) {
            0 => {
                let at = random.below(bytes.len());
                bytes[at] ^= 1;
            }
            1 => bytes.truncate(random.below(bytes.len())),
            _ => continue,
        }
        fs::write(entry.path(), bytes).expect("an entry can be written");
    }
}

/// The number of files that are checked after an edit, from a program without mistakes.
fn count_after(edit: (usize, usize, usize)) -> usize {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut forms: Forms = MODULES.iter().map(|m| vec![0; m.1.len()]).collect();
    assert_eq!(again(&files(&forms), dir.path()), (String::new(), MODULES.len()));
    assert_eq!(again(&files(&forms), dir.path()), (String::new(), 0), "nothing has changed");
    forms[edit.0][edit.1] = edit.2;
    again(&files(&forms), dir.path()).1
}

#[test]
fn only_what_changed_is_checked() {
    with_stack(|| {
        assert_eq!(count_after((0, 2, 1)), 1, "the body of a function with a full signature");
        assert_eq!(count_after((0, 1, 1)), 1, "a body that gives the same type");
        assert_eq!(count_after((0, 4, 1)), 1, "a constant of the same type");
        assert_eq!(count_after((0, 2, 3)), 1, "an error behind a full signature");
        assert_eq!(count_after((3, 2, 1)), 1, "an actor");
        assert_eq!(count_after((2, 1, 1)), 1, "a group of functions");
        assert_eq!(count_after((0, 1, 2)), 6, "another type follows");
        assert_eq!(count_after((0, 0, 1)), 6, "a type");
    });
}

#[test]
fn a_file_with_warnings_is_checked_again() {
    with_stack(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut forms: Forms = MODULES.iter().map(|m| vec![0; m.1.len()]).collect();
        forms[0][1] = 3;
        let first = again(&files(&forms), dir.path());
        assert!(first.0.contains("unused"), "{}", first.0);
        assert_eq!(again(&files(&forms), dir.path()), (first.0.clone(), 1));
        forms[2][2] = 2;
        assert_eq!(again(&files(&forms), dir.path()), (first.0, 2));
    });
}

#[test]
fn what_is_known_outlives_an_error() {
    with_stack(|| {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let good: Forms = MODULES.iter().map(|m| vec![0; m.1.len()]).collect();
        let mut bad = good.clone();
        bad[0][0] = 2;
        again(&files(&good), dir.path());
        let found = again(&files(&bad), dir.path());
        assert_eq!((found.1, found.0.contains("error")), (6, true));
        assert_eq!(again(&files(&good), dir.path()).1, 0);
    });
}
