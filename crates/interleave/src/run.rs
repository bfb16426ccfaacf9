//! One execution in progress: who runs, who waits for what, what has been recorded.
//!
//! Loom runs a model's threads as coroutines of one OS thread, so an execution lives in a
//! thread-local. Between two of loom's branch points nothing else runs: what an operation does after
//! loom's call returned, and before the next, is atomic.
//!
//! Loom decides who runs next at an operation of its own. It takes two operations on different
//! objects for independent and then skips orders, some of which matter (its issues 166 and 392). Here
//! all recorded operations are dependent: each touches `Run::point`, a condition variable on which
//! nobody waits, so that touching it adds no memory ordering at all. An atomic's own operation is
//! where loom chooses; the touch comes right after it, with exploration off, so that each recorded
//! operation is one choice. What has no operation of loom's own (a lock, a fence) touches first, and
//! chooses there.

use std::cell::RefCell;
use std::panic;
use std::rc::Rc;
use std::sync::atomic::Ordering::{self, Acquire, Release, SeqCst};
use std::sync::{Arc, Mutex};

use crate::event::{Action, Event, Mode, Object, Site};
use crate::panics::{self, Panic};

thread_local! {
    static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
}

/// Why an execution was cut short.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// Every thread that had not ended waits for another.
    Blocked(Vec<(u16, Pending)>),
    /// What follows is explored elsewhere: the thread that was chosen could not move.
    Pruned,
    /// The model used the explorer in a way that it can't follow, or loom gave up.
    Refused(String),
}

/// What a blocked thread waits for.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    /// The event that was recorded when the wait began.
    Event(usize),
    /// A lock, to be taken in this mode here.
    Lock(Mode, Site),
    /// The end of a thread.
    Join(u16, Option<Site>),
    /// `Notify::wait`.
    Permit(Site),
    /// `block_on`, whose future is pending.
    Future,
}

#[derive(Clone, Debug)]
enum Status {
    Ready,
    /// Has asked for a lock that was free then.
    Wanting(LockId, Mode, Site),
    Blocked(Pending),
    Done,
}

struct Thread {
    name: Arc<str>,
    status: Status,
    handle: Option<loom::thread::Thread>,
    /// From the thread's end to who joins it.
    end: Rc<HandOver>,
    joined: bool,
    joiners: Vec<u16>,
    objects: u16,
}

/// A lock's index in the execution's table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LockId(usize);

struct Lock {
    writer: bool,
    readers: u32,
    waiters: Vec<u16>,
    /// Touched by who takes the lock and by who finds it taken, so that loom tries the second first.
    /// Letting go doesn't touch it: nobody could have taken the lock just before.
    contended: Rc<loom::sync::Condvar>,
}

impl Lock {
    fn free_for(&self, mode: Mode) -> bool {
        !self.writer && (mode == Mode::Read || self.readers == 0)
    }
}

/// What one execution leaves behind.
pub(crate) struct Trace {
    pub(crate) events: Vec<Event>,
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) ending: Option<Ending>,
    pub(crate) panic: Option<(u16, Panic)>,
    pub(crate) gaps: Gaps,
    pub(crate) orderings: Orderings,
}

/// Which orderings the accesses to atomics have, of those that can meet another thread's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orderings {
    /// One is `SeqCst`.
    pub(crate) seq_cst: bool,
    /// One is weaker.
    pub(crate) weaker: bool,
}

impl Orderings {
    /// Whether `SeqCst` stands beside weaker orderings.
    pub(crate) fn mixed(self) -> bool {
        self.seq_cst && self.weaker
    }
}

/// What keeps an exploration from being complete although no bound was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// An atomic was read after more writes than loom remembers.
    pub(crate) history: bool,
    /// The number of an `Arc`'s handles was asked for while there were several.
    pub(crate) handles: bool,
}

/// Where an exploration is, for the watchdog outside.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) operations: u64,
    pub(crate) last: Option<Site>,
}

/// What an explorer fixes for all of its executions.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Leave the choice of orders to loom's own reduction.
    pub(crate) reduced: bool,
    /// Take every `SeqCst` access for what it is, which is right as long as no access is weaker.
    pub(crate) seq_cst: bool,
    /// The most recorded operations an execution may have.
    pub(crate) max_operations: usize,
    pub(crate) progress: Arc<Mutex<Progress>>,
}

