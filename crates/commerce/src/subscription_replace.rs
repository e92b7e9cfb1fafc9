//! One subscription in the place of another: an upgrade, or a migration into the modern catalogue.
//!
//! The new one is bought today, in an order of its own, so that its bills begin with it; the old one is suspended today, and
//! seat billing gives back what is not used of it, as for every suspension. The caller does both in its transaction.

use crate::customer::Customer;
use crate::offer::{BillingCycle, Offer};
use crate::order_check::CheckedLine;
use crate::rows;
use crate::subscription::{Subscription, SuspensionReason};
use crate::subscription_keep::{keep, keep_new};
use crate::subscription_new::Purchase;
use tenantry_core::{Day, OpContext, OrderId, Problem};
use tenantry_db::Tx;

/// What takes the place of a subscription.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Replacement {
    /// What it is of.
    pub(crate) target: &'static Offer,
    /// How many seats.
    pub(crate) quantity: i64,
    /// How often it is billed.
    pub(crate) billing_cycle: BillingCycle,
    /// If it goes on from the old one, by whose end it does; `None`: it is bought as if there had been none.
    pub(crate) migration: Option<GoesOn>,
}

/// How a subscription goes on from the one it replaces.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GoesOn {
    /// Its commitment ends on this day; `None`: when a whole term from today does.
    pub(crate) until: Option<Day>,
}

impl Replacement {
    /// Stops the old one and buys the new one. `asked` is the request by which its order is found again. The caller holds the
    /// customer's row.
    pub(crate) async fn of(
        self,
        ctx: &OpContext,
        tx: &mut Tx,
        customer: &Customer,
        seen: &Subscription,
        asked: Option<String>,
    ) -> Result<Subscription, Problem> {
        let target = self.target;
        let state = seen.state.suspend(ctx.now(), SuspensionReason::CustomerCancellation)?;
        let stopped = Subscription { state, version: seen.version + 1, next_term_quantity: None, ..seen.clone() };
        let purchase = Purchase {
            customer,
            order: OrderId::new(ctx.chance.guid()),
            parent: None,
            billing_cycle: self.billing_cycle,
            on_record: seen.on_record.clone(),
        };
        let own_name = seen.friendly_name != seen.offer.name;
        let friendly_name = if own_name { seen.friendly_name.clone() } else { target.name.to_owned() };
        let line = CheckedLine { number: 0, offer: target, friendly_name, quantity: self.quantity };
        let made = purchase.made(ctx, line, rows::subscription::next_number(tx, customer).await?);
        let made = match self.migration {
            None => made,
            Some(GoesOn { until }) => Subscription {
                migrated_from: Some(seen.id),
                auto_renew: seen.auto_renew,
                commitment_ends_on: until.or(made.commitment_ends_on),
                ..made
            },
        };
        purchase.ordered(ctx, tx, &made, asked).await?;
        // The new units come before the old ones stop, so that groups that give both find what they can give.
        keep_new(ctx, tx, &made).await?;
        keep(ctx, tx, &stopped).await?;
        Ok(made)
    }
}
