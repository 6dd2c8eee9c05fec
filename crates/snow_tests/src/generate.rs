//! Random programs that are free of mistakes, the same for the same seed.
//!
//! They end, since functions only call those before them. What they print isn't known beforehand: optimised and
//! unoptimised code must agree on it. An overflow or a missing index may end them early; that must agree, too.

use std::fmt::Write;

use crate::mutate::Random;

/// The types that occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ty {
    Int,
    Bool,
    Text,
    Ints,
    Texts,
    Maybe,
    Pair,
    Point,
    Tree,
    Fun,
}

const TYPES: &[Ty] =
    &[Ty::Int, Ty::Bool, Ty::Text, Ty::Ints, Ty::Texts, Ty::Maybe, Ty::Pair, Ty::Point, Ty::Tree, Ty::Fun];

impl Ty {
    fn written(self) -> &'static str {
        match self {
            Ty::Int => "Int",
            Ty::Bool => "Bool",
            Ty::Text => "String",
            Ty::Ints => "List<Int>",
            Ty::Texts => "List<String>",
            Ty::Maybe => "Option<String>",
            Ty::Pair => "(Int, String)",
            Ty::Point => "Point",
            Ty::Tree => "Tree",
            Ty::Fun => "Fun(Int) -> Int",
        }
    }
}

/// What every program defines.
const HEAD: &str = "\
struct Point do
  x :: Int
  tag :: String
  next :: Option<String>
end

type Tree do
  Leaf
  Word(String)
  Node(Tree, Int, Tree)
end

pub fn no_ints() -> List<Int> = []
pub fn no_texts() -> List<String> = []
pub fn no_text() -> Option<String> = None

pub fn tree_sum(Leaf) = 0
pub fn tree_sum(Word(w)) = String.length(w)
pub fn tree_sum(Node(l, n, r)) = tree_sum(l) + n % 1000 + tree_sum(r)

pub fn flip(Node(l, n, r)) = Node(flip(r), n, flip(l))
pub fn flip(other) = other

