//! What stands on the document of one edge for one close: lines, names, tax. `close_document.rs` makes many at once,
//! `close_issue.rs` gives them their numbers.

use crate::draft::sum;
use crate::fx::Rates;
use crate::invoice::{InvoiceLine, InvoiceParty};
use crate::seats::document_seat_lines;
use crate::tax_rate::{Tax, tax_on};
use crate::{Draft, DraftLine, Invoice, rows};
use smol_str::{SmolStr, ToSmolStr};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tenantry_commerce::{Address, Party, SubscriptionNames, subscription_names};
use tenantry_core::{Currency, OpContext, Problem, SubscriptionId, TenantId};
use tenantry_db::Db;
use tenantry_rating::MeterPrice;
use tenantry_usage::{Close, EdgeTerms, Fold, Line, Recount};

/// Whose subscriptions the lines are of.
pub(crate) fn owners(draft: &Draft) -> BTreeMap<SubscriptionId, TenantId> {
    let seats = draft.seats.iter().map(|line| (line.billed.subscription, line.billed.customer));
    draft.lines.iter().map(|line| (line.subscription, line.customer)).chain(seats).collect()
}

/// What a close put on the document of an edge, in the edge's currency, without the rows behind the lines; `None` for
/// nothing.
pub(crate) fn closed_draft(
    fold: &Fold,
    edge: &EdgeTerms,
    close: Close,
    (currency, rates): (Currency, Rates<'_>),
) -> Result<Option<Draft>, Problem> {
    let lines = fold.billed_totals(edge.id, close.number);
    draft_of(fold, edge, close, lines, (currency, rates))
}

/// As [`closed_draft`], with the rows behind each line added up once more: for the proof, in one reading of the bills.
pub(crate) fn recounted_draft(
    fold: &Fold,
    edge: &EdgeTerms,
    close: Close,
    (currency, rates): (Currency, Rates<'_>),
) -> Result<Option<(Draft, Vec<Recount>)>, Problem> {
    let mut recounts = Vec::new();
    let lines = fold.billed_recounted(edge.id, close.number).filter_map(|(line, recount)| {
        recounts.push(recount);
        line
    });
    let draft = draft_of(fold, edge, close, lines, (currency, rates))?;
    Ok(draft.map(|draft| (draft, recounts)))
}

fn draft_of(
    fold: &Fold,
    edge: &EdgeTerms,
    close: Close,
    lines: impl Iterator<Item = Line>,
    (currency, rates): (Currency, Rates<'_>),
) -> Result<Option<Draft>, Problem> {
    let mut lines = lines.peekable();
    let seats = fold.seats_billed_by(edge.id, close.number);
    if lines.peek().is_none() && seats.is_empty() {
        return Ok(None);
    }
    Draft::new(edge.id, currency, lines, fold.book()).with_seats(seats).for_buyer(fold, rates).map(Some)
}

/// The names that go on a document: those of the day of issue.
pub(crate) struct Names {
    pub(crate) seller: InvoiceParty,
    pub(crate) buyer: InvoiceParty,
    /// Of a customer its country, in which the document is taxed; `None` for a partner, which is taxed in its market.
    pub(crate) customer_of: Option<String>,
    pub(crate) subscriptions: BTreeMap<SubscriptionId, NamedSubscription>,
}

pub(crate) struct NamedSubscription {
    pub(crate) customer: TenantId,
    pub(crate) customer_name: SmolStr,
    pub(crate) customer_domain: SmolStr,
    pub(crate) name: SmolStr,
    pub(crate) offer_name: SmolStr,
    pub(crate) order: tenantry_core::OrderId,
}

impl Names {
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
            // It has its tax.
            customer_of: invoice.to_customer.then(String::new),
            subscriptions: {
                let seats =
                    invoice.seat_lines.iter().map(|line| (line.subscription, NamedSubscription::of_seats(line)));
                invoice.lines.iter().map(|line| (line.subscription, named(line))).chain(seats).collect()
            },
        }
    }
}

/// Whoever buys, partner or customer, stands on the document in the same way.
impl From<Party> for InvoiceParty {
    fn from(party: Party) -> Self {
        Self {
            tenant: party.tenant,
            name: party.company_name,
            address: address_lines(&party.address),
            email: party.email,
        }
    }
}

/// The names of subscriptions and of who they belong to.
///
/// # Errors
/// `Corrupt`, naming what has no name.
pub(crate) async fn name_subscriptions(
    ctx: &OpContext,
    db: &Db,
    named_by: TenantId,
    owners: BTreeMap<SubscriptionId, TenantId>,
) -> Result<BTreeMap<SubscriptionId, NamedSubscription>, Problem> {
    let ids: Vec<_> = owners.keys().copied().collect();
    named(&subscription_names(ctx, db, &ids).await?, named_by, owners)
}

/// Those of some subscriptions among names that were looked up. A customer is named as the partner has it that the document
/// is of, or else (an indirect provider has none of its resellers') as who sells to it.
pub(crate) fn named(
    known: &HashMap<SubscriptionId, SubscriptionNames>,
    named_by: TenantId,
    owners: BTreeMap<SubscriptionId, TenantId>,
) -> Result<BTreeMap<SubscriptionId, NamedSubscription>, Problem> {
    let name = |(id, owner): (SubscriptionId, TenantId)| {
        let names = known.get(&id).filter(|names| names.customer == owner);
        let customer = names.and_then(|names| Some((names, names.customer_name(named_by)?)));
        let told = || Problem::corrupt(format!("no name for subscription {id} of customer {owner}"));
        let (names, customer) = customer.ok_or_else(told)?;
        let named = NamedSubscription {
            customer: owner,
            customer_name: SmolStr::from(&customer.company_name),
            customer_domain: SmolStr::from(&customer.domain),
            name: SmolStr::from(&names.friendly_name),
            offer_name: SmolStr::new_static(names.offer_name),
            order: names.order,
        };
        Ok((id, named))
    };
    owners.into_iter().map(name).collect()
}

/// What a price sheet calls a meter.
#[derive(Debug, Clone, Default)]
struct MeterWords {
    name: SmolStr,
    category: SmolStr,
    subcategory: SmolStr,
    region: SmolStr,
    unit: SmolStr,
}

/// The words of each description, once for all lines that share it.
#[derive(Debug, Default)]
struct Described(HashMap<*const MeterPrice, MeterWords>);

impl Described {
    /// Those of a line. A description is known by its place in memory, where the lines of one draft hold it.
    fn of(&mut self, line: &DraftLine) -> MeterWords {
        let Some(meter) = &line.described else { return MeterWords::default() };
        let words = self.0.entry(Arc::as_ptr(meter)).or_insert_with(|| MeterWords {
            name: SmolStr::from(&meter.name),
            category: SmolStr::from(&meter.category),
            subcategory: SmolStr::from(&meter.subcategory),
            region: SmolStr::from(&meter.region),
            unit: SmolStr::from(&meter.unit),
        });
        words.clone()
    }
}

/// The lines of a draft as they stand on a document, in the draft's order.
///
/// # Errors
/// `Corrupt` for a line whose subscription has no name.
pub(crate) fn document_lines(
    draft: &Draft,
    names: &BTreeMap<SubscriptionId, NamedSubscription>,
) -> Result<Vec<InvoiceLine>, Problem> {
    let mut described = Described::default();
    draft.lines.iter().map(|line| document_line(line, described.of(line), names)).collect()
}

fn document_line(
    line: &DraftLine,
    meter: MeterWords,
    names: &BTreeMap<SubscriptionId, NamedSubscription>,
) -> Result<InvoiceLine, Problem> {
    let named = names
        .get(&line.subscription)
        .ok_or_else(|| Problem::corrupt(format!("no name for subscription {}", line.subscription)))?;
    Ok(InvoiceLine {
        customer: named.customer,
        customer_name: named.customer_name.clone(),
        customer_domain: named.customer_domain.clone(),
        subscription: line.subscription,
        subscription_name: named.name.clone(),
        offer_name: named.offer_name.clone(),
        order: named.order,
        meter: line.meter,
        meter_name: meter.name,
        category: meter.category,
        subcategory: meter.subcategory,
        region: meter.region,
        unit: meter.unit,
        service_month: line.month.to_smolstr(),
        quantity: line.quantity.to_smolstr(),
        list: line.list.to_smolstr(),
        exact: line.exact.to_smolstr(),
        amount: line.amount.to_smolstr(),
        pricing_currency: line.priced.as_ref().map(|priced| SmolStr::new(priced.fx.from.code())).unwrap_or_default(),
        pricing_exact: line.priced.as_ref().map(|priced| priced.exact.to_smolstr()).unwrap_or_default(),
    })
}

/// The place of a line on its document.
fn order(line: &InvoiceLine) -> impl Ord + use<'_> {
    let whose = (&line.customer_name, line.customer, &line.subscription_name, line.subscription);
    (whose, &line.service_month, &line.category, &line.meter_name, line.meter)
}

