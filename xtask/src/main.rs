//! The house's own tools: `cargo xtask <command>`.
//!
//! A rule that only stands in a document is broken by the second change. What we care about and the compiler cannot
//! see is checked here, in one command each, small enough to read before it is trusted. The tools use the standard
//! library and a TOML parser, so that they build in seconds on a fresh machine.
//!
//! Findings go to stdout, one a line; talk goes to stderr. Exit code 0: all is well. 1: there are findings, or a
//! command failed. 2: it was called wrongly.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the terminal is this program's only way out")]

mod arrows;
mod generate;
mod prove;
mod source;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "\
usage: cargo xtask <command>

  arrows              checks that each crate uses only crates that stand before it
  tidy                checks what rustfmt and clippy do not: sizes, headers, floats near money, stray paths
  generate            rewrites the generated files: OpenAPI documents, policy table, CLI reference
  generate --check    checks that the generated files are as committed
  prove [seed]        runs the crash, differential, fuzz and two-process suites in their long forms: an hour or more
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["arrows"] => arrows::check(&root()).map(|findings| report("arrows", &findings)),
        ["tidy"] => tidy::check(&root()).map(|findings| report("tidy", &findings)),
        ["generate"] => generate::run(&root(), generate::Mode::Rewrite).map(|done| talk(&done)),
        ["generate", "--check"] => generate::run(&root(), generate::Mode::Check).map(|done| talk(&done)),
        ["prove"] => prove::run(&root(), 1).map(|done| talk(&done)),
        ["prove", seed] => match seed.parse() {
            Ok(seed) => prove::run(&root(), seed).map(|done| talk(&done)),
            Err(_) => Err(format!("a seed is a number from 0 on, not `{seed}`")),
        },
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|why| {
        eprintln!("xtask: {why}");
        ExitCode::FAILURE
    })
}

/// The workspace: this program is compiled in it and only ever run from it.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn report(command: &str, findings: &[String]) -> ExitCode {
    for finding in findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            eprintln!("{command}: all is well");
            ExitCode::SUCCESS
        }
        1 => {
            eprintln!("{command}: 1 finding");
            ExitCode::FAILURE
        }
        many => {
            eprintln!("{command}: {many} findings");
            ExitCode::FAILURE
        }
    }
}

fn talk(done: &str) -> ExitCode {
    eprintln!("{done}");
    ExitCode::SUCCESS
}
