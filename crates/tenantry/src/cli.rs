//! What can be typed: one struct per command. The help texts teach, each with an example; `docs/cli.md` repeats them.

mod import;

use crate::commands::serve::Memory;
use crate::listen::{Listen, origin, suffix};
use crate::place::{DOMAIN_SUFFIX, Place};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use tenantry_core::{Day, Factor, MeterId, Month, SubscriptionId, TenantId, Timestamp};

pub(crate) use import::{Import, ImportEdgePrices, ImportFx, ImportRateCard, ImportUsage};

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
    Demo(Demo),
    Setup(Setup),
    Serve(Serve),
    Token(Token),
    Rate(Rate),
    #[command(subcommand)]
    Import(Import),
    Close(Close),
    #[command(subcommand)]
    Invoice(Invoice),
    Export(Export),
    Explain(Explain),
    #[command(subcommand)]
    Access(Access),
    Check(Check),
    Backup(Backup),
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

/// Make a channel with months of usage and serve it: everything to click and call.
///
/// A provider, a partner, three customers and five subscriptions live through eleven weeks on a clock
/// that stands still until it is moved. Two months are billed, the third is open, and one
/// subscription has run away in it. The same seed gives the same world. A demo that is there
/// already is served as it was left; remove its directory to begin anew.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = DEMO_EXAMPLES)]
pub(crate) struct Demo {
    /// Make it, tell its story, and end; do not serve.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) once: bool,

    #[command(flatten)]
    pub(crate) place: Place,

    #[command(flatten)]
    pub(crate) listen: Listen,

    /// What ids, secrets and usage are drawn from.
    #[arg(long, value_name = "N", default_value_t = 1, verbatim_doc_comment)]
    pub(crate) seed: u64,
}

const DEMO_EXAMPLES: &str = "\
Examples:
  tenantry demo
  tenantry demo --once --data-dir /tmp/demo --json | jq -r .partner.appId

The JSON answer:
  origin, caFile, dataDir
  partner    tenantId, domain, appId, appSecret (and name, roles; provider has the same)
  customers  [tenantId, domain, name, subscriptions [id, name]]
  invoices   [id, period, total, currency]
  unbilled   period, total, currency
  clock, seed, events";

/// Begin a world for real: its provider, and the application that the provider's own programs sign in with.
///
/// The answer shows the application's secret, this once: the world keeps only its hash. A live world
/// follows real time; with --sandbox-from it is a sandbox, whose clock stands still until it is moved.
/// Which of the two it is never changes. When something is refused, nothing is begun.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = SETUP_EXAMPLES)]
pub(crate) struct Setup {
    /// The provider's company name, as it stands on invoices.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) name: String,

    /// The provider's domain: example.onmicrosoft.com, or only `example`.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) domain: String,

    /// What the domains of all tenants of this world end in. Clients of this field know the default; a world keeps
    /// the suffix it was begun with.
    #[arg(long, value_name = "SUFFIX", default_value = DOMAIN_SUFFIX, value_parser = suffix, verbatim_doc_comment)]
    pub(crate) domain_suffix: String,

    /// The provider's country, two letters: US.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) country: String,

    /// Where questions about invoices go.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) email: String,

    /// Street and number.
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    pub(crate) address_line1: String,

    /// City. Needed in the US and Canada, as are state and postal code.
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    pub(crate) city: Option<String>,

    /// State or province.
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    pub(crate) state: Option<String>,

    /// Postal code.
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    pub(crate) postal_code: Option<String>,

    /// Phone number, in countries that ask for one.
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    pub(crate) phone_number: Option<String>,

    /// Begin a sandbox whose clock shows this time: 2026-01-01, in UTC.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::parse, verbatim_doc_comment)]
    pub(crate) sandbox_from: Option<Timestamp>,

    #[command(flatten)]
    pub(crate) place: Place,
}

const SETUP_EXAMPLES: &str = "\
Examples:
  tenantry setup --name 'Example Cloud' --domain example --country DE --email billing@example.com \\
      --address-line1 'Hauptstr. 1' --city Berlin --data-dir /var/lib/tenantry
  tenantry setup --name 'Example Cloud' --domain example --country US --email billing@example.com \\
      --address-line1 '1 Main St' --city Seattle --state WA --postal-code 98101 --sandbox-from 2026-01-01";

