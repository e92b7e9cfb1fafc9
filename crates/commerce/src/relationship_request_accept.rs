//! Accepting a partner's invitation: the tenant becomes the partner's customer, beside those it buys from already.

use crate::customer::{BillingDetails, BillingProfile, Customer};
use crate::relationship_request::partner_of;
use crate::{Address, Limits, Partner, rows};
use tenantry_access::{RelationshipApprove, TenantScope, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::{Db, Tx, audit, counter};
use tenantry_directory::{Organization, contract_begin, contract_begin_plain, organization_find};
use uuid::Uuid;

/// Makes a tenant the customer of the partner behind an invitation. The partner may then order for it and bills it;
/// with `delegated_admin` its agent groups also administer the tenant. It sees nothing of what the tenant has from
/// others.
///
/// Accepting is agreeing to the customer agreement too: nothing has to be confirmed before an order. A tenant that was this
/// partner's customer before is so again, with a new place in its list.
///
/// Name and bills begin as the organisation's own profile has them; the partner completes them.
///
/// # Errors
/// `Forbidden` for all but the tenant's own global administrators and the provider; `RelationshipNotFound`;
/// `AlreadyExists` if it is that partner's customer; `CountryUnsupported`; `SandboxLimit`; `InvalidField` for a tenant
/// that sells itself.
pub async fn relationship_request_accept(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    tenant: TenantId,
    request: Uuid,
    delegated_admin: bool,
) -> Result<Customer, Problem> {
    let line = audit::open(ctx, db, "relationship-request-accept", &format!("{tenant} {request}")).await?;
    let outcome = accept(ctx, db, limits, (tenant, request), delegated_admin).await;
    line.close(ctx, db, outcome).await
}

async fn accept(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (tenant, request): (TenantId, Uuid),
    delegated_admin: bool,
) -> Result<Customer, Problem> {
    let tenant = allow::<RelationshipApprove, _>(ctx, TenantScope(tenant))?.into_target().0;
    let organization = organization_find(ctx, db, tenant).await?;
    let mut tx = db.begin().await?;
    let partner = partner_of(&mut tx, request).await?;
    check(&organization, &partner)?;
    rows::partner::lock(&mut tx, partner.tenant).await?;
    if rows::customer::is_of(&mut tx, tenant, partner.tenant).await? {
        let message =
            format!("the tenant is a customer of {} already; nothing is left to accept", partner.company_name);
        return Err(Problem::new(Reason::AlreadyExists, message));
    }
    limits.check_customers(rows::customer::count(&mut tx, partner.tenant).await? + 1)?;
    let customer = attach(ctx, &mut tx, &partner, organization).await?;
    if delegated_admin {
        contract_begin(ctx, &mut tx, partner.tenant, tenant).await?;
    } else {
        contract_begin_plain(ctx, &mut tx, partner.tenant, tenant).await?;
    }
    tx.commit().await?;
    Ok(customer)
}

fn check(organization: &Organization, partner: &Partner) -> Result<(), Problem> {
    if organization.tenant.kind != TenantKind::Customer {
        return Err(Problem::invalid("tenant", "only a customer's tenant can buy from a partner; this one sells"));
    }
    let country = &organization.tenant.country;
    if !partner.markets.contains(country) {
        let message = format!("{} does not sell in {country}; look for a partner that does", partner.company_name);
        return Err(Problem::new(Reason::CountryUnsupported, message));
    }
    Ok(())
}

async fn attach(
    ctx: &OpContext,
    tx: &mut Tx,
    partner: &Partner,
    organization: Organization,
) -> Result<Customer, Problem> {
    let Organization { tenant, profile, domains } = organization;
    let initial = domains.into_iter().find(|domain| domain.initial).map(|domain| domain.name);
    let customer = Customer {
        id: tenant.id,
        partner: partner.tenant,
        indirect_provider: partner.kind.indirect_provider(),
        number: counter::next(tx, &format!("customer/{}", partner.tenant)).await?,
        company_name: tenant.name.clone(),
        domain: initial.unwrap_or(tenant.default_domain),
        registration_number: None,
        billing_profile: BillingProfile {
            id: ctx.chance.guid(),
            details: BillingDetails {
                first_name: None,
                last_name: None,
                email: profile.technical_mails.into_iter().next().unwrap_or_default(),
                culture: partner.culture.clone(),
                language: profile.preferred_language.unwrap_or_else(|| partner.language.clone()),
                company_name: tenant.name,
                default_address: Address {
                    country: tenant.country,
                    city: profile.city,
                    state: profile.state,
                    postal_code: profile.postal_code,
                    address_line1: profile.street,
                    phone_number: profile.telephone,
                    ..Address::default()
                },
            },
            version: 1,
        },
        created_at: ctx.now(),
        ended_at: None,
    };
    rows::customer::insert(tx, &customer, None).await?;
    // Who accepts for the tenant may sign for it, and accepting is signing.
    rows::agreement::sign(tx, customer.id, customer.partner, ctx.now()).await?;
    Ok(customer)
}
