//! Writing down that a buyer paid.

use crate::payment::{Payment, may_write};
use crate::rows::DocumentSummary;
use crate::{Written, ledger, owed, payment_rows, rows};
use std::collections::BTreeSet;
use tenantry_commerce::{edge_between, edge_from};
use tenantry_core::{Day, Money, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Db, Tx, audit, counter, outbox};
use tenantry_metering::Metering;

/// Topic of the outbox entry; its subject is the reference. It names the parties, not the sum: others listen.
const PAYMENT_RECORDED: &str = "payment-recorded";
/// The longest reference.
pub(crate) const REFERENCE_MAX: usize = 64;

/// A payment to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Who was paid.
    pub seller: TenantId,
    /// Who paid.
    pub buyer: TenantId,
    /// How much, above zero.
    pub amount: Money,
    /// The day of the money. Not in the future.
    pub paid_on: Day,
    /// Names it among the seller's payments, for ever.
    pub reference: String,
    /// The documents it is for; none: the oldest open ones.
    pub documents: Vec<String>,
}

/// Writes a payment down and books it. The same payment again, by its reference, is the payment that is there.
///
/// More than what is owed stands on the account and covers the documents that follow. Credit limits are told.
///
/// # Errors
/// `TenantNotFound` for a buyer out of reach; `Forbidden` for who does not sell to it; `InvalidField`, also for money
/// that came before the document it is for, or before anything was sold;
/// `CurrencyMismatch` for a currency the buyer is not billed in; `InvoiceNotFound` for a document that is not the
/// buyer's; `IdempotencyMismatch` if the reference names another payment.
pub async fn payment_record(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    new: NewPayment,
) -> Result<Written<Payment>, Problem> {
    let line = audit::open(ctx, db, "payment-record", &format!("{} {}", new.seller, new.reference)).await?;
    let outcome = record(ctx, db, new).await;
    let written = line.close(ctx, db, outcome).await?;
    owed::changed(ctx, db, metering, written.entry.seller, written.entry.buyer).await;
    Ok(written)
}

async fn record(ctx: &OpContext, db: &Db, new: NewPayment) -> Result<Written<Payment>, Problem> {
    let scope = edge_between(ctx, db, new.seller, new.buyer).await?;
    may_write(ctx, db, scope).await?;
    check(ctx, &new)?;
    let edge = edge_from(&crate::read::naming(ctx), db, Some(new.seller), new.buyer).await?;
    let mut tx = db.begin().await?;
    let order = next_place(&mut tx, new.seller).await?;
    if let Some(known) = payment_rows::by_reference(&mut tx, new.seller, &new.reference).await? {
        return same(known, &new).map(Written::before);
    }
    let billed = rows::summaries_of_buyer(&mut tx, new.buyer).await?;
    let currency = new.amount.currency();
    let billed: Vec<_> = billed
        .into_iter()
        .filter(|document| document.seller == new.seller && document.total.currency() == currency)
        .collect();
    if billed.is_empty() && (edge.seller, edge.currency) != (new.seller, currency) {
        let message = format!("amount: {} is billed in {}, not in {currency}", new.buyer, edge.currency);
        return Err(Problem::new(Reason::CurrencyMismatch, message).at("amount"));
    }
    check_documents(&new, &billed)?;
    let sells_now = (edge.seller == new.seller).then_some(edge.created_at);
    let began = billed.iter().map(|document| document.issued_at).chain(sells_now).min();
    if let Some(began) = began.map(Timestamp::day).filter(|began| new.paid_on < *began) {
        let message = format!("{} is before anything was sold here; the account begins on {began}", new.paid_on);
        return Err(Problem::invalid("paidOn", message));
    }
    let payment = Payment {
        seller: new.seller,
        buyer: new.buyer,
        reference: new.reference,
        amount: new.amount,
        paid_on: new.paid_on,
        recorded_at: ctx.now(),
        documents: new.documents.iter().map(|number| number.to_ascii_uppercase()).collect(),
        reverses: None,
        reason: String::new(),
        order,
    };
    payment_rows::insert(&mut tx, &payment).await?;
    ledger::book_payment(&mut tx, &payment).await?;
    publish(ctx, &mut tx, PAYMENT_RECORDED, &payment).await?;
    tx.commit().await?;
    Ok(Written::now(payment))
}

