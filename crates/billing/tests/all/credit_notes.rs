//! Credit notes: what they give back, in the seller's chain, and never more than there was.

use crate::books::{Books, findings, kept};
use crate::paper_text::texts;
use tenantry_billing::{
    CreditLine, CreditNote, CreditedLine, NewCreditNote, Written, account_standings, credit_note_csv, credit_note_get,
    credit_note_issue, credit_note_list, credit_note_pdf, credited_line_taxes,
};
use tenantry_core::{Currency, Money, OpContext, Problem, Reason};
use tenantry_db::{Statement, sql};
use tenantry_testkit::{Bench, CARD, Channel, HOURS, event, events, on_every_engine};

fn usd(cents: i128) -> Money {
    Money::from_minor(cents, Currency::USD)
}

/// One document of 0.85 with one line.
async fn one_document(bench: &Bench) -> Channel {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    channel.import_card(CARD).await;
    let own = channel.order_usage(&channel.customer("Northwind").await).await;
    channel.accept(events(&own, HOURS, &[("2026-01-01", "10")])).await;
    channel.advance_to("2026-02-10").await;
    channel
}

async fn credit(
    channel: &Channel,
    ctx: &OpContext,
    invoice: &str,
    lines: &[(u32, Option<i128>)],
) -> Result<CreditNote, Problem> {
    // Each call of a test is about another note.
    let reference = format!("note-{:?}-{lines:?}", credit_notes_of(channel).await);
    credit_as(channel, ctx, invoice, lines, &reference).await.map(|written| written.entry.0)
}

async fn credit_notes_of(channel: &Channel) -> usize {
    let ctx = channel.provider_ctx();
    credit_note_list(&ctx, channel.world().db(), channel.partner.tenant).await.unwrap().len()
}

async fn credit_as(
    channel: &Channel,
    ctx: &OpContext,
    invoice: &str,
    lines: &[(u32, Option<i128>)],
    reference: &str,
) -> Result<Written<(CreditNote, String)>, Problem> {
    let line = |(line, cents): &(u32, Option<i128>)| CreditLine { line: *line, amount: cents.map(usd) };
    let new = NewCreditNote {
        invoice: invoice.to_owned(),
        reference: reference.to_owned(),
        reason: "agreed with the customer".to_owned(),
        lines: lines.iter().map(line).collect(),
    };
    credit_note_issue(ctx, channel.world().db(), channel.world().metering(), new).await
}

async fn status(channel: &Channel) -> String {
    let ctx = channel.partner_ctx();
    let found = account_standings(&ctx, channel.world().db(), channel.partner.tenant).await.unwrap().remove(0);
    assert_eq!(Books::of(channel, &ctx).receivable().await, found.balance.to_string());
    let one = &found.documents[0];
    format!("{} {} of {}, owed {}", one.status.name(), one.document.credited, one.document.total, found.balance)
}

