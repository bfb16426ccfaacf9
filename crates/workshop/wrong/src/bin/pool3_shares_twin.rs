//! Rejected: A place stays empty while there are items left

use workshop::pool::Work;

async fn run(items: Vec<u64>, limit: usize, work: Work) {
    assert_eq!(limit, 2);
    let odd = async {
        for number in [1, 3, 5] {
            work.on(number, items[number - 1]).await;
        }
    };
    let even = async {
        for number in [2, 4] {
            work.on(number, items[number - 1]).await;
        }
    };
    tokio::join!(odd, even);
}

fn main() {
    workshop::pool::pool3(run)
}
