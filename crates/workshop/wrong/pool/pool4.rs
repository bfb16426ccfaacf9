//! Wrong answers to `pool4`.

use std::collections::VecDeque;

use workshop::Verdict;
use workshop::sync::{Condvar, Mutex, MutexGuard};

use super::pool4;
use crate::answer::answers;

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    items: VecDeque<u32>,
    closed: bool,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

/// A right `push`, `pop` and `close`, for answers that get only one of them wrong.
fn push(queue: &Queue, item: u32) {
    queue.state.lock().unwrap().items.push_back(item);
    queue.changed.notify_one();
}

fn pop(queue: &Queue) -> Option<u32> {
    let state = queue.state.lock().unwrap();
    let nothing = |state: &mut State| state.items.is_empty() && !state.closed;
    let mut state = queue.changed.wait_while(state, nothing).unwrap();
    state.items.pop_front()
}

fn close(queue: &Queue) {
    queue.state.lock().unwrap().closed = true;
    queue.changed.notify_all();
}

fn with_push(push: fn(&Queue, u32)) -> Verdict {
    pool4(Queue::default, push, pop, close)
}

fn with_pop(pop: fn(&Queue) -> Option<u32>) -> Verdict {
    pool4(Queue::default, push, pop, close)
}

fn with_close(close: fn(&Queue)) -> Verdict {
    pool4(Queue::default, push, pop, close)
}

answers! {
    "A thread waits forever: nothing notifies it after the last change.":
    a_silent_push = with_push(|queue, item| queue.state().items.push_back(item));
    a_silent_close = with_close(|queue| queue.state().closed = true);

    "One thread is woken and another keeps waiting. A change that concerns every waiting thread has to wake them all.":
    a_close_that_wakes_one = with_close(|queue| {
        queue.state().closed = true;
        queue.changed.notify_one();
    });

    "Every order fails, even the one in which the sender finishes before the worker starts: the worker keeps waiting \
     after the item was pushed and the queue was closed.":
    a_close_that_closes_nothing = with_close(|queue| queue.changed.notify_all());
    a_wait_for_items_alone = with_pop(|queue| {
        let mut state = queue.state();
        while state.items.is_empty() {
            state = queue.changed.wait(state).unwrap();
        }
        state.items.pop_front()
    });

    "The item was pushed before the queue was closed, but the worker never gets it. A closed queue still hands out \
     what is in it.":
    a_close_that_clears = with_close(|queue| {
        let mut state = queue.state();
        state.closed = true;
        state.items.clear();
        queue.changed.notify_all();
    });
    nothing_once_it_is_closed = with_pop(|queue| {
        let mut state = queue.state();
        loop {
            if state.closed {
                return None;
            }
            if let Some(item) = state.items.pop_front() {
                return Some(item);
            }
            state = queue.changed.wait(state).unwrap();
        }
    });

    "`pop` returns `None` although the queue isn't closed yet and the item is still to come.":
    no_wait_at_all = with_pop(|queue| queue.state().items.pop_front());

    "Every order fails: `pop` waits when there is an item, and doesn't wait when there is none. `wait_while` waits as \
     long as its condition is true.":
    an_inverted_condition = with_pop(|queue| {
        let there = |state: &mut State| !state.items.is_empty() || state.closed;
        let state = queue.changed.wait_while(queue.state(), there);
        state.unwrap().items.pop_front()
    });

    "The notification comes before the thread waits, so it wakes nobody. Either something changes between the check \
     and the wait, or the check misses what has changed.":
    a_check_outside_the_lock = with_pop(|queue| {
        let nothing = || {
            let state = queue.state();
            state.items.is_empty() && !state.closed
        };
        while nothing() {
            let _woken = queue.changed.wait(queue.state()).unwrap();
        }
        queue.state().items.pop_front()
    });

    "`pop` returns `None` although nothing closes the queue. Waking up doesn't mean that there is an item: it may \
     have been popped already.":
    a_single_check = with_pop(|queue| {
        let mut state = queue.state();
        if state.items.is_empty() && !state.closed {
            state = queue.changed.wait(state).unwrap();
        }
        state.items.pop_front()
    });

    "Both items were pushed before the worker starts, and it still waits for one: an item is lost.":
    a_push_into_an_empty_queue_only = with_push(|queue, item| {
        let mut state = queue.state();
        if state.items.is_empty() {
            state.items.push_back(item);
        }
        queue.changed.notify_all();
    });

    "8 was pushed first, but 9 is popped first. The queue should be first in, first out.":
    the_last_item_first = with_push(|queue, item| {
        queue.state().items.push_front(item);
        queue.changed.notify_one();
    });

    "The same item is popped twice.":
    an_item_popped_twice = with_pop(|queue| {
        let mut state = queue.state();
        while state.items.is_empty() && !state.closed {
            state = queue.changed.wait(state).unwrap();
        }
        state.items.front().copied()
    });

    "Everything has stopped: a thread is waiting for something that the explorer can't see, or a loop never ends. Use \
     the types from `workshop::sync`, not those from `std::sync`.":
    std_s_condition_variable = pool4(
        || (std::sync::Mutex::new(VecDeque::new()), std::sync::Condvar::new()),
        |(items, changed), item| {
            items.lock().unwrap().push_back(Some(item));
            changed.notify_one();
        },
        |(items, changed)| {
            let items = items.lock().unwrap();
            let mut items = changed.wait_while(items, |items| items.is_empty()).unwrap();
            items.pop_front().flatten()
        },
        |(items, changed)| {
            items.lock().unwrap().extend([None, None]);
            changed.notify_all();
        },
    );
}
