//! One file per command: takes its arguments, calls the rooms, shows the answer. No business rules live here.

mod access;
mod backup;
mod check;
mod close;
mod demo;
mod explain;
mod explain_seats;
mod export;
mod import;
mod invoice;
pub mod rate;
pub(crate) mod serve;
mod setup;
mod token;

use crate::cli::Command;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(command: Command, output: &mut Output<'_>) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments, output),
        Command::Setup(arguments) => setup::run(&arguments, output),
        Command::Serve(arguments) => serve::run(&arguments, output),
        Command::Token(arguments) => token::run(&arguments, output),
        Command::Rate(arguments) => rate::run(&arguments, output),
        Command::Import(arguments) => import::run(&arguments, output),
        Command::Close(arguments) => close::run(&arguments, output),
        Command::Invoice(arguments) => invoice::run(&arguments, output),
        Command::Export(arguments) => export::run(&arguments, output),
        Command::Explain(arguments) => explain::run(&arguments, output),
        Command::Access(arguments) => access::run(&arguments, output),
        Command::Check(arguments) => check::run(&arguments, output),
        Command::Backup(arguments) => backup::run(&arguments, output),
    }
}
