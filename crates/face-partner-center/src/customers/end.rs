//! `PATCH /v1/customers/{customer}`: ends the relationship. Nothing else of a customer is changed here, whatever else the
//! body holds; the answer has no more than was asked for (partner-center-v1.md 2.1 row 5, 9.3).

use crate::params;
use crate::wire::Attributes;
use crate::wire::input::Body;
use crate::wire::words::Words;
use serde::Serialize;
use tenantry_commerce::customer_end;
use tenantry_core::{Problem, Reason};
use tenantry_http::{Answer, Call};

/// In the order of the ordinals (partner-center-v1.md 3.1). Whether it ends.
const RELATIONSHIPS: Words<bool> = Words(&[
    ("unknown", false),
    ("reseller", false),
    ("advisor", false),
    ("syndication", false),
    ("microsoft_support", false),
    ("none", true),
]);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    relationship_to_partner: &'static str,
    attributes: Attributes,
}

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    const NAME: &str = "relationshipToPartner";
    let customer = params::found_customer(&call).await?;
    let body = Body::of(&call)?;
    let ends = body.fields()?.word(NAME, &RELATIONSHIPS)?.ok_or_else(|| Problem::missing(NAME))?;
    if !ends {
        let message = format!("{NAME}: a relationship can only be ended here, by `none`");
        return Err(Problem::new(Reason::Unsupported, message).at(NAME));
    }
    customer_end(&call.ctx, call.world.db(), customer, call.world.settings().sandbox).await?;
    Answer::ok(&Ended { relationship_to_partner: "none", attributes: Attributes::of("Customer") })
}
