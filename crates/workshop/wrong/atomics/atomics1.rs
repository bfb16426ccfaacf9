//! Wrong answers to `atomics1`, and right ones that order more than they have to.

use workshop::Verdict;
use workshop::sync::atomic::{AtomicBool, AtomicU64, Ordering::*, fence};

use super::atomics1;
use crate::answer::answers;

#[derive(Default)]
struct Slot {
    value: AtomicU64,
    ready: AtomicBool,
}

fn slot(publish: fn(&Slot, u64), get: fn(&Slot) -> Option<u64>) -> Verdict {
    atomics1(Slot::default, publish, get)
}

/// The exercise with these orderings: of the value's store and load, then of the flag's.
macro_rules! orderings {
    ($stored:expr, $loaded:expr, $raised:expr, $checked:expr) => {
        slot(
            |slot, value| {
                slot.value.store(value, $stored);
                slot.ready.store(true, $raised);
            },
            |slot| slot.ready.load($checked).then(|| slot.value.load($loaded)),
        )
    };
}

answers! {
    "The reader sees the flag and then an old value: nothing orders the two.":
    the_starter = orderings!(Relaxed, Relaxed, Relaxed, Relaxed);

    "Only one side of the flag has an ordering. It takes two: the reader has to acquire what the writer releases.":
    release_alone = orderings!(Relaxed, Relaxed, Release, Relaxed);
    acquire_alone = orderings!(Relaxed, Relaxed, Relaxed, Acquire);
    a_fence_alone = slot(
        |slot, value| {
            slot.value.store(value, Relaxed);
            fence(Release);
            slot.ready.store(true, Relaxed);
        },
        |slot| slot.ready.load(Relaxed).then(|| slot.value.load(Relaxed)),
    );

    "The orderings are on the value, and the flag has none. The reader checks the flag first, so it is the flag that \
     has to publish the value.":
    orderings_on_the_value = orderings!(Release, Acquire, Relaxed, Relaxed);

    "✓ Explored 3 executions, none fails (every order). Weaker orderings are enough: the operations on the value can \
     be `Relaxed`, and nothing needs `SeqCst`.":
    seqcst_everywhere_is_right = orderings!(SeqCst, SeqCst, SeqCst, SeqCst);

    "✓ Explored 4 executions, none fails (every order). Weaker orderings are enough: the operations on the value can \
     be `Relaxed`, and nothing needs `SeqCst`.":
    orderings_everywhere_are_right = orderings!(Release, Acquire, Release, Acquire);

    "The reader reads the value before it checks the flag, so the value can be older than the flag.":
    the_value_before_the_check = slot(
        |slot, value| {
            slot.value.store(value, Relaxed);
            slot.ready.store(true, Release);
        },
        |slot| {
            let value = slot.value.load(Relaxed);
            slot.ready.load(Acquire).then_some(value)
        },
    );

    "The reader never gets the value, in any order. Once the flag is up, `get` has to return it.":
    a_flag_that_is_not_raised = slot(
        |slot, value| {
            slot.value.store(value, Relaxed);
            slot.ready.store(false, Release);
        },
        |slot| slot.ready.load(Acquire).then(|| slot.value.load(Relaxed)),
    );

    "A loop ran for 1,000 operations and would go on forever. To wait for another thread, block. To retry a \
     `compare_exchange`, expect the value that the failed one returned, and stop once one succeeds.":
    a_get_that_waits = slot(
        |slot, value| {
            slot.value.store(value, Relaxed);
            slot.ready.store(true, Release);
        },
        |slot| {
            while !slot.ready.load(Acquire) {}
            Some(slot.value.load(Relaxed))
        },
    );

    "Here 17 is published, and the reader gets something else. Does `get` read the value?":
    the_value_as_a_constant = slot(
        |slot, _| slot.ready.store(true, Relaxed),
        |slot| slot.ready.load(Relaxed).then_some(42),
    );

    "✓ Explored 11 executions, none fails (every order).":
    fences_are_right = slot(
        |slot, value| {
            slot.value.store(value, Relaxed);
            fence(Release);
            slot.ready.store(true, Relaxed);
        },
        |slot| {
            let ready = slot.ready.load(Relaxed);
            fence(Acquire);
            ready.then(|| slot.value.load(Relaxed))
        },
    );

    "Here 0 is published, and the reader never gets it. Does `get` check the flag?":
    a_value_in_place_of_the_flag = slot(
        |slot, value| slot.value.store(value, Relaxed),
        |slot| Some(slot.value.load(Relaxed)).filter(|value| *value > 0),
    );

    "The writer raises the flag before it stores the value.":
    the_flag_first = slot(
        |slot, value| {
            slot.ready.store(true, Release);
            slot.value.store(value, Release);
        },
        |slot| slot.ready.load(Acquire).then(|| slot.value.load(Acquire)),
    );
}
