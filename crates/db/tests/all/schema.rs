//! Every table of a world, in one place that somebody can read: whose its rows are, and what they hold.
//!
//! A table that is missing in [`OWNERS`] fails the test, so nobody adds one without saying who may see it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use tenantry_db::{Db, Engine, Reader, sql};
use tenantry_testkit::{golden, on_every_engine};

/// Whose a row is.
enum Owner {
    /// The world's: no tenant may ask for it as its own.
    World,
    /// Of the tenants these columns name. Rows are looked up by them, so each leads a key or an index.
    Tenant(&'static [&'static str]),
    /// Of whoever owns the row that this column refers to.
    Through(&'static str),
}

use Owner::{Tenant, Through, World};

const OWNERS: &[(&str, Owner)] = &[
    ("access_assignment", Tenant(&["partner"])),
    ("app_role_assignment", Tenant(&["tenant"])),
    ("application", Tenant(&["tenant"])),
    ("application_certificate", Tenant(&["tenant"])),
    ("application_secret", Tenant(&["tenant"])),
    ("application_uri", Tenant(&["tenant"])),
    ("assertion_seen", Tenant(&["tenant"])),
    ("audit_line", Tenant(&["tenant"])),
    ("authorization_code", Tenant(&["tenant"])),
    ("azure_lock", Tenant(&["tenant"])),
    ("azure_role_assignment", Tenant(&["tenant"])),
    ("azure_role_definition", Tenant(&["tenant"])),
    ("azure_subscription", Tenant(&["tenant", "partner"])),
    ("brought_subscription", Tenant(&["tenant"])),
    ("cart", Tenant(&["customer"])),
    ("cart_group", Through("cart")),
    ("channel_edge", Tenant(&["seller", "buyer"])),
    ("configuration_policy", Tenant(&["tenant", "partner"])),
    ("contract", Tenant(&["partner", "customer"])),
    ("counter", World),
    ("credit_note", Tenant(&["seller", "buyer"])),
    ("customer", Tenant(&["tenant", "partner"])),
    ("customer_agreement", Tenant(&["customer", "partner"])),
    ("customer_edge", Tenant(&["seller", "buyer"])),
    ("customer_price_rule", Through("edge")),
    ("customer_qualification", Tenant(&["customer", "partner"])),
    ("customer_review", Tenant(&["customer", "partner"])),
    ("customer_to_catch_up", Tenant(&["tenant", "partner"])),
    ("delegated_relationship", Tenant(&["partner", "customer"])),
    ("device", Tenant(&["tenant", "partner"])),
    ("device_batch", Tenant(&["tenant", "partner"])),
    ("device_code", Tenant(&["tenant"])),
    ("device_identity", Through("device")),
    ("device_upload", Tenant(&["tenant", "partner"])),
    ("device_upload_line", Through("upload")),
    ("directory_group", Tenant(&["tenant"])),
    ("directory_role", Tenant(&["tenant"])),
    ("directory_user", Tenant(&["tenant"])),
    ("due_job", World),
    ("edge_price_rule", Through("edge")),
    ("edge_price_sheet", Tenant(&["seller", "buyer"])),
    ("edge_rounding", Tenant(&["seller"])),
    ("fx_rate", World),
    ("group_licence", Tenant(&["tenant"])),
    ("group_member", Tenant(&["tenant"])),
    ("group_owner", Tenant(&["tenant"])),
    ("incident", World),
    ("incident_message", World),
    ("invoice", Tenant(&["seller", "buyer"])),
    ("ledger_entry", Tenant(&["owner"])),
    ("licence_unit", Tenant(&["tenant"])),
    ("new_commerce_migration", Tenant(&["customer", "partner"])),
    ("new_commerce_schedule", Tenant(&["customer", "partner"])),
    ("organization_profile", Tenant(&["tenant"])),
    ("outbox", World),
    ("outbox_cursor", World),
    ("partner", Tenant(&["tenant"])),
    ("partner_profile", Tenant(&["tenant"])),
    ("payment", Tenant(&["seller", "buyer"])),
    ("permission_grant", Tenant(&["tenant"])),
    ("price_sheet", World),
    ("product_upgrade", Tenant(&["customer", "partner"])),
    ("product_upgrade_line", Through("product_upgrade")),
    ("provider", Tenant(&["tenant"])),
    ("refresh_token", Through("family")),
    ("relationship_operation", Tenant(&["partner"])),
    ("relationship_request", Tenant(&["partner"])),
    ("replay", Tenant(&["tenant"])),
    ("reseller_request", Tenant(&["partner"])),
    ("role_assignment", Tenant(&["tenant"])),
    ("sales_order", Tenant(&["partner", "customer"])),
    ("sales_order_line", Through("sales_order")),
    ("schema_step", World),
    ("seat_price", World),
    ("seat_price_list", World),
    ("second_factor", Tenant(&["tenant"])),
    ("service_principal", Tenant(&["tenant"])),
    ("self_serve_policy", Tenant(&["grantor", "entity"])),
    ("sign_in_session", Tenant(&["tenant"])),
    ("signing_key", World),
    ("spend_alert", Tenant(&["owner"])),
    ("spend_stop", Tenant(&["partner", "customer"])),
    ("subscription", Tenant(&["partner", "customer"])),
    ("subscription_registration", Tenant(&["customer"])),
    ("subscription_seller", Tenant(&["partner"])),
    ("subscription_transfer", Tenant(&["customer", "source", "target"])),
    ("subscription_transfer_line", Through("transfer")),
    ("subscription_transition", Tenant(&["customer"])),
    ("support_contact", Tenant(&["customer"])),
    ("tax_rate", Tenant(&["seller"])),
    ("tenant", Tenant(&["id"])),
    ("tenant_domain", Tenant(&["tenant"])),
    ("tenant_domain_claim", Tenant(&["tenant"])),
    ("ticket", Tenant(&["partner", "customer"])),
    ("ticket_note", Tenant(&["partner"])),
    ("token_family", Tenant(&["tenant"])),
    ("usage_checkpoint", World),
    ("usage_checkpoint_piece", World),
    ("usage_identity_page", World),
    ("usage_identity_run", World),
    ("usage_log", World),
    ("usage_memory", World),
    ("usage_partition", World),
    ("usage_upload", Tenant(&["tenant"])),
    ("usage_upload_refusals", Through("upload")),
    ("user_licence", Tenant(&["tenant"])),
    ("validation_code", Tenant(&["partner"])),
    ("weak_sign_in", Tenant(&["tenant"])),
    ("webhook", Tenant(&["tenant"])),
    ("webhook_attempt", Through("delivery")),
    ("webhook_delivery", Tenant(&["tenant"])),
    ("world_fact", World),
];

