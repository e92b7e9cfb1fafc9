//! The rate card on the wire. Source: partner-center-v1.md 3.9 and the recorded `GetAzureRateCard`.

use crate::wire::{Attributes, Decimal};
use serde::ser::{Serialize, SerializeMap, Serializer};
use tenantry_core::{Amount, Day, Factor, Quantity};
use tenantry_metering::EdgePrices;
use tenantry_rating::{EdgePrice, MeterPrice, PriceSheet, Tiers};

/// A price sheet as one edge has it.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RateCard<'a> {
    locale: &'a str,
    currency: String,
    is_tax_included: bool,
    meters: Meters<'a>,
    /// Nothing more comes off the rates.
    offer_terms: [(); 0],
    attributes: Attributes,
}

struct Meters<'a> {
    sheet: &'a PriceSheet,
    prices: &'a EdgePrices<'a>,
    day: Day,
}

#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Meter<'a> {
    id: String,
    name: &'a str,
    rates: Rates<'a>,
    tags: &'a [String],
    category: &'a str,
    subcategory: &'a str,
    region: &'a str,
    unit: &'a str,
    included_quantity: Decimal,
    effective_date: String,
}

/// From lower bound, as text, to price.
struct Rates<'a> {
    tiers: &'a Tiers,
    factor: Factor,
}

impl<'a> RateCard<'a> {
    /// The card of a sheet on a day.
    pub(super) fn new(sheet: &'a PriceSheet, prices: &'a EdgePrices<'a>, day: Day, locale: &'a str) -> Self {
        Self {
            locale,
            currency: sheet.currency.code().to_owned(),
            is_tax_included: false,
            meters: Meters { sheet, prices, day },
            offer_terms: [],
            attributes: Attributes::of("AzureRateCard"),
        }
    }
}

impl Serialize for Meters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let priced = |meter| Some(Meter::new(meter, self.prices.price(self.sheet, meter, self.day)?));
        serializer.collect_seq(self.sheet.meters.values().filter_map(priced))
    }
}

impl<'a> Meter<'a> {
    /// Names are those of the public sheet.
    fn new(public: &'a MeterPrice, price: EdgePrice<'a>) -> Self {
        Self {
            id: public.id.to_string(),
            name: &public.name,
            rates: Rates { tiers: &price.base.tiers, factor: price.factor },
            tags: &public.tags,
            category: &public.category,
            subcategory: &public.subcategory,
            region: &public.region,
            unit: &public.unit,
            included_quantity: price.base.included.into(),
            effective_date: public.effective_date.to_string(),
        }
    }
}

impl Serialize for Rates<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bounds = self.tiers.bounds();
        let mut map = serializer.serialize_map(Some(bounds.len()))?;
        for (bound, rate) in bounds {
            // The price of one unit: exact, because an amount keeps all digits of rate and factor together.
            let price = Amount::priced(Quantity::ONE, *rate, self.factor);
            map.serialize_entry(&bound.to_string(), &Decimal::from(price))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tenantry_core::{Currency, MeterId, PriceSheetId, Rate, Timestamp};
    use tenantry_rating::{AppliesTo, EdgePricing, PriceBook, PriceList, PriceRule};

    fn meter(number: u32, rates: &[(&str, &str)], first_party: bool) -> MeterPrice {
        let bound = |(from, rate): &(&str, &str)| (Quantity::parse(from).unwrap(), Rate::parse_lenient(rate).unwrap());
        MeterPrice {
            id: MeterId::parse(&format!("d0bf9053-17c4-4fec-8502-{number:012}")).unwrap(),
            name: "Compute Hours".to_owned(),
            category: "Virtual Machines".to_owned(),
            subcategory: "Standard_F2 VM Low Priority (Windows)".to_owned(),
            region: "US West 2".to_owned(),
            unit: "Hours".to_owned(),
            tags: if first_party { vec![] } else { vec!["Third Party".to_owned()] },
            tiers: Tiers::new(rates.iter().map(bound).collect()).unwrap(),
            included: Quantity::ZERO,
            effective_date: Timestamp::parse("2017-04-01").unwrap(),
            first_party,
        }
    }

    #[test]
    fn rates_are_the_partners_own_to_the_last_digit() {
        // The first rate is recorded: 0.077 at list is 0.06545 for a direct partner.
        let meters = [
            meter(1, &[("0", "0.077")], true),
            meter(2, &[("0", "5.4529999999999999999999999998"), ("87.5", "6e-06"), ("2487.5", "0")], true),
            meter(3, &[("0", "4.0177")], false),
        ];
        let sheet = PriceSheet {
            id: PriceSheetId::parse("11111111-0000-4000-8000-000000000001").unwrap(),
            market: "US".to_owned(),
            currency: Currency::USD,
            effective_from: Timestamp::parse("2017-04-01").unwrap(),
            import_no: 1,
            meters: meters.into_iter().map(|meter| (meter.id, meter)).collect::<BTreeMap<_, _>>(),
        };
        let rule = PriceRule {
            factor: Factor::parse("0.85").unwrap(),
            applies_to: AppliesTo::FirstParty,
            from: Timestamp::from_micros(0),
        };
        let (book, rules) = (PriceBook::default(), PriceList::new(vec![rule]));
        let prices = EdgePrices::new(&book, vec![EdgePricing { rules: &rules, own: None }]);
        let card = RateCard::new(&sheet, &prices, Day::parse("2017-05-01").unwrap(), "en-US");
        let text = serde_json::to_string(&card).unwrap();
        assert!(text.starts_with(concat!(
            r#"{"locale":"en-US","currency":"USD","isTaxIncluded":false,"meters":[{"#,
            r#""id":"d0bf9053-17c4-4fec-8502-000000000001","name":"Compute Hours","rates":{"0":0.06545},"tags":[],"#,
            r#""category":"Virtual Machines","subcategory":"Standard_F2 VM Low Priority (Windows)","#,
            r#""region":"US West 2","unit":"Hours","includedQuantity":0,"effectiveDate":"2017-04-01T00:00:00Z"},"#,
        )));
        assert!(
            text.contains(r#""rates":{"0":4.63504999999999999999999999983,"87.5":0.0000051,"2487.5":0}"#),
            "{text}"
        );
        assert!(text.contains(r#""rates":{"0":4.0177},"tags":["Third Party"]"#), "{text}");
        assert!(text.ends_with(r#"],"offerTerms":[],"attributes":{"objectType":"AzureRateCard"}}"#), "{text}");
    }
}
