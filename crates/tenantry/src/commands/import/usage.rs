//! `tenantry import usage`: the records of usage files become events of one subscription.
//!
//! Each record gets a name made of what it says (`metering::files::EventIds`), so a file imported again, or a month
//! given as CSV and as pages, is counted once. Files are read before anything is counted: rows that cannot be read are
//! listed, all of them, and then nothing is imported. Refused records are listed with their reason; the rest counts.

use crate::cli::ImportUsage;
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Progress;
use crate::runtime::block_on;
use crate::words::counted;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use tenantry_core::{Problem, Reason, SubscriptionId};
use tenantry_metering::files::{self, Aside, EventIds, UsageRecord};
use tenantry_metering::{BATCH_EVENTS_MAX, Submitted, Verdict};
use tenantry_usage::Event;
use tenantry_worlds::World;

/// What became of the records.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Imported {
    accepted: u64,
    duplicates: u64,
    unrated: u64,
    refused: u64,
    refusals: Vec<Refused>,
    /// Rows that are no usage, by what the file calls them.
    passed_over: BTreeMap<String, u64>,
    /// Rows of other subscriptions than the one that was named.
    of_others: u64,
    #[serde(skip)]
    kinds: BTreeMap<&'static str, Kind>,
}

/// Refusals that are alike, for people: thousands of lines that say one thing hide the one that says another.
#[derive(Debug)]
struct Kind {
    count: u64,
    first: Refused,
}

/// A record that was not counted.
#[derive(Debug, Clone, Serialize)]
struct Refused {
    file: String,
    record: u64,
    id: String,
    code: &'static str,
    field: &'static str,
    message: String,
}

/// The code of usage that lies ahead of the world's clock.
const AHEAD: &str = "in_future";

/// Refusals in the JSON answer; the rest is only counted. A file for the wrong subscription refuses every record.
const REFUSALS_SHOWN: usize = 100;

pub(crate) fn run(arguments: &ImportUsage, output: &mut Output<'_>) -> Result<(), Failure> {
    // All files are read before anything is counted: half an import is worse than none.
    let mut imported = Imported::default();
    let mut read = Vec::new();
    let mut unreadable = Unreadable::default();
    for path in &arguments.files {
        let events = events_of(path, arguments, &mut imported, &mut unreadable, output)?;
        read.push((path.display().to_string(), events));
    }
    unreadable.refuse(output)?;
    block_on(async {
        let world = arguments.place.open_existing().await?;
        must_be_metered(&world, arguments.subscription).await?;
        for (file, events) in read {
            take_in(&world, &file, events, &mut imported).await?;
        }
        world.close().await
    })??;
    let done = imported.refused == 0;
    output.answer(&imported, || imported.text())?;
    if done {
        return Ok(());
    }
    let told = format!("{} refused and not counted; see the list", counted(imported.refused, "record"));
    Err(Problem::invalid("usage", told).into())
}

/// Rows that cannot be read.
#[derive(Debug, Default)]
struct Unreadable {
    count: u64,
    shown: Vec<String>,
}

impl Unreadable {
    fn note(&mut self, problem: &Problem) {
        self.count += 1;
        if self.shown.len() < REFUSALS_SHOWN {
            self.shown.push(problem.message().to_owned());
        }
    }

    /// All of them in one go: who repairs a file wants to do it once.
    fn refuse(&self, output: &mut Output<'_>) -> Result<(), Problem> {
        if self.count == 0 {
            return Ok(());
        }
        for line in &self.shown {
            output.tell(line);
        }
        let hidden = self.count - self.shown.len() as u64;
        if hidden > 0 {
            output.tell(format_args!("and {} more", counted(hidden, "row")));
        }
        let told = format!("{} cannot be read, and nothing was imported; see the list", counted(self.count, "row"));
        Err(Problem::new(Reason::MalformedBody, told))
    }
}

fn events_of(
    path: &Path,
    arguments: &ImportUsage,
    imported: &mut Imported,
    unreadable: &mut Unreadable,
    output: &mut Output<'_>,
) -> Result<Vec<Event>, Problem> {
    let name = path.display().to_string();
    let mut file = File::open(path).map_err(|error| {
        let told = format!("cannot read {name} ({error}); check the path and its permissions");
        Problem::new(Reason::InvalidField, told).at("FILE")
    })?;
    let mut progress = Progress::new(format!("read {name}"), "record");
    let mut ids = EventIds::default();
    // Ids are unique within a source, and one file may be tried on two subscriptions.
    let source = arguments.source.clone().unwrap_or_else(|| format!("file/{}", arguments.subscription));
    let mut events = Vec::new();
    let mut owners = BTreeSet::new();
    let mut take = |record: UsageRecord| {
        progress.step(output);
        if arguments.rows_of.as_ref().is_some_and(|wanted| !wanted.eq_ignore_ascii_case(&record.subscription)) {
            imported.of_others += 1;
            return Ok(());
        }
        owners.insert(record.subscription.to_ascii_lowercase());
        events.push(event(record, &mut ids, arguments.subscription, &source));
        Ok(())
    };
    let mut passed_over: BTreeMap<String, u64> = BTreeMap::new();
    files::read_rows(&name, &mut file, &mut take, &mut |aside| {
        match aside {
            Aside::Refused(problem) => unreadable.note(&problem),
            Aside::NotUsage { kind, .. } => *passed_over.entry(kind).or_default() += 1,
        }
        Ok(())
    })?;
    progress.end(output);
    for (kind, count) in passed_over {
        *imported.passed_over.entry(kind).or_default() += count;
    }
    one_owner(&name, &owners)?;
    Ok(events)
}

