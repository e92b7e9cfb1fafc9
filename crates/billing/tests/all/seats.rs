//! Seats from the order to the document: the field's worked cases through the public acts, on one tier and on three,
//! with everything that is true of metered usage: one number everywhere, nothing twice, issued for good.

use crate::books::{Books, findings, kept, month};
use crate::reckoning::sum;
use crate::tier_scene::{Seller, Tiers};
use tenantry_billing::{
    CreditLine, Invoice, InvoiceFilter, NewCreditNote, NewTaxRate, SeatsOn, close_dry_run, credit_note_issue,
    explain_seats, invoice_list, invoice_pdf, seat_line_taxes, tax_rate_set, unbilled_seat_lines,
};
use tenantry_commerce::{
    BillingCycle, ChangeSubscription, Customer, ImportSeatPrices, Limits, NewSeatPrice, PlaceLine, PlaceOrder, Status,
    Subscription, edge_of, order_place, seat_price_import, seat_price_lists, subscription_change, subscription_list,
};
use tenantry_core::{Currency, Day, Factor, OfferId, OpContext, Rate, Reason, TenantId};
use tenantry_rating::SeatCycle;
use tenantry_testkit::{Bench, CARD, Channel, HOURS, SEAT_OFFER, events, on_every_engine, time};

pub const NEW_COMMERCE: &str = "CFQ7TTC0LF8R:0001:CFQ7TTC0K5DR";

/// Imports the price of one offer from a day on.
pub async fn import(channel: &Channel, from: &str, (offer, cycle): (&str, SeatCycle), rate: &str, first_party: bool) {
    let price = NewSeatPrice { offer: OfferId::new(offer), cycle, rate: Rate::parse(rate).unwrap(), first_party };
    let list = ImportSeatPrices {
        market: "US".to_owned(),
        currency: Currency::USD,
        effective_from: Day::parse(from).unwrap(),
        prices: vec![price],
    };
    seat_price_import(&channel.provider_ctx(), channel.world().db(), list).await.unwrap();
}

/// Orders seats as somebody.
pub async fn order(
    ctx: &OpContext,
    channel: &Channel,
    customer: TenantId,
    (offer, cycle, quantity): (&str, BillingCycle, i64),
) -> Subscription {
    let db = channel.world().db();
    let ctx = OpContext { request_id: channel.world().chance().guid(), ..ctx.clone() };
    let line = PlaceLine { number: 0, offer: OfferId::new(offer), friendly_name: None, quantity };
    let order = PlaceOrder { customer, billing_cycle: Some(cycle), lines: vec![line] };
    let order = order_place(&ctx, db, &Limits::NONE, order).await.unwrap();
    subscription_list(&ctx, db, customer, Some(order.id)).await.unwrap().remove(0)
}

/// Changes seats, or the state.
pub async fn change(ctx: &OpContext, channel: &Channel, of: &Subscription, seats: Option<i64>, status: Option<Status>) {
    let change = ChangeSubscription { quantity: seats, status, ..ChangeSubscription::of(of.customer, of.id) };
    subscription_change(ctx, channel.world().db(), &Limits::NONE, change).await.unwrap();
}

/// The seat lines of a document: days, why, price of a seat, seats, amount.
pub fn seat_lines(invoice: &Invoice) -> Vec<String> {
    let shown = |line: &tenantry_billing::InvoiceSeatLine| {
        let tenantry_billing::InvoiceSeatLine {
            charge_start, charge_end, charge_type, unit_price, seats, amount, ..
        } = line;
        format!("{charge_start} {charge_end} {charge_type}: {unit_price} x {seats} = {amount}")
    };
    invoice.seat_lines.iter().map(shown).collect()
}

/// A thing that happens to the subscription of a case.
#[derive(Debug, Clone, Copy)]
enum Step {
    Seats(i64),
    Suspend,
    Return,
}

/// A worked case: what is bought, what happens, and the lines of each month's document.
struct Case {
    id: &'static str,
    offer: &'static str,
    cycle: BillingCycle,
    price: &'static str,
    bought: (&'static str, i64),
    steps: &'static [(&'static str, Step)],
    documents: &'static [(&'static str, &'static [&'static str])],
}

