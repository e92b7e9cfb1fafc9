//! The term a customer commits to: when it ends, and what the subscription is afterwards.
//!
//! Seats are billed by terms. What is to renew begins its next term on the day the last one ends. Everything else is paid
//! for no longer, so it stops on that day too; and a trial stops for good. The sources know no state of its own for that
//! where licences are concerned: active, suspended or gone (partner-center-v1.md 4.2). The newer word for it, `expired`,
//! makes two of the recorded clients fail on the whole list (3.5). So what has ended is suspended, and its reason says why.
//!
//! Seat billing is told the end of a term that is the last one, and takes a return on a later day for a new purchase
//! (`seats.rs` of `tenantry_usage`). Both must say the same of every day, or somebody uses what nobody pays for.

use crate::subscription::{Status, Subscription, SuspensionReason};
use tenantry_core::{Day, Problem, Reason, Timestamp};
use tenantry_rating::term_end;

impl Subscription {
    /// The end of the term that runs on a day, as terms follow one another from its first day on.
    pub(crate) fn term_end_after(&self, day: Day) -> Option<Day> {
        term_end(self.starts_on, self.offer.term.months(), day)
    }

    /// The same where a term began in the middle of one that another subscription had begun, and ends with that: the next
    /// ones follow from there.
    fn term_end_kept(&self, day: Day) -> Option<Day> {
        let end = self.commitment_ends_on?;
        let before = Day::from_number(end.number().saturating_sub(1));
        if self.term_end_after(before) == Some(end) {
            return self.term_end_after(day);
        }
        if end > day { Some(end) } else { term_end(end, self.offer.term.months(), day) }
    }

    /// The first day after the term that runs, if it is in use and that term is the last one.
    pub(crate) fn last_term_end(&self) -> Option<Day> {
        self.commitment_ends_on.filter(|_| !self.auto_renew && self.state.status() == Status::Active)
    }

    /// Whether its last term is over by a day: it had an end, and was not to go on.
    fn is_over(&self, today: Day) -> bool {
        !self.auto_renew && self.commitment_ends_on.is_some_and(|end| end <= today)
    }

    /// What becomes of it when its term has ended by a day; `None` while the term runs, and of what is not in use: that has
    /// no term. The version is the caller's to count up.
    pub(crate) fn after_term(&self, today: Day) -> Result<Option<Self>, Problem> {
        let Some(end) = self.commitment_ends_on.filter(|end| *end <= today) else { return Ok(None) };
        if self.state.status() != Status::Active {
            return Ok(None);
        }
        let mut next = self.clone();
        if self.auto_renew {
            next.commitment_ends_on = self.term_end_kept(today);
            next.quantity = next.next_term_quantity.take().unwrap_or(self.quantity);
        } else {
            // From the day itself on, however late somebody looks: billing ends there too.
            next.state = self.state.suspend(end.start(), SuspensionReason::TermEnded)?;
        }
        Ok(Some(next))
    }

    /// What older versions sold, as its seats were billed: they moved neither the first day when it came back nor the end
    /// when it was renewed. `None` if there is nothing to bring up. A trial was billed for nothing, and is over as it says.
    pub(crate) fn of_older_version(&self, today: Day) -> Option<Self> {
        if self.state.status() != Status::Active || self.offer.trial {
            return None;
        }
        self.commitment_ends_on?;
        let mut next = self.clone();
        next.starts_on = self.starts_on.max(self.state.since().day());
        // A term that ends today has not ended for those who look at it now.
        let yesterday = Day::from_number(today.number().saturating_sub(1));
        next.commitment_ends_on = next.term_end_after(yesterday.max(next.starts_on));
        (next != *self).then_some(next)
    }

    /// Takes it back into use. Who was away for a day or more commits anew from today on, as if bought today; of a trial
    /// the rest is left.
    ///
    /// # Errors
    /// `StatusChangeRefused` for a trial that is over, and for what is not suspended; `SubscriptionDeleted`.
    pub(crate) fn taken_back(&self, at: Timestamp) -> Result<Self, Problem> {
        let (today, state) = (at.day(), self.state.reactivate(at)?);
        if self.offer.trial {
            return if self.is_over(today) { Err(self.trial_over()) } else { Ok(Self { state, ..self.clone() }) };
        }
        let mut back = Self { state, ..self.clone() };
        if self.commitment_ends_on.is_some() {
            back.commitment_ends_on = if self.state.since().day() < today {
                back.starts_on = today;
                back.term_end_after(today)
            } else {
                back.term_end_kept(today)
            };
        }
        Ok(back)
    }

