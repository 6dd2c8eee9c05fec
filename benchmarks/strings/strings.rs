//! A text of 10 MB put together from a million pieces, then split into words that are counted.

use std::collections::HashMap;

const PIECES: [&str; 8] = [
    "snowflake ", "avalanche ", "blizzards ", "icicle-ab ", "glaciers- ", "snowdrift ", "toboggans ", "frostbite ",
];

fn main() {
    let mut text = String::new();
    for i in 0..1_000_000 {
        text.push_str(PIECES[i * i % 7]);
    }
    println!("{}", text.len());
    let words: Vec<&str> = text.split(' ').collect();
    println!("{}", words.len());
    let mut counts = HashMap::new();
    for word in words {
        *counts.entry(word).or_insert(0) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort();
    for (word, n) in counts {
        println!("{word}: {n}");
    }
}
