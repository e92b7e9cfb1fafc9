//! The program. Everything it does stands in the library beside it, where tests can call it.

use std::io::{self, IsTerminal};
use std::process::ExitCode;
use tenantry::output::Streams;

fn main() -> ExitCode {
    // Not locked: while a command waits, other threads write their log to the same stream.
    let (mut data, mut talk) = (io::stdout(), io::stderr());
    let terminal = talk.is_terminal();
    let code = tenantry::run(std::env::args_os(), Streams { data: &mut data, talk: &mut talk, terminal });
    ExitCode::from(code)
}
