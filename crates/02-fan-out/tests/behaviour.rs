//! What all async variants promise: their times, each part accounted for, and nothing left running.

use std::any::Any;
use std::future::{pending, ready as at_once};
use std::panic;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use fan_out::hedged::Hedged;
use fan_out::{Error, Page, Part, Sources};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep, timeout};

mod panics_on_drop;
mod services;

use panics_on_drop::PanicsOnDrop;
use services::Reply::{Fails, Hangs, Panics};
use services::{Services, answered, ms, page_with_cd, ready};

/// Waits until no request is in flight: an aborted task is dropped when it is polled next.
async fn nothing_is_in_flight(services: &Services) {
    for _ in 0..1_000 {
        if services.in_flight() == 0 {
            return;
        }
        yield_now().await;
    }
    panic!("{} requests are in flight", services.in_flight());
}

/// Services whose methods panic before they return a future, or whose futures are ready at once.
#[derive(Clone)]
struct Eager;

impl Sources for Eager {
    fn ci(&self) -> impl Future<Output = Result<String, Error>> + Send {
        at_once(Ok("CI status".to_owned()))
    }

    #[expect(unreachable_code)]
    fn cd(&self) -> impl Future<Output = Result<String, Error>> + Send {
        panic!("{}", "no host");
        pending()
    }

    fn user(&self) -> impl Future<Output = Result<String, Error>> + Send {
        at_once(Ok("user data".to_owned()))
    }
}

/// Services of which the CD service panics with this payload.
#[derive(Clone)]
struct PanicsWith(fn() -> Box<dyn Any + Send>);

impl Sources for PanicsWith {
    async fn ci(&self) -> Result<String, Error> {
        Ok("CI status".to_owned())
    }

    async fn cd(&self) -> Result<String, Error> {
        panic::resume_unwind(self.0())
    }

    async fn user(&self) -> Result<String, Error> {
        Ok("user data".to_owned())
    }
}

/// The same tests for each variant. `$at_once` says whether it asks all services at once.
macro_rules! variant {
    ($variant:ident, $at_once:expr, $page:expr) => {
        mod $variant {
            use super::*;

            async fn page<S>(sources: &S, patience: Duration) -> Page
            where
                S: Sources + Clone + Send + Sync + 'static,
            {
                answered($page(sources, patience)).await
            }

            /// Returns the page, and the time that it took in milliseconds.
            async fn timed(services: &Services) -> (Page, u64) {
                let start = Instant::now();
                let page = page(services, ms(1_000)).await;
                (page, start.elapsed().as_millis() as u64)
            }

            #[tokio::test(start_paused = true)]
            async fn the_talks_page_takes_the_talks_time() {
                let services = Services::of_the_talk();
                let took = if $at_once { 300 } else { 650 };
                assert_eq!(
                    timed(&services).await,
                    (page_with_cd(ready("CD status")), took)
                );
                assert_eq!(services.asked(), [1, 1, 1]);
            }

            #[tokio::test(start_paused = true)]
            async fn a_service_that_fails_is_named_and_the_others_are_there() {
                let services = Services::with_cd([Fails { after_ms: 120 }]);
                let failed = Part::Failed(Error::new("connection reset"));
                let took = if $at_once { 200 } else { 470 };
                assert_eq!(timed(&services).await, (page_with_cd(failed), took));
            }

            #[tokio::test(start_paused = true)]
            async fn a_service_that_panics_is_named_and_the_others_are_there() {
                let services = Services::with_cd([Panics { after_ms: 120 }]);
                let panicked = Part::Panicked("no such field: status".to_owned());
                let took = if $at_once { 200 } else { 470 };
                assert_eq!(timed(&services).await, (page_with_cd(panicked), took));
            }

            #[tokio::test(start_paused = true)]
            async fn a_service_that_hangs_is_late_at_the_patience() {
                let services = Services::with_cd([Hangs]);
                let (page, took) = timed(&services).await;
                assert_eq!(took, 1_000);
                let mut expected = page_with_cd(Part::Late);
                if !$at_once {
                    // Nobody asked the last service.
                    expected.user = Part::Late;
                    assert_eq!(services.asked(), [1, 1, 0]);
                }
                assert_eq!(page, expected);
                nothing_is_in_flight(&services).await;
            }

            #[tokio::test(start_paused = true)]
            async fn a_panic_outside_the_future_is_the_parts_too() {
                let panicked = Part::Panicked("no host".to_owned());
                assert_eq!(page(&Eager, ms(1)).await, page_with_cd(panicked));
            }

            #[tokio::test(start_paused = true)]
            async fn services_that_all_hang_are_all_late_at_the_patience() {
                let services = Services::that_hang();
                let (page, took) = timed(&services).await;
                assert!(page.parts().iter().all(|(_, part)| **part == Part::Late));
                assert_eq!(took, 1_000);
                nothing_is_in_flight(&services).await;
            }

            #[tokio::test(start_paused = true)]
            async fn a_panic_may_carry_any_value() {
                let no_text = "a value that isn't text";
                let payloads: [(fn() -> Box<dyn Any + Send>, &str); 4] = [
                    (|| Box::new("no host"), "no host"),
                    (|| Box::new("no host".to_owned()), "no host"),
                    (|| Box::new(404), no_text),
                    (|| Box::new(PanicsOnDrop), no_text),
                ];
                for (payload, words) in payloads {
                    let page = page(&PanicsWith(payload), ms(1)).await;
                    let panicked = Part::Panicked(words.to_owned());
                    assert_eq!(page, page_with_cd(panicked));
                }
            }

            #[tokio::test(start_paused = true)]
            async fn no_patience_and_all_patience_are_allowed() {
                let page = page(&Services::of_the_talk(), Duration::ZERO).await;
                assert!(page.parts().iter().all(|(_, part)| **part == Part::Late));
                let page = self::page(&Services::of_the_talk(), Duration::MAX).await;
                assert_eq!(page, page_with_cd(ready("CD status")));
            }

            #[tokio::test(start_paused = true)]
            async fn dropping_the_page_drops_what_it_started() {
                let services = Services::of_the_talk();
                let dropped = timeout(ms(100), page(&services, ms(1_000))).await;
                assert!(dropped.is_err());
                nothing_is_in_flight(&services).await;
                let asked = services.asked();
                sleep(ms(10_000)).await;
                assert_eq!(services.asked(), asked);
                assert_eq!(asked, if $at_once { [1, 1, 1] } else { [1, 0, 0] });
            }

            #[tokio::test(start_paused = true)]
            async fn a_page_that_is_never_polled_asks_nobody() {
                let services = Services::of_the_talk();
                drop(page(&services, ms(1_000)));
                yield_now().await;
                assert_eq!(services.asked(), [0, 0, 0]);
            }

            #[tokio::test(start_paused = true)]
            async fn the_page_can_be_spawned() {
                let services = Services::of_the_talk();
                let task = tokio::spawn(async move { page(&services, ms(1_000)).await });
                assert_eq!(task.await.unwrap(), page_with_cd(ready("CD status")));
            }
        }
    };
}

