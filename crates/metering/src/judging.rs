//! What becomes of each event: permission, then identity, then the rules.
//!
//! Identity comes before the rules, so that an event sent again is a duplicate even if it would be refused by
//! now (its subscription was suspended since). Permission comes before identity, and names belong to their
//! reporter, so no answer speaks of somebody else's events.
//!
//! Several batches may be judged for one commit. What comes out is what judging them one after another would give: an
//! event accepted from an earlier batch is known to the later ones. Only one thing cannot be told before the earlier
//! ones are in the fold, a correction of an event that is fresh itself; a batch with such a one waits
//! ([`Judging::must_wait`]).

use crate::ahead::Names;
use crate::intake::{Submitted, Verdict};
use crate::scope::UsageScope;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use tenantry_access::{UsageReport, allow};
use tenantry_core::{OpContext, Quantity, SubscriptionId, TenantId, Timestamp};
use tenantry_usage::{Event, Fold, IdentityKey, Place, Refusal};

/// Which events of the log an event names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// The one of its own name: it was counted before.
    pub(crate) own: Option<Place>,
    /// The one it corrects.
    pub(crate) original: Option<Place>,
}

/// What judging has found so far.
pub(crate) struct Judging<'a> {
    fold: &'a Fold,
    sandbox: bool,
    /// Events of the log that are named in the batches.
    known: &'a HashMap<Place, Event>,
    fresh: Fresh,
    /// What corrections judged here take back, by the event they correct.
    taken_back: HashMap<Place, Quantity>,
    accepted: Vec<Event>,
}

/// Whose batch is being judged, and when.
struct Sender<'a> {
    ctx: &'a OpContext,
    now: Timestamp,
    reporter: Option<TenantId>,
    /// Permission by subscription, asked once each.
    admitted: HashMap<SubscriptionId, bool>,
}

impl<'a> Judging<'a> {
    pub(crate) fn new(fold: &'a Fold, known: &'a HashMap<Place, Event>, sandbox: bool, size: usize) -> Self {
        // Without a key there is no genesis record, no subscription, and so nothing to accept.
        let fresh = Fresh::with_capacity(size, fold.key().unwrap_or(IdentityKey([0; 16])));
        Self { fold, sandbox, known, fresh, taken_back: HashMap::new(), accepted: Vec::with_capacity(size) }
    }

    /// The events to be counted, in the order they came.
    pub(crate) fn into_accepted(self) -> Vec<Event> {
        self.accepted
    }

    /// Whether a batch corrects an event that was accepted here from an earlier one. It is judged after the next commit.
    pub(crate) fn must_wait(&self, reporter: Option<TenantId>, batch: &[Submitted]) -> bool {
        let corrects = |submitted: &'_ Submitted| match submitted {
            Submitted::Event(event) => {
                let id = event.corrects.as_deref()?;
                let hash = self.fresh.key.of(reporter, &event.source, id);
                self.fresh.find(&self.accepted, hash, reporter, &event.source, id).ok()
            }
            Submitted::Unreadable(_) => None,
        };
        !self.accepted.is_empty() && batch.iter().any(|submitted| corrects(submitted).is_some())
    }

    /// Judges a batch. `names` says what events of it name in the log.
    pub(crate) fn judge(&mut self, ctx: &OpContext, batch: Vec<Submitted>, names: &Names) -> Vec<Verdict> {
        let reporter = ctx.confined_to();
        let mut sender = Sender { ctx, now: ctx.now(), reporter, admitted: HashMap::new() };
        let judged = batch.into_iter().enumerate().map(|(at, submitted)| match submitted {
            Submitted::Unreadable(verdict) => verdict,
            Submitted::Event(event) => {
                let named = names.named.get(&at).copied().unwrap_or_default();
                let hash = names.hashes.get(at).copied().unwrap_or_default();
                self.judge_event(&mut sender, event, named, hash)
            }
        });
        judged.collect()
    }

    fn judge_event(&mut self, sender: &mut Sender<'_>, mut event: Event, named: Named, hash: u128) -> Verdict {
        // Names belong to their reporter: a partner's are its own, the provider's and the platform's the world's.
        event.reporter = sender.reporter;
        if !self.may_report(sender, event.subscription) {
            return Refusal::UnknownSubscription(event.subscription).into();
        }
        let original = event.corrects.as_deref().and_then(|id| self.counted(named.original?, &event, id));
        if let Some(verdict) = settle_correction(&mut event, original) {
            return verdict;
        }
        let slot = match self.fresh.find(&self.accepted, hash, event.reporter, &event.source, &event.id) {
            Ok(index) => {
                return self.accepted.get(index).map_or(Verdict::Duplicate, |known| same_or_conflict(&event, known));
            }
            Err(slot) => slot,
        };
        if let Some((_, known)) = named.own.and_then(|place| self.counted(place, &event, &event.id)) {
            return same_or_conflict(&event, known);
        }
        if let Err(refusal) = self.fold.admit(&event, sender.now) {
            return refusal.into();
        }
        if let Some((place, original)) = original
            && let Err(verdict) = self.take_back(&event, place, original)
        {
            return verdict;
        }
        let unrated = self.is_unrated(&event);
        self.fresh.add(slot, self.accepted.len());
        self.accepted.push(event);
        Verdict::Accepted { unrated }
    }

    /// The event that the log has under an id of this event's reporter and source. A place is found by a hash; only the
    /// event that stands there says whether it is the one.
    fn counted(&self, place: Place, event: &Event, id: &str) -> Option<(Place, &'a Event)> {
        let known = self.known.get(&place)?;
        let is_it = known.id == id && known.source == event.source && known.reporter == event.reporter;
        is_it.then_some((place, known))
    }

    /// A subscription outside the caller's reach is answered like one that does not exist.
    fn may_report(&self, sender: &mut Sender<'_>, subscription: SubscriptionId) -> bool {
        let ctx = sender.ctx;
        *sender.admitted.entry(subscription).or_insert_with(|| {
            let scope = UsageScope::along(self.fold, subscription, self.sandbox);
            scope.and_then(|scope| allow::<UsageReport, _>(ctx, scope)).is_ok()
        })
    }

    /// All corrections of an event together take back no more than it had.
    fn take_back(&mut self, event: &Event, place: Place, original: &Event) -> Result<(), Verdict> {
        let Some(id) = &event.corrects else { return Ok(()) };
        let had = original.quantity;
        let here = self.taken_back.entry(place).or_default();
        let before = self.fold.taken_back(event.reporter, &event.source, id).checked_add(*here);
        let after = before.zip(event.quantity.checked_neg()).and_then(|(before, taken)| before.checked_add(taken));
        if after.is_none_or(|after| after > had) {
            let message = format!(
                "{} takes back more than what is left of event `{id}`: it had {had}, and {} was taken back before",
                event.quantity,
                before.unwrap_or(had)
            );
            return Err(mismatch(message));
        }
        *here = event.quantity.checked_neg().and_then(|taken| here.checked_add(taken)).unwrap_or(*here);
        Ok(())
    }

    fn is_unrated(&self, event: &Event) -> bool {
        self.fold.subscription(event.subscription).is_none_or(|terms| {
            self.fold.book().price(&terms.market, terms.currency, event.meter, event.at.day()).is_none()
        })
    }
}

