//! Ten thousand tasks in a ring; a number goes round for a million hops.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const TASKS: usize = 10_000;
const HOPS: i64 = 1_000_000;

async fn node(mut own: UnboundedReceiver<i64>, next: UnboundedSender<i64>, main: UnboundedSender<i64>) {
    while let Some(n) = own.recv().await {
        let to = if n >= HOPS { &main } else { &next };
        let _gone = to.send(if n >= HOPS { n } else { n + 1 });
    }
}

#[tokio::main]
async fn main() {
    let (to_main, mut main) = unbounded_channel();
    let (first, first_receiver) = unbounded_channel();
    let mut next = first.clone();
    for _ in 1..TASKS {
        let (sender, receiver) = unbounded_channel();
        tokio::spawn(node(receiver, next, to_main.clone()));
        next = sender;
    }
    tokio::spawn(node(first_receiver, next, to_main));
    let _gone = first.send(0);
    println!("{}", main.recv().await.unwrap_or(0));
}
