//! What support promises, on both engines: who sees which request for help, whose turn it is, and what is over.
#![cfg(test)]

mod incidents;
mod tickets;
