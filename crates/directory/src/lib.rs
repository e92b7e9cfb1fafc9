//! Directories: tenants and their domains, applications and their secrets, groups and roles, and the token
//! service that turns a secret into a signed statement of who calls.
//!
//! Nothing here speaks HTTP: `face-login` translates forms and answers. Everything runs on the world's clock and
//! chance, so a test can let a secret expire by moving the clock, and a seeded world has the same ids and keys
//! each time.
//!
//! Acts take a [`tenantry_db::Tx`], so that signing up a partner and making its tenant is one transaction. The
//! caller that opens the transaction also writes the audit line.

mod address;
mod applications;
mod audit_records;
mod azure;
mod devices;
mod domain;
mod organization;
mod people;
mod relationships;
mod rows;
mod tenant;
mod tenant_close;
mod tenant_create;
mod tenant_find;
mod tokens;

pub(crate) use applications::secret;
pub use applications::{
    APPLICATION_KEPT_SECONDS, AccessKind, AppRole, AppRoleAssignment, Application, ApplicationChange, AssigneeKind,
    AssignmentsOf, Certificate, Consent, ConsentBy, ConsentKind, ConsentedBy, Credentials, CredentialsChange,
    ERASE_APPLICATION, GivenTo, MemberType, NewApplication, NewCertificate, NewGrant, NewSecret, PermissionGrant,
    Registered, RequiredAccess, SECRET_LIFETIME_SECONDS, Scope, SecretEntry, ServicePrincipal, ServicePrincipalChange,
    Written, app_role_assignment_create, app_role_assignment_delete, app_role_assignment_list, application_change,
    application_change_with, application_create, application_delete, application_disable, application_erase,
    application_erase_due, application_find, application_page, application_register, application_restore,
    certificate_add, consent_find, consent_give, consent_give_configured, credential_add_secret, credential_remove,
    credentials_of, credentials_set, customer_consent_give, customer_consent_remove, deleted_application_find,
    permission_grant_change, permission_grant_create, permission_grant_delete, permission_grant_find,
    permission_grant_list, secret_add, secret_remove, service_principal_change, service_principal_create,
    service_principal_delete, service_principal_find, service_principal_page,
};
pub use audit_records::{AuditPage, AuditQuery, AuditRecord, Wanted, audit_find, audit_list};
pub use azure::{
    AccessMaps, Assigned, AssignedTo, AssignmentFilter, AssignmentNotes, AzureAssignment, AzureLock, AzureRole,
    AzureSubscription, NewAssignment, NewAzureRole, NewLock, SeenSubscription, Stamp, access_map, azure_allowed_at,
    azure_decide, azure_decide_for, foreign_owner_assign, lock_delete, lock_find, lock_list, lock_put,
    role_assignment_delete, role_assignment_find, role_assignment_list, role_assignment_put, role_definition_delete,
    role_definition_find, role_definition_list, role_definition_put, subscription_hand_over, subscription_register,
    visible_subscriptions,
};
pub use devices::{
    ChangePolicy, ConfigurationPolicy, DEVICE_PAGE_MAX, Device, DeviceBatch, DeviceChange, DeviceOutcome,
    DevicePolicyUpdate, DeviceRefusal, DeviceUpload, NewDevice, NewPolicy, PolicySetting, UploadDevices, UploadStatus,
    configuration_policy_change, configuration_policy_create, configuration_policy_delete, configuration_policy_get,
    configuration_policy_list, device_batch_list, device_change, device_delete, device_page, device_upload_get,
    devices_update, devices_upload,
};
pub use domain::{domain_check, domain_exists};
pub use organization::{
    AssignedLicence, Capability, DnsRecord, Domain, GroupLicence, LicencePath, LicenceUnits, NamedPrincipal,
    Organization, OrganizationChange, OrganizationProfile, PRODUCTS, ProductSku, Proof, RecordData, ServicePlan,
    Shortage, SubscribedSku, domain_add, domain_add_verified, domain_change, domain_find, domain_list, domain_remove,
    domain_service_records, domain_verification_records, domain_verify, group_licences_assign, group_licences_of,
    licence_units_set, licences_assign, licences_of, licences_of_users, organization_change, organization_find,
    principal_named, subscribed_skus,
};
pub use people::{
    ActivatedRole, DirectoryObject, ERASE_USER, Group, GroupChange, GroupPeople, NewGroup, NewPassword, NewUser,
    Profile, ProfileChange, SecondFactorStart, SignInCheck, USER_KEPT_SECONDS, User, UserChange, UserKind,
    directory_role_activate, directory_role_find, directory_role_list, directory_role_member_add,
    directory_role_member_remove, directory_role_members, first_admin_create, first_password_set, group_change,
    group_create, group_create_with, group_delete, group_find, group_member_add, group_member_remove, group_members,
    group_owner_add, group_owner_remove, group_owners, group_page, groups_owned, member_of, object_find,
    objects_by_ids, own_password_change, role_assign, second_factor_begin, second_factor_check, second_factor_confirm,
    second_factor_of, second_factor_remove, sign_in_check, user_change, user_create, user_delete, user_direct_reports,
    user_erase, user_erase_due, user_find, user_manager, user_manager_set, user_page, user_password_reset,
    user_restore, user_sign_ins_revoke,
};
pub use relationships::{
    AccessAssignment, AccessChanged, AccessStatus, Contract, NewRelationship, OperationStatus, RELATIONSHIP_END,
    Relationship, RelationshipAction, RelationshipChange, RelationshipCustomer, RelationshipOperation,
    RelationshipRequest, RelationshipStatus, RequestStatus, ServedCustomer, WrittenDuration, access_assignment_change,
    access_assignment_create, access_assignment_delete, access_assignment_find, access_assignment_list, contract_begin,
    contract_begin_plain, contract_end, contract_find, contract_list, contracts_with, delegated_admin_remove,
    delegated_customer_find, delegated_customer_list, directory_roles_held, relationship_approve, relationship_change,
    relationship_create, relationship_delete, relationship_end, relationship_find, relationship_operation_find,
    relationship_operation_list, relationship_page, relationship_request, relationship_request_find,
    relationship_request_list, relationships_with, served_customer,
};
pub use tenant::{NewTenant, Tenant};
pub use tenant_close::tenant_close;
pub use tenant_create::tenant_create;
pub(crate) use tenant_find::is_open;
pub use tenant_find::{provider_find, tenant_find, tenant_of_sign_in};
pub use tenantry_db::audit_read::{AuditEnd, AuditLine, AuditPlace};
pub use tokens::{
    AdminConsentRequest, AskedRight, Authorization, AuthorizeRefusal, AuthorizeRequest, ConsentFor, ConsentQuestion,
    DIRECTORY_GRAPH, DeviceRequest, DeviceStart, Endpoint, IssuedToken, Jwk, Keys, MANAGEMENT, MANAGEMENT_CLASSIC,
    MICROSOFT_GRAPH, NewSession, OauthRefusal, PARTNER_CENTER, PARTNER_CENTER_OLD, Prompt, RedirectAnswer,
    ResponseMode, SESSION_SECONDS, Session, SignInAttempt, SignInRules, SignInStep, TOKEN_LIFETIME_SECONDS,
    TokenRequest, UserInfo, WeakSignIn, admin_consent_check, authorize_check, authorize_grant, consent_accept,
    consent_question, device_decide, device_find, device_start, in_customer, keys_rotate, session_end, session_find,
    sign_in, sign_in_second, sign_out_address, token_issue, token_verify, user_info, weak_sign_in_list,
};

