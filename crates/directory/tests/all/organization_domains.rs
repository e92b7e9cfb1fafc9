//! Domains: from claim to proof, by whose word, and what cannot be taken away.

use crate::house::{House, in_a_house};
use crate::organization_desk::{app_of, customer, person, user};
use tenantry_core::{Caller, DirectoryRole, OpContext, Reason, TenantKind};
use tenantry_directory::{
    Domain, Proof, RecordData, Tenant, domain_add, domain_change, domain_find, domain_list, domain_remove,
    domain_service_records, domain_verification_records, domain_verify, organization_find, tenant_find,
};

const SANDBOX: bool = true;
const LIVE: bool = false;

/// Names with a mark for each thing a domain is: initial, default, verified.
async fn shown(house: &House, tenant: &Tenant) -> Vec<String> {
    let mark = |domain: &Domain| {
        let marks = [(domain.initial, "i"), (domain.default, "d"), (domain.is_verified(), "v")];
        let marks: String = marks.into_iter().filter_map(|(is, mark)| is.then_some(mark)).collect();
        format!("{} {marks}", domain.name)
    };
    domain_list(&house.ctx, &house.db, tenant.id).await.unwrap().iter().map(mark).collect()
}

#[test]
fn a_claim_becomes_a_domain_when_it_is_proved() {
    in_a_house(|house| async move {
        let tenant = customer(&house, "northwind").await;
        let (ctx, db) = (person(&house, &tenant, &[DirectoryRole::DomainNameAdmin]), &house.db);
        let added = domain_add(&ctx, db, tenant.id, " Northwind.COM ").await.unwrap();
        let code = added.code.clone().unwrap();
        assert_eq!((added.name.as_str(), added.proof), ("northwind.com", None));
        assert!(code.starts_with("MS=ms") && code.len() == 13, "{code}");
        assert!(tenant_find(db, "northwind.com").await.unwrap().is_none(), "a claim is nobody's domain");

        let records = domain_verification_records(&ctx, db, tenant.id, "northwind.com").await.unwrap();
        let again = domain_verification_records(&ctx, db, tenant.id, "NORTHWIND.com").await.unwrap();
        assert_eq!(records, again, "the records stay the same");
        let data: Vec<_> = records.iter().map(|record| (record.label.as_str(), &record.data)).collect();
        let exchange = format!("{}.msv1.invalid", &code[3..]);
        assert_eq!(
            data,
            [
                ("northwind.com", &RecordData::Txt { text: code.clone() }),
                ("northwind.com", &RecordData::Mx { exchange, preference: 32_767 }),
            ]
        );
        assert!(domain_service_records(&ctx, db, tenant.id, "northwind.com").await.unwrap().is_empty());

        let verified = domain_verify(&ctx, db, tenant.id, "northwind.com", SANDBOX).await.unwrap();
        assert_eq!((verified.proof, verified.code.as_ref()), (Some(Proof::Sandbox), None));
        assert_eq!(domain_verify(&ctx, db, tenant.id, "northwind.com", LIVE).await.unwrap(), verified, "twice is once");
        assert_eq!(tenant_find(db, "northwind.com").await.unwrap().map(|found| found.id), Some(tenant.id));
        assert!(domain_verification_records(&ctx, db, tenant.id, "northwind.com").await.unwrap().is_empty());
        assert_eq!(domain_service_records(&ctx, db, tenant.id, "northwind.com").await.unwrap().len(), 3);
        assert_eq!(shown(&house, &tenant).await, ["northwind.example.test idv", "northwind.com v"]);
    });
}

