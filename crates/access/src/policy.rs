//! The policy: one table, every action by everybody. To change who may do what, change this table and run the
//! test `generated_policy_table` with `TENANTRY_UPDATE=1`; the diff of `policy.txt` is what a reviewer reads.
//!
//! The marks follow the role table of the field (partner-center-v1.md 5.2). Where the field lets helpdesk and
//! billing staff create subscriptions we do not: here a helpdesk agent does not buy, and a billing admin sees
//! money but moves none (`tenantry_core::Role`). A role forgotten here costs a message; one too many costs money.

use crate::ActionName;
use tenantry_core::Role;

/// What the policy says about an action and somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Allowed.
    Yes,
    /// Allowed in sandbox worlds.
    Sandbox,
    /// Not allowed.
    No,
}

/// Who the columns of the table speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Any application of the provider's tenant.
    Provider,
    /// An application that holds the role in its partner tenant.
    Holder(Role),
}

const Y: Mark = Mark::Yes;
const S: Mark = Mark::Sandbox;
const N: Mark = Mark::No;

/// Everybody, in the order of the columns below.
pub(crate) const SUBJECTS: [Subject; 7] = [
    Subject::Provider,
    Subject::Holder(Role::AdminAgent),
    Subject::Holder(Role::SalesAgent),
    Subject::Holder(Role::HelpdeskAgent),
    Subject::Holder(Role::GlobalAdmin),
    Subject::Holder(Role::UserAdmin),
    Subject::Holder(Role::BillingAdmin),
];

#[rustfmt::skip]
const POLICY: [(ActionName, [Mark; 7]); 16] = [
    //                                 Provider
    //                                 |  AdminAgents
    //                                 |  |  SalesAgents
    //                                 |  |  |  HelpdeskAgents
    //                                 |  |  |  |  Global admin
    //                                 |  |  |  |  |  User management admin
    //                                 |  |  |  |  |  |  Billing admin
    (ActionName::CustomerRead,        [Y, Y, Y, Y, Y, N, N]), // "View customer list"
    (ActionName::CustomerCreate,      [Y, Y, Y, N, Y, Y, N]), // "Add customer"
    (ActionName::CustomerChange,      [Y, N, Y, N, Y, N, N]), // "Update customer account info"
    (ActionName::CatalogueRead,       [Y, Y, Y, N, Y, Y, Y]), // "Prices and offers"
    (ActionName::OrderRead,           [Y, Y, Y, Y, Y, N, Y]), // ours: who sees subscriptions sees what made them
    (ActionName::OrderPlace,          [Y, Y, Y, N, Y, N, N]), // "Create subscriptions", without helpdesk and billing
    (ActionName::SubscriptionRead,    [Y, Y, Y, Y, Y, N, Y]), // "Create/suspend/cancel": one must see to do
    (ActionName::SubscriptionChange,  [Y, Y, Y, N, Y, N, N]), // "Create/suspend/cancel", "Add licences", as above
    (ActionName::UsageRead,           [Y, Y, Y, Y, Y, N, Y]), // "Daily rated usage files", and the account admin
    (ActionName::UsageReport,         [Y, S, N, N, S, N, N]), // ours: services report; partners only to try things
    (ActionName::InvoiceRead,         [Y, Y, N, N, Y, N, Y]), // "Read invoices"
    (ActionName::PriceRead,           [Y, Y, Y, N, Y, Y, Y]), // "Prices and offers"
    (ActionName::PartnerProfileRead,  [Y, Y, Y, Y, Y, Y, Y]), // ours: clients read it first, to connect
    (ActionName::ChannelManage,       [Y, N, N, N, N, N, N]), // ours: the provider's business
    (ActionName::MonthClose,          [Y, S, N, N, S, N, N]), // ours: time is the provider's, except in a sandbox
    (ActionName::ClockMove,           [S, S, N, N, S, N, N]), // ours: nobody moves the clock of a live world
];

/// What the table says.
pub(crate) fn mark(action: ActionName, subject: Subject) -> Mark {
    let marks = POLICY.iter().find(|(name, _)| *name == action).map(|(_, marks)| marks);
    let column = SUBJECTS.iter().position(|known| *known == subject);
    // An action or subject without a place in the table may nothing; a test shows that there is none.
    marks.zip(column).and_then(|(marks, column)| marks.get(column).copied()).unwrap_or(Mark::No)
}

/// Whether the table allows it there.
pub(crate) fn allows(action: ActionName, subject: Subject, sandbox: bool) -> bool {
    match mark(action, subject) {
        Mark::Yes => true,
        Mark::Sandbox => sandbox,
        Mark::No => false,
    }
}

/// The roles of a partner that would do.
pub(crate) fn roles_for(action: ActionName, sandbox: bool) -> Vec<Role> {
    Role::ALL.into_iter().filter(|role| allows(action, Subject::Holder(*role), sandbox)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::golden;

    const LEGEND: &str = "\
Who may do what. Rows: who; columns: what. Generated from crates/access/src/policy.rs.
y = yes, s = in sandbox worlds only, - = no. The platform itself may do everything.
A partner's applications act on their own partner and its customers; anything else is not there for them (404).
An application with several roles may do what any of them may.

";

    fn table() -> String {
        let width = |action: &ActionName| action.words().0.len().max(action.words().1.len()) + 1;
        let mut lines = [String::new(), String::new()];
        for (line, pick) in lines.iter_mut().zip([true, false]) {
            *line = format!("{:24}", "");
            for action in &ActionName::ALL {
                let (noun, verb) = action.words();
                line.push_str(&format!("{:width$}", if pick { noun } else { verb }, width = width(action)));
            }
        }
        let mut text = LEGEND.to_owned();
        for line in lines {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        for subject in SUBJECTS {
            let name = match subject {
                Subject::Provider => "Provider application".to_owned(),
                Subject::Holder(role) => role.to_string(),
            };
            let mut line = format!("{name:24}");
            for action in &ActionName::ALL {
                let mark = match mark(*action, subject) {
                    Mark::Yes => "y",
                    Mark::Sandbox => "s",
                    Mark::No => "-",
                };
                line.push_str(&format!("{mark:width$}", width = width(action)));
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    #[test]
    fn generated_policy_table() {
        golden("policy.txt", &table());
    }

    #[test]
    fn the_table_speaks_of_every_action_and_role_once() {
        assert_eq!(POLICY.map(|(action, _)| action), ActionName::ALL);
        let roles: Vec<_> = SUBJECTS
            .iter()
            .filter_map(|subject| match subject {
                Subject::Provider => None,
                Subject::Holder(role) => Some(*role),
            })
            .collect();
        assert_eq!(roles, Role::ALL);
    }

    #[test]
    fn what_a_partner_may_the_provider_may() {
        for action in ActionName::ALL {
            for sandbox in [false, true] {
                let some_role = !roles_for(action, sandbox).is_empty();
                assert!(!some_role || allows(action, Subject::Provider, sandbox), "{action}");
            }
        }
    }
}