const CASES: &[Case] = &[
    Case {
        id: "annual-change-quantity",
        offer: SEAT_OFFER,
        cycle: BillingCycle::Annual,
        price: "48.00",
        bought: ("2018-01-13T10:00:00Z", 1),
        steps: &[("2018-02-01T09:00:00Z", Step::Seats(2))],
        documents: &[
            ("2018-01", &["2018-01-13 2019-01-12 Prorate fees when purchase: 48.00 x 1 = 48.00"]),
            (
                "2018-02",
                &[
                    "2018-01-13 2019-01-12 Cycle instance prorate: -48.00 x 1 = -48.00",
                    "2018-01-13 2018-01-31 Cycle instance prorate: 2.47 x 1 = 2.47",
                    "2018-02-01 2019-01-12 Cycle instance prorate: 44.98 x 2 = 89.96",
                ],
            ),
        ],
    },
    Case {
        id: "annual-suspend-within-30-days",
        offer: SEAT_OFFER,
        cycle: BillingCycle::Annual,
        price: "48.00",
        bought: ("2018-01-13T10:00:00Z", 1),
        steps: &[("2018-02-01T09:00:00Z", Step::Suspend)],
        documents: &[
            ("2018-01", &["2018-01-13 2019-01-12 Prorate fees when purchase: 48.00 x 1 = 48.00"]),
            ("2018-02", &["2018-01-13 2019-01-12 Cancel fee: -48.00 x 1 = -48.00"]),
        ],
    },
    Case {
        id: "annual-suspend-later",
        offer: SEAT_OFFER,
        cycle: BillingCycle::Annual,
        price: "48.00",
        bought: ("2018-01-13T10:00:00Z", 2),
        steps: &[("2018-02-20T09:00:00Z", Step::Suspend), ("2018-03-02T09:00:00Z", Step::Return)],
        documents: &[
            ("2018-01", &["2018-01-13 2019-01-12 Prorate fees when purchase: 48.00 x 2 = 96.00"]),
            (
                "2018-02",
                &[
                    "2018-01-13 2019-01-12 Prorate fees when cancel: -48.00 x 2 = -96.00",
                    "2018-01-13 2018-02-19 Prorate fees when cancel: 4.94 x 2 = 9.88",
                ],
            ),
            // It comes back with a year of its own.
            ("2018-03", &["2018-03-02 2019-03-01 Prorate fees when purchase: 48.00 x 2 = 96.00"]),
        ],
    },
    Case {
        id: "monthly-change-quantity",
        offer: SEAT_OFFER,
        cycle: BillingCycle::Monthly,
        price: "4.00",
        bought: ("2018-01-13T10:00:00Z", 1),
        steps: &[("2018-02-01T09:00:00Z", Step::Seats(2)), ("2018-03-13T09:00:00Z", Step::Seats(1))],
        documents: &[
            ("2018-01", &["2018-01-13 2018-02-12 Cycle fee: 4.00 x 1 = 4.00"]),
            (
                "2018-02",
                &[
                    "2018-01-13 2018-02-12 Cycle instance prorate: -4.00 x 1 = -4.00",
                    "2018-01-13 2018-01-31 Cycle instance prorate: 2.45 x 1 = 2.45",
                    "2018-02-01 2018-02-12 Cycle instance prorate: 1.55 x 2 = 3.10",
                    "2018-02-13 2018-03-12 Cycle instance prorate: 4.00 x 2 = 8.00",
                ],
            ),
            ("2018-03", &["2018-03-13 2018-04-12 Cycle fee: 4.00 x 1 = 4.00"]),
        ],
    },
    Case {
        id: "one-time-add-seat-same-day",
        offer: NEW_COMMERCE,
        cycle: BillingCycle::Monthly,
        price: "4.00",
        bought: ("2019-06-11T10:00:00Z", 1),
        steps: &[("2019-06-11T11:00:00Z", Step::Seats(2))],
        documents: &[(
            "2019-06",
            &[
                "2019-06-11 2019-07-10 new: 4.00 x 1 = 4.00",
                "2019-06-11 2019-07-10 addQuantity: 4.00 x 1 = -4.00",
                "2019-06-11 2019-07-10 addQuantity: 4.00 x 2 = 8.00",
            ],
        )],
    },
    Case {
        id: "one-time-add-seat-next-day",
        offer: NEW_COMMERCE,
        cycle: BillingCycle::Monthly,
        price: "4.00",
        bought: ("2019-06-11T10:00:00Z", 1),
        steps: &[("2019-06-12T11:00:00Z", Step::Seats(2))],
        documents: &[
            (
                "2019-06",
                &[
                    "2019-06-11 2019-07-10 new: 4.00 x 1 = 4.00",
                    "2019-06-11 2019-07-10 addQuantity: 4.00 x 1 = -3.87",
                    "2019-06-11 2019-07-10 addQuantity: 4.00 x 2 = 7.74",
                ],
            ),
            ("2019-07", &["2019-07-11 2019-08-10 renew: 4.00 x 2 = 8.00"]),
        ],
    },
    Case {
        id: "one-time-remove-seat-same-day-and-cancel-within-7",
        offer: NEW_COMMERCE,
        cycle: BillingCycle::Monthly,
        price: "4.00",
        bought: ("2019-06-26T10:00:00Z", 2),
        steps: &[("2019-06-26T11:00:00Z", Step::Seats(1)), ("2019-07-01T11:00:00Z", Step::Suspend)],
        documents: &[
            (
                "2019-06",
                &[
                    "2019-06-26 2019-07-25 new: 4.00 x 2 = 8.00",
                    "2019-06-26 2019-07-25 removeQuantity: 4.00 x 2 = -8.00",
                    "2019-06-26 2019-07-25 removeQuantity: 4.00 x 1 = 4.00",
                ],
            ),
            (
                "2019-07",
                &[
                    "2019-06-26 2019-07-25 cancelImmediate: 4.00 x 2 = -8.00",
                    "2019-06-26 2019-07-25 cancelImmediate: 4.00 x 2 = 8.00",
                    "2019-06-26 2019-07-25 cancelImmediate: 4.00 x 1 = -4.00",
                ],
            ),
        ],
    },
];

