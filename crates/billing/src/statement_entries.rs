//! All that was written on the accounts of a buyer, in its order.
//!
//! The order is the seller's: its documents and credit notes stand in one chain, and a payment remembers which
//! document was the newest when it was written down. So entries of one instant (a sandbox's clock stands still) have
//! an order too, and it is the one in which they happened.

use crate::payment::{readable_account, shows};
use crate::payment_allocation::Entry;
use crate::{credit_note_rows, payment_rows, rows};
use std::collections::BTreeMap;
use tenantry_core::{Currency, Day, Money, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// What was written down once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Booked {
    /// Its place: the chain of documents, then the payments after each.
    order: (i64, i64),
    /// The day it was written down.
    pub(crate) on: Day,
    /// What it adds to what is owed; below zero for money and credit.
    pub(crate) amount: Money,
    /// What it is.
    pub(crate) entry: Entry,
    /// What people read of it besides: the day of the money, or why.
    pub(crate) note: String,
    /// The name of a reversal itself; the entry names its payment.
    pub(crate) reference: String,
}

/// The accounts of a buyer by seller and currency, as far as the caller may see them.
pub(crate) async fn accounts(
    ctx: &OpContext,
    db: &Db,
    buyer: TenantId,
) -> Result<BTreeMap<(TenantId, Currency), Vec<Booked>>, Problem> {
    let account = readable_account(ctx, db, buyer).await?;
    let mut reader = db.reader().await?;
    let mut accounts: BTreeMap<(TenantId, Currency), Vec<Booked>> = BTreeMap::new();
    for document in rows::summaries_of_buyer(&mut reader, buyer).await? {
        let booked = Booked {
            order: (document.chain_no, 0),
            on: document.issued_at.day(),
            amount: document.total,
            note: String::new(),
            reference: document.number.clone(),
            entry: Entry::Document {
                number: document.number,
                issued_on: document.issued_at.day(),
                due_on: document.due_on,
                total: document.total,
            },
        };
        accounts.entry((document.seller, document.total.currency())).or_default().push(booked);
    }
    for stored in credit_note_rows::of_buyer(&mut reader, buyer).await? {
        let total = stored.note.total()?;
        let booked = Booked {
            order: (stored.chain_no, 0),
            on: stored.issued_at.day(),
            amount: total.negated(),
            note: stored.note.reason,
            reference: stored.note.number.clone(),
            entry: Entry::CreditNote { number: stored.note.number, invoice: stored.note.invoice, total },
        };
        accounts.entry((stored.note.seller.tenant, total.currency())).or_default().push(booked);
    }
    for payment in payment_rows::of_buyer(&mut reader, buyer).await? {
        let key = (payment.seller, payment.amount.currency());
        let booked = Booked {
            order: payment.order,
            on: payment.recorded_at.day(),
            amount: payment.signed().negated(),
            reference: payment.reference.clone(),
            note: if payment.reverses.is_some() { payment.reason } else { format!("paid on {}", payment.paid_on) },
            entry: match payment.reverses {
                Some(taken_back) => Entry::Reversal { payment: taken_back },
                None => Entry::Payment {
                    reference: payment.reference,
                    amount: payment.amount,
                    documents: payment.documents,
                },
            },
        };
        accounts.entry(key).or_default().push(booked);
    }
    accounts.retain(|(seller, _), _| shows(ctx, account, *seller));
    for booked in accounts.values_mut() {
        booked.sort_by_key(|booked| booked.order);
    }
    Ok(accounts)
}