/// The tables of this slice.
pub const SLICE: tenantry_db::Slice = tenantry_db::Slice {
    name: "directory",
    migrations: &[
        tenantry_db::Migration { number: 1, name: "directory", sql: include_str!("migrations/0001_directory.sql") },
        tenantry_db::Migration { number: 2, name: "people", sql: include_str!("migrations/0002_people.sql") },
        tenantry_db::Migration {
            number: 3,
            name: "applications",
            sql: include_str!("migrations/0003_applications.sql"),
        },
        tenantry_db::Migration { number: 4, name: "sign_in", sql: include_str!("migrations/0004_sign_in.sql") },
        tenantry_db::Migration {
            number: 5,
            name: "relationships",
            sql: include_str!("migrations/0005_relationships.sql"),
        },
        tenantry_db::Migration {
            number: 6,
            name: "azure_access",
            sql: include_str!("migrations/0006_azure_access.sql"),
        },
        tenantry_db::Migration {
            number: 7,
            name: "organization",
            sql: include_str!("migrations/0007_organization.sql"),
        },
        tenantry_db::Migration {
            number: 8,
            name: "sign_in_bounds",
            sql: include_str!("migrations/0008_sign_in_bounds.sql"),
        },
        tenantry_db::Migration {
            number: 9,
            name: "provider_standing",
            sql: include_str!("migrations/0009_provider_standing.sql"),
        },
        tenantry_db::Migration { number: 10, name: "devices", sql: include_str!("migrations/0010_devices.sql") },
        tenantry_db::Migration {
            number: 11,
            name: "weak_sign_ins",
            sql: include_str!("migrations/0011_weak_sign_ins.sql"),
        },
    ],
};
