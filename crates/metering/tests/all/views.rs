//! Views of usage pass the policy first.

use crate::scene::{hours, open};
use tenantry_commerce::edge_of;
use tenantry_core::{Month, OpContext, Period, Reason, Role};
use tenantry_metering::EventQuery;
use tenantry_testkit::{HOURS, meter, on_every_engine, time};
use tenantry_usage::Granularity;

#[test]
fn a_view_is_for_those_who_may_have_it() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.accept(vec![hours(&own, "a", "2026-01-10", "1")]).await;
        let (metering, db) = (channel.world().metering(), channel.world().db());
        let within = Period { from: time("2026-01-01"), to: time("2026-02-01") };
        let edge = edge_of(&channel.provider_ctx(), db, channel.partner.tenant).await.unwrap().id;
        let query = EventQuery { subscription: own.id, meter: meter(HOURS), within, resource: None };
        let look = async |ctx: &OpContext| {
            let buckets =
                metering.usage_buckets(ctx, own.id, within, Granularity::Daily).await.map(|found| found.len());
            let events = metering.events_of(ctx, &query).await.map(|found| found.len());
            let unbilled =
                metering.unbilled(ctx, edge, Month::parse("2026-01").unwrap()).await.map(|found| found.len());
            [buckets, events, unbilled].map(|seen| seen.map_err(|problem| problem.reason()))
        };
        use Reason::{Forbidden, SubscriptionNotFound, TenantNotFound};
        for (ctx, expected) in [
            (channel.provider_ctx(), [Ok(1), Ok(1), Ok(1)]),
            (channel.partner_ctx(), [Ok(1), Ok(1), Ok(1)]),
            (channel.partner_ctx_with(&[Role::HelpdeskAgent]), [Ok(1), Ok(1), Err(Forbidden)]),
            (channel.partner_ctx_with(&[Role::UserAdmin]), [Err(Forbidden); 3]),
            (channel.stranger_ctx(), [Err(SubscriptionNotFound), Err(SubscriptionNotFound), Err(TenantNotFound)]),
        ] {
            assert_eq!(look(&ctx).await, expected, "{:?}", ctx.caller);
        }
    });
}
