//! Wrong answers to `sse2`.

use super::sse2;
use crate::answer::answers;

answers! {
    "More than one outcome is missing. This execution has one of them: work out what it returns.":
    no_event_after_leaving = sse2(|| vec![(0, 0), (1, 1), (2, 2)]);

    "One outcome is missing. This execution has it: work out what it returns.":
    no_leaving_between_the_broadcasts = sse2(|| vec![(0, 0), (2, 2), (0, 1), (1, 2)]);

    "Your list has (0, 2), but no execution ends that way: if the second broadcast copies the list before the client \
     leaves, the first event has already been sent by then.":
    two_events_after_leaving = sse2(|| vec![(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]);

    "Your list has (1, 0), but no execution ends that way: the client keeps every event that it has received.":
    events_that_are_taken_back = sse2(|| vec![(0, 0), (1, 0), (2, 2)]);

    "Your list has (2, 3), but no execution ends that way: only two events are broadcast.":
    three_events = sse2(|| vec![(0, 0), (2, 2), (2, 3)]);
}
