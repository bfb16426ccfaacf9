//! The table of threads: which one runs, and what each of the others waits for.

use std::rc::Rc;
use std::sync::Arc;

use super::locks::{LockId, Locks};
use super::quiet::HandOver;
use crate::event::{Mode, Object, Site};

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
pub(super) enum Status {
    Ready,
    /// Has requested a lock that was free at the time.
    Acquiring(LockId, Mode, Site),
    Blocked(Pending),
    Done,
}

pub(super) struct Thread {
    name: Arc<str>,
    status: Status,
    /// `None` until the thread runs for the first time.
    handle: Option<loom::thread::Thread>,
    /// Orders the thread's end before the joins of it.
    end: Rc<HandOver>,
    joined: bool,
    joiners: Vec<u16>,
    /// The number of objects that the thread has created.
    objects: u16,
    /// The number of operations so far that may be spurious events.
    candidates: u16,
    /// The first operation that ran while a panic unwound the thread.
    unwound: Option<Site>,
}

impl Thread {
    /// Creates the state of a thread that has not run yet.
    pub(super) fn new(name: Arc<str>) -> Thread {
        Thread {
            name,
            status: Status::Ready,
            handle: None,
            end: Rc::new(HandOver::new()),
            joined: false,
            joiners: Vec::new(),
            objects: 0,
            candidates: 0,
            unwound: None,
        }
    }
}

/// All threads of an execution, `main` first.
pub(super) struct Threads {
    threads: Vec<Thread>,
    current: u16,
}

impl Threads {
    pub(super) fn new(main: Thread) -> Threads {
        Threads {
            threads: vec![main],
            current: 0,
        }
    }

    pub(super) fn add(&mut self, thread: Thread) {
        self.threads.push(thread);
    }

    pub(super) fn count(&self) -> usize {
        self.threads.len()
    }

    fn get(&mut self, thread: u16) -> &mut Thread {
        &mut self.threads[usize::from(thread)]
    }

    /// Returns the running thread.
    pub(super) fn current(&self) -> u16 {
        self.current
    }

    /// Makes `me` the running thread. Returns the thread that ran until now.
    pub(super) fn resume(&mut self, me: u16) -> u16 {
        std::mem::replace(&mut self.current, me)
    }

    /// Whether `main` is alone: no thread has been spawned yet, or all have been joined.
    pub(super) fn solo(&self) -> bool {
        self.threads.iter().skip(1).all(|thread| thread.joined)
    }

    /// Whether all threads except `main` have finished.
    pub(super) fn all_done(&self) -> bool {
        let mut spawned = self.threads.iter().skip(1);
        spawned.all(|thread| matches!(thread.status, Status::Done))
    }

    /// Whether the thread could continue now.
    pub(super) fn is_enabled(&self, thread: u16, locks: &Locks) -> bool {
        match self.threads[usize::from(thread)].status {
            Status::Ready => true,
            Status::Acquiring(lock, mode, _) => locks.is_free(lock, mode),
            Status::Blocked(_) | Status::Done => false,
        }
    }

    /// Returns the threads that wait if no thread can continue. Empty if all have finished.
    pub(super) fn deadlock(&self, locks: &Locks) -> Vec<(u16, Pending)> {
        if (0..self.threads.len() as u16).any(|thread| self.is_enabled(thread, locks)) {
            return Vec::new();
        }
        let waiting = (0..).zip(&self.threads);
        let waiting = waiting.filter_map(|(thread, state)| match &state.status {
            Status::Blocked(pending) => Some((thread, pending.clone())),
            Status::Acquiring(_, mode, site) => Some((thread, Pending::Lock(*mode, site))),
            Status::Ready | Status::Done => None,
        });
        waiting.collect()
    }

    pub(super) fn set(&mut self, thread: u16, status: Status) {
        self.get(thread).status = status;
    }

    /// Makes a blocked thread ready. Returns its handle, to unpark it.
    pub(super) fn wake(&mut self, thread: u16) -> Option<loom::thread::Thread> {
        let thread = self.get(thread);
        if !matches!(thread.status, Status::Blocked(_)) {
            return None;
        }
        thread.status = Status::Ready;
        thread.handle.clone()
    }

    /// Makes all blocked threads ready. Returns their handles, to unpark them.
    pub(super) fn wake_all(&mut self) -> Vec<loom::thread::Thread> {
        let threads = 0..self.threads.len() as u16;
        threads.filter_map(|thread| self.wake(thread)).collect()
    }

    /// Notes that the thread runs for the first time.
    pub(super) fn start(&mut self, me: u16, handle: loom::thread::Thread) {
        self.current = me;
        self.get(me).handle = Some(handle);
    }

    /// Notes that the thread has finished. Returns the threads that join it, and what orders its end before
    /// them.
    pub(super) fn finish(&mut self, me: u16) -> (Vec<u16>, Rc<HandOver>) {
        self.current = me;
        let thread = self.get(me);
        thread.status = Status::Done;
        (std::mem::take(&mut thread.joiners), thread.end.clone())
    }

    /// Whether `thread` has finished. If not, adds `me` to the threads to wake when it does.
    pub(super) fn is_done_or_wakes(&mut self, thread: u16, me: u16) -> bool {
        let target = self.get(thread);
        let done = matches!(target.status, Status::Done);
        if !done {
            target.joiners.push(me);
        }
        done
    }

    /// Notes that `thread` has been joined. Returns what orders its end before the join.
    pub(super) fn join(&mut self, thread: u16) -> Rc<HandOver> {
        let thread = self.get(thread);
        thread.joined = true;
        thread.end.clone()
    }

    pub(super) fn name(&self, thread: u16) -> Arc<str> {
        self.threads[usize::from(thread)].name.clone()
    }

    pub(super) fn into_names(self) -> Vec<Arc<str>> {
        self.threads.into_iter().map(|thread| thread.name).collect()
    }

    /// Numbers an object that the running thread creates.
    pub(super) fn create_object(&mut self) -> Object {
        let creator = self.current;
        let thread = self.get(creator);
        let number = thread.objects;
        thread.objects += 1;
        Object { creator, number }
    }

    /// Numbers the thread's next operation that may be a spurious event.
    pub(super) fn number_candidate(&mut self, thread: u16) -> u16 {
        let thread = self.get(thread);
        let number = thread.candidates;
        thread.candidates += 1;
        number
    }

    /// Notes an operation of the running thread while a panic unwinds it.
    pub(super) fn note_unwound(&mut self, site: Site) {
        self.get(self.current).unwound.get_or_insert(site);
    }

    /// Forgets the operations while a panic unwound the thread. Returns the first.
    pub(super) fn take_unwound(&mut self, thread: u16) -> Option<Site> {
        self.get(thread).unwound.take()
    }
}
