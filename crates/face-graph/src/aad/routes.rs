//! The whole API on one page. `{tenant}` is the token's own tenant by id, domain or the word `myorganization`; a
//! `{user}` is an object id, a user principal name, or `me`.
//!
//! Writes that come again under the same request id get the first answer; with another body they count as another
//! request.

use super::{
    applications, batch, contracts, credentials, deleted, domains, grants, groups, licences, members, metadata,
    objects, organization, roles, service_principals, users, version,
};
use tenantry_http::{Replay, Route, StatusCode};

const DONE: StatusCode = StatusCode::NO_CONTENT;
const MADE: StatusCode = StatusCode::CREATED;

/// All routes, in the order of the documentation.
pub(super) fn all() -> Vec<Route> {
    let routes = served().into_iter().chain([Route::post(
        "/{tenant}/$batch",
        "batch.post",
        "Several operations in one request (multipart/mixed)",
        batch::handle,
    )]);
    routes.map(|route| version::checked(route.replay(Replay::OtherBodyApart))).collect()
}

/// All but `$batch`, which calls these.
pub(super) fn served() -> Vec<Route> {
    let routes = [
        people(),
        person(),
        group_things(),
        role_things(),
        organizations(),
        apps(),
        app_credentials(),
        principals(),
        domain_names(),
        any_objects(),
    ];
    routes.into_iter().flatten().collect()
}

fn people() -> Vec<Route> {
    const USER: &str = "/{tenant}/users/{user}";
    const DELETED: &str = "/{tenant}/deletedUsers/{user}";
    vec![
        Route::get("/{tenant}/users", "users.list", "Users", users::list),
        Route::post("/{tenant}/users", "users.create", "Create a user", users::create).answers(MADE),
        Route::get(USER, "users.get", "A user", users::get),
        Route::patch(USER, "users.change", "Change a user", users::change).answers(DONE),
        Route::delete(USER, "users.delete", "Delete a user; it can be restored for 30 days", users::delete)
            .answers(DONE),
        Route::get("/{tenant}/deletedUsers", "deleted-users.list", "Deleted users", deleted::users),
        Route::get(DELETED, "deleted-users.get", "A deleted user", deleted::user),
        Route::delete(DELETED, "deleted-users.delete", "Erase a deleted user", deleted::user_erased).answers(DONE),
        Route::post(
            "/{tenant}/deletedUsers/{user}/restore",
            "deleted-users.restore",
            "Restore a deleted user",
            deleted::user_restored,
        ),
    ]
}

fn person() -> Vec<Route> {
    const MANAGER: &str = "/{tenant}/users/{user}/$links/manager";
    vec![
        Route::get(
            "/{tenant}/users/{user}/memberOf",
            "users.member-of",
            "Groups and roles of a user",
            members::of_user,
        ),
        Route::get("/{tenant}/users/{user}/manager", "users.manager.get", "The manager of a user", users::manager),
        Route::get(MANAGER, "users.manager.link", "The link to the manager of a user", users::manager_link),
        Route::put(MANAGER, "users.manager.change", "Name the manager of a user", users::manager_put).answers(DONE),
        Route::delete(MANAGER, "users.manager.delete", "Name no manager", users::manager_remove).answers(DONE),
        Route::get("/{tenant}/users/{user}/directReports", "users.reports", "Whose manager a user is", users::reports),
        Route::get(
            "/{tenant}/users/{user}/appRoleAssignments",
            "users.app-roles",
            "Application roles of a user",
            grants::roles_of_user,
        ),
        Route::get(
            "/{tenant}/users/{user}/ownedObjects",
            "users.owned-objects",
            "Applications and groups a user answers for",
            members::owned,
        ),
        Route::post(
            "/{tenant}/users/{user}/assignLicense",
            "users.assign-license",
            "Give a user licences, or take them away",
            licences::assign,
        ),
        Route::post(
            "/{tenant}/users/{user}/getMemberGroups",
            "users.member-groups",
            "Groups of a user, also through groups",
            members::groups,
        ),
        Route::post(
            "/{tenant}/users/{user}/getMemberObjects",
            "users.member-objects",
            "Groups, also through groups, and roles of a user",
            members::objects,
        ),
        Route::post(
            "/{tenant}/users/{user}/checkMemberGroups",
            "users.check-groups",
            "Which of some groups a user is in",
            members::check,
        ),
        Route::post(
            "/{tenant}/users/{user}/invalidateAllRefreshTokens",
            "users.invalidate-tokens",
            "End all a user is signed in to",
            users::invalidate_tokens,
        )
        .answers(DONE),
        Route::post(
            "/{tenant}/users/{user}/changePassword",
            "users.change-password",
            "Change one's own password",
            users::change_password,
        )
        .answers(DONE),
    ]
}