variant!(sequential, false, fan_out::sequential::page);
variant!(joined, true, fan_out::joined::page);
variant!(spawned, true, fan_out::spawned::page);
variant!(hedged, true, async |sources, patience| {
    // Longer than any service takes that answers.
    let hedged = Hedged { delay: ms(320) };
    hedged.page(sources, patience).await
});

/// With a delay of 0, the future of each request is polled once before the second request is sent.
#[tokio::test]
async fn sources_that_are_ready_need_no_patience() {
    let panicked = Part::Panicked("no host".to_owned());
    let expected = page_with_cd(panicked);
    assert_eq!(
        fan_out::sequential::page(&Eager, Duration::ZERO).await,
        expected
    );
    assert_eq!(
        fan_out::joined::page(&Eager, Duration::ZERO).await,
        expected
    );
    let hedged = Hedged {
        delay: Duration::ZERO,
    };
    assert_eq!(hedged.page(&Eager, Duration::ZERO).await, expected);
}

/// A source that blocks its thread until the test lets it go on.
#[derive(Clone)]
struct Blocking(Arc<std::sync::Mutex<mpsc::Receiver<()>>>);

impl Sources for Blocking {
    async fn ci(&self) -> Result<String, Error> {
        Ok("CI status".to_owned())
    }

    async fn cd(&self) -> Result<String, Error> {
        // A page that waits for this source gets its answer in the end, and the test fails.
        let deadline = Duration::from_secs(30);
        let _ = self.0.lock().unwrap().recv_timeout(deadline);
        Ok("CD status".to_owned())
    }

    async fn user(&self) -> Result<String, Error> {
        Ok("user data".to_owned())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_answers_though_a_source_blocks_its_thread() {
    let (go_on, blocks) = mpsc::channel();
    let sources = Blocking(Arc::new(std::sync::Mutex::new(blocks)));
    let page = fan_out::spawned::page(&sources, ms(20)).await;
    assert_eq!(page.cd, Part::Late);
    drop(go_on);
}

#[test]
fn a_page_names_what_is_missing_and_why() {
    let page = Page {
        ci: Part::Failed(Error::new("connection reset")),
        cd: Part::Late,
        user: ready("Ada"),
    };
    assert_eq!(
        page.to_string(),
        "CI status: failed: connection reset\nCD status: late\nuser data: Ada\n"
    );
    let panicked: Part<String> = Part::Panicked("no host".to_owned());
    assert_eq!(panicked.to_string(), "panicked: no host");
}
