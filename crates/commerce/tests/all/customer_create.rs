//! Creating customers: what comes with one, what is refused, and who may.

use crate::house::{in_a_house, new_customer};
use tenantry_commerce::{CustomerQuery, Limits, NewCustomer, customer_create, customer_get, customer_list};
use tenantry_core::{Caller, Reason, Role, TenantKind};
use tenantry_directory::tenant_find;
use tenantry_testkit::SUFFIX;

#[test]
fn a_customer_comes_with_its_tenant() {
    in_a_house(|house| async move {
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
    });
}

#[test]
fn wrong_input_is_refused_with_the_field_in_client_words() {
    in_a_house(|house| async move {
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
        let all = customer_list(&ctx, &house.db, CustomerQuery::all(partner.tenant)).await.unwrap();
        assert_eq!(all.items.len(), 1, "a refused customer leaves no trace");
    });
}

#[test]
fn strangers_and_helpdesk_create_nothing() {
    in_a_house(|house| async move {
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
    });
}

#[test]
fn a_faithful_sandbox_stops_at_its_limit() {
    in_a_house(|house| async move {
        let partner = house.partner("contoso").await;
        let limits = Limits { customers_max: Some(1), ..Limits::NONE };
        let create = async |name: &str| {
            customer_create(&house.ctx, &house.db, SUFFIX, &limits, new_customer(&partner, name)).await
        };
        assert!(create("Northwind").await.is_ok());
        assert_eq!(create("Tailspin").await.unwrap_err().reason(), Reason::SandboxLimit);
    });
}
