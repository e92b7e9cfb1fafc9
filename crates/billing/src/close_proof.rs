//! The proof scan of a close: what goes on a document is what was counted, before it is issued.
//!
//! Four figures of the same usage are held against each other, each kept on its own way:
//! * the rollup by resource and day, which intake adds to (the period's accumulator);
//! * the rows behind the lines, which the close billed;
//! * the lines;
//! * the entries in the ledger, read back after they were written (`close_issue.rs`).
//!
//! A close of millions of rows has nearly only lines whose rows are all that was counted of their days. The fold adds those
//! up in one go ([`tenantry_usage::Recount`]). Lines with late usage or corrections are looked at row by row, with what other
//! documents say of the same lines ([`Fold::lines_about`]).
//!
//! A mismatch stops the document of that edge and no other, and says where. Nothing was issued then; what is wrong is in
//! the log or in the program, and either can be repaired before anybody got a wrong paper.

use crate::draft::sum;
use crate::{Draft, DraftLine, seats};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Amount, Day, EdgeId, MeterId, Money, Month, Problem, Quantity, Reason, SubscriptionId};
use tenantry_usage::{EdgeTerms, Fold, Granularity, Recount};

/// Subscription, meter, day, and resource with its region.
type Key = (SubscriptionId, MeterId, Day, String);
type Daily = BTreeMap<Key, Quantity>;

/// Which document a draft is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Document {
    /// That of a close, by its number.
    Closed(u32),
    /// The next one, if this month were closed.
    Open(Month),
}

/// Holds a draft of a close against the fold.
///
/// # Errors
/// `Corrupt`, naming the edge and what does not add up.
pub(crate) fn prove(fold: &Fold, draft: &Draft, of: Document) -> Result<(), Problem> {
    let recounts = match of {
        Document::Closed(close) => fold.recounted(draft.edge, close).collect(),
        Document::Open(_) => Vec::new(),
    };
    prove_recounted(fold, draft, of, recounts)
}

/// As [`prove`], with the rows behind the lines of a close added up already; a draft of what is open has its rows.
pub(crate) fn prove_recounted(fold: &Fold, draft: &Draft, of: Document, recounts: Vec<Recount>) -> Result<(), Problem> {
    let (close, month) = match of {
        Document::Open(month) => (None, Some(month)),
        Document::Closed(number) => {
            let close = fold.closes().iter().find(|close| close.number == number);
            (Some(number), close.map(|close| close.month))
        }
    };
    if let Some(month) = month {
        seats::prove(fold, draft, (close, month)).map_err(|what| mismatch(draft, &what))?;
    }
    match of {
        Document::Closed(close) => prove_totals(fold, draft, close, recounts),
        Document::Open(_) => prove_rows(fold, draft, of),
    }
}

/// Of a draft that has its rows.
fn prove_rows(fold: &Fold, draft: &Draft, of: Document) -> Result<(), Problem> {
    for line in &draft.lines {
        rows_make_the_line(draft, line)?;
    }
    lines_make_the_total(draft)?;
    rollups_make_the_rows(fold, draft, of)
}

/// Of a draft without rows.
fn prove_totals(fold: &Fold, draft: &Draft, close: u32, recounts: Vec<Recount>) -> Result<(), Problem> {
    let mut late = BTreeSet::new();
    let mut recounts = recounts.into_iter();
    for line in &draft.lines {
        let named = (line.subscription, line.meter, line.month);
        let found = recounts.next().filter(|found| (found.subscription, found.meter, found.month) == named);
        let Some(found) = found else {
            return Err(mismatch(draft, &format!("{} is not what the close billed there", of(line))));
        };
        recount_makes_the_line(draft, line, &found)?;
        if !found.is_whole {
            late.insert(named);
        }
    }
    if let Some(more) = recounts.next() {
        let what =
            format!("nothing on it is of subscription {} meter {} in {}", more.subscription, more.meter, more.month);
        return Err(mismatch(draft, &what));
    }
    lines_make_the_total(draft)?;
    if late.is_empty() {
        return Ok(());
    }
    let lines = late.iter().flat_map(|key| fold.lines_about(draft.edge, *key));
    let lines = lines.filter(|(of, _)| *of == close).map(|(_, line)| line);
    let late = Draft::new(draft.edge, draft.currency, lines, fold.book());
    rollups_make_the_rows(fold, &late, Document::Closed(close))
}

fn of(line: &DraftLine) -> String {
    format!("subscription {} meter {} in {}", line.subscription, line.meter, line.month)
}

