//! `GET /v1/serviceincidents/office`, its count, and the same for a customer (partner-center-v1.md 2.19, 3.21).
//!
//! Clients read incidents grouped by workload, the service's own description has them flat: below a customer they are flat
//! here, elsewhere grouped. `office` is the name of the one list there is; its workloads are Tenantry's.

use crate::params;
use crate::wire::filter::{self, Filter, Operator};
use crate::wire::{Attributes, Collection};
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_directory::served_customer;
use tenantry_http::{Answer, Call};
use tenantry_support::{Incident, IncidentLevel, incident_list};

/// What a resolved incident is, and a workload without open ones.
const NORMAL: &str = "normal";

/// The incidents of one workload.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ServiceIncidents {
    workload: String,
    incidents: Vec<Detail>,
    /// The worst of what is open.
    status: &'static str,
    /// Announcements are not kept here.
    message_center_messages: Vec<Detail>,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    id: String,
    message_type: &'static str,
    start_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<String>,
    status: &'static str,
    messages: Vec<Message>,
    workload: String,
    affected_workload_names: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impacted_area: Option<String>,
    resolved: bool,
    severity: &'static str,
    attributes: Attributes,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    published_time: String,
    message_text: String,
}

pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let incidents = incident_list(&call.ctx, call.world.db(), resolved(&call)?).await?;
    let mut groups: Vec<(String, Vec<Incident>)> = Vec::new();
    for incident in incidents {
        match groups.iter_mut().find(|(workload, _)| *workload == incident.workload) {
            Some((_, known)) => known.push(incident),
            None => groups.push((incident.workload.clone(), vec![incident])),
        }
    }
    let items = groups.into_iter().map(group).collect();
    Answer::ok(&Collection::whole(items, "/serviceincidents/office"))
}

/// How many incidents there are, as a bare number.
pub(crate) async fn count(call: Call) -> Result<Answer, Problem> {
    let incidents = incident_list(&call.ctx, call.world.db(), resolved(&call)?).await?;
    Answer::ok(&incidents.len())
}

/// The services are the same to all customers, so these are all incidents.
pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let db = call.world.db();
    let customer = served_customer(&call.ctx, db, params::customer(&call)?).await?.customer;
    let incidents = incident_list(&call.ctx, db, resolved(&call)?).await?;
    let items = incidents.into_iter().map(detail).collect();
    Answer::ok(&Collection::whole(items, format!("/customers/{customer}/serviceincidents/office")))
}

fn resolved(call: &Call) -> Result<Option<bool>, Problem> {
    const CAN: &str = "Resolved can be compared by equals with true or false";
    match Filter::of(call)? {
        None => Ok(None),
        Some(Filter::Field { field, operator: Operator::Equals, value }) if field == "resolved" => {
            match value.trim().to_ascii_lowercase().as_str() {
                "true" => Ok(Some(true)),
                "false" => Ok(Some(false)),
                _ => Err(Problem::invalid("filter.Value", "is true or false")),
            }
        }
        Some(_) => Err(filter::unsupported(CAN)),
    }
}

fn group((workload, incidents): (String, Vec<Incident>)) -> ServiceIncidents {
    let open = incidents.iter().filter(|incident| incident.resolved_at.is_none());
    let worst = open.map(|incident| incident.level).max();
    ServiceIncidents {
        workload,
        status: worst.map_or(NORMAL, IncidentLevel::name),
        incidents: incidents.into_iter().map(detail).collect(),
        message_center_messages: Vec::new(),
        attributes: Attributes::of("ServiceIncidents"),
    }
}

fn detail(incident: Incident) -> Detail {
    let over = incident.resolved_at;
    Detail {
        id: incident.id(),
        message_type: "incident",
        start_time: incident.started_at.to_string(),
        end_time: over.map(|at| at.to_string()),
        status: if over.is_some() { NORMAL } else { incident.level.name() },
        messages: incident
            .messages
            .into_iter()
            .map(|said| Message { published_time: said.published_at.to_string(), message_text: said.words })
            .collect(),
        workload: incident.workload,
        affected_workload_names: incident.affected,
        impacted_area: incident.area,
        resolved: over.is_some(),
        severity: incident.level.name(),
        attributes: Attributes::of("ServiceIncidentDetail"),
    }
}
