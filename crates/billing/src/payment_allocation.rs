//! Which payment covers which document. Pure: the entries of an account in their order give its standing.
//!
//! Allocations are not stored, they follow from what is: a fold, like everything else. Each entry acts on the state
//! that the entries before it left:
//! * a document is open, and credit that stands on the account covers it at once, the oldest credit first;
//! * a payment covers the documents it names, then the oldest open ones, and the rest stands on the account;
//! * a credit note covers the invoice it is about, and what that no longer needs stands on the account;
//! * a document below zero is credit on the account;
//! * a reversal opens exactly what its payment had covered, and takes back what of it stood on the account.
//!
//! So there is no table that could contradict the ledger: documents less what covers them, less what stands on the
//! account, is the receivable, and a test says so.

use std::collections::{BTreeSet, HashMap};
use tenantry_core::{Day, Money};

/// An entry of an account, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A document was issued; below zero it is a credit.
    Document { number: String, issued_on: Day, due_on: Day, total: Money },
    /// Lines of a document were credited; `total` is above zero.
    CreditNote { number: String, invoice: String, total: Money },
    /// Money came in.
    Payment { reference: String, amount: Money, documents: Vec<String> },
    /// A payment was taken back.
    Reversal { payment: String },
}

/// A document and what covers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its number.
    pub number: String,
    /// The day it was issued.
    pub issued_on: Day,
    /// The last day to pay it.
    pub due_on: Day,
    /// What was asked for.
    pub total: Money,
    /// What credit notes and documents below zero cover of it.
    pub credited: Money,
    /// What payments cover of it.
    pub paid: Money,
}

/// A part of a document that something covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The reference of a payment, or the number of a credit note or document.
    pub by: String,
    /// How much of the document.
    pub amount: Money,
}

/// Something that covers documents: a payment or a credit, and how much of it is still free.
#[derive(Debug)]
struct Cover {
    name: String,
    is_payment: bool,
    left: i128,
    used: Vec<(usize, i128)>,
}

/// The state of an account in one currency.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    items: Vec<Item>,
    by_number: HashMap<String, usize>,
    /// Items above zero that are not covered, oldest first.
    open: BTreeSet<usize>,
    covers: Vec<Cover>,
    payments: HashMap<String, usize>,
    /// Covers with something left, oldest first.
    free: BTreeSet<usize>,
}

impl Item {
    /// What is still owed on it. Zero for a document below zero: its credit stands on the account.
    #[must_use]
    pub const fn open(&self) -> Money {
        let open = self.total.minor() - self.credited.minor() - self.paid.minor();
        Money::from_minor(if open > 0 { open } else { 0 }, self.total.currency())
    }
}

impl Standing {
    /// Reads all entries.
    pub(crate) fn of(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut standing = Self::default();
        for entry in entries {
            standing.enter(entry);
        }
        standing
    }

    /// The documents, oldest first.
    pub(crate) fn items(&self) -> &[Item] {
        &self.items
    }

    /// What covers each document, by name: payments, credit notes, documents below zero, in the order they came.
    pub(crate) fn covers(&self) -> Vec<Vec<Covered>> {
        let mut covers = vec![Vec::<Covered>::new(); self.items.len()];
        for cover in &self.covers {
            for (item, amount) in &cover.used {
                let (Some(covers), Some(item)) = (covers.get_mut(*item), self.items.get(*item)) else { continue };
                let amount = Money::from_minor(*amount, item.total.currency());
                match covers.last_mut().filter(|last| last.by == cover.name) {
                    Some(last) => last.amount = last.amount.plus(amount).unwrap_or(last.amount),
                    None => covers.push(Covered { by: cover.name.clone(), amount }),
                }
            }
        }
        covers
    }

    /// Credit that covers nothing yet, in minor units.
    pub(crate) fn on_account(&self) -> i128 {
        self.free.iter().filter_map(|at| self.covers.get(*at)).map(|cover| cover.left).sum()
    }

    fn enter(&mut self, entry: Entry) {
        match entry {
            Entry::Document { number, issued_on, due_on, total } => {
                let zero = Money::zero(total.currency());
                let at = self.items.len();
                self.by_number.insert(number.clone(), at);
                if total.minor() > 0 {
                    self.open.insert(at);
                }
                self.items.push(Item { number: number.clone(), issued_on, due_on, total, credited: zero, paid: zero });
                if total.minor() < 0 {
                    self.cover(number, false, total.negated(), &[]);
                }
            }
            Entry::CreditNote { number, invoice, total } => self.cover(number, false, total, &[invoice]),
            Entry::Payment { reference, amount, documents } => {
                self.payments.insert(reference.clone(), self.covers.len());
                self.cover(reference, true, amount, &documents);
            }
            Entry::Reversal { payment } => self.take_back(&payment),
        }
        self.settle();
    }

    fn cover(&mut self, name: String, is_payment: bool, amount: Money, named: &[String]) {
        let at = self.covers.len();
        self.covers.push(Cover { name, is_payment, left: amount.minor(), used: Vec::new() });
        self.free.insert(at);
        for number in named {
            if let Some(item) = self.by_number.get(number).copied() {
                self.put(at, item);
            }
        }
    }

    /// Covers of an item what a cover has left for it.
    fn put(&mut self, cover_at: usize, item_at: usize) {
        let (Some(cover), Some(item)) = (self.covers.get_mut(cover_at), self.items.get_mut(item_at)) else { return };
        let amount = cover.left.min(item.open().minor());
        if amount > 0 {
            cover.left -= amount;
            cover.used.push((item_at, amount));
            add(item, cover.is_payment, amount);
        }
        if cover.left == 0 {
            self.free.remove(&cover_at);
        }
        if item.open().minor() == 0 {
            self.open.remove(&item_at);
        }
    }

    fn take_back(&mut self, payment: &str) {
        let Some(at) = self.payments.get(payment).copied() else { return };
        let Some(cover) = self.covers.get_mut(at) else { return };
        cover.left = 0;
        for (item_at, amount) in cover.used.drain(..) {
            if let Some(item) = self.items.get_mut(item_at) {
                add(item, cover.is_payment, -amount);
                self.open.insert(item_at);
            }
        }
        self.free.remove(&at);
    }

    /// The oldest credit covers the oldest document until one of them runs out.
    fn settle(&mut self) {
        while let (Some(cover), Some(item)) = (self.free.first().copied(), self.open.first().copied()) {
            self.put(cover, item);
        }
    }
}

fn add(item: &mut Item, is_payment: bool, amount: i128) {
    let sum = if is_payment { &mut item.paid } else { &mut item.credited };
    *sum = Money::from_minor(sum.minor().saturating_add(amount), sum.currency());
}

#[cfg(test)]
mod tests;