/// A correction counts where the usage it corrects was counted. Says what is wrong with it, if anything.
fn settle_correction(event: &mut Event, original: Option<(Place, &Event)>) -> Option<Verdict> {
    let id = event.corrects.as_ref()?;
    let Some((_, original)) = original else { return Some(Refusal::CorrectsUnknown(id.clone()).into()) };
    if (original.subscription, original.meter) != (event.subscription, event.meter) {
        return Some(mismatch(format!(
            "event `{id}` is of subscription {} and meter {}; a correction must name the same",
            original.subscription, original.meter
        )));
    }
    if original.corrects.is_some() {
        return Some(mismatch(format!("event `{id}` is a correction itself; correct the event that it corrects")));
    }
    event.at = original.at;
    event.resource = original.resource.clone();
    event.region.clone_from(&original.region);
    None
}

fn mismatch(message: String) -> Verdict {
    Verdict::refused("correction_mismatch", "corrects", message)
}

fn same_or_conflict(sent: &Event, known: &Event) -> Verdict {
    if sent == known {
        return Verdict::Duplicate;
    }
    let details_differ = (&sent.tags, &sent.additional_info) != (&known.tags, &known.additional_info);
    let show = |event: &Event| {
        let mut shown = format!(
            "{} of meter {} at {} for {} ({}) in subscription {}",
            event.quantity, event.meter, event.at, event.resource, event.region, event.subscription
        );
        if details_differ {
            shown += &format!(" with tags {} and additional info {}", event.tags, event.additional_info);
        }
        shown
    };
    Verdict::refused(
        "id_conflict",
        "id",
        format!(
            "`{}` of source `{}` was counted before with other content. Counted: {}. Sent now: {}. \
             Give a new fact a new id; correct a counted one with `corrects`",
            sent.id,
            sent.source,
            show(known),
            show(sent)
        ),
    )
}

/// Names of events accepted here: places in the list of them, by the world's keyed hash of the name. Nothing of a name
/// is copied; a hit is held against the event itself, and of two names with one hash the later lies in the next slot.
struct Fresh {
    slots: HashMap<u128, u32, BuildHasherDefault<AsIs>>,
    key: IdentityKey,
}

impl Fresh {
    fn with_capacity(size: usize, key: IdentityKey) -> Self {
        Self { slots: HashMap::with_capacity_and_hasher(size, BuildHasherDefault::default()), key }
    }

    /// The index of the event of that name and hash among the accepted, or the free slot for it.
    fn find(
        &self,
        accepted: &[Event],
        hash: u128,
        reporter: Option<TenantId>,
        source: &str,
        id: &str,
    ) -> Result<usize, u128> {
        let mut slot = hash;
        while let Some(index) = self.slots.get(&slot) {
            let index = *index as usize;
            let named_so = |event: &Event| event.id == id && event.source == source && event.reporter == reporter;
            if accepted.get(index).is_some_and(named_so) {
                return Ok(index);
            }
            slot = slot.wrapping_add(1);
        }
        Err(slot)
    }

    fn add(&mut self, slot: u128, index: usize) {
        // A group is far smaller than this.
        self.slots.insert(slot, u32::try_from(index).unwrap_or(u32::MAX));
    }
}

/// The keys are hashes already.
#[derive(Debug, Default, Clone, Copy)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u128(&mut self, hash: u128) {
        let [low @ .., _, _, _, _, _, _, _, _] = hash.to_le_bytes();
        self.0 = u64::from_le_bytes(low);
    }
}
