//! What kind of line: from which billing system, and whether it is a charge or the usage behind one.
//!
//! Clients choose the class they read an item into by exactly these two words (partner-center-v1.md 3.12).

use crate::wire::words::Words;
use serde::{Deserialize, Serialize};

/// A billing system of the field. Our lines are of `Azure`, `Office` and `OneTime`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Provider {
    None,
    Office,
    Azure,
    OneTime,
    Marketplace,
    All,
}

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum LineType {
    None,
    /// How much was used, of what, when.
    Usage,
    /// What is charged.
    Billing,
}

/// In the order of the ordinals.
pub(super) const PROVIDERS: Words<Provider> = Words(&[
    ("none", Provider::None),
    ("office", Provider::Office),
    ("azure", Provider::Azure),
    ("one_time", Provider::OneTime),
    ("marketplace", Provider::Marketplace),
    ("all", Provider::All),
]);

/// In the order of the ordinals.
pub(super) const LINE_TYPES: Words<LineType> = Words(&[
    ("none", LineType::None),
    ("usage_line_items", LineType::Usage),
    ("billing_line_items", LineType::Billing),
]);

impl Provider {
    /// The word in items.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Office => "office",
            Self::Azure => "azure",
            Self::OneTime => "one_time",
            Self::Marketplace => "marketplace",
            Self::All => "all",
        }
    }

    /// The word in paths.
    pub(super) const fn segment(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Office => "Office",
            Self::Azure => "Azure",
            Self::OneTime => "OneTime",
            Self::Marketplace => "Marketplace",
            Self::All => "All",
        }
    }
}

impl LineType {
    /// The word in items.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Usage => "usage_line_items",
            Self::Billing => "billing_line_items",
        }
    }

    /// The word in paths.
    pub(super) const fn segment(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Usage => "UsageLineItems",
            Self::Billing => "BillingLineItems",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_paths_and_queries_are_read() {
        for text in ["Azure", "azure", "AZURE", "2"] {
            assert_eq!(PROVIDERS.read("provider", text).unwrap().word(), "azure", "{text}");
        }
        for text in ["OneTime", "onetime", "one_time", "ONETIME"] {
            assert_eq!(PROVIDERS.read("provider", text).unwrap().segment(), "OneTime", "{text}");
        }
        for text in ["BillingLineItems", "billinglineitems", "BILLINGLINEITEMS", "billing_line_items"] {
            assert_eq!(LINE_TYPES.read("type", text).unwrap(), LineType::Billing, "{text}");
        }
        assert!(PROVIDERS.read("provider", "gcp").is_err());
        assert!(LINE_TYPES.read("type", "lines").is_err());
    }
}
