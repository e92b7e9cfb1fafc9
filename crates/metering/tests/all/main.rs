//! Proof of metering, on both engines: verdicts, what is followed, what survives a start, who may write, and that
//! nothing is counted twice however it comes.
#![cfg(test)]

mod at_once;
mod closing;
mod dropped;
mod fence;
mod following;
mod recovery;
mod scene;
mod searching;
mod verdicts;
mod views;
