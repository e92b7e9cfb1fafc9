//! What an action is aimed at, as far as the policy must know: whose it is.

use tenantry_core::{Problem, Reason, TenantId};

/// A target. The slices implement it for their objects and references.
///
/// Neither a partner nor a customer nor a tenant means: it belongs to the world, and everybody who signed in may know
/// of it.
pub trait Scoped {
    /// The partner it belongs to.
    fn partner(&self) -> Option<TenantId>;

    /// The customer it belongs to.
    fn customer(&self) -> Option<TenantId>;

    /// Who sells to that partner, if that is a partner itself: an indirect provider sees what its resellers buy of it
    /// and sell on. A reseller sees nothing of what stands above it.
    fn upstream(&self) -> Option<TenantId> {
        None
    }

    /// The customer that pays for it itself, if one does: that tenant's own billing administrators read what it costs.
    fn billed_to(&self) -> Option<TenantId> {
        None
    }

    /// Whether it is between a partner and its customer alone. Nobody above them sees it, not even the provider: what a
    /// seller asks of its customer is no business of who sells to it.
    fn is_private(&self) -> bool {
        false
    }

    /// The tenant whose directory it stands in. Those who act in that tenant may know of it, and nobody else but the
    /// provider: not even the partner who sells to the tenant.
    fn tenant(&self) -> Option<TenantId> {
        None
    }

    /// The answer when it is outside the caller's reach: not found, in the words the caller used.
    fn hidden(&self) -> Problem;

    /// Whether it lives in a sandbox world, where partners may also do what is otherwise the provider's.
    fn sandbox(&self) -> bool {
        false
    }
}

/// All of one partner: for lists, and for things that are not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartnerScope(pub TenantId);

impl Scoped for PartnerScope {
    fn partner(&self) -> Option<TenantId> {
        Some(self.0)
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn hidden(&self) -> Problem {
        Problem::new(Reason::TenantNotFound, format!("there is no partner {}; check the tenant id", self.0))
    }
}

/// The world itself: catalogue, channel, clock, closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldScope {
    /// Whether it is a sandbox.
    pub sandbox: bool,
}

impl Scoped for WorldScope {
    fn partner(&self) -> Option<TenantId> {
        None
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    // Never asked for: nobody is out of the world's reach. It must still be a sensible sentence.
    fn hidden(&self) -> Problem {
        Problem::new(Reason::RouteNotFound, "there is nothing here; check the path")
    }

    fn sandbox(&self) -> bool {
        self.sandbox
    }
}

/// The directory of one tenant: its people, groups, applications, domains and relationships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantScope(pub TenantId);

impl Scoped for TenantScope {
    fn partner(&self) -> Option<TenantId> {
        None
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn tenant(&self) -> Option<TenantId> {
        Some(self.0)
    }

    fn hidden(&self) -> Problem {
        Problem::new(Reason::TenantNotFound, format!("there is no tenant {}; check the tenant id", self.0))
    }
}
