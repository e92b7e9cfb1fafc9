//! What can be typed: one struct per command. The help texts teach, each with an example; `docs/cli.md` repeats them.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use tenantry_core::Factor;

/// Runs the channel by which a cloud is sold through partners.
#[derive(Debug, Parser)]
#[command(name = "tenantry", version, disable_help_subcommand = true, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// Answer in JSON, for scripts. Amounts and quantities are exact decimals, as strings.
    #[arg(long, global = true, verbatim_doc_comment)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Data goes to stdout, everything else to stderr.
Exit codes: 0 done, 1 refused or failed (stderr says why), 2 the command line makes no sense.";

// No doc comments on the variants: clap would show them in place of those on the structs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Rate(Rate),
}

/// Rate usage files with a rate card, offline: no server, no database, nothing is stored.
///
/// All usage given is rated as ONE billing period: the quantities of each meter are added up over
/// all files, then priced by the graduated tiers of the card. To rate two months, call it twice.
/// A record that stands in two of the files (say, in the CSV and in a JSON page) is counted once,
/// and stderr says so.
///
/// Charges are exact; nothing is rounded. A meter that the card does not price is listed as
/// unrated, with its quantity, and is not part of the total.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = RATE_EXAMPLES)]
pub(crate) struct Rate {
    /// The rate card: the JSON document of the RateCard API, plain or .gz.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub(crate) rate_card: PathBuf,

    /// Usage, plain or .gz: the CSV or the JSON pages of usageDetails, JSON pages of
    /// UsageAggregates, or JSON pages of Partner Center's Azure utilization.
    /// Repeat it for each file, or name several files after it.
    #[arg(long, value_name = "FILE", required = true, num_args = 1.., verbatim_doc_comment)]
    pub(crate) usage: Vec<PathBuf>,

    /// A discount on first-party meters, from 0 to 1: 0.15 is 15 % off.
    /// Meters that the card tags as a third party's keep their price.
    #[arg(
        long,
        value_name = "PART",
        default_value = "0",
        hide_default_value = true,
        value_parser = factor_after,
        verbatim_doc_comment
    )]
    pub(crate) discount: Factor,
}

const RATE_EXAMPLES: &str = "\
Examples:
  tenantry rate --rate-card ratecard.json.gz --usage october.csv.gz
  tenantry rate --rate-card ratecard.json.gz --usage page-1.json page-2.json --discount 0.15
  tenantry rate --rate-card ratecard.json.gz --usage october.csv.gz --json | jq -r .total

The JSON answer:
  currency
  charges   [meterId, meterName, quantity, charge, tiers [from, rate, quantity, charge]]
  unrated   [meterId, quantity, records]
  total
`rate` is the list price; every `charge` is after the discount.";

/// What a discount leaves of a price.
fn factor_after(discount: &str) -> Result<Factor, String> {
    Factor::after_discount(discount)
        .map_err(|error| format!("{error}; a discount is a decimal from 0 to 1: 0.15 is 15 % off"))
}

#[cfg(test)]
mod tests {
    use crate::definition;

    #[test]
    fn the_definition_has_no_contradictions() {
        definition().debug_assert();
    }

    #[test]
    fn every_command_has_help_with_an_example() {
        for command in definition().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("tenantry "), "`{}` shows no example", command.get_name());
        }
    }
}
