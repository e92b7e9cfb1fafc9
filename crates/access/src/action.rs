//! What can be done, noun first. Each action is a type, so that a permission for one is not one for another.
//!
//! Acts on Azure resources are not here: they are texts that clients and custom roles invent
//! (`Microsoft.Compute/virtualMachines/start/action`), and [`crate::azure`] decides about them.

use std::fmt;

/// An action as a type. The unit structs of this file are all there are.
pub trait Action {
    /// Its row in the policy.
    const NAME: ActionName;
}

/// Which part of the policy speaks of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plane {
    /// Selling: customers, orders, usage, invoices. The roles of the channel count.
    Channel,
    /// One tenant's directory: people, applications, domains. Directory roles count.
    Directory,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $plane:ident $noun:literal $verb:literal;)*) => {
        /// The name of an action, in the order the policy prints them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ActionName {
            $($(#[$doc])* $name,)*
        }

        impl ActionName {
            /// All actions, in the order the policy prints them.
            pub const ALL: [Self; [$(stringify!($name)),*].len()] = [$(Self::$name),*];

            /// The name in code, logs and messages: `OrderPlace`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// What is acted on, and what is done: `("Order", "place")`.
            #[must_use]
            pub const fn words(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$name => ($noun, $verb),)*
                }
            }

            /// Which part of the policy speaks of it.
            #[must_use]
            pub const fn plane(self) -> Plane {
                match self {
                    $(Self::$name => Plane::$plane,)*
                }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub struct $name;

            impl Action for $name {
                const NAME: ActionName = ActionName::$name;
            }
        )*
    };
}

actions! {
    /// See customers and their profiles.
    CustomerRead = Channel "Customer" "read";
    /// Add a customer (a new tenant).
    CustomerCreate = Channel "Customer" "create";
    /// Change a customer's account information.
    CustomerChange = Channel "Customer" "change";
    /// End the relationship with a customer; in a sandbox, delete it.
    CustomerRemove = Channel "Customer" "remove";
    /// See the offers of the catalogue.
    CatalogueRead = Channel "Catalogue" "read";
    /// See orders.
    OrderRead = Channel "Order" "read";
    /// Place an order: this costs money.
    OrderPlace = Channel "Order" "place";
    /// See subscriptions.
    SubscriptionRead = Channel "Subscription" "read";
    /// Rename, resize, suspend, reactivate or cancel a subscription.
    SubscriptionChange = Channel "Subscription" "change";
    /// See usage and its charges.
    UsageRead = Channel "Usage" "read";
    /// Report usage events, which will be billed.
    UsageReport = Channel "Usage" "report";
    /// See invoices and the files behind them.
    InvoiceRead = Channel "Invoice" "read";
    /// See prices: one's own price sheet.
    PriceRead = Channel "Price" "read";
    /// See the partner's own profile.
    PartnerProfileRead = Channel "PartnerProfile" "read";
    /// Change the partner's own profiles: what stands on its bills, where its customers get help.
    PartnerProfileChange = Channel "PartnerProfile" "change";
    /// Sign up partners, change channel edges, import price sheets.
    ChannelManage = Channel "Channel" "manage";
    /// As an indirect provider: sign up resellers and set the prices they buy at.
    ResellerManage = Channel "Reseller" "manage";
    /// Say what a customer pays: what one pays oneself, times a factor.
    CustomerPriceManage = Channel "CustomerPrice" "manage";
    /// See budgets, what was spent of them, and alerts.
    BudgetRead = Channel "Budget" "read";
    /// Put, change and remove budgets, and resolve alerts: this may stop what customers use, or let it go on.
    BudgetManage = Channel "Budget" "manage";
    /// Raise requests for help (tickets), about oneself or a customer, see them and go on with them.
    TicketManage = Channel "Ticket" "manage";
    /// As the provider: see everybody's requests for help, answer and close them.
    TicketAnswer = Channel "Ticket" "answer";
    /// See how well the services run.
    IncidentRead = Channel "Incident" "read";
    /// As the provider: say what does not run, and when it does again.
    IncidentManage = Channel "Incident" "manage";
    /// Bring in a customer's devices before their first start, and say how they are set up.
    DeviceManage = Channel "Device" "manage";
    /// Say where the partner's programs are told what happens, and of what: facts of customers go there.
    WebhookManage = Channel "Webhook" "manage";
    /// See what the partner's people and programs did.
    AuditRead = Channel "Audit" "read";
    /// Close a billing month.
    MonthClose = Channel "Month" "close";
    /// Move the world's clock.
    ClockMove = Channel "Clock" "move";
    /// See people, groups, directory roles and who is in them.
    DirectoryRead = Directory "Directory" "read";
    /// See the organisation itself: its profile, domains and the licences it owns.
    OrganizationRead = Directory "Organization" "read";
    /// See one's own entry.
    OwnProfileRead = Directory "OwnProfile" "read";
    /// Change one's own password.
    OwnPasswordChange = Directory "OwnPassword" "change";
    /// Add a person.
    UserCreate = Directory "User" "create";
    /// Change a person's entry; let in or keep out.
    UserChange = Directory "User" "change";
    /// Delete a person, or bring a deleted one back.
    UserDelete = Directory "User" "delete";
    /// Set a new password for a person who holds no directory role.
    PasswordReset = Directory "Password" "reset";
    /// Set a new password for an administrator.
    AdminPasswordReset = Directory "AdminPassword" "reset";
    /// Give people licences, or take them away.
    LicenceAssign = Directory "Licence" "assign";
    /// Add, change and delete groups, and say who is in them.
    GroupManage = Directory "Group" "manage";
    /// Say who holds which directory role.
    DirectoryRoleManage = Directory "DirectoryRole" "manage";
    /// See applications and what they are allowed.
    ApplicationRead = Directory "Application" "read";
    /// Register, change and delete applications, with their secrets and certificates.
    ApplicationManage = Directory "Application" "manage";
    /// Allow an application something for everybody in the tenant.
    ConsentManage = Directory "Consent" "manage";
    /// Add, verify and remove domains.
    DomainManage = Directory "Domain" "manage";
    /// Change the organisation's profile.
    OrganizationChange = Directory "Organization" "change";
    /// See which customers a partner has, and by what contract.
    ContractRead = Directory "Contract" "read";
    /// See delegated admin relationships.
    RelationshipRead = Directory "Relationship" "read";
    /// As the partner: ask for a delegated admin relationship, end it, say which group gets which role.
    RelationshipManage = Directory "Relationship" "manage";
    /// As the customer: approve a delegated admin relationship, or end it.
    RelationshipApprove = Directory "Relationship" "approve";
    /// See who holds which Azure role anywhere in the tenant, and explain anybody's access. At one scope, the Azure
    /// right `Microsoft.Authorization/roleAssignments/read` does as well.
    AccessRead = Directory "Access" "read";
}

impl ActionName {
    /// The actions of one part of the policy, in the order they are printed.
    pub fn of(plane: Plane) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |action| action.plane() == plane)
    }
}

impl fmt::Display for ActionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
