//! The operations of a drawn execution, taken apart: a grader asks what an operation did, whatever it is called.

use diagram::{Lanes, Mark, Step};

/// One operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The lane of its thread.
    pub(crate) lane: usize,
    /// What the source calls the object: `next`.
    pub(crate) object: &'a str,
    /// `load`, `lock`, `unlock`, `notify_one` and so on; `woken` where a thread returns from a wait.
    pub(crate) method: &'a str,
    /// The arguments, orderings included.
    pub(crate) arguments: &'a str,
    /// What it returned.
    pub(crate) returned: Option<&'a str>,
    mark: Option<Mark>,
}

/// The operations of the execution, in their order. A panic is drawn as a step, but isn't one of them.
pub(crate) fn calls(lanes: &Lanes) -> Vec<Call<'_>> {
    let steps = lanes.steps.iter();
    let operations = steps.filter(|step| step.mark != Some(Mark::Panicked));
    operations.map(Call::of).collect()
}

impl<'a> Call<'a> {
    fn of(step: &'a Step) -> Call<'a> {
        let text = step.text.as_str();
        let (object, method, arguments) = match text.rsplit_once('(') {
            Some((call, arguments)) => {
                let (object, method) = call.rsplit_once(['.', ' ']).unwrap_or(("", call));
                (object, method, arguments.trim_end_matches(')'))
            }
            None => {
                let (method, object) = text.split_once([' ', ',']).unwrap_or((text, ""));
                (object, method, "")
            }
        };
        Call {
            lane: step.lane,
            object,
            method,
            arguments,
            returned: step.value.as_deref(),
            mark: step.mark,
        }
    }

    /// Whether it never returned.
    pub(crate) fn blocks(&self) -> bool {
        self.mark == Some(Mark::Blocked)
    }

    /// Whether it read a value that wasn't the newest.
    pub(crate) fn is_stale(&self) -> bool {
        self.mark == Some(Mark::Stale)
    }

    /// Whether it orders other memory.
    pub(crate) fn is_strong(&self) -> bool {
        ["Acquire", "Release", "AcqRel", "SeqCst"]
            .iter()
            .any(|ordering| self.arguments.contains(ordering))
    }

    /// Whether it is a compare-exchange.
    pub(crate) fn is_exchange(&self) -> bool {
        self.method.starts_with("compare_exchange")
    }

    /// Whether it is a compare-exchange that failed.
    pub(crate) fn failed(&self) -> bool {
        self.is_exchange() && self.returned.is_some_and(|found| found.starts_with("Err"))
    }

    /// Whether it wakes threads that wait.
    pub(crate) fn notifies(&self) -> bool {
        self.method.starts_with("notify")
    }

    /// Whether it acquires a lock.
    pub(crate) fn locks(&self) -> bool {
        matches!(self.method, "lock" | "read" | "write")
    }
}
