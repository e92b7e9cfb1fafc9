//! Issuing a credit note for lines of an invoice.

use crate::credit_note::{CreditNote, CreditedLine};
use crate::credit_note_rows::{self, StoredNote};
use crate::invoice::{money, no_invoice};
use crate::number::{self, CREDIT_NOTE};
use crate::payment::may_write;
use crate::payment_record::{check_reference, taken};
use crate::payment_reverse::check_reason;
use crate::{Invoice, Written, chain, draft, ledger, owed, rows, tax_rate};
use std::collections::BTreeMap;
use tenantry_core::{Currency, Money, OpContext, Problem, Timestamp};
use tenantry_db::{Db, audit, counter, outbox};
use tenantry_metering::Metering;

/// Topic of the outbox entry; its subject is the number. It names the parties, not the sum.
const CREDIT_NOTE_ISSUED: &str = "credit-note-issued";

/// What is to be credited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCreditNote {
    /// Number of the invoice, in any letter case.
    pub invoice: String,
    /// Names it among the seller's credit notes, for ever: who asks twice gets one note.
    pub reference: String,
    /// Why: it stands on the note.
    pub reason: String,
    /// Which lines, and how much of each; none: everything that is left of the invoice, its credits with it.
    pub lines: Vec<CreditLine>,
}

/// A line to credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditLine {
    /// Its place on the invoice, from 1.
    pub line: u32,
    /// How much, before tax, in the invoice's currency; `None`: all that is left of it.
    pub amount: Option<Money>,
}

/// Issues a credit note. The seller may. Gives the note and its hash. The same request again, by its reference, gives the
/// note that is there. Credit limits are told.
///
/// # Errors
/// `InvoiceNotFound`; `Forbidden`; `InvalidField` for a line that is not there, is named twice, is a credit itself,
/// or has less left than is to be credited, and for more than is left of the whole invoice; `IdempotencyMismatch` if the reference names a note that was asked for in
/// other words.
pub async fn credit_note_issue(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    new: NewCreditNote,
) -> Result<Written<(CreditNote, String)>, Problem> {
    let line = audit::open(ctx, db, "credit-note-issue", &format!("{} {}", new.invoice, new.reference)).await?;
    let outcome = issue(ctx, db, new).await;
    let written = line.close(ctx, db, outcome).await?;
    let (note, _) = &written.entry;
    owed::changed(ctx, db, metering, note.seller.tenant, note.buyer.tenant).await;
    Ok(written)
}

async fn issue(ctx: &OpContext, db: &Db, new: NewCreditNote) -> Result<Written<(CreditNote, String)>, Problem> {
    let found = rows::numbered(&mut db.reader().await?, ctx.confined_to(), &new.invoice).await?;
    let invoice = found.ok_or_else(|| no_invoice(&new.invoice))?.invoice;
    let seller = invoice.seller.tenant;
    // A document of somebody else is not there, in the words of the caller.
    may_write(ctx, db, invoice.scope()).await?;
    check_reference("reference", &new.reference)?;
    check_reason(&new.reason)?;
    let asked = asked(&invoice, &new)?;
    let mut tx = db.begin().await?;
    // The seller's lock comes first, the one that its closes take: of two notes for one line, or under one reference,
    // the second sees what the first left, also when one of them falls into the new year.
    rows::lock_seller(&mut tx, seller).await?;
    if let Some(known) = credit_note_rows::by_reference(&mut tx, seller, &new.reference).await? {
        return if known.asked.as_deref() == Some(&asked) {
            Ok(Written::before((known.note, known.hash)))
        } else {
            Err(taken(&new.reference, "credit note"))
        };
    }
    let (year, _, _) = ctx.now().day().date();
    let sequence = counter::next(&mut tx, &format!("credit-note/{seller}/{year}")).await?;
    let earlier = credit_note_rows::of_invoice(&mut tx, seller, &invoice.number).await?;
    let earlier: Vec<_> = earlier.into_iter().map(|stored| stored.note).collect();
    let amounts = amounts(&invoice, &earlier, &new.lines)?;
    let head = Head {
        number: number_text(&invoice.number, year, sequence),
        reference: new.reference,
        reason: new.reason,
        at: ctx.now(),
    };
    let note = compose(head, &invoice, &earlier, &amounts)?;
    let text = serde_json::to_string(&note).map_err(Problem::internal)?;
    let (chain_no, previous_hash) = rows::next_in_chain(&mut tx, seller).await?;
    let hash = chain::hash(&previous_hash, &text);
    let stored = StoredNote { note, asked: Some(asked), text, issued_at: ctx.now(), chain_no, previous_hash, hash };
    credit_note_rows::insert(&mut tx, &stored).await?;
    ledger::book_credit_note(&mut tx, ctx.now(), &stored.note).await?;
    let payload = serde_json::json!({
        "number": stored.note.number, "invoice": invoice.number, "seller": seller, "buyer": invoice.buyer.tenant,
    });
    outbox::publish(&mut tx, ctx.now(), CREDIT_NOTE_ISSUED, &stored.note.number, &payload.to_string()).await?;
    tx.commit().await?;
    Ok(Written::now((stored.note, stored.hash)))
}

