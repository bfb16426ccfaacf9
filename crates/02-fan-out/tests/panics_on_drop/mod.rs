//! The worst payload of a panic.

/// Panics again when it is dropped.
pub(crate) struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic!("the payload is dropped");
    }
}
