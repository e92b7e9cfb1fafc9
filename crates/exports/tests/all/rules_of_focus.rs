//! The 621 public rules of FOCUS 1.2 on our export: those a machine can check all pass.

use crate::rules::{Rules, Verdict};
use crate::setting::{FOCUS_1_2, Setting};
use crate::table::Table;
use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use tenantry_testkit::{on_every_engine, shared_data};

/// The rules, where the data sets are at hand.
fn rules() -> Option<Rules> {
    let file = File::open(shared_data()?.join("focus/rules-model-1.2.json.gz")).unwrap();
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    Some(Rules::read(&text))
}

#[test]
fn all_rules_that_a_machine_can_check_pass() {
    let Some(rules) = rules() else { return };
    assert_eq!(rules.all.len(), 621);
    on_every_engine(|bench| async move {
        let Some(rules) = self::rules() else { return };
        let setting = Setting::new(&bench).await;
        for invoice in &setting.invoices {
            let verdicts = rules.evaluate(&setting.csv(invoice, FOCUS_1_2).await);
            let failed: Vec<_> = verdicts
                .iter()
                .filter_map(|(id, verdict)| match verdict {
                    Verdict::Failed(why) => Some((id.as_str(), why.as_str())),
                    _ => None,
                })
                .collect();
            assert_eq!(failed, [], "{}", invoice.number);
            let count = |of: fn(&Verdict) -> bool| verdicts.values().filter(|verdict| of(verdict)).count();
            let counts = [
                count(|verdict| *verdict == Verdict::Passed),
                count(|verdict| *verdict == Verdict::Permits),
                count(|verdict| *verdict == Verdict::Unreadable),
                count(|verdict| *verdict == Verdict::OtherHolds),
                count(|verdict| *verdict == Verdict::NotOffered),
            ];
            assert_eq!(
                counts,
                [406, 9, 201, 1, 4],
                "passed, permit, not readable, the other of two holds, not offered"
            );
        }
    });
}

/// A checker that cannot fail proves nothing: each change breaks the rule that is about it.
#[test]
fn the_checker_sees_what_is_wrong() {
    let Some(rules) = rules() else { return };
    let good = [
        ("ProviderName", "Root"),
        ("InvoiceIssuerName", "Root"),
        ("ChargeCategory", "Usage"),
        ("ServiceName", "Storage"),
        ("ServiceCategory", "Storage"),
        ("ServiceSubcategory", "Storage Platforms"),
        ("BilledCost", "1.5"),
        ("ListUnitPrice", "0.5"),
        ("PricingQuantity", "3"),
        ("ListCost", "1.5"),
        ("PricingUnit", "Hours"),
        ("BillingCurrency", "USD"),
        ("ChargePeriodStart", "2026-01-01T00:00:00Z"),
        ("SkuId", "a"),
        ("SkuPriceId", "a/1"),
    ];
    let verdict = |column: &str, value: &str, id: &str| {
        let cell = |(name, good): (&str, &str)| if name == column { value.to_owned() } else { good.to_owned() };
        let header = good.map(|(name, _)| name).join(",");
        let row = good.map(cell).join(",");
        rules.evaluate(&Table::read(format!("{header}\n{row}\n").as_bytes())).remove(id).unwrap()
    };
    for (column, value, id) in [
        ("ChargeCategory", "Use", "ChargeCategory-C-003-M"),
        ("ChargeCategory", "", "ChargeCategory-C-002-M"),
        ("ServiceSubcategory", "Virtual Machines", "ServiceSubcategory-C-004-M"),
        ("BilledCost", "USD 1.5", "BilledCost-C-001-M"),
        ("InvoiceIssuerName", "Other", "BilledCost-C-005-C"),
        ("ListCost", "1.500000000000000000000001", "ListUnitPrice-C-010-C"),
        ("ListUnitPrice", "-0.5", "ListUnitPrice-C-008-M"),
        ("ListUnitPrice", "", "ListUnitPrice-C-005-C"),
        ("PricingUnit", "", "PricingUnit-C-006-C"),
        ("PricingUnit", "GB//Month", "PricingUnit-C-003-O"),
        ("BillingCurrency", "Dollar", "BillingCurrency-C-003-M"),
        ("ChargePeriodStart", "2026-01-01", "ChargePeriodStart-C-002-M"),
        ("SkuPriceId", "", "SkuPriceId-C-005-C"),
    ] {
        assert_eq!(verdict("", "", id), Verdict::Passed, "{id}");
        assert!(matches!(verdict(column, value, id), Verdict::Failed(_)), "{id}");
    }
    let missing = rules.evaluate(&Table::read(b"ProviderName\nRoot\n"));
    let absent: BTreeMap<_, _> = missing.iter().filter(|(id, _)| id.starts_with("CostAndUsage-D-006")).collect();
    assert!(absent.values().all(|verdict| matches!(verdict, Verdict::Failed(_))), "{absent:?}");
}
