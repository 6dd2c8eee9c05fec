//! Elements pushed one by one.

fn main() {
    let mut xs = Vec::new();
    for i in 0..1_000_000i64 {
        xs.push(i);
    }
    println!("{}", xs.iter().sum::<i64>());
}