#[test]
fn in_a_live_world_only_the_provider_confirms() {
    in_a_house(|house| async move {
        let root = house.create(TenantKind::Provider, "root").await.unwrap();
        let tenant = customer(&house, "northwind").await;
        let (admin, db) = (person(&house, &tenant, &[DirectoryRole::GlobalAdmin]), &house.db);
        domain_add(&admin, db, tenant.id, "northwind.com").await.unwrap();
        let refused = domain_verify(&admin, db, tenant.id, "northwind.com", LIVE).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::DomainNotVerified);
        let code = domain_find(&admin, db, tenant.id, "northwind.com").await.unwrap().code.unwrap();
        for part in [code.as_str(), "cannot look into DNS", "ask the provider"] {
            assert!(refused.message().contains(part), "{refused:?}");
        }
        assert_eq!(shown(&house, &tenant).await, ["northwind.example.test idv", "northwind.com "], "nothing changed");
        for role in [DirectoryRole::DomainNameAdmin, DirectoryRole::GlobalReader] {
            let member = person(&house, &root, &[role]);
            let refused = domain_verify(&member, db, tenant.id, "northwind.com", LIVE).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::Forbidden, "{role:?}");
        }
        // Not even for the provider's own tenant is everybody's word enough.
        let names = person(&house, &root, &[DirectoryRole::DomainNameAdmin]);
        domain_add(&names, db, root.id, "root.com").await.unwrap();
        let refused = domain_verify(&names, db, root.id, "root.com", LIVE).await.unwrap_err();
        assert_eq!(refused.reason(), Reason::DomainNotVerified);
        let chief = person(&house, &root, &[DirectoryRole::GlobalAdmin]);
        assert_eq!(domain_verify(&chief, db, root.id, "root.com", LIVE).await.unwrap().proof, Some(Proof::Provider));
        let confirmed = domain_verify(&app_of(&house, &root), db, tenant.id, "northwind.com", LIVE).await.unwrap();
        assert_eq!(confirmed.proof, Some(Proof::Provider));
    });
}

#[test]
fn two_tenants_may_claim_a_name_and_the_first_to_prove_it_has_it() {
    in_a_house(|house| async move {
        let (one, two) = (customer(&house, "one").await, customer(&house, "two").await);
        let db = &house.db;
        for tenant in [&one, &two] {
            domain_add(&house.ctx, db, tenant.id, "shared.com").await.unwrap();
        }
        domain_verify(&house.ctx, db, two.id, "shared.com", SANDBOX).await.unwrap();
        let late = domain_verify(&house.ctx, db, one.id, "shared.com", SANDBOX).await.unwrap_err();
        assert_eq!(late.reason(), Reason::DomainTaken);
        assert_eq!(tenant_find(db, "shared.com").await.unwrap().map(|found| found.id), Some(two.id));
        domain_remove(&house.ctx, db, one.id, "shared.com").await.unwrap();
        let again = domain_add(&house.ctx, db, one.id, "shared.com").await.unwrap_err();
        assert_eq!(again.reason(), Reason::DomainTaken);
        domain_remove(&house.ctx, db, two.id, "shared.com").await.unwrap();
        assert!(domain_add(&house.ctx, db, one.id, "shared.com").await.is_ok(), "a removed name is free");
    });
}

#[test]
fn there_is_always_one_initial_and_one_default_domain() {
    in_a_house(|house| async move {
        let (tenant, db, ctx) = (customer(&house, "northwind").await, &house.db, &house.ctx);
        domain_add(ctx, db, tenant.id, "northwind.com").await.unwrap();
        let change = async |name: &str, default: bool| {
            domain_change(ctx, db, tenant.id, name, default).await.map_err(|problem| problem.reason())
        };
        assert_eq!(change("northwind.com", true).await.unwrap_err(), Reason::DomainNotVerified);
        domain_verify(ctx, db, tenant.id, "northwind.com", SANDBOX).await.unwrap();
        assert!(change("northwind.com", true).await.unwrap().default);
        assert_eq!(change("northwind.com", false).await.unwrap_err(), Reason::InvalidField);
        assert!(!change("northwind.example.test", false).await.unwrap().default, "it is none, so nothing changes");
        assert_eq!(shown(&house, &tenant).await, ["northwind.example.test iv", "northwind.com dv"]);
        let domains = organization_find(ctx, db, tenant.id).await.unwrap().domains;
        let count = |is: fn(&Domain) -> bool| domains.iter().filter(|domain| is(domain)).count();
        assert_eq!((count(|d| d.initial), count(|d| d.default)), (1, 1));
        let remove = async |name: &str| domain_remove(ctx, db, tenant.id, name).await.map_err(|p| p.reason());
        assert_eq!(remove("northwind.com").await, Err(Reason::DomainInUse), "the default");
        assert_eq!(remove("northwind.example.test").await, Err(Reason::DomainInUse), "the initial one");
        change("northwind.example.test", true).await.unwrap();
        assert_eq!(remove("northwind.com").await, Ok(()));
        assert_eq!(remove("northwind.com").await, Err(Reason::DomainNotFound));
    });
}

