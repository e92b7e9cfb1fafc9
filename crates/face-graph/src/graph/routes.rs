//! The whole API on one page. `/beta` is served as `/v1.0`. A `{user}` is an object id, a user principal name, or `me`
//! (which is also written `/me/..`); keys may stand in parentheses (`users('..')`), and some have a name
//! (`directoryRoles(roleTemplateId='..')`).
//!
//! Writes that come again under the same request id get the first answer; with another body they count as another
//! request.

use super::{
    app_roles, applications, batch, deleted, domains, gdap, grants, groups, licences, members, objects, organization,
    roles, service_principals, users, wire,
};
use tenantry_http::{Call, Replay, Route, StatusCode};

const DONE: StatusCode = StatusCode::NO_CONTENT;
const MADE: StatusCode = StatusCode::CREATED;

/// All routes, in the order of the documentation.
pub(super) fn all() -> Vec<Route> {
    let batch = Route::post("/v1.0/$batch", "batch.post", "Several operations in one request", batch::handle);
    let routes = served().into_iter().chain([batch]);
    routes.map(|route| marked(route.replay(Replay::OtherBodyApart))).collect()
}

/// The same route, with the heads that every answer of this API has.
pub(super) fn marked(mut route: Route) -> Route {
    let act = route.handler;
    route.handler = std::sync::Arc::new(move |call: Call| {
        let act = std::sync::Arc::clone(&act);
        Box::pin(async move {
            let meta = call.meta.clone();
            Ok(wire::marked(act(call).await?, &meta))
        })
    });
    route
}

/// All but `$batch`, which calls these.
pub(super) fn served() -> Vec<Route> {
    let routes = [
        people(),
        person(),
        group_things(),
        role_things(),
        organizations(),
        domain_names(),
        any_objects(),
        apps(),
        principals(),
        relationships(),
        relationship_parts(),
    ];
    routes.into_iter().flatten().collect()
}

fn people() -> Vec<Route> {
    const USER: &str = "/v1.0/users/{user}";
    const MANAGER: &str = "/v1.0/users/{user}/manager/$ref";
    vec![
        Route::get("/v1.0/users", "users.list", "Users", users::list),
        Route::post("/v1.0/users", "users.create", "Create a user", users::create).answers(MADE),
        Route::get(USER, "users.get", "A user", users::get),
        Route::patch(USER, "users.change", "Change a user", users::change).answers(DONE),
        Route::delete(USER, "users.delete", "Delete a user; it can be restored for 30 days", users::delete)
            .answers(DONE),
        Route::get("/v1.0/users/{user}/manager", "users.manager.get", "The manager of a user", users::manager),
        Route::put(MANAGER, "users.manager.change", "Name the manager of a user", users::manager_put).answers(DONE),
        Route::delete(MANAGER, "users.manager.delete", "Name no manager", users::manager_remove).answers(DONE),
        Route::get("/v1.0/users/{user}/directReports", "users.reports", "Whose manager a user is", users::reports),
        Route::post(
            "/v1.0/users/{user}/changePassword",
            "users.change-password",
            "Change one's own password",
            users::change_password,
        )
        .answers(DONE),
        Route::post(
            "/v1.0/users/{user}/revokeSignInSessions",
            "users.revoke-sessions",
            "End all a user is signed in to",
            users::revoke_sessions,
        ),
    ]
}

