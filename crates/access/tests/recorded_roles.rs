//! The built-in roles beside what the field answered when asked for them (`http-recordings-arm/rbac.jsonl.gz`, 2015
//! to 2021). The testkit stands above this crate, so the way to the recordings is found here.
#![cfg(test)]

use flate2::read::GzDecoder;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use tenantry_access::azure::{BUILT_IN, PermissionSet};
use uuid::Uuid;

/// What the reference (arm.md 11.5) knows and the newest recording does not have yet. It may only shrink.
const NEWER_THAN_THE_RECORDINGS: [(&str, &[&str]); 3] = [
    ("Contributor", &["Microsoft.Purview/consents/delete", "Microsoft.Purview/consents/write"]),
    (
        "SQL DB Contributor",
        &[
            "Microsoft.Sql/servers/databases/ledgerDigestUploads/disable/action",
            "Microsoft.Sql/servers/databases/ledgerDigestUploads/write",
        ],
    ),
    ("Web Plan Contributor", &["Microsoft.Insights/autoscalesettings/*"]),
];

/// In the reference only.
const NEVER_RECORDED: [&str; 1] = ["Role Based Access Control Administrator"];

/// When a recording was made, to compare: year, month, day.
fn day(recorded: &str) -> (u32, usize, u32) {
    let words: Vec<&str> = recorded.split_whitespace().collect();
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|month| *month == words[2]).unwrap();
    (words[3].parse().unwrap(), month, words[1].parse().unwrap())
}

/// The newest recorded definition of each built-in role.
fn recorded(data: &Path) -> BTreeMap<Uuid, Value> {
    let file = File::open(data.join("http-recordings-arm/rbac.jsonl.gz")).unwrap();
    let mut newest: BTreeMap<Uuid, ((u32, usize, u32), Value)> = BTreeMap::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let recording: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let day = day(recording["recorded"].as_str().unwrap());
        for interaction in recording["interactions"].as_array().unwrap() {
            let body = &interaction["response"]["body"];
            let listed = body["value"].as_array().cloned().unwrap_or_else(|| vec![body.clone()]);
            for role in listed {
                let is_role = role["type"].as_str().is_some_and(|it| it == "Microsoft.Authorization/roleDefinitions");
                if !is_role || role["properties"]["type"] != "BuiltInRole" {
                    continue;
                }
                let id = Uuid::parse_str(role["name"].as_str().unwrap()).unwrap();
                if newest.get(&id).is_none_or(|(seen, _)| *seen <= day) {
                    newest.insert(id, (day, role["properties"].clone()));
                }
            }
        }
    }
    newest.into_iter().map(|(id, (_, properties))| (id, properties)).collect()
}

/// All patterns of a role, each with the list it stands in.
fn ours(set: &PermissionSet) -> BTreeSet<(&'static str, String)> {
    let lists = [
        ("actions", &set.actions),
        ("notActions", &set.not_actions),
        ("dataActions", &set.data_actions),
        ("notDataActions", &set.not_data_actions),
    ];
    lists.into_iter().flat_map(|(name, list)| list.iter().map(move |pattern| (name, pattern.clone()))).collect()
}

fn theirs(permissions: &Value) -> BTreeSet<(&'static str, String)> {
    let list = |name: &'static str| {
        let patterns = permissions[name].as_array().cloned().unwrap_or_default();
        patterns.into_iter().map(move |pattern| (name, pattern.as_str().unwrap().to_owned()))
    };
    ["actions", "notActions", "dataActions", "notDataActions"].into_iter().flat_map(list).collect()
}

#[test]
fn built_in_roles_are_what_the_field_answered() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let data = workspace.parent().unwrap().join("shared/data");
    if !data.is_dir() {
        println!("left out: there are no recordings beside this workspace");
        return;
    }
    let recorded = recorded(&data);
    let mut never = Vec::new();
    for role in BUILT_IN.iter() {
        let Some(theirs_all) = recorded.get(&role.id) else {
            never.push(role.name.as_str());
            continue;
        };
        assert_eq!(theirs_all["roleName"], role.name.as_str());
        let permissions = theirs_all["permissions"].as_array().unwrap();
        assert_eq!((permissions.len(), role.permissions.len()), (1, 1), "{}", role.name);
        let (ours, theirs) = (ours(&role.permissions[0]), theirs(&permissions[0]));
        let missing: Vec<_> = theirs.difference(&ours).collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", role.name);
        let newer: Vec<&str> = ours.difference(&theirs).map(|(_, pattern)| pattern.as_str()).collect();
        let known = NEWER_THAN_THE_RECORDINGS.iter().find(|(name, _)| *name == role.name);
        assert_eq!(newer, known.map_or(&[][..], |(_, patterns)| patterns), "{}", role.name);
    }
    assert_eq!(never, NEVER_RECORDED);
}