fn group_things() -> Vec<Route> {
    const GROUP: &str = "/{tenant}/groups/{group}";
    const MEMBERS: &str = "/{tenant}/groups/{group}/$links/members";
    const OWNERS: &str = "/{tenant}/groups/{group}/$links/owners";
    vec![
        Route::get("/{tenant}/groups", "groups.list", "Groups", groups::list),
        Route::post("/{tenant}/groups", "groups.create", "Create a group", groups::create).answers(MADE),
        Route::get(GROUP, "groups.get", "A group", groups::get),
        Route::patch(GROUP, "groups.change", "Change a group", groups::change).answers(DONE),
        Route::delete(GROUP, "groups.delete", "Delete a group", groups::delete).answers(DONE),
        Route::get("/{tenant}/groups/{group}/members", "groups.members.list", "Members of a group", groups::members),
        Route::get(MEMBERS, "groups.members.links", "Links to the members of a group", groups::member_links),
        Route::post(MEMBERS, "groups.members.add", "Add a member to a group", groups::member_add).answers(DONE),
        Route::delete(
            "/{tenant}/groups/{group}/$links/members/{member}",
            "groups.members.remove",
            "Take a member out of a group",
            groups::member_remove,
        )
        .answers(DONE),
        Route::get("/{tenant}/groups/{group}/owners", "groups.owners.list", "Owners of a group", groups::owners),
        Route::get(OWNERS, "groups.owners.links", "Links to the owners of a group", groups::owner_links),
        Route::post(OWNERS, "groups.owners.add", "Make somebody an owner of a group", groups::owner_add).answers(DONE),
        Route::delete(
            "/{tenant}/groups/{group}/$links/owners/{owner}",
            "groups.owners.remove",
            "Take an owner off a group",
            groups::owner_remove,
        )
        .answers(DONE),
        Route::get("/{tenant}/groups/{object}/memberOf", "groups.member-of", "Groups of a group", members::of_object),
        Route::post(
            "/{tenant}/groups/{object}/getMemberGroups",
            "groups.member-groups",
            "Groups of a group, also through groups",
            members::groups,
        ),
        Route::post("/{tenant}/isMemberOf", "groups.is-member", "Whether somebody is in a group", members::is_member),
    ]
}

fn role_things() -> Vec<Route> {
    const ROLE_MEMBERS: &str = "/{tenant}/directoryRoles/{role}/$links/members";
    vec![
        Route::get("/{tenant}/directoryRoles", "directory-roles.list", "Activated directory roles", roles::list),
        Route::post("/{tenant}/directoryRoles", "directory-roles.create", "Activate a directory role", roles::activate)
            .answers(MADE),
        Route::get("/{tenant}/directoryRoles/{role}", "directory-roles.get", "A directory role", roles::get),
        Route::get(
            "/{tenant}/directoryRoles/{role}/members",
            "directory-roles.members.list",
            "Who holds a directory role",
            roles::members,
        ),
        Route::get(
            ROLE_MEMBERS,
            "directory-roles.members.links",
            "Links to the holders of a role",
            roles::member_links,
        ),
        Route::post(ROLE_MEMBERS, "directory-roles.members.add", "Give a directory role", roles::member_add)
            .answers(DONE),
        Route::delete(
            "/{tenant}/directoryRoles/{role}/$links/members/{member}",
            "directory-roles.members.remove",
            "Take a directory role away",
            roles::member_remove,
        )
        .answers(DONE),
        Route::get(
            "/{tenant}/directoryRoleTemplates",
            "directory-role-templates.list",
            "Directory roles that can be activated",
            roles::templates,
        ),
    ]
}

