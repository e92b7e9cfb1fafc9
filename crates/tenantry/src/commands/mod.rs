//! One file per command: takes its arguments, calls the rooms, shows the answer. No business rules live here.

pub mod rate;

use crate::cli::Command;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(command: Command, output: &mut Output<'_>) -> Result<(), Failure> {
    match command {
        Command::Rate(arguments) => rate::run(&arguments, output),
    }
}
