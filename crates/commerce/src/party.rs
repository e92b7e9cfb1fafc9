//! Who stands on the buying side of an edge, as documents name it: a partner, or a customer of one.

use crate::{Address, customer_of_partner, partner_get};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;

/// A buyer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its tenant.
    pub tenant: TenantId,
    /// The name on its bills.
    pub company_name: String,
    /// The address on its bills.
    pub address: Address,
    /// Where its bills go.
    pub email: String,
    /// The number in the partner network of the partner the documents are of: its own, or that of who sells to it.
    pub mpn_id: String,
    /// Whether it is a customer.
    pub is_customer: bool,
}

/// The buyer on an edge.
///
/// # Errors
/// `CustomerNotFound` if the tenant is neither a partner nor a customer of this seller, or not for this caller.
pub async fn party_get(ctx: &OpContext, db: &Db, seller: TenantId, buyer: TenantId) -> Result<Party, Problem> {
    match partner_get(ctx, db, buyer).await {
        Ok(partner) => Ok(Party {
            tenant: partner.tenant,
            company_name: partner.company_name,
            address: partner.address,
            email: partner.email,
            mpn_id: partner.mpn_id,
            is_customer: false,
        }),
        Err(none) if none.reason() == Reason::TenantNotFound => {
            let customer = customer_of_partner(ctx, db, seller, buyer).await?;
            let mpn_id = partner_get(ctx, db, seller).await?.mpn_id;
            let details = customer.billing_profile.details;
            Ok(Party {
                tenant: customer.id,
                company_name: details.company_name,
                address: details.default_address,
                email: details.email,
                mpn_id,
                is_customer: true,
            })
        }
        Err(other) => Err(other),
    }
}