    fn trial_over(&self) -> Problem {
        let message = format!(
            "status: the trial of {} is over and cannot be taken up again; order what it was a trial of",
            self.offer.name
        );
        Problem::new(Reason::StatusChangeRefused, message).at("status")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;
    use crate::offer::BillingCycle;
    use crate::subscription::State;
    use tenantry_core::{OfferId, OrderId, SubscriptionId, TenantId};
    use uuid::Uuid;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn bought(offer: &str, on: &str, auto_renew: bool) -> Subscription {
        let offer = catalogue::find(&OfferId::new(offer)).unwrap();
        let starts_on = day(on);
        let mut made = Subscription {
            id: SubscriptionId::new(Uuid::from_u128(1)),
            partner: TenantId::new(Uuid::from_u128(2)),
            indirect_provider: None,
            customer: TenantId::new(Uuid::from_u128(3)),
            number: 1,
            order: OrderId::new(Uuid::from_u128(4)),
            parent: None,
            offer,
            friendly_name: "Suite".to_owned(),
            quantity: 5,
            billing_cycle: BillingCycle::Monthly,
            auto_renew,
            state: State::Active { since: starts_on.start() },
            created_at: starts_on.start(),
            starts_on,
            commitment_ends_on: None,
            next_term_quantity: None,
            version: 1,
            sold_since: starts_on.start(),
            on_record: None,
            migrated_from: None,
        };
        made.commitment_ends_on = made.term_end_after(starts_on);
        made
    }

    /// State, since when, first day and end of the commitment.
    fn shown(of: &Subscription) -> String {
        let end = of.commitment_ends_on.map_or_else(|| "never".to_owned(), |end| end.to_string());
        format!("{} {}, {} to {end}", of.state.status().name(), of.state.since().day(), of.starts_on)
    }

    #[test]
    fn a_term_is_renewed_or_the_last_one() {
        for (offer, renews, on, expected) in [
            (catalogue::ENTERPRISE_E3, true, "2025-02-27", None),
            (catalogue::ENTERPRISE_E3, true, "2025-02-28", Some("active 2024-02-29, 2024-02-29 to 2026-02-28")),
            // A world that slept; and a leap year.
            (catalogue::ENTERPRISE_E3, true, "2027-03-01", Some("active 2024-02-29, 2024-02-29 to 2028-02-29")),
            (catalogue::ENTERPRISE_E3, false, "2025-02-27", None),
            (catalogue::ENTERPRISE_E3, false, "2025-02-28", Some("suspended 2025-02-28, 2024-02-29 to 2025-02-28")),
            (catalogue::ENTERPRISE_E3, false, "2025-06-01", Some("suspended 2025-02-28, 2024-02-29 to 2025-02-28")),
            (
                catalogue::ENTERPRISE_E3_TRIAL,
                false,
                "2024-03-29",
                Some("suspended 2024-03-29, 2024-02-29 to 2024-03-29"),
            ),
            ("MS-AZR-0145P", false, "2034-03-29", None),
        ] {
            let after = bought(offer, "2024-02-29", renews).after_term(day(on)).unwrap();
            assert_eq!(after.as_ref().map(shown).as_deref(), expected, "{offer} {renews} {on}");
        }
    }

    #[test]
    fn a_term_that_another_began_ends_with_that_and_whole_ones_follow() {
        // Bought for the rest of a year that began on New Year's Day.
        let rest = |renews| Subscription {
            commitment_ends_on: Some(day("2027-01-01")),
            ..bought(catalogue::ENTERPRISE_E3, "2026-03-17", renews)
        };
        for (renews, on, expected) in [
            (true, "2026-12-31", None),
            (true, "2027-01-01", Some("active 2026-03-17, 2026-03-17 to 2028-01-01")),
            (true, "2027-03-17", Some("active 2026-03-17, 2026-03-17 to 2028-01-01")),
            (true, "2028-06-01", Some("active 2026-03-17, 2026-03-17 to 2029-01-01")),
            (false, "2027-01-01", Some("suspended 2027-01-01, 2026-03-17 to 2027-01-01")),
        ] {
            let after = rest(renews).after_term(day(on)).unwrap();
            assert_eq!(after.as_ref().map(shown).as_deref(), expected, "{renews} {on}");
        }
        let renewed = rest(true).after_term(day("2027-01-01")).unwrap().unwrap();
        let again = renewed.after_term(day("2028-01-01")).unwrap().unwrap();
        assert_eq!(shown(&again), "active 2026-03-17, 2026-03-17 to 2029-01-01");
        // Away and back on one day changes nothing; back another day is a purchase of that day.
        for (back, expected) in [("2026-05-05", "2027-01-01"), ("2026-05-06", "2027-05-06")] {
            let mut away = rest(true);
            away.state = away.state.suspend(day("2026-05-05").start(), SuspensionReason::CustomerCancellation).unwrap();
            let back = away.taken_back(day(back).start()).unwrap();
            assert_eq!(back.commitment_ends_on, Some(day(expected)));
        }
    }

    #[test]
    fn what_older_versions_sold_ends_when_its_seats_were_paid_until() {
        let e3 = catalogue::ENTERPRISE_E3;
        for (offer, back, today, expected) in [
            (e3, None, "2019-01-12", None),
            (e3, None, "2019-01-13", None),
            // Renewed, which moved nothing; then not to be renewed again.
            (e3, None, "2019-06-01", Some("active 2018-01-13, 2018-01-13 to 2020-01-13")),
            // Away for a while, and back: a purchase of that day.
            (e3, Some("2018-09-01"), "2018-10-01", Some("active 2018-09-01, 2018-09-01 to 2019-09-01")),
            (e3, Some("2018-09-01"), "2019-02-01", Some("active 2018-09-01, 2018-09-01 to 2019-09-01")),
            (catalogue::ENTERPRISE_E3_TRIAL, None, "2019-06-01", None),
            ("MS-AZR-0145P", None, "2034-03-29", None),
        ] {
            let mut sold = bought(offer, "2018-01-13", false);
            if let Some(back) = back {
                sold.state = State::Active { since: day(back).start() };
            }
            let today = day(today);
            let brought_up = sold.of_older_version(today);
            assert_eq!(brought_up.as_ref().map(shown).as_deref(), expected, "{offer} {back:?} {today}");
            let renews = Subscription { auto_renew: true, ..sold };
            let brought_up = renews.of_older_version(today).map(|of| (of.starts_on, of.commitment_ends_on));
            assert_eq!(brought_up.is_some(), expected.is_some(), "{offer} {back:?} {today}, renewed");
        }
    }

    #[test]
    fn the_next_term_begins_with_the_seats_that_were_asked_for_and_the_one_behind_it_too() {
        let e3 = Subscription { next_term_quantity: Some(2), ..bought(catalogue::ENTERPRISE_E3, "2024-02-29", true) };
        let renewed = e3.after_term(day("2025-02-28")).unwrap().unwrap();
        assert_eq!((renewed.quantity, renewed.next_term_quantity), (2, None));
        assert_eq!(renewed.after_term(day("2026-02-28")).unwrap().unwrap().quantity, 2);
    }

    #[test]
    fn who_comes_back_commits_anew_and_a_trial_has_what_is_left() {
        let e3 = catalogue::ENTERPRISE_E3;
        let trial = catalogue::ENTERPRISE_E3_TRIAL;
        for (offer, left, back, expected) in [
            // Never away, as far as days are counted.
            (e3, "2024-08-10", "2024-08-10", Ok("active 2024-08-10, 2024-02-29 to 2025-02-28")),
            (e3, "2024-08-10", "2024-08-11", Ok("active 2024-08-11, 2024-08-11 to 2025-08-11")),
            // On the day the term ended, and later.
            (e3, "2025-02-28", "2025-02-28", Ok("active 2025-02-28, 2024-02-29 to 2026-02-28")),
            (e3, "2025-02-28", "2025-03-01", Ok("active 2025-03-01, 2025-03-01 to 2026-03-01")),
            (trial, "2024-03-10", "2024-03-12", Ok("active 2024-03-12, 2024-02-29 to 2024-03-29")),
            (trial, "2024-03-10", "2024-03-29", Err(Reason::StatusChangeRefused)),
            (trial, "2024-03-29", "2024-03-29", Err(Reason::StatusChangeRefused)),
            ("MS-AZR-0145P", "2024-03-10", "2024-04-12", Ok("active 2024-04-12, 2024-02-29 to never")),
        ] {
            let mut away = bought(offer, "2024-02-29", false);
            away.state = away.state.suspend(day(left).start(), SuspensionReason::CustomerCancellation).unwrap();
            assert_eq!(away.after_term(day("2030-01-01")).unwrap(), None, "what is not in use has no term");
            let back = away.taken_back(day(back).start());
            assert_eq!(back.as_ref().map(shown).as_deref().map_err(|p| p.reason()), expected, "{offer} {left}");
        }
    }
}
