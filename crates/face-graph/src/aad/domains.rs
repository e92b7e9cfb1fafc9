//! Domains: claimed, proved, verified, made the default, removed.

use super::views::domain as view;
use super::wire;
use crate::bodies;
use crate::input::Members;
use crate::odata::Entity;
use crate::who;
use tenantry_core::Problem;
use tenantry_directory::{
    domain_add, domain_change, domain_find, domain_list, domain_remove, domain_service_records,
    domain_verification_records, domain_verify,
};
use tenantry_http::{Answer, Call};

const SET: &str = "domains";

pub(super) async fn list(call: Call) -> Result<Answer, Problem> {
    let domains = domain_list(&call.ctx, call.world.db(), who::tenant(&call)?).await?;
    wire::all(&call, SET, &domains.iter().map(view::domain).collect::<Vec<Entity>>())
}

pub(super) async fn get(call: Call) -> Result<Answer, Problem> {
    let domain = domain_find(&call.ctx, call.world.db(), who::tenant(&call)?, call.param("domain")?).await?;
    wire::object(&call, SET, view::domain(&domain))
}

pub(super) async fn create(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["name", "authenticationType", "isAdminManaged", "isDefault", "supportedServices"])?;
    bodies::managed(&body)?;
    let name = body.text_required("name")?;
    let domain = domain_add(&call.ctx, call.world.db(), who::tenant(&call)?, &name).await?;
    wire::created(&call, SET, &format!("{SET}('{}')", domain.name), view::domain(&domain))
}

pub(super) async fn change(call: Call) -> Result<Answer, Problem> {
    let body = Members::of(&call)?;
    body.only(&["authenticationType", "isDefault", "supportedServices"])?;
    bodies::managed(&body)?;
    let (db, tenant, name) = (call.world.db(), who::tenant(&call)?, call.param("domain")?);
    match body.flag("isDefault")? {
        Some(default) => domain_change(&call.ctx, db, tenant, name, default).await?,
        None => domain_find(&call.ctx, db, tenant, name).await?,
    };
    wire::done()
}

pub(super) async fn delete(call: Call) -> Result<Answer, Problem> {
    domain_remove(&call.ctx, call.world.db(), who::tenant(&call)?, call.param("domain")?).await?;
    wire::done()
}

pub(super) async fn verification_records(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, name) = (call.world.db(), who::tenant(&call)?, call.param("domain")?);
    let records = domain_verification_records(&call.ctx, db, tenant, name).await?;
    wire::all(&call, "domainDnsRecords", &records.iter().map(view::record).collect::<Vec<Entity>>())
}

pub(super) async fn service_records(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, name) = (call.world.db(), who::tenant(&call)?, call.param("domain")?);
    let records = domain_service_records(&call.ctx, db, tenant, name).await?;
    wire::all(&call, "domainDnsRecords", &records.iter().map(view::record).collect::<Vec<Entity>>())
}

pub(super) async fn verify(call: Call) -> Result<Answer, Problem> {
    let (db, tenant, name) = (call.world.db(), who::tenant(&call)?, call.param("domain")?);
    let sandbox = call.world.settings().sandbox;
    let domain = domain_verify(&call.ctx, db, tenant, name, sandbox).await?;
    wire::object(&call, SET, view::domain(&domain))
}
