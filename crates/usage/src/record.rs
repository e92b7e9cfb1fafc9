//! What stands in the log, and its stored form: one version byte, then LZ4 over the postcard bytes.
//!
//! A log is read for years. The version byte names the form; a new form gets a new byte and the old reader
//! stays. `tests` hold stored records of each form ever written and prove that they still load.

use crate::budget::{BudgetId, BudgetTerms, Owed};
use crate::event::Event;
use crate::identity::IdentityKey;
use crate::own_prices::EdgePriceSheet;
use crate::seats::SeatChange;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fmt;
use tenantry_core::{Currency, Day, EdgeId, Month, SubscriptionId, TenantId, Timestamp};
use tenantry_rating::{FxRates, PriceList, PriceSheet, SeatPriceList};

/// One record of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Record {
    /// The first record: the key of event hashes.
    Genesis(IdentityKey),
    /// A batch of accepted events.
    Usage(Vec<Event>),
    /// A price sheet was imported.
    PriceSheet(PriceSheet),
    /// An edge of the channel was made or its price list changed.
    Edge(EdgeTerms),
    /// A subscription was made or its state changed.
    Subscription(SubscriptionTerms),
    /// A month was closed: what is known of it (and of earlier ones) and not billed yet, is billed now.
    Close(Close),
    /// A budget was put, new or changed.
    Budget(BudgetTerms),
    /// A budget was taken away.
    BudgetRemoved(BudgetId),
    /// What a buyer owes for the documents it got.
    Owed(Owed),
    /// A seller named prices for its buyer.
    EdgePriceSheet(EdgePriceSheet),
    /// An exchange rate of a month was imported.
    FxRates(FxRates),
    /// List prices of seats were imported.
    SeatPrices(SeatPriceList),
    /// A subscription with seats was bought or changed. Older versions wrote this: the end of a term that is not to be
    /// renewed follows from the day it was bought on.
    Seats(SeatChange),
    /// The same, with the end of the term as who sells it says.
    SeatsUntil(SeatChange, Option<Day>),
}

/// A link of the channel, as far as prices go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeTerms {
    /// The edge.
    pub id: EdgeId,
    /// Who invoices.
    pub seller: TenantId,
    /// Who pays.
    pub buyer: TenantId,
    /// What the list price is multiplied by.
    pub price_list: PriceList,
}

/// Whether a subscription may use anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ServiceState {
    /// It may.
    Active,
    /// Stopped, for now.
    Suspended,
    /// Gone.
    Deleted,
}

/// A subscription, as far as usage goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionTerms {
    /// The subscription.
    pub id: SubscriptionId,
    /// The tenant that uses it.
    pub customer: TenantId,
    /// The partner that sold it.
    pub partner: TenantId,
    /// The edges from the provider down to the customer's seller, each with its own invoice.
    pub channel: Vec<EdgeId>,
    /// The market its prices come from.
    pub market: String,
    /// Their currency.
    pub currency: Currency,
    /// When it was made.
    pub created_at: Timestamp,
    /// Its state...
    pub state: ServiceState,
    /// ...since when.
    pub since: Timestamp,
}

/// A close of a billing period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Close {
    /// Counts from 1; names the documents it gives rise to.
    pub number: u32,
    /// The month that is closed.
    pub month: Month,
    /// When, in world time.
    pub at: Timestamp,
}

/// A stored record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordError {
    /// Written by a newer version of the program.
    UnknownForm(u8),
    /// The bytes are not what was written.
    Damaged(String),
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownForm(form) => write!(f, "form {form} is not known to this version"),
            Self::Damaged(what) => write!(f, "damaged: {what}"),
        }
    }
}

impl std::error::Error for RecordError {}

const FORM_1: u8 = 1;

impl Record {
    /// The stored form.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let plain = postcard::to_stdvec(self).map_err(|error| RecordError::Damaged(error.to_string()))?;
        let mut stored = vec![FORM_1];
        stored.extend(lz4_flex::compress_prepend_size(&plain));
        Ok(stored)
    }

    /// Reads a stored record of any form ever written.
    pub fn decode(stored: &[u8]) -> Result<Self, RecordError> {
        read(&unpacked(stored)?)
    }
}

/// The bytes of a stored record, unpacked.
pub(crate) fn unpacked(stored: &[u8]) -> Result<Vec<u8>, RecordError> {
    match stored.split_first() {
        Some((&FORM_1, packed)) => decompressed(packed),
        Some((form, _)) => Err(RecordError::UnknownForm(*form)),
        None => Err(RecordError::Damaged("empty".to_owned())),
    }
}

/// Reads a value packed as postcard in LZ4. Nothing may stand behind it.
pub(crate) fn unpack<T: DeserializeOwned>(packed: &[u8]) -> Result<T, RecordError> {
    read(&decompressed(packed)?)
}

fn read<T: DeserializeOwned>(plain: &[u8]) -> Result<T, RecordError> {
    let (value, rest) = postcard::take_from_bytes(plain).map_err(|error| RecordError::Damaged(error.to_string()))?;
    if !rest.is_empty() {
        return Err(RecordError::Damaged(format!("{} bytes stand behind the last that was read", rest.len())));
    }
    Ok(value)
}

/// Opens LZ4. Size and content must agree to the byte: what was cut off is not what was written. A size that LZ4
/// cannot reach takes no memory.
fn decompressed(packed: &[u8]) -> Result<Vec<u8>, RecordError> {
    /// A byte of LZ4 stands for 255 bytes at most.
    const BYTES_PER_BYTE: usize = 255;
    let damaged = |error: &dyn fmt::Display| RecordError::Damaged(error.to_string());
    let (size, _) = lz4_flex::block::uncompressed_size(packed).map_err(|error| damaged(&error))?;
    if size / BYTES_PER_BYTE > packed.len() {
        return Err(RecordError::Damaged(format!("{} bytes cannot hold {size}", packed.len())));
    }
    let plain = lz4_flex::decompress_size_prepended(packed).map_err(|error| damaged(&error))?;
    if plain.len() != size {
        return Err(RecordError::Damaged(format!("{size} bytes expected, {} found", plain.len())));
    }
    Ok(plain)
}
