//! Which computations a task is inside of, so that one that asks for its own key can be told.

#[cfg(not(test))]
tokio::task_local! {
    /// The numbers of the computations that the current future is part of, the outermost first.
    static INSIDE: Vec<u64>;
}

/// Runs a computation's future. What it polls is inside the computation; what it spawns isn't.
#[cfg(not(test))]
pub(crate) async fn inside<T>(number: u64, computation: impl Future<Output = T>) -> T {
    let mut numbers = INSIDE.try_with(Vec::clone).unwrap_or_default();
    numbers.push(number);
    INSIDE.scope(numbers, computation).await
}

/// Returns whether the current future is part of the computation.
#[cfg(not(test))]
pub(crate) fn is_inside(number: u64) -> bool {
    let found = INSIDE.try_with(|numbers| numbers.contains(&number));
    found.unwrap_or(false)
}

/// A model's threads share one OS thread and its locals. No model asks for a key inside a computation.
#[cfg(test)]
pub(crate) async fn inside<T>(_: u64, computation: impl Future<Output = T>) -> T {
    computation.await
}

#[cfg(test)]
pub(crate) fn is_inside(_: u64) -> bool {
    false
}
