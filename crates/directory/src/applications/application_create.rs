//! Registering an application through the directory. It becomes a member of the tenant with a service principal of its
//! own, which clients make in a second call, as with the field's service.

use super::application_check::checked;
use super::credential::{NewCertificate, NewSecret};
use super::credential_write::{self, Written};
use super::guard::{may, may_configure};
use super::rows::application as rows;
use super::{Application, ApplicationChange};
use crate::people::text::shown;
use tenantry_access::ApplicationManage;
use tenantry_core::{AppId, ObjectId, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};

/// What a new application is to be.
#[derive(Debug, Default)]
pub struct NewApplication {
    /// What it says of itself. The name is required.
    pub settings: ApplicationChange,
    /// Its first secrets.
    pub secrets: Vec<NewSecret>,
    /// Its first certificates.
    pub certificates: Vec<NewCertificate>,
}

/// Registers an application. Secrets that were made are given out here and never again.
///
/// # Errors
/// `MissingField` without a name; `InvalidField` for addresses, permissions and credentials; `AlreadyExists` for an
/// identifier URI or a key id that is in use; `Forbidden` for the flag that spares customers the question, without the
/// right to consent.
pub async fn application_create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewApplication,
) -> Result<(Application, Written), Problem> {
    let line = audit::open(ctx, db, "application-create", &shown(new.settings.name.as_deref().unwrap_or(""))).await?;
    let outcome = create(ctx, db, tenant, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    new: NewApplication,
) -> Result<(Application, Written), Problem> {
    may::<ApplicationManage>(ctx, tenant)?;
    let ids = (ObjectId::new(ctx.chance.guid()), AppId::new(ctx.chance.guid()), tenant);
    let application = checked(Application::bare(ids, String::new(), ctx.now()).with(new.settings))?;
    let mut tx = db.begin().await?;
    may_configure(ctx, &mut tx, (None, &application)).await?;
    rows::insert(&mut tx, &application).await?;
    uris_take(&mut tx, &application).await?;
    let written = credential_write::add(ctx, &mut tx, &application, new.secrets, new.certificates).await?;
    tx.changes_access();
    tx.commit().await?;
    Ok((application, written))
}

/// Makes the application's names its own.
///
/// # Errors
/// `AlreadyExists`. It does not say who has the name.
pub(crate) async fn uris_take(tx: &mut Tx, application: &Application) -> Result<(), Problem> {
    match rows::uris_set(tx, application.tenant, application.app, &application.identifier_uris).await? {
        None => Ok(()),
        Some(taken) => {
            let message = format!("identifierUris: another application is called `{taken}`; choose another name");
            Err(Problem::new(Reason::AlreadyExists, message).at("identifierUris"))
        }
    }
}
