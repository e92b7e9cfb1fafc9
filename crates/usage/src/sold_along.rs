//! Along which edges a subscription is sold, and who buys on them: what rooms ask that keep documents and permissions.

use crate::channel::EdgeNo;
use crate::fold::Fold;
use crate::record::EdgeTerms;
use tenantry_core::{EdgeId, SubscriptionId, Timestamp};

/// The edges from an instant on, from the provider down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldAlong {
    /// From when; until the next. The first one is that of all usage before, too.
    pub since: Timestamp,
    /// The edges.
    pub edges: Vec<EdgeId>,
}

impl Fold {
    /// Along which edges a subscription is and was sold, oldest first. Usage is charged along those of its own time.
    #[must_use]
    pub fn sold_along(&self, subscription: SubscriptionId) -> Vec<SoldAlong> {
        let Some(known) = self.subscriptions.get(&subscription) else { return Vec::new() };
        let id = |edge: &EdgeNo| self.edges.at(*edge).map(|terms| terms.id);
        let spans =
            known.spans().map(|(since, edges)| SoldAlong { since, edges: edges.iter().filter_map(id).collect() });
        spans.collect()
    }

    /// Whether the buyer on an edge is a customer: it uses what is sold over it itself. `None` while nothing was sold over
    /// it; then there is nothing on it to be seen either.
    #[must_use]
    pub fn is_to_customer(&self, edge: &EdgeTerms) -> Option<bool> {
        let number = self.edges.number(edge.id)?;
        let used = self.sold_through.get(&number).into_iter().flatten();
        let used = used.filter_map(|id| self.subscription(*id)).map(|terms| terms.customer).next();
        let customer = used.or_else(|| self.seats.through(number).next().map(|holder| holder.told.customer))?;
        Some(customer == edge.buyer)
    }
}
