//! Proof of metering, on both engines: verdicts, what is followed, what survives a start, who may write, and that
//! nothing is counted twice however it comes.
#![cfg(test)]

mod anomalies;
mod at_once;
mod budgets;
mod closing;
mod dropped;
mod fence;
mod following;
mod groups;
mod names;
mod recovery;
mod scene;
mod searching;
mod shared;
mod upkeep;
mod uploads;
mod verdicts;
mod views;
