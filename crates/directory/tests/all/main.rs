//! What the directory promises, on both engines: who gets a token, which tokens count, and that what is taken away
//! is gone at once. The rules in detail are tested beside the code, on one engine.
#![cfg(test)]

mod domains;
mod forged;
mod house;
mod issued;
mod roles;
mod taken_away;