/// What the rows of a line sum to is on the line, in its currency; and rounded once it is what is owed.
fn recount_makes_the_line(draft: &Draft, line: &DraftLine, found: &Recount) -> Result<(), Problem> {
    if found.quantity != Some(line.quantity) {
        return Err(days_make_no_line(draft, line));
    }
    let bought = |amount: Amount| line.priced.as_ref().map_or(amount, |priced| amount.converted(priced.fx.rate));
    let list = if draft.own_list { line.exact } else { bought(found.list) };
    let before = line.priced.as_ref().map_or(found.charge, |priced| priced.exact);
    if found.charge != before || bought(found.charge) != line.exact || list != line.list {
        return Err(charges_make_no_line(draft, line));
    }
    rounded_once(draft, line)
}

fn days_make_no_line(draft: &Draft, line: &DraftLine) -> Problem {
    mismatch(draft, &format!("the days of {} do not sum to the line's quantity {}", of(line), line.quantity))
}

fn charges_make_no_line(draft: &Draft, line: &DraftLine) -> Problem {
    mismatch(draft, &format!("the charges of the days of {} do not sum to the line", of(line)))
}

fn rounded_once(draft: &Draft, line: &DraftLine) -> Result<(), Problem> {
    if line.exact.round(draft.currency, draft.rounding) == line.amount {
        return Ok(());
    }
    Err(mismatch(draft, &format!("the line of {} is not its exact charge, rounded once", of(line))))
}

/// A mismatch: the edge, and what was found. Quantities are the buyer's own; money is not told.
fn mismatch(draft: &Draft, what: &str) -> Problem {
    let message = format!(
        "the proof scan stopped the document of edge {}: {what}; nothing was issued for it. Run `tenantry check \
         --recompute` and see the log",
        draft.edge
    );
    Problem::new(Reason::Corrupt, message)
}

fn rows_make_the_line(draft: &Draft, line: &DraftLine) -> Result<(), Problem> {
    let quantity = line.rows.iter().try_fold(Quantity::ZERO, |sum, row| sum.checked_add(row.quantity));
    let list: Amount = line.rows.iter().map(|row| row.list).sum();
    let charge: Amount = line.rows.iter().map(|row| row.charge).sum();
    if quantity != Some(line.quantity) {
        return Err(days_make_no_line(draft, line));
    }
    if list != line.list || charge != line.exact {
        return Err(charges_make_no_line(draft, line));
    }
    rounded_once(draft, line)?;
    if let Some(row) = line.rows.iter().find(|row| Month::of(row.day) != line.month) {
        return Err(mismatch(draft, &format!("the line of {} has a row of {}", of(line), row.day)));
    }
    Ok(())
}

fn lines_make_the_total(draft: &Draft) -> Result<(), Problem> {
    let seats = draft.seats.iter().map(|line| line.amount.minor());
    let mut lines = draft.lines.iter().map(|line| line.amount.minor()).chain(seats);
    let lines = lines.try_fold(0_i128, |sum, minor| sum.checked_add(minor));
    if lines.map(|minor| Money::from_minor(minor, draft.currency)) != Some(draft.total()?) {
        return Err(mismatch(draft, "its lines do not sum to its net amount"));
    }
    Ok(())
}

/// What closes billed of a resource on a day, with what no close has billed yet, is what was counted.
///
/// Mostly this document says it all. Of days with late usage or corrections, others say the rest: earlier ones, and
/// what came in since the close. Of a day on which a customer changed its seller, the documents of both sellers do: at
/// the top of the channel together they have all of it; further down no more than what the edge above has.
fn rollups_make_the_rows(fold: &Fold, draft: &Draft, of: Document) -> Result<(), Problem> {
    let counted = counted(fold, draft);
    let mut own = Daily::new();
    for line in &draft.lines {
        for row in &line.rows {
            add(&mut own, (line.subscription, line.meter, row.day, resource(&row.series)), row.quantity)?;
        }
    }
    let wanted: BTreeSet<_> = own.keys().filter(|key| counted.get(*key) != own.get(*key)).cloned().collect();
    if wanted.is_empty() {
        return Ok(());
    }
    // Rows of the draft itself are billed by its close, or open if there was none yet.
    let all = match of {
        Document::Closed(close) => {
            own.retain(|key, _| wanted.contains(key));
            others(fold, draft.edge, Some(close), &wanted, own)?
        }
        Document::Open(_) => others(fold, draft.edge, None, &wanted, Daily::new())?,
    };
    let wanted: BTreeSet<_> = wanted.into_iter().filter(|key| counted.get(key) != all.get(key)).collect();
    let wrong = if wanted.is_empty() { None } else { split(fold, draft, &counted, &wanted)? };
    wrong.map_or(Ok(()), |key| {
        let (subscription, meter, day, resource) = &key;
        let what = format!(
            "of subscription {subscription} meter {meter} on {day} ({resource}) was counted {}, and billed or open is {}",
            shown(counted.get(&key)),
            shown(all.get(&key)),
        );
        Err(mismatch(draft, &what))
    })
}

