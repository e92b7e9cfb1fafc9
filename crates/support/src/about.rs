//! Whom a ticket is about: the partner itself, or one of its customers, as they are called on the day.

use tenantry_access::{PartnerScope, TicketManage, allow};
use tenantry_commerce::{customer_of_partner, partner_get};
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;
use tenantry_directory::served_customer;

/// An organisation as a ticket names it.
#[derive(Debug)]
pub(crate) struct About {
    pub(crate) partner: TenantId,
    pub(crate) customer: Option<TenantId>,
    pub(crate) name: String,
    pub(crate) phone: Option<String>,
    pub(crate) country: String,
}

/// A partner's own matter.
///
/// # Errors
/// `TenantNotFound` for a tenant that is no partner; `Forbidden`.
pub(crate) async fn partner(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<About, Problem> {
    let partner = partner_get(ctx, db, partner).await?;
    allow::<TicketManage, _>(ctx, PartnerScope(partner.tenant))?;
    Ok(About {
        partner: partner.tenant,
        customer: None,
        name: partner.company_name,
        phone: partner.address.phone_number,
        country: partner.address.country,
    })
}

/// About a customer of the partner.
///
/// # Errors
/// `CustomerNotFound`; `Forbidden`.
pub(crate) async fn customer(
    ctx: &OpContext,
    db: &Db,
    partner: TenantId,
    customer: TenantId,
) -> Result<About, Problem> {
    let served = allow::<TicketManage, _>(ctx, served_customer(ctx, db, customer).await?)?.into_target();
    if served.partner != partner {
        let message = format!("there is no customer {customer}; check the tenant id");
        return Err(Problem::new(Reason::CustomerNotFound, message));
    }
    // Who raises tickets need not have the right to see customers; the name goes to the provider, who knows it.
    let platform = OpContext { caller: Caller::System("ticket-about"), ..ctx.clone() };
    let customer = customer_of_partner(&platform, db, partner, customer).await?;
    let address = customer.billing_profile.details.default_address;
    Ok(About {
        partner,
        customer: Some(customer.id),
        name: customer.company_name,
        phone: address.phone_number,
        country: address.country,
    })
}
