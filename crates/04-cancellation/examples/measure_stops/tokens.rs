//! One thread with a token: how long a look takes, and the cancellation of many children.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Acquire};
use std::time::{Duration, Instant};

use cancellation::Token;
use tokio_util::sync::CancellationToken;

const LOOKS: u32 = 20_000_000;
const CHILDREN: u32 = 10_000;
const CANCELLATIONS: usize = 21;

/// What both tokens do.
pub(crate) trait Cancels: Clone + Send + Sync + 'static {
    fn new() -> Self;
    fn child(&self) -> Self;
    fn cancel(&self);
    fn is_cancelled(&self) -> bool;
    fn cancelled(&self) -> impl Future<Output = ()> + Send;
}

impl Cancels for Token {
    fn new() -> Self {
        Token::new()
    }
    fn child(&self) -> Self {
        self.child()
    }
    fn cancel(&self) {
        self.cancel();
    }
    fn is_cancelled(&self) -> bool {
        self.is_cancelled()
    }
    fn cancelled(&self) -> impl Future<Output = ()> + Send {
        self.cancelled()
    }
}

impl Cancels for CancellationToken {
    fn new() -> Self {
        CancellationToken::new()
    }
    fn child(&self) -> Self {
        self.child_token()
    }
    fn cancel(&self) {
        self.cancel();
    }
    fn is_cancelled(&self) -> bool {
        self.is_cancelled()
    }
    fn cancelled(&self) -> impl Future<Output = ()> + Send {
        self.cancelled()
    }
}

/// The nanoseconds of one look at a token.
pub(crate) fn look<T: Cancels>() -> f64 {
    let token = T::new();
    looks(|| black_box(&token).is_cancelled())
}

/// The nanoseconds of one load of a shared flag.
pub(crate) fn load() -> f64 {
    let flag = Arc::new(AtomicBool::new(false));
    looks(|| black_box(&flag).load(Acquire))
}

fn looks(look: impl Fn() -> bool) -> f64 {
    let start = Instant::now();
    for _ in 0..LOOKS {
        black_box(look());
    }
    per(start.elapsed(), LOOKS)
}

/// The nanoseconds per child of cancelling 10,000 children: the median of several times.
pub(crate) fn cancel_children<T: Cancels>() -> f64 {
    let mut took: Vec<f64> = Vec::new();
    for _ in 0..CANCELLATIONS {
        let parent = T::new();
        let children: Vec<T> = (0..CHILDREN).map(|_| parent.child()).collect();
        let start = Instant::now();
        parent.cancel();
        took.push(per(start.elapsed(), CHILDREN));
        assert!(children.iter().all(T::is_cancelled));
    }
    took.sort_by(f64::total_cmp);
    took[CANCELLATIONS / 2]
}

fn per(took: Duration, count: u32) -> f64 {
    took.as_nanos() as f64 / f64::from(count)
}
