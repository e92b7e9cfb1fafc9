//! What happens in a channel, as plain numbers, so that program and calculator are told the same and share no type.

use std::collections::BTreeMap;
use tenantry_core::Chance;

/// 10^18: quantities are in units of 10^-18.
pub const UNIT: i128 = 1_000_000_000_000_000_000;
/// From the provider down. Two distributors, one of them with two resellers, one of those with a dealer.
pub const EDGES: usize = 5;
/// The channels that subscriptions are sold through, as edges from the provider down.
pub const CHANNELS: [&[usize]; 5] = [&[0], &[0, 1], &[0, 1, 2], &[0, 3], &[4]];
pub const SUBSCRIPTIONS: usize = 3;
pub const METERS: usize = 4;
/// In the order of tier positions: that of their names.
pub const RESOURCES: [&str; 3] = ["/a/db", "/a/vm", "/b/web"];
/// January to March 2026.
pub const DAYS: u64 = 90;
/// The channels change at half hours, and usage lies between.
const HALF_HOURS: u64 = DAYS * 48;

/// Bounds and included units in 10^-18, rates in 10^-28.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    pub tiers: BTreeMap<i128, i128>,
    pub included: i128,
    pub first_party: bool,
}

/// A factor in hundredths, from a day on.
#[derive(Debug, Clone)]
pub struct Rule {
    pub hundredths: i128,
    pub from: u64,
    pub everything: bool,
}

/// Usage at ten minutes past a half hour of the story.
#[derive(Debug, Clone)]
pub struct Use {
    pub subscription: usize,
    pub half_hour: u64,
    pub resource: usize,
    pub meter: usize,
    /// In 10^-18. Below zero it takes back something of an event before.
    pub quantity: i128,
}

#[derive(Debug, Clone)]
pub enum Step {
    /// A price sheet in force from a day; it may lack meters, and it may begin on a day that another did.
    Sheet { from: u64, prices: BTreeMap<usize, Price> },
    /// The price list of an edge, anew.
    Rules { edge: usize, rules: Vec<Rule> },
    /// Prices that an edge's seller names for its buyer, of some meters, from a day on; those of the last time are gone.
    Own { edge: usize, from: u64, prices: BTreeMap<usize, Price> },
    /// One record of usage.
    Batch(Vec<Use>),
    /// A subscription is sold through another channel from a half hour on. The story may tell it late, then from a full
    /// hour on: usage is kept by hour, and by the parts of an hour only where a change was known.
    Move { subscription: usize, channel: usize, half_hour: u64 },
    /// Of the month after the last one closed.
    Close,
}

#[derive(Debug, Clone)]
pub struct Story {
    /// The channel each subscription begins with.
    pub channels: [usize; SUBSCRIPTIONS],
    pub steps: Vec<Step>,
}

impl Story {
    /// Draws one.
    pub fn draw(chance: &Chance) -> Self {
        let channels = std::array::from_fn(|_| any(chance, CHANNELS.len()));
        let mut steps = vec![sheet(chance)];
        for edge in 0..EDGES {
            steps.push(Step::Rules { edge, rules: rules(chance) });
        }
        let mut known = Known::default();
        for _ in 0..4 + any(chance, 20) {
            steps.push(match chance.below(14) {
                0..=5 => Step::Batch((0..1 + chance.below(6)).map(|_| known.usage(chance)).collect()),
                6 => sheet(chance),
                7 => Step::Rules { edge: any(chance, EDGES), rules: rules(chance) },
                8..=9 => known.moves(chance),
                10..=11 => own(chance),
                _ => Step::Close,
            });
        }
        Self { channels, steps }
    }
}

fn any(chance: &Chance, bound: usize) -> usize {
    usize::try_from(chance.below(u64::try_from(bound).unwrap())).unwrap()
}

/// Below the bound, with all its digits.
fn fine(chance: &Chance, bound: i128) -> i128 {
    let drawn =
        i128::from(chance.below(u64::MAX)) * i128::from(u32::MAX) + i128::from(chance.below(u64::from(u32::MAX)));
    drawn.rem_euclid(bound)
}

