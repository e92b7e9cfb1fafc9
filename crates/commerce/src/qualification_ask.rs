//! Saying what a customer is.
//!
//! There are two ways of the field. The newer asks and is told later; the older one writes a word and reads it back. So in a
//! sandbox, where the world itself says yes, the older one is approved at once. In a live world both wait for the provider.

use crate::qualification::{CustomerQualification, EducationSegment, Qualification, SANDBOX_REVIEW_SECONDS, Vetting};
use crate::{Customer, customers, rows, text};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, Tx, audit};
use uuid::Uuid;

const WEBSITE_MAX: usize = 200;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskQualification {
    /// Who is something.
    pub customer: TenantId,
    /// What.
    pub qualification: Qualification,
    /// What kind of school.
    pub segment: Option<EducationSegment>,
    /// Where it tells of itself.
    pub website: Option<String>,
    /// For a public authority: the code that the provider gave.
    pub validation_code: Option<Uuid>,
}

/// Asks for a qualification. Who may order for a customer may ask: the field lets global admins, admin and sales agents
/// (partner-center-v1.md 5.2, "Education / GCC qualification"). `sandbox` says whether the world is one.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `MissingField` on `educationSegment` of a school and on `validationCode` of a public
/// authority; `InvalidField` on `validationCode` for one that is not the partner's or used up, on `qualification` for a
/// public authority that has another qualification; `AlreadyExists` while it is in review or approved.
pub async fn qualification_ask(
    ctx: &OpContext,
    db: &Db,
    ask: AskQualification,
    sandbox: bool,
) -> Result<CustomerQualification, Problem> {
    let line = open(ctx, db, &ask).await?;
    let way = Way { approves_after: sandbox.then_some(SANDBOX_REVIEW_SECONDS), older: false };
    let outcome = record(ctx, db, ask, way).await;
    line.close(ctx, db, outcome).await
}

/// Sets a qualification, the older way: one that is in review or approved already stays as it is.
///
/// # Errors
/// As [`qualification_ask`], but for the kind of school, which the older way does not know, and `AlreadyExists`.
pub async fn qualification_set(
    ctx: &OpContext,
    db: &Db,
    ask: AskQualification,
    sandbox: bool,
) -> Result<CustomerQualification, Problem> {
    let line = open(ctx, db, &ask).await?;
    let way = Way { approves_after: sandbox.then_some(0), older: true };
    let outcome = record(ctx, db, ask, way).await;
    line.close(ctx, db, outcome).await
}

async fn open(ctx: &OpContext, db: &Db, ask: &AskQualification) -> Result<audit::Line, Problem> {
    let target = format!("{} is {}", ask.customer, ask.qualification.name());
    audit::open_about(ctx, db, "qualification-ask", &target, ask.customer).await
}

#[derive(Debug, Clone, Copy)]
struct Way {
    /// Seconds until it is approved by itself.
    approves_after: Option<i64>,
    /// The older way knows no kind of school, and says again what it said before.
    older: bool,
}

async fn record(ctx: &OpContext, db: &Db, ask: AskQualification, way: Way) -> Result<CustomerQualification, Problem> {
    let mut tx = db.begin().await?;
    let customer = customers::visible_as_one(ctx, &mut tx, ask.customer).await?;
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    if ask.qualification == Qualification::Education && ask.segment.is_none() && !way.older {
        return Err(Problem::missing("educationSegment"));
    }
    let website = text::optional("website", ask.website.as_deref(), WEBSITE_MAX)?;
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    let held = rows::qualification::of_customer(&mut tx, (customer.id, customer.partner), ctx.now()).await?;
    let standing = |of: &&CustomerQualification| !of.is_denied();
    if let Some(same) = held.iter().filter(standing).find(|of| of.qualification == ask.qualification) {
        if way.older {
            return Ok(same.clone());
        }
        let message = format!(
            "{} was asked for before and is {}; it need not be asked for again",
            ask.qualification.name(),
            if same.is_approved() { "approved" } else { "in review" }
        );
        return Err(Problem::new(Reason::AlreadyExists, message).at("qualification"));
    }
    let code = match (ask.qualification, held.iter().find(standing)) {
        (Qualification::GovernmentCommunityCloud, Some(other)) => return Err(something_else(&customer, other)),
        (Qualification::GovernmentCommunityCloud, None) => {
            Some(take_code(&mut tx, &customer, ask.validation_code).await?)
        }
        (Qualification::Education | Qualification::StateOwnedEntity, _) => None,
    };
    let vetting = match (code, way.approves_after) {
        (Some(_), _) => Vetting::Approved { since: ctx.now() },
        (None, Some(seconds)) => Vetting::InReview { approves_at: Some(ctx.now().plus_seconds(seconds)) },
        (None, None) => Vetting::InReview { approves_at: None },
    };
    let made = CustomerQualification {
        id: ctx.chance.guid(),
        customer: customer.id,
        partner: customer.partner,
        qualification: ask.qualification,
        segment: ask.segment.filter(|_| ask.qualification == Qualification::Education),
        website,
        validation_code: code,
        asked_at: ctx.now(),
        vetting: vetting.at(ctx.now()),
    };
    rows::qualification::put(&mut tx, &made).await?;
    tx.commit().await?;
    Ok(made)
}

fn something_else(customer: &Customer, other: &CustomerQualification) -> Problem {
    let (name, other) = (&customer.company_name, other.qualification.name());
    Problem::invalid("qualification", format!("{name} is {other} already; a public authority is nothing else"))
}

/// Uses up one of what a code is good for. It is the selling partner's, or that of the indirect provider above it.
async fn take_code(tx: &mut Tx, customer: &Customer, named: Option<Uuid>) -> Result<Uuid, Problem> {
    const FIELD: &str = "validationCode";
    let named = named.ok_or_else(|| Problem::missing(FIELD))?;
    let owners = (customer.partner, customer.indirect_provider);
    if rows::validation_code::take(tx, owners, named).await? {
        return Ok(named);
    }
    let message = match rows::validation_code::by_id(tx, owners, named).await? {
        Some(code) => format!("{named} was good for {} customers, and all are made; ask for another", code.creates_max),
        None => format!("there is no validation code {named} of yours; list those there are"),
    };
    Err(Problem::invalid(FIELD, message))
}