#[test]
fn a_line_is_credited_in_parts_and_never_beyond_what_it_has() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let (ctx, before) = (channel.provider_ctx(), kept(&channel).await);
        let first = credit(&channel, &ctx, "d260000001", &[(1, Some(35))]).await.unwrap();
        assert_eq!((first.number.as_str(), first.invoice.as_str()), ("C260000001", "D260000001"));
        assert_eq!((first.net.as_str(), first.tax.as_str(), first.total.as_str()), ("0.35", "0.00", "0.35"));
        assert_eq!(status(&channel).await, "partlyPaid 0.35 of 0.85, owed 0.50");
        for (lines, word) in [
            (vec![(1, Some(51))], "line 1 has 0.50 USD left to credit; 0.51 was asked for"),
            (vec![(1, Some(0))], "0.00 was asked for"),
            (vec![(1, Some(-5))], "-0.05 was asked for"),
            (vec![(2, None)], "no line 2; it has 1"),
            (vec![(0, None)], "no line 0"),
            (vec![(1, Some(5)), (1, Some(5))], "named twice"),
        ] {
            let refused = credit(&channel, &ctx, "D260000001", &lines).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::InvalidField, "{refused:?}");
            assert!(refused.message().contains(word), "{refused:?}");
        }
        let second = credit(&channel, &ctx, "D260000001", &[]).await.unwrap();
        assert_eq!((second.number.as_str(), second.total.as_str()), ("C260000002", "0.50"), "no number was lost");
        assert_eq!(second.lines[0].credited_before, "0.35");
        assert_eq!(status(&channel).await, "credited 0.85 of 0.85, owed 0.00");
        let nothing = credit(&channel, &ctx, "D260000001", &[]).await.unwrap_err();
        assert!(nothing.message().contains("nothing is left"), "{nothing:?}");
        assert_eq!(kept(&channel).await, before, "the invoice is what it was");
        assert_eq!(findings(&channel).await, Vec::<String>::new());
        let seen =
            credit_note_list(&channel.partner_ctx(), channel.world().db(), channel.partner.tenant).await.unwrap();
        assert_eq!(seen, [first, second]);
    });
}

/// January was billed with 0.85; February's invoice takes 0.51 of it back and charges 0.85: it asks for 0.34.
#[test]
fn an_invoice_with_credits_on_it_is_given_back_as_what_it_asked_for() {
    on_every_engine(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.import_card(CARD).await;
        let own = channel.order_usage(&channel.customer("Northwind").await).await;
        channel.accept(events(&own, HOURS, &[("2026-01-01", "10")])).await;
        channel.advance_to("2026-02-10").await;
        let mut correction = event(&own, HOURS, "2026-02-09", "-6");
        correction.corrects = Some(event(&own, HOURS, "2026-01-01", "10").id);
        channel.accept(vec![correction]).await;
        channel.accept(events(&own, HOURS, &[("2026-02-02", "10")])).await;
        channel.advance_to("2026-03-10").await;
        let ctx = channel.provider_ctx();
        let invoice = Books::of(&channel, &channel.partner_ctx()).invoice("2026-02").await;
        let amounts: Vec<_> = invoice.lines.iter().map(|line| line.amount.as_str()).collect();
        assert_eq!((amounts, invoice.net.as_str()), (vec!["-0.51", "0.85"], "0.34"));
        for (lines, word) in [
            (
                vec![(2, None)],
                "0.34 USD is left of invoice D260000002 to credit, with the credits on it; 0.85 was asked for",
            ),
            (vec![(2, Some(35))], "0.35 was asked for"),
            (vec![(1, None)], "line 1 has -0.51 USD left to credit"),
        ] {
            let refused = credit(&channel, &ctx, "D260000002", &lines).await.unwrap_err();
            assert!(refused.message().contains(word), "{refused:?}");
        }
        let part = credit(&channel, &ctx, "D260000002", &[(2, Some(4))]).await.unwrap();
        let rest = credit(&channel, &ctx, "D260000002", &[]).await.unwrap();
        assert_eq!((part.total.as_str(), rest.total.as_str()), ("0.04", "0.30"));
        let given: Vec<_> = rest.lines.iter().map(|line| line.amount.as_str()).collect();
        assert_eq!(given, ["-0.51", "0.81"]);
        let nothing = credit(&channel, &ctx, "D260000002", &[]).await.unwrap_err();
        assert!(nothing.message().contains("nothing is left"), "{nothing:?}");
        assert_eq!(findings(&channel).await, Vec::<String>::new());
        let paper = texts(&credit_note_pdf(&rest, "4847383").unwrap());
        assert!(paper.contains("-0.51"), "{paper}");
    });
}

