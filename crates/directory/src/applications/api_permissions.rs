//! The APIs of the field and our own: what they are called, and the permissions they publish.
//!
//! They are registered nowhere and a member of every tenant. So they have no rows: their service principals are made
//! on demand, with ids derived from the tenant and the API. Nothing can be done to them, so nothing is lost.
//!
//! The ids of permissions are those of the field, because clients and scripts carry them in
//! `requiredResourceAccess`. Where the field's id was not certain it is *ours*, derived from API and name, and
//! [`Permission::ours`] says so; the name is what tokens carry and what the policy looks at.
//!
//! For Azure management, Partner Center and our own API there is nothing to choose: they have one scope,
//! `user_impersonation`, and what the user may do there is decided by roles. Asking an admin to consent to that says
//! nothing, so **for an application registered in the tenant itself no consent is needed for these three**
//! ([`Api::open_at_home`]). A foreign application needs it like any other.
//!
//! Source: directory.md 1.7 (app ids), 3.1 (names); ids of permissions as published by the field.

use super::{AccessKind, AppRole, ConsentKind, MemberType, Scope, ServicePrincipal};
use crate::{DIRECTORY_GRAPH, MANAGEMENT, MANAGEMENT_CLASSIC, MICROSOFT_GRAPH, PARTNER_CENTER, PARTNER_CENTER_OLD};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use tenantry_core::{AppId, ObjectId, TenantId, Timestamp};
use uuid::{Builder, Uuid, uuid};

/// An API that every tenant has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Api {
    /// Its client id.
    pub(crate) app: AppId,
    /// What people read.
    pub(crate) name: &'static str,
    /// What it is asked for by.
    pub(crate) uris: &'static [&'static str],
    /// Whether an application registered in the tenant needs no consent for its scopes.
    pub(crate) open_at_home: bool,
    permissions: &'static [Published],
}

/// A line of the tables below.
#[derive(Debug, Clone, Copy)]
struct Published {
    name: &'static str,
    scope: Id,
    role: Id,
    consent: ConsentKind,
    purpose: &'static str,
}

/// Whether there is such a permission, and its id.
#[derive(Debug, Clone, Copy)]
enum Id {
    /// There is none.
    None,
    /// There is, with the field's own id.
    Known(Uuid),
    /// There is; the id is ours.
    Ours,
}

/// A permission of one of these APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Permission {
    /// What tokens carry.
    pub(crate) name: &'static str,
    /// Its id.
    pub(crate) id: Uuid,
    /// Delegated, or of the application itself.
    pub(crate) kind: AccessKind,
    /// Who may consent.
    pub(crate) consent: ConsentKind,
    /// What it allows, for people who are asked.
    pub(crate) purpose: &'static str,
    /// Whether the id is ours, not the field's.
    pub(crate) ours: bool,
}

/// The tenant that the field's own APIs come from, as it shows in `appOwnerTenantId`. Nobody can be a member of it.
pub(crate) const HOME_OF_APIS: TenantId = TenantId::new(uuid!("f8cdef31-a31e-4b4a-93e4-5f571e91255a"));

pub(crate) const MICROSOFT_GRAPH_APP: AppId = AppId::new(uuid!("00000003-0000-0000-c000-000000000000"));
pub(crate) const DIRECTORY_GRAPH_APP: AppId = AppId::new(uuid!("00000002-0000-0000-c000-000000000000"));
pub(crate) const MANAGEMENT_APP: AppId = AppId::new(uuid!("797f4846-ba00-4fd7-ba43-dac1f8f63013"));
pub(crate) const PARTNER_CENTER_APP: AppId = AppId::new(uuid!("fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd"));
pub(crate) const TENANTRY_APP: AppId = AppId::new(uuid!("7e4a4719-0000-0000-c000-000000000000"));

