//! What a batch size of 0 does, with the loop stopped after a few batches, and how the limit's type rules it out.

use std::num::NonZeroUsize;
use std::ops::Range;

use diagram::assert_snapshot;
use futures::FutureExt;
use pool::endless_batches::split;
use tokio::task::JoinSet;

const ITEMS: usize = 5;

fn words(batch: Range<usize>) -> String {
    if batch.is_empty() {
        "no items".to_owned()
    } else {
        format!("items {} to {}", batch.start + 1, batch.end)
    }
}

#[test]
fn batches_of_3_finish_and_batches_of_0_do_not() {
    // The bound: without it the batches of 0 would never end.
    const BATCHES: usize = 6;
    let column = |size| -> Vec<String> {
        let mut lines: Vec<String> = split(ITEMS, size).take(BATCHES).map(words).collect();
        if lines.len() < BATCHES {
            lines.push("finished".to_owned());
        }
        lines
    };
    let (of_3, of_0) = (column(3), column(0));
    assert_eq!(of_3.len(), 3);
    assert_eq!(of_0.len(), BATCHES);

    let mut table = format!("{ITEMS} items     batch size 3    batch size 0\n");
    for (index, of_0) in of_0.iter().enumerate() {
        let of_3 = of_3.get(index).map_or("", String::as_str);
        table += &format!("batch {}     {of_3:<14}  {of_0}\n", index + 1);
    }
    table += &format!("Stopped by the test after {BATCHES} batches\n");
    assert_snapshot!("endless-batches", table);
}

/// Awaiting an empty batch never waits, so a loop over empty batches can't be stopped from outside.
#[test]
fn a_thousand_empty_batches_never_yield() {
    let batches = async {
        // The bound: without it the test would never finish.
        for batch in split(ITEMS, 0).take(1_000) {
            let mut tasks = JoinSet::new();
            for index in batch {
                tasks.spawn(async move { index });
            }
            tasks.join_all().await;
        }
    };
    assert_eq!(batches.now_or_never(), Some(()));
}

// ANCHOR: setting
#[test]
fn a_limit_of_0_is_an_error_where_the_setting_is_read() {
    let limit = |setting: &str| setting.parse::<NonZeroUsize>();

    assert_eq!(limit("5").unwrap().get(), 5);
    for (setting, message) in [
        ("0", "number would be zero for non-zero type"),
        ("", "cannot parse integer from empty string"),
        ("five", "invalid digit found in string"),
    ] {
        assert_eq!(limit(setting).unwrap_err().to_string(), message);
    }
}
// ANCHOR_END: setting
