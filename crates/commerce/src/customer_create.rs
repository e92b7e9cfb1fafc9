//! Creating a customer: its directory tenant and its place with the partner, in one transaction.

use crate::customer::{BillingDetails, BillingProfile, Customer, registration_number};
use crate::partner::{Partner, no_partner};
use crate::reach::Reach;
use crate::{Limits, rows, text};
use tenantry_access::{CustomerCreate, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId, TenantKind};
use tenantry_db::{Db, audit, counter};
use tenantry_directory::{NewTenant, domain_check, tenant_create};

/// What is needed to create a customer.
///
/// Source: partner-center-v1.md 3.1, 4.1.
#[derive(Debug, Clone)]
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

/// Creates a customer.
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
    let outcome = create(ctx, db, domain_suffix, limits, new).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    domain_suffix: &str,
    limits: &Limits,
    new: NewCustomer,
) -> Result<Customer, Problem> {
    let found = rows::partner::by_id(&mut db.reader().await?, Reach::of(ctx)?, new.partner).await?;
    let partner = found.ok_or_else(|| no_partner(new.partner))?;
    let partner = allow::<CustomerCreate, _>(ctx, partner)?.into_target();
    let new = checked(domain_suffix, &partner, new)?;
    let company_name = new.company_name.unwrap_or_else(|| new.billing.company_name.clone());

    let mut tx = db.begin().await?;
    rows::partner::lock(&mut tx, partner.tenant).await?;
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
        number: counter::next(&mut tx, &format!("customer/{}", partner.tenant)).await?,
        company_name,
        domain: tenant.default_domain,
        registration_number: new.registration_number,
        billing_profile: BillingProfile { id: ctx.chance.guid(), details: new.billing, version: 1 },
        created_at: ctx.now(),
    };
    rows::customer::insert(&mut tx, &customer).await?;
    tx.commit().await?;
    Ok(customer)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{House, SUFFIX, new_customer};
    use crate::{customer_get, customer_list};
    use tenantry_core::{Caller, Role};
    use tenantry_directory::tenant_find;

    #[tokio::test]
    async fn a_customer_comes_with_its_tenant() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let ctx = house.by(&partner, &[Role::SalesAgent]);
        let mut new = new_customer(&partner, "Northwind");
        new.domain = " NorthWind.example.test".into();
        let customer = customer_create(&ctx, &house.db, SUFFIX, &Limits::NONE, new).await.unwrap();
        assert_eq!((customer.domain.as_str(), customer.country()), ("northwind.example.test", "US"));
        assert_eq!((customer.company_name.as_str(), customer.number), ("Northwind", 1));
        assert_eq!(customer.billing_profile.details.culture, "en-US");
        let tenant = tenant_find(&house.db, "northwind.example.test").await.unwrap().unwrap();
        assert_eq!((tenant.id, tenant.kind), (customer.id, TenantKind::Customer));
        assert_eq!(customer_get(&ctx, &house.db, customer.id).await.unwrap(), customer);
    }

    #[tokio::test]
    async fn wrong_input_is_refused_with_the_field_in_client_words() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        house.customer(&partner, "Northwind").await;
        let ctx = house.by(&partner, &[Role::AdminAgent]);
        let check = async |change: fn(&mut NewCustomer), reason: Reason, field: &str| {
            let mut new = new_customer(&partner, "Tailspin");
            change(&mut new);
            let refused = customer_create(&ctx, &house.db, SUFFIX, &Limits::NONE, new).await.unwrap_err();
            assert_eq!((refused.reason(), refused.field()), (reason, Some(field)), "{refused:?}");
        };
        use Reason::{AddressInvalid, CountryUnsupported, DomainTaken, InvalidField, MissingField};
        let address = "billingProfile.defaultAddress";
        check(|n| n.billing.email.clear(), MissingField, "billingProfile.email").await;
        check(|n| n.billing.email = "ops".into(), InvalidField, "billingProfile.email").await;
        check(|n| n.billing.culture.clear(), MissingField, "billingProfile.culture").await;
        check(|n| n.billing.language = "english".into(), InvalidField, "billingProfile.language").await;
        check(|n| n.billing.company_name = " ".into(), MissingField, "billingProfile.companyName").await;
        check(|n| n.billing.default_address.country.clear(), MissingField, &format!("{address}.country")).await;
        check(|n| n.billing.default_address.country = "USA".into(), InvalidField, &format!("{address}.country")).await;
        check(|n| n.billing.default_address.country = "FR".into(), CountryUnsupported, &format!("{address}.country"))
            .await;
        check(|n| n.billing.default_address.state = Some("ZZ".into()), AddressInvalid, &format!("{address}.state"))
            .await;
        check(|n| n.domain.clear(), MissingField, "companyProfile.domain").await;
        check(|n| n.domain = "tailspin.onmicrosoft.com".into(), InvalidField, "companyProfile.domain").await;
        check(|n| n.domain = "NORTHWIND.example.test".into(), DomainTaken, "companyProfile.domain").await;
        let number = "companyProfile.organizationRegistrationNumber";
        check(|n| n.registration_number = Some("7".into()), InvalidField, number).await;
        fn to_hungary(new: &mut NewCustomer) {
            let address = &mut new.billing.default_address;
            (address.country, address.phone_number) = ("HU".into(), Some("12345".into()));
        }
        check(to_hungary, MissingField, number).await;
        let all = customer_list(&ctx, &house.db, crate::CustomerQuery::all(partner.tenant)).await.unwrap();
        assert_eq!(all.items.len(), 1, "a refused customer leaves no trace");
    }

    #[tokio::test]
    async fn strangers_and_helpdesk_create_nothing() {
        let house = House::open().await;
        let (contoso, fabrikam) = (house.partner("contoso").await, house.partner("fabrikam").await);
        let mut nobody = house.ctx.clone();
        nobody.caller = Caller::Nobody;
        for (ctx, reason) in [
            (house.by(&contoso, &[Role::HelpdeskAgent]), Reason::Forbidden),
            (house.by(&fabrikam, &Role::ALL), Reason::TenantNotFound),
            (nobody, Reason::TokenMissing),
        ] {
            let new = new_customer(&contoso, "Tailspin");
            let refused = customer_create(&ctx, &house.db, SUFFIX, &Limits::NONE, new).await.unwrap_err();
            assert_eq!(refused.reason(), reason);
        }
    }

    #[tokio::test]
    async fn a_faithful_sandbox_stops_at_its_limit() {
        let house = House::open().await;
        let partner = house.partner("contoso").await;
        let limits = Limits { customers_max: Some(1), ..Limits::NONE };
        let create = async |name: &str| {
            customer_create(&house.ctx, &house.db, SUFFIX, &limits, new_customer(&partner, name)).await
        };
        assert!(create("Northwind").await.is_ok());
        assert_eq!(create("Tailspin").await.unwrap_err().reason(), Reason::SandboxLimit);
    }
}
