//! Room for request bodies: a bound on what all requests together hold in memory.
//!
//! Each route bounds one body; hundreds of allowed bodies at once would still be more memory than the machine has. So
//! what arrives, and what it inflates to, is counted over all requests, and beyond the bound a request is refused with
//! 429 and a time to come back. Only bytes that are really there count: a header that announces a gigabyte takes
//! nothing from anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tenantry_core::{Problem, Reason};

/// Bytes of request bodies in memory at a time, over all requests, unless set otherwise
/// ([`Site::body_bytes_max`](crate::Site::body_bytes_max)).
pub const BODY_BYTES_MAX: usize = 256 << 20;

/// When to come back after a refusal.
const RETRY_SECONDS: u32 = 1;

/// The bound, and how much of it is taken.
#[derive(Debug, Clone)]
pub(crate) struct Room(Arc<Taken>);

#[derive(Debug)]
struct Taken {
    bytes: AtomicUsize,
    most: usize,
}

/// Bytes of one request; given back when dropped.
#[derive(Debug)]
pub(crate) struct Held {
    room: Room,
    bytes: usize,
}

impl Room {
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Taken { bytes: AtomicUsize::new(0), most }))
    }

    /// Nothing yet, of this room.
    pub(crate) fn enter(&self) -> Held {
        Held { room: self.clone(), bytes: 0 }
    }

    /// Whether so many bytes would fit now. One request alone always does.
    fn fits(&self, taken: usize, more: usize) -> bool {
        taken == 0 || taken.saturating_add(more) <= self.0.most
    }

    #[cfg(test)]
    pub(crate) fn taken(&self) -> usize {
        self.0.bytes.load(Ordering::Acquire)
    }
}

impl Held {
    /// Says at once that an announced body will not fit.
    pub(crate) fn check(&self, announced: usize) -> Result<(), Problem> {
        let taken = self.room.0.bytes.load(Ordering::Acquire);
        if self.room.fits(taken, announced) { Ok(()) } else { Err(busy()) }
    }

    /// Takes more. Whoever is alone in the room may: the limit of the route bounds it.
    pub(crate) fn grow(&mut self, more: usize) -> Result<(), Problem> {
        let own = self.bytes;
        let fits = |taken: usize| self.room.fits(taken - own, own + more).then_some(taken + more);
        self.room.0.bytes.fetch_update(Ordering::AcqRel, Ordering::Acquire, fits).map_err(|_| busy())?;
        self.bytes += more;
        Ok(())
    }

    /// All of it, for another thread; what comes back takes the place of this.
    pub(crate) fn lend(&mut self) -> Self {
        Self { room: self.room.clone(), bytes: std::mem::take(&mut self.bytes) }
    }

    /// Gives some back.
    pub(crate) fn shrink(&mut self, less: usize) {
        let less = less.min(self.bytes);
        self.bytes -= less;
        self.room.0.bytes.fetch_sub(less, Ordering::AcqRel);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.room.0.bytes.fetch_sub(self.bytes, Ordering::AcqRel);
    }
}

fn busy() -> Problem {
    let message = "more request bodies are on their way than this server holds at a time; nothing of this one was \
                   looked at, send it again in a moment";
    Problem::new(Reason::Throttled, message).retry_after(RETRY_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_never_fuller_than_its_bound_and_empties() {
        let room = Room::new(100);
        let (mut one, mut two) = (room.enter(), room.enter());
        one.grow(60).unwrap();
        assert!(two.check(41).is_err() && two.check(40).is_ok());
        assert!(two.grow(41).is_err() && two.grow(40).is_ok() && one.grow(1).is_err());
        let refused = one.grow(1).unwrap_err();
        assert_eq!((refused.reason(), refused.retry_after_seconds()), (Reason::Throttled, Some(1)));
        two.shrink(30);
        one.grow(30).unwrap();
        assert_eq!(room.taken(), 100);
        drop(two);
        // Alone in the room: only the limit of the route counts.
        one.grow(1_000).unwrap();
        drop(one);
        assert_eq!(room.taken(), 0);
    }
}