/// The documents that a payment names: the buyer's, each once, and none that came after the money.
fn check_documents(new: &NewPayment, billed: &[DocumentSummary]) -> Result<(), Problem> {
    let mut named = BTreeSet::new();
    for sent in &new.documents {
        let found = billed.iter().find(|document| document.number.eq_ignore_ascii_case(sent));
        let document = found.ok_or_else(|| crate::invoice::no_invoice(sent).at("documents"))?;
        if !named.insert(&document.number) {
            return Err(Problem::invalid("documents", format!("`{}` is named twice", document.number)));
        }
        let issued_on = document.issued_at.day();
        if new.paid_on < issued_on {
            let message = format!(
                "{} is before {} was issued, on {issued_on}; leave `documents` away for money that came in advance",
                new.paid_on, document.number
            );
            return Err(Problem::invalid("paidOn", message));
        }
    }
    Ok(())
}

/// The next place among the seller's documents and payments. The counter's lock makes writers queue up.
pub(crate) async fn next_place(tx: &mut Tx, seller: TenantId) -> Result<(i64, i64), Problem> {
    let sequence = counter::next(tx, &format!("payment/{seller}")).await?;
    let last_document = rows::end_of_chain(tx, seller).await?.chain_no;
    Ok((last_document, sequence))
}

pub(crate) async fn publish(ctx: &OpContext, tx: &mut Tx, topic: &str, payment: &Payment) -> Result<(), Problem> {
    let payload = serde_json::json!({
        "reference": payment.reference, "seller": payment.seller, "buyer": payment.buyer, "reverses": payment.reverses,
    });
    outbox::publish(tx, ctx.now(), topic, &payment.reference, &payload.to_string()).await?;
    Ok(())
}

fn check(ctx: &OpContext, new: &NewPayment) -> Result<(), Problem> {
    if new.amount.minor() <= 0 {
        let message = format!("{} was sent; a payment is above zero. Take one back by reversing it", new.amount);
        return Err(Problem::invalid("amount", message));
    }
    check_reference("reference", &new.reference)?;
    check_day("paidOn", ctx, new.paid_on)
}

/// A reference: short, printable, without spaces around it.
pub(crate) fn check_reference(field: &str, reference: &str) -> Result<(), Problem> {
    let length = reference.chars().count();
    let tidy = !reference.chars().any(char::is_control) && reference.trim() == reference;
    if length == 0 || length > REFERENCE_MAX || !tidy {
        let message = format!(
            "a reference is 1 to {REFERENCE_MAX} printable characters without spaces around them; {length} were sent"
        );
        return Err(Problem::invalid(field, message));
    }
    Ok(())
}

/// Money does not come from the future.
pub(crate) fn check_day(field: &str, ctx: &OpContext, day: Day) -> Result<(), Problem> {
    let today = ctx.now().day();
    if day > today {
        return Err(Problem::invalid(field, format!("{day} is in the future; it is {today} in this world")));
    }
    Ok(())
}

fn same(known: Payment, new: &NewPayment) -> Result<Payment, Problem> {
    let as_sent = (known.buyer, known.amount, known.paid_on, known.reverses.is_none());
    let same_documents = known.documents.len() == new.documents.len()
        && known.documents.iter().zip(&new.documents).all(|(known, sent)| known.eq_ignore_ascii_case(sent));
    if as_sent == (new.buyer, new.amount, new.paid_on, true) && same_documents {
        return Ok(known);
    }
    Err(taken(&new.reference, "payment"))
}

/// The reference names something else of its kind already.
pub(crate) fn taken(reference: &str, kind: &str) -> Problem {
    let message =
        format!("reference: `{reference}` names another {kind} already; give this one a reference of its own");
    Problem::new(Reason::IdempotencyMismatch, message).at("reference")
}
