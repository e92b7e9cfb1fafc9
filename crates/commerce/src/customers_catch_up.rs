//! Making up for what customers lack who were here before a customer had a contract in the directory: the contract, its
//! licences, the owner of its usage-based subscriptions. The opening of a world calls this.

use crate::reach::Reach;
use crate::rows::subscription::Which;
use crate::rows::to_catch_up::{self, Pair};
use crate::{into_tenant, rows};
use tenantry_core::{Caller, OpContext, Problem, Reason};
use tenantry_db::{Db, audit};
use tenantry_directory::{contract_begin, contracts_with};

/// Gives each customer of an older version what a customer of today has in the directory, in a transaction of its own
/// that also takes it off the list; what is done is never done again. With nothing to do it is one small query. Only
/// the platform may.
///
/// A contract that is there is left as it is: delegated administration that was taken away is not given back.
///
/// # Errors
/// `Forbidden` for everybody else. If one customer cannot be helped, the others are; the first problem is told, and the
/// next opening tries again.
pub async fn customers_catch_up(ctx: &OpContext, db: &Db) -> Result<(), Problem> {
    if !matches!(ctx.caller, Caller::System(_)) {
        return Err(Problem::new(Reason::Forbidden, "only the platform itself catches up, when a world is opened"));
    }
    let pairs = to_catch_up::all(&mut db.reader().await?).await?;
    let mut first = Ok(());
    for pair in pairs {
        let line = audit::open(ctx, db, "customer-catch-up", &format!("{} {}", pair.partner, pair.customer)).await?;
        let outcome = catch_up(ctx, db, pair).await;
        first = first.and(line.close(ctx, db, outcome).await);
    }
    first
}

async fn catch_up(ctx: &OpContext, db: &Db, pair: Pair) -> Result<(), Problem> {
    let known = contracts_with(ctx, db, pair.customer).await?;
    let mut tx = db.begin().await?;
    if !known.iter().any(|contract| contract.partner == pair.partner) {
        contract_begin(ctx, &mut tx, pair.partner, pair.customer).await?;
    }
    let own = Reach::ALL.of_partner(pair.partner);
    let found = rows::subscription::of_customer(&mut tx, own, pair.customer, Which::default()).await?;
    for subscription in found.into_iter().filter(|subscription| subscription.partner == pair.partner) {
        into_tenant::appear(ctx, &mut tx, &subscription).await?;
    }
    to_catch_up::done(&mut tx, pair).await?;
    tx.changes_access();
    tx.commit().await
}
