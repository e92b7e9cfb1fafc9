//! Validation codes: the provider looked at public authorities, and lets a partner make so many customers of that kind.
//!
//! A code names what was looked at and how many customers it is good for. Each customer that is called a public authority
//! with it uses up one of them (`qualification_ask.rs`), whether that customer stays or not.
//!
//! Source: partner-center-v1.md 2.1 rows 13 and 14, 3.0 (ValidationCode).

use crate::partner::missing;
use crate::reach::Reach;
use crate::{customers, rows, text};
use tenantry_access::{ChannelManage, CustomerRead, PartnerScope, WorldScope, allow};
use tenantry_core::{OpContext, Problem, TenantId, Timestamp};
use tenantry_db::{Db, audit};
use uuid::Uuid;

const NAME_MAX: usize = 200;
const CREATES_MAX: i64 = 10_000;

/// A code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidationCode {
    /// What it is.
    pub id: Uuid,
    /// Who may use it.
    pub partner: TenantId,
    /// What the provider looked at.
    pub organization_name: String,
    /// How many customers it is good for.
    pub creates_max: i64,
    /// How many of them are left.
    pub creates_left: i64,
    /// Counts its uses from 1: the ETag.
    pub version: i64,
    /// When it was given.
    pub given_at: Timestamp,
}

/// A code to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewValidationCode {
    /// To whom.
    pub partner: TenantId,
    /// For what.
    pub organization_name: String,
    /// For how many customers: 1 to 10,000.
    pub creates_max: i64,
}

/// Gives a partner a code.
///
/// # Errors
/// `Forbidden` for all but the provider; `TenantNotFound`; `MissingField` and `InvalidField` on `organizationName` and
/// `maxCreates`.
pub async fn validation_code_give(ctx: &OpContext, db: &Db, new: NewValidationCode) -> Result<ValidationCode, Problem> {
    let line = audit::open(ctx, db, "validation-code-give", &new.partner.to_string()).await?;
    let outcome = give(ctx, db, new).await;
    line.close(ctx, db, outcome).await
}

async fn give(ctx: &OpContext, db: &Db, new: NewValidationCode) -> Result<ValidationCode, Problem> {
    allow::<ChannelManage, _>(ctx, WorldScope { sandbox: false })?;
    let mut tx = db.begin().await?;
    let partner = rows::partner::by_id(&mut tx, Reach::of(ctx)?, new.partner).await?;
    let partner = partner.ok_or_else(|| missing(ctx, new.partner))?;
    let organization_name = text::required("organizationName", &new.organization_name, NAME_MAX)?;
    if !(1..=CREATES_MAX).contains(&new.creates_max) {
        let message = format!("{} is not a number of customers; give 1 to {CREATES_MAX}", new.creates_max);
        return Err(Problem::invalid("maxCreates", message));
    }
    let code = ValidationCode {
        id: ctx.chance.guid(),
        partner: partner.tenant,
        organization_name,
        creates_max: new.creates_max,
        creates_left: new.creates_max,
        version: 1,
        given_at: ctx.now(),
    };
    rows::validation_code::insert(&mut tx, &code).await?;
    tx.commit().await?;
    Ok(code)
}

/// A partner's codes, oldest first, also those that are used up.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`.
pub async fn validation_code_list(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Vec<ValidationCode>, Problem> {
    allow::<CustomerRead, _>(ctx, PartnerScope(partner))?;
    rows::validation_code::of_partner(&mut db.reader().await?, partner).await
}

/// The code by which a customer is a public authority, if it is one.
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`.
pub async fn validation_code_of_customer(
    ctx: &OpContext,
    db: &Db,
    customer: TenantId,
) -> Result<Option<ValidationCode>, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let customer = allow::<CustomerRead, _>(ctx, customer)?.into_target();
    rows::validation_code::used_for(&mut reader, (customer.id, customer.partner)).await
}
