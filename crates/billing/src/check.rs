//! Proof, any time: the ledger sums to zero, the chain holds, and every document can be computed again.

use crate::issue::{Names, closed_draft, compose};
use crate::ledger::{Account, all_balances};
use crate::rows::{self, Stored};
use crate::{chain, draft};
use std::collections::{BTreeMap, BTreeSet};
use tenantry_core::{Currency, Money, Problem, TenantId};
use tenantry_db::Db;
use tenantry_metering::Metering;
use tenantry_usage::Fold;

/// What was looked at and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// Documents looked at.
    pub documents: usize,
    /// Usage events in the log.
    pub events: usize,
    /// What does not hold, each with the document or account it is about. Empty is good.
    pub wrong: Vec<String>,
}

/// Checks a world. With `recompute`, the usage log is replayed from its first record and every issued document
/// is computed from that replay alone.
pub async fn check(db: &Db, metering: &Metering, recompute: bool) -> Result<Findings, Problem> {
    let mut reader = db.reader().await?;
    let (stored, wrong) = rows::everything(&mut reader).await?;
    let balances = all_balances(&mut reader).await?;
    drop(reader);
    let mut findings = Findings { documents: stored.len(), wrong, ..Findings::default() };
    check_ledger(&balances, &stored, &mut findings)?;
    check_chain(&stored, &mut findings);
    findings.events = metering.read_all(Fold::events_counted).await;
    if recompute {
        let replayed = metering.replayed().await?;
        let live = metering.read_all(Fold::checkpoint).await.map_err(Problem::internal)?;
        if replayed.checkpoint().map_err(Problem::internal)? != live {
            findings.wrong.push("the state in memory differs from a replay of the usage log".to_owned());
        }
        for stored in &stored {
            check_document(&replayed, stored, &mut findings)?;
        }
        check_complete(&replayed, &stored, &mut findings);
    }
    Ok(findings)
}

fn check_ledger(balances: &[crate::Balance], stored: &[Stored], findings: &mut Findings) -> Result<(), Problem> {
    let mut sums: BTreeMap<(TenantId, Currency), Money> = BTreeMap::new();
    for balance in balances {
        let currency = balance.amount.currency();
        let sum = sums.entry((balance.owner, currency)).or_insert_with(|| Money::zero(currency));
        *sum = draft::sum([*sum, balance.amount], currency)?;
    }
    for ((owner, currency), sum) in sums {
        if sum != Money::zero(currency) {
            findings.wrong.push(format!("the {currency} ledger of {owner} sums to {sum}, not to zero"));
        }
    }
    let receivables = balances.iter().filter(|balance| balance.account == Account::Receivable);
    let booked: BTreeMap<_, _> =
        receivables.map(|b| ((b.owner, b.counterparty, b.amount.currency()), b.amount)).collect();
    // From every booking: a document that is gone leaves one behind.
    let mut owed: BTreeMap<_, _> = booked.keys().map(|key| (*key, Money::zero(key.2))).collect();
    for stored in stored {
        let invoice = &stored.invoice;
        let currency = invoice.currency()?;
        let key = (invoice.seller.tenant, invoice.buyer.tenant, currency);
        let sum = owed.entry(key).or_insert_with(|| Money::zero(currency));
        *sum = draft::sum([*sum, invoice.total()?], currency)?;
    }
    for ((seller, buyer, currency), invoiced) in owed {
        let booked = booked.get(&(seller, buyer, currency)).copied().unwrap_or(Money::zero(currency));
        if booked != invoiced {
            findings.wrong.push(format!("{buyer} was invoiced {invoiced} {currency}, the receivable says {booked}"));
        }
    }
    Ok(())
}

fn check_chain(stored: &[Stored], findings: &mut Findings) {
    let mut ends: BTreeMap<TenantId, String> = BTreeMap::new();
    for stored in stored {
        let number = &stored.invoice.number;
        let end = ends.entry(stored.invoice.seller.tenant).or_insert_with(|| chain::GENESIS.to_owned());
        if stored.previous_hash != *end {
            findings.wrong.push(format!("invoice {number} does not follow on the one before it"));
        }
        if chain::hash(&stored.previous_hash, &stored.text) != stored.hash {
            findings.wrong.push(format!("invoice {number} was changed after it was issued"));
        }
        end.clone_from(&stored.hash);
    }
}

fn check_document(replayed: &Fold, stored: &Stored, findings: &mut Findings) -> Result<(), Problem> {
    let invoice = &stored.invoice;
    let close = replayed.closes().iter().find(|close| close.number == invoice.close);
    let computed = match (replayed.edge(invoice.edge), close) {
        (Some(edge), Some(close)) => match closed_draft(replayed, edge, *close) {
            // A line that was taken out took its names with it: then it comes out differently, too.
            Some(draft) => compose(invoice.number.clone(), edge, *close, &draft, &Names::of(invoice)).ok(),
            None => None,
        },
        _ => None,
    };
    let text = computed.map(|invoice| serde_json::to_string(&invoice)).transpose().map_err(Problem::internal)?;
    if text.as_ref() != Some(&stored.text) {
        findings
            .wrong
            .push(format!("invoice {} comes out differently when computed from the usage log", invoice.number));
    }
    Ok(())
}

/// What a close billed stands on a document. Right after a crash it may not yet: the job of the month issues it.
fn check_complete(replayed: &Fold, stored: &[Stored], findings: &mut Findings) {
    let issued: BTreeSet<_> = stored.iter().map(|stored| (stored.invoice.edge, stored.invoice.close)).collect();
    for close in replayed.closes() {
        let missing = replayed.edges().filter(|edge| !issued.contains(&(edge.id, close.number)));
        for edge in missing.filter(|edge| closed_draft(replayed, edge, *close).is_some()) {
            findings.wrong.push(format!("what the close of {} billed to {} was not issued", close.month, edge.buyer));
        }
    }
}