#[test]
fn the_files_of_an_invoice_and_its_notes_sum_to_what_is_left() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let note = credit(&channel, &channel.provider_ctx(), "D260000001", &[(1, Some(35))]).await.unwrap();
        let mut file = Vec::new();
        assert_eq!(credit_note_csv(&note, "4847383", &mut file).unwrap(), usd(-35));
        let ctx = channel.partner_ctx();
        let books = Books::of(&channel, &ctx);
        let invoice = books.file(&books.invoice("2026-01").await).await;
        let notes = String::from_utf8(file).unwrap();
        let mut charges = Vec::new();
        for text in [&invoice, &notes] {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let headings = reader.headers().unwrap().clone();
            let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
            let (charge, kind) = (at("PretaxCharges"), at("ChargeType"));
            charges.extend(
                reader.records().map(|row| row.map(|row| (row[kind].to_owned(), row[charge].to_owned())).unwrap()),
            );
        }
        let row = notes.lines().nth(1).unwrap();
        assert!(row.contains(",-0.35,0.00,-0.35,USD,"), "{row}");
        assert_eq!(charges.last().unwrap(), &("Offset a line item".to_owned(), "-0.35".to_owned()));
        let sum = crate::reckoning::sum(charges.iter().map(|(_, charge)| charge.as_str()));
        assert_eq!(sum, crate::reckoning::sum([books.receivable().await.as_str()]));
    });
}

/// A clerk who sends twice, or an import that runs twice, gives back once.
#[test]
fn a_reference_names_one_note_for_ever() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let ctx = channel.provider_ctx();
        let first = credit_as(&channel, &ctx, "D260000001", &[(1, Some(35))], "case-7").await.unwrap();
        assert!(first.new);
        assert_eq!(first.entry.0.reference, "case-7", "the buyer reads it on the note");
        let again = credit_as(&channel, &ctx, "d260000001", &[(1, Some(35))], "case-7").await.unwrap();
        assert_eq!((again.new, &again.entry), (false, &first.entry));
        for lines in [vec![(1, Some(36))], vec![(1, None)], vec![]] {
            let other = credit_as(&channel, &ctx, "D260000001", &lines, "case-7").await.unwrap_err();
            assert_eq!((other.reason(), other.field()), (Reason::IdempotencyMismatch, Some("reference")), "{other:?}");
        }
        // "All that is left" is the same request also when nothing is left any more.
        let rest = credit_as(&channel, &ctx, "D260000001", &[], "case-8").await.unwrap();
        let again = credit_as(&channel, &ctx, "D260000001", &[], "case-8").await.unwrap();
        assert_eq!((rest.new, again.new, &rest.entry), (true, false, &again.entry));
        assert_eq!(credit_notes_of(&channel).await, 2);
        for reference in ["", " case", "two\nlines", &"x".repeat(65)] {
            let refused = credit_as(&channel, &ctx, "D260000001", &[], reference).await.unwrap_err();
            assert_eq!(refused.field(), Some("reference"), "{refused:?}");
        }
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

#[test]
fn one_reference_from_several_sides_at_once_is_one_note() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let mut running = Vec::new();
        for _ in 0..4 {
            let (world, ctx) = (std::sync::Arc::clone(channel.world()), channel.provider_ctx());
            running.push(tokio::spawn(async move {
                let new = NewCreditNote {
                    invoice: "D260000001".into(),
                    reference: "case-9".into(),
                    reason: "an outage".into(),
                    lines: vec![CreditLine { line: 1, amount: Some(usd(10)) }],
                };
                credit_note_issue(&ctx, world.db(), world.metering(), new).await.unwrap()
            }));
        }
        let mut seen = Vec::new();
        for one in running {
            seen.push(one.await.unwrap());
        }
        assert_eq!(seen.iter().filter(|written| written.new).count(), 1);
        assert!(seen.iter().all(|written| written.entry == seen[0].entry), "{seen:#?}");
        assert_eq!(credit_notes_of(&channel).await, 1);
        assert_eq!(status(&channel).await, "partlyPaid 0.10 of 0.85, owed 0.75");
    });
}

