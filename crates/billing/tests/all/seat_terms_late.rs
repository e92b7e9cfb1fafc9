//! Terms whose end nobody looked at on the day, and those that older versions sold: what is in use is still what is billed.

use crate::books::Books;
use crate::seat_terms::{shown, try_change};
use crate::seats::{NEW_COMMERCE, import, order, seat_lines};
use tenantry_commerce::{BillingCycle, Status, Subscription, TERMS_END};
use tenantry_core::{Day, OpContext, Reason};
use tenantry_db::{job, sql};
use tenantry_rating::SeatCycle;
use tenantry_testkit::{Channel, SEAT_OFFER, on_every_engine};

/// As if whoever looks at the ends of terms had been away: until something is asked for, or the job is there again.
async fn nobody_looks(channel: &Channel) {
    let mut tx = channel.world().db().begin().await.unwrap();
    sql("DELETE FROM due_job WHERE kind = $1").bind(TERMS_END).run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn looks(channel: &Channel, subject: &str) {
    let mut tx = channel.world().db().begin().await.unwrap();
    job::schedule(&mut tx, TERMS_END, subject, channel.partner_ctx().now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Five seats of a year from the leap day on.
async fn bought(ctx: &OpContext, channel: &Channel) -> Subscription {
    import(channel, "2024-01-01", (NEW_COMMERCE, SeatCycle::Annual), "400.00", false).await;
    let customer = channel.customer("Northwind").await;
    order(ctx, channel, customer.id, (NEW_COMMERCE, BillingCycle::Annual, 5)).await
}

#[test]
fn a_term_that_is_looked_at_late_is_renewed_as_of_its_day() {
    for by_an_act in [false, true] {
        on_every_engine(|bench| async move {
            let channel = Channel::new(&bench.world("2024-02-29T08:00:00Z").await).await;
            let ctx = channel.partner_ctx();
            let bought = bought(&ctx, &channel).await;
            try_change(&ctx, &channel, &bought, |change| change.next_term_quantity = Some(Some(3))).await.unwrap();
            channel.advance_to("2025-02-27").await;
            nobody_looks(&channel).await;
            channel.advance_to("2025-03-02T09:00:00Z").await;
            let ctx = channel.partner_ctx();
            if by_an_act {
                // The whole object as it was read before the term ended: only the name is meant.
                let now = try_change(&ctx, &channel, &bought, |change| {
                    change.friendly_name = Some("Office".to_owned());
                    change.quantity = Some(5);
                    change.status = Some(Status::Active);
                    change.next_term_quantity = Some(Some(3));
                });
                let now = now.await.unwrap();
                assert_eq!((now.friendly_name.as_str(), now.quantity, now.next_term_quantity), ("Office", 3, None));
            } else {
                looks(&channel, "2025-02-28").await;
                channel.advance_to("2025-03-02T10:00:00Z").await;
            }
            assert_eq!(shown(&ctx, &channel, &bought).await, "active 2024-02-29T08:00:00Z, 2026-02-28");
            channel.advance_to("2025-04-05").await;
            let books = Books::of(&channel, &ctx);
            let renewed = "2025-02-28 2026-02-27 renew: 400.00 x 3 = 1200.00";
            assert_eq!(seat_lines(&books.invoice("2025-02").await), [renewed]);
            assert_eq!(books.prove().await.len(), 2);
        });
    }
}

#[test]
fn what_was_read_before_a_term_ended_is_stale_afterwards() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2024-02-29T08:00:00Z").await).await;
        let ctx = channel.partner_ctx();
        let bought = bought(&ctx, &channel).await;
        let last = try_change(&ctx, &channel, &bought, |change| change.auto_renew = Some(false)).await.unwrap();
        channel.advance_to("2025-02-27").await;
        nobody_looks(&channel).await;
        channel.advance_to("2025-03-02T09:00:00Z").await;
        let ctx = channel.partner_ctx();
        let as_read = async |version| {
            try_change(&ctx, &channel, &bought, |change| {
                change.friendly_name = Some("Office".to_owned());
                change.status = Some(Status::Active);
                change.version = version;
            })
            .await
        };
        assert_eq!(as_read(Some(last.version)).await.unwrap_err().reason(), Reason::Stale);
        let over = "suspended 2025-02-28T00:00:00Z, 2025-02-28";
        assert_eq!(shown(&ctx, &channel, &bought).await, over, "the refusal does not hide the end");
        // Now its state is known, so to say `active` is to take it back.
        let back = as_read(Some(last.version + 1)).await.unwrap();
        assert_eq!((back.state.status(), back.starts_on), (Status::Active, Day::parse("2025-03-02").unwrap()));
    });
}

#[test]
fn what_older_versions_sold_goes_on_until_it_is_paid() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2018-01-13").await).await;
        import(&channel, "2018-01-01", (SEAT_OFFER, SeatCycle::Annual), "48.00", false).await;
        let customer = channel.customer("Northwind").await;
        let ctx = channel.partner_ctx();
        let bought = order(&ctx, &channel, customer.id, (SEAT_OFFER, BillingCycle::Annual, 5)).await;
        channel.advance_to("2019-03-01").await;
        let ctx = channel.partner_ctx();
        try_change(&ctx, &channel, &bought, |change| change.auto_renew = Some(false)).await.unwrap();
        // Older versions moved no ends, and looked at none: a migration left a job for what they sold.
        nobody_looks(&channel).await;
        let mut tx = channel.world().db().begin().await.unwrap();
        let stale = Day::parse("2019-01-13").unwrap().number();
        sql("UPDATE subscription SET commitment_ends_on = $1").bind(stale).run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        looks(&channel, "sold before").await;
        channel.advance_to("2019-06-01").await;
        assert_eq!(shown(&ctx, &channel, &bought).await, "active 2018-01-13T00:00:00Z, 2020-01-13");
        channel.advance_to("2020-02-05").await;
        assert_eq!(shown(&ctx, &channel, &bought).await, "suspended 2020-01-13T00:00:00Z, 2020-01-13");
        let books = Books::of(&channel, &ctx);
        let lines = [books.invoice("2018-01").await, books.invoice("2019-01").await].map(|of| seat_lines(&of)).concat();
        assert_eq!(
            lines,
            [
                "2018-01-13 2019-01-12 Prorate fees when purchase: 48.00 x 5 = 240.00",
                "2019-01-13 2020-01-12 Renew fee: 48.00 x 5 = 240.00"
            ]
        );
        assert_eq!(books.prove().await.len(), 2, "nothing is given back, and nothing more is charged");
    });
}
