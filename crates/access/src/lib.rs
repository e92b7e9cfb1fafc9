//! Who may do what: roles, actions, scopes, and permission as a value that only the policy can make.
//!
//! An act asks for `Allowed<OrderPlace, CustomerRef>` instead of a customer. The only way to have one is
//! [`allow`], so an act that forgot to ask does not compile. The order of questions is fixed: first whether the
//! target is within the caller's reach at all (if not, it is not there: the target's own 404), then whether a
//! role allows the action (if not, a 403 that names the roles that would).
//!
//! The policy is one table, in `policy.rs`, printed to `policy.txt` for people who do not read Rust.
//! Everything here is pure: no I/O, no clock.

mod action;
mod allowed;
mod decision;
mod grant;
mod policy;
mod scope;
#[cfg(test)]
mod testing;

pub use action::{
    Action, ActionName, CatalogueRead, ChannelManage, ClockMove, CustomerChange, CustomerCreate, CustomerRead,
    InvoiceRead, MonthClose, OrderPlace, OrderRead, PartnerProfileRead, PriceRead, SubscriptionChange,
    SubscriptionRead, UsageRead, UsageReport,
};
pub use allowed::{Allowed, allow};
pub use decision::{Decision, decide};
pub use grant::{Grant, Path, Reach};
pub use scope::{PartnerScope, Scoped, WorldScope};
