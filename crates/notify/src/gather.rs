//! From what happened to who is to be told: reads the outbox on and writes down a delivery for each partner that may know
//! of an entry and asked to hear of its kind.
//!
//! The deliveries and the place in the outbox are one transaction, so nothing is passed over and nothing gathered twice.

use crate::topic::member;
use crate::trial::KEPT_SECONDS;
use crate::{Told, Topic, rows};
use serde_json::Value;
use tenantry_commerce::events::{SUBSCRIPTION_CHANGED, SubscriptionChanged};
use tenantry_commerce::partner_get;
use tenantry_core::{OpContext, Problem, Reason, TenantId};
use tenantry_db::Db;
use tenantry_db::outbox::{self, Entry};

/// Our place in the outbox.
const CONSUMER: &str = "notify";
/// Entries read at a time.
const BATCH: i64 = 200;
/// Topics of metering and billing. A promise: stored entries carry them.
const BUDGET_CROSSED: &str = "budget-crossed";
const INVOICE_ISSUED: &str = "invoice-issued";
const CREDIT_NOTE_ISSUED: &str = "credit-note-issued";
/// The share of a budget at which it is used up, in percent.
const WHOLE: u64 = 100;

/// Reads the outbox to its end. Another process of the world may be at it too: then it is left to that one.
pub(crate) async fn gather(ctx: &OpContext, db: &Db) -> Result<(), Problem> {
    loop {
        let entries = outbox::pending(db, CONSUMER, BATCH).await?;
        let Some(last) = entries.last().map(|entry| entry.position) else { return Ok(()) };
        // Asked before: who is registered while we look hears of what comes after that.
        let anybody = rows::any(&mut db.reader().await?).await?;
        let mut found = Vec::new();
        for entry in entries.iter().filter(|_| anybody) {
            match to_tell(ctx, db, entry).await {
                Ok(told) => found.extend(told.map(|(told, partners)| (entry.position, told, partners))),
                // One entry that cannot be read must not silence all that follow.
                Err(problem) if problem.reason() == Reason::Corrupt => {
                    tracing::error!(entry.position, entry.topic, "nobody can be told of this: {problem:?}");
                }
                Err(problem) => return Err(problem),
            }
        }
        let mut tx = db.begin().await?;
        for (position, told, partners) in &found {
            for partner in partners {
                if rows::hears(&mut tx, *partner, told.topic, *position).await? {
                    let told = Told { id: ctx.chance.guid(), ..told.clone() };
                    rows::delivery_insert(&mut tx, *partner, Some(*position), &told).await?;
                }
            }
        }
        if !outbox::move_past(&mut tx, CONSUMER, last).await? {
            return Ok(());
        }
        if anybody {
            rows::delete_ended(&mut tx, ctx.now().plus_seconds(-KEPT_SECONDS)).await?;
        }
        tx.commit().await?;
    }
}

/// What an entry tells, and the tenants that may know of it.
async fn to_tell(ctx: &OpContext, db: &Db, entry: &Entry) -> Result<Option<(Told, Vec<TenantId>)>, Problem> {
    let corrupt = |error: &dyn std::fmt::Display| {
        Problem::corrupt(format!("outbox entry {} ({}): {error}", entry.position, entry.topic))
    };
    let told =
        |topic, customer| Told { id: ctx.request_id, topic, subject: entry.subject.clone(), customer, at: entry.at };
    let payload = || serde_json::from_str::<Value>(&entry.payload).map_err(|error| corrupt(&error));
    let tenant = |payload: &Value, name| TenantId::parse(member(payload, name)?).map_err(|error| corrupt(&error));
    match entry.topic.as_str() {
        SUBSCRIPTION_CHANGED => {
            let changed: SubscriptionChanged = serde_json::from_str(&entry.payload).map_err(|error| corrupt(&error))?;
            let partners = sellers(ctx, db, changed.partner).await?;
            Ok(Some((told(Topic::Subscription, Some(changed.customer)), partners)))
        }
        // Who is billed is told; a seller's own documents are no news to it.
        INVOICE_ISSUED | CREDIT_NOTE_ISSUED => {
            Ok(Some((told(Topic::Invoice, None), vec![tenant(&payload()?, "buyer")?])))
        }
        BUDGET_CROSSED => {
            let payload = payload()?;
            let used_up = payload.get("threshold").and_then(Value::as_u64).is_some_and(|share| share >= WHOLE);
            let owner = tenant(&payload, "owner")?;
            Ok(used_up.then(|| (told(Topic::SpendingLimit, None), vec![owner])))
        }
        _ => Ok(None),
    }
}

/// Who sells a subscription and sees it: the partner, and the indirect provider that it buys from.
async fn sellers(ctx: &OpContext, db: &Db, partner: TenantId) -> Result<Vec<TenantId>, Problem> {
    let above = partner_get(ctx, db, partner).await?.kind.indirect_provider();
    Ok([Some(partner), above].into_iter().flatten().collect())
}
