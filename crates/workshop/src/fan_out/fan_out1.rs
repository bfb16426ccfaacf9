//! `fan_out1`: the branch that finishes last gets the page.

use interleave::sync::Arc;

use crate::deliver::deliver;
use crate::race::{Check, Failure, both, explored, praise};
use crate::verdict::{Means, Verdict};

/// What each branch got, in order of the branches. The parts are sorted.
type Got = Vec<Option<Vec<u32>>>;

/// Grades a page: `finish` returns all the parts to the branch that finishes last.
pub fn fan_out1<P: Send + Sync + 'static>(
    new: fn(usize) -> P,
    finish: fn(&P, u32) -> Option<Vec<u32>>,
) -> Verdict {
    let finish = move |page: &P, part| {
        finish(page, part).map(|mut parts| {
            parts.sort();
            parts
        })
    };
    let two = move || {
        let page = Arc::new(new(2));
        let ci = move |page: &P| finish(page, 1);
        let cd = move |page: &P| finish(page, 2);
        let (ci, cd) = both(&page, ("CI", ci), ("CD", cd));
        vec![ci, cd]
    };
    // Catches answers that only know two branches.
    let three = move || {
        let page = Arc::new(new(3));
        let ci = move |page: &P| finish(page, 1);
        let others = move |page: &P| [finish(page, 2), finish(page, 3)];
        let (ci, [cd, user]) = both(&page, ("CI", ci), ("CD and user", others));
        vec![ci, cd, user]
    };
    let check = || Check {
        said: |got: &Got| {
            let got = got.iter().map(|got| match got {
                Some(parts) => format!("{parts:?}"),
                None => "nothing".to_owned(),
            });
            format!("the branches get {}", Vec::from_iter(got).join(", "))
        },
        expected: "one should get all the parts",
        holds,
        because,
    };
    deliver(Means::Explored, move || {
        explored(two, check())?;
        let exploration = explored(three, check()).map_err(|verdict| {
            verdict.prefixed("This works for two branches, but not for three.")
        })?;
        Ok(praise(&exploration))
    })
}

/// Accepts one page that has every part.
fn holds(got: &Got) -> bool {
    let all = Vec::from_iter(1..=got.len() as u32);
    let mut pages = got.iter().flatten();
    pages.next() == Some(&all) && pages.next().is_none()
}

fn because(failure: &Failure<Got>) -> Option<String> {
    let got = failure.outcome()?;
    let pages = Vec::from_iter(got.iter().flatten());
    let sentence = match pages.len() {
        0 if failure.always => {
            "No branch gets the page, in any order: all of them finish, and nothing is sent."
        }
        0 => "No branch gets the page: each of them takes another one to be the last.",
        1 if pages[0].len() < got.len() => {
            "The page lacks a part. A branch took it before every branch had stored its part, or returned only some of the \
             parts."
        }
        1 => "A part is on the page more than once.",
        _ if failure.always => "More than one branch gets the page, in every order.",
        _ => {
            "Two branches get the page, so it is sent twice. Each of them counts itself first and asks later. What has \
             the other one done by then?"
        }
    };
    Some(sentence.to_owned())
}
