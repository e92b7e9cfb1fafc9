//! What applications may do in a tenant: by grants, at home, and where a partner manages them.

use crate::applications_house::{
    AS_USER, AZURE, CLERK, DIRECTORY_READ, GRAPH, OLD_GRAPH, USER_READ, member, names, reason, registered, settings,
    told, user_of,
};
use crate::house::{House, in_a_house};
use tenantry_core::{AppId, Caller, DirectoryRole, ObjectId, OpContext, Reason, Role, TenantId, TenantKind};
use tenantry_directory::{
    ApplicationChange, AssignmentsOf, Consent, ConsentBy, ConsentedBy, GivenTo, NewGrant, NewRelationship,
    RelationshipAction, ServicePrincipalChange, Tenant, app_role_assignment_create, app_role_assignment_delete,
    app_role_assignment_list, application_change, application_delete, consent_find, consent_give,
    consent_give_configured, contract_begin, customer_consent_give, customer_consent_remove, delegated_admin_remove,
    permission_grant_change, permission_grant_create, permission_grant_delete, permission_grant_list,
    relationship_approve, relationship_create, relationship_request, role_assign, service_principal_change,
    service_principal_find,
};
use uuid::Uuid;

async fn consent(house: &House, tenant: TenantId, app: AppId, user: Option<ObjectId>, api: AppId) -> Consent {
    consent_find(&house.ctx, &house.db, tenant, app, user, api).await.unwrap()
}

/// Scopes and permissions in one line: `User.Read | Directory.Read.All`.
async fn shown(house: &House, tenant: &Tenant, app: AppId, api: AppId) -> String {
    let Consent { scopes, app_permissions, .. } = consent(house, tenant.id, app, Some(CLERK), api).await;
    let join = |names: std::collections::BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(" ");
    format!("{} | {}", join(scopes), join(app_permissions))
}

async fn api_in(house: &House, tenant: &Tenant, api: AppId) -> ObjectId {
    service_principal_find(&house.ctx, &house.db, tenant.id, &api.to_string()).await.unwrap().id
}

const NOTHING: &str = " | ";
const ALL: &str = "Directory.AccessAsUser.All User.Read | Directory.Read.All";

#[test]
fn a_wish_is_no_right_until_somebody_consents() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Customer, "contoso").await.unwrap();
        let app = registered(&house, &contoso, settings("Panel")).await.app;
        assert_eq!(shown(&house, &contoso, app, GRAPH).await, NOTHING);
        consent_give_configured(&house.ctx, &house.db, contoso.id, app).await.unwrap();
        consent_give_configured(&house.ctx, &house.db, contoso.id, app).await.unwrap();
        assert_eq!(shown(&house, &contoso, app, GRAPH).await, ALL);
        assert_eq!(shown(&house, &contoso, app, OLD_GRAPH).await, NOTHING, "another API is another question");

        // What is wished for later is not granted by what was granted before.
        let wish = ApplicationChange { required_access: Some(Vec::new()), ..ApplicationChange::default() };
        application_change(&house.ctx, &house.db, contoso.id, &app.to_string(), wish).await.unwrap();
        assert_eq!(shown(&house, &contoso, app, GRAPH).await, ALL, "and what is granted stays granted");
    });
}

#[test]
fn users_consent_for_themselves_to_what_is_left_to_users() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Customer, "contoso").await.unwrap();
        let app = registered(&house, &contoso, settings("Panel")).await.app;
        let member = user_of(&house, &contoso, &[]);
        let admin = user_of(&house, &contoso, &[DirectoryRole::ApplicationAdmin]);
        let somebody = ObjectId::new(Uuid::from_u128(5));
        let nobody = OpContext { caller: Caller::Nobody, ..house.ctx.clone() };
        for (ctx, by, scope, expected) in [
            (&member, ConsentBy::User(CLERK), "User.Read", "ok"),
            (&member, ConsentBy::User(CLERK), "Directory.AccessAsUser.All", "Forbidden"),
            (&admin, ConsentBy::User(CLERK), "Directory.AccessAsUser.All", "Forbidden"),
            (&member, ConsentBy::User(somebody), "User.Read", "Forbidden"),
            (&member, ConsentBy::Admin, "User.Read", "Forbidden"),
            (&nobody, ConsentBy::User(CLERK), "User.Read", "Forbidden"),
            (&admin, ConsentBy::Admin, "Everything.All", "InvalidField"),
        ] {
            let given = consent_give(ctx, &house.db, contoso.id, app, by, GRAPH, &names(&[scope])).await;
            assert_eq!(told(given), expected, "{by:?} {scope}");
        }
        let mine = consent(&house, contoso.id, app, Some(CLERK), GRAPH).await;
        assert_eq!((mine.scopes, mine.by), (names(&["User.Read"]), [ConsentedBy::User].into()));
        assert!(consent(&house, contoso.id, app, Some(somebody), GRAPH).await.scopes.is_empty());

        let wide = names(&["Directory.AccessAsUser.All"]);
        consent_give(&admin, &house.db, contoso.id, app, ConsentBy::Admin, GRAPH, &wide).await.unwrap();
        assert_eq!(consent(&house, contoso.id, app, Some(somebody), GRAPH).await.scopes, wide, "for everybody");
        let mine = consent(&house, contoso.id, app, Some(CLERK), GRAPH).await;
        assert_eq!(mine.by, [ConsentedBy::Admin, ConsentedBy::User].into(), "consent adds up");
    });
}

