//! How a partner gets customers, and who stands beside it in the channel: `customers/relationshiprequests`,
//! `relationships` and `customers/{customer}/relationships`.

use crate::params;
use crate::wire::filter::{self, Filter, Operator};
use crate::wire::words::Words;
use crate::wire::{Attributes, Collection};
use serde::Serialize;
use tenantry_commerce::{
    IndirectProvider, Partner, PartnerKind, customer_get, indirect_provider_of, partner_get,
    relationship_request_create, reseller_list,
};
use tenantry_core::Problem;
use tenantry_http::{Answer, Call};

#[derive(Debug, Serialize)]
struct RelationshipRequest {
    url: String,
    attributes: Attributes,
}

/// Another partner, and what it is to the one that asks. Source: partner-center-v1.md 3.1.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PartnerRelationship {
    id: String,
    name: String,
    relationship_type: &'static str,
    state: &'static str,
    mpn_id: String,
    location: String,
    attributes: Attributes,
}

/// What the one that asks is to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It sells to them: they are its resellers.
    ProviderOf,
    /// It buys from them.
    ResellerOf,
}

const KINDS: Words<Kind> = Words(&[
    ("is_indirect_cloud_solution_provider_of", Kind::ProviderOf),
    ("is_indirect_reseller_of", Kind::ResellerOf),
]);

/// The partner's invitation. The field's link leads to its portal; ours to the invitation itself, with the same words in
/// its query.
pub(crate) async fn request(call: Call) -> Result<Answer, Problem> {
    let partner = params::partner(&call)?;
    let request = relationship_request_create(&call.ctx, call.world.db(), partner).await?;
    let (origin, id) = (call.world.keys().origin(), request.id);
    let query = format!("invType=ResellerRelationship&partnerId={partner}&msppId=0&DAP=true");
    Answer::ok(&RelationshipRequest {
        url: format!("{origin}/api/v1/relationship-requests/{id}?{query}#/BillingAccounts/partner-invitation"),
        attributes: Attributes::of("RelationshipRequest"),
    })
}

/// The resellers of an indirect provider, or whom a reseller buys from. One client forgets to say which when it filters,
/// so what the partner is decides then (partner-center-v1.md 2.1 row 18).
pub(crate) async fn list(call: Call) -> Result<Answer, Problem> {
    let (db, own) = (call.world.db(), params::partner(&call)?);
    let partner = partner_get(&call.ctx, db, own).await?;
    let asked = call.query("relationship_type").map(str::trim).filter(|text| !text.is_empty());
    let kind = match asked {
        Some(text) => KINDS.read("relationship_type", text)?,
        None if partner.kind.indirect_provider().is_some() => Kind::ResellerOf,
        None => Kind::ProviderOf,
    };
    let others: Vec<_> = match (kind, partner.kind) {
        (Kind::ProviderOf, PartnerKind::IndirectProvider) => {
            reseller_list(&call.ctx, db, own).await?.into_iter().map(PartnerRelationship::to_reseller).collect()
        }
        (Kind::ResellerOf, PartnerKind::Reseller { .. }) => {
            let above = indirect_provider_of(&call.ctx, db, own).await?;
            above.into_iter().map(PartnerRelationship::to_indirect_provider).collect()
        }
        _ => Vec::new(),
    };
    let named = name_filter(&call)?;
    let others = others.into_iter().filter(|other| named(&other.name.to_lowercase()));
    Answer::ok(&Collection::whole(others.collect(), "/relationships"))
}

/// The reseller a customer belongs to, for the indirect provider above it.
pub(crate) async fn of_customer(call: Call) -> Result<Answer, Problem> {
    let (db, own) = (call.world.db(), params::partner(&call)?);
    let customer = customer_get(&call.ctx, db, params::customer(&call)?).await?;
    let others = match customer.partner == own {
        true => Vec::new(),
        false => vec![PartnerRelationship::to_reseller(partner_get(&call.ctx, db, customer.partner).await?)],
    };
    Answer::ok(&Collection::whole(others, format!("/customers/{}/relationships", customer.id)))
}

impl PartnerRelationship {
    fn to_reseller(reseller: Partner) -> Self {
        Self {
            id: reseller.tenant.to_string(),
            name: reseller.company_name,
            relationship_type: "is_indirect_cloud_solution_provider_of",
            state: "Active",
            mpn_id: reseller.mpn_id,
            location: reseller.address.country,
            attributes: Attributes::of("PartnerRelationship"),
        }
    }

    fn to_indirect_provider(above: IndirectProvider) -> Self {
        Self {
            id: above.tenant.to_string(),
            name: above.company_name,
            relationship_type: "is_indirect_reseller_of",
            state: "Active",
            mpn_id: above.mpn_id,
            location: above.country,
            attributes: Attributes::of("PartnerRelationship"),
        }
    }
}

/// `Name` by how it begins or what is in it, without regard to letter case.
fn name_filter(call: &Call) -> Result<impl Fn(&str) -> bool, Problem> {
    const CAN: &str = "Name can be compared with starts_with and substring";
    let (operator, value) = match Filter::of(call)? {
        None => (Operator::Substring, String::new()),
        Some(Filter::Field { field, operator: operator @ (Operator::StartsWith | Operator::Substring), value })
            if field == "name" =>
        {
            (operator, value.to_lowercase())
        }
        Some(_) => return Err(filter::unsupported(CAN)),
    };
    Ok(move |name: &str| match operator {
        Operator::StartsWith => name.starts_with(&value),
        _ => name.contains(&value),
    })
}
