//! How use rises and falls: over a day, a week, a season. Whole-number arithmetic, as everywhere near quantities.

use tenantry_core::{Chance, Day, Hour};

/// The shape of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// The same every hour: a machine that runs.
    Steady,
    /// Weekdays from 8 to 18, started and stopped by people who come and go.
    OfficeHours,
    /// People at a screen: few at night, many in the evening.
    Visitors {
        /// A Saturday or Sunday against a weekday.
        weekend_percent: u64,
    },
    /// Every night from 1 to 5.
    Nights,
    /// Storage: never shrinks.
    Growing,
    /// Office hours, until it is left running in the open month, many times as large.
    Runaway {
        /// How many times.
        times: u64,
    },
}

/// The hour that a quantity is wanted for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// The hour.
    pub hour: Hour,
    /// Days since the first one of the demo.
    pub age_days: u64,
    /// Whether the runaway has begun.
    pub runaway: bool,
}

/// Eastern standard time; the demo spares its readers daylight saving.
const HOURS_BEHIND_UTC: i32 = 5;

/// Visitors by local hour, in percent of a usual hour; 100 on average.
const VISITORS: [u64; 24] =
    [30, 20, 15, 12, 12, 18, 35, 60, 85, 100, 110, 115, 125, 120, 115, 115, 120, 130, 160, 195, 220, 210, 150, 128];

/// New business, in hundredths of a percent a day: about a tenth more each month.
const VISITOR_GROWTH: u64 = 35;
/// New files, in hundredths of a percent a day.
const STORAGE_GROWTH: u64 = 60;
/// One whole, in the hundredths of a percent that growth is counted in.
const WHOLE: u64 = 10_000;

impl Rhythm {
    /// What `millionths` a usual hour come to at a moment.
    pub(super) fn at(self, moment: Moment, millionths: u64, chance: &Chance) -> u64 {
        let (local, weekend) = local(moment.hour);
        match self {
            Self::Steady => millionths,
            Self::OfficeHours => office_hours(local, weekend, millionths, chance),
            Self::Visitors { weekend_percent } => {
                let day_percent = if weekend { weekend_percent } else { 100 };
                let grown = millionths * (WHOLE + VISITOR_GROWTH * moment.age_days) / WHOLE;
                let usual = grown * VISITORS[local] / 100 * day_percent / 100;
                // A fifth more or less: no two evenings are alike.
                usual * (80 + chance.below(41)) / 100
            }
            Self::Nights if (1..5).contains(&local) => millionths,
            Self::Nights => 0,
            Self::Growing => millionths * (WHOLE + STORAGE_GROWTH * moment.age_days) / WHOLE,
            Self::Runaway { times } if moment.runaway => millionths * times,
            Self::Runaway { .. } => office_hours(local, weekend, millionths, chance),
        }
    }
}

/// The first and the last hour of a working day are begun or left at some quarter.
fn office_hours(local: usize, weekend: bool, millionths: u64, chance: &Chance) -> u64 {
    match local {
        8 | 17 if !weekend => millionths * (1 + chance.below(4)) / 4,
        9..17 if !weekend => millionths,
        _ => 0,
    }
}

/// The local hour of the day, and whether it is a weekend there.
fn local(hour: Hour) -> (usize, bool) {
    let local = Hour::from_number(hour.number() - HOURS_BEHIND_UTC);
    let hour_of_day = usize::try_from(local.number().rem_euclid(24)).unwrap_or_default();
    (hour_of_day, is_weekend(local.day()))
}

/// 1970-01-01 was a Thursday.
fn is_weekend(day: Day) -> bool {
    const SATURDAY: i32 = 5;
    (day.number() + 3).rem_euclid(7) >= SATURDAY
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(rhythm: Rhythm, day: &str, age_days: u64, runaway: bool) -> Vec<u64> {
        let chance = Chance::from_seed(1);
        let first = Day::parse(day).unwrap().start().hour().number() + HOURS_BEHIND_UTC;
        let moment = |hour| Moment { hour: Hour::from_number(first + hour), age_days, runaway };
        (0..24).map(|hour| rhythm.at(moment(hour), 1_000, &chance)).collect()
    }

    fn sum(rhythm: Rhythm, date: &str, age_days: u64, runaway: bool) -> u64 {
        day(rhythm, date, age_days, runaway).iter().sum()
    }

    const MONDAY: &str = "2025-01-06";
    const SATURDAY: &str = "2025-01-11";

    #[test]
    fn days_nights_and_weekends_differ() {
        let shop = Rhythm::Visitors { weekend_percent: 140 };
        assert_eq!(VISITORS.iter().sum::<u64>(), 2_400);
        assert_eq!(sum(Rhythm::Steady, MONDAY, 0, false), 24_000);
        assert_eq!(sum(Rhythm::Nights, SATURDAY, 0, false), 4_000);
        let office = day(Rhythm::OfficeHours, MONDAY, 0, false);
        assert_eq!((office[7], office[12], office[18]), (0, 1_000, 0));
        assert!(office[8] > 0 && office[8] <= 1_000);
        assert_eq!(sum(Rhythm::OfficeHours, SATURDAY, 0, false), 0);
        assert!(sum(shop, SATURDAY, 0, false) > sum(shop, MONDAY, 0, false) * 12 / 10);
        let shop_day = day(shop, MONDAY, 0, false);
        assert!(shop_day[20] > 5 * shop_day[3], "evenings are busier than nights");
    }

    #[test]
    fn business_grows_and_the_runaway_runs_away() {
        let shop = Rhythm::Visitors { weekend_percent: 100 };
        assert!(sum(shop, MONDAY, 90, false) > sum(shop, MONDAY, 0, false));
        assert_eq!(sum(Rhythm::Growing, MONDAY, 30, false), 24 * 1_180);
        let runaway = Rhythm::Runaway { times: 24 };
        assert!(sum(runaway, MONDAY, 0, true) > 5 * sum(runaway, MONDAY, 0, false));
    }
}
