//! Seats that go on in the modern catalogue: the old ones are paid for up to that day, the new ones from it on, whether somebody
//! migrates them or a day that was scheduled comes.

use crate::books::{Books, findings};
use crate::seats::{NEW_COMMERCE, import, order, seat_lines};
use tenantry_commerce::{
    BillingCycle, Limits, MigrateToNewCommerce, NewCommerceTerms, ScheduleNewCommerce, ScheduleWhen, Subscription,
    new_commerce_migrate, new_commerce_schedule,
};
use tenantry_core::Day;
use tenantry_rating::SeatCycle;
use tenantry_testkit::{Bench, Channel, on_every_engine};

const ENTERPRISE_E3: &str = "796B6B5F-613C-4E24-A17C-EBA730D49C02";

/// Ten seats of the old catalogue since the first of the year, at 31.00 a month.
async fn bought(bench: &Bench) -> (Channel, Subscription) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    for (offer, rate) in [(ENTERPRISE_E3, "31.00"), (NEW_COMMERCE, "36.00")] {
        import(&channel, "2026-01-01", (offer, SeatCycle::Monthly), rate, false).await;
    }
    let customer = channel.customer("Northwind").await.id;
    let ctx = channel.partner_ctx();
    let old = order(&ctx, &channel, customer, (ENTERPRISE_E3, BillingCycle::Monthly, 10)).await;
    (channel, old)
}

/// The lines of a month's document, by their days.
async fn documents(channel: &Channel, month: &str) -> Vec<String> {
    let ctx = channel.partner_ctx();
    let mut lines = seat_lines(&Books::of(channel, &ctx).invoice(month).await);
    lines.sort();
    lines
}

#[test]
fn a_migration_ends_the_old_seats_and_begins_the_new_on_its_day() {
    on_every_engine(|bench| async move {
        let (channel, old) = bought(&bench).await;
        channel.advance_to("2026-03-17T09:00:00Z").await;
        let terms = NewCommerceTerms { quantity: Some(12), ..NewCommerceTerms::default() };
        let migrate = MigrateToNewCommerce { customer: old.customer, subscription: old.id, terms };
        let db = channel.world().db();
        let made = new_commerce_migrate(&channel.partner_ctx(), db, &Limits::NONE, migrate).await.unwrap();
        assert_eq!(made.ends_on, old.commitment_ends_on, "the rest of the term");
        channel.advance_to("2026-05-05").await;
        assert_eq!(documents(&channel, "2026-03").await, MARCH);
        assert_eq!(documents(&channel, "2026-04").await, APRIL);
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

/// 16 days of 31 of ten seats are 16.00 each; a month from the 17th on, of twelve.
const MARCH: [&str; 2] =
    ["2026-03-01 2026-03-16 Cycle fee: 16.00 x 10 = 160.00", "2026-03-17 2026-04-16 new: 36.00 x 12 = 432.00"];
const APRIL: [&str; 1] = ["2026-04-17 2026-05-16 renew: 36.00 x 12 = 432.00"];

#[test]
fn a_scheduled_one_does_so_at_the_beginning_of_its_day() {
    on_every_engine(|bench| async move {
        let (channel, old) = bought(&bench).await;
        let schedule = ScheduleNewCommerce {
            customer: old.customer,
            subscription: old.id,
            terms: NewCommerceTerms { quantity: Some(12), ..NewCommerceTerms::default() },
            when: ScheduleWhen::On(Day::parse("2026-03-17").unwrap()),
        };
        let db = channel.world().db();
        new_commerce_schedule(&channel.partner_ctx(), db, &Limits::NONE, schedule).await.unwrap();
        channel.advance_to("2026-05-05").await;
        assert_eq!(documents(&channel, "2026-03").await, MARCH, "as if somebody had done it on that day");
        assert_eq!(documents(&channel, "2026-04").await, APRIL);
    });
}

#[test]
fn at_the_renewal_nothing_of_a_term_that_has_not_begun_is_charged() {
    on_every_engine(|bench| async move {
        let (channel, old) = bought(&bench).await;
        let schedule = ScheduleNewCommerce {
            customer: old.customer,
            subscription: old.id,
            terms: NewCommerceTerms::default(),
            when: ScheduleWhen::AtRenewal,
        };
        let db = channel.world().db();
        let made = new_commerce_schedule(&channel.partner_ctx(), db, &Limits::NONE, schedule).await.unwrap();
        assert_eq!(made.due_on.to_string(), "2027-01-01");
        channel.advance_to("2027-02-05").await;
        assert_eq!(documents(&channel, "2026-12").await, ["2026-12-01 2026-12-31 Cycle fee: 31.00 x 10 = 310.00"]);
        assert_eq!(documents(&channel, "2027-01").await, ["2027-01-01 2027-01-31 new: 36.00 x 10 = 360.00"]);
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}
