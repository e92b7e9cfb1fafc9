//! Creating a tenant. A partner's comes with the agent groups and admin roles that its staff and applications
//! are put in; the others have none of these.

use crate::domain::taken;
use crate::roles::{Place, place};
use crate::{NewTenant, Tenant, rows};
use tenantry_core::{ObjectId, OpContext, Problem, Reason, Role, TenantId, TenantKind};
use tenantry_db::Tx;

/// Creates a tenant with its first domain. The domain's form is the caller's to check
/// ([`crate::domain_check`]), because only a world knows its suffix.
///
/// # Errors
/// `DomainTaken`; `AlreadyExists` for a second provider; `InvalidField` for a name or country of the wrong form.
pub async fn tenant_create(ctx: &OpContext, tx: &mut Tx, new: NewTenant<'_>) -> Result<Tenant, Problem> {
    let (name, country) = (new.name.trim(), new.country.trim().to_ascii_uppercase());
    if name.is_empty() {
        return Err(Problem::missing("name"));
    }
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(Problem::invalid("country", format!("`{}` is not a country code such as DE", clip(new.country))));
    }
    if new.kind == TenantKind::Provider && rows::tenant_provider(tx).await?.is_some() {
        return Err(Problem::new(Reason::AlreadyExists, "this world has its provider already; a world has one root"));
    }
    let at = ctx.now();
    let domain = new.domain.trim().to_ascii_lowercase();
    let id = TenantId::new(ctx.chance.guid());
    let stored = NewTenant { name, country: &country, domain: &domain, ..new };
    rows::tenant_insert(tx, id, &stored, at).await?;
    if !rows::domain_insert(tx, id, &domain, at).await? {
        return Err(taken(&domain));
    }
    if new.kind == TenantKind::Partner {
        for role in Role::ALL {
            match place(role) {
                Place::Group(group) => {
                    rows::group_insert(tx, ObjectId::new(ctx.chance.guid()), id, group, at).await?;
                }
                Place::DirectoryRole(role, template) => rows::role_insert(tx, id, role, template).await?,
            }
        }
    }
    let name = name.to_owned();
    Ok(Tenant { id, kind: new.kind, name, default_domain: domain, country, created_at: at })
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
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

    #[tokio::test]
    async fn a_tenant_is_found_by_id_and_by_domain_in_any_case() {
        let house = House::open().await;
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
    }

    #[tokio::test]
    async fn a_refused_tenant_leaves_no_trace() {
        let house = House::open().await;
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
    }
}
