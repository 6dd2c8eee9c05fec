//! Small programs, built as MIR by hand: what they print, and that nothing leaks.

mod support;

use snow_abi::RuntimeFn;
use snow_abi::layout::status;
use snow_codegen::Options;
use snow_mir::mir::*;
use snow_typeck::Ty;
use support::{Build, Fun, int, raw, text};

fn l(local: LocalId) -> Operand {
    Operand::Local(local)
}

/// `fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)`
fn fib(build: &mut Build) -> FuncId {
    let mut f = Fun::new("fib", Ty::int());
    let n = f.param(Ty::int());
    let id = build.declare(&f);
    f.push(StmtKind::Poll);
    let small = f.op("int_lt", [n.into(), 2.into()], Ty::bool());
    let other = f.if_(small);
    f.ret(n);
    f.at(other);
    let n1 = f.op("int_sub", [n.into(), 1.into()], Ty::int());
    let a = f.call(id, vec![l(n1)], Ty::int());
    let n2 = f.op("int_sub", [n.into(), 2.into()], Ty::int());
    let b = f.call(id, vec![l(n2)], Ty::int());
    let sum = f.op("int_add", [a.into(), b.into()], Ty::int());
    f.ret(sum);
    build.define(id, f);
    id
}

#[test]
fn calls_and_counts() {
    let mut build = Build::new();
    let fib = fib(&mut build);
    let mut main = Fun::handler("main");
    let result = main.call(fib, vec![int(20)], Ty::int());
    main.print_int(result);
    main.println(text("done ✓"));
    main.ret(status::DONE);
    assert_eq!(build.run(main), "6765\ndone ✓\n");
}

#[test]
fn polls() {
    let mut build = Build::new();
    let mut main = Fun::handler("main");
    main.push(StmtKind::Poll);
    main.push(StmtKind::Poll);
    main.ret(status::DONE);
    assert_eq!(build.run_with(main, Some("STUB_LIMIT")), "stack check\n");
}

#[test]
fn failures_say_where() {
    for (op, args, expected) in [
        ("int_add", [i64::MAX, 1], "fail 0 0 0"),
        ("int_mul", [i64::MAX, 2], "fail 0 0 0"),
        ("int_div", [1, 0], "fail 1 0 0"),
        ("int_div", [i64::MIN, -1], "fail 0 0 0"),
        ("int_shl", [1, 64], "fail 4 64 0"),
    ] {
        let mut build = Build::new();
        let mut main = Fun::handler("main");
        let result = main.op(op, args.map(Into::into), Ty::int());
        main.print_int(result);
        main.ret(status::DONE);
        assert_eq!(build.run(main), format!("{expected} at test.snow:1:1 in main\n"), "{op}");
    }
}

#[test]
fn numbers() {
    let mut build = Build::new();
    let mut main = Fun::handler("main");
    let min = i64::MIN;
    for (op, args) in
        [("int_rem", [min, -1]), ("int_rem", [-7, 3]), ("int_ushr", [-1, 60]), ("int_shr", [-8, 1])]
    {
        let result = main.op(op, args.map(Into::into), Ty::int());
        main.print_int(result);
    }
    let root = main.op("float_sqrt", [Operand::Const(Const::Float(2.25)).into()], Ty::float());
    let tens = main.op("float_mul", [root.into(), Operand::Const(Const::Float(10.0)).into()], Ty::float());
    let whole = main.op("float_to_int_unchecked", [tens.into()], Ty::int());
    main.print_int(whole);
    main.ret(status::DONE);
    assert_eq!(build.run(main), "0\n-1\n15\n-4\n15\n");
}

/// A loop in `main` over `0..n`: calls `body` with the counter, goes on behind the loop.
fn times(f: &mut Fun, n: i64, body: impl FnOnce(&mut Fun, LocalId)) {
    let i = f.let_(Ty::int(), Rvalue::Use(int(0)));
    let head = f.block();
    f.term(Term::Goto(head));
    f.at(head);
    f.push(StmtKind::Poll);
    let more = f.op("int_lt", [i.into(), n.into()], Ty::bool());
    let end = f.if_(more);
    body(f, i);
    let next = f.op("int_wrapping_add", [i.into(), 1.into()], Ty::int());
    f.set(i, Rvalue::Use(l(next)));
    f.term(Term::Goto(head));
    f.at(end);
}

