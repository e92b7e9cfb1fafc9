//! Sign-in as clients see it, on both engines: documents, key lists, tokens, and every refusal with its number.
#![cfg(test)]

mod discovery;
mod failures;
mod house;
mod instance;
mod key_list;
mod openapi;
mod refusals;
mod token;
