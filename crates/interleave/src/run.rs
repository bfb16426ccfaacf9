//! One execution in progress: its threads, what they wait for, and what has been recorded.
//!
//! Loom runs a model's threads as coroutines of one OS thread, so a thread-local holds the execution. No
//! other thread runs between two of loom's branch points: whatever an operation does between two calls of
//! loom is atomic.
//!
//! Loom chooses the next thread at each of its own operations. It treats operations on different objects
//! as independent and then skips orders, some of which matter (its issues 166 and 392). Here all recorded
//! operations are dependent: each touches `Run::point`, a condition variable on which no thread waits, so
//! that touching it orders no memory. For an atomic, loom chooses at the atomic's own operation, and the
//! touch follows directly, with exploration off, so that each recorded operation is one choice. For
//! objects without an operation of loom's own, such as a lock or a fence, the touch comes first and is the
//! choice.

use std::cell::RefCell;
use std::panic::{self, Location};
use std::rc::Rc;
use std::sync::atomic::Ordering::{self, Acquire, Release, SeqCst};
use std::sync::{Arc, Mutex};

use crate::describe;
use crate::event::{Action, Event, Mode, Object, Site};
use crate::panics::{self, Panic};

thread_local! {
    static RUN: RefCell<Option<Run>> = const { RefCell::new(None) };
}

/// Why an execution was cut short.
#[derive(Clone, Debug)]
pub(crate) enum Ending {
    /// Every unfinished thread waits for another.
    Blocked(Vec<(u16, Pending)>),
    /// The chosen thread can't continue, and what follows is explored elsewhere.
    Pruned,
    /// The model did something that the explorer can't follow, or loom failed.
    Refused(String),
}

/// What a blocked thread waits for.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    /// The wait whose start was recorded as this event.
    Event(usize),
    /// A lock in this mode, requested at this line.
    Lock(Mode, Site),
    /// The end of a thread; without a line if `main` has returned without joining it.
    Join(u16, Option<Site>),
    /// `Notify::wait`.
    Permit(Site),
    /// `block_on`, whose future is pending.
    Future,
}

#[derive(Clone, Debug)]
enum Status {
    Ready,
    /// Has requested a lock that was free at the time.
    Acquiring(LockId, Mode, Site),
    Blocked(Pending),
    Done,
}

struct Thread {
    name: Arc<str>,
    status: Status,
    handle: Option<loom::thread::Thread>,
    /// Orders the thread's end before the joins of it.
    end: Rc<HandOver>,
    joined: bool,
    joiners: Vec<u16>,
    objects: u16,
    /// The first operation that ran while a panic unwound the thread.
    unwound: Option<Site>,
}

/// A lock's index in the execution's table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LockId(usize);

struct Lock {
    writer: bool,
    readers: u32,
    waiters: Vec<u16>,
    /// Touched by a thread that acquires the lock and by a thread that finds it held, so that loom also lets
    /// the second thread go first. A release doesn't touch it: no other thread could have acquired the
    /// lock just before.
    contended: Rc<loom::sync::Condvar>,
}

impl Lock {
    fn free_for(&self, mode: Mode) -> bool {
        !self.writer && (mode == Mode::Read || self.readers == 0)
    }
}

/// The result of one execution.
pub(crate) struct Trace {
    pub(crate) events: Vec<Event>,
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) ending: Option<Ending>,
    pub(crate) panic: Option<(u16, Panic)>,
    pub(crate) gaps: Gaps,
    pub(crate) orderings: Orderings,
}

/// The orderings of the accesses to atomics, except accesses while `main` is alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Orderings {
    /// At least one access is `SeqCst`.
    pub(crate) seq_cst: bool,
    /// At least one access is weaker.
    pub(crate) weaker: bool,
}

impl Orderings {
    /// Whether the model has both `SeqCst` and weaker accesses.
    pub(crate) fn mixed(self) -> bool {
        self.seq_cst && self.weaker
    }
}

/// Why an exploration is not complete although no bound was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gaps {
    /// An atomic was read after more writes than loom remembers.
    pub(crate) history: bool,
    /// The handles of an `Arc` were counted while several existed.
    pub(crate) handles: bool,
}

/// How far an exploration has come, for the watchdog.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) operations: u64,
    pub(crate) last: Option<Site>,
}

