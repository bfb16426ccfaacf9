//! Random trees of tokens, cancelled from several threads: every waiting task below a cancelled token is woken, once,
//! and nothing above or beside it is touched.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier};
use std::task::{Context, Wake, Waker};
use std::thread;

use cancellation::{Cancelled, Token};
use oorandom::Rand32;

const TREES: u64 = 120_000;
const THREADS: usize = 3;
/// Trees between two meetings of the threads: they go through a batch without waiting for each other.
const BATCH: u64 = 500;

#[derive(Default)]
struct Calls(AtomicUsize);

impl Wake for Calls {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A task that waits for a token, polled by hand.
struct Waiting<F> {
    cancelled: F,
    calls: Arc<Calls>,
    /// Whether the first poll was ready.
    ready: bool,
}

impl<F: Future<Output = ()> + Unpin> Waiting<F> {
    fn new(mut cancelled: F) -> Waiting<F> {
        let calls = Arc::new(Calls::default());
        let ready = poll(&mut cancelled, &calls);
        Waiting {
            cancelled,
            calls,
            ready,
        }
    }

    fn times(&self) -> usize {
        self.calls.0.load(SeqCst)
    }

    /// Whether the task was woken once if it is cancelled and had to wait, and never otherwise. Polls it again.
    fn is_right(&mut self, cancelled: bool) -> bool {
        let woken = self.times() == usize::from(cancelled && !self.ready);
        woken && (self.ready || poll(&mut self.cancelled, &self.calls)) == cancelled
    }
}

fn poll<F: Future<Output = ()> + Unpin>(future: &mut F, calls: &Arc<Calls>) -> bool {
    let waker = Waker::from(calls.clone());
    Pin::new(future)
        .poll(&mut Context::from_waker(&waker))
        .is_ready()
}

/// Tasks that wait, each with the index of its token.
type Waits<'a> = Vec<(usize, Waiting<Cancelled<'a>>)>;

/// A child that a thread has made, with a task that waits for it.
struct Grown {
    tree: usize,
    parent: usize,
    child: Token,
    waiting: Waiting<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Grown {
    fn new(tree: usize, parent: usize, token: &Token) -> Grown {
        let child = token.child();
        let waits = child.clone();
        let waiting = Waiting::new(Box::pin(async move { waits.cancelled().await }) as Pin<Box<_>>);
        Grown {
            tree,
            parent,
            child,
            waiting,
        }
    }
}

/// A tree, and what happens to it.
struct Tree {
    /// The parent of each token, as an index below its own.
    parents: Vec<Option<usize>>,
    /// `None` if all handles to the token have been dropped. Its descendants are still in the tree.
    tokens: Vec<Option<Token>>,
    /// The tokens that each thread cancels, in order.
    cancels: [Vec<usize>; THREADS],
    /// The tokens to which each thread adds a child with a task that waits.
    grows: [Vec<usize>; THREADS],
    /// The tokens on which a task waits all the time.
    waits: Vec<usize>,
    /// The tokens on which a task waits that leaves meanwhile.
    leaves: Vec<usize>,
}

impl Tree {
    fn random(seed: u64) -> Tree {
        let mut random = Rand32::new(seed);
        let size = random.rand_range(1..12);
        let mut parents = vec![None];
        let mut tokens = vec![Some(Token::new())];
        for index in 1..size {
            let parent = random.rand_range(0..index) as usize;
            parents.push(Some(parent));
            let token: &Token = tokens[parent].as_ref().unwrap();
            tokens.push(Some(token.child()));
        }
        for token in &mut tokens {
            if random.rand_range(0..8) == 0 {
                *token = None;
            }
        }
        let mut some = |tenths: u32| -> Vec<usize> {
            let kept = (0..tokens.len()).filter(|index| tokens[*index].is_some());
            kept.filter(|_| random.rand_range(0..10) < tenths).collect()
        };
        let cancels = std::array::from_fn(|_| some(1));
        let grows = std::array::from_fn(|_| some(2));
        let (waits, leaves) = (some(7), some(3));
        Tree {
            parents,
            tokens,
            cancels,
            grows,
            waits,
            leaves,
        }
    }

