//! What becomes of each event of a batch: permission, then identity, then the rules.
//!
//! Identity comes before the rules, so that an event sent again is a duplicate even if it would be refused by
//! now (its subscription was suspended since). Permission comes before identity, and names belong to their
//! reporter, so no answer speaks of somebody else's events.

use crate::intake::Verdict;
use crate::scope::UsageScope;
use std::collections::HashMap;
use tenantry_access::{UsageReport, allow};
use tenantry_core::{OpContext, Quantity, SubscriptionId, Timestamp};
use tenantry_usage::{Event, Fold, Place, Refusal};

/// What judging one batch has found so far.
pub(crate) struct Judging<'a> {
    fold: &'a Fold,
    now: Timestamp,
    /// Permission by subscription, asked once each.
    admitted: HashMap<SubscriptionId, bool>,
    /// Events accepted from this batch, by source and id. Nested, so that asking needs no copy of the name.
    fresh: HashMap<String, HashMap<String, usize>>,
    /// What corrections of this batch take back, by the name of the event they correct.
    taken_back: HashMap<(String, String), Quantity>,
    accepted: Vec<Event>,
    /// Events of the log that are named in the batch.
    known: &'a HashMap<Place, Event>,
}

impl<'a> Judging<'a> {
    pub(crate) fn new(fold: &'a Fold, known: &'a HashMap<Place, Event>, now: Timestamp, size: usize) -> Self {
        Self {
            fold,
            now,
            admitted: HashMap::new(),
            fresh: HashMap::new(),
            taken_back: HashMap::new(),
            accepted: Vec::with_capacity(size),
            known,
        }
    }

    /// The events to be counted, in the order they came.
    pub(crate) fn into_accepted(self) -> Vec<Event> {
        self.accepted
    }

    /// Judges the next event of the batch.
    pub(crate) fn judge(&mut self, ctx: &OpContext, mut event: Event, sandbox: bool) -> Verdict {
        if !self.may_report(ctx, event.subscription, sandbox) {
            return Refusal::UnknownSubscription(event.subscription).into();
        }
        if let Some(id) = event.corrects.clone()
            && let Err(verdict) = self.settle_correction(&mut event, &id)
        {
            return verdict;
        }
        if let Some(known) = self.seen(&event) {
            return same_or_conflict(&event, known);
        }
        if let Err(refusal) = self.fold.admit(&event, self.now) {
            return refusal.into();
        }
        if let Err(verdict) = self.take_back(&event) {
            return verdict;
        }
        let unrated = self.is_unrated(&event);
        let index = self.accepted.len();
        match self.fresh.get_mut(&event.source) {
            Some(ids) => ids.insert(event.id.clone(), index),
            None => self.fresh.entry(event.source.clone()).or_default().insert(event.id.clone(), index),
        };
        self.accepted.push(event);
        Verdict::Accepted { unrated }
    }

    /// A subscription outside the caller's reach is answered like one that does not exist.
    fn may_report(&mut self, ctx: &OpContext, subscription: SubscriptionId, sandbox: bool) -> bool {
        let fold = self.fold;
        *self.admitted.entry(subscription).or_insert_with(|| {
            let scope = UsageScope::new(subscription, fold.subscription(subscription), sandbox);
            scope.and_then(|scope| allow::<UsageReport, _>(ctx, scope)).is_ok()
        })
    }

    /// A correction counts where the usage it corrects was counted.
    fn settle_correction(&self, event: &mut Event, id: &str) -> Result<(), Verdict> {
        let refused = |message: String| Verdict::refused("correction_mismatch", "corrects", message);
        let original = self.counted(event, id).ok_or_else(|| Verdict::from(Refusal::CorrectsUnknown(id.to_owned())))?;
        if (original.subscription, original.meter) != (event.subscription, event.meter) {
            return Err(refused(format!(
                "event `{id}` is of subscription {} and meter {}; a correction must name the same",
                original.subscription, original.meter
            )));
        }
        if original.corrects.is_some() {
            return Err(refused(format!("event `{id}` is a correction itself; correct the event that it corrects")));
        }
        event.at = original.at;
        event.resource = original.resource.clone();
        event.region.clone_from(&original.region);
        Ok(())
    }

    /// All corrections of an event together take back no more than it had.
    fn take_back(&mut self, event: &Event) -> Result<(), Verdict> {
        let Some(id) = &event.corrects else { return Ok(()) };
        let had = self.counted(event, id).map_or(Quantity::ZERO, |original| original.quantity);
        let in_batch = self.taken_back.entry((event.source.clone(), id.clone())).or_default();
        let before = self.fold.taken_back(event.reporter, &event.source, id).checked_add(*in_batch);
        let after = before.zip(event.quantity.checked_neg()).and_then(|(before, taken)| before.checked_add(taken));
        if after.is_none_or(|after| after > had) {
            let message = format!(
                "{} takes back more than what is left of event `{id}`: it had {had}, and {} was taken back before",
                event.quantity,
                before.unwrap_or(had)
            );
            return Err(Verdict::refused("correction_mismatch", "corrects", message));
        }
        *in_batch = event.quantity.checked_neg().and_then(|taken| in_batch.checked_add(taken)).unwrap_or(*in_batch);
        Ok(())
    }

    /// The event of that name that was counted before, in this batch or earlier.
    fn seen(&self, event: &Event) -> Option<&Event> {
        match self.fresh.get(&event.source).and_then(|ids| ids.get(&event.id)) {
            Some(index) => self.accepted.get(*index),
            None => self.counted(event, &event.id),
        }
    }

    /// The event that the log has under an id of this event's reporter and source.
    fn counted(&self, event: &Event, id: &str) -> Option<&Event> {
        self.fold.find(event.reporter, &event.source, id).and_then(|place| self.known.get(&place))
    }

    fn is_unrated(&self, event: &Event) -> bool {
        self.fold.subscription(event.subscription).is_none_or(|terms| {
            self.fold.book().price(&terms.market, terms.currency, event.meter, event.at.day()).is_none()
        })
    }
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
