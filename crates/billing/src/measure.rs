//! The part of a close between the usage log and the database, for those who measure it (`bench/`): the very drafts, proof
//! scan, documents, texts and hashes of [`crate::close_month`], with names that are given instead of looked up, and nothing
//! stored.

use crate::close_document::Prepared;
use crate::close_issue::{Currencies, Source, drafts};
use crate::invoice::InvoiceParty;
use crate::issue::{NamedSubscription, Names};
use crate::number::Series;
use crate::tax_rate::Tax;
use crate::{Draft, chain};
use std::num::NonZeroUsize;
use tenantry_core::{OrderId, Problem, SubscriptionId};
use tenantry_usage::{Close, EdgeTerms, Fold};

/// The stored form of each document of a close, in order; all of one seller. `see` is told each with its hash.
///
/// # Errors
/// As a close: an edge without a currency, figures that do not add up.
pub fn documents_of_close(
    fold: &Fold,
    close: Close,
    edges: &[EdgeTerms],
    currencies: &Currencies,
    mut see: impl FnMut(&str, &str),
) -> Result<usize, Problem> {
    let mut drafted = Vec::with_capacity(edges.len());
    for (edge, draft) in drafts(fold, edges, (Source::Closed(close), currencies)) {
        drafted.extend(draft?.map(|(draft, _)| (edge, draft)));
    }
    let lines = drafted.iter().map(|(_, draft)| draft.lines.len()).sum();
    let mut previous = chain::GENESIS.to_owned();
    for (mut one, number) in prepared(drafted, close)?.into_iter().zip(1_u32..) {
        let text = one.numbered(format!("D26{number:07}"))?;
        previous = chain::hash(&previous, &text);
        see(&text, &previous);
    }
    Ok(lines)
}

/// By as many threads as there are processors.
fn prepared(mut drafted: Vec<(EdgeTerms, Draft)>, close: Close) -> Result<Vec<Prepared>, Problem> {
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let share = drafted.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let mut running = Vec::new();
        while !drafted.is_empty() {
            let share: Vec<_> = drafted.drain(..share.min(drafted.len())).collect();
            let prepare = move |(edge, draft)| {
                let names = names(&edge, &draft);
                Prepared::new(edge, draft, names, &Tax::default(), close)
            };
            running.push(scope.spawn(move || share.into_iter().map(prepare).collect::<Result<Vec<_>, _>>()));
        }
        let mut prepared = Vec::new();
        for thread in running {
            prepared.extend(thread.join().map_err(|_| Problem::internal("a thread that wrote documents died"))??);
        }
        Ok(prepared)
    })
}

/// As long as those of people.
fn names(edge: &EdgeTerms, draft: &Draft) -> Names {
    let party = |tenant, name: &str| InvoiceParty {
        tenant,
        name: name.to_owned(),
        address: vec!["1 Harbour Rd".to_owned(), "Seattle, WA 98101".to_owned()],
        email: "ops@partner.test".to_owned(),
    };
    let named = |subscription: SubscriptionId, customer| {
        let named = NamedSubscription {
            customer,
            customer_name: "Contoso Manufacturing Ltd".to_owned(),
            customer_domain: "contoso.tenantry.test".to_owned(),
            name: "Production".to_owned(),
            offer_name: "Microsoft Azure".to_owned(),
            order: OrderId::new(subscription.guid()),
        };
        (subscription, named)
    };
    Names {
        seller: party(edge.seller, "Provider"),
        series: Series::PROVIDER,
        buyer: party(edge.buyer, "Northwind Partners"),
        customer_of: None,
        subscriptions: draft.lines.iter().map(|line| named(line.subscription, line.customer)).collect(),
    }
}
