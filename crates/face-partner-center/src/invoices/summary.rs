//! `GET /v1/invoices/summary` and `/summaries`: what the partner owes, from the ledger.

use crate::invoices::view::INVOICE_TYPE;
use crate::params;
use crate::wire::{Attributes, Collection, Decimal, Links};
use serde::Serialize;
use std::collections::BTreeMap;
use tenantry_billing::{Account, InvoiceFilter, balances, invoice_list};
use tenantry_commerce::edge_of;
use tenantry_core::{Currency, Money, Problem, Quantity, Timestamp};
use tenantry_http::{Answer, Call};

/// How the field writes a date that is not there, in members that must be (partner-center-v1.md 3.11).
const NO_DATE: &str = "0001-01-01T00:00:00";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InvoiceSummary {
    #[serde(flatten)]
    figures: Figures,
    details: [Detail; 1],
    links: Links,
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    invoice_type: &'static str,
    summary: DetailSummary,
}

#[derive(Debug, Serialize)]
struct DetailSummary {
    #[serde(flatten)]
    figures: Figures,
    attributes: Attributes,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    balance_amount: Decimal,
    currency_code: String,
    currency_symbol: String,
    /// When the balance changed last.
    accounting_date: String,
    first_invoice_creation_date: String,
    last_payment_date: &'static str,
    last_payment_amount: Decimal,
    latest_invoice_date: String,
}

/// The balance in the currency the partner is billed in.
pub(crate) async fn summary(call: Call) -> Result<Answer, Problem> {
    let (own, mut all) = by_currency(&call).await?;
    let dates = all.remove(&own).unwrap_or_else(|| Standing::nothing(own));
    Answer::ok(&view(&dates))
}

/// The balance in each currency the partner was ever billed in, and the one it is billed in now.
pub(crate) async fn summaries(call: Call) -> Result<Answer, Problem> {
    let (own, mut all) = by_currency(&call).await?;
    all.entry(own).or_insert_with(|| Standing::nothing(own));
    let items = all.values().map(view).collect();
    Answer::ok(&Collection::whole(items, "/invoices/summaries"))
}

/// How things stand in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Standing {
    owed: Money,
    first: Option<Timestamp>,
    latest: Option<Timestamp>,
}

impl Standing {
    const fn nothing(currency: Currency) -> Self {
        Self { owed: Money::zero(currency), first: None, latest: None }
    }
}

async fn by_currency(call: &Call) -> Result<(Currency, BTreeMap<Currency, Standing>), Problem> {
    let (ctx, db, partner) = (&call.ctx, call.world.db(), params::partner(call)?);
    let own = edge_of(ctx, db, partner).await?.currency;
    let mut all: BTreeMap<Currency, Standing> = BTreeMap::new();
    for balance in balances(ctx, db, partner).await? {
        if balance.account == Account::Receivable {
            let currency = balance.amount.currency();
            let standing = all.entry(currency).or_insert_with(|| Standing::nothing(currency));
            let owed = standing.owed.plus(balance.amount);
            standing.owed = owed.map_err(|mismatch| Problem::corrupt(mismatch.to_string()))?;
        }
    }
    for invoice in invoice_list(ctx, db, partner, InvoiceFilter::default()).await? {
        let (currency, at) = (invoice.currency()?, invoice.issued_at()?);
        let standing = all.entry(currency).or_insert_with(|| Standing::nothing(currency));
        standing.first = Some(standing.first.map_or(at, |first| first.min(at)));
        standing.latest = standing.latest.max(Some(at));
    }
    Ok((own, all))
}

fn view(standing: &Standing) -> InvoiceSummary {
    let currency = standing.owed.currency();
    let date = |at: Option<Timestamp>| at.map_or_else(|| NO_DATE.to_owned(), |at| at.to_string());
    let figures = Figures {
        balance_amount: standing.owed.into(),
        currency_code: currency.code().to_owned(),
        currency_symbol: currency.symbol().to_owned(),
        accounting_date: date(standing.latest),
        first_invoice_creation_date: date(standing.first),
        last_payment_date: NO_DATE,
        last_payment_amount: Quantity::ZERO.into(),
        latest_invoice_date: date(standing.latest),
    };
    InvoiceSummary {
        figures: figures.clone(),
        details: [Detail {
            invoice_type: INVOICE_TYPE,
            summary: DetailSummary { figures, attributes: Attributes::of("InvoiceSummary") },
        }],
        links: Links::to_self("/invoices/summary"),
        attributes: Attributes::of("InvoiceSummary"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_looks_as_recorded() {
        let at = |text| Some(Timestamp::parse(text).unwrap());
        let owed = Money::from_minor(6_847_495, Currency::USD);
        let standing = Standing { owed, first: at("2015-09-15"), latest: at("2018-07-15") };
        let text = serde_json::to_string(&view(&standing)).unwrap();
        let figures = concat!(
            r#""balanceAmount":68474.95,"currencyCode":"USD","currencySymbol":"$","#,
            r#""accountingDate":"2018-07-15T00:00:00Z","firstInvoiceCreationDate":"2015-09-15T00:00:00Z","#,
            r#""lastPaymentDate":"0001-01-01T00:00:00","lastPaymentAmount":0,"#,
            r#""latestInvoiceDate":"2018-07-15T00:00:00Z""#,
        );
        let tail = concat!(
            r#""links":{"self":{"uri":"/invoices/summary","method":"GET","headers":[]}},"#,
            r#""attributes":{"objectType":"InvoiceSummary"}}"#,
        );
        let inner = format!(r#"{{{figures},"attributes":{{"objectType":"InvoiceSummary"}}}}"#);
        let details = format!(r#""details":[{{"invoiceType":"Recurring","summary":{inner}}}]"#);
        assert_eq!(text, format!("{{{figures},{details},{tail}"));
        let nothing = serde_json::to_string(&view(&Standing::nothing(Currency::EUR))).unwrap();
        assert!(nothing.starts_with(r#"{"balanceAmount":0.00,"currencyCode":"EUR","currencySymbol":"€""#), "{nothing}");
    }
}
