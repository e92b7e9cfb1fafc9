//! `GET /v1/invoices/summary` and `/summaries`: what the partner owes, from the ledger, and what it paid last.

use crate::invoices::view::INVOICE_TYPE;
use crate::params;
use crate::wire::{Attributes, Collection, Decimal, Links};
use serde::Serialize;
use std::collections::BTreeMap;
use tenantry_billing::{Account, InvoiceFilter, Payment, balances, credit_note_list, invoice_list, payment_list};
use tenantry_commerce::edge_of;
use tenantry_core::{Currency, Day, Money, Problem, Quantity, Timestamp};
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
    /// The day of the money.
    last_payment_date: String,
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
    /// When something was written on the account last: an invoice, a credit note, a payment or its return.
    changed: Option<Timestamp>,
    /// The last payment that was not taken back: the day of the money, and how much.
    last_paid: Option<(Day, Money)>,
}

impl Standing {
    const fn nothing(currency: Currency) -> Self {
        Self { owed: Money::zero(currency), first: None, latest: None, changed: None, last_paid: None }
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
        standing.changed = standing.changed.max(Some(at));
    }
    for note in credit_note_list(ctx, db, partner).await? {
        let (currency, at) = (note.currency()?, note.issued_at()?);
        let standing = all.entry(currency).or_insert_with(|| Standing::nothing(currency));
        standing.changed = standing.changed.max(Some(at));
    }
    let payments = payment_list(ctx, db, partner).await?;
    for payment in &payments {
        let currency = payment.amount.currency();
        let standing = all.entry(currency).or_insert_with(|| Standing::nothing(currency));
        standing.changed = standing.changed.max(Some(payment.recorded_at));
        let day = standing.last_paid.map(|(day, _)| day);
        // Of two on one day the one that was written down later.
        if stays(payment, &payments) && Some(payment.paid_on) >= day {
            standing.last_paid = Some((payment.paid_on, payment.amount));
        }
    }
    Ok((own, all))
}

/// Whether it is money that came and was not taken back.
fn stays(payment: &Payment, all: &[Payment]) -> bool {
    let of_it = |other: &Payment| other.seller == payment.seller && other.reverses.as_ref() == Some(&payment.reference);
    payment.reverses.is_none() && !all.iter().any(of_it)
}

fn view(standing: &Standing) -> InvoiceSummary {
    let currency = standing.owed.currency();
    let date = |at: Option<Timestamp>| at.map_or_else(|| NO_DATE.to_owned(), |at| at.to_string());
    let figures = Figures {
        balance_amount: standing.owed.into(),
        currency_code: currency.code().to_owned(),
        currency_symbol: currency.symbol().to_owned(),
        accounting_date: date(standing.changed),
        first_invoice_creation_date: date(standing.first),
        last_payment_date: date(standing.last_paid.map(|(day, _)| day.start())),
        last_payment_amount: standing.last_paid.map_or(Quantity::ZERO.into(), |(_, amount)| amount.into()),
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
        let (first, latest) = (at("2015-09-15"), at("2018-07-15"));
        let standing = Standing { owed, first, latest, changed: latest, last_paid: None };
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
