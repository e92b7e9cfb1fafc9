//! A customer as one of its partners serves it: whose things are looked at where two partners have the same tenant.
//!
//! The contract says that the partner has this customer, and it stands in this slice; so rooms that keep things per
//! partner and customer (devices, requests for help) need not ask what the one sells to the other. What one partner
//! brought into a tenant is not there for the other: security ends where the business ends.

use crate::relationships::contract_rows;
use crate::relationships::reach::signed_in;
use tenantry_access::Scoped;
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::{Connection, Db};

/// A customer of a partner, for the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServedCustomer {
    /// The partner.
    pub partner: TenantId,
    /// The customer's tenant.
    pub customer: TenantId,
}

impl Scoped for ServedCustomer {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    fn hidden(&self) -> Problem {
        no_customer(self.customer)
    }
}

fn no_customer(customer: TenantId) -> Problem {
    let message = format!("there is no customer {customer}; check the tenant id");
    Problem::new(Reason::CustomerNotFound, message)
}

/// The customer within the caller's reach. It allows nobody anything by itself: the policy is asked with it. To those
/// who see all partners it is the customer of the one that has it longest.
///
/// # Errors
/// `TokenMissing`; `CustomerNotFound`.
pub async fn served_customer(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<ServedCustomer, Problem> {
    served(ctx, &mut db.reader().await?, customer).await
}

/// As [`served_customer`], in a transaction.
pub(crate) async fn served(
    ctx: &OpContext,
    on: &mut impl Connection,
    customer: TenantId,
) -> Result<ServedCustomer, Problem> {
    signed_in(ctx)?;
    let partner = match &ctx.caller {
        Caller::SignedIn(identity) if !identity.is_provider() => match identity.tenant_kind {
            // A partner's person in the customer's tenant: the other partners of it are not there.
            TenantKind::Customer if identity.tenant == customer => {
                Some(identity.home()).filter(|home| *home != customer)
            }
            TenantKind::Partner => Some(identity.tenant),
            TenantKind::Customer | TenantKind::Provider => return Err(no_customer(customer)),
        },
        Caller::SignedIn(_) | Caller::System(_) | Caller::Nobody => None,
    };
    let contracts = contract_rows::all(on, partner, Some(customer)).await?;
    let longest = contracts.into_iter().min_by_key(|contract| contract.created_at);
    let contract = longest.ok_or_else(|| no_customer(customer))?;
    Ok(ServedCustomer { partner: contract.partner, customer })
}
