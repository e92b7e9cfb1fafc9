//! A long document lies packed in its row, and nobody who reads it can tell.

use crate::books::{Books, findings};
use sha2::{Digest, Sha256};
use tenantry_billing::invoice_pdf;
use tenantry_db::sql;
use tenantry_testkit::{CARD, Channel, HOURS, events, on_every_engine};

/// So many lines that the text of the document is long.
const SUBSCRIPTIONS: usize = 40;

#[test]
fn a_long_document_is_the_same_packed_and_damage_to_it_is_named() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let customer = channel.customer("Northwind").await;
        for _ in 0..SUBSCRIPTIONS {
            let own = channel.order_usage(&customer).await;
            channel.accept(events(&own, HOURS, &[("2026-01-01", "20")])).await;
        }
        channel.advance_to("2026-02-05").await;
        let ctx = channel.partner_ctx();
        let books = Books::of(&channel, &ctx);
        let invoice = books.invoice("2026-01").await;
        // 20 hours at 0.10, less 15 %.
        assert_eq!((invoice.lines.len(), invoice.total.as_str()), (SUBSCRIPTIONS, "68.00"));
        books.prove().await;
        let db = channel.world().db();
        let mut reader = db.reader().await.unwrap();
        let row = sql("SELECT document, packed, previous_hash, hash FROM invoice").one(&mut reader).await.unwrap();
        let (packed, hash) = (row.bytes("packed").unwrap(), row.text("hash").unwrap());
        let text = serde_json::to_string(&invoice).unwrap();
        assert_eq!(row.text("document").unwrap(), "");
        assert!(packed.len() < text.len() / 4, "{} of {}", packed.len(), text.len());
        let sealed = Sha256::digest(format!("{}\n{text}", row.text("previous_hash").unwrap()));
        assert_eq!(
            hash,
            sealed.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            "the hash is over the text"
        );
        assert!(invoice_pdf(&invoice, &hash).is_ok());
        assert_eq!(findings(&channel).await, Vec::<String>::new());
        drop(reader);
        let put = async |bytes: Vec<u8>| {
            let mut tx = db.begin().await.unwrap();
            sql("UPDATE invoice SET packed = $1").bind(bytes).run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            findings(&channel).await
        };
        let cut = put(packed[..packed.len() - 1].to_vec()).await;
        assert!(
            cut.iter().any(|said| said
                .starts_with(&format!("invoice {} of {} cannot be read: ", invoice.number, channel.provider.tenant))
                && said.contains("damaged")),
            "{cut:#?}"
        );
        // A digit of the number, which lies at the beginning as it is.
        let at = packed.windows(3).position(|part| part == b"D26").unwrap();
        let other: Vec<_> =
            packed.iter().enumerate().map(|(place, byte)| if place == at + 9 { b'7' } else { *byte }).collect();
        let other = put(other).await;
        assert!(other.iter().any(|said| said.contains("was changed after it was issued")), "{other:#?}");
        assert_eq!(put(packed).await, Vec::<String>::new());
        // Whoever looks with SQL would see a document that is none.
        let mut tx = db.begin().await.unwrap();
        sql("UPDATE invoice SET document = $1").bind(text).run(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let twice = findings(&channel).await;
        assert!(twice.iter().any(|said| said.contains("lies twice")), "{twice:#?}");
    });
}