#[test]
fn a_domain_stays_while_users_have_names_in_it() {
    in_a_house(|house| async move {
        let (tenant, db, ctx) = (customer(&house, "northwind").await, &house.db, &house.ctx);
        domain_add(ctx, db, tenant.id, "northwind.com").await.unwrap();
        domain_verify(ctx, db, tenant.id, "northwind.com", SANDBOX).await.unwrap();
        let moved = Tenant { default_domain: "northwind.com".into(), ..tenant.clone() };
        user(&house, &moved, "operator", None).await;
        user(&house, &moved, "clerk", None).await;
        let refused = domain_remove(ctx, db, tenant.id, "northwind.com").await.unwrap_err();
        assert_eq!(refused.reason(), Reason::DomainInUse);
        assert!(refused.message().contains("clerk@northwind.com and 1 others"), "{refused:?}");
    });
}

#[test]
fn a_name_under_a_verified_domain_needs_no_proof() {
    in_a_house(|house| async move {
        let (tenant, db, ctx) = (customer(&house, "northwind").await, &house.db, &house.ctx);
        domain_add(ctx, db, tenant.id, "northwind.com").await.unwrap();
        let early = domain_add(ctx, db, tenant.id, "early.northwind.com").await.unwrap();
        assert_eq!(early.proof, None, "the parent is not proved yet");
        domain_verify(ctx, db, tenant.id, "northwind.com", SANDBOX).await.unwrap();
        let under = domain_add(ctx, db, tenant.id, "eu.northwind.com").await.unwrap();
        assert_eq!((under.proof, under.root), (Some(Proof::Parent), false));
    });
}

#[test]
fn a_name_under_a_domain_of_another_tenant_is_not_taken_over() {
    in_a_house(|house| async move {
        let (tenant, other) = (customer(&house, "northwind").await, customer(&house, "tailspin").await);
        let (db, ctx) = (&house.db, &house.ctx);
        let theirs = domain_add(ctx, db, other.id, "eu.northwind.com").await.unwrap();
        assert_eq!(theirs.proof, None, "nobody has the parent yet");
        domain_add(ctx, db, tenant.id, "northwind.com").await.unwrap();
        domain_verify(ctx, db, tenant.id, "northwind.com", SANDBOX).await.unwrap();
        let verified = domain_verify(ctx, db, other.id, "eu.northwind.com", SANDBOX).await;
        assert_eq!(verified.unwrap_err().reason(), Reason::DomainTaken, "the parent was verified meanwhile");
        for (name, expected) in [
            ("us.northwind.com", Some(Reason::DomainTaken)),
            ("a.b.northwind.com", Some(Reason::DomainTaken)),
            ("notnorthwind.com", None),
            ("com.northwind", None),
        ] {
            let added = domain_add(ctx, db, other.id, name).await;
            assert_eq!(added.err().map(|problem| problem.reason()), expected, "{name}");
            assert_eq!(tenant_find(db, name).await.unwrap(), None, "{name}");
        }
        let own = domain_add(ctx, db, tenant.id, "us.northwind.com").await.unwrap();
        assert_eq!(own.proof, Some(Proof::Parent), "the tenant itself still may");
    });
}

#[test]
fn what_cannot_be_added_is_refused_by_name() {
    in_a_house(|house| async move {
        let (tenant, db) = (customer(&house, "northwind").await, &house.db);
        let other = customer(&house, "tailspin").await;
        domain_add(&house.ctx, db, tenant.id, "northwind.com").await.unwrap();
        let by = |ctx: OpContext, name: &'static str| (ctx, name);
        let admin = || person(&house, &tenant, &[DirectoryRole::GlobalAdmin]);
        let nobody = OpContext { caller: Caller::Nobody, ..house.ctx.clone() };
        for ((ctx, name), reason) in [
            (by(admin(), "northwind.com"), Reason::AlreadyExists),
            (by(admin(), "tailspin.example.test"), Reason::DomainTaken),
            (by(admin(), "free.example.test"), Reason::InvalidField),
            (by(admin(), "a.northwind.example.test"), Reason::InvalidField),
            (by(admin(), "example.test"), Reason::InvalidField),
            (by(admin(), "no dots"), Reason::InvalidField),
            (by(admin(), ""), Reason::MissingField),
            (by(person(&house, &tenant, &[DirectoryRole::UserAdmin]), "new.com"), Reason::Forbidden),
            (by(app_of(&house, &tenant), "new.com"), Reason::Forbidden),
            (by(person(&house, &other, &[DirectoryRole::GlobalAdmin]), "new.com"), Reason::TenantNotFound),
            (by(nobody, "new.com"), Reason::TokenMissing),
        ] {
            let refused = domain_add(&ctx, db, tenant.id, name).await.unwrap_err();
            assert_eq!(refused.reason(), reason, "{name}: {refused:?}");
        }
        assert_eq!(shown(&house, &tenant).await, ["northwind.example.test idv", "northwind.com "]);
    });
}
