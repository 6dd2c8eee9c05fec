//! Trees and witnesses of small matches.

mod build;

use std::time::{Duration, Instant};

use build::Build;
use expect_test::{Expect, expect};
use snow_base::Name;
use snow_hir::{Expr, Pat, PatId};

use crate::ty::Ty;

fn check(build: &Build, tys: &[Ty], expected: Expect) {
    expected.assert_eq(&build.show(tys));
}

#[test]
fn nested_variants() {
    let mut b = Build::new();
    let (red, green) = (b.ctor(b.color, "Red", &[]), b.ctor(b.color, "Green", &[]));
    let (some_red, some_green, none) = (b.some(red), b.some(green), b.none());
    b.arm(&[some_red]).arm(&[none]).arm(&[some_green]);
    let ty = b.option_of(Ty::adt(b.color, Vec::new()));
    check(
        &b,
        &[ty],
        expect![[r#"
        test $0
        Some:
          test $0.0
          Red:
            arm 0
          Green:
            arm 2
          else:
            fail
        None:
          arm 1
        missing: Some(Blue)
    "#]],
    );
}

#[test]
fn pairs_of_options_with_alternatives() {
    let mut b = Build::new();
    let (x, y, z, none) = (b.bind("x"), b.bind("y"), b.local("z"), b.none());
    let (some_x, some_y) = (b.some(x), b.some(y));
    let both = b.pat(Pat::Tuple(vec![some_x, some_y]));
    let bind_z = b.pat(Pat::Bind { local: z, sub: None });
    let some_z = b.some(bind_z);
    let left = b.pat(Pat::Tuple(vec![some_z, none]));
    let right = b.pat(Pat::Tuple(vec![none, some_z]));
    let one = b.pat(Pat::Or(vec![left, right]));
    b.arm(&[both]).arm(&[one]);
    let ty = Ty::tuple(vec![b.option_of(Ty::int()), b.option_of(Ty::int())]);
    check(
        &b,
        &[ty],
        expect![[r#"
            test $0.0
            Some:
              test $0.1
              Some:
                arm 0 x=$0.0.0 y=$0.1.0
              None:
                arm 1 z=$0.0.0
            None:
              test $0.1
              Some:
                arm 1 z=$0.1.0
              else:
                fail
            missing: (None, None)
        "#]],
    );
}

#[test]
fn overlapping_ints_and_ranges() {
    let mut b = Build::new();
    let (five, range, all) = (b.int(5), b.pat(Pat::IntRange(0, 9)), b.pat(Pat::IntRange(i64::MIN, -1)));
    b.arm(&[five]).arm(&[range]).arm(&[all]);
    check(
        &b,
        &[Ty::int()],
        expect![[r#"
        test $0
        -9223372036854775808..=-1:
          arm 2
        0..=4:
          arm 1
        5:
          arm 0
        6..=9:
          arm 1
        else:
          fail
        missing: 10
    "#]],
    );
}

#[test]
fn ranges_can_be_complete() {
    let mut b = Build::new();
    let (low, high) = (b.pat(Pat::IntRange(i64::MIN, 0)), b.pat(Pat::IntRange(1, i64::MAX)));
    b.arm(&[low]).arm(&[high]);
    check(
        &b,
        &[Ty::int()],
        expect![[r#"
        test $0
        -9223372036854775808..=0:
          arm 0
        1..=9223372036854775807:
          arm 1
    "#]],
    );
}

#[test]
fn a_guard_may_refuse() {
    let mut b = Build::new();
    let (n, m, zero) = (b.bind("n"), b.bind("m"), b.int(0));
    b.guarded(&[n]).arm(&[zero]).guarded(&[m]);
    check(
        &b,
        &[Ty::int()],
        expect![[r#"
        arm 0 n=$0 if guard
        test $0
        0:
          arm 1
        else:
          arm 2 m=$0 if guard
          fail
        missing: 1
    "#]],
    );
}

#[test]
fn clauses_of_two_parameters() {
    let mut b = Build::new();
    let (zero, wild, yes) = (b.int(0), b.wild(), b.pat(Pat::Bool(true)));
    let never = b.int(0);
    b.arm(&[zero, wild]).arm(&[wild, yes]).arm(&[never, yes]);
    check(
        &b,
        &[Ty::int(), Ty::bool()],
        expect![[r#"
        test $0
        0:
          arm 0
        else:
          test $1
          true:
            arm 1
          else:
            fail
        missing: 1, false
        unreachable: [2]
    "#]],
    );
}

#[test]
fn lists_by_length() {
    let mut b = Build::new();
    let (a, h, t) = (b.bind("a"), b.bind("h"), b.bind("t"));
    let (empty, one, more) = (b.list(&[]), b.list(&[a]), b.open_list(&[h], Some(t), &[]));
    b.arm(&[empty]).arm(&[one]).arm(&[more]);
    check(
        &b,
        &[Ty::list(Ty::int())],
        expect![[r#"
        test $0
        length 0:
          arm 0
        length 1:
          arm 1 a=$0[0]
        length 2+:
          arm 2 h=$0[0] t=$0[1..-0]
    "#]],
    );
}

#[test]
fn missing_lengths() {
    let mut b = Build::new();
    let w = b.wild();
    let (empty, one) = (b.list(&[]), b.list(&[w]));
    b.arm(&[empty]).arm(&[one]);
    check(
        &b,
        &[Ty::list(Ty::int())],
        expect![[r#"
        test $0
        length 0:
          arm 0
        length 1:
          arm 1
        else:
          fail
        missing: [_, _, ..]
    "#]],
    );
    let mut b = Build::new();
    let w = b.wild();
    let two = b.open_list(&[w, w], None, &[]);
    let empty = b.list(&[]);
    b.arm(&[two]).arm(&[empty]);
    check(
        &b,
        &[Ty::list(Ty::int())],
        expect![[r#"
        test $0
        length 0:
          arm 1
        length 2+:
          arm 0
        else:
          fail
        missing: [_]
    "#]],
    );
}

#[test]
fn lists_from_both_ends_are_exact() {
    let mut b = Build::new();
    let (yes, no) = (b.pat(Pat::Bool(true)), b.pat(Pat::Bool(false)));
    let (empty, first, last) = (b.list(&[]), b.open_list(&[yes], None, &[]), b.open_list(&[], None, &[no]));
    b.arm(&[empty]).arm(&[first]).arm(&[last]);
    check(
        &b,
        &[Ty::list(Ty::bool())],
        expect![[r#"
        test $0
        length 0:
          arm 0
        length 1:
          test $0[0]
          true:
            arm 1
          false:
            arm 2
        length 2+:
          test $0[0]
          true:
            arm 1
          else:
            test $0[-1]
            false:
              arm 2
            else:
              fail
        missing: [false, .., true]
    "#]],
    );
}

#[test]
fn cons_patterns_are_one_list() {
    let mut b = Build::new();
    let (x, y, end) = (b.bind("x"), b.bind("y"), b.list(&[]));
    let inner = b.open_list(&[y], Some(end), &[]);
    let named = b.local("rest");
    let rest = b.pat(Pat::Bind { local: named, sub: Some(inner) });
    let outer = b.open_list(&[x], Some(rest), &[]);
    let wild = b.wild();
    b.arm(&[outer]).arm(&[wild]);
    check(
        &b,
        &[Ty::list(Ty::int())],
        expect![[r#"
        test $0
        length 2:
          arm 0 x=$0[0] y=$0[1] rest=$0[1..-0]
        else:
          arm 1
    "#]],
    );
}

#[test]
fn texts_and_prefixes() {
    let mut b = Build::new();
    let rest = b.bind("rest");
    let say = b.pat(Pat::StrPrefix("say ".to_owned(), rest));
    let words = b.text("words");
    let say_words = b.pat(Pat::StrPrefix("say more ".to_owned(), words));
    let (exact, other) = (b.text("say it"), b.wild());
    b.arm(&[say_words]).arm(&[say]).arm(&[exact]).arm(&[other]);
    check(
        &b,
        &[Ty::string()],
        expect![[r#"
        test $0
        "say it":
          arm 1 rest=$0[4..]
        "say more "…:
          test $0[9..]
          "words":
            arm 0
          else:
            arm 1 rest=$0[4..]
        "say "…:
          arm 1 rest=$0[4..]
        else:
          arm 3
        unreachable: [2]
    "#]],
    );
}

#[test]
fn structs_need_no_test() {
    let mut b = Build::new();
    let (zero, x) = (b.int(0), b.bind("x"));
    let fields = vec![b.field_pat("y", zero), b.field_pat("x", x)];
    let on_axis = b.pat(Pat::Struct { ty: b.point, fields });
    b.arm(&[on_axis]);
    check(
        &b,
        &[Ty::adt(b.point, Vec::new())],
        expect![[r#"
        test $0.1
        0:
          arm 0 x=$0.0
        else:
          fail
        missing: Point { y: 1 }
    "#]],
    );
}

#[test]
fn maps_ask_for_one_key_after_the_other() {
    let mut b = Build::new();
    let keys = ["a", "b", "a"].map(|key| b.expr(Expr::Str(key.to_owned())));
    let (one, two, v) = (b.int(1), b.int(2), b.bind("v"));
    let first = b.pat(Pat::Map(vec![(keys[0], one), (keys[1], v)]));
    let second = b.pat(Pat::Map(vec![(keys[2], two)]));
    b.arm(&[first]).arm(&[second]);
    let ty = Ty::adt(b.map, vec![Ty::string(), Ty::int()]);
    check(
        &b,
        &[ty],
        expect![[r#"
        test $0
        has Str("a"):
          test $0[Str("a")]
          1:
            test $0
            has Str("b"):
              arm 0 v=$0[Str("b")]
            else:
              fail
          2:
            arm 1
          else:
            fail
        else:
          fail
        missing: %{"a" => 1}
    "#]],
    );
}

#[test]
fn atoms_floats_and_annotations() {
    let mut b = Build::new();
    let (ok, half) = (b.pat(Pat::Atom(Name::new("ok"))), b.pat(Pat::Float(0.5)));
    let half = b.typed(half);
    let n = b.bind("n");
    b.arm(&[ok, half]).arm(&[ok, n]);
    check(
        &b,
        &[Ty::atom(), Ty::float()],
        expect![[r#"
        test $0
        :ok:
          test $1
          0.5:
            arm 0
          else:
            arm 1 n=$1
        else:
          fail
        missing: _, _
    "#]],
    );
}

#[test]
fn misfits_are_wildcards_without_a_report() {
    let mut b = Build::new();
    let (text, n) = (b.text("a"), b.bind("n"));
    b.arm(&[text]).arm(&[n]);
    check(
        &b,
        &[Ty::int()],
        expect![[r#"
        arm 0
    "#]],
    );
    check(
        &b,
        &[Ty::error()],
        expect![[r#"
        arm 0
    "#]],
    );
}

#[test]
fn no_arms() {
    check(
        &Build::new(),
        &[Ty::int()],
        expect![[r#"
        fail
        missing: _
    "#]],
    );
}

/// A match of `columns` values of a type with 30 variants; each row names one variant in one column.
fn wide(columns: usize) -> (Build, Vec<Ty>) {
    let mut b = Build::new();
    let names: Vec<String> = (0..30).map(|n| format!("V{n}")).collect();
    let variants: Vec<(&str, &[Ty])> = names.iter().map(|name| (name.as_str(), &[][..])).collect();
    let ty = b.sum("Wide", &variants);
    for name in &names {
        for column in 0..columns {
            let row: Vec<PatId> =
                (0..columns).map(|c| if c == column { b.ctor(ty, name, &[]) } else { b.wild() }).collect();
            b.arm(&row);
        }
    }
    (b, vec![Ty::adt(ty, Vec::new()); columns])
}

#[test]
fn wide_matches_are_bounded() {
    let start = Instant::now();
    let (b, tys) = wide(4);
    let outcome = b.compile(&tys);
    assert!(outcome.too_big || outcome.missing.is_none());
    let (b, tys) = wide(2);
    assert!(!b.compile(&tys).too_big);
    assert!(start.elapsed() < Duration::from_secs(5), "took {:?}", start.elapsed());
}

#[test]
fn long_chains_are_bounded() {
    let mut b = Build::new();
    for _ in 0..5000 {
        let n = b.bind("n");
        b.guarded(&[n]);
    }
    assert!(b.compile(&[Ty::int()]).too_big);
}

#[test]
fn many_literals_are_one_test() {
    let mut b = Build::new();
    for n in 0..1000 {
        let n = b.int(n);
        b.arm(&[n]);
    }
    assert_eq!(b.compile(&[Ty::int()]).missing.as_deref(), Some("1000"));
}

/// Each literal of the first value would go on with all rows of the second.
#[test]
fn a_test_that_would_repeat_too_many_rows_is_not_made() {
    let mut b = Build::new();
    for first in 0..2000 {
        let (first, any) = (b.int(first), b.wild());
        b.guarded(&[first, any]);
    }
    for second in 0..2000 {
        let (any, second) = (b.wild(), b.int(second));
        b.arm(&[any, second]);
    }
    assert!(b.compile(&[Ty::int(), Ty::int()]).too_big);
}

#[test]
fn texts_with_prefixes_keep_their_order() {
    let mut b = Build::new();
    let rest = b.wild();
    let prefix = b.pat(Pat::StrPrefix("b".to_owned(), rest));
    let (later, other, any) = (b.text("bz"), b.text("a"), b.wild());
    b.arm(&[later]).arm(&[prefix]).arm(&[other]).arm(&[any]);
    check(
        &b,
        &[Ty::string()],
        expect![[r#"
        test $0
        "bz":
          arm 0
        "a":
          arm 2
        "b"…:
          arm 1
        else:
          arm 3
    "#]],
    );
}
