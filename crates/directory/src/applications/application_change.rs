//! Changing what an application says of itself. Rights follow from that in one case only: where the application is
//! partner-managed, and then it takes the right to consent.

use super::application_check::checked;
use super::application_create::uris_take;
use super::application_find::present;
use super::credential::CredentialsChange;
use super::guard::{may, may_configure};
use super::rows::application as rows;
use super::{Application, ApplicationChange, credentials};
use crate::people::text::shown;
use tenantry_access::ApplicationManage;
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Db, audit};

/// Changes an application of the tenant, found by object id or client id.
///
/// # Errors
/// `ApplicationNotFound`; `MissingField`, `InvalidField` and `AlreadyExists` as for a new one; `Forbidden` if the change
/// reaches into the tenants of customers and the caller must not consent.
pub async fn application_change(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    change: ApplicationChange,
) -> Result<Application, Problem> {
    application_change_with(ctx, db, tenant, id, change, CredentialsChange::default()).await
}

/// Changes an application together with its credentials: all of it, or nothing.
///
/// # Errors
/// As [`application_change`] and [`crate::credentials_set`].
pub async fn application_change_with(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    change: ApplicationChange,
    credentials: CredentialsChange,
) -> Result<Application, Problem> {
    let target = if credentials.is_empty() { shown(id) } else { format!("{} and its credentials", shown(id)) };
    let line = audit::open(ctx, db, "application-change", &target).await?;
    let outcome = changed(ctx, db, tenant, id, (change, credentials)).await;
    line.close(ctx, db, outcome).await
}

async fn changed(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    id: &str,
    (change, credentials): (ApplicationChange, CredentialsChange),
) -> Result<Application, Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let mut tx = db.begin().await?;
    let before = present(&mut tx, tenant, id).await?;
    let after = checked(before.clone().with(change))?;
    if after == before && credentials.is_empty() {
        return Ok(after);
    }
    if after != before {
        may_configure(ctx, &mut tx, (Some(&before), &after)).await?;
        rows::update(&mut tx, &after).await?;
        if after.identifier_uris != before.identifier_uris {
            uris_take(&mut tx, &after).await?;
        }
    }
    if !credentials.is_empty() {
        credentials::write(ctx, &mut tx, &after, credentials).await?;
    }
    tx.changes_access();
    tx.commit().await?;
    Ok(after)
}
