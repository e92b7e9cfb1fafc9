//! Reading documents, and the names that stand on them. Who buys sees what it was billed, who sells what it issued; the
//! provider sees all.

use crate::Invoice;
use crate::close::visible;
use crate::invoice::no_invoice;
use crate::rows::{self, Stored};
use std::collections::BTreeMap;
use tenantry_access::{InvoiceRead, PartnerScope, allow};
use tenantry_commerce::{
    Billing, Customer, CustomerQuery, EdgeRef, customer_billed, customer_list, edge_ref, party_get, reseller_list,
    subscription_list_of_partner,
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

/// A buyer's documents, oldest first. Its seller sees them too.
pub async fn invoice_list(
    ctx: &OpContext,
    db: &Db,
    buyer: TenantId,
    filter: InvoiceFilter,
) -> Result<Vec<Invoice>, Problem> {
    allow::<InvoiceRead, _>(ctx, edge_ref(ctx, db, buyer).await?)?;
    let stored = rows::of_buyer(&mut db.reader().await?, buyer).await?;
    Ok(filter.of(ctx, stored))
}

/// The documents a seller issued, oldest first: an indirect provider's to its resellers, the provider's to all it sells
/// to, a partner's to the customers it bills here.
pub async fn invoice_list_sold(
    ctx: &OpContext,
    db: &Db,
    seller: TenantId,
    filter: InvoiceFilter,
) -> Result<Vec<Invoice>, Problem> {
    allow::<InvoiceRead, _>(ctx, PartnerScope(seller))?;
    let stored = rows::of_seller(&mut db.reader().await?, seller).await?;
    Ok(filter.of(ctx, stored))
}

impl InvoiceFilter {
    /// Those that the caller may read: a buyer may have had other sellers, and what a seller bills its customers is not
    /// for who sells to it.
    fn of(self, ctx: &OpContext, stored: Vec<Stored>) -> Vec<Invoice> {
        let wanted = self.month.map(|month| month.to_string());
        let all = stored.into_iter().map(|stored| stored.invoice);
        visible(ctx, all.filter(|invoice| wanted.as_ref().is_none_or(|month| *month == invoice.month)).collect())
    }
}

/// One document by its number, in any letter case, and its hash.
pub async fn invoice_get(ctx: &OpContext, db: &Db, number: &str) -> Result<(Invoice, String), Problem> {
    let mut reader = db.reader().await?;
    let stored = rows::numbered(&mut reader, ctx.confined_to(), number).await?.ok_or_else(|| no_invoice(number))?;
    let allowed = allow::<InvoiceRead, _>(ctx, stored.invoice)?;
    Ok((allowed.into_target(), stored.hash))
}

/// The rows behind each line of a document, in the order of its lines and in its currency.
pub async fn invoice_rows(
    ctx: &OpContext,
    metering: &Metering,
    invoice: &Invoice,
) -> Result<Vec<Vec<LineRow>>, Problem> {
    allow::<InvoiceRead, _>(ctx, invoice.scope())?;
    let billed = metering.read_all(|fold| fold.billed_by(invoice.edge, invoice.close)).await;
    let mut rows: BTreeMap<_, _> =
        billed.into_iter().map(|line| ((line.subscription, line.meter, line.month), line.rows)).collect();
    invoice
        .lines
        .iter()
        .map(|line| {
            let month = line.service_month()?;
            let rows = rows.remove(&(line.subscription, line.meter, month)).ok_or_else(|| {
                Problem::corrupt(format!("invoice {} has a line that the usage log does not know", invoice.number))
            })?;
            invoice.as_shown(line, rows)
        })
        .collect()
}

/// The number in the partner network that the files behind the documents of an edge carry: the buyer's, or of a customer's document the
/// seller's. Who may read the documents may read it.
pub async fn document_mpn_id(ctx: &OpContext, db: &Db, edge: EdgeRef) -> Result<String, Problem> {
    let edge = allow::<InvoiceRead, _>(ctx, edge)?.into_target();
    Ok(party_get(&naming(ctx), db, edge.seller, edge.buyer).await?.mpn_id)
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

/// A customer's name, for those who may read charges ([`InvoiceRead`]). To others than those who sell to it and the
/// provider it is not there.
pub async fn name_of(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<NamedCustomer, Problem> {
    Ok(customer_billed(ctx, db, customer).await?.into())
}

/// The names of customers with a subscription that is billed by usage: a partner's own in the order of their creation,
/// then those of each of its resellers.
pub async fn metered_customers(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Vec<NamedCustomer>, Problem> {
    let partner = allow::<InvoiceRead, _>(ctx, edge_ref(ctx, db, partner).await?)?.into_target().buyer;
    let platform = naming(ctx);
    let mut metered: Vec<NamedCustomer> = Vec::new();
    let resellers = reseller_list(&platform, db, partner).await?.into_iter().map(|reseller| reseller.tenant);
    for seller in [partner].into_iter().chain(resellers) {
        for customer in metered_customers_of(&platform, db, seller).await? {
            // One tenant may buy from several of them; it is named as the first has it.
            if !metered.iter().any(|known| known.id == customer.id) {
                metered.push(customer);
            }
        }
    }
    Ok(metered)
}

async fn metered_customers_of(platform: &OpContext, db: &Db, seller: TenantId) -> Result<Vec<NamedCustomer>, Problem> {
    let mut metered = Vec::new();
    let mut query = CustomerQuery::all(seller);
    loop {
        let page = customer_list(platform, db, query.clone()).await?;
        if let Some(last) = page.items.last() {
            query.after = last.number;
        }
        for customer in page.items {
            let subscriptions = subscription_list_of_partner(platform, db, seller, customer.id).await?;
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