fn organizations() -> Vec<Route> {
    const DETAIL: &str = "/{tenant}/tenantDetails/{id}";
    vec![
        Route::get("/{tenant}/subscribedSkus", "subscribed-skus.list", "Licences the tenant owns", licences::list),
        Route::get("/{tenant}/subscribedSkus/{sku}", "subscribed-skus.get", "Licences of a product", licences::get),
        Route::get("/{tenant}/tenantDetails", "tenant-details.list", "The organisation", organization::list),
        Route::get(DETAIL, "tenant-details.get", "The organisation, by its id", organization::get),
        Route::patch(DETAIL, "tenant-details.change", "Change the organisation", organization::change).answers(DONE),
        Route::get("/{tenant}/contracts", "contracts.list", "Customers of the partner", contracts::list),
        Route::get("/{tenant}/contracts/{contract}", "contracts.get", "A contract with a customer", contracts::get),
    ]
}

fn apps() -> Vec<Route> {
    const APP: &str = "/{tenant}/applications/{application}";
    const DELETED: &str = "/{tenant}/deletedApplications/{application}";
    vec![
        Route::get("/{tenant}/applications", "applications.list", "Applications", applications::list),
        Route::post("/{tenant}/applications", "applications.create", "Register an application", applications::create)
            .answers(MADE),
        Route::get(APP, "applications.get", "An application", applications::get),
        Route::patch(APP, "applications.change", "Change an application", applications::change).answers(DONE),
        Route::delete(APP, "applications.delete", "Delete an application", applications::delete).answers(DONE),
        Route::get(
            "/{tenant}/applications/{application}/owners",
            "applications.owners.list",
            "Who answers for an application",
            applications::owners,
        ),
        Route::get(
            "/{tenant}/deletedApplications",
            "deleted-applications.list",
            "Deleted applications",
            deleted::deleted_list,
        ),
        Route::get(DELETED, "deleted-applications.get", "A deleted application", deleted::deleted_get),
        Route::delete(DELETED, "deleted-applications.delete", "Erase a deleted application", deleted::deleted_erase)
            .answers(DONE),
        Route::post(
            "/{tenant}/deletedApplications/{application}/restore",
            "deleted-applications.restore",
            "Restore a deleted application",
            deleted::deleted_restore,
        ),
    ]
}

fn app_credentials() -> Vec<Route> {
    const KEYS: &str = "/{tenant}/applications/{application}/keyCredentials";
    const SECRETS: &str = "/{tenant}/applications/{application}/passwordCredentials";
    const PRINCIPAL_KEYS: &str = "/{tenant}/servicePrincipals/{principal}/keyCredentials";
    const PRINCIPAL_SECRETS: &str = "/{tenant}/servicePrincipals/{principal}/passwordCredentials";
    vec![
        Route::get(KEYS, "applications.keys.list", "Certificates of an application", credentials::keys),
        Route::patch(KEYS, "applications.keys.change", "Replace the certificates", credentials::keys_put).answers(DONE),
        Route::get(SECRETS, "applications.secrets.list", "Secrets of an application", credentials::secrets),
        Route::patch(SECRETS, "applications.secrets.change", "Replace the secrets", credentials::secrets_put)
            .answers(DONE),
        Route::get(
            PRINCIPAL_KEYS,
            "service-principals.keys.list",
            "Certificates of a service principal",
            credentials::principal_none,
        ),
        Route::get(
            PRINCIPAL_SECRETS,
            "service-principals.secrets.list",
            "Secrets of a service principal",
            credentials::principal_none,
        ),
    ]
}

