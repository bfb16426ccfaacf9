//! Atomics whose loads may return any write that the memory model allows.

pub use std::sync::atomic::Ordering;

use std::fmt;
use std::panic::Location;
use std::sync::Mutex;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use super::word::Word;
use crate::event::{Access, Action, Value};
use crate::run::{self, Identity, Turn};

/// The number of writes to an atomic that loom remembers, including the initial value.
const HISTORY: usize = 7;

/// The method that may fail spuriously.
const WEAK: &str = "compare_exchange_weak";

/// A number that no write has.
const NO_WRITE: usize = usize::MAX;

/// All writes to one atomic, numbered. Loom's atomic contains the number of a write, which distinguishes
/// two writes of the same value.
struct Writes<T> {
    /// `None` for a read-modify-write that has not taken effect: its value depends on what it reads.
    values: Vec<Option<T>>,
    /// The number of the newest recorded write.
    newest: usize,
    /// How many writes have taken effect.
    count: usize,
}

impl<T: Copy> Writes<T> {
    fn value(&self, number: usize) -> T {
        self.values[number].expect("only writes that took effect are read")
    }

    /// Notes that a write has taken effect.
    fn wrote(&mut self, number: usize) {
        self.newest = number;
        self.count += 1;
    }
}

struct Atomic<T> {
    identity: Identity,
    number: loom::sync::atomic::AtomicUsize,
    writes: Mutex<Writes<T>>,
}

impl<T: Word> Atomic<T> {
    #[track_caller]
    fn new(value: T) -> Atomic<T> {
        Atomic {
            identity: Identity::new(),
            number: loom::sync::atomic::AtomicUsize::new(0),
            writes: Mutex::new(Writes {
                values: vec![Some(value)],
                newest: 0,
                count: 1,
            }),
        }
    }

    fn with<R>(&self, f: impl FnOnce(&mut Writes<T>) -> R) -> R {
        f(&mut self.writes.lock().expect("no panic while it is held"))
    }

    fn newest(&self) -> T {
        self.with(|writes| writes.value(writes.newest))
    }

    /// Returns the number of a write that is about to happen.
    fn number(&self, value: Option<T>) -> usize {
        self.with(|writes| {
            writes.values.push(value);
            writes.values.len() - 1
        })
    }

    /// Returns the value that was read, and whether the read is stale.
    fn read(&self, number: usize) -> (T, bool) {
        self.with(|writes| (writes.value(number), number != writes.newest))
    }

    #[track_caller]
    fn record(&self, action: Action, access: Access) {
        run::record_access(
            Some(self.identity.object),
            Some(Location::caller()),
            action,
            access,
        );
        run::seal();
    }

    #[track_caller]
    fn load(&self, order: Ordering) -> T {
        match order {
            Release => panic!("there is no such thing as a release load"),
            AcqRel => panic!("there is no such thing as an acquire-release load"),
            _ => {}
        }
        let Turn::Go(me) = self.identity.turn() else {
            return self.newest();
        };
        let seq_cst = run::is_seq_cst(order);
        let number = if seq_cst {
            self.newest_number(Acquire)
        } else {
            self.number.load(order)
        };
        run::after(me);
        let (value, stale) = self.read(number);
        if self.with(|writes| writes.count > HISTORY) && !seq_cst && !run::solo() {
            run::gap(|gaps| gaps.history = true);
        }
        self.record(
            Action::Load {
                order,
                value: value.value(),
            },
            Access {
                read: Some(number),
                stale,
                ..Access::default()
            },
        );
        value
    }

