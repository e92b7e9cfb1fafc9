//! `/webhooks/v1/registration`: where the partner is told, and of what (rows 215 to 218).

use crate::params;
use crate::webhooks::event;
use crate::wire::input::Body;
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};
use tenantry_notify::{
    NewRegistration, Registration, registration_change, registration_create, registration_find, topic_list,
};

const EVENTS: &str = "WebhookEvents";

/// `Properties` of the documentation are always empty in its samples; nothing is kept of them, and nothing shown.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct View {
    subscriber_id: String,
    webhook_url: String,
    webhook_events: Vec<&'static str>,
    signature_token_to_ms_signature_header: bool,
    last_modified_timestamp: String,
}

impl View {
    fn of(registration: &Registration) -> Self {
        Self {
            subscriber_id: registration.id.to_string(),
            webhook_url: registration.url.clone(),
            webhook_events: registration.topics.iter().map(|topic| event::name(*topic)).collect(),
            signature_token_to_ms_signature_header: registration.own_header,
            last_modified_timestamp: registration.changed_at.to_string(),
        }
    }
}

/// The names of events that can be asked for: a bare array.
pub(crate) async fn events(call: Call) -> Result<Answer, Problem> {
    let topics = topic_list(&call.ctx, params::partner(&call)?)?;
    Answer::ok(&topics.map(event::name))
}

pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let found = registration_find(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    Answer::ok(&View::of(&found))
}

pub(crate) async fn create(call: Call) -> Result<Answer, Problem> {
    let (partner, sandbox) = (params::partner(&call)?, call.world.settings().sandbox);
    let created = registration_create(&call.ctx, call.world.db(), sandbox, partner, asked(&call)?).await?;
    Answer::ok(&View::of(&created))
}

/// The whole registration is replaced: what is left out is not kept.
pub(crate) async fn change(call: Call) -> Result<Answer, Problem> {
    let (partner, sandbox) = (params::partner(&call)?, call.world.settings().sandbox);
    let changed = registration_change(&call.ctx, call.world.db(), sandbox, partner, asked(&call)?).await?;
    Answer::ok(&View::of(&changed))
}

fn asked(call: &Call) -> Result<NewRegistration, Problem> {
    let body = Body::of(call)?;
    let fields = body.fields()?;
    let topics = fields.texts(EVENTS)?.into_iter().enumerate();
    Ok(NewRegistration {
        url: fields.text_or_empty("WebhookUrl")?,
        topics: topics
            .map(|(place, name)| event::topic(&format!("{EVENTS}[{place}]"), &name))
            .collect::<Result<_, _>>()?,
        own_header: fields.flag("SignatureTokenToMsSignatureHeader")?.unwrap_or(false),
    })
}
