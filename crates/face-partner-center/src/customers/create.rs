//! `POST /v1/customers`. With `associatedPartnerId` an indirect provider creates a customer of its reseller: the reseller
//! sells to it (partner-center-v1.md 4.1, "Indirect").
//!
//! The answer holds the password of the customer's first administrator, so it is not kept for repeated requests, which
//! would keep the password with it (`Replay::Off` in `routes.rs`), nor by any cache on the way. A repetition makes no
//! second customer: commerce knows the request, and gives the customer without the password.

use crate::customers::wire::{Customer, read_billing};
use crate::params;
use crate::wire::input::Body;
use tenantry_commerce::{Limits, NewCustomer, customer_create_with_admin, customer_reseller};
use tenantry_core::Problem;
use tenantry_http::header::CACHE_CONTROL;
use tenantry_http::{Answer, Call};

pub(crate) async fn handle(call: Call) -> Result<Answer, Problem> {
    let body = Body::of(&call)?;
    let fields = body.fields()?;
    let own = params::partner(&call)?;
    let partner = match fields.text("associatedPartnerId")?.filter(|id| !id.trim().is_empty()) {
        Some(reseller) => customer_reseller(&call.ctx, call.world.db(), own, &reseller).await?,
        None => own,
    };
    let company = fields.object_or_empty("companyProfile")?;
    let new = NewCustomer {
        partner,
        company_name: company.text("companyName")?,
        domain: company.text_or_empty("domain")?,
        registration_number: company.text("organizationRegistrationNumber")?,
        billing: read_billing(&fields.object_or_empty("billingProfile")?)?,
    };
    let (world, suffix) = (&call.world, &call.world.settings().domain_suffix);
    let (customer, admin) = customer_create_with_admin(&call.ctx, world.db(), suffix, &Limits::NONE, new).await?;
    Ok(Answer::created(&Customer::created(customer, admin).seen_by(own))?.with(CACHE_CONTROL, "no-store"))
}