/// What was told of time so far.
#[derive(Debug, Default)]
struct Known {
    /// Moves of a subscription follow each other in time.
    moved: Vec<(usize, u64)>,
    used: Vec<(usize, u64)>,
}

impl Known {
    fn moves(&mut self, chance: &Chance) -> Step {
        let subscription = any(chance, SUBSCRIPTIONS);
        let last = self.moved.iter().filter(|(of, _)| *of == subscription).map(|(_, at)| *at).max().unwrap_or(0);
        let mut half_hour = last + 2 + chance.below(HALF_HOURS / 2);
        if self.used.iter().any(|(of, at)| *of == subscription && at / 2 == half_hour / 2) {
            half_hour -= half_hour % 2;
        }
        self.moved.push((subscription, half_hour));
        Step::Move { subscription, channel: any(chance, CHANNELS.len()), half_hour }
    }

    fn usage(&mut self, chance: &Chance) -> Use {
        let quantity = match chance.below(8) {
            0..=2 => i128::from(1 + chance.below(50)) * UNIT,
            3..=5 => fine(chance, 50 * UNIT),
            6 => -fine(chance, 40 * UNIT),
            _ => 1,
        };
        let (mut subscription, resource) = (any(chance, SUBSCRIPTIONS), any(chance, RESOURCES.len()));
        // Half of the usage is of one meter of January, so that tiers are crossed and months meet their close.
        let (mut half_hour, meter) = match chance.below(2) {
            0 => (chance.below(31 * 48), 1),
            _ => (chance.below(HALF_HOURS), any(chance, METERS)),
        };
        // Some of it lies within an hour of a move of the reseller.
        if !self.moved.is_empty() && chance.below(4) == 0 {
            let (of, at) = self.moved[any(chance, self.moved.len())];
            (subscription, half_hour) = (of, (at + chance.below(3)).saturating_sub(1).min(HALF_HOURS - 1));
        }
        self.used.push((subscription, half_hour));
        Use { subscription, half_hour, resource, meter, quantity }
    }
}

fn rate(chance: &Chance) -> i128 {
    match chance.below(4) {
        0 => 0,
        1 => i128::from(chance.below(500)) * 10_i128.pow(26),
        _ => fine(chance, 10_i128.pow(30)),
    }
}

fn price(chance: &Chance) -> Price {
    let mut tiers = BTreeMap::from([(0, rate(chance))]);
    for _ in 0..chance.below(4) {
        tiers.insert(1 + fine(chance, 200 * UNIT), rate(chance));
    }
    let included = if chance.below(3) == 0 { fine(chance, 60 * UNIT) } else { 0 };
    Price { tiers, included, first_party: chance.below(10) < 7 }
}

fn sheet(chance: &Chance) -> Step {
    Step::Sheet { from: from(chance), prices: prices(chance, 4) }
}

fn own(chance: &Chance) -> Step {
    Step::Own { edge: any(chance, EDGES), from: from(chance), prices: prices(chance, 2) }
}

fn from(chance: &Chance) -> u64 {
    match chance.below(3) {
        0 => 0,
        1 => 15,
        _ => chance.below(DAYS),
    }
}

/// Of each meter with a chance of so many fifths.
fn prices(chance: &Chance, fifths: u64) -> BTreeMap<usize, Price> {
    let meters = (0..METERS).filter(|_| chance.below(5) < fifths).collect::<Vec<_>>();
    meters.into_iter().map(|meter| (meter, price(chance))).collect()
}

/// Two digits each, so that three edges one below the other fit eight.
fn rules(chance: &Chance) -> Vec<Rule> {
    let one = |_| Rule {
        hundredths: i128::from(chance.below(150)),
        from: if chance.below(2) == 0 { 0 } else { chance.below(DAYS) },
        everything: chance.below(2) == 0,
    };
    (0..chance.below(4)).map(one).collect()
}
