//! What can be typed after `tenantry import`: one struct per kind of file. Each says in its help what a second import of
//! the same file does, since files come again.

use crate::place::Place;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use tenantry_core::{Currency, SubscriptionId, TenantId, Timestamp};

/// Bring files into a world.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  tenantry import rate-card prices.json.gz --market US --effective-from 2026-01-01")]
pub(crate) enum Import {
    RateCard(ImportRateCard),
    Usage(ImportUsage),
    EdgePrices(ImportEdgePrices),
    Fx(ImportFx),
}

/// Import prices that a seller names for its buyer: explicit prices of some meters.
///
/// From their day on these meters cost the buyer what the list says; all others cost what the rules of the
/// seller make of what it pays itself. A list is whole: a meter that the next one leaves out is back under the
/// rules. The same content for the same day again changes nothing.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = IMPORT_EDGE_PRICES_EXAMPLE)]
pub(crate) struct ImportEdgePrices {
    /// The list: a table (CSV) with MeterId, LowerBound, Price and, if you like, IncludedQuantity, as
    /// `GET /api/v1/partners/{partner}/prices/export` gives it; or JSON as `.../prices` gives it.
    #[arg(value_name = "FILE", verbatim_doc_comment)]
    pub(crate) file: PathBuf,

    /// Who pays these prices: the tenant id of a partner, or of a customer that its seller bills here.
    #[arg(long, value_name = "TENANT", value_parser = TenantId::parse, verbatim_doc_comment)]
    pub(crate) buyer: TenantId,

    /// Who sells, where several bill one customer.
    #[arg(long, value_name = "TENANT", value_parser = TenantId::parse, verbatim_doc_comment)]
    pub(crate) seller: Option<TenantId>,

    /// The currency the prices must be in: that of the buyer's price sheets.
    #[arg(long, value_name = "CODE", value_parser = Currency::parse, verbatim_doc_comment)]
    pub(crate) currency: Option<Currency>,

    /// From when on they hold: 2026-01-01, in UTC. Not before today, unless a list holds from then that is to be set right;
    /// without it, now.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::parse, verbatim_doc_comment)]
    pub(crate) effective_from: Option<Timestamp>,

    #[command(flatten)]
    pub(crate) place: Place,
}

const IMPORT_EDGE_PRICES_EXAMPLE: &str = "\
Example:
  tenantry import edge-prices prices.csv --buyer 5b0c9a3e-9d0e-4d4f-8f0f-0d5d4a1c7e11 --effective-from 2026-05-01";

/// Import exchange rates, month by month.
///
/// Documents of a buyer that is billed in another currency than it is priced in take the rate of the month
/// that is closed. Of two rates of a pair and month the later import holds; issued documents keep theirs.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = IMPORT_FX_EXAMPLE)]
pub(crate) struct ImportFx {
    /// A table (CSV) with the columns Month, From, To, Rate, Source, Date; or JSON:
    /// {"rates": [{"month", "from", "to", "rate", "source", "date"}]}.
    #[arg(value_name = "FILE", verbatim_doc_comment)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) place: Place,
}

const IMPORT_FX_EXAMPLE: &str = "\
Example:
  tenantry import fx rates.csv
where rates.csv is
  Month,From,To,Rate,Source,Date
  2026-04,USD,EUR,0.8735,ECB reference rate,2026-04-30";

/// Import a rate card as the price sheet of a market, from a day on.
///
/// Nothing is replaced: of two sheets the one with the later date is in force, and of two with one
/// date the later import. What was billed at other prices is settled on the next document.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = IMPORT_RATE_CARD_EXAMPLE)]
pub(crate) struct ImportRateCard {
    /// The rate card: the JSON document of the RateCard API, plain or .gz.
    #[arg(value_name = "FILE", verbatim_doc_comment)]
    pub(crate) file: PathBuf,

    /// The country the prices are for: US.
    #[arg(long, value_name = "COUNTRY", verbatim_doc_comment)]
    pub(crate) market: String,

    /// The currency the card must be in: USD. Without it, any; who buys in another currency is not
    /// touched by the card.
    #[arg(long, value_name = "CODE", value_parser = Currency::parse, verbatim_doc_comment)]
    pub(crate) currency: Option<Currency>,

    /// From when on they hold: 2026-01-01, in UTC.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::parse, verbatim_doc_comment)]
    pub(crate) effective_from: Timestamp,

    #[command(flatten)]
    pub(crate) place: Place,
}

const IMPORT_RATE_CARD_EXAMPLE: &str = "\
Example:
  tenantry import rate-card prices.json.gz --market US --effective-from 2026-01-01";

/// Import usage files as the usage of one subscription.
///
/// Each record is named by what it says, so importing a file again counts nothing twice. Files that
/// have rows which cannot be read are not imported at all: each such row is listed, by line and with the
/// reason. Records that are read and then refused are listed too, the others count, and the exit code is 1.
/// Rows that are no usage (purchases, roundings, tax) are passed over and counted.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = IMPORT_USAGE_EXAMPLE)]
pub(crate) struct ImportUsage {
    /// Usage files, plain or .gz: JSON pages as for `tenantry rate`, and CSV of usage details, of cost
    /// exports (also with German headers), of `tenantry export` in any format.
    #[arg(value_name = "FILE", required = true, verbatim_doc_comment)]
    pub(crate) files: Vec<PathBuf>,

    /// The subscription that used it.
    #[arg(long, value_name = "ID", value_parser = SubscriptionId::parse, verbatim_doc_comment)]
    pub(crate) subscription: SubscriptionId,

    /// Only the rows of this subscription of the file. Needed where a file has usage of several, as cost
    /// exports and our own files do.
    #[arg(long, value_name = "ID", verbatim_doc_comment)]
    pub(crate) rows_of: Option<String>,

    /// Whom the events name as their source; the default is `file/` and the subscription.
    #[arg(long, value_name = "NAME", verbatim_doc_comment)]
    pub(crate) source: Option<String>,

    #[command(flatten)]
    pub(crate) place: Place,
}

const IMPORT_USAGE_EXAMPLE: &str = "\
Examples:
  tenantry import usage october.csv.gz --subscription 1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10
  tenantry import usage focus.csv --rows-of 8c1d7f5e-2b60-4d6f-8f31-0d2d5a9e7c44 \\
      --subscription 1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";
