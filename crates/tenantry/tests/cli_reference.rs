//! The command line reference in the documentation is made from the definition of the command line.

#![cfg(test)]

use clap::Command;
use std::fmt::Write;
use tenantry_testkit::golden;

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
    golden(env!("CARGO_MANIFEST_DIR"), "../../docs/cli.md", made);
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