impl Case {
    async fn run(&self, bench: &Bench) {
        let begins = format!("{}-01", &self.bought.0[..7]);
        let channel = Channel::new(&bench.world(&begins).await).await;
        let ctx = channel.partner_ctx();
        import(&channel, &begins, (self.offer, self.cycle.seat_cycle().unwrap()), self.price, false).await;
        let customer = channel.customer("Northwind").await;
        channel.advance_to(self.bought.0).await;
        let bought = order(&ctx, &channel, customer.id, (self.offer, self.cycle, self.bought.1)).await;
        for (at, step) in self.steps {
            channel.advance_to(at).await;
            let (seats, status) = match step {
                Step::Seats(seats) => (Some(*seats), None),
                Step::Suspend => (None, Some(Status::Suspended)),
                Step::Return => (None, Some(Status::Active)),
            };
            change(&ctx, &channel, &bought, seats, status).await;
        }
        let (last, _) = self.documents.last().unwrap();
        channel.advance_to(&month(last).next().next().first_day().start().to_string()).await;
        let books = Books::of(&channel, &ctx);
        for (of, lines) in self.documents {
            assert_eq!(seat_lines(&books.invoice(of).await), *lines, "{} {of}", self.id);
        }
        books.prove().await;
    }
}

#[test]
fn the_worked_cases_of_the_field_stand_on_documents() {
    for case in CASES {
        on_every_engine(|bench| async move { case.run(&bench).await });
    }
}

