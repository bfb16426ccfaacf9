//! Releases a lock and takes it again between two statements that need it held.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprBinary, Pat, Stmt, UnOp};

use crate::change::{Change, text};

/// Collects the changes of a file.
pub struct Guards<'a> {
    source: &'a str,
    /// The changes found so far.
    pub changes: Vec<Change>,
}

impl<'a> Guards<'a> {
    /// No change yet.
    pub fn new(source: &'a str) -> Guards<'a> {
        Guards {
            source,
            changes: Vec::new(),
        }
    }
}

/// The guard that a statement binds, and the expression that takes the lock:
/// `let mut state = self.state.lock().expect("…");`.
fn taken(statement: &Stmt) -> Option<(&Ident, &Expr)> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    let Pat::Ident(name) = &local.pat else {
        return None;
    };
    let taken = &*local.init.as_ref()?.expr;
    locks(taken).then_some((&name.ident, taken))
}

/// Whether an expression ends in a guard: `….lock()`, followed by nothing but how a poisoned lock is
/// handled.
fn locks(expression: &Expr) -> bool {
    match expression {
        Expr::MethodCall(call) => match &*call.method.to_string() {
            "lock" | "read" | "write" => call.args.is_empty(),
            "unwrap" | "expect" | "unwrap_or_else" => locks(&call.receiver),
            _ => false,
        },
        Expr::Try(it) => locks(&it.expr),
        _ => false,
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

fn drops(statement: &Stmt, name: &Ident) -> bool {
    let tokens = statement.to_token_stream().to_string();
    tokens.replace(' ', "") == format!("drop({name});")
}

/// The lock behind a place that is written through a guard of its own: `*self.value.lock().unwrap()`, or
/// a field of it.
fn locked_place(place: &Expr) -> bool {
    match place {
        Expr::Unary(it) => matches!(it.op, UnOp::Deref(_)) && locked_place(&it.expr),
        Expr::Field(it) => locked_place(&it.base),
        Expr::Paren(it) => locked_place(&it.expr),
        other => locks(other),
    }
}

impl<'ast> Visit<'ast> for Guards<'_> {
    /// `*value.lock() += 1` reads and writes under one lock: now under two.
    fn visit_expr_binary(&mut self, binary: &'ast ExprBinary) {
        let operator = text(self.source, binary.op.span());
        if let Some(operator) = operator.strip_suffix('=')
            && !matches!(operator, "" | "=" | "!" | "<" | ">")
            && locked_place(&binary.left)
        {
            let place = text(self.source, binary.left.span());
            let right = text(self.source, binary.right.span());
            self.changes.push(Change::new(
                self.source,
                binary.span(),
                format!("{{ let seen = {place}; {place} = seen {operator} ({right}); }}"),
                format!("{operator}= → a read under one lock, a write under another"),
            ));
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        for (index, statement) in block.stmts.iter().enumerate() {
            let Some((name, expression)) = taken(statement) else {
                continue;
            };
            let rest = &block.stmts[index + 1..];
            let held = rest
                .iter()
                .position(|it| drops(it, name))
                .unwrap_or(rest.len());
            for (position, statement) in rest[..held].iter().enumerate() {
                let used = |it: &Stmt| mentions(it.to_token_stream(), name);
                if !used(statement) || !rest[position + 1..held].iter().any(used) {
                    continue;
                }
                let span = statement.span();
                let again = text(self.source, expression.span());
                let mut change = Change::new(
                    self.source,
                    span,
                    format!(
                        "{} drop({name}); let mut {name} = {again};",
                        text(self.source, span)
                    ),
                    format!("{name}: released and taken again after this statement"),
                );
                change.retaken = Some((name.to_string(), again.to_owned()));
                change.on_any_line(self.source, span);
                self.changes.push(change);
            }
        }
        visit::visit_block(self, block);
    }
}
