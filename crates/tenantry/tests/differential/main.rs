//! Random channels against a slow independent calculator, equal to the last digit on every edge.
//!
//! A [`story`](story::Story) is a channel with up to three steps from the provider down, price lists with a history on
//! each edge, prices of its own on some, price sheets that come, change and lack meters, usage that is early, late and
//! corrected, subscriptions that
//! change their reseller at an instant, and closes in between. The program folds the story's log; the
//! [`calculator`] recomputes everything from the list of all usage, with arithmetic of its own (`exact`), whenever it is
//! asked. They are compared row by row: what is unbilled, what each close billed, and each document's lines after
//! rounding.
//!
//! ```text
//! cargo test -p tenantry --test differential                                     the short form
//! TENANTRY_DIFFERENTIAL_CASES=100000 cargo test -p tenantry --test differential   the long one
//! TENANTRY_DIFFERENTIAL_SEED=1234 ..                                              begins at another story
//! ```
//!
//! A failed test prints the story's number, with as many of its steps left out as can be without it passing.
#![cfg(test)]

mod calculator;
mod compare;
#[path = "../../../rating/tests/all/exact.rs"]
mod exact;
mod program;
#[path = "../../../billing/tests/all/reckoning.rs"]
mod reckoning;
mod story;

use story::Story;
use tenantry_core::Chance;
use tenantry_testkit::number_said;

const CASES: u64 = 150;

#[test]
fn every_edge_is_billed_what_an_independent_calculator_says() {
    let seed = number_said("TENANTRY_DIFFERENTIAL_SEED").unwrap_or(1);
    let cases = number_said("TENANTRY_DIFFERENTIAL_CASES").unwrap_or(CASES);
    let mut seen = compare::Seen::default();
    for case in seed..seed + cases {
        let story = Story::draw(&Chance::from_seed(case));
        if let Err(difference) = compare::compare(&story, &mut seen) {
            let least = least(story);
            let said = compare::compare(&least, &mut compare::Seen::default()).err().unwrap_or(difference);
            panic!(
                "story {case} (TENANTRY_DIFFERENTIAL_SEED={case} TENANTRY_DIFFERENTIAL_CASES=1): {said}\n{least:#?}"
            );
        }
    }
    seen.judge(cases);
}

/// The story without every step that can be left out.
fn least(mut story: Story) -> Story {
    let mut at = story.steps.len();
    while at > 0 {
        at -= 1;
        let mut shorter = story.clone();
        shorter.steps.remove(at);
        if compare::compare(&shorter, &mut compare::Seen::default()).is_err() {
            story = shorter;
        }
    }
    story
}
