//! Who may deal with a customer's devices, and the words for what is not there.

use crate::relationships::{ServedCustomer, served};
use tenantry_access::{DeviceManage, allow};
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId};
use tenantry_db::Connection;

/// The customer, for a caller who may deal with its devices.
pub(super) async fn guard(
    ctx: &OpContext,
    on: &mut impl Connection,
    customer: TenantId,
) -> Result<ServedCustomer, Problem> {
    let served = served(ctx, on, customer).await?;
    Ok(allow::<DeviceManage, _>(ctx, served)?.into_target())
}

/// The refusal for something that is not there. A text a client made up is shown short.
pub(super) fn nothing(what: &str, named: &str) -> Problem {
    let shown: String = named.chars().filter(|c| !c.is_control()).take(60).collect();
    Problem::new(Reason::ObjectNotFound, format!("there is no {what} `{shown}` of this customer; check its id"))
}

/// Who acts, as it is written down beside what was made.
pub(super) fn actor(ctx: &OpContext) -> String {
    match &ctx.caller {
        Caller::SignedIn(identity) => {
            identity.user.as_ref().map_or_else(|| format!("application {}", identity.app), |user| user.name.clone())
        }
        Caller::System(job) => (*job).to_owned(),
        Caller::Nobody => "nobody".to_owned(),
    }
}
