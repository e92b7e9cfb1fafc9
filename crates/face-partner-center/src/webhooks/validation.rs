//! Validation events: the partner asks to be told of nothing in particular, and looks what its receiver said (rows 219 and
//! 220).

use crate::params;
use serde::Serialize;
use tenantry_core::Problem;
use tenantry_http::{Answer, Call, StatusCode};
use tenantry_notify::{Attempt, DeliveryState, trial_ask, trial_find};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    correlation_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ValidationEvent {
    correlation_id: String,
    partner_id: String,
    status: &'static str,
    callback_url: String,
    results: Vec<ResultView>,
}

/// One try. Without an answer there is no code: `systemError` and the message say why.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultView {
    #[serde(skip_serializing_if = "Option::is_none")]
    response_code: Option<String>,
    response_message: String,
    system_error: bool,
    date_time_utc: String,
}

/// Asks for one.
pub(crate) async fn ask(call: Call) -> Result<Answer, Problem> {
    let id = trial_ask(&call.ctx, call.world.db(), params::partner(&call)?).await?;
    Answer::ok(&Asked { correlation_id: id.to_string() })
}

/// What became of one, for seven days.
pub(crate) async fn find(call: Call) -> Result<Answer, Problem> {
    let partner = params::partner(&call)?;
    let trial = trial_find(&call.ctx, call.world.db(), partner, call.param("correlationId")?).await?;
    Answer::ok(&ValidationEvent {
        correlation_id: trial.id.to_string(),
        partner_id: trial.partner.to_string(),
        status: match trial.state {
            DeliveryState::Waiting => "pending",
            DeliveryState::Delivered => "completed",
            DeliveryState::Parked => "failed",
        },
        callback_url: trial.url,
        results: trial.attempts.iter().map(result).collect(),
    })
}

fn result(attempt: &Attempt) -> ResultView {
    ResultView {
        response_code: attempt.status.map(code),
        response_message: attempt.said.clone(),
        system_error: attempt.status.is_none(),
        date_time_utc: attempt.at.to_string(),
    }
}

/// The name of a status as the original writes it: `OK`, `NotFound`, `InternalServerError`. One without a name is its
/// number.
fn code(status: u16) -> String {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => reason.chars().filter(char::is_ascii_alphanumeric).collect(),
        None => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_written_by_its_name() {
        for (status, name) in
            [(200, "OK"), (204, "NoContent"), (404, "NotFound"), (500, "InternalServerError"), (299, "299"), (0, "0")]
        {
            assert_eq!(code(status), name);
        }
    }
}
