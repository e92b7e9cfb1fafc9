//! One signing key for all worlds of a test process.
//!
//! Making an RSA key takes half a second without optimisation, more than most tests. So the first world's key is
//! made from a seed of its own, once, and every world begins with a copy: the same in each run, and whichever test
//! comes first.

use std::sync::Arc;
use tenantry_core::clock::ManualClock;
use tenantry_core::{Chance, OpContext, Timestamp};
use tenantry_db::{Db, Location, sql};
use tenantry_directory::Keys;
use tenantry_worlds::SLICES;
use tokio::sync::OnceCell;

/// A key as its row has it.
struct KeptKey {
    kid: String,
    private_key: Vec<u8>,
    certificate: Vec<u8>,
}

static KEY: OnceCell<KeptKey> = OnceCell::const_new();

/// Puts the key into a database before its world begins.
pub(crate) async fn lend(location: &Location) {
    let key = KEY.get_or_init(make).await;
    let db = Db::open(location.clone()).await.unwrap();
    db.migrate(&SLICES, Timestamp::default()).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    sql("INSERT INTO signing_key (kid, private_key, certificate, created_at) VALUES ($1, $2, $3, 0)")
        .bind(&key.kid)
        .bind(key.private_key.as_slice())
        .bind(key.certificate.as_slice())
        .run(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db.close().await;
}

async fn make() -> KeptKey {
    let directory = tempfile::tempdir().unwrap();
    let db = Db::open(Location::File(directory.path().join("key.sqlite"))).await.unwrap();
    db.migrate(&SLICES, Timestamp::default()).await.unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::default()));
    let ctx = OpContext::system("test", clock, Arc::new(Chance::from_seed(0)));
    Keys::open(&ctx, &db, crate::ORIGIN).await.unwrap();
    let row = sql("SELECT kid, private_key, certificate FROM signing_key")
        .one(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    let bytes = |column| row.bytes(column).unwrap();
    let key =
        KeptKey { kid: row.text("kid").unwrap(), private_key: bytes("private_key"), certificate: bytes("certificate") };
    db.close().await;
    key
}
