//! Several tiers from usage to documents: what one tier is billed is what the tier above it invoiced, to the last digit,
//! and both are what an independent calculation says.

use crate::books::{Books, findings, lines, month};
use crate::exact::Exact;
use crate::reckoning::{exact, half_even, sum, written};
use crate::tier_scene::{ABOVE, Buyer, CORNER, FROM_ABOVE, FROM_CORNER, FROM_MARKET, MARKET, Seller, Tiers, parts};
use std::collections::BTreeMap;
use tenantry_billing::{Invoice, InvoiceFilter, check, close_month, invoice_get, invoice_list, invoice_list_sold};
use tenantry_core::{Chance, Reason, SubscriptionId};
use tenantry_testkit::{HOURS, INCLUDED, THIRD_PARTY, TIERED, event, events, on_every_engine};
use tenantry_usage::Event;

/// A flow of usage: subscription, meter.
type Flow = (SubscriptionId, &'static str);

/// Thousandths of the unit, by day of January.
type Quantities = BTreeMap<Flow, BTreeMap<u8, i128>>;

const METERS: [&str; 4] = [HOURS, TIERED, INCLUDED, THIRD_PARTY];

/// What a month's quantity comes to at list, in millionths of a dollar for a quantity in thousandths.
fn list(meter: &str, thousandths: i128) -> i128 {
    let tier = |from: i128, to: i128, rate: i128| (thousandths.min(to) - from).max(0) * rate;
    match meter {
        HOURS => thousandths * 100,
        TIERED => tier(0, 100_000, 50) + tier(100_000, 1_000_000, 40) + tier(1_000_000, i128::MAX, 30),
        INCLUDED => tier(5_000, i128::MAX, 87),
        _ => thousandths * 972,
    }
}

/// What the factors down to a tier are on a day of January. A customer has the name of its seller before its own.
pub fn factors(tier: &str, day: u8) -> Vec<&'static str> {
    let above = ABOVE[usize::from(day >= 16)];
    let corner = CORNER[usize::from(day >= 21)];
    match tier {
        "above" => vec![above],
        "corner" => vec![above, corner],
        "market" => vec![above, MARKET],
        "above's" => vec![above, FROM_ABOVE],
        "corner's" => vec![above, corner, FROM_CORNER[usize::from(day >= 16)]],
        "market's" => vec![above, MARKET, FROM_MARKET],
        other => panic!("{other}"),
    }
}

/// What a flow comes to on a tier that begins on a day, with all usage known: by day, thousandths of the unit.
fn charge(tier: &str, meter: &str, days: &BTreeMap<u8, i128>, begins: u8) -> Exact {
    let mut before = 0;
    let mut charge = Exact::default();
    for (day, quantity) in days {
        let step = list(meter, before + quantity) - list(meter, before);
        before += quantity;
        if *day >= begins {
            let factors = factors(tier, *day).into_iter().map(parts);
            let product: Vec<_> = [(step, 6)].into_iter().chain(factors).collect();
            charge = charge.plus(&Exact::product(&product));
        }
    }
    charge
}

/// Usage of one resource, a row a day, so that the order within a day decides nothing.
struct Usage {
    by_flow: Quantities,
    events: Vec<Event>,
}

fn usage(chance: &Chance, subscriptions: &[tenantry_commerce::Subscription], count: u64, round: u64) -> Usage {
    let mut drawn = Usage { by_flow: BTreeMap::new(), events: Vec::new() };
    for number in 0..count {
        let at = |bound: usize| usize::try_from(chance.below(bound as u64)).unwrap();
        let subscription = &subscriptions[at(subscriptions.len())];
        let meter = METERS[at(METERS.len())];
        let day = u8::try_from(1 + chance.below(31)).unwrap();
        let thousandths = i128::from(1 + chance.below(60_000));
        let quantity = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
        let mut event = event(subscription, meter, &format!("2026-01-{day:02}T08:00:00Z"), &quantity);
        event.id = format!("{round}/{number}");
        drawn.events.push(event);
        *drawn.by_flow.entry((subscription.id, meter)).or_default().entry(day).or_default() += thousandths;
    }
    drawn
}

