//! The partner's own profiles (partner-center-v1.md 2.11, 3.14). One file per profile.
//!
//! The organization profile is how every PowerShell session begins, and it needs `defaultAddress.country` and `culture`
//! (rule 12 of partner-center-v1.md 6.1). Every profile carries an ETag, a decimal as that of customers' billing profiles;
//! the reference names one for the billing profile only.

mod billing;
mod legal_business;
mod mpn;
mod organization;
mod support;

pub(crate) use billing::{change as billing_change, get as billing};
pub(crate) use legal_business::{change as legal_business_change, get as legal_business};
pub(crate) use mpn::handle as mpn;
pub(crate) use organization::{change as organization_change, get as organization};
pub(crate) use support::{change as support_change, get as support};

use crate::params;
use crate::wire::etag;
use crate::wire::input::{Body, Fields};
use tenantry_commerce::{Partner, PartnerProfile, Versioned, partner_profile, partner_profile_change};
use tenantry_core::Problem;
use tenantry_http::Call;

/// A profile of the calling partner.
async fn read<P: PartnerProfile>(call: &Call) -> Result<(Partner, Versioned<P>), Problem> {
    partner_profile(&call.ctx, call.world.db(), params::partner(call)?).await
}

/// Replaces a profile of the calling partner by the one in the body.
async fn replace<P: PartnerProfile>(
    call: &Call,
    profile: impl for<'a> FnOnce(&Fields<'a>) -> Result<P, Problem>,
) -> Result<(Partner, Versioned<P>), Problem> {
    let (profile, seen) = {
        let body = Body::of(call)?;
        let fields = body.fields()?;
        (profile(&fields)?, etag::decimal_seen(call, &fields)?)
    };
    partner_profile_change(&call.ctx, call.world.db(), params::partner(call)?, profile, seen).await
}