/// Serve the world of a directory: sign-in and all APIs, over TLS.
///
/// `tenantry setup` begins a world, `tenantry demo` makes one to try. A sandbox shows the time it was
/// left at. Ctrl-C lets requests under way finish. The log goes to stderr; TENANTRY_LOG sets what it
/// shows (info, debug, tenantry_http=debug).
///
/// A live world on a PostgreSQL server may be served by several processes at once, on one machine or
/// on many; any of them may be stopped, or die, at any time. Any other world is served by one.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = SERVE_EXAMPLES)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) place: Place,

    #[command(flatten)]
    pub(crate) listen: Listen,

    /// What clients call the world by, if that is not the address listened on: behind a load balancer,
    /// or where several processes serve one world. Tokens name it, so it is the same for all of them.
    #[arg(long, value_name = "URL", value_parser = origin, verbatim_doc_comment)]
    pub(crate) origin: Option<String>,

    #[command(flatten)]
    pub(crate) memory: Memory,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  tenantry serve --data-dir /var/lib/tenantry
  tenantry serve --data-dir /var/lib/tenantry --listen 0.0.0.0:443 --host cloud.example.com

Two processes for one world, behind https://cloud.example.com:
  tenantry serve --database postgres://tenantry@db/main --listen 0.0.0.0:8443 --host cloud.example.com \\
      --origin https://cloud.example.com    # and the same again on another machine";

/// Get a bearer token for an application: what curl and scripts send. A server may run meanwhile.
///
/// In the directory of a demo it is the demo partner's application, whose secret lies there. Elsewhere
/// name the application with --app-id. Its secret comes from the environment variable TENANTRY_SECRET,
/// or else from stdin, and never as an argument: every user of a machine can see the arguments of
/// running programs, and shells write them to a history file.
///
/// Tokens live for an hour of the world's time: after the clock of a sandbox was moved, get a new one.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = TOKEN_EXAMPLES)]
pub(crate) struct Token {
    /// The application. The default is the demo partner's.
    #[arg(long, value_name = "ID", verbatim_doc_comment)]
    pub(crate) app_id: Option<String>,

    /// What the token is for. The default is this server, which fits all of its APIs.
    #[arg(long, value_name = "URI", verbatim_doc_comment)]
    pub(crate) resource: Option<String>,

    #[command(flatten)]
    pub(crate) place: Place,
}

const TOKEN_EXAMPLES: &str = "\
Examples:
  curl --cacert tenantry-data/tls/ca.pem -H \"Authorization: Bearer $(tenantry token)\" \\
      https://localhost:8443/v1/customers
  tenantry token --app-id 5b0c9a3e-9d0e-4d4f-8f0f-0d5d4a1c7e11 < secret.txt";

/// Close a month that is over and issue its documents, without waiting for the grace time.
///
/// Closing twice is closing once. Earlier months that were never closed are closed with it.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = "Examples:\n  tenantry close 2026-02 --dry-run\n  tenantry close 2026-02")]
pub(crate) struct Close {
    /// The month: 2026-02.
    #[arg(value_parser = Month::parse, verbatim_doc_comment)]
    pub(crate) month: Month,

    /// Show what would be issued and write nothing. Also of a month that still runs.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) dry_run: bool,

    #[command(flatten)]
    pub(crate) place: Place,
}

/// Look at issued documents.
#[derive(Debug, Subcommand)]
#[command(after_help = "Example:\n  tenantry invoice show D260000001")]
pub(crate) enum Invoice {
    Show(InvoiceShow),
    Lines(InvoiceLines),
}

/// Show an invoice or credit note, as table, JSON or PDF. A server may run meanwhile.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = "Example:\n  tenantry invoice show D260000001 --pdf invoice.pdf")]
pub(crate) struct InvoiceShow {
    /// Its number.
    #[arg(verbatim_doc_comment)]
    pub(crate) number: String,

    /// Write it as PDF too.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub(crate) pdf: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) place: Place,
}

