//! Issuing the document of one edge for one close.

use crate::draft::sum;
use crate::invoice::{InvoiceLine, InvoiceParty};
use crate::rows::{self, NewInvoice};
use crate::{Draft, DraftLine, Invoice, chain, ledger};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use tenantry_commerce::{
    Address, Customer, Subscription, customer_of_partner, partner_get, provider_get, subscription_get,
};
use tenantry_core::{Money, OpContext, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::{Db, audit, counter, outbox};
use tenantry_metering::Metering;
use tenantry_usage::{Close, EdgeTerms, Fold};

/// Days until an invoice is due: net 60, as the field has it (partner-center-v1.md 4.7).
const DUE_DAYS: i32 = 60;
/// Topic of the outbox entry; its subject is the invoice number.
const INVOICE_ISSUED: &str = "invoice-issued";

/// The invoice of an edge for a close: the one there is, or a new one, or none if there is nothing to bill.
pub(crate) async fn issue(
    ctx: &OpContext,
    db: &Db,
    metering: &Metering,
    edge: &EdgeTerms,
    close: Close,
) -> Result<Option<Invoice>, Problem> {
    let mut reader = db.reader().await?;
    if let Some(stored) = rows::of_close(&mut reader, edge.id, close.number).await? {
        return Ok(Some(stored.invoice));
    }
    drop(reader);
    let Some(draft) = metering.read_all(|fold| closed_draft(fold, edge, close)).await else { return Ok(None) };
    let names = Names::look_up(ctx, db, edge, owners(&draft)).await?;
    let line = audit::open(ctx, db, "issue_invoice", &format!("edge {} month {}", edge.id, close.month)).await?;
    let outcome = save(ctx, db, edge, close, &draft, &names).await;
    line.close(ctx, db, outcome).await.map(Some)
}

/// Whose subscriptions the lines are of.
pub(crate) fn owners(draft: &Draft) -> BTreeMap<SubscriptionId, TenantId> {
    draft.lines.iter().map(|line| (line.subscription, line.customer)).collect()
}

/// What a close put on the document of an edge; `None` for nothing.
pub(crate) fn closed_draft(fold: &Fold, edge: &EdgeTerms, close: Close) -> Option<Draft> {
    let lines = fold.billed_by(edge.id, close.number);
    let currency = lines.first().and_then(|line| fold.subscription(line.subscription))?.currency;
    Some(Draft::new(edge.id, currency, lines, fold.book()))
}

/// The names that go on a document: those of the day of issue.
pub(crate) struct Names {
    pub(crate) seller: InvoiceParty,
    pub(crate) buyer: InvoiceParty,
    pub(crate) subscriptions: BTreeMap<SubscriptionId, NamedSubscription>,
}

pub(crate) struct NamedSubscription {
    pub(crate) customer: TenantId,
    pub(crate) customer_name: String,
    pub(crate) customer_domain: String,
    pub(crate) name: String,
    pub(crate) offer_name: String,
    pub(crate) order: tenantry_core::OrderId,
}

impl Names {
    async fn look_up(
        ctx: &OpContext,
        db: &Db,
        edge: &EdgeTerms,
        owners: BTreeMap<SubscriptionId, TenantId>,
    ) -> Result<Self, Problem> {
        let provider = provider_get(ctx, db).await?;
        if provider.tenant != edge.seller {
            // Lower tiers need their own parties and list prices on the paper; issuing with the provider's would lie.
            return Err(Problem::new(
                Reason::Unsupported,
                format!("edge {} is sold by {}, and only the provider's edges are invoiced yet", edge.id, edge.seller),
            ));
        }
        let partner = partner_get(ctx, db, edge.buyer).await?;
        let subscriptions = name_subscriptions(ctx, db, owners).await?;
        let seller = InvoiceParty {
            tenant: edge.seller,
            name: provider.company_name,
            address: address_lines(&provider.address),
            email: provider.email,
        };
        let buyer = InvoiceParty {
            tenant: edge.buyer,
            name: partner.company_name,
            address: address_lines(&partner.address),
            email: partner.email,
        };
        Ok(Self { seller, buyer, subscriptions })
    }

    /// The names an issued document already carries, to compute it again.
    pub(crate) fn of(invoice: &Invoice) -> Self {
        let named = |line: &InvoiceLine| NamedSubscription {
            customer: line.customer,
            customer_name: line.customer_name.clone(),
            customer_domain: line.customer_domain.clone(),
            name: line.subscription_name.clone(),
            offer_name: line.offer_name.clone(),
            order: line.order,
        };
        Self {
            seller: invoice.seller.clone(),
            buyer: invoice.buyer.clone(),
            subscriptions: invoice.lines.iter().map(|line| (line.subscription, named(line))).collect(),
        }
    }
}

/// The names of subscriptions and of the customers they belong to, each customer looked up once.
pub(crate) async fn name_subscriptions(
    ctx: &OpContext,
    db: &Db,
    owners: BTreeMap<SubscriptionId, TenantId>,
) -> Result<BTreeMap<SubscriptionId, NamedSubscription>, Problem> {
    let mut customers: BTreeMap<(TenantId, TenantId), Customer> = BTreeMap::new();
    let mut subscriptions = BTreeMap::new();
    for (id, owner) in owners {
        let subscription = subscription_get(ctx, db, owner, id).await?;
        let customer = match customers.entry((subscription.partner, owner)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(customer_of_partner(ctx, db, subscription.partner, owner).await?),
        };
        subscriptions.insert(id, NamedSubscription::new(&subscription, customer));
    }
    Ok(subscriptions)
}

impl NamedSubscription {
    fn new(subscription: &Subscription, customer: &Customer) -> Self {
        Self {
            customer: customer.id,
            customer_name: customer.company_name.clone(),
            customer_domain: customer.domain.clone(),
            name: subscription.friendly_name.clone(),
            offer_name: subscription.offer.name.to_owned(),
            order: subscription.order,
        }
    }
}

/// A line of a draft as it stands on a document.
pub(crate) fn document_line(
    line: &DraftLine,
    names: &BTreeMap<SubscriptionId, NamedSubscription>,
) -> Result<InvoiceLine, Problem> {
    let named = names
        .get(&line.subscription)
        .ok_or_else(|| Problem::corrupt(format!("no name for subscription {}", line.subscription)))?;
    let described = line.described.as_ref();
    let text = |of: fn(&tenantry_rating::MeterPrice) -> &String| described.map(of).cloned().unwrap_or_default();
    Ok(InvoiceLine {
        customer: named.customer,
        customer_name: named.customer_name.clone(),
        customer_domain: named.customer_domain.clone(),
        subscription: line.subscription,
        subscription_name: named.name.clone(),
        offer_name: named.offer_name.clone(),
        order: named.order,
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
    })
}

/// Puts a document together. Pure: the same draft and names give the same document.
pub(crate) fn compose(
    number: String,
    edge: &EdgeTerms,
    close: Close,
    draft: &Draft,
    names: &Names,
) -> Result<Invoice, Problem> {
    let currency = draft.currency;
    let mut lines =
        draft.lines.iter().map(|line| document_line(line, &names.subscriptions)).collect::<Result<Vec<_>, _>>()?;
    // People read an invoice by customer; the order of ids says nothing to them.
    lines.sort_by(|a, b| {
        let order = |line: &InvoiceLine| {
            (line.customer_name.clone(), line.customer, line.subscription_name.clone(), line.subscription)
        };
        let detail = |line: &InvoiceLine| {
            (line.service_month.clone(), line.category.clone(), line.meter_name.clone(), line.meter)
        };
        order(a).cmp(&order(b)).then_with(|| detail(a).cmp(&detail(b)))
    });
    let net = draft.total()?;
    // Tax rates per market are a later room; until then documents show a tax of zero, visibly.
    let tax = Money::zero(currency);
    let due_on = tenantry_core::Day::from_number(close.at.day().number() + DUE_DAYS);
    Ok(Invoice {
        number,
        seller: names.seller.clone(),
        buyer: names.buyer.clone(),
        edge: edge.id,
        close: close.number,
        month: close.month.to_string(),
        issued_at: close.at.to_string(),
        due_on: due_on.to_string(),
        currency: currency.code().to_owned(),
        lines,
        net: net.to_string(),
        tax: tax.to_string(),
        total: sum([net, tax], currency)?.to_string(),
    })
}

async fn save(
    ctx: &OpContext,
    db: &Db,
    edge: &EdgeTerms,
    close: Close,
    draft: &Draft,
    names: &Names,
) -> Result<Invoice, Problem> {
    let mut tx = db.begin().await?;
    let (year, _, _) = close.at.day().date();
    let sequence = counter::next(&mut tx, &format!("invoice/{}/{year}", edge.seller)).await?;
    // Looked at again behind the lock that the counter holds: somebody else may have closed the month with us. The
    // number goes back with the transaction.
    if let Some(stored) = rows::of_close(&mut tx, edge.id, close.number).await? {
        return Ok(stored.invoice);
    }
    let chain_no = counter::next(&mut tx, &format!("invoice-chain/{}", edge.seller)).await?;
    let invoice = compose(number_text(year, sequence), edge, close, draft, names)?;
    let text = serde_json::to_string(&invoice).map_err(Problem::internal)?;
    let (last_no, previous_hash) =
        rows::end_of_chain(&mut tx, edge.seller).await?.unwrap_or((0, chain::GENESIS.to_owned()));
    if last_no + 1 != chain_no {
        return Err(Problem::corrupt(format!(
            "the chain of seller {} ends at {last_no}, not before {chain_no}",
            edge.seller
        )));
    }
    let hash = chain::hash(&previous_hash, &text);
    rows::insert(
        &mut tx,
        &NewInvoice {
            invoice: &invoice,
            text: &text,
            issued_at: close.at,
            chain_no,
            previous_hash: &previous_hash,
            hash: &hash,
        },
    )
    .await?;
    ledger::book(&mut tx, close.at, &invoice).await?;
    let payload = serde_json::json!({ "number": invoice.number, "seller": edge.seller, "buyer": edge.buyer });
    outbox::publish(&mut tx, ctx.now(), INVOICE_ISSUED, &invoice.number, &payload.to_string()).await?;
    tx.commit().await?;
    Ok(invoice)
}

/// An address as it stands on an envelope.
fn address_lines(address: &Address) -> Vec<String> {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    let joined = |parts: &[String]| {
        let said: Vec<_> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        said.join(" ")
    };
    let lines = [
        part(&address.address_line1),
        part(&address.address_line2),
        part(&address.address_line3),
        joined(&[part(&address.city), part(&address.state), part(&address.postal_code)]),
        address.country.clone(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// `D` as the field's recurring invoices begin, the year, seven digits: ten characters in all.
fn number_text(year: i32, sequence: i64) -> String {
    format!("D{:02}{sequence:07}", year.rem_euclid(100))
}
