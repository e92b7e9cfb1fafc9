//! What can be done, noun first. Each action is a type, so that a permission for one is not one for another.

use std::fmt;

/// An action as a type. The unit structs of this file are all there are.
pub trait Action {
    /// Its row in the policy.
    const NAME: ActionName;
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $noun:literal $verb:literal;)*) => {
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
    CustomerRead = "Customer" "read";
    /// Add a customer (a new tenant).
    CustomerCreate = "Customer" "create";
    /// Change a customer's account information.
    CustomerChange = "Customer" "change";
    /// See the offers of the catalogue.
    CatalogueRead = "Catalogue" "read";
    /// See orders.
    OrderRead = "Order" "read";
    /// Place an order: this costs money.
    OrderPlace = "Order" "place";
    /// See subscriptions.
    SubscriptionRead = "Subscription" "read";
    /// Rename, resize, suspend, reactivate or cancel a subscription.
    SubscriptionChange = "Subscription" "change";
    /// See usage and its charges.
    UsageRead = "Usage" "read";
    /// Report usage events, which will be billed.
    UsageReport = "Usage" "report";
    /// See invoices and the files behind them.
    InvoiceRead = "Invoice" "read";
    /// See prices: one's own price sheet.
    PriceRead = "Price" "read";
    /// See the partner's own profile.
    PartnerProfileRead = "PartnerProfile" "read";
    /// Sign up partners, change channel edges, import price sheets.
    ChannelManage = "Channel" "manage";
    /// Close a billing month.
    MonthClose = "Month" "close";
    /// Move the world's clock.
    ClockMove = "Clock" "move";
}

impl fmt::Display for ActionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
