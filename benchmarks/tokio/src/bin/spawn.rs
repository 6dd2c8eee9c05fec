//! A million tasks: each takes one message, answers, and ends.

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

const TASKS: i64 = 1_000_000;

fn start(to: UnboundedSender<i64>, n: i64) {
    let (sender, mut receiver) = unbounded_channel::<(UnboundedSender<i64>, i64)>();
    tokio::spawn(async move {
        if let Some((from, n)) = receiver.recv().await {
            let _gone = from.send(n);
        }
    });
    let _gone = sender.send((to, n));
}

#[tokio::main]
async fn main() {
    let (sender, mut receiver) = unbounded_channel();
    for n in 0..TASKS {
        start(sender.clone(), n);
    }
    let mut total = 0;
    for _ in 0..TASKS {
        total += receiver.recv().await.unwrap_or(0);
    }
    println!("{total}");
}
