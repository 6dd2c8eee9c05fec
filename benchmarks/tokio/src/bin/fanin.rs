//! A hundred tasks send a hundred thousand messages each to one.

use tokio::sync::mpsc::unbounded_channel;

#[tokio::main]
async fn main() {
    let (sender, mut receiver) = unbounded_channel::<i64>();
    for _ in 0..100 {
        let sender = sender.clone();
        tokio::spawn(async move {
            for n in (1..=100_000).rev() {
                let _gone = sender.send(n);
            }
        });
    }
    drop(sender);
    let collector = tokio::spawn(async move {
        let mut total = 0;
        while let Some(n) = receiver.recv().await {
            total += n;
        }
        total
    });
    println!("{}", collector.await.unwrap_or(0));
}
