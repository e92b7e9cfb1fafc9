//! The part of a close between the usage log and the database, for those who measure it (`bench/`): the very drafts, proof
//! scan, documents, texts and hashes of [`crate::close_month`], with names that are given instead of looked up, and nothing
//! stored.

use crate::chain;
use crate::close_document::{Terms, documents};
use crate::close_draft::{Currencies, Drafted, Source, drafts};
use crate::invoice::InvoiceParty;
use crate::issue::{NamedSubscription, Names};
use crate::number::Series;
use crate::stored_text::StoredText;
use crate::tax_rate::Tax;
use tenantry_core::{OrderId, Problem, Rounding, SubscriptionId};
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
    mut see: impl FnMut(&[u8], &str),
) -> Result<usize, Problem> {
    let (mut lines, mut previous) = (0, chain::GENESIS.to_owned());
    let drafted = drafts(fold, edges, (Source::Closed(close), currencies));
    for ((_, prepared), number) in documents(drafted, close, |drafted| Ok(terms(drafted))).into_iter().zip(1_u32..) {
        let mut one = prepared?;
        lines += one.invoice.lines.len();
        one.take(format!("D26{number:07}"));
        let (text, hash) = one.sealed(&previous)?;
        match &text {
            StoredText::Plain(text) => see(text.as_bytes(), &hash),
            StoredText::Packed(bytes) => see(bytes, &hash),
        }
        previous = hash;
    }
    Ok(lines)
}

/// As long as those of people.
fn terms(Drafted { edge, draft, .. }: &Drafted) -> Terms {
    let party = |tenant, name: &str| InvoiceParty {
        tenant,
        name: name.to_owned(),
        address: vec!["1 Harbour Rd".to_owned(), "Seattle, WA 98101".to_owned()],
        email: "ops@partner.test".to_owned(),
    };
    let named = |subscription: SubscriptionId, customer| {
        let named = NamedSubscription {
            customer,
            customer_name: "Contoso Manufacturing Ltd".into(),
            customer_domain: "contoso.tenantry.test".into(),
            name: "Production".into(),
            offer_name: "Microsoft Azure".into(),
            order: OrderId::new(subscription.guid()),
        };
        (subscription, named)
    };
    let names = Names {
        seller: party(edge.seller, "Provider"),
        buyer: party(edge.buyer, "Northwind Partners"),
        customer_of: None,
        subscriptions: draft.lines.iter().map(|line| named(line.subscription, line.customer)).collect(),
    };
    Terms { names, series: Series::PROVIDER, tax: Tax::default(), rounding: Rounding::default() }
}
