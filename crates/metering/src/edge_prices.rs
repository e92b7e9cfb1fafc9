//! What an edge makes of public prices: the very ones that usage is rated with.

use crate::engine::Metering;
use tenantry_access::{PriceRead, allow};
use tenantry_commerce::Edge;
use tenantry_core::{Currency, Day, OpContext, Problem};
use tenantry_rating::{EdgePrice, EdgePricing, MeterPrice, PriceBook, PriceList, PriceSheet, price_chain};

/// The prices of one edge.
#[derive(Debug)]
pub struct EdgePrices<'a> {
    /// The public sheets.
    pub book: &'a PriceBook,
    down: Vec<EdgePricing<'a>>,
}

impl<'a> EdgePrices<'a> {
    /// Those of the last of some edges, from the provider down.
    #[must_use]
    pub const fn new(book: &'a PriceBook, down: Vec<EdgePricing<'a>>) -> Self {
        Self { book, down }
    }

    /// What a meter of a public sheet costs the buyer on a day.
    #[must_use]
    pub fn price(&self, sheet: &'a PriceSheet, meter: &'a MeterPrice, day: Day) -> Option<EdgePrice<'a>> {
        let public = Some((meter, sheet.id));
        let of = (sheet.market.as_str(), sheet.currency);
        price_chain(public, self.down.iter().copied(), of, day)?.pop()
    }

    /// All meters of the public sheet in force on a day, as the buyer pays them: tiers with no factor beside them. Nothing
    /// where no sheet is in force.
    pub fn in_force(
        &self,
        (market, currency): (&str, Currency),
        day: Day,
    ) -> impl Iterator<Item = MeterPrice> + use<'_, 'a> {
        let sheet = self.book.in_force(market, currency, day);
        let meters = sheet.into_iter().flat_map(|sheet| sheet.meters.values().map(move |meter| (sheet, meter)));
        meters.filter_map(move |(sheet, meter)| {
            let resolved = self.price(sheet, meter, day)?.resolved();
            // Names, and what the provider says of a meter, are those of its sheet.
            Some(MeterPrice { tiers: resolved.tiers, included: resolved.included, ..meter.clone() })
        })
    }
}

impl Metering {
    /// Asks something of the public prices as they are, for whoever may ask for those of an edge.
    pub async fn list_prices<T>(
        &self,
        ctx: &OpContext,
        edge: &Edge,
        question: impl FnOnce(&EdgePrices<'_>) -> T,
    ) -> Result<T, Problem> {
        allow::<PriceRead, _>(ctx, edge.clone())?;
        self.follow(ctx).await?;
        let (fold, nothing_off) = (self.fold.read().await, PriceList::default());
        Ok(question(&EdgePrices::new(fold.book(), vec![EdgePricing { rules: &nothing_off, own: None }])))
    }

    /// Asks something of the prices of an edge. Its buyer may, and its seller.
    pub async fn edge_prices<T>(
        &self,
        ctx: &OpContext,
        edge: &Edge,
        question: impl FnOnce(&EdgePrices<'_>) -> T,
    ) -> Result<T, Problem> {
        allow::<PriceRead, _>(ctx, edge.clone())?;
        self.follow(ctx).await?;
        let fold = self.fold.read().await;
        Ok(question(&EdgePrices::new(fold.book(), fold.pricing_down_to(edge.id))))
    }
}
