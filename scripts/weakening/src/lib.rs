//! The changes that make a kernel weaker, one at a time. A model that checks the kernel has to notice
//! each of them.
//!
//! | rule | change |
//! | --- | --- |
//! | [`ordering`] | an ordering above `Relaxed` is weakened by a step |
//! | [`atomicity`] | a read-modify-write becomes a load and a store |
//! | [`locking`] | a lock is released and taken again between two statements that need it held |
//!
//! [`switch`] combines changes, so that they can be compiled once and chosen at run time.
//!
//! A change that is harmless has a comment on its line that says why: `// weaken: …`.

pub mod atomicity;
mod change;
pub mod locking;
pub mod ordering;
pub mod switch;

pub use change::Change;

use syn::visit::Visit;

/// Every change to a source file, in the order of its lines.
///
/// # Errors
///
/// The source can't be parsed as Rust, or gives an ordering another name.
pub fn changes(source: &str) -> syn::Result<Vec<Change>> {
    let file = syn::parse_file(source)?;
    let mut ordering = ordering::Orderings::new(source);
    ordering.visit_file(&file);
    if let Some(error) = ordering.hidden {
        return Err(error);
    }
    let mut atomicity = atomicity::Updates::new(source);
    atomicity.visit_file(&file);
    let mut locking = locking::Guards::new(source);
    locking.visit_file(&file);
    let mut changes = ordering.changes;
    changes.append(&mut atomicity.changes);
    changes.append(&mut locking.changes);
    changes.sort_by_key(|change| (change.range.start, change.range.end));
    Ok(changes)
}

/// Whether the file is a kernel: it synchronises with what the chapter's facade gives it, and isn't
/// broken on purpose.
pub fn is_kernel(source: &str) -> bool {
    let broken = source
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .any(|line| line.contains("Broken on purpose"));
    !broken
        && source
            .lines()
            .any(|line| line.starts_with("use crate::sync::"))
}
