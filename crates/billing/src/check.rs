//! Proof, any time: the ledger sums to zero, the chain holds, and every document can be computed again.

use crate::Draft;
use crate::close_draft::Currencies;
use crate::credit_note::CreditNote;
use crate::credit_note_rows::{self, StoredNote};
use crate::fx::Rates;
use crate::issue::{Names, closed_draft, compose};
use crate::ledger::{Account, all_balances};
use crate::payment::Payment;
use crate::rows::{self, Stored};
use crate::tax_rate::Tax;
use crate::waiting::{WaitsFor, waiting};
use crate::{chain, check_numbers, credit_note_issue, draft, invoice, payment_rows};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_commerce::edge_currencies;
use tenantry_core::{Currency, Money, Problem, TenantId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::{Close, EdgeTerms, Fold};

/// What was looked at and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Documents looked at.
    pub documents: usize,
    /// Usage events in the log.
    pub events: usize,
    /// What does not hold, each with the document or account it is about. Empty is good.
    pub wrong: Vec<String>,
    /// Documents that wait for an exchange rate to be imported: not there, and rightly so.
    pub waiting: Vec<String>,
}

/// Checks a world. With `recompute`, the usage log is replayed from its first record and every issued document
/// is computed from that replay alone.
pub async fn check(db: &Db, metering: &Metering, recompute: bool) -> Result<Findings, Problem> {
    let mut reader = db.reader().await?;
    let numbers = check_numbers::taken(&mut reader).await?;
    let (stored, mut wrong) = rows::everything(&mut reader).await?;
    let (notes, wrong_notes) = credit_note_rows::everything(&mut reader).await?;
    wrong.extend(wrong_notes);
    let payments = payment_rows::everything(&mut reader).await?;
    let balances = all_balances(&mut reader).await?;
    drop(reader);
    let mut findings = Findings { documents: stored.len() + notes.len(), wrong, ..Findings::default() };
    check_ledger(&balances, &stored, &notes, &payments, &mut findings)?;
    check_chain(&stored, &notes, &mut findings);
    check_credit_notes(&stored, &notes, &mut findings);
    findings.wrong.extend(check_numbers::wrong_numbers(&stored, &notes, &numbers));
    findings.events = metering.read_all(Fold::events_counted).await;
    if recompute {
        let replayed = metering.replayed().await?;
        let live = metering.read_all(Fold::checkpoint).await.map_err(Problem::internal)?;
        if replayed.checkpoint().map_err(Problem::internal)? != live {
            findings.wrong.push("the state in memory differs from a replay of the usage log".to_owned());
        }
        for stored in &stored {
            check_document(&replayed, stored, &mut findings)?;
        }
        check_complete(&replayed, &stored, &edge_currencies(db).await?, &mut findings);
    }
    Ok(findings)
}

fn check_ledger(
    balances: &[crate::Balance],
    stored: &[Stored],
    notes: &[StoredNote],
    payments: &[Payment],
    findings: &mut Findings,
) -> Result<(), Problem> {
    let mut sums: BTreeMap<(TenantId, Currency), Money> = BTreeMap::new();
    for balance in balances {
        let currency = balance.amount.currency();
        let sum = sums.entry((balance.owner, currency)).or_insert_with(|| Money::zero(currency));
        *sum = draft::sum([*sum, balance.amount], currency)?;
    }
    for ((owner, currency), sum) in sums {
        if sum != Money::zero(currency) {
            findings.wrong.push(format!("the {currency} ledger of {owner} sums to {sum}, not to zero"));
        }
    }
    let receivables = balances.iter().filter(|balance| balance.account == Account::Receivable);
    let booked: BTreeMap<_, _> =
        receivables.map(|b| ((b.owner, b.counterparty, b.amount.currency()), b.amount)).collect();
    // From every booking: a document that is gone leaves one behind.
    let mut owed: BTreeMap<_, _> = booked.keys().map(|key| (*key, Money::zero(key.2))).collect();
    for (seller, buyer, amount) in asked_for(stored, notes, payments)? {
        let currency = amount.currency();
        let sum = owed.entry((seller, buyer, currency)).or_insert_with(|| Money::zero(currency));
        *sum = draft::sum([*sum, amount], currency)?;
    }
    for ((seller, buyer, currency), invoiced) in owed {
        let booked = booked.get(&(seller, buyer, currency)).copied().unwrap_or(Money::zero(currency));
        if booked != invoiced {
            let by = if payments.is_empty() && notes.is_empty() { "" } else { " less credit and payments" };
            findings
                .wrong
                .push(format!("{buyer} was invoiced {invoiced} {currency}{by}, the receivable says {booked}"));
        }
    }
    Ok(())
}

