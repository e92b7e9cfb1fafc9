//! Money that came in: what it covers, what is still owed and since when, and that the ledger says the same.

use crate::books::{Books, findings};
use tenantry_billing::{
    AccountStanding, NewPayment, Payment, ReversePayment, account_standings, payment_list, payment_record,
    payment_reverse, statements,
};
use tenantry_core::{Currency, Day, Money, OpContext, Problem, Reason};
use tenantry_db::sql;
use tenantry_testkit::{Bench, CARD, Channel, HOURS, events, on_every_engine};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn usd(cents: i128) -> Money {
    Money::from_minor(cents, Currency::USD)
}

/// Two documents: 0.85 of January 2026, issued on 4 February, and 2.55 of March, issued on 4 April.
async fn two_documents(bench: &Bench) -> Channel {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let own = channel.order_usage(&channel.customer("Northwind").await).await;
    channel.accept(events(&own, HOURS, &[("2026-01-01", "10")])).await;
    channel.advance_to("2026-03-10").await;
    channel.accept(events(&own, HOURS, &[("2026-03-01", "30")])).await;
    channel.advance_to("2026-04-10").await;
    channel
}

fn new(channel: &Channel, reference: &str, cents: i128, documents: &[&str]) -> NewPayment {
    NewPayment {
        seller: channel.provider.tenant,
        buyer: channel.partner.tenant,
        amount: usd(cents),
        paid_on: day("2026-04-09"),
        reference: reference.to_owned(),
        documents: documents.iter().map(|number| (*number).to_owned()).collect(),
    }
}

async fn record(channel: &Channel, ctx: &OpContext, new: NewPayment) -> Result<Payment, Problem> {
    payment_record(ctx, channel.world().db(), channel.world().metering(), new).await.map(|written| written.entry)
}

async fn pay(channel: &Channel, reference: &str, cents: i128, documents: &[&str]) {
    record(channel, &channel.provider_ctx(), new(channel, reference, cents, documents)).await.unwrap();
}

async fn reverse(channel: &Channel, payment: &str, reference: &str) -> Result<Payment, Problem> {
    let new = ReversePayment {
        seller: channel.provider.tenant,
        buyer: channel.partner.tenant,
        payment: payment.to_owned(),
        reference: reference.to_owned(),
        returned_on: day("2026-04-10"),
        reason: "returned by the bank".to_owned(),
    };
    payment_reverse(&channel.provider_ctx(), channel.world().db(), channel.world().metering(), new)
        .await
        .map(|written| written.entry)
}

async fn standing(channel: &Channel) -> AccountStanding {
    let mut found =
        account_standings(&channel.partner_ctx(), channel.world().db(), channel.partner.tenant).await.unwrap();
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

/// Documents with status and open amount, credit on the account, balance. The ledger must agree.
async fn shown(channel: &Channel) -> String {
    let standing = standing(channel).await;
    let documents = standing.documents.iter().map(|one| {
        let covers: Vec<_> = one.covered_by.iter().map(|cover| format!(" {} {}", cover.by, cover.amount)).collect();
        format!("{} {} {}{}", one.document.number, one.status.name(), one.document.open(), covers.concat())
    });
    let documents = documents.collect::<Vec<_>>().join(", ");
    let ctx = channel.partner_ctx();
    assert_eq!(Books::of(channel, &ctx).receivable().await, standing.balance.to_string(), "the ledger says so");
    assert_eq!(findings(channel).await, Vec::<String>::new());
    format!("{documents}; on account {}; owed {}", standing.on_account, standing.balance)
}

#[test]
fn payments_cover_documents_and_the_ledger_agrees() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        // Issued on 4 February, due sixty days later: overdue since 5 April.
        let all_open = "D260000001 overdue 0.85, D260000002 open 2.55; on account 0.00; owed 3.40";
        assert_eq!(shown(&channel).await, all_open);
        pay(&channel, "bank-1", 100, &[]).await;
        assert_eq!(
            shown(&channel).await,
            "D260000001 paid 0.00 bank-1 0.85, D260000002 partlyPaid 2.40 bank-1 0.15; on account 0.00; owed 2.40"
        );
        // Too much: the rest waits for what follows.
        pay(&channel, "bank-2", 300, &["d260000002"]).await;
        assert_eq!(
            shown(&channel).await,
            "D260000001 paid 0.00 bank-1 0.85, D260000002 paid 0.00 bank-1 0.15 bank-2 2.40; on account 0.60; owed -0.60"
        );
        // The first bounced: the second steps in with what it has left.
        reverse(&channel, "bank-1", "bank-1-back").await.unwrap();
        assert_eq!(
            shown(&channel).await,
            "D260000001 overdue 0.25 bank-2 0.60, D260000002 partlyPaid 0.15 bank-2 2.40; on account 0.00; owed 0.40"
        );
    });
}