#[test]
fn three_apis_are_open_to_a_tenants_own_applications() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let fabrikam = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        let shared = ApplicationChange { multi_tenant: Some(true), ..settings("Panel") };
        let app = registered(&house, &contoso, shared).await.app;
        member(&house, &contoso, app).await;
        member(&house, &fabrikam, app).await;
        for (api, at_home) in [
            (AZURE, "user_impersonation | "),
            (AppId::parse("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd").unwrap(), "user_impersonation | "),
            (AppId::parse("7e4a4719-0000-0000-c000-000000000000").unwrap(), "user_impersonation | "),
            (GRAPH, NOTHING),
            (AppId::new(Uuid::from_u128(9)), NOTHING),
        ] {
            assert_eq!(shown(&house, &contoso, app, api).await, at_home, "{api}");
            assert_eq!(shown(&house, &fabrikam, app, api).await, NOTHING, "{api} abroad");
        }
    });
}

#[test]
fn grants_are_rows_that_act_at_once() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Customer, "contoso").await.unwrap();
        let app = registered(&house, &contoso, settings("Panel")).await.app;
        let client = member(&house, &contoso, app).await;
        let resource = api_in(&house, &contoso, GRAPH).await;
        let new = |scopes: &[&str]| NewGrant { client, given_to: GivenTo::Everybody, resource, scopes: names(scopes) };
        let create = |new| permission_grant_create(&house.ctx, &house.db, contoso.id, new);
        let stranger = ObjectId::new(Uuid::from_u128(9));
        for (grant, expected) in [
            (NewGrant { client: stranger, ..new(&["User.Read"]) }, "ObjectNotFound"),
            (NewGrant { resource: stranger, ..new(&["User.Read"]) }, "ObjectNotFound"),
            (NewGrant { given_to: GivenTo::User(stranger), ..new(&["User.Read"]) }, "ObjectNotFound"),
            (new(&["Everything.All"]), "InvalidField"),
            (new(&["User.Read", "openid"]), "ok"),
            (new(&["User.Read"]), "AlreadyExists"),
        ] {
            assert_eq!(told(create(grant.clone()).await), expected, "{grant:?}");
        }
        let listed = permission_grant_list(&house.ctx, &house.db, contoso.id, Some(client), None, 10).await.unwrap();
        assert_eq!((listed.len(), listed[0].resource, listed[0].given_to.name()), (1, resource, "AllPrincipals"));
        assert_eq!(shown(&house, &contoso, app, GRAPH).await, "User.Read openid | ");

        let id = listed[0].id;
        permission_grant_change(&house.ctx, &house.db, contoso.id, id, names(&["email"])).await.unwrap();
        assert_eq!(shown(&house, &contoso, app, GRAPH).await, "email | ");
        let foreign = house.create(TenantKind::Customer, "fabrikam").await.unwrap().id;
        for (tenant, expected) in [(foreign, "ObjectNotFound"), (contoso.id, "ok"), (contoso.id, "ObjectNotFound")] {
            assert_eq!(told(permission_grant_delete(&house.ctx, &house.db, tenant, id).await), expected);
        }
        assert_eq!(shown(&house, &contoso, app, GRAPH).await, NOTHING);
    });
}