#[test]
fn lists_grow_at_both_ends() {
    let mut build = Build::new();
    let mut main = Fun::handler("main");
    let ints = Ty::list(Ty::int());
    let xs = main.let_(ints, Rvalue::Use(Operand::Const(Const::EmptyList(Ty::int()))));
    times(&mut main, 1000, |f, i| {
        let longer = f.op("list_push", [xs.into(), i.into()], ints);
        let longer = f.op("list_prepend", [longer.into(), i.into()], ints);
        f.set(xs, Rvalue::Use(l(longer)));
    });
    let len = main.op("list_len", [xs.into()], Ty::int());
    main.print_int(len);
    let sum = main.let_(Ty::int(), Rvalue::Use(int(0)));
    times(&mut main, 2000, |f, i| {
        let x = f.op("list_get", [xs.into(), i.into()], Ty::int());
        let more = f.op("int_add", [sum.into(), x.into()], Ty::int());
        f.set(sum, Rvalue::Use(l(more)));
    });
    main.print_int(sum);
    // A shared list is copied before it is written to.
    main.push(StmtKind::Dup(xs));
    let changed = main.op("list_set_unchecked", [xs.into(), 0.into(), 7.into()], ints);
    for list in [xs, changed] {
        let first = main.op("list_get", [list.into(), 0.into()], Ty::int());
        main.print_int(first);
    }
    let view = main.op("list_view", [changed.into(), 1.into(), 3.into()], ints);
    let second = main.op("list_get", [view.into(), 1.into()], Ty::int());
    main.print_int(second);
    main.push(StmtKind::Drop(view));
    let outside = main.op("list_get", [xs.into(), 2000.into()], Ty::int());
    main.print_int(outside);
    main.ret(status::DONE);
    let fail = "fail 2 2000 2000 at test.snow:1:1 in main\n";
    assert_eq!(build.run(main), format!("2000\n999000\n999\n7\n997\n{fail}"));
}

#[test]
fn lists_of_strings_leak_nothing() {
    let mut build = Build::new();
    let mut main = Fun::handler("main");
    let strings = Ty::list(Ty::string());
    let one = main.rt("int_to_str", [1.into()], Ty::string());
    let xs = main.let_(strings, Rvalue::MakeList { elem: Ty::string(), items: vec![l(one), text("two")] });
    let three = main.rt("int_to_str", [3.into()], Ty::string());
    let xs = main.op("list_push", [xs.into(), three.into()], strings);
    let four = main.rt("int_to_str", [4.into()], Ty::string());
    let xs = main.op("list_set_unchecked", [xs.into(), 0.into(), four.into()], strings);
    let moved = main.op("list_move_out", [xs.into(), 2.into()], Ty::string());
    main.println(moved);
    let xs = main.op("list_move_in", [xs.into(), 2.into(), moved.into()], strings);
    times(&mut main, 3, |f, i| {
        let x = f.op("list_get", [xs.into(), i.into()], Ty::string());
        f.println(x);
    });
    main.push(StmtKind::Drop(xs));
    main.ret(status::DONE);
    assert_eq!(build.run(main), "3\n4\ntwo\n3\n");
}

/// `type Tree = Leaf | Node(Tree, Int, Tree)`
fn tree(build: &mut Build) -> Ty {
    build.sum("Tree", |tree| vec![vec![], vec![tree, Ty::int(), tree]])
}

fn node(f: &mut Fun, tree: Ty, variant: u32, args: Vec<Operand>, reuse: Option<LocalId>) -> LocalId {
    f.let_(tree, Rvalue::Make { ty: tree, variant, args, reuse })
}

