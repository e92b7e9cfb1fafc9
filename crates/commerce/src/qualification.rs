//! What a customer is besides a company: a school, a public authority, a company of the state. Some offers are for those
//! only, at prices that nobody else gets, so somebody looks before it counts.
//!
//! ```text
//! partner asks --> in review --provider--> approved --> offers that are for such customers can be ordered
//!                      |      `----------> denied       (with a reason; it may be asked again)
//!                      `--one day of a sandbox--> approved
//! ```
//!
//! A public authority is not reviewed here: the provider looked at it before and gave the partner a validation code, which
//! is what it is asked with. In a sandbox there may be nobody who plays the provider, so there the world itself says yes a
//! day later; until then the provider can say something else. It is between one partner and one customer, as all that is
//! sold.
//!
//! Source: partner-center-v1.md 2.1 rows 9 to 14, 3.1, 4.1 "Qualification".

use crate::offer::Offer;
use crate::{Customer, rows};
use tenantry_core::{Problem, Reason, TenantId, Timestamp};
use tenantry_db::Tx;
use uuid::Uuid;

/// How long a sandbox takes to say yes.
pub(crate) const SANDBOX_REVIEW_SECONDS: i64 = 24 * 60 * 60;

/// What a customer can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Qualification {
    /// A school or university.
    Education,
    /// A public authority that may use the cloud made for these.
    GovernmentCommunityCloud,
    /// A company that belongs to a state. No offer is for these alone; it is kept and shown.
    StateOwnedEntity,
}

impl Qualification {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Education, Self::GovernmentCommunityCloud, Self::StateOwnedEntity];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Education => "education",
            Self::GovernmentCommunityCloud => "government-community-cloud",
            Self::StateOwnedEntity => "state-owned-entity",
        }
    }

    /// The qualification of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|qualification| qualification.name() == name)
    }
}

/// What kind of school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EducationSegment {
    /// Up to the twelfth year.
    School,
    /// Universities and their like.
    HigherEducation,
}

impl EducationSegment {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::School, Self::HigherEducation];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::HigherEducation => "higher-education",
        }
    }

    /// The segment of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|segment| segment.name() == name)
    }
}

/// Why it was denied. The field knows these reasons and no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DenialReason {
    /// It is no school.
    NotEducation,
    /// It was one.
    NoLongerEducation,
    /// It is none, as somebody found who looked closely.
    NotEducationAfterReview,
    /// It may not be called one.
    Restricted,
    /// The domain is not a school's.
    NotAcademicDomain,
    /// A library that does not count.
    NotEligibleLibrary,
    /// A museum that does not count.
    NotEligibleMuseum,
}

impl DenialReason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::NotEducation,
        Self::NoLongerEducation,
        Self::NotEducationAfterReview,
        Self::Restricted,
        Self::NotAcademicDomain,
        Self::NotEligibleLibrary,
        Self::NotEligibleMuseum,
    ];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotEducation => "not-education",
            Self::NoLongerEducation => "no-longer-education",
            Self::NotEducationAfterReview => "not-education-after-review",
            Self::Restricted => "restricted",
            Self::NotAcademicDomain => "not-academic-domain",
            Self::NotEligibleLibrary => "not-eligible-library",
            Self::NotEligibleMuseum => "not-eligible-museum",
        }
    }

    /// The reason of a stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// How far the review came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vetting {
    /// Somebody will look at it.
    InReview {
        /// When it is approved by itself, in a sandbox.
        approves_at: Option<Timestamp>,
    },
    /// It counts.
    Approved {
        /// Since when.
        since: Timestamp,
    },
    /// It does not count.
    Denied {
        /// Since when.
        since: Timestamp,
        /// Why.
        reason: DenialReason,
    },
}

impl Vetting {
    /// How it is at an instant: what waited for that instant has come about.
    pub(crate) fn at(self, now: Timestamp) -> Self {
        match self {
            Self::InReview { approves_at: Some(since) } if since <= now => Self::Approved { since },
            same => same,
        }
    }
}

/// What a customer is, as its partner says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerQualification {
    /// Names it.
    pub id: Uuid,
    /// The customer.
    pub customer: TenantId,
    /// The partner that says so.
    pub partner: TenantId,
    /// What the customer is.
    pub qualification: Qualification,
    /// What kind of school, if the partner said.
    pub segment: Option<EducationSegment>,
    /// Where the customer tells of itself.
    pub website: Option<String>,
    /// The code that was used up for it.
    pub validation_code: Option<Uuid>,
    /// When the partner said so.
    pub asked_at: Timestamp,
    /// What became of it.
    pub vetting: Vetting,
}

impl CustomerQualification {
    /// Whether the customer counts as such.
    #[must_use]
    pub const fn is_approved(&self) -> bool {
        matches!(self.vetting, Vetting::Approved { .. })
    }

    /// Whether it was turned down, so that it may be asked again.
    pub(crate) const fn is_denied(&self) -> bool {
        matches!(self.vetting, Vetting::Denied { .. })
    }
}

/// Refuses what is only for customers that are something this one is not. The field of each offer goes with it.
pub(crate) async fn check_qualified<'a>(
    tx: &mut Tx,
    customer: &Customer,
    now: Timestamp,
    lines: impl Iterator<Item = (String, &'a Offer)>,
) -> Result<(), Problem> {
    let mut held = None;
    for (field, offer) in lines {
        let Some(needed) = offer.qualification else { continue };
        let held = match &mut held {
            Some(held) => held,
            none => none.insert(rows::qualification::of_customer(tx, (customer.id, customer.partner), now).await?),
        };
        if !held.iter().any(|of| of.qualification == needed && of.is_approved()) {
            let message = format!(
                "{field}: {} is for customers of the qualification {}, and {} has no approved one; ask for it and wait for the \
                 review, or choose another offer",
                offer.name,
                needed.name(),
                customer.company_name
            );
            return Err(Problem::new(Reason::OfferNotPurchasable, message).at(field));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_name_says_one_thing() {
        assert!(Qualification::ALL.iter().all(|of| Qualification::from_name(of.name()) == Some(*of)));
        assert!(EducationSegment::ALL.iter().all(|of| EducationSegment::from_name(of.name()) == Some(*of)));
        assert!(DenialReason::ALL.iter().all(|of| DenialReason::from_name(of.name()) == Some(*of)));
        assert_eq!(Qualification::from_name("Education"), None);
    }

    #[test]
    fn a_review_that_ends_by_itself_has_ended_at_its_instant() {
        let at = Timestamp::from_seconds;
        let waits = Vetting::InReview { approves_at: Some(at(10)) };
        assert_eq!(waits.at(at(9)), waits);
        assert_eq!(waits.at(at(10)), Vetting::Approved { since: at(10) });
        let never = Vetting::InReview { approves_at: None };
        assert_eq!(never.at(at(1_000)), never);
        let denied = Vetting::Denied { since: at(1), reason: DenialReason::Restricted };
        assert_eq!(denied.at(at(1_000)), denied);
    }
}