/// All of them, in the order of their client ids.
pub(crate) const APIS: [Api; 5] = [
    Api {
        app: DIRECTORY_GRAPH_APP,
        name: "Windows Azure Active Directory",
        uris: &[DIRECTORY_GRAPH],
        open_at_home: false,
        permissions: DIRECTORY_GRAPH_PERMISSIONS,
    },
    Api {
        app: MICROSOFT_GRAPH_APP,
        name: "Microsoft Graph",
        uris: &[MICROSOFT_GRAPH],
        open_at_home: false,
        permissions: MICROSOFT_GRAPH_PERMISSIONS,
    },
    Api {
        app: MANAGEMENT_APP,
        name: "Windows Azure Service Management API",
        uris: &[MANAGEMENT, MANAGEMENT_CLASSIC],
        open_at_home: true,
        permissions: &[Published {
            name: "user_impersonation",
            scope: Id::Known(uuid!("41094075-9dad-400e-a0bd-54e686782033")),
            role: Id::None,
            consent: ConsentKind::User,
            purpose: "Manage Azure resources as you.",
        }],
    },
    Api {
        app: TENANTRY_APP,
        name: "Tenantry",
        uris: &[],
        open_at_home: true,
        permissions: &[Published {
            name: "user_impersonation",
            scope: Id::Ours,
            role: Id::None,
            consent: ConsentKind::User,
            purpose: "Use Tenantry as you.",
        }],
    },
    Api {
        app: PARTNER_CENTER_APP,
        name: "Microsoft Partner Center",
        uris: &[PARTNER_CENTER, PARTNER_CENTER_OLD],
        open_at_home: true,
        permissions: &[Published {
            name: "user_impersonation",
            scope: Id::Known(uuid!("1cebfa2a-fb4d-419e-b5f9-839b4383e05a")),
            role: Id::None,
            consent: ConsentKind::User,
            purpose: "Use Partner Center as you.",
        }],
    },
];

const fn known(id: Uuid) -> Id {
    Id::Known(id)
}

const fn published(name: &'static str, scope: Id, role: Id, consent: ConsentKind, purpose: &'static str) -> Published {
    Published { name, scope, role, consent, purpose }
}

const USER: ConsentKind = ConsentKind::User;
const ADMIN: ConsentKind = ConsentKind::Admin;
const NONE: Id = Id::None;

