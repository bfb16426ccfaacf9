//! Shared ownership.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::panic::Location;

use crate::event::{Action, Site};
use crate::run::{self, HandOver, Identity, Turn};

/// `std::sync::Arc` in a model.
///
/// Cloning and dropping a handle are not operations: they are not recorded, and their order is not
/// explored. Everything that a thread does before it drops its handle happens before the value's
/// destructor. If a model counts the handles while several exist, the exploration is not complete, and
/// its pictures say so.
///
/// # Panics
///
/// `new` and the methods that count handles panic outside a model.
pub struct Arc<T: ?Sized> {
    shared: std::sync::Arc<Shared>,
    /// `None` only after the handle has been unwrapped.
    value: Option<std::sync::Arc<T>>,
}

struct Shared {
    identity: Identity,
    drops: HandOver,
}

impl<T> Arc<T> {
    /// Creates the first handle to `value`.
    #[track_caller]
    pub fn new(value: T) -> Arc<T> {
        let shared = Shared {
            identity: Identity::new(),
            drops: HandOver::new(),
        };
        Arc {
            shared: std::sync::Arc::new(shared),
            value: Some(std::sync::Arc::new(value)),
        }
    }

    /// Returns the value if this is the last handle, and the handle otherwise.
    #[track_caller]
    pub fn try_unwrap(mut this: Arc<T>) -> Result<T, Arc<T>> {
        this.count("try_unwrap", Location::caller());
        let value = this
            .value
            .take()
            .expect("only an unwrapped handle has no value");
        match std::sync::Arc::try_unwrap(value) {
            Ok(value) => {
                this.shared.drops.acquire();
                Ok(value)
            }
            Err(value) => {
                this.value = Some(value);
                Err(this)
            }
        }
    }

    /// Returns the value if this is the last handle.
    #[track_caller]
    pub fn into_inner(this: Arc<T>) -> Option<T> {
        Arc::try_unwrap(this).ok()
    }
}

impl<T: ?Sized> Arc<T> {
    /// Counts the handles.
    #[track_caller]
    pub fn strong_count(this: &Arc<T>) -> usize {
        this.count("strong_count", Location::caller())
    }

    /// Returns the value if this is the only handle.
    #[track_caller]
    pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T> {
        if this.count("get_mut", Location::caller()) == 1 {
            this.shared.drops.acquire();
        }
        this.value.as_mut().and_then(std::sync::Arc::get_mut)
    }

    /// Whether both handles point to the same value.
    pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool {
        std::sync::Arc::ptr_eq(this.value(), other.value())
    }

    /// Counts the handles. This is an operation if the count can depend on the order.
    fn count(&self, method: &'static str, site: Site) -> usize {
        let Turn::Go(me) = self.shared.identity.turn() else {
            return std::sync::Arc::strong_count(self.value());
        };
        if run::solo() || std::sync::Arc::strong_count(self.value()) == 1 {
            return std::sync::Arc::strong_count(self.value());
        }
        run::point(me);
        run::gap(|gaps| gaps.handles = true);
        let count = std::sync::Arc::strong_count(self.value());
        let action = Action::Count {
            method,
            handles: count as u64,
        };
        run::record(Some(self.shared.identity.object), Some(site), action);
        count
    }

    fn value(&self) -> &std::sync::Arc<T> {
        self.value
            .as_ref()
            .expect("only an unwrapped handle has no value")
    }
}

impl<T: ?Sized> Drop for Arc<T> {
    fn drop(&mut self) {
        let Some(value) = &self.value else { return };
        // Without a destructor, the order of drops makes no difference.
        if std::mem::needs_drop::<T>() && run::active() {
            self.shared.drops.release();
            if std::sync::Arc::strong_count(value) == 1 {
                self.shared.drops.acquire();
            }
        }
    }
}

impl<T: ?Sized> Clone for Arc<T> {
    fn clone(&self) -> Arc<T> {
        Arc {
            shared: self.shared.clone(),
            value: self.value.clone(),
        }
    }
}

impl<T: ?Sized> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value()
    }
}

impl<T: ?Sized> AsRef<T> for Arc<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized> Borrow<T> for Arc<T> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: Default> Default for Arc<T> {
    #[track_caller]
    fn default() -> Arc<T> {
        Arc::new(T::default())
    }
}

impl<T> From<T> for Arc<T> {
    #[track_caller]
    fn from(value: T) -> Arc<T> {
        Arc::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
