//! Profiles of the partner itself, and what clients of 2016 ask for after sign-in.

use super::body::{ADDRESS, ATTRIBUTES, Member, Shape::*};
use super::{Detail, FORM, IF_MATCH, Kind, query};

const CONTACT: Member =
    ("primaryContact", Object(&[("firstName", Text), ("lastName", Text), ("email", Text), ("phoneNumber", Text)]));

const SUPPORT: &[Member] = &[("email", Text), ("telephone", Text), ("website", Text), ATTRIBUTES];

/// partner-center-v1.md 3.14.
pub(super) const DETAILS: &[Detail] = &[
    Detail::of("profiles.organization.change", &[IF_MATCH]).takes_members(&[
        ("companyName", Text),
        ("defaultAddress", ADDRESS),
        ("email", Text),
        ("language", Text),
        ("culture", Text),
        ATTRIBUTES,
    ]),
    Detail::of("profiles.legal-business.change", &[IF_MATCH]).takes_members(&[
        ("companyName", Text),
        ("address", ADDRESS),
        CONTACT,
        ("companyApproverAddress", ADDRESS),
        ("companyApproverEmail", Text),
        ATTRIBUTES,
    ]),
    Detail::of("profiles.billing.change", &[IF_MATCH]).takes_members(&[
        ("companyName", Text),
        ("address", ADDRESS),
        CONTACT,
        ("purchaseOrderNumber", Text),
        ("taxId", Text),
        ("billingCurrency", Text),
        ATTRIBUTES,
    ]),
    Detail::of("profiles.support.change", &[IF_MATCH]).takes_members(SUPPORT),
    Detail::of("profiles.support.change-as-documented", &[IF_MATCH]).takes_members(SUPPORT),
    Detail::of("profiles.mpn.get", &[query("mpnId", Kind::Text, "A number; the partner's own by default")]),
    Detail::of("tokens.generate", &[]).reads(FORM),
];
