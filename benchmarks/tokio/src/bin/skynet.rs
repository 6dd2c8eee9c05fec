//! A tree of tasks, ten children each, a million leaves: the sum of the leaves' numbers.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

fn node(parent: UnboundedSender<i64>, number: i64, size: i64) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        if size == 1 {
            let _gone = parent.send(number);
            return;
        }
        let (sender, mut receiver) = unbounded_channel();
        for i in 0..10 {
            tokio::spawn(node(sender.clone(), number + i * (size / 10), size / 10));
        }
        let mut total = 0;
        for _ in 0..10 {
            total += receiver.recv().await.unwrap_or(0);
        }
        let _gone = parent.send(total);
    })
}

#[tokio::main]
async fn main() {
    let (sender, mut receiver) = unbounded_channel();
    tokio::spawn(node(sender, 0, 1_000_000));
    println!("{}", receiver.recv().await.unwrap_or(0));
}
