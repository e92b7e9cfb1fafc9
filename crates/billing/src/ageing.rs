//! What a buyer owes, document by document, and how long it has been due.

use crate::draft::sum;
use crate::payment_allocation::{Covered, Item, Standing};
use crate::statement_entries::accounts;
use tenantry_core::{Currency, Day, Money, OpContext, Problem, TenantId};
use tenantry_db::Db;

/// Where a document is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvoiceStatus {
    /// Nothing was paid, and it is not due yet.
    Open,
    /// A part was paid or credited, and it is not due yet.
    PartlyPaid,
    /// Nothing is owed on it: paid, or there was nothing to pay.
    Paid,
    /// All of it was credited, nothing paid.
    Credited,
    /// Something is owed and its day is over, by the world's time.
    Overdue,
}

/// A document and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentStanding {
    /// The document, what covers it and what does not.
    pub document: Item,
    /// What covers it, in the order it came.
    pub covered_by: Vec<Covered>,
    /// Where it is in its life.
    pub status: InvoiceStatus,
    /// Days since its due day; zero while it is not over.
    pub days_overdue: i32,
}

/// What is owed, by how long it has been due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ageing {
    /// Not due yet.
    pub not_due: Money,
    /// Due for 1 to 30 days.
    pub to_30: Money,
    /// For 31 to 60.
    pub to_60: Money,
    /// For 61 to 90.
    pub to_90: Money,
    /// For longer.
    pub over_90: Money,
}

/// What stands between a seller and a buyer in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStanding {
    /// Who is owed.
    pub seller: TenantId,
    /// Who owes.
    pub buyer: TenantId,
    /// The currency of all of it.
    pub currency: Currency,
    /// The documents, oldest first.
    pub documents: Vec<DocumentStanding>,
    /// What is open, by age.
    pub ageing: Ageing,
    /// Credit that covers nothing yet: paid too much, or in advance.
    pub on_account: Money,
    /// What is open less the credit: the receivable of the ledger.
    pub balance: Money,
}

impl InvoiceStatus {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartlyPaid => "partlyPaid",
            Self::Paid => "paid",
            Self::Credited => "credited",
            Self::Overdue => "overdue",
        }
    }

    fn of(item: &Item, today: Day) -> Self {
        let covered = item.paid.minor() + item.credited.minor();
        match (item.open().minor(), item.due_on < today) {
            (0, _) if item.paid.minor() == 0 && covered > 0 => Self::Credited,
            (0, _) => Self::Paid,
            (_, true) => Self::Overdue,
            _ if covered > 0 => Self::PartlyPaid,
            _ => Self::Open,
        }
    }
}

/// What a buyer owes, by seller and currency, at the world's time. The buyer may ask, its seller, and the provider.
pub async fn account_standings(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<Vec<AccountStanding>, Problem> {
    let today = ctx.now().day();
    let accounts = accounts(ctx, db, buyer).await?;
    accounts
        .into_iter()
        .map(|((seller, currency), booked)| {
            let standing = Standing::of(booked.into_iter().map(|booked| booked.entry));
            let documents: Vec<_> = standing
                .items()
                .iter()
                .zip(standing.covers())
                .map(|(item, covers)| document(item, covers, today))
                .collect();
            let ageing = Ageing::of(&documents, currency)?;
            let on_account = Money::from_minor(standing.on_account(), currency);
            let balance = sum([ageing.total()?, on_account.negated()], currency)?;
            Ok(AccountStanding { seller, buyer, currency, documents, ageing, on_account, balance })
        })
        .collect()
}

fn document(item: &Item, covered_by: Vec<Covered>, today: Day) -> DocumentStanding {
    let status = InvoiceStatus::of(item, today);
    let late = today.number().saturating_sub(item.due_on.number());
    let days_overdue = if status == InvoiceStatus::Overdue { late } else { 0 };
    DocumentStanding { document: item.clone(), covered_by, status, days_overdue }
}

impl Ageing {
    fn of(documents: &[DocumentStanding], currency: Currency) -> Result<Self, Problem> {
        let within = |from: i32, to: i32| {
            let of_age = documents.iter().filter(|one| (from..=to).contains(&one.days_overdue));
            sum(of_age.map(|one| one.document.open()), currency)
        };
        Ok(Self {
            not_due: within(i32::MIN, 0)?,
            to_30: within(1, 30)?,
            to_60: within(31, 60)?,
            to_90: within(61, 90)?,
            over_90: within(91, i32::MAX)?,
        })
    }

    /// All of it.
    pub fn total(&self) -> Result<Money, Problem> {
        let Self { not_due, to_30, to_60, to_90, over_90 } = *self;
        sum([not_due, to_30, to_60, to_90, over_90], not_due.currency())
    }
}
