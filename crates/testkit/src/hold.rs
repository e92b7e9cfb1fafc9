//! Taking a server's lock on a world away from whoever holds it, as a restart of the server would.

use tenantry_db::{Db, Location, sql};

/// Ends the connections that hold a lock on the world at a location. How many there were; 0 for a file.
pub async fn cut_off(location: &Location, by: &Db) -> i64 {
    let Location::Server { schema, .. } = location else { return 0 };
    let key = crc32(schema.as_bytes());
    let mut reader = by.reader().await.unwrap();
    // First who it is, then the end of those: one condition would be asked of everybody.
    let cut =
        sql("WITH holders AS MATERIALIZED (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 \
         AND CAST(objid AS BIGINT) = $1) SELECT COUNT(*) AS cut FROM holders WHERE pg_terminate_backend(pid)");
    let ended = cut.bind(key).one(&mut reader).await.unwrap().integer("cut").unwrap();
    loop {
        let held = sql("SELECT COUNT(*) AS held FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 \
             AND CAST(objid AS BIGINT) = $1");
        // The server needs a moment to let go.
        if held.bind(key).one(&mut reader).await.unwrap().integer("held").unwrap() == 0 {
            return ended;
        }
        tokio::task::yield_now().await;
    }
}

/// The checksum of zip files, bit by bit: the number of a world's lock.
fn crc32(bytes: &[u8]) -> i64 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    };
    i64::from(!bytes.iter().fold(u32::MAX, step))
}
