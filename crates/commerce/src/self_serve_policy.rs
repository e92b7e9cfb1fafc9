//! What a partner lets a customer buy by itself: a self-serve policy. There is at most one for each pair of them, named by
//! both.
//!
//! A policy is the partner's word, which it may change or take back. Nothing acts on it yet: customers order nothing here,
//! and there are no reservations. Source: partner-center-v1.md 2.13, 3.16.

use crate::customers;
use tenantry_core::{OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::Connection;
use uuid::Uuid;

/// Something a customer may do by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SelfServePermission {
    /// Buy reserved instances of Azure.
    PurchaseReservations,
}

impl SelfServePermission {
    const ALL: [Self; 1] = [Self::PurchaseReservations];

    /// The stored name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::PurchaseReservations => "purchase-reservations",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == name)
    }
}

/// Which policy: who lets whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelfServePolicyId {
    /// The partner that is billed for what the customer buys.
    pub grantor: TenantId,
    /// The customer.
    pub entity: TenantId,
}

impl SelfServePolicyId {
    /// Reads `{grantor}_{entity}`, GUIDs in any letter case.
    ///
    /// # Errors
    /// A sentence that says what an id is.
    pub fn parse(text: &str) -> Result<Self, String> {
        let seen = || text.chars().take(80).collect::<String>();
        let wrong = || format!("`{}` is no policy id: the partner's tenant id, `_`, the customer's", seen());
        let (grantor, entity) = text.split_once('_').ok_or_else(wrong)?;
        let tenant = |part: &str| TenantId::parse(part).map_err(|_| wrong());
        Ok(Self { grantor: tenant(grantor)?, entity: tenant(entity)? })
    }
}

impl std::fmt::Display for SelfServePolicyId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.grantor, self.entity)
    }
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfServePolicy {
    /// Whose, for whom.
    pub id: SelfServePolicyId,
    /// What the customer may do, each once.
    pub permissions: Vec<SelfServePermission>,
    /// Names its version.
    pub etag: Uuid,
    /// When it was written last.
    pub changed_at: Timestamp,
}

/// The refusal for a policy that is not there.
pub(crate) fn no_policy(id: SelfServePolicyId) -> Problem {
    Problem::new(
        Reason::ObjectNotFound,
        format!("there is no self-serve policy {id}; list those of the customer, or create one"),
    )
}

/// The permissions of a policy, each once.
pub(crate) fn permissions(mut wanted: Vec<SelfServePermission>) -> Result<Vec<SelfServePermission>, Problem> {
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Err(Problem::missing("permissions"));
    }
    Ok(wanted)
}

/// The customer a policy is for, as the grantor has it, within the caller's reach; a policy out of it is not there.
pub(crate) async fn customer(
    ctx: &OpContext,
    on: &mut impl Connection,
    id: SelfServePolicyId,
) -> Result<crate::Customer, Problem> {
    let found = customers::visible_of_partner(ctx, on, id.grantor, id.entity).await;
    found.map_err(|problem| match problem.reason() {
        Reason::CustomerNotFound => no_policy(id),
        _ => problem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_partner_and_customer() {
        let (one, other) = ("1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10", "00000000-0000-4000-8000-000000000002");
        let id = SelfServePolicyId::parse(&format!("{}_{other}", one.to_uppercase())).unwrap();
        assert_eq!(id.to_string(), format!("{one}_{other}"));
        for text in ["", "_", one, &format!("{one}_"), &format!("{one}_{other}_{one}"), &format!("{one}-{other}")] {
            assert!(SelfServePolicyId::parse(text).is_err(), "{text}");
        }
    }
}