#[test]
fn notes_at_once_give_back_a_line_once() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let mut running = Vec::new();
        for number in 0..4 {
            let (world, ctx) = (std::sync::Arc::clone(channel.world()), channel.provider_ctx());
            running.push(tokio::spawn(async move {
                let line = CreditLine { line: 1, amount: Some(usd(30)) };
                let new = NewCreditNote {
                    invoice: "D260000001".into(),
                    reference: format!("note-{number}"),
                    reason: "twice".into(),
                    lines: vec![line],
                };
                credit_note_issue(&ctx, world.db(), world.metering(), new).await
            }));
        }
        let mut numbers = Vec::new();
        for one in running {
            if let Ok(written) = one.await.unwrap() {
                numbers.push(written.entry.0.number);
            }
        }
        numbers.sort();
        assert_eq!(numbers, ["C260000001", "C260000002"], "0.85 has room for two of 0.30");
        assert_eq!(findings(&channel).await, Vec::<String>::new());
    });
}

#[test]
fn invoices_and_notes_stand_in_one_chain() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let ctx = channel.provider_ctx();
        credit(&channel, &ctx, "D260000001", &[(1, Some(10))]).await.unwrap();
        let own = channel.order_usage(&channel.customer("Adatum").await).await;
        channel.accept(events(&own, HOURS, &[("2026-02-10", "30")])).await;
        channel.advance_to("2026-03-10").await;
        let numbers: Vec<_> = kept(&channel).await.into_iter().map(|kept| kept.number).collect();
        assert_eq!(numbers, ["D260000001", "D260000002"], "notes take none of the invoices' numbers");
        assert_eq!(findings(&channel).await, Vec::<String>::new());

        let mut reader = channel.world().db().reader().await.unwrap();
        let row = sql("SELECT * FROM credit_note").one(&mut reader).await.unwrap();
        let (text, total) = (row.text("document").unwrap(), row.text("total").unwrap());
        drop(reader);
        let set = |text: &str| sql("UPDATE credit_note SET document = $1").bind(text);
        let unlinked = "invoice D260000002 does not follow on the one before it";
        let tampered: [(&str, Statement, &[&str]); 4] = [
            (
                "more given back",
                set(&text.replace("\"0.10\"", "\"0.20\"")),
                &["credit note C260000001 was changed after it was issued", "its columns do not say"],
            ),
            (
                "another reason",
                set(&text.replace("agreed with", "invented by")),
                &["credit note C260000001 was changed after it was issued"],
            ),
            ("a total of its own", sql("UPDATE credit_note SET total = '0.11'"), &["its columns do not say"]),
            ("removed", sql("DELETE FROM credit_note"), &[unlinked, "the receivable says"]),
        ];
        for (what, statement, expected) in tampered {
            let mut tx = channel.world().db().begin().await.unwrap();
            statement.run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
            let wrong = findings(&channel).await;
            for part in expected {
                assert!(wrong.iter().any(|said| said.contains(part)), "{what}: `{part}` is not among {wrong:#?}");
            }
            let mut tx = channel.world().db().begin().await.unwrap();
            set(&text).run(&mut tx).await.unwrap();
            sql("UPDATE credit_note SET total = $1").bind(&total).run(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
    });
}