#[rustfmt::skip]
const MICROSOFT_GRAPH_PERMISSIONS: &[Published] = &[
    published("AppRoleAssignment.ReadWrite.All",
        known(uuid!("84bccea3-f856-4a8a-967b-dbe0a3d53a64")), known(uuid!("06b708a9-e830-4db3-a914-8e69da51d44f")),
        ADMIN, "Allow applications something, and give them roles."),
    published("Application.Read.All",
        known(uuid!("c79f8feb-a9db-4090-85f9-90d820caa0eb")), known(uuid!("9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30")),
        ADMIN, "See applications."),
    published("Application.ReadWrite.All",
        known(uuid!("bdfbf15f-ee85-4955-8675-146e8e5296b5")), known(uuid!("1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9")),
        ADMIN, "Register, change and delete applications."),
    published("DelegatedAdminRelationship.Read.All",
        known(uuid!("0c0064ea-477b-4130-82a5-4c2cc4ff68aa")), known(uuid!("f6e9e124-4586-492f-adc0-c6f96e4823fd")),
        ADMIN, "See delegated admin relationships with customers."),
    published("DelegatedAdminRelationship.ReadWrite.All",
        known(uuid!("885f682f-a990-4bad-a642-36736a74b0c7")), known(uuid!("cc13eba4-8cd8-44c6-b4d4-f93237adce58")),
        ADMIN, "Manage delegated admin relationships with customers."),
    published("Directory.AccessAsUser.All", known(uuid!("0e263e50-5827-48a4-b97c-d940288653c7")), NONE,
        ADMIN, "Do in the directory what you may do there."),
    published("Directory.Read.All",
        known(uuid!("06da0dbc-49e2-44d2-8312-53f166ab848a")), known(uuid!("7ab1d382-f21e-4acd-a863-ba3e13f7da61")),
        ADMIN, "See the directory."),
    published("Directory.ReadWrite.All",
        known(uuid!("c5366453-9fb0-48a5-a156-24f0c49a4b84")), known(uuid!("19dbc75e-c2e2-444c-a770-ec69d8559fc7")),
        ADMIN, "See and change the directory."),
    published("Domain.Read.All",
        known(uuid!("2f9ee017-59c1-4f1d-9472-bd5529a7b311")), known(uuid!("dbb9058a-0e50-45d7-ae91-66909b5d4664")),
        ADMIN, "See domains."),
    published("Domain.ReadWrite.All",
        known(uuid!("0b5d694c-a244-4bde-86e6-eb5cd07730fe")), known(uuid!("7e05723c-0bb0-42da-be95-ae9f08a6e53c")),
        ADMIN, "Add, verify and remove domains."),
    published("Group.Read.All",
        known(uuid!("5f8c59db-677d-491f-a6b8-5f174b11ec1d")), known(uuid!("5b567255-7703-4780-807c-7be8301ae99b")),
        ADMIN, "See groups."),
    published("Group.ReadWrite.All",
        known(uuid!("4e46008b-f24c-477d-8fff-7bb4ec7aafe0")), known(uuid!("62a82d76-70ea-41e2-9197-370581804d09")),
        ADMIN, "See and change groups."),
    published("GroupMember.Read.All",
        known(uuid!("bc024368-1153-4739-b217-4326f2e966d0")), known(uuid!("98830695-27a2-44f7-8c18-0c3ebc9698f6")),
        ADMIN, "See who is in which group."),
    published("GroupMember.ReadWrite.All",
        known(uuid!("f81125ac-d3b7-4573-a3b2-7099cc39df9e")), known(uuid!("dbaae8cf-10b5-4b86-a4a1-f871c94c6695")),
        ADMIN, "Say who is in which group."),
    published("Organization.Read.All",
        known(uuid!("4908d5b9-3fb2-4b1e-9336-1888b7937185")), known(uuid!("498476ce-e0fe-48b0-b801-37ba7e2685c6")),
        ADMIN, "See the organisation's profile."),
    published("Organization.ReadWrite.All",
        known(uuid!("46ca0847-7e6b-426e-9775-ea810a948356")), known(uuid!("292d869f-3427-49a8-9dab-8c70152b74e9")),
        ADMIN, "See and change the organisation's profile."),
    published("RoleManagement.Read.Directory",
        known(uuid!("741c54c3-0c1e-44a1-818b-3f97ab4e8c83")), known(uuid!("483bed4a-2ad3-4361-a73b-c83ccdbdc53c")),
        ADMIN, "See who holds which directory role."),
    published("RoleManagement.ReadWrite.Directory",
        known(uuid!("d01b97e9-cbc0-49fe-810a-750afd5527a3")), known(uuid!("9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8")),
        ADMIN, "Say who holds which directory role."),
    published("User.Read", known(uuid!("e1fe6dd8-ba31-4d61-89e7-88639da4683d")), NONE,
        USER, "Sign you in and see your profile."),
    published("User.ReadWrite", known(uuid!("b4e74841-8e56-480b-be8b-910348b18b4c")), NONE,
        USER, "See and change your profile."),
    published("User.ReadBasic.All", known(uuid!("b340eb25-3456-403f-be2f-af7a0d370277")), NONE,
        USER, "See the names of your colleagues."),
    published("User.Read.All",
        known(uuid!("a154be20-db9c-4678-8ab7-66f6cc099a59")), known(uuid!("df021288-bdef-4463-88db-98f22de89214")),
        ADMIN, "See everybody's profile."),
    published("User.ReadWrite.All",
        known(uuid!("204e0828-b5ca-4ad8-b9f3-f32a958e7cc4")), known(uuid!("741f803b-c850-494e-b5df-cde7c675a1ca")),
        ADMIN, "See and change everybody's profile."),
    published("email", known(uuid!("64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0")), NONE, USER, "See your mail address."),
    published("offline_access", known(uuid!("7427e0e9-2fba-42fe-b0c0-848c9e6a8182")), NONE,
        USER, "Keep the access you gave it."),
    published("openid", known(uuid!("37f7f235-527c-4136-accd-4a02d197296e")), NONE, USER, "Sign you in."),
    published("profile", known(uuid!("14dad69e-099b-42c9-810b-d002981feec1")), NONE, USER, "See your name."),
];

