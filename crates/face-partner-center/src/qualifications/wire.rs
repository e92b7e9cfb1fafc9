//! Qualifications on the wire. Source: partner-center-v1.md 3.1 (CustomerQualification).

use crate::wire::words::Words;
use serde::Serialize;
use tenantry_commerce as commerce;
use tenantry_commerce::{DenialReason, EducationSegment, Qualification, Vetting};
use tenantry_core::{Problem, Reason};

/// The words of the older way, in the order of their ordinals. Two mean that nothing can be asked for.
pub(super) const OLDER: Words<Option<Qualification>> = Words(&[
    ("none", None),
    ("education", Some(Qualification::Education)),
    ("nonprofit", None),
    ("government_community_cloud", Some(Qualification::GovernmentCommunityCloud)),
    ("state_owned_entity", Some(Qualification::StateOwnedEntity)),
]);

pub(super) const SEGMENTS: Words<EducationSegment> =
    Words(&[("K12", EducationSegment::School), ("HigherEducation", EducationSegment::HigherEducation)]);

/// The word of the older way.
pub(super) const fn older(qualification: Qualification) -> &'static str {
    match qualification {
        Qualification::Education => "education",
        Qualification::GovernmentCommunityCloud => "government_community_cloud",
        Qualification::StateOwnedEntity => "state_owned_entity",
    }
}

/// The word of the newer way, and of offers.
pub(crate) const fn newer(qualification: Qualification) -> &'static str {
    match qualification {
        Qualification::Education => "Education",
        Qualification::GovernmentCommunityCloud => "GovernmentCommunityCloud",
        Qualification::StateOwnedEntity => "StateOwnedEntity",
    }
}

/// What is asked for, in either way's words.
pub(super) fn read(field: &str, text: &str) -> Result<Qualification, Problem> {
    OLDER.read(field, text)?.ok_or_else(|| {
        let seen: String = text.chars().take(40).collect();
        let told = "can be asked for are Education, GovernmentCommunityCloud and StateOwnedEntity";
        Problem::new(Reason::InvalidField, format!("{field}: `{seen}` is not given to a customer; {told}")).at(field)
    })
}

/// A qualification and how far its review came.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerQualification {
    qualification: &'static str,
    vetting_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    vetting_reason: Option<&'static str>,
    vetting_create_date: String,
    /// The documents have both spellings.
    vetting_created_date: String,
}

impl CustomerQualification {
    pub(super) fn of(of: commerce::CustomerQualification) -> Self {
        let (vetting_status, vetting_reason) = match of.vetting {
            Vetting::InReview { .. } => ("InReview", None),
            Vetting::Approved { .. } => ("Approved", None),
            Vetting::Denied { reason, .. } => ("Denied", Some(words(reason))),
        };
        Self {
            qualification: newer(of.qualification),
            vetting_status,
            vetting_reason,
            vetting_create_date: of.asked_at.to_string(),
            vetting_created_date: of.asked_at.to_string(),
        }
    }
}

/// Why not, in the sentences of the documentation.
const fn words(reason: DenialReason) -> &'static str {
    match reason {
        DenialReason::NotEducation => "Not an Education Customer",
        DenialReason::NoLongerEducation => "No longer an Education Customer",
        DenialReason::NotEducationAfterReview => "Not an Education Customer - After Review",
        DenialReason::Restricted => "Restricted being an Education Customer",
        DenialReason::NotAcademicDomain => "Not an Academic Domain",
        DenialReason::NotEligibleLibrary => "Not an eligible Library",
        DenialReason::NotEligibleMuseum => "Not an eligible Museum",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_both_ways_are_read_in_every_spelling_and_nothing_else_is() {
        for qualification in Qualification::ALL {
            for text in [older(qualification), newer(qualification), &newer(qualification).to_uppercase()] {
                assert_eq!(read("qualification", text).ok(), Some(qualification), "{text}");
            }
        }
        assert_eq!(read("qualification", "3").ok(), Some(Qualification::GovernmentCommunityCloud));
        for text in ["", "none", "Nonprofit", "2", "5", "school"] {
            let refused = read("qualification", text).unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (Reason::InvalidField, Some("qualification")), "{text}");
        }
    }
}