/// `inc(t)`: adds one to each number, in the cells of `t` where it can.
fn inc(build: &mut Build, tree: Ty) -> FuncId {
    let mut f = Fun::new("inc", tree);
    let t = f.param(tree);
    let id = build.declare(&f);
    let variant = f.let_(Ty::int(), Rvalue::Variant(t));
    let (leaf, full) = (f.block(), f.block());
    f.term(Term::Switch { on: variant, cases: vec![(0, leaf)], default: Some(full) });
    f.at(leaf);
    f.ret(t);
    f.at(full);
    let part = |f: &mut Fun, index, ty| f.let_(ty, Rvalue::Project { base: t, variant: 1, index });
    let (a, n, b) = (part(&mut f, 0, tree), part(&mut f, 1, Ty::int()), part(&mut f, 2, tree));
    let token = f.local(raw());
    let kept = vec![(0, a), (1, n), (2, b)];
    f.push(StmtKind::Unpack { base: t, variant: 1, kept, token: Some(token) });
    let n = f.op("int_add", [n.into(), 1.into()], Ty::int());
    let a = f.call(id, vec![l(a)], tree);
    let b = f.call(id, vec![l(b)], tree);
    let new = node(&mut f, tree, 1, vec![l(a), l(n), l(b)], Some(token));
    f.ret(new);
    build.define(id, f);
    id
}

/// `sum(t)`, borrowing.
fn sum(build: &mut Build, tree: Ty) -> FuncId {
    let mut f = Fun::new("sum", Ty::int());
    let t = f.param(tree);
    let id = build.declare(&f);
    let variant = f.op("variant_index", [t.into()], Ty::int());
    let (leaf, full) = (f.block(), f.block());
    f.term(Term::Switch { on: variant, cases: vec![(0, leaf), (1, full)], default: None });
    f.at(leaf);
    f.ret(0);
    f.at(full);
    let part = |f: &mut Fun, index, ty| f.let_(ty, Rvalue::Project { base: t, variant: 1, index });
    let (a, n, b) = (part(&mut f, 0, tree), part(&mut f, 1, Ty::int()), part(&mut f, 2, tree));
    let a = f.call(id, vec![l(a)], Ty::int());
    let b = f.call(id, vec![l(b)], Ty::int());
    let sum = f.op("int_add", [a.into(), n.into()], Ty::int());
    let sum = f.op("int_add", [sum.into(), b.into()], Ty::int());
    f.ret(sum);
    build.define(id, f);
    id
}

#[test]
fn trees_are_reused_where_they_are_unique() {
    let mut build = Build::new();
    let tree = tree(&mut build);
    let (inc, sum) = (inc(&mut build, tree), sum(&mut build, tree));
    let mut main = Fun::handler("main");
    let leaf = node(&mut main, tree, 0, vec![], None);
    let t = main.let_(tree, Rvalue::Use(l(leaf)));
    times(&mut main, 100, |f, i| {
        let leaf = node(f, tree, 0, vec![], None);
        let next = node(f, tree, 1, vec![l(t), l(i), l(leaf)], None);
        f.set(t, Rvalue::Use(l(next)));
    });
    let t1 = main.call(inc, vec![l(t)], tree);
    main.push(StmtKind::Dup(t1));
    let t2 = main.call(inc, vec![l(t1)], tree);
    for t in [t1, t2] {
        let total = main.call(sum, vec![l(t)], Ty::int());
        main.print_int(total);
        main.push(StmtKind::Drop(t));
    }
    main.ret(status::DONE);
    assert_eq!(build.run(main), "5050\n5150\n");
}

