//! Where the owner is told what happens, a trial of that, and what its programs did.

use crate::things::Things;
use crate::trade::{Seller, seller};
use tenantry_core::TenantId;
use tenantry_db::sql;
use tenantry_notify::{NewRegistration, Topic, registration_create, trial_ask};
use tenantry_testkit::Channel;

/// At the end of the seed: trials are kept for seven days. `done` is an act that the seller has done.
pub(crate) async fn seed(channel: &Channel, (before, _, owner): Seller<'_>, done: &str, things: &mut Things) {
    let (ctx, db) = (seller(channel, owner), channel.world().db());
    let url = format!("https://hooks.example/{}", owner.tenant);
    let new = NewRegistration { url: url.clone(), topics: Topic::ALL.into_iter().collect(), own_header: false };
    registration_create(&ctx, db, true, owner.tenant, new).await.unwrap();
    things.put_secret(before, "trial", trial_ask(&ctx, db, owner.tenant).await.unwrap());
    let line = sql("SELECT id FROM audit_line WHERE home = $1 AND act = 'webhook-register'").bind(owner.tenant);
    let found = line.maybe(&mut db.reader().await.unwrap()).await.unwrap();
    assert!(found.is_some(), "what is not in the list is in the trail");
    let line = first_done(channel, owner.tenant, done).await;
    things.put_secret(before, "audit line", &line);
    // The parts of an id but the third are for people.
    things.put(format!("{before}audit record"), format!("{}__{line}_addcustomer_0", owner.tenant));
    if before.is_empty() {
        things.hide(url);
    }
}

/// The line of the trail of the first act of a name that somebody of a partner did.
async fn first_done(channel: &Channel, home: TenantId, act: &str) -> String {
    let lines = sql("SELECT id FROM audit_line WHERE home = $1 AND act = $2 ORDER BY opened_at LIMIT 1");
    let mut reader = channel.world().db().reader().await.unwrap();
    lines.bind(home).bind(act).one(&mut reader).await.unwrap().text("id").unwrap()
}
