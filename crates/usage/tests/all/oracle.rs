//! What a scenario must come to, said once more in the plainest way: no tiers type, no amounts, no caches.
//!
//! Everything is recomputed from the list of all usage whenever somebody asks.

use crate::exact::{Exact, decimal};
use crate::scenario::{EDGES, METERS, Price, RESOURCES, Rule, SUBSCRIPTIONS, Step, Use, day};
use std::collections::BTreeMap;
use tenantry_core::Month;

/// Names a row: subscription, month, meter, day, resource.
type Key = (usize, Month, usize, u16, usize);

/// Figures of a row: quantity, list charge, charge by edge.
#[derive(Debug, Clone, Default, PartialEq)]
struct Figures {
    quantity: i128,
    list: Exact,
    charges: [Exact; 2],
}

impl Figures {
    fn minus(&self, other: &Self) -> Self {
        let [a, b] = [0, 1].map(|edge| self.charges[edge].minus(&other.charges[edge]));
        Self { quantity: self.quantity - other.quantity, list: self.list.minus(&other.list), charges: [a, b] }
    }
}

pub struct Oracle {
    sheets: Vec<(u16, BTreeMap<usize, Price>)>,
    rules: [Vec<Rule>; 2],
    own: [Vec<(u16, BTreeMap<usize, Price>)>; 2],
    used: Vec<Use>,
    billed: BTreeMap<Key, Figures>,
    closes: Vec<BTreeMap<Key, Figures>>,
}

impl Oracle {
    pub fn of(steps: &[Step]) -> Self {
        let first = Rule { factor: 85_000_000, from: 0, everything: false };
        let second = Rule { factor: 95_000_000, from: 0, everything: true };
        let mut oracle = Self {
            sheets: Vec::new(),
            rules: [vec![first], vec![second]],
            own: Default::default(),
            used: Vec::new(),
            billed: BTreeMap::new(),
            closes: Vec::new(),
        };
        for step in steps {
            match step {
                Step::Sheet { from, prices } => oracle.sheets.push((*from, prices.clone())),
                Step::Rules { edge, rules } => oracle.rules[*edge].clone_from(rules),
                Step::Own { edge, from, prices } => oracle.own[*edge].push((*from, prices.clone())),
                Step::Batch(batch) => oracle.used.extend(batch.iter().cloned()),
                Step::Close => oracle.close(),
            }
        }
        oracle
    }

    /// The rows of an edge's unbilled lines, as `report::rated_rows` prints them.
    pub fn unbilled(&self, edge: usize) -> Vec<String> {
        self.printed(edge, &self.owed())
    }

    /// The rows a close put on an edge's document; closes count from 1.
    pub fn billed_by(&self, edge: usize, close: usize) -> Vec<String> {
        self.printed(edge, &self.closes[close - 1])
    }

    /// What all usage that has a price comes to on an edge. Closes do not matter to this.
    pub fn rated_in_total(&self, edge: usize) -> String {
        let charges = self.rated().into_iter().filter(|(key, _)| has_edge(key.0, edge));
        charges.fold(Exact::default(), |sum, (_, figures)| sum.plus(&figures.charges[edge])).to_string()
    }

    fn close(&mut self) {
        let month = (0..self.closes.len()).fold(Month::of(day(0)), |month, _| month.next());
        let owed: BTreeMap<_, _> = self.owed().into_iter().filter(|(key, _)| key.1 <= month).collect();
        let rated = self.rated();
        for key in owed.keys() {
            self.billed.insert(*key, rated[key].clone());
        }
        self.closes.push(owed);
    }

    /// The delta rule. Rows that have no price (any more) wait: neither charged nor credited.
    fn owed(&self) -> BTreeMap<Key, Figures> {
        let nothing = Figures::default();
        let owed = self.rated().into_iter();
        owed.map(|(key, figures)| (key, figures.minus(self.billed.get(&key).unwrap_or(&nothing)))).collect()
    }

