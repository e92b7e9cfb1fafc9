//! What can be ordered, and the rules an order of it must keep.

use crate::qualification::Qualification;
use crate::text::shown;
use serde::Serialize;
use std::fmt;
use tenantry_core::{OfferId, Problem, Reason};
use tenantry_rating::{SeatCycle, SeatForm};

/// How often a subscription is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum BillingCycle {
    /// Every month.
    Monthly,
    /// Once a year, in advance.
    Annual,
    /// Never: trials.
    None,
    /// Bought once, with nothing to pay for it: what is used under it is billed, month after month.
    OneTime,
}

impl BillingCycle {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Monthly, Self::Annual, Self::None, Self::OneTime];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Annual => "annual",
            Self::None => "none",
            Self::OneTime => "one_time",
        }
    }

    /// The cycle of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cycle| cycle.name() == name)
    }
}

impl fmt::Display for BillingCycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is counted on the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Billing {
    /// Seats.
    Licence,
    /// Metered usage, in arrears. The subscription itself costs nothing.
    Usage,
}

/// A shelf of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferCategory {
    /// Its key, such as `Enterprise_Key`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its place; lower comes first.
    pub rank: i64,
}

/// How many subscriptions of an offer a customer may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PurchaseLimit {
    /// Any number.
    None,
    /// So many that are not deleted.
    Concurrent(i64),
    /// So many, ever.
    Lifetime(i64),
}

/// For how long a customer commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Not at all.
    Open,
    /// So many years.
    Years(i32),
    /// So many months.
    Months(u8),
}

/// Where an offer is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Countries {
    /// Wherever the platform sells.
    All,
    /// In these countries.
    Only(&'static [&'static str]),
}

/// The licence product behind an offer: what is assigned to users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferProduct {
    /// The id by which licences are assigned.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What one of it is called.
    pub unit: &'static str,
}

/// An offer of the catalogue.
///
/// Source: partner-center-v1.md 3.7 and the recorded offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// GUID or name, upper case.
    pub id: &'static str,
    /// Its name; also the first friendly name of a subscription.
    pub name: &'static str,
    /// What it is.
    pub description: &'static str,
    /// Its shelf; add-ons and usage-based offers stand on none.
    pub category: Option<OfferCategory>,
    /// Its place in lists.
    pub rank: i64,
    /// Smallest quantity.
    pub quantity_min: i64,
    /// Largest quantity.
    pub quantity_max: i64,
    /// What one of the quantity is called: `Licenses`, `Usage-based`.
    pub unit_type: &'static str,
    /// What is billed.
    pub billing: Billing,
    /// How often it can be billed; the first is the default.
    pub billing_cycles: &'static [BillingCycle],
    /// How many a customer may have.
    pub limit: PurchaseLimit,
    /// For how long one commits.
    pub term: Term,
    /// Whether it goes on after the term.
    pub auto_renewable: bool,
    /// Whether it is free for a time.
    pub trial: bool,
    /// How its seats are written on bills; of no meaning where usage is billed.
    pub seat_form: SeatForm,
    /// For an add-on: the offers of which one must be there.
    pub prerequisites: &'static [&'static str],
    /// What a subscription of it can be upgraded to.
    pub upgrade_targets: &'static [&'static str],
    /// What a trial can be turned into.
    pub conversion_targets: &'static [&'static str],
    /// Of the old catalogue: the same in the modern one, into which subscriptions of it can be migrated.
    pub new_commerce: Option<&'static str>,
    /// The lines of one order must have the same one.
    pub sales_group: &'static str,
    /// The licence product; usage-based offers have none.
    pub product: Option<OfferProduct>,
    /// Where it is sold.
    pub countries: Countries,
    /// What a customer must be to buy it; `None` for anybody.
    pub qualification: Option<Qualification>,
}

