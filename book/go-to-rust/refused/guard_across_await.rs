use std::sync::{Arc, Mutex};

async fn add(total: Arc<Mutex<u64>>) {
    let mut total = total.lock().unwrap();
    tokio::task::yield_now().await;
    *total += 1;
}

fn main() {
    tokio::spawn(add(Arc::default())); // error: the future can't be sent between threads
}
