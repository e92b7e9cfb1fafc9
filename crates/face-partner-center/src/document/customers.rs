//! Customers, their profiles, what partner and customer are to each other.

use super::{Detail, IF_MATCH, JSON, Kind, NEXT, OFFSET, TOKEN, header, query};

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
    Detail::of("customers.create", &[]).reads(JSON),
    Detail::of("customers.billing-profile.change", &[IF_MATCH]).reads(JSON),
    Detail::of(
        "validations.address",
        &[header(
            "MS-PartnerCenter-Client",
            "The Java and PowerShell clients get `true` for an answer, as they read it",
        )],
    )
    .reads(JSON),
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
    Detail::of("customers.consents.give", &[]).reads(JSON),
    Detail::of("customers.consents.remove", &[]).gives(None),
    Detail::of("domains.exists", &[]).gives(None),
];