/// Sends usage of January, most of it in time and some after the first close, and lets both be billed.
async fn used(tiers: &Tiers, subscriptions: &[tenantry_commerce::Subscription], seed: u64) -> Quantities {
    let chance = Chance::from_seed(seed);
    let (first, late) = (usage(&chance, subscriptions, 60, 1), usage(&chance, subscriptions, 12, 2));
    tiers.channel.advance_to("2026-01-31T23:00:00Z").await;
    tiers.channel.accept(first.events).await;
    tiers.channel.advance_to("2026-02-10").await;
    tiers.channel.accept(late.events).await;
    tiers.channel.advance_to("2026-03-10").await;
    let mut known = first.by_flow;
    for (flow, days) in late.by_flow {
        for (day, quantity) in days {
            *known.entry(flow).or_default().entry(day).or_default() += quantity;
        }
    }
    known
}

/// What a tier that begins on a day has to be charged by flow, of the subscriptions that count for it.
fn reckoned(
    known: &Quantities,
    tier: &str,
    begins: u8,
    counts: impl Fn(&SubscriptionId) -> bool,
) -> BTreeMap<(SubscriptionId, String), Exact> {
    let counted = known.iter().filter(|((id, _), _)| counts(id));
    counted.map(|((id, meter), days)| ((*id, (*meter).to_owned()), charge(tier, meter, days, begins))).collect()
}

/// Exact charges of a tier by flow, over all its documents.
fn charged(invoices: &[Invoice]) -> BTreeMap<(SubscriptionId, String), Exact> {
    let mut all: BTreeMap<_, Exact> = BTreeMap::new();
    for line in invoices.iter().flat_map(|invoice| &invoice.lines) {
        let sum = all.entry((line.subscription, line.meter.to_string())).or_default();
        *sum = sum.plus(&exact(&line.exact));
        assert_eq!(line.amount, written(half_even(&line.exact, 2), 2), "rounded once: {line:#?}");
    }
    all
}

async fn sold(tiers: &Tiers, seller: &Seller) -> Vec<Invoice> {
    let filter = InvoiceFilter::default();
    invoice_list_sold(&seller.ctx, tiers.channel.world().db(), seller.partner.tenant, filter).await.unwrap()
}

fn total(invoices: &[Invoice]) -> String {
    sum(invoices.iter().map(|invoice| invoice.total.as_str()))
}

