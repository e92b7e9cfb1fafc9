//! `POST /v1/customers/{customer}/agreements`. Who confirms is whom the token is of; a `userId` in the body counts nothing.

use super::wire::{Agreement, TYPES};
use crate::params;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{AgreementContact, ConfirmAgreement, agreement_confirm};
use tenantry_core::{Problem, Timestamp};
use tenantry_http::{Answer, Call};
use uuid::Uuid;

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let customer = params::found_customer(&call).await?;
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let contact = fields.object_or_empty("primaryContact")?;
    let confirm = ConfirmAgreement {
        customer,
        template: template(&fields)?,
        kind: Some(fields.word("type", &TYPES)?.ok_or_else(|| Problem::missing("type"))?),
        contact: AgreementContact {
            first_name: contact.text_or_empty("firstName")?,
            last_name: contact.text_or_empty("lastName")?,
            email: contact.text_or_empty("email")?,
            phone_number: contact.text("phoneNumber")?,
        },
        agreed_at: agreed_at(&fields)?,
    };
    let agreement = agreement_confirm(&call.ctx, call.world.db(), confirm).await?;
    Answer::created(&Agreement::of(&call, agreement))
}

fn template(fields: &Fields<'_>) -> Result<Uuid, Problem> {
    let text = fields.text("templateId")?.ok_or_else(|| Problem::missing("templateId"))?;
    Uuid::try_parse(text.trim()).map_err(|_| {
        let seen: String = text.chars().take(40).collect();
        Problem::invalid("templateId", format!("`{seen}` is not an id of a template; list the agreements"))
    })
}

/// An instant; clients send days too.
fn agreed_at(fields: &Fields<'_>) -> Result<Timestamp, Problem> {
    const NAME: &str = "dateAgreed";
    let text = fields.text(NAME)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| Problem::missing(NAME))?;
    Timestamp::parse(text.trim()).map_err(|error| Problem::invalid(NAME, error))
}