    #[track_caller]
    fn store(&self, value: T, order: Ordering) {
        match order {
            Acquire => panic!("there is no such thing as an acquire store"),
            AcqRel => panic!("there is no such thing as an acquire-release store"),
            _ => {}
        }
        let number = self.number(Some(value));
        if let Turn::Go(me) = self.identity.turn() {
            if run::is_seq_cst(order) {
                // Loom chooses at the point, so no other thread runs between the two steps below. Reading the
                // newest write first orders this write after it. The read is `Relaxed` because it is not part
                // of the model.
                run::point(me);
                run::quiet(|| {
                    self.newest_number(Relaxed);
                    self.number.store(number, Release);
                });
            } else {
                self.number.store(number, order);
                run::after(me);
            }
            self.with(|writes| writes.wrote(number));
            self.record(
                Action::Store {
                    order,
                    value: value.value(),
                },
                Access {
                    wrote: Some(number),
                    ..Access::default()
                },
            );
        } else {
            self.with(|writes| writes.wrote(number));
        }
    }

    #[track_caller]
    fn rmw(&self, method: &'static str, operand: T, order: Ordering, f: impl Fn(T) -> T) -> T {
        let Turn::Go(me) = self.identity.turn() else {
            let old = self.newest();
            let number = self.number(Some(f(old)));
            self.with(|writes| writes.wrote(number));
            return old;
        };
        run::is_seq_cst(order);
        let number = self.number(None);
        let read = self.number.swap(number, order);
        run::after(me);
        let (old, stale) = self.read(read);
        self.with(|writes| {
            writes.values[number] = Some(f(old));
            writes.wrote(number);
        });
        let action = Action::Rmw {
            method,
            operand: operand.value(),
            order,
            old: old.value(),
            new: f(old).value(),
        };
        let access = Access {
            read: Some(read),
            wrote: Some(number),
            stale,
            ..Access::default()
        };
        self.record(action, access);
        old
    }

    #[track_caller]
    fn compare_exchange(
        &self,
        method: &'static str,
        current: T,
        new: T,
        success: Ordering,
        failure: Ordering,
    ) -> Result<T, T> {
        match failure {
            Release => panic!("there is no such thing as a release failure ordering"),
            AcqRel => panic!("there is no such thing as an acquire-release failure ordering"),
            _ => {}
        }
        let Turn::Go(me) = self.identity.turn() else {
            let old = self.newest();
            if old != current {
                return Err(old);
            }
            let number = self.number(Some(new));
            self.with(|writes| writes.wrote(number));
            return Ok(old);
        };
        run::is_seq_cst(success);
        run::is_seq_cst(failure);
        let number = self.number(Some(new));
        let found = if method == WEAK && run::is_forced(me) {
            let read = self.newest_number(failure);
            run::after(me);
            Err(read)
        } else {
            self.exchange(me, current, number, success, failure)
        };
        let (Ok(read) | Err(read)) = found;
        let (old, stale) = self.read(read);
        if found.is_ok() {
            self.with(|writes| writes.wrote(number));
        }
        let found = found.map(|_| old).map_err(|_| old);
        let action = Action::CompareExchange {
            method,
            current: current.value(),
            new: new.value(),
            orders: (success, failure),
            found: found.map(Word::value).map_err(Word::value),
        };
        let access = Access {
            read: Some(read),
            wrote: found.is_ok().then_some(number),
            stale,
            ..Access::default()
        };
        self.record(action, access);
        found
    }

    /// Returns the number of the newest write. A failed exchange reads the newest write, whereas a load may
    /// read an older one.
    fn newest_number(&self, order: Ordering) -> usize {
        let found = self
            .number
            .compare_exchange(NO_WRITE, NO_WRITE, order, order);
        found.expect_err("no write has this number")
    }