    /// Each row with a price, at that price, after everything that comes before it in its month.
    fn rated(&self) -> BTreeMap<Key, Figures> {
        let mut quantities: BTreeMap<Key, i128> = BTreeMap::new();
        for used in &self.used {
            let key = (used.subscription, Month::of(day(used.day)), used.meter, used.day, used.resource);
            *quantities.entry(key).or_default() += used.quantity;
        }
        let mut rated = BTreeMap::new();
        for (key, quantity) in &quantities {
            let Some(price) = self.price(key.2, key.3) else { continue };
            let before = quantities
                .iter()
                .filter(|(other, _)| (other.0, other.1, other.2) == (key.0, key.1, key.2) && *other < key)
                .map(|(_, quantity)| quantity)
                .sum::<i128>();
            let at = |price: &Price, parts: &[(i128, u32)]| {
                of_total(price, before + quantity, parts).minus(&of_total(price, before, parts))
            };
            // Down the channel: an own price begins anew, a rule is on what the seller pays.
            let (mut base, mut parts) = (price, Vec::new());
            let charges = [0, 1].map(|edge| {
                match in_force(&self.own[edge], key.2, key.3) {
                    Some(own) => (base, parts) = (own, Vec::new()),
                    None => parts.push((self.factor(edge, price, key.3), 8)),
                }
                at(base, &parts)
            });
            let list = at(price, &[]);
            rated.insert(*key, Figures { quantity: *quantity, list, charges });
        }
        rated
    }

    fn price(&self, meter: usize, day: u16) -> Option<&Price> {
        in_force(&self.sheets, meter, day)
    }

    fn factor(&self, edge: usize, price: &Price, day: u16) -> i128 {
        let mut decides: Option<&Rule> = None;
        for rule in self.rules[edge].iter().filter(|rule| rule.from <= day && (price.first_party || rule.everything)) {
            if decides.is_none_or(|best| rule.from >= best.from) {
                decides = Some(rule);
            }
        }
        decides.map_or(100_000_000, |rule| rule.factor)
    }

    fn printed(&self, edge: usize, figures: &BTreeMap<Key, Figures>) -> Vec<String> {
        let zero = Exact::default();
        let mut rows: Vec<_> = figures
            .iter()
            .filter(|(key, _)| has_edge(key.0, edge))
            .filter(|(_, row)| row.quantity != 0 || row.list != zero || row.charges[edge] != zero)
            .map(|((subscription, month, meter, on, resource), row)| {
                let named = format!("{} {month} {} {}", SUBSCRIPTIONS[*subscription], METERS[*meter], day(*on));
                let quantity = decimal(row.quantity, 18);
                format!("{named} {} {quantity} {} {}", RESOURCES[*resource], row.list, row.charges[edge])
            })
            .collect();
        rows.sort();
        rows
    }
}

/// Of the sheets that have begun, the latest; of those with one date, the last imported.
fn in_force(sheets: &[(u16, BTreeMap<usize, Price>)], meter: usize, day: u16) -> Option<&Price> {
    let mut in_force: Option<&(u16, BTreeMap<usize, Price>)> = None;
    for sheet in sheets.iter().filter(|sheet| sheet.0 <= day) {
        if in_force.is_none_or(|best| sheet.0 >= best.0) {
            in_force = Some(sheet);
        }
    }
    in_force?.1.get(&meter)
}

/// `shop` is sold through both edges, `till` through the first.
fn has_edge(subscription: usize, edge: usize) -> bool {
    assert!(edge < EDGES.len());
    subscription == 0 || edge == 0
}

/// What a month's whole quantity costs, times some factors.
fn of_total(price: &Price, total: i128, factors: &[(i128, u32)]) -> Exact {
    let cost = |quantity: i128, rate: i128| {
        let mut parts = vec![(quantity, 18), (rate, 28)];
        parts.extend(factors);
        Exact::product(&parts)
    };
    let billable = if price.included == 0 { total } else { (total - price.included).max(0) };
    let bounds: Vec<_> = price.tiers.iter().collect();
    if billable < 0 {
        // More was corrected than used.
        return cost(billable, *bounds[0].1);
    }
    let mut sum = Exact::default();
    for (at, (from, rate)) in bounds.iter().enumerate() {
        let top = bounds.get(at + 1).map_or(billable, |(next, _)| billable.min(**next));
        if top > **from {
            sum = sum.plus(&cost(top - **from, **rate));
        }
    }
    sum
}
