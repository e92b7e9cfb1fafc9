//! A caller that goes away in the middle of a call: wherever it stops, the world goes on and nothing is lost.

use crate::scene::{batch, hours, open, prove_replay, shown};
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use tenantry_core::Month;
use tenantry_testkit::on_every_engine;

/// Looks at a future so often; `None` if it was not done by then and is dropped.
async fn give_up_after<F: Future>(looks: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = looks;
    std::future::poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

#[test]
fn intake_dropped_at_any_moment_leaves_a_world_that_works() {
    on_every_engine(|bench| async move {
        let (channel, customer, own) = open(&bench).await;
        let ctx = channel.provider_ctx();
        let metering = channel.world().metering();
        let mut finished = 0;
        for looks in 1.. {
            // Something to follow as well, so that every await is passed.
            let fresh = channel.order_usage(&customer).await;
            let event = || hours(&fresh, &format!("event {looks}"), "2026-01-10", "1");
            let given_up = give_up_after(looks, metering.intake(&ctx, batch([event()]))).await.is_none();
            // The sender does not know, and sends again.
            let verdict = shown(&metering.intake(&ctx, batch([event()])).await.unwrap()[0]);
            assert!(["accepted", "duplicate"].contains(&verdict.as_str()), "after {looks} looks: {verdict}");
            finished += usize::from(!given_up);
            if finished == 3 {
                break;
            }
            assert!(looks < 200, "intake takes {looks} looks and more");
        }
        channel.accept(vec![hours(&own, "after all", "2026-01-10", "1")]).await;
        prove_replay(&channel).await;
    });
}

#[test]
fn a_close_dropped_at_any_moment_can_be_made_again() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.accept(vec![hours(&own, "a", "2026-01-10", "1")]).await;
        channel.advance_to("2026-02-01").await;
        let ctx = channel.provider_ctx();
        let mut month = Month::parse("2026-01").unwrap();
        for looks in 1..24 {
            let clock = channel.world().clock().now().max(month.period().to);
            channel.advance_to(&clock.to_string()).await;
            give_up_after(looks, channel.world().metering().close_month(&ctx, month)).await;
            let closed = channel.world().metering().close_month(&ctx, month).await.unwrap();
            assert_eq!(closed.close.month, month);
            month = month.next();
        }
        prove_replay(&channel).await;
    });
}
