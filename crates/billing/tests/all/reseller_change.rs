//! A subscription changes its reseller in the middle of an hour: every event is charged once, along the channel of its own
//! time, however late it comes, and neither reseller is shown what was used of the other.

use crate::books::Books;
use crate::books::{findings, month};
use crate::exact::Exact;
use crate::reckoning::{exact, sum};
use crate::tier_scene::{ABOVE, CORNER, FROM_CORNER, FROM_MARKET, MARKET, Seller, Tiers, parts};
use tenantry_billing::{ExplainQuery, Invoice, InvoiceFilter, balances, explain, invoice_list, unbilled};
use tenantry_commerce::{
    ChangeReseller, Limits, customer_get, edge_from, relationship_request_accept, relationship_request_create,
    subscription_change_reseller,
};
use tenantry_core::{Reason, ResourceUri};
use tenantry_testkit::{HOURS, TIERED, event, meter, on_every_engine};
use tenantry_usage::Event;

/// The change.
const AT: &str = "2026-01-18T13:30:00Z";

/// Meter, when, how much, and whether it is reported only after January was closed.
const USED: [(&str, &str, i128, bool); 11] = [
    (HOURS, "2026-01-05T10:00:00Z", 311, false),
    (HOURS, "2026-01-18T13:10:00Z", 17, false),
    (HOURS, "2026-01-18T13:29:59Z", 19, false),
    (HOURS, "2026-01-18T13:30:00Z", 23, false),
    (HOURS, "2026-01-18T13:50:00Z", 29, false),
    (HOURS, "2026-01-18T20:00:00Z", 31, false),
    (TIERED, "2026-01-12T00:00:00Z", 97, false),
    // Tiers go on: the quantity of the month is one, whoever sells it.
    (TIERED, "2026-01-25T00:00:00Z", 1009, false),
    (HOURS, "2026-01-11T08:00:00Z", 37, true),
    (HOURS, "2026-01-18T13:20:00Z", 41, true),
    (HOURS, "2026-01-27T08:00:00Z", 43, true),
];

fn list(meter: &str, units: i128) -> i128 {
    let tier = |from: i128, to: i128, rate: i128| (units.min(to) - from).max(0) * rate;
    match meter {
        HOURS => units * 100,
        _ => tier(0, 100, 50) + tier(100, 1_000, 40) + tier(1_000, i128::MAX, 30),
    }
}

/// What the events of one side come to: the indirect provider's price, with it the reseller's, and with that the
/// customer's, if its seller bills it.
fn reckoned(of_corner: bool) -> [Exact; 3] {
    let mut sides = [Exact::default(), Exact::default(), Exact::default()];
    for wanted in [HOURS, TIERED] {
        let mut flow: Vec<_> = USED.iter().filter(|(meter, ..)| *meter == wanted).collect();
        flow.sort_by_key(|(_, at, ..)| *at);
        let mut before = 0;
        for (meter, at, units, _) in flow {
            let step = (list(meter, before + units) - list(meter, before), 3);
            before += units;
            if (*at < AT) != of_corner {
                continue;
            }
            let day = &at[8..10];
            let above = parts(ABOVE[usize::from(day >= "16")]);
            let own = parts(if of_corner { CORNER[usize::from(day >= "21")] } else { MARKET });
            sides[0] = sides[0].plus(&Exact::product(&[step, above]));
            sides[1] = sides[1].plus(&Exact::product(&[step, above, own]));
            let customers = parts(if of_corner { FROM_CORNER[0] } else { FROM_MARKET });
            sides[2] = sides[2].plus(&Exact::product(&[step, above, own, customers]));
        }
    }
    sides
}

fn charged(invoices: &[Invoice]) -> Exact {
    let lines = invoices.iter().flat_map(|invoice| &invoice.lines);
    lines.fold(Exact::default(), |sum, line| sum.plus(&exact(&line.exact)))
}

fn quantity(invoices: &[Invoice]) -> String {
    sum(invoices.iter().flat_map(|invoice| &invoice.lines).map(|line| line.quantity.as_str()))
}

struct Moved {
    tiers: Tiers,
    subscription: tenantry_commerce::Subscription,
}

impl Moved {
    async fn open(bench: &tenantry_testkit::Bench) -> Self {
        let tiers = Tiers::open(bench).await;
        let customer = tiers.customer(&tiers.corner, "Northwind").await;
        let subscription = tiers.order(&tiers.corner, customer.id).await;
        let world = tiers.channel.world();
        let (db, system) = (world.db(), world.system("test"));
        let request = relationship_request_create(&system, db, tiers.market.partner.tenant).await.unwrap();
        relationship_request_accept(&system, db, &Limits::NONE, customer.id, request.id, true).await.unwrap();
        Self { tiers, subscription }
    }

