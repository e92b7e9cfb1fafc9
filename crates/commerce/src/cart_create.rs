//! Putting a cart together, and putting other lines into one. Both answer with what is wrong with each line.

use crate::cart::{Cart, CartLine, CartState, CartView, KEPT_SECONDS, LINES_MAX};
use crate::carts::{open_cart, view};
use crate::{Limits, customers, rows};
use tenantry_access::{OrderPlace, allow};
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId};
use tenantry_db::{Db, audit};
use uuid::Uuid;

/// Makes a cart for a customer. Lines that cannot be ordered are kept, with what is wrong with them.
///
/// Source: partner-center-v1.md 2.4 row 58, 3.4, 4.4.
///
/// # Errors
/// `CustomerNotFound`; `MissingField` for no lines; `TooLarge` for too many.
pub async fn cart_create(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    customer: TenantId,
    lines: Vec<CartLine>,
) -> Result<CartView, Problem> {
    let line = audit::open(ctx, db, "cart-create", &customer.to_string()).await?;
    let outcome = create(ctx, db, limits, customer, lines).await;
    line.close(ctx, db, outcome).await
}

async fn create(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    customer: TenantId,
    lines: Vec<CartLine>,
) -> Result<CartView, Problem> {
    let mut reader = db.reader().await?;
    let customer = customers::visible_as_one(ctx, &mut reader, customer).await?;
    drop(reader);
    let customer = allow::<OrderPlace, _>(ctx, customer)?.into_target();
    let lines = checked(lines)?;
    let cart = Cart {
        id: ctx.chance.guid(),
        partner: customer.partner,
        indirect_provider: customer.indirect_provider,
        customer: customer.id,
        lines,
        state: CartState::Active,
        version: 1,
        created_at: ctx.now(),
        changed_at: ctx.now(),
        expires_at: ctx.now().plus_seconds(KEPT_SECONDS),
        changed_by: who(ctx),
    };
    let mut tx = db.begin().await?;
    // Nobody asks for carts that are over; who makes new ones sweeps.
    rows::cart::delete_expired(&mut tx, &customer, ctx.now()).await?;
    rows::cart::insert(&mut tx, &cart).await?;
    tx.commit().await?;
    view(ctx, db, limits, cart).await
}

/// Puts other lines into a cart that was not ordered yet, and keeps it for longer.
///
/// Source: partner-center-v1.md 2.4 row 60, 4.4.
///
/// # Errors
/// `OrderNotFound` at `cartId` for a cart that is not there or over; `StatusChangeRefused` at `cartId` for one that was
/// ordered; `Stale` at `cartId` for one that is being ordered; and those of [`cart_create`].
pub async fn cart_replace(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (customer, id): (TenantId, Uuid),
    lines: Vec<CartLine>,
) -> Result<CartView, Problem> {
    let line = audit::open(ctx, db, "cart-replace", &format!("{id} of {customer}")).await?;
    let outcome = replace(ctx, db, limits, (customer, id), lines).await;
    line.close(ctx, db, outcome).await
}

async fn replace(
    ctx: &OpContext,
    db: &Db,
    limits: &Limits,
    (customer, id): (TenantId, Uuid),
    lines: Vec<CartLine>,
) -> Result<CartView, Problem> {
    let cart = open_cart(ctx, db, customer, id).await?;
    let cart = allow::<OrderPlace, _>(ctx, cart)?.into_target();
    let lines = checked(lines)?;
    match cart.state {
        CartState::Active => {}
        CartState::Ordering => return Err(in_use(id)),
        CartState::Ordered => {
            let message = format!("cart {id} was ordered and never changes again; make a new one");
            return Err(Problem::new(Reason::StatusChangeRefused, message).at("cartId"));
        }
    }
    let cart = Cart {
        lines,
        version: cart.version + 1,
        changed_at: ctx.now(),
        expires_at: ctx.now().plus_seconds(KEPT_SECONDS),
        changed_by: who(ctx),
        ..cart
    };
    let mut tx = db.begin().await?;
    if !rows::cart::replace(&mut tx, &cart).await? {
        return Err(in_use(id));
    }
    tx.commit().await?;
    view(ctx, db, limits, cart).await
}

/// The refusal while another request has the cart.
pub(crate) fn in_use(id: Uuid) -> Problem {
    let message = format!("cart {id} is being ordered or changed by another request; look at it again in a moment");
    Problem::new(Reason::Stale, message).at("cartId")
}

/// Numbered lines, neither none nor too many. Some clients leave every number at 0: then they are counted.
fn checked(mut lines: Vec<CartLine>) -> Result<Vec<CartLine>, Problem> {
    if lines.is_empty() {
        return Err(Problem::missing("lineItems"));
    }
    let mut ids: Vec<i64> = all(&mut lines).map(|id| *id).collect();
    let count = ids.len();
    if count > LINES_MAX {
        let message = format!("a cart has at most {LINES_MAX} lines, this one has {count}; make several");
        return Err(Problem::new(Reason::TooLarge, message).at("lineItems"));
    }
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < count {
        for (number, id) in (0..).zip(all(&mut lines)) {
            *id = number;
        }
    }
    Ok(lines)
}

/// The numbers of all lines: each before those of its add-ons.
fn all(lines: &mut [CartLine]) -> impl Iterator<Item = &mut i64> {
    lines.iter_mut().flat_map(|line| std::iter::once(&mut line.id).chain(line.add_ons.iter_mut().map(|of| &mut of.id)))
}

fn who(ctx: &OpContext) -> Uuid {
    match &ctx.caller {
        Caller::SignedIn(identity) => identity.principal.guid(),
        Caller::System(_) | Caller::Nobody => Uuid::nil(),
    }
}
