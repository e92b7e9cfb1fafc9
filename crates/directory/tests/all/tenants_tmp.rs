//!

// from src/tenant_create.rs
use super::*;
use crate::testing::House;
use crate::{domain_exists, provider_find, tenant_find};

async fn create(
    house: &House,
    kind: TenantKind,
    name: &str,
    domain: &str,
    country: &str,
) -> Result<Tenant, Reason> {
    let mut tx = house.db.begin().await.unwrap();
    let new = NewTenant { kind, name, domain, country };
    let tenant = tenant_create(&house.ctx, &mut tx, new).await.map_err(|problem| problem.reason())?;
    tx.commit().await.unwrap();
    Ok(tenant)
}

#[test]
fn a_tenant_is_found_by_id_and_by_domain_in_any_case() {
    in_a_house(|house| async move {
        let made = create(&house, TenantKind::Partner, " Contoso ", "Contoso.example.test", "de").await.unwrap();
        assert_eq!((made.name.as_str(), made.country.as_str()), ("Contoso", "DE"));
        for text in ["contoso.EXAMPLE.test", &made.id.to_string(), &made.id.to_string().to_uppercase()] {
            assert_eq!(tenant_find(&house.db, text).await.unwrap().as_ref(), Some(&made), "{text}");
        }
        for text in ["", "fabrikam.example.test", "00000000-0000-0000-0000-000000000001", "common"] {
            assert_eq!(tenant_find(&house.db, text).await.unwrap(), None, "{text}");
        }
        assert!(domain_exists(&house.db, "CONTOSO.example.test").await.unwrap());
        assert!(!domain_exists(&house.db, "fabrikam.example.test").await.unwrap());
    });
}

#[test]
fn a_refused_tenant_leaves_no_trace() {
    in_a_house(|house| async move {
        let partner = TenantKind::Partner;
        create(&house, partner, "Contoso", "contoso.example.test", "DE").await.unwrap();
        let provider = create(&house, TenantKind::Provider, "Root", "root.example.test", "DE").await.unwrap();
        for (kind, name, domain, country, expected) in [
            (partner, "Other", "CONTOSO.example.test", "DE", Reason::DomainTaken),
            (partner, " ", "other.example.test", "DE", Reason::MissingField),
            (partner, "Other", "other.example.test", "Germany", Reason::InvalidField),
            (TenantKind::Provider, "Other", "other.example.test", "DE", Reason::AlreadyExists),
        ] {
            let refused = create(&house, kind, name, domain, country).await;
            assert_eq!(refused.unwrap_err(), expected, "{name} {domain} {country}");
        }
        assert!(!domain_exists(&house.db, "other.example.test").await.unwrap());
        assert_eq!(provider_find(&house.db).await.unwrap(), Some(provider));
    });
}

