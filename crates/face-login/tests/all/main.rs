//! Sign-in as clients and people see it, on both engines: documents, key lists, pages, tokens, and every refusal with
//! its number.
#![cfg(test)]

mod admin_consent;
mod authorize;
mod device;
mod discovery;
mod failures;
mod forged;
mod grants;
mod house;
mod instance;
mod key_list;
mod openapi;
mod person;
mod refusals;
mod sign_in;
mod sign_out;
mod strangers;
mod token;
mod user;
