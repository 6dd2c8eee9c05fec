//! Two tasks, five million messages between them.

use tokio::sync::mpsc::unbounded_channel;

async fn run() {
    let (to_echo, mut echo) = unbounded_channel::<i64>();
    let (to_main, mut main) = unbounded_channel::<i64>();
    tokio::spawn(async move {
        while let Some(k) = echo.recv().await {
            let _gone = to_main.send(k + 1);
        }
    });
    let mut k = 0;
    while k < 2_500_000 {
        let _gone = to_echo.send(k);
        k = main.recv().await.unwrap_or(i64::MAX);
    }
    println!("{k}");
}

#[tokio::main]
async fn main() {
    // Both are tasks: what `main` itself runs isn't one.
    let _ended = tokio::spawn(run()).await;
}
