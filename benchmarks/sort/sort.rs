//! Five vectors of a million random Ints, sorted by a stable sort.

fn main() {
    let n = 1_000_000;
    let mut x: i64 = 42;
    for _ in 0..5 {
        let mut xs = Vec::new();
        for _ in 0..n {
            xs.push(x);
            x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
        }
        xs.sort();
        println!("{} {} {}", xs[0], xs[n / 2], xs[n - 1]);
    }
}
