//! Which changes each rule makes of a small kernel.

use expect_test::{Expect, expect};
use weakening::switch::Switched;
use weakening::{changes, is_kernel};

/// The changes to a function's body: the line, what is changed, and the line with the change.
#[track_caller]
fn check(body: &str, expected: Expect) {
    let source = format!("fn kernel() {{\n{body}\n}}\n");
    let mut listed = String::new();
    for change in changes(&source).unwrap() {
        let changed = change.applied(&source);
        assert!(syn::parse_file(&changed).is_ok(), "{changed}");
        let body = changed.lines().skip(1).collect::<Vec<_>>();
        let body = body[..body.len() - 1].join("\n");
        listed += &format!("{}: {}\n{body}\n", change.line - 1, change.what);
        if let Some(reason) = change.harmless {
            listed += &format!("harmless: {reason}\n");
        }
    }
    expected.assert_eq(&listed);
}

#[test]
fn an_ordering_loses_a_step() {
    check(
        "flag.load(Acquire);",
        expect![[r#"
        1: Acquire → Relaxed
        flag.load(crate::sync::Ordering::Relaxed);
    "#]],
    );
    check(
        "flag.store(true, Ordering::Release);",
        expect![[r#"
        1: Release → Relaxed
        flag.store(true, crate::sync::Ordering::Relaxed);
    "#]],
    );
    check(
        "flag.load(SeqCst); flag.store(true, SeqCst);",
        expect![[r#"
            1: SeqCst → Acquire
            flag.load(crate::sync::Ordering::Acquire); flag.store(true, SeqCst);
            1: SeqCst → Release
            flag.load(SeqCst); flag.store(true, crate::sync::Ordering::Release);
        "#]],
    );
    check(
        "flag.load(Relaxed); flag.store(true, Relaxed);",
        expect![[""]],
    );
    check(
        "fence(Acquire); fence(SeqCst);",
        expect![[r#"
        1: fence(Acquire) removed
        (); fence(SeqCst);
        1: SeqCst → AcqRel
        fence(Acquire); fence(crate::sync::Ordering::AcqRel);
    "#]],
    );
}

#[test]
fn a_read_modify_write_becomes_two_operations() {
    check(
        "let old = self.count.fetch_add(1, Relaxed);",
        expect![[r#"
        1: fetch_add → load, store
        let old = { let seen = self.count.load(crate::sync::Ordering::Relaxed); self.count.store(seen.wrapping_add(1), crate::sync::Ordering::Relaxed); seen };
    "#]],
    );
    check(
        "next.fetch_max(len, AcqRel)",
        expect![[r#"
        1: fetch_max → load, store
        { let seen = next.load(crate::sync::Ordering::Acquire); next.store(seen.max(len), crate::sync::Ordering::Release); seen }
        1: AcqRel → Acquire
        next.fetch_max(len, crate::sync::Ordering::Acquire)
        1: AcqRel → Release
        next.fetch_max(len, crate::sync::Ordering::Release)
    "#]],
    );
    check(
        "flag.swap(true, Release)",
        expect![[r#"
        1: swap → load, store
        { let seen = flag.load(crate::sync::Ordering::Relaxed); flag.store(true, crate::sync::Ordering::Release); seen }
        1: Release → Relaxed
        flag.swap(true, crate::sync::Ordering::Relaxed)
    "#]],
    );
    check(
        "flag.compare_exchange(false, true, AcqRel, Relaxed)",
        expect![[r#"
            1: compare_exchange → load, store
            { let seen = flag.load(crate::sync::Ordering::Acquire); if seen == (false) { flag.store(true, crate::sync::Ordering::Release); Ok(seen) } else { Err(seen) } }
            1: AcqRel → Acquire
            flag.compare_exchange(false, true, crate::sync::Ordering::Acquire, Relaxed)
            1: AcqRel → Release
            flag.compare_exchange(false, true, crate::sync::Ordering::Release, Relaxed)
        "#]],
    );
    check(
        "count.fetch_update(Relaxed, Relaxed, |it| it.checked_sub(1))",
        expect![[r#"
            1: fetch_update → load, store
            { let seen = count.load(crate::sync::Ordering::Relaxed); match (|it| it.checked_sub(1))(seen) { Some(new) => { count.store(new, crate::sync::Ordering::Relaxed); Ok(seen) } None => Err(seen) } }
        "#]],
    );
}

#[test]
fn a_lock_is_released_between_two_uses() {
    check(
        "let mut state = self.state.lock().unwrap();\nif state.closed { return; }\nstate.items.push(1);",
        expect![[r#"
            2: state: released and taken again after this statement
            let mut state = self.state.lock().unwrap();
            if state.closed { return; } drop(state); let mut state = self.state.lock().unwrap();
            state.items.push(1);
        "#]],
    );
    check(
        "let state = self.state.lock().unwrap();\nlook(&state);\ndrop(state);\nself.changed.notify_one();",
        expect![[""]],
    );
    check(
        "*self.value.lock().unwrap() += 1;",
        expect![[r#"
        1: += → a read under one lock, a write under another
        { let seen = *self.value.lock().unwrap(); *self.value.lock().unwrap() = seen + (1); };
    "#]],
    );
    check(
        "self.state.lock().unwrap().count -= 1;",
        expect![[r#"
        1: -= → a read under one lock, a write under another
        { let seen = self.state.lock().unwrap().count; self.state.lock().unwrap().count = seen - (1); };
    "#]],
    );
}

#[test]
fn a_comment_says_why_a_change_is_harmless() {
    check(
        "flag.load(Acquire); // weaken: nothing is read after it",
        expect![[r#"
            1: Acquire → Relaxed
            flag.load(crate::sync::Ordering::Relaxed); // weaken: nothing is read after it
            harmless: nothing is read after it
        "#]],
    );
}

#[test]
fn a_kernel_uses_the_facade_and_is_not_broken_on_purpose() {
    assert!(is_kernel("//! Claims.\n\nuse crate::sync::AtomicUsize;\n"));
    assert!(!is_kernel(
        "//! Broken on purpose: claims twice.\n\nuse crate::sync::AtomicUsize;\n"
    ));
    assert!(!is_kernel("//! Runs items.\n\nuse std::sync::Arc;\n"));
}

/// The body with every change in it, chosen at run time.
#[track_caller]
fn check_switched(body: &str, expected: Expect) {
    let source = format!("fn kernel() {{\n{body}\n}}\n");
    let found = changes(&source).unwrap();
    let numbered: Vec<_> = found.iter().enumerate().collect();
    let switched = Switched::new(&source, &numbered);
    assert!(
        syn::parse_file(&switched.source).is_ok(),
        "{}",
        switched.source
    );
    for (number, change) in numbered {
        let code = match change.what.contains("released") {
            true => format!("if crate::weakened({number}) {{ drop("),
            false => format!("if crate::weakened({number}) {{ {} }}", change.replacement),
        };
        let start = switched.source.find(&code).expect("every change is there");
        let at = start..start + code.len();
        assert!(switched.changes_in(&at).eq([number]), "{code}");
    }
    let body = switched.source.lines().skip(1).collect::<Vec<_>>();
    expected.assert_eq(&(body[..body.len() - 1].join("\n") + "\n"));
}

#[test]
fn alternatives_are_chosen_at_run_time() {
    check_switched(
        "flag.store(true, Ordering::Release); fence(Acquire);",
        expect![[r#"
            flag.store(true, (if crate::weakened(0) { crate::sync::Ordering::Relaxed } else { Ordering::Release })); (if crate::weakened(1) { () } else { fence(Acquire) });
        "#]],
    );
}

#[test]
fn a_change_inside_another_is_in_the_unchanged_code() {
    check_switched(
        "next.fetch_max(len, AcqRel)",
        expect![[r#"
        (if crate::weakened(0) { { let seen = next.load(crate::sync::Ordering::Acquire); next.store(seen.max(len), crate::sync::Ordering::Release); seen } } else { next.fetch_max(len, (if crate::weakened(1) { crate::sync::Ordering::Acquire } else if crate::weakened(2) { crate::sync::Ordering::Release } else { AcqRel })) })
    "#]],
    );
    check_switched(
        "a.swap(b.load(Acquire), Relaxed);",
        expect![[r#"
        (if crate::weakened(0) { { let seen = a.load(crate::sync::Ordering::Relaxed); a.store(b.load(Acquire), crate::sync::Ordering::Relaxed); seen } } else { a.swap(b.load((if crate::weakened(1) { crate::sync::Ordering::Relaxed } else { Acquire })), Relaxed) });
    "#]],
    );
}

#[test]
fn a_lock_is_taken_again_at_run_time() {
    check_switched(
        "let mut state = self.state.lock().unwrap();\nstate.sum += next.fetch_add(1, Relaxed);\nstate.items.push(1);",
        expect![[r#"
            let mut state = self.state.lock().unwrap();
            state.sum += (if crate::weakened(1) { { let seen = next.load(crate::sync::Ordering::Relaxed); next.store(seen.wrapping_add(1), crate::sync::Ordering::Relaxed); seen } } else { next.fetch_add(1, Relaxed) }); let mut state = if crate::weakened(0) { drop(state); self.state.lock().unwrap() } else { state };
            state.items.push(1);
        "#]],
    );
    check_switched(
        "*self.value.lock().unwrap() += 1;",
        expect![[r#"
        (if crate::weakened(0) { { let seen = *self.value.lock().unwrap(); *self.value.lock().unwrap() = seen + (1); } } else { *self.value.lock().unwrap() += 1 });
    "#]],
    );
}

#[test]
fn an_ordering_under_another_name_is_an_error() {
    for source in [
        "use crate::sync::Ordering::{self, Acquire as Acquiring};",
        "const LOADS: Ordering = Ordering::Acquire;",
        "static LOADS: Ordering = Acquire;",
    ] {
        let error = changes(source).unwrap_err().to_string();
        assert!(
            error.starts_with("this gives Acquire another name"),
            "{error}"
        );
    }
    assert_eq!(
        changes("use crate::sync::Ordering as Order;")
            .unwrap()
            .len(),
        0
    );
}
