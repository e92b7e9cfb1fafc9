//! Proof of the exports: real documents of a small channel, written to files and read back as others read them. The story on
//! several tiers is billing's.
#![cfg(test)]

mod amounts;
#[path = "../../../billing/tests/all/books.rs"]
#[expect(dead_code, reason = "billing's own tests use the rest")]
mod books;
mod columns;
mod converted;
#[path = "../../../rating/tests/all/exact.rs"]
mod exact;
mod files;
mod formats;
mod imports;
#[path = "../../../billing/tests/all/reckoning.rs"]
mod reckoning;
mod rules;
mod rules_of_focus;
mod seats;
mod setting;
mod table;
#[path = "../../../billing/tests/all/tier_scene.rs"]
#[expect(dead_code, reason = "billing's own tests use the rest")]
mod tier_scene;
#[path = "../../../billing/tests/all/tier_story.rs"]
#[expect(dead_code, reason = "billing's own tests use the rest")]
mod tier_story;
mod tiers;