fn check_conservation(seed: u64) {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let mut subscriptions = Vec::new();
        let mut billed = Vec::new();
        for (seller, name, tier) in [
            (&tiers.corner, "Northwind", Some("corner's")),
            (&tiers.corner, "Tailspin", None),
            (&tiers.market, "Wingtip", Some("market's")),
            (&tiers.above, "Own", Some("above's")),
        ] {
            let customer = tiers.customer(seller, name).await;
            if tier == Some("corner's") {
                tiers.bill(seller, customer.id, FROM_CORNER[0], None).await;
                tiers.bill(seller, customer.id, FROM_CORNER[1], Some("2026-01-16")).await;
            }
            let subscription = tiers.order(seller, customer.id).await;
            billed.extend(tier.map(|tier| (tier, subscription.id, tiers.buyer(customer))));
            subscriptions.push((seller, subscription));
        }
        // These are billed from an instant on; what they used before stays between their sellers and those above.
        tiers.channel.advance_to("2026-01-10").await;
        tiers.bill(&tiers.market, billed[1].2.customer.id, FROM_MARKET, None).await;
        tiers.bill(&tiers.above, billed[2].2.customer.id, FROM_ABOVE, None).await;
        let all: Vec<_> = subscriptions.iter().map(|(_, subscription)| subscription.clone()).collect();
        let known = used(&tiers, &all, seed).await;

        let mut bought = Vec::new();
        for (seller, tier) in [(&tiers.above, "above"), (&tiers.corner, "corner"), (&tiers.market, "market")] {
            let invoices = tiers.books(seller).prove().await;
            assert_eq!(invoices.len(), 2, "January, and what came late");
            // The indirect provider pays for all below it, a reseller for its own customers.
            let own = |id: &SubscriptionId| {
                tier == "above" || subscriptions.iter().any(|(by, s)| s.id == *id && by.partner == seller.partner)
            };
            let expected = reckoned(&known, tier, 1, own);
            assert_eq!(charged(&invoices), expected, "{tier} with seed {seed}");
            assert!(invoices.iter().all(|invoice| invoice.buyer.name == seller.partner.company_name));
            bought.push(invoices);
        }
        let issued = check_issued(&tiers, &bought, &billed[2].2).await;
        check_same_usage(&tiers, &bought).await;
        for (tier, subscription, buyer) in &billed {
            let begins = if *tier == "corner's" { 1 } else { 10 };
            let invoices = tiers.books_of(buyer).prove().await;
            let mut expected = reckoned(&known, tier, begins, |id| id == subscription);
            expected.retain(|_, charge| *charge != Exact::default());
            assert_eq!(charged(&invoices), expected, "{tier} with seed {seed}");
            check_billed(&tiers, buyer, &invoices).await;
        }
        // What corner's customer is billed for is what corner is: the same usage.
        check_within(&tiers.books_of(&billed[0].2).invoices().await, &bought[1]);
        assert_eq!(findings(&tiers.channel).await, Vec::<String>::new());
        assert_eq!(
            total(&issued),
            sum([tiers.books(&tiers.corner).receivable().await, tiers.books(&tiers.market).receivable().await]
                .iter()
                .map(String::as_str))
        );
        let tiers = Tiers { channel: tiers.channel.reopen(&bench).await, ..tiers };
        assert_eq!(findings(&tiers.channel).await, Vec::<String>::new(), "after a start too");
    });
}

/// What one tier is billed is what the one above it issued, word for word. Gives what the indirect provider issued to its
/// resellers.
async fn check_issued(tiers: &Tiers, bought: &[Vec<Invoice>], own: &Buyer) -> Vec<Invoice> {
    let own = tiers.books_of(own).invoices().await;
    let mut below = [bought[1].clone(), bought[2].clone(), own].concat();
    below.sort_by(|a, b| a.number.cmp(&b.number));
    let mut issued = sold(tiers, &tiers.above).await;
    assert_eq!(issued, below);
    let numbers: Vec<_> = issued.iter().map(|invoice| invoice.number.clone()).collect();
    let series = tiers.above.partner.number;
    let expected: Vec<_> = (1..=issued.len()).map(|n| format!("D26{n:07}-{series}")).collect();
    assert_eq!(numbers, expected, "no gap, and nobody else's");
    let provider = tiers.channel.provider_ctx();
    let root = tiers.channel.provider.tenant;
    let filter = InvoiceFilter::default();
    let by_root = invoice_list_sold(&provider, tiers.channel.world().db(), root, filter).await.unwrap();
    assert_eq!(by_root, bought[0], "only the indirect provider buys here");
    assert!(by_root.iter().all(|invoice| invoice.seller.name == "Root" && !invoice.number.contains('-')));
    assert!(
        issued.iter().all(|invoice| invoice.seller.name == "DISTRO Ltd" && invoice.seller.email == "bills@distro.test")
    );
    issued.retain(|invoice| !invoice.to_customer);
    issued
}

