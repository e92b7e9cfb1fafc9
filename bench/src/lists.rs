//! Pages of a partner's customers through Partner Center, as the list grows: `GET /v1/customers`.
//!
//! A page is cut out of the list by its key, so it should cost the same out of a hundred thousand customers as out of a
//! thousand. Gated on that ratio, but for pages by offset; that 99 of 100 pages come within 20 ms is the goal.

use crate::goal::{Goal, gate};
use crate::load::{Load, Outcome, get, send};
use crate::measure::hundredths;
use crate::scale::Scale;
use crate::served::{Served, served};
use tenantry_core::TenantId;
use tenantry_db::{Db, sql};
use tenantry_directory::PARTNER_CENTER;
use tenantry_testkit::{Bench, Channel};

/// Customers of the list that the others are held against.
const FEW: u64 = 1_000;
/// Microseconds.
const GOAL: Goal = Goal::AtMost { goal: 20_000, floor: 20_000 };
/// In hundredths: a page of the short list costs at least half as much as one of the long list.
const HALF: u64 = 50;

/// A page that somebody asks for.
struct Asked {
    what: &'static str,
    path: String,
}

pub(crate) async fn run(bench: Bench, scale: Scale) {
    let channel = Channel::new(&bench.world("2026-01-01").await).await;
    let one = channel.customer("Northwind").await;
    let token = channel.token(&channel.partner_app, PARTNER_CENTER).await;
    let served = served(channel.world(), bench.directory()).await;
    let (many, pages) = (scale.customers(), scale.pages());
    fill(channel.world().db(), one.id, 2..=FEW).await;
    let few = measure(&served, &token, &asked(FEW), pages).await;
    fill(channel.world().db(), one.id, FEW + 1..=many).await;
    let of_many = measure(&served, &token, &asked(many), pages).await;
    for ((asked, few), of_many) in asked(many).iter().zip(few).zip(of_many) {
        let ratio = few.micros(500) * 100 / of_many.micros(500).max(1);
        println!(
            "{} of {many} customers, {:?}: p50 {} us, p99 {} us; of {FEW}: p50 {} us, p99 {} us; ratio {}; {}",
            asked.what,
            bench.engine(),
            of_many.micros(500),
            of_many.micros(990),
            few.micros(500),
            few.micros(990),
            hundredths(few.micros(500), of_many.micros(500)),
            GOAL.verdict(of_many.micros(990)),
        );
        // An offset is counted off; who reads on by token does not pay for it.
        if !asked.path.contains("offset") {
            gate(&format!("{} of many customers", asked.what), ratio, HALF);
        }
    }
}

fn asked(customers: u64) -> [Asked; 3] {
    let last = customers - 500;
    [
        Asked { what: "the first page of 500", path: "/v1/customers?size=500".to_owned() },
        Asked { what: "the last page of 500", path: format!("/v1/customers?size=500&offset={last}") },
        Asked { what: "a page of 20", path: "/v1/customers?size=20".to_owned() },
    ]
}

/// One request after the other, as an integrator's tool reads.
async fn measure(served: &Served, token: &str, asked: &[Asked], pages: usize) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for one in asked {
        let request = get(&one.path, Some(token));
        let (address, authority) = (served.address, served.client_tls.clone());
        let load = Load { address, authority, request, connections: 1, requests_each: pages };
        // Warm: prepared statements, the token known.
        send(&Load { requests_each: 3, ..load.clone() }).await;
        outcomes.push(send(&load).await);
    }
    outcomes
}

/// More customers like one that is there. Made by the rules of commerce they would take minutes; the list reads nothing
/// but these rows.
async fn fill(db: &Db, like: TenantId, numbers: impl Iterator<Item = u64>) {
    let mut tx = db.begin().await.unwrap();
    for number in numbers {
        let id = |kind: u32| format!("{kind:08x}-0000-4000-8000-{number:012x}");
        sql("INSERT INTO customer (tenant, partner, number, company_name, company_key, domain, billing_profile_id, \
             billing_details, billing_version, created_at) \
             SELECT $1, partner, $2, $3, $4, $5, $6, billing_details, billing_version, created_at \
             FROM customer WHERE tenant = $7")
        .bind(id(1))
        .bind(i64::try_from(number).unwrap())
        .bind(format!("Northwind {number}"))
        .bind(format!("northwind {number}"))
        .bind(format!("northwind{number}.onmicrosoft.com"))
        .bind(id(2))
        .bind(like)
        .run(&mut tx)
        .await
        .unwrap();
    }
    // Both engines look at their tables now and then; for so many rows at once nothing has yet.
    sql("ANALYZE customer").run(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}
