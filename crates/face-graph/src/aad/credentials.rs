//! Secrets and certificates of applications, each as a list that is read and replaced whole: an entry with a known
//! `keyId` and no value stays, one with a value is added, what is not there goes.

use super::views::application as view;
use super::wire;
use crate::apps::{self, Names};
use crate::input::Members;
use crate::who;
use serde_json::Value;
use tenantry_core::Problem;
use tenantry_directory::{Credentials, credentials_of, credentials_set, service_principal_find};
use tenantry_http::{Answer, Call};

/// How this API calls the members of a credential.
pub(super) const NAMES: Names = Names { secret: "value", certificate: "value", start: "startDate", end: "endDate" };

/// What a body of these lists is called.
const LIST: &str = "value";

async fn of(call: &Call) -> Result<Credentials, Problem> {
    credentials_of(&call.ctx, call.world.db(), who::tenant(call)?, call.param("application")?).await
}

fn answer(call: &Call, kind: &str, list: Value) -> Result<Answer, Problem> {
    let Value::Array(list) = list else { return Err(Problem::internal("credentials are no list")) };
    wire::all(call, &format!("Collection(Microsoft.DirectoryServices.{kind})"), &list)
}

pub(super) async fn keys(call: Call) -> Result<Answer, Problem> {
    let credentials = of(&call).await?;
    answer(&call, "KeyCredential", view::keys(&credentials.certificates))
}

pub(super) async fn secrets(call: Call) -> Result<Answer, Problem> {
    let credentials = of(&call).await?;
    answer(&call, "PasswordCredential", view::secrets(&credentials.secrets))
}

pub(super) async fn keys_put(call: Call) -> Result<Answer, Problem> {
    let keys = apps::certificates(&Members::of(&call)?, LIST, NAMES)?.ok_or_else(|| Problem::missing(LIST))?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, call.param("application")?);
    credentials_set(&call.ctx, db, tenant, id, None, Some(keys)).await?;
    wire::done()
}

pub(super) async fn secrets_put(call: Call) -> Result<Answer, Problem> {
    let secrets = apps::secrets(&Members::of(&call)?, LIST, NAMES)?.ok_or_else(|| Problem::missing(LIST))?;
    let (db, tenant, id) = (call.world.db(), who::tenant(&call)?, call.param("application")?);
    credentials_set(&call.ctx, db, tenant, id, Some(secrets), None).await?;
    wire::done()
}

/// A service principal has no credentials of its own: those of its application count in every tenant.
pub(super) async fn principal_none(call: Call) -> Result<Answer, Problem> {
    service_principal_find(&call.ctx, call.world.db(), who::tenant(&call)?, call.param("principal")?).await?;
    answer(&call, "KeyCredential", Value::Array(Vec::new()))
}
