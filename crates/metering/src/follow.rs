//! Following the outbox: facts of other slices become log records, each exactly once.
//!
//! The record and the move of the cursor are one transaction, so a crash in between leaves neither. The fold
//! would forgive a repetition; the log is still cleaner without.

use crate::engine::Metering;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use tenantry_commerce::events::{
    EDGE_CHANGED, EDGE_PRICES_IMPORTED, EdgeChanged, EdgePricesImported, FX_RATE_IMPORTED, FxRateImported,
    PRICE_SHEET_IMPORTED, PriceSheetImported, SEAT_PRICES_IMPORTED, SUBSCRIPTION_CHANGED, SeatFacts,
    SeatPricesImported, SubscriptionChanged,
};
use tenantry_commerce::{State, edge_price_sheet_followed, price_sheet_get, seat_prices_followed};
use tenantry_core::{Day, OpContext, Problem, Timestamp};
use tenantry_db::log::Span;
use tenantry_db::outbox::{self, Entry};
use tenantry_rating::SeatPolicy;
use tenantry_usage::{EdgePriceSheet, EdgeTerms, Record, SeatChange, SeatTerms, ServiceState, SubscriptionTerms};

const CONSUMER: &str = "metering";

impl Metering {
    /// Takes over what happened elsewhere since the last look: in other rooms, and in other processes of the world.
    /// Costs an indexed read for each when nothing did.
    pub async fn follow(&self, ctx: &OpContext) -> Result<(), Problem> {
        if self.is_reader() {
            return self.read_on().await;
        }
        loop {
            let Some(entry) = outbox::pending(&self.db, CONSUMER, 1).await?.pop() else { break };
            // The platform follows, whoever's request made it look.
            let ctx = &OpContext::system(CONSUMER, Arc::clone(&ctx.clock), Arc::clone(&ctx.chance));
            self.take_over(ctx, &entry).await.map_err(|problem| unfollowed(&entry, &problem))?;
        }
        if self.shared { self.read_on().await } else { Ok(()) }
    }

    /// Makes an entry a record of the log, unless somebody else did meanwhile.
    async fn take_over(&self, ctx: &OpContext, entry: &Entry) -> Result<(), Problem> {
        // Built before the turn: reading a whole price sheet must not hold up those who append.
        let record = self.record_of(ctx, entry).await?;
        let mut turn = self.turn().await?;
        if !outbox::move_past(turn.tx().await?, CONSUMER, entry.position).await? {
            return Ok(());
        }
        if let Some(record) = record {
            turn.append(ctx.now(), Span::NONE, record).await?;
        }
        turn.commit().await
    }

    async fn record_of(&self, ctx: &OpContext, entry: &Entry) -> Result<Option<Record>, Problem> {
        match entry.topic.as_str() {
            SUBSCRIPTION_CHANGED => {
                let changed: SubscriptionChanged = read(entry)?;
                if changed.usage_based {
                    return Ok(Some(Record::Subscription(terms(changed))));
                }
                // Trials are billed nothing.
                let Some(facts) = changed.seats.clone() else { return Ok(None) };
                Ok(Some(seats(changed, &facts, entry)?))
            }
            EDGE_CHANGED => {
                let changed: EdgeChanged = read(entry)?;
                Ok(Some(Record::Edge(EdgeTerms {
                    id: changed.edge,
                    seller: changed.seller,
                    buyer: changed.buyer,
                    price_list: changed.prices,
                })))
            }
            PRICE_SHEET_IMPORTED => {
                let imported: PriceSheetImported = read(entry)?;
                Ok(Some(Record::PriceSheet(price_sheet_get(ctx, &self.db, imported.sheet).await?)))
            }
            EDGE_PRICES_IMPORTED => {
                let imported: EdgePricesImported = read(entry)?;
                let sheet = edge_price_sheet_followed(ctx, &self.db, imported.sheet).await?;
                Ok(Some(Record::EdgePriceSheet(EdgePriceSheet { edge: imported.edge, sheet })))
            }
            SEAT_PRICES_IMPORTED => {
                let imported: SeatPricesImported = read(entry)?;
                Ok(Some(Record::SeatPrices(seat_prices_followed(ctx, &self.db, imported.import_no).await?)))
            }
            FX_RATE_IMPORTED => Ok(Some(Record::FxRates(read::<FxRateImported>(entry)?.rates()?))),
            // Others' business.
            _ => Ok(None),
        }
    }
}

/// Usage waits until the entry can be followed, so its name must be found in the log.
fn unfollowed(entry: &Entry, problem: &Problem) -> Problem {
    let cause = format!("outbox entry {} ({} {}): {problem:?}", entry.position, entry.topic, entry.subject);
    Problem::new(problem.reason(), problem.message()).because(cause)
}

fn read<T: DeserializeOwned>(entry: &Entry) -> Result<T, Problem> {
    serde_json::from_str(&entry.payload)
        .map_err(|error| Problem::corrupt(format!("outbox entry {} ({}): {error}", entry.position, entry.topic)))
}

fn terms(changed: SubscriptionChanged) -> SubscriptionTerms {
    let (state, since) = service_state(&changed.state);
    // Terms hold from their newest part on: its state, or the channel it is sold along.
    let since = changed.sold_since.map_or(since, |sold| sold.max(since));
    SubscriptionTerms {
        id: changed.subscription,
        customer: changed.customer,
        partner: changed.partner,
        channel: changed.edges,
        market: changed.market,
        currency: changed.currency,
        created_at: changed.created_at,
        state,
        since,
    }
}

fn seats(changed: SubscriptionChanged, facts: &SeatFacts, entry: &Entry) -> Result<Record, Problem> {
    let (state, _) = service_state(&changed.state);
    let day = |text: &String| {
        let unread = |error| Problem::corrupt(format!("outbox entry {} ({}): {error}", entry.position, entry.topic));
        Day::parse(text).map_err(unread)
    };
    let bought = day(&facts.starts_on)?;
    let ends_on = facts.ends_on.as_ref().map(day).transpose()?;
    let since = facts.since.as_ref().map(day).transpose()?;
    let terms = SeatTerms {
        form: facts.form,
        cycle: facts.cycle,
        policy: SeatPolicy::of_the_field(facts.form, facts.cycle),
        term_months: facts.term_months,
    };
    let change = SeatChange {
        id: changed.subscription,
        customer: changed.customer,
        partner: changed.partner,
        channel: changed.edges,
        market: changed.market,
        currency: changed.currency,
        offer: changed.offer,
        terms,
        bought,
        seats: changed.quantity,
        state,
        auto_renew: facts.auto_renew,
        at: since.map_or(entry.at, |since| since.start().min(entry.at)),
    };
    Ok(if facts.says_end { Record::SeatsUntil(change, ends_on) } else { Record::Seats(change) })
}

const fn service_state(state: &State) -> (ServiceState, Timestamp) {
    match state {
        State::Active { since } => (ServiceState::Active, *since),
        State::Suspended { since, .. } => (ServiceState::Suspended, *since),
        State::Deleted { at } => (ServiceState::Deleted, *at),
    }
}
