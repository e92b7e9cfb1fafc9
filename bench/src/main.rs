//! The performance goals of the design as comparisons anyone can repeat.
//!
//! ```text
//! cargo run --release -p tenantry-bench
//! ```
//!
//! Each line has our figure, the baseline measured in the same run, their ratio, and the goal. Machines are shared and
//! noisy: repeat it, and believe ratios. A run fails on a few ratios only, with room for the noise.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a program for people who measure: it stops at the first surprise"
)]

mod access;
mod bare;
mod card;
mod channel;
mod close;
mod duckdb;
mod export;
mod goal;
mod growth;
mod intake;
mod lists;
mod load;
mod measure;
mod rating;
mod reads;
mod scale;
mod served;
mod tokens;
mod upsert;

use clap::{Parser, ValueEnum};
use scale::Scale;
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
    /// How much the measures of usage and money take.
    #[arg(long, value_enum, default_value = "middle")]
    scale: Scale,
    /// Prints the bytes an event takes, in this process: what `memory` asks other processes.
    #[arg(long, hide = true, requires = "events")]
    weigh: Option<growth::Weight>,
    #[arg(long, hide = true, default_value_t = 0)]
    events: u64,
    /// The same as `--scale short --repetitions 1 --requests 1280`: what CI runs.
    #[arg(long)]
    short: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Authenticated point reads through a face.
    Reads,
    /// Tokens by client secret.
    Tokens,
    /// Pages of a list of customers, as it grows.
    Lists,
    /// Access decisions in a tenant with 10,000 assignments.
    Access,
    /// Usage events over HTTPS, beside upserts in PostgreSQL.
    Intake,
    /// The answer to a batch of 10,000.
    Ack,
    /// Memory of a fold.
    Memory,
    /// Replay of a log, and a start from a checkpoint.
    Replay,
    /// The close of a month.
    Close,
    /// The rating kernel, beside DuckDB.
    Rating,
    /// The reconciliation file, beside DuckDB.
    Export,
    /// The import of a rate card, and a start with it.
    Card,
    /// Costs as the world grows.
    Growth,
}

fn main() -> std::process::ExitCode {
    let Arguments { what, mut repetitions, mut requests, mut scale, short, weigh, events } = Arguments::parse();
    if let Some(weight) = weigh {
        growth::weigh(weight, events);
        return std::process::ExitCode::SUCCESS;
    }
    if short {
        (scale, repetitions, requests) = (Scale::Short, 1, 1_280);
    }
    let asked = |one| what.is_empty() || what.contains(&one);
    let directory = tempfile::tempdir().unwrap();
    if asked(What::Memory) {
        growth::memory(scale);
    }
    if asked(What::Growth) {
        growth::growth(scale);
    }
    if asked(What::Replay) {
        growth::replay(scale);
    }
    if asked(What::Close) {
        close::without_database(scale, directory.path());
        on_every_engine(|bench| close::act(bench, scale));
    }
    if asked(What::Rating) {
        rating::run(scale, repetitions, directory.path());
    }
    if asked(What::Export) {
        export::run(scale, directory.path());
    }
    if asked(What::Card) {
        on_every_engine(|bench| card::run(bench, scale, repetitions));
    }
    if asked(What::Intake) || asked(What::Ack) {
        intake::run(scale, !asked(What::Intake));
    }
    if asked(What::Access) {
        access::run(repetitions);
    }
    if asked(What::Reads) {
        on_every_engine(|bench| reads::run(bench, repetitions, requests));
    }
    if asked(What::Lists) {
        on_every_engine(|bench| lists::run(bench, scale));
    }
    if asked(What::Tokens) {
        on_every_engine(|bench| tokens::run(bench, repetitions, requests / 4));
    }
    let failed = goal::failed();
    failed.iter().for_each(|gate| println!("FAILED {gate}"));
    if failed.is_empty() { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