fn principals() -> Vec<Route> {
    const PRINCIPAL: &str = "/{tenant}/servicePrincipals/{principal}";
    const GRANT: &str = "/{tenant}/oauth2PermissionGrants/{grant}";
    vec![
        Route::get(
            "/{tenant}/servicePrincipals",
            "service-principals.list",
            "Service principals",
            service_principals::list,
        ),
        Route::post(
            "/{tenant}/servicePrincipals",
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
            "/{tenant}/servicePrincipals/{object}/memberOf",
            "service-principals.member-of",
            "Groups and roles of a service principal",
            members::of_object,
        ),
        Route::post(
            "/{tenant}/servicePrincipals/{object}/getMemberGroups",
            "service-principals.member-groups",
            "Groups of a service principal, also through groups",
            members::groups,
        ),
        Route::get(
            "/{tenant}/servicePrincipals/{principal}/owners",
            "service-principals.owners.list",
            "Who answers for a service principal",
            service_principals::owners,
        ),
        Route::get(
            "/{tenant}/servicePrincipals/{principal}/appRoleAssignments",
            "service-principals.app-roles",
            "Application roles of a service principal",
            grants::roles_of_principal,
        ),
        Route::get(
            "/{tenant}/servicePrincipalsByAppId/{app}/objectId",
            "service-principals.by-app",
            "The object id of an application's service principal",
            service_principals::by_app,
        ),
        Route::get("/{tenant}/oauth2PermissionGrants", "permission-grants.list", "Delegated consent", grants::list),
        Route::post("/{tenant}/oauth2PermissionGrants", "permission-grants.create", "Consent", grants::create)
            .answers(MADE),
        Route::get(GRANT, "permission-grants.get", "A consent", grants::get),
        Route::patch(GRANT, "permission-grants.change", "Change a consent", grants::change).answers(DONE),
        Route::delete(GRANT, "permission-grants.delete", "Take a consent back", grants::delete).answers(DONE),
    ]
}

fn domain_names() -> Vec<Route> {
    const DOMAIN: &str = "/{tenant}/domains/{domain}";
    vec![
        Route::get("/{tenant}/domains", "domains.list", "Domains", domains::list),
        Route::post("/{tenant}/domains", "domains.create", "Add a domain", domains::create).answers(MADE),
        Route::get(DOMAIN, "domains.get", "A domain", domains::get),
        Route::patch(DOMAIN, "domains.change", "Make a domain the default", domains::change).answers(DONE),
        Route::delete(DOMAIN, "domains.delete", "Remove a domain", domains::delete).answers(DONE),
        Route::get(
            "/{tenant}/domains/{domain}/verificationDnsRecords",
            "domains.verification-records",
            "The records that prove a domain",
            domains::verification_records,
        ),
        Route::get(
            "/{tenant}/domains/{domain}/serviceConfigurationRecords",
            "domains.service-records",
            "The records a domain's services need",
            domains::service_records,
        ),
        Route::post("/{tenant}/domains/{domain}/verify", "domains.verify", "Verify a domain", domains::verify),
    ]
}

fn any_objects() -> Vec<Route> {
    const OBJECT: &str = "/{tenant}/directoryObjects/{object}";
    vec![
        Route::get(OBJECT, "directory-objects.get", "Any object", objects::get),
        Route::get("/{tenant}/directoryObjects/{object}/{type}", "directory-objects.typed", "Any object", objects::get),
        Route::delete(OBJECT, "directory-objects.delete", "Delete any object", objects::delete).answers(DONE),
        Route::get(
            "/{tenant}/directoryObjects/$/{type}",
            "directory-objects.list",
            "Objects of a type; where next links lead",
            objects::of_type,
        ),
        Route::post(
            "/{tenant}/getObjectsByObjectIds",
            "directory-objects.by-ids",
            "Objects of some ids",
            objects::by_ids,
        ),
        Route::get("/{tenant}/$metadata", "metadata.get", "The types of this API (EDMX)", metadata::get),
    ]
}
