//! A thousand requests a variant, over sockets, whose clients vanish at random moments.

#[path = "../examples/jobs/board.rs"]
mod board;
#[path = "../examples/vanish/experiment.rs"]
mod experiment;
#[path = "../examples/jobs/service.rs"]
mod service;

use board::Variant;

/// One test, because it counts the descriptors of the whole process.
#[test]
fn nothing_begins_for_a_client_that_has_gone() {
    println!("{}", experiment::heading());
    for variant in experiment::VARIANTS {
        let counted = experiment::run(variant, 1_000).unwrap();
        println!("{counted}");
        assert_eq!(counted.requests, 1_000);
        // Without clients that go before their answer, the counts below would mean little. Half of them do at least, where
        // the machine isn't busy.
        assert!(counted.gone > 100, "{counted}");
        let [after, before] = counted.tasks;
        assert_eq!(after, before, "{counted}");
        let [after, before] = counted.descriptors;
        assert_eq!(after, before, "{counted}");
        match variant {
            Variant::Ignored => assert!(counted.begun_after > 100, "{counted}"),
            _ => assert_eq!(counted.begun_after, 0, "{counted}"),
        }
    }
}
