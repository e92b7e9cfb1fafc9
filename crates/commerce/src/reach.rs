//! How far a caller's queries reach. Every query binds it, so a row of somebody else is not read and then
//! refused: it is never read.

use tenantry_access::is_provider;
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId, TenantKind};

/// The owner a row must have. `None` leaves that side open: the provider and the platform see everybody's. What is a
/// reseller's is within the reach of its indirect provider too; nothing is the other way round, or beside.
///
/// In SQL: `within!("partner", "$n") AND customer = COALESCE($m, customer)`.
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
            Caller::SignedIn(identity) if is_provider(identity) => Ok(Self { partner: None, customer: None }),
            Caller::SignedIn(identity) => Ok(match identity.tenant_kind {
                // Of the provider's tenant, and not the provider: nothing of the channel belongs to that tenant.
                TenantKind::Provider => Self { partner: Some(identity.tenant), customer: Some(identity.tenant) },
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

    /// What is within this reach and of one partner (or of its resellers).
    pub(crate) const fn of_partner(self, partner: TenantId) -> Self {
        Self { partner: Some(partner), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tenantry_core::clock::ManualClock;
    use tenantry_core::{AppId, Chance, Identity, ObjectId, Timestamp};
    use uuid::Uuid;

    const OWN: TenantId = TenantId::new(Uuid::from_u128(1));

    fn check(kind: TenantKind, with_directory_roles: bool, expected: (Option<TenantId>, Option<TenantId>)) {
        let ids = (AppId::new(Uuid::from_u128(2)), ObjectId::new(Uuid::from_u128(3)));
        let mut identity = Identity::application(ids.0, ids.1, (OWN, kind), []);
        if !with_directory_roles {
            identity.directory_roles.clear();
        }
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
        let system = OpContext::system("test", clock, Arc::new(Chance::from_seed(1)));
        let reach = Reach::of(&OpContext { caller: Caller::SignedIn(identity), ..system }).unwrap();
        assert_eq!((reach.partner, reach.customer), expected, "{kind:?}");
    }

    #[test]
    fn only_who_is_the_provider_reaches_everybodys() {
        check(TenantKind::Provider, true, (None, None));
        check(TenantKind::Provider, false, (Some(OWN), Some(OWN)));
        check(TenantKind::Partner, false, (Some(OWN), None));
        check(TenantKind::Customer, false, (None, Some(OWN)));
    }
}
