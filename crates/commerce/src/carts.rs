//! Reading carts. What is wrong with a line is looked up each time: the customer may have bought something since.

use crate::cart::{Cart, CartState, CartView, LineState, no_cart};
use crate::cart_check::{groups, states};
use crate::channel::Channel;
use crate::order_place::held_of_seller;
use crate::reach::Reach;
use crate::{Limits, customers, rows};
use tenantry_access::{OrderRead, allow};
use tenantry_core::{OpContext, Problem, TenantId};
use tenantry_db::Db;
use uuid::Uuid;

/// A customer's cart.
///
/// Source: partner-center-v1.md 2.4 row 59.
///
/// # Errors
/// `CustomerNotFound`; `OrderNotFound` at `cartId` for a cart that is not there, or over.
pub async fn cart_get(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (customer, id): (TenantId, Uuid),
) -> Result<CartView, Problem> {
    let cart = open_cart(ctx, db, customer, id).await?;
    let cart = allow::<OrderRead, _>(ctx, cart)?.into_target();
    view(ctx, db, limits, cart).await
}

/// A cart in reach that is not over. What the caller may do with it is asked by who called this.
pub(crate) async fn open_cart(ctx: &OpContext, db: &Db, customer: TenantId, id: Uuid) -> Result<Cart, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible(ctx, &mut reader, customer).await?;
    let found = rows::cart::of_customer(&mut reader, Reach::of(ctx)?, customer.id, id).await?;
    let is_over = |cart: &Cart| cart.state == CartState::Active && cart.expires_at <= ctx.now();
    found.filter(|cart| !is_over(cart)).ok_or_else(|| no_cart(id))
}

/// The cart with what its lines are now.
pub(crate) async fn view(ctx: &OpContext, db: &Db, limits: &Limits, cart: Cart) -> Result<CartView, Problem> {
    let mut reader = db.reader().await?;
    let channel = Channel::to_customer(&mut reader, cart.partner, cart.customer).await?;
    let lines = if cart.state == CartState::Ordered {
        let of = |group| LineState { group, problem: None, add_ons: Vec::new() };
        groups(&cart.lines).into_iter().map(of).collect()
    } else {
        let customer = customers::visible_of_partner(ctx, &mut reader, cart.partner, cart.customer).await?;
        let held = held_of_seller(ctx, &mut reader, &customer).await?;
        states(limits, &customer, &held, &cart.lines)
    };
    Ok(CartView { currency: channel.last().currency, cart, lines })
}