    fn event(&self, (of_meter, at, units, _): &(&str, &str, i128, bool)) -> Event {
        event(&self.subscription, of_meter, at, &units.to_string())
    }

    /// As [`Moved::event`]; the new reseller replaces the machine.
    fn event_of_its_machine(&self, used: &(&str, &str, i128, bool)) -> Event {
        let event = self.event(used);
        let machine = if used.1 < AT { "web-1" } else { "web-2" };
        Event { resource: ResourceUri::new(event.resource.to_string().replace("web-1", machine)), ..event }
    }

    async fn change(&self) {
        self.tiers.channel.advance_to(AT).await;
        let change = ChangeReseller {
            customer: self.subscription.customer,
            subscription: self.subscription.id,
            partner: self.tiers.market.partner.tenant,
        };
        let db = self.tiers.channel.world().db();
        subscription_change_reseller(&self.tiers.above.ctx, db, change).await.unwrap();
    }

    /// How many events each row of a seller's document shows, by day; and that they are what was counted.
    async fn shown(&self, seller: &Seller, invoice: Option<&Invoice>) -> Vec<(String, usize)> {
        let query = ExplainQuery {
            invoice: invoice.map(|invoice| invoice.number.clone()),
            subscription: self.subscription.id,
            meter: meter(HOURS),
            month: None,
            day: None,
        };
        let world = self.tiers.channel.world();
        let explained = explain(&seller.ctx, world.db(), world.metering(), &query).await.unwrap();
        let mut shown = Vec::new();
        for row in &explained.rows {
            let used: Vec<_> = row.events.iter().map(|found| found.event.quantity.to_string()).collect();
            assert_eq!(sum(used.iter().map(String::as_str)), row.row.quantity.to_string(), "{row:?}");
            shown.push((row.row.day.to_string(), row.events.len()));
        }
        shown
    }
}

fn rows(all: &[(&str, usize)]) -> Vec<(String, usize)> {
    all.iter().map(|(day, events)| ((*day).to_owned(), *events)).collect()
}

/// One machine runs on through the hour of the change.
#[test]
fn an_hour_is_split_at_the_instant() {
    on_every_engine(|bench| async move {
        let moved = Moved::open(&bench).await;
        let (tiers, channel) = (&moved.tiers, &moved.tiers.channel);
        let of_side = |before: bool| USED.iter().filter(move |(_, at, ..)| (*at < AT) == before);
        channel.advance_to("2026-01-18T13:29:59Z").await;
        // What happened before and is reported after is the old channel's all the same.
        let mut before: Vec<_> = of_side(true).map(|used| moved.event(used)).collect();
        let reported_late = before.split_off(2);
        channel.accept(before).await;
        moved.change().await;
        channel.accept(reported_late).await;
        channel.advance_to("2026-01-31").await;
        channel.accept(of_side(false).map(|used| moved.event(used)).collect()).await;

        let open = async |seller: &Seller| {
            let draft = tiers.books(seller).unbilled("2026-01").await;
            let exact = draft.lines.iter().map(|line| line.exact.to_string()).collect::<Vec<_>>();
            let used = draft.lines.iter().map(|line| line.quantity.to_string()).collect::<Vec<_>>();
            [exact, used].map(|texts| sum(texts.iter().map(String::as_str)))
        };
        let ([for_corner, corner, _], [for_market, market, _]) = (reckoned(true), reckoned(false));
        let (by_corner, by_market, by_above) =
            (open(&tiers.corner).await, open(&tiers.market).await, open(&tiers.above).await);
        assert_eq!((&by_corner[0], &by_market[0]), (&corner.to_string(), &market.to_string()));
        assert_eq!(by_above[0], for_corner.plus(&for_market).to_string(), "no gap and no double");
        assert_eq!(by_above[1], sum([by_corner[1].as_str(), &by_market[1]]));
        let day = "2026-01-18";
        assert_eq!(moved.shown(&tiers.corner, None).await, rows(&[("2026-01-05", 1), ("2026-01-11", 1), (day, 3)]));
        assert_eq!(moved.shown(&tiers.market, None).await, rows(&[(day, 3), ("2026-01-27", 1)]));
        assert_eq!(moved.shown(&tiers.above, None).await.iter().map(|(_, events)| events).sum::<usize>(), 9);

        channel.advance_to("2026-02-10").await;
        let (of_corner, of_market) =
            (tiers.books(&tiers.corner).prove().await, tiers.books(&tiers.market).prove().await);
        assert_eq!((charged(&of_corner), charged(&of_market)), (corner, market));
        assert_eq!(charged(&tiers.books(&tiers.above).prove().await), for_corner.plus(&for_market));
    });
}

