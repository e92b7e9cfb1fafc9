//! Whoever changes what was issued is found out, with the document or account named.

use crate::books::{Kept, findings, kept};
use crate::shop::Shop;
use sha2::{Digest, Sha256};
use tenantry_billing::chain;
use tenantry_db::{Row, Statement, sql};
use tenantry_testkit::{Bench, CARD, Channel, HOURS, events, on_every_engine};

/// Documents 1 (0.85), 2 (the other partner's) and 3 of a small world.
async fn three_documents(bench: &Bench) -> Channel {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let own = channel.order_usage(&channel.customer("Northwind").await).await;
    channel.accept(events(&own, HOURS, &[("2026-01-01", "10")])).await;
    channel.advance_to("2026-02-10").await;
    let other = Shop::of_stranger(&channel).await;
    channel.accept(events(&other.subscription, HOURS, &[("2026-02-10", "20")])).await;
    channel.advance_to("2026-03-10").await;
    channel.accept(events(&own, HOURS, &[("2026-03-01", "30")])).await;
    channel.advance_to("2026-04-10").await;
    assert_eq!(findings(&channel).await, Vec::<String>::new());
    channel
}

async fn run(channel: &Channel, statements: Vec<Statement>) {
    let mut tx = channel.world().db().begin().await.unwrap();
    for statement in statements {
        statement.run(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// All rows of the two tables, to put them back.
struct Backup {
    invoices: Vec<Row>,
    entries: Vec<Row>,
}

impl Backup {
    async fn of(channel: &Channel) -> Self {
        let mut reader = channel.world().db().reader().await.unwrap();
        Self {
            invoices: sql("SELECT * FROM invoice").all(&mut reader).await.unwrap(),
            entries: sql("SELECT * FROM ledger_entry").all(&mut reader).await.unwrap(),
        }
    }

    async fn restore(&self, channel: &Channel) {
        let mut statements = vec![sql("DELETE FROM invoice"), sql("DELETE FROM ledger_entry")];
        for row in &self.invoices {
            let insert =
                sql("INSERT INTO invoice (seller, number, buyer, edge, close_no, month, issued_at, currency, \
                 total, chain_no, previous_hash, hash, document) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
            let text = |name| row.text(name).unwrap();
            let number = |name| row.integer(name).unwrap();
            let insert = insert.bind(text("seller")).bind(text("number")).bind(text("buyer")).bind(text("edge"));
            let insert = insert.bind(number("close_no")).bind(text("month")).bind(number("issued_at"));
            let insert = insert.bind(text("currency")).bind(text("total")).bind(number("chain_no"));
            statements.push(insert.bind(text("previous_hash")).bind(text("hash")).bind(text("document")));
        }
        for row in &self.entries {
            let insert = sql("INSERT INTO ledger_entry (group_id, line_no, owner, account, counterparty, currency, \
                 minor, at, document) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
            let text = |name| row.text(name).unwrap();
            let number = |name| row.integer(name).unwrap();
            let insert = insert.bind(text("group_id")).bind(number("line_no")).bind(text("owner"));
            let insert = insert.bind(text("account")).bind(text("counterparty")).bind(text("currency"));
            statements.push(insert.bind(text("minor")).bind(number("at")).bind(text("document")));
        }
        run(channel, statements).await;
    }
}

fn document(number: &str, text: &str) -> Statement {
    sql("UPDATE invoice SET document = $2 WHERE number = $1").bind(number).bind(text)
}

/// The stored hashes made to fit a changed document.
fn sealed(previous: &str, number: &str, text: &str) -> Vec<Statement> {
    let hash = chain::hash(previous, text);
    vec![document(number, text), sql("UPDATE invoice SET hash = $2 WHERE number = $1").bind(number).bind(hash)]
}

fn without(number: &str) -> Vec<Statement> {
    vec![
        sql("DELETE FROM invoice WHERE number = $1").bind(number),
        sql("DELETE FROM ledger_entry WHERE document = $1").bind(number),
    ]
}

fn entry(number: &str, account: &str, minor: &str) -> Statement {
    let statement = sql("UPDATE ledger_entry SET minor = $3 WHERE document = $1 AND account = $2");
    statement.bind(number).bind(account).bind(minor)
}

#[test]
fn each_document_is_sealed_with_all_before_it() {
    on_every_engine(|bench| async move {
        let channel = three_documents(&bench).await;
        let mut before = "0".repeat(64);
        for kept in kept(&channel).await {
            let sealed = Sha256::digest(format!("{before}\n{}", kept.document));
            before = sealed.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(kept.hash, before, "{}", kept.number);
        }
    });
}

#[test]
fn every_tampering_is_named() {
    on_every_engine(|bench| async move {
        let channel = three_documents(&bench).await;
        let backup = Backup::of(&channel).await;
        let issued = kept(&channel).await;
        let [one, two, three] = issued.as_slice() else { panic!("{issued:?}") };
        let cheaper = |kept: &Kept| kept.document.replace("\"0.85\"", "\"0.05\"");
        assert_ne!(cheaper(one), one.document);
        let (own, stranger) = (channel.partner.tenant, channel.stranger.tenant);
        let changed = |kept: &Kept| format!("invoice {} was changed after it was issued", kept.number);
        let unlinked = |kept: &Kept| format!("invoice {} does not follow on the one before it", kept.number);
        let differs = |kept: &Kept| format!("invoice {} comes out differently when computed", kept.number);
        let dearer = three.document.replace("\"2.55\"", "\"2.56\"");

        let rows: Vec<(&str, Vec<Statement>, Vec<String>)> = vec![
            ("a changed document", vec![document(&one.number, &cheaper(one))], vec![changed(one), differs(one)]),
            (
                "one whose hash was made to fit",
                sealed(chain::GENESIS, &one.number, &cheaper(one)),
                vec![unlinked(two), differs(one), format!("{own} was invoiced 2.60 USD, the receivable says 3.40")],
            ),
            (
                "the last one, whose hash was made to fit",
                sealed(&two.hash, &three.number, &dearer),
                vec![differs(three), format!("{own} was invoiced 3.41 USD, the receivable says 3.40")],
            ),
            (
                "two that changed places",
                vec![document(&one.number, &three.document), document(&three.number, &one.document)],
                vec![changed(one), changed(three)],
            ),
            ("one removed from the middle", without(&two.number), vec![unlinked(three), "was not issued".to_owned()]),
            ("the last one removed", without(&three.number), vec!["was not issued".to_owned()]),
            (
                "the only one of a partner, its booking left",
                vec![sql("DELETE FROM invoice WHERE number = $1").bind(&two.number)],
                vec![format!("{stranger} was invoiced 0.00 USD, the receivable says 1.70")],
            ),
            (
                "one side of a booking",
                vec![entry(&one.number, "receivable", "84")],
                vec![
                    format!("the USD ledger of {} sums to -0.01, not to zero", channel.provider.tenant),
                    format!("{own} was invoiced 3.40 USD, the receivable says 3.39"),
                ],
            ),
            (
                "both sides of a booking",
                vec![entry(&one.number, "receivable", "84"), entry(&one.number, "revenue", "-84")],
                vec![format!("{own} was invoiced 3.40 USD, the receivable says 3.39")],
            ),
            (
                "a booking removed",
                vec![sql("DELETE FROM ledger_entry WHERE document = $1").bind(&two.number)],
                vec![format!("{stranger} was invoiced 1.70 USD, the receivable says 0.00")],
            ),
        ];
        for (what, statements, expected) in rows {
            run(&channel, statements).await;
            let wrong = findings(&channel).await;
            for part in &expected {
                assert!(wrong.iter().any(|said| said.contains(part)), "{what}: `{part}` is not among {wrong:#?}");
            }
            backup.restore(&channel).await;
            assert_eq!(findings(&channel).await, Vec::<String>::new(), "after {what}");
        }
    });
}
