//! The face from outside: requests and answers, on both engines.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

mod bodies;
mod channel;
mod clock;
mod events;
mod house;
mod money;
mod openapi;
mod tokens;