#[test]
fn a_reference_names_one_payment_for_ever() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        let ctx = channel.provider_ctx();
        let first = record(&channel, &ctx, new(&channel, "bank-1", 40, &["D260000002"])).await.unwrap();
        let again = record(&channel, &ctx, new(&channel, "bank-1", 40, &["d260000002"])).await.unwrap();
        assert_eq!(first, again);
        for other in [new(&channel, "bank-1", 41, &["D260000002"]), new(&channel, "bank-1", 40, &[])] {
            let refused = record(&channel, &ctx, other).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::IdempotencyMismatch, "{refused:?}");
        }
        let back = reverse(&channel, "bank-1", "back").await.unwrap();
        assert_eq!(reverse(&channel, "bank-1", "back").await.unwrap(), back);
        let twice = reverse(&channel, "bank-1", "back-2").await.unwrap_err();
        assert_eq!(twice.reason(), Reason::StatusChangeRefused, "{twice:?}");
        let of_reversal = reverse(&channel, "back", "back-3").await.unwrap_err();
        assert_eq!(of_reversal.field(), Some("payment"), "{of_reversal:?}");
        let listed = payment_list(&channel.partner_ctx(), channel.world().db(), channel.partner.tenant).await.unwrap();
        assert_eq!(listed, [first, back]);
        assert!(shown(&channel).await.ends_with("owed 3.40"));
    });
}

/// A reversal is named as a payment is: what is sent again in other words is another one.
#[test]
fn a_reversal_is_what_its_reference_said_first() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        pay(&channel, "bank-1", 100, &[]).await;
        let ctx = channel.provider_ctx();
        let send = |returned_on: &str, reason: &str| {
            let new = ReversePayment {
                seller: channel.provider.tenant,
                buyer: channel.partner.tenant,
                payment: "bank-1".to_owned(),
                reference: "back".to_owned(),
                returned_on: day(returned_on),
                reason: reason.to_owned(),
            };
            payment_reverse(&ctx, channel.world().db(), channel.world().metering(), new)
        };
        let early = send("2026-04-08", "returned").await.unwrap_err();
        assert_eq!(early.message(), "returnedOn: 2026-04-08 is before the payment came, on 2026-04-09");
        assert!(send("2026-04-10", "returned").await.unwrap().new);
        assert!(!send("2026-04-10", "returned").await.unwrap().new);
        for (returned_on, reason) in [("2026-04-09", "returned"), ("2026-04-10", "bounced")] {
            let other = send(returned_on, reason).await.unwrap_err();
            assert_eq!((other.reason(), other.field()), (Reason::IdempotencyMismatch, Some("reference")), "{other:?}");
        }
        assert!(shown(&channel).await.ends_with("owed 3.40"), "taken back once");
    });
}

#[test]
fn the_same_payment_from_several_sides_is_booked_once() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        let mut running = Vec::new();
        for _ in 0..4 {
            let (world, ctx) = (std::sync::Arc::clone(channel.world()), channel.provider_ctx());
            let new = new(&channel, "bank-1", 40, &[]);
            running.push(tokio::spawn(async move { payment_record(&ctx, world.db(), world.metering(), new).await }));
        }
        let mut new = 0;
        for one in running {
            new += usize::from(one.await.unwrap().unwrap().new);
        }
        assert_eq!(new, 1, "the others found it");
        assert!(shown(&channel).await.ends_with("owed 3.00"));
    });
}

