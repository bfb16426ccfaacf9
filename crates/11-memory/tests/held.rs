//! What a future holds across an await, as a table: a test program of its own, whose allocator counts. It has no test
//! harness, because the harness's threads allocate, too.

use std::fmt::Write;
use std::future::pending;
use std::pin::Pin;

use diagram::assert_snapshot;
use futures::FutureExt;
use memory::held;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// The futures, and what each does with its buffer.
fn row<F: Future<Output = u64>>(table: &mut String, name: &str, make: impl Fn() -> F) -> usize {
    let size = size_of_val(&make());
    let before = HEAP.current_usage();
    let mut waiting: Pin<Box<F>> = Box::pin(make());
    assert!(waiting.as_mut().now_or_never().is_none(), "it waits");
    let asked = HEAP.current_usage() - before;
    writeln!(table, "{name:<36}{size:>12}{asked:>12}").unwrap();
    asked
}

fn main() {
    a_future_holds_what_lives_across_its_await();
    all_of_them_return_the_same_sum();
    println!("What the futures hold is as drawn, and all return the same sum.");
}

fn a_future_holds_what_lives_across_its_await() {
    let mut table =
        String::from("while it waits                       size_of_val    on the heap\n");
    let used_after = row(&mut table, "used_after: used after the wait", || {
        held::used_after(pending())
    });
    let in_scope = row(&mut table, "in_scope: still in scope", || {
        held::in_scope(pending())
    });
    let scoped = row(&mut table, "scoped: gone before the wait", || {
        held::scoped(pending())
    });
    let boxed = row(&mut table, "boxed: on the heap", || held::boxed(pending()));
    let rarely = row(&mut table, "rarely: in a boxed branch, not taken", || {
        held::rarely(pending(), false)
    });
    let taken = row(&mut table, "rarely: in a boxed branch, taken", || {
        held::rarely(pending(), true)
    });
    assert_snapshot!("held", table);
    assert!(used_after >= held::LENGTH && in_scope >= held::LENGTH && boxed >= held::LENGTH);
    assert!(scoped < 64 && rarely < 64 && taken >= held::LENGTH);
}

fn all_of_them_return_the_same_sum() {
    let ready = || std::future::ready(());
    let sum = Some(held::LENGTH as u64);
    assert_eq!(held::used_after(ready()).now_or_never(), sum);
    assert_eq!(held::in_scope(ready()).now_or_never(), sum);
    assert_eq!(held::scoped(ready()).now_or_never(), sum);
    assert_eq!(held::boxed(ready()).now_or_never(), sum);
    assert_eq!(held::rarely(ready(), true).now_or_never(), sum);
    assert_eq!(held::rarely(ready(), false).now_or_never(), sum);
}
