//! What the directory promises, on both engines: who gets a token, which tokens count, and that what is taken away
//! is gone at once. Rules that need no table are tested beside the code.
#![cfg(test)]

mod claims;
mod domains;
mod forged;
mod house;
mod issued;
mod keys;
mod refusals;
mod roles;
mod taken_away;
