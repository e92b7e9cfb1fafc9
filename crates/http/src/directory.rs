//! The way a token is verified outside tests: by the directory, with the keys of the world.

use crate::{Authenticate, Boxed};
use std::sync::Arc;
use tenantry_core::Identity;
use tenantry_core::{OpContext, Problem};
use tenantry_directory::token_verify;
use tenantry_worlds::World;

/// Asks the directory of the world. Revoked applications and roles are noticed at once, because it looks them up.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByDirectory;

impl Authenticate for ByDirectory {
    fn authenticate<'a>(
        &'a self,
        world: &'a Arc<World>,
        ctx: &'a OpContext,
        bearer: &'a str,
        audiences: &'a [&'a str],
    ) -> Boxed<'a, Result<Identity, Problem>> {
        Box::pin(token_verify(ctx, world.db(), world.keys(), bearer, audiences))
    }
}
