//! Filters in queries: JSON in Partner Center, OData in both graphs.

use crate::{encoded, judged, on_sqlite, target};
use tenantry_core::{DirectoryRole, Role};
use tenantry_directory::{
    DIRECTORY_GRAPH, MICROSOFT_GRAPH, PARTNER_CENTER, application_register, directory_role_member_add,
};
use tenantry_testkit::fuzz::Tally;
use tenantry_testkit::{App, Channel, Client, ORIGIN};

#[test]
fn fuzz_partner_center_filters_are_answered_or_refused_with_a_reason() {
    const WORDS: &[&str] =
        &["\"Field\"", "\"Operator\"", "\"and\"", "\"LeftFilter\"", "{}", "starts_with", "CompanyName"];
    on_sqlite(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        channel.customer("Northwind").await;
        let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
        let client = Client::of(channel.world(), [tenantry_face_partner_center::face(ORIGIN)]);
        let mut tally = Tally::default();
        for input in target("partner-center-filters", 300, WORDS).inputs() {
            for list in ["customers", "invoices"] {
                let path = format!("/v1/{list}?filter={}", encoded(&input.bytes));
                tally.count(judged(&client.get(&path).token(&token).send().await));
            }
        }
        tally.judge("partner-center-filters");
    });
}

const ODATA: &[&str] = &[
    "eq",
    "ne",
    "and",
    "or",
    "not",
    "in",
    "(",
    ")",
    ",",
    "startswith",
    "any(l:l/skuId",
    "null",
    "guid'",
    "datetime'",
    "/",
    "'O''Brien'",
    "displayName",
    "accountEnabled",
    "true",
    " ",
];

/// An application that may read its directory.
async fn administrator(channel: &Channel) -> App {
    let (world, tenant) = (channel.world(), channel.partner.tenant);
    let ctx = world.system("test");
    let mut tx = world.db().begin().await.unwrap();
    let (made, secret) = application_register(&ctx, &mut tx, tenant, "Fuzz", &[Role::AdminAgent]).await.unwrap();
    tx.commit().await.unwrap();
    directory_role_member_add(&ctx, world.db(), tenant, DirectoryRole::GlobalAdmin, made.principal).await.unwrap();
    let kind = tenantry_core::TenantKind::Partner;
    let identity = tenantry_core::Identity::application(made.app, made.principal, (tenant, kind), [Role::AdminAgent]);
    App { identity, secret }
}

fn graph(name: &'static str, resource: &'static str, before: &'static str) {
    on_sqlite(|bench| async move {
        let channel = Channel::new(&bench.world("2026-01-01").await).await;
        let token = channel.token(&administrator(&channel).await, resource).await;
        let client = Client::of(channel.world(), tenantry_face_graph::faces(ORIGIN));
        let mut tally = Tally::default();
        for input in target(name, 300, ODATA).inputs() {
            for list in ["users", "groups", "applications"] {
                let path = before.replace("{list}", list) + &encoded(&input.bytes);
                tally.count(judged(&client.get(&path).token(&token).send().await));
            }
        }
        tally.judge(name);
    });
}

#[test]
fn fuzz_graph_filters_are_answered_or_refused_with_a_reason() {
    graph("graph-filters", MICROSOFT_GRAPH, "/v1.0/{list}?$filter=");
}

#[test]
fn fuzz_azure_ad_graph_filters_are_answered_or_refused_with_a_reason() {
    graph("aad-filters", DIRECTORY_GRAPH, "/myorganization/{list}?api-version=1.6&$filter=");
}
