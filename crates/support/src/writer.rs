//! Who writes, as the other side of a ticket reads it.

use crate::ticket::Writer;
use tenantry_commerce::provider_get;
use tenantry_core::{Caller, OpContext, Problem, Reason};
use tenantry_db::Db;

/// The caller of an act. A person is named by the user principal name, an application by its id, because its name is
/// its tenant's affair. The provider is the provider: which of its people answered is nobody else's business.
pub(crate) async fn writer(ctx: &OpContext, db: &Db) -> Result<Writer, Problem> {
    match &ctx.caller {
        Caller::Nobody => {
            Err(Problem::new(Reason::TokenMissing, "this needs a bearer token; get one at the token endpoint"))
        }
        Caller::SignedIn(identity) if !identity.is_provider() => {
            let application = || format!("application {}", identity.app);
            let name = identity.user.as_ref().map_or_else(application, |user| user.name.clone());
            Ok(Writer { id: identity.principal.to_string(), name, is_provider: false })
        }
        Caller::SignedIn(_) | Caller::System(_) => {
            let platform = OpContext { caller: Caller::System("ticket-writer"), ..ctx.clone() };
            let provider = provider_get(&platform, db).await?;
            Ok(Writer { id: provider.tenant.to_string(), name: provider.company_name, is_provider: true })
        }
    }
}
