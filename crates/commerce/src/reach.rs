//! How far a caller's queries reach. Every query binds it, so a row of somebody else is not read and then
//! refused: it is never read.

use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId, TenantKind};

/// The owner a row must have. `None` leaves that side open: the provider and the platform see everybody's.
///
/// In SQL: `partner = COALESCE($n, partner) AND customer = COALESCE($m, customer)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) partner: Option<TenantId>,
    pub(crate) customer: Option<TenantId>,
}

impl Reach {
    /// The caller's reach; nobody has none.
    pub(crate) fn of(ctx: &OpContext) -> Result<Self, Problem> {
        match &ctx.caller {
            Caller::System(_) => Ok(Self { partner: None, customer: None }),
            Caller::Nobody => {
                Err(Problem::new(Reason::TokenMissing, "this needs a bearer token; get one at the token endpoint"))
            }
            Caller::SignedIn(identity) => Ok(match identity.tenant_kind {
                TenantKind::Provider => Self { partner: None, customer: None },
                TenantKind::Partner => Self { partner: Some(identity.tenant), customer: None },
                // A partner's person in a customer's tenant: what another partner sold to it is not there.
                TenantKind::Customer => {
                    let home = identity.home();
                    Self { partner: (home != identity.tenant).then_some(home), customer: Some(identity.tenant) }
                }
            }),
        }
    }

    /// Everybody's. For what an invitation names, which the caller could not find by itself.
    pub(crate) const ALL: Self = Self { partner: None, customer: None };

    /// What is within this reach and of one partner. Nothing, if the reach is another partner's.
    pub(crate) const fn of_partner(self, partner: TenantId) -> Self {
        Self { partner: Some(partner), ..self }
    }
}
