//! `GET /partner/v1/analytics/subscriptions`: a row for each subscription that was ever sold, in whatever state.
//!
//! An indirect provider's table holds what its resellers sold too. Columns about what does not exist here (trials turned
//! into purchases, renewals of the past) are there and `null`, as the field writes dates that are missing.

use crate::analytics::query::Query;
use crate::analytics::table::{Column, Counted, Kind, Row, Table, Value};
use crate::params;
use tenantry_commerce::{
    Billing, Customer, CustomerQuery, Partner, PartnerKind, State, Status, Subscription, customer_list,
    indirect_provider_of, partner_get, provider_get, reseller_list, subscription_list_of_partner,
};
use tenantry_core::{Problem, Timestamp};
use tenantry_http::{Answer, Call};

const COLUMNS: &[Column] = &[
    ("customerTenantId", Kind::Id),
    ("customerName", Kind::Text),
    ("customerMarket", Kind::Text),
    ("id", Kind::Id),
    ("status", Kind::Text),
    ("productName", Kind::Text),
    ("subscriptionType", Kind::Text),
    ("autoRenewEnabled", Kind::Flag),
    ("partnerId", Kind::Text),
    ("friendlyName", Kind::Text),
    ("partnerName", Kind::Text),
    ("providerName", Kind::Text),
    ("creationDate", Kind::Date),
    ("effectiveStartDate", Kind::Date),
    ("commitmentEndDate", Kind::Date),
    ("currentStateEndDate", Kind::Date),
    ("trialToPaidConversionDate", Kind::Date),
    ("trialStartDate", Kind::Date),
    ("trialEndDate", Kind::Date),
    ("lastUsageDate", Kind::Date),
    ("deprovisionedDate", Kind::Date),
    ("lastRenewalDate", Kind::Date),
    ("licenseCount", Kind::Number),
];

const COUNTED: Counted = Counted { rows: "subscriptionCount", sum: Some("licenseCount") };

/// The table.
pub(crate) async fn subscriptions(call: Call) -> Result<Answer, Problem> {
    let query = Query::of(&call, "/partner/v1/analytics/subscriptions", COLUMNS)?;
    let mut table = Table::new(&query, COUNTED);
    for (seller, provider) in sellers(&call).await? {
        let mut customers = CustomerQuery::all(seller.tenant);
        // A page of customers at a time: their subscriptions are never in memory all at once.
        while let Some(page) = page(&call, &mut customers).await? {
            for customer in page {
                for subscription in sold(&call, &seller, &customer).await? {
                    table.take(row(&seller, &provider, &customer, &subscription))?;
                }
            }
        }
    }
    let page = table.finish();
    Answer::ok(&query.answer(page))
}

/// The partner that asks, and its resellers if it has some; each with the name of whom it buys from.
pub(super) async fn sellers(call: &Call) -> Result<Vec<(Partner, String)>, Problem> {
    let (ctx, db) = (&call.ctx, call.world.db());
    let own = partner_get(ctx, db, params::partner(call)?).await?;
    let resellers = match own.kind {
        PartnerKind::IndirectProvider => reseller_list(ctx, db, own.tenant).await?,
        PartnerKind::Direct | PartnerKind::Reseller { .. } => Vec::new(),
    };
    let above = match indirect_provider_of(ctx, db, own.tenant).await? {
        Some(above) => above.company_name,
        None => provider_get(ctx, db).await?.company_name,
    };
    let name = own.company_name.clone();
    let below = resellers.into_iter().map(|reseller| (reseller, name.clone()));
    Ok([(own, above)].into_iter().chain(below).collect())
}

/// The next page of customers; `None` after the last.
pub(super) async fn page(call: &Call, query: &mut CustomerQuery) -> Result<Option<Vec<Customer>>, Problem> {
    let page = customer_list(&call.ctx, call.world.db(), query.clone()).await?;
    let Some(last) = page.items.last() else { return Ok(None) };
    query.after = last.number;
    Ok(Some(page.items))
}

/// What a partner sold to its customer.
pub(super) async fn sold(call: &Call, seller: &Partner, customer: &Customer) -> Result<Vec<Subscription>, Problem> {
    subscription_list_of_partner(&call.ctx, call.world.db(), seller.tenant, customer.id).await
}

fn row(seller: &Partner, provider: &str, customer: &Customer, subscription: &Subscription) -> Row {
    let starts = subscription.starts_on.start();
    let ends = subscription.commitment_ends_on.map(|day| day.start());
    let trial = subscription.offer.trial;
    vec![
        customer.id.to_string().into(),
        customer.company_name.as_str().into(),
        customer.billing_profile.details.default_address.country.as_str().into(),
        subscription.id.to_string().into(),
        status(subscription).into(),
        subscription.offer.name.into(),
        kind(subscription).into(),
        Value::Flag(subscription.auto_renew),
        seller.mpn_id.as_str().into(),
        subscription.friendly_name.as_str().into(),
        seller.company_name.as_str().into(),
        provider.into(),
        Value::Date(subscription.created_at),
        Value::Date(starts),
        ends.into(),
        Value::None,
        Value::None,
        trial.then_some(starts).into(),
        ends.filter(|_| trial).into(),
        Value::None,
        deprovisioned(subscription).into(),
        Value::None,
        Value::Number(subscription.quantity),
    ]
}

fn status(subscription: &Subscription) -> &'static str {
    match subscription.state.status() {
        Status::Active => "ACTIVE",
        Status::Suspended => "SUSPENDED",
        Status::Deleted => "DEPROVISIONED",
    }
}

/// The family of a product, by what it is billed by and called: offers carry no other mark of it.
fn kind(subscription: &Subscription) -> &'static str {
    match subscription.offer.billing {
        Billing::Usage => "Azure",
        _ if subscription.offer.name.starts_with("Microsoft 365") => "Microsoft365",
        _ => "Office",
    }
}

/// When it was deleted.
pub(super) const fn deprovisioned(subscription: &Subscription) -> Option<Timestamp> {
    match subscription.state {
        State::Deleted { at } => Some(at),
        State::Active { .. } | State::Suspended { .. } => None,
    }
}
