//! When a second request is sent, and which of the two answers counts.

use std::time::Duration;

use fan_out::hedged::Hedged;
use fan_out::{Error, Page, Part};
use tokio::time::{Instant, sleep_until};

mod services;

use services::Reply::{self, Answers, Fails, Hangs, Panics};
use services::{Services, answered, ms, page_with_cd, ready};

/// Fetches a page whose CD service has these replies, with a second request after 320 ms. Returns the page, the time
/// that it took in milliseconds, and the number of requests to the CD service.
async fn fetched(replies: impl Into<Vec<Reply>>) -> (Page, u64, usize) {
    let services = Services::with_cd(replies);
    let start = Instant::now();
    let hedged = Hedged { delay: ms(320) };
    let page = answered(hedged.page(&services, ms(1_000))).await;
    let took = start.elapsed().as_millis() as u64;
    assert_eq!(services.in_flight(), 0, "the other request is dropped");
    let [ci, cd, user] = services.asked();
    assert_eq!((ci, user), (1, 1));
    (page, took, cd)
}

fn failed() -> Part<String> {
    Part::Failed(Error::new("connection reset"))
}

fn panicked() -> Part<String> {
    Part::Panicked("no such field: status".to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_slow_service_is_asked_again_and_the_first_answer_wins() {
    let answered = page_with_cd(ready("CD status"));
    let again = fetched([Answers { after_ms: 900 }, Answers { after_ms: 300 }]).await;
    assert_eq!(again, (answered.clone(), 620, 2));
    let hangs = fetched([Hangs, Answers { after_ms: 300 }]).await;
    assert_eq!(hangs, (answered.clone(), 620, 2));
    let first = fetched([Answers { after_ms: 500 }, Answers { after_ms: 300 }]).await;
    assert_eq!(first, (answered, 500, 2));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_answers_in_time_is_asked_once() {
    let once = fetched([Answers { after_ms: 310 }]).await;
    assert_eq!(once, (page_with_cd(ready("CD status")), 310, 1));
    // The answer and the end of the delay at the same moment.
    let tie = fetched([Answers { after_ms: 320 }]).await;
    assert_eq!(tie, (page_with_cd(ready("CD status")), 320, 1));
}

#[tokio::test(start_paused = true)]
async fn a_failure_before_the_delay_is_not_repeated() {
    let fails = fetched([Fails { after_ms: 250 }, Answers { after_ms: 10 }]).await;
    assert_eq!(fails, (page_with_cd(failed()), 250, 1));
}

#[tokio::test(start_paused = true)]
async fn if_one_of_two_requests_fails_the_other_decides() {
    let answered = page_with_cd(ready("CD status"));
    let first = fetched([Fails { after_ms: 400 }, Answers { after_ms: 300 }]).await;
    assert_eq!(first, (answered.clone(), 620, 2));
    let second = fetched([Answers { after_ms: 700 }, Panics { after_ms: 10 }]).await;
    assert_eq!(second, (answered, 700, 2));
    let both = fetched([Panics { after_ms: 400 }, Fails { after_ms: 300 }]).await;
    assert_eq!(both, (page_with_cd(failed()), 620, 2));
    let both = fetched([Panics { after_ms: 400 }, Fails { after_ms: 10 }]).await;
    assert_eq!(both, (page_with_cd(panicked()), 400, 2));
}

#[tokio::test(start_paused = true)]
async fn two_requests_that_hang_are_late() {
    assert_eq!(fetched([Hangs]).await, (page_with_cd(Part::Late), 1_000, 2));
}

#[tokio::test(start_paused = true)]
async fn without_a_delay_every_service_that_is_not_ready_is_asked_twice() {
    let services = Services::of_the_talk();
    let hedged = Hedged {
        delay: Duration::ZERO,
    };
    let start = Instant::now();
    let page = answered(hedged.page(&services, ms(1_000))).await;
    assert_eq!(page, page_with_cd(ready("CD status")));
    assert_eq!(start.elapsed(), ms(300));
    assert_eq!((services.asked(), services.in_flight()), ([2, 2, 2], 0));
}

#[tokio::test(start_paused = true)]
async fn a_delay_longer_than_the_patience_asks_nobody_again() {
    for delay in [ms(1_001), Duration::MAX] {
        let services = Services::with_cd([Hangs]);
        let start = Instant::now();
        let page = answered(Hedged { delay }.page(&services, ms(1_000))).await;
        assert_eq!(page, page_with_cd(Part::Late));
        assert_eq!(start.elapsed(), ms(1_000));
        assert_eq!((services.asked(), services.in_flight()), ([1, 1, 1], 0));
    }
}

/// The CI and the user services answer at 200 and 150 ms, while the page waits for the CD service until 1 s.
#[tokio::test(start_paused = true)]
async fn the_other_request_is_dropped_at_the_answer_not_with_the_page() {
    let services = Services::with_cd([Hangs]);
    let hedged = Hedged { delay: ms(100) };
    let start = Instant::now();
    let in_flight = async {
        let mut in_flight = Vec::new();
        for at in [90, 140, 190, 250].map(|at_ms| start + ms(at_ms)) {
            sleep_until(at).await;
            in_flight.push(services.in_flight());
        }
        in_flight
    };
    let (page, in_flight) = tokio::join!(answered(hedged.page(&services, ms(1_000))), in_flight);
    assert_eq!(page, page_with_cd(Part::Late));
    assert_eq!(in_flight, [3, 6, 4, 2]);
}
