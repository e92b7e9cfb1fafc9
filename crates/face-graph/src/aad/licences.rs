//! `subscribedSkus` and `assignLicense`.

use super::views::licence as view;
use super::{users, wire};
use crate::bodies::{self, Licensing};
use crate::input::Members;
use crate::odata::Entity;
use crate::{directory, who};
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_directory::{licences_assign, subscribed_skus};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

const SET: &str = "subscribedSkus";

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let skus = subscribed_skus(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    wire::all(&call, SET, &skus.iter().map(view::subscribed).collect::<Vec<Entity>>())
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let tenant = who::tenant(&call)?;
    let named = call.param("sku")?;
    let skus = subscribed_skus(&call.ctx, call.world.db(), tenant).await?;
    let wanted = sku_of(named, tenant);
    let found = skus.iter().find(|sku| Some(sku.product.id) == wanted);
    let missing = || {
        let shown: String = named.chars().take(80).collect();
        Problem::new(Reason::ObjectNotFound, format!("`{shown}` names no licences of the tenant; see {SET}"))
    };
    wire::object(&call, SET, view::subscribed(found.ok_or_else(missing)?))
}

/// The product of `{tenant}_{sku}`.
fn sku_of(named: &str, tenant: TenantId) -> Option<Uuid> {
    let (before, sku) = named.split_once('_')?;
    let own = TenantId::parse(before) == Ok(tenant);
    own.then(|| Uuid::try_parse(sku).ok()).flatten()
}

pub(super) async fn assign(call: Call) -> Result<Answer, Problem> {
    let Licensing { add, remove } = bodies::licensing(&Members::of(&call)?)?;
    let user = directory::user(&call).await?;
    let user = licences_assign(&call.ctx, call.world.db(), who::tenant(&call)?, user.id, add, remove).await?;
    let entity = users::entity(&call, user).await?;
    wire::object(&call, wire::OBJECTS, entity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_named_by_tenant_and_product() {
        let tenant = TenantId::new(Uuid::from_u128(7));
        let sku = Uuid::from_u128(9);
        for (named, expected) in [
            (format!("{tenant}_{sku}"), Some(sku)),
            (format!("{tenant}_{sku}").to_uppercase(), Some(sku)),
            (format!("{sku}_{sku}"), None),
            (sku.to_string(), None),
            (format!("{tenant}_x"), None),
            ("_".to_owned(), None),
        ] {
            assert_eq!(sku_of(&named, tenant), expected, "{named}");
        }
    }
}
