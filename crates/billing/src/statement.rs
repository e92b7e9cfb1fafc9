//! A statement of account: what a buyer owed on one day, what was written down since, what it owes on another.

use crate::draft::sum;
use crate::payment_allocation::Entry;
use crate::statement_entries::{Booked, accounts};
use tenantry_core::{Currency, Day, Money, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// Entries of one account between two days, both included, by the day they were written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Who is owed.
    pub seller: TenantId,
    /// Who owes.
    pub buyer: TenantId,
    /// The currency of all of it.
    pub currency: Currency,
    /// What was owed before the first day.
    pub opening: Money,
    /// The entries, in their order.
    pub lines: Vec<StatementLine>,
    /// What was owed after the last day.
    pub closing: Money,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    /// The day it was written down.
    pub on: Day,
    /// `invoice`, `creditNote`, `payment` or `reversal`.
    pub kind: &'static str,
    /// Its number or reference.
    pub reference: String,
    /// What people read of it besides: what it is about, the day of the money, the reason.
    pub about: String,
    /// What it adds to what is owed; below zero for money and credit.
    pub amount: Money,
    /// What is owed after it.
    pub balance: Money,
}

/// The statements of a buyer, by seller and currency. The buyer may ask, its seller, and the provider.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`; `InvalidField` if `through` comes before `from`, or has not come yet.
pub async fn statements(
    ctx: &OpContext,
    db: &Db,
    buyer: TenantId,
    from: Day,
    through: Day,
) -> Result<Vec<Statement>, Problem> {
    if through < from {
        return Err(Problem::invalid("through", format!("{through} comes before {from}")));
    }
    crate::payment_record::check_day("through", ctx, through)?;
    let accounts = accounts(ctx, db, buyer).await?;
    accounts
        .into_iter()
        .map(|((seller, currency), booked)| {
            let opening = sum(booked.iter().filter(|one| one.on < from).map(|one| one.amount), currency)?;
            let mut closing = opening;
            let mut lines = Vec::new();
            for one in booked.into_iter().filter(|one| from <= one.on && one.on <= through) {
                closing = sum([closing, one.amount], currency)?;
                lines.push(line(one, closing));
            }
            Ok(Statement { seller, buyer, currency, opening, lines, closing })
        })
        .collect()
}

fn line(booked: Booked, balance: Money) -> StatementLine {
    let Booked { on, amount, entry, note, reference, .. } = booked;
    let (kind, about) = match entry {
        Entry::Document { due_on, .. } => ("invoice", format!("due on {due_on}")),
        Entry::CreditNote { invoice, .. } => ("creditNote", format!("on {invoice}: {note}")),
        Entry::Payment { .. } => ("payment", note),
        Entry::Reversal { payment } => ("reversal", format!("of {payment}: {note}")),
    };
    StatementLine { on, kind, reference, about, amount, balance }
}
