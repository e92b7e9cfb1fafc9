//! `subscribedskus` of a customer, `licenses` and `licenseupdates` of a user.

use super::wire::{GROUP_1, License, Subscribed, below};
use crate::users;
use crate::wire::input::{Body, Fields};
use crate::wire::{Attributes, Collection};
use serde::Serialize;
use std::collections::BTreeSet;
use tenantry_core::{Problem, Reason};
use tenantry_directory::{licences_assign, licences_of, subscribed_skus, user_find};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

/// The answer to an update: what was asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LicenseUpdate {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses_to_assign: Vec<Assignment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    licenses_to_remove: Vec<Uuid>,
    /// None is ever needed: what cannot be done is refused as a whole.
    license_warnings: [(); 0],
    attributes: Attributes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Assignment {
    sku_id: Uuid,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    excluded_plans: BTreeSet<Uuid>,
}

pub(crate) async fn subscribed(call: Call) -> Result<Answer, Problem> {
    let there = users::there(&call).await?;
    let skus = subscribed_skus(&there.ctx, call.world.db(), there.tenant).await?;
    let shown = if wants_group_1(&call) { skus.iter().map(Subscribed::of).collect() } else { Vec::new() };
    Answer::ok(&Collection::whole(shown, below(there.tenant, "subscribedskus")))
}

pub(crate) async fn of_user(call: Call) -> Result<Answer, Problem> {
    let (there, user) = (users::there(&call).await?, users::user(&call)?);
    let user = user_find(&there.ctx, call.world.db(), there.tenant, &user.to_string()).await?;
    let held = licences_of(&there.ctx, call.world.db(), there.tenant, user.id).await?;
    let shown: Vec<_> = if wants_group_1(&call) { held.iter().map(License::of).collect() } else { Vec::new() };
    Answer::ok(&Collection::whole(shown, below(there.tenant, &format!("users/{}/licenses", user.id))))
}

pub(crate) async fn assign(call: Call) -> Result<Answer, Problem> {
    let (there, user) = (users::there(&call).await?, users::user(&call)?);
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let add = fields.list("licensesToAssign")?.iter().map(assignment).collect::<Result<Vec<_>, _>>()?;
    let remove = ids(&fields, "licensesToRemove")?;
    if add.is_empty() && remove.is_empty() {
        let message = "nothing to do; name licences in licensesToAssign or licensesToRemove";
        return Err(Problem::new(Reason::MissingField, message).at("licensesToAssign"));
    }
    let wanted = add.iter().map(|sku| (sku.sku_id, sku.excluded_plans.clone())).collect();
    licences_assign(&there.ctx, call.world.db(), there.tenant, user, wanted, remove.clone()).await?;
    Answer::created(&LicenseUpdate {
        licenses_to_assign: add,
        licenses_to_remove: remove,
        license_warnings: [],
        attributes: Attributes::of("LicenseUpdate"),
    })
}

/// The group of our products is the default and the only one there is anything of. The parameter may be repeated.
fn wants_group_1(call: &Call) -> bool {
    let mut groups = call.query.pairs().filter(|(name, _)| name.eq_ignore_ascii_case("licenseGroupIds")).peekable();
    groups.peek().is_none() || groups.any(|(_, group)| group.trim().eq_ignore_ascii_case(GROUP_1))
}

fn assignment(fields: &Fields<'_>) -> Result<Assignment, Problem> {
    let sku = fields.text("skuId")?.ok_or_else(|| Problem::missing(fields.path("skuId")))?;
    let excluded_plans = ids(fields, "excludedPlans")?.into_iter().collect();
    Ok(Assignment { sku_id: id(&fields.path("skuId"), &sku)?, excluded_plans })
}

fn ids(fields: &Fields<'_>, name: &str) -> Result<Vec<Uuid>, Problem> {
    fields.texts(name)?.iter().map(|text| id(&fields.path(name), text)).collect()
}

fn id(field: &str, text: &str) -> Result<Uuid, Problem> {
    Uuid::try_parse(text.trim()).map_err(|_| {
        let seen: String = text.chars().take(40).collect();
        Problem::invalid(field, format!("`{seen}` is not an id; write it like 6fd2c87f-b296-42f0-b197-1e91e994b900"))
    })
}
