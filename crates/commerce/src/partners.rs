//! Reading partners and the edges they buy and sell on.

use crate::channel::Channel;
use crate::edge_add_price_rule::may_price;
use crate::partner::missing;
use crate::reach::Reach;
use crate::{Edge, Partner, SoldEdge, customer_prices, rows};
use tenantry_access::{PartnerProfileRead, PartnerScope, PriceRead, ResellerManage, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::{Connection, Db};

/// A partner's profile. An indirect provider reads its resellers'.
pub async fn partner_get(ctx: &OpContext, db: &Db, tenant: TenantId) -> Result<Partner, Problem> {
    let reach = Reach::of(ctx)?;
    let found = rows::partner::by_id(&mut db.reader().await?, reach, tenant).await?;
    let partner = found.ok_or_else(|| missing(ctx, tenant))?;
    Ok(allow::<PartnerProfileRead, _>(ctx, partner)?.into_target())
}

/// The resellers of an indirect provider, in the order they signed up; none for another partner.
pub async fn reseller_list(ctx: &OpContext, db: &Db, indirect_provider: TenantId) -> Result<Vec<Partner>, Problem> {
    let above = allow::<ResellerManage, _>(ctx, PartnerScope(indirect_provider))?.into_target().0;
    let mut reader = db.reader().await?;
    if rows::partner::by_id(&mut reader, Reach::of(ctx)?, above).await?.is_none() {
        return Err(missing(ctx, above));
    }
    rows::partner::resellers(&mut reader, above).await
}

/// The edge a partner buys on, or a customer that is billed here, with what it pays of the public list and since when. The
/// seller sees it too.
///
/// # Errors
/// `TenantNotFound`, `Forbidden`; `InvalidField` on `seller` for a customer with several: ask [`edge_from`].
pub async fn edge_of(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<Edge, Problem> {
    edge_from(ctx, db, None, buyer).await
}

/// As [`edge_of`], where a customer may be billed by several sellers and one is named.
pub async fn edge_from(ctx: &OpContext, db: &Db, seller: Option<TenantId>, buyer: TenantId) -> Result<Edge, Problem> {
    let mut reader = db.reader().await?;
    let channel = match customer_prices::channel_to(ctx, &mut reader, seller, buyer).await? {
        Some(channel) => channel,
        None => channel_to(ctx, &mut reader, buyer).await?,
    };
    Ok(allow::<PriceRead, _>(ctx, channel.into_edge()?)?.into_target())
}

/// The edge a partner buys on, with the rules its seller made.
///
/// # Errors
/// `Forbidden` for the buyer, to whom the rules together with its prices would tell what its seller pays.
pub async fn edge_sold_to(ctx: &OpContext, db: &Db, buyer: TenantId) -> Result<SoldEdge, Problem> {
    let channel = channel_to(ctx, &mut db.reader().await?, buyer).await?;
    may_price(ctx, &channel)?;
    channel.into_sold()
}

/// The channel to a partner whose edge is within the caller's reach.
async fn channel_to(ctx: &OpContext, on: &mut impl Connection, buyer: TenantId) -> Result<Channel, Problem> {
    if !rows::edge::within(on, Reach::of(ctx)?, buyer).await? {
        return Err(missing(ctx, buyer));
    }
    Channel::of(on, buyer).await
}