/// Rows that are of a tenant or, without one, of the platform itself, or not yet or never of a second tenant.
const MAY_BE_NOBODYS: &[(&str, &str)] = &[
    ("audit_line", "tenant"),
    ("azure_subscription", "partner"),
    ("delegated_relationship", "customer"),
    ("ticket", "customer"),
];

/// All that a column may be. REAL is not among them: money and quantities are exact.
const TYPES: [&str; 3] = ["TEXT", "BIGINT", "BYTEA"];

struct Column {
    name: String,
    kind: String,
    required: bool,
}

type Tables = BTreeMap<String, Vec<Column>>;

#[test]
fn every_table_says_whose_its_rows_are_and_holds_exact_values_only() {
    on_every_engine(|bench| async move {
        let world = bench.world("2026-01-01").await;
        let tables = tables(world.db()).await;
        let known: BTreeSet<_> = OWNERS.iter().map(|(table, _)| (*table).to_owned()).collect();
        assert_eq!(tables.keys().cloned().collect::<BTreeSet<_>>(), known, "add a new table to OWNERS, with its owner");
        for (table, columns) in &tables {
            for Column { name, kind, .. } in columns {
                assert!(TYPES.contains(&kind.as_str()), "{table}.{name} is {kind}; it may be one of {TYPES:?}");
            }
        }
        for (table, owner) in OWNERS {
            let columns = match owner {
                World => &[][..],
                Tenant(columns) => columns,
                Through(column) => &[*column],
            };
            for name in columns {
                let found = tables[*table].iter().find(|column| column.name == *name);
                let column = found.unwrap_or_else(|| panic!("{table} has no column {name}"));
                let may_be_nobodys = MAY_BE_NOBODYS.contains(&(*table, *name));
                assert_eq!((column.kind.as_str(), column.required), ("TEXT", !may_be_nobodys), "{table}.{name}");
            }
        }
        // Both engines say the same, so there is one file.
        golden(env!("CARGO_MANIFEST_DIR"), "tests/golden/schema.txt", shown(&tables));
    });
}

