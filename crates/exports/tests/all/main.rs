//! Proof of the exports: real documents of a small channel, written to files and read back as others read them.
#![cfg(test)]

mod amounts;
mod columns;
mod converted;
mod files;
mod formats;
mod imports;
mod rules;
mod rules_of_focus;
mod seats;
mod setting;
mod table;
mod tiers;
