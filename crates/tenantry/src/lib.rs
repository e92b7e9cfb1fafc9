//! The command line: reads arguments, calls the rooms of the house, shows what they answer.
//!
//! Data goes to stdout and talk to stderr, so that `tenantry rate .. | less` shows a table and
//! `tenantry --json rate .. | jq` works in every script. The exit code is 0 for done, 1 for refused or failed and
//! 2 for a command line that makes no sense. `docs/cli.md` is made from [`definition`] and compared by
//! a test.

mod application;
mod cli;
pub mod commands;
pub mod demo;
mod failure;
mod listen;
pub mod output;
mod place;
mod progress;
mod runtime;
mod site;
mod table;
mod words;

use clap::{CommandFactory, Parser};
use cli::Cli;
use output::{Output, Streams};
use std::ffi::OsString;

/// Runs one command line, program name first, and returns the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: Streams<'_>) -> u8 {
    match Cli::try_parse_from(arguments) {
        Ok(cli) => {
            let mut output = Output::new(cli.json, streams);
            match commands::run(cli.command, &mut output) {
                Ok(()) => failure::DONE,
                Err(failure) => failure.tell(&mut output),
            }
        }
        Err(error) => failure::told_by_clap(&error, streams),
    }
}

/// The definition of the command line, for the reference in the documentation.
#[must_use]
pub fn definition() -> clap::Command {
    Cli::command()
}
