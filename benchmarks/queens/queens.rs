//! All ways to place 10 queens, 50 times, with linked lists that share their tails.

use std::rc::Rc;

struct Queen {
    column: i64,
    rest: Queens,
}

type Queens = Option<Rc<Queen>>;

fn safe(mut queens: &Queens, column: i64) -> bool {
    let mut distance = 1;
    while let Some(q) = queens {
        if q.column == column || q.column == column + distance || q.column == column - distance {
            return false;
        }
        queens = &q.rest;
        distance += 1;
    }
    true
}

fn place(queens: &Queens, rows: i64, n: i64) -> i64 {
    if rows == 0 {
        return 1;
    }
    (0..n)
        .filter(|column| safe(queens, *column))
        .map(|column| place(&Some(Rc::new(Queen { column, rest: queens.clone() })), rows - 1, n))
        .sum()
}

fn main() {
    println!("{}", (0..50).map(|_| place(&None, 10, 10)).sum::<i64>());
}
