//! A dry run shows what the close will issue, byte for byte, and leaves no trace. And a close of many edges.

use crate::books::{findings, kept, month};
use crate::shop::Shop;
use std::sync::Arc;
use tenantry_billing::{Invoice, NewTaxRate, close_dry_run, close_month, edge_rounding_set, tax_rate_set};
use tenantry_commerce::edge_of;
use tenantry_core::{Factor, Reason, Role, Rounding};
use tenantry_db::sql;
use tenantry_testkit::{Bench, CARD, Channel, HOURS, events, on_every_engine};

/// Every table of the world and how many rows it has, and every counter.
async fn traces(channel: &Channel) -> Vec<String> {
    let mut reader = channel.world().db().reader().await.unwrap();
    let mut traces = Vec::new();
    for (table, count) in [
        ("invoice", sql("SELECT COUNT(*) AS n FROM invoice")),
        ("ledger_entry", sql("SELECT COUNT(*) AS n FROM ledger_entry")),
        ("outbox", sql("SELECT COUNT(*) AS n FROM outbox")),
        ("audit_line", sql("SELECT COUNT(*) AS n FROM audit_line")),
        ("usage_log", sql("SELECT COUNT(*) AS n FROM usage_log")),
    ] {
        traces.push(format!("{table} {}", count.one(&mut reader).await.unwrap().integer("n").unwrap()));
    }
    for row in sql("SELECT name, value FROM counter ORDER BY name").all(&mut reader).await.unwrap() {
        traces.push(format!("{} {}", row.text("name").unwrap(), row.integer("value").unwrap()));
    }
    traces
}

/// A document without what a dry run cannot know.
fn undated(invoice: &Invoice) -> String {
    let empty = String::new;
    let shown = Invoice { number: empty(), issued_at: empty(), due_on: empty(), ..invoice.clone() };
    serde_json::to_string(&shown).unwrap()
}

async fn partners(bench: &Bench, count: usize) -> (Channel, Vec<Shop>) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let mut shops = vec![Shop::of_stranger(&channel).await];
    for number in 1..count {
        shops.push(Shop::open(&channel, &format!("partner{number}"), "US", "USD").await);
    }
    channel.advance_to("2026-01-31").await;
    for (shop, hours) in shops.iter().zip(1..) {
        let (own, used) = (&shop.subscription, format!("{hours}.25"));
        channel.accept(events(own, HOURS, &[("2026-01-05", used.as_str()), ("2026-01-09", "2")])).await;
    }
    channel.advance_to("2026-02-01").await;
    (channel, shops)
}