#[test]
fn permissions_of_an_application_are_given_by_those_who_make_administrators() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Customer, "contoso").await.unwrap();
        let app = registered(&house, &contoso, settings("Panel")).await.app;
        let client = member(&house, &contoso, app).await;
        let graph = api_in(&house, &contoso, GRAPH).await;
        let by = |role| user_of(&house, &contoso, &[role]);
        let application_admin = by(DirectoryRole::ApplicationAdmin);
        let global_admin = by(DirectoryRole::GlobalAdmin);
        for (ctx, role, expected) in [
            (&application_admin, DIRECTORY_READ, "Forbidden"),
            (&global_admin, Uuid::from_u128(9), "InvalidField"),
            (&global_admin, Uuid::nil(), "InvalidField"),
            (&global_admin, USER_READ, "InvalidField"),
            (&global_admin, DIRECTORY_READ, "ok"),
            (&global_admin, DIRECTORY_READ, "AlreadyExists"),
        ] {
            let given = app_role_assignment_create(ctx, &house.db, contoso.id, client, graph, role).await;
            assert_eq!(told(given), expected, "{role}");
        }
        let configured = consent_give_configured(&application_admin, &house.db, contoso.id, app).await;
        assert_eq!(told(configured), "Forbidden", "nor by another door");

        assert_eq!(shown(&house, &contoso, app, GRAPH).await, " | Directory.Read.All");
        let list = |of| app_role_assignment_list(&house.ctx, &house.db, contoso.id, of);
        let listed = list(AssignmentsOf::Principal(client)).await.unwrap();
        assert_eq!(list(AssignmentsOf::Resource(graph)).await.unwrap(), listed);
        app_role_assignment_delete(&house.ctx, &house.db, contoso.id, listed[0].id).await.unwrap();
        assert_eq!(shown(&house, &contoso, app, GRAPH).await, NOTHING);
    });
}

/// A partner with a multi-tenant application, and a customer.
async fn channel(house: &House) -> (Tenant, Tenant, AppId, ObjectId) {
    let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
    let customer = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
    let shared = ApplicationChange { multi_tenant: Some(true), ..settings("Panel") };
    let app = registered(house, &partner, shared).await.app;
    let principal = member(house, &partner, app).await;
    (partner, customer, app, principal)
}

async fn contract(house: &House, partner: &Tenant, customer: &Tenant) {
    let mut tx = house.begin().await;
    contract_begin(&house.ctx, &mut tx, partner.id, customer.id).await.unwrap();
    tx.commit().await.unwrap();
}

async fn agent(house: &House, partner: &Tenant, principal: ObjectId, is_one: bool) {
    if !is_one {
        return house.role_take(partner.id, principal, Role::AdminAgent).await;
    }
    let mut tx = house.begin().await;
    role_assign(&house.ctx, &mut tx, partner.id, principal, Role::AdminAgent).await.unwrap();
    tx.commit().await.unwrap();
}

async fn change(house: &House, partner: &Tenant, app: AppId, change: ApplicationChange) {
    application_change(&house.ctx, &house.db, partner.id, &app.to_string(), change).await.unwrap();
}

#[test]
fn a_partners_application_is_consented_at_its_customers_while_the_partner_manages_it() {
    in_a_house(|house| async move {
        let (partner, customer, app, principal) = channel(&house).await;
        let stranger = house.create(TenantKind::Customer, "northwind").await.unwrap();
        contract(&house, &partner, &customer).await;
        let at_customer = || shown(&house, &customer, app, GRAPH);
        let flag =
            |on| ApplicationChange { silent_consent_for_partner_managed_app: Some(on), ..ApplicationChange::default() };
        let shared = |on| ApplicationChange { multi_tenant: Some(on), ..ApplicationChange::default() };

        assert_eq!(at_customer().await, NOTHING, "an application like any other");
        agent(&house, &partner, principal, true).await;
        assert_eq!(at_customer().await, ALL, "its service principal is in AdminAgents");
        let found = consent(&house, customer.id, app, None, GRAPH).await;
        assert_eq!((found.by, found.principal), ([ConsentedBy::PartnerManaged(partner.id)].into(), None));
        assert_eq!(shown(&house, &stranger, app, GRAPH).await, NOTHING, "not a customer of the partner");
        assert_eq!(shown(&house, &partner, app, GRAPH).await, NOTHING, "at home somebody must consent");
        assert_eq!(shown(&house, &customer, app, AZURE).await, NOTHING, "not configured");

        agent(&house, &partner, principal, false).await;
        assert_eq!(at_customer().await, NOTHING);
        change(&house, &partner, app, flag(true)).await;
        assert_eq!(at_customer().await, ALL, "the older flag");
        change(&house, &partner, app, shared(false)).await;
        assert_eq!(at_customer().await, NOTHING, "of one tenant only");
        change(&house, &partner, app, shared(true)).await;

        delegated_admin_remove(&house.ctx, &house.db, partner.id, customer.id).await.unwrap();
        assert_eq!(at_customer().await, NOTHING, "without a relationship");
        contract(&house, &partner, &customer).await;
        assert_eq!(at_customer().await, ALL);
        application_delete(&house.ctx, &house.db, partner.id, &app.to_string()).await.unwrap();
        assert_eq!(at_customer().await, NOTHING, "deleted at home");
    });
}

