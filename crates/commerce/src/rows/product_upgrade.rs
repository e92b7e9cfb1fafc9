//! Azure subscriptions that were moved under an Azure plan.

use crate::azure_plan_upgrade::{AzurePlanUpgrade, MovedUnderPlan};
use crate::catalogue;
use crate::reach::Reach;
use tenantry_core::{OfferId, Problem, SubscriptionId, TenantId};
use tenantry_db::{Connection, Row, Tx, sql};
use uuid::Uuid;

pub(crate) async fn insert(tx: &mut Tx, made: &AzurePlanUpgrade, partner: TenantId) -> Result<(), Problem> {
    sql("INSERT INTO product_upgrade (id, customer, partner, made_at) VALUES ($1, $2, $3, $4)")
        .bind(made.id)
        .bind(made.customer)
        .bind(partner)
        .bind(made.made_at)
        .run(tx)
        .await?;
    for line in &made.moved {
        sql("INSERT INTO product_upgrade_line (product_upgrade, subscription, offer) VALUES ($1, $2, $3)")
            .bind(made.id)
            .bind(line.subscription)
            .bind(line.from.id)
            .run(tx)
            .await?;
    }
    Ok(())
}

/// One within reach, whoever's customer it is of.
pub(crate) async fn get(on: &mut impl Connection, reach: Reach, id: Uuid) -> Result<Option<AzurePlanUpgrade>, Problem> {
    let found = sql(concat!(
        "SELECT customer, made_at FROM product_upgrade WHERE id = $1 AND ",
        within!("partner", "$2"),
        " AND customer = COALESCE($3, customer)"
    ));
    let Some(row) = found.bind(id).bind(reach.partner).bind(reach.customer).maybe(on).await? else { return Ok(None) };
    let lines = sql("SELECT line.subscription, line.offer, moved.offer AS became FROM product_upgrade_line AS line \
         JOIN subscription AS moved ON moved.id = line.subscription WHERE line.product_upgrade = $1 \
         ORDER BY moved.number, line.subscription");
    let moved = lines.bind(id).all(on).await?.iter().map(line).collect::<Result<_, _>>()?;
    let customer = row.parsed("customer", TenantId::parse)?;
    Ok(Some(AzurePlanUpgrade { id, customer, made_at: row.time("made_at")?, moved }))
}

fn line(row: &Row) -> Result<MovedUnderPlan, Problem> {
    let offer = |column: &str| {
        let named = OfferId::new(&row.text(column)?);
        catalogue::find(&named).ok_or_else(|| Problem::corrupt(format!("offer {named} left the catalogue")))
    };
    Ok(MovedUnderPlan {
        subscription: row.parsed("subscription", SubscriptionId::parse)?,
        from: offer("offer")?,
        to: offer("became")?,
    })
}
