//! `customers/{customer}/migrations/newcommerce`: judging, making and reading migrations, and what happened in them.

use super::asked;
use super::list::Asked;
use crate::wire::input::Body;
use crate::wire::{Attributes, upper};
use crate::{errors, params};
use serde::Serialize;
use tenantry_commerce::{
    Limits, MigrateToNewCommerce, NewCommerceEligibility, NewCommerceMigration, NewCommerceQuery,
    new_commerce_eligibility, new_commerce_migrate, new_commerce_migration_get, new_commerce_migration_list,
};
use tenantry_core::{Problem, SubscriptionId};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

/// The operation that judges: what stands in the way has the code of its refusal.
pub(crate) const VALIDATE: &str = "new-commerce-migrations.validate";

const LIST: &str = "/v1/migrations/newcommerce";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Eligibility {
    current_subscription_id: String,
    is_eligible: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<String>,
    billing_cycle: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalog_item_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_term_end_date: Option<String>,
    errors: Vec<EligibilityError>,
    add_on_migrations: [(); 0],
}

#[derive(Debug, Serialize)]
struct EligibilityError {
    code: u32,
    description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Migration {
    id: Uuid,
    started_time: String,
    completed_time: String,
    current_subscription_id: String,
    status: &'static str,
    customer_tenant_id: String,
    catalog_item_id: String,
    new_commerce_subscription_id: String,
    new_commerce_order_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subscription_end_date: Option<String>,
    quantity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    term_duration: Option<String>,
    billing_cycle: &'static str,
    purchase_full_term: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_reference_id: Option<String>,
    add_on_migrations: [(); 0],
    attributes: Attributes,
}

/// Something that happened.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    id: Uuid,
    new_commerce_migration_id: Uuid,
    current_subscription_id: String,
    customer_tenant_id: String,
    created_time: String,
    event_name: &'static str,
}

impl Eligibility {
    fn of(judged: NewCommerceEligibility, operation: Option<&str>) -> Self {
        let error = |problem: &Problem| EligibilityError {
            code: errors::code(problem, operation),
            description: problem.message().to_owned(),
        };
        Self {
            current_subscription_id: upper(judged.subscription),
            is_eligible: judged.obstacles.is_empty(),
            term_duration: judged.target.and_then(|target| target.term.duration()),
            billing_cycle: judged.billing_cycle.name(),
            catalog_item_id: judged.target.map(|target| target.id),
            custom_term_end_date: judged.target.and(judged.ends_on).map(|day| day.start().to_string()),
            errors: judged.obstacles.iter().map(error).collect(),
            add_on_migrations: [],
        }
    }
}

impl Migration {
    fn of(made: NewCommerceMigration) -> Self {
        Self {
            id: made.id,
            started_time: made.made_at.to_string(),
            completed_time: made.made_at.to_string(),
            current_subscription_id: upper(made.source),
            status: "Completed",
            customer_tenant_id: made.customer.to_string(),
            catalog_item_id: made.target_offer.to_string(),
            new_commerce_subscription_id: upper(made.target),
            new_commerce_order_id: upper(made.order),
            subscription_end_date: made.ends_on.map(|day| day.start().to_string()),
            quantity: made.quantity,
            term_duration: made.term,
            billing_cycle: made.billing_cycle.name(),
            purchase_full_term: made.full_term,
            external_reference_id: made.external_reference,
            add_on_migrations: [],
            attributes: Attributes::of("NewCommerceMigration"),
        }
    }
}

impl Event {
    /// What happens in a migration, at the one instant it takes.
    const NAMES: [&str; 2] = ["MigrationStarted", "MigrationCompleted"];

    /// Nobody keeps them: they follow from the migration, and so do their ids.
    fn of(made: &NewCommerceMigration) -> [Self; 2] {
        let mut number = 0;
        Self::NAMES.map(|event_name| {
            number += 1;
            Self {
                id: Uuid::from_u128(made.id.as_u128() ^ number),
                new_commerce_migration_id: made.id,
                current_subscription_id: upper(made.source),
                customer_tenant_id: made.customer.to_string(),
                created_time: made.made_at.to_string(),
                event_name,
            }
        })
    }
}

pub(crate) async fn eligibility(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let (id, terms) = (asked::subscription(&fields)?, asked::terms(&fields, customer)?);
    let judged = new_commerce_eligibility(&call.ctx, call.world.db(), &Limits::NONE, (customer, id), &terms).await?;
    Answer::ok(&Eligibility::of(judged, Some(VALIDATE)))
}

pub(crate) async fn migrate(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let migrate = MigrateToNewCommerce {
        customer,
        subscription: asked::subscription(&fields)?,
        terms: asked::terms(&fields, customer)?,
    };
    let made = new_commerce_migrate(&call.ctx, call.world.db(), &Limits::NONE, migrate).await?;
    Answer::created(&Migration::of(made))
}

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let (customer, id) = (params::customer(&call)?, params::migration(&call)?);
    Answer::ok(&Migration::of(new_commerce_migration_get(&call.ctx, call.world.db(), customer, id).await?))
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let asked = Asked::of(&call, LIST)?;
    let found = new_commerce_migration_list(&call.ctx, call.world.db(), &asked.query()).await?;
    asked.page(LIST, found, |made| (made.made_at, made.id), Migration::of)
}

/// Of one migration, or of those of a subscription; one of the two is named.
pub(crate) async fn events(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let said = |name: &str| call.query(name).map(str::trim).filter(|text| !text.is_empty());
    let found = match (said("migration_id"), said("current_subscription_id")) {
        (Some(id), _) => {
            let id = Uuid::parse_str(id).map_err(|error| Problem::invalid("migration_id", error))?;
            vec![new_commerce_migration_get(&call.ctx, call.world.db(), customer, id).await?]
        }
        (None, Some(id)) => {
            let id = SubscriptionId::parse(id).map_err(|error| Problem::invalid("current_subscription_id", error))?;
            let (customer, subscription) = (Some(customer), Some(id));
            let query = NewCommerceQuery { customer, subscription, limit: i64::MAX, ..NewCommerceQuery::default() };
            new_commerce_migration_list(&call.ctx, call.world.db(), &query).await?
        }
        (None, None) => return Err(Problem::missing("migration_id")),
    };
    Answer::ok(&found.iter().flat_map(Event::of).collect::<Vec<_>>())
}
