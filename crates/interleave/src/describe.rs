//! What a picture says of an operation.

use std::sync::Arc;

use crate::event::{Action, Event, Mode, Site};
use crate::run::Pending;
use crate::source;

/// An operation in words.
pub(crate) struct Words {
    /// As the source says it, with its memory orderings.
    pub(crate) long: String,
    /// Without them, for a narrow lane.
    pub(crate) short: String,
    /// What it returned or found.
    pub(crate) value: Option<String>,
}

impl Words {
    fn both(text: String) -> Words {
        Words {
            short: text.clone(),
            long: text,
            value: None,
        }
    }

    fn with(self, value: impl ToString) -> Words {
        Words {
            value: Some(value.to_string()),
            ..self
        }
    }
}

/// An object's name in the source, or else the source line.
pub(crate) fn object(site: Site) -> String {
    source::receiver(site).unwrap_or_else(|| line(site))
}

/// A method's call: its object's name in the source, or else the source line.
fn call(site: Option<Site>, method: &str) -> String {
    match site {
        None => method.to_owned(),
        Some(site) => match source::receiver(site) {
            Some(receiver) => format!("{receiver}.{method}"),
            None => format!("{} {method}", line(site)),
        },
    }
}

/// `file.rs:12`.
fn line(site: Site) -> String {
    let file = site.file().rsplit(['/', '\\']).next().unwrap_or_default();
    format!("{file}:{}", site.line())
}

/// `crates/chapter/src/file.rs:12`, with the same separators on every system.
pub(crate) fn source_line(file: &str, line: u32) -> String {
    format!("{}:{line}", file.replace('\\', "/"))
}

pub(crate) fn event(event: &Event, names: &[Arc<str>]) -> Words {
    let call = |method: &str| call(event.site, method);
    match event.action {
        Action::Load { order, value } => Words {
            long: format!("{}({order:?})", call("load")),
            short: format!("{}()", call("load")),
            value: Some(value.to_string()),
        },
        Action::Store { order, value } => Words {
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
        } => Words {
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
            Words {
                long: format!("{call}({current}, {new}, {success:?}, {failure:?})"),
                short: format!("{call}({current}, {new})"),
                value: Some(match found {
                    Ok(old) => format!("Ok({old})"),
                    Err(old) => format!("Err({old})"),
                }),
            }
        }
        Action::Fence { order } => Words::both(format!("fence({order:?})")),
        Action::Acquire(mode) => Words::both(format!("{}()", call(mode.method()))),
        Action::Try { mode, acquired } => {
            let text = format!("{}()", call(&format!("try_{}", mode.method())));
            Words::both(text).with(if acquired { "taken" } else { "would block" })
        }
        Action::Release(mode) => Words::both(released(event.site, mode)),
        Action::Wait => Words::both(format!("{}()", call("wait"))),
        Action::Woken => Words::both("woken, has the lock again".to_owned()),
        Action::NotifyOne { woken } => {
            // Who is woken.
            Words::both(format!("{}()", call("notify_one"))).with(match woken {
                Some(thread) => names[usize::from(thread)].to_string(),
                None => "nobody".to_owned(),
            })
        }
        Action::NotifyAll { woken } => {
            Words::both(format!("{}()", call("notify_all"))).with(match woken {
                0 => "nobody".to_owned(),
                count => count.to_string(),
            })
        }
        Action::Notify => Words::both(format!("{}()", call("notify"))),
        Action::Notified => Words::both(format!("{}()", call("wait"))),
        Action::Register => Words::both(format!("{}(waker)", call("register"))),
        Action::TakeWaker { method, found } => Words::both(format!("{}()", call(method)))
            .with(if found { "a waker" } else { "no waker" }),
        Action::Wake => Words::both("waker.wake()".to_owned()),
        Action::Polled => Words::both("woken, polls again".to_owned()),
        Action::CellRead => Words::both(format!("{}(read)", call("with"))),
        Action::CellWrite => Words::both(format!("{}(write)", call("with_mut"))),
        Action::Count { method, handles } => {
            Words::both(format!("Arc::{method}()")).with(format!("{handles} handles"))
        }
    }
}

fn released(site: Option<Site>, mode: Mode) -> String {
    let name = site
        .and_then(source::receiver)
        .unwrap_or_else(|| "the lock".to_owned());
    match mode {
        Mode::Lock => format!("unlock {name}"),
        Mode::Read => format!("end of read {name}"),
        Mode::Write => format!("end of write {name}"),
    }
}

/// What a blocked thread waits for; `None` where the recorded event says it already.
pub(crate) fn pending(pending: &Pending, names: &[Arc<str>]) -> Option<String> {
    match pending {
        Pending::Event(_) => None,
        Pending::Lock(mode, site) => Some(format!("{}()", call(Some(*site), mode.method()))),
        Pending::Join(thread, Some(_)) => Some(format!("join {}", names[usize::from(*thread)])),
        Pending::Join(thread, None) => Some(format!("end of {}", names[usize::from(*thread)])),
        Pending::Permit(site) => Some(format!("{}()", call(Some(*site), "wait"))),
        Pending::Future => Some("block_on(…)".to_owned()),
    }
}
