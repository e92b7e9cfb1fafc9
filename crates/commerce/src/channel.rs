//! The chain of edges from the provider down to who sells to a customer. A subscription is rated and billed on each.
//!
//! A link's own rules are on what its seller pays, and are the seller's to know: they and the buyer's prices together
//! would tell what the seller pays. So what leaves this room for a buyer is an [`Edge`], whose prices are on the public
//! list.

use crate::{Edge, SoldEdge, rows};
use tenantry_core::{Currency, EdgeId, Problem, TenantId, Timestamp};
use tenantry_db::Connection;
use tenantry_rating::PriceList;

/// An edge as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) id: EdgeId,
    pub(crate) seller: TenantId,
    pub(crate) buyer: TenantId,
    /// Whether the buyer is a customer; else it is a partner.
    pub(crate) to_customer: bool,
    pub(crate) market: String,
    pub(crate) currency: Currency,
    /// On what the seller pays; on the public list if that is the provider.
    pub(crate) rules: PriceList,
    pub(crate) created_at: Timestamp,
}

/// The provider's edge first, that of the customer's seller last; or that of the customer itself, where its seller bills it
/// here. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Channel {
    above: Vec<Link>,
    last: Link,
}

impl Channel {
    /// The channel that ends at a partner. It is looked up whole, whoever asks: what of it may be told is up to who
    /// called this.
    pub(crate) async fn to(on: &mut impl Connection, buyer: TenantId) -> Result<Option<Self>, Problem> {
        let Some(last) = rows::edge::of_buyer(on, buyer).await? else { return Ok(None) };
        let mut above: Vec<Link> = Vec::new();
        let mut seller = last.seller;
        while let Some(link) = rows::edge::of_buyer(on, seller).await? {
            if link.seller == seller || above.iter().any(|known| known.id == link.id) {
                return Err(Problem::corrupt(format!("the channel of {buyer} runs in a circle at {seller}")));
            }
            seller = link.seller;
            above.insert(0, link);
        }
        Ok(Some(Self { above, last }))
    }

    /// As [`Channel::to`], for a partner that has one for certain.
    pub(crate) async fn of(on: &mut impl Connection, partner: TenantId) -> Result<Self, Problem> {
        let found = Self::to(on, partner).await?;
        found.ok_or_else(|| Problem::corrupt(format!("partner {partner} has no edge")))
    }

    /// The channel to a customer of a partner: to the partner, and on to the customer if that partner bills it here. To be
    /// asked behind the lock of the customer's row, if something is written by it: see [`rows::customer::lock_of`].
    pub(crate) async fn to_customer(
        on: &mut impl Connection,
        partner: TenantId,
        customer: TenantId,
    ) -> Result<Self, Problem> {
        let channel = Self::of(on, partner).await?;
        Ok(match rows::customer_edge::between(on, partner, customer).await? {
            Some(link) => channel.then(link),
            None => channel,
        })
    }

    /// This channel and one edge more.
    pub(crate) fn then(self, link: Link) -> Self {
        let Self { mut above, last } = self;
        above.push(last);
        Self { above, last: link }
    }

    /// Since when its last edge is there, if that is one to a customer: before, the channel ended above it.
    pub(crate) fn customer_since(&self) -> Option<Timestamp> {
        self.last.to_customer.then_some(self.last.created_at)
    }

    /// The edge that the provider sells on: its market and currency are those of all prices along the channel.
    pub(crate) fn first(&self) -> &Link {
        self.above.first().unwrap_or(&self.last)
    }

    /// Its last edge: the one that the customer's seller buys on, or the customer itself.
    pub(crate) const fn last(&self) -> &Link {
        &self.last
    }

    /// Whether the last edge is sold on by a partner, not by the provider.
    pub(crate) const fn is_resold(&self) -> bool {
        !self.above.is_empty()
    }

    /// Gives the last edge other rules, looked at with [`Channel::fits`] before.
    pub(crate) fn set_rules(&mut self, rules: PriceList) {
        self.last.rules = rules;
    }

    /// All its edges, from the provider down.
    pub(crate) fn ids(&self) -> Vec<EdgeId> {
        self.above.iter().chain([&self.last]).map(|link| link.id).collect()
    }

    /// Whether all prices stay exact if the last edge has these rules.
    pub(crate) fn fits(&self, rules: &PriceList) -> bool {
        PriceList::chain_fits(self.above.iter().map(|link| &link.rules).chain([rules]))
    }

    /// Whether prices further down, by the rules of these edges, stay exact if the last edge here has these rules.
    pub(crate) fn fits_below<'a>(
        &'a self,
        rules: &'a PriceList,
        below: impl IntoIterator<Item = &'a PriceList>,
    ) -> bool {
        PriceList::chain_fits(self.above.iter().map(|link| &link.rules).chain([rules]).chain(below))
    }

    /// The last edge as its buyer sees it.
    pub(crate) fn into_edge(self) -> Result<Edge, Problem> {
        let Link { id, seller, buyer, to_customer, market, currency, rules, created_at } = self.last;
        let mut lists = self.above.into_iter().map(|link| link.rules).chain([rules]);
        let public = lists.next().unwrap_or_default();
        let prices = lists.try_fold(public, |above, own| own.on(&above));
        let prices = prices.ok_or_else(|| {
            Problem::corrupt(format!("the price lists of the channel to {buyer} have no exact product"))
        })?;
        Ok(Edge { id, seller, buyer, to_customer, market, currency, prices, created_at })
    }

    /// The last edge as its seller sees it.
    pub(crate) fn into_sold(self) -> Result<SoldEdge, Problem> {
        let rules = self.last.rules.clone();
        Ok(SoldEdge { edge: self.into_edge()?, rules })
    }
}