/// A partner with usage and seats of one customer, and tax.
async fn both_kinds(bench: &Bench) -> (Channel, Customer, Subscription) {
    let channel = Channel::new(&bench.world("2018-01-01").await).await;
    channel.import_card(CARD).await;
    import(&channel, "2018-01-01", (SEAT_OFFER, SeatCycle::Annual), "48.00", true).await;
    let rate = NewTaxRate {
        seller: channel.provider.tenant,
        market: "US".to_owned(),
        rate: Factor::parse("0.19").unwrap(),
        hook: String::new(),
        from: time("2018-01-01"),
    };
    tax_rate_set(&channel.provider_ctx(), channel.world().db(), rate).await.unwrap();
    let customer = channel.customer("Northwind").await;
    let used = channel.order_usage(&customer).await;
    let ctx = channel.partner_ctx();
    let seats = order(&ctx, &channel, customer.id, (SEAT_OFFER, BillingCycle::Annual, 3)).await;
    channel.accept(events(&used, HOURS, &[("2018-01-01", "12.345")])).await;
    (channel, customer, seats)
}

#[test]
fn usage_and_seats_stand_on_one_document_and_every_view_says_the_same() {
    on_every_engine(|bench| async move {
        let (channel, _, seats) = both_kinds(&bench).await;
        let ctx = channel.partner_ctx();
        channel.advance_to("2018-01-31T23:00:00Z").await;
        change(&ctx, &channel, &seats, Some(5), None).await;
        let books = Books::of(&channel, &ctx);
        let draft = books.unbilled("2018-01").await;
        let (db, metering) = (channel.world().db(), channel.world().metering());
        let edge = edge_of(&ctx, db, books.buyer).await.unwrap();
        let open = unbilled_seat_lines(&ctx, db, metering, &edge, (None, month("2018-01"))).await.unwrap();
        let dry = close_dry_run(&channel.provider_ctx(), db, metering, month("2018-01")).await.unwrap();
        assert_eq!(dry.stopped, Vec::<String>::new());
        channel.advance_to("2018-02-05").await;
        let invoice = books.invoice("2018-01").await;
        // 48.00 x 0.85 = 40.80, 0.11 a day: 30 days of three and 335 of five.
        assert_eq!(
            seat_lines(&invoice),
            [
                "2018-01-01 2018-01-30 Cycle instance prorate: 3.30 x 3 = 9.90",
                "2018-01-31 2018-12-31 Cycle instance prorate: 36.85 x 5 = 184.25",
            ]
        );
        assert_eq!(open.0, invoice.seat_lines, "what is unbilled becomes the document");
        assert_eq!(draft.total().unwrap().to_string(), invoice.net);
        assert_eq!(dry.invoices.len(), 1);
        assert_eq!((&dry.invoices[0].seat_lines, &dry.invoices[0].total), (&invoice.seat_lines, &invoice.total));
        let taxes: Vec<_> = seat_line_taxes(&invoice).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!((invoice.lines.len(), taxes.len()), (1, 2));
        let said = explain_seats(&ctx, db, metering, (SeatsOn::Invoice(&invoice.number), seats.id)).await.unwrap();
        assert_eq!(said.lines.iter().map(|said| said.line.clone()).collect::<Vec<_>>(), invoice.seat_lines);
        assert_eq!(said.lines[0].rule, "list price 48 x 0.85, in force on 2018-01-01 (import 1)");
        let day = |text| Day::parse(text).unwrap();
        assert_eq!(said.history[0].seats, [(day("2018-01-01"), 3), (day("2018-01-31"), 5)]);
        let open = SeatsOn::Open(&edge, month("2018-02"));
        let none = explain_seats(&ctx, db, metering, (open, seats.id)).await.unwrap_err();
        assert_eq!(none.reason(), Reason::SubscriptionNotFound);
        let hash = &kept(&channel).await[0].hash;
        assert_eq!(invoice_pdf(&invoice, hash).unwrap(), invoice_pdf(&invoice, hash).unwrap());
        books.prove().await;
    });
}