fn person() -> Vec<Route> {
    vec![
        Route::get("/v1.0/users/{user}/memberOf", "users.member-of", "Groups and roles of a user", members::direct),
        Route::get(
            "/v1.0/users/{user}/transitiveMemberOf",
            "users.transitive-member-of",
            "Groups of a user, also through groups, and roles",
            members::transitive,
        ),
        Route::post(
            "/v1.0/users/{user}/getMemberGroups",
            "users.member-groups",
            "Ids of a user's groups, also through groups",
            members::groups,
        ),
        Route::post(
            "/v1.0/users/{user}/getMemberObjects",
            "users.member-objects",
            "Ids of a user's groups, also through groups, and roles",
            members::objects,
        ),
        Route::post(
            "/v1.0/users/{user}/checkMemberGroups",
            "users.check-groups",
            "Which of some groups a user is in",
            members::check,
        ),
        Route::get(
            "/v1.0/users/{user}/licenseDetails",
            "users.license-details",
            "Licences of a user, with their plans",
            licences::details,
        ),
        Route::post(
            "/v1.0/users/{user}/assignLicense",
            "users.assign-license",
            "Give a user licences, or take them away",
            licences::assign,
        ),
        Route::get(
            "/v1.0/users/{user}/appRoleAssignments",
            "users.app-roles.list",
            "Application roles of a user",
            app_roles::of_principal,
        ),
        Route::post(
            "/v1.0/users/{user}/appRoleAssignments",
            "users.app-roles.create",
            "Give a user an application role",
            app_roles::create,
        )
        .answers(MADE),
        Route::delete(
            "/v1.0/users/{user}/appRoleAssignments/{assignment}",
            "users.app-roles.delete",
            "Take an application role away",
            app_roles::delete,
        )
        .answers(DONE),
    ]
}

fn group_things() -> Vec<Route> {
    const GROUP: &str = "/v1.0/groups/{group}";
    vec![
        Route::get("/v1.0/groups", "groups.list", "Groups", groups::list),
        Route::post("/v1.0/groups", "groups.create", "Create a group", groups::create).answers(MADE),
        Route::get(GROUP, "groups.get", "A group", groups::get),
        Route::patch(GROUP, "groups.change", "Change a group, or add members", groups::change).answers(DONE),
        Route::delete(GROUP, "groups.delete", "Delete a group", groups::delete).answers(DONE),
        Route::get("/v1.0/groups/{group}/members", "groups.members.list", "Members of a group", groups::members),
        Route::post("/v1.0/groups/{group}/members/$ref", "groups.members.add", "Add a member", groups::member_add)
            .answers(DONE),
        Route::delete(
            "/v1.0/groups/{group}/members/{member}/$ref",
            "groups.members.remove",
            "Take a member out of a group",
            groups::member_remove,
        )
        .answers(DONE),
        Route::get("/v1.0/groups/{group}/owners", "groups.owners.list", "Owners of a group", groups::owners),
        Route::post(
            "/v1.0/groups/{group}/owners/$ref",
            "groups.owners.add",
            "Make somebody an owner",
            groups::owner_add,
        )
        .answers(DONE),
        Route::delete(
            "/v1.0/groups/{group}/owners/{owner}/$ref",
            "groups.owners.remove",
            "Take an owner off a group",
            groups::owner_remove,
        )
        .answers(DONE),
        Route::get("/v1.0/groups/{object}/memberOf", "groups.member-of", "Groups of a group", members::direct),
        Route::post(
            "/v1.0/groups/{object}/getMemberGroups",
            "groups.member-groups",
            "Ids of a group's groups, also through groups",
            members::groups,
        ),
        Route::post(
            "/v1.0/groups/{group}/assignLicense",
            "groups.assign-license",
            "Give the members of a group licences, or take them away",
            licences::assign_to_group,
        )
        .answers(StatusCode::ACCEPTED),
    ]
}

