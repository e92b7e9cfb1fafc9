//! The command line reference in the documentation is made from the definition of the command line.

#![cfg(test)]

use clap::Command;
use std::fmt::Write;
use std::fs;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md");

const HEADER: &str = "\
# Command line reference

Made from the program by the test `generated_cli_reference`; to change it, change the help texts in
`crates/tenantry/src/cli.rs` and run `cargo xtask generate`.

";

#[test]
fn generated_cli_reference() {
    let mut made = HEADER.to_owned();
    let mut root = tenantry::definition();
    root.build();
    describe(&mut made, &root, "tenantry");
    #[expect(clippy::disallowed_methods, reason = "a test that compares or, if asked, writes anew")]
    let update = std::env::var_os("TENANTRY_UPDATE").is_some_and(|value| value == "1");
    if update {
        fs::write(FILE, &made).unwrap();
    }
    let kept = fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        made == kept,
        "docs/cli.md is not what the command line says; run `cargo xtask generate` and read the diff"
    );
}

/// A command, then the ones below it. The version stays out: a release must not change the reference.
fn describe(page: &mut String, command: &Command, name: &str) {
    let help = command.clone().render_long_help().to_string();
    let lines: Vec<_> = help.lines().map(str::trim_end).collect();
    writeln!(page, "## {name}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
    for below in command.get_subcommands() {
        describe(page, below, &format!("{name} {}", below.get_name()));
    }
}
