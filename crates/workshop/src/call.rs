//! Takes the operations of a drawn execution apart.

use diagram::{Lanes, Mark, Step};

/// One operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    /// The lane of its thread.
    pub(crate) lane: usize,
    /// What the source calls the object, such as `next`.
    pub(crate) object: &'a str,
    /// The method, such as `load`; also `unlock`, and `woken` for the end of a wait.
    pub(crate) method: &'a str,
    /// The arguments, with the orderings.
    pub(crate) arguments: &'a str,
    /// What it returned.
    pub(crate) returned: Option<&'a str>,
    mark: Option<Mark>,
}

/// Returns the operations of an execution in order. A panic is drawn as a step, but it isn't an operation.
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

    /// Returns whether it never returned.
    pub(crate) fn blocks(&self) -> bool {
        self.mark == Some(Mark::Blocked)
    }

    /// Returns whether it read a value that wasn't the newest.
    pub(crate) fn is_stale(&self) -> bool {
        self.mark == Some(Mark::Stale)
    }

    /// Returns whether it orders other memory.
    pub(crate) fn is_strong(&self) -> bool {
        ["Acquire", "Release", "AcqRel", "SeqCst"]
            .iter()
            .any(|ordering| self.arguments.contains(ordering))
    }

    /// Returns whether it is a compare-exchange.
    pub(crate) fn is_exchange(&self) -> bool {
        self.method.starts_with("compare_exchange")
    }

    /// Returns whether it is a compare-exchange that failed.
    pub(crate) fn failed(&self) -> bool {
        self.is_exchange() && self.returned.is_some_and(|found| found.starts_with("Err"))
    }

    /// Returns whether it wakes waiting threads.
    pub(crate) fn notifies(&self) -> bool {
        self.method.starts_with("notify")
    }

    /// Returns whether it acquires a lock.
    pub(crate) fn locks(&self) -> bool {
        matches!(self.method, "lock" | "read" | "write")
    }
}