/// One text makes the schema on both engines; SQLite's catalogue is the one that is easily asked.
#[test]
fn owners_are_found_by_an_index_and_referred_to_by_a_key() {
    on_every_engine(|bench| async move {
        if bench.engine() == Engine::Postgres {
            return;
        }
        let world = bench.world("2026-01-01").await;
        let mut reader = world.db().reader().await.unwrap();
        for (table, owner) in OWNERS {
            let leading = texts(
                &mut reader,
                format!(
                    "SELECT column_info.name AS said FROM pragma_index_list('{table}') AS indexes, \
                     pragma_index_info(indexes.name) AS column_info WHERE column_info.seqno = 0"
                ),
            )
            .await;
            match owner {
                World => {}
                Tenant(columns) => {
                    for column in *columns {
                        assert!(
                            leading.iter().any(|first| first == column),
                            "no index of {table} begins with {column}"
                        );
                    }
                }
                Through(column) => {
                    let keys =
                        texts(&mut reader, format!("SELECT \"from\" AS said FROM pragma_foreign_key_list('{table}')"))
                            .await;
                    assert!(keys.iter().any(|from| from == column), "{table}.{column} refers to no table");
                    assert!(leading.iter().any(|first| first == column), "no index of {table} begins with {column}");
                }
            }
        }
    });
}

fn shown(tables: &Tables) -> String {
    let mut text = "Every table of a world: whose its rows are, and its columns (? may be absent).\n".to_owned();
    for (table, owner) in OWNERS {
        let owner = match owner {
            World => "the world".to_owned(),
            Tenant(columns) => format!("tenant, by {}", columns.join(" and ")),
            Through(column) => format!("whoever owns the {column}"),
        };
        let _ = writeln!(text, "\n{table}: {owner}");
        for Column { name, kind, required } in &tables[*table] {
            let _ = writeln!(text, "    {name} {kind}{}", if *required { "" } else { "?" });
        }
    }
    text
}

async fn tables(db: &Db) -> Tables {
    let names = match db.engine() {
        Engine::Sqlite => "SELECT name AS said FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS said FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    let mut reader = db.reader().await.unwrap();
    let mut tables = Tables::new();
    for table in texts(&mut reader, names.to_owned()).await {
        let columns = match db.engine() {
            Engine::Sqlite => format!(
                "SELECT name || ' ' || type || ' ' || (\"notnull\" OR pk > 0) AS said FROM pragma_table_info('{table}') \
                 ORDER BY cid"
            ),
            Engine::Postgres => format!(
                "SELECT column_name || ' ' || upper(data_type) || ' ' || CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END \
                 AS said FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = '{table}' ORDER BY ordinal_position"
            ),
        };
        let columns = texts(&mut reader, columns).await.into_iter().map(|said| {
            let (name, rest) = said.split_once(' ').unwrap();
            let (kind, required) = rest.rsplit_once(' ').unwrap();
            Column { name: name.to_owned(), kind: kind.to_owned(), required: required == "1" }
        });
        tables.insert(table, columns.collect());
    }
    tables
}

async fn texts(reader: &mut Reader, query: String) -> Vec<String> {
    // Statements are constants for good reason. These are made of the engine's own names, leaked once a test.
    let rows = sql(query.leak()).all(reader).await.unwrap();
    rows.iter().map(|row| row.text("said").unwrap()).collect()
}