pub(crate) struct Run {
    execution: u64,
    point: Rc<loom::sync::Condvar>,
    settings: Settings,
    threads: Vec<Thread>,
    current: u16,
    locks: Vec<Lock>,
    events: Vec<Event>,
    operations: usize,
    /// The first panic that left a thread. What is recorded ends here, but the others run on: loom
    /// learns which orders matter from what they do.
    panic: Option<(u16, Panic)>,
    ending: Option<Ending>,
    gaps: Gaps,
    orderings: Orderings,
}

impl Run {
    fn enabled(&self, thread: u16) -> bool {
        match self.threads[usize::from(thread)].status {
            Status::Ready => true,
            Status::Wanting(lock, mode, _) => self.locks[lock.0].free_for(mode),
            Status::Blocked(_) | Status::Done => false,
        }
    }

    fn anybody_enabled(&self) -> bool {
        (0..self.threads.len() as u16).any(|thread| self.enabled(thread))
    }

    fn solo(&self) -> bool {
        self.threads.iter().skip(1).all(|thread| thread.joined)
    }

    fn status(&mut self, thread: u16) -> &mut Status {
        &mut self.threads[usize::from(thread)].status
    }
}

/// Unwinds a thread whose execution has ended before it.
struct Cut;

/// Whether a payload caught at a thread's end is only the explorer's own unwinding.
pub(crate) fn is_cut(payload: &(dyn std::any::Any + Send)) -> bool {
    payload.is::<Cut>()
}

/// How an operation may proceed.
pub(crate) enum Turn {
    /// As this thread.
    Go(u16),
    /// The thread is unwinding: touch nothing of loom's, decide nothing, record nothing.
    Unwinding,
}

fn with<R>(f: impl FnOnce(&mut Run) -> R) -> R {
    RUN.with_borrow_mut(|run| f(run.as_mut().expect("inside of an execution")))
}

/// Whether an execution is in progress on this OS thread.
pub(crate) fn active() -> bool {
    RUN.with_borrow(Option::is_some)
}

/// Where an object was made. It is good for that execution only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    pub(crate) object: Object,
    execution: u64,
}

impl Identity {
    /// The identity of an object that the running thread makes now.
    ///
    /// # Panics
    ///
    /// Outside of a model.
    #[track_caller]
    pub(crate) fn new() -> Identity {
        let _ = turn();
        with(|run| {
            let thread = &mut run.threads[usize::from(run.current)];
            let number = thread.objects;
            thread.objects += 1;
            Identity {
                object: Object {
                    maker: run.current,
                    number,
                },
                execution: run.execution,
            }
        })
    }

    /// Begins an operation on the object.
    ///
    /// # Panics
    ///
    /// Outside of a model.
    #[track_caller]
    pub(crate) fn turn(self) -> Turn {
        let turn = turn();
        if with(|run| run.execution) != self.execution {
            refuse("the model keeps an object from one execution to the next; make it inside");
        }
        turn
    }
}

/// Begins an operation that touches no object.
///
/// # Panics
///
/// Outside of a model.
#[track_caller]
pub(crate) fn turn() -> Turn {
    let state = RUN.with_borrow(|run| run.as_ref().map(|run| (run.current, run.ending.is_some())));
    match state {
        None => panic!(
            "interleave's primitives live only inside of the closure that is given to \
             `interleave::explore`; make them there"
        ),
        Some(_) if std::thread::panicking() => Turn::Unwinding,
        Some((_, true)) => unwind(),
        Some((me, false)) => Turn::Go(me),
    }
}

fn unwind() -> ! {
    panic::resume_unwind(Box::new(Cut))
}

/// Takes the thread back up after a call of loom's that may have let others run. Returns the thread
/// that ran last: this one, if nobody else did.
pub(crate) fn after(me: u16) -> u16 {
    let (last, ended) = with(|run| {
        (
            std::mem::replace(&mut run.current, me),
            run.ending.is_some(),
        )
    });
    if ended {
        unwind();
    }
    last
}

/// Loom's call, with no other thread running and no alternative explored.
pub(crate) fn quiet<R>(f: impl FnOnce() -> R) -> R {
    /// Explores again, also if loom panics.
    struct Loud;
    impl Drop for Loud {
        fn drop(&mut self) {
            loom::explore();
        }
    }

    loom::stop_exploring();
    let _loud = Loud;
    f()
}

