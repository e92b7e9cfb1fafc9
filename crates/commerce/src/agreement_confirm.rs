//! Confirming that a customer agreed.

use crate::agreement::{Agreement, AgreementContact, AgreementKind, AgreementTemplate};
use crate::{customers, rows, text};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Db, audit};
use uuid::Uuid;

/// Clocks and calendars of clients are not ours: a date of tomorrow is still today somewhere.
const AHEAD_SECONDS: i64 = 24 * 60 * 60;

/// What a partner confirms.
#[derive(Debug, Clone)]
pub struct ConfirmAgreement {
    /// Who agreed.
    pub customer: TenantId,
    /// To which template.
    pub template: Uuid,
    /// To which agreement, if it is said besides; the two must go together.
    pub kind: Option<AgreementKind>,
    /// The person who agreed.
    pub contact: AgreementContact,
    /// When.
    pub agreed_at: Timestamp,
}

/// Confirms that a person of the customer agreed. From then on the partner may order for the customer. Who may order may
/// confirm: the field lets admin and sales agents (partner-center-v1.md 5.2, "Confirm customer agreement").
///
/// # Errors
/// `CustomerNotFound`, `Forbidden`; `InvalidField` on `templateId`, on `type`, and on `dateAgreed` in the future; those of
/// the contact; `AlreadyExists` if the same person was confirmed before.
pub async fn agreement_confirm(ctx: &OpContext, db: &Db, confirm: ConfirmAgreement) -> Result<Agreement, Problem> {
    let line = audit::open(ctx, db, "agreement-confirm", &confirm.customer.to_string()).await?;
    let outcome = record(ctx, db, confirm).await;
    line.close(ctx, db, outcome).await
}

async fn record(ctx: &OpContext, db: &Db, confirm: ConfirmAgreement) -> Result<Agreement, Problem> {
    let mut tx = db.begin().await?;
    let customer = customers::visible_as_one(ctx, &mut tx, confirm.customer).await?;
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    let Caller::SignedIn(identity) = &ctx.caller else {
        return Err(Problem::new(Reason::Forbidden, "an agreement is confirmed by somebody of the partner, not by us"));
    };
    let template = template(&confirm)?;
    if confirm.agreed_at > ctx.now().plus_seconds(AHEAD_SECONDS) {
        let message = format!("{} is in the future; it is {} here", confirm.agreed_at, ctx.now());
        return Err(Problem::invalid("dateAgreed", message));
    }
    let agreement = Agreement {
        customer: customer.id,
        partner: customer.partner,
        template,
        contact: confirm.contact.checked()?,
        agreed_at: confirm.agreed_at,
        confirmed_by: identity.principal,
        confirmed_at: ctx.now(),
    };
    rows::customer::lock_served(&mut tx, customer.id, customer.partner).await?;
    if !rows::agreement::insert(&mut tx, &agreement).await? {
        let who = text::shown(&agreement.contact.email);
        let message = format!("that {who} agreed was confirmed before; confirm another contact, or none");
        return Err(Problem::new(Reason::AlreadyExists, message).at("primaryContact"));
    }
    tx.commit().await?;
    Ok(agreement)
}

fn template(confirm: &ConfirmAgreement) -> Result<AgreementTemplate, Problem> {
    let found = AgreementTemplate::find(confirm.template).ok_or_else(|| {
        Problem::invalid("templateId", format!("there is no agreement template {}; list them", confirm.template))
    })?;
    if confirm.kind.is_some_and(|kind| kind != found.kind) {
        return Err(Problem::invalid(
            "type",
            "the template is of the other agreement; send the type it is listed with",
        ));
    }
    Ok(found)
}