#[test]
fn small_sums_and_tuples_by_value() {
    let mut build = Build::new();
    let option = build.sum("Opt", |_| vec![vec![], vec![Ty::string()]]);
    let shape = build.sum("Shape", |_| vec![vec![Ty::int()], vec![Ty::float(), Ty::bool()], vec![]]);
    let four = Ty::tuple(vec![Ty::int(), Ty::string(), Ty::int(), option]);
    let mut f = Fun::new("make_four", four);
    let n = f.param(Ty::int());
    let word = f.rt("int_to_str", [n.into()], Ty::string());
    let none = f.let_(option, Rvalue::Make { ty: option, variant: 0, args: vec![], reuse: None });
    let args = vec![l(n), l(word), int(2), l(none)];
    let result = f.let_(four, Rvalue::Make { ty: four, variant: 0, args, reuse: None });
    f.ret(result);
    let make = build.add(f);

    let mut main = Fun::handler("main");
    let t = main.call(make, vec![int(41)], four);
    let word = main.let_(Ty::string(), Rvalue::Project { base: t, variant: 0, index: 1 });
    let none = main.let_(option, Rvalue::Project { base: t, variant: 0, index: 3 });
    let variant = main.let_(Ty::int(), Rvalue::Variant(none));
    main.print_int(variant);
    main.push(StmtKind::Unpack { base: t, variant: 0, kept: vec![(1, word)], token: None });
    let some = main.let_(option, Rvalue::Make { ty: option, variant: 1, args: vec![l(word)], reuse: None });
    let variant = main.let_(Ty::int(), Rvalue::Variant(some));
    main.print_int(variant);
    let inner = main.let_(Ty::string(), Rvalue::Project { base: some, variant: 1, index: 0 });
    main.println(inner);
    main.push(StmtKind::Drop(some));
    for (variant, args) in [(0, vec![int(5)]), (2, vec![])] {
        let s = main.let_(shape, Rvalue::Make { ty: shape, variant, args, reuse: None });
        let number = main.let_(Ty::int(), Rvalue::Variant(s));
        main.print_int(number);
    }
    main.ret(status::DONE);
    assert_eq!(build.run(main), "0\n1\n41\n0\n2\n");
}

#[test]
fn closures() {
    let mut build = Build::new();
    let ty = Ty::func(&[Ty::int()], Ty::int());
    let mut f = Fun::closure("add", ty, vec![Ty::int(), Ty::string()], Ty::int());
    let itself = LocalId(0);
    let x = f.param(Ty::int());
    let n = f.let_(Ty::int(), Rvalue::Capture { closure: itself, index: 0 });
    let s = f.let_(Ty::string(), Rvalue::Capture { closure: itself, index: 1 });
    f.println(s);
    let sum = f.op("int_add", [x.into(), n.into()], Ty::int());
    f.push(StmtKind::Drop(itself));
    f.ret(sum);
    let add = build.add(f);

    let mut g = Fun::closure("twice", ty, vec![], Ty::int());
    let x = g.param(Ty::int());
    let doubled = g.op("int_mul", [x.into(), 2.into()], Ty::int());
    g.ret(doubled);
    let twice = build.add(g);

    let mut main = Fun::handler("main");
    let word = main.rt("int_to_str", [77.into()], Ty::string());
    let closure = main.let_(ty, Rvalue::MakeClosure { func: add, captures: vec![int(40), l(word)] });
    main.push(StmtKind::Dup(closure));
    for n in [1, 2] {
        let result = main.let_(Ty::int(), Rvalue::CallClosure { closure: l(closure), args: vec![int(n)] });
        main.print_int(result);
    }
    let twice = main.let_(ty, Rvalue::Use(Operand::Const(Const::Func(twice))));
    let result = main.let_(Ty::int(), Rvalue::CallClosure { closure: l(twice), args: vec![int(21)] });
    main.print_int(result);
    main.push(StmtKind::Drop(twice));
    main.ret(status::DONE);
    assert_eq!(build.run(main), "77\n41\n77\n42\n42\n");
}

