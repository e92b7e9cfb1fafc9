//! Who got tokens without a second factor, of partners' people.

use super::PRUNED;
use crate::tokens::weak_sign_in::WeakSignIn;
use tenantry_core::{ObjectId, Problem, TenantId, TenantKind, Timestamp};
use tenantry_db::{Connection, Tx, sql};

/// Remembers it of a person of a partner, and of nobody else. What is older than `first` goes.
pub(crate) async fn put(
    tx: &mut Tx,
    (tenant, user): (TenantId, ObjectId),
    at: Timestamp,
    first: Timestamp,
) -> Result<(), Problem> {
    sql("DELETE FROM weak_sign_in WHERE user_id IN \
         (SELECT user_id FROM weak_sign_in WHERE last_at < $1 ORDER BY last_at LIMIT $2) AND last_at < $1")
    .bind(first)
    .bind(PRUNED)
    .run(tx)
    .await?;
    sql(
        "INSERT INTO weak_sign_in (tenant, user_id, last_at) SELECT id, $2, $3 FROM tenant WHERE id = $1 AND kind = $4 \
         ON CONFLICT (tenant, user_id) DO UPDATE SET last_at = excluded.last_at",
    )
    .bind(tenant)
    .bind(user)
    .bind(at)
    .bind(TenantKind::Partner.name())
    .run(tx)
    .await?;
    Ok(())
}

/// Those of a tenant since `first`, who are still there, by name.
pub(crate) async fn of_tenant(
    on: &mut impl Connection,
    tenant: TenantId,
    first: Timestamp,
) -> Result<Vec<WeakSignIn>, Problem> {
    let rows = sql("SELECT weak.user_id, person.name, weak.last_at FROM weak_sign_in AS weak \
         JOIN directory_user AS person ON person.tenant = weak.tenant AND person.id = weak.user_id \
         WHERE weak.tenant = $1 AND weak.last_at >= $2 AND person.deleted_at IS NULL ORDER BY person.name")
    .bind(tenant)
    .bind(first)
    .all(on)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(WeakSignIn {
                user: row.parsed("user_id", ObjectId::parse)?,
                name: row.text("name")?,
                last_at: row.time("last_at")?,
            })
        })
        .collect()
}
