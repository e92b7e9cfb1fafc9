//! Applications: what their makers registered, what tenants made of them, and what they were allowed.
//!
//! ```text
//! application (home tenant)          service principal (each tenant that knows it)
//!   secrets, certificates    ----->    permission grants      for users: scopes
//!   required access: a wish            app role assignments   for itself: roles
//!   its own API: scopes, roles         directory roles, groups (`people`)
//! ```
//!
//! The wish becomes a right by consent alone ([`consent_of`]). The field's own APIs have no rows ([`api_permissions`]).

pub(crate) mod api_permissions;
mod app_role_assignments;
mod application;
mod application_change;
mod application_check;
mod application_create;
mod application_delete;
mod application_disable;
mod application_erase;
mod application_find;
mod application_register;
mod certificate;
mod client_check;
mod consent_find;
mod consent_give;
mod consent_keep;
mod consent_of;
mod credential;
mod credential_write;
mod credentials;
mod customer_consent;
mod guard;
mod permission_grant;
mod permission_grants;
pub(crate) mod rows;
pub(crate) mod secret;
mod secret_add;
mod secret_remove;
mod service_principal;
mod service_principals;

pub use app_role_assignments::{
    AssignmentsOf, app_role_assignment_create, app_role_assignment_delete, app_role_assignment_list,
};
pub use application::{
    AccessKind, AppRole, Application, ApplicationChange, ConsentKind, MemberType, RequiredAccess, Scope,
};
pub use application_change::{application_change, application_change_with};
pub use application_create::{NewApplication, application_create};
pub use application_delete::{APPLICATION_KEPT_SECONDS, application_delete, application_restore};
pub use application_disable::application_disable;
pub use application_erase::{ERASE_APPLICATION, application_erase, application_erase_due};
pub use application_find::{application_find, application_page, deleted_application_find};
pub use application_register::{Registered, application_register};
pub use certificate::Certificate;
pub(crate) use client_check::{SecretMatch, certificate_matching, secret_match};
pub use consent_find::consent_find;
pub(crate) use consent_give::asked_write;
pub use consent_give::{ConsentBy, consent_give, consent_give_configured};
pub(crate) use consent_keep::{consent_forget, principal_ensure};
pub use consent_of::{Consent, ConsentedBy};
pub(crate) use consent_of::{PublishedApi, consent_of, published};
pub use credential::{Credentials, CredentialsChange, NewCertificate, NewSecret, SecretEntry};
pub use credential_write::Written;
pub use credentials::{certificate_add, credential_add_secret, credential_remove, credentials_of, credentials_set};
pub use customer_consent::{customer_consent_give, customer_consent_remove};
pub use permission_grant::{AppRoleAssignment, AssigneeKind, GivenTo, PermissionGrant};
pub use permission_grants::{
    NewGrant, permission_grant_change, permission_grant_create, permission_grant_delete, permission_grant_find,
    permission_grant_list,
};
pub(crate) use rows::application::{by_app as application_by_app, home as application_home, of_uri as api_of_uri};
pub(crate) use rows::consent::assignments_of;
pub(crate) use rows::principal::standing as principal_of;
pub use secret_add::{SECRET_LIFETIME_SECONDS, secret_add};
pub use secret_remove::secret_remove;
pub use service_principal::{ServicePrincipal, ServicePrincipalChange};
pub(crate) use service_principals::by_id as service_principal_by_id;
pub use service_principals::{
    service_principal_change, service_principal_create, service_principal_delete, service_principal_find,
    service_principal_page,
};
