//! Wrong answers to `pool2`.

use super::pool2;
use crate::answer::answers;

answers! {
    "More than one outcome is missing. This execution has one of them: work out what it returns.":
    the_starter = pool2(|| vec![(1, 2, 3)]);
    an_empty_list = pool2(Vec::new);
    claims_that_never_overlap = pool2(|| vec![(1, 2, 3), (2, 1, 3), (3, 1, 2)]);

    "One outcome is missing. This execution has it: work out what it returns.":
    all_but_one = pool2(|| vec![(1, 2, 3), (2, 1, 3), (3, 1, 2), (1, 1, 2)]);

    "Your list has (0, 1, 2), but no execution ends that way: items start at 1, and there are only three claims.":
    items_from_0 = pool2(|| vec![(0, 1, 2)]);

    "Your list has (1, 3, 2), but no execution ends that way: worker 2 stores a higher number in its first claim, and \
     never loads an older one after that.":
    a_second_claim_below_the_first = pool2(|| vec![(1, 2, 3), (1, 3, 2)]);

    "Your list has (1, 1, 3), but no execution ends that way: to claim 3, a worker has to load 3, which only a claim \
     of 2 stores.":
    an_item_that_nobody_stored = pool2(|| vec![(1, 2, 3), (1, 1, 3)]);

    "Your list has (2, 2, 3), but no execution ends that way: to claim 2, a worker has to load 2, which only a claim \
     of 1 stores.":
    a_first_claim_of_2_that_nobody_stored = pool2(|| vec![(1, 2, 3), (2, 2, 3)]);
}