#[test]
fn a_line_of_seats_can_be_credited_like_any_other() {
    on_every_engine(|bench| async move {
        let (channel, ..) = both_kinds(&bench).await;
        channel.advance_to("2018-02-05").await;
        let ctx = channel.partner_ctx();
        let invoice = Books::of(&channel, &ctx).invoice("2018-01").await;
        let lines = |line, amount| vec![CreditLine { line, amount }];
        let note = |lines, reference: &str| NewCreditNote {
            invoice: invoice.number.clone(),
            reference: reference.to_owned(),
            reason: "goodwill".to_owned(),
            lines,
        };
        let (provider, db, metering) = (channel.provider_ctx(), channel.world().db(), channel.world().metering());
        let issued = credit_note_issue(&provider, db, metering, note(lines(2, None), "case-1")).await.unwrap().entry;
        assert_eq!((issued.0.lines[0].amount.as_str(), issued.0.net.as_str()), ("122.40", "122.40"));
        let again = credit_note_issue(&provider, db, metering, note(lines(2, None), "case-2")).await.unwrap_err();
        assert_eq!(again.reason(), Reason::InvalidField);
        let beyond = credit_note_issue(&provider, db, metering, note(lines(3, None), "case-3")).await.unwrap_err();
        assert!(beyond.message().contains("it has 2"), "{}", beyond.message());
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

#[test]
fn seats_without_a_price_wait_visibly_and_are_billed_once_there_is_one() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2018-01-01").await).await;
        let ctx = channel.partner_ctx();
        let customer = channel.customer("Northwind").await;
        let bought = order(&ctx, &channel, customer.id, (SEAT_OFFER, BillingCycle::Monthly, 2)).await;
        channel.advance_to("2018-02-10").await;
        let books = Books::of(&channel, &ctx);
        assert_eq!(books.invoices().await, []);
        let draft = books.unbilled("2018-02").await;
        let waiting: Vec<_> = draft
            .unpriced
            .iter()
            .map(|seats| (seats.subscription, seats.period.first().to_string(), seats.seats))
            .collect();
        assert_eq!(waiting, [(bought.id, "2018-01-01".to_owned(), 2), (bought.id, "2018-02-01".to_owned(), 2)]);
        // The price of February comes first; January waits on.
        import(&channel, "2018-02-01", (SEAT_OFFER, SeatCycle::Monthly), "5.00", false).await;
        channel.advance_to("2018-03-05").await;
        assert_eq!(seat_lines(&books.invoice("2018-02").await), ["2018-02-01 2018-02-28 Cycle fee: 5.00 x 2 = 10.00"]);
        import(&channel, "2018-01-01", (SEAT_OFFER, SeatCycle::Monthly), "4.00", false).await;
        // What is billed keeps its price.
        import(&channel, "2018-02-01", (SEAT_OFFER, SeatCycle::Monthly), "6.00", false).await;
        channel.advance_to("2018-04-05").await;
        assert_eq!(
            seat_lines(&books.invoice("2018-03").await),
            ["2018-01-01 2018-01-31 Cycle fee: 4.00 x 2 = 8.00", "2018-03-01 2018-03-31 Cycle fee: 6.00 x 2 = 12.00"]
        );
        assert_eq!(books.unbilled("2018-04").await.unpriced, []);
        books.prove().await;
    });
}

#[test]
fn what_is_not_to_renew_ends_with_its_term() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2018-01-01").await).await;
        import(&channel, "2018-01-01", (SEAT_OFFER, SeatCycle::Annual), "48.00", false).await;
        let ctx = channel.partner_ctx();
        let customer = channel.customer("Northwind").await;
        let renews = order(&ctx, &channel, customer.id, (SEAT_OFFER, BillingCycle::Annual, 1)).await;
        let ends = order(&ctx, &channel, customer.id, (SEAT_OFFER, BillingCycle::Annual, 1)).await;
        channel.advance_to("2018-06-01").await;
        let stop = ChangeSubscription { auto_renew: Some(false), ..ChangeSubscription::of(customer.id, ends.id) };
        subscription_change(&ctx, channel.world().db(), &Limits::NONE, stop).await.unwrap();
        channel.advance_to("2019-02-05").await;
        let books = Books::of(&channel, &ctx);
        let renewed = books.invoice("2019-01").await;
        assert_eq!(seat_lines(&renewed), ["2019-01-01 2019-12-31 Renew fee: 48.00 x 1 = 48.00"]);
        assert_eq!(renewed.seat_lines[0].subscription, renews.id);
        // A name is no renewal.
        let name =
            ChangeSubscription { friendly_name: Some("Old".into()), ..ChangeSubscription::of(customer.id, ends.id) };
        subscription_change(&ctx, channel.world().db(), &Limits::NONE, name).await.unwrap();
        channel.advance_to("2019-03-05").await;
        assert_eq!(books.prove().await.len(), 2);
    });
}

