//! Wrong answers to `atomics2`.

use super::atomics2;
use crate::answer::answers;

answers! {
    "More than one outcome is missing. This execution has one of them: work out what it returns.":
    the_starter = atomics2(|| vec![(0, 0), (1, 1)]);

    "One outcome is missing, and no order of the steps explains it. A read is stale here: it returns a value that has \
     already been overwritten. Work out what the execution returns.":
    every_order_and_no_stale_read = atomics2(|| vec![(0, 0), (1, 0), (1, 1)]);

    "Your list has (2, 1), but no execution ends that way: the server counts only one request and one answer.":
    two_requests = atomics2(|| vec![(0, 0), (1, 1), (2, 1)]);
}
