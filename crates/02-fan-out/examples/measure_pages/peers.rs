//! What fans out: the futures of one task, tasks, and threads.

use std::sync::Arc;
use std::thread;

use crossbeam_utils::sync::WaitGroup;
use fan_out::{Part, wait_group};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use tokio::task::JoinSet;

/// Runs futures at once.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Async {
    JoinAll,
    FuturesUnordered,
    JoinSet,
}

/// Runs closures at once, on a thread each.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Threads {
    /// The chapter's.
    WaitGroup,
    Crossbeam,
    Scoped,
}

impl Async {
    pub(crate) const ALL: [Async; 3] = [Async::JoinAll, Async::FuturesUnordered, Async::JoinSet];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Async::JoinAll => "join_all",
            Async::FuturesUnordered => "FuturesUnordered",
            Async::JoinSet => "JoinSet",
        }
    }

    /// Runs `n` branches, and returns what they return, in the order of their ends or of their numbers.
    pub(crate) async fn run<R, Fut>(self, n: usize, branch: impl FnMut(usize) -> Fut) -> Vec<R>
    where
        R: Send + 'static,
        Fut: Future<Output = R> + Send + 'static,
    {
        let branches = (0..n).map(branch);
        match self {
            Async::JoinAll => join_all(branches).await,
            Async::FuturesUnordered => branches.collect::<FuturesUnordered<_>>().collect().await,
            Async::JoinSet => branches.collect::<JoinSet<_>>().join_all().await,
        }
    }
}

impl Threads {
    pub(crate) const ALL: [Threads; 3] = [Threads::WaitGroup, Threads::Crossbeam, Threads::Scoped];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Threads::WaitGroup => "our WaitGroup",
            Threads::Crossbeam => "crossbeam WaitGroup",
            Threads::Scoped => "scoped threads",
        }
    }

    /// Runs `N` branches. Calls `branch` with the number of each.
    pub(crate) fn run<const N: usize>(self, branch: impl Fn(usize) + Send + Sync + 'static) {
        match self {
            Threads::WaitGroup => {
                let branch = Arc::new(branch);
                let parts = wait_group::fetch_all(std::array::from_fn::<_, N, _>(|number| {
                    let branch = branch.clone();
                    move || {
                        branch(number);
                        Ok(())
                    }
                }));
                assert!(parts.iter().all(|part| *part == Part::Ready(())));
            }
            Threads::Crossbeam => {
                let (branch, group) = (Arc::new(branch), WaitGroup::new());
                for number in 0..N {
                    let (branch, group) = (branch.clone(), group.clone());
                    thread::spawn(move || {
                        branch(number);
                        drop(group);
                    });
                }
                group.wait();
            }
            Threads::Scoped => thread::scope(|scope| {
                for number in 0..N {
                    let branch = &branch;
                    scope.spawn(move || branch(number));
                }
            }),
        }
    }
}
