//! Why a record cannot follow on a state.

use std::fmt;
use tenantry_core::{EdgeId, Factor, Month, SubscriptionId};

/// A record that cannot follow on this state. The log is damaged, or was written by something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoldFault {
    /// A record is missing or came twice.
    OutOfOrder {
        /// The place expected.
        expected: i64,
        /// The place seen.
        seen: i64,
    },
    /// The first record must be the genesis, and only the first.
    Genesis,
    /// A subscription names an edge that is not there.
    UnknownEdge(EdgeId),
    /// An event names a subscription that is not there.
    UnknownSubscription(SubscriptionId),
    /// The price lists along a channel multiply to more digits than amounts keep, or beyond the bound.
    FactorsTooFine(SubscriptionId),
    /// A month before one that is closed already, or a close whose number does not follow on the last.
    CloseOutOfOrder(Month),
    /// The offer, customer, market or currency of a subscription with seats is not what it was, or it has no seats.
    SeatsChanged(SubscriptionId),
    /// The quantities of a batch lie beyond the range that sums are kept in.
    BatchTooLarge,
}

impl fmt::Display for FoldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfOrder { expected, seen } => write!(f, "log record {seen} where {expected} was expected"),
            Self::Genesis => f.write_str("the log must begin with its genesis record, once"),
            Self::UnknownEdge(id) => write!(f, "channel edge {id} is not in the log"),
            Self::UnknownSubscription(id) => write!(f, "subscription {id} is not in the log"),
            Self::FactorsTooFine(id) => write!(
                f,
                "the price lists along the channel of subscription {id} multiply to more than 8 fraction digits, or to \
                 more than {}",
                Factor::MAX
            ),
            Self::CloseOutOfOrder(month) => {
                write!(f, "{month} cannot be closed: it or a later month is closed, or the close skips a number")
            }
            Self::SeatsChanged(id) => write!(
                f,
                "subscription {id} has no seats, or its offer, customer, market or currency changed; those stay"
            ),
            Self::BatchTooLarge => f.write_str(
                "the quantities of one batch leave the range of exact numbers together; send them in smaller batches",
            ),
        }
    }
}

impl std::error::Error for FoldFault {}