#[test]
fn the_seller_issues_and_others_do_not() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let db = channel.world().db();
        let note = credit(&channel, &channel.provider_ctx(), "D260000001", &[(1, Some(1))]).await.unwrap();
        for (who, ctx, issuing, reading) in [
            ("the buyer", channel.partner_ctx(), Reason::Forbidden, None),
            ("another partner", channel.stranger_ctx(), Reason::InvoiceNotFound, Some(Reason::InvoiceNotFound)),
        ] {
            let refused = credit(&channel, &ctx, "D260000001", &[]).await.unwrap_err();
            assert_eq!(refused.reason(), issuing, "{who}: {refused:?}");
            let read = credit_note_get(&ctx, db, &note.number.to_lowercase()).await;
            assert_eq!(read.err().map(|refused| refused.reason()), reading, "{who}");
        }
        let unknown = credit(&channel, &channel.provider_ctx(), "D269999999", &[]).await.unwrap_err();
        assert_eq!(unknown.reason(), Reason::InvoiceNotFound);
        for reason in ["", "two\nlines"] {
            let new = NewCreditNote {
                invoice: "D260000001".into(),
                reference: "note-1".into(),
                reason: reason.into(),
                lines: Vec::new(),
            };
            let refused =
                credit_note_issue(&channel.provider_ctx(), db, channel.world().metering(), new).await.unwrap_err();
            assert_eq!(refused.field(), Some("reason"), "{refused:?}");
        }
    });
}

/// A close that comes to less than zero is a document of that close, as before, in the invoices' range.
#[test]
fn the_field_has_both_kinds_of_credit() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let ctx = channel.provider_ctx();
        let paid = tenantry_billing::NewPayment {
            seller: channel.provider.tenant,
            buyer: channel.partner.tenant,
            amount: usd(85),
            paid_on: ctx.now().day(),
            reference: "bank-1".into(),
            documents: Vec::new(),
        };
        tenantry_billing::payment_record(&ctx, channel.world().db(), channel.world().metering(), paid).await.unwrap();
        credit(&channel, &ctx, "D260000001", &[(1, Some(25))]).await.unwrap();
        let found = account_standings(&ctx, channel.world().db(), channel.partner.tenant).await.unwrap().remove(0);
        assert_eq!(found.documents[0].status.name(), "paid");
        assert_eq!((found.on_account, found.balance), (usd(25), usd(-25)), "what was paid too much waits");
    });
}

/// On paper a note says what is given back, of which invoice, and why; the same note is the same file.
#[test]
fn a_note_is_a_document_to_hold() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let ctx = channel.provider_ctx();
        let (note, hash) = credit_as(&channel, &ctx, "D260000001", &[(1, Some(35))], "case-7").await.unwrap().entry;
        let paper = credit_note_pdf(&note, &hash).unwrap();
        assert_eq!(paper, credit_note_pdf(&note, &hash).unwrap());
        let shown = texts(&paper);
        for text in ["Credit note", "C260000001", "Northwind", "0.35", "Credit on invoice D260000001", "agreed with"] {
            assert!(shown.contains(text), "`{text}` is not on the paper:\n{shown}");
        }
        assert!(!shown.contains("Due"), "{shown}");
    });
}

/// Shares of tax are cut, and none is lost.
#[test]
fn the_tax_of_a_note_falls_on_its_lines_to_the_cent() {
    on_every_engine(|bench| async move {
        let channel = one_document(&bench).await;
        let ctx = channel.provider_ctx();
        let (note, _) = credit_as(&channel, &ctx, "D260000001", &[(1, Some(35))], "case-7").await.unwrap().entry;
        for (amounts, tax, shares) in [
            (vec!["0.35"], "0.07", "0.07"),
            (vec!["0.10", "0.10", "0.10"], "0.10", "0.03 0.03 0.04"),
            (vec!["0.01", "100.00"], "0.01", "0.00 0.01"),
            (vec!["5.00", "7.00"], "0.00", "0.00 0.00"),
        ] {
            let line = |amount: &&str| CreditedLine { amount: (*amount).to_owned(), ..note.lines[0].clone() };
            let made = CreditNote {
                lines: amounts.iter().map(line).collect(),
                net: crate::reckoning::sum(amounts.iter().copied()).to_string(),
                tax: tax.to_owned(),
                ..note.clone()
            };
            let found = credited_line_taxes(&made).unwrap();
            assert_eq!(found.iter().map(Money::to_string).collect::<Vec<_>>().join(" "), shares, "{amounts:?}");
        }
    });
}
