//! The text that pictures show for each operation.

use std::sync::Arc;

use crate::event::{Action, Event, Site};
use crate::run::Pending;
use crate::source;

/// The text for one operation.
pub(crate) struct Text {
    /// The call as the source writes it, with its memory orderings.
    pub(crate) long: String,
    /// The call without orderings, for a narrow lane.
    pub(crate) short: String,
    /// What the operation returned or found.
    pub(crate) value: Option<String>,
}

impl Text {
    fn both(text: String) -> Text {
        Text {
            short: text.clone(),
            long: text,
            value: None,
        }
    }

    fn with(self, value: impl ToString) -> Text {
        Text {
            value: Some(value.to_string()),
            ..self
        }
    }
}

/// Returns an object's name in the source, or the source line if it has no name there.
pub(crate) fn object(site: Site) -> String {
    source::receiver(site).unwrap_or_else(|| line(site))
}

/// Formats a method call: `value.load`, or `file.rs:12 load` if the object has no name in the source.
fn call(site: Option<Site>, method: &str) -> String {
    match site {
        None => method.to_owned(),
        Some(site) => match source::receiver(site) {
            Some(receiver) => format!("{receiver}.{method}"),
            None => format!("{} {method}", line(site)),
        },
    }
}

/// Formats a source line without its folders: `file.rs:12`.
fn line(site: Site) -> String {
    let file = site.file().rsplit(['/', '\\']).next().unwrap_or_default();
    format!("{file}:{}", site.line())
}

pub(crate) fn event(event: &Event, names: &[Arc<str>]) -> Text {
    let text = action(event, names);
    match event.access.guarded {
        None => text,
        Some(left) if matches!(event.action, Action::Release(_)) => {
            Text::both(format!("{} = {left}", text.long))
        }
        // An attempt has a value of its own: that it was successful.
        Some(found) => {
            let value = text.value.as_deref();
            let value = value.map_or(found.to_string(), |value| format!("{value}, {found}"));
            Text {
                value: Some(value),
                ..text
            }
        }
    }
}

/// The text without the value that a mutex guards.
fn action(event: &Event, names: &[Arc<str>]) -> Text {
    let call = |method: &str| call(event.site, method);
    match event.action {
        Action::Load { order, value } => Text {
            long: format!("{}({order:?})", call("load")),
            short: format!("{}()", call("load")),
            value: Some(value.to_string()),
        },
        Action::Store { order, value } => Text {
            long: format!("{}({value}, {order:?})", call("store")),
            short: format!("{}({value})", call("store")),
            value: None,
        },
        Action::Rmw {
            method,
            operand,
            order,
            old,
            ..
        } => Text {
            long: format!("{}({operand}, {order:?})", call(method)),
            short: format!("{}({operand})", call(method)),
            value: Some(old.to_string()),
        },
        Action::CompareExchange {
            method,
            current,
            new,
            orders: (success, failure),
            found,
        } => {
            let call = call(method);
            Text {
                long: format!("{call}({current}, {new}, {success:?}, {failure:?})"),
                short: format!("{call}({current}, {new})"),
                value: Some(match found {
                    Ok(old) => format!("Ok({old})"),
                    Err(_) if event.action.is_spurious() => "fails spuriously".to_owned(),
                    Err(old) => format!("Err({old})"),
                }),
            }
        }
        Action::Fence { order } => Text::both(format!("fence({order:?})")),
        Action::Acquire(mode) => Text::both(format!("{}()", call(mode.method()))),
        Action::Try { mode, acquired } => {
            let text = format!("{}()", call(mode.try_method()));
            Text::both(text).with(if acquired { "acquired" } else { "would block" })
        }
        Action::Release(_) => Text::both(unlock(event.site)),
        Action::Wait => Text::both(format!("{}()", call("wait"))),
        Action::Woken { spurious: false } => Text::both("woken, lock reacquired".to_owned()),
        Action::Woken { spurious: true } => Text {
            long: "wakes up spuriously, lock reacquired".to_owned(),
            short: "wakes up spuriously".to_owned(),
            value: None,
        },
        Action::NotifyOne { woken } => {
            // The value is the name of the woken thread.
            Text::both(format!("{}()", call("notify_one"))).with(match woken {
                Some(thread) => names[usize::from(thread)].to_string(),
                None => "nobody".to_owned(),
            })
        }
        Action::NotifyAll { woken } => {
            Text::both(format!("{}()", call("notify_all"))).with(match woken {
                0 => "nobody".to_owned(),
                count => count.to_string(),
            })
        }
        Action::Notify => Text::both(format!("{}()", call("notify"))),
        Action::Notified => Text::both(format!("{}()", call("wait"))),
        Action::Register => Text::both(format!("{}(waker)", call("register"))),
        Action::TakeWaker { method, found } => Text::both(format!("{}()", call(method)))
            .with(if found { "a waker" } else { "no waker" }),
        Action::Wake => Text::both("waker.wake()".to_owned()),
        Action::Polled => Text::both("woken, polls again".to_owned()),
        Action::CellRead => Text::both(format!("{}(read)", call("with"))),
        Action::CellWrite => Text::both(format!("{}(write)", call("with_mut"))),
        Action::Count { method, handles } => {
            Text::both(format!("Arc::{method}()")).with(format!("{handles} handles"))
        }
    }
}

fn unlock(site: Option<Site>) -> String {
    let name = site
        .and_then(source::receiver)
        .unwrap_or_else(|| "the lock".to_owned());
    format!("unlock {name}")
}

/// Describes what a blocked thread waits for. `None` if the recorded event already shows it.
pub(crate) fn pending(pending: &Pending, names: &[Arc<str>]) -> Option<String> {
    match pending {
        Pending::Event(_) => None,
        Pending::Lock(mode, site) => Some(format!("{}()", call(Some(*site), mode.method()))),
        Pending::Join(thread, Some(_)) => Some(format!("join {}", names[usize::from(*thread)])),
        Pending::Join(thread, None) => {
            Some(format!("join {} at the end", names[usize::from(*thread)]))
        }
        Pending::Permit(site) => Some(format!("{}()", call(Some(*site), "wait"))),
        Pending::Future => Some("block_on(…)".to_owned()),
    }
}
