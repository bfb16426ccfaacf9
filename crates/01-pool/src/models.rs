//! What the explorer finds: the doubled claim, and none with `fetch_add`.

use expect_test::{ExpectFile, expect_file};
use interleave::sync::Arc;
use interleave::{explore, thread};

use crate::{claims, doubled_claim};

/// What both kernels do.
trait Claims: Send + Sync + 'static {
    fn new(len: usize) -> Self;
    fn claim(&self) -> Option<usize>;
}

impl Claims for claims::Claims {
    fn new(len: usize) -> Self {
        claims::Claims::new(len)
    }
    fn claim(&self) -> Option<usize> {
        self.claim().map(|claim| claim.index())
    }
}

impl Claims for doubled_claim::Claims {
    fn new(len: usize) -> Self {
        doubled_claim::Claims::new(len)
    }
    fn claim(&self) -> Option<usize> {
        self.claim().map(|claim| claim.index())
    }
}

/// Two workers claim one item each, of two. The claims are sorted: who got which is all the same.
// ANCHOR: model
fn two_workers<C: Claims>() -> [Option<usize>; 2] {
    let claims = Arc::new(C::new(2));
    let workers = ["worker 1", "worker 2"].map(|name| {
        let claims = claims.clone();
        let worker = thread::Builder::new().name(name.to_owned());
        worker.spawn(move || claims.claim()).unwrap()
    });
    let mut claimed = workers.map(|worker| worker.join().unwrap());
    claimed.sort();
    claimed
}
// ANCHOR_END: model

fn words(claimed: &[Option<usize>; 2]) -> String {
    let [first, second] =
        claimed.map(|item| item.map_or("none".to_owned(), |i| (i + 1).to_string()));
    format!("claimed items {first} and {second}")
}

fn each_once(claimed: &[Option<usize>; 2]) -> bool {
    *claimed == [Some(0), Some(1)]
}

/// Holds a picture and its data against the files, which `scripts/redraw` writes anew.
fn held(picture: ExpectFile, data: ExpectFile, drawn: &str, recording: &interleave::Recording) {
    picture.assert_eq(drawn);
    data.assert_eq(&(serde_json::to_string(recording).unwrap() + "\n"));
}

#[test]
fn race_two_workers_claim_one_item() {
    let doubled = explore(two_workers::<doubled_claim::Claims>)
        .worded(words, "should be 1 and 2")
        .failing(|claimed| !each_once(claimed));
    held(
        expect_file!["../diagrams/doubled-claim.txt"],
        expect_file!["../diagrams/doubled-claim.json"],
        &doubled.simplest().to_string(),
        &doubled.recording(),
    );
}

#[test]
fn fix_two_workers_never_claim_one_item() {
    let cleared = explore(two_workers::<claims::Claims>)
        .worded(words, "should be 1 and 2")
        .clear(each_once);
    held(
        expect_file!["../diagrams/claims.txt"],
        expect_file!["../diagrams/claims.json"],
        &cleared.simplest().to_string(),
        &cleared.recording(),
    );
}
