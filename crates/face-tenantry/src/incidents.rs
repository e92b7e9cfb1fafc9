//! `/api/v1/incidents`: what of the services does not run. The provider opens, tells more, and resolves; partners read, here
//! or in Partner Center.

use crate::document::{Detail, JSON, optional};
use crate::{asked, schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_access::{IncidentManage, WorldScope, allow};
use tenantry_core::{Problem, Timestamp};
use tenantry_http::{Answer, Call, Route, StatusCode};
use tenantry_support::{
    Incident, IncidentLevel, IncidentNews, NewIncident, incident_get, incident_list, incident_open, incident_resolve,
    incident_update,
};

pub(crate) const DETAILS: [Detail; 4] = [
    Detail::of("incidents.list").query(&[optional("state", "`open` or `resolved`; all by default")]),
    Detail::of("incidents.open").reads(&[JSON]),
    Detail::of("incidents.update").reads(&[JSON]),
    Detail::of("incidents.resolve").reads(&[JSON]),
];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/incidents", "incidents.list", "What of the services does not run", list),
        Route::post("/api/v1/incidents", "incidents.open", "Say that something does not run", open)
            .answers(StatusCode::CREATED),
        Route::get("/api/v1/incidents/{incident}", "incidents.get", "An incident", get),
        Route::post("/api/v1/incidents/{incident}/updates", "incidents.update", "Tell more about an incident", update),
        Route::post("/api/v1/incidents/{incident}/resolve", "incidents.resolve", "Say that it runs again", resolve),
    ]
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct OpenBody {
    #[schemars(required)]
    workload: Option<String>,
    /// Other workloads that suffer by it.
    affected_workloads: Option<Vec<String>>,
    /// Where, if not everywhere.
    area: Option<String>,
    /// `information`, `warning` or `critical`.
    #[schemars(required)]
    level: Option<String>,
    #[schemars(required)]
    message: Option<String>,
    /// Now by default.
    #[schemars(with = "Option<schema::Time>")]
    started_at: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateBody {
    #[schemars(required)]
    message: Option<String>,
    /// As before if absent.
    level: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResolveBody {
    #[schemars(required)]
    message: Option<String>,
}

#[derive(JsonSchema, Serialize)]
pub(crate) struct ListView {
    items: Vec<IncidentView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct IncidentView {
    id: String,
    workload: String,
    affected_workloads: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    level: &'static str,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    started_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved_at: Option<String>,
    messages: Vec<MessageView>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MessageView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    published_at: Timestamp,
    text: String,
}

/// The newest first.
async fn list(call: Call) -> Result<Answer, Problem> {
    let resolved = match asked::optional(&call, "state") {
        None | Some("all") => None,
        Some("open") => Some(false),
        Some("resolved") => Some(true),
        Some(other) => {
            let seen: String = other.chars().take(60).collect();
            return Err(Problem::invalid("state", format!("`{seen}` is not known; there are open, resolved, all")));
        }
    };
    let incidents = incident_list(&call.ctx, call.world.db(), resolved).await?;
    Answer::ok(&ListView { items: incidents.into_iter().map(view).collect() })
}

async fn get(call: Call) -> Result<Answer, Problem> {
    Answer::ok(&view(incident_get(&call.ctx, call.world.db(), call.param("incident")?).await?))
}

async fn open(call: Call) -> Result<Answer, Problem> {
    keeper(&call)?;
    let body = call.json::<OpenBody>()?;
    let level = body.level.ok_or_else(|| Problem::missing("level"))?;
    let read = |text: String| Timestamp::parse(&text).map_err(|error| Problem::invalid("startedAt", error));
    let new = NewIncident {
        workload: body.workload.unwrap_or_default(),
        affected: body.affected_workloads.unwrap_or_default(),
        area: body.area,
        level: IncidentLevel::parse("level", &level)?,
        words: body.message.unwrap_or_default(),
        started_at: body.started_at.map(read).transpose()?,
    };
    Answer::created(&view(incident_open(&call.ctx, call.world.db(), new).await?))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    keeper(&call)?;
    let id = call.param("incident")?.to_owned();
    let body = call.json::<UpdateBody>()?;
    let level = body.level.map(|level| IncidentLevel::parse("level", &level)).transpose()?;
    let news = IncidentNews { id, words: body.message.unwrap_or_default(), level };
    Answer::ok(&view(incident_update(&call.ctx, call.world.db(), news).await?))
}

async fn resolve(call: Call) -> Result<Answer, Problem> {
    keeper(&call)?;
    let words = call.json::<ResolveBody>()?.message.unwrap_or_default();
    Answer::ok(&view(incident_resolve(&call.ctx, call.world.db(), call.param("incident")?, words).await?))
}

/// Before the body is read: who may not say anything is not told what is wrong with it.
fn keeper(call: &Call) -> Result<(), Problem> {
    allow::<IncidentManage, _>(&call.ctx, WorldScope { sandbox: false }).map(drop)
}

fn view(incident: Incident) -> IncidentView {
    IncidentView {
        id: incident.id(),
        workload: incident.workload,
        affected_workloads: incident.affected,
        area: incident.area,
        level: incident.level.name(),
        started_at: incident.started_at,
        resolved_at: incident.resolved_at.map(|at| at.to_string()),
        messages: incident
            .messages
            .into_iter()
            .map(|said| MessageView { published_at: said.published_at, text: said.words })
            .collect(),
    }
}
