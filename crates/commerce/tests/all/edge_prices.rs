//! Prices that a seller names for its buyer: who may, what is refused, what is kept and told.

use crate::house::{House, in_a_house};
use crate::resellers::Tiers;
use tenantry_commerce::edge_price_file::{read_table, write_table};
use tenantry_commerce::{
    AddCustomerPriceRule, ImportEdgePriceSheet, ImportPriceSheet, customer_price_rule_add, edge_of,
    edge_price_sheet_followed, edge_price_sheet_get, edge_price_sheet_import, edge_price_sheet_list, edge_pricing,
    events, price_sheet_import,
};
use tenantry_core::{Currency, Factor, OpContext, Reason, Role, TenantId};
use tenantry_rating::{AppliesTo, MeterPrice};
use tenantry_testkit::time;

const EXCERPT: &str = include_str!("../../testdata/rate-card-excerpt.json");
const SERVICE_BUS: &str = "2a9992f8-e914-490b-a7a6-6d21ba55acda";

fn meters(price: &str) -> Vec<MeterPrice> {
    read_table(format!("MeterId,LowerBound,Price\n{SERVICE_BUS},0,{price}\n").as_bytes()).unwrap()
}

fn import(buyer: TenantId, from: &str, price: &str) -> ImportEdgePriceSheet {
    let (market, currency) = (Some("us".to_owned()), Some(Currency::USD));
    ImportEdgePriceSheet { seller: None, buyer, market, currency, effective_from: time(from), meters: meters(price) }
}

async fn public(house: &House) {
    let document = EXCERPT.as_bytes().to_vec();
    let import = ImportPriceSheet { market: "US".into(), currency: None, effective_from: time("2026-01-01"), document };
    price_sheet_import(&house.ctx, &house.db, import).await.unwrap();
}

#[test]
fn a_list_is_kept_with_its_history_and_the_same_again_changes_nothing() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        public(&house).await;
        let (above, buyer) = (house.by(&tiers.above, &[Role::AdminAgent]), tiers.reseller.tenant);
        let name = async |from: &str, price: &str| {
            edge_price_sheet_import(&above, &house.db, import(buyer, from, price)).await.unwrap()
        };
        let first = name("2026-02-01", "0.04").await;
        assert_eq!(name("2026-02-01", "0.04").await, first);
        let second = name("2026-02-01", "0.05").await;
        let again = name("2026-02-01", "0.04").await;
        assert_ne!(again.id, first.id, "the one between held: this is a change");
        let other = name("2026-03-01", "0.04").await;
        assert_eq!([&first, &second, &again, &other].map(|list| list.import_no), [1, 2, 3, 4]);
        let edge = edge_of(&above, &house.db, buyer).await.unwrap();
        assert_eq!((first.edge, first.seller, first.market.as_str()), (edge.id, tiers.above.tenant, "US"));
        let kept = edge_price_sheet_list(&above, &house.db, (None, buyer)).await.unwrap();
        assert_eq!(kept, [first.clone(), second.clone(), again.clone(), other.clone()]);
        let told: Vec<events::EdgePricesImported> = house.events(events::EDGE_PRICES_IMPORTED).await;
        assert_eq!(told, kept.iter().map(events::EdgePricesImported::from).collect::<Vec<_>>());
        let (summary, sheet) = edge_price_sheet_get(&above, &house.db, (None, buyer), second.id).await.unwrap();
        assert_eq!((summary, sheet.import_no, sheet.currency), (second.clone(), 2, Currency::USD));
        assert_eq!(sheet.meters.into_values().collect::<Vec<_>>(), meters("0.05"));
        let followed = edge_price_sheet_followed(&house.ctx, &house.db, second.id).await.unwrap();
        assert_eq!(followed.meters.into_values().collect::<Vec<_>>(), meters("0.05"));
        let asked = edge_price_sheet_followed(&above, &house.db, second.id).await.unwrap_err();
        assert_eq!(asked.reason(), Reason::Forbidden);
        // A list of another edge is not there.
        let beside = edge_price_sheet_get(&above, &house.db, (None, tiers.sibling.tenant), second.id).await;
        assert_eq!(beside.unwrap_err().reason(), Reason::PriceSheetNotFound);
        let none = ImportEdgePriceSheet { meters: vec![], ..import(buyer, "2026-04-01", "1") };
        assert_eq!(
            edge_price_sheet_import(&above, &house.db, none).await.unwrap().meters,
            0,
            "the end of named prices"
        );
    });
}

