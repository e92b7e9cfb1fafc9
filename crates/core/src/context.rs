//! Who acts, what for, when: made once per request or job and handed down to everything.

use crate::{AppId, Chance, Clock, DirectoryRole, ObjectId, Role, TenantId, TenantKind, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// On whose behalf an operation runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// The platform itself: a due job, the command line on the operator's machine. Named for the audit trail.
    System(&'static str),
    /// Somebody signed in: an application for itself, or a user with an application.
    SignedIn(Identity),
    /// Nobody signed in: discovery documents, sign-in itself.
    Nobody,
}

/// Who signed in, and what they hold in the tenant they act in. Looked up when the token is verified, never taken
/// from the token: a role that is taken away is gone at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The client id of the application that calls.
    pub app: AppId,
    /// The user, or the application's service principal if it acts for itself.
    pub principal: ObjectId,
    /// The tenant acted in. For a partner's user in a customer's tenant, the customer's.
    pub tenant: TenantId,
    /// What that tenant is in the channel.
    pub tenant_kind: TenantKind,
    /// The roles of the channel held: agent groups and admin roles. Only a partner's tenant has them.
    pub roles: BTreeSet<Role>,
    /// The directory roles held in the tenant acted in, each with the path it is held by. One role may be held twice.
    pub directory_roles: Vec<HeldRole>,
    /// The groups the principal is in, directly or through groups, in its home tenant.
    pub groups: BTreeSet<ObjectId>,
    /// What consent allows the application: application permissions, or with a user the delegated scopes. Names of
    /// the field such as `Directory.Read.All`.
    pub rights: BTreeSet<String>,
    /// The user, unless the application acts for itself.
    pub user: Option<SignedInUser>,
}

/// What is known of a signed-in user beyond its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInUser {
    /// The user principal name.
    pub name: String,
    /// The tenant the user belongs to.
    pub home: TenantId,
    /// Whether a second factor was shown.
    pub second_factor: bool,
}

/// A directory role and why it is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldRole {
    /// The role.
    pub role: DirectoryRole,
    /// The path.
    pub by: HeldBy,
}

/// The path a directory role is held by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldBy {
    /// Assigned in the tenant, to the principal itself.
    Assignment,
    /// Delegated administration: the partner has it over the tenant, and the principal is in one of its agent groups.
    DelegatedAdmin {
        /// `AdminAgents` or `HelpdeskAgents`.
        group: Role,
    },
    /// Granular delegated administration: an active relationship gives the role to a group of the partner.
    Granular {
        /// The relationship's id.
        relationship: String,
        /// The group of the partner's tenant.
        group: ObjectId,
        /// When the relationship ends.
        until: Timestamp,
    },
}

impl Identity {
    /// An application that acts for itself in its tenant, with nothing but roles. In the provider's tenant it is one of
    /// the operator's own programs: those are registered as Global Administrators, so this one holds that role too.
    /// Whoever describes somebody else says which directory roles they hold.
    #[must_use]
    pub fn application(
        app: AppId,
        principal: ObjectId,
        (tenant, tenant_kind): (TenantId, TenantKind),
        roles: impl IntoIterator<Item = Role>,
    ) -> Self {
        let administrator = HeldRole { role: DirectoryRole::GlobalAdmin, by: HeldBy::Assignment };
        let operators = tenant_kind == TenantKind::Provider;
        Self {
            app,
            principal,
            tenant,
            tenant_kind,
            roles: roles.into_iter().collect(),
            directory_roles: operators.then_some(administrator).into_iter().collect(),
            groups: BTreeSet::new(),
            rights: BTreeSet::new(),
            user: None,
        }
    }

    /// The tenant the principal belongs to.
    #[must_use]
    pub fn home(&self) -> TenantId {
        self.user.as_ref().map_or(self.tenant, |user| user.home)
    }

    /// Whether the caller is the provider: whoever holds Global Administrator in the provider's tenant, a person or an
    /// application. To be in that tenant is not enough. Its people may let in applications of strangers, and its
    /// application administrators register some: none of these speaks for the provider.
    #[must_use]
    pub fn is_provider(&self) -> bool {
        self.tenant_kind == TenantKind::Provider && self.holds(DirectoryRole::GlobalAdmin)
    }

    /// Whether the directory role is held, by any path.
    #[must_use]
    pub fn holds(&self, role: DirectoryRole) -> bool {
        self.directory_roles.iter().any(|held| held.role == role)
    }
}

/// The context of one operation.
#[derive(Debug, Clone)]
pub struct OpContext {
    /// Who acts.
    pub caller: Caller,
    /// Names this request; the idempotency key of writes.
    pub request_id: Uuid,
    /// Names the caller's logical call, across retries and calls.
    pub correlation_id: Uuid,
    /// The world's clock.
    pub clock: Arc<dyn Clock>,
    /// The world's chance.
    pub chance: Arc<Chance>,
}

impl OpContext {
    /// A context for the platform's own work.
    #[must_use]
    pub fn system(job: &'static str, clock: Arc<dyn Clock>, chance: Arc<Chance>) -> Self {
        let request_id = chance.guid();
        Self { caller: Caller::System(job), request_id, correlation_id: request_id, clock, chance }
    }

    /// The world's present instant.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The tenant whose things the caller is confined to. `None` for the provider and the platform, who deal with
    /// everybody's, and for nobody, whom the policy refuses. Who merely works in the provider's tenant is confined to it.
    #[must_use]
    pub fn confined_to(&self) -> Option<TenantId> {
        match &self.caller {
            Caller::SignedIn(identity) => (!identity.is_provider()).then_some(identity.tenant),
            Caller::System(_) | Caller::Nobody => None,
        }
    }

    /// The tenant the caller acts in; `None` for the platform and for nobody.
    #[must_use]
    pub const fn tenant(&self) -> Option<TenantId> {
        match &self.caller {
            Caller::SignedIn(identity) => Some(identity.tenant),
            Caller::System(_) | Caller::Nobody => None,
        }
    }
}
