//! Random programs that are free of mistakes, the same for the same seed.
//!
//! They end, since functions only call those before them, recursion counts down and loops run over what is there. What they
//! print isn't known beforehand: optimised and unoptimised code must agree on it. Each case runs in a process of its own, so
//! that an overflow or a missing index ends only that case; its reason is printed, and must agree, too.
//!
//! A program is a world of types and functions with several cases, since compiling takes longer than running.

mod actors;
mod expr;
mod items;
mod loops;
mod ops;
mod pattern;
mod ty;
mod world;

use std::fmt::Write;

use crate::mutate::Random;
use ty::{Def, Ty};

/// A function that can be called.
#[derive(Clone, Debug)]
struct Function {
    name: String,
    params: Vec<Param>,
    result: Ty,
    /// Prints, so it is only called where the order is fixed.
    loud: bool,
    /// How deep calls nest in it: bounds the time that a program takes.
    level: usize,
    /// Whether it is a value, too.
    is_value: bool,
}

/// A parameter.
#[derive(Clone, Debug)]
struct Param {
    name: String,
    ty: Ty,
    /// The argument is a small number: it counts a recursion.
    counts: bool,
    has_default: bool,
}

/// What may stand at the place that is written.
#[derive(Clone, Debug, Default)]
struct Place {
    /// Effects are in a fixed order here.
    loud: bool,
    /// Inside a loop: how deep.
    in_loop: bool,
    /// What `return` and `?` leave with; none where they would be wrong or unclear.
    result: Option<Ty>,
    /// How often the code runs, roughly, as nested loops: bounds the time.
    nested: usize,
}

/// Writes one program.
struct Generator {
    random: Random,
    defs: Vec<Def>,
    functions: Vec<Function>,
    /// Definitions written so far.
    items: String,
    /// The types that are chosen from.
    pool: Vec<Ty>,
    /// Functions that give a value whose type doesn't show in its text, as `[]`: their text and name.
    helpers: Vec<(String, String)>,
    /// Names in scope with their types.
    scope: Vec<(String, Ty)>,
    names: u32,
    place: Place,
    /// How many more parts the code that is written may have.
    fuel: usize,
    /// The highest level of the functions called by the code that is written.
    level: usize,
    /// The type variables in scope.
    vars: Vec<(usize, bool)>,
}

/// What every program defines.
const HEAD: &str = "\
type Start do
  Go
end

