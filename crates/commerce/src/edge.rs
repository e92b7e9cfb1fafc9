//! A link of the channel: one seller, one buyer, one price list, one invoice a month.
//!
//! The price list is data with a history. The partner margin of 15 % is the first rule of an edge the provider sells on,
//! not a line of code, so a provider with another programme changes rules and nothing else. What a reseller pays more
//! than its indirect provider is the first rule of its edge, said when it is signed up.

use crate::EdgeRef;
use tenantry_access::Scoped;
use tenantry_core::{Currency, DecimalError, EdgeId, Factor, Problem, TenantId, Timestamp};
use tenantry_rating::{AppliesTo, PriceList, PriceRule};

/// A link of the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Names it.
    pub id: EdgeId,
    /// Who sells.
    pub seller: TenantId,
    /// Who buys.
    pub buyer: TenantId,
    /// Whether the buyer is the seller's customer; else it is a partner.
    pub to_customer: bool,
    /// The country whose price sheets hold.
    pub market: String,
    /// The currency it is billed in.
    pub currency: Currency,
    /// What its buyer pays of the public list price. Of a lower edge this is a product, so that nobody reads from it
    /// what the seller pays.
    pub prices: PriceList,
    /// When it began, in world time.
    pub created_at: Timestamp,
}

/// A link of the channel as its seller sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldEdge {
    /// What the buyer sees.
    pub edge: Edge,
    /// The seller's own rules, on what it pays itself (the provider's: on the public list). Not for the buyer: with its
    /// own prices they would tell what the seller pays.
    pub rules: PriceList,
}

/// The default programme: 15 % off what the provider owns, nothing off what third parties sell through it.
///
/// Source: the recorded rate cards, where a direct partner's rate is exactly 0.85 of the list rate.
pub(crate) fn default_rule() -> Result<PriceRule, DecimalError> {
    // From the beginning of time: usage may be dated before the edge was made, and no day is without the rule.
    Ok(PriceRule {
        factor: Factor::after_discount("0.15")?,
        applies_to: AppliesTo::FirstParty,
        from: Timestamp::from_micros(0),
    })
}

/// The first rule between an indirect provider and its reseller: all that the one pays, times a factor, for the other.
pub(crate) const fn resale_rule(factor: Factor) -> PriceRule {
    PriceRule { factor, applies_to: AppliesTo::Everything, from: Timestamp::from_micros(0) }
}

/// The refusal for a factor that cannot be multiplied with the others of its channels.
pub(crate) fn inexact() -> Problem {
    let message = format!(
        "with the other factors of the channel it comes to more than {} fraction digits, or to more than {}; prices are \
         exact on every tier, so use fewer digits",
        Factor::SCALE,
        Factor::MAX
    );
    Problem::invalid("factor", message)
}

/// The stored name of what a rule is for.
pub(crate) const fn applies_to_name(applies_to: AppliesTo) -> &'static str {
    match applies_to {
        AppliesTo::FirstParty => "first-party",
        AppliesTo::Everything => "everything",
    }
}

/// What a rule is for, by its stored name.
pub(crate) fn applies_to_from_name(name: &str) -> Result<AppliesTo, String> {
    [AppliesTo::FirstParty, AppliesTo::Everything]
        .into_iter()
        .find(|known| applies_to_name(*known) == name)
        .ok_or_else(|| format!("`{name}` names no kind of meter"))
}

impl Edge {
    /// Whose it is, for the policy.
    #[must_use]
    pub const fn scope(&self) -> EdgeRef {
        EdgeRef { seller: self.seller, buyer: self.buyer, to_customer: self.to_customer }
    }
}

/// As its reference: see [`EdgeRef`].
impl Scoped for Edge {
    fn partner(&self) -> Option<TenantId> {
        self.scope().partner()
    }

    fn upstream(&self) -> Option<TenantId> {
        self.scope().upstream()
    }

    fn customer(&self) -> Option<TenantId> {
        self.scope().customer()
    }

    fn billed_to(&self) -> Option<TenantId> {
        self.scope().billed_to()
    }

    fn is_private(&self) -> bool {
        self.scope().is_private()
    }

    fn hidden(&self) -> Problem {
        self.scope().hidden()
    }
}
