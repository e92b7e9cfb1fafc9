//! A subscription as it is when it is bought: by an order, as an add-on, or as what another one is upgraded to.

use crate::channel::Channel;
use crate::customer::Customer;
use crate::offer::BillingCycle;
use crate::order::{Order, OrderLine};
use crate::order_check::CheckedLine;
use crate::rows;
use crate::subscription::{OnRecord, State, Subscription};
use tenantry_core::{OpContext, OrderId, Problem, SubscriptionId};
use tenantry_db::Tx;
use tenantry_rating::term_end;

/// What is bought, and along with what.
pub(crate) struct Purchase<'a> {
    /// By whom.
    pub(crate) customer: &'a Customer,
    /// In which order.
    pub(crate) order: OrderId,
    /// With which subscription, if it is an add-on.
    pub(crate) parent: Option<SubscriptionId>,
    /// How often it is billed.
    pub(crate) billing_cycle: BillingCycle,
    /// The reseller on its record.
    pub(crate) on_record: Option<OnRecord>,
}

impl Purchase<'_> {
    /// The subscription, active from now on. `number` counts those of the partner's customer.
    pub(crate) fn made(&self, ctx: &OpContext, line: CheckedLine, number: i64) -> Subscription {
        let starts_on = ctx.now().day();
        Subscription {
            id: SubscriptionId::new(ctx.chance.guid()),
            partner: self.customer.partner,
            indirect_provider: self.customer.indirect_provider,
            customer: self.customer.id,
            number,
            order: self.order,
            parent: self.parent,
            offer: line.offer,
            friendly_name: line.friendly_name,
            quantity: line.quantity,
            billing_cycle: self.billing_cycle,
            auto_renew: line.offer.auto_renewable,
            state: State::Active { since: ctx.now() },
            created_at: ctx.now(),
            starts_on,
            commitment_ends_on: term_end(starts_on, line.offer.term.months(), starts_on),
            next_term_quantity: None,
            version: 1,
            sold_since: ctx.now(),
            on_record: self.on_record.clone(),
            migrated_from: None,
        }
    }

    /// Keeps the order that bought it and nothing else. `asked` is the request by which it is found again.
    pub(crate) async fn ordered(
        &self,
        ctx: &OpContext,
        tx: &mut Tx,
        made: &Subscription,
        asked: Option<String>,
    ) -> Result<(), Problem> {
        let customer = self.customer;
        let channel = Channel::to_customer(tx, customer.partner, customer.id).await?;
        let order = Order {
            id: self.order,
            partner: customer.partner,
            indirect_provider: customer.indirect_provider,
            customer: customer.id,
            number: rows::order::next_number(tx, customer).await?,
            currency: channel.last().currency,
            billing_cycle: made.billing_cycle,
            lines: vec![OrderLine::of(0, made)],
            placed_at: ctx.now(),
            version: 1,
        };
        rows::order::insert(tx, &order, asked).await
    }
}

impl OrderLine {
    /// The line of an order by which a subscription was bought.
    pub(crate) fn of(number: i64, made: &Subscription) -> Self {
        Self {
            number,
            offer: made.offer.offer_id(),
            subscription: made.id,
            parent: made.parent,
            friendly_name: made.friendly_name.clone(),
            quantity: made.quantity,
            cancelled: false,
        }
    }
}