#[test]
fn every_tier_is_billed_for_the_same_seats_at_its_own_price() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let channel = &tiers.channel;
        import(channel, "2026-01-01", (SEAT_OFFER, SeatCycle::Annual), "48.00", true).await;
        import(channel, "2026-01-01", (NEW_COMMERCE, SeatCycle::Monthly), "36.00", true).await;
        let mut bought = Vec::new();
        let mut billed = None;
        for (seller, name) in [(&tiers.corner, "Corners"), (&tiers.market, "Markets"), (&tiers.above, "Aboves")] {
            let customer = tiers.customer(seller, name).await;
            if name == "Corners" {
                tiers.bill(seller, customer.id, "1.25", None).await;
                billed = Some(tiers.buyer(customer.clone()));
            }
            for (offer, cycle) in [(SEAT_OFFER, BillingCycle::Annual), (NEW_COMMERCE, BillingCycle::Monthly)] {
                bought.push((seller, order(&seller.ctx, channel, customer.id, (offer, cycle, 3)).await));
            }
        }
        channel.advance_to("2026-01-20T10:00:00Z").await;
        for (seller, of) in &bought {
            change(&seller.ctx, channel, of, Some(4), None).await;
        }
        channel.advance_to("2026-02-17T10:00:00Z").await;
        change(&bought[0].0.ctx, channel, &bought[0].1, None, Some(Status::Suspended)).await;
        channel.advance_to("2026-04-05").await;
        let billed = billed.unwrap();
        let own = tiers.books_of(&billed).prove().await;
        assert_eq!(own.len(), 3);
        for of in ["2026-01", "2026-02", "2026-03"] {
            let above = tiers.books(&tiers.above).invoice(of).await;
            let below: Vec<_> = [&tiers.corner, &tiers.market].map(|seller| tiers.books(seller)).to_vec();
            let mut sold = Vec::new();
            for books in &below {
                sold.push(books.invoice(of).await);
            }
            // The same days, seats and reasons: what a tier bought is what it sold and what its own customers have.
            let facts = |invoice: &Invoice| -> Vec<String> {
                let fact = |line: &tenantry_billing::InvoiceSeatLine| {
                    format!(
                        "{} {} {} {} {}",
                        line.subscription, line.charge_start, line.charge_end, line.charge_type, line.seats
                    )
                };
                invoice.seat_lines.iter().map(fact).collect()
            };
            let resold: Vec<String> = sold.iter().flat_map(&facts).collect();
            let of_above = facts(&above);
            assert!(resold.iter().all(|line| of_above.contains(line)) && !resold.is_empty(), "{of}");
            let customer = own.iter().find(|invoice| invoice.month == of).unwrap();
            assert_eq!(facts(customer), facts(&sold[0]), "{of}");
            let explained = explain_seats(
                &tiers.corner.ctx,
                channel.world().db(),
                channel.world().metering(),
                (SeatsOn::Invoice(&sold[0].number), sold[0].seat_lines[0].subscription),
            );
            let explained = explained.await.unwrap();
            assert!(explained.lines.iter().all(|line| line.rule.starts_with("price of this buyer on 2026-0")));
            // What an edge invoices is what its buyer was billed, and nobody below reads what is above.
            for (seller, invoice) in [(&tiers.above, &sold[0]), (&tiers.above, &sold[1]), (&tiers.corner, customer)] {
                assert_sees_only_its_own(channel, seller, invoice).await;
            }
        }
        for seller in [&tiers.above, &tiers.corner, &tiers.market] {
            tiers.books(seller).prove().await;
        }
    });
}

