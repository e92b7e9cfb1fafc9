//! A partner's person at work in a customer's tenant, with a token of the partner's own.
//!
//! Most APIs want a token for the customer's tenant. Partner Center does not: its tokens are the partner's, and the path
//! names the customer. What the person is over there is the same in both ways, so that none of them is a way around.

use super::person::acting;
use tenantry_core::{Caller, Identity, OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::Db;

/// The same request, by the same person, in the customer's tenant: with the directory roles that delegated administration
/// gives there, and no others.
///
/// # Errors
/// `TokenMissing`; `Forbidden` for an application without a person (partner-center-v1.md 5.1: app+user only) and for a
/// person to whom the customer delegated nothing.
pub async fn in_customer(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<OpContext, Problem> {
    let identity = match &ctx.caller {
        Caller::SignedIn(identity) if identity.tenant_kind == TenantKind::Partner => identity,
        Caller::SignedIn(_) | Caller::System(_) => return Ok(ctx.clone()),
        Caller::Nobody => {
            return Err(Problem::new(Reason::TokenMissing, "this needs a bearer token; get one at the token endpoint"));
        }
    };
    let Some(user) = &identity.user else {
        let message = "this is done by a person: an application alone has no rights in a customer's directory; \
                       sign a user of the partner in and use that token";
        return Err(Problem::new(Reason::Forbidden, message).at("Authorization"));
    };
    let mut reader = db.reader().await?;
    let acting = acting(&mut reader, (user.home, identity.principal), customer, ctx.now()).await?;
    let acting = acting.ok_or_else(|| {
        let message = format!(
            "the customer {customer} delegated no administration to {}; it takes the group AdminAgents or HelpdeskAgents \
             and the customer's consent, or a granular relationship that gives roles to a group of this user",
            user.name
        );
        Problem::new(Reason::Forbidden, message)
    })?;
    let there = Identity {
        tenant: acting.tenant,
        tenant_kind: acting.kind,
        roles: acting.roles,
        directory_roles: acting.directory_roles,
        groups: acting.groups,
        ..identity.clone()
    };
    Ok(OpContext { caller: Caller::SignedIn(there), ..ctx.clone() })
}
