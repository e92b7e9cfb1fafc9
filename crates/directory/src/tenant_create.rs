//! Creating a tenant. A partner's comes with the agent groups that its staff and applications are put in; the others
//! have none of these. Directory roles all have.

use crate::domain::taken;
use crate::people::roles_begin;
use crate::{NewTenant, Tenant, rows};
use tenantry_core::{OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::Tx;

/// Creates a tenant with its first domain. The domain's form is the caller's to check
/// ([`crate::domain_check`]), because only a world knows its suffix.
///
/// # Errors
/// `DomainTaken`; `AlreadyExists` for a second provider; `InvalidField` for a name or country of the wrong form.
pub async fn tenant_create(ctx: &OpContext, tx: &mut Tx, new: NewTenant<'_>) -> Result<Tenant, Problem> {
    let (name, country) = (new.name.trim(), new.country.trim().to_ascii_uppercase());
    if name.is_empty() {
        return Err(Problem::missing("name"));
    }
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Problem::invalid("country", format!("`{}` is not a country code such as DE", clip(new.country))));
    }
    if new.kind == TenantKind::Provider && rows::tenant_provider(tx).await?.is_some() {
        return Err(Problem::new(Reason::AlreadyExists, "this world has its provider already; a world has one root"));
    }
    let at = ctx.now();
    let domain = new.domain.trim().to_ascii_lowercase();
    let id = TenantId::new(ctx.chance.guid());
    let stored = NewTenant { name, country: &country, domain: &domain, ..new };
    rows::tenant_insert(tx, id, &stored, at).await?;
    if !rows::domain_insert(tx, id, &domain, at).await? {
        return Err(taken(&domain));
    }
    roles_begin(ctx, tx, id, new.kind).await?;
    let name = name.to_owned();
    Ok(Tenant { id, kind: new.kind, name, default_domain: domain, country, created_at: at })
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}
