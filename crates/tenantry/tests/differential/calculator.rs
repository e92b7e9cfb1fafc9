//! What a story must come to, said in the plainest way: no tiers type, no amounts, no caches, nothing kept but the list
//! of all usage and what documents have shown.

use crate::exact::Exact;
use crate::story::{CHANNELS, Price, RESOURCES, Rule, Step, Story, Use};
use std::collections::BTreeMap;

/// Names a row: subscription, month, meter, day, how many moves came before, resource. The order is that of tier
/// positions within the first three.
pub type Key = (usize, u64, usize, u64, usize, usize);

/// Figures of a row: quantity, list charge, charge by edge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    pub quantity: i128,
    pub list: Exact,
    pub charges: BTreeMap<usize, Exact>,
}

/// A price sheet: from when on, and the prices by meter.
type Sheet = (u64, BTreeMap<usize, Price>);

#[derive(Debug, Default)]
pub struct Calculator {
    sheets: Vec<Sheet>,
    rules: BTreeMap<usize, Vec<Rule>>,
    /// What sellers named, by edge.
    own: BTreeMap<usize, Vec<Sheet>>,
    /// By subscription: from which half hour on it is sold through which channel.
    channels: BTreeMap<usize, Vec<(u64, usize)>>,
    used: Vec<Use>,
    billed: BTreeMap<Key, Figures>,
    closes: Vec<BTreeMap<Key, Figures>>,
}

impl Calculator {
    pub fn of(story: &Story) -> Self {
        let mut calculator = Self::default();
        for (subscription, channel) in story.channels.iter().enumerate() {
            calculator.channels.insert(subscription, vec![(0, *channel)]);
        }
        for step in &story.steps {
            match step {
                Step::Sheet { from, prices } => calculator.sheets.push((*from, prices.clone())),
                Step::Rules { edge, rules } => drop(calculator.rules.insert(*edge, rules.clone())),
                Step::Own { edge, from, prices } => {
                    calculator.own.entry(*edge).or_default().push((*from, prices.clone()));
                }
                Step::Batch(batch) => calculator.used.extend(batch.iter().cloned()),
                Step::Move { subscription, channel, half_hour } => {
                    calculator.moves(*subscription, *channel, *half_hour)
                }
                Step::Close => calculator.close(),
            }
        }
        calculator
    }

    /// A move to the same channel is none.
    fn moves(&mut self, subscription: usize, channel: usize, half_hour: u64) {
        let spans = self.channels.entry(subscription).or_default();
        if spans.last().is_none_or(|(_, last)| *last != channel) {
            spans.push((half_hour, channel));
        }
    }

    pub fn closes(&self) -> usize {
        self.closes.len()
    }

    /// What no document shows yet.
    pub fn unbilled(&self) -> BTreeMap<Key, Figures> {
        self.owed()
    }

    /// What a close billed; closes count from 0 here.
    pub fn billed_by(&self, close: usize) -> &BTreeMap<Key, Figures> {
        &self.closes[close]
    }

    fn close(&mut self) {
        let month = u64::try_from(self.closes.len()).unwrap();
        let owed: BTreeMap<_, _> = self.owed().into_iter().filter(|(key, _)| key.1 <= month).collect();
        for (key, figures) in &owed {
            let so_far = self.billed.entry(*key).or_default();
            so_far.quantity += figures.quantity;
            so_far.list = so_far.list.plus(&figures.list);
            for (edge, charge) in &figures.charges {
                let sum = so_far.charges.entry(*edge).or_default();
                *sum = sum.plus(charge);
            }
        }
        self.closes.push(owed);
    }

    /// The delta rule. Rows that have no price (any more) wait: neither charged nor credited.
    fn owed(&self) -> BTreeMap<Key, Figures> {
        let nothing = Figures::default();
        let owed = self.rated().into_iter().map(|(key, now)| {
            let before = self.billed.get(&key).unwrap_or(&nothing);
            let charges = now.charges.iter().map(|(edge, charge)| {
                let billed = before.charges.get(edge).cloned().unwrap_or_default();
                (*edge, charge.minus(&billed))
            });
            let (quantity, list) = (now.quantity - before.quantity, now.list.minus(&before.list));
            (key, Figures { quantity, list, charges: charges.collect() })
        });
        owed.collect()
    }