/// `even` and the closure `odd` tail-call each other. Gives `even` and its result type.
fn mutual(build: &mut Build) -> (FuncId, Ty) {
    // More arguments than registers, and a result through the out pointer.
    let result = Ty::tuple(vec![Ty::int(); 4]);
    let count = Ty::func(&[Ty::int()], result);
    let params = |f: &mut Fun| (0..7).map(|_| f.param(Ty::int())).collect::<Vec<_>>();
    let mut even = Fun::new("even", result);
    let xs = params(&mut even);
    let even_id = build.declare(&even);
    let mut odd = Fun::closure("odd", count, vec![], result);
    let y = odd.param(Ty::int());
    let odd_id = build.declare(&odd);

    even.push(StmtKind::Poll);
    let zero = even.op("int_eq", [xs[0].into(), 0.into()], Ty::bool());
    let other = even.if_(zero);
    let args = xs[3..].iter().copied().map(l).collect();
    let tuple = even.let_(result, Rvalue::Make { ty: result, variant: 0, args, reuse: None });
    even.ret(tuple);
    even.at(other);
    let next = even.op("int_sub", [xs[0].into(), 1.into()], Ty::int());
    let f = even.let_(count, Rvalue::Use(Operand::Const(Const::Func(odd_id))));
    even.term(Term::TailCallClosure { closure: l(f), args: vec![l(next)] });
    let args = [y; 7].map(l).to_vec();
    odd.term(Term::TailCall { func: even_id, args });
    build.define(even_id, even);
    build.define(odd_id, odd);
    (even_id, result)
}

#[test]
fn mutual_tail_calls_use_no_stack() {
    let mut build = Build::new();
    let (even_id, result) = mutual(&mut build);
    let mut main = Fun::handler("main");
    let args = (0..7).map(|n| int(10_000_000 + n)).collect();
    let t = main.call(even_id, args, result);
    let last = main.let_(Ty::int(), Rvalue::Project { base: t, variant: 0, index: 3 });
    main.print_int(last);
    main.ret(status::DONE);
    assert_eq!(build.run(main), "0\n");
}

#[test]
fn processes_keep_their_state_without_a_stack() {
    let mut build = Build::new();
    let state = vec![Ty::int(), Ty::bool()];
    // Waits for numbers and prints the running sum; ends at 0.
    let counter = build.add(Fun::handler("counter"));
    let recv = build.recv(counter, state.clone(), Some(Ty::int()));
    let mut f = Fun::handler("counter");
    let (saved, message) = (LocalId(0), LocalId(1));
    let load = |index, take| Rvalue::LoadPart { base: saved, parts: state.clone(), index, take };
    let sum = f.let_(Ty::int(), load(0, true));
    let started = f.op("int_eq", [message.into(), 0.into()], Ty::bool());
    let running = f.if_(started);
    let wait = f.block();
    f.term(Term::Goto(wait));
    f.at(running);
    let parts = vec![Ty::int()];
    let n = f.let_(Ty::int(), Rvalue::LoadPart { base: message, parts, index: 0, take: true });
    let last = f.op("int_eq", [n.into(), 0.into()], Ty::bool());
    let go_on = f.if_(last);
    f.ret(status::DONE);
    f.at(go_on);
    let more = f.op("int_add", [sum.into(), n.into()], Ty::int());
    f.set(sum, Rvalue::Use(l(more)));
    f.print_int(sum);
    f.term(Term::Goto(wait));
    f.at(wait);
    let base = f.let_(raw(), Rvalue::Suspend { recv, timeout: int(-1) });
    f.push(StmtKind::StorePart { base, parts: state.clone(), index: 0, value: l(sum) });
    let flag = Operand::Const(Const::Bool(true));
    f.push(StmtKind::StorePart { base, parts: state.clone(), index: 1, value: flag.clone() });
    f.ret(status::WAITING);
    build.define(counter, f);

    let mut main = Fun::handler("main");
    let pid_ty = Ty::pid(Ty::int());
    let pid = main.let_(pid_ty, Rvalue::Spawn { func: RuntimeFn::spawn, recv, args: vec![int(100), flag] });
    for n in [1, 2, 0] {
        main.let_(Ty::unit(), Rvalue::Send { pid: l(pid), message: int(n), ty: Ty::int() });
    }
    main.ret(status::DONE);
    assert_eq!(build.run(main), "101\n103\n");
}

