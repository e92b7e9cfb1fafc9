//! The readers against the real files of `../shared/data`, where that folder stands beside the workspace.

use super::{UsageRecord, event_ids, read};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

const DETAILS: &str = "azure-usage-details";

fn data(path: &str) -> Option<Vec<UsageRecord>> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"));
    folder.is_dir().then(|| read(path, &fs::read(folder.join(path)).unwrap()).unwrap())
}

fn pages() -> Option<Vec<Vec<UsageRecord>>> {
    (1..=3).map(|page| data(&format!("{DETAILS}/http/usage-details-2017-10-page-{page}.json.gz"))).collect()
}

#[test]
fn a_month_of_csv_and_its_three_pages_say_the_same() {
    let (Some(csv), Some(pages)) = (data(&format!("{DETAILS}/usage-details-2017-10.csv.gz")), pages()) else { return };
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [1000, 1000, 924]);
    assert_eq!(pages.concat(), csv);
    let own_ids: BTreeSet<_> = csv.iter().filter_map(|record| record.id.as_deref()).collect();
    assert_eq!(own_ids.len(), 2904);
    let ids = event_ids(&csv);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 2924);
    assert_eq!(pages.iter().flat_map(|page| event_ids(page)).collect::<Vec<_>>(), ids);
}

#[test]
fn a_reported_day_of_aggregates_is_read_whole() {
    let Some(day) = data("azure-usage-aggregates/http/usage-aggregates-2015-05-01-page-1.json") else { return };
    assert_eq!(day.len(), 109);
    assert_eq!(day.iter().filter_map(|record| record.id.as_deref()).collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(event_ids(&day).iter().collect::<BTreeSet<_>>().len(), 109);
    assert!(day.iter().any(|record| record.quantity.to_string() == "0.000015"), "1.5E-05 is among them");
}

#[test]
fn azure_utilization_of_a_partner_is_read_whole() {
    let Some(items) = data("partner-center-recordings/bodies/GetAzureUtilization.json") else { return };
    assert_eq!(items.len(), 37);
    assert!(items.iter().all(|record| record.resource.resource_group().is_some()));
}