/// A document of a tier carries no price of the tier above: neither the public one nor that of its seller.
async fn assert_sees_only_its_own(channel: &Channel, seller: &Seller, invoice: &Invoice) {
    let db = channel.world().db();
    let filter = InvoiceFilter { month: Some(month(&invoice.month)) };
    let of_seller = invoice_list(&seller.ctx, db, seller.partner.tenant, filter).await.unwrap().remove(0);
    let text = serde_json::to_string(&invoice.seat_lines).unwrap();
    for above in &of_seller.seat_lines {
        for figure in [&above.unit_price, &above.amount, &above.list_price] {
            let quoted = format!("\"{figure}\"");
            assert!(!text.contains(&quoted), "{figure} of {} is on {}", of_seller.number, invoice.number);
        }
    }
    assert!(!text.contains("\"48\"") && !text.contains("\"36\""), "the public price");
}

#[test]
fn a_price_is_taken_from_the_day_a_period_begins_and_follows_the_rules_of_that_day() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let channel = &tiers.channel;
        import(channel, "2026-01-01", (SEAT_OFFER, SeatCycle::Monthly), "100.00", true).await;
        import(channel, "2026-03-01", (SEAT_OFFER, SeatCycle::Monthly), "200.00", true).await;
        let customer = tiers.customer(&tiers.corner, "Northwind").await;
        order(&tiers.corner.ctx, channel, customer.id, (SEAT_OFFER, BillingCycle::Monthly, 1)).await;
        channel.advance_to("2026-04-05").await;
        let mut seen = Vec::new();
        for of in ["2026-01", "2026-02", "2026-03"] {
            for seller in [&tiers.above, &tiers.corner] {
                let invoice = tiers.books(seller).invoice(of).await;
                seen.push(sum(invoice.seat_lines.iter().map(|line| line.amount.as_str())));
            }
        }
        // 0.831 and 0.793 above; 1.073 and 1.049 on that, from the 21st of January on.
        assert_eq!(seen, ["83.1", "89.17", "79.3", "83.19", "158.6", "166.37"]);
    });
}

#[test]
fn prices_are_the_providers_to_name_and_say_what_is_wrong() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2018-01-01").await).await;
        let db = channel.world().db();
        let price = |offer: &str, cycle| NewSeatPrice {
            offer: OfferId::new(offer),
            cycle,
            rate: Rate::parse("4.00").unwrap(),
            first_party: true,
        };
        let list = |market: &str, prices| ImportSeatPrices {
            market: market.to_owned(),
            currency: Currency::USD,
            effective_from: Day::parse("2018-01-01").unwrap(),
            prices,
        };
        let good = || vec![price(SEAT_OFFER, SeatCycle::Monthly)];
        let refused = seat_price_import(&channel.partner_ctx(), db, list("US", good())).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
        let provider = channel.provider_ctx();
        for (import, named) in [
            (list("XX1", good()), "market"),
            (list("US", vec![]), "prices"),
            (list("US", vec![price("MS-AZR-0145P", SeatCycle::Monthly)]), "prices[0].offer"),
            (list("US", vec![price("nothing", SeatCycle::Monthly)]), "prices[0].offer"),
            (list("US", [good(), good()].concat()), "prices[1].offer"),
            (list("US", vec![price("32B23C88-949F-4E5B-B500-A87EEC676B80", SeatCycle::Annual)]), "prices[0].cycle"),
        ] {
            let problem = seat_price_import(&provider, db, import).await.unwrap_err();
            assert_eq!(problem.field(), Some(named), "{}", problem.message());
        }
        let first = seat_price_import(&provider, db, list("US", good())).await.unwrap();
        let again = seat_price_import(&provider, db, list("US", good())).await.unwrap();
        assert_eq!((first.new, again.new, &again.list), (true, false, &first.list));
        assert_eq!(seat_price_lists(&channel.partner_ctx(), db).await.unwrap(), [first.list]);
        assert_eq!(again.list.prices.len(), 1);
    });
}