    /// Exchanges by value, although loom compares numbers. Returns the number of the write that was read.
    fn exchange(
        &self,
        me: u16,
        current: T,
        number: usize,
        success: Ordering,
        failure: Ordering,
    ) -> Result<usize, usize> {
        let holds = |read: usize| self.with(|writes| writes.values[read] == Some(current));
        // The newest write of the expected value, if any.
        let mut guess = self.with(|writes| {
            (0..number)
                .rev()
                .find(|&write| writes.values[write] == Some(current))
                .unwrap_or(NO_WRITE)
        });
        loop {
            // Relaxed on failure: a wrong guess is not an operation of the model, so it must not order memory.
            let found = self
                .number
                .compare_exchange(guess, number, success, Relaxed);
            run::after(me);
            match found {
                Ok(read) => return Ok(read),
                Err(read) if holds(read) => guess = read,
                Err(read) if failure == Relaxed => return Err(read),
                Err(_) => {
                    let found = self
                        .number
                        .compare_exchange(NO_WRITE, number, success, failure);
                    run::after(me);
                    let read = found.expect_err("no write has this number");
                    if !holds(read) {
                        return Err(read);
                    }
                    guess = read;
                }
            }
        }
    }

    #[track_caller]
    fn fetch_update(
        &self,
        set_order: Ordering,
        fetch_order: Ordering,
        mut f: impl FnMut(T) -> Option<T>,
    ) -> Result<T, T> {
        let mut seen = self.load(fetch_order);
        while let Some(next) = f(seen) {
            match self.compare_exchange(WEAK, seen, next, set_order, fetch_order) {
                Ok(old) => return Ok(old),
                Err(newer) => seen = newer,
            }
        }
        Err(seen)
    }
}

impl<T: Word> fmt::Debug for Atomic<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.newest().value(), f)
    }
}

/// `std::sync::atomic::fence`, explored and recorded.
///
/// # Panics
///
/// If the ordering is `Relaxed`, and outside a model.
#[track_caller]
pub fn fence(order: Ordering) {
    assert!(
        order != Relaxed,
        "there is no such thing as a relaxed fence"
    );
    let site = Location::caller();
    let Turn::Go(me) = run::turn() else { return };
    run::point(me);
    loom::sync::atomic::fence(order);
    run::record(None, Some(site), Action::Fence { order });
}

