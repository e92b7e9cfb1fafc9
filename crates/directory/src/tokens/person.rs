//! Who signed in, whether that still counts, and what the person is in the tenant the tokens are for.

use super::OauthRefusal;
use crate::people::{self, User};
use crate::relationships::delegated_roles;
use std::collections::BTreeSet;
use tenantry_core::context::{HeldBy, HeldRole};
use tenantry_core::{ObjectId, Problem, Role, TenantId, TenantKind, Timestamp};
use tenantry_db::Connection;

/// A sign-in, as codes, refresh tokens, device codes and sessions remember it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignedInBy {
    /// The user's tenant.
    pub(crate) home: TenantId,
    pub(crate) user: ObjectId,
    pub(crate) second_factor: bool,
    pub(crate) signed_in_at: Timestamp,
    /// What `tokens_valid_from` of the user was. A password change or a revocation sets another one.
    pub(crate) valid_from: Timestamp,
}

impl SignedInBy {
    /// A sign-in of now.
    pub(crate) const fn new(user: &User, second_factor: bool, at: Timestamp) -> Self {
        Self { home: user.tenant, user: user.id, second_factor, signed_in_at: at, valid_from: user.tokens_valid_from }
    }

    /// The user, if the sign-in still counts.
    ///
    /// # Errors
    /// `GrantRevoked` if the password was changed, the sign-ins were revoked or the user was deleted; `UserDisabled`.
    pub(crate) async fn user(&self, on: &mut impl Connection) -> Result<User, OauthRefusal> {
        let user = people::user_by_id(on, self.home, self.user).await?;
        let user = user.filter(|user| user.deleted_at.is_none()).ok_or(OauthRefusal::GrantRevoked)?;
        if !user.enabled {
            return Err(OauthRefusal::UserDisabled);
        }
        if user.tokens_valid_from != self.valid_from {
            return Err(OauthRefusal::GrantRevoked);
        }
        Ok(user)
    }

    /// How the user signed in, in the words of tokens.
    pub(crate) fn methods(&self) -> Vec<String> {
        let second = self.second_factor.then(|| "mfa".to_owned());
        std::iter::once("pwd".to_owned()).chain(second).collect()
    }
}

/// What a principal is in the tenant acted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Acting {
    pub(crate) tenant: TenantId,
    pub(crate) kind: TenantKind,
    /// Roles of the channel: those of its own tenant, so none in another's.
    pub(crate) roles: BTreeSet<Role>,
    pub(crate) directory_roles: Vec<HeldRole>,
    /// The groups it is in at home.
    pub(crate) groups: BTreeSet<ObjectId>,
}

impl Acting {
    /// The template ids of the roles held: what tokens carry in `wids`.
    pub(crate) fn templates(&self) -> Vec<String> {
        let templates: BTreeSet<_> = self.directory_roles.iter().map(|held| held.role.template()).collect();
        templates.into_iter().map(|template| template.to_string()).collect()
    }

    /// When the first of the roles held ends by itself; nobody commits anything then, so the answer must not be
    /// remembered beyond it.
    pub(crate) fn changes_at(&self) -> Option<Timestamp> {
        let ends = self.directory_roles.iter().filter_map(|held| match held.by {
            HeldBy::Granular { until, .. } => Some(until),
            HeldBy::Assignment | HeldBy::DelegatedAdmin { .. } => None,
        });
        ends.min()
    }
}

/// What a user is in a tenant. In another than its own: what delegated administration makes of a partner's user there;
/// `None` if that is nothing.
pub(crate) async fn acting(
    on: &mut impl Connection,
    (home, user): (TenantId, ObjectId),
    tenant: TenantId,
    now: Timestamp,
) -> Result<Option<Acting>, Problem> {
    let Some(found) = crate::rows::tenant_by_id(on, tenant).await? else { return Ok(None) };
    let standing = people::standing(on, home, user).await?;
    if tenant == home {
        let (roles, directory_roles, groups) = (standing.roles, standing.directory_roles, standing.groups);
        return Ok(Some(Acting { tenant, kind: found.kind, roles, directory_roles, groups }));
    }
    let held = delegated_roles(on, home, &standing.groups, &standing.roles, tenant, now).await?;
    if held.is_empty() {
        return Ok(None);
    }
    let (roles, groups) = (BTreeSet::new(), standing.groups);
    Ok(Some(Acting { tenant, kind: found.kind, roles, directory_roles: held, groups }))
}
