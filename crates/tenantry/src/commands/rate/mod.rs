//! `tenantry rate`: usage files and a rate card in, charges out; no server, no database.
//!
//! It is the shortest way to see what the pure core does, and the way to check it: real files with independently
//! computed results lie beside the project, and the tests compare to the last digit.

mod bill;
mod show;

pub use bill::{Bill, Charge, Share, Unrated, Usage, rate};

use crate::cli::Rate;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use crate::words::counted;
use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;
use tenantry_commerce::rate_card;
use tenantry_core::Problem;
use tenantry_metering::files::{self, EventIds};

pub(crate) fn run(arguments: &Rate, output: &mut Output<'_>) -> Result<(), Failure> {
    let card_name = arguments.rate_card.display().to_string();
    let card_bytes = fs::read(&arguments.rate_card).map_err(|error| cannot_open("--rate-card", &card_name, error))?;
    let card = rate_card::read(&card_bytes).map_err(|problem| Failure::in_file(card_name, problem))?;
    let mut usage = Usage::default();
    let mut seen = (arguments.usage.len() > 1).then(HashSet::new);
    for path in &arguments.usage {
        add_file(path, &mut usage, seen.as_mut(), output)?;
    }
    let bill = rate(&card, &usage, arguments.discount)?;
    output.answer(&show::View::of(&bill), || show::text(&bill, arguments.discount))
}

/// Adds the records of a file, except those that an earlier file of this call has too.
fn add_file(
    path: &Path,
    usage: &mut Usage,
    mut seen: Option<&mut HashSet<String>>,
    output: &mut Output<'_>,
) -> Result<(), Failure> {
    let name = path.display().to_string();
    let mut file = File::open(path).map_err(|error| cannot_open("--usage", &name, error))?;
    let mut progress = Progress::new(format!("read {name}"), "record");
    let mut ids = EventIds::default();
    let mut repeated = 0_u64;
    files::read_each(&name, &mut file, &mut |record| {
        progress.step(output);
        // Within a file each record has a name of its own, so only other files can have brought it.
        if let Some(seen) = &mut seen
            && !seen.insert(ids.name(&record))
        {
            repeated += 1;
            return Ok(());
        }
        usage.add(&record)
    })?;
    progress.end(output);
    if repeated > 0 {
        let repeated = counted(repeated, "record");
        output.tell(format_args!("note: {repeated} of {name} given by an earlier file too; counted once"));
    }
    Ok(())
}

fn cannot_open(argument: &str, file: &str, error: std::io::Error) -> Problem {
    Problem::invalid(argument, format_args!("cannot read {file} ({error}); check the path and its permissions"))
}