pub fn first_long(xs :: List<String>, limit :: Int) -> Option<String> do
  for x in xs do
    if String.length(x) > limit do
      return Some(x <> \"!\")
    end
  end
  None
end

";

/// The program of a seed.
pub fn program(seed: u64) -> String {
    let mut generator =
        Generator { random: Random::new(seed), functions: Vec::new(), scope: Vec::new(), names: 0 };
    let mut text = HEAD.to_owned();
    for _ in 0..3 + generator.random.below(4) {
        generator.write_function(&mut text);
    }
    text.push_str("fn main() do\n");
    for _ in 0..3 {
        generator.write_let(&mut text, 3);
    }
    for _ in 0..6 {
        let ty = generator.printable();
        let value = generator.expr(ty, 4);
        let _ = writeln!(text, "  println(inspect({value}))");
    }
    text.push_str("end\n");
    text
}

struct Generator {
    random: Random,
    /// Functions so far: name, parameters, result.
    functions: Vec<(String, Vec<Ty>, Ty)>,
    /// Names in scope with their types.
    scope: Vec<(String, Ty)>,
    names: u32,
}

impl Generator {
    fn ty(&mut self) -> Ty {
        TYPES[self.random.below(TYPES.len())]
    }

    /// A type whose values can be printed.
    fn printable(&mut self) -> Ty {
        TYPES[self.random.below(TYPES.len() - 1)]
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("v{}", self.names)
    }

    fn write_function(&mut self, text: &mut String) {
        let name = format!("f{}", self.functions.len());
        let tys: Vec<Ty> = (0..1 + self.random.below(3)).map(|_| self.ty()).collect();
        let result = self.ty();
        self.scope = tys.iter().enumerate().map(|(i, &ty)| (format!("p{i}"), ty)).collect();
        let params: Vec<String> =
            self.scope.iter().map(|(n, ty)| format!("{n} :: {}", ty.written())).collect();
        let _ = writeln!(text, "pub fn {name}({}) -> {} do", params.join(", "), result.written());
        for _ in 0..self.random.below(3) {
            self.write_let(text, 3);
        }
        let value = self.expr(result, 4);
        let _ = writeln!(text, "  {value}\nend\n");
        self.functions.push((name, tys, result));
        self.scope.clear();
    }

    fn write_let(&mut self, text: &mut String, depth: usize) {
        let ty = self.ty();
        let value = self.expr(ty, depth);
        let name = self.name();
        let _ = writeln!(text, "  let {name} = {value}");
        self.scope.push((name, ty));
    }

    /// An expression of the type. Nested expressions are in parentheses or brackets.
    fn expr(&mut self, ty: Ty, depth: usize) -> String {
        let known: Vec<&(String, Ty)> = self.scope.iter().filter(|(_, known)| *known == ty).collect();
        if !known.is_empty() && (depth == 0 || self.random.below(3) == 0) {
            return known[self.random.below(known.len())].0.clone();
        }
        if depth == 0 {
            return self.leaf(ty);
        }
        match self.random.below(6) {
            0 => self.call(ty, depth).unwrap_or_else(|| self.leaf(ty)),
            1 => self.choice(ty, depth),
            _ => self.operation(ty, depth - 1),
        }
    }

    fn leaf(&mut self, ty: Ty) -> String {
        let n = self.random.below(20);
        match ty {
            Ty::Int => format!("{n}"),
            Ty::Bool => format!("{}", n.is_multiple_of(2)),
            Ty::Text => format!("\"{}\"", ["", "a", "snow", "ünï"][n % 4]),
            Ty::Ints => ["no_ints()", "[1]", "[3, 1, 2]"][n % 3].to_owned(),
            Ty::Texts => ["no_texts()", "[\"b\", \"a\"]"][n % 2].to_owned(),
            Ty::Maybe => ["no_text()", "Some(\"m\")"][n % 2].to_owned(),
            Ty::Pair => format!("({n}, \"p\")"),
            Ty::Point => format!("Point {{ x: {n}, tag: \"t\", next: None }}"),
            Ty::Tree => ["Leaf", "Word(\"w\")"][n % 2].to_owned(),
            Ty::Fun => format!("fn n -> n + {n} end"),
        }
    }

    fn call(&mut self, ty: Ty, depth: usize) -> Option<String> {
        let fitting: Vec<usize> = (0..self.functions.len()).filter(|&i| self.functions[i].2 == ty).collect();
        let chosen = *fitting.get(self.random.below(fitting.len().max(1)))?;
        let (name, tys, _) = self.functions[chosen].clone();
        let args: Vec<String> = tys.into_iter().map(|ty| self.expr(ty, depth - 1)).collect();
        Some(format!("{name}({})", args.join(", ")))
    }

    /// A `case` or `if` whose branches have the type.
    fn choice(&mut self, ty: Ty, depth: usize) -> String {
        let depth = depth - 1;
        let scrutinee = [Ty::Bool, Ty::Ints, Ty::Maybe, Ty::Tree, Ty::Pair, Ty::Text][self.random.below(6)];
        let value = self.expr(scrutinee, depth);
        let mut arm = |bound: &[(&str, Ty)]| {
            let mark = self.scope.len();
            let names: Vec<String> = bound.iter().map(|_| self.name()).collect();
            self.scope.extend(names.iter().cloned().zip(bound.iter().map(|b| b.1)));
            let body = self.expr(ty, depth);
            self.scope.truncate(mark);
            let used =
                |name: &String| if body.contains(name.as_str()) { name.clone() } else { format!("_{name}") };
            (names.iter().map(used).collect::<Vec<_>>(), body)
        };
        match scrutinee {
            Ty::Bool => {
                let ((_, yes), (_, no)) = (arm(&[]), arm(&[]));
                format!("(if {value} do {yes} else {no} end)")
            }
            Ty::Ints => {
                let (a, one) = arm(&[("h", Ty::Int), ("t", Ty::Ints)]);
                let (b, two) = arm(&[("l", Ty::Int)]);
                let (_, none) = arm(&[]);
                format!(
                    "(case {value} do\n[{}, 1, ..{}] -> {one}\n[.., {}] -> {two}\n[] -> {none}\nend)",
                    a[0], a[1], b[0]
                )
            }
            Ty::Maybe => {
                let (a, some) = arm(&[("s", Ty::Text)]);
                let (_, none) = arm(&[]);
                format!("(case {value} do\nSome({}) -> {some}\nNone -> {none}\nend)", a[0])
            }
            Ty::Tree => {
                let (a, node) = arm(&[("l", Ty::Tree), ("n", Ty::Int), ("r", Ty::Tree)]);
                let (b, word) = arm(&[("w", Ty::Text)]);
                let (_, leaf) = arm(&[]);
                format!(
                    "(case {value} do\nNode({}, {}, {}) -> {node}\nWord({}) -> {word}\nLeaf -> {leaf}\nend)",
                    a[0], a[1], a[2], b[0]
                )
            }
            Ty::Pair => {
                let (a, zero) = arm(&[("s", Ty::Text)]);
                let (b, other) = arm(&[("n", Ty::Int), ("s", Ty::Text)]);
                format!(
                    "(case {value} do\n(0..=5, {}) -> {zero}\n({}, {}) -> {other}\nend)",
                    a[0], b[0], b[1]
                )
            }
            _ => {
                let (a, prefix) = arm(&[("r", Ty::Text)]);
                let (_, other) = arm(&[]);
                format!("(case {value} do\n\"s\" <> {} -> {prefix}\n_ -> {other}\nend)", a[0])
            }
        }
    }

    /// Something that computes a value of the type.
    fn operation(&mut self, ty: Ty, depth: usize) -> String {
        let which = self.random.below(4);
        let mut arg = |ty| self.expr(ty, depth);
        match (ty, which) {
            (Ty::Int, 0) => format!("({} + {})", arg(Ty::Int), arg(Ty::Int)),
            (Ty::Int, 1) => format!("(({}).x * 3 - {})", arg(Ty::Point), arg(Ty::Int)),
            (Ty::Int, 2) => format!("({} + List.length({}))", arg(Ty::Int), arg(Ty::Texts)),
            (Ty::Int, _) => format!("(tree_sum({}) + List.sum({}) % 1000)", arg(Ty::Tree), arg(Ty::Ints)),
            (Ty::Bool, 0) => format!("({} < {})", arg(Ty::Int), arg(Ty::Int)),
            (Ty::Bool, 1) => format!("({} == {})", arg(Ty::Tree), arg(Ty::Tree)),
            (Ty::Bool, 2) => format!("({} and not {})", arg(Ty::Bool), arg(Ty::Bool)),
            (Ty::Bool, _) => format!("({} <= {})", arg(Ty::Pair), arg(Ty::Pair)),
            (Ty::Text, 0) => format!("({} <> {})", arg(Ty::Text), arg(Ty::Text)),
            (Ty::Text, 1) => format!("\"<${{{}}} ${{{}}}>\"", arg(Ty::Int), arg(Ty::Text)),
            (Ty::Text, 2) => format!("String.join({}, \"-\")", arg(Ty::Texts)),
            (Ty::Text, _) => format!("inspect({})", arg(Ty::Point)),
            (Ty::Ints, 0) => format!("[{}, ..{}]", arg(Ty::Int), arg(Ty::Ints)),
            (Ty::Ints, 1) => format!("List.map({}, {})", arg(Ty::Ints), arg(Ty::Fun)),
            (Ty::Ints, 2) => format!("List.sort({} ++ {})", arg(Ty::Ints), arg(Ty::Ints)),
            (Ty::Ints, _) => {
                format!("(for q in {} when q % 2 == 0 do q + {} end)", arg(Ty::Ints), arg(Ty::Int))
            }
            (Ty::Texts, 0) => format!("List.append({}, {})", arg(Ty::Texts), arg(Ty::Text)),
            (Ty::Texts, 1) => {
                format!("List.map({}, fn q -> \"${{q}}\" <> {} end)", arg(Ty::Ints), arg(Ty::Text))
            }
            (Ty::Texts, 2) => format!("List.reverse({})", arg(Ty::Texts)),
            (Ty::Texts, _) => format!("[{}, {}]", arg(Ty::Text), arg(Ty::Text)),
            (Ty::Maybe, 0) => format!("Some({})", arg(Ty::Text)),
            (Ty::Maybe, 1) => format!("first_long({}, {})", arg(Ty::Texts), arg(Ty::Int)),
            (Ty::Maybe, 2) => format!("List.at({}, {})", arg(Ty::Texts), arg(Ty::Int)),
            (Ty::Maybe, _) => format!("({}).next", arg(Ty::Point)),
            (Ty::Pair, _) => format!("({}, {})", arg(Ty::Int), arg(Ty::Text)),
            (Ty::Point, 0) => {
                format!("Point {{ x: {}, tag: {}, next: {} }}", arg(Ty::Int), arg(Ty::Text), arg(Ty::Maybe))
            }
            (Ty::Point, 1) => format!("%{{{} | x: {}}}", arg(Ty::Point), arg(Ty::Int)),
            (Ty::Point, _) => {
                format!("%{{{} | next: {}, tag: {}}}", arg(Ty::Point), arg(Ty::Maybe), arg(Ty::Text))
            }
            (Ty::Tree, 0) => format!("Word({})", arg(Ty::Text)),
            (Ty::Tree, 1) => format!("flip({})", arg(Ty::Tree)),
            (Ty::Tree, _) => format!("Node({}, {}, {})", arg(Ty::Tree), arg(Ty::Int), arg(Ty::Tree)),
            (Ty::Fun, _) => self.closure(depth),
        }
    }

    fn closure(&mut self, depth: usize) -> String {
        let name = self.name();
        self.scope.push((name.clone(), Ty::Int));
        let body = self.expr(Ty::Int, depth);
        self.scope.pop();
        format!("fn {name} -> {body} + 0 * {name} end")
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
