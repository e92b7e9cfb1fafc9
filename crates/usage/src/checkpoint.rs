//! The state as bytes, so that a start need not replay the whole log. The same state gives the same bytes.
//!
//! A checkpoint is a stream: one byte that names the form, then frames, the last of which says how many there were. It
//! is written and read frame by frame, so that neither takes the memory of the state a second time. A frame is its
//! length, a byte for what it holds, and the content: packed like a record, or names as they are.

use crate::account::{AccountKey, Settled};
use crate::bill::Bill;
use crate::budget_book::BudgetBook;
use crate::cells::Cells;
use crate::fold::Fold;
use crate::identity::{Entry, IdentityKey, Kept};
use crate::own_prices::OwnPrices;
use crate::record::{Close, EdgeTerms, RecordError, unpack};
use crate::seats::SeatBook;
use crate::series::Series;
use crate::subscription::Known;
use serde::{Deserialize, Serialize};
use tenantry_core::Quantity;
use tenantry_rating::{FxTable, PriceBook};

/// Forms before are not read any more: a checkpoint is not the truth, the log has it all.
const FORM_4: u8 = 4;

/// Frames hold about this many entries: some hundred kilobytes.
const ENTRIES: usize = 4_096;
/// The length of a frame's content, in front of it.
const LENGTH: usize = 4;

const PACKED: u8 = 0;
const NAMES: u8 = 1;

/// What a packed frame holds. They come in this order.
#[derive(Serialize, Deserialize)]
enum Part {
    Head(Box<Head>),
    Subscriptions(Vec<Known>),
    Series(Vec<(u128, u64, Series)>),
    Accounts(Vec<KeptAccount>),
    Slots(Vec<(u32, u32, Cells)>),
    /// How many frames came before.
    End(u32),
}

#[derive(Serialize, Deserialize)]
struct Head {
    position: i64,
    key: Option<IdentityKey>,
    taken_back: Vec<(u128, Quantity)>,
    book: PriceBook,
    edges: Vec<EdgeTerms>,
    closes: Vec<Close>,
    close_positions: Vec<i64>,
    names: Kept,
    budgets: BudgetBook,
    own_prices: OwnPrices,
    fx: FxTable,
    seats: SeatBook,
}

#[derive(Serialize, Deserialize)]
struct KeptAccount {
    key: AccountKey,
    quantity: Quantity,
    settled: Settled,
    bills: Vec<Bill>,
}

impl Fold {
    /// The stored form of the whole state.
    pub fn checkpoint(&self) -> Result<Vec<u8>, RecordError> {
        let mut stored = Vec::new();
        for frame in self.checkpoint_frames() {
            stored.extend(frame?);
        }
        Ok(stored)
    }

    /// The stored form of the whole state, piece by piece.
    pub fn checkpoint_frames(&self) -> impl Iterator<Item = Result<Vec<u8>, RecordError>> {
        let names = self.identities.portions().map(|names| Ok(frame(NAMES, &names)));
        let frames = self.parts().map(|part| packed(&part)).chain(names);
        let mut count = 0;
        let counted = frames.map(Some).chain(std::iter::once(None)).map(move |frame| {
            count += 1;
            frame.unwrap_or_else(|| packed(&Part::End(count - 1)))
        });
        std::iter::once(Ok(vec![FORM_4])).chain(counted)
    }

    fn parts(&self) -> impl Iterator<Item = Part> {
        let mut taken_back: Vec<_> = self.taken_back.iter().map(|(hash, quantity)| (*hash, *quantity)).collect();
        taken_back.sort_unstable();
        let head = Part::Head(Box::new(Head {
            position: self.position,
            key: self.key,
            taken_back,
            book: self.book.clone(),
            edges: self.edges.numbered().to_vec(),
            closes: self.closes.clone(),
            close_positions: self.close_positions.clone(),
            names: self.identities.kept(),
            budgets: self.budgets.clone(),
            own_prices: self.own_prices.clone(),
            fx: self.fx.clone(),
            seats: self.seats.clone(),
        }));
        let series = self.series.iter().map(|(name, details, series)| (name, details, series.clone()));
        let accounts = self.accounts.all.iter().map(|account| KeptAccount {
            key: account.key,
            quantity: account.quantity,
            settled: account.settled,
            bills: account.bills.clone(),
        });
        let slots = self.accounts.slots.iter().map(|slot| (slot.series, slot.account, slot.cells.clone()));
        std::iter::once(head)
            .chain(portions(self.subscriptions.values().cloned()).map(Part::Subscriptions))
            .chain(portions(series).map(Part::Series))
            .chain(portions(accounts).map(Part::Accounts))
            .chain(portions(slots).map(Part::Slots))
    }

    /// The state a checkpoint was taken of. One of another form is refused: the log has it all.
    pub fn restore(stored: &[u8]) -> Result<Self, RecordError> {
        let mut restoring = Restoring::default();
        restoring.push(stored)?;
        restoring.finish()
    }
}

fn portions<T>(mut entries: impl Iterator<Item = T>) -> impl Iterator<Item = Vec<T>> {
    std::iter::from_fn(move || {
        let portion: Vec<_> = entries.by_ref().take(ENTRIES).collect();
        (!portion.is_empty()).then_some(portion)
    })
}