#[test]
fn constants_and_atoms() {
    let mut build = Build::new();
    let slot = ConstSlotId(0);
    build.mir.consts.push(ConstSlot { name: "word".into(), ty: Ty::string() });
    let mut init = Fun::new("init", Ty::unit());
    let word = init.rt("int_to_str", [12.into()], Ty::string());
    init.push(StmtKind::StoreConst(slot, l(word)));
    init.push(StmtKind::Drop(word));
    init.ret(Operand::Const(Const::Unit));
    build.define(FuncId(0), init);
    let mut main = Fun::handler("main");
    let word = main.let_(Ty::string(), Rvalue::ConstSlot(slot));
    main.push(StmtKind::Dup(word));
    main.push(StmtKind::Drop(word));
    main.println(word);
    let atom = |text: &str| Operand::Const(Const::Atom(text.into())).into();
    for (a, b) in [("ok", "ok"), ("ok", "no")] {
        let same = main.op("atom_eq", [atom(a), atom(b)], Ty::bool());
        let same = main.op("bool_to_int", [same.into()], Ty::int());
        main.print_int(same);
    }
    main.ret(status::DONE);
    assert_eq!(build.run(main), "12\n1\n0\n");
}

#[test]
fn compiles_for_other_machines() {
    let mut build = Build::new();
    let tree = tree(&mut build);
    fib(&mut build);
    inc(&mut build, tree);
    mutual(&mut build);
    for triple in ["aarch64-unknown-linux-gnu", "aarch64-apple-macosx14.0.0", "x86_64-apple-macosx14.0.0"] {
        for release in [false, true] {
            let options = Options { release, triple: Some(triple.into()) };
            assert!(build.object(&options).len() > 500, "{triple}");
            assert!(build.parts(&options).iter().all(|part| part.len() > 300), "{triple}");
        }
    }
}

#[test]
fn optimised_fib_allocates_no_frame_slots() {
    let mut build = Build::new();
    fib(&mut build);
    let text = build.llvm(&Options { release: true, triple: None });
    assert!(!text.contains("alloca"), "{text}");
}

#[test]
fn optimised_formulas_are_no_calls() {
    let mut build = Build::new();
    let mut f = Fun::new("formula", Ty::int());
    let n = f.param(Ty::int());
    let mut value = n;
    for _ in 0..8 {
        let square = f.op("int_mul", [value.into(), n.into()], Ty::int());
        value = square;
    }
    f.ret(value);
    let formula = build.add(f);
    let mut main = Fun::handler("main");
    for n in [2, 3] {
        let result = main.call(formula, vec![int(n)], Ty::int());
        main.print_int(result);
    }
    main.ret(status::DONE);
    assert_eq!(build.run(main), "512\n19683\n");
    let text = build.llvm(&Options { release: true, triple: None });
    assert!(!text.contains("@\"snow$formula\"("), "{text}");
}

#[test]
fn tail_calls_between_equal_signatures_use_no_stack() {
    let mut build = Build::new();
    let mut funs: Vec<(Fun, LocalId, LocalId)> = Vec::new();
    for name in ["even", "odd"] {
        let mut f = Fun::new(name, Ty::int());
        let (n, word) = (f.param(Ty::int()), f.param(Ty::string()));
        funs.push((f, n, word));
    }
    let ids: Vec<_> = funs.iter().map(|(f, ..)| build.declare(f)).collect();
    for (index, (mut f, n, word)) in funs.into_iter().enumerate() {
        f.push(StmtKind::Poll);
        let zero = f.op("int_eq", [n.into(), 0.into()], Ty::bool());
        let other = f.if_(zero);
        f.println(word);
        f.ret(index as i64);
        f.at(other);
        let next = f.op("int_sub", [n.into(), 1.into()], Ty::int());
        f.term(Term::TailCall { func: ids[1 - index], args: vec![l(next), l(word)] });
        build.define(ids[index], f);
    }
    let mut main = Fun::handler("main");
    let odd = main.call(ids[0], vec![int(10_000_001), text("end")], Ty::int());
    main.print_int(odd);
    main.ret(status::DONE);
    assert_eq!(build.run(main), "end\n1\n");
    assert!(!build.llvm(&Options { release: true, triple: None }).contains("tailcc"));
}