/// Write the reconciliation file of an invoice: a row per resource and day, as CSV. A server may run
/// meanwhile.
///
/// Charges are exact, and each line has one row for its rounding, so the file sums to the invoice. Of a
/// credit note: a row per line, below zero.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = "Example:\n  tenantry invoice lines D260000001 > lines.csv")]
pub(crate) struct InvoiceLines {
    /// Its number.
    #[arg(verbatim_doc_comment)]
    pub(crate) number: String,

    #[command(flatten)]
    pub(crate) place: Place,
}

/// Write the rows behind an invoice as a file, in a format that others read. A server may run meanwhile.
///
/// The file gets its name when it is whole; until then it has another. Beside it a manifest says what
/// is in it: columns, rows, exact sums, SHA-256. No manifest, no whole file.
///
/// usage is the field's usage-based reconciliation file, daily its daily rated usage, licence and
/// one-time its files of seats, focus is FOCUS Cost and Usage (docs/focus.md). Each sums to what the
/// invoice asks for it, with tax; focus to all of it. The field's daily file has no tax: it sums to
/// the usage before tax.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = EXPORT_EXAMPLES)]
#[command(group = clap::ArgGroup::new("document").required(true).args(["invoice", "partner"]))]
pub(crate) struct Export {
    /// The invoice, by its number.
    #[arg(long, value_name = "NUMBER", verbatim_doc_comment)]
    pub(crate) invoice: Option<String>,

    /// Instead of an invoice: what the next one of this partner would say now. An estimate, and marked
    /// as one.
    #[arg(long, value_name = "ID", value_parser = tenant, verbatim_doc_comment)]
    pub(crate) partner: Option<TenantId>,

    /// The format.
    #[arg(long, value_parser = ["usage", "daily", "licence", "one-time", "focus"], default_value = "usage", verbatim_doc_comment)]
    pub(crate) format: String,

    /// The version of FOCUS.
    #[arg(long, value_name = "VERSION", value_parser = ["1.2", "1.4"], default_value = "1.2", verbatim_doc_comment)]
    pub(crate) focus_version: String,

    /// How it is written.
    #[arg(long = "as", value_parser = ["csv", "parquet"], default_value = "csv", verbatim_doc_comment)]
    pub(crate) encoding: String,

    /// The file to write. One that is there is replaced.
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    pub(crate) out: PathBuf,

    /// Write parts of so many rows, FILE-part-00001 and so on. An interrupted export then goes on after
    /// the last whole part; without parts it starts again.
    #[arg(long, value_name = "ROWS", verbatim_doc_comment)]
    pub(crate) part_rows: Option<u64>,

    #[command(flatten)]
    pub(crate) place: Place,
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  tenantry export --invoice D260000001 --out lines.csv
  tenantry export --invoice D260000001 --format focus --focus-version 1.4 --as parquet --out focus.parquet
  tenantry export --invoice D260000001 --format focus --part-rows 1000000 --out focus.csv

The JSON answer is the manifest:
  format, version, encoding, document, documentHash, estimate, month, seller, buyer, currency
  rows, sums     by currency and column, exact
  columns        [name, type]
  parts          [file, rows, bytes, sha256, sums]";

/// Explain an amount: resource and day, price version and rule, and the events behind it; of seats, who
/// had how many from which day on, and the price. A server may run meanwhile.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = EXPLAIN_EXAMPLE)]
pub(crate) struct Explain {
    /// The document it stands on. Without it: what is not billed yet.
    #[arg(long, value_name = "NUMBER", verbatim_doc_comment)]
    pub(crate) invoice: Option<String>,

    /// The subscription.
    #[arg(long, value_name = "ID", value_parser = SubscriptionId::parse, verbatim_doc_comment)]
    pub(crate) subscription: SubscriptionId,

    /// The meter. Without it: the seats of the subscription.
    #[arg(long, value_name = "ID", value_parser = MeterId::parse, verbatim_doc_comment)]
    pub(crate) meter: Option<MeterId>,

    /// The month of the usage, 2026-02, if there is more than one.
    #[arg(long, value_parser = Month::parse, requires = "meter", verbatim_doc_comment)]
    pub(crate) month: Option<Month>,

    /// Only this day, 2026-02-14, with every event.
    #[arg(long, value_parser = Day::parse, requires = "meter", verbatim_doc_comment)]
    pub(crate) day: Option<Day>,

