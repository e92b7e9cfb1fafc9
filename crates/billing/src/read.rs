//! Reading documents, and the names that stand on them. A buyer sees its own; the provider sees all.

use crate::Invoice;
use crate::invoice::no_invoice;
use crate::rows;
use std::collections::BTreeMap;
use tenantry_access::{InvoiceRead, PartnerScope, allow};
use tenantry_commerce::{
    Billing, Customer, CustomerQuery, customer_get, customer_list, customer_of_partner, subscription_list_of_partner,
};
use tenantry_core::{Caller, Month, OpContext, Problem, TenantId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::LineRow;

/// Which documents of a buyer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// Of this billed month only.
    pub month: Option<Month>,
}

/// A buyer's documents, oldest first.
pub async fn invoice_list(
    ctx: &OpContext,
    db: &Db,
    buyer: TenantId,
    filter: InvoiceFilter,
) -> Result<Vec<Invoice>, Problem> {
    allow::<InvoiceRead, _>(ctx, PartnerScope(buyer))?;
    let mut reader = db.reader().await?;
    let wanted = filter.month.map(|month| month.to_string());
    let stored = rows::of_buyer(&mut reader, buyer).await?;
    Ok(stored
        .into_iter()
        .map(|stored| stored.invoice)
        .filter(|invoice| wanted.as_ref().is_none_or(|month| *month == invoice.month))
        .collect())
}

/// One document by its number, in any letter case, and its hash.
pub async fn invoice_get(ctx: &OpContext, db: &Db, number: &str) -> Result<(Invoice, String), Problem> {
    let mut reader = db.reader().await?;
    let stored = rows::numbered(&mut reader, ctx.confined_to(), number).await?.ok_or_else(|| no_invoice(number))?;
    let allowed = allow::<InvoiceRead, _>(ctx, stored.invoice)?;
    Ok((allowed.into_target(), stored.hash))
}

/// The rows behind each line of a document, in the order of its lines.
pub async fn invoice_rows(
    ctx: &OpContext,
    metering: &Metering,
    invoice: &Invoice,
) -> Result<Vec<Vec<LineRow>>, Problem> {
    allow::<InvoiceRead, _>(ctx, PartnerScope(invoice.buyer.tenant))?;
    let billed = metering.read_all(|fold| fold.billed_by(invoice.edge, invoice.close)).await;
    let mut rows: BTreeMap<_, _> =
        billed.into_iter().map(|line| ((line.subscription, line.meter, line.month), line.rows)).collect();
    invoice
        .lines
        .iter()
        .map(|line| {
            let month = line.service_month()?;
            rows.remove(&(line.subscription, line.meter, month)).ok_or_else(|| {
                Problem::corrupt(format!("invoice {} has a line that the usage log does not know", invoice.number))
            })
        })
        .collect()
}

/// A customer as documents name it. Who may read charges may read whose they are, and nothing else of a customer:
/// not its address, not its people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCustomer {
    /// The customer.
    pub id: TenantId,
    /// Its name of today; a document carries that of its day.
    pub name: String,
}

impl From<Customer> for NamedCustomer {
    fn from(customer: Customer) -> Self {
        Self { id: customer.id, name: customer.company_name }
    }
}

/// A customer's name, for those who may read charges ([`InvoiceRead`]). To others than its partner and the provider
/// it is not there.
pub async fn name_of(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<NamedCustomer, Problem> {
    // A customer of several partners is to each what that partner says of it.
    let customer = match ctx.confined_to() {
        Some(partner) if partner != customer => customer_of_partner(&naming(ctx), db, partner, customer).await?,
        _ => customer_get(&naming(ctx), db, customer).await?,
    };
    Ok(allow::<InvoiceRead, _>(ctx, customer)?.into_target().into())
}

/// The names of a partner's customers with a subscription that is billed by usage, in the order of their creation.
pub async fn metered_customers(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Vec<NamedCustomer>, Problem> {
    let partner = allow::<InvoiceRead, _>(ctx, PartnerScope(partner))?.into_target().0;
    let platform = naming(ctx);
    let mut metered = Vec::new();
    let mut query = CustomerQuery::all(partner);
    loop {
        let page = customer_list(&platform, db, query.clone()).await?;
        if let Some(last) = page.items.last() {
            query.after = last.number;
        }
        for customer in page.items {
            let subscriptions = subscription_list_of_partner(&platform, db, partner, customer.id).await?;
            if subscriptions.iter().any(|subscription| subscription.offer.billing == Billing::Usage) {
                metered.push(customer.into());
            }
        }
        if !page.more {
            return Ok(metered);
        }
    }
}

/// The platform, which looks the names up that go on documents: to read them there takes no right to read customers.
pub(crate) fn naming(ctx: &OpContext) -> OpContext {
    OpContext { caller: Caller::System("name_customers"), ..ctx.clone() }
}
