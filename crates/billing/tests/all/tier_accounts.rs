//! Accounts on every tier: each seller writes in its own books, and nobody sees another tier's.

use crate::books::findings;
use crate::tier_scene::{Seller, Tiers};
use tenantry_billing::{
    InvoiceFilter, NewCreditNote, NewPayment, NewTaxRate, account_standings, credit_note_get, credit_note_issue,
    edge_rounding_set, invoice_list, payment_list, payment_record, tax_rate_set,
};
use tenantry_commerce::edge_of;
use tenantry_core::{Currency, Factor, Money, OpContext, Problem, Reason, Rounding, Timestamp};
use tenantry_testkit::{HOURS, events, on_every_engine};

fn reason<T>(of: Result<T, Problem>) -> Option<Reason> {
    of.err().map(|refused| refused.reason())
}

async fn pay(tiers: &Tiers, ctx: &OpContext, seller: &Seller, buyer: &Seller, reference: &str) -> Option<Reason> {
    let new = NewPayment {
        seller: seller.partner.tenant,
        buyer: buyer.partner.tenant,
        amount: Money::from_minor(7, Currency::USD),
        paid_on: ctx.now().day(),
        reference: reference.to_owned(),
        documents: Vec::new(),
    };
    reason(payment_record(ctx, tiers.channel.world().db(), tiers.channel.world().metering(), new).await)
}

/// A rate on what a tier sells.
fn tax(seller: &Seller, rate: &str, from: Timestamp) -> NewTaxRate {
    let (market, rate) = ("US".into(), Factor::parse(rate).unwrap());
    NewTaxRate { seller: seller.partner.tenant, market, rate, hook: String::new(), from }
}

/// Who sees the accounts of corner and of the tier above it, and the credit note of corner.
async fn check_readers(tiers: &Tiers, note: &str) {
    let Tiers { channel, above, corner, market } = tiers;
    let db = channel.world().db();
    let hidden = Some(Reason::TenantNotFound);
    for (who, ctx, of_corner, of_above) in [
        ("the reseller", &corner.ctx, None, hidden),
        ("its seller", &above.ctx, None, None),
        ("its neighbour", &market.ctx, hidden, hidden),
        ("another partner", &channel.partner_ctx(), hidden, hidden),
    ] {
        for (buyer, expected) in [(corner, of_corner), (above, of_above)] {
            let buyer = buyer.partner.tenant;
            assert_eq!(reason(account_standings(ctx, db, buyer).await), expected, "{who}");
            assert_eq!(reason(payment_list(ctx, db, buyer).await), expected, "{who}");
        }
        let read = credit_note_get(ctx, db, note).await;
        assert_eq!(reason(read), of_corner.map(|_| Reason::InvoiceNotFound), "{who}");
    }
}

#[test]
fn an_indirect_provider_keeps_the_books_of_its_resellers_and_its_own_are_kept_above() {
    on_every_engine(|bench| async move {
        let tiers = Tiers::open(&bench).await;
        let customer = tiers.customer(&tiers.corner, "Northwind").await;
        let own = tiers.order(&tiers.corner, customer.id).await;
        let (channel, db) = (&tiers.channel, tiers.channel.world().db());
        let metering = channel.world().metering();
        let edge = edge_of(&tiers.above.ctx, db, tiers.corner.partner.tenant).await.unwrap();
        let now = tiers.above.ctx.now();
        edge_rounding_set(&tiers.above.ctx, db, &edge, Rounding::Floor, now).await.unwrap();
        let tax = |rate| tax(&tiers.above, rate, now);
        tax_rate_set(&tiers.above.ctx, db, tax("0.1")).await.unwrap();
        assert_eq!(reason(tax_rate_set(&tiers.corner.ctx, db, tax("0.2")).await), Some(Reason::Forbidden));
        let refused = edge_rounding_set(&tiers.corner.ctx, db, &edge, Rounding::HalfUp, now).await;
        assert_eq!(reason(refused), Some(Reason::Forbidden));
        channel.accept(events(&own, HOURS, &[("2026-01-01", "10")])).await;
        channel.advance_to("2026-02-10").await;

        // Who sells on an edge, who buys, and who is neither.
        let (above, corner, market) = (&tiers.above, &tiers.corner, &tiers.market);
        assert_eq!(pay(&tiers, &above.ctx, above, corner, "a").await, None);
        assert_eq!(pay(&tiers, &corner.ctx, above, corner, "b").await, Some(Reason::Forbidden));
        assert_eq!(pay(&tiers, &market.ctx, above, corner, "c").await, Some(Reason::TenantNotFound));
        let upstream = NewPayment {
            seller: channel.provider.tenant,
            buyer: above.partner.tenant,
            amount: Money::from_minor(5, Currency::USD),
            paid_on: now.day(),
            reference: "a".into(),
            documents: Vec::new(),
        };
        assert_eq!(reason(payment_record(&above.ctx, db, metering, upstream.clone()).await), Some(Reason::Forbidden));
        assert_eq!(
            reason(payment_record(&channel.provider_ctx(), db, metering, upstream).await),
            None,
            "its own references"
        );

        // 10 hours are 0.892... to the reseller: cut, and taxed by its seller.
        let bought = invoice_list(&corner.ctx, db, corner.partner.tenant, InvoiceFilter::default()).await.unwrap();
        let invoice = &bought[0];
        assert_eq!((invoice.rounding, invoice.tax_rate.as_str()), (Rounding::Floor, "0.1"));
        let above_it = invoice_list(&above.ctx, db, above.partner.tenant, InvoiceFilter::default()).await.unwrap();
        assert_eq!((above_it[0].rounding, above_it[0].tax_rate.as_str()), (Rounding::HalfEven, ""));
        let new = || NewCreditNote {
            invoice: invoice.number.clone(),
            reference: "case-1".into(),
            reason: "agreed".into(),
            lines: Vec::new(),
        };
        assert_eq!(reason(credit_note_issue(&corner.ctx, db, metering, new()).await), Some(Reason::Forbidden));
        assert_eq!(reason(credit_note_issue(&market.ctx, db, metering, new()).await), Some(Reason::InvoiceNotFound));
        let (note, _) = credit_note_issue(&above.ctx, db, metering, new()).await.unwrap().entry;
        let series = invoice.number.split_once('-').unwrap().1;
        assert_eq!((note.number, &note.total), (format!("C260000001-{series}"), &invoice.total));

        check_readers(&tiers, &format!("C260000001-{series}")).await;
        let standing = account_standings(&corner.ctx, db, corner.partner.tenant).await.unwrap().remove(0);
        assert_eq!(standing.balance, Money::from_minor(-7, Currency::USD), "credited in full, and 0.07 was paid");
        assert_eq!(findings(channel).await, Vec::<String>::new());
    });
}