#[test]
fn the_customer_can_keep_a_managed_application_out() {
    in_a_house(|house| async move {
        let (partner, customer, app, principal) = channel(&house).await;
        contract(&house, &partner, &customer).await;
        agent(&house, &partner, principal, true).await;
        member(&house, &customer, app).await;
        for (enabled, expected) in [(false, NOTHING), (true, ALL)] {
            let change = ServicePrincipalChange { enabled: Some(enabled), ..ServicePrincipalChange::default() };
            service_principal_change(&house.ctx, &house.db, customer.id, &app.to_string(), change).await.unwrap();
            assert_eq!(shown(&house, &customer, app, GRAPH).await, expected);
        }
    });
}

#[test]
fn a_granular_relationship_consents_for_users_and_not_for_the_application_itself() {
    in_a_house(|house| async move {
        let (partner, customer, app, principal) = channel(&house).await;
        agent(&house, &partner, principal, true).await;
        let new = NewRelationship {
            display_name: "Support".to_owned(),
            customer: Some(customer.id),
            duration: "P30D".to_owned(),
            auto_extend: None,
            roles: vec![DirectoryRole::HelpdeskAdmin.template()],
        };
        let made = relationship_create(&house.ctx, &house.db, partner.id, new).await.unwrap();
        let lock = RelationshipAction::LockForApproval;
        relationship_request(&house.ctx, &house.db, partner.id, &made.id, lock).await.unwrap();
        assert_eq!(shown(&house, &customer, app, GRAPH).await, NOTHING, "not approved yet");
        relationship_approve(&house.ctx, &house.db, customer.id, &made.id).await.unwrap();
        assert_eq!(shown(&house, &customer, app, GRAPH).await, "Directory.AccessAsUser.All User.Read | ");

        contract(&house, &partner, &customer).await;
        assert_eq!(shown(&house, &customer, app, GRAPH).await, ALL, "rights add up");
        delegated_admin_remove(&house.ctx, &house.db, partner.id, customer.id).await.unwrap();
        house.advance("2026-02-09T16:00:00Z");
        assert_eq!(shown(&house, &customer, app, GRAPH).await, NOTHING, "after thirty days");
    });
}

#[test]
fn configuring_a_managed_application_is_consenting() {
    in_a_house(|house| async move {
        let (partner, _, app, principal) = channel(&house).await;
        let admin = user_of(&house, &partner, &[DirectoryRole::ApplicationAdmin]);
        let wish = |role| ApplicationChange {
            required_access: Some(vec![tenantry_directory::RequiredAccess {
                api: GRAPH,
                access: vec![(role, tenantry_directory::AccessKind::Role)],
            }]),
            ..ApplicationChange::default()
        };
        let flag =
            ApplicationChange { silent_consent_for_partner_managed_app: Some(true), ..ApplicationChange::default() };
        let by_admin = |change| {
            let (house, admin, id) = (&house, &admin, app.to_string());
            async move { told(application_change(admin, &house.db, partner.id, &id, change).await) }
        };
        assert_eq!(by_admin(wish(DIRECTORY_READ)).await, "ok", "a wish");
        assert_eq!(by_admin(flag).await, "Forbidden");
        agent(&house, &partner, principal, true).await;
        assert_eq!(by_admin(wish(AS_USER)).await, "Forbidden", "a right in the tenants of customers");
        let name = ApplicationChange { name: Some("Other".to_owned()), ..ApplicationChange::default() };
        assert_eq!(by_admin(name).await, "ok");
    });
}

