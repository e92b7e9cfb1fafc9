//! Edges of the channel, and whether the rules along a chain of them go together.

use crate::fault::FoldFault;
use crate::record::{EdgeTerms, SubscriptionTerms};
use std::collections::BTreeMap;
use tenantry_core::{EdgeId, Factor};

/// Index of an edge in its table: what charges are kept by.
pub(crate) type EdgeNo = u32;

/// All edges ever made, and who is sold through each.
#[derive(Debug, Clone, Default)]
pub(crate) struct EdgeTable {
    all: Vec<EdgeTerms>,
    by_id: BTreeMap<EdgeId, EdgeNo>,
}

impl EdgeTable {
    /// Adds an edge, or takes in its newer terms.
    pub(crate) fn put(&mut self, terms: EdgeTerms) -> EdgeNo {
        let new = EdgeNo::try_from(self.all.len()).unwrap_or(EdgeNo::MAX);
        let number = *self.by_id.entry(terms.id).or_insert(new);
        match self.all.get_mut(number as usize) {
            Some(known) => *known = terms,
            None => self.all.push(terms),
        }
        number
    }

    pub(crate) fn get(&self, id: &EdgeId) -> Option<&EdgeTerms> {
        self.at(self.number(*id)?)
    }

    pub(crate) fn contains_key(&self, id: &EdgeId) -> bool {
        self.by_id.contains_key(id)
    }

    pub(crate) fn number(&self, id: EdgeId) -> Option<EdgeNo> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn at(&self, number: EdgeNo) -> Option<&EdgeTerms> {
        self.all.get(number as usize)
    }

    /// All edges by id.
    pub(crate) fn values(&self) -> impl Iterator<Item = &EdgeTerms> {
        self.by_id.values().filter_map(|number| self.at(*number))
    }

    /// All edges in the order of their numbers.
    pub(crate) fn numbered(&self) -> &[EdgeTerms] {
        &self.all
    }
}

/// Whether every combination of rules along a channel multiplies to 8 digits.
pub(crate) fn factors_fit<'a>(
    terms: &SubscriptionTerms,
    channel: impl Iterator<Item = Option<&'a EdgeTerms>>,
) -> Result<(), FoldFault> {
    let mut products = vec![Factor::ONE];
    for terms_of_edge in channel.flatten() {
        let rules = terms_of_edge.price_list.rules().iter().map(|rule| rule.factor);
        let factors: Vec<_> = rules.chain(std::iter::once(Factor::ONE)).collect();
        products = products
            .iter()
            .flat_map(|product| factors.iter().map(|factor| product.then(*factor)))
            .collect::<Option<Vec<_>>>()
            .ok_or(FoldFault::FactorsTooFine(terms.id))?;
        products.sort_unstable();
        products.dedup();
    }
    Ok(())
}
