//! What a program costs that does nothing: its start and its end.

fn main() {
    println!("hello");
}
