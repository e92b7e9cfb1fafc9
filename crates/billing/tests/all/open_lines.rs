//! The lines of the next document are those it is issued with, and are for those who may read it.

use crate::books::{Books, month};
use crate::shop::Shop;
use std::collections::BTreeSet;
use tenantry_billing::{InvoiceLine, OpenLine, metered_customers, name_of, unbilled_lines};
use tenantry_commerce::edge_of;
use tenantry_core::{OpContext, Problem, Reason, Role};
use tenantry_testkit::{CARD, Channel, HOURS, TIERED, UNPRICED, event, events, on_every_engine};

async fn lines(channel: &Channel, ctx: &OpContext) -> Result<Vec<OpenLine>, Problem> {
    let world = channel.world();
    let edge = edge_of(&channel.provider_ctx(), world.db(), channel.partner.tenant).await?;
    unbilled_lines(ctx, world.db(), world.metering(), &edge, month("2026-01")).await
}

#[test]
fn what_is_open_is_what_will_be_issued() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let (north, tail) = (channel.customer("Northwind").await, channel.customer("Tailspin").await);
        let owned = [channel.order_usage(&tail).await, channel.order_usage(&north).await];
        channel.advance_to("2026-01-02").await;
        for own in owned {
            channel.accept(events(&own, HOURS, &[("2026-01-01", "1.333333")])).await;
            channel.accept(events(&own, TIERED, &[("2026-01-01", "60"), ("2026-01-01T01:00:00Z", "90")])).await;
            channel.accept(vec![event(&own, UNPRICED, "2026-01-01", "4")]).await;
        }
        let ctx = channel.partner_ctx_with(&[Role::BillingAdmin]);
        let open = lines(&channel, &ctx).await.unwrap();
        assert!(open.iter().all(|open| !open.rows.is_empty()));
        let place = |line: &InvoiceLine| (line.subscription, line.service_month.clone(), line.meter);
        assert!(open.is_sorted_by_key(|open| place(&open.line)), "{open:?}");
        channel.advance_to("2026-02-10").await;
        let mut issued = Books::of(&channel, &ctx).invoice("2026-01").await.lines;
        assert_eq!(issued.len(), 4, "what has no price is on no document");
        issued.sort_by_key(place);
        assert_eq!(open.into_iter().map(|open| open.line).collect::<Vec<_>>(), issued);
        assert_eq!(lines(&channel, &ctx).await.unwrap(), []);
    });
}

#[test]
fn names_are_for_those_who_read_bills() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind").await;
        channel.order_usage(&customer).await;
        channel.order_seats(&channel.customer("Litware").await, 1).await;
        let other = Shop::of_stranger(&channel).await;
        let (db, partner) = (channel.world().db(), channel.partner.tenant);
        let ask = async |ctx: &OpContext| {
            let lines = lines(&channel, ctx).await.map(|_| ());
            let one = name_of(ctx, db, customer.id).await.map(|named| assert_eq!(named.name, "Northwind"));
            let all = metered_customers(ctx, db, partner).await.map(|all| {
                let names: BTreeSet<_> = all.iter().map(|named| named.name.as_str()).collect();
                assert_eq!(names, BTreeSet::from(["Northwind"]), "without those who buy seats only");
            });
            [lines, one, all].map(|answer| answer.err().map(|problem| problem.reason()))
        };
        for role in [Role::BillingAdmin, Role::AdminAgent, Role::GlobalAdmin] {
            assert_eq!(ask(&channel.partner_ctx_with(&[role])).await, [None; 3], "{role:?}");
        }
        assert_eq!(ask(&channel.provider_ctx()).await, [None; 3]);
        for role in [Role::HelpdeskAgent, Role::SalesAgent, Role::UserAdmin] {
            assert_eq!(ask(&channel.partner_ctx_with(&[role])).await, [Some(Reason::Forbidden); 3], "{role:?}");
        }
        let hidden = [Reason::TenantNotFound, Reason::CustomerNotFound, Reason::TenantNotFound];
        assert_eq!(ask(&other.ctx).await, hidden.map(Some));
    });
}
