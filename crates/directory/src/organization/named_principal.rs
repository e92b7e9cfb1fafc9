//! Whom somebody means by a name, anywhere in the world, and what that principal is in a tenant: for explaining access
//! to those who may ask.
//!
//! Nothing here asks the policy, because only who explains knows who may ask about whom: `commerce::access_explain`
//! does, and hands nothing out before.

use crate::applications::consent_of;
use crate::people::{Standing, standing};
use crate::relationships::delegated_roles;
use crate::rows;
use std::collections::BTreeSet;
use tenantry_access::azure::PrincipalKind;
use tenantry_core::context::SignedInUser;
use tenantry_core::{AppId, Identity, ObjectId, Problem, TenantId, TenantKind, Timestamp};
use tenantry_db::{Connection, Db, Row, sql};
use uuid::{Uuid, uuid};

/// A user, group or application that somebody named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPrincipal {
    /// Its object id; of an application that of its service principal.
    pub id: ObjectId,
    /// The tenant it belongs to.
    pub home: TenantId,
    /// What it is.
    pub kind: PrincipalKind,
    /// The client id, of an application.
    pub app: Option<AppId>,
    /// What people call it.
    pub name: String,
    /// Whether it may sign in at all.
    pub enabled: bool,
}

/// The principal of a name: a user principal name, an object id, or an application's client id. An application has a
/// service principal in each tenant that knows it; the one in `near` is meant, else the one at home.
///
/// # Errors
/// Those of the database.
pub async fn principal_named(db: &Db, text: &str, near: Option<TenantId>) -> Result<Option<NamedPrincipal>, Problem> {
    let mut reader = db.reader().await?;
    let text = text.trim().to_ascii_lowercase();
    let row = sql("SELECT id, tenant, kind, app, name, enabled FROM ( \
         SELECT id, tenant, 'User' AS kind, NULL AS app, name, enabled FROM directory_user \
         WHERE (id = $1 OR name_key = $1) AND deleted_at IS NULL \
         UNION ALL SELECT id, tenant, 'Group' AS kind, NULL AS app, display_name AS name, 1 AS enabled \
         FROM directory_group WHERE id = $1 \
         UNION ALL SELECT p.id, p.tenant, 'ServicePrincipal' AS kind, p.app, p.name, \
         CASE WHEN a.disabled_at IS NULL THEN 1 ELSE 0 END AS enabled \
         FROM service_principal p JOIN application a ON a.id = p.app \
         WHERE p.id = $1 OR (p.app = $1 AND (p.tenant = $2 OR p.tenant = a.tenant))) found \
         ORDER BY CASE WHEN tenant = COALESCE($2, tenant) THEN 0 ELSE 1 END, kind, id LIMIT 1")
    .bind(text)
    .bind(near)
    .maybe(&mut reader)
    .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<NamedPrincipal, Problem> {
    let kind = |name: &str| PrincipalKind::from_name(name).ok_or_else(|| format!("`{name}` is no kind of principal"));
    let app = row.maybe_text("app")?.map(|app| AppId::parse(&app)).transpose();
    Ok(NamedPrincipal {
        id: row.parsed("id", ObjectId::parse)?,
        home: row.parsed("tenant", TenantId::parse)?,
        kind: row.parsed("kind", kind)?,
        app: app.map_err(|error| Problem::corrupt(format!("column app: {error}")))?,
        name: row.text("name")?,
        enabled: row.flag("enabled")?,
    })
}

/// The directory APIs whose permissions count for an application that acts for itself.
const DIRECTORY_APIS: [Uuid; 2] =
    [uuid!("00000003-0000-0000-c000-000000000000"), uuid!("00000002-0000-0000-c000-000000000000")];

impl NamedPrincipal {
    /// What the principal is when it acts in a tenant: there if it can, else at home. A person is taken to use an
    /// application that may do for it whatever it may do; of a group, anybody in it is meant. An application can where it
    /// is consented to, before its first use too.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn identity_in(&self, db: &Db, tenant: TenantId, now: Timestamp) -> Result<Identity, Problem> {
        let mut reader = db.reader().await?;
        let on = &mut reader;
        let mut held = standing(on, self.home, self.id).await?;
        if self.kind == PrincipalKind::Group {
            held.groups.insert(self.id);
            held.roles.extend(agents_of(on, self.id).await?);
        }
        let mut at = self.home;
        let mut id = self.id;
        if let Some(app) = self.app.filter(|_| tenant != self.home) {
            if let Some(member) = member_of(on, tenant, app, now).await? {
                (at, id) = (tenant, member.unwrap_or(self.id));
                held = match member {
                    Some(member) => standing(on, tenant, member).await?,
                    None => Standing::default(),
                };
            }
        } else if tenant != self.home {
            let delegated = delegated_roles(on, self.home, &held.groups, &held.roles, tenant, now).await?;
            if !delegated.is_empty() {
                at = tenant;
                held.directory_roles = delegated;
                held.roles = BTreeSet::new();
            }
        }
        let kind = rows::tenant_by_id(on, at).await?.map_or(TenantKind::Customer, |tenant| tenant.kind);
        let mut rights = BTreeSet::new();
        match self.app {
            None => {
                rights.insert("user_impersonation".to_owned());
            }
            Some(app) => {
                for api in DIRECTORY_APIS {
                    rights.extend(consent_of(on, at, app, None, AppId::new(api), now).await?.app_permissions);
                }
            }
        }
        let user = SignedInUser { name: self.name.clone(), home: self.home, second_factor: true };
        Ok(Identity {
            directory_roles: held.directory_roles,
            groups: held.groups,
            rights,
            user: self.app.is_none().then_some(user),
            ..Identity::application(self.app.unwrap_or(AppId::new(Uuid::nil())), id, (at, kind), held.roles)
        })
    }
}

/// Whether a tenant knows an application of another, or would let it in because a partner manages it; and its service
/// principal there, which comes with the first use.
async fn member_of(
    on: &mut impl Connection,
    tenant: TenantId,
    app: AppId,
    now: Timestamp,
) -> Result<Option<Option<ObjectId>>, Problem> {
    for api in DIRECTORY_APIS {
        let consent = consent_of(on, tenant, app, None, AppId::new(api), now).await?;
        if consent.is_known() {
            return Ok(Some(consent.principal.map(|member| member.id)));
        }
    }
    Ok(None)
}

/// The role of the channel that a group stands for.
async fn agents_of(on: &mut impl Connection, group: ObjectId) -> Result<Option<tenantry_core::Role>, Problem> {
    let row = sql("SELECT agents FROM directory_group WHERE id = $1").bind(group).maybe(on).await?;
    let agents = row.map(|row| row.maybe_text("agents")).transpose()?.flatten();
    Ok(agents.as_deref().and_then(tenantry_core::Role::from_name))
}