/// The explorer's settings for all executions.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Leaves the choice of orders to loom's own reduction.
    pub(crate) reduced: bool,
    /// Explores `SeqCst` exactly, which is correct only if no access is weaker.
    pub(crate) seq_cst: bool,
    /// The largest number of recorded operations in an execution.
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
    /// The first panic that left a thread. Recording stops there, but the other threads keep running: loom
    /// learns from their operations which orders matter.
    panic: Option<(u16, Panic)>,
    ending: Option<Ending>,
    gaps: Gaps,
    orderings: Orderings,
}

impl Run {
    fn enabled(&self, thread: u16) -> bool {
        match self.threads[usize::from(thread)].status {
            Status::Ready => true,
            Status::Acquiring(lock, mode, _) => self.locks[lock.0].free_for(mode),
            Status::Blocked(_) | Status::Done => false,
        }
    }

    fn any_enabled(&self) -> bool {
        (0..self.threads.len() as u16).any(|thread| self.enabled(thread))
    }

    fn solo(&self) -> bool {
        self.threads.iter().skip(1).all(|thread| thread.joined)
    }

    fn status(&mut self, thread: u16) -> &mut Status {
        &mut self.threads[usize::from(thread)].status
    }
}

/// The payload that unwinds a thread after its execution has ended.
struct Cut;

/// Whether a payload caught at a thread's end comes from the explorer's own unwinding.
pub(crate) fn is_cut(payload: &(dyn std::any::Any + Send)) -> bool {
    payload.is::<Cut>()
}

/// How an operation may proceed.
pub(crate) enum Turn {
    /// As this thread.
    Go(u16),
    /// The thread is unwinding: call nothing of loom's, choose nothing, record nothing.
    Unwinding,
}

fn with<R>(f: impl FnOnce(&mut Run) -> R) -> R {
    RUN.with_borrow_mut(|run| f(run.as_mut().expect("inside an execution")))
}

/// Whether an execution is in progress on this OS thread.
pub(crate) fn active() -> bool {
    RUN.with_borrow(Option::is_some)
}

/// Identifies an object within one execution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identity {
    pub(crate) object: Object,
    execution: u64,
}

impl Identity {
    /// Creates the identity of an object that the running thread creates.
    ///
    /// # Panics
    ///
    /// Outside a model.
    #[track_caller]
    pub(crate) fn new() -> Identity {
        let _ = turn();
        with(|run| {
            let thread = &mut run.threads[usize::from(run.current)];
            let number = thread.objects;
            thread.objects += 1;
            Identity {
                object: Object {
                    creator: run.current,
                    number,
                },
                execution: run.execution,
            }
        })
    }

    /// Starts an operation on the object at the caller's line.
    ///
    /// # Panics
    ///
    /// Outside a model.
    #[track_caller]
    pub(crate) fn turn(self) -> Turn {
        self.turn_at(Location::caller())
    }

    /// Starts an operation on the object at the given line.
    ///
    /// # Panics
    ///
    /// Outside a model.
    #[track_caller]
    pub(crate) fn turn_at(self, site: Site) -> Turn {
        let turn = turn();
        if with(|run| run.execution) != self.execution {
            refuse(
                "The model keeps an object from one execution to the next. Create the object inside the model.",
            );
        }
        if let Turn::Unwinding = turn {
            with(|run| {
                if !run.solo() {
                    let me = usize::from(run.current);
                    run.threads[me].unwound.get_or_insert(site);
                }
            });
        }
        turn
    }
}

/// Refuses the model if the thread did an operation while a panic unwound it and continues nevertheless:
/// the orders of that operation were not explored.
pub(crate) fn refuse_caught(me: u16) {
    let Some(site) = with(|run| run.threads[usize::from(me)].unwound.take()) else {
        return;
    };
    if with(|run| run.ending.is_some()) {
        return;
    }
    refuse(format!(
        "The model caught a panic, but the operation at {} ran while the panic unwound the thread, and the \
         orders of such operations are not explored. Catch the panic first, then release or count.",
        describe::source_line(site.file(), site.line())
    ));
}

/// Starts an operation that belongs to no object.
///
/// # Panics
///
/// Outside a model.
#[track_caller]
pub(crate) fn turn() -> Turn {
    let state = RUN.with_borrow(|run| run.as_ref().map(|run| (run.current, run.ending.is_some())));
    match state {
        None => panic!(
            "interleave's primitives work only inside the closure that is passed to `interleave::explore`. \
             Create and use them there."
        ),
        Some(_) if std::thread::panicking() => Turn::Unwinding,
        Some((_, true)) => unwind(),
        Some((me, false)) => {
            refuse_caught(me);
            Turn::Go(me)
        }
    }
}

