//! One interface for the variants of a kernel.

/// Declares a trait, and implements it for types that have its methods already. A model then takes the type as a
/// parameter: the broken variant has to fail it, and the fixed one has to pass.
///
/// ```
/// mod lost_update {
///     pub struct Counter;
///     impl Counter {
///         pub fn new() -> Counter { Counter }
///         pub fn add(&self, more: u64) -> u64 { more }
///     }
/// }
///
/// interleave::variants! {
///     /// What the counters have in common.
///     trait Counter {
///         fn new() -> Self;
///         fn add(&self, more: u64) -> u64;
///     }
///     for lost_update::Counter
/// }
///
/// fn model<C: Counter>() -> u64 {
///     C::new().add(2)
/// }
/// assert_eq!(model::<lost_update::Counter>(), 2);
/// ```
///
/// Each type has to be `Send`, `Sync` and `'static`, because threads share it. Each method takes `&self`, or no `self`
/// at all. The compiler warns that a method calls itself if one of the types doesn't have it.
#[macro_export]
macro_rules! variants {
    ($(#[$about:meta])* $visibility:vis trait $name:ident $methods:tt for $($variant:ty),+ $(,)?) => {
        $(#[$about])*
        $visibility trait $name: Send + Sync + 'static $methods
        $(impl $name for $variant { $crate::variants! { @impl $methods } })+
    };
    (@impl { $($(#[$about:meta])* fn $method:ident $parameters:tt $(-> $output:ty)?;)* }) => {
        $($crate::variants! { @method $method $parameters $(-> $output)? })*
    };
    (@method $method:ident (&self $(, $argument:ident: $type:ty)* $(,)?) $(-> $output:ty)?) => {
        fn $method(&self $(, $argument: $type)*) $(-> $output)? {
            self.$method($($argument),*)
        }
    };
    (@method $method:ident ($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)?) => {
        fn $method($($argument: $type),*) $(-> $output)? {
            Self::$method($($argument),*)
        }
    };
}
