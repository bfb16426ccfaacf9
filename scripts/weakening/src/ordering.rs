//! Weakens an ordering by one step.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprMethodCall, Ident, ItemConst, ItemStatic, Path, UseRename};

use crate::change::Change;

/// What an operation does to memory, which decides the orderings it may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Load,
    Store,
    Both,
}

/// The orderings one step below, for an operation of this kind.
fn weaker(order: &str, access: Access) -> &'static [&'static str] {
    match (order, access) {
        ("SeqCst", Access::Load) => &["Acquire"],
        ("SeqCst", Access::Store) => &["Release"],
        ("SeqCst", Access::Both) => &["AcqRel"],
        ("AcqRel", _) => &["Acquire", "Release"],
        ("Acquire" | "Release", _) => &["Relaxed"],
        _ => &[],
    }
}

/// Collects the changes of a file.
pub struct Orderings<'a> {
    source: &'a str,
    /// The changes found so far.
    pub changes: Vec<Change>,
    /// An ordering that goes by another name, where no rule would find it.
    pub hidden: Option<syn::Error>,
}

impl<'a> Orderings<'a> {
    /// No change yet.
    pub fn new(source: &'a str) -> Orderings<'a> {
        Orderings {
            source,
            changes: Vec::new(),
            hidden: None,
        }
    }

    fn hide(&mut self, order: &Ident) {
        let message = format!(
            "this gives {order} another name; use its own, by which scripts/weaken finds it"
        );
        self.hidden
            .get_or_insert(syn::Error::new(order.span(), message));
    }

    fn weaken(&mut self, path: &Path, access: Access) {
        let Some(last) = path.segments.last() else {
            return;
        };
        let order = last.ident.to_string();
        for weaker in weaker(&order, access) {
            self.changes.push(Change::new(
                self.source,
                path.span(),
                format!("crate::sync::Ordering::{weaker}"),
                format!("{order} → {weaker}"),
            ));
        }
    }
}

/// The ordering that an expression names, if it is one.
pub(crate) fn named(expression: &Expr) -> Option<&Path> {
    let Expr::Path(path) = expression else {
        return None;
    };
    is_ordering(&path.path.segments.last()?.ident).then_some(&path.path)
}

fn is_ordering(name: &Ident) -> bool {
    ["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"]
        .iter()
        .any(|order| name == order)
}

impl<'ast> Visit<'ast> for Orderings<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        let orders: Vec<&Path> = call.args.iter().filter_map(named).collect();
        let method = call.method.to_string();
        for (index, order) in orders.iter().enumerate() {
            let access = match (&*method, index) {
                ("load", _) => Access::Load,
                ("store", _) => Access::Store,
                // The second is for a failure, which only reads. `fetch_update` has them in this order too.
                ("compare_exchange" | "compare_exchange_weak" | "fetch_update", 1) => Access::Load,
                _ => Access::Both,
            };
            self.weaken(order, access);
        }
        visit::visit_expr_method_call(self, call);
    }

    /// A fence loses its ordering by being removed.
    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(function) = &*call.func
            && function
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "fence")
            && let Some(order) = call.args.first().and_then(named)
        {
            let name = order.segments.last().map(|last| last.ident.to_string());
            let name = name.unwrap_or_default();
            match weaker(&name, Access::Both) {
                ["Relaxed"] => self.changes.push(Change::new(
                    self.source,
                    call.span(),
                    "()".to_owned(),
                    format!("fence({name}) removed"),
                )),
                _ => self.weaken(order, Access::Both),
            }
        }
        visit::visit_expr_call(self, call);
    }

    fn visit_use_rename(&mut self, import: &'ast UseRename) {
        if is_ordering(&import.ident) {
            self.hide(&import.ident);
        }
    }

    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        if let Some(order) = named(&item.expr).and_then(|path| path.segments.last()) {
            self.hide(&order.ident);
        }
        visit::visit_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        if let Some(order) = named(&item.expr).and_then(|path| path.segments.last()) {
            self.hide(&order.ident);
        }
        visit::visit_item_static(self, item);
    }
}
