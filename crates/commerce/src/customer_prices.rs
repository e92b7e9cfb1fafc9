//! Reading what a customer pays: its prices on the public list, for both sides, and the seller's own rules.

use crate::channel::Channel;
use crate::customer::no_customer;
use crate::reach::Reach;
use crate::{Edge, SoldEdge, customers, rows};
use tenantry_access::{CustomerPriceManage, PriceRead, allow};
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::{Connection, Db};

/// What a customer pays of the public list and since when: the customer's own to read, and its seller's. Who buys from
/// several sellers that bill it here says which.
///
/// # Errors
/// `CustomerNotFound` for one that is not billed here, or not by this caller; `InvalidField` on `seller` if there are
/// several.
pub async fn customer_prices(
    ctx: &OpContext,
    db: &Db,
    seller: Option<TenantId>,
    customer: TenantId,
) -> Result<Edge, Problem> {
    let mut reader = db.reader().await?;
    let channel = channel_to(ctx, &mut reader, seller, customer).await?.ok_or_else(|| no_customer(customer))?;
    Ok(allow::<PriceRead, _>(ctx, channel.into_edge()?)?.into_target())
}

/// The rules by which a seller prices its customer.
///
/// # Errors
/// `CustomerNotFound`; `Forbidden` for anybody but the seller: the rules together with the prices would tell the customer
/// what its seller pays; `ObjectNotFound` if it has none yet.
pub async fn customer_price_rules(ctx: &OpContext, db: &Db, customer: TenantId) -> Result<SoldEdge, Problem> {
    let mut reader = db.reader().await?;
    let found = customers::visible_as_one(ctx, &mut reader, customer).await?;
    allow::<CustomerPriceManage, _>(ctx, found.price_scope())?;
    let channel = Channel::to_customer(&mut reader, found.partner, customer).await?;
    if !channel.last().to_customer {
        let message =
            format!("{customer} has no price list, and is not billed here; add a first rule to begin with it");
        return Err(Problem::new(Reason::ObjectNotFound, message));
    }
    channel.into_sold()
}

/// The channel to a customer that is billed here by somebody the caller may know of; `None` for nobody.
pub(crate) async fn channel_to(
    ctx: &OpContext,
    on: &mut impl Connection,
    seller: Option<TenantId>,
    customer: TenantId,
) -> Result<Option<Channel>, Problem> {
    let mut sellers = rows::customer_edge::sellers(on, Reach::of(ctx)?, customer).await?;
    sellers.retain(|known| seller.is_none_or(|named| named == *known));
    match sellers.as_slice() {
        [] => Ok(None),
        [only] => Channel::to_customer(on, *only, customer).await.map(Some),
        several => {
            let message =
                format!("{customer} is billed by {} sellers; name one, its documents say which", several.len());
            Err(Problem::invalid("seller", message))
        }
    }
}
