//! The lines of the open period in the form of a document's: what closing it now would issue.
//!
//! The field shows unbilled lines of its newer plans only; SDKs ask for them in the same way as for those of an
//! invoice, and read ours with the class they have for `azure`. That is our reading of "as 149" in
//! partner-center-v1.md 2.10; no recording shows it.

use crate::wire::words::Words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use tenantry_billing::{DraftLine, InvoiceLine, unbilled};
use tenantry_commerce::{Customer, Subscription, customer_get, edge_of, subscription_get};
use tenantry_core::{Currency, Month, Problem, SubscriptionId, TenantId};
use tenantry_http::Call;
use tenantry_rating::MeterPrice;
use tenantry_usage::LineRow;

/// Which open lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Span {
    /// Of the running month: what its document will show.
    Current,
    /// Of the month before, between its end and its close.
    Previous,
}

/// The words of `period`.
pub(super) const SPANS: Words<Span> = Words(&[("current", Span::Current), ("previous", Span::Previous)]);

/// Lines that no document shows yet, each with the rows behind it.
pub(super) struct OpenLines {
    pub(super) currency: Currency,
    pub(super) lines: Vec<(InvoiceLine, Vec<LineRow>)>,
}

/// The open lines of a partner.
pub(super) async fn open_lines(call: &Call, partner: TenantId, span: Span) -> Result<OpenLines, Problem> {
    let (ctx, metering) = (&call.ctx, call.world.metering());
    let edge = edge_of(ctx, call.world.db(), partner).await?;
    let current = Month::of(ctx.now().day());
    let draft = unbilled(ctx, metering, &edge, current).await?;
    let (closed, owners) = metering
        .read(|fold| {
            let owner = |line: &DraftLine| Some((line.subscription, fold.subscription(line.subscription)?.customer));
            let owners: BTreeMap<_, _> = draft.lines.iter().filter_map(owner).collect();
            (fold.closes().last().map(|close| close.month), owners)
        })
        .await;
    let mut names = Names { call, owners, customers: BTreeMap::new(), subscriptions: BTreeMap::new() };
    let mut lines = Vec::with_capacity(draft.lines.len());
    for mut line in draft.lines {
        // What has no price is on no document until it has one.
        line.rows.retain(|row| row.sheet.is_some());
        if line.rows.is_empty() || span_of(line.month, current, closed) != span {
            continue;
        }
        let (subscription, customer) = names.of(line.subscription).await?;
        lines.push((document_line(&line, subscription, customer), line.rows));
    }
    Ok(OpenLines { currency: draft.currency, lines })
}

/// On which document usage of a month will be: that of the month before as long as it is not closed, then that of
/// the running one.
fn span_of(month: Month, current: Month, closed: Option<Month>) -> Span {
    let previous_is_open = closed.is_none_or(|closed| closed < current.previous());
    if previous_is_open && month < current { Span::Previous } else { Span::Current }
}

/// The names of today, each looked up once.
struct Names<'a> {
    call: &'a Call,
    owners: BTreeMap<SubscriptionId, TenantId>,
    customers: BTreeMap<TenantId, Customer>,
    subscriptions: BTreeMap<SubscriptionId, Subscription>,
}

impl Names<'_> {
    async fn of(&mut self, id: SubscriptionId) -> Result<(&Subscription, &Customer), Problem> {
        let (ctx, db) = (&self.call.ctx, self.call.world.db());
        let owner = self.owners.get(&id).copied();
        let owner = owner.ok_or_else(|| Problem::corrupt(format!("subscription {id} has usage and no owner")))?;
        let customer = match self.customers.entry(owner) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(customer_get(ctx, db, owner).await?),
        };
        let subscription = match self.subscriptions.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(subscription_get(ctx, db, owner, id).await?),
        };
        Ok((subscription, customer))
    }
}

fn document_line(line: &DraftLine, subscription: &Subscription, customer: &Customer) -> InvoiceLine {
    let described = line.described.as_ref();
    let text = |of: fn(&MeterPrice) -> &String| described.map(of).cloned().unwrap_or_default();
    InvoiceLine {
        customer: customer.id,
        customer_name: customer.company_name.clone(),
        customer_domain: customer.domain.clone(),
        subscription: subscription.id,
        subscription_name: subscription.friendly_name.clone(),
        offer_name: subscription.offer.name.to_owned(),
        order: subscription.order,
        meter: line.meter,
        meter_name: text(|meter| &meter.name),
        category: text(|meter| &meter.category),
        subcategory: text(|meter| &meter.subcategory),
        region: text(|meter| &meter.region),
        unit: text(|meter| &meter.unit),
        service_month: line.month.to_string(),
        quantity: line.quantity.to_string(),
        list: line.list.to_string(),
        exact: line.exact.to_string(),
        amount: line.amount.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_open_line_is_in_exactly_one_span() {
        let month = |text| Month::parse(text).unwrap();
        for (used, closed, span) in [
            ("2020-06", Some("2020-05"), Span::Current),
            // Late usage of a closed month is on the next document.
            ("2020-04", Some("2020-05"), Span::Current),
            ("2020-06", Some("2020-04"), Span::Current),
            ("2020-05", Some("2020-04"), Span::Previous),
            ("2020-03", Some("2020-04"), Span::Previous),
            ("2020-05", None, Span::Previous),
            ("2020-06", None, Span::Current),
        ] {
            assert_eq!(span_of(month(used), month("2020-06"), closed.map(month)), span, "{used} {closed:?}");
        }
    }
}
