//! Cleaning up: a value's `Drop`.

use std::sync::Mutex;

// ANCHOR: total
/// Adds up the balances, and holds one lock at a time.
pub fn total<'a>(accounts: impl IntoIterator<Item = &'a Mutex<u64>>) -> u64 {
    let mut total = 0;
    for account in accounts {
        let balance = account.lock().unwrap();
        total += *balance;
    } // drops the guard `balance`, which releases the lock
    total
}
// ANCHOR_END: total
