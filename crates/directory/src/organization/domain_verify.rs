//! Verifying a domain: from here on it is this tenant's, and users may have names in it.
//!
//! There is no resolver in this program, so it cannot see whether the record is there. In a sandbox it takes the
//! caller's word. In a live world it takes the provider's, who has looked; everybody else is told so, and the domain
//! stays as it is.

use super::domain::{Domain, Proof, shown};
use super::{domain_list, domain_rows};
use crate::domain::taken;
use tenantry_access::{DomainManage, TenantScope, allow, is_provider};
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};

/// Verifies a domain. `sandbox` says whether the world is one. A domain that is verified already stays so.
///
/// # Errors
/// `DomainNotFound`; `DomainNotVerified` in a live world, unless the provider asks; `DomainTaken` if another tenant
/// was faster, with this domain or with one it is under.
pub async fn domain_verify(
    ctx: &OpContext,
    db: &Db,
    tenant: TenantId,
    name: &str,
    sandbox: bool,
) -> Result<Domain, Problem> {
    let line = audit::open(ctx, db, "domain-verify", &format!("{tenant} {}", shown(name))).await?;
    let outcome = verify(ctx, db, tenant, name, sandbox).await;
    line.close(ctx, db, outcome).await
}

async fn verify(ctx: &OpContext, db: &Db, tenant: TenantId, name: &str, sandbox: bool) -> Result<Domain, Problem> {
    let tenant = allow::<DomainManage, _>(ctx, TenantScope(tenant))?.into_target().0;
    let mut tx = db.begin().await?;
    domain_rows::lock(&mut tx, tenant).await?;
    let domain = domain_list::one(&mut tx, tenant, name).await?;
    let Some(code) = &domain.code else { return Ok(domain) };
    // Who has the domain above may have verified it after this one was claimed.
    if domain_rows::under_anothers(&mut tx, tenant, &domain.name).await? {
        return Err(taken(&domain.name));
    }
    let proof = proof(ctx, sandbox).ok_or_else(|| unseen(&domain.name, code))?;
    if !domain_rows::verify(&mut tx, tenant, &domain.name, proof, ctx.now()).await? {
        return Err(taken(&domain.name));
    }
    domain_rows::unclaim(&mut tx, tenant, &domain.name).await?;
    let verified = domain_list::one(&mut tx, tenant, &domain.name).await?;
    tx.commit().await?;
    Ok(verified)
}

/// By whose word, if anybody's counts here.
fn proof(ctx: &OpContext, sandbox: bool) -> Option<Proof> {
    match &ctx.caller {
        _ if sandbox => Some(Proof::Sandbox),
        Caller::System(_) => Some(Proof::Provider),
        Caller::SignedIn(identity) if is_provider(identity) => Some(Proof::Provider),
        Caller::SignedIn(_) | Caller::Nobody => None,
    }
}

fn unseen(name: &str, code: &str) -> Problem {
    let message = format!(
        "{name} is not verified: this platform cannot look into DNS by itself. Publish the TXT record `{code}` for \
         {name}, then ask the provider to look and to confirm it"
    );
    Problem::new(Reason::DomainNotVerified, message).at("name")
}
