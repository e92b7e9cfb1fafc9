//! Stored records, opened and ready to be applied.
//!
//! Opening a record (unpacking it, reading its events, hashing their names) needs nothing of the state but its key, and
//! is most of the work of a replay. So it may be done by another thread while the records before are applied. Texts are
//! left where they lie in the unpacked bytes; the few that are new to the state are copied when it asks for them.

use crate::counting::Counted;
use crate::event::EventRef;
use crate::fault::FoldFault;
use crate::fold::Fold;
use crate::identity::IdentityKey;
use crate::record::{Record, RecordError, unpacked};
use crate::series::Described;
use std::ops::Range;

/// A stored record that was opened.
#[derive(Debug, Clone)]
pub struct Prepared(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Usage { plain: Vec<u8>, events: Vec<Counted>, texts: Vec<Texts> },
    Other(Box<Record>),
}

/// Where the texts of an event's series lie.
#[derive(Debug, Clone)]
struct Texts {
    resource: Range<u32>,
    region: Range<u32>,
    tags: Range<u32>,
    additional_info: Range<u32>,
}

/// Usage begins with its place in the list of record kinds.
const USAGE: u8 = 1;
/// Two ids of 17 bytes each, and a byte at least for each of the other ten.
const EVENT_BYTES_MIN: usize = 44;

impl Prepared {
    /// Opens a stored record of any form. `key` is [`Fold::key`]; it is none before the genesis record.
    pub fn new(stored: &[u8], key: Option<IdentityKey>) -> Result<Self, RecordError> {
        let plain = unpacked(stored)?;
        let (Some(key), Some((&USAGE, packed))) = (key, plain.split_first()) else {
            return Record::decode(stored).map(|record| Self(Kind::Other(Box::new(record))));
        };
        let (count, mut unread) = postcard::take_from_bytes::<u64>(packed).map_err(damaged)?;
        // An event takes more bytes than this: a count that was damaged takes no memory.
        let room_for = usize::try_from(count).unwrap_or(usize::MAX).min(unread.len() / EVENT_BYTES_MIN);
        let (mut events, mut texts) = (Vec::with_capacity(room_for), Vec::with_capacity(room_for));
        let place = |text: &str| {
            let from = (text.as_ptr() as usize).saturating_sub(plain.as_ptr() as usize);
            let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            narrow(from)..narrow(from + text.len())
        };
        let mut room = Vec::new();
        for _ in 0..count {
            let (event, behind) = postcard::take_from_bytes::<EventRef<'_>>(unread).map_err(damaged)?;
            events.push(Counted::new(&key, &event, &mut room));
            texts.push(Texts {
                resource: place(event.resource),
                region: place(event.region),
                tags: place(event.tags),
                additional_info: place(event.additional_info),
            });
            unread = behind;
        }
        if !unread.is_empty() {
            return Err(RecordError::Damaged(format!("{} bytes too many", unread.len())));
        }
        Ok(Self(Kind::Usage { plain, events, texts }))
    }
}

fn damaged(error: postcard::Error) -> RecordError {
    RecordError::Damaged(error.to_string())
}

impl Fold {
    /// The key of event hashes, once the genesis record is applied.
    #[must_use]
    pub const fn key(&self) -> Option<IdentityKey> {
        self.key
    }

    /// [`Fold::apply`], for a record that was opened before.
    pub fn apply_prepared(&mut self, seq: i64, prepared: Prepared) -> Result<(), FoldFault> {
        let (plain, events, texts) = match prepared.0 {
            Kind::Other(record) => return self.apply(seq, *record),
            Kind::Usage { plain, events, texts } => (plain, events, texts),
        };
        self.check_place(seq)?;
        self.check_usage(events.iter().map(|event| (event.subscription, event.quantity)))?;
        let text = |range: &Range<u32>| {
            let bytes = plain.get(range.start as usize..range.end as usize).unwrap_or_default();
            std::str::from_utf8(bytes).unwrap_or_default()
        };
        self.count_all(seq, &events, |at| {
            let (event, texts) = (&events[at], &texts[at]);
            Described {
                subscription: event.subscription,
                meter: event.meter,
                resource: text(&texts.resource),
                region: text(&texts.region),
                tags: text(&texts.tags),
                additional_info: text(&texts.additional_info),
            }
        });
        self.applied(seq);
        Ok(())
    }
}
