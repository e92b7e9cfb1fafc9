//! `/api/v1/clock`: the world's time, and in a sandbox the hand that moves it.

use crate::wire;
use serde::{Deserialize, Serialize};
use tenantry_core::{Problem, Reason, Timestamp};
use tenantry_http::{Answer, Call};

const SECONDS_PER_DAY: i64 = 86_400;
/// A century at a time is more than any test needs, and keeps a typing error from closing 12,000 months.
const DAYS_MAX: i64 = 36_525;

#[derive(Serialize)]
struct ClockView<'a> {
    world: &'a str,
    /// Whether the clock can be moved.
    sandbox: bool,
    #[serde(serialize_with = "wire::text")]
    now: Timestamp,
}

/// Where to: an instant, or so many days on. One of the two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    to: Option<String>,
    days: Option<i64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MovedView {
    #[serde(serialize_with = "wire::text")]
    from: Timestamp,
    #[serde(serialize_with = "wire::text")]
    to: Timestamp,
    /// Jobs that fell due on the way and ran, each at its own time.
    jobs_run: usize,
}

/// The world's time.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let settings = call.world.settings();
    Answer::ok(&ClockView { world: &settings.name, sandbox: settings.sandbox, now: call.ctx.now() })
}

/// Moves the clock forward.
pub(crate) async fn advance(call: Call) -> Result<Answer, Problem> {
    let now = call.ctx.now();
    let to = match call.json::<Advance>()? {
        Advance { to: Some(to), days: None } => Timestamp::parse(&to).map_err(|error| Problem::invalid("to", error))?,
        Advance { to: None, days: Some(days) } if days >= 0 => now.plus_seconds(days.saturating_mul(SECONDS_PER_DAY)),
        Advance { to: None, days: Some(days) } => {
            return Err(Problem::invalid("days", format_args!("{days} is less than 0; the clock only goes forward")));
        }
        Advance { .. } => {
            let message = "send either {\"to\": \"2017-11-02T00:00:00Z\"} or {\"days\": 30}";
            return Err(Problem::new(Reason::InvalidField, message).at("to"));
        }
    };
    if to > now.plus_seconds(DAYS_MAX * SECONDS_PER_DAY) {
        let message = format!("{to} is more than {DAYS_MAX} days ahead of {now}; advance in smaller steps");
        return Err(Problem::invalid("to", message));
    }
    let moved = call.world.advance(&call.ctx, to).await?;
    Answer::ok(&MovedView { from: moved.from, to: moved.to, jobs_run: moved.jobs })
}
