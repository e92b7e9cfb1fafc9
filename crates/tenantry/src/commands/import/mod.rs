//! `tenantry import`: from files into a world.

mod edge_prices;
mod fx;
mod rate_card;
mod usage;

use crate::cli::Import;
use crate::failure::Failure;
use crate::output::Output;

pub(crate) fn run(arguments: &Import, output: &mut Output<'_>) -> Result<(), Failure> {
    match arguments {
        Import::RateCard(arguments) => rate_card::run(arguments, output),
        Import::Usage(arguments) => usage::run(arguments, output),
        Import::EdgePrices(arguments) => edge_prices::run(arguments, output),
        Import::Fx(arguments) => fx::run(arguments, output),
    }
}