fn unwind() -> ! {
    panic::resume_unwind(Box::new(Cut))
}

/// Resumes the thread after a call of loom's during which others may have run. Returns the thread that ran
/// last, which is this one if no other thread ran.
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

/// Calls loom without letting other threads run and without exploring alternatives.
pub(crate) fn quiet<R>(f: impl FnOnce() -> R) -> R {
    /// Turns exploring on again, even if loom panics.
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

/// Lets loom choose the next thread. Everything up to the next call of loom is one operation. Returns the
/// thread that ran last, like `after`.
pub(crate) fn point(me: u16) -> u16 {
    match with(|run| (!run.solo()).then(|| run.point.clone())) {
        Some(point) => {
            point.notify_one();
            after(me)
        }
        None => me,
    }
}

/// Makes loom's latest operation dependent on all others.
pub(crate) fn seal() {
    let point = with(|run| (!run.solo() && !run.settings.reduced).then(|| run.point.clone()));
    if let Some(point) = point {
        quiet(|| point.notify_one());
    }
}

/// Records what the running thread just did, and returns the index of the event.
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
                read: None,
                wrote: None,
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
            "An execution has more than {limit} operations. A loop that waits for another thread must block (on \
             a lock, a condition variable or `Notify`), not spin. If the model really is that long, set \
             `Explorer::max_operations`."
        ));
    }
    event
}

/// Adds to a recorded event which of the atomic's writes it read and made.
pub(crate) fn accessed(event: usize, read: Option<usize>, wrote: Option<usize>) {
    with(|run| {
        // After a panic nothing is recorded any more.
        if let Some(event) = run.events.get_mut(event) {
            (event.read, event.wrote) = (read, wrote);
        }
    });
}

/// Notes why the exploration is not complete.
pub(crate) fn gap(note: impl FnOnce(&mut Gaps)) {
    with(|run| note(&mut run.gaps));
}

/// Notes the ordering of the next access. Returns whether to explore it as exact `SeqCst`: such an access
/// reads the newest write, and its own write becomes the newest.
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

/// Whether `main` is alone: no thread has been spawned yet, or all have been joined.
pub(crate) fn solo() -> bool {
    with(|run| run.solo())
}

/// Ends the execution as `ending`, unless it has ended. All other threads unwind when they run next.
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
        // From here on, loom would only explore the order in which threads unwind.
        loom::skip_branch();
        for sleeper in sleepers {
            sleeper.unpark();
        }
    }
}

/// Notes that a panic has left a thread. The first panic is the end of the execution.
pub(crate) fn panicked(thread: u16, panic: Panic) {
    with(|run| {
        run.panic.get_or_insert((thread, panic));
        run.threads[usize::from(thread)].unwound = None; // the panic was not caught
    });
}

/// Refuses the model: the exploration ends with this message.
pub(crate) fn refuse(message: impl Into<String>) -> ! {
    end(Ending::Refused(message.into()));
    unwind()
}

/// Sleeps until another thread calls `wake` for this one. Ends the execution if no thread can.
pub(crate) fn block(me: u16, pending: Pending) {
    with(|run| *run.status(me) = Status::Blocked(pending));
    if end_if_blocked() {
        unwind();
    }
    loom::thread::park();
    after(me);
}

/// Makes a sleeping thread ready again. The waker's writes happen before its next step.
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

