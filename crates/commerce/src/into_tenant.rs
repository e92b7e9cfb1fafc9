//! What a subscription means in the customer's tenant: licences for its people, or a place for resources.

use crate::subscription::{Status, Subscription};
use tenantry_core::{OpContext, Problem};
use tenantry_db::Tx;
use tenantry_directory::{LicenceUnits, licence_units_set, subscription_register};
use uuid::Uuid;

/// Brings the tenant in line with a subscription as it is now, in the transaction that made it so.
///
/// Seats become licence units: in use while the subscription is active, counted and not given out while it is
/// suspended, gone when it is deleted. A usage-based subscription gets its name in the tenant and, when it is new, the
/// selling partner's AdminAgents as its owner.
pub(crate) async fn appear(ctx: &OpContext, tx: &mut Tx, subscription: &Subscription) -> Result<(), Problem> {
    // An Azure plan has neither: its Azure subscriptions are the places.
    if subscription.offer.is_metered() {
        let (tenant, partner, name) = (subscription.customer, subscription.partner, &subscription.friendly_name);
        return subscription_register(ctx, tx, tenant, subscription.id, Some(partner), name).await;
    }
    let Some(product) = subscription.offer.product else { return Ok(()) };
    let sku = Uuid::parse_str(product.id).map_err(Problem::internal)?;
    let units =
        LicenceUnits { sku, units: subscription.quantity, active: subscription.state.status() == Status::Active };
    let units = (subscription.state.status() != Status::Deleted).then_some(units);
    licence_units_set(ctx, tx, subscription.customer, subscription.id, units).await
}

#[cfg(test)]
mod tests {
    use crate::catalogue::OFFERS;
    use tenantry_directory::ProductSku;
    use uuid::Uuid;

    #[test]
    fn the_licences_of_every_seat_offer_are_known_to_the_directory() {
        for offer in OFFERS.iter().filter(|offer| !offer.is_usage_based()) {
            let product = offer.product.unwrap_or_else(|| panic!("{} is sold by the seat, of nothing", offer.name));
            let known = ProductSku::find(Uuid::parse_str(product.id).unwrap());
            assert!(known.is_some(), "{} gives licences of {}, which has no plans", offer.name, product.id);
        }
    }
}
