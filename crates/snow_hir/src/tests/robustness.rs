//! No input makes the lowering panic: damaged programs, deep ones.

use super::{STD, lower};

/// Uses most of the language.
const PROGRAM: &str = "\
import B as C\nfrom B import x, T\nlet c = 1\nstruct P<A> do x :: A, y :: Int = 1 end deriving(Eq, Ord)\n\
type S do A(Int)\nB(w :: Int)\nC end\ntype L<T> = List<T>?\ninterface I<A> do fn m(self, a :: A) -> Self do self end end\n\
impl I<A> for P<A> where A: Eq do fn m(self, a :: A) -> Self = %{self | x: a} end\n\
fn f(A(n), 0) when n > 0 = n |> f(1, _) |> .m(2) |> fn z -> z end\nfn f(B(w: q), n) = f(_, n)(q)\n\
fn g<T>(xs :: [T], d = 1) -> T!String where T: Display do\n  let [h, ..t] = xs\n  fn go(0) = 1\n  fn go(k) = go(k - 1)\n\
for {k, v} in %{a: 1, \"b\" => 2} when k do break end\n  while true do continue end\n  case t do\n    Some(e) | Ok(e) as w -> e\n\
    P { x, y: 1..=9 } -> x\n    %{\"k\" => \"a\" <> r} -> r\n    h :: _ -> S.A(h)\n    _ -> return Err(\"${h} ${xs[0]} ${t.0?}\")\n  end\n\
if a do 1 else if b do 2 end\n  g(xs, d: 2) do |u| u.v end\nend\nactor a(n) do\n  receive do\n    (:down, r, p, w) -> a(n)\n    m -> send(self(), m)\n\
after 10 -> spawn(a, 1)\n  end\nterminate do\n  1\nend\nend\nservice V do\n  fn init() do 1 end\n  call Get() :: Int do |s| (s, s) end\nend\n\
supervisor U do\n  strategy: one\nend\nmodule N do\n  pub fn z() = c\nend\ntest \"t\" do\n  N.z()\nend\n@lang(\"x\") fn r()\n";

#[test]
fn damaged_programs_are_lowered() {
    // A fixed sequence of places; each one loses some bytes, or gets others.
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    let pieces = [
        "",
        "(",
        "end",
        " do ",
        "_",
        "Self",
        ".",
        " = ",
        "fn ",
        "|",
        "self",
        "::",
        "..",
        "<T>",
        "\n",
        "import A\n",
    ];
    for _ in 0..150 {
        let mut text = PROGRAM.to_owned();
        for _ in 0..1 + next(3) {
            let from = next(text.len());
            let to = (from + next(12)).min(text.len());
            text.replace_range(from..to, pieces[next(pieces.len())]);
        }
        lower(STD, &[("Main", &text), ("B", "import Main\npub let x = 1\npub type T do V end")]);
    }
}

#[test]
fn deep_programs_are_lowered() {
    let nested = |open: &str, close: &str| format!("fn f(a) = {}a{}", open.repeat(250), close.repeat(250));
    for text in [
        nested("(", ")"),
        nested("f(", ")"),
        nested("do ", " end"),
        nested("fn -> ", " end"),
        nested("if a do ", " end"),
        nested("[", "]"),
        nested("", " + 1"),
        nested("", " |> f"),
        nested("", ".m()"),
    ] {
        lower(STD, &[("Main", &text)]);
    }
}
