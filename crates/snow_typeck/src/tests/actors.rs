//! Mailboxes and message types.

use expect_test::expect;

use super::{check_errors, check_signatures};

#[test]
fn mailboxes_are_inferred() {
    check_signatures(
        r#"
type Msg do
  Add(Int)
  Get(Pid<Int>)
end
actor counter(total) do
  receive do
    Add(n) -> counter(total + n)
    Get(from) ->
      send(from, total)
      counter(total)
  end
end
fn next() do receive do n -> n end end
fn wait(n) do if n == 0 do next() else wait(n - 1) end end
fn number() -> Int = next() + 1
actor echo(to) do send(to, 1) end
fn ping(p) do
  send(p, Get(self()))
  next()
end
fn main() do
  let c = spawn(counter, 0)
  send(c, Add(2))
  let me = self()
  spawn() do send(me, 5) end
  println("${ping(c)}")
end
"#,
        &expect![[r#"
            counter(Int) -> () receives Msg
            next() -> a receives a
            wait(Int) -> a receives a
            number() -> Int receives Int
            echo(Pid<Int>) -> ()
            ping(Pid<Msg>) -> Int receives Int
            main() -> () receives Int
        "#]],
    );
}

#[test]
fn misuse_of_mailboxes() {
    check_errors(
        r#"
actor idle() do println("idle") end
actor wants_int() do receive do n -> println("${n + 1}") end end
fn next() -> Int do receive do n -> n + 0 end end
fn text() -> String do receive do s -> s <> "" end end
fn value() do
  let f = next
  f()
end
fn nested() = List.map([1], fn _x -> next() end)
fn two() = (next(), text())
fn called() do idle() end
fn wrong_message() do
  let p = spawn(wants_int)
  send(p, "one")
end
fn no_message(p :: Pid) do send(p, 1) end
fn any(p :: Pid<Int>) -> Pid = p
fn same(p :: Pid<Int>, q :: Pid) = p == q
"#,
        &expect![[r#"
            E0611 7:11 `next` uses the mailbox of its process, so it can't be passed as a value
            E0610 10:38 `next` uses the mailbox of the process that calls it, and a closure has none
            E0613 11:21 mismatch: `text` takes messages of type `String`, but the process around takes `Int`
            E0612 12:16 actor `idle` can only be called as the last thing that an actor does
            E0301 15:11 type mismatch: expected `Int`, found `String`
            E0614 17:33 this `Pid` has no message type, so nothing can be sent to it
        "#]],
    );
}
