//! Actors, `receive`, `spawn`.

use expect_test::expect;

use super::check;

#[test]
fn a_receive_in_tail_position_suspends() {
    check(
        "type Msg do Add(Int) Get(Pid<Int>) end\n\
         actor counter(total :: Int) do\n  receive do\n    Add(n) when n > total -> counter(n)\n    \
         Add(n) -> counter(total + n)\n    Get(from) ->\n      send(from, total)\n      counter(total)\n  end\nend\n\
         fn main() do\n  let c = spawn(counter, 0)\n  send(c, Add(2))\nend\n",
        &["counter", "main"],
        expect![[r#""#]],
    );
}

#[test]
fn a_receive_in_the_middle_keeps_the_stack() {
    check(
        "fn next() -> Int do\n  receive do\n    n -> n\n    after 10 -> 0\n  end\nend\n\
         fn main() do\n  let a = next()\n  println(a + next())\nend\n",
        &["next", "main"],
        expect![[r#""#]],
    );
}
