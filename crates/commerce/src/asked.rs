//! What was asked for, as a key: a request that comes again is answered with what it made the first time.
//!
//! The frame keeps answers of writes for that (`crates/http/src/replay.rs`), but in a commit after the act. When the
//! machine dies between the two, the client repeats a request whose answer nobody kept. So what costs money, or would
//! be refused the second time, carries this key in a unique column, written in the commit of the act itself.

use serde::Serialize;
use sha2::{Digest, Sha256};
use tenantry_core::{OpContext, Problem};

/// The caller's tenant, the request's id and the digest of its content, with blanks between. `None` for the platform's
/// own work: no client repeats it.
///
/// The content is part of the key because some clients run a whole session under one id (partner-center-v1.md 1.8):
/// there another content is another request.
pub(crate) fn asked(ctx: &OpContext, content: &impl Serialize) -> Result<Option<String>, Problem> {
    let Some(tenant) = ctx.tenant() else { return Ok(None) };
    let content = serde_json::to_vec(content).map_err(Problem::internal)?;
    let digest: String = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Some(format!("{tenant} {} {digest}", ctx.request_id)))
}
