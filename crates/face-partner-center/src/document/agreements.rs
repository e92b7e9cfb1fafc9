//! What customers agree to.

use super::body::Shape::*;
use super::{Detail, Kind, Parameter, query};

const TYPE: Parameter = query(
    "agreementType",
    Kind::Text,
    "`MicrosoftCloudAgreement` (default), `MicrosoftCustomerAgreement`, or `*` for both",
);

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("agreements.list", &[TYPE]),
    Detail::of("customers.agreements.list", &[TYPE]),
    Detail::of("customers.agreements.confirm", &[]).takes_members(&[
        ("primaryContact", Object(&[("firstName", Text), ("lastName", Text), ("email", Text), ("phoneNumber", Text)])),
        ("templateId", Text),
        ("dateAgreed", Time),
        ("type", Word(&["MicrosoftCloudAgreement", "MicrosoftCustomerAgreement"])),
    ]),
    Detail::of(
        "agreements.document",
        &[
            query("language", Kind::Text, "Accepted; there is one language, `en-US`"),
            query("country", Kind::Text, "ISO 3166 in capital letters, echoed; `US` by default"),
        ],
    ),
    Detail::of("agreements.text", &[]).gives(Some("text/plain; charset=utf-8")),
];