/// Lets loom choose who runs next; what follows up to the next of loom's calls is one operation.
/// Returns the thread that ran last, as `after`.
pub(crate) fn point(me: u16) -> u16 {
    match with(|run| (!run.solo()).then(|| run.point.clone())) {
        Some(point) => {
            point.notify_one();
            after(me)
        }
        None => me,
    }
}

/// Makes the operation of loom's that just took effect dependent on all others.
pub(crate) fn seal() {
    let point = with(|run| (!run.solo() && !run.settings.reduced).then(|| run.point.clone()));
    if let Some(point) = point {
        quiet(|| point.notify_one());
    }
}

/// Records what the running thread just did, and says as which event.
pub(crate) fn record(
    object: Option<Object>,
    site: Option<Site>,
    action: Action,
    stale: bool,
) -> usize {
    let (event, exceeded) = with(|run| {
        let solo = run.solo();
        let event = run.events.len();
        if run.panic.is_none() {
            run.events.push(Event {
                thread: run.current,
                object,
                site,
                action,
                stale,
                solo,
            });
        }
        run.operations += 1;
        let mut progress = run
            .settings
            .progress
            .lock()
            .expect("no panic while it is held");
        progress.operations += 1;
        progress.last = site.or(progress.last);
        let limit = run.settings.max_operations;
        (event, (run.operations > limit).then_some(limit))
    });
    if let Some(limit) = exceeded {
        refuse(format!(
            "an execution has more than {limit} operations: a loop that waits for another thread \
             must block (a lock, a condition variable, `Notify`), not spin"
        ));
    }
    event
}

/// Notes something that keeps the exploration from being complete.
pub(crate) fn gap(note: impl FnOnce(&mut Gaps)) {
    with(|run| note(&mut run.gaps));
}

/// Notes the ordering of an access that is about to happen. Returns whether to take it for what it is: a
/// `SeqCst` access reads the newest write, and its own write is newer than that.
pub(crate) fn is_seq_cst(order: Ordering) -> bool {
    with(|run| {
        let seq_cst = order == SeqCst;
        if !run.solo() {
            run.orderings.seq_cst |= seq_cst;
            run.orderings.weaker |= !seq_cst;
        }
        seq_cst && run.settings.seq_cst
    })
}

/// Whether the running thread is the only one there is.
pub(crate) fn solo() -> bool {
    with(|run| run.solo())
}

/// Ends the execution as `ending`, if it has not ended; everybody else unwinds when they run next.
pub(crate) fn end(ending: Ending) {
    let sleepers = with(|run| {
        if run.ending.is_some() {
            return None;
        }
        run.ending = Some(ending);
        let mut sleepers = Vec::new();
        for thread in &mut run.threads {
            if matches!(thread.status, Status::Blocked(_)) {
                thread.status = Status::Ready;
                sleepers.extend(thread.handle.clone());
            }
        }
        Some(sleepers)
    });
    if let Some(sleepers) = sleepers {
        // What loom would explore from here on is only the order in which threads unwind.
        loom::skip_branch();
        for sleeper in sleepers {
            sleeper.unpark();
        }
    }
}

/// A panic has left a thread. The first one is how the execution ends.
pub(crate) fn panicked(thread: u16, panic: Panic) {
    with(|run| {
        run.panic.get_or_insert((thread, panic));
    });
}

/// Refuses the model: the exploration ends with these words.
pub(crate) fn refuse(words: impl Into<String>) -> ! {
    end(Ending::Refused(words.into()));
    unwind()
}

/// Sleeps until somebody calls `wake` for this thread, unless that can't come any more.
pub(crate) fn block(me: u16, pending: Pending) {
    with(|run| *run.status(me) = Status::Blocked(pending));
    if end_if_blocked() {
        unwind();
    }
    loom::thread::park();
    after(me);
}

/// Makes a sleeping thread ready again; the waker's writes happen before its next step.
pub(crate) fn wake(thread: u16) {
    let handle = with(|run| {
        let thread = &mut run.threads[usize::from(thread)];
        matches!(thread.status, Status::Blocked(_)).then(|| {
            thread.status = Status::Ready;
            thread.handle.clone()
        })
    });
    if let Some(handle) = handle.flatten() {
        handle.unpark();
    }
}

