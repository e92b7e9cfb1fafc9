//! Law 7: one partner's charges are not there for another, in any view, whatever it guesses.

use crate::books::{Books, month};
use crate::shop::Shop;
use tenantry_billing::{
    ExplainQuery, InvoiceFilter, balances, explain, invoice_get, invoice_list, invoice_rows, unbilled,
};
use tenantry_commerce::edge_of;
use tenantry_core::{OpContext, Problem, Reason, Role, SubscriptionId};
use tenantry_testkit::{CARD, Channel, HOURS, events, meter, on_every_engine};

/// Asks for everything of the channel's partner. Says what each view answered.
async fn ask_for_all(channel: &Channel, ctx: &OpContext, invoice: &str) -> Vec<(&'static str, Option<Problem>)> {
    let (world, owner) = (channel.world(), channel.partner.tenant);
    let (db, metering, owner_ctx) = (world.db(), world.metering(), channel.partner_ctx());
    let edge = edge_of(&owner_ctx, db, owner).await.unwrap();
    let (found, _) = invoice_get(&owner_ctx, db, invoice).await.unwrap();
    let query = |invoice: Option<String>| ExplainQuery {
        invoice,
        subscription: found.lines[0].subscription,
        meter: meter(HOURS),
        month: None,
        day: None,
    };
    vec![
        ("invoice", invoice_get(ctx, db, invoice).await.err()),
        ("invoices", invoice_list(ctx, db, owner, InvoiceFilter::default()).await.err()),
        ("rows", invoice_rows(ctx, metering, &found).await.err()),
        ("unbilled", unbilled(ctx, db, metering, &edge, month("2026-02")).await.err()),
        ("explain", explain(ctx, db, metering, &query(None)).await.err()),
        ("explain of an invoice", explain(ctx, db, metering, &query(Some(invoice.to_owned()))).await.err()),
        ("balances", balances(ctx, db, owner).await.err()),
    ]
}

fn reasons(answers: Vec<(&'static str, Option<Problem>)>) -> Vec<(&'static str, Option<Reason>)> {
    answers.into_iter().map(|(view, problem)| (view, problem.map(|problem| problem.reason()))).collect()
}

#[test]
fn another_partner_is_told_that_there_is_nothing() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let own = channel.order_usage(&channel.customer("Northwind").await).await;
        let other = Shop::of_stranger(&channel).await;
        channel.accept(events(&own, HOURS, &[("2026-01-01", "10")])).await;
        channel.accept(events(&other.subscription, HOURS, &[("2026-01-01", "20")])).await;
        channel.advance_to("2026-02-10").await;
        channel.accept(events(&own, HOURS, &[("2026-02-02", "10")])).await;
        let ctx = channel.partner_ctx();
        let number = Books::of(&channel, &ctx).invoice("2026-01").await.number;

        use Reason::{Forbidden, InvoiceNotFound, SubscriptionNotFound, TenantNotFound};
        let hidden = [
            ("invoice", Some(InvoiceNotFound)),
            ("invoices", Some(TenantNotFound)),
            ("rows", Some(TenantNotFound)),
            ("unbilled", Some(TenantNotFound)),
            ("explain", Some(SubscriptionNotFound)),
            ("explain of an invoice", Some(InvoiceNotFound)),
            ("balances", Some(TenantNotFound)),
        ];
        assert_eq!(reasons(ask_for_all(&channel, &channel.stranger_ctx(), &number).await), hidden);
        let helpdesk = channel.partner_ctx_with(&[Role::HelpdeskAgent]);
        let refused = hidden.map(|(view, _)| (view, Some(Forbidden)));
        assert_eq!(reasons(ask_for_all(&channel, &helpdesk, &number).await), refused);
        for allowed in [channel.partner_ctx(), channel.provider_ctx(), channel.partner_ctx_with(&[Role::BillingAdmin])]
        {
            let nothing = hidden.map(|(view, _)| (view, None));
            assert_eq!(reasons(ask_for_all(&channel, &allowed, &number).await), nothing);
        }
    });
}

#[test]
fn a_guess_tells_nothing() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let own = channel.order_usage(&channel.customer("Northwind").await).await;
        let other = Shop::of_stranger(&channel).await;
        for subscription in [&own, &other.subscription] {
            channel.accept(events(subscription, HOURS, &[("2026-01-01", "10")])).await;
        }
        channel.advance_to("2026-02-10").await;
        let number = other.books(&channel).invoice("2026-01").await.number;
        // A partner asks about somebody else's subscription on its own document, and about one that never was.
        let (db, metering) = (channel.world().db(), channel.world().metering());
        let never = SubscriptionId::new(channel.world().chance().guid());
        let mut answers = Vec::new();
        for subscription in [own.id, never] {
            for invoice in [None, Some(number.clone())] {
                let query = ExplainQuery { invoice, subscription, meter: meter(HOURS), month: None, day: None };
                let refused = explain(&other.ctx, db, metering, &query).await.unwrap_err();
                answers.push((refused.reason(), refused.message().replace(&subscription.to_string(), "..")));
            }
        }
        let first = &answers[0];
        assert!(answers.iter().all(|answer| answer == first), "{answers:#?}");
        assert_eq!(first.0, Reason::SubscriptionNotFound);
        for ours in [HOURS.to_owned(), own.customer.to_string(), channel.partner.tenant.to_string()] {
            assert!(!first.1.contains(&ours), "{first:?}");
        }
    });
}
