//! A partner that consents to an application in a customer's tenant, through Partner Center: how makers of control
//! panels get into the tenants of their customers' customers.
//!
//! The partner's user must be somebody in the customer's tenant who could consent there: a global administrator, by
//! delegated administration, or one of the application administrators, by a granular relationship. The application
//! must be one that the partner itself uses.
//!
//! Source: directory.md part 4 (application consent by the partner).

use super::consent_give::{ConsentBy, consent_write, usable};
use super::guard::may;
use super::rows::principal as rows;
use super::secret_add::unknown;
use crate::relationships::{delegated_roles, has_relationship};
use std::collections::BTreeSet;
use tenantry_access::{RelationshipManage, is_provider};
use tenantry_core::{AppId, Caller, DirectoryRole, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db, audit};

/// Who may consent in a tenant.
const CONSENTING: [DirectoryRole; 4] = [
    DirectoryRole::GlobalAdmin,
    DirectoryRole::PrivilegedRoleAdmin,
    DirectoryRole::ApplicationAdmin,
    DirectoryRole::CloudApplicationAdmin,
];

/// Consents to scopes for an application in a customer's tenant, for everybody there.
///
/// # Errors
/// `CustomerNotFound` without a relationship; `Forbidden` without a role there that may consent;
/// `ApplicationNotFound` for one the partner does not use or that is not multi-tenant; `InvalidField` for scopes an API
/// does not publish.
pub async fn customer_consent_give(
    ctx: &OpContext,
    db: &Db,
    (partner, customer): (TenantId, TenantId),
    app: AppId,
    grants: &[(AppId, BTreeSet<String>)],
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "customer-consent-give", &format!("{app} in {customer}")).await?;
    let outcome = give(ctx, db, (partner, customer), app, grants).await;
    line.close(ctx, db, outcome).await
}

async fn give(
    ctx: &OpContext,
    db: &Db,
    (partner, customer): (TenantId, TenantId),
    app: AppId,
    grants: &[(AppId, BTreeSet<String>)],
) -> Result<(), Problem> {
    may::<RelationshipManage>(ctx, partner)?;
    let mut tx = db.begin().await?;
    may_consent_there(ctx, &mut tx, (partner, customer)).await?;
    let application = usable(&mut tx, customer, app).await?;
    if rows::standing(&mut tx, partner, app).await?.is_none_or(|found| found.disabled) {
        return Err(unknown(app));
    }
    for (api, scopes) in grants {
        consent_write(ctx, &mut tx, customer, &application, ConsentBy::Admin, *api, scopes).await?;
    }
    tx.changes_access();
    tx.commit().await
}

/// Takes an application out of a customer's tenant, with all it was given there.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden` as for giving; `ApplicationNotFound` if it is not there.
pub async fn customer_consent_remove(
    ctx: &OpContext,
    db: &Db,
    (partner, customer): (TenantId, TenantId),
    app: AppId,
) -> Result<(), Problem> {
    let line = audit::open(ctx, db, "customer-consent-remove", &format!("{app} in {customer}")).await?;
    let outcome = remove(ctx, db, (partner, customer), app).await;
    line.close(ctx, db, outcome).await
}

async fn remove(
    ctx: &OpContext,
    db: &Db,
    (partner, customer): (TenantId, TenantId),
    app: AppId,
) -> Result<(), Problem> {
    may::<RelationshipManage>(ctx, partner)?;
    let mut tx = db.begin().await?;
    may_consent_there(ctx, &mut tx, (partner, customer)).await?;
    let found = rows::find(&mut tx, customer, ObjectId::new(app.guid())).await?;
    // The customer's own applications are not the partner's to remove.
    let found = found.filter(|found| found.home != customer).ok_or_else(|| unknown(app))?;
    rows::erase(&mut tx, customer, found.id, found.app).await?;
    tx.changes_access();
    tx.commit().await
}

async fn may_consent_there(
    ctx: &OpContext,
    on: &mut impl Connection,
    (partner, customer): (TenantId, TenantId),
) -> Result<(), Problem> {
    if !has_relationship(on, partner, customer, ctx.now()).await? {
        let message = format!("tenant {partner} has no customer {customer}; check the customer id");
        return Err(Problem::new(Reason::CustomerNotFound, message));
    }
    let identity = match &ctx.caller {
        Caller::System(_) => return Ok(()),
        Caller::SignedIn(identity) if is_provider(identity) => return Ok(()),
        Caller::SignedIn(identity) => identity,
        Caller::Nobody => return Err(Problem::new(Reason::TokenMissing, "this needs a bearer token")),
    };
    let held = delegated_roles(on, partner, &identity.groups, &identity.roles, customer, ctx.now()).await?;
    if held.iter().any(|held| CONSENTING.contains(&held.role)) {
        return Ok(());
    }
    let needed = CONSENTING.map(DirectoryRole::name).join(", ");
    let message = format!("consenting in tenant {customer} needs one of these roles there: {needed}");
    Err(Problem::new(Reason::Forbidden, message))
}
