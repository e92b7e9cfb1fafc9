//! `check` finds holes among the numbers of documents, and credit notes that are not what was asked for.

use crate::books::findings;
use tenantry_billing::{CreditLine, NewCreditNote, check, credit_note_issue};
use tenantry_core::{Currency, Money};
use tenantry_db::{Row, Statement, sql};
use tenantry_testkit::{Bench, CARD, Channel, HOURS, events, on_every_engine};

/// Documents of three months, and three notes on the first: a part of its line, all that is left of that, and the line
/// after it whole.
async fn documents(bench: &Bench) -> Channel {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let customer = channel.customer("Northwind").await;
    let (own, other) = (channel.order_usage(&customer).await, channel.order_usage(&customer).await);
    for (month, day) in [("2026-02-10", "2026-01-01"), ("2026-03-10", "2026-02-01"), ("2026-04-10", "2026-03-01")] {
        channel.accept(events(&own, HOURS, &[(day, "10")])).await;
        channel.accept(events(&other, HOURS, &[(day, "20")])).await;
        channel.advance_to(month).await;
    }
    for (reference, lines) in [("case-1", vec![(1, Some(10))]), ("case-2", vec![(1, None)]), ("case-3", vec![])] {
        let amount = |cents: i128| Money::from_minor(cents, Currency::USD);
        let line = |(line, cents): &(u32, Option<i128>)| CreditLine { line: *line, amount: cents.map(amount) };
        let new = NewCreditNote {
            invoice: "D260000001".into(),
            reference: reference.into(),
            reason: "agreed with the customer".into(),
            lines: lines.iter().map(line).collect(),
        };
        credit_note_issue(&channel.provider_ctx(), channel.world().db(), channel.world().metering(), new)
            .await
            .unwrap();
    }
    assert_eq!(findings(&channel).await, Vec::<String>::new());
    channel
}

async fn run(channel: &Channel, statement: Statement) {
    let mut tx = channel.world().db().begin().await.unwrap();
    statement.run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// What `check` says after a statement, without computing documents again.
async fn said_after(channel: &Channel, statement: Statement) -> Vec<String> {
    run(channel, statement).await;
    check::check(channel.world().db(), channel.world().metering(), false).await.unwrap().wrong
}

fn names(said: &[String], word: &str) -> bool {
    said.iter().any(|said| said.contains(word))
}

#[test]
fn a_hole_among_the_numbers_is_named() {
    on_every_engine(|bench| async move {
        let channel = documents(&bench).await;
        let seller = channel.provider.tenant;
        for (statement, word) in [
            (
                sql("DELETE FROM invoice WHERE number = 'D260000002'"),
                format!("among the numbers of {seller} D260000002 is missing"),
            ),
            (
                sql("DELETE FROM credit_note WHERE number = 'C260000001'"),
                format!("among the numbers of {seller} C260000001 is missing"),
            ),
            // The last of a series leaves no hole between others. That its number was taken tells of it.
            (
                sql("DELETE FROM credit_note WHERE number = 'C260000003'"),
                format!("among the numbers of {seller} C260000003 is missing"),
            ),
        ] {
            let said = said_after(&channel, statement).await;
            assert!(names(&said, &word), "`{word}` is not among {said:#?}");
        }
        let text = "UPDATE invoice SET document = REPLACE(document, '\"D260000003\"', '\"D26-3\"')";
        let said = said_after(&channel, sql(text)).await;
        assert!(names(&said, "invoice D26-3 has no number as its seller gives them"), "{said:#?}");
    });
}

#[test]
fn a_note_is_what_was_asked_for_under_its_reference() {
    on_every_engine(|bench| async move {
        let channel = documents(&bench).await;
        let mut reader = channel.world().db().reader().await.unwrap();
        let kept: Vec<Row> = sql("SELECT * FROM credit_note ORDER BY number").all(&mut reader).await.unwrap();
        drop(reader);
        let set = |column: &str, to: &str, number: usize| {
            let statement = match column {
                "reference" => sql("UPDATE credit_note SET reference = $1 WHERE number = $2"),
                _ => sql("UPDATE credit_note SET asked = $1 WHERE number = $2"),
            };
            statement.bind(to).bind(format!("C26000000{number}"))
        };
        let asked = |number: usize| kept[number - 1].text("asked").unwrap();
        assert_eq!(asked(1), r#"["D260000001","agreed with the customer",[[1,"0.10"]]]"#);
        for (what, number, column, to) in [
            ("another reference", 1, "reference", "case-9".to_owned()),
            ("of another invoice", 1, "asked", asked(1).replace("D260000001", "D260000002")),
            ("for another reason", 1, "asked", asked(1).replace("agreed", "argued")),
            ("of another line", 1, "asked", asked(1).replace("[1,", "[2,")),
            ("of more", 1, "asked", asked(1).replace("0.10", "0.11")),
            ("of all that was left", 1, "asked", asked(1).replace("\"0.10\"", "null")),
            ("of a part of what was left", 2, "asked", asked(2).replace("null", "\"0.10\"")),
            ("of one line where it was all", 3, "asked", asked(3).replace("[]", "[[1,\"0.10\"]]")),
            ("no list", 1, "asked", "{}".to_owned()),
        ] {
            let said = said_after(&channel, set(column, &to, number)).await;
            let expected = match column {
                "reference" => format!("credit note C26000000{number}: its columns do not say what its document says"),
                _ => format!("credit note C26000000{number} is not what was asked for under its reference"),
            };
            assert_eq!(said, [expected], "{what}");
            let before = kept[number - 1].text(column).unwrap();
            assert_eq!(said_after(&channel, set(column, &before, number)).await, Vec::<String>::new(), "{what}");
        }
    });
}
