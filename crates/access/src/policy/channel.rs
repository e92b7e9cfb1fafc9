//! The policy of the channel: who may sell, bill and see what.
//!
//! The marks follow the role table of the field (partner-center-v1.md 5.2). Where the field lets helpdesk and
//! billing staff create subscriptions we do not: here a helpdesk agent does not buy, and a billing admin sees
//! money but moves none (`tenantry_core::Role`). A role forgotten here costs a message; one too many costs money.

use super::{Mark, Subject};
use crate::ActionName;
use tenantry_core::{DirectoryRole, Role};

const Y: Mark = Mark::Yes;
const S: Mark = Mark::Sandbox;
const O: Mark = Mark::OwnPeople;
const N: Mark = Mark::No;

/// Everybody, in the order of the columns below.
pub(super) const SUBJECTS: [Subject; 9] = [
    Subject::Provider,
    Subject::Holder(Role::AdminAgent),
    Subject::Holder(Role::SalesAgent),
    Subject::Holder(Role::HelpdeskAgent),
    Subject::Holder(Role::GlobalAdmin),
    Subject::Holder(Role::UserAdmin),
    Subject::Holder(Role::BillingAdmin),
    Subject::Administrator(DirectoryRole::GlobalAdmin),
    Subject::Administrator(DirectoryRole::BillingAdmin),
];

/// The one scope by which an application acts for a person in the channel (partner-center-v1.md 1.2). It gives the
/// application all that the person may.
pub(super) const SCOPE: &str = "user_impersonation";

#[rustfmt::skip]
pub(super) const POLICY: [(ActionName, [Mark; 9]); 29] = [
    //                                 Provider
    //                                 |  AdminAgents
    //                                 |  |  SalesAgents
    //                                 |  |  |  HelpdeskAgents
    //                                 |  |  |  |  Global admin
    //                                 |  |  |  |  |  User management admin
    //                                 |  |  |  |  |  |  Billing admin
    //                                 |  |  |  |  |  |  |  Global Administrator of the customer that is billed
    //                                 |  |  |  |  |  |  |  |  Billing Administrator of it
    (ActionName::CustomerRead,        [Y, Y, Y, Y, Y, N, N, N, N]), // "View customer list"
    (ActionName::CustomerCreate,      [Y, Y, Y, N, Y, Y, N, N, N]), // "Add customer"
    (ActionName::CustomerChange,      [Y, N, Y, N, Y, N, N, N, N]), // "Update customer account info"
    (ActionName::CustomerRemove,      [Y, S, N, N, Y, N, N, N, N]), // "Remove relationship"; agents clean up sandboxes
    (ActionName::CatalogueRead,       [Y, Y, Y, N, Y, Y, Y, N, N]), // "Prices and offers"
    (ActionName::OrderRead,           [Y, Y, Y, Y, Y, N, Y, N, N]), // ours: who sees subscriptions sees what made them
    (ActionName::OrderPlace,          [Y, Y, Y, N, Y, N, N, N, N]), // "Create subscriptions", without helpdesk and billing
    (ActionName::SubscriptionRead,    [Y, Y, Y, Y, Y, N, Y, N, N]), // "Create/suspend/cancel": one must see to do
    (ActionName::SubscriptionChange,  [Y, Y, Y, N, Y, N, N, N, N]), // "Create/suspend/cancel", "Add licences", as above
    (ActionName::UsageRead,           [Y, Y, Y, Y, Y, N, Y, O, O]), // "Daily rated usage files", and the account admin
    (ActionName::UsageReport,         [Y, S, N, N, S, N, N, N, N]), // ours: services report; partners only to try things
    (ActionName::InvoiceRead,         [Y, Y, N, N, Y, N, Y, O, O]), // "Read invoices"
    (ActionName::PriceRead,           [Y, Y, Y, N, Y, Y, Y, O, O]), // "Prices and offers"
    (ActionName::PartnerProfileRead,  [Y, Y, Y, Y, Y, Y, Y, N, N]), // ours: clients read it first, to connect
    (ActionName::PartnerProfileChange, [Y, N, N, N, Y, N, N, N, N]), // "Partner profiles update"
    (ActionName::ChannelManage,       [Y, N, N, N, N, N, N, N, N]), // ours: the provider's business
    (ActionName::ResellerManage,      [Y, Y, N, N, Y, N, N, N, N]), // "Indirect reseller tasks": prices are made here
    (ActionName::CustomerPriceManage, [Y, Y, Y, N, Y, N, N, N, N]), // ours: who sells to customers says at which price
    (ActionName::BudgetRead,          [Y, Y, Y, Y, Y, N, Y, N, N]), // who sees subscriptions sees what limits them
    (ActionName::BudgetManage,        [Y, Y, Y, N, Y, N, N, N, N]), // who may suspend a subscription may say when to
    (ActionName::TicketManage,        [Y, Y, Y, Y, Y, Y, N, N, N]), // "Service requests for customer"
    (ActionName::TicketAnswer,        [Y, N, N, N, N, N, N, N, N]), // ours: who operates the platform answers
    (ActionName::IncidentRead,        [Y, Y, Y, Y, Y, N, N, N, N]), // "Service health / incidents"
    (ActionName::IncidentManage,      [Y, N, N, N, N, N, N, N, N]), // ours: who operates the platform knows
    (ActionName::DeviceManage,        [Y, Y, Y, N, Y, Y, N, N, N]), // "Device deployment (Autopilot)"
    (ActionName::WebhookManage,       [Y, Y, N, N, Y, N, N, N, N]), // ours: where facts of customers go; near "API app management"
    (ActionName::AuditRead,           [Y, Y, Y, Y, Y, Y, Y, N, N]), // "Activity log (audit)"
    (ActionName::MonthClose,          [Y, S, N, N, S, N, N, N, N]), // ours: time is the provider's, except in a sandbox
    (ActionName::ClockMove,           [S, S, N, N, S, N, N, N, N]), // ours: nobody moves the clock of a live world
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plane;
    use crate::policy::{allows, roles_for};

    #[test]
    fn the_table_speaks_of_every_action_and_role_once() {
        assert!(POLICY.map(|(action, _)| action).into_iter().eq(ActionName::of(Plane::Channel)));
        let roles = SUBJECTS.into_iter().skip(1).take(Role::ALL.len());
        assert!(roles.eq(Role::ALL.map(Subject::Holder)));
    }

    #[test]
    fn what_a_partner_may_the_provider_may() {
        for action in ActionName::of(Plane::Channel) {
            for sandbox in [false, true] {
                let place = crate::policy::Place { sandbox, ..crate::policy::Place::default() };
                let some_role = !roles_for(action, place, false).is_empty();
                assert!(!some_role || allows(action, Subject::Provider, place), "{action}");
            }
        }
    }
}