/// Documents of a customer: its seller's numbers and names, the same words for both, and nothing for anybody above.
async fn check_billed(tiers: &Tiers, buyer: &Buyer, invoices: &[Invoice]) {
    let db = tiers.channel.world().db();
    let filter = InvoiceFilter::default();
    let sellers = [&tiers.above, &tiers.corner, &tiers.market];
    let seller = sellers.into_iter().find(|seller| seller.partner.tenant == buyer.customer.partner).unwrap();
    let of_it = |invoices: Vec<Invoice>| -> Vec<Invoice> {
        invoices.into_iter().filter(|invoice| invoice.buyer.tenant == buyer.customer.id).collect()
    };
    assert_eq!(of_it(sold(tiers, seller).await), invoices);
    assert_eq!(invoice_list(&seller.ctx, db, buyer.customer.id, filter).await.unwrap(), invoices);
    for invoice in invoices {
        assert!(invoice.to_customer && invoice.number.ends_with(&format!("-{}", seller.partner.number)));
        assert_eq!(invoice.seller.name, seller.partner.company_name);
        assert_eq!(
            (invoice.buyer.name.as_str(), invoice.buyer.email.as_str()),
            (&*buyer.customer.company_name, "ops@customer.test")
        );
        assert!(invoice.lines.iter().all(|line| line.customer == buyer.customer.id));
        let as_seller = Books { ctx: &seller.ctx, ..tiers.books_of(buyer) };
        assert_eq!(as_seller.prove_documents().await, invoices);
    }
    let provider = tiers.channel.provider_ctx();
    let above =
        sellers.into_iter().filter(|other| other.partner.tenant != seller.partner.tenant).map(|other| &other.ctx);
    for ctx in above.chain([&provider, &tiers.channel.partner_ctx()]) {
        let list = invoice_list(ctx, db, buyer.customer.id, filter).await;
        assert_eq!(list.unwrap_err().reason(), Reason::TenantNotFound);
        let hidden = invoice_get(ctx, db, &invoices[0].number).await.unwrap_err();
        assert_eq!(hidden.reason(), Reason::InvoiceNotFound);
    }
    let root_sees = invoice_list_sold(&provider, db, seller.partner.tenant, filter).await.unwrap();
    assert_eq!(of_it(root_sees), [], "the provider reads what a partner bills to partners, not what to customers");
}

/// Every line of a buyer stands on its seller's documents of that close too.
fn check_within(invoices: &[Invoice], of_seller: &[Invoice]) {
    let above = shown(of_seller);
    for (key, seen) in shown(invoices) {
        assert_eq!(above.get(&key), Some(&seen), "{key:?}");
    }
}

/// Quantity by close, subscription, meter and month.
fn shown(invoices: &[Invoice]) -> BTreeMap<(u32, SubscriptionId, String, String), String> {
    let lines = invoices.iter().flat_map(|invoice| invoice.lines.iter().map(|line| (invoice.close, line)));
    lines
        .map(|(close, line)| {
            let key = (close, line.subscription, line.meter.to_string(), line.service_month.to_string());
            (key, line.quantity.to_string())
        })
        .collect()
}

/// Every line that a reseller is billed stands on its indirect provider's document of that close too: the same quantity,
/// another charge. The public price stands on the documents of the provider only: beside its own, meter by meter, it would
/// tell a reseller what its seller pays.
async fn check_same_usage(tiers: &Tiers, bought: &[Vec<Invoice>]) {
    let above = shown(&bought[0]);
    for invoices in &bought[1..] {
        check_within(invoices, &bought[0]);
        let own = |invoice: &Invoice| invoice.own_list && invoice.lines.iter().all(|line| line.list == line.exact);
        assert!(invoices.iter().all(own));
    }
    assert!(bought[0].iter().all(|invoice| !invoice.own_list));
    let own = above.keys().filter(|key| bought[1..].iter().all(|invoices| !shown(invoices).contains_key(*key))).count();
    assert!(own > 0, "what the indirect provider sells itself stands on its own document only");
    assert!(!tiers.above.partner.company_name.is_empty());
}

#[test]
fn each_tier_is_billed_what_the_one_above_invoiced_with_seed_1() {
    check_conservation(1);
}

