//! Who may do what: roles, actions, scopes, and permission as a value that only the policy can make.
//!
//! An act asks for `Allowed<OrderPlace, CustomerRef>` instead of a customer. The only way to have one is
//! [`allow`], so an act that forgot to ask does not compile. The order of questions is fixed: first whether the
//! target is within the caller's reach at all (if not, it is not there: the target's own 404), then whether a
//! role allows the action (if not, a 403 that names the roles that would).
//!
//! The policy is a few tables, in `policy`, printed to `policy.txt` for people who do not read Rust. Azure roles are
//! texts that tenants write themselves, so [`azure`] is an engine, not a table. What either decides can be shown as an
//! [`Explanation`]. Everything here is pure: no I/O, no clock.

mod action;
mod allowed;
pub mod azure;
mod decision;
mod denial;
#[cfg(test)]
mod explained;
mod explanation;
mod grant;
mod policy;
mod scope;
#[cfg(test)]
mod testing;

pub use action::{
    AccessRead, Action, ActionName, AdminPasswordReset, ApplicationManage, ApplicationRead, AuditRead, BudgetManage,
    BudgetRead, CatalogueRead, ChannelManage, ClockMove, ConsentManage, ContractRead, CustomerChange, CustomerCreate,
    CustomerPriceManage, CustomerRead, CustomerRemove, DeviceManage, DirectoryRead, DirectoryRoleManage, DomainManage,
    GroupManage, IncidentManage, IncidentRead, InvoiceRead, LicenceAssign, MonthClose, OrderPlace, OrderRead,
    OrganizationChange, OrganizationRead, OwnPasswordChange, OwnProfileRead, PartnerProfileChange, PartnerProfileRead,
    PasswordReset, Plane, PriceRead, RelationshipApprove, RelationshipManage, RelationshipRead, ResellerManage,
    SubscriptionChange, SubscriptionRead, TicketAnswer, TicketManage, UsageRead, UsageReport, UserChange, UserCreate,
    UserDelete, WebhookManage,
};
pub use allowed::{Allowed, allow};
pub use decision::{Decision, decide, is_provider};
pub use denial::Denial;
pub use explanation::{Explanation, Names, NoNames};
pub use grant::{Grant, Path, Reach};
pub use policy::{DELEGATED_ADMIN, DELEGATED_SEE_BOUGHT_ELSEWHERE, NEW_SUBSCRIPTION, OWN_SEE_SUBSCRIPTIONS, Subject};
pub use scope::{PartnerScope, Scoped, TenantScope, WorldScope};
