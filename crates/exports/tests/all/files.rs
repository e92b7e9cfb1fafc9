//! Files are whole or not there; an interrupted export goes on; the manifest says what is in the files.

use crate::setting::{FOCUS_1_2, FORMATS, Setting, names};
use crate::table::same_number;
use sha2::{Digest, Sha256};
use std::fs;
use tenantry_billing::{Invoice, InvoiceLine};
use tenantry_core::{Currency, Money, Problem, Reason};
use tenantry_exports::{Document, Encoding, FileCells, Manifest, PlacedLine, Request, export_invoice, write_rows};
use tenantry_testkit::on_every_engine;

fn read(request: &Request) -> Manifest {
    serde_json::from_slice(&fs::read(request.target.manifest()).unwrap()).unwrap()
}

#[test]
fn the_manifest_says_what_is_in_the_file() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        let invoice = &setting.invoices[1];
        for (format, number) in FORMATS.into_iter().zip(0..) {
            for encoding in [Encoding::Csv, Encoding::Parquet] {
                let request = setting.request(&format!("{number}.{}", encoding.text()), format, encoding);
                let manifest = setting.export(invoice, &request).await;
                assert_eq!(manifest, read(&request));
                let bytes = fs::read(&request.target.path).unwrap();
                let part = &manifest.parts[0];
                let hash = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
                assert_eq!((manifest.parts.len(), part.bytes, &part.sha256), (1, bytes.len() as u64, &hash));
                assert_eq!(manifest.subject.document.as_ref(), Some(&invoice.number));
                assert_eq!(manifest.columns.len(), format.format().columns().len());
                let (owed, _) = format.format().owed();
                assert!(same_number(&manifest.sums["USD"][owed], &invoice.total), "{format:?}");
                // Again, and it is the same to the byte.
                let first = fs::read(request.target.manifest()).unwrap();
                setting.export(invoice, &request).await;
                assert_eq!(fs::read(request.target.manifest()).unwrap(), first);
                assert_eq!(fs::read(&request.target.path).unwrap(), bytes);
            }
        }
        assert_eq!(names(setting.directory.path()).len(), 16, "files and manifests, and nothing left over");
    });
}

/// Writes until so many rows were said, then the machine goes dark.
async fn interrupted(setting: &Setting, invoice: &Invoice, request: &Request, after: u64) -> Problem {
    let (edge, close) = (invoice.edge, invoice.close);
    let billed = setting.channel.world().metering().read_all(|fold| fold.billed_by(edge, close)).await;
    let (_, hash) =
        tenantry_billing::invoice_get(&setting.ctx(), setting.channel.world().db(), &invoice.number).await.unwrap();
    let document = Document::of(invoice, &hash, "4847383").unwrap();
    let mut format = request.format.format();
    let mut file = FileCells::begin(&document, format.as_ref(), &request.target, |_| ()).unwrap();
    let mut said = 0;
    let lines = billed.iter().map(|of| {
        let named = |line: &&InvoiceLine| line.subscription == of.subscription && line.meter == of.meter;
        let line = invoice.lines.iter().find(named).unwrap();
        said += of.rows.len() as u64;
        if said > after {
            Err(Problem::internal("dark"))
        } else {
            Ok((PlacedLine { position: 1, line, tax: Money::zero(Currency::USD) }, &of.rows))
        }
    });
    write_rows(&document, format.as_mut(), lines, &mut file).unwrap_err()
}

#[test]
fn an_interrupted_export_leaves_no_file_that_looks_whole() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        let invoice = &setting.invoices[0];
        for encoding in [Encoding::Csv, Encoding::Parquet] {
            let request = setting.request("one.file", FOCUS_1_2, encoding);
            interrupted(&setting, invoice, &request, 4).await;
            assert_eq!(names(setting.directory.path()), [".one.file.unfinished"]);
            let manifest = setting.export(invoice, &request).await;
            assert_eq!(names(setting.directory.path()), ["one.file", "one.file.manifest.json"]);
            // A second export that is cut off takes the manifest away first: what lies there is not vouched for.
            interrupted(&setting, invoice, &request, 4).await;
            assert!(!request.target.manifest().exists());
            assert_eq!(setting.export(invoice, &request).await, manifest);
            for name in names(setting.directory.path()) {
                fs::remove_file(setting.directory.path().join(name)).unwrap();
            }
        }
    });
}

#[test]
fn an_export_in_parts_goes_on_where_it_was_cut_off() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        let invoice = &setting.invoices[0];
        let in_parts = |name: &str| {
            let mut request = setting.request(name, FOCUS_1_2, Encoding::Csv);
            request.target.part_rows = Some(3);
            request
        };
        let whole = setting.export(invoice, &in_parts("whole.csv")).await;
        assert!(whole.parts.len() >= 3, "{whole:#?}");
        let request = in_parts("parts.csv");
        interrupted(&setting, invoice, &request, 7).await;
        let left: Vec<_> = names(setting.directory.path()).into_iter().filter(|name| name.contains("parts")).collect();
        assert!(left.contains(&"parts-part-00001.csv".to_owned()), "{left:?}");
        assert!(left.contains(&"parts.csv.parts.json".to_owned()), "{left:?}");
        assert!(!left.contains(&"parts.csv.manifest.json".to_owned()), "{left:?}");
        // The first part keeps its time: it is not written again. A damaged one is.
        let first = setting.directory.path().join("parts-part-00001.csv");
        let before = fs::metadata(&first).unwrap().modified().unwrap();
        let again = setting.export(invoice, &request).await;
        assert_eq!(fs::metadata(&first).unwrap().modified().unwrap(), before);
        let said = |manifest: &Manifest| {
            let parts = manifest.parts.iter().map(|part| (part.rows, part.sha256.clone()));
            (manifest.rows, manifest.sums.clone(), parts.collect::<Vec<_>>())
        };
        assert_eq!(said(&again), said(&whole));
        for name in names(setting.directory.path()).into_iter().filter(|name| name.starts_with("parts-part")) {
            fs::remove_file(setting.directory.path().join(name)).unwrap();
        }
        interrupted(&setting, invoice, &request, 7).await;
        fs::write(&first, b"damaged").unwrap();
        assert_eq!(said(&setting.export(invoice, &request).await), said(&whole));
    });
}

#[test]
fn what_cannot_be_written_is_refused_with_the_reason() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        let invoice = &setting.invoices[0];
        let (db, metering) = (setting.channel.world().db(), setting.channel.world().metering());
        for (name, part_rows, reason) in [
            ("", None, Reason::InvalidField),
            ("nowhere/file.csv", None, Reason::Unavailable),
            ("file.csv", Some(0), Reason::InvalidField),
        ] {
            let mut request = setting.request(name, FOCUS_1_2, Encoding::Csv);
            request.target.part_rows = part_rows;
            let refused = export_invoice(&setting.ctx(), db, metering, &invoice.number, &request, |_| ()).await;
            assert_eq!(refused.unwrap_err().reason(), reason, "{name}");
        }
        assert!(names(setting.directory.path()).is_empty());
    });
}
