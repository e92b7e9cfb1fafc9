//! Conservation: whatever happens, what was billed and what is unbilled is what an independent calculator says,
//! row by row, to the last digit.

use crate::builder::{edge, month};
use crate::oracle::Oracle;
use crate::report::{FAR, charge, check_sums, rated_rows};
use crate::scenario::{EDGES, config, fold_of, prices_stay, scenario};
use proptest::prelude::*;
use tenantry_core::Amount;

proptest! {
    #![proptest_config(config(160))]

    #[test]
    fn every_document_is_what_an_independent_calculator_says(steps in scenario()) {
        let (fold, oracle) = (fold_of(&steps), Oracle::of(&steps));
        for (index, name) in EDGES.iter().enumerate() {
            let unbilled = fold.unbilled(edge(name), month(FAR));
            check_sums(&unbilled);
            prop_assert_eq!(rated_rows(&unbilled), oracle.unbilled(index), "unbilled on the {} edge", name);
            for close in 1..=fold.closes().len() {
                let billed = fold.billed_by(edge(name), u32::try_from(close).unwrap());
                check_sums(&billed);
                prop_assert_eq!(rated_rows(&billed), oracle.billed_by(index, close), "close {} on {}", close, name);
            }
        }
    }

    #[test]
    fn all_closes_and_the_unbilled_rest_add_up_to_everything(steps in scenario()) {
        // Where no price is taken away, closes in between do not matter at all.
        let steps = prices_stay(steps);
        let (fold, oracle) = (fold_of(&steps), Oracle::of(&steps));
        for (index, name) in EDGES.iter().enumerate() {
            let billed: Amount = fold.closes().iter().map(|close| charge(&fold.billed_by(edge(name), close.number))).sum();
            let sum = billed + charge(&fold.unbilled(edge(name), month(FAR)));
            prop_assert_eq!(sum.to_string(), oracle.rated_in_total(index));
        }
    }
}
