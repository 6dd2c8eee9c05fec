//! Prints the random program of a seed: `cargo run -p snow_tests --example generate -- 42`.

fn main() {
    let seed = std::env::args().nth(1).and_then(|seed| seed.parse().ok());
    match seed {
        Some(seed) => print!("{}", snow_tests::generate::program(seed)),
        None => eprintln!("which seed? `cargo run -p snow_tests --example generate -- 42`"),
    }
}
