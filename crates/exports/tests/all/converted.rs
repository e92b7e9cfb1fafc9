//! Documents in another currency than their prices: every format sums to the document, and the daily file says both sides
//! of each row and the rate between them.

use crate::setting::FORMATS;
use crate::table::{Decimal, Table};
use tenantry_billing::{InvoiceFilter, invoice_list};
use tenantry_commerce::{
    BillingDetails, Limits, NewCustomer, NewFxRate, NewPartner, PlaceLine, PlaceOrder, Standing, customer_create,
    fx_import, order_place, partner_sign_up_as, subscription_list,
};
use tenantry_core::{
    AppId, Caller, Currency, Day, Factor, Identity, Month, ObjectId, OfferId, OpContext, Rate, Role, TenantKind,
};
use tenantry_exports::{Encoding, ExportFormat, Request, Target, export_invoice};
use tenantry_testkit::{CARD, Channel, HOURS, SUFFIX, TIERED, USAGE_OFFER, events, on_every_engine};

const RATE: &str = "0.9137025";

/// A partner and as which it asks.
async fn sign_up(channel: &Channel, name: &str, standing: Standing, currency: Currency) -> OpContext {
    let new = NewPartner {
        company_name: name.to_owned(),
        domain: format!("{name}.{SUFFIX}"),
        address: channel.partner.address.clone(),
        email: format!("bills@{name}.test"),
        culture: "en-us".into(),
        language: "en".into(),
        mpn_id: "7".into(),
        markets: vec!["US".into()],
        currency,
    };
    let (ctx, db) = (channel.provider_ctx(), channel.world().db());
    let (partner, _) = partner_sign_up_as(&ctx, db, SUFFIX, standing, new, None).await.unwrap();
    let ids = (AppId::new(partner.tenant.guid()), ObjectId::new(partner.tenant.guid()));
    let identity = Identity::application(ids.0, ids.1, (partner.tenant, TenantKind::Partner), [Role::AdminAgent]);
    OpContext { caller: Caller::SignedIn(identity), ..channel.world().system("test") }
}

#[test]
fn every_file_is_in_the_documents_currency_and_the_daily_one_names_both() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let db = channel.world().db();
        let distro = sign_up(&channel, "distro", Standing::IndirectProvider, Currency::USD).await;
        let standing =
            Standing::Reseller { indirect_provider: distro.tenant().unwrap(), factor: Factor::parse("1.073").unwrap() };
        let cafe = sign_up(&channel, "cafe", standing, Currency::EUR).await;
        let new = NewCustomer {
            partner: cafe.tenant().unwrap(),
            company_name: None,
            domain: format!("northwind.{SUFFIX}"),
            registration_number: None,
            billing: BillingDetails {
                email: "ops@customer.test".into(),
                culture: "en-us".into(),
                language: "en".into(),
                company_name: "Northwind".into(),
                default_address: channel.partner.address.clone(),
                ..BillingDetails::default()
            },
        };
        let customer = customer_create(&cafe, db, SUFFIX, &Limits::NONE, new).await.unwrap();
        let line = PlaceLine { number: 0, offer: OfferId::new(USAGE_OFFER), friendly_name: None, quantity: 1 };
        let order = PlaceOrder { customer: customer.id, billing_cycle: None, lines: vec![line] };
        let order = order_place(&cafe, db, &Limits::NONE, order).await.unwrap();
        let sold = subscription_list(&cafe, db, customer.id, Some(order.id)).await.unwrap().remove(0);
        channel.advance_to("2026-01-31").await;
        channel.accept(events(&sold, TIERED, &[("2026-01-02", "71.337"), ("2026-01-19", "60.25")])).await;
        channel.accept(events(&sold, HOURS, &[("2026-01-09", "33.123456789")])).await;
        let fx = NewFxRate {
            month: Month::parse("2026-01").unwrap(),
            from: Currency::USD,
            to: Currency::EUR,
            rate: Rate::parse(RATE).unwrap(),
            source: "a bank".to_owned(),
            dated: Day::parse("2026-01-30").unwrap(),
        };
        fx_import(&channel.provider_ctx(), db, vec![fx]).await.unwrap();
        channel.advance_to("2026-02-10").await;
        let found = invoice_list(&cafe, db, cafe.tenant().unwrap(), InvoiceFilter::default()).await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        for format in FORMATS {
            let path = directory.path().join("file.csv");
            let request = Request { format, target: Target { path, encoding: Encoding::Csv, part_rows: None } };
            // The sum of the file is held against the document here.
            export_invoice(&cafe, db, channel.world().metering(), &found[0].number, &request, |_| ()).await.unwrap();
            if format == ExportFormat::Daily {
                check_daily(&Table::read(&std::fs::read(&request.target.path).unwrap()), &found[0].net);
            }
        }
    });
}

fn check_daily(table: &Table, net: &str) {
    let number = |text: Option<&str>| Decimal::parse(text.unwrap()).unwrap();
    assert_eq!(table.sum("BillingPreTaxTotal"), Decimal::parse(net).unwrap().text());
    let mut usage = 0;
    for row in table.rows() {
        assert_eq!((row.get("BillingCurrency"), row.get("PricingCurrency")), (Some("EUR"), Some("USD")), "{row:?}");
        assert_eq!(
            (row.get("PCToBCExchangeRate"), row.get("PCToBCExchangeRateDate")),
            (Some(RATE), Some("2026-01-30"))
        );
        let pricing = number(row.get("PricingPreTaxTotal"));
        if row.get("ChargeType") == Some("Usage") {
            let product = pricing.times(Decimal::parse(RATE).unwrap());
            assert_eq!(product.text(), number(row.get("BillingPreTaxTotal")).text(), "{row:?}");
            assert_eq!(row.get("UnitPrice"), row.get("EffectiveUnitPrice"), "no price but the buyer's own");
            usage += 1;
        } else {
            assert_eq!(pricing.text(), "0", "rounding is of the document's currency");
        }
    }
    assert_eq!(usage, 3);
}