/// What documents ask for, less what was credited and what came in: seller, buyer, amount.
fn asked_for(
    stored: &[Stored],
    notes: &[StoredNote],
    payments: &[Payment],
) -> Result<Vec<(TenantId, TenantId, Money)>, Problem> {
    let mut all = Vec::with_capacity(stored.len() + notes.len() + payments.len());
    for stored in stored {
        all.push((stored.invoice.seller.tenant, stored.invoice.buyer.tenant, stored.invoice.total()?));
    }
    for stored in notes {
        all.push((stored.note.seller.tenant, stored.note.buyer.tenant, stored.note.total()?.negated()));
    }
    all.extend(payments.iter().map(|payment| (payment.seller, payment.buyer, payment.signed().negated())));
    Ok(all)
}

/// A link of a seller's chain, whatever kind of document it is.
struct Link<'a> {
    seller: TenantId,
    chain_no: i64,
    name: String,
    text: &'a str,
    previous_hash: &'a str,
    hash: &'a str,
}

fn check_chain(stored: &[Stored], notes: &[StoredNote], findings: &mut Findings) {
    let invoices = stored.iter().map(|stored| Link {
        seller: stored.invoice.seller.tenant,
        chain_no: stored.chain_no,
        name: format!("invoice {}", stored.invoice.number),
        text: &stored.text,
        previous_hash: &stored.previous_hash,
        hash: &stored.hash,
    });
    let notes = notes.iter().map(|stored| Link {
        seller: stored.note.seller.tenant,
        chain_no: stored.chain_no,
        name: format!("credit note {}", stored.note.number),
        text: &stored.text,
        previous_hash: &stored.previous_hash,
        hash: &stored.hash,
    });
    let mut links: Vec<_> = invoices.chain(notes).collect();
    links.sort_by_key(|link| (link.seller, link.chain_no));
    let mut ends: BTreeMap<TenantId, &str> = BTreeMap::new();
    for link in &links {
        let end = ends.entry(link.seller).or_insert(chain::GENESIS);
        if link.previous_hash != *end {
            findings.wrong.push(format!("{} does not follow on the one before it", link.name));
        }
        if chain::hash(link.previous_hash, link.text) != link.hash {
            findings.wrong.push(format!("{} was changed after it was issued", link.name));
        }
        *end = link.hash;
    }
}

/// A credit note is what its invoice, the notes before it, its amounts and its reason make of it, and gives back no more
/// of a line, or of the whole invoice, than there was.
fn check_credit_notes(stored: &[Stored], notes: &[StoredNote], findings: &mut Findings) {
    let invoices: BTreeMap<_, _> =
        stored.iter().map(|stored| ((stored.invoice.seller.tenant, &stored.invoice.number), &stored.invoice)).collect();
    let mut earlier: BTreeMap<_, Vec<CreditNote>> = BTreeMap::new();
    for StoredNote { note, text, asked, .. } in notes {
        let about = (note.seller.tenant, &note.invoice);
        let Some(invoice) = invoices.get(&about) else {
            findings.wrong.push(format!("credit note {} is about no invoice of its seller", note.number));
            continue;
        };
        let before = earlier.entry(about).or_default();
        let composed = credited_again(note, invoice, before);
        if composed.and_then(|note| serde_json::to_string(&note).ok()).as_ref() != Some(text) {
            findings.wrong.push(format!("credit note {} comes out differently when computed again", note.number));
        }
        let as_asked = credit_note_issue::is_as_asked(note, asked.as_deref(), invoice, before);
        if !as_asked.unwrap_or_default() {
            let number = &note.number;
            findings.wrong.push(format!("credit note {number} is not what was asked for under its reference"));
        }
        before.push(note.clone());
    }
}

