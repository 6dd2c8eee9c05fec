//! A hash map of a million Ints: put all, look all up, update all.

use std::collections::HashMap;

fn key(i: i64) -> i64 {
    i * 7919 % 1_000_003
}

fn sum_all(m: &HashMap<i64, i64>, n: i64) -> i64 {
    (0..n).map(|i| m[&key(i)]).sum()
}

fn main() {
    let n = 1_000_000;
    let mut m = HashMap::new();
    for i in 0..n {
        m.insert(key(i), i);
    }
    println!("{}", sum_all(&m, n));
    for i in 0..n {
        *m.entry(key(i)).or_insert(0) += 1;
    }
    println!("{}\n{}", sum_all(&m, n), m.len());
}
