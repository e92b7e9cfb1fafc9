//! Reading what a call asks for: path parameters, queries, and on whose behalf.

use std::fmt;
use tenantry_commerce::{edge_ref, partner_get};
use tenantry_core::{Caller, Problem, Reason, TenantId, TenantKind};
use tenantry_directory::tenant_find;
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

/// As [`partner`], and it may also be a customer: the caller's own tenant if it is billed here, or one that the caller
/// bills.
pub(crate) async fn buyer(call: &Call) -> Result<TenantId, Problem> {
    let unknown = match partner(call).await {
        Err(unknown) if unknown.reason() == Reason::TenantNotFound => unknown,
        known => return known,
    };
    let Some(named) = parsed(call, "partner", TenantId::parse)? else { return Err(unknown) };
    // Whether the caller may know of its account is asked by the act.
    match edge_ref(&call.ctx, call.world.db(), named).await {
        Ok(edge) => Ok(edge.buyer),
        Err(none) if none.reason() == Reason::TenantNotFound => Err(unknown),
        Err(other) => Err(other),
    }
}

/// The tenant acted in and what it is; `None` if nobody signed in.
pub(crate) fn own(call: &Call) -> Option<(TenantId, TenantKind)> {
    match &call.ctx.caller {
        Caller::SignedIn(identity) => Some((identity.tenant, identity.tenant_kind)),
        Caller::System(_) | Caller::Nobody => None,
    }
}

/// The customer's tenant a call is about: the one it names, or the one the caller acts in.
///
/// Partners and the provider have to name one: taking their own would answer "there is no such subscription" about a
/// subscription that is there.
pub(crate) async fn tenant(call: &Call) -> Result<TenantId, Problem> {
    match (optional(call, "tenant"), own(call)) {
        (Some(named), _) => tenant_named(call, named).await,
        (None, Some((tenant, TenantKind::Customer))) => Ok(tenant),
        (None, _) => {
            let message =
                "tenant is required: it says whose directory; add ?tenant=<tenant id or domain of the customer>";
            Err(Problem::new(Reason::MissingField, message).at("tenant"))
        }
    }
}

/// A tenant by its id or one of its domains. That a tenant exists is no secret: every sign-in client asks for it. What
/// is in it is, and of that the acts speak.
pub(crate) async fn tenant_named(call: &Call, named: &str) -> Result<TenantId, Problem> {
    let found = tenant_find(call.world.db(), named).await?;
    found.map(|tenant| tenant.id).ok_or_else(|| no_tenant(named))
}

/// There is no such tenant, for this caller.
pub(crate) fn no_tenant(named: &str) -> Problem {
    let seen: String = named.chars().take(80).collect();
    Problem::new(Reason::TenantNotFound, format!("there is no tenant `{seen}`; check the id or domain")).at("tenant")
}