fn role_things() -> Vec<Route> {
    const ROLE_MEMBERS: &str = "/v1.0/directoryRoles/{role}/members";
    vec![
        Route::get("/v1.0/directoryRoles", "directory-roles.list", "Activated directory roles", roles::list),
        Route::post("/v1.0/directoryRoles", "directory-roles.create", "Activate a directory role", roles::activate)
            .answers(MADE),
        Route::get("/v1.0/directoryRoles/{role}", "directory-roles.get", "A directory role", roles::get),
        Route::get(ROLE_MEMBERS, "directory-roles.members.list", "Who holds a directory role", roles::members),
        Route::post(
            "/v1.0/directoryRoles/{role}/members/$ref",
            "directory-roles.members.add",
            "Give a directory role",
            roles::member_add,
        )
        .answers(DONE),
        Route::delete(
            "/v1.0/directoryRoles/{role}/members/{member}/$ref",
            "directory-roles.members.remove",
            "Take a directory role away",
            roles::member_remove,
        )
        .answers(DONE),
        Route::get(
            "/v1.0/directoryRoleTemplates",
            "directory-role-templates.list",
            "Directory roles that can be activated",
            roles::templates,
        ),
        Route::get(
            "/v1.0/directoryRoleTemplates/{template}",
            "directory-role-templates.get",
            "A directory role that can be activated",
            roles::template,
        ),
        Route::get(
            "/v1.0/roleManagement/directory/roleDefinitions",
            "role-definitions.list",
            "Directory roles as role management shows them",
            roles::definitions,
        ),
        Route::get(
            "/v1.0/roleManagement/directory/roleDefinitions/{template}",
            "role-definitions.get",
            "A directory role as role management shows it",
            roles::definition,
        ),
    ]
}

fn organizations() -> Vec<Route> {
    const ORGANIZATION: &str = "/v1.0/organization/{id}";
    vec![
        Route::get("/v1.0/subscribedSkus", "subscribed-skus.list", "Licences the tenant owns", licences::list),
        Route::get("/v1.0/subscribedSkus/{sku}", "subscribed-skus.get", "Licences of a product", licences::get),
        Route::get("/v1.0/organization", "organization.list", "The organisation", organization::list),
        Route::get(ORGANIZATION, "organization.get", "The organisation, by its id", organization::get),
        Route::patch(ORGANIZATION, "organization.change", "Change the organisation", organization::change)
            .answers(DONE),
        Route::get("/v1.0/contracts", "contracts.list", "Customers of the partner", organization::contracts),
        Route::get("/v1.0/contracts/{contract}", "contracts.get", "A contract with a customer", organization::contract),
        Route::get(
            "/v1.0/tenantRelationships/findTenantInformationByTenantId/{key}",
            "tenant-information.by-id",
            "Name and domain of any tenant",
            organization::information_by_id,
        ),
        Route::get(
            "/v1.0/tenantRelationships/findTenantInformationByDomainName/{key}",
            "tenant-information.by-domain",
            "Name and id of the tenant of a domain",
            organization::information_by_domain,
        ),
    ]
}

fn domain_names() -> Vec<Route> {
    const DOMAIN: &str = "/v1.0/domains/{domain}";
    vec![
        Route::get("/v1.0/domains", "domains.list", "Domains", domains::list),
        Route::post("/v1.0/domains", "domains.create", "Add a domain", domains::create).answers(MADE),
        Route::get(DOMAIN, "domains.get", "A domain", domains::get),
        Route::patch(DOMAIN, "domains.change", "Make a domain the default", domains::change).answers(DONE),
        Route::delete(DOMAIN, "domains.delete", "Remove a domain", domains::delete).answers(DONE),
        Route::get(
            "/v1.0/domains/{domain}/verificationDnsRecords",
            "domains.verification-records",
            "The records that prove a domain",
            domains::verification_records,
        ),
        Route::get(
            "/v1.0/domains/{domain}/serviceConfigurationRecords",
            "domains.service-records",
            "The records a domain's services need",
            domains::service_records,
        ),
        Route::post("/v1.0/domains/{domain}/verify", "domains.verify", "Verify a domain", domains::verify),
    ]
}

