//! What a partner owes: `GET /api/v1/balance` in one figure from the ledger, `/api/v1/ageing` document by document and
//! by how long it has been due, `/api/v1/statement` from one day to another.
//!
//! Only the receivable is shown. How the seller splits its income into revenue and tax is the seller's book, not
//! the buyer's.

use crate::document::{BUYER, Detail, optional};
use crate::payments::day;
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::Serialize;
use tenantry_billing::{
    Account, AccountStanding, DocumentStanding, Statement, StatementLine, account_standings, balances, statements,
};
use tenantry_core::{Day, Money, Month, Problem, TenantId};
use tenantry_http::{Answer, Call, Route};

pub(crate) const DETAILS: [Detail; 2] = [
    Detail::of("ageing.get").query(&[BUYER]),
    Detail::of("statement.get").query(&[
        optional("from", "First day, `2026-04-01`; the first of the current month by default"),
        optional("through", "Last day; today by default"),
        BUYER,
    ]),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/ageing", "ageing.get", "What a partner owes, by document and age", ageing),
        Route::get("/api/v1/statement", "statement.get", "A partner's account from one day to another", statement),
    ]
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct BalanceView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    balances: Vec<OwedView>,
}

/// Owed to one seller in one currency. Negative: the seller owes it.
#[derive(JsonSchema, Serialize)]
pub(crate) struct OwedView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    owed: Money,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct AgeingView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    accounts: Vec<AccountView<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    currency: String,
    /// What is open less the credit on the account.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    owed: Money,
    /// Credit that covers nothing yet.
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    on_account: Money,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    not_due: Money,
    #[serde(rename = "days1To30", serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    to_30: Money,
    #[serde(rename = "days31To60", serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    to_60: Money,
    #[serde(rename = "days61To90", serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    to_90: Money,
    #[serde(rename = "over90Days", serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    over_90: Money,
    documents: Vec<DocumentView<'a>>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentView<'a> {
    number: &'a str,
    status: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    issued_on: Day,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    due_on: Day,
    days_overdue: i32,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    total: Money,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    credited: Money,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    paid: Money,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    open: Money,
    covered_by: Vec<CoverView<'a>>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct CoverView<'a> {
    by: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    amount: Money,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct StatementsView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    partner: TenantId,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    from: Day,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    through: Day,
    accounts: Vec<StatementView<'a>>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct StatementView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Id")]
    seller: TenantId,
    currency: String,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    opening: Money,
    lines: Vec<LineView<'a>>,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    closing: Money,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct LineView<'a> {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Day")]
    on: Day,
    kind: &'static str,
    reference: &'a str,
    about: &'a str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    amount: Money,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Decimal")]
    balance: Money,
}

/// What is owed now.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let partner = asked::buyer(&call).await?;
    let balances = balances(&call.ctx, call.world.db(), partner)
        .await?
        .into_iter()
        .filter(|balance| balance.account == Account::Receivable)
        .map(|balance| OwedView {
            seller: balance.owner,
            currency: balance.amount.currency().to_string(),
            owed: balance.amount,
        })
        .collect();
    Answer::ok(&BalanceView { partner, balances })
}

/// What is owed now, by document and age.
async fn ageing(call: Call) -> Result<Answer, Problem> {
    let partner = asked::buyer(&call).await?;
    let standings = account_standings(&call.ctx, call.world.db(), partner).await?;
    Answer::ok(&AgeingView { partner, accounts: standings.iter().map(account).collect() })
}

/// The account from a day to a day.
async fn statement(call: Call) -> Result<Answer, Problem> {
    let today = call.ctx.now().day();
    let from = asked::parsed(&call, "from", day)?.unwrap_or_else(|| Month::of(today).first_day());
    let through = asked::parsed(&call, "through", day)?.unwrap_or(today);
    let partner = asked::buyer(&call).await?;
    let found = statements(&call.ctx, call.world.db(), partner, from, through).await?;
    Answer::ok(&StatementsView { partner, from, through, accounts: found.iter().map(statement_view).collect() })
}

fn account(standing: &AccountStanding) -> AccountView<'_> {
    let ageing = standing.ageing;
    AccountView {
        seller: standing.seller,
        currency: standing.currency.to_string(),
        owed: standing.balance,
        on_account: standing.on_account,
        not_due: ageing.not_due,
        to_30: ageing.to_30,
        to_60: ageing.to_60,
        to_90: ageing.to_90,
        over_90: ageing.over_90,
        documents: standing.documents.iter().map(document).collect(),
    }
}

fn document(standing: &DocumentStanding) -> DocumentView<'_> {
    let document = &standing.document;
    DocumentView {
        number: &document.number,
        status: standing.status.name(),
        issued_on: document.issued_on,
        due_on: document.due_on,
        days_overdue: standing.days_overdue,
        total: document.total,
        credited: document.credited,
        paid: document.paid,
        open: document.open(),
        covered_by: standing.covered_by.iter().map(|one| CoverView { by: &one.by, amount: one.amount }).collect(),
    }
}

fn statement_view(statement: &Statement) -> StatementView<'_> {
    StatementView {
        seller: statement.seller,
        currency: statement.currency.to_string(),
        opening: statement.opening,
        lines: statement.lines.iter().map(line).collect(),
        closing: statement.closing,
    }
}

fn line(line: &StatementLine) -> LineView<'_> {
    let StatementLine { on, kind, reference, about, amount, balance } = line;
    LineView { on: *on, kind, reference, about, amount: *amount, balance: *balance }
}
