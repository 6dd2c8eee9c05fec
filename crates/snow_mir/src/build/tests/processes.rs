//! Actors, `receive`, `spawn`.

use expect_test::expect;

use super::{built, check};

#[test]
fn a_receive_in_tail_position_suspends() {
    check(
        "type Msg do Add(Int), Get(Pid<Int>) end\n\
         actor counter(total :: Int) do\n  receive do\n    Add(n) when n > total -> counter(n)\n    \
         Add(n) -> counter(total + n)\n    Get(from) ->\n      send(from, total)\n      counter(total)\n  end\nend\n\
         fn main() do\n  let c = spawn(counter, 0)\n  send(c, Add(2))\nend\n",
        &["counter", "main", "start of counter"],
        expect![[r#"
            fn main() -> () {
              let _0: Pid<Msg> (c)
              let _1: Msg
              let _2: ()
            bb0:
              _0 = spawn recv 1 (0)
              _1 = make Add(2)
              _2 = send _0 <- _1
              return ()
            }
            handler start of counter(_0: Raw (state), _1: Raw (message)) -> Int {
              let _2: Int
            bb0:
              poll
              _2 = take _0[0]
              tail call counter(_2)
            }
            fn counter(_0: Int (total)) -> Int {
              let _1: Raw
            bb0:
              _1 = suspend recv 2 after -1
              store _1[0] = _0
              return 1
            }
            handler counter(_0: Raw (state), _1: Raw (message)) -> Int {
              let _2: Int (total)
              let _3: Int (total)
              let _4: Msg
              let _5: Int
              let _6: Int (n)
              let _7: Bool
              let _8: Msg
              let _9: Int (n)
              let _10: Int
              let _11: Msg
              let _12: Int (n)
              let _13: Msg
              let _14: Pid<Int> (from)
              let _15: ()
            bb0:
              poll
              _3 = load _0[0]
              _4 = load _1[0]
              _5 = variant _4
              switch _5 { 0: bb1 1: bb4 }
            bb1:
              _6 = _4.0.0
              _7 = int_lt(_3, _6)
              switch _7 { 0: bb2 1: bb3 }
            bb2:
              _2 = take _0[0]
              _8 = take _1[0]
              _9 = _8.0.0
              _10 = int_add(_2, _9)
              tail call counter(_10)
            bb3:
              _2 = take _0[0]
              _11 = take _1[0]
              _12 = _11.0.0
              tail call counter(_12)
            bb4:
              _2 = take _0[0]
              _13 = take _1[0]
              _14 = _13.1.0
              _15 = send _14 <- _2
              tail call counter(_2)
            }
        "#]],
    );
}

#[test]
fn a_receive_in_the_middle_keeps_the_stack() {
    check(
        "fn next() -> Int do\n  receive do\n    n -> n\n    after 10 -> 0\n  end\nend\n\
         fn main() do\n  let a = next()\n  println(a + next())\nend\n",
        &["next", "main"],
        expect![[r#"
            fn main() -> Int {
              let _0: Int (a)
              let _1: Int
              let _2: Int
              let _3: ()
            bb0:
              poll
              _0 = call next()
              _2 = call next()
              _1 = int_add(_0, _2)
              _3 = call Prelude.println(_1)
              return 0
            }
            fn next() -> Int {
              let _0: ()
              let _1: Raw
              let _2: Int
              let _3: Int (n)
              let _4: ()
            bb0:
              _0 = recv_start!(10)
              _1 = recv_next!()
              switch _1 { 0: bb1 else: bb2 }
            bb1:
              return 0
            bb2:
              _2 = load _1[0]
              _3 = take _1[0]
              _4 = recv_take!()
              return _3
            }
        "#]],
    );
}

/// The number of the messages that `keeper` takes in a program with these types.
fn number_of(types: &str) -> u64 {
    let source = format!(
        "{types}\nactor keeper() do\n  receive do\n    Put(_, _) -> keeper()\n  end\nend\nfn main() do\n  let _ = spawn(keeper)\nend"
    );
    let (_, mir) = built(&source);
    let starts = mir.recvs.iter().filter(|r| r.name == "keeper" && r.message.is_some());
    starts.map(|r| r.fingerprint).next().expect("keeper is spawned")
}

#[test]
fn message_types_have_numbers_of_their_structure() {
    let msg = "type Msg do\n  Put(Item, Int)\n  Stop\nend\n";
    let item = "struct Item do\n  name :: String\n  next :: Option<Item>\nend\n";
    let number = number_of(&format!("{msg}{item}"));
    assert_ne!(number, 0);
    let unchanged = format!("{item}type Other do\n  A\nend\n{msg}");
    assert_eq!(number, number_of(&unchanged), "other types don't count");
    let changes = [
        ("another variant", format!("{item}{}", msg.replace("Stop", "Stop\n  Pause"))),
        ("a variant's name", format!("{item}{}", msg.replace("Stop", "End"))),
        ("a part's type", format!("{item}{}", msg.replace("Int", "Float"))),
        ("a field's name", format!("{msg}{}", item.replace("name", "title"))),
        ("a field's type", format!("{msg}{}", item.replace("name :: String", "name :: Atom"))),
    ];
    for (what, types) in changes {
        assert_ne!(number, number_of(&types), "{what}");
    }
}
