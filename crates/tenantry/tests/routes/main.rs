//! The proof of the policy at the door: every route of every face, called by everybody it concerns.
//!
//! `routes.txt` says what each is told. It is made from the OpenAPI documents, so a new route is in it by itself, and the
//! laws below hold for it the day it is added.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod bodies;
mod cast;
mod directory;
mod ids;
mod laws;
mod matrix;
mod operations;
mod pc_account;
mod pc_azure;
mod pc_carts;
mod pc_new_commerce;
mod pc_selling;
mod pc_support;
mod people;
mod secrets;
mod seed;
mod stage;
mod table;
mod things;
mod tiers;
mod told;
mod trade;

use matrix::Matrix;
use std::sync::OnceLock;
use tenantry_testkit::golden;

/// Asked once, judged by all tests.
fn matrix() -> &'static Matrix {
    static MATRIX: OnceLock<Matrix> = OnceLock::new();
    MATRIX.get_or_init(matrix::make)
}

#[test]
fn generated_routes() {
    golden(env!("CARGO_MANIFEST_DIR"), "tests/routes/routes.txt", table::text(matrix()));
}