#[test]
fn each_event_is_charged_once_along_the_channel_of_its_time() {
    on_every_engine(|bench| async move {
        let moved = Moved::open(&bench).await;
        let (tiers, channel) = (&moved.tiers, &moved.tiers.channel);
        let in_time = |before: bool| USED.iter().filter(move |(_, at, _, late)| !late && (*at < AT) == before);
        channel.advance_to("2026-01-18T13:29:59Z").await;
        // One that happened before is reported after: it is the old channel's all the same.
        let mut before: Vec<_> = in_time(true).map(|used| moved.event_of_its_machine(used)).collect();
        let reported_late = before.pop().unwrap();
        channel.accept(before).await;
        moved.change().await;
        channel.accept(vec![reported_late]).await;
        channel.advance_to("2026-01-31").await;
        channel.accept(in_time(false).map(|used| moved.event_of_its_machine(used)).collect()).await;
        let open = [&tiers.corner, &tiers.market].map(|seller| tiers.books(seller));
        for books in open {
            assert!(!books.unbilled("2026-01").await.lines.is_empty());
        }
        channel.advance_to("2026-02-10").await;
        channel
            .accept(USED.iter().filter(|(.., late)| *late).map(|used| moved.event_of_its_machine(used)).collect())
            .await;
        assert_eq!(moved.shown(&tiers.corner, None).await, rows(&[("2026-01-11", 1), ("2026-01-18", 1)]));
        assert_eq!(moved.shown(&tiers.market, None).await, rows(&[("2026-01-27", 1)]));
        channel.advance_to("2026-03-10").await;

        let above = tiers.books(&tiers.above).prove().await;
        let corner = tiers.books(&tiers.corner).prove().await;
        let market = tiers.books(&tiers.market).prove().await;
        assert_eq!((above.len(), corner.len(), market.len()), (2, 2, 2));
        let [corner_above, corner_own, _] = reckoned(true);
        let [market_above, market_own, _] = reckoned(false);
        assert_eq!(charged(&corner), corner_own);
        assert_eq!(charged(&market), market_own);
        assert_eq!(charged(&above), corner_above.plus(&market_above), "no gap and no double");
        let below = [quantity(&corner), quantity(&market)];
        assert_eq!(sum(below.iter().map(String::as_str)), quantity(&above));

        assert_eq!(moved.shown(&tiers.corner, Some(&corner[0])).await, rows(&[("2026-01-05", 1), ("2026-01-18", 2)]));
        assert_eq!(moved.shown(&tiers.corner, Some(&corner[1])).await, rows(&[("2026-01-11", 1), ("2026-01-18", 1)]));
        assert_eq!(moved.shown(&tiers.market, Some(&market[0])).await, rows(&[("2026-01-18", 3)]));
        assert_eq!(moved.shown(&tiers.market, Some(&market[1])).await, rows(&[("2026-01-27", 1)]));
        let moved =
            Moved { tiers: Tiers { channel: moved.tiers.channel.reopen(&bench).await, ..moved.tiers }, ..moved };
        assert_eq!(findings(&moved.tiers.channel).await, Vec::<String>::new(), "after a start too");
    });
}

#[test]
fn a_reseller_that_never_sold_it_is_told_nothing_and_the_old_one_nothing_new() {
    on_every_engine(|bench| async move {
        let moved = Moved::open(&bench).await;
        let (tiers, channel) = (&moved.tiers, &moved.tiers.channel);
        channel.accept(vec![moved.event(&(HOURS, "2026-01-01T00:00:00Z", 7, false))]).await;
        let asked = async |seller: &Seller| {
            let query = ExplainQuery {
                invoice: None,
                subscription: moved.subscription.id,
                meter: meter(HOURS),
                month: None,
                day: None,
            };
            let world = channel.world();
            let explained = explain(&seller.ctx, world.db(), world.metering(), &query).await;
            explained.map(|said| said.quantity.to_string()).map_err(|problem| problem.reason())
        };
        assert_eq!(
            (asked(&tiers.corner).await, asked(&tiers.market).await),
            (Ok("7".into()), Err(Reason::SubscriptionNotFound))
        );
        moved.change().await;
        channel.accept(vec![moved.event(&(HOURS, "2026-01-18T13:30:00Z", 11, false))]).await;
        assert_eq!((asked(&tiers.corner).await, asked(&tiers.market).await), (Ok("7".into()), Ok("11".into())));
        channel.advance_to("2026-02-10").await;
        // All of it is billed, and the old one sells it no more.
        assert_eq!(asked(&tiers.corner).await, Err(Reason::SubscriptionNotFound));
        assert_eq!(asked(&tiers.market).await, Err(Reason::MeterNotFound));
        let invoice = tiers.books(&tiers.corner).invoice("2026-01").await;
        assert_eq!(invoice.lines[0].quantity, "7");
    });
}

