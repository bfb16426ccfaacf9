//! Three services in virtual time: each answers, fails, panics or hangs when it is told to, and its requests are recorded.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use fan_out::{Error, Page, Part, Sources};
use timeline::Timeline;
use tokio::time::{sleep, timeout};

pub(crate) fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Waits in virtual time: if the page is never answered, the hour passes at once.
pub(crate) async fn answered<T>(page: impl Future<Output = T>) -> T {
    let answered = timeout(Duration::from_secs(3_600), page).await;
    answered.expect("the page is answered")
}

/// What a request comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    Answers { after_ms: u64 },
    Fails { after_ms: u64 },
    Panics { after_ms: u64 },
    Hangs,
}

use Reply::{Answers, Fails, Hangs, Panics};

/// The three services. Clones share them.
#[derive(Clone)]
pub(crate) struct Services {
    pub(crate) ci: Service,
    pub(crate) cd: Service,
    pub(crate) user: Service,
}

/// One service.
#[derive(Clone)]
pub(crate) struct Service {
    name: &'static str,
    /// What becomes of the first request, of the second, and so on. The last one is for all that follow.
    replies: Vec<Reply>,
    timeline: Timeline,
    /// The requests so far.
    asked: Arc<AtomicUsize>,
    /// The requests that have neither ended nor been dropped.
    in_flight: Arc<AtomicUsize>,
}

impl Services {
    /// The talk's services, with other replies of the CD service.
    pub(crate) fn with_cd(replies: impl Into<Vec<Reply>>) -> Services {
        let timeline = Timeline::start();
        let service = |name, replies| Service {
            name,
            replies,
            timeline: timeline.clone(),
            asked: Arc::default(),
            in_flight: Arc::default(),
        };
        Services {
            ci: service("CI status", vec![Answers { after_ms: 200 }]),
            cd: service("CD status", replies.into()),
            user: service("user data", vec![Answers { after_ms: 150 }]),
        }
    }

    /// The services of the talk: 200 ms, 300 ms, 150 ms.
    pub(crate) fn of_the_talk() -> Services {
        Services::with_cd([Answers { after_ms: 300 }])
    }

    /// Services of which none answers.
    pub(crate) fn that_hang() -> Services {
        let mut services = Services::with_cd([Hangs]);
        services.ci.replies = vec![Hangs];
        services.user.replies = vec![Hangs];
        services
    }

    /// The same services, recorded in another timeline.
    pub(crate) fn recorded(mut self, timeline: &Timeline) -> Services {
        for service in [&mut self.ci, &mut self.cd, &mut self.user] {
            service.timeline = timeline.clone();
        }
        self
    }

    /// The requests to each service so far.
    pub(crate) fn asked(&self) -> [usize; 3] {
        [&self.ci, &self.cd, &self.user].map(|service| service.asked.load(SeqCst))
    }

    /// The requests that have neither ended nor been dropped.
    pub(crate) fn in_flight(&self) -> usize {
        let services = [&self.ci, &self.cd, &self.user];
        services
            .map(|service| service.in_flight.load(SeqCst))
            .iter()
            .sum()
    }
}

impl Sources for Services {
    async fn ci(&self) -> Result<String, Error> {
        self.ci.ask().await
    }

    async fn cd(&self) -> Result<String, Error> {
        self.cd.ask().await
    }

    async fn user(&self) -> Result<String, Error> {
        self.user.ask().await
    }
}

/// A request that hasn't ended.
struct InFlight(Arc<AtomicUsize>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

impl Service {
    async fn ask(&self) -> Result<String, Error> {
        let asked = self.asked.fetch_add(1, SeqCst);
        self.in_flight.fetch_add(1, SeqCst);
        let in_flight = InFlight(self.in_flight.clone());
        let span = match asked {
            0 => self.name.to_owned(),
            _ => format!("{}, again", self.name),
        };
        let reply = self.replies[asked.min(self.replies.len() - 1)];
        let request = async {
            let _in_flight = in_flight;
            match reply {
                Answers { after_ms } | Fails { after_ms } | Panics { after_ms } => {
                    sleep(ms(after_ms)).await;
                }
                Hangs => pending().await,
            }
            match reply {
                Fails { .. } => Err(Error::new("connection reset")),
                Panics { .. } => panic!("no such field: status"),
                _ => Ok(self.name.to_owned()),
            }
        };
        self.timeline.span(span, request).await
    }
}

/// What each service answers.
pub(crate) fn ready(name: &str) -> Part<String> {
    Part::Ready(name.to_owned())
}

/// The page with everything but the CD status.
pub(crate) fn page_with_cd(cd: Part<String>) -> Page {
    Page {
        ci: ready("CI status"),
        cd,
        user: ready("user data"),
    }
}