    fn token(&self, index: usize) -> &Token {
        self.tokens[index].as_ref().unwrap()
    }

    /// Begins to wait for some tokens.
    fn wait(&self, indices: &[usize]) -> Waits<'_> {
        let wait = |index: &usize| (*index, Waiting::new(self.token(*index).cancelled()));
        indices.iter().map(wait).collect()
    }

    /// Whether a thread cancels the token or one above it.
    fn is_cancelled(&self, index: usize) -> bool {
        self.cancels
            .iter()
            .flatten()
            .any(|cancelled| *cancelled == index)
            || self.parents[index].is_some_and(|parent| self.is_cancelled(parent))
    }

    /// One thread's part: adds its children and cancels its tokens, in turn.
    fn play(&self, number: usize, tree: usize, grown: &mut Vec<Grown>) {
        let mut grows = self.grows[number]
            .iter()
            .map(|parent| Grown::new(tree, *parent, self.token(*parent)));
        for cancelled in &self.cancels[number] {
            grown.extend(grows.next());
            self.token(*cancelled).cancel();
        }
        grown.extend(grows);
    }
}

#[test]
fn every_task_below_a_cancelled_token_is_woken_once() {
    // What was seen: without any of it, the test would be empty.
    let (mut woken, mut untouched, mut born_cancelled, mut grown_woken) = (0, 0, 0, 0);
    for first in (0..TREES).step_by(BATCH as usize) {
        let trees: Vec<Tree> = (first..first + BATCH).map(Tree::random).collect();
        let mut waiting: Vec<Waits<'_>> = trees.iter().map(|tree| tree.wait(&tree.waits)).collect();
        let mut leaving: Vec<Waits<'_>> =
            trees.iter().map(|tree| tree.wait(&tree.leaves)).collect();
        let (trees, start) = (&trees, &Barrier::new(THREADS + 1));
        let grown: Vec<Grown> = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|number| {
                    scope.spawn(move || {
                        start.wait();
                        let mut grown = Vec::new();
                        for (index, tree) in trees.iter().enumerate() {
                            tree.play(number, index, &mut grown);
                        }
                        grown
                    })
                })
                .collect();
            start.wait();
            for (_, waiting) in leaving.drain(..).flatten() {
                drop(waiting.cancelled);
                assert!(waiting.calls.0.load(SeqCst) <= 1);
            }
            threads
                .into_iter()
                .flat_map(|thread| thread.join().unwrap())
                .collect()
        });
        for (index, tree) in trees.iter().enumerate() {
            let seed = first + index as u64;
            for (index, token) in tree.tokens.iter().enumerate() {
                if let Some(token) = token {
                    assert_eq!(
                        token.is_cancelled(),
                        tree.is_cancelled(index),
                        "seed {seed}, token {index}"
                    );
                }
            }
            for (index, task) in &mut waiting[index] {
                let expected = tree.is_cancelled(*index);
                assert!(
                    task.is_right(expected),
                    "seed {seed}, token {index}: woken {} times",
                    task.times()
                );
                *if expected { &mut woken } else { &mut untouched } += 1;
            }
        }
        for Grown {
            tree,
            parent,
            child,
            mut waiting,
        } in grown
        {
            let seed = first + tree as u64;
            let expected = trees[tree].is_cancelled(parent);
            assert_eq!(
                child.is_cancelled(),
                expected,
                "seed {seed}, child of {parent}"
            );
            assert!(
                waiting.is_right(expected),
                "seed {seed}, child of {parent}: woken {} times",
                waiting.times()
            );
            born_cancelled += usize::from(waiting.ready);
            grown_woken += waiting.times();
        }
    }
    for (what, count) in [
        ("tasks woken", woken),
        ("tasks left alone", untouched),
        ("children that were born cancelled", born_cancelled),
        (
            "children that were cancelled after their task began to wait",
            grown_woken,
        ),
    ] {
        println!("{what}: {count}");
        assert!(count > 0, "{what}: 0");
    }
}
