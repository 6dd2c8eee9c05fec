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
    Explanation {
        code: "E0620",
        title: "a service without `init`",
        text: "\
A service begins with what its `init` gives: the first state.

```snow fail E0620
service Counter do
  call Get() :: Int do |n| (n, n) end
end
fn main() do println(\"no start\") end
```",
    },
    Explanation {
        code: "E0621",
        title: "the name of a request is taken",
        text: "\
Every service has `start`, `start_link` and `try_start`; a request that would be called so hides one of them.

```snow fail E0621
service Engine do
  fn init() -> Int do 0 end
  cast Start() do |n| n + 1 end
end
fn main() do println(\"none\") end
```",
    },
    Explanation {
        code: "E0622",
        title: "parameters of a handler",
        text: "\
Arguments of requests are copied into another process, so their types stand in the service: `name :: Type`. Between the
bars stands the state alone.

```snow fail E0622
service Counter do
  fn init() -> Int do 0 end
  cast Add(amount) do |n| n + amount end
end
fn main() do println(\"none\") end
```",
    },
    Explanation {
        code: "E0623",
        title: "`info` takes signals",
        text: "\
Messages of a service are its requests; beside them `info` takes the system signals: `(:down, ref, pid, reason)`,
`(:exit, pid, reason)`, `(:timer, ref)`, `(:nodedown, node)`, `(:nodeup, node)`.

```snow fail E0623
service Counter do
  fn init() -> Int do 0 end
  info 5 do |n| n end
end
fn main() do println(\"none\") end
```",
    },
    Explanation {
        code: "E0624",
        title: "a word of handlers is used otherwise",
        text: "\
In the handler of a call `stop(reply, reason)` answers and ends the service, `no_reply(state)` leaves the reply for later,
and `Service.caller()` is the address to which it goes. A cast or info has `stop(reason)`.

```snow fail E0624
service Counter do
  fn init() -> Int do 0 end
  cast End() do |_n| stop(1, Normal) end
end
fn main() do println(\"none\") end
```",
    },
    Explanation {
        code: "E0625",
        title: "`receive` in a handler",
        text: "\
The service itself takes its messages; a handler that receives would take them away. Signals come to `info`, other
messages are casts.

```snow fail E0625
service Counter do
  fn init() -> Int do 0 end
  cast Wait() do |n|
    receive do _ -> n end
  end
end
fn main() do println(\"none\") end
```",
    },
    Explanation {
        code: "E0626",
        title: "parts of a signal",
        text: "\
Each signal has its parts: `(:down, ref, pid, reason)`, `(:exit, pid, reason)`, `(:timer, ref)`, `(:nodedown, node)`,
`(:nodeup, node)`. Write `_` for a part that isn't needed.

```snow fail E0626
fn main() do
  receive do
    (:down, ref) -> println(\"${ref}\")
    after 0 -> println(\"none\")
  end
end
```",
    },
    Explanation {
        code: "E0630",
        title: "settings of supervisors",
        text: "\
A supervisor has `strategy`, `max_restarts`, `max_seconds`; a child `start`, `restart`, `shutdown`. `strategy` and `start`
must be there.

```snow fail E0630
supervisor App do
  strategies: one_for_one
end
fn main() do println(\"none\") end
```",
    },
    Explanation {
        code: "E0631",
        title: "values of settings",
        text: "\
`strategy` is one_for_one, one_for_all, rest_for_one or simple_one_for_one; `restart` is permanent, transient or
temporary; `shutdown` is a number of milliseconds, brutal_kill or infinity; `start` is a closure that gives a pid.

```snow fail E0631
supervisor App do
  strategy: two_for_one
end
fn main() do println(\"none\") end
```",
    },
    Explanation {
        code: "E0632",
        title: "children of a supervisor",
        text: "\
Children have different names, other than `start_link` and `start_child`. With `simple_one_for_one` all children are of
one kind, described by one `child`. The `start` of a child gives the pid of the process that it started: nothing else can
be watched.

```snow fail E0632
supervisor App do
  strategy: simple_one_for_one
end
fn main() do println(\"none\") end
```",
    },
];
