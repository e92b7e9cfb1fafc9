//! Who acts, what for, when: made once per request or job and handed down to everything.

use crate::{AppId, Chance, Clock, ObjectId, Role, TenantId, TenantKind, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// On whose behalf an operation runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// The platform itself: a due job, the command line on the operator's machine. Named for the audit trail.
    System(&'static str),
    /// An application that signed in for itself with a secret.
    Application(Application),
    /// Nobody signed in: discovery documents, sign-in itself.
    Nobody,
}

/// A signed-in application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its client id.
    pub app: AppId,
    /// Its service principal in the tenant.
    pub principal: ObjectId,
    /// The tenant it acts in.
    pub tenant: TenantId,
    /// What that tenant is in the channel.
    pub tenant_kind: TenantKind,
    /// The roles it holds there.
    pub roles: BTreeSet<Role>,
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
    /// everybody's, and for nobody, whom the policy refuses.
    #[must_use]
    pub const fn confined_to(&self) -> Option<TenantId> {
        match &self.caller {
            Caller::Application(application) => match application.tenant_kind {
                TenantKind::Provider => None,
                TenantKind::Partner | TenantKind::Customer => Some(application.tenant),
            },
            Caller::System(_) | Caller::Nobody => None,
        }
    }

    /// The tenant the caller acts in; `None` for the platform and for nobody.
    #[must_use]
    pub const fn tenant(&self) -> Option<TenantId> {
        match &self.caller {
            Caller::Application(application) => Some(application.tenant),
            Caller::System(_) | Caller::Nobody => None,
        }
    }
}