#[test]
fn a_customer_is_billed_by_each_seller_for_its_own_time() {
    on_every_engine(|bench| async move {
        let moved = Moved::open(&bench).await;
        let (tiers, channel, db) = (&moved.tiers, &moved.tiers.channel, moved.tiers.channel.world().db());
        let customer = customer_get(&tiers.corner.ctx, db, moved.subscription.customer).await.unwrap();
        let buyer = tiers.buyer(customer);
        let id = buyer.customer.id;
        tiers.bill(&tiers.corner, id, FROM_CORNER[0], None).await;
        tiers.bill(&tiers.market, id, FROM_MARKET, None).await;
        let in_time = |before: bool| USED.iter().filter(move |(_, at, _, late)| !late && (*at < AT) == before);
        channel.advance_to("2026-01-18T13:29:59Z").await;
        let mut before: Vec<_> = in_time(true).map(|used| moved.event_of_its_machine(used)).collect();
        let reported_late = before.pop().unwrap();
        channel.accept(before).await;
        moved.change().await;
        channel.accept(vec![reported_late]).await;
        channel.advance_to("2026-01-31").await;
        channel.accept(in_time(false).map(|used| moved.event_of_its_machine(used)).collect()).await;

        // Open: one draft of each seller, and the customer says of which.
        let open = async |ctx: &tenantry_core::OpContext, seller: &Seller| {
            let edge = edge_from(ctx, db, Some(seller.partner.tenant), id).await.unwrap();
            unbilled(ctx, db, channel.world().metering(), &edge, month("2026-01")).await.unwrap()
        };
        let drafts = [open(&buyer.ctx, &tiers.corner).await, open(&buyer.ctx, &tiers.market).await];
        assert!(drafts.iter().all(|draft| !draft.lines.is_empty()));
        assert_eq!(open(&tiers.corner.ctx, &tiers.corner).await, drafts[0]);
        assert_eq!(open(&tiers.market.ctx, &tiers.market).await, drafts[1]);
        let refused = edge_from(&buyer.ctx, db, None, id).await.unwrap_err();
        assert_eq!(refused.field(), Some("seller"));

        channel.advance_to("2026-02-10").await;
        let late = USED.iter().filter(|(.., late)| *late).map(|used| moved.event_of_its_machine(used));
        channel.accept(late.collect()).await;
        channel.advance_to("2026-03-10").await;
        let all = tiers.books_of(&buyer).prove_documents().await;
        let by = |seller: &Seller| -> Vec<Invoice> {
            all.iter().filter(|invoice| invoice.seller.tenant == seller.partner.tenant).cloned().collect()
        };
        let (of_corner, of_market) = (by(&tiers.corner), by(&tiers.market));
        assert_eq!((all.len(), of_corner.len(), of_market.len()), (4, 2, 2));
        assert_eq!(of_corner[0].total, drafts[0].total().unwrap().to_string());
        let ([.., from_corner], [.., from_market]) = (reckoned(true), reckoned(false));
        assert_eq!((charged(&of_corner), charged(&of_market)), (from_corner, from_market));
        let above = tiers.books(&tiers.above).prove().await;
        assert_eq!(quantity(&all), quantity(&above), "no gap and no double");

        // A seller reads its own documents and books of the customer, not those of the other; the customer reads both.
        for (ctx, documents, sellers) in
            [(&tiers.corner.ctx, &of_corner, 1), (&tiers.market.ctx, &of_market, 1), (&buyer.ctx, &all, 2)]
        {
            let mut seen = invoice_list(ctx, db, id, InvoiceFilter::default()).await.unwrap();
            let mut expected = documents.clone();
            for list in [&mut seen, &mut expected] {
                list.sort_by(|a, b| a.number.cmp(&b.number));
            }
            assert_eq!(seen, expected);
            let owners: std::collections::BTreeSet<_> =
                balances(ctx, db, id).await.unwrap().into_iter().map(|balance| balance.owner).collect();
            assert_eq!(owners.len(), sellers);
        }
        for (seller, documents) in [(&tiers.corner, &of_corner), (&tiers.market, &of_market)] {
            let as_seller = Books { ctx: &seller.ctx, ..tiers.books_of(&buyer) };
            assert_eq!(as_seller.prove_documents().await.len(), documents.len());
        }
        let moved =
            Moved { tiers: Tiers { channel: moved.tiers.channel.reopen(&bench).await, ..moved.tiers }, ..moved };
        assert_eq!(findings(&moved.tiers.channel).await, Vec::<String>::new(), "after a start too");
    });
}
