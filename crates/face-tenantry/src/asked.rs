//! Reading what a call asks for: path parameters, queries, and on whose behalf.

use std::fmt;
use tenantry_commerce::partner_get;
use tenantry_core::{Problem, Reason, TenantId};
use tenantry_http::Call;

/// A query parameter; absent and empty are the same.
pub(crate) fn optional<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.query(name).map(str::trim).filter(|text| !text.is_empty())
}

/// A query parameter of a type.
pub(crate) fn parsed<T, E: fmt::Display>(
    call: &Call,
    name: &'static str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Option<T>, Problem> {
    let read = |text: &str| parse(text).map_err(|error| Problem::invalid(name, error));
    optional(call, name).map(read).transpose()
}

/// A query parameter of a type that has to be there.
pub(crate) fn required<T, E: fmt::Display>(
    call: &Call,
    name: &'static str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T, Problem> {
    parsed(call, name, parse)?.ok_or_else(|| Problem::missing(name))
}

/// The partner whose money the call is about: the caller's own, or for the provider the one it names.
///
/// A partner may name itself. Naming another gets the slice's own "not there".
pub(crate) async fn partner(call: &Call) -> Result<TenantId, Problem> {
    if let Some(named) = parsed(call, "partner", TenantId::parse)? {
        // One that is not there has no invoices and no balance, but the answer is not "none": it is a wrong id.
        return Ok(partner_get(&call.ctx, call.world.db(), named).await?.tenant);
    }
    call.ctx.confined_to().ok_or_else(|| {
        let message = "partner is required: the provider says whose; add ?partner=<tenant id of the partner>";
        Problem::new(Reason::MissingField, message).at("partner")
    })
}