/// Usage of several subscriptions counted for one would be billed to the wrong customer.
fn one_owner(file: &str, owners: &BTreeSet<String>) -> Result<(), Problem> {
    let [first, second, ..] = owners.iter().collect::<Vec<_>>()[..] else { return Ok(()) };
    let told = format!(
        "{file} has usage of {} subscriptions, {first} and {second} among them; name the one to import with --rows-of, \
         and call once for each. Nothing was imported",
        owners.len()
    );
    Err(Problem::new(Reason::InvalidField, told).at("rows-of"))
}

fn event(record: UsageRecord, ids: &mut EventIds, subscription: SubscriptionId, source: &str) -> Event {
    Event {
        reporter: None,
        source: source.to_owned(),
        id: ids.name(&record),
        at: record.start,
        subscription,
        meter: record.meter,
        resource: record.resource,
        region: record.region,
        quantity: record.quantity,
        corrects: None,
        tags: record.tags,
        additional_info: record.additional_info,
    }
}

/// Said once, not for every record.
async fn must_be_metered(world: &World, subscription: SubscriptionId) -> Result<(), Problem> {
    world.metering().follow(&world.system("import-usage")).await?;
    if world.metering().read_all(|fold| fold.subscription(subscription).is_some()).await {
        return Ok(());
    }
    let told = format!(
        "there is no usage based subscription {subscription} in this world; nothing was imported. Ids stand in the \
         answer of the order, and in Partner Center's list of subscriptions"
    );
    Err(Problem::new(Reason::SubscriptionNotFound, told).at("subscription"))
}

async fn take_in(world: &World, file: &str, events: Vec<Event>, imported: &mut Imported) -> Result<(), Problem> {
    let ctx = world.system("import-usage");
    let mut record = 0;
    for batch in events.chunks(BATCH_EVENTS_MAX) {
        let submitted = batch.iter().cloned().map(Submitted::Event).collect();
        let verdicts = world.metering().intake(&ctx, submitted).await?;
        for (event, verdict) in batch.iter().zip(verdicts) {
            record += 1;
            imported.note(file, record, &event.id, verdict);
        }
    }
    Ok(())
}

impl Imported {
    fn note(&mut self, file: &str, record: u64, id: &str, verdict: Verdict) {
        match verdict {
            Verdict::Accepted { unrated } => {
                self.accepted += 1;
                self.unrated += u64::from(unrated);
            }
            Verdict::Duplicate => self.duplicates += 1,
            Verdict::Refused { code, field, message } => {
                self.refused += 1;
                let refused = Refused { file: file.to_owned(), record, id: id.to_owned(), code, field, message };
                if self.refusals.len() < REFUSALS_SHOWN {
                    self.refusals.push(refused.clone());
                }
                self.kinds.entry(code).or_insert(Kind { count: 0, first: refused }).count += 1;
            }
        }
    }

    fn text(&self) -> String {
        let mut text = format!(
            "{} accepted, {} counted before, {} refused.\n",
            counted(self.accepted, "record"),
            self.duplicates,
            self.refused
        );
        if self.unrated > 0 {
            let without = counted(self.unrated, "record");
            text += &format!("UNRATED: {without} accepted without a price so far; billed once there is one.\n");
        }
        for (kind, count) in &self.passed_over {
            text += &format!("Passed over {} that the file calls `{kind}`: no usage.\n", counted(*count, "row"));
        }
        if self.of_others > 0 {
            text += &format!("Passed over {} of other subscriptions.\n", counted(self.of_others, "row"));
        }
        for Kind { count, first: Refused { file, record, message, .. } } in self.kinds.values() {
            text += &format!("  {} refused; the first is record {record} of {file}:\n", counted(*count, "record"));
            text += &format!("    {message}\n");
        }
        if self.kinds.contains_key(AHEAD) {
            text += "  In a sandbox, move the clock first to count usage that lies ahead of it: POST /api/v1/clock/advance.\n";
        }
        text
    }
}
