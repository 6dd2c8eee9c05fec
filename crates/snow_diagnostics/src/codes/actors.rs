//! Codes E06xx: actors, services, supervisors.

use crate::registry::Explanation;

/// In the order of their numbers.
pub(super) const CODES: &[Explanation] = &[
    Explanation {
        code: "E0610",
        title: "no mailbox here",
        text: "\
`self()` and `receive`, and functions that use them, need the mailbox of the process around. Closures, guards, defaults,
constants and methods of interfaces have none. Bind `let me = self()` outside of a closure and use `me` in it.

```snow fail E0610
actor echo(to :: Pid<Int>) do send(to, 1) end
fn main() do
  let _ps = List.map([1, 2]) do |_i|
    spawn(echo, self())
  end
  receive do n -> println(\"${n + 1}\") end
end
```",
    },
    Explanation {
        code: "E0611",
        title: "a function with a mailbox is no value",
        text: "\
A function that uses the mailbox of its process can be called and spawned; as a value it could be called in another
process.

```snow fail E0611
fn next() -> Int do receive do n -> n + 0 end end
fn main() do
  let f = next
  println(\"${f()}\")
end
```",
    },
    Explanation {
        code: "E0612",
        title: "an actor is called where it can't be",
        text: "\
Calling an actor's name turns the running actor into that one, so it is possible only as the last thing that an actor
does. Elsewhere `spawn` starts a process.

```snow fail E0612
actor idle() do println(\"idle\") end
fn main() do idle() end
```",
    },
    Explanation {
        code: "E0613",
        title: "two mailboxes don't fit",
        text: "\
A process takes messages of one type. A function that receives messages of another type can't be called in it.

```snow fail E0613
fn number() -> Int do receive do n -> n + 0 end end
fn text() -> String do receive do s -> s <> \"\" end end
fn main() do println(\"${number()} ${text()}\") end
```",
    },
    Explanation {
        code: "E0614",
        title: "nothing can be sent to this",
        text: "\
Messages go to a `Pid<M>`, or to a registered name: an atom, a string, or a pair of name and node. A `Pid` without a
message type only identifies a process.

```snow fail E0614
fn main() do send(5, 1) end
```",
    },
];
