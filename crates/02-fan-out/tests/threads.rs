//! The `WaitGroup`, and the page that is made with it, on real threads.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

use fan_out::wait_group::{self, BelowZero, Sources, WaitGroup};
use fan_out::{Error, Page, Part, lost_wake_up};

mod panics_on_drop;

use panics_on_drop::PanicsOnDrop;

const PATIENCE: Duration = Duration::from_secs(30);

/// Runs `run` on a thread of its own, and fails if it doesn't return in time.
fn in_time<R: Send + 'static>(run: impl FnOnce() -> R + Send + 'static) -> R {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(run()));
    receiver.recv_timeout(PATIENCE).expect("it returns in time")
}

/// Services that answer only when all three are asked at once.
#[derive(Clone)]
struct Together {
    barrier: Arc<Barrier>,
    cd: fn() -> Result<String, Error>,
}

impl Together {
    fn with_cd(cd: fn() -> Result<String, Error>) -> Together {
        let barrier = Arc::new(Barrier::new(3));
        Together { barrier, cd }
    }
}

impl Sources for Together {
    fn ci(&self) -> Result<String, Error> {
        self.barrier.wait();
        Ok(thread::current().name().unwrap_or_default().to_owned())
    }

    fn cd(&self) -> Result<String, Error> {
        self.barrier.wait();
        (self.cd)()
    }

    fn user(&self) -> Result<String, Error> {
        self.barrier.wait();
        Ok("user data".to_owned())
    }
}

fn page_with_cd(cd: Part<String>) -> Page {
    Page {
        ci: Part::Ready("fetch 1".to_owned()),
        cd,
        user: Part::Ready("user data".to_owned()),
    }
}

#[test]
fn three_threads_fetch_at_once_and_each_part_is_accounted_for() {
    let answers = Together::with_cd(|| Ok("CD status".to_owned()));
    let page = in_time(move || wait_group::page(&answers));
    assert_eq!(page, page_with_cd(Part::Ready("CD status".to_owned())));
    let fails = Together::with_cd(|| Err(Error::new("connection reset")));
    let page = in_time(move || wait_group::page(&fails));
    assert_eq!(
        page,
        page_with_cd(Part::Failed(Error::new("connection reset")))
    );
    let panics = Together::with_cd(|| panic::resume_unwind(Box::new("no such field")));
    let page = in_time(move || wait_group::page(&panics));
    assert_eq!(
        page,
        page_with_cd(Part::Panicked("no such field".to_owned()))
    );
}

#[test]
fn a_panic_may_carry_any_value() {
    let no_text = Part::Panicked("a value that isn't text".to_owned());
    let fetches: [fn() -> Result<u8, Error>; 4] = [
        || panic::resume_unwind(Box::new("no host".to_owned())),
        || panic::resume_unwind(Box::new(404)),
        || panic::resume_unwind(Box::new(PanicsOnDrop)),
        || Ok(7),
    ];
    assert_eq!(
        in_time(move || wait_group::fetch_all(fetches)),
        [
            Part::Panicked("no host".to_owned()),
            no_text.clone(),
            no_text,
            Part::Ready(7)
        ]
    );
}

/// The system starts no thread whose stack is larger than all memory. With such a stack for every thread, the test's
/// program runs this test again, on its main thread.
#[cfg(target_os = "linux")]
#[test]
fn a_fetch_whose_thread_is_not_started_has_failed() {
    use std::env;
    use std::io::Read;
    use std::process::{Command, Stdio};
    use std::time::Instant;

    use fan_out::{late_add, skipped_done};

    const NO_THREADS: &str = "FAN_OUT_NO_THREADS";
    if env::var_os(NO_THREADS).is_some() {
        let fetches: [fn() -> Result<u8, Error>; 3] = [|| Ok(7); 3];
        for parts in [
            wait_group::fetch_all(fetches),
            late_add::fetch_all(fetches),
            skipped_done::fetch_all(fetches),
        ] {
            assert!(matches!(
                parts,
                [Part::Failed(_), Part::Failed(_), Part::Failed(_)]
            ));
        }
        return;
    }
    let mut again = Command::new(env::current_exe().unwrap());
    again
        .args(["a_fetch_whose_thread_is_not_started_has_failed", "--exact"])
        .arg("--test-threads=1")
        .env(NO_THREADS, "1")
        .env("RUST_MIN_STACK", (usize::MAX >> 4).to_string())
        .stdout(Stdio::piped());
    let mut again = again.spawn().unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = again.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            again.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(5));
    };
    let mut words = String::new();
    let mut output = again.stdout.take().unwrap();
    output.read_to_string(&mut words).unwrap();
    assert!(
        status.success() && words.contains("1 passed"),
        "{status}, after {:?}: {words}",
        begun.elapsed()
    );
}

#[test]
fn no_fetches_are_all_done() {
    let fetches: [fn() -> Result<u8, Error>; 0] = [];
    assert_eq!(in_time(move || wait_group::fetch_all(fetches)), []);
}

#[test]
fn done_below_zero_is_an_error_and_changes_nothing() {
    let group = Arc::new(WaitGroup::default());
    let wait = || {
        let group = group.clone();
        in_time(move || group.wait());
    };
    wait();
    assert_eq!(group.done(), Err(BelowZero));
    wait();
    group.add(1);
    assert_eq!(group.done(), Ok(()));
    assert_eq!(group.done(), Err(BelowZero));
    wait();
    assert_eq!(
        BelowZero.to_string(),
        "done was called more often than the group was added to"
    );
    assert_eq!(lost_wake_up::WaitGroup::default().done(), Err(BelowZero));
}

/// In most rounds, the first thread that waits is asleep when the addition is refused.
#[test]
fn a_count_that_is_too_large_is_refused_and_the_group_stays_usable() {
    for _ in 0..20 {
        let group = Arc::new(WaitGroup::new());
        group.add(1);
        let (sender, begins) = mpsc::channel();
        let waits = {
            let group = group.clone();
            thread::spawn(move || {
                sender.send(()).unwrap();
                group.wait();
            })
        };
        begins.recv().unwrap();
        thread::yield_now();
        let refused = panic::catch_unwind(panic::AssertUnwindSafe(|| group.add(usize::MAX)));
        assert!(refused.is_err());
        // The count is still 1.
        group.add(1);
        assert_eq!((group.done(), group.done()), (Ok(()), Ok(())));
        assert_eq!(group.done(), Err(BelowZero));
        in_time(move || waits.join()).expect("a thread that waited before goes on");
        in_time(move || group.wait());
    }
}

#[test]
fn a_group_can_be_used_again() {
    let group = Arc::new(WaitGroup::new());
    let ended = Arc::new(AtomicUsize::new(0));
    in_time(move || {
        for round in 1..=100 {
            for _ in 0..4 {
                group.add(1);
                let (group, ended) = (group.clone(), ended.clone());
                thread::spawn(move || {
                    ended.fetch_add(1, SeqCst);
                    group.done().unwrap();
                });
            }
            group.wait();
            assert_eq!(ended.load(SeqCst), 4 * round);
        }
    });
}

#[test]
fn every_thread_that_waits_is_woken() {
    let group = Arc::new(WaitGroup::new());
    group.add(2);
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let group = group.clone();
            thread::spawn(move || group.wait())
        })
        .collect();
    group.done().unwrap();
    group.done().unwrap();
    in_time(move || {
        waiting
            .into_iter()
            .for_each(|thread| thread.join().unwrap())
    });
}