#[test]
fn each_tier_is_billed_what_the_one_above_invoiced_with_seed_2() {
    check_conservation(2);
}

#[test]
fn each_tier_is_billed_what_the_one_above_invoiced_with_seed_3() {
    check_conservation(3);
}

#[test]
fn a_line_by_hand() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let customer = tiers.customer(&tiers.corner, "Northwind").await;
        let subscription = tiers.order(&tiers.corner, customer.id).await;
        tiers.channel.advance_to("2026-01-25").await;
        tiers.channel.accept(events(&subscription, HOURS, &[("2026-01-05", "100"), ("2026-01-22", "200")])).await;
        let above = tiers.books(&tiers.above).unbilled("2026-01").await;
        let corner = tiers.books(&tiers.corner).unbilled("2026-01").await;
        // 10 x 0.831 + 20 x 0.793, and 10 x 0.831 x 1.073 + 20 x 0.793 x 1.049.
        assert_eq!(
            (above.lines[0].exact.to_string().as_str(), above.total().unwrap().to_string().as_str()),
            ("24.17", "24.17")
        );
        assert_eq!(corner.lines[0].exact.to_string(), "25.55377");
        tiers.channel.advance_to("2026-02-10").await;
        let invoice = tiers.books(&tiers.corner).invoice("2026-01").await;
        assert_eq!(lines(&invoice), ["2026-01 Compute Hours: 300, 25.55377, 25.55377, 25.55"]);
        assert_eq!(
            (invoice.lines[0].customer_name.as_str(), invoice.seller.name.as_str()),
            ("Northwind", "DISTRO Ltd")
        );
        // The seller reads what it issued, in any letter case, and all that stands behind it.
        let as_seller = Books { ctx: &tiers.above.ctx, ..tiers.books(&tiers.corner) };
        assert_eq!(as_seller.prove_documents().await, std::slice::from_ref(&invoice));
        let helpdesk = tiers.channel.partner_ctx();
        let hidden = invoice_get(&helpdesk, tiers.channel.world().db(), &invoice.number).await.unwrap_err();
        assert_eq!(hidden.reason(), Reason::InvoiceNotFound, "a partner beside");
        let filter = InvoiceFilter { month: Some(month("2026-01")) };
        let hidden =
            invoice_list(&tiers.market.ctx, tiers.channel.world().db(), tiers.corner.partner.tenant, filter).await;
        assert_eq!(hidden.unwrap_err().reason(), Reason::TenantNotFound);
    });
}

#[test]
fn a_close_that_was_interrupted_issues_the_documents_of_every_tier() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let customer = tiers.customer(&tiers.market, "Wingtip").await;
        let subscription = tiers.order(&tiers.market, customer.id).await;
        tiers.channel.accept(events(&subscription, HOURS, &[("2026-01-01", "10")])).await;
        tiers.channel.advance_to("2026-02-01").await;
        let world = tiers.channel.world();
        world.metering().close_month(&tiers.channel.provider_ctx(), month("2026-01")).await.unwrap();
        assert_eq!(findings(&tiers.channel).await.len(), 2, "two documents are missing");
        let closed = close_month(&tiers.above.ctx, world.db(), world.metering(), month("2026-01")).await.unwrap();
        let parties: Vec<_> =
            closed.invoices.iter().map(|invoice| (invoice.seller.tenant, invoice.buyer.tenant)).collect();
        let (root, above, market) =
            (tiers.channel.provider.tenant, tiers.above.partner.tenant, tiers.market.partner.tenant);
        assert_eq!(parties.len(), 2);
        assert!(
            parties.contains(&(root, above)) && parties.contains(&(above, market)),
            "what it bought and what it sold"
        );
        let checked = check::check(world.db(), world.metering(), true).await.unwrap();
        assert_eq!((checked.documents, checked.wrong), (2, Vec::new()));
    });
}
