//! An application and its secret, as the person at the command line needs them: to sign in with.

use serde::{Deserialize, Serialize};
use tenantry_core::{Problem, Role, TenantId};
use tenantry_db::audit;
use tenantry_directory::application_register;
use tenantry_worlds::World;

/// A tenant, and the application that signs in for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// The company.
    pub name: String,
    /// Its tenant.
    pub tenant_id: String,
    /// Its domain.
    pub domain: String,
    /// The application that signs in for it.
    pub app_id: String,
    /// That application's secret. The world keeps only its hash.
    pub app_secret: String,
    /// What the application may do. A provider's needs no roles.
    pub roles: Vec<String>,
}

impl Party {
    /// Registers an application of a tenant.
    pub(crate) async fn register(
        world: &World,
        (tenant, name, domain): (TenantId, &str, &str),
        application: &str,
        roles: &[Role],
    ) -> Result<Self, Problem> {
        let ctx = world.system("command-line");
        let line = audit::open(&ctx, world.db(), "application-register", domain).await?;
        let registered = async {
            let mut tx = world.db().begin().await?;
            let registered = application_register(&ctx, &mut tx, tenant, application, roles).await?;
            tx.commit().await?;
            Ok(registered)
        };
        let (registered, secret) = line.close(&ctx, world.db(), registered.await).await?;
        Ok(Self {
            name: name.to_owned(),
            tenant_id: tenant.to_string(),
            domain: domain.to_owned(),
            app_id: registered.app.to_string(),
            app_secret: secret.reveal().to_owned(),
            roles: roles.iter().map(ToString::to_string).collect(),
        })
    }

    /// For people, below a line that says who it is.
    pub(crate) fn text(&self) -> String {
        let Self { tenant_id, domain, app_id, app_secret, roles, .. } = self;
        let roles = if roles.is_empty() { String::new() } else { format!("  ({})", roles.join(", ")) };
        format!("  tenant      {tenant_id}  ({domain})\n  app id      {app_id}{roles}\n  app secret  {app_secret}\n")
    }
}
