//! Projects of any size, the same for the same seed: what the speed of the compiler is measured with, and what its
//! cache is tested with.
//!
//! Each module has the mix of a usual one: types of its own, functions with and without annotations, uses of the
//! modules before it, closures, maps, interfaces, sometimes an actor. The programs are free of mistakes and of
//! warnings, and end quickly; `main` prints one line a module.

use std::fmt::Write;
use std::path::PathBuf;

use crate::mutate::Random;

/// Items of a module, about fourteen lines each. `#` is the item's number, `@` a constant, `!(` calls a function from
/// `Int` to `Int` of this module or of one that it uses. Each defines `item_#`, from `Int` to `Int`.
const ITEMS: &[&str] = &[
    "\
struct Account# do
  owner :: String
  balance :: Int = @
end

fn deposit_#(a :: Account#, n :: Int) -> Account# = %{a | balance: a.balance + n}

pub fn item_#(n :: Int) -> Int do
  let accounts = List.map([\"a\", \"b\", \"c\"], fn name -> deposit_#(Account# { owner: \"x${name}\" }, n) end)
  let rich = List.filter(accounts, fn a -> a.balance > @ and String.length(a.owner) > 1 end)
  List.reduce(rich, 0, fn sum, a -> sum + a.balance end) + !(n)
end
",
    "\
type Tree# do
  Leaf#
  Node#(left :: Tree#, value :: Int, right :: Tree#)
end

fn insert_#(Leaf#, x) = Node#(Leaf#, x, Leaf#)
fn insert_#(Node#(l, v, r), x) when x < v = Node#(insert_#(l, x), v, r)
fn insert_#(Node#(l, v, r), x) = Node#(l, v, insert_#(r, x))

fn sum_#(Leaf#) = 0
fn sum_#(Node#(l, v, r)) = sum_#(l) + v + sum_#(r)

pub fn item_#(n) = sum_#(List.reduce([n, @, n % 7, !(n)], Leaf#, insert_#))
",
    "\
fn twice_#(f, x) = f(f(x))

fn both_#(p, q) = fn x -> p(q(x)) end

fn pairs_#(xs, ys) do
  List.zip(xs, ys) |> List.map(fn pair -> pair.0 + pair.1 end)
end

pub fn item_#(n) do
  let step = both_#(fn x -> x + @ end, fn x -> !(x) end)
  List.sum(pairs_#([n, twice_#(step, n)], [1, 2]))
end
",
    "\
fn label_#(n :: Int, name :: String) -> String do
  case n % 4 do
    0 -> \"none of ${name}\"
    1 -> \"one ${name}\"
    k when k > @ -> String.to_upper(name)
    k -> \"${k} of ${name}\" <> String.repeat(\".\", k)
  end
end

pub fn item_#(n :: Int) -> Int do
  let text = [label_#(n, \"apple\"), label_#(n + 1, \"pear\"), label_#(!(n), \"fig\")] |> String.join(\", \")
  String.length(text) + String.count(text, \"e\")
end
",
    "\
fn count_#(words :: List<String>) do
  List.reduce(words, %{}, fn seen, w -> Map.update(seen, w, 1, fn k -> k + 1 end) end)
end

pub fn item_#(n) do
  let words = String.split(\"a b a c ${n % 3} b @\", \" \")
  let seen = count_#(words)
  let most = Map.reduce(seen, 0, fn best, _word, k -> if k > best do k else best end end)
  most + Map.get_or(seen, \"b\", 0) + !(n)
end
",
    "\
fn first_above_#(xs :: List<Int>, limit :: Int) -> Option<Int> do
  for x in xs do
    if x > limit do
      return Some(x)
    end
  end
  None
end

pub fn item_#(n :: Int) -> Int do
  case first_above_#([n % 10, !(n), @], 5) do
    Some(x) -> x
    None -> n
  end
end
",
    "\
interface Shape# do
  fn area(self) -> Int
  fn doubled(self) -> Int do
    self.area() * 2
  end
end

struct Box# do
  w :: Int
  h :: Int
end

impl Shape# for Box# do
  fn area(self) -> Int do self.w * self.h % 1009 end
end

pub fn item_#(n :: Int) -> Int = Box# { w: n % @ + 1, h: !(n) }.doubled()
",
    "\
fn parse_#(text :: String) -> Result<Int, String> do
  case String.to_int(text) do
    Some(k) when k > @ -> Err(\"${k} is too much\")
    Some(k) -> Ok(k)
    None -> Err(\"no number: ${text}\")
  end
end

fn add_#(a, b) -> Result<Int, String> do
  Ok(parse_#(a)? + parse_#(b)?)
end

pub fn item_#(n) do
  case add_#(\"${n % 9}\", \"${!(n)}\") do
    Ok(k) -> k
    Err(why) -> String.length(why)
  end
end
",
    "\
type Job# do
  Work#(Int, Pid<Int>)
  Stop#
end

actor worker_#(done :: Int) do
  receive do
    Work#(n, from) ->
      send(from, !(n) + done)
      worker_#(done + @)
    Stop# -> ()
  end
end

pub fn item_#(n :: Int) -> Int do
  let w = spawn(worker_#, 0)
  send(w, Work#(n, self()))
  let answer = receive do
    k -> k
  end
  send(w, Stop#)
  answer
end
",
    "\
fn steps_#(n, acc) do
  if n < 2 or List.length(acc) > @ do
    acc
  else if n % 2 == 0 do
    steps_#(n / 2, List.append(acc, n))
  else
    steps_#(3 * n + 1, [n, ..acc])
  end
end

pub fn item_#(n :: Int) -> Int do
  let seen = steps_#(n % 50 + !(n) % 3, [])
  List.length(seen) + List.sum(List.take(seen, 3))
end
",
];

/// The number of the item that receives: rarer than the others.
const ACTOR: usize = 8;

/// A module in the making of a project.
#[derive(Clone, Debug)]
pub struct Module {
    /// The file's path in the project.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// A project of `modules` modules with `items` items each (about fourteen lines an item), and `main.snow` as the last.
pub fn project(modules: usize, items: usize, seed: u64) -> Vec<Module> {
    let mut random = Random::new(seed);
    let mut made: Vec<Module> = (0..modules).map(|index| module(index, items, &mut random)).collect();
    let mut main = String::new();
    let _ = (0..modules).try_for_each(|index| writeln!(main, "import {}", module_name(index)));
    main.push_str("\nfn main() do\n");
    let shown = |index| format!("  println(\"{index} ${{Part{index}.run({index})}}\")\n");
    main.extend((0..modules).map(shown));
    main.push_str("end\n");
    made.push(Module { path: "main.snow".into(), text: main });
    made
}

/// The modules stand in folders of ten.
fn module_name(index: usize) -> String {
    format!("Group{}.Part{index}", index / 10)
}

fn module(index: usize, items: usize, random: &mut Random) -> Module {
    let mut used: Vec<usize> =
        if index == 0 { Vec::new() } else { (0..3).map(|_| random.below(index)).collect() };
    used.sort_unstable();
    used.dedup();
    let mut text = format!("##! Part {index} of a made project.\n\n");
    let _ = used.iter().try_for_each(|&other| writeln!(text, "import {}", module_name(other)));
    let callees: Vec<String> = used.iter().map(|other| format!("Part{other}.light")).collect();
    let factor = random.below(90) + 3;
    let _ =
        writeln!(text, "\n## A number from a number.\npub fn light(n) = (n * {factor} + {index}) % 1009\n");
    let mut wanted = Vec::new();
    for number in 0..items {
        let kind = random.below(ITEMS.len());
        let kind = if kind == ACTOR && number > 0 { ACTOR + 1 } else { kind };
        text.push_str(&item(ITEMS[kind], number, &callees, random));
        text.push('\n');
        wanted.push(format!("item_{number}(n)"));
    }
    let sums = wanted.chunks(6).map(|chunk| chunk.join(" + ")).collect::<Vec<_>>().join(" +\n    ");
    let uses =
        if callees.is_empty() { "light(n)".to_owned() } else { format!("{}(n)", callees.join("(n) + ")) };
    let _ = writeln!(text, "## All of it.\npub fn run(n :: Int) -> Int do\n  {sums} +\n    {uses}\nend");
    Module { path: format!("group{}/part{index}.snow", index / 10).into(), text }
}

fn item(template: &str, number: usize, callees: &[String], random: &mut Random) -> String {
    let mut text = String::new();
    for sign in template.chars() {
        match sign {
            '#' => text.push_str(&number.to_string()),
            '@' => text.push_str(&(random.below(20) + 4).to_string()),
            '!' => {
                // One in three stays in the module.
                let other = random.below(callees.len() + callees.len() / 2 + 1);
                text.push_str(callees.get(other).map_or("light", String::as_str));
            }
            sign => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_what_was_asked_for() {
        let project = project(20, 6, 1);
        let lines: usize = project.iter().map(|m| m.text.lines().count()).sum();
        assert_eq!(project.len(), 21);
        assert!((1600..2600).contains(&lines), "{lines} lines");
        assert_eq!(super::project(20, 6, 1)[3].text, project[3].text);
    }
}