    /// Each row with a price, at that price, after everything that comes before it in its month.
    fn rated(&self) -> BTreeMap<Key, Figures> {
        let mut quantities: BTreeMap<Key, i128> = BTreeMap::new();
        // What was billed to a channel that the usage is not sold through any more comes to nothing now.
        quantities.extend(self.billed.keys().map(|key| (*key, 0)));
        for used in &self.used {
            *quantities.entry(self.key(used)).or_default() += used.quantity;
        }
        let mut rated = BTreeMap::new();
        for (key, quantity) in &quantities {
            let Some(price) = self.price(key.2, key.3) else { continue };
            let same = |other: &Key| (other.0, other.1, other.2) == (key.0, key.1, key.2);
            let before: i128 = quantities.iter().filter(|(other, _)| same(other) && *other < key).map(|(_, q)| q).sum();
            let step = |price: &Price, factors: &[(i128, u32)]| {
                of_total(price, before + quantity, factors).minus(&of_total(price, before, factors))
            };
            let mut charges = BTreeMap::new();
            // Down the channel: what a seller named begins anew, its rules are on what it pays itself.
            let (mut base, mut factors) = (price, Vec::new());
            for edge in CHANNELS[self.channels[&key.0][key.4].1] {
                match self.own.get(edge).and_then(|sheets| in_force(sheets, key.2, key.3)) {
                    Some(own) => (base, factors) = (own, Vec::new()),
                    None => factors.push((self.hundredths(*edge, price, key.3), 2)),
                }
                charges.insert(*edge, step(base, &factors));
            }
            rated.insert(*key, Figures { quantity: *quantity, list: step(price, &[]), charges });
        }
        rated
    }

    fn key(&self, used: &Use) -> Key {
        assert!(used.resource < RESOURCES.len());
        let day = used.half_hour / 48;
        let month = match day {
            0..31 => 0,
            31..59 => 1,
            _ => 2,
        };
        let moves =
            self.channels[&used.subscription].iter().filter(|(from, _)| *from > 0 && *from <= used.half_hour).count();
        (used.subscription, month, used.meter, day, moves, used.resource)
    }

    fn price(&self, meter: usize, day: u64) -> Option<&Price> {
        in_force(&self.sheets, meter, day)
    }

    fn hundredths(&self, edge: usize, price: &Price, day: u64) -> i128 {
        let mut decides: Option<&Rule> = None;
        for rule in self.rules.get(&edge).into_iter().flatten() {
            let holds = rule.from <= day && (price.first_party || rule.everything);
            if holds && decides.is_none_or(|best| rule.from >= best.from) {
                decides = Some(rule);
            }
        }
        decides.map_or(100, |rule| rule.hundredths)
    }
}

/// Of the sheets that have begun, the latest; of those with one date, the last imported.
fn in_force(sheets: &[(u64, BTreeMap<usize, Price>)], meter: usize, day: u64) -> Option<&Price> {
    let mut in_force: Option<&(u64, BTreeMap<usize, Price>)> = None;
    for sheet in sheets.iter().filter(|sheet| sheet.0 <= day) {
        if in_force.is_none_or(|best| sheet.0 >= best.0) {
            in_force = Some(sheet);
        }
    }
    in_force?.1.get(&meter)
}

/// What a month's whole quantity costs, times some factors.
fn of_total(price: &Price, total: i128, factors: &[(i128, u32)]) -> Exact {
    let cost = |quantity: i128, rate: i128| {
        let mut parts = vec![(quantity, 18), (rate, 28)];
        parts.extend(factors);
        Exact::product(&parts)
    };
    let billable = if price.included == 0 { total } else { (total - price.included).max(0) };
    if billable < 0 {
        // More was corrected than used.
        return cost(billable, price.tiers[&0]);
    }
    let bounds: Vec<_> = price.tiers.iter().collect();
    let mut sum = Exact::default();
    for (at, (from, rate)) in bounds.iter().enumerate() {
        let top = bounds.get(at + 1).map_or(billable, |(next, _)| billable.min(**next));
        if top > **from {
            sum = sum.plus(&cost(top - **from, **rate));
        }
    }
    sum
}
