//! The memo on one thread, which says what each answer should be.

/// The keys are 0 and 1.
pub(crate) const KEYS: u64 = 2;

/// A call to the memo.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    GetOrCompute { key: u64, panics: bool },
    Get { key: u64 },
    Remove { key: u64 },
    Len,
}

/// What the call returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The value that this very call computed.
    Computed(u32),
    /// A value that another call had computed.
    Found(u32),
    /// This very call's computation panicked.
    Panicked,
    Value(Option<u32>),
    Len(usize),
}

/// The value of each key, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sequential([Option<u32>; KEYS as usize]);

impl Sequential {
    /// Makes the call and returns the new state, unless the answer isn't what this memo would have answered.
    pub(crate) fn after(&self, operation: Operation, answer: Answer) -> Option<Sequential> {
        let mut next = *self;
        let values = &mut next.0;
        let explained = match (operation, answer) {
            (Operation::GetOrCompute { key, panics }, Answer::Computed(value)) => {
                !panics && values[key as usize].replace(value).is_none()
            }
            (Operation::GetOrCompute { key, .. }, Answer::Found(value)) => {
                values[key as usize] == Some(value)
            }
            (Operation::GetOrCompute { key, panics }, Answer::Panicked) => {
                panics && values[key as usize].is_none()
            }
            (Operation::Get { key }, Answer::Value(value)) => values[key as usize] == value,
            (Operation::Remove { key }, Answer::Value(value)) => {
                values[key as usize].take() == value
            }
            (Operation::Len, Answer::Len(len)) => self.0.iter().flatten().count() == len,
            _ => false,
        };
        explained.then_some(next)
    }
}
