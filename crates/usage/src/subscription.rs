//! A subscription as the fold knows it: its terms, the states it went through, and the channels it was sold through.
//!
//! A subscription may change its reseller at any instant. Usage from that instant on is the new channel's, usage from
//! before stays the old one's however late it comes. Usage is kept by hour, so the one hour that holds the change is
//! kept in parts; every other hour lies on one side of it.

use crate::channel::EdgeNo;
use crate::record::{ServiceState, SubscriptionTerms};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use tenantry_core::{SubscriptionId, Timestamp};

/// A subscription and what it went through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) terms: SubscriptionTerms,
    pub(crate) history: Vec<(Timestamp, ServiceState)>,
    /// By their instants, rising. There is always one.
    channels: Vec<ChannelSpan>,
    /// Every edge that it was ever sold through.
    edges: Vec<EdgeNo>,
}

/// The channel from an instant on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ChannelSpan {
    since: Timestamp,
    edges: Vec<EdgeNo>,
}

/// Which of its channels a piece of usage belongs to: counts the changes before it.
pub(crate) type ChannelNo = u16;

const SECONDS_PER_HOUR: i64 = 3_600;

impl Known {
    pub(crate) fn new(terms: SubscriptionTerms, edges: Vec<EdgeNo>) -> Self {
        let history = vec![(terms.since, terms.state)];
        // The first channel is that of all usage before, too.
        let first = ChannelSpan { since: Timestamp::from_micros(i64::MIN), edges: edges.clone() };
        Self { terms, history, channels: vec![first], edges }
    }

    /// Takes in newer terms. Told twice (the outbox delivers at least once) is told once.
    pub(crate) fn renew(&mut self, terms: SubscriptionTerms, edges: Vec<EdgeNo>) {
        let entry = (terms.since, terms.state);
        if self.history.last() != Some(&entry) {
            self.history.push(entry);
        }
        if self.channels.last().is_none_or(|last| last.edges != edges) {
            // A change takes the place of all that were to come after it.
            self.channels.retain(|span| span.since < terms.since);
            self.edges.extend(edges.iter().filter(|edge| !self.edges.contains(edge)).copied().collect::<Vec<_>>());
            self.channels.push(ChannelSpan { since: terms.since, edges });
        }
        self.terms = terms;
    }

    /// The state at an instant and since when it held. Before the first one: none.
    pub(crate) fn state_at(&self, at: Timestamp) -> Option<(Timestamp, ServiceState)> {
        self.history.iter().rev().find(|(since, _)| *since <= at).copied()
    }

    /// Whether it kept its channel all along.
    pub(crate) fn has_one_channel(&self) -> bool {
        self.channels.len() == 1
    }

    /// How often the channel changed within the hour of an instant until then.
    pub(crate) fn part_of_hour(&self, at: Timestamp) -> u8 {
        let hour = at.hour().start();
        let changes = self.channels.iter().filter(|span| hour < span.since && span.since <= at);
        u8::try_from(changes.count()).unwrap_or(u8::MAX)
    }

    /// The channel of a part of an hour.
    pub(crate) fn channel_of(&self, hour: Timestamp, part: usize) -> ChannelNo {
        let end = hour.plus_seconds(SECONDS_PER_HOUR);
        let before = self.channels.iter().filter(|span| span.since <= hour).count();
        let within = self.channels.iter().filter(|span| hour < span.since && span.since < end).count();
        ChannelNo::try_from((before + part.min(within)).saturating_sub(1)).unwrap_or(ChannelNo::MAX)
    }

    /// The edges of a channel, from the provider down.
    pub(crate) fn edges_of(&self, channel: ChannelNo) -> &[EdgeNo] {
        self.channels.get(usize::from(channel)).map_or(&[], |span| &span.edges)
    }

    /// Every edge it was ever sold through.
    pub(crate) fn edges(&self) -> &[EdgeNo] {
        &self.edges
    }

    /// The channels it has, each with the instant from which on it holds.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (Timestamp, &[EdgeNo])> {
        self.channels.iter().map(|span| (span.since, &*span.edges))
    }

    /// The channels it has.
    pub(crate) fn channels(&self) -> impl Iterator<Item = &[EdgeNo]> {
        self.channels.iter().map(|span| &*span.edges)
    }
}

/// All subscriptions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subscriptions {
    by_id: BTreeMap<SubscriptionId, Known>,
    /// Asked for every event; the tree would take ten steps where this takes one.
    known: HashSet<SubscriptionId>,
    /// Those that changed their channel.
    moved: HashSet<SubscriptionId>,
}

impl Subscriptions {
    pub(crate) fn get(&self, id: &SubscriptionId) -> Option<&Known> {
        self.by_id.get(id)
    }

    /// Takes in newer terms of one that is known.
    pub(crate) fn renew(&mut self, terms: SubscriptionTerms, edges: Vec<EdgeNo>) {
        let Some(known) = self.by_id.get_mut(&terms.id) else { return self.put(Known::new(terms, edges)) };
        known.renew(terms, edges);
        if !known.has_one_channel() {
            self.moved.insert(known.terms.id);
        }
    }

    /// One that changed its channel, ever.
    pub(crate) fn moved(&self, id: &SubscriptionId) -> Option<&Known> {
        if self.moved.is_empty() || !self.moved.contains(id) {
            return None;
        }
        self.get(id)
    }

    pub(crate) fn contains_key(&self, id: &SubscriptionId) -> bool {
        self.known.contains(id)
    }

    pub(crate) fn put(&mut self, known: Known) {
        self.known.insert(known.terms.id);
        if !known.has_one_channel() {
            self.moved.insert(known.terms.id);
        }
        self.by_id.insert(known.terms.id, known);
    }

    /// All, by id.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Known> {
        self.by_id.values()
    }
}
