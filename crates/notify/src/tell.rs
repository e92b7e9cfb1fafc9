//! Telling: what was gathered is sent, each partner's in its order, and how it went is written down.
//!
//! A receiver that does not take something is tried again after a minute, then after two, four and so on, ten times in
//! all; then it is parked (partner-center-v1.md 4.13; the waits are ours). Waits are of the world's time. Moving the clock
//! of a sandbox waits for nobody's server: what became due on the way is tried once afterwards.

use crate::gather::gather;
use crate::post::Post;
use crate::receiver_url::ReceiverUrl;
use crate::rows::{self, Delivery};
use crate::{Attempt, DeliveryState, Signed, Wording};
use tenantry_core::{OpContext, Problem, TenantId, Timestamp};
use tenantry_db::Db;
use tenantry_directory::Keys;

/// How often something is tried.
const ATTEMPTS_MAX: i64 = 10;
/// The wait after the first try that failed; each one after it is twice as long. The last is a little over four hours.
const RETRY_FIRST_SECONDS: i64 = 60;
/// How long a telling is left to the process that took it: longer than a call may take.
const TAKEN_SECONDS: i64 = 60;
/// What one partner is told at a stretch. More waits for the next look, so that stopping the program does not wait long.
const STRETCH: usize = 50;
/// Partners looked for at a time.
const PARTNERS_MAX: i64 = 64;

/// All that telling needs of a world.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// Its database.
    pub db: &'a Db,
    /// Its keys: they sign.
    pub keys: &'a Keys,
    /// Whether it is a sandbox: then receivers on this machine may be called.
    pub sandbox: bool,
    /// Whether other processes serve it too.
    pub shared: bool,
    /// What calls receivers.
    pub post: &'a Post,
    /// The words.
    pub wording: Wording,
}

/// Reads on what happened; gives the partners that are to be told something now.
///
/// # Errors
/// Those of the database.
pub async fn partners_to_tell(ctx: &OpContext, db: &Db) -> Result<Vec<TenantId>, Problem> {
    gather(ctx, db).await?;
    rows::due_partners(&mut db.reader().await?, ctx.now(), PARTNERS_MAX).await
}

impl Teller<'_> {
    /// Tells a partner what is due, until something is not taken. Gives how many tries were made.
    ///
    /// # Errors
    /// Ours only: that a receiver does not listen is written down and no error.
    pub async fn tell(&self, ctx: &OpContext, partner: TenantId) -> Result<usize, Problem> {
        for tried in 0..STRETCH {
            let Some(delivery) = self.next(ctx, partner).await? else { return Ok(tried) };
            if self.deliver(ctx, &delivery).await? != DeliveryState::Delivered {
                return Ok(tried + 1);
            }
        }
        Ok(STRETCH)
    }

    async fn next(&self, ctx: &OpContext, partner: TenantId) -> Result<Option<Delivery>, Problem> {
        // One process needs no such mark, and its clock may stand still.
        let until = self.shared.then(|| ctx.now().plus_seconds(TAKEN_SECONDS));
        let mut tx = self.db.begin().await?;
        let taken = rows::take(&mut tx, partner, ctx.now(), until).await?;
        tx.commit().await?;
        Ok(taken)
    }

    async fn deliver(&self, ctx: &OpContext, delivery: &Delivery) -> Result<DeliveryState, Problem> {
        let outcome = self.send(delivery).await?;
        let now = ctx.now();
        let after = after(delivery.attempts + 1, matches!(outcome, Ok(200..300)), now);
        let attempt = Attempt { at: now, status: outcome.ok(), said: outcome.err().unwrap_or_default().to_owned() };
        let mut tx = self.db.begin().await?;
        rows::attempted(&mut tx, delivery, &attempt, after).await?;
        tx.commit().await?;
        if after.0 == DeliveryState::Parked {
            let Delivery { partner, told, .. } = delivery;
            tracing::warn!("partner {partner} could not be told of {:?} {}: {attempt:?}", told.topic, told.subject);
        }
        Ok(after.0)
    }

    async fn send(&self, delivery: &Delivery) -> Result<Result<u16, &'static str>, Problem> {
        let found = rows::find(&mut self.db.reader().await?, delivery.partner).await?;
        let Some(registration) = found else { return Ok(Err("nothing is registered any more")) };
        // Judged again: a world's rules may have changed since, as when a copy of a sandbox becomes live.
        let Ok(url) = ReceiverUrl::parse(&registration.url, self.sandbox) else {
            return Ok(Err("the registered address may not be called in this world"));
        };
        let origin = self.keys.origin();
        let body = (self.wording.body)(&delivery.told, origin)?;
        let (key, signature) = self.keys.sign_message(&body)?;
        let signed = Signed { origin, key: &key, signature: &signature, own_header: registration.own_header };
        self.post.send(&url, self.sandbox, &(self.wording.headers)(&signed), body).await
    }
}

/// Where a telling stands after a try, and when it is tried again.
fn after(tried: i64, taken: bool, now: Timestamp) -> (DeliveryState, Timestamp) {
    if taken {
        return (DeliveryState::Delivered, now);
    }
    if tried >= ATTEMPTS_MAX {
        return (DeliveryState::Parked, now);
    }
    let doublings = u32::try_from(tried - 1).unwrap_or(0);
    (DeliveryState::Waiting, now.plus_seconds(RETRY_FIRST_SECONDS.saturating_mul(2_i64.saturating_pow(doublings))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_until_it_is_given_up() {
        let now = Timestamp::from_seconds(1_000);
        let waits: Vec<_> = (1..ATTEMPTS_MAX)
            .map(|tried| {
                let (state, next) = after(tried, false, now);
                assert_eq!(state, DeliveryState::Waiting);
                next.seconds() - now.seconds()
            })
            .collect();
        assert_eq!(waits, [60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 15_360]);
        assert_eq!(after(ATTEMPTS_MAX, false, now), (DeliveryState::Parked, now));
        assert_eq!(after(ATTEMPTS_MAX, true, now), (DeliveryState::Delivered, now));
    }
}