macro_rules! atomic {
    ($name:ident, $word:ty, $value:expr, { $($methods:tt)* }) => {
        impl Word for $word {
            fn value(self) -> Value {
                #[allow(clippy::unnecessary_cast)]
                $value(self as _)
            }
        }

        #[doc = concat!("`std::sync::atomic::", stringify!($name), "`, explored and recorded.")]
        ///
        /// A load may return any write that the memory model allows. A read-modify-write reads the
        /// newest write. `compare_exchange_weak` doesn't fail spuriously, except up to the bound that
        /// [`Explorer::spurious`](crate::Explorer::spurious) sets.
        ///
        /// # Panics
        ///
        /// Outside a model, and with an ordering with which std's method panics.
        pub struct $name(Atomic<$word>);

        impl $name {
            /// Creates an atomic that contains `value`.
            #[track_caller]
            pub fn new(value: $word) -> $name {
                $name(Atomic::new(value))
            }

            /// Reads the value.
            #[track_caller]
            pub fn load(&self, order: Ordering) -> $word {
                self.0.load(order)
            }

            /// Writes the value.
            #[track_caller]
            pub fn store(&self, value: $word, order: Ordering) {
                self.0.store(value, order);
            }

            /// Writes the value and returns the previous one.
            #[track_caller]
            pub fn swap(&self, value: $word, order: Ordering) -> $word {
                self.0.rmw("swap", value, order, |_| value)
            }

            /// Writes `new` if the value is `current`. Returns the previous value: `Ok` if it was
            /// replaced, `Err` if not.
            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $word,
                new: $word,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$word, $word> {
                self.0.compare_exchange("compare_exchange", current, new, success, failure)
            }

            /// Like `compare_exchange`, but may fail although the value is `current`, up to the bound that
            /// [`Explorer::spurious`](crate::Explorer::spurious) sets. Without a bound, it never does.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $word,
                new: $word,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$word, $word> {
                self.0.compare_exchange(WEAK, current, new, success, failure)
            }

            /// Loads the value, then repeats `compare_exchange_weak` until it succeeds or `f` returns
            /// `None`. Each of these operations is recorded.
            #[track_caller]
            pub fn fetch_update(
                &self,
                set_order: Ordering,
                fetch_order: Ordering,
                f: impl FnMut($word) -> Option<$word>,
            ) -> Result<$word, $word> {
                self.0.fetch_update(set_order, fetch_order, f)
            }

            /// Returns the newest value. Not an operation: no other thread can reach the atomic any more.
            pub fn into_inner(self) -> $word {
                self.0.newest()
            }

            /// Returns the newest value. Not an operation: no other thread can reach the atomic.
            pub fn get_mut(&mut self) -> &mut $word {
                let writes = self.0.writes.get_mut().expect("no panic while it is held");
                writes.values[writes.newest].as_mut().expect("the newest write took effect")
            }

            $($methods)*
        }

        impl Default for $name {
            #[track_caller]
            fn default() -> $name {
                $name::new(<$word>::default())
            }
        }

        impl From<$word> for $name {
            #[track_caller]
            fn from(value: $word) -> $name {
                $name::new(value)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! fetch {
    ($($method:ident($word:ty): $what:literal, $f:expr;)*) => {$(
        #[doc = $what]
        #[track_caller]
        pub fn $method(&self, operand: $word, order: Ordering) -> $word {
            self.0.rmw(stringify!($method), operand, order, |value| $f(value, operand))
        }
    )*};
}

macro_rules! atomic_integers {
    ($($name:ident($word:ty, $value:expr);)*) => {$(
        atomic!($name, $word, $value, {
            fetch! {
                fetch_add($word): "Adds, wrapping on overflow. Returns the previous value.",
                    <$word>::wrapping_add;
                fetch_sub($word): "Subtracts, wrapping on overflow. Returns the previous value.",
                    <$word>::wrapping_sub;
                fetch_max($word): "Writes the larger value. Returns the previous value.", Ord::max;
                fetch_min($word): "Writes the smaller value. Returns the previous value.", Ord::min;
                fetch_and($word): "Computes the bitwise and. Returns the previous value.",
                    |value: $word, operand| value & operand;
                fetch_nand($word): "Computes the bitwise nand. Returns the previous value.",
                    |value: $word, operand: $word| !(value & operand);
                fetch_or($word): "Computes the bitwise or. Returns the previous value.",
                    |value: $word, operand| value | operand;
                fetch_xor($word): "Computes the bitwise exclusive or. Returns the previous value.",
                    |value: $word, operand| value ^ operand;
            }
        });
    )*};
}

atomic_integers! {
    AtomicU8(u8, Value::Unsigned);
    AtomicU16(u16, Value::Unsigned);
    AtomicU32(u32, Value::Unsigned);
    AtomicU64(u64, Value::Unsigned);
    AtomicUsize(usize, Value::Unsigned);
    AtomicI8(i8, Value::Signed);
    AtomicI16(i16, Value::Signed);
    AtomicI32(i32, Value::Signed);
    AtomicI64(i64, Value::Signed);
    AtomicIsize(isize, Value::Signed);
}

atomic!(AtomicBool, bool, Value::Bool, {
    fetch! {
        fetch_and(bool): "Computes the logical and. Returns the previous value.",
            |value: bool, operand| value & operand;
        fetch_nand(bool): "Computes the logical nand. Returns the previous value.",
            |value: bool, operand: bool| !(value & operand);
        fetch_or(bool): "Computes the logical or. Returns the previous value.",
            |value: bool, operand| value | operand;
        fetch_xor(bool): "Computes the logical exclusive or. Returns the previous value.",
            |value: bool, operand| value ^ operand;
    }

    /// Negates the value. Returns the previous value.
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.0.rmw("fetch_xor", true, order, |value| !value)
    }
});
