//! Lines and totals against a calculator that knows nothing of this program's numbers.

use crate::books::Books;
use crate::exact::Exact;
use crate::reckoning::{half_even, sum, written};
use std::collections::BTreeMap;
use tenantry_testkit::{CARD, Channel, HOURS, INCLUDED, THIRD_PARTY, TIERED, events, on_every_engine};

/// Bounds and prices in thousandths, free units, and what the partner pays of the price in hundredths.
struct Tariff {
    meter: &'static str,
    tiers: &'static [(i128, i128)],
    included: i128,
    pays: i128,
}

const TARIFFS: [Tariff; 4] = [
    Tariff { meter: HOURS, tiers: &[(0, 100)], included: 0, pays: 85 },
    Tariff { meter: TIERED, tiers: &[(0, 50), (100, 40), (1000, 30)], included: 0, pays: 85 },
    Tariff { meter: INCLUDED, tiers: &[(0, 87)], included: 5, pays: 85 },
    Tariff { meter: THIRD_PARTY, tiers: &[(0, 972)], included: 0, pays: 100 },
];
/// Quantities are counted in billionths.
const NANO: i128 = 1_000_000_000;

impl Tariff {
    fn charge(&self, nanos: i128) -> Exact {
        let billable = (nanos - self.included * NANO).max(0);
        let mut charge = Exact::default();
        for (at, (from, price)) in self.tiers.iter().enumerate() {
            let top = self.tiers.get(at + 1).map_or(billable, |(next, _)| billable.min(next * NANO));
            let within = (top - from * NANO).max(0);
            charge = charge.plus(&Exact::product(&[(within, 9), (*price, 3), (self.pays, 2)]));
        }
        charge
    }
}

#[test]
fn every_line_is_what_a_calculator_makes_of_it() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind").await;
        channel.advance_to("2026-01-31T12:00:00Z").await;
        let chance = tenantry_core::Chance::from_seed(11);
        let mut expected = BTreeMap::new();
        for tariff in TARIFFS {
            // Half a cent must be met as well: whole units of prices like 0.05 and 0.10.
            for unit in [1, NANO, NANO / 2] {
                let subscription = channel.order_usage(&customer).await;
                let mut used = 0;
                let mut rows = Vec::new();
                for hour in 0..8 {
                    let nanos = i128::from(chance.below(u64::try_from(400 * NANO / unit).unwrap())) * unit;
                    used += nanos;
                    let quantity = format!("{}.{:09}", nanos / NANO, nanos % NANO);
                    rows.push((format!("2026-01-31T0{hour}:15:00Z"), quantity));
                }
                let rows: Vec<_> = rows.iter().map(|(at, quantity)| (at.as_str(), quantity.as_str())).collect();
                channel.accept(events(&subscription, tariff.meter, &rows)).await;
                expected.insert(subscription.id, tariff.charge(used).to_string());
            }
        }
        channel.advance_to("2026-02-10").await;
        let ctx = channel.partner_ctx();
        let invoice = Books::of(&channel, &ctx).prove().await.remove(0);
        let lines: BTreeMap<_, _> = invoice
            .lines
            .iter()
            .map(|line| (line.subscription, (line.exact.to_string(), line.amount.to_string())))
            .collect();
        let cents = |exact: &str| written(half_even(exact, 2), 2);
        let wanted: BTreeMap<_, _> =
            expected.into_iter().map(|(id, exact)| (id, (exact.clone(), cents(&exact)))).collect();
        assert_eq!(lines, wanted);
        let total = sum(wanted.values().map(|(_, amount)| amount.as_str()));
        assert_eq!(invoice.total, cents(&total));
    });
}
