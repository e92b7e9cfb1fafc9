//! The performance goals of identity and access as comparisons anyone can repeat.
//!
//! ```text
//! cargo run --release -p tenantry-bench
//! ```
//!
//! Each line has our figure, the baseline measured in the same run, and their ratio. Machines are shared and noisy:
//! repeat it, and believe ratios.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for people who measure: it stops at the first surprise"
)]

mod access;
mod bare;
mod load;
mod measure;
mod reads;
mod served;
mod tokens;

use clap::{Parser, ValueEnum};
use tenantry_testkit::on_every_engine;

/// Measures, and prints each figure beside its baseline.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to measure; everything if nothing is named.
    #[arg(value_enum)]
    what: Vec<What>,
    /// Repetitions; the one in the middle is printed.
    #[arg(long, default_value_t = 5)]
    repetitions: usize,
    /// Requests of each repetition.
    #[arg(long, default_value_t = 20_000)]
    requests: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Authenticated point reads through a face.
    Reads,
    /// Tokens by client secret.
    Tokens,
    /// Access decisions in a tenant with 10,000 assignments.
    Access,
}

fn main() {
    let Arguments { what, repetitions, requests } = Arguments::parse();
    let asked = |one| what.is_empty() || what.contains(&one);
    if asked(What::Access) {
        access::run(repetitions);
    }
    if asked(What::Reads) {
        on_every_engine(|bench| reads::run(bench, repetitions, requests));
    }
    if asked(What::Tokens) {
        on_every_engine(|bench| tokens::run(bench, repetitions, requests / 4));
    }
}