fn packed(part: &Part) -> Result<Vec<u8>, RecordError> {
    let plain = postcard::to_stdvec(part).map_err(|error| RecordError::Damaged(error.to_string()))?;
    Ok(frame(PACKED, &lz4_flex::compress_prepend_size(&plain)))
}

fn frame(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 1).unwrap_or(u32::MAX);
    let mut frame = Vec::with_capacity(LENGTH + 1 + content.len());
    frame.extend(length.to_le_bytes());
    frame.push(kind);
    frame.extend(content);
    frame
}

/// A state that is being read from a checkpoint, cut anywhere.
#[derive(Debug, Default)]
pub struct Restoring {
    fold: Fold,
    /// Bytes that make no whole frame yet.
    rest: Vec<u8>,
    begun: bool,
    frames: u32,
    names: Option<Kept>,
    ended: bool,
}

impl Restoring {
    /// Takes in the next bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), RecordError> {
        let mut rest = std::mem::take(&mut self.rest);
        rest.extend_from_slice(bytes);
        let mut unread = &*rest;
        if !self.begun
            && let Some((form, behind)) = unread.split_first()
        {
            if *form != FORM_4 {
                return Err(RecordError::UnknownForm(*form));
            }
            (self.begun, unread) = (true, behind);
        }
        while let Some((length, behind)) = unread.split_first_chunk::<LENGTH>() {
            let length = usize::try_from(u32::from_le_bytes(*length)).unwrap_or(usize::MAX);
            let Some((content, behind)) = behind.split_at_checked(length) else { break };
            self.take(content)?;
            unread = behind;
        }
        self.rest = unread.to_vec();
        Ok(())
    }

    /// The state, if all of it came.
    ///
    /// Names that were moved into runs are not known to it before it is given those: [`Fold::set_stored_runs`].
    pub fn finish(mut self) -> Result<Fold, RecordError> {
        if !self.ended || !self.rest.is_empty() {
            return Err(damaged("the checkpoint does not end where it should"));
        }
        if let Some(names) = self.names {
            self.fold.identities.resume(names);
        }
        Ok(self.fold)
    }

    fn take(&mut self, frame: &[u8]) -> Result<(), RecordError> {
        if self.ended {
            return Err(damaged("there is more behind the end of the checkpoint"));
        }
        match frame.split_first() {
            Some((&PACKED, content)) => self.take_part(unpack(content)?)?,
            Some((&NAMES, content)) => {
                let (names, rest) = content.as_chunks::<{ size_of::<Entry>() }>();
                if !rest.is_empty() {
                    return Err(damaged("names are cut"));
                }
                self.fold.identities.load(names);
            }
            _ => return Err(damaged("a frame of the checkpoint is of no known kind")),
        }
        self.frames += 1;
        Ok(())
    }

    fn take_part(&mut self, part: Part) -> Result<(), RecordError> {
        let fold = &mut self.fold;
        match part {
            Part::Head(head) => {
                fold.position = head.position;
                fold.key = head.key;
                fold.taken_back = head.taken_back.into_iter().collect();
                fold.book = head.book;
                for edge in head.edges {
                    fold.edges.put(edge);
                }
                self.names = Some(head.names);
                fold.closes = head.closes;
                fold.close_positions = head.close_positions;
                fold.budgets = head.budgets;
                fold.own_prices = head.own_prices;
                fold.fx = head.fx;
                fold.seats = head.seats;
            }
            Part::Subscriptions(all) => {
                for known in all {
                    for edge in known.edges() {
                        fold.sold_through.entry(*edge).or_default().insert(known.terms.id);
                    }
                    fold.subscriptions.put(known);
                }
            }
            Part::Series(all) => all.into_iter().for_each(|(name, details, series)| {
                fold.series.put(name, details, series);
            }),
            Part::Accounts(all) => all.into_iter().try_for_each(|kept| self.take_account(kept))?,
            Part::Slots(all) => {
                all.into_iter().try_for_each(|(series, of, cells)| self.take_slot(series, of, cells))?
            }
            Part::End(frames) if frames == self.frames => self.ended = true,
            Part::End(_) => return Err(damaged("frames of the checkpoint are missing")),
        }
        Ok(())
    }

    fn take_account(&mut self, kept: KeptAccount) -> Result<(), RecordError> {
        let number = self.fold.accounts.open(kept.key);
        let account = self.fold.accounts.at_mut(number).filter(|_| kept.bills.iter().all(Bill::is_sound));
        let account = account.ok_or_else(|| damaged("a bill cannot be read"))?;
        (account.quantity, account.settled, account.bills) = (kept.quantity, kept.settled, kept.bills);
        Ok(())
    }

    fn take_slot(&mut self, series: u32, of: u32, cells: Cells) -> Result<(), RecordError> {
        let month = self.fold.accounts.at(of).map(|account| account.key.month.first_day().number());
        let month = month.filter(|_| cells.is_sound() && (series as usize) < self.fold.series.len());
        let month = month.ok_or_else(|| damaged("quantities of a series cannot be read"))?;
        self.fold.accounts.add_slot(series, month, of, cells);
        Ok(())
    }
}

fn damaged(what: &str) -> RecordError {
    RecordError::Damaged(what.to_owned())
}