/// The older API gives a scope and a role the same id where it has both. Roles it never published, but which the
/// policy knows, have ids of ours: without them an application could not be allowed here what it can be there.
#[rustfmt::skip]
const DIRECTORY_GRAPH_PERMISSIONS: &[Published] = &[
    published("Application.ReadWrite.All", NONE, known(uuid!("1cda74f2-2616-4834-b122-5cb1b07f8a59")),
        ADMIN, "Register, change and delete applications."),
    published("Directory.AccessAsUser.All", known(uuid!("a42657d6-7f20-40e3-b6f0-cee03008a62a")), NONE,
        ADMIN, "Do in the directory what you may do there."),
    published("Directory.Read.All",
        known(uuid!("5778995a-e1bf-45b8-affa-663a9f3f4d04")), known(uuid!("5778995a-e1bf-45b8-affa-663a9f3f4d04")),
        ADMIN, "See the directory."),
    published("Directory.ReadWrite.All",
        known(uuid!("78c8a3c8-a07e-4b9e-af1b-b5ccab50a175")), known(uuid!("78c8a3c8-a07e-4b9e-af1b-b5ccab50a175")),
        ADMIN, "See and change the directory."),
    published("Domain.ReadWrite.All", NONE, known(uuid!("aaff0dfd-0295-48b6-a5cc-9f465bc87928")),
        ADMIN, "Add, verify and remove domains."),
    published("Group.Read.All", known(uuid!("6234d376-f627-4f0f-90e0-dff25c5211a3")), NONE,
        ADMIN, "See groups."),
    published("Group.ReadWrite.All", known(uuid!("970d6fa6-214a-4a9b-8513-08fad511e2fd")), Id::Ours,
        ADMIN, "See and change groups."),
    published("RoleManagement.ReadWrite.Directory", NONE, Id::Ours, ADMIN, "Say who holds which directory role."),
    published("User.Read", known(uuid!("311a71cc-e848-46a1-bdf8-97ff7156d8e6")), NONE,
        USER, "Sign you in and see your profile."),
    published("User.Read.All", known(uuid!("c582532d-9d9e-43bd-a97c-2667a28ce295")), Id::Ours,
        ADMIN, "See everybody's profile."),
    published("User.ReadBasic.All", known(uuid!("cba73afc-7f69-4d86-8450-4978e04ecd1a")), NONE,
        USER, "See the names of your colleagues."),
    published("User.ReadWrite.All", Id::Ours, Id::Ours, ADMIN, "See and change everybody's profile."),
];

/// The API with the client id, if it is one of these.
pub(crate) fn find(app: AppId) -> Option<&'static Api> {
    APIS.iter().find(|api| api.app == app)
}

/// Whether the text is a name or client id of one of these.
pub(crate) fn is_name_of_one(text: &str) -> bool {
    let text = text.trim_end_matches('/');
    APIS.iter().any(|api| {
        api.uris.iter().any(|uri| uri.eq_ignore_ascii_case(text)) || api.app.to_string().eq_ignore_ascii_case(text)
    })
}

/// The API whose service principal in the tenant has the object id.
pub(crate) fn of_principal(tenant: TenantId, principal: ObjectId) -> Option<&'static Api> {
    APIS.iter().find(|api| api.principal_id(tenant) == principal)
}

impl Api {
    /// All it publishes, scopes and roles.
    pub(crate) fn permissions(&self) -> impl Iterator<Item = Permission> + '_ {
        self.permissions.iter().flat_map(move |line| {
            let one = |id: Id, kind: AccessKind| {
                let (id, ours) = match id {
                    Id::None => return None,
                    Id::Known(id) => (id, false),
                    Id::Ours => (derived(&[self.app.guid(), Uuid::nil()], &format!("{kind:?} {}", line.name)), true),
                };
                let consent = if kind == AccessKind::Role { ConsentKind::Admin } else { line.consent };
                Some(Permission { name: line.name, id, kind, consent, purpose: line.purpose, ours })
            };
            [one(line.scope, AccessKind::Scope), one(line.role, AccessKind::Role)].into_iter().flatten()
        })
    }

    /// The object id of its service principal in a tenant.
    pub(crate) fn principal_id(&self, tenant: TenantId) -> ObjectId {
        ObjectId::new(derived(&[tenant.guid(), self.app.guid()], "service principal"))
    }

    /// Its service principal in a tenant, there as long as the tenant.
    pub(crate) fn principal(&self, tenant: TenantId, since: Timestamp) -> ServicePrincipal {
        let names = std::iter::once(self.app.to_string()).chain(self.uris.iter().map(|uri| (*uri).to_owned()));
        ServicePrincipal {
            id: self.principal_id(tenant),
            tenant,
            app: self.app,
            name: self.name.to_owned(),
            home: HOME_OF_APIS,
            enabled: true,
            assignment_required: false,
            tags: Vec::new(),
            names: names.collect(),
            homepage: None,
            reply_urls: Vec::new(),
            app_roles: self.permissions().filter_map(Permission::role).collect(),
            scopes: self.permissions().filter_map(Permission::scope).collect(),
            created_at: since,
        }
    }
}