pub fn run(name :: String, f :: Fun() -> ()) -> () do
  let p = spawn() do
    receive do
      Go -> f()
    end
  end
  let watch = Process.monitor(p)
  send(p, Go)
  receive do
    (:down, ref, _, reason) when ref == watch -> println(\"${name}: ${reason}\")
  end
end

pub fn show<T>(name :: String, x :: T) -> () where T: Debug do
  let text = inspect(x)
  println(\"${name} ${String.byte_size(text)} ${String.take(text, 200)}\")
end

pub fn say<T>(name :: String, x :: T) -> T do
  println(name)
  x
end

pub fn refuse<T>(why :: String, _like :: List<T>) -> T = panic(why)

pub fn compose<A, B, C>(f :: Fun(A) -> B, g :: Fun(B) -> C) -> Fun(A) -> C = fn x -> g(f(x)) end

pub fn weigh_all<T>(xs :: List<T>) -> Int where T: Weigh do
  List.reduce(xs, 0, fn n, x -> (n * 3 + x.weight()) % 10007 end)
end

interface Weigh do
  fn weight(self) -> Int
  fn heavier(self, other :: Self) -> Self do
    if self.weight() < other.weight() do other else self end
  end
  fn label(self, prefix :: String) -> String do \"${prefix}${self.weight()}\" end
end

impl Weigh for Int do
  fn weight(self) -> Int do self % 1000 end
end
impl Weigh for Bool do
  fn weight(self) -> Int do if self do 1 else 0 end end
  fn label(self, prefix) -> String do prefix <> \"?\" end
end
impl Weigh for String do
  fn weight(self) -> Int do String.length(self) end
end
impl Weigh for List<T> where T: Weigh do
  fn weight(self) -> Int = List.reduce(self, 0, fn n, x -> (n + x.weight()) % 10007 end)
end
impl Weigh for Option<T> where T: Weigh do
  fn weight(self) -> Int do
    case self do
      Some(x) -> x.weight() + 1
      None -> 0
    end
  end
end

";

/// How many functions and cases a program has.
const FUNCTIONS: usize = 8;
const CASES: usize = 8;

/// The program of a seed.
pub fn program(seed: u64) -> String {
    let mut generator = Generator {
        random: Random::new(seed.wrapping_mul(0x2545_f491_4f6c_dd1d)),
        defs: Vec::new(),
        functions: Vec::new(),
        items: HEAD.to_owned(),
        pool: Vec::new(),
        helpers: Vec::new(),
        scope: Vec::new(),
        names: 0,
        place: Place::default(),
        fuel: 0,
        level: 0,
        vars: Vec::new(),
    };
    generator.write_world();
    generator.fill_pool();
    for _ in 0..FUNCTIONS {
        generator.write_function();
    }
    let mut main = "fn main() do\n".to_owned();
    for case in 0..CASES {
        generator.write_case(case, &mut main);
    }
    generator.items + &main + "end\n"
}

impl Generator {
    fn chance(&mut self, one_in: usize) -> bool {
        self.random.below(one_in) == 0
    }

    fn name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    fn written(&self, ty: &Ty) -> String {
        ty.written(&self.defs)
    }

    /// Any type: mostly one of a few, so that values of it are at hand and code isn't compiled for too many.
    fn any(&mut self) -> Ty {
        if self.pool.is_empty() || self.chance(30) {
            return ty::any(&self.defs, 2, true, &mut self.random);
        }
        self.pool[self.random.below(self.pool.len())].clone()
    }

    /// A type that fits.
    fn that(&mut self, fits: impl Fn(&Ty, &[Def]) -> bool) -> Ty {
        let fitting: Vec<&Ty> = self.pool.iter().filter(|ty| fits(ty, &self.defs)).collect();
        if fitting.is_empty() { Ty::Int } else { fitting[self.random.below(fitting.len())].clone() }
    }

    /// A type whose values can be shown.
    fn shown(&mut self) -> Ty {
        self.that(|ty, defs| ty.can(defs).debug)
    }

    /// A type of maps, with those of its keys and values. There are only a few: each is a lot of code.
    fn a_map(&mut self) -> (Ty, Ty, Ty) {
        match self.that(|ty, _| matches!(ty, Ty::Map(..))) {
            Ty::Map(key, value) => (Ty::Map(key.clone(), value.clone()), *key, *value),
            _ => (ty::map_of(Ty::Int, Ty::Int), Ty::Int, Ty::Int),
        }
    }

    /// A type of sets, with that of its elements.
    fn a_set(&mut self) -> (Ty, Ty) {
        match self.that(|ty, _| matches!(ty, Ty::Set(_))) {
            Ty::Set(of) => (Ty::Set(of.clone()), *of),
            _ => (Ty::Set(Box::new(Ty::Int)), Ty::Int),
        }
    }

    /// A type of keys.
    fn key(&mut self) -> Ty {
        self.that(|ty, defs| ty.can(defs).hash && ty.can(defs).eq)
    }

    /// Begins the body of something with names of its own.
    fn begin(&mut self, place: Place, fuel: usize) {
        self.scope.clear();
        self.vars.clear();
        self.place = place;
        self.fuel = fuel;
        self.level = 0;
    }

    /// Writes with other rules, and names that end there.
    fn within<T>(&mut self, place: Place, write: impl FnOnce(&mut Generator) -> T) -> T {
        let before = std::mem::replace(&mut self.place, place);
        let mark = self.scope.len();
        let written = write(self);
        self.scope.truncate(mark);
        self.place = before;
        written
    }

    /// A call of the helper with this text behind `=`; the helper is written where it isn't there yet.
    fn helper(&mut self, params: &str, ty: &Ty, value: &str) -> String {
        let mut vars = Vec::new();
        ty.vars(&mut vars);
        let generics: Vec<&str> = vars.iter().map(|(var, _)| ty::VARS[*var]).collect();
        let generics = if generics.is_empty() { String::new() } else { format!("<{}>", generics.join(", ")) };
        let text = format!("{generics}({params}) -> {} = {value}", self.written(ty));
        if let Some((_, name)) = self.helpers.iter().find(|(known, _)| *known == text) {
            return name.clone();
        }
        let name = format!("h{}", self.helpers.len());
        let _ = writeln!(self.items, "pub fn {name}{text}\n");
        self.helpers.push((text, name.clone()));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_program() {
        assert_eq!(program(1), program(1));
        assert_ne!(program(1), program(2));
        assert!(program(3).ends_with("end\n"));
    }
}