impl BillingCycle {
    /// How long a price of seats lasts; `None` where nothing is billed.
    #[must_use]
    pub const fn seat_cycle(self) -> Option<SeatCycle> {
        match self {
            Self::Monthly => Some(SeatCycle::Monthly),
            Self::Annual => Some(SeatCycle::Annual),
            Self::None | Self::OneTime => None,
        }
    }
}

impl Term {
    /// In months; 0 for none.
    #[must_use]
    pub fn months(self) -> u16 {
        match self {
            Self::Open => 0,
            Self::Years(years) => u16::try_from(years).unwrap_or(0).saturating_mul(12),
            Self::Months(months) => u16::from(months),
        }
    }

    /// As ISO 8601 writes it, `P1Y`; `None` for none.
    #[must_use]
    pub fn duration(self) -> Option<String> {
        match self {
            Self::Open => None,
            Self::Years(years) => Some(format!("P{years}Y")),
            Self::Months(months) => Some(format!("P{months}M")),
        }
    }
}

impl Offer {
    /// Whether it is of the old catalogue: named by a GUID or a name, and by no product.
    #[must_use]
    pub fn is_legacy(&self) -> bool {
        !self.id.contains(':')
    }

    /// The id as a value.
    #[must_use]
    pub fn offer_id(&self) -> OfferId {
        OfferId::new(self.id)
    }

    /// Whether it only goes with another offer.
    #[must_use]
    pub const fn is_add_on(&self) -> bool {
        !self.prerequisites.is_empty()
    }

    /// Whether metered usage is billed.
    #[must_use]
    pub fn is_usage_based(&self) -> bool {
        self.billing == Billing::Usage
    }

    /// Whether it is sold there.
    #[must_use]
    pub fn sold_in(&self, country: &str) -> bool {
        match self.countries {
            Countries::All => true,
            Countries::Only(list) => list.contains(&country),
        }
    }

    /// Refuses a quantity outside the offer's limits. `field` is where it stands in what was sent.
    pub fn check_quantity(&self, field: &str, quantity: i64) -> Result<(), Problem> {
        if (self.quantity_min..=self.quantity_max).contains(&quantity) {
            return Ok(());
        }
        let message = if self.quantity_min == self.quantity_max {
            format!("{field}: {quantity} of {} cannot be ordered; order exactly {}", self.name, self.quantity_min)
        } else {
            let (min, max) = (self.quantity_min, self.quantity_max);
            format!("{field}: {quantity} of {} cannot be ordered; order {min} to {max}", self.name)
        };
        Err(Problem::new(Reason::QuantityOutOfRange, message).at(field))
    }

    /// Refuses a term that the offer is not sold for; blank is the offer's own. `field` is where it stands in what was
    /// sent.
    pub fn check_term(&self, field: &str, wanted: &str) -> Result<(), Problem> {
        let wanted = wanted.trim();
        let own = self.term.duration();
        if wanted.is_empty() || own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(wanted)) {
            return Ok(());
        }
        let seen = shown(wanted);
        Err(Problem::invalid(
            field,
            match own {
                Some(own) => format!("{} is not sold for `{seen}`; use {own}", self.name),
                None => format!("{} has no term, so `{seen}` is none of its; leave it out", self.name),
            },
        ))
    }

    /// The billing cycle wanted, or the offer's default if none was named.
    pub fn check_billing_cycle(&self, wanted: Option<BillingCycle>) -> Result<BillingCycle, Problem> {
        // A table entry without a cycle would be a trial: never billed.
        let default = self.billing_cycles.first().copied().unwrap_or(BillingCycle::None);
        let cycle = wanted.unwrap_or(default);
        if self.billing_cycles.contains(&cycle) {
            return Ok(cycle);
        }
        let offered: Vec<_> = self.billing_cycles.iter().map(|cycle| cycle.name()).collect();
        let message = format!("billingCycle: {} is not billed `{cycle}`; use {}", self.name, offered.join(" or "));
        Err(Problem::new(Reason::BillingCycleRefused, message).at("billingCycle"))
    }
}
