//! `customers/{customer}/migrations/newcommerce/schedules`: migrations that are to be made on a day.

use super::asked;
use super::list::Asked;
use crate::params;
use crate::wire::input::{Body, Fields};
use crate::wire::{Attributes, upper};
use serde::Serialize;
use tenantry_commerce::{
    BillingCycle, Limits, NewCommerceSchedule, ScheduleNewCommerce, ScheduleState, ScheduleWhen, new_commerce_schedule,
    new_commerce_schedule_cancel, new_commerce_schedule_change, new_commerce_schedule_get, new_commerce_schedule_list,
};
use tenantry_core::{Day, Problem, Reason, TenantId, Timestamp};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

const LIST: &str = "/v1/migrations/newcommerce/schedules";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Schedule {
    id: Uuid,
    current_subscription_id: String,
    status: &'static str,
    customer_tenant_id: String,
    /// Of one that is made when the term is renewed, the day of that.
    target_date: String,
    migrate_on_renewal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_cycle: Option<&'static str>,
    purchase_full_term: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_reference_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_commerce_migration_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
    created_time: String,
    last_modified_time: String,
    add_on_migration_schedules: [(); 0],
    attributes: Attributes,
}

impl Schedule {
    fn of(schedule: NewCommerceSchedule) -> Self {
        let (status, new_commerce_migration_id, error_description) = match schedule.state {
            ScheduleState::Scheduled => ("Scheduled", None, None),
            ScheduleState::Cancelled => ("Cancelled", None, None),
            ScheduleState::Completed(migration) => ("Completed", Some(migration), None),
            ScheduleState::Failed(error) => ("Failed", None, Some(error)),
        };
        let terms = schedule.terms;
        Self {
            id: schedule.id,
            current_subscription_id: upper(schedule.subscription),
            status,
            customer_tenant_id: schedule.customer.to_string(),
            target_date: schedule.due_on.to_string(),
            migrate_on_renewal: schedule.at_renewal,
            quantity: terms.quantity,
            billing_cycle: terms.billing_cycle.map(BillingCycle::name),
            purchase_full_term: terms.full_term,
            external_reference_id: terms.external_reference,
            new_commerce_migration_id,
            error_description,
            created_time: schedule.created_at.to_string(),
            last_modified_time: schedule.changed_at.to_string(),
            add_on_migration_schedules: [],
            attributes: Attributes::of("NewCommerceMigrationSchedule"),
        }
    }
}

/// What a body asks for.
fn wanted(fields: &Fields<'_>, customer: TenantId) -> Result<ScheduleNewCommerce, Problem> {
    Ok(ScheduleNewCommerce {
        customer,
        subscription: asked::subscription(fields)?,
        terms: asked::terms(fields, customer)?,
        when: when(fields)?,
    })
}

/// A day, or the renewal. Clients send both back as they read them; then the renewal counts.
fn when(fields: &Fields<'_>) -> Result<ScheduleWhen, Problem> {
    const DATE: &str = "targetDate";
    if fields.flag("migrateOnRenewal")?.unwrap_or(false) {
        return Ok(ScheduleWhen::AtRenewal);
    }
    let text = fields.text(DATE)?.filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| {
        let message = "targetDate: name the day, or send migrateOnRenewal: true";
        Problem::new(Reason::MissingField, message).at(fields.path(DATE))
    })?;
    let day = Day::parse(text.trim()).or_else(|_| Timestamp::parse(text.trim()).map(|time| time.day()));
    day.map(ScheduleWhen::On).map_err(|error| Problem::invalid(fields.path(DATE), error))
}

pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let body = Body::of(&call)?;
    let wanted = wanted(&body.fields()?, customer)?;
    let made = new_commerce_schedule(&call.ctx, call.world.db(), &Limits::NONE, wanted).await?;
    Answer::created(&Schedule::of(made))
}

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::schedule(&call)?);
    Answer::ok(&Schedule::of(new_commerce_schedule_get(&call.ctx, call.world.db(), customer, id).await?))
}

pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::schedule(&call)?);
    // A stranger learns that there is no such schedule, not how one is changed.
    new_commerce_schedule_get(&call.ctx, call.world.db(), customer, id).await?;
    let body = Body::of(&call)?;
    let wanted = wanted(&body.fields()?, customer)?;
    let changed = new_commerce_schedule_change(&call.ctx, call.world.db(), &Limits::NONE, (id, wanted)).await?;
    Answer::ok(&Schedule::of(changed))
}

/// Clients send `null`, and nobody reads it.
pub(crate) async fn cancel(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::schedule(&call)?);
    Answer::ok(&Schedule::of(new_commerce_schedule_cancel(&call.ctx, call.world.db(), customer, id).await?))
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call, LIST)?;
    let found = new_commerce_schedule_list(&call.ctx, call.world.db(), &asked.query()).await?;
    asked.page(LIST, found, |one| (one.created_at, one.id), Schedule::of)
}
