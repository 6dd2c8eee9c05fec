//! Texts that nobody writes: the tree must hold them, without panics, endless loops or deep recursion. Random ones are tried where
//! all programs of the project are at hand, with the tests of the whole.

use snow_base::FileId;

use super::brief;
use crate::parse;

fn lossless(text: &str) {
    let parse = parse(text, FileId(0));
    assert_eq!(parse.syntax().text().to_string(), text);
    let errors = parse.syntax().descendants().filter(|n| n.kind() == crate::SyntaxKind::ERROR).count();
    assert!(errors == 0 || !parse.diagnostics.is_empty(), "an error was not reported: {text}");
    if parse.diagnostics.is_empty() {
        let incomplete = crate::first_incomplete(&parse.syntax());
        assert!(incomplete.is_none(), "a part is missing without an error: {text}");
    }
    // Values must be readable in any tree.
    for node in parse.syntax().descendants() {
        use crate::AstNode;
        if let Some(string) = crate::ast::StringExpr::cast(node.clone()) {
            string.parts();
        }
        if let Some(literal) = crate::ast::Literal::cast(node) {
            literal.value();
        }
    }
}

const PROGRAM: &str = r#"
## Doc.
struct Point<T> do
  x :: Int = 1, y :: Fun(Int, [T]) -> T?!E
end deriving(Eq)
impl Show for Point<T> where T: Show + Eq do
  fn show(self, n :: Int = 3) -> String do "a ${self.x + f("${n}")}" end
end
actor counter(n) do
  receive do
    Add(k) when k > 0 -> counter(n + k)
    (:down, _, [h, ..t], "a" <> b) | h :: t as q -> g(_, 2)
    after 10 -> ()
  end
terminate do 1 end
end
fn main() do
  let {a, b} = (1, -2.5)
  if a < b do %{a | x: 1} else if c do xs[1..3] else for x in y when z do x end end
  xs |> map(fn 0 -> 1 | n when n < 0 -> -n | _ -> "p" end)? |> .len()
    |> each() do |x, y|
      %{"k" => 1, k: 2, (1) => [..a]}
    end
  """
    text ${a}
    """
end
"#;

#[test]
fn prefixes_are_lossless() {
    assert_eq!(brief(PROGRAM), "");
    for (at, _) in PROGRAM.char_indices() {
        lossless(&PROGRAM[..at]);
        lossless(&PROGRAM[at..]);
    }
}

#[test]
fn long_chains_are_too_deep_once() {
    let chain = |n: usize| format!("fn f(x) = x{}\nfn g() = 1\n", " + x".repeat(n));
    assert_eq!(brief(&chain(900)), "");
    assert_eq!(brief(&chain(100_000)), "1:11 E0190 this is nested too deeply\n");
    let nested = format!("fn f(x) = {}x{}\nfn g() = 1\n", "(".repeat(10_000), ")".repeat(10_000));
    assert_eq!(brief(&nested).lines().count(), 1);
    let nested = format!("fn f(x) = {}x{}\nfn g() = 1\n", "(".repeat(100), ")".repeat(100));
    assert_eq!(brief(&nested), "");
}

#[test]
fn large_files_take_linear_time() {
    let text = PROGRAM.repeat(500);
    lossless(&text);
    lossless(&"x\n".repeat(200_000));
    lossless(&"\"abc\n".repeat(50_000));
    lossless(&"~ ".repeat(100_000));
    lossless(&") ".repeat(100_000));
    lossless(&"end\n".repeat(50_000));
    lossless(&"fn f() do\n".repeat(20_000));
    lossless(&format!("fn f() do case x do\n{} end end", "[1, 2] + 3\n".repeat(20_000)));
}
