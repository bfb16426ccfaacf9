//! Wing and Gong's search: tries the calls of a history in every order that keeps calls that don't overlap in theirs.

use std::collections::BTreeSet;

use crate::sequential::{Answer, Operation, Sequential};

/// A call, its answer, and the ticks of the clock around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Called {
    pub(crate) operation: Operation,
    pub(crate) answer: Answer,
    pub(crate) called: u32,
    pub(crate) returned: u32,
}

/// Returns whether the sequential memo gives all these answers in some order. At most 32 calls.
pub(crate) fn explains(history: &[Called]) -> bool {
    assert!(history.len() <= 32, "the calls that are done fill a u32");
    let all = (0..history.len()).fold(0, |done, call| done | 1 << call);
    // What was tried: the calls that are done, and the state after them (Lowe's improvement of the search).
    let mut tried = BTreeSet::new();
    let mut open = vec![(0_u32, Sequential::default())];
    while let Some((done, state)) = open.pop() {
        if done == all {
            return true;
        }
        let pending = || (0..history.len()).filter(|call| done & 1 << call == 0);
        // A call comes next only if no other pending call had returned before it was made.
        let first_return = pending().map(|call| history[call].returned).min();
        for call in pending() {
            let Called {
                operation,
                answer,
                called,
                ..
            } = history[call];
            if Some(called) > first_return {
                continue;
            }
            if let Some(next) = state.after(operation, answer) {
                let next = (done | 1 << call, next);
                if tried.insert(next) {
                    open.push(next);
                }
            }
        }
    }
    false
}