#[test]
fn the_seller_writes_the_buyer_reads_and_to_others_nothing_is_there() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        let db = channel.world().db();
        for (who, ctx, writing, reading) in [
            ("the buyer", channel.partner_ctx(), Some(Reason::Forbidden), None),
            ("another partner", channel.stranger_ctx(), Some(Reason::TenantNotFound), Some(Reason::TenantNotFound)),
            (
                "a helpdesk agent of the buyer",
                channel.partner_ctx_with(&[tenantry_core::Role::HelpdeskAgent]),
                Some(Reason::Forbidden),
                Some(Reason::Forbidden),
            ),
            ("the seller", channel.provider_ctx(), None, None),
        ] {
            let written = record(&channel, &ctx, new(&channel, "bank-1", 1, &[])).await;
            assert_eq!(written.err().map(|refused| refused.reason()), writing, "{who} writes");
            let buyer = channel.partner.tenant;
            let read = [
                payment_list(&ctx, db, buyer).await.err(),
                account_standings(&ctx, db, buyer).await.err(),
                statements(&ctx, db, buyer, day("2026-01-01"), day("2026-04-10")).await.err(),
            ];
            let read = read.map(|refused| refused.map(|refused| refused.reason()));
            assert_eq!(read, [reading; 3], "{who} reads");
        }
    });
}

#[test]
fn what_cannot_be_a_payment_is_refused_by_name() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        let ctx = channel.provider_ctx();
        let good = || new(&channel, "bank-1", 100, &[]);
        let stranger = channel.stranger.tenant;
        for (what, new, reason, word) in [
            ("nothing", NewPayment { amount: usd(0), ..good() }, Reason::InvalidField, "above zero"),
            ("below zero", NewPayment { amount: usd(-5), ..good() }, Reason::InvalidField, "-0.05"),
            (
                "in the future",
                NewPayment { paid_on: day("2026-04-11"), ..good() },
                Reason::InvalidField,
                "it is 2026-04-10",
            ),
            ("no reference", NewPayment { reference: String::new(), ..good() }, Reason::InvalidField, "1 to 64"),
            ("spaces", NewPayment { reference: " a".into(), ..good() }, Reason::InvalidField, "without spaces"),
            (
                "another currency",
                NewPayment { amount: Money::from_minor(5, Currency::parse("EUR").unwrap()), ..good() },
                Reason::CurrencyMismatch,
                "billed in USD, not in EUR",
            ),
            (
                "an unknown document",
                NewPayment { documents: vec!["D260000009".into()], ..good() },
                Reason::InvoiceNotFound,
                "D260000009",
            ),
            (
                "a document twice",
                NewPayment { documents: vec!["D260000001".into(), "d260000001".into()], ..good() },
                Reason::InvalidField,
                "documents: `D260000001` is named twice",
            ),
            (
                "before its document",
                NewPayment { documents: vec!["D260000002".into()], paid_on: day("2026-04-03"), ..good() },
                Reason::InvalidField,
                "paidOn: 2026-04-03 is before D260000002 was issued, on 2026-04-04",
            ),
            (
                "before anything was sold",
                NewPayment { paid_on: day("1970-01-01"), ..good() },
                Reason::InvalidField,
                "paidOn: 1970-01-01 is before anything was sold here; the account begins on 2026-01-01",
            ),
            (
                "somebody else's document",
                NewPayment { buyer: stranger, documents: vec!["D260000001".into()], ..good() },
                Reason::InvoiceNotFound,
                "D260000001",
            ),
        ] {
            let refused = record(&channel, &ctx, new).await.unwrap_err();
            assert_eq!(refused.reason(), reason, "{what}: {refused:?}");
            assert!(refused.message().contains(word), "{what}: {refused:?}");
        }
        assert!(shown(&channel).await.ends_with("owed 3.40"), "nothing of it was booked");
    });
}

