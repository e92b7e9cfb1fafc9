//! Creating a customer: its directory tenant, its place with the partner, the contract by which the partner administers
//! it, and its first administrator, in one transaction.

use crate::asked::asked;
use crate::customer::{BillingDetails, BillingProfile, Customer, registration_number};
use crate::first_admin::FirstAdmin;
use crate::partner::{Partner, missing};
use crate::reach::Reach;
use crate::{Limits, audit_made, rows, text};
use serde::Serialize;
use tenantry_access::{CustomerCreate, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::{Db, audit, counter};
use tenantry_directory::{NewTenant, contract_begin, domain_check, tenant_create};

/// What is needed to create a customer.
///
/// Source: partner-center-v1.md 3.1, 4.1.
#[derive(Debug, Clone, Serialize)]
pub struct NewCustomer {
    /// The partner that will sell to it.
    pub partner: TenantId,
    /// The company's name in the directory; that on the bills if absent.
    pub company_name: Option<String>,
    /// Its whole domain.
    pub domain: String,
    /// The company's registration number: required in some countries, refused in the others.
    pub registration_number: Option<String>,
    /// Who gets the bills.
    pub billing: BillingDetails,
}

/// Creates a customer that comes with its agreement signed: one that is brought over from elsewhere, or set up by us. The
/// same request again (caller's tenant, request id, content) gets the customer it made, as
/// it is now.
///
/// Refused: fields that are missing or wrong, named in client words (`billingProfile.defaultAddress.country`); a
/// country the partner has no market in (`CountryUnsupported`); `DomainTaken`; `SandboxLimit`.
pub async fn customer_create(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    limits: &Limits,
    new: NewCustomer,
) -> Result<Customer, Problem> {
    let line = audit::open(ctx, db, "customer-create", &text::shown(&new.domain)).await?;
    let outcome = create(ctx, db, domain_suffix, limits, (new, false)).await;
    Ok(line.close_with(ctx, db, outcome, |(customer, _)| audit_made::of_customer(customer)).await?.0)
}

/// Creates a customer with its first administrator, the user `admin` of its domain. It has not agreed to anything yet:
/// before an order the partner confirms its agreement ([`agreement_confirm`](crate::agreement_confirm)).
/// The password is drawn here, given
/// out once and kept as a hash; the first sign-in must change it. A request that comes again gets the customer and no
/// password: nobody can show it a second time.
///
/// Source: partner-center-v1.md 3.1 (userCredentials), 4.1. Refused as in [`customer_create`].
pub async fn customer_create_with_admin(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    limits: &Limits,
    new: NewCustomer,
) -> Result<(Customer, Option<FirstAdmin>), Problem> {
    let line = audit::open(ctx, db, "customer-create", &text::shown(&new.domain)).await?;
    let outcome = create(ctx, db, domain_suffix, limits, (new, true)).await;
    line.close_with(ctx, db, outcome, |(customer, _)| audit_made::of_customer(customer)).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    limits: &Limits,
    (new, with_admin): (NewCustomer, bool),
) -> Result<(Customer, Option<FirstAdmin>), Problem> {
    let found = rows::partner::by_id(&mut db.reader().await?, Reach::of(ctx)?, new.partner).await?;
    let partner = found.ok_or_else(|| missing(ctx, new.partner))?;
    let partner = allow::<CustomerCreate, _>(ctx, partner)?.into_target();
    let asked = asked(ctx, &new)?;
    let new = checked(domain_suffix, &partner, new)?;
    let company_name = new.company_name.unwrap_or_else(|| new.billing.company_name.clone());

    let mut tx = db.begin().await?;
    rows::partner::lock(&mut tx, partner.tenant).await?;
    // Only now: whoever asked the same at the same moment has waited here until the first was through.
    if let Some(asked) = &asked
        && let Some(customer) = rows::customer::by_asked(&mut tx, Reach::of(ctx)?, asked).await?
    {
        return Ok((customer, None));
    }
    limits.check_customers(rows::customer::count(&mut tx, partner.tenant).await? + 1)?;
    let wanted = NewTenant {
        kind: TenantKind::Customer,
        name: &company_name,
        domain: &new.domain,
        country: &new.billing.default_address.country,
    };
    let tenant = tenant_create(ctx, &mut tx, wanted).await.map_err(domain_in_client_words)?;
    let customer = Customer {
        id: tenant.id,
        partner: partner.tenant,
        indirect_provider: partner.kind.indirect_provider(),
        number: counter::next(&mut tx, &format!("customer/{}", partner.tenant)).await?,
        company_name,
        domain: tenant.default_domain,
        registration_number: new.registration_number,
        billing_profile: BillingProfile { id: ctx.chance.guid(), details: new.billing, version: 1 },
        created_at: ctx.now(),
        ended_at: None,
    };
    rows::customer::insert(&mut tx, &customer, asked).await?;
    contract_begin(ctx, &mut tx, partner.tenant, customer.id).await?;
    let admin = match with_admin {
        true => Some(FirstAdmin::create(ctx, &mut tx, &customer).await?),
        false => {
            rows::agreement::sign(&mut tx, customer.id, customer.partner, ctx.now()).await?;
            None
        }
    };
    tx.commit().await?;
    Ok((customer, admin))
}

fn checked(domain_suffix: &str, partner: &Partner, new: NewCustomer) -> Result<NewCustomer, Problem> {
    let billing = new.billing.checked("billingProfile")?;
    let country = &billing.default_address.country;
    if !partner.markets.contains(country) {
        const FIELD: &str = "billingProfile.defaultAddress.country";
        let markets = partner.markets.join(", ");
        let message = format!("{FIELD}: this partner does not sell in {country}; its markets are {markets}");
        return Err(Problem::new(Reason::CountryUnsupported, message).at(FIELD));
    }
    if new.domain.trim().is_empty() {
        return Err(Problem::missing(DOMAIN));
    }
    Ok(NewCustomer {
        partner: new.partner,
        company_name: text::optional("companyProfile.companyName", new.company_name.as_deref(), 200)?,
        domain: domain_check(domain_suffix, &new.domain).map_err(domain_in_client_words)?,
        registration_number: registration_number(new.registration_number.as_deref(), country)?,
        billing,
    })
}

const DOMAIN: &str = "companyProfile.domain";

/// The directory speaks of `domain`; the caller wrote it in the company profile.
fn domain_in_client_words(problem: Problem) -> Problem {
    if problem.field() == Some("domain") { problem.at(DOMAIN) } else { problem }
}
