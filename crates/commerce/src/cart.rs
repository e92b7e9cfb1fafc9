//! A cart: what a partner puts together for a customer, looked at line by line, before it orders it all at once.
//!
//! ```text
//! active --replace--> active --checkout--> ordering --> ordered      each group of lines is an order, or a refusal
//!    |                   ^                     |
//!    expires             +---------------------+  nothing could be ordered
//! ```
//!
//! `ordering` is seen only while a checkout is under way or after one that died half way: the lines stand still, and the
//! next checkout goes on where it stopped.

use crate::offer::BillingCycle;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use tenantry_access::Scoped;
use tenantry_core::{Currency, OfferId, Problem, Reason, TenantId, Timestamp};
use uuid::Uuid;

/// How long a cart is kept after its last change, in seconds: seven days (partner-center-v1.md 4.4, today's documentation;
/// the older one has 15 minutes).
pub(crate) const KEPT_SECONDS: i64 = 7 * 24 * 60 * 60;

/// Most lines of a cart, those of add-ons counted.
pub(crate) const LINES_MAX: usize = 100;

/// How often a line is to be billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum WantedCycle {
    /// Every month.
    Monthly,
    /// Once a year.
    Annual,
    /// Never.
    None,
    /// Once.
    OneTime,
    /// Every three years. Nothing here is billed so, nor in the following cycle.
    Triennial,
    /// Every two years.
    Biennial,
}

impl WantedCycle {
    /// The cycle of offers that it is, if it is one.
    #[must_use]
    pub const fn sold(self) -> Option<BillingCycle> {
        match self {
            Self::Monthly => Some(BillingCycle::Monthly),
            Self::Annual => Some(BillingCycle::Annual),
            Self::None => Some(BillingCycle::None),
            Self::OneTime => Some(BillingCycle::OneTime),
            Self::Triennial | Self::Biennial => None,
        }
    }
}

impl From<BillingCycle> for WantedCycle {
    fn from(cycle: BillingCycle) -> Self {
        match cycle {
            BillingCycle::Monthly => Self::Monthly,
            BillingCycle::Annual => Self::Annual,
            BillingCycle::None => Self::None,
            BillingCycle::OneTime => Self::OneTime,
        }
    }
}

/// A line of a cart, as it was sent. Members that nothing here can fulfil are kept too: the line is answered with what is
/// wrong with it.
///
/// Source: partner-center-v1.md 3.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// Its number, as the client counts.
    pub id: i64,
    /// What is wanted: an offer, or an item `product:sku:availability`.
    pub item: OfferId,
    /// The subscription's name; the offer's if absent.
    pub friendly_name: Option<String>,
    /// Seats; 1 if usage is billed.
    pub quantity: i64,
    /// How often to bill; the offer's default if absent.
    pub billing_cycle: Option<WantedCycle>,
    /// For how long, as ISO 8601 writes it; the offer's own if absent.
    pub term: Option<String>,
    /// For how long it is to go on after that.
    pub renews_to: Option<String>,
    /// A promotion's id.
    pub promotion: Option<String>,
    /// When the first term is to end, if not after its full length.
    pub term_ends: Option<String>,
    /// Partners that take part: in which role, and their numbers.
    pub participants: Vec<(String, String)>,
    /// What an item needs to know before it can be provided.
    pub context: BTreeMap<String, String>,
    /// Add-ons to this line.
    pub add_ons: Vec<CartLine>,
}

/// Where a cart is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CartState {
    /// It can be changed and ordered.
    Active,
    /// It is being ordered.
    Ordering,
    /// It was ordered, and never changes again.
    Ordered,
}

impl CartState {
    const ALL: [Self; 3] = [Self::Active, Self::Ordering, Self::Ordered];

    /// The stored name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ordering => "ordering",
            Self::Ordered => "ordered",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// A cart as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cart {
    /// Names it.
    pub id: Uuid,
    /// The partner whose cart it is.
    pub partner: TenantId,
    /// The indirect provider that partner buys from, if it is a reseller.
    pub indirect_provider: Option<TenantId>,
    /// For whom.
    pub customer: TenantId,
    /// What is wanted.
    pub lines: Vec<CartLine>,
    /// Where it is in its life.
    pub state: CartState,
    /// Counts changes of the lines from 1.
    pub version: i64,
    /// When it was made, in world time.
    pub created_at: Timestamp,
    /// When its lines were put last.
    pub changed_at: Timestamp,
    /// From when on it is gone, unless it was ordered.
    pub expires_at: Timestamp,
    /// Who put its lines: a person, or an application's principal; nobody's id if it was the platform.
    pub changed_by: Uuid,
}

/// Lines that become one order. Offers of the old catalogue and items of the modern one are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderGroup {
    /// Whether it holds offers of the old catalogue.
    pub legacy: bool,
    /// Its number among its kind, from 0.
    pub number: i64,
}

impl fmt::Display for OrderGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.legacy { "old" } else { "modern" }, self.number)
    }
}

/// What kind of thing is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineFault {
    /// No such item is sold in the customer's country.
    ItemUnknown,
    /// The item is not sold this way: an add-on as a line of its own, or to a line it does not go with.
    NotPurchasable,
    /// The customer has as many of it as it may have.
    Quota,
    /// More seats than one subscription may have.
    SeatsMax,
    /// A limit of sandboxes.
    Sandbox,
    /// The item is not billed so.
    Cycle,
    /// Nobody else takes part in a purchase here.
    Participants,
    /// No promotion has that id.
    Promotion,
    /// The end of a term is not chosen here.
    TermEnd,
    /// Another member of the line: its quantity, its term, its name.
    Input,
    /// An add-on, which a cart cannot order.
    AddOn,
}

/// What is wrong with a line.
#[derive(Debug)]
pub struct LineProblem {
    /// What kind of thing.
    pub fault: LineFault,
    /// What the order would be refused with.
    pub problem: Problem,
}

/// What a line is found to be.
#[derive(Debug)]
pub struct LineState {
    /// With which others it is ordered; its add-ons with it.
    pub group: OrderGroup,
    /// What is wrong with it, if something is.
    pub problem: Option<LineProblem>,
    /// What is wrong with each of its add-ons.
    pub add_ons: Vec<LineProblem>,
}

/// A cart, and what its lines are found to be now. What an ordered cart once held is no longer looked at.
#[derive(Debug)]
pub struct CartView {
    /// The cart.
    pub cart: Cart,
    /// The currency the customer's seller buys in; the customer's, where that seller bills it here.
    pub currency: Currency,
    /// Of each line, in their order.
    pub lines: Vec<LineState>,
}

/// The refusal for a cart that is not there, not this caller's, or over.
pub(crate) fn no_cart(id: Uuid) -> Problem {
    let message = format!("the customer has no cart {id}: check the id, or make a new cart if it is older than 7 days");
    Problem::new(Reason::OrderNotFound, message).at("cartId")
}

impl Scoped for Cart {
    fn partner(&self) -> Option<TenantId> {
        Some(self.partner)
    }

    fn upstream(&self) -> Option<TenantId> {
        self.indirect_provider
    }

    fn customer(&self) -> Option<TenantId> {
        Some(self.customer)
    }

    fn hidden(&self) -> Problem {
        no_cart(self.id)
    }
}
