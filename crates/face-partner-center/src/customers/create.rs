//! `POST /v1/customers`.
//!
//! The answer holds the password of the customer's first administrator, so it is not kept for repeated requests, which
//! would keep the password with it (`Replay::Off` in `routes.rs`), nor by any cache on the way. A repetition makes no
//! second customer: commerce knows the request, and gives the customer without the password.

use crate::customers::wire::{Customer, read_billing};
use crate::params;
use crate::wire::input::Body;
use tenantry_commerce::{Limits, NewCustomer, customer_create_with_admin};
use tenantry_core::{Problem, Reason};
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    if let Some(reseller) = fields.text("associatedPartnerId")?.filter(|id| !id.trim().is_empty()) {
        let reseller: String = reseller.chars().take(40).collect();
        let message =
            format!("associatedPartnerId: there are no indirect resellers here, so `{reseller}` is none; leave it out");
        return Err(Problem::new(Reason::Unsupported, message).at("associatedPartnerId"));
    }
    let company = fields.object_or_empty("companyProfile")?;
    let new = NewCustomer {
        partner: params::partner(&call)?,
        company_name: company.text("companyName")?,
        domain: company.text_or_empty("domain")?,
        registration_number: company.text("organizationRegistrationNumber")?,
        billing: read_billing(&fields.object_or_empty("billingProfile")?)?,
    };
    let (world, suffix) = (&call.world, &call.world.settings().domain_suffix);
    let (customer, admin) = customer_create_with_admin(&call.ctx, world.db(), suffix, &Limits::NONE, new).await?;
    Ok(Answer::created(&Customer::created(customer, admin))?.with(CACHE_CONTROL, "no-store"))
}