#[test]
fn debts_age_by_the_worlds_time() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        // Due on 5 April and 3 June.
        let mut seen = Vec::new();
        for until in ["2026-04-10", "2026-05-06", "2026-06-04", "2026-07-05", "2026-09-02"] {
            channel.advance_to(until).await;
            let ageing = standing(&channel).await.ageing;
            let buckets = [ageing.not_due, ageing.to_30, ageing.to_60, ageing.to_90, ageing.over_90];
            assert_eq!(ageing.total().unwrap(), usd(340));
            seen.push(format!("{until} {}", buckets.map(|bucket| bucket.to_string()).join(" ")));
        }
        let expected = [
            "2026-04-10 2.55 0.85 0.00 0.00 0.00",
            "2026-05-06 2.55 0.00 0.85 0.00 0.00",
            "2026-06-04 0.00 2.55 0.85 0.00 0.00",
            "2026-07-05 0.00 0.00 2.55 0.00 0.85",
            "2026-09-02 0.00 0.00 0.00 0.00 3.40",
        ];
        assert_eq!(seen, expected);
    });
}

#[test]
fn a_statement_leads_from_one_balance_to_the_other() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        pay(&channel, "bank-1", 100, &[]).await;
        channel.advance_to("2026-04-20").await;
        reverse(&channel, "bank-1", "back").await.unwrap();
        let ctx = channel.partner_ctx();
        let of = |from: &str, through: &str| {
            let (from, through) = (day(from), day(through));
            let (ctx, world, buyer) = (ctx.clone(), std::sync::Arc::clone(channel.world()), channel.partner.tenant);
            async move {
                let found = statements(&ctx, world.db(), buyer, from, through).await.unwrap().remove(0);
                let line = |line: &tenantry_billing::StatementLine| {
                    format!(
                        "{} {} {} ({}) {} {}",
                        line.on, line.kind, line.reference, line.about, line.amount, line.balance
                    )
                };
                let lines: Vec<_> = found.lines.iter().map(line).collect();
                (found.opening.to_string(), lines, found.closing.to_string())
            }
        };
        let (opening, lines, closing) = of("2026-01-01", "2026-04-20").await;
        assert_eq!((opening.as_str(), closing.as_str()), ("0.00", "3.40"));
        assert_eq!(
            lines,
            [
                "2026-02-04 invoice D260000001 (due on 2026-04-05) 0.85 0.85",
                "2026-04-04 invoice D260000002 (due on 2026-06-03) 2.55 3.40",
                "2026-04-10 payment bank-1 (paid on 2026-04-09) -1.00 2.40",
                "2026-04-20 reversal back (of bank-1: returned by the bank) 1.00 3.40",
            ]
        );
        let tomorrow =
            statements(&ctx, channel.world().db(), channel.partner.tenant, day("2026-01-01"), day("2026-04-21"));
        let refused = tomorrow.await.unwrap_err();
        assert_eq!(refused.message(), "through: 2026-04-21 is in the future; it is 2026-04-20 in this world");
        let (opening, lines, closing) = of("2026-04-05", "2026-04-19").await;
        assert_eq!((opening.as_str(), lines.len(), closing.as_str()), ("3.40", 1, "2.40"));
    });
}

#[test]
fn others_hear_of_a_payment_but_not_of_its_sum() {
    on_every_engine(|bench| async move {
        let channel = two_documents(&bench).await;
        pay(&channel, "bank-1", 123, &[]).await;
        reverse(&channel, "bank-1", "back").await.unwrap();
        let mut reader = channel.world().db().reader().await.unwrap();
        let heard = sql("SELECT topic, subject, payload FROM outbox WHERE topic LIKE 'payment-%' ORDER BY position");
        let heard = heard.all(&mut reader).await.unwrap();
        let topics: Vec<_> =
            heard.iter().map(|row| (row.text("topic").unwrap(), row.text("subject").unwrap())).collect();
        let expected = [("payment-recorded", "bank-1"), ("payment-reversed", "back")];
        assert_eq!(topics, expected.map(|(topic, subject)| (topic.to_owned(), subject.to_owned())));
        for row in heard {
            assert!(!row.text("payload").unwrap().contains("1.23"));
            assert!(row.text("payload").unwrap().contains(&channel.partner.tenant.to_string()));
        }
    });
}