fn credited_again(note: &CreditNote, about: &invoice::Invoice, before: &[CreditNote]) -> Option<CreditNote> {
    let currency = note.currency().ok()?;
    let at = tenantry_core::Timestamp::parse(&note.issued_at).ok()?;
    let amounts = note.lines.iter().map(|line| Some((line.line, line.amount(currency).ok()?)));
    let amounts = amounts.collect::<Option<BTreeMap<_, _>>>()?;
    credit_note_issue::check_bounds(about, before, &amounts).ok()?;
    let head = credit_note_issue::Head {
        number: note.number.clone(),
        reference: note.reference.clone(),
        reason: note.reason.clone(),
        at,
    };
    credit_note_issue::compose(head, about, before, &amounts).ok()
}

fn check_document(replayed: &Fold, stored: &Stored, findings: &mut Findings) -> Result<(), Problem> {
    let invoice = &stored.invoice;
    let close = replayed.closes().iter().find(|close| close.number == invoice.close);
    let again = match (replayed.edge(invoice.edge), close) {
        (Some(edge), Some(close)) => computed(replayed, edge, *close, invoice),
        _ => None,
    };
    let text = again.map(|invoice| serde_json::to_string(&invoice)).transpose().map_err(Problem::internal)?;
    if text.as_ref() != Some(&stored.text) {
        findings
            .wrong
            .push(format!("invoice {} comes out differently when computed from the usage log", invoice.number));
    }
    Ok(())
}

/// A document as it is computed from the log; `None` if it cannot be. A line that was taken out took its names with it.
fn computed(replayed: &Fold, edge: &EdgeTerms, close: Close, invoice: &invoice::Invoice) -> Option<invoice::Invoice> {
    // One that waited was issued later than its close; none was before it.
    let at = invoice.issued_at().ok().filter(|at| *at >= close.at)?;
    let close = Close { at, ..close };
    let draft = again(replayed, edge, close, invoice)?.rounded(invoice.rounding);
    let tax = Tax { rate: invoice.tax_rate.clone(), hook: invoice.tax_hook.clone() };
    compose(invoice.number.clone(), edge, close, &draft, &Names::of(invoice), &tax).ok()
}

/// The draft of a document from the log alone. Of the document it takes what is not in the log: in which currency its
/// edge is billed, and which import of an exchange rate it was made with.
fn again(replayed: &Fold, edge: &EdgeTerms, close: Close, invoice: &invoice::Invoice) -> Option<Draft> {
    let currency = invoice.currency().ok()?;
    closed_draft(replayed, edge, close, (currency, Rates::Of(invoice))).ok().flatten()
}

/// What a close billed stands on a document, or waits for an exchange rate. Right after a crash it may not yet: the job of
/// the month issues it.
fn check_complete(replayed: &Fold, stored: &[Stored], currencies: &Currencies, findings: &mut Findings) {
    let issued: BTreeSet<_> = stored.iter().map(|stored| (stored.invoice.edge, stored.invoice.close)).collect();
    for close in replayed.closes() {
        for edge in replayed.edges().filter(|edge| !issued.contains(&(edge.id, close.number))) {
            let currency = currencies.get(&edge.id).copied();
            let Some(missing) = waiting(replayed, edge, *close, currency) else { continue };
            let (month, buyer) = (close.month, edge.buyer);
            match missing.waits_for {
                WaitsFor::ExchangeRate { month: of, from, to } => findings.waiting.push(format!(
                    "what the close of {month} billed to {buyer} waits for the exchange rate of {of} from {from} to {to}"
                )),
                WaitsFor::Currency | WaitsFor::NextTry => {
                    findings.wrong.push(format!("what the close of {month} billed to {buyer} was not issued"));
                }
            }
        }
    }
}
