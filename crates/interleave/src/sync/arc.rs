//! Shared ownership; its handles are not operations.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::panic::Location;

use crate::event::{Action, Site};
use crate::run::{self, HandOver, Identity, Turn};

/// `std::sync::Arc` in a model.
///
/// Cloning a handle and dropping one are not operations: they are neither recorded nor put into
/// another order. What a thread did before it dropped its handle happens before the value's own
/// destructor. An exploration in which the number of handles is asked for while there are several is
/// therefore not complete, and says so.
///
/// # Panics
///
/// Outside of a model, but for what only reads the value.
pub struct Arc<T: ?Sized> {
    shared: std::sync::Arc<Shared>,
    /// `None` only when it is unwrapped.
    value: Option<std::sync::Arc<T>>,
}

struct Shared {
    identity: Identity,
    drops: HandOver,
}

impl<T> Arc<T> {
    /// The first handle to `value`.
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

    /// The value if this is the last handle, or else the handle.
    #[track_caller]
    pub fn try_unwrap(mut this: Arc<T>) -> Result<T, Arc<T>> {
        this.count("try_unwrap", Location::caller());
        let value = this
            .value
            .take()
            .expect("only a handle that is used up has none");
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

    /// The value if this is the last handle.
    #[track_caller]
    pub fn into_inner(this: Arc<T>) -> Option<T> {
        Arc::try_unwrap(this).ok()
    }
}

impl<T: ?Sized> Arc<T> {
    /// How many handles there are.
    #[track_caller]
    pub fn strong_count(this: &Arc<T>) -> usize {
        this.count("strong_count", Location::caller())
    }

    /// The value if this is the only handle.
    #[track_caller]
    pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T> {
        if this.count("get_mut", Location::caller()) == 1 {
            this.shared.drops.acquire();
        }
        this.value.as_mut().and_then(std::sync::Arc::get_mut)
    }

    /// Whether both are handles to one value.
    pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool {
        std::sync::Arc::ptr_eq(this.value(), other.value())
    }

    /// Counts the handles, as an operation if that can depend on the order.
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
        run::record(Some(self.shared.identity.object), Some(site), action, false);
        count
    }

    fn value(&self) -> &std::sync::Arc<T> {
        self.value
            .as_ref()
            .expect("only a handle that is used up has none")
    }
}

impl<T: ?Sized> Drop for Arc<T> {
    fn drop(&mut self) {
        let Some(value) = &self.value else { return };
        // Only a destructor can tell.
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