/// Puts a document together. Pure: the same draft and names give the same document.
pub(crate) fn compose(
    number: String,
    edge: &EdgeTerms,
    close: Close,
    draft: &Draft,
    names: &Names,
    tax: &Tax,
) -> Result<Invoice, Problem> {
    let currency = draft.currency;
    let mut lines = document_lines(draft, &names.subscriptions)?;
    // People read an invoice by customer; the order of ids says nothing to them.
    lines.sort_by(|a, b| order(a).cmp(&order(b)));
    let net = draft.total()?;
    let taxed = tax_on(net, &tax.rate, draft.rounding)?;
    Ok(Invoice {
        number,
        seller: names.seller.clone(),
        buyer: names.buyer.clone(),
        edge: edge.id,
        close: close.number,
        month: close.month.to_string(),
        issued_at: close.at.to_string(),
        due_on: rows::due_on(close.at).to_string(),
        currency: currency.code().to_owned(),
        lines,
        net: net.to_string(),
        tax: taxed.to_string(),
        total: sum([net, taxed], currency)?.to_string(),
        rounding: draft.rounding,
        tax_rate: tax.rate.clone(),
        tax_hook: tax.hook.clone(),
        fx: draft.fx(),
        period_rates: draft.period_rates && draft.seats.iter().any(|line| line.priced.is_some()),
        own_list: draft.own_list,
        to_customer: names.customer_of.is_some(),
        seat_lines: document_seat_lines(draft, &names.subscriptions)?,
    })
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