/// Ends the execution as blocked if nobody can move and somebody has not ended.
fn end_if_blocked() -> bool {
    let blocked = with(|run| {
        if run.ending.is_some() || run.anybody_enabled() {
            return None;
        }
        let blocked: Vec<_> = run
            .threads
            .iter()
            .enumerate()
            .filter_map(|(thread, state)| match &state.status {
                Status::Blocked(pending) => Some((thread as u16, pending.clone())),
                Status::Wanting(_, mode, site) => Some((thread as u16, Pending::Lock(*mode, site))),
                Status::Ready | Status::Done => None,
            })
            .collect();
        (!blocked.is_empty()).then_some(blocked)
    });
    match blocked {
        Some(blocked) => {
            end(Ending::Blocked(blocked));
            true
        }
        None => false,
    }
}

/// What one thread's writes pass through on their way to another, with no choice of loom's.
pub(crate) struct HandOver(loom::sync::atomic::AtomicUsize);

impl HandOver {
    pub(crate) fn new() -> HandOver {
        HandOver(loom::sync::atomic::AtomicUsize::new(0))
    }

    /// What came before happens before what follows the next `acquire`.
    pub(crate) fn release(&self) {
        if !panics::loom_gave_up() {
            quiet(|| self.0.fetch_add(1, Release));
        }
    }

    /// What came before each `release` until now happens before what follows.
    pub(crate) fn acquire(&self) {
        if !panics::loom_gave_up() {
            // A failed exchange reads the newest value and writes none: a load could return an older
            // one, and a write would hand on what this thread has not released.
            let _ = quiet(|| self.0.compare_exchange(usize::MAX, 0, Acquire, Acquire));
        }
    }
}

/// A new lock, free.
pub(crate) fn lock() -> LockId {
    let contended = Rc::new(loom::sync::Condvar::new());
    with(|run| {
        run.locks.push(Lock {
            writer: false,
            readers: 0,
            waiters: Vec::new(),
            contended,
        });
        LockId(run.locks.len() - 1)
    })
}

fn take(run: &mut Run, lock: LockId, mode: Mode) {
    let lock = &mut run.locks[lock.0];
    match mode {
        Mode::Read => lock.readers += 1,
        Mode::Lock | Mode::Write => lock.writer = true,
    }
}

/// Waits for the lock and takes it. Returns in one piece with what the caller does next.
pub(crate) fn acquire(me: u16, lock: LockId, mode: Mode, site: Site) {
    loop {
        if !with(|run| run.locks[lock.0].free_for(mode)) {
            wait_for(me, lock, mode, site);
            continue;
        }
        with(|run| *run.status(me) = Status::Wanting(lock, mode, site));
        let last = point(me);
        let (taken, preempted) = with(|run| {
            *run.status(me) = Status::Ready;
            let free = run.locks[lock.0].free_for(mode);
            if free {
                take(run, lock, mode);
            }
            (free, last != me && run.enabled(last))
        });
        if taken {
            return contend(lock);
        }
        if preempted {
            // Somebody took the lock in between, and whoever ran last could have gone on. Loom has
            // tried that before, and this thread moves just the same there.
            end(Ending::Pruned);
            unwind();
        }
        wait_for(me, lock, mode, site);
    }
}

fn wait_for(me: u16, lock: LockId, mode: Mode, site: Site) {
    contend(lock);
    with(|run| run.locks[lock.0].waiters.push(me));
    block(me, Pending::Lock(mode, site));
}

/// Makes this attempt to take the lock dependent on the others, and on nothing else.
fn contend(lock: LockId) {
    let contended = with(|run| (!run.solo()).then(|| run.locks[lock.0].contended.clone()));
    if let Some(contended) = contended {
        quiet(|| contended.notify_one());
    }
}

/// Takes the lock if it is free.
pub(crate) fn try_acquire(me: u16, lock: LockId, mode: Mode) -> bool {
    point(me);
    let free = with(|run| {
        let free = run.locks[lock.0].free_for(mode);
        if free {
            take(run, lock, mode);
        }
        free
    });
    contend(lock);
    free
}

/// Takes the lock while unwinding: lets the others unwind until it is free.
pub(crate) fn acquire_unwinding(lock: LockId, mode: Mode) {
    loop {
        let (me, taken) = with(|run| {
            let free = run.locks[lock.0].free_for(mode);
            if free {
                take(run, lock, mode);
            }
            (run.current, free)
        });
        if taken {
            return;
        }
        end(Ending::Refused(
            "a thread locked in a destructor while it was unwinding".into(),
        ));
        loom::thread::yield_now();
        with(|run| run.current = me);
    }
}