#[test]
fn a_partner_consents_for_a_customer_where_it_could_itself() {
    in_a_house(|house| async move {
        let (partner, customer, app, _) = channel(&house).await;
        let unknown = ApplicationChange { multi_tenant: Some(true), ..settings("Other") };
        let unknown = registered(&house, &partner, unknown).await.app;
        let grants = [(GRAPH, names(&["User.Read", "Directory.AccessAsUser.All"]))];
        let agent_of = |roles: &[Role]| {
            let mut ctx = user_of(&house, &partner, &[]);
            if let Caller::SignedIn(identity) = &mut ctx.caller {
                identity.roles = roles.iter().copied().collect();
                identity.rights.insert("user_impersonation".to_owned());
            }
            ctx
        };
        let pair = (partner.id, customer.id);
        let (admin, helpdesk) = (agent_of(&[Role::AdminAgent]), agent_of(&[Role::HelpdeskAgent]));
        let give = |ctx: OpContext, app| {
            let (house, grants) = (&house, &grants);
            async move { told(customer_consent_give(&ctx, &house.db, pair, app, grants).await) }
        };
        assert_eq!(give(admin.clone(), app).await, "CustomerNotFound", "no relationship");
        contract(&house, &partner, &customer).await;
        assert_eq!(give(helpdesk, app).await, "Forbidden");
        let provider = house.create(TenantKind::Provider, "root").await.unwrap();
        let person = user_of(&house, &provider, &[DirectoryRole::ApplicationAdmin]);
        assert_eq!(give(person, app).await, "Forbidden", "works for the provider, and is not it");
        assert_eq!(give(admin.clone(), unknown).await, "ApplicationNotFound", "not one the partner uses");
        assert_eq!(give(admin.clone(), app).await, "ok");
        assert_eq!(shown(&house, &customer, app, GRAPH).await, "Directory.AccessAsUser.All User.Read | ");
        let found = consent(&house, customer.id, app, None, GRAPH).await;
        assert_eq!(found.by, [ConsentedBy::Admin].into());

        customer_consent_remove(&admin, &house.db, pair, app).await.unwrap();
        assert_eq!(shown(&house, &customer, app, GRAPH).await, NOTHING);
        let again = customer_consent_remove(&admin, &house.db, pair, app).await;
        assert_eq!(reason(again), Some(Reason::ApplicationNotFound));
    });
}

/// What a party of the channel gets with its first application.
#[test]
fn a_registered_application_is_granted_no_more_at_home_than_its_roles_say() {
    in_a_house(|house| async move {
        let partner = house.create(TenantKind::Partner, "contoso").await.unwrap();
        let customer = house.create(TenantKind::Customer, "fabrikam").await.unwrap();
        contract(&house, &partner, &customer).await;
        let users = "Directory.AccessAsUser.All Directory.Read.All User.Read";
        let all = "Directory.Read.All Directory.ReadWrite.All Domain.ReadWrite.All Group.ReadWrite.All \
                   User.ReadWrite.All";
        for (roles, at_home, at_customer) in [
            (&[][..], "Directory.Read.All", NOTHING.to_owned()),
            (&[Role::SalesAgent], "Directory.Read.All", NOTHING.to_owned()),
            (&[Role::AdminAgent], "Directory.Read.All", format!("{users} | {all}")),
            (&[Role::GlobalAdmin], all, NOTHING.to_owned()),
        ] {
            let app = house.app(&partner, roles).await.made.app;
            assert_eq!(shown(&house, &partner, app, GRAPH).await, format!("{users} | {at_home}"), "{roles:?}");
            assert_eq!(shown(&house, &customer, app, GRAPH).await, at_customer, "{roles:?}");
        }
    });
}

#[test]
fn an_api_of_ones_own_is_consented_to_like_any_other_and_may_require_a_role() {
    in_a_house(|house| async move {
        let contoso = house.create(TenantKind::Customer, "contoso").await.unwrap();
        let (scope, role) = (Uuid::from_u128(21), Uuid::from_u128(22));
        let offered = ApplicationChange {
            scopes: Some(vec![serde_json::from_str(&format!(r#"{{"id":"{scope}","value":"Orders.Read"}}"#)).unwrap()]),
            app_roles: Some(vec![
                serde_json::from_str(&format!(
                    r#"{{"id":"{role}","value":"Orders.Write","allowedMemberTypes":["Application"]}}"#
                ))
                .unwrap(),
            ]),
            ..settings("Orders")
        };
        let api = registered(&house, &contoso, offered).await.app;
        let app = registered(&house, &contoso, settings("Panel")).await.app;
        let client = member(&house, &contoso, app).await;
        assert_eq!(shown(&house, &contoso, app, api).await, NOTHING, "the API is no member yet");
        let resource = member(&house, &contoso, api).await;
        let wanted = names(&["Orders.Read"]);
        consent_give(&house.ctx, &house.db, contoso.id, app, ConsentBy::Admin, api, &wanted).await.unwrap();
        assert_eq!(shown(&house, &contoso, app, api).await, "Orders.Read | ");

        let required = ServicePrincipalChange { assignment_required: Some(true), ..ServicePrincipalChange::default() };
        service_principal_change(&house.ctx, &house.db, contoso.id, &api.to_string(), required).await.unwrap();
        assert_eq!(shown(&house, &contoso, app, api).await, NOTHING, "the user has no role of it");
        app_role_assignment_create(&house.ctx, &house.db, contoso.id, client, resource, role).await.unwrap();
        let itself = consent(&house, contoso.id, app, None, api).await;
        assert_eq!(itself.app_permissions, names(&["Orders.Write"]));
    });
}
