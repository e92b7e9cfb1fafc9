//! `/api/v1/clock`: the world's time, and in a sandbox the hand that moves it.

use crate::{schema, wire};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tenantry_core::{Problem, Reason, Timestamp};
use tenantry_http::{Answer, Call};

const SECONDS_PER_DAY: i64 = 86_400;
/// A century at a time is more than any test needs, and keeps a typing error from closing 12,000 months.
const DAYS_MAX: i64 = 36_525;

#[derive(JsonSchema, Serialize)]
pub(crate) struct ClockView<'a> {
    world: &'a str,
    /// Whether the clock can be moved.
    sandbox: bool,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    now: Timestamp,
}

/// Where to: an instant, or so many days on. One of the two.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Advance {
    #[schemars(with = "Option<schema::Time>")]
    to: Option<String>,
    #[schemars(range(min = 0, max = DAYS_MAX))]
    days: Option<i64>,
}

#[derive(JsonSchema, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MovedView {
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    from: Timestamp,
    #[serde(serialize_with = "wire::text")]
    #[schemars(with = "schema::Time")]
    to: Timestamp,
    /// Jobs that fell due on the way and ran, each at its own time.
    jobs_run: usize,
}

/// The world's time.
pub(crate) async fn get(call: Call) -> Result<Answer, Problem> {
    let settings = call.world.settings();
    Answer::ok(&ClockView { world: &settings.name, sandbox: settings.sandbox, now: call.ctx.now() })
}

/// Moves the clock forward. Every partner of a sandbox may: it is there to be tried out, and its time is everybody's.
pub(crate) async fn advance(call: Call) -> Result<Answer, Problem> {
    let to = target(call.ctx.now(), call.json()?)?;
    let moved = call.world.advance(&call.ctx, to).await?;
    Answer::ok(&MovedView { from: moved.from, to: moved.to, jobs_run: moved.jobs })
}

/// Where the clock is to go. A refusal is about the member that was sent, and says what was sent.
fn target(now: Timestamp, asked: Advance) -> Result<Timestamp, Problem> {
    let latest = now.plus_seconds(DAYS_MAX * SECONDS_PER_DAY);
    match asked {
        Advance { to: Some(said), days: None } => {
            let to = Timestamp::parse(&said).map_err(|error| Problem::invalid("to", error))?;
            let message = || format!("`{said}` is more than {DAYS_MAX} days ahead of {now}; go to {latest} at most");
            if to > latest { Err(Problem::invalid("to", message())) } else { Ok(to) }
        }
        Advance { to: None, days: Some(days) } if days < 0 => {
            Err(Problem::invalid("days", format_args!("{days} is less than 0; the clock only goes forward")))
        }
        Advance { to: None, days: Some(days) } if days > DAYS_MAX => {
            let message = format!("{days} is more than {DAYS_MAX}, a century; advance in smaller steps");
            Err(Problem::invalid("days", message))
        }
        Advance { to: None, days: Some(days) } => Ok(now.plus_seconds(days * SECONDS_PER_DAY)),
        Advance { to, .. } => {
            let message = "send either {\"to\": \"2017-11-02T00:00:00Z\"} or {\"days\": 30}";
            let both = to.is_some();
            let reason = if both { Reason::InvalidField } else { Reason::MissingField };
            Err(Problem::new(reason, message).at(if both { "days" } else { "to" }))
        }
    }
}