fn any_objects() -> Vec<Route> {
    const OBJECT: &str = "/v1.0/directoryObjects/{object}";
    const DELETED: &str = "/v1.0/directory/deletedItems/{object}";
    vec![
        Route::get(OBJECT, "directory-objects.get", "Any object", objects::get),
        Route::delete(OBJECT, "directory-objects.delete", "Delete any object", objects::delete).answers(DONE),
        Route::post(
            "/v1.0/directoryObjects/getByIds",
            "directory-objects.by-ids",
            "Objects of some ids",
            objects::by_ids,
        ),
        Route::get(
            "/v1.0/directory/deletedItems/microsoft.graph.{type}",
            "deleted-items.list",
            "Deleted users or applications",
            deleted::list,
        ),
        Route::get(DELETED, "deleted-items.get", "A deleted user or application", deleted::get),
        Route::delete(DELETED, "deleted-items.delete", "Erase what was deleted", deleted::erase).answers(DONE),
        Route::post(
            "/v1.0/directory/deletedItems/{object}/restore",
            "deleted-items.restore",
            "Restore what was deleted",
            deleted::restore,
        ),
    ]
}

fn apps() -> Vec<Route> {
    const APP: &str = "/v1.0/applications/{application}";
    vec![
        Route::get("/v1.0/applications", "applications.list", "Applications", applications::list),
        Route::post("/v1.0/applications", "applications.create", "Register an application", applications::create)
            .answers(MADE),
        Route::get(APP, "applications.get", "An application", applications::get),
        Route::patch(APP, "applications.change", "Change an application", applications::change).answers(DONE),
        Route::delete(APP, "applications.delete", "Delete an application", applications::delete).answers(DONE),
        Route::post(
            "/v1.0/applications/{application}/addPassword",
            "applications.add-password",
            "Add a secret; its text is told once",
            applications::add_password,
        ),
        Route::post(
            "/v1.0/applications/{application}/removePassword",
            "applications.remove-password",
            "Remove a secret",
            applications::remove_password,
        )
        .answers(DONE),
        Route::get(
            "/v1.0/applications/{application}/owners",
            "applications.owners.list",
            "Who answers for an application",
            applications::owners,
        ),
    ]
}

fn principals() -> Vec<Route> {
    const PRINCIPAL: &str = "/v1.0/servicePrincipals/{principal}";
    const ROLES: &str = "/v1.0/servicePrincipals/{principal}/appRoleAssignments";
    const GIVEN: &str = "/v1.0/servicePrincipals/{principal}/appRoleAssignedTo";
    const GRANT: &str = "/v1.0/oauth2PermissionGrants/{grant}";
    vec![
        Route::get(
            "/v1.0/servicePrincipals",
            "service-principals.list",
            "Service principals",
            service_principals::list,
        ),
        Route::post(
            "/v1.0/servicePrincipals",
            "service-principals.create",
            "Make an application a member of the tenant",
            service_principals::create,
        )
        .answers(MADE),
        Route::get(PRINCIPAL, "service-principals.get", "A service principal", service_principals::get),
        Route::patch(PRINCIPAL, "service-principals.change", "Change a service principal", service_principals::change)
            .answers(DONE),
        Route::delete(PRINCIPAL, "service-principals.delete", "Remove a service principal", service_principals::delete)
            .answers(DONE),
        Route::get(
            "/v1.0/servicePrincipals/{object}/memberOf",
            "service-principals.member-of",
            "Groups and roles of a service principal",
            members::direct,
        ),
        Route::get(
            "/v1.0/servicePrincipals/{principal}/owners",
            "service-principals.owners.list",
            "Who answers for a service principal",
            service_principals::owners,
        ),
        Route::get(
            ROLES,
            "service-principals.app-roles.list",
            "Roles a service principal has",
            app_roles::of_principal,
        ),
        Route::post(ROLES, "service-principals.app-roles.create", "Give it an application role", app_roles::create)
            .answers(MADE),
        Route::delete(
            "/v1.0/servicePrincipals/{principal}/appRoleAssignments/{assignment}",
            "service-principals.app-roles.delete",
            "Take an application role away",
            app_roles::delete,
        )
        .answers(DONE),
        Route::get(GIVEN, "service-principals.app-roles-given.list", "Who has roles of it", app_roles::of_resource),
        Route::post(GIVEN, "service-principals.app-roles-given.create", "Give a role of it", app_roles::create)
            .answers(MADE),
        Route::delete(
            "/v1.0/servicePrincipals/{principal}/appRoleAssignedTo/{assignment}",
            "service-principals.app-roles-given.delete",
            "Take a role of it away",
            app_roles::delete,
        )
        .answers(DONE),
        Route::get("/v1.0/oauth2PermissionGrants", "permission-grants.list", "Delegated consent", grants::list),
        Route::post("/v1.0/oauth2PermissionGrants", "permission-grants.create", "Consent", grants::create)
            .answers(MADE),
        Route::get(GRANT, "permission-grants.get", "A consent", grants::get),
        Route::patch(GRANT, "permission-grants.change", "Change a consent", grants::change).answers(DONE),
        Route::delete(GRANT, "permission-grants.delete", "Take a consent back", grants::delete).answers(DONE),
    ]
}

