//! What was read of a body: the names of its events, for the verdicts, and the events, for metering.

use super::event::{Form, Reading};
use super::fault::Fault;
use std::borrow::Cow;
use tenantry_core::{Problem, Reason};
use tenantry_metering::{BATCH_EVENTS_MAX, Submitted};

/// About what an event takes in a body; says how many to make room for.
const EVENT_BYTES: usize = 320;

/// An event of the body. Names are borrowed from it: the answer repeats them.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub(super) source: Option<Cow<'a, str>>,
    pub(super) id: Option<Cow<'a, str>>,
    /// What is wrong with it; without one it is among the events to be counted.
    pub(super) fault: Option<Box<Fault>>,
}

/// All events of a body, in order.
#[derive(Debug)]
pub(super) struct Batch<'a> {
    pub(super) form: Form,
    pub(super) entries: Vec<Entry<'a>>,
    /// Those without a fault.
    pub(super) events: Vec<Submitted>,
}

impl<'a> Batch<'a> {
    /// For a body of so many bytes.
    pub(super) fn new(form: Form, bytes: usize) -> Self {
        let expected = (bytes / EVENT_BYTES).min(BATCH_EVENTS_MAX);
        Self { form, entries: Vec::with_capacity(expected), events: Vec::with_capacity(expected) }
    }

    /// Adds one, or refuses the whole batch for its length.
    pub(super) fn push(&mut self, reading: Reading<'a>) -> Result<(), Problem> {
        if self.entries.len() == BATCH_EVENTS_MAX {
            return Err(Problem::new(
                Reason::TooLarge,
                format!(
                    "a batch holds at most {BATCH_EVENTS_MAX} events, this one has more; split it. Nothing of it was counted"
                ),
            ));
        }
        let Reading { source, id, event } = reading;
        let fault = match event {
            Ok(event) => {
                self.events.push(Submitted::Event(event));
                None
            }
            Err(fault) => Some(Box::new(fault)),
        };
        self.entries.push(Entry { source, id, fault });
        Ok(())
    }
}
