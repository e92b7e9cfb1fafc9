//! Double entry. Every group of entries sums to zero in its currency; nothing is ever changed or removed.
//!
//! A receivable below zero is credit that stands on the buyer's account: it paid more than it owes.

use crate::credit_note::CreditNote;
use crate::invoice::Invoice;
use crate::payment::{Payment, readable_account, shows};
use std::collections::BTreeMap;
use tenantry_core::{Currency, Money, OpContext, Problem, TenantId, Timestamp};
use tenantry_db::{Connection, Db, Tx, sql};

/// The accounts that documents and payments touch, in the seller's books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// What a buyer owes.
    Receivable,
    /// What was earned. Credits carry a minus, as bookkeepers write them.
    Revenue,
    /// What is owed to the tax office.
    TaxPayable,
    /// Money that came in.
    Cash,
}

impl Account {
    const ALL: [Self; 4] = [Self::Receivable, Self::Revenue, Self::TaxPayable, Self::Cash];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Receivable => "receivable",
            Self::Revenue => "revenue",
            Self::TaxPayable => "tax-payable",
            Self::Cash => "cash",
        }
    }
}

/// The sum of an account towards one counterparty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Whose books.
    pub owner: TenantId,
    /// Which account.
    pub account: Account,
    /// Towards whom.
    pub counterparty: TenantId,
    /// The sum.
    pub amount: Money,
}

/// Books an issued invoice: debit what the buyer owes, credit revenue and tax. Gives what the ledger says is owed on it,
/// read back.
pub(crate) async fn book(tx: &mut Tx, at: Timestamp, invoice: &Invoice) -> Result<Money, Problem> {
    let currency = invoice.currency()?;
    let part = |text: &str| crate::invoice::money(text, currency);
    let (seller, buyer) = (invoice.seller.tenant, invoice.buyer.tenant);
    let group = Group { kind: "invoice", owner: seller, counterparty: buyer, document: &invoice.number, at };
    let entries = [
        (Account::Receivable, part(&invoice.total)?),
        (Account::Revenue, part(&invoice.net)?.negated()),
        (Account::TaxPayable, part(&invoice.tax)?.negated()),
    ];
    group.write(tx, currency, &entries).await?;
    let booked = sql("SELECT minor FROM ledger_entry WHERE group_id = $1 AND account = $2")
        .bind(group.id())
        .bind(Account::Receivable.name())
        .one(tx)
        .await?;
    Ok(Money::from_minor(booked.parsed("minor", str::parse::<i128>)?, currency))
}

/// Books a credit note: the same accounts the other way round.
pub(crate) async fn book_credit_note(tx: &mut Tx, at: Timestamp, note: &CreditNote) -> Result<(), Problem> {
    let currency = note.currency()?;
    let part = |text: &str| crate::invoice::money(text, currency);
    let (seller, buyer) = (note.seller.tenant, note.buyer.tenant);
    let group = Group { kind: "credit-note", owner: seller, counterparty: buyer, document: &note.number, at };
    let entries = [
        (Account::Receivable, part(&note.total)?.negated()),
        (Account::Revenue, part(&note.net)?),
        (Account::TaxPayable, part(&note.tax)?),
    ];
    group.write(tx, currency, &entries).await
}

/// Books a payment: money came in and less is owed; a reversal the other way round.
pub(crate) async fn book_payment(tx: &mut Tx, payment: &Payment) -> Result<(), Problem> {
    let group = Group {
        kind: "payment",
        owner: payment.seller,
        counterparty: payment.buyer,
        document: &payment.reference,
        at: payment.recorded_at,
    };
    let amount = payment.signed();
    let entries = [(Account::Cash, amount), (Account::Receivable, amount.negated())];
    group.write(tx, amount.currency(), &entries).await
}

/// Entries that belong together: they sum to zero.
struct Group<'a> {
    kind: &'static str,
    owner: TenantId,
    counterparty: TenantId,
    document: &'a str,
    at: Timestamp,
}

impl Group<'_> {
    fn id(&self) -> String {
        format!("{}/{}/{}", self.kind, self.owner, self.document)
    }

    async fn write(&self, tx: &mut Tx, currency: Currency, entries: &[(Account, Money)]) -> Result<(), Problem> {
        let Self { kind, owner, counterparty, document, at } = self;
        let sum = crate::draft::sum(entries.iter().map(|(_, amount)| *amount), currency)?;
        if sum != Money::zero(currency) {
            return Err(Problem::corrupt(format!("the entries of {kind} {document} sum to {sum}, not to zero")));
        }
        let group = self.id();
        for ((account, amount), line) in entries.iter().zip(1_i64..) {
            sql("INSERT INTO ledger_entry (group_id, line_no, owner, account, counterparty, currency, minor, at, \
                 document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(&group)
            .bind(line)
            .bind(*owner)
            .bind(account.name())
            .bind(*counterparty)
            .bind(currency.code())
            .bind(amount.minor().to_string())
            .bind(*at)
            .bind(*document)
            .run(tx)
            .await?;
        }
        Ok(())
    }
}

/// What stands between a buyer and its sellers. The buyer may ask, its seller about its own books, and the provider.
pub async fn balances(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<Vec<Balance>, Problem> {
    let account = readable_account(ctx, db, buyer).await?;
    let mut reader = db.reader().await?;
    let rows = sql("SELECT owner, account, counterparty, currency, minor FROM ledger_entry WHERE counterparty = $1")
        .bind(buyer)
        .all(&mut reader)
        .await?;
    let mut balances = sums(&rows)?;
    balances.retain(|balance| shows(ctx, account, balance.owner));
    Ok(balances)
}

/// All balances of the world. For `tenantry check`.
pub(crate) async fn all_balances(on: &mut impl Connection) -> Result<Vec<Balance>, Problem> {
    sums(&sql("SELECT owner, account, counterparty, currency, minor FROM ledger_entry").all(on).await?)
}

/// Summed here, not by the engine: engines only filter and order (DESIGN 7).
fn sums(rows: &[tenantry_db::Row]) -> Result<Vec<Balance>, Problem> {
    let mut sums: BTreeMap<(TenantId, Account, TenantId, Currency), Money> = BTreeMap::new();
    for row in rows {
        let currency = row.parsed("currency", Currency::parse)?;
        let account = row.parsed("account", |name| {
            Account::ALL.into_iter().find(|account| account.name() == name).ok_or("no such account")
        })?;
        let minor = row.parsed("minor", str::parse::<i128>)?;
        let owner = row.parsed("owner", TenantId::parse)?;
        let counterparty = row.parsed("counterparty", TenantId::parse)?;
        let sum = sums.entry((owner, account, counterparty, currency)).or_insert_with(|| Money::zero(currency));
        *sum = crate::draft::sum([*sum, Money::from_minor(minor, currency)], currency)?;
    }
    Ok(sums
        .into_iter()
        .map(|((owner, account, counterparty, _), amount)| Balance { owner, account, counterparty, amount })
        .collect())
}