fn relationships() -> Vec<Route> {
    const ALL: &str = "/v1.0/tenantRelationships/delegatedAdminRelationships";
    const ONE: &str = "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}";
    const REQUESTS: &str = "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests";
    vec![
        Route::get(ALL, "relationships.list", "Granular relationships", gdap::list),
        Route::post(ALL, "relationships.create", "Write a granular relationship", gdap::create).answers(MADE),
        Route::get(ONE, "relationships.get", "A granular relationship", gdap::get),
        Route::patch(ONE, "relationships.change", "Change one that is not locked yet", gdap::change),
        Route::delete(ONE, "relationships.delete", "Delete one that is not locked yet", gdap::delete).answers(DONE),
        Route::get(REQUESTS, "relationships.requests.list", "What was asked of a relationship", gdap::requests),
        Route::post(REQUESTS, "relationships.requests.create", "Lock, approve, reject or end it", gdap::request_create)
            .answers(MADE),
        Route::get(
            "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/requests/{request}",
            "relationships.requests.get",
            "A request of a relationship",
            gdap::request,
        ),
        Route::get(
            "/v1.0/tenantRelationships/delegatedAdminCustomers",
            "delegated-customers.list",
            "Customers with granular relationships",
            gdap::customers,
        ),
        Route::get(
            "/v1.0/tenantRelationships/delegatedAdminCustomers/{customer}",
            "delegated-customers.get",
            "A customer with granular relationships",
            gdap::customer_get,
        ),
        Route::get(
            "/v1.0/tenantRelationships/delegatedAdminCustomers/{customer}/serviceManagementDetails",
            "delegated-customers.services",
            "Where services of a customer are administered",
            gdap::service_details,
        ),
    ]
}

fn relationship_parts() -> Vec<Route> {
    const ACCESS: &str = "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments";
    const ONE: &str =
        "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/accessAssignments/{assignment}";
    vec![
        Route::get(ACCESS, "relationships.access.list", "Which groups hold roles of a relationship", gdap::assignments),
        Route::post(ACCESS, "relationships.access.create", "Give roles to a group", gdap::assignment_create)
            .answers(MADE),
        Route::get(ONE, "relationships.access.get", "Which roles a group holds", gdap::assignment),
        Route::patch(ONE, "relationships.access.change", "Give a group other roles", gdap::assignment_change)
            .answers(StatusCode::ACCEPTED),
        Route::delete(ONE, "relationships.access.delete", "Take the roles away", gdap::assignment_delete).answers(DONE),
        Route::get(
            "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/operations",
            "relationships.operations.list",
            "Changes of access assignments",
            gdap::operations,
        ),
        Route::get(
            "/v1.0/tenantRelationships/delegatedAdminRelationships/{relationship}/operations/{operation}",
            "relationships.operations.get",
            "A change of an access assignment",
            gdap::operation,
        ),
    ]
}
