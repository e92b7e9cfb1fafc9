//! Taking a payment back: the cheque bounced, the transfer was returned, the clerk took the wrong account.
//!
//! The payment stays; what it covered is open again, and other credit on the account covers it if there is any.

use crate::payment::{Payment, may_write};
use crate::payment_record::{check_day, check_reference, next_place, publish, taken};
use crate::{Written, ledger, owed, payment_rows};
use tenantry_commerce::edge_between;
use tenantry_core::{Day, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};
use tenantry_metering::Metering;

const PAYMENT_REVERSED: &str = "payment-reversed";
const REASON_MAX: usize = 200;

/// A reversal to write down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReversePayment {
    /// Who was paid.
    pub seller: TenantId,
    /// Who had paid.
    pub buyer: TenantId,
    /// The payment that is taken back.
    pub payment: String,
    /// Names the reversal among the seller's payments, for ever.
    pub reference: String,
    /// The day the money went back. Not in the future.
    pub returned_on: Day,
    /// Why, for the statement.
    pub reason: String,
}

/// Takes a payment back, once. The same reversal again, by its reference, is the one that is there. Credit limits are
/// told.
///
/// # Errors
/// As [`crate::payment_record`]; `InvalidField` on `payment` for one that is not there, is a reversal itself, or is
/// taken back already.
pub async fn payment_reverse(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    new: ReversePayment,
) -> Result<Written<Payment>, Problem> {
    let line = audit::open(ctx, db, "payment-reverse", &format!("{} {}", new.seller, new.payment)).await?;
    let outcome = reverse(ctx, db, new).await;
    let written = line.close(ctx, db, outcome).await?;
    owed::changed(ctx, db, metering, written.entry.seller, written.entry.buyer).await;
    Ok(written)
}

async fn reverse(ctx: &OpContext, db: &Db, new: ReversePayment) -> Result<Written<Payment>, Problem> {
    may_write(ctx, db, edge_between(ctx, db, new.seller, new.buyer).await?).await?;
    check_reference("reference", &new.reference)?;
    check_day("returnedOn", ctx, new.returned_on)?;
    check_reason(&new.reason)?;
    let mut tx = db.begin().await?;
    let order = next_place(&mut tx, new.seller).await?;
    if let Some(known) = payment_rows::by_reference(&mut tx, new.seller, &new.reference).await? {
        let told = (known.reverses.as_ref(), known.buyer, known.paid_on, &known.reason);
        let same = told == (Some(&new.payment), new.buyer, new.returned_on, &new.reason);
        return if same { Ok(Written::before(known)) } else { Err(taken(&new.reference, "payment")) };
    }
    let found = payment_rows::by_reference(&mut tx, new.seller, &new.payment).await?;
    let payment = found.filter(|found| found.buyer == new.buyer && found.reverses.is_none()).ok_or_else(|| {
        let message = format!("`{}` is no payment of {}; see the list of its payments", new.payment, new.buyer);
        Problem::invalid("payment", message)
    })?;
    if new.returned_on < payment.paid_on {
        let message = format!("{} is before the payment came, on {}", new.returned_on, payment.paid_on);
        return Err(Problem::invalid("returnedOn", message));
    }
    if let Some(done) = payment_rows::reversal_of(&mut tx, new.seller, &payment.reference).await? {
        let message = format!("`{}` was taken back by `{}` already", payment.reference, done.reference);
        return Err(Problem::new(Reason::StatusChangeRefused, message).at("payment"));
    }
    let reversal = Payment {
        reference: new.reference,
        paid_on: new.returned_on,
        recorded_at: ctx.now(),
        documents: Vec::new(),
        reverses: Some(payment.reference.clone()),
        reason: new.reason,
        order,
        ..payment
    };
    payment_rows::insert(&mut tx, &reversal).await?;
    ledger::book_payment(&mut tx, &reversal).await?;
    publish(ctx, &mut tx, PAYMENT_REVERSED, &reversal).await?;
    tx.commit().await?;
    Ok(Written::now(reversal))
}

/// A reason is read by people, on a document or a statement.
pub(crate) fn check_reason(reason: &str) -> Result<(), Problem> {
    let length = reason.chars().count();
    if reason.trim().is_empty() || length > REASON_MAX || reason.chars().any(char::is_control) {
        let message = format!("say why, in 1 to {REASON_MAX} characters on one line; {length} were sent");
        return Err(Problem::invalid("reason", message));
    }
    Ok(())
}
