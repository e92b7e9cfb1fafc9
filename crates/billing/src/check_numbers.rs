//! Whether the numbers of documents have holes: each seller counts its invoices and its credit notes from 1 in each year.
//!
//! The chain shows that a document in the middle is gone, and the log that an invoice is. The last credit note of a seller
//! is in no log, so what was taken from the counters is held against the documents as well.

use crate::credit_note_rows::StoredNote;
use crate::number::{self, CREDIT_NOTE, INVOICE};
use crate::rows::Stored;
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, sql};

/// Missing numbers that are named, of each series.
const NAMED_MAX: usize = 10;

/// Numbers of one kind, seller and year.
#[derive(Debug, Default)]
struct Series {
    /// Those on documents.
    there: BTreeSet<i64>,
    /// How many were taken.
    taken: i64,
    /// What stands behind them, with its dash.
    ending: String,
}

/// Seller, kind and the last two digits of the year.
type Key = (TenantId, char, i64);

/// How far each series was counted. To be asked before the documents are read: more may be issued meanwhile.
pub(crate) async fn taken(on: &mut impl Connection) -> Result<BTreeMap<String, i64>, Problem> {
    let counters = "SELECT name, value FROM counter WHERE name LIKE 'invoice/%' OR name LIKE 'credit-note/%'";
    let rows = sql(counters).all(on).await?;
    rows.iter().map(|row| Ok((row.text("name")?, row.integer("value")?))).collect()
}

/// What is wrong with the numbers.
pub(crate) fn wrong_numbers(stored: &[Stored], notes: &[StoredNote], taken: &BTreeMap<String, i64>) -> Vec<String> {
    let invoices = stored.iter().map(|stored| (INVOICE, stored.invoice.seller.tenant, &stored.invoice.number));
    let notes = notes.iter().map(|stored| (CREDIT_NOTE, stored.note.seller.tenant, &stored.note.number));
    let mut wrong = Vec::new();
    let mut series: BTreeMap<Key, Series> = BTreeMap::new();
    for (kind, seller, number) in invoices.chain(notes) {
        match number::read(number).filter(|read| read.kind == kind) {
            Some(read) => {
                let series = series.entry((seller, kind, read.year)).or_default();
                series.there.insert(read.sequence);
                read.ending.clone_into(&mut series.ending);
            }
            None => {
                let name = if kind == INVOICE { "invoice" } else { "credit note" };
                wrong.push(format!("{name} {number} has no number as its seller gives them"));
            }
        }
    }
    for (name, taken) in taken {
        if let Some(key) = counted(name) {
            series.entry(key).or_default().taken = *taken;
        }
    }
    for ((seller, kind, year), series) in series {
        let last = series.there.last().copied().unwrap_or_default().max(series.taken);
        let mut missing = (1..=last).filter(|sequence| !series.there.contains(sequence));
        for sequence in missing.by_ref().take(NAMED_MAX) {
            let number = number::text(kind, year, sequence);
            wrong.push(format!("among the numbers of {seller} {number}{} is missing", series.ending));
        }
        let more = missing.count();
        if more > 0 {
            wrong.push(format!("among the numbers of {seller} {more} more of {kind}{year:02} are missing"));
        }
    }
    wrong
}

/// What a counter counts: `invoice/{seller}/{year}`, `credit-note/{seller}/{year}`.
fn counted(name: &str) -> Option<Key> {
    let mut parts = name.split('/');
    let kind = match parts.next()? {
        "invoice" => INVOICE,
        "credit-note" => CREDIT_NOTE,
        _ => return None,
    };
    let seller = TenantId::parse(parts.next()?).ok()?;
    let year: i64 = parts.next()?.parse().ok()?;
    Some((seller, kind, year.rem_euclid(100)))
}