/// Frees the lock and wakes who waits for it.
pub(crate) fn release(lock: LockId, mode: Mode) {
    let waiters = with(|run| {
        let lock = &mut run.locks[lock.0];
        match mode {
            Mode::Read => lock.readers -= 1,
            Mode::Lock | Mode::Write => lock.writer = false,
        }
        if lock.readers == 0 {
            std::mem::take(&mut lock.waiters)
        } else {
            Vec::new()
        }
    });
    for waiter in waiters {
        wake(waiter);
    }
}

/// Begins an execution; the caller is its `main`.
pub(crate) fn begin(settings: Settings, execution: u64) {
    let main = Thread::new("main".into());
    let run = Run {
        execution,
        point: Rc::new(loom::sync::Condvar::new()),
        settings,
        threads: vec![main],
        current: 0,
        locks: Vec::new(),
        events: Vec::new(),
        operations: 0,
        panic: None,
        ending: None,
        gaps: Gaps::default(),
        orderings: Orderings::default(),
    };
    RUN.set(Some(run));
    start(0);
}

impl Thread {
    fn new(name: Arc<str>) -> Thread {
        Thread {
            name,
            status: Status::Ready,
            handle: None,
            end: Rc::new(HandOver::new()),
            joined: false,
            joiners: Vec::new(),
            objects: 0,
        }
    }
}

/// Adds a thread, which has not run yet.
pub(crate) fn spawn(name: Option<String>) -> u16 {
    let number = with(|run| run.threads.len());
    if number == loom::MAX_THREADS {
        refuse(format!(
            "a model has at most {} threads with main, and this one spawns another",
            loom::MAX_THREADS
        ));
    }
    let name = name.map_or_else(|| format!("thread {number}").into(), Into::into);
    let thread = Thread::new(name);
    with(|run| run.threads.push(thread));
    number as u16
}

/// The thread `me` runs for the first time. Says whether it should run at all.
pub(crate) fn start(me: u16) -> bool {
    let handle = loom::thread::current();
    with(|run| {
        run.current = me;
        run.threads[usize::from(me)].handle = Some(handle);
        run.ending.is_none()
    })
}

/// The thread `me` has ended: whoever joins it may go on.
pub(crate) fn finish(me: u16) {
    let (joiners, end) = with(|run| {
        run.current = me;
        *run.status(me) = Status::Done;
        let thread = &mut run.threads[usize::from(me)];
        (std::mem::take(&mut thread.joiners), thread.end.clone())
    });
    end.release();
    for joiner in joiners {
        wake(joiner);
    }
    end_if_blocked();
}

/// Waits until `thread` has ended.
pub(crate) fn join(me: u16, thread: u16, site: Option<Site>) {
    loop {
        let done = with(|run| {
            let target = &mut run.threads[usize::from(thread)];
            let done = matches!(target.status, Status::Done);
            if !done {
                target.joiners.push(me);
            }
            done
        });
        if done {
            break;
        }
        block(me, Pending::Join(thread, site));
    }
    let end = with(|run| {
        let thread = &mut run.threads[usize::from(thread)];
        thread.joined = true;
        thread.end.clone()
    });
    end.acquire();
}

/// A thread's name.
pub(crate) fn name(thread: u16) -> Arc<str> {
    with(|run| run.threads[usize::from(thread)].name.clone())
}

/// The running thread's number and name.
pub(crate) fn current() -> (u16, Arc<str>) {
    with(|run| {
        (
            run.current,
            run.threads[usize::from(run.current)].name.clone(),
        )
    })
}

/// `main` has returned: waits for everybody who has not been joined, as `main`.
pub(crate) fn join_all(me: u16) {
    for thread in 1.. {
        if with(|run| run.threads.len() <= usize::from(thread)) {
            break;
        }
        join(me, thread, None);
    }
}

/// Ends the execution and hands out what it left behind; `main` is the last to run.
pub(crate) fn finalize() -> Trace {
    while with(|run| {
        run.threads
            .iter()
            .skip(1)
            .any(|thread| !matches!(thread.status, Status::Done))
    }) {
        // Only after an ending: the others have yet to unwind.
        loom::thread::yield_now();
        with(|run| run.current = 0);
    }
    let run = RUN.take().expect("inside of an execution");
    Trace {
        events: run.events,
        names: run.threads.into_iter().map(|thread| thread.name).collect(),
        ending: run.ending,
        panic: run.panic,
        gaps: run.gaps,
        orderings: run.orderings,
    }
}
