//! A channel, words to tell in, and registrations.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tenantry_core::{Chance, OpContext, Problem};
use tenantry_notify::{
    NewRegistration, Post, Registration, Signed, Told, Topic, Wording, registration_change, registration_create,
};
use tenantry_testkit::{Bench, Channel};

/// A sandbox at the beginning of 2026.
pub(crate) async fn open(bench: &Bench) -> Channel {
    Channel::new(&bench.world("2026-01-01").await).await
}

/// Words that show all there is.
pub(crate) const WORDING: Wording = Wording { body, headers };

fn body(told: &Told, origin: &str) -> Result<Vec<u8>, Problem> {
    let customer = told.customer.map(|customer| customer.to_string()).unwrap_or_default();
    Ok(format!(
        "{{\"{:?}\":\"{}\",\"of\":\"{customer}\",\"at\":\"{}\",\"in\":\"{origin}\"}}",
        told.topic, told.subject, told.at
    )
    .into_bytes())
}

fn headers(signed: &Signed<'_>) -> Vec<(&'static str, String)> {
    let hex: String = signed.signature.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![("x-signature", hex), ("x-key", signed.key.to_owned()), ("x-own-header", signed.own_header.to_string())]
}

/// Tells what is due; gives how many tries were made.
pub(crate) async fn tell(channel: &Channel) -> usize {
    channel.world().tell_due(&Post::default(), WORDING).await.unwrap()
}

pub(crate) fn asking(url: &str, topics: &[Topic]) -> NewRegistration {
    NewRegistration { url: url.to_owned(), topics: topics.iter().copied().collect(), own_header: false }
}

/// Registers for the tenant of a context.
pub(crate) async fn register(
    channel: &Channel,
    ctx: &OpContext,
    url: &str,
    topics: &[Topic],
) -> Result<Registration, Problem> {
    let ctx = another(ctx);
    registration_create(&ctx, channel.world().db(), true, ctx.tenant().unwrap(), asking(url, topics)).await
}

pub(crate) async fn change(
    channel: &Channel,
    ctx: &OpContext,
    url: &str,
    topics: &[Topic],
) -> Result<Registration, Problem> {
    let ctx = another(ctx);
    registration_change(&ctx, channel.world().db(), true, ctx.tenant().unwrap(), asking(url, topics)).await
}

/// Another request of the same caller.
fn another(ctx: &OpContext) -> OpContext {
    static SEED: AtomicU64 = AtomicU64::new(1_000_000);
    let chance = Arc::new(Chance::from_seed(SEED.fetch_add(1, Ordering::Relaxed)));
    OpContext { request_id: chance.guid(), chance, ..ctx.clone() }
}
