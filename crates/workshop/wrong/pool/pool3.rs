//! Wrong answers to `pool3`, and a right one that uses std's types.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;

use super::{Work, pool3};
use crate::answer::answers;

/// Spawns the work on an item.
fn start(tasks: &mut JoinSet<()>, work: &Work, number: usize, ms: u64) {
    let work = work.clone();
    tasks.spawn(async move { work.on(number, ms).await });
}

answers! {
    "A slot stays empty while there are items left. The next item should start as soon as any slot is free.":
    shares_dealt_out_in_advance = pool3(async |items, limit, work| {
        let mut workers = JoinSet::new();
        for worker in 0..limit {
            let mine = (1..).zip(items.clone()).skip(worker).step_by(limit);
            let work = work.clone();
            workers.spawn(async move {
                for (number, ms) in mine {
                    work.on(number, ms).await;
                }
            });
        }
        workers.join_all().await;
    });

    "5 items are in flight at once, but the limit is 2. If you use permits, each has to live until its item is done: \
     `let _ = …` drops it at once, and so does the end of the block that acquires it.":
    no_limit = pool3(async |items, _, work| {
        let mut tasks = JoinSet::new();
        for (number, ms) in (1..).zip(items) {
            start(&mut tasks, &work, number, ms);
        }
        tasks.join_all().await;
    });
    #[expect(let_underscore_drop)]
    a_permit_without_a_name = pool3(async |items, limit, work| {
        let permits = Arc::new(Semaphore::new(limit));
        let mut tasks = JoinSet::new();
        for (number, ms) in (1..).zip(items) {
            let (permits, work) = (permits.clone(), work.clone());
            tasks.spawn(async move {
                let _ = permits.acquire().await.unwrap();
                work.on(number, ms).await;
            });
        }
        tasks.join_all().await;
    });
    a_permit_that_stays_behind = pool3(async |items, limit, work| {
        let permits = Semaphore::new(limit);
        let mut tasks = JoinSet::new();
        for (number, ms) in (1..).zip(items) {
            let _permit = permits.acquire().await.unwrap();
            start(&mut tasks, &work, number, ms);
        }
        tasks.join_all().await;
    });

    "At most 1 of the 2 slots is ever in use.":
    one_at_a_time = pool3(async |items, _, work| {
        for (number, ms) in (1..).zip(items) {
            work.on(number, ms).await;
        }
    });

    "Item 1 starts but doesn't finish: `run` returns without waiting for it.":
    tasks_that_are_left_behind = pool3(async |items, limit, work| {
        let mut tasks = JoinSet::new();
        for (number, ms) in (1..).zip(items) {
            if tasks.len() == limit {
                tasks.join_next().await;
            }
            start(&mut tasks, &work, number, ms);
            yield_now().await;
        }
    });

    "Almost: a free slot stays empty for a few milliseconds, as if something checked it only now and then. Wait for \
     the slot, not for the clock.":
    a_poll_every_7_ms = pool3(async |items, limit, work| {
        let mut tasks = JoinSet::new();
        for (number, ms) in (1..).zip(items) {
            while tasks.len() == limit {
                sleep(Duration::from_millis(7)).await;
                tasks.try_join_next();
            }
            start(&mut tasks, &work, number, ms);
        }
        tasks.join_all().await;
    });

    "A loop never ends. Time is virtual: it stands still while any task is running, even if the task only yields.":
    a_poll_without_a_pause = pool3(async |items, limit, work| {
        let mut tasks = JoinSet::new();
        for (number, ms) in (1..).zip(items) {
            while tasks.len() == limit {
                tasks.try_join_next();
                yield_now().await;
            }
            start(&mut tasks, &work, number, ms);
        }
        tasks.join_all().await;
    });

    "Item 1 took 100 ms but should take 400.":
    work_cut_short = pool3(async |items, _, work| {
        for (number, ms) in (1..).zip(items) {
            work.on(number, ms.min(100)).await;
        }
    });

    "There is an item 0 here, but items are numbered from 1.":
    items_from_0 = pool3(async |items, limit, work| {
        let mut tasks = JoinSet::new();
        for (number, ms) in items.into_iter().enumerate() {
            if tasks.len() == limit {
                tasks.join_next().await;
            }
            start(&mut tasks, &work, number, ms);
        }
        tasks.join_all().await;
    });

    "Nothing works on item 1.":
    nothing_at_all = pool3(async |_, _, _| {});

    "There is no result. Look for a loop that never ends, or for something that waits in real time.":
    a_loop_without_an_end = pool3(async |_, _, _| while std::hint::black_box(true) {});

    "It waits for something that never happens: after a day of virtual time, it still hasn't returned.":
    a_wait_for_nobody = pool3(async |_, _, _| Notify::new().notified().await);

    "This works for those five items, but not for these seven, three at a time. At most 2 of the 3 slots are ever in \
     use.":
    made_for_the_five_items = pool3(async |items, _, work| {
        let others = async {
            for (number, ms) in (2..).zip(&items[1..]) {
                work.on(number, *ms).await;
            }
        };
        tokio::join!(work.on(1, items[0]), others);
    });

    "`workshop::sync` is for code that is explored. This code runs in virtual time: use `std::sync` or `tokio::sync`.":
    the_types_of_the_explorer = pool3(async |_, limit, _| {
        let free = workshop::sync::atomic::AtomicUsize::new(limit);
        free.fetch_sub(1, SeqCst);
    });

    "✓ Five items, two at a time: 400 ms. Seven items, three at a time: 400 ms.":
    /// Nothing is explored here, so what isn't allowed elsewhere is right.
    std_s_atomics_are_right = pool3(async |items, limit, work| {
        let next = Arc::new(AtomicUsize::new(0));
        let items = Arc::new(items);
        let mut workers = JoinSet::new();
        for _ in 0..limit {
            let (next, items, work) = (next.clone(), items.clone(), work.clone());
            workers.spawn(async move {
                while let Some(ms) = items.get(next.load(SeqCst)) {
                    work.on(next.fetch_add(1, SeqCst) + 1, *ms).await;
                }
            });
        }
        workers.join_all().await;
    });
}
