//! The close record.

use crate::scene::{hours, open, prove_replay};
use tenantry_core::{Month, Reason};
use tenantry_testkit::on_every_engine;

#[test]
fn a_month_is_closed_once_after_its_end_and_takes_earlier_ones_along() {
    on_every_engine(|bench| async move {
        let (channel, _, own) = open(&bench).await;
        channel.accept(vec![hours(&own, "a", "2026-01-10", "1")]).await;
        let (metering, ctx) = (channel.world().metering(), channel.provider_ctx());
        let close = async |month: &str| {
            let closed = metering.close_month(&ctx, Month::parse(month).unwrap()).await;
            closed.map(|closed| (closed.close.number, closed.new)).map_err(|problem| problem.reason())
        };
        assert_eq!(close("2026-01").await, Err(Reason::PeriodNotClosable));
        channel.advance_to("2026-02-02").await;
        assert_eq!(close("2026-01").await, Ok((1, true)));
        assert_eq!(close("2026-01").await, Ok((1, false)));
        assert_eq!(close("2025-12").await, Err(Reason::PeriodNotClosable), "skipped");
        channel.advance_to("2026-02-20").await;
        assert_eq!(close("2026-02").await, Err(Reason::PeriodNotClosable));
        prove_replay(&channel).await;
    });
}
