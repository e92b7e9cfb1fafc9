//! What a customer's seats cost the partner in a month: `servicecosts/{period}` and its lines. Source:
//! partner-center-v1.md 2.9 rows 139 and 140, 3.10.
//!
//! `mostrecent` reads the documents of the month closed last, so the costs of all customers together are what those
//! documents ask for seats, tax included, to the cent. `current`, which one client knows, reads what the next document
//! will show; tax is known only on documents, so it is 0 there. Credit notes are documents of their own, and in neither.
//!
//! Metered usage is in none of these figures: it is in the usage summaries. In the words of this API what is sold as a
//! licence is `Recurring`, and what was bought by the modern agreement `OneTime`.

mod costs;
mod line;

use crate::params;
use crate::wire::words::Words;
use crate::wire::{Attributes, Collection, Decimal, Link, Links};
use costs::Costs;
use line::ServiceCostLineItem;
use serde::Serialize;
use tenantry_core::{Money, Problem, TenantId};
use tenantry_http::{Answer, Call};
use tenantry_rating::SeatForm;

/// Which month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    /// The one closed last.
    MostRecent,
    /// The one that runs.
    Current,
}

/// In the order of the ordinals: one client counts from a `none`, which no other knows.
const SPANS: Words<Span> = Words(&[("mostrecent", Span::MostRecent), ("current", Span::Current)]);

impl Span {
    const fn segment(self) -> &'static str {
        match self {
            Self::MostRecent => "mostrecent",
            Self::Current => "current",
        }
    }
}

const fn invoice_type(form: SeatForm) -> &'static str {
    match form {
        SeatForm::Licence => "Recurring",
        SeatForm::OneTime => "OneTime",
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceCostsSummary {
    #[serde(flatten)]
    figures: Figures,
    details: [Detail; 2],
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

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Figures {
    billing_start_date: String,
    billing_end_date: String,
    pretax_total: Decimal,
    tax: Decimal,
    after_tax_total: Decimal,
    currency_code: String,
    currency_symbol: String,
    customer_id: TenantId,
}

/// What the month comes to, in all and by type of invoice.
pub(crate) async fn summary(call: Call) -> Result<Answer, Problem> {
    let (span, costs) = costs(&call).await?;
    let uri = uri(&costs, span);
    let detail = |form: SeatForm| {
        let summary = DetailSummary {
            figures: figures(&costs, |of| of == form)?,
            attributes: Attributes::of("ServiceCostsSummary"),
        };
        Ok::<_, Problem>(Detail { invoice_type: invoice_type(form), summary })
    };
    Answer::ok(&ServiceCostsSummary {
        figures: figures(&costs, |_| true)?,
        details: [detail(SeatForm::Licence)?, detail(SeatForm::OneTime)?],
        links: Links::to_self(uri.clone()).with("serviceCostLineItems", Link::get(format!("{uri}/lineitems"))),
        attributes: Attributes::of("ServiceCostsSummary"),
    })
}

/// The lines it is the sum of.
pub(crate) async fn line_items(call: Call) -> Result<Answer, Problem> {
    let (span, costs) = costs(&call).await?;
    let items = costs.lines.iter().map(|line| ServiceCostLineItem::new(line, costs.currency));
    let items = items.collect::<Result<Vec<_>, _>>()?;
    Answer::ok(&Collection::whole(items, format!("{}/lineitems", uri(&costs, span))))
}

async fn costs(call: &Call) -> Result<(Span, Costs), Problem> {
    let customer = params::customer(call)?;
    let span = SPANS.read("period", call.param("period")?)?;
    Ok((span, Costs::of(call, customer, span).await?))
}

fn uri(costs: &Costs, span: Span) -> String {
    format!("/customers/{}/servicecosts/{}", costs.customer, span.segment())
}

/// The sums over lines of some forms.
fn figures(costs: &Costs, wanted: impl Fn(SeatForm) -> bool) -> Result<Figures, Problem> {
    let currency = costs.currency;
    let wanted: Vec<_> = costs.lines.iter().filter(|cost| wanted(cost.line.form)).collect();
    let sum =
        |amounts: Vec<Money>| Money::sum(amounts, currency).map_err(|mismatch| Problem::corrupt(mismatch.to_string()));
    let pretax = sum(wanted.iter().map(|cost| cost.line.amount(currency)).collect::<Result<_, _>>()?)?;
    let tax = sum(wanted.iter().map(|cost| cost.tax).collect())?;
    Ok(Figures {
        billing_start_date: costs.month.first_day().start().to_string(),
        billing_end_date: costs.month.last_day().start().to_string(),
        pretax_total: pretax.into(),
        tax: tax.into(),
        after_tax_total: sum(vec![pretax, tax])?.into(),
        currency_code: currency.code().to_owned(),
        currency_symbol: currency.symbol().to_owned(),
        customer_id: costs.customer,
    })
}