/// The first day that several sellers' edges together do not explain.
fn split(fold: &Fold, draft: &Draft, counted: &Daily, wanted: &BTreeSet<Key>) -> Result<Option<Key>, Problem> {
    let Some(edge) = fold.edge(draft.edge) else { return Ok(wanted.first().cloned()) };
    let sum = |edges: Vec<&EdgeTerms>| {
        edges.into_iter().try_fold(Daily::new(), |sums, edge| others(fold, edge.id, None, wanted, sums))
    };
    let buyers: BTreeSet<_> = fold.edges().map(|edge| edge.buyer).collect();
    let buys = |tenant| buyers.contains(&tenant);
    if !buys(edge.seller) {
        let all = sum(fold.edges().filter(|edge| !buys(edge.seller)).collect())?;
        return Ok(wanted.iter().find(|key| counted.get(*key) != all.get(*key)).cloned());
    }
    let sold = sum(fold.edges().filter(|other| other.seller == edge.seller).collect())?;
    let bought = sum(fold.edges().filter(|above| above.buyer == edge.seller).collect())?;
    Ok(wanted.iter().find(|key| sold.get(*key) > bought.get(*key)).cloned())
}

/// Adds what the closes of an edge billed, but for one, and what is open.
fn others(
    fold: &Fold,
    edge: EdgeId,
    but: Option<u32>,
    wanted: &BTreeSet<Key>,
    mut sums: Daily,
) -> Result<Daily, Problem> {
    let key = |(subscription, meter, day, _): &Key| (*subscription, *meter, Month::of(*day));
    let about: BTreeSet<_> = wanted.iter().map(key).collect();
    let lines = about.into_iter().flat_map(|key| fold.lines_about(edge, key));
    for (_, line) in lines.filter(|(close, _)| Some(*close) != but) {
        for row in &line.rows {
            let key = (line.subscription, line.meter, row.day, resource(&row.series));
            if wanted.contains(&key) {
                add(&mut sums, key, row.quantity)?;
            }
        }
    }
    Ok(sums)
}

fn shown(quantity: Option<&Quantity>) -> String {
    quantity.copied().unwrap_or(Quantity::ZERO).to_string()
}

fn resource(series: &tenantry_usage::Series) -> String {
    // Both compare without regard to case.
    format!("{} {}", series.resource.folded(), series.region.to_ascii_lowercase())
}

fn add(sums: &mut Daily, key: Key, quantity: Quantity) -> Result<(), Problem> {
    let sum = sums.entry(key).or_insert(Quantity::ZERO);
    *sum = sum.checked_add(quantity).ok_or_else(|| Problem::corrupt("a daily sum leaves the range of quantities"))?;
    Ok(())
}

/// The rollups of the months and subscriptions a draft is about.
fn counted(fold: &Fold, draft: &Draft) -> Daily {
    let about: BTreeSet<_> = draft.lines.iter().map(|line| (line.subscription, line.month)).collect();
    let mut counted = Daily::new();
    for (subscription, month) in about {
        for bucket in fold.buckets(subscription, month.period(), Granularity::Daily) {
            let key = (subscription, bucket.series.meter, bucket.period.from.day(), resource(&bucket.series));
            // Out of range shows as a mismatch.
            let sum = counted.entry(key).or_insert(Quantity::ZERO);
            *sum = sum.checked_add(bucket.quantity).unwrap_or(*sum);
        }
    }
    counted
}

/// What the ledger says is owed on a document is what its lines say.
pub(crate) fn ledger_agrees(draft: &Draft, tax: Money, receivable: Money) -> Result<(), Problem> {
    if sum([draft.total()?, tax], draft.currency)? == receivable {
        return Ok(());
    }
    Err(mismatch(draft, "the receivable in the ledger is not what its lines and tax sum to"))
}

#[cfg(test)]
mod tests;