impl Permission {
    fn role(self) -> Option<AppRole> {
        (self.kind == AccessKind::Role).then(|| AppRole {
            id: self.id,
            allowed_member_types: BTreeSet::from([MemberType::Application]),
            display_name: self.purpose.to_owned(),
            description: self.purpose.to_owned(),
            is_enabled: true,
            value: Some(self.name.to_owned()),
        })
    }

    fn scope(self) -> Option<Scope> {
        (self.kind == AccessKind::Scope).then(|| Scope {
            id: self.id,
            value: self.name.to_owned(),
            kind: self.consent,
            is_enabled: true,
            admin_consent_display_name: Some(self.purpose.to_owned()),
            admin_consent_description: Some(self.purpose.to_owned()),
            user_consent_display_name: Some(self.purpose.to_owned()),
            user_consent_description: Some(self.purpose.to_owned()),
        })
    }
}

/// An id made of others: always the same, and like no random one (version 8).
fn derived(of: &[Uuid], what: &str) -> Uuid {
    let mut hash = Sha256::new();
    of.iter().for_each(|part| hash.update(part.as_bytes()));
    hash.update(what.as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_found_once_by_its_id_and_once_by_its_name() {
        for api in &APIS {
            for kind in [AccessKind::Scope, AccessKind::Role] {
                let of_kind: Vec<_> = api.permissions().filter(|permission| permission.kind == kind).collect();
                let ids: BTreeSet<_> = of_kind.iter().map(|permission| permission.id).collect();
                let names: BTreeSet<_> = of_kind.iter().map(|permission| permission.name).collect();
                assert_eq!((ids.len(), names.len()), (of_kind.len(), of_kind.len()), "{} {kind:?}", api.name);
            }
        }
    }

    #[test]
    fn the_ids_scripts_carry_are_there() {
        use AccessKind::{Role, Scope};
        for (api, kind, name, id) in [
            (MICROSOFT_GRAPH_APP, Scope, "User.Read", uuid!("e1fe6dd8-ba31-4d61-89e7-88639da4683d")),
            (MICROSOFT_GRAPH_APP, Role, "Directory.Read.All", uuid!("7ab1d382-f21e-4acd-a863-ba3e13f7da61")),
            (DIRECTORY_GRAPH_APP, Role, "Directory.Read.All", uuid!("5778995a-e1bf-45b8-affa-663a9f3f4d04")),
            (PARTNER_CENTER_APP, Scope, "user_impersonation", uuid!("1cebfa2a-fb4d-419e-b5f9-839b4383e05a")),
        ] {
            let found = find(api).unwrap().permissions().find(|found| found.id == id && found.kind == kind).unwrap();
            assert_eq!((found.name, found.ours), (name, false));
        }
    }

    #[test]
    fn ids_of_ours_say_so_and_stay() {
        let scope = find(TENANTRY_APP).unwrap().permissions().next().unwrap();
        assert!(scope.ours);
        assert_eq!(scope.id.get_version_num(), 8);
        assert_eq!(scope.id, find(TENANTRY_APP).unwrap().permissions().next().unwrap().id);
    }

    #[test]
    fn each_tenant_has_principals_of_its_own() {
        let tenants = [1, 2].map(|number| TenantId::new(Uuid::from_u128(number)));
        let ids: BTreeSet<_> =
            tenants.iter().flat_map(|tenant| APIS.iter().map(|api| api.principal_id(*tenant))).collect();
        assert_eq!(ids.len(), 2 * APIS.len());
        let graph = find(MICROSOFT_GRAPH_APP).unwrap();
        let id = graph.principal_id(tenants[0]);
        assert_eq!(of_principal(tenants[0], id).unwrap().app, MICROSOFT_GRAPH_APP);
        assert!(of_principal(tenants[1], id).is_none());
    }

    #[test]
    fn names_are_known_in_any_spelling() {
        for (text, expected) in [
            ("https://graph.windows.net", true),
            ("HTTPS://graph.windows.net/", true),
            ("797F4846-ba00-4fd7-ba43-dac1f8f63013", true),
            ("https://contoso.test", false),
            ("", false),
        ] {
            assert_eq!(is_name_of_one(text), expected, "{text}");
        }
    }
}
