//! Everything that documents call by its name, looked up for all of them at once.
//!
//! For the room that writes them (`billing`): it acts as the platform, and asks about whole channels. A close reads all names
//! of many documents in a few statements, so that their number does not count. Whom a document names, and as what, is decided
//! there; here is what there is to choose from.

use crate::party::Party;
use crate::provider::{Provider, provider_get};
use crate::rows;
use std::collections::HashMap;
use tenantry_core::{Caller, OpContext, OrderId, Problem, Reason, SubscriptionId, TenantId};
use tenantry_db::Db;

/// What a document says of a subscription and of who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionNames {
    /// The partner that sells it.
    pub partner: TenantId,
    /// The customer that has it.
    pub customer: TenantId,
    /// The order that created it.
    pub order: OrderId,
    /// What was ordered.
    pub offer_name: &'static str,
    /// The name people gave it.
    pub friendly_name: String,
    pub(crate) customer_names: Vec<CustomerName>,
}

/// What a partner calls a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerName {
    /// Which partner.
    pub named_by: TenantId,
    /// The company's name.
    pub company_name: String,
    /// Its first domain, lower case.
    pub domain: String,
}

impl SubscriptionNames {
    /// The customer as a partner has it; where it has no such customer (an indirect provider has none of its resellers'), as
    /// who sells the subscription.
    #[must_use]
    pub fn customer_name(&self, named_by: TenantId) -> Option<&CustomerName> {
        let of = |partner| self.customer_names.iter().find(|name| name.named_by == partner);
        of(named_by).or_else(|| of(self.partner))
    }
}

/// The names of subscriptions and of who has them. One that is not there is not in the answer.
///
/// # Errors
/// `Forbidden` for everybody but the platform.
pub async fn subscription_names(
    ctx: &OpContext,
    db: &Db,
    all: &[SubscriptionId],
) -> Result<HashMap<SubscriptionId, SubscriptionNames>, Problem> {
    of_the_platform(ctx)?;
    rows::document_names::subscriptions(&mut db.reader().await?, all).await
}

/// The parties of some edges, by which documents name them.
#[derive(Debug)]
pub struct DocumentParties {
    provider: Provider,
    partners: HashMap<TenantId, NamedPartner>,
    customers: HashMap<(TenantId, TenantId), Party>,
}

/// A partner, and its number among the world's partners.
#[derive(Debug)]
pub(crate) struct NamedPartner {
    pub(crate) party: Party,
    pub(crate) number: i64,
}

/// Who sells and buys on edges, each given as seller and buyer.
///
/// # Errors
/// `Forbidden` for everybody but the platform; `TenantNotFound` for a world without a provider.
pub async fn document_parties(
    ctx: &OpContext,
    db: &Db,
    edges: &[(TenantId, TenantId)],
) -> Result<DocumentParties, Problem> {
    of_the_platform(ctx)?;
    let provider = provider_get(ctx, db).await?;
    let mut reader = db.reader().await?;
    let mut tenants: Vec<_> = edges.iter().flat_map(|(seller, buyer)| [*seller, *buyer]).collect();
    tenants.sort_unstable();
    tenants.dedup();
    let partners = rows::document_names::partners(&mut reader, &tenants).await?;
    tenants.retain(|tenant| !partners.contains_key(tenant));
    let customers = rows::document_names::customers(&mut reader, &tenants).await?;
    let customers = customers.into_iter().map(|((partner, tenant), details)| {
        let party = Party {
            tenant,
            company_name: details.company_name,
            address: details.default_address,
            email: details.email,
            mpn_id: partners.get(&partner).map(|seller| seller.party.mpn_id.clone()).unwrap_or_default(),
            is_customer: true,
        };
        ((partner, tenant), party)
    });
    let customers = customers.collect();
    Ok(DocumentParties { provider, partners, customers })
}

impl DocumentParties {
    /// Who asks for the money; and of a partner its number, which stands on its documents. The provider has none.
    ///
    /// # Errors
    /// `Corrupt` for a tenant that sells nothing here.
    pub fn seller(&self, tenant: TenantId) -> Result<(Party, Option<i64>), Problem> {
        let provider = &self.provider;
        if provider.tenant == tenant {
            let party = Party {
                tenant,
                company_name: provider.company_name.clone(),
                address: provider.address.clone(),
                email: provider.email.clone(),
                mpn_id: String::new(),
                is_customer: false,
            };
            return Ok((party, None));
        }
        let partner = self.partners.get(&tenant);
        let partner = partner.ok_or_else(|| Problem::corrupt(format!("{tenant} sells, and is no partner")))?;
        Ok((partner.party.clone(), Some(partner.number)))
    }

    /// Who owes it: a partner, or a customer of the seller.
    ///
    /// # Errors
    /// `Corrupt` for a tenant that is neither.
    pub fn buyer(&self, seller: TenantId, buyer: TenantId) -> Result<Party, Problem> {
        let partner = self.partners.get(&buyer).map(|partner| &partner.party);
        let found = partner.or_else(|| self.customers.get(&(seller, buyer)));
        let told = || format!("{buyer} buys from {seller}, and is neither a partner nor its customer");
        found.cloned().ok_or_else(|| Problem::corrupt(told()))
    }
}

fn of_the_platform(ctx: &OpContext) -> Result<(), Problem> {
    match ctx.caller {
        Caller::System(_) => Ok(()),
        Caller::SignedIn(_) | Caller::Nobody => {
            let told = "only the platform asks for the names of a whole channel; ask for one customer or subscription";
            Err(Problem::new(Reason::Forbidden, told))
        }
    }
}