/// Ends the execution as blocked if no thread can continue and at least one is unfinished.
fn end_if_blocked() -> bool {
    let blocked = with(|run| {
        if run.ending.is_some() || run.any_enabled() {
            return None;
        }
        let blocked: Vec<_> = run
            .threads
            .iter()
            .enumerate()
            .filter_map(|(thread, state)| match &state.status {
                Status::Blocked(pending) => Some((thread as u16, pending.clone())),
                Status::Acquiring(_, mode, site) => {
                    Some((thread as u16, Pending::Lock(*mode, site)))
                }
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

/// Orders one thread's writes before another thread's reads without giving loom a choice.
pub(crate) struct HandOver(loom::sync::atomic::AtomicUsize);

impl HandOver {
    pub(crate) fn new() -> HandOver {
        HandOver(loom::sync::atomic::AtomicUsize::new(0))
    }

    /// Orders everything before this call before everything after the next `acquire`.
    pub(crate) fn release(&self) {
        if !panics::loom_gave_up() {
            quiet(|| self.0.fetch_add(1, Release));
        }
    }

    /// Orders everything before each earlier `release` before everything after this call.
    pub(crate) fn acquire(&self) {
        if !panics::loom_gave_up() {
            // A failed exchange reads the newest value and writes nothing. A load could return an older
            // value, and a write would hand over what this thread has not released.
            let _ = quiet(|| self.0.compare_exchange(usize::MAX, 0, Acquire, Acquire));
        }
    }
}

/// Creates a free lock.
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

/// Waits for the lock and acquires it. What the caller does next belongs to the same operation.
pub(crate) fn acquire(me: u16, lock: LockId, mode: Mode, site: Site) {
    loop {
        if !with(|run| run.locks[lock.0].free_for(mode)) {
            wait_for(me, lock, mode, site);
            continue;
        }
        with(|run| *run.status(me) = Status::Acquiring(lock, mode, site));
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
            // Another thread acquired the lock in the meantime and could have continued. Loom has already
            // explored that, and this thread continues the same way there.
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

/// Makes this attempt to acquire the lock dependent on the other attempts, and on nothing else.
fn contend(lock: LockId) {
    let contended = with(|run| (!run.solo()).then(|| run.locks[lock.0].contended.clone()));
    if let Some(contended) = contended {
        quiet(|| contended.notify_one());
    }
}

/// Acquires the lock if it is free. Returns whether it was.
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

/// Acquires the lock while the thread unwinds. If another thread holds it, refuses the model and lets the
/// others unwind until the lock is free.
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
            "A destructor waited for a lock while a panic unwound its thread, which the explorer can't \
             explore. Catch the panic first, then acquire the lock."
                .into(),
        ));
        loom::thread::yield_now();
        with(|run| run.current = me);
    }
}

/// Releases the lock and wakes the threads that wait for it.
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

/// Starts an execution. The caller is its `main`.
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
            unwound: None,
        }
    }
}

/// Adds a thread that has not run yet.
pub(crate) fn spawn(name: Option<String>) -> u16 {
    let number = with(|run| run.threads.len());
    if number == loom::MAX_THREADS {
        refuse(format!(
            "The model spawns too many threads: loom allows {}, including `main`. Use fewer threads.",
            loom::MAX_THREADS
        ));
    }
    let name = name.map_or_else(|| format!("thread {number}").into(), Into::into);
    let thread = Thread::new(name);
    with(|run| run.threads.push(thread));
    number as u16
}

/// Notes that the thread `me` runs for the first time. Returns whether it should run at all.
pub(crate) fn start(me: u16) -> bool {
    let handle = loom::thread::current();
    with(|run| {
        run.current = me;
        run.threads[usize::from(me)].handle = Some(handle);
        run.ending.is_none()
    })
}

/// Notes that the thread `me` has finished, and wakes the threads that join it.
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

/// Waits until `thread` has finished.
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

/// Returns a thread's name.
pub(crate) fn name(thread: u16) -> Arc<str> {
    with(|run| run.threads[usize::from(thread)].name.clone())
}

/// Returns the running thread's number and name.
pub(crate) fn current() -> (u16, Arc<str>) {
    with(|run| {
        (
            run.current,
            run.threads[usize::from(run.current)].name.clone(),
        )
    })
}

/// Waits, as `main`, for all threads that have not been joined. Called after `main` has returned.
pub(crate) fn join_all(me: u16) {
    for thread in 1.. {
        if with(|run| run.threads.len() <= usize::from(thread)) {
            break;
        }
        join(me, thread, None);
    }
}

/// Ends the execution and returns its result. `main` is the last thread to run.
pub(crate) fn finalize() -> Trace {
    while with(|run| {
        run.threads
            .iter()
            .skip(1)
            .any(|thread| !matches!(thread.status, Status::Done))
    }) {
        // Reached only if the execution has ended early: the others have yet to unwind.
        loom::thread::yield_now();
        with(|run| run.current = 0);
    }
    let run = RUN.take().expect("inside an execution");
    Trace {
        events: run.events,
        names: run.threads.into_iter().map(|thread| thread.name).collect(),
        ending: run.ending,
        panic: run.panic,
        gaps: run.gaps,
        orderings: run.orderings,
    }
}
