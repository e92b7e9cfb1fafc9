//! Trials: a partner asks to be told of nothing in particular, to see whether its receiver hears.

use crate::registration::{no_trials, none};
use crate::{Told, Topic, rows};
use tenantry_access::{PartnerScope, WebhookManage, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, Timestamp};
use tenantry_db::{Db, audit};
use uuid::Uuid;

/// Trials a minute (partner-center-v1.md 2.21, row 219).
const TRIALS_MAX: i64 = 2;
const MINUTE_SECONDS: i64 = 60;
/// How long what became of a telling is kept (partner-center-v1.md 4.13): seven days.
pub(crate) const KEPT_SECONDS: i64 = 7 * 86_400;

/// Where a telling stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be tried, for the first time or again.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// Tried as often as it is tried at all; nobody is told any more.
    Parked,
}

impl DeliveryState {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Parked => "parked",
        }
    }

    pub(crate) fn from_name(name: &str) -> Result<Self, String> {
        let all = [Self::Waiting, Self::Delivered, Self::Parked];
        all.into_iter().find(|state| state.name() == name).ok_or_else(|| format!("`{name}` is no state of a delivery"))
    }
}

/// How one try went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When, in world time.
    pub at: Timestamp,
    /// What the receiver answered; `None` if no answer came.
    pub status: Option<u16>,
    /// Why no answer came, or what else is to be said; empty if nothing is.
    pub said: String,
}

/// A trial and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Names it.
    pub id: Uuid,
    /// Whose.
    pub partner: TenantId,
    /// The address that is called.
    pub url: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// The tries, in their order.
    pub attempts: Vec<Attempt>,
}

/// Asks for a trial; gives its name.
///
/// # Errors
/// `ObjectNotFound` without a registration; `InvalidField` if that does not hear of trials; `Throttled` for the third in a
/// minute of the world's time.
pub async fn trial_ask(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Uuid, Problem> {
    let line = audit::open(ctx, db, "webhook-trial", &partner.to_string()).await?;
    let outcome = ask(ctx, db, partner).await;
    line.close(ctx, db, outcome).await
}

async fn ask(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Uuid, Problem> {
    allow::<WebhookManage, _>(ctx, PartnerScope(partner))?;
    let mut tx = db.begin().await?;
    // Its row is the lock behind which trials are counted.
    rows::lock(&mut tx, partner).await?;
    let registration = rows::find(&mut tx, partner).await?.ok_or_else(|| none(partner))?;
    if !registration.topics.contains(&Topic::Trial) {
        return Err(no_trials());
    }
    let asked = rows::trials_after(&mut tx, partner, ctx.now().plus_seconds(-MINUTE_SECONDS)).await?;
    if asked >= TRIALS_MAX {
        let told = format!("{TRIALS_MAX} trials were asked for within a minute of the world's time; wait one");
        return Err(Problem::new(Reason::Throttled, told).retry_after(60));
    }
    let id = ctx.chance.guid();
    let told = Told { id, topic: Topic::Trial, subject: id.to_string(), customer: None, at: ctx.now() };
    rows::delivery_insert(&mut tx, partner, None, &told).await?;
    rows::delete_ended(&mut tx, ctx.now().plus_seconds(-KEPT_SECONDS)).await?;
    tx.commit().await?;
    Ok(id)
}

/// A trial and what became of it, for seven days.
///
/// # Errors
/// `ObjectNotFound` if the partner asked for none by that name, or long ago.
pub async fn trial_find(ctx: &OpContext, db: &Db, partner: TenantId, id: &str) -> Result<Trial, Problem> {
    allow::<WebhookManage, _>(ctx, PartnerScope(partner))?;
    let gone = || {
        let shown: String = id.chars().take(60).collect();
        let told = format!("there is no validation event `{shown}`; they are kept for 7 days");
        Problem::new(Reason::ObjectNotFound, told)
    };
    let id = Uuid::try_parse(id).map_err(|_| gone())?;
    let mut reader = db.reader().await?;
    let registration = rows::find(&mut reader, partner).await?.ok_or_else(gone)?;
    let since = ctx.now().plus_seconds(-KEPT_SECONDS);
    let state = rows::trial_state(&mut reader, partner, id, since).await?.ok_or_else(gone)?;
    let attempts = rows::attempts(&mut reader, id).await?;
    Ok(Trial { id, partner, url: registration.url, state, attempts })
}