    #[command(flatten)]
    pub(crate) place: Place,
}

const EXPLAIN_EXAMPLE: &str = "\
Example:
  tenantry explain --invoice D260000001 --subscription 1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10 \\
      --meter ae331802-83a5-4b9e-b287-85675f794e3d --day 2026-01-14
  tenantry explain --invoice D260000001 --subscription 7d1d4c5e-93f2-4c6b-8a0e-0f5b2c7d9e61";

/// Ask who may do what.
#[derive(Debug, Subcommand)]
#[command(
    after_help = "Example:\n  tenantry access explain admin@harborline.onmicrosoft.com OrderPlace customer/northquay.onmicrosoft.com"
)]
pub(crate) enum Access {
    Explain(AccessExplain),
}

/// Explain access: whether somebody may do something somewhere, what allows it, or why nothing does and
/// what would. A server may run meanwhile.
///
/// The answer is the decision that the act itself would meet, not a guess about it. The exit code is 0
/// for a yes and for a no; scripts read `allowed`.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = ACCESS_EXPLAIN_EXAMPLES)]
pub(crate) struct AccessExplain {
    /// Who: a user name, the object id of a user or group, or the client id of an application.
    #[arg(verbatim_doc_comment)]
    pub(crate) principal: String,

    /// What: one of our actions (OrderPlace, PasswordReset; all of them stand in crates/access/policy.txt)
    /// or one of Azure's (Microsoft.Compute/virtualMachines/start/action).
    #[arg(verbatim_doc_comment)]
    pub(crate) action: String,

    /// Where: /subscriptions/{id} or anything below it, customer/{id or domain}, partner/{id or domain},
    /// tenant/{id or domain} (its directory), or world.
    #[arg(verbatim_doc_comment)]
    pub(crate) scope: String,

    #[command(flatten)]
    pub(crate) place: Place,
}

const ACCESS_EXPLAIN_EXAMPLES: &str = "\
Examples, which work on the demo:
  tenantry access explain admin@harborline.onmicrosoft.com OrderPlace customer/northquay.onmicrosoft.com
  tenantry access explain helpdesk@harborline.onmicrosoft.com PasswordReset tenant/northquay.onmicrosoft.com
  tenantry access explain helpdesk@harborline.onmicrosoft.com OrderPlace customer/northquay.onmicrosoft.com
  tenantry access explain operator@northquay.onmicrosoft.com Microsoft.Compute/virtualMachines/start/action \\
      tenant/northquay.onmicrosoft.com

The JSON answer:
  allowed   true or false
  principal, action, scope
  paths     what allows it; each would be enough
  reasons   why it is refused
  would     what would allow it; each would be enough";

/// Prove that the books are right: the ledger sums to zero, the chain of documents holds, and each
/// document comes out the same when computed again from the usage log. Exit code 1 if not; documents that wait
/// for an exchange rate are named, and right. A server may run meanwhile.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = "Example:\n  tenantry check --data-dir /var/lib/tenantry")]
pub(crate) struct Check {
    /// Compute each document again from the usage log: what happens if nothing is said.
    #[arg(long, overrides_with = "quick", verbatim_doc_comment)]
    pub(crate) recompute: bool,

    /// Leave out the computing again.
    #[arg(long, overrides_with = "recompute", verbatim_doc_comment)]
    pub(crate) quick: bool,

    #[command(flatten)]
    pub(crate) place: Place,
}

/// Copy the database, as of one instant, into a new file. A server may run meanwhile.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = "Example:\n  tenantry backup world-2026-03-18.sqlite")]
pub(crate) struct Backup {
    /// The file to make; it must not exist.
    #[arg(verbatim_doc_comment)]
    pub(crate) file: PathBuf,

    #[command(flatten)]
    pub(crate) place: Place,
}

fn tenant(id: &str) -> Result<TenantId, String> {
    TenantId::parse(id).map_err(|error| format!("{error}; it stands in the answer of `tenantry demo` as tenantId"))
}

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
        fn check(command: &clap::Command) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("tenantry "), "`{}` shows no example", command.get_name());
            command.get_subcommands().for_each(check);
        }
        definition().get_subcommands().for_each(check);
    }
}
