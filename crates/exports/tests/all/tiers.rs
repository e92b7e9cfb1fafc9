//! Law 7: a buyer's files are its own, in every format; nobody else gets them, and no number of another edge is in them.

use crate::books::month;
use crate::setting::{FOCUS_1_2, FOCUS_1_4, FORMATS, Setting};
use crate::tier_story::{Scene, Secret, Tier, secrets};
use parquet::file::reader::{FileReader, SerializedFileReader};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use tenantry_commerce::edge_of;
use tenantry_core::{Problem, Reason};
use tenantry_exports::{Encoding, ExportFormat, Manifest, Request, Target, export_estimate, export_invoice};
use tenantry_testkit::on_every_engine;

const EVERY_FORMAT: [ExportFormat; 6] =
    [ExportFormat::Usage, ExportFormat::Daily, ExportFormat::Licence, ExportFormat::OneTime, FOCUS_1_2, FOCUS_1_4];

#[test]
fn a_stranger_gets_no_file_and_no_name_of_one() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        let (db, metering) = (setting.channel.world().db(), setting.channel.world().metering());
        for format in FORMATS {
            let request = setting.request("stolen.csv", format, Encoding::Csv);
            let ctx = setting.channel.stranger_ctx();
            let number = &setting.invoices[0].number;
            let refused = export_invoice(&ctx, db, metering, number, &request, |_| ()).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::InvoiceNotFound);
            let never = export_invoice(&ctx, db, metering, "D269999999", &request, |_| ()).await.unwrap_err();
            assert_eq!(refused.message().replace(number, "D269999999"), never.message());
        }
        assert!(crate::setting::names(setting.directory.path()).is_empty());
    });
}

/// Numbers that a tier was given, by where.
type Given = BTreeMap<String, BTreeSet<String>>;

#[test]
fn no_file_of_a_tier_has_a_figure_of_the_tier_above_or_beside_it() {
    on_every_engine(|bench| async move {
        let scene = Scene::open(&bench).await;
        for Secret { from, of, factors } in secrets(&scene) {
            let given = given(&scene, &from, bench.directory()).await;
            let mut forbidden: BTreeSet<_> = factors.iter().map(|factor| plain(factor)).collect();
            for other in &of {
                forbidden.extend(scene.figures(other).await.iter().map(|figure| plain(figure)));
            }
            // Whole numbers are also sizes of files, days and pieces of checksums.
            forbidden.retain(|figure| figure.contains('.') && figure.len() > 5 || factors.contains(figure));
            for (place, numbers) in &given {
                let told: Vec<_> = numbers.intersection(&forbidden).collect();
                assert!(told.is_empty(), "{} is given {told:?} in: {place}", from.name);
            }
            if from.tenant != scene.tiers.channel.provider.tenant {
                check_own(&scene, &from, &given).await;
            }
        }
    });
}

/// A tier is given its own, so the search would find what is there: in each form and each encoding, and in the manifests
/// of the form whose sum is the document's.
async fn check_own(scene: &Scene, tier: &Tier<'_>, given: &Given) {
    let own: BTreeSet<_> = scene.figures(tier).await.iter().map(|figure| plain(figure)).collect();
    for format in EVERY_FORMAT {
        let manifest = (format == FOCUS_1_2).then_some("manifest");
        for what in ["csv", "parquet"].into_iter().chain(manifest) {
            for of in ["document", "estimate"] {
                let place = format!("{format:?} {what} of a {of}");
                let numbers = given.get(&place).unwrap_or_else(|| panic!("{} has no {place}", tier.name));
                assert!(!numbers.is_disjoint(&own), "{} finds none of its figures in: {place}", tier.name);
            }
        }
    }
}

/// Every file and manifest a tier can have, of every document there is and of what it is not billed yet, and the refusals.
async fn given(scene: &Scene, tier: &Tier<'_>, directory: &Path) -> Given {
    let (db, metering) = (scene.tiers.channel.world().db(), scene.tiers.channel.world().metering());
    let mut given = Given::new();
    for format in EVERY_FORMAT {
        for encoding in [Encoding::Csv, Encoding::Parquet] {
            let path = directory.join(format!("rows.{}", encoding.text()));
            let request = Request { format, target: Target { path, encoding, part_rows: None } };
            for invoice in scene.everything().await {
                let written = export_invoice(&tier.ctx, db, metering, &invoice.number, &request, |_| ()).await;
                gather(&mut given, "document", &request, written);
            }
            let Ok(edge) = edge_of(&tier.ctx, db, tier.tenant).await else { continue };
            let written = export_estimate(&tier.ctx, db, metering, &edge, month("2026-02"), &request, |_| ()).await;
            gather(&mut given, "estimate", &request, written);
        }
    }
    given
}

fn gather(given: &mut Given, of: &str, request: &Request, written: Result<Manifest, Problem>) {
    let Request { format, target } = request;
    let mut add = |place: String, text: &str| given.entry(place).or_default().extend(numbers(text));
    if let Err(refused) = written {
        return add("refusals".to_owned(), refused.message());
    }
    let manifest = fs::read_to_string(target.manifest()).unwrap();
    add(format!("{format:?} manifest of a {of}"), &manifest);
    let text = match target.encoding {
        Encoding::Csv => fs::read_to_string(&target.path).unwrap(),
        Encoding::Parquet => {
            let reader = SerializedFileReader::new(fs::File::open(&target.path).unwrap()).unwrap();
            reader.get_row_iter(None).unwrap().map(|row| format!("{}\n", row.unwrap())).collect()
        }
    };
    add(format!("{format:?} {} of a {of}", target.encoding.text()), &text);
    fs::remove_file(&target.path).unwrap();
    fs::remove_file(target.manifest()).unwrap();
}

/// The numbers of a text, however many zeros they end with.
fn numbers(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|word| !word.is_empty()).map(plain)
}

/// A number without the zeros and the sign that say nothing.
fn plain(number: &str) -> String {
    let number = number.trim_start_matches('-');
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number.to_owned() }
}
