//! What customers are besides companies.

use super::body::Shape::*;
use super::{Detail, Kind, Parameter, query};

const CODE: Parameter = query("code", Kind::Text, "The validation code, for a public authority");

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("customers.qualification.set", &[CODE]).takes(Word(&[
        "education",
        "government_community_cloud",
        "state_owned_entity",
    ])),
    Detail::of("customers.qualifications.ask", &[CODE]).takes_members(&[
        ("qualification", Word(&["Education", "GovernmentCommunityCloud", "StateOwnedEntity"])),
        ("educationSegment", Word(&["K12", "HigherEducation"])),
        ("website", Text),
        ("validationCode", Text),
    ]),
    Detail::of("customers.validation-status.get", &[query("type", Kind::Text, "`Account`, which is the default")]),
];
