//! A partner: who sells.

use crate::Address;
use tenantry_access::Scoped;
use tenantry_core::{Caller, Currency, OpContext, Problem, Reason, TenantId, TenantKind, Timestamp};

/// Where a partner stands in the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerKind {
    /// Buys from the provider and sells to customers.
    Direct,
    /// Buys from the provider and sells to resellers; to customers as well, if it likes.
    IndirectProvider,
    /// Buys from an indirect provider and sells to customers.
    Reseller {
        /// Whom it buys from. A reseller has one here; the field lets it have several.
        indirect_provider: TenantId,
    },
}

impl PartnerKind {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::IndirectProvider => "indirect-provider",
            Self::Reseller { .. } => "reseller",
        }
    }

    /// The kind of a stored name, and of whom it buys from if that is not the provider. `None` if the two do not go
    /// together.
    #[must_use]
    pub fn from_parts(name: &str, indirect_provider: Option<TenantId>) -> Option<Self> {
        let kind = match indirect_provider {
            Some(indirect_provider) => Self::Reseller { indirect_provider },
            None => [Self::Direct, Self::IndirectProvider].into_iter().find(|kind| kind.name() == name)?,
        };
        (kind.name() == name).then_some(kind)
    }

    /// The indirect provider it buys from; `None` if it buys from the provider.
    #[must_use]
    pub const fn indirect_provider(self) -> Option<TenantId> {
        match self {
            Self::Reseller { indirect_provider } => Some(indirect_provider),
            Self::Direct | Self::IndirectProvider => None,
        }
    }
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Its directory tenant, by which it is named everywhere.
    pub tenant: TenantId,
    /// Counts the world's partners from 1. It stands on the documents a partner issues.
    pub number: i64,
    /// Where it stands.
    pub kind: PartnerKind,
    /// Its legal name.
    pub company_name: String,
    /// Its first domain, lower case.
    pub domain: String,
    /// Its address; the country is its market of purchase.
    pub address: Address,
    /// Where news go.
    pub email: String,
    /// How dates and numbers are written: `en-US`.
    pub culture: String,
    /// In what language: `en`.
    pub language: String,
    /// Its number in the partner network.
    pub mpn_id: String,
    /// The countries it may have customers in.
    pub markets: Vec<String>,
    /// The currency it buys in.
    pub currency: Currency,
    /// When it signed up, in world time.
    pub signed_up_at: Timestamp,
}

/// The refusal for a partner that is not there, or not this caller's.
pub(crate) fn no_partner(tenant: TenantId) -> Problem {
    Problem::new(Reason::TenantNotFound, format!("there is no partner {tenant}; check the tenant id"))
}

/// The refusal for a tenant in which no partner was found. Who asks for its own tenant learns what that is: the provider's
/// applications see all partners, but are of none, and a customer's people are no partner's.
pub(crate) fn missing(ctx: &OpContext, tenant: TenantId) -> Problem {
    let own = match &ctx.caller {
        Caller::SignedIn(caller) if caller.tenant == tenant => caller.tenant_kind,
        Caller::SignedIn(_) | Caller::System(_) | Caller::Nobody => return no_partner(tenant),
    };
    let message = match own {
        TenantKind::Partner => return no_partner(tenant),
        TenantKind::Provider => format!(
            "{tenant} is the provider's own tenant, and the provider is no partner; name a partner's tenant, or sign in \
             as an application of a partner"
        ),
        TenantKind::Customer => format!(
            "{tenant} is a customer's own tenant, and no partner bills that customer here; ask the partner that sells to \
             it, or sign in as an application of a partner"
        ),
    };
    Problem::new(Reason::TenantNotFound, message)
}

impl Scoped for Partner {
    fn partner(&self) -> Option<TenantId> {
        Some(self.tenant)
    }

    fn upstream(&self) -> Option<TenantId> {
        self.kind.indirect_provider()
    }

    fn customer(&self) -> Option<TenantId> {
        None
    }

    fn hidden(&self) -> Problem {
        no_partner(self.tenant)
    }
}
