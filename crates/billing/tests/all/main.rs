//! Proof of billing: from a real month of usage to documents that agree with every other view of it, on both engines.
//!
//! [`books`] asks for drafts, documents and files through the public doors, and [`books::prove`] holds all of them
//! against each other. What they must come to is said once more by [`reckoning`], with arithmetic of its own.
#![cfg(test)]

mod books;
mod close_names;
mod closes;
mod converted;
mod converted_seats;
mod credit;
mod credit_notes;
mod currencies;
mod dry_run;
#[path = "../../../rating/tests/all/exact.rs"]
mod exact;
mod explanation;
mod file;
mod front_door;
mod later;
mod named_prices;
mod numbers_checked;
mod open_lines;
mod packed;
mod paper_text;
mod payments;
mod policies;
mod privacy;
mod privacy_tiers;
mod reckoning;
mod reseller_change;
mod rounding;
mod seat_terms;
mod seat_terms_late;
mod seats;
mod seats_migrated;
mod shop;
mod tampering;
mod tier_accounts;
mod tier_scene;
mod tier_story;
mod tiers;
mod tiers_apart;
mod waiting;
