//! What the page says about Rust, a test for each claim. `go/claims_test.go` has the other half.

use std::collections::HashMap;
use std::future::{pending, ready};
use std::panic;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinSet, spawn_blocking, yield_now};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Sets its flag when it is dropped.
struct Dropped(Arc<AtomicBool>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// A flag, and a value that sets it when dropped.
fn dropped() -> (Arc<AtomicBool>, Dropped) {
    let flag = Arc::new(AtomicBool::new(false));
    (flag.clone(), Dropped(flag))
}

mod goroutines {
    use super::*;

    #[tokio::test]
    async fn a_task_returns_its_value() {
        assert_eq!(go_to_rust::goroutine::double(21).await, 42);
    }

    #[tokio::test]
    async fn a_future_does_nothing_until_it_is_polled() {
        let ran = AtomicBool::new(false);
        let future = async { ran.store(true, SeqCst) };
        yield_now().await;
        assert!(!ran.load(SeqCst));
        future.await;
        assert!(ran.load(SeqCst));
    }

    #[tokio::test]
    async fn a_spawned_task_runs_though_nobody_awaits_it() {
        let (sender, receiver) = oneshot::channel();
        drop(tokio::spawn(async { sender.send(()).unwrap() }));
        receiver.await.unwrap();
    }

    #[tokio::test]
    async fn an_aborted_task_runs_on_to_the_next_await_that_yields() {
        let (send_handle, handle) = oneshot::channel::<tokio::task::AbortHandle>();
        let steps = Arc::new(AtomicU64::new(0));
        let counted = steps.clone();
        let task = tokio::spawn(async move {
            handle.await.unwrap().abort();
            counted.fetch_add(1, SeqCst);
            ready(()).await; // has its value at once, so it doesn't yield
            counted.fetch_add(1, SeqCst);
            yield_now().await;
            counted.fetch_add(1, SeqCst);
        });
        send_handle.send(task.abort_handle()).unwrap();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(steps.load(SeqCst), 2);
    }

    #[tokio::test] // one thread
    async fn a_task_that_never_yields_keeps_its_thread() {
        let finished = Arc::new(AtomicBool::new(false));
        let seen = finished.clone();
        let busy = tokio::spawn(async move {
            // Far longer than Go's scheduler lets a goroutine run.
            let start = std::time::Instant::now();
            while start.elapsed() < ms(50) {
                ready(()).await;
            }
            finished.store(true, SeqCst);
        });
        let other = tokio::spawn(async move { seen.load(SeqCst) });
        assert!(other.await.unwrap(), "the busy task was interrupted");
        busy.await.unwrap();
    }

    #[tokio::test] // one thread
    async fn spawn_blocking_takes_another_thread() {
        let here = thread::current().id();
        assert_ne!(
            spawn_blocking(|| thread::current().id()).await.unwrap(),
            here
        );
    }
}

mod channels {
    use super::*;

    #[tokio::test]
    async fn the_listing_adds_up() {
        assert_eq!(go_to_rust::channel::sum().await, 6);
    }

    #[tokio::test(start_paused = true)]
    async fn the_smallest_channel_takes_one_value_before_anybody_receives() {
        let (sender, _receiver) = mpsc::channel(1);
        sender.send(1).await.unwrap();
        assert!(timeout(ms(1_000), sender.send(2)).await.is_err());
    }

    #[test]
    #[should_panic(expected = "buffer")]
    fn there_is_no_channel_without_a_buffer() {
        let _ = mpsc::channel::<u64>(0);
    }

    #[tokio::test]
    async fn a_closed_channel_is_emptied_first_and_then_returns_none() {
        let (sender, mut receiver) = mpsc::channel(2);
        sender.send(1).await.unwrap();
        sender.send(2).await.unwrap();
        drop(sender);
        assert_eq!(receiver.recv().await, Some(1));
        assert_eq!(receiver.recv().await, Some(2));
        assert_eq!(receiver.recv().await, None);
        assert_eq!(receiver.recv().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_forgotten_sender_keeps_the_channel_open() {
        let (sender, mut receiver) = mpsc::channel::<u64>(1);
        let forgotten = sender.clone();
        drop(sender);
        assert!(timeout(ms(1_000), receiver.recv()).await.is_err());
        drop(forgotten);
        assert_eq!(receiver.recv().await, None);
    }

    #[tokio::test]
    async fn a_send_without_a_receiver_returns_the_value() {
        let (sender, receiver) = mpsc::channel(1);
        drop(receiver);
        assert_eq!(sender.send(7).await.unwrap_err().0, 7);
    }
}

mod selects {
    use super::*;

    #[tokio::test]
    async fn the_listing_ends_when_both_are_closed() {
        let (left, receive_left) = mpsc::channel(3);
        let (right, receive_right) = mpsc::channel(3);
        left.send(1).await.unwrap();
        drop(left);
        right.send(10).await.unwrap();
        right.send(100).await.unwrap();
        drop(right);
        assert_eq!(
            go_to_rust::select::sum(receive_left, receive_right).await,
            111
        );
    }

    #[tokio::test]
    async fn a_pattern_that_does_not_match_disables_its_branch() {
        let (closed, mut receive_closed) = mpsc::channel::<u64>(1);
        let (open, mut receive_open) = mpsc::channel::<u64>(1);
        drop(closed);
        let taken = tokio::select! {
            biased;
            Some(_) = receive_closed.recv() => "closed",
            Some(_) = receive_open.recv() => "open",
            () = open_later(&open) => "neither",
        };
        // The third branch runs to its end only because the first no longer takes part.
        assert_eq!(taken, "neither");
    }

    /// Yields once, and sends nothing.
    async fn open_later(_open: &mpsc::Sender<u64>) {
        yield_now().await;
    }

    #[tokio::test]
    #[should_panic(expected = "all branches are disabled")]
    async fn without_else_a_select_with_no_branch_left_panics() {
        let (_, mut closed) = mpsc::channel::<u64>(1);
        tokio::select! {
            Some(_) = closed.recv() => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn else_is_no_default() {
        let (_sender, mut receiver) = mpsc::channel::<u64>(1);
        let waiting = async {
            tokio::select! {
                Some(_) = receiver.recv() => {}
                else => {}
            }
        };
        assert!(timeout(ms(1_000), waiting).await.is_err());
        assert_eq!(receiver.try_recv(), Err(mpsc::error::TryRecvError::Empty));
    }

    #[tokio::test]
    async fn the_choice_is_random_unless_biased() {
        let mut taken = [0, 0];
        for _ in 0..1_000 {
            tokio::select! {
                () = ready(()) => taken[0] += 1,
                () = ready(()) => taken[1] += 1,
            }
        }
        assert!(taken[0] > 0 && taken[1] > 0, "{taken:?}");
        for _ in 0..1_000 {
            tokio::select! {
                biased;
                () = ready(()) => {}
                () = ready(()) => panic!("the first branch is ready"),
            }
        }
    }

    /// Two values that belong together.
    async fn pair(receiver: &mut mpsc::Receiver<u64>) -> (u64, u64) {
        let first = receiver.recv().await.unwrap();
        let second = receiver.recv().await.unwrap();
        (first, second)
    }

    #[tokio::test]
    async fn a_losing_future_is_dropped_with_what_it_had_received() {
        let (sender, mut receiver) = mpsc::channel(3);
        sender.send(1).await.unwrap();
        tokio::select! {
            biased;
            _ = pair(&mut receiver) => panic!("there is no second value yet"),
            () = ready(()) => {}
        }
        sender.send(2).await.unwrap();
        assert_eq!(
            receiver.recv().await,
            Some(2),
            "1 went with the dropped future"
        );
    }

    #[tokio::test]
    async fn a_losing_recv_loses_nothing() {
        let (sender, mut receiver) = mpsc::channel(1);
        tokio::select! {
            biased;
            _ = receiver.recv() => panic!("there is no value yet"),
            () = ready(()) => {}
        }
        sender.send(1).await.unwrap();
        assert_eq!(receiver.recv().await, Some(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_future_outside_the_select_goes_on_where_it_was() {
        let start = Instant::now();
        let mut slow = std::pin::pin!(sleep(ms(100)));
        let mut ticks = 0;
        loop {
            tokio::select! {
                () = &mut slow => break,
                () = sleep(ms(30)) => ticks += 1,
            }
        }
        assert_eq!((ticks, start.elapsed()), (3, ms(100)));
    }
}

mod contexts {
    use super::*;
    use go_to_rust::context::{for_a_second, steps};

    #[tokio::test(start_paused = true)]
    async fn a_timeout_drops_what_it_runs() {
        let start = Instant::now();
        let (flag, held) = dropped();
        let never = move || {
            let _ = &held;
            false
        };
        assert!(for_a_second(never).await.is_err());
        assert_eq!(start.elapsed(), ms(1_000));
        assert!(flag.load(SeqCst));
        assert!(for_a_second(|| true).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_future_runs_no_line_after_its_await() {
        let finished = Arc::new(AtomicBool::new(false));
        let (flag, held) = dropped();
        let set = finished.clone();
        let work = async move {
            let _held = held;
            sleep(ms(100)).await;
            set.store(true, SeqCst);
        };
        assert!(timeout(ms(50), work).await.is_err());
        sleep(ms(1_000)).await;
        assert!(!finished.load(SeqCst));
        assert!(flag.load(SeqCst), "what the future owned is dropped");
    }

    #[tokio::test(start_paused = true)]
    async fn an_aborted_task_is_gone_once_its_handle_says_so() {
        let (flag, held) = dropped();
        let task = tokio::spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        yield_now().await;
        task.abort();
        assert!(!flag.load(SeqCst), "abort only asks");
        assert!(task.await.unwrap_err().is_cancelled());
        assert!(flag.load(SeqCst));
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_lets_the_step_finish() {
        let stop = CancellationToken::new();
        let start = Instant::now();
        let task = tokio::spawn(steps(stop.clone()));
        sleep(ms(25)).await;
        stop.cancel();
        assert_eq!(task.await.unwrap(), 3);
        assert_eq!(start.elapsed(), ms(30));
    }

    #[test]
    fn a_child_token_is_cancelled_with_its_parent_and_not_the_other_way() {
        let parent = CancellationToken::new();
        let (first, second) = (parent.child_token(), parent.child_token());
        first.cancel();
        assert!(!parent.is_cancelled() && !second.is_cancelled());
        parent.cancel();
        assert!(second.is_cancelled());
    }

    #[test]
    fn dropping_a_token_cancels_nothing() {
        let token = CancellationToken::new();
        drop(token.clone());
        assert!(!token.is_cancelled());
        drop(token.clone().drop_guard());
        assert!(token.is_cancelled());
    }
}

mod wait_groups {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn results_arrive_in_the_order_in_which_the_tasks_finish() {
        let start = Instant::now();
        let finished = go_to_rust::wait_group::sleeps(vec![ms(300), ms(100), ms(200)]).await;
        assert_eq!(finished, [ms(100), ms(200), ms(300)]);
        assert_eq!(start.elapsed(), ms(300));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_a_set_aborts_its_tasks() {
        let (flag, held) = dropped();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        yield_now().await;
        drop(tasks);
        yield_now().await;
        assert!(flag.load(SeqCst));
    }

    #[tokio::test]
    async fn a_task_that_panics_leaves_the_set_too() {
        let mut tasks = JoinSet::<()>::new();
        tasks.spawn(async { panic!("in a set") });
        assert!(tasks.join_next().await.unwrap().unwrap_err().is_panic());
        assert!(tasks.join_next().await.is_none());
    }
}

mod errgroups {
    use super::*;
    use go_to_rust::errgroup::run;

    #[tokio::test(start_paused = true)]
    async fn the_first_error_returns_at_once_and_aborts_the_rest() {
        let start = Instant::now();
        let (flag, held) = dropped();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let _held = held;
            sleep(ms(1_000)).await;
            Ok(())
        });
        tasks.spawn(async {
            sleep(ms(10)).await;
            Err("first")
        });
        tasks.spawn(async {
            sleep(ms(20)).await;
            Err("second")
        });
        assert_eq!(run(tasks).await, Err("first"));
        assert_eq!(start.elapsed(), ms(10));
        yield_now().await;
        assert!(flag.load(SeqCst));
    }

    #[tokio::test(start_paused = true)]
    async fn without_an_error_all_tasks_finish() {
        let start = Instant::now();
        let mut tasks = JoinSet::<Result<(), ()>>::new();
        for time in [10, 1_000] {
            tasks.spawn(async move {
                sleep(ms(time)).await;
                Ok(())
            });
        }
        assert_eq!(run(tasks).await, Ok(()));
        assert_eq!(start.elapsed(), ms(1_000));
    }

    #[tokio::test(start_paused = true)]
    async fn try_join_drops_the_rest_at_the_first_error() {
        let start = Instant::now();
        let (flag, held) = dropped();
        let slow = async move {
            let _held = held;
            sleep(ms(1_000)).await;
            Ok(())
        };
        let failing = async {
            sleep(ms(10)).await;
            Err::<(), _>("first")
        };
        assert_eq!(tokio::try_join!(slow, failing), Err("first"));
        assert!(flag.load(SeqCst));
        assert_eq!(start.elapsed(), ms(10));
    }

    #[tokio::test(start_paused = true)]
    async fn shutdown_waits_until_the_tasks_are_gone() {
        let (flag, held) = dropped();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        tasks.shutdown().await;
        assert!(flag.load(SeqCst));
    }
}

mod maps {
    #[test]
    fn a_locked_map_counts_every_word() {
        let counts = go_to_rust::sync_map::count(&["a", "b", "a", "a"]);
        assert_eq!(counts, super::HashMap::from([("a", 3), ("b", 1)]));
    }
}

mod counters {
    use super::*;

    #[test]
    fn the_listing_returns_the_new_count() {
        let hits = go_to_rust::atomics::Hits::default();
        assert_eq!((hits.hit(), hits.hit()), (1, 2));
    }

    #[test]
    fn fetch_add_returns_the_old_value() {
        assert_eq!(AtomicU64::new(5).fetch_add(1, SeqCst), 5);
    }
}

mod panicking {
    use super::*;

    #[tokio::test]
    async fn a_panic_ends_its_task_alone() {
        assert_eq!(go_to_rust::panics::divide(6, 3).await, Some(2));
        assert_eq!(go_to_rust::panics::divide(6, 0).await, None);
    }

    #[tokio::test]
    async fn nobody_learns_of_a_panic_if_nobody_awaits_the_handle() {
        let (flag, held) = dropped();
        drop(tokio::spawn(async move {
            let _held = held;
            panic!("unnoticed");
        }));
        while !flag.load(SeqCst) {
            yield_now().await;
        }
        // This test passes.
    }

    #[test]
    fn a_threads_panic_is_joins_error() {
        assert!(thread::spawn(|| panic!("in a thread")).join().is_err());
    }

    #[test]
    fn with_panic_abort_a_panic_ends_the_process() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/panics.rs");
        for (strategy, survives) in [("unwind", true), ("abort", false)] {
            let program = format!("{}/{strategy}", env!("CARGO_TARGET_TMPDIR"));
            let rustc = Command::new("rustc")
                .args(["--edition=2024", "--crate-type=bin", "--crate-name=panics"])
                .args([&format!("-Cpanic={strategy}"), source, "-o", &program])
                .status();
            assert!(rustc.unwrap().success());
            let ended = Command::new(&program).output().unwrap();
            assert_eq!(ended.status.success(), survives, "{strategy}: {ended:?}");
        }
    }

    #[test]
    fn a_panic_under_a_lock_poisons_it() {
        let total = Mutex::new(1);
        thread::scope(|scope| {
            let panics = scope.spawn(|| {
                let _guard = total.lock().unwrap();
                panic!("under the lock");
            });
            panics.join().unwrap_err();
        });
        let poisoned = total.lock().unwrap_err();
        assert_eq!(*poisoned.into_inner(), 1);
    }
}

mod dropping {
    use super::*;

    #[test]
    fn the_listing_holds_one_lock_at_a_time() {
        let accounts = [1, 2, 3].map(Mutex::new);
        let none_held = || accounts.iter().all(|account| account.try_lock().is_ok());
        let each = accounts.iter().inspect(|_| assert!(none_held()));
        assert_eq!(go_to_rust::defer::total(each), 6);
    }

    #[test]
    fn a_value_is_dropped_at_the_end_of_its_block() {
        let (flag, held) = dropped();
        {
            let _held = held;
            assert!(!flag.load(SeqCst));
        }
        assert!(flag.load(SeqCst));
    }

    #[test]
    fn a_value_is_dropped_when_a_panic_leaves_its_block() {
        let (flag, held) = dropped();
        let panicked = panic::catch_unwind(panic::AssertUnwindSafe(|| {
            let _held = held;
            panic!("early");
        }));
        assert!(panicked.is_err() && flag.load(SeqCst));
    }

    #[tokio::test]
    async fn an_underscore_drops_at_once() {
        let lock = tokio::sync::Mutex::new(());
        let _ = lock.lock().await;
        assert!(lock.try_lock().is_ok());
        let _guard = lock.lock().await;
        assert!(lock.try_lock().is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_a_handle_detaches_its_task() {
        let finished = Arc::new(AtomicBool::new(false));
        let set = finished.clone();
        drop(tokio::spawn(async move {
            sleep(ms(100)).await;
            set.store(true, SeqCst);
        }));
        sleep(ms(101)).await;
        assert!(finished.load(SeqCst));
    }

    #[test]
    fn dropping_a_runtime_drops_its_tasks() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let (flag, held) = dropped();
        runtime.spawn(async move {
            let _held = held;
            pending::<()>().await;
        });
        drop(runtime);
        assert!(flag.load(SeqCst));
    }

    #[tokio::test]
    async fn dropping_a_receiver_drops_what_is_queued() {
        let (sender, receiver) = mpsc::channel(1);
        let (flag, held) = dropped();
        assert!(sender.send(held).await.is_ok());
        drop(receiver);
        assert!(flag.load(SeqCst));
    }
}