#[test]
fn a_dry_run_is_the_run_without_number_and_date() {
    on_every_engine(|bench| async move {
        let (channel, shops) = partners(&bench, 3).await;
        let (world, ctx) = (channel.world(), channel.provider_ctx());
        let edge = edge_of(&ctx, world.db(), shops[1].partner.tenant).await.unwrap();
        edge_rounding_set(&ctx, world.db(), &edge, Rounding::Floor, ctx.now()).await.unwrap();
        let tax = NewTaxRate {
            seller: channel.provider.tenant,
            market: "US".into(),
            rate: Factor::parse("0.19").unwrap(),
            hook: "std".into(),
            from: ctx.now(),
        };
        tax_rate_set(&ctx, world.db(), tax).await.unwrap();
        let before = traces(&channel).await;
        let dry = close_dry_run(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        assert_eq!(traces(&channel).await, before, "a dry run leaves no trace");
        assert_eq!((dry.new, dry.close.number, dry.invoices.len(), dry.stopped.len()), (true, 1, 3, 0));

        let run = close_month(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        let (dry, run): (Vec<_>, Vec<_>) = (dry.invoices.iter().collect(), run.invoices.iter().collect());
        assert_eq!(
            dry.iter().map(|one| undated(one)).collect::<Vec<_>>(),
            run.iter().map(|one| undated(one)).collect::<Vec<_>>()
        );
        assert!(run.iter().all(|one| one.tax_rate == "0.19" && one.tax_hook == "std" && one.tax != "0.00"), "{run:#?}");
        assert!(run.iter().any(|one| one.rounding == Rounding::Floor));
        assert!(dry.iter().all(|one| one.number.is_empty()));
        let again = close_dry_run(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        assert!(!again.new);
        assert_eq!(
            again.invoices.iter().collect::<Vec<_>>(),
            run,
            "what closing again answers: the documents there are"
        );
        for absurd in ["2026-03", "9999-12"] {
            let refused = close_dry_run(&ctx, world.db(), world.metering(), month(absurd)).await.unwrap_err();
            let message = format!("month: {absurd} has not begun; it is 2026-02 in this world");
            assert_eq!((refused.field(), refused.message()), (Some("month"), message.as_str()));
        }
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

#[test]
fn a_dry_run_looks_at_a_running_month_and_asks_the_policy() {
    on_every_engine(|bench| async move {
        let (channel, shops) = partners(&bench, 2).await;
        let world = channel.world();
        let (ctx, metering) = (channel.provider_ctx(), world.metering());
        let own = &shops[0].subscription;
        channel.accept(events(own, HOURS, &[("2026-02-01", "1")])).await;
        let running = close_dry_run(&ctx, world.db(), metering, month("2026-02")).await.unwrap();
        let months: Vec<_> =
            running.invoices.iter().flat_map(|one| &one.lines).map(|line| &line.service_month).collect();
        assert!(months.iter().any(|of| *of == "2026-01") && months.iter().any(|of| *of == "2026-02"), "{months:?}");

        let seen = close_dry_run(&shops[1].ctx, world.db(), metering, month("2026-01")).await.unwrap();
        let buyers: Vec<_> = seen.invoices.iter().map(|one| one.buyer.tenant).collect();
        assert_eq!(buyers, [shops[1].partner.tenant], "of a sandbox a partner sees its own only");
        let helpdesk = channel.partner_ctx_with(&[Role::HelpdeskAgent]);
        let refused = close_dry_run(&helpdesk, world.db(), metering, month("2026-01")).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
    });
}

/// More edges than one batch and more than one thread drafts, closed from several sides at once.
#[test]
fn many_edges_closed_at_once_get_numbers_without_gaps() {
    on_every_engine(|bench| async move {
        let (channel, shops) = partners(&bench, 37).await;
        let close = || {
            let (world, ctx) = (Arc::clone(channel.world()), channel.provider_ctx());
            tokio::spawn(async move { close_month(&ctx, world.db(), world.metering(), month("2026-01")).await })
        };
        let mut seen = Vec::new();
        for running in [close(), close(), close()] {
            seen.push(running.await.unwrap().unwrap().invoices);
        }
        assert!(seen.iter().all(|invoices| invoices.len() == 37 && invoices == &seen[0]));
        let numbers: Vec<_> = kept(&channel).await.into_iter().map(|kept| kept.number).collect();
        let expected: Vec<_> = (1..=37).map(|number| format!("D26{number:07}")).collect();
        assert_eq!(numbers, expected);
        assert_eq!(findings(&channel).await, Vec::<String>::new());
        assert_eq!(shops[36].books(&channel).prove().await.len(), 1);
    });
}

/// As long as the tax rate of its market is damaged, an edge has no documents. The clock moves on, all others are billed
/// month by month, and repaired it gets those it lacks.
#[test]
fn a_document_that_cannot_be_issued_holds_up_no_later_month() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let first = Shop::of_stranger(&channel).await;
        let second = Shop::open(&channel, "gallic", "FR", "USD").await;
        second.import_card(&channel, CARD).await;
        let (world, ctx) = (channel.world(), channel.provider_ctx());
        let tax = NewTaxRate {
            seller: channel.provider.tenant,
            market: "FR".into(),
            rate: Factor::parse("0.2").unwrap(),
            hook: String::new(),
            from: ctx.now(),
        };
        tax_rate_set(&ctx, world.db(), tax).await.unwrap();
        let set = |rate: &'static str| {
            let world = Arc::clone(world);
            async move {
                let mut tx = world.db().begin().await.unwrap();
                sql("UPDATE tax_rate SET rate = $1").bind(rate).run(&mut tx).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        set("a fifth").await;
        for (month, day) in [("2026-02-01", "2026-01-31"), ("2026-03-01", "2026-02-28")] {
            channel.advance_to(month).await;
            for shop in [&first, &second] {
                channel.accept(events(&shop.subscription, HOURS, &[(day, "4")])).await;
            }
        }
        channel.advance_to("2026-04-02").await;
        let months = async |shop: &Shop| -> Vec<String> {
            shop.books(&channel).invoices().await.into_iter().map(|invoice| invoice.month).collect()
        };
        assert_eq!((months(&first).await.len(), months(&second).await.len()), (2, 0));
        set("0.2").await;
        channel.advance_to("2026-04-04").await;
        let mut late = months(&second).await;
        late.sort();
        assert_eq!(late, ["2026-01", "2026-02"]);
        assert_eq!(months(&first).await.len(), 2, "nothing is issued twice");
        channel.advance_to("2026-05-02").await;
        let closes = world.metering().read_all(|fold| fold.closes().len()).await;
        assert_eq!(closes, 3);
    });
}

/// One edge cannot be billed (its market's tax rate is damaged): all others are; repaired, it gets the next number.
#[test]
fn an_edge_that_fails_holds_up_nobody_and_is_issued_later() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let first = Shop::of_stranger(&channel).await;
        let second = Shop::open(&channel, "tailspin", "US", "USD").await;
        let third = Shop::open(&channel, "gallic", "FR", "USD").await;
        third.import_card(&channel, CARD).await;
        channel.advance_to("2026-02-01").await;
        for shop in [&first, &second, &third] {
            channel.accept(events(&shop.subscription, HOURS, &[("2026-01-31", "4")])).await;
        }
        let (world, ctx) = (channel.world(), channel.provider_ctx());
        let tax = NewTaxRate {
            seller: channel.provider.tenant,
            market: "FR".into(),
            rate: Factor::parse("0.2").unwrap(),
            hook: String::new(),
            from: ctx.now(),
        };
        tax_rate_set(&ctx, world.db(), tax).await.unwrap();
        let set = |rate: &'static str| {
            let world = Arc::clone(world);
            async move {
                let mut tx = world.db().begin().await.unwrap();
                sql("UPDATE tax_rate SET rate = $1").bind(rate).run(&mut tx).await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        set("a fifth").await;
        let dry = close_dry_run(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        assert_eq!((dry.invoices.len(), dry.stopped.len()), (2, 1), "{:?}", dry.stopped);
        let failed = close_month(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap_err();
        assert!(failed.message().contains("1 of its documents could not be issued"), "{failed:?}");
        assert_eq!(kept(&channel).await.len(), 2);
        set("0.2").await;
        close_month(&ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        let numbers: Vec<_> = kept(&channel).await.into_iter().map(|kept| kept.number).collect();
        assert_eq!(numbers, ["D260000001", "D260000002", "D260000003"]);
        assert_eq!(third.books(&channel).invoices().await[0].number, "D260000003");
        assert_eq!(first.books(&channel).prove().await.len(), 1);
    });
}
