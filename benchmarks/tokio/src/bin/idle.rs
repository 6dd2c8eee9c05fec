//! A million idle tasks, each with a small state; they are asked once, so that all have run.

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

const TASKS: i64 = 1_000_000;

fn start(owner: UnboundedSender<i64>, mut value: i64) -> UnboundedSender<i64> {
    let (sender, mut receiver) = unbounded_channel::<i64>();
    let name = String::from("cell");
    tokio::spawn(async move {
        while let Some(n) = receiver.recv().await {
            value += n;
            let _gone = owner.send(value);
        }
        drop(name);
    });
    sender
}

#[tokio::main]
async fn main() {
    let (owner, mut answers) = unbounded_channel();
    let cells: Vec<_> = (0..TASKS).map(|i| start(owner.clone(), i)).collect();
    for cell in &cells {
        let _gone = cell.send(1);
    }
    let mut total = 0;
    for _ in 0..TASKS {
        total += answers.recv().await.unwrap_or(0);
    }
    println!("{total}");
}
