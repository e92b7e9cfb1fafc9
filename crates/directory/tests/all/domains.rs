//! A domain belongs to one tenant, and a world has one provider, also when two ask in the same moment.

use crate::house::in_a_house;
use tenantry_core::{Reason, TenantKind};
use tenantry_directory::{NewTenant, domain_exists, provider_find, tenant_find};

#[test]
fn a_domain_is_taken_once_in_any_letter_case() {
    in_a_house(|house| async move {
        let db = &house.db;
        let first = house.create(TenantKind::Partner, "contoso").await.unwrap();
        for kind in [TenantKind::Partner, TenantKind::Customer, TenantKind::Provider] {
            for prefix in ["contoso", "CONTOSO"] {
                let refused = house.create(kind, prefix).await.unwrap_err();
                assert_eq!((refused.reason(), refused.field()), (Reason::DomainTaken, Some("domain")), "{kind:?}");
                assert!(refused.message().contains("contoso.example.test"), "{refused:?}");
            }
        }
        assert_eq!(provider_find(db).await.unwrap(), None, "a refused tenant leaves no trace");
        for name in ["Contoso.Example.Test", &first.id.to_string().to_uppercase()] {
            assert_eq!(tenant_find(db, name).await.unwrap().as_ref(), Some(&first), "{name}");
        }
        assert!(domain_exists(db, "CONTOSO.example.test").await.unwrap());
        assert!(!domain_exists(db, "fabrikam.example.test").await.unwrap());
    });
}

#[test]
fn of_two_who_ask_at_once_one_gets_the_domain() {
    in_a_house(|house| async move {
        for round in 0..5 {
            let prefix = format!("contoso{round}");
            let ask = || house.create(TenantKind::Customer, &prefix);
            let (one, other) = tokio::join!(ask(), ask());
            let (won, lost) = if one.is_ok() { (one, other) } else { (other, one) };
            assert_eq!(lost.unwrap_err().reason(), Reason::DomainTaken);
            let found = tenant_find(&house.db, &format!("{prefix}.example.test")).await.unwrap();
            assert_eq!(found, Some(won.unwrap()));
        }
    });
}

#[test]
fn of_two_who_ask_at_once_one_is_the_provider() {
    in_a_house(|house| async move {
        let ask = |prefix| house.create(TenantKind::Provider, prefix);
        let (one, other) = tokio::join!(ask("root"), ask("other"));
        assert_ne!(one.is_ok(), other.is_ok(), "{one:?} {other:?}");
        let won = one.or(other).unwrap();
        assert_eq!(provider_find(&house.db).await.unwrap(), Some(won));
        // Later, when there is nothing to race with, the refusal says why.
        let late = house.create(TenantKind::Provider, "third").await.unwrap_err();
        assert_eq!(late.reason(), Reason::AlreadyExists);
    });
}

#[test]
fn a_tenant_is_kept_in_one_spelling() {
    in_a_house(|house| async move {
        let new =
            |name, country| NewTenant { kind: TenantKind::Partner, name, domain: "Contoso.example.test", country };
        for (name, country, expected) in [
            (" ", "DE", Reason::MissingField),
            ("Contoso", "Germany", Reason::InvalidField),
            ("Contoso", "", Reason::InvalidField),
        ] {
            let refused = house.create_as(new(name, country)).await.unwrap_err();
            assert_eq!(refused.reason(), expected, "{name} {country}");
        }
        assert!(!domain_exists(&house.db, "contoso.example.test").await.unwrap(), "a refused tenant leaves no trace");

        let made = house.create_as(new(" Contoso ", "de")).await.unwrap();
        let seen = (made.name.as_str(), made.country.as_str(), made.default_domain.as_str());
        assert_eq!(seen, ("Contoso", "DE", "contoso.example.test"));
        for (name, found) in [
            ("contoso.EXAMPLE.test", Some(&made)),
            (made.id.to_string().as_str(), Some(&made)),
            ("fabrikam.example.test", None),
            ("00000000-0000-0000-0000-000000000001", None),
            ("common", None),
            ("", None),
        ] {
            assert_eq!(tenant_find(&house.db, name).await.unwrap().as_ref(), found, "{name}");
        }
    });
}
