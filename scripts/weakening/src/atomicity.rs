//! Turns a read-modify-write into a load and a store.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall};

use crate::change::{Change, text};
use crate::ordering::named;

/// Collects the changes of a file.
pub struct Updates<'a> {
    source: &'a str,
    /// The changes found so far.
    pub changes: Vec<Change>,
}

impl<'a> Updates<'a> {
    /// No change yet.
    pub fn new(source: &'a str) -> Updates<'a> {
        Updates {
            source,
            changes: Vec::new(),
        }
    }

    fn text(&self, expression: &Expr) -> String {
        text(self.source, expression.span()).to_owned()
    }

    /// The load and the store, as one expression with the same value.
    fn halves(&self, call: &ExprMethodCall) -> Option<String> {
        let atomic = self.text(&call.receiver);
        let method = call.method.to_string();
        let order = |index: usize| {
            let path = named(call.args.get(index)?)?;
            path.segments.last().map(|last| last.ident.to_string())
        };
        let argument = |index: usize| call.args.get(index).map(|it| self.text(it));
        let new = match &*method {
            "swap" => argument(0)?,
            "fetch_add" => format!("seen.wrapping_add({})", argument(0)?),
            "fetch_sub" => format!("seen.wrapping_sub({})", argument(0)?),
            "fetch_max" => format!("seen.max({})", argument(0)?),
            "fetch_min" => format!("seen.min({})", argument(0)?),
            "fetch_and" => format!("seen & ({})", argument(0)?),
            "fetch_nand" => format!("!(seen & ({}))", argument(0)?),
            "fetch_or" => format!("seen | ({})", argument(0)?),
            "fetch_xor" => format!("seen ^ ({})", argument(0)?),
            "compare_exchange" | "compare_exchange_weak" => {
                let (load, store) = (order(3)?, store(&order(2)?));
                return Some(format!(
                    "{{ let seen = {atomic}.load({}); if seen == ({}) {{ {atomic}.store({}, {}); Ok(seen) }} \
                     else {{ Err(seen) }} }}",
                    full(stronger(&load, &order(2)?)),
                    argument(0)?,
                    argument(1)?,
                    full(store),
                ));
            }
            "fetch_update" => {
                let (load, store) = (order(1)?, store(&order(0)?));
                return Some(format!(
                    "{{ let seen = {atomic}.load({}); match ({})(seen) {{ \
                     Some(new) => {{ {atomic}.store(new, {}); Ok(seen) }} None => Err(seen) }} }}",
                    full(stronger(&load, &order(0)?)),
                    argument(2)?,
                    full(store),
                ));
            }
            _ => return None,
        };
        let order = order(1)?;
        Some(format!(
            "{{ let seen = {atomic}.load({}); {atomic}.store({new}, {}); seen }}",
            full(load(&order)),
            full(store(&order)),
        ))
    }
}

fn full(order: &str) -> String {
    format!("crate::sync::Ordering::{order}")
}

/// The half of an ordering that a load may have.
fn load(order: &str) -> &'static str {
    match order {
        "SeqCst" => "SeqCst",
        "Acquire" | "AcqRel" => "Acquire",
        _ => "Relaxed",
    }
}

/// The half of an ordering that a store may have.
fn store(order: &str) -> &'static str {
    match order {
        "SeqCst" => "SeqCst",
        "Release" | "AcqRel" => "Release",
        _ => "Relaxed",
    }
}

/// The load's half of whichever of the two asks for more, so that only the atomicity is lost.
fn stronger(failure: &str, success: &str) -> &'static str {
    let rank = |order: &str| {
        ["Relaxed", "Acquire", "SeqCst"]
            .iter()
            .position(|it| *it == order)
    };
    let (failure, success) = (load(failure), load(success));
    if rank(failure) > rank(success) {
        failure
    } else {
        success
    }
}

impl<'ast> Visit<'ast> for Updates<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        if let Some(halves) = self.halves(call) {
            let mut change = Change::new(
                self.source,
                call.span(),
                halves,
                format!("{} → load, store", call.method),
            );
            // The line of the method, where a chain is broken into several.
            change.at(self.source, call.method.span());
            self.changes.push(change);
        }
        visit::visit_expr_method_call(self, call);
    }
}