/// What is asked for, in one spelling: to be compared with what the reference named before. "All that is left" is a word
/// of its own, whatever was left when it was said.
fn asked(invoice: &Invoice, new: &NewCreditNote) -> Result<String, Problem> {
    let lines: Vec<_> =
        new.lines.iter().map(|line| (line.line, line.amount.map(|amount| amount.to_string()))).collect();
    serde_json::to_string(&(&invoice.number, &new.reason, lines)).map_err(Problem::internal)
}

/// What was asked for under the reference of a note is what the note gives back: of its invoice, for its reason, these
/// lines. Notes from before there were references say nothing.
pub(crate) fn is_as_asked(
    note: &CreditNote,
    asked: Option<&str>,
    about: &Invoice,
    before: &[CreditNote],
) -> Result<bool, Problem> {
    type Asked = (String, String, Vec<(u32, Option<String>)>);
    let Some(asked) = asked else { return Ok(note.reference.is_empty()) };
    let Ok((invoice, reason, lines)) = serde_json::from_str::<Asked>(asked) else { return Ok(false) };
    let currency = note.currency()?;
    let line = |(line, amount): (u32, Option<String>)| {
        Ok(CreditLine { line, amount: amount.map(|amount| money(&amount, currency)).transpose()? })
    };
    let lines = lines.into_iter().map(line).collect::<Result<Vec<_>, Problem>>()?;
    let given = note.lines.iter().map(|line| Ok((line.line, line.amount(currency)?)));
    let given = given.collect::<Result<BTreeMap<_, _>, Problem>>()?;
    Ok((&invoice, &reason) == (&note.invoice, &note.reason) && amounts(about, before, &lines)? == given)
}

/// `C`, the year, seven digits; and what tells the seller's documents from others', as on its invoices.
fn number_text(invoice: &str, year: i32, sequence: i64) -> String {
    let number = number::text(CREDIT_NOTE, year.into(), sequence);
    match invoice.split_once('-') {
        Some((_, series)) => format!("{number}-{series}"),
        None => number,
    }
}

/// What earlier notes gave back of each line, by its place from 1.
fn credited(earlier: &[CreditNote], currency: Currency) -> Result<BTreeMap<u32, Money>, Problem> {
    let mut sums = BTreeMap::new();
    for line in earlier.iter().flat_map(|note| &note.lines) {
        let sum = sums.entry(line.line).or_insert_with(|| Money::zero(currency));
        *sum = draft::sum([*sum, line.amount(currency)?], currency)?;
    }
    Ok(sums)
}

/// What is left of each line to credit, by its place from 1: below zero for what is a credit itself.
fn left_of_lines(invoice: &Invoice, earlier: &[CreditNote]) -> Result<BTreeMap<u32, Money>, Problem> {
    let currency = invoice.currency()?;
    let before = credited(earlier, currency)?;
    let left = invoice.creditable().zip(1_u32..).map(|(line, place)| {
        let given = before.get(&place).copied().unwrap_or(Money::zero(currency));
        Ok((place, draft::sum([money(line.amount, currency)?, given.negated()], currency)?))
    });
    left.collect()
}

/// What is left of the whole invoice, before tax: what it asked for, less what notes gave back. Lines alone do not bound
/// that: where one takes back what another charges, the invoice asked for less than either.
fn left_of_all(invoice: &Invoice, earlier: &[CreditNote]) -> Result<Money, Problem> {
    let currency = invoice.currency()?;
    let given = earlier.iter().map(|note| Ok(money(&note.net, currency)?.negated()));
    let given = given.collect::<Result<Vec<_>, Problem>>()?;
    draft::sum(given.into_iter().chain([money(&invoice.net, currency)?]), currency)
}

