//! Customers, their profiles, what partner and customer are to each other.

use super::body::{ADDRESS, ATTRIBUTES, Shape, Shape::*};
use super::{Detail, IF_MATCH, Kind, NEXT, OFFSET, TOKEN, header, query};

/// partner-center-v1.md 3.1.
const BILLING_PROFILE: Shape = Object(&[
    ("id", Text),
    ("firstName", Text),
    ("lastName", Text),
    ("email", Text),
    ("culture", Text),
    ("language", Text),
    ("companyName", Text),
    ("defaultAddress", ADDRESS),
    ATTRIBUTES,
]);

pub(super) const DETAILS: &[Detail] = &[
    Detail::of(
        "customers.list",
        &[
            query("size", Kind::Whole, "Customers on the page, up to 500; 0 is the default of 500"),
            OFFSET,
            query("filter", Kind::Text, "JSON: `CompanyName` or `Domain` that `starts_with` a value"),
            query("seekOperation", Kind::Text, NEXT),
            TOKEN,
        ],
    ),
    Detail::of("customers.create", &[]).takes_members(&[
        ("associatedPartnerId", Text),
        (
            "companyProfile",
            Object(&[("domain", Text), ("companyName", Text), ("organizationRegistrationNumber", Text)]),
        ),
        ("billingProfile", BILLING_PROFILE),
    ]),
    Detail::of("customers.end", &[]).takes_members(&[("relationshipToPartner", Word(&["none"]))]),
    Detail::of("customers.delete", &[]).gives(None),
    Detail::of("customers.verified-domain.add", &[]).takes_members(&[
        ("verifiedDomainName", Text),
        (
            "domain",
            Object(&[
                ("authenticationType", Word(&["managed"])),
                ("capability", Text),
                ("isDefault", Flag),
                ("isInitial", Flag),
                ("name", Text),
                ("status", Text),
                ("verificationMethod", Text),
            ]),
        ),
    ]),
    Detail::of("customers.billing-profile.change", &[IF_MATCH]).takes(BILLING_PROFILE),
    Detail::of(
        "validations.address",
        &[header(
            "MS-PartnerCenter-Client",
            "The Java and PowerShell clients get `true` for an answer, as they read it",
        )],
    )
    .takes(ADDRESS),
    Detail::of(
        "relationships.list",
        &[
            query(
                "relationship_type",
                Kind::Text,
                "`IsIndirectCloudSolutionProviderOf` lists resellers, `IsIndirectResellerOf` whom one buys from",
            ),
            query("filter", Kind::Text, "JSON: `Name` by `starts_with` or `substring`"),
        ],
    ),
    Detail::of("customers.consents.give", &[]).takes_members(&[
        ("displayName", Text),
        ("applicationId", Text),
        ("applicationGrants", ListOf(&Object(&[("enterpriseApplicationId", Text), ("scope", Text)]))),
    ]),
    Detail::of("customers.consents.remove", &[]).gives(None),
    Detail::of("domains.exists", &[]).gives(None),
];
