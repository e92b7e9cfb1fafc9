//! Exchange rates: published by the provider, read by everybody, never changed.

use crate::house::in_a_house;
use tenantry_commerce::{NewFxRate, events, fx_import, fx_list};
use tenantry_core::{Currency, Day, Month, Rate, Reason, Role};

fn rate(month: &str, to: &str, rate: &str) -> NewFxRate {
    NewFxRate {
        month: Month::parse(month).unwrap(),
        from: Currency::USD,
        to: Currency::parse(to).unwrap(),
        rate: Rate::parse(rate).unwrap(),
        source: " a bank ".to_owned(),
        dated: Day::parse("2026-01-30").unwrap(),
    }
}

#[test]
fn an_import_adds_what_is_new_and_keeps_what_was() {
    in_a_house(|house| async move {
        let provider = house.by_provider();
        let add = async |rates: Vec<NewFxRate>| fx_import(&provider, &house.db, rates).await.unwrap();
        let first = add(vec![rate("2026-01", "EUR", "0.91"), rate("2026-01", "JPY", "151.2")]).await;
        assert_eq!((first.import_no, first.added.len(), first.unchanged), (Some(1), 2, 0));
        assert_eq!(first.added[0].source, "a bank");
        let same = add(vec![rate("2026-01", "EUR", "0.910")]).await;
        assert_eq!((same.import_no, same.added.len(), same.unchanged), (None, 0, 1));
        let second = add(vec![rate("2026-01", "EUR", "0.92"), rate("2026-01", "JPY", "151.2")]).await;
        assert_eq!((second.import_no, second.added.len(), second.unchanged), (Some(2), 1, 1));
        let back = add(vec![rate("2026-01", "EUR", "0.91")]).await;
        assert_eq!(back.import_no, Some(3), "what holds is the last import");
        let by_partner = house.by(&house.partner("contoso").await, &[Role::AdminAgent]);
        let listed = fx_list(&by_partner, &house.db, Month::parse("2026-01").ok()).await.unwrap();
        let shown: Vec<_> = listed.iter().map(|fx| format!("{} {} {}", fx.to, fx.rate, fx.import_no)).collect();
        assert_eq!(shown, ["EUR 0.91 1", "EUR 0.92 2", "EUR 0.91 3", "JPY 151.2 1"]);
        assert!(fx_list(&by_partner, &house.db, Month::parse("2026-02").ok()).await.unwrap().is_empty());
        let told: Vec<events::FxRateImported> = house.events(events::FX_RATE_IMPORTED).await;
        assert_eq!(told.len(), 4);
        assert_eq!(told[3].clone().rates().unwrap(), listed[2], "what rating follows is what is listed");
        let refused = fx_import(&by_partner, &house.db, vec![rate("2026-02", "EUR", "1")]).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::Forbidden);
    });
}

#[test]
fn one_bad_rate_refuses_them_all_with_its_place() {
    in_a_house(|house| async move {
        let good = rate("2026-01", "EUR", "0.91");
        for (bad, field) in [
            (rate("2026-01", "USD", "1"), "rates[1].to"),
            (rate("2026-01", "JPY", "0"), "rates[1].rate"),
            (rate("2026-01", "EUR", "0.92"), "rates[1].month"),
            (NewFxRate { source: "  ".to_owned(), ..rate("2026-02", "EUR", "1") }, "rates[1].source"),
        ] {
            let problem = fx_import(&house.ctx, &house.db, vec![good.clone(), bad]).await.unwrap_err();
            assert_eq!(problem.field(), Some(field), "{problem:?}");
        }
        assert!(fx_list(&house.ctx, &house.db, None).await.unwrap().is_empty());
    });
}
