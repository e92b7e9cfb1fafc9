//! Every kind of id, in one list. Two kinds never mix, and clients may write GUIDs in any letter case.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// A text that is not a GUID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAGuid {
    /// What it was meant to be, for the message: "subscription id".
    pub kind: &'static str,
    /// The text as seen, clipped.
    pub seen: String,
}

impl fmt::Display for NotAGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a {} (a GUID such as 1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10)", self.seen, self.kind)
    }
}

impl std::error::Error for NotAGuid {}

macro_rules! guid_kinds {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a GUID.
            #[must_use]
            pub const fn new(guid: Uuid) -> Self {
                Self(guid)
            }

            /// The GUID.
            #[must_use]
            pub const fn guid(self) -> Uuid {
                self.0
            }

            /// Reads a GUID in any letter case.
            pub fn parse(text: &str) -> Result<Self, NotAGuid> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAGuid {
                    kind: $kind,
                    seen: text.chars().take(60).collect(),
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }
    )*};
}

guid_kinds! {
    /// A directory: the provider's, a partner's or a customer's. Partners and customers are named by it.
    TenantId = "tenant id";
    /// An application registration (client id), the same in every tenant it is used in.
    AppId = "application id";
    /// An object in a directory: user, group, application or service principal.
    ObjectId = "object id";
    /// A subscription. Printed upper-case by the legacy commerce API, compared in any case.
    SubscriptionId = "subscription id";
    /// An order.
    OrderId = "order id";
    /// A meter. The only key by which usage and prices are joined.
    MeterId = "meter id";
    /// One import of a price sheet.
    PriceSheetId = "price sheet id";
    /// A link of a channel: one seller, one buyer, one price list, one invoice a month.
    EdgeId = "channel edge id";
}

/// An offer of the catalogue: a GUID or a name such as `MS-AZR-0145P`. Compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OfferId(String);

impl OfferId {
    /// Keeps the id in the catalogue's spelling: upper-case.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_ascii_uppercase())
    }

    /// The id as the catalogue prints it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OfferId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