#[test]
fn only_the_seller_names_prices_and_reads_them() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        public(&house).await;
        let by = |partner| house.by(partner, &Role::ALL);
        let (above, own, sibling) = (by(&tiers.above), by(&tiers.reseller), by(&tiers.sibling));
        let (direct, provider) = (by(&tiers.direct), house.by_provider());
        let (reseller, distributor) = (tiers.reseller.tenant, tiers.above.tenant);
        type Case<'a> = (&'a OpContext, TenantId, Result<(), Reason>);
        let cases: [Case<'_>; 9] = [
            (&above, reseller, Ok(())),
            (&own, reseller, Err(Reason::Forbidden)),
            (&sibling, reseller, Err(Reason::TenantNotFound)),
            (&direct, reseller, Err(Reason::TenantNotFound)),
            (&provider, reseller, Ok(())),
            (&provider, distributor, Ok(())),
            (&above, distributor, Err(Reason::Forbidden)),
            (&own, distributor, Err(Reason::TenantNotFound)),
            (&direct, distributor, Err(Reason::TenantNotFound)),
        ];
        for (ctx, buyer, expected) in cases {
            let named = edge_price_sheet_import(ctx, &house.db, import(buyer, "2026-02-01", "0.04")).await;
            assert_eq!(named.map(drop).map_err(|problem| problem.reason()), expected, "{buyer}");
            let read = edge_price_sheet_list(ctx, &house.db, (None, buyer)).await;
            assert_eq!(read.map(drop).map_err(|problem| problem.reason()), expected, "{buyer}");
        }
        let helpdesk = house.by(&tiers.above, &[Role::HelpdeskAgent]);
        let refused = edge_price_sheet_import(&helpdesk, &house.db, import(reseller, "2026-02-01", "0.05")).await;
        assert_eq!(refused.unwrap_err().reason(), Reason::Forbidden);
    });
}

#[test]
fn prices_are_named_for_a_customer_that_is_billed_here_by_its_seller_alone() {
    in_a_house(|house| async move {
        let tiers = Tiers::open(&house).await;
        public(&house).await;
        let (seller, above) = (house.by(&tiers.reseller, &[Role::AdminAgent]), house.by(&tiers.above, &Role::ALL));
        let customer = house.customer(&tiers.reseller, "northwind").await;
        let name = async |ctx: &OpContext| {
            edge_price_sheet_import(ctx, &house.db, import(customer.id, "2026-02-01", "0.09")).await
        };
        assert_eq!(name(&seller).await.unwrap_err().reason(), Reason::TenantNotFound, "it is not billed here yet");
        let rule = AddCustomerPriceRule {
            seller: None,
            customer: customer.id,
            factor: Factor::parse("1.2").unwrap(),
            applies_to: AppliesTo::Everything,
            from: None,
            currency: Some(Currency::EUR),
        };
        let sold = customer_price_rule_add(&seller, &house.db, rule).await.unwrap();
        let list = name(&seller).await.unwrap();
        assert_eq!((list.edge, list.seller, list.currency), (sold.edge.id, tiers.reseller.tenant, Currency::USD));
        assert_eq!(sold.edge.currency, Currency::EUR, "prices are named in the currency of the price sheets");
        let priced = edge_pricing(&house.db, &sold.edge).await.unwrap();
        assert_eq!(priced, ("US".to_owned(), Currency::USD));
        for ctx in [&above, &house.by_provider()] {
            let hidden = name(ctx).await.unwrap_err().reason();
            assert!(
                [Reason::TenantNotFound, Reason::CustomerNotFound, Reason::Forbidden].contains(&hidden),
                "{hidden:?}"
            );
            assert!(edge_price_sheet_list(ctx, &house.db, (None, customer.id)).await.is_err());
        }
    });
}

#[test]
fn what_could_never_be_a_price_is_refused_by_name() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let early = edge_price_sheet_import(&house.ctx, &house.db, import(partner.tenant, "2026-02-01", "1")).await;
        assert_eq!(early.unwrap_err().reason(), Reason::PriceSheetNotFound, "there is no public price yet");
        public(&house).await;
        let unknown = "11111111-0000-4000-8000-00000000000f";
        let good = || import(partner.tenant, "2026-01-10", "1");
        let mistyped = read_table(format!("MeterId,LowerBound,Price\n{unknown},0,1\n").as_bytes()).unwrap();
        for (import, reason, said) in [
            (ImportEdgePriceSheet { market: Some("DE".into()), ..good() }, Reason::InvalidField, "those of US"),
            (
                ImportEdgePriceSheet { currency: Some(Currency::EUR), ..good() },
                Reason::CurrencyMismatch,
                "name prices in USD",
            ),
            (import(partner.tenant, "2026-01-09T23:59:59Z", "1"), Reason::InvalidField, "is past"),
            (ImportEdgePriceSheet { meters: mistyped, ..good() }, Reason::MeterNotFound, unknown),
        ] {
            let problem = edge_price_sheet_import(&house.ctx, &house.db, import).await.unwrap_err();
            assert!(problem.reason() == reason && problem.message().contains(said), "{problem:?}");
        }
        assert!(edge_price_sheet_list(&house.ctx, &house.db, (None, partner.tenant)).await.unwrap().is_empty());
        assert_eq!(house.events::<events::EdgePricesImported>(events::EDGE_PRICES_IMPORTED).await, []);
        // Today counts from its midnight.
        edge_price_sheet_import(&house.ctx, &house.db, good()).await.unwrap();
        assert_eq!(read_table(&write_table(&meters("1")).unwrap()).unwrap(), meters("1"));
    });
}
