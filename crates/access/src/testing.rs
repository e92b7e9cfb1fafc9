//! What the tests of this crate share.

use crate::Scoped;
use std::path::Path;
use std::sync::Arc;
use tenantry_core::Identity;
use tenantry_core::clock::ManualClock;
use tenantry_core::context::{HeldRole, SignedInUser};
use tenantry_core::{
    AppId, Caller, Chance, ObjectId, OpContext, Problem, Reason, Role, TenantId, TenantKind, Timestamp,
};
use uuid::Uuid;

pub(crate) const PARTNER: TenantId = TenantId::new(Uuid::from_u128(1));
pub(crate) const OTHER: TenantId = TenantId::new(Uuid::from_u128(2));
pub(crate) const CUSTOMER: TenantId = TenantId::new(Uuid::from_u128(3));

/// Anything that belongs to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Thing {
    pub(crate) partner: Option<TenantId>,
    pub(crate) customer: Option<TenantId>,
    pub(crate) sandbox: bool,
}

impl Scoped for Thing {
    fn partner(&self) -> Option<TenantId> {
        self.partner
    }

    fn customer(&self) -> Option<TenantId> {
        self.customer
    }

    fn hidden(&self) -> Problem {
        Problem::new(Reason::CustomerNotFound, "no such customer")
    }

    fn sandbox(&self) -> bool {
        self.sandbox
    }
}

/// Anything of a reseller, below an indirect provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resold {
    pub(crate) thing: Thing,
    pub(crate) indirect_provider: TenantId,
}

impl Scoped for Resold {
    fn partner(&self) -> Option<TenantId> {
        self.thing.partner()
    }

    fn customer(&self) -> Option<TenantId> {
        self.thing.customer()
    }

    fn upstream(&self) -> Option<TenantId> {
        Some(self.indirect_provider)
    }

    fn hidden(&self) -> Problem {
        self.thing.hidden()
    }
}

/// What a partner bills its customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Billed {
    pub(crate) partner: TenantId,
    pub(crate) customer: TenantId,
}

impl Scoped for Billed {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    fn billed_to(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    fn is_private(&self) -> bool {
        true
    }

    fn hidden(&self) -> Problem {
        Problem::new(Reason::InvoiceNotFound, "no such invoice")
    }
}

pub(crate) fn application(tenant_kind: TenantKind, tenant: TenantId, roles: &[Role]) -> Caller {
    Caller::SignedIn(Identity::application(
        AppId::new(Uuid::from_u128(11)),
        ObjectId::new(Uuid::from_u128(12)),
        (tenant, tenant_kind),
        roles.iter().copied(),
    ))
}

/// A person of a tenant, with an application that may do everything for people.
pub(crate) fn person(tenant: TenantId, tenant_kind: TenantKind, roles: &[Role]) -> Caller {
    let mut caller = person_in(tenant, tenant, tenant_kind, []);
    if let Caller::SignedIn(identity) = &mut caller {
        identity.roles.extend(roles);
    }
    caller
}

/// A person of `home` who acts in `tenant`, with an application that may do everything for people.
pub(crate) fn person_in(
    home: TenantId,
    tenant: TenantId,
    tenant_kind: TenantKind,
    roles: impl IntoIterator<Item = HeldRole>,
) -> Caller {
    let (app, principal) = (AppId::new(Uuid::from_u128(11)), ObjectId::new(Uuid::from_u128(13)));
    let mut identity = Identity::application(app, principal, (tenant, tenant_kind), []);
    identity.directory_roles = roles.into_iter().collect();
    identity.rights.insert("user_impersonation".to_owned());
    identity.user = Some(SignedInUser { name: "somebody".to_owned(), home, second_factor: true });
    Caller::SignedIn(identity)
}

pub(crate) fn ctx(caller: Caller) -> OpContext {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let mut ctx = OpContext::system("test", clock, Arc::new(Chance::from_seed(1)));
    ctx.caller = caller;
    ctx
}

/// Compares with a committed file of this crate; writes it instead when `TENANTRY_UPDATE` is 1.
#[expect(clippy::disallowed_methods, reason = "a switch of the test run, not a setting of the program")]
pub(crate) fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var("TENANTRY_UPDATE").as_deref() == Ok("1") {
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, committed, "{name} is out of date; look at the change and run again with TENANTRY_UPDATE=1");
}

/// Whether a pattern means an action, the slow and obvious way.
pub(crate) fn matches_slowly(pattern: &str, action: &str) -> bool {
    fn from(pattern: &[char], action: &[char]) -> bool {
        match pattern.split_first() {
            None => action.is_empty(),
            Some(('*', rest)) => (0..=action.len()).any(|skipped| from(rest, &action[skipped..])),
            Some((first, rest)) => {
                action.first().is_some_and(|seen| seen.eq_ignore_ascii_case(first)) && from(rest, &action[1..])
            }
        }
    }
    let chars = |text: &str| text.chars().collect::<Vec<_>>();
    from(&chars(pattern), &chars(action))
}
