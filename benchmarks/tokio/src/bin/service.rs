//! Two million calls of one task, one after the other, each answered through a channel of its own.

use tokio::sync::{mpsc, oneshot};

async fn run() {
    let (calls, mut requests) = mpsc::unbounded_channel::<(i64, oneshot::Sender<i64>)>();
    tokio::spawn(async move {
        let mut state = 0;
        while let Some((amount, reply)) = requests.recv().await {
            state += amount;
            let _gone = reply.send(state);
        }
    });
    let mut last = 0;
    for _ in 0..2_000_000 {
        let (reply, answer) = oneshot::channel();
        let _gone = calls.send((1, reply));
        last = answer.await.unwrap_or(0);
    }
    println!("{last}");
}

#[tokio::main]
async fn main() {
    // Both are tasks: what `main` itself runs isn't one.
    let _ended = tokio::spawn(run()).await;
}
