//! What documents of a close say that is not in the usage log: names, tax and rounding, as of the close.
//!
//! Looked up for many edges at once, in a few statements, before any of their documents is composed. So a close asks the
//! database as often as its names fill statements, not as often as it has lines.

use crate::close_document::Terms;
use crate::close_draft::Drafted;
use crate::invoice::InvoiceParty;
use crate::issue::{Names, named, owners};
use crate::number::Series;
use crate::rounding::{rounding_named, roundings_at};
use crate::tax_rate::{Tax, taxes_at};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tenantry_commerce::{DocumentParties, SubscriptionNames, document_parties, subscription_names};
use tenantry_core::{EdgeId, OpContext, Problem, Rounding, SubscriptionId, Timestamp};
use tenantry_db::Db;
use tokio::task::JoinSet;

/// Look-ups at once: a server gives few connections to read with, and others want one too.
const LOOK_UPS: usize = 3;
/// Subscriptions of a look-up.
const NAMES: usize = 1_000;

/// How documents of an instant are taxed and rounded: what sellers said, for all of their edges.
#[derive(Debug)]
pub(crate) struct Policies {
    taxes: BTreeMap<(String, String), Tax>,
    roundings: BTreeMap<String, String>,
}

/// Everything that some drafts need to become documents.
#[derive(Debug)]
pub(crate) struct LookedUp {
    policies: Arc<Policies>,
    parties: DocumentParties,
    subscriptions: HashMap<SubscriptionId, SubscriptionNames>,
}

impl Policies {
    pub(crate) async fn at(db: &Db, at: Timestamp) -> Result<Self, Problem> {
        let mut reader = db.reader().await?;
        let taxes = taxes_at(&mut reader, at).await?;
        Ok(Self { taxes, roundings: roundings_at(&mut reader, at).await? })
    }

    fn rounding(&self, edge: EdgeId) -> Result<Rounding, Problem> {
        let Some(name) = self.roundings.get(&edge.to_string()) else { return Ok(Rounding::default()) };
        rounding_named(name).map_err(|error| Problem::corrupt(format!("the rounding of edge {edge}: {error}")))
    }
}

impl LookedUp {
    /// The names of some drafts.
    pub(crate) async fn of<'a>(
        ctx: &OpContext,
        db: &Db,
        policies: &Arc<Policies>,
        drafted: impl Iterator<Item = &'a Drafted>,
    ) -> Result<Self, Problem> {
        let (mut edges, mut ids) = (Vec::new(), Vec::new());
        for Drafted { edge, draft, .. } in drafted {
            edges.push((edge.seller, edge.buyer));
            ids.extend(owners(draft).into_keys());
        }
        // In a channel of several tiers each subscription is on the documents of all of them.
        ids.sort_unstable();
        ids.dedup();
        let parties = document_parties(ctx, db, &edges).await?;
        let mut subscriptions = HashMap::with_capacity(ids.len());
        let mut running: JoinSet<Result<HashMap<_, _>, Problem>> = JoinSet::new();
        for some in ids.chunks(NAMES) {
            if running.len() >= LOOK_UPS
                && let Some(found) = running.join_next().await
            {
                subscriptions.extend(found.map_err(Problem::internal)??);
            }
            let (ctx, db, some) = (ctx.clone(), db.clone(), some.to_vec());
            running.spawn(async move { subscription_names(&ctx, &db, &some).await });
        }
        while let Some(found) = running.join_next().await {
            subscriptions.extend(found.map_err(Problem::internal)??);
        }
        Ok(Self { policies: Arc::clone(policies), parties, subscriptions })
    }

    /// What the document of a draft needs of it.
    ///
    /// # Errors
    /// `Corrupt`, naming what has no name.
    pub(crate) fn terms(&self, Drafted { edge, draft, market }: &Drafted) -> Result<Terms, Problem> {
        let (seller, number) = self.parties.seller(edge.seller)?;
        let buyer = self.parties.buyer(edge.seller, edge.buyer)?;
        let customer_of = buyer.is_customer.then(|| buyer.address.country.clone());
        // A customer is named on its bills as who bills it has it.
        let named_by = if buyer.is_customer { edge.seller } else { edge.buyer };
        let taxed_in = customer_of.as_ref().unwrap_or(market).clone();
        Ok(Terms {
            series: number.map_or(Series::PROVIDER, Series::of_partner),
            tax: self.policies.taxes.get(&(edge.seller.to_string(), taxed_in)).cloned().unwrap_or_default(),
            rounding: self.policies.rounding(edge.id)?,
            names: Names {
                seller: InvoiceParty::from(seller),
                buyer: InvoiceParty::from(buyer),
                customer_of,
                subscriptions: named(&self.subscriptions, named_by, owners(draft))?,
            },
        })
    }
}
