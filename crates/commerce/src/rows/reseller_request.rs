//! Partners' invitations.

use crate::relationship_request::ResellerRequest;
use tenantry_core::{Problem, TenantId};
use tenantry_db::{Connection, Tx, sql};
use uuid::Uuid;

/// Keeps the invitation unless the partner has one; gives the one it has.
pub(crate) async fn keep(tx: &mut Tx, new: &ResellerRequest) -> Result<ResellerRequest, Problem> {
    sql("INSERT INTO reseller_request (id, partner, created_at) VALUES ($1, $2, $3) ON CONFLICT (partner) DO NOTHING")
        .bind(new.id)
        .bind(new.partner)
        .bind(new.created_at)
        .run(tx)
        .await?;
    let row = sql("SELECT id, created_at FROM reseller_request WHERE partner = $1").bind(new.partner).one(tx).await?;
    Ok(ResellerRequest {
        id: row.parsed("id", Uuid::parse_str)?,
        partner: new.partner,
        created_at: row.time("created_at")?,
    })
}

pub(crate) async fn partner_of(on: &mut impl Connection, id: Uuid) -> Result<Option<TenantId>, Problem> {
    let row = sql("SELECT partner FROM reseller_request WHERE id = $1").bind(id).maybe(on).await?;
    row.map(|row| row.parsed("partner", TenantId::parse)).transpose()
}