/// How much of which line: what was asked for, checked against what is left.
pub(crate) fn amounts(
    invoice: &Invoice,
    earlier: &[CreditNote],
    asked: &[CreditLine],
) -> Result<BTreeMap<u32, Money>, Problem> {
    let mut left = left_of_lines(invoice, earlier)?;
    if asked.is_empty() {
        left.retain(|_, left| left.minor() != 0);
        if left_of_all(invoice, earlier)?.minor() <= 0 {
            let message = format!("nothing is left of invoice {} to credit", invoice.number);
            return Err(Problem::invalid("lines", message));
        }
        return Ok(left);
    }
    let currency = invoice.currency()?;
    let mut amounts = BTreeMap::new();
    for wanted in asked {
        let place = wanted.line;
        let Some(left) = left.get(&place).copied() else {
            let message = format!("invoice {} has no line {place}; it has {}", invoice.number, left.len());
            return Err(Problem::invalid("lines", message));
        };
        let amount = wanted.amount.unwrap_or(left);
        if amount.currency() != currency {
            let message = format!("line {place} is in {currency}, not in {}", amount.currency());
            return Err(Problem::invalid("lines", message));
        }
        if amount.minor() <= 0 || amount.minor() > left.minor() {
            let message = format!("line {place} has {left} {currency} left to credit; {amount} was asked for");
            return Err(Problem::invalid("lines", message));
        }
        if amounts.insert(place, amount).is_some() {
            return Err(Problem::invalid("lines", format!("line {place} is named twice")));
        }
    }
    check_bounds(invoice, earlier, &amounts)?;
    Ok(amounts)
}

/// No line is given back beyond what is left of it, and no invoice beyond what it asked for.
///
/// # Errors
/// `InvalidField`.
pub(crate) fn check_bounds(
    invoice: &Invoice,
    earlier: &[CreditNote],
    amounts: &BTreeMap<u32, Money>,
) -> Result<(), Problem> {
    let (currency, left) = (invoice.currency()?, left_of_lines(invoice, earlier)?);
    let within = |(place, amount): (&u32, &Money)| {
        let left = left.get(place).map_or(0, |left| left.minor());
        amount.minor().signum() == left.signum() && amount.minor().unsigned_abs() <= left.unsigned_abs()
    };
    let (wanted, all) = (draft::sum(amounts.values().copied(), currency)?, left_of_all(invoice, earlier)?);
    if amounts.iter().all(within) && wanted.minor() > 0 && wanted.minor() <= all.minor() {
        return Ok(());
    }
    let message = format!(
        "{} {currency} is left of invoice {} to credit, with the credits on it; {wanted} was asked for",
        Money::from_minor(all.minor().max(0), currency),
        invoice.number
    );
    Err(Problem::invalid("lines", message))
}

/// What stands at the head of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) number: String,
    pub(crate) reference: String,
    pub(crate) reason: String,
    pub(crate) at: Timestamp,
}

/// Puts a note together. Pure: the same head, invoice, earlier notes and amounts give the same document.
pub(crate) fn compose(
    head: Head,
    invoice: &Invoice,
    earlier: &[CreditNote],
    amounts: &BTreeMap<u32, Money>,
) -> Result<CreditNote, Problem> {
    let currency = invoice.currency()?;
    let before = credited(earlier, currency)?;
    let zero = Money::zero(currency);
    let mut lines = Vec::with_capacity(amounts.len());
    for (line, place) in invoice.creditable().zip(1_u32..) {
        let Some(amount) = amounts.get(&place) else { continue };
        lines.push(CreditedLine {
            line: place,
            customer: line.customer,
            customer_name: line.customer_name.to_owned(),
            subscription: line.subscription,
            subscription_name: line.subscription_name.to_owned(),
            meter: line.meter,
            meter_name: line.name.to_owned(),
            service_month: line.service_month.to_owned(),
            invoiced: line.amount.to_owned(),
            credited_before: before.get(&place).copied().unwrap_or(zero).to_string(),
            amount: amount.to_string(),
        });
    }
    let net = draft::sum(amounts.values().copied(), currency)?;
    let tax = tax_given_back(invoice, earlier, net)?;
    Ok(CreditNote {
        number: head.number,
        invoice: invoice.number.clone(),
        seller: invoice.seller.clone(),
        buyer: invoice.buyer.clone(),
        edge: invoice.edge,
        issued_at: head.at.to_string(),
        currency: currency.code().to_owned(),
        reference: head.reference,
        reason: head.reason,
        lines,
        net: net.to_string(),
        tax: tax.to_string(),
        total: draft::sum([net, tax], currency)?.to_string(),
        to_customer: invoice.to_customer,
    })
}

/// The tax on everything credited so far, less what earlier notes gave back of it.
fn tax_given_back(invoice: &Invoice, earlier: &[CreditNote], net: Money) -> Result<Money, Problem> {
    let currency = invoice.currency()?;
    let sum_of = |part: fn(&CreditNote) -> &String| {
        let items = earlier.iter().map(|note| money(part(note), currency)).collect::<Result<Vec<_>, _>>()?;
        draft::sum(items, currency)
    };
    let all = draft::sum([sum_of(|note| &note.net)?, net], currency)?;
    let tax = if all == money(&invoice.net, currency)? {
        money(&invoice.tax, currency)?
    } else {
        tax_rate::tax_on(all, &invoice.tax_rate, invoice.rounding)?
    };
    draft::sum([tax, sum_of(|note| &note.tax)?.negated()], currency)
}
