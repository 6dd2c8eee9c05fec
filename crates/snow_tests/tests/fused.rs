//! Do the stages of a lazy pipeline become one loop? What the optimised program calls from a pipeline on makes nothing:
//! no closure, no sequence, no list but the one cell that the sum stands in.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use snow_tests::exec::{LIMIT, run, snow, snow_binary};

/// The bodies of the functions of an optimised program's MIR, by symbol.
fn functions(program: &str) -> BTreeMap<String, String> {
    let binary = snow_binary().unwrap_or_else(|e| panic!("{e}"));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.snow"), program).unwrap();
    let args = ["build", "--release", "--emit=mir:unpack", "main.snow"];
    let text = run(&mut snow(&binary, folder.path(), args), LIMIT).unwrap().stdout;
    let mut found = BTreeMap::new();
    for part in text.split("\nfn ").skip(1) {
        let (symbol, rest) = part.split_once('(').unwrap();
        found.insert(symbol.to_owned(), rest.split("\n}").next().unwrap().to_owned());
    }
    found
}

/// The symbols that a body calls.
fn called(body: &str) -> impl Iterator<Item = &str> {
    body.split("call ").skip(1).filter_map(|rest| rest.split_once('(')).map(|(symbol, _)| symbol)
}

/// Checks the functions that `total` calls, directly or not.
fn check(program: &str) {
    let all = functions(program);
    let start = all.keys().find(|symbol| symbol.starts_with("total#")).unwrap();
    let mut seen = BTreeSet::new();
    let mut todo = vec![start.as_str()];
    let mut cells = 0;
    while let Some(symbol) = todo.pop() {
        if !seen.insert(symbol) {
            continue;
        }
        let body = all.get(symbol).unwrap_or_else(|| panic!("`{symbol}` is no function of the program"));
        assert!(!body.contains("= closure "), "{symbol} makes a closure:\n{body}");
        assert!(!body.contains("= make "), "{symbol} makes a value:\n{body}");
        cells += body.matches("= [").count();
        todo.extend(called(body));
    }
    assert!(cells <= 1, "{cells} lists are made");
    assert!(seen.len() > 2);
}

#[test]
fn a_pipeline_over_a_range_is_one_loop() {
    check(
        "fn total(n :: Int) -> Int =\n  Iter.range(1, n) |> Iter.map(fn x -> x * 3 end) |> \
         Iter.filter(fn x -> x % 2 == 0 end) |> Iter.sum()\n\nfn main() do\n  println(total(1000))\nend\n",
    );
}

#[test]
fn a_pipeline_over_a_list_is_one_loop() {
    check(
        "fn total(xs :: List<Int>, least :: Int) -> Int =\n  Iter.from(xs) |> Iter.filter(fn x -> x > least end) |> \
         Iter.map(fn x -> x + least end) |> Iter.map(fn x -> x * x end) |> Iter.sum()\n\n\
         fn main() do\n  println(total(Range.to_list(0..1000), 7))\nend\n",
    );
}
