//! The state as bytes, so that a start need not replay the whole log. The same state gives the same bytes.

use crate::account::{Account, AccountKey};
use crate::fold::{Fold, Known};
use crate::identity::{Identities, IdentityKey, Place};
use crate::record::{Close, EdgeTerms, RecordError, unpack};
use crate::series::{Series, SeriesTable};
use serde::{Deserialize, Serialize};
use tenantry_core::{EdgeId, Quantity, SubscriptionId};
use tenantry_rating::PriceBook;

const FORM_1: u8 = 1;

/// The stored form: maps as lists in a fixed order.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    position: i64,
    key: Option<IdentityKey>,
    identities: Vec<(u128, Place)>,
    taken_back: Vec<(u128, Quantity)>,
    book: PriceBook,
    edges: Vec<(EdgeId, EdgeTerms)>,
    subscriptions: Vec<(SubscriptionId, Known)>,
    series: Vec<Series>,
    series_by_hash: Vec<(u128, u32)>,
    accounts: Vec<(AccountKey, Account)>,
    closes: Vec<Close>,
    close_positions: Vec<i64>,
}

impl Fold {
    /// The stored form of the whole state.
    pub fn checkpoint(&self) -> Result<Vec<u8>, RecordError> {
        let mut identities: Vec<_> = self.identities.0.iter().map(|(hash, place)| (*hash, *place)).collect();
        identities.sort_unstable();
        let mut taken_back: Vec<_> = self.taken_back.iter().map(|(hash, quantity)| (*hash, *quantity)).collect();
        taken_back.sort_unstable();
        let mut series_by_hash: Vec<_> = self.series.by_hash.iter().map(|(hash, id)| (*hash, *id)).collect();
        series_by_hash.sort_unstable();
        let snapshot = Snapshot {
            position: self.position,
            key: self.key,
            identities,
            taken_back,
            book: self.book.clone(),
            edges: self.edges.iter().map(|(id, edge)| (*id, edge.clone())).collect(),
            subscriptions: self.subscriptions.iter().map(|(id, known)| (*id, known.clone())).collect(),
            series: self.series.all.clone(),
            series_by_hash,
            accounts: self.accounts.iter().map(|(key, account)| (*key, account.clone())).collect(),
            closes: self.closes.clone(),
            close_positions: self.close_positions.clone(),
        };
        let plain = postcard::to_stdvec(&snapshot).map_err(|error| RecordError::Damaged(error.to_string()))?;
        let mut stored = vec![FORM_1];
        stored.extend(lz4_flex::compress_prepend_size(&plain));
        Ok(stored)
    }

    /// The state a checkpoint was taken of. One of another form is refused: the log has it all.
    pub fn restore(stored: &[u8]) -> Result<Self, RecordError> {
        let (form, packed) = stored.split_first().ok_or_else(|| RecordError::Damaged("empty".to_owned()))?;
        if *form != FORM_1 {
            return Err(RecordError::UnknownForm(*form));
        }
        let snapshot: Snapshot = unpack(packed)?;
        Ok(Self {
            position: snapshot.position,
            key: snapshot.key,
            identities: Identities(snapshot.identities.into_iter().collect()),
            taken_back: snapshot.taken_back.into_iter().collect(),
            book: snapshot.book,
            edges: snapshot.edges.into_iter().collect(),
            subscriptions: snapshot.subscriptions.into_iter().collect(),
            series: SeriesTable { all: snapshot.series, by_hash: snapshot.series_by_hash.into_iter().collect() },
            accounts: snapshot.accounts.into_iter().collect(),
            closes: snapshot.closes,
            close_positions: snapshot.close_positions,
        })
    }
}
