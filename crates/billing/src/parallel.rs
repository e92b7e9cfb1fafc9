//! Work by all processors: drafting, proving and writing out documents takes them all, and an edge is done without looking at
//! any other.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many there are.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// What the work makes of each item, in their order. Whoever is done with one takes the next, so that a large one holds up
/// nobody. `None` for one whose thread died.
pub(crate) fn by_all_processors<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<Option<R>> {
    let threads = processors().min(items.len());
    if threads <= 1 {
        return items.into_iter().map(|item| Some(work(item))).collect();
    }
    let mut done = Vec::new();
    done.resize_with(items.len(), || None);
    let (left, done) = (Mutex::new(items.into_iter().enumerate()), Mutex::new(done));
    let until_nothing_is_left = || {
        loop {
            // A statement of its own: the lock is let go before the work begins.
            let taken = lock(&left).next();
            let Some((place, item)) = taken else { break };
            let result = work(item);
            if let Some(slot) = lock(&done).get_mut(place) {
                *slot = Some(result);
            }
        }
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(until_nothing_is_left)).collect();
        // What a thread that dies was at stays empty; the others do the rest.
        running.into_iter().for_each(|thread| drop(thread.join()));
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Nothing that can fail half way happens under the locks.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_what_they_are_of() {
        for count in [0, 1, 2, 3, 1_000] {
            let squares = by_all_processors((0..count).collect(), |number: u64| number * number);
            assert_eq!(squares, (0..count).map(|number| Some(number * number)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_thread_that_dies_takes_one_item_with_it() {
        // Two are needed: a program with one processor works on the caller's own thread.
        if processors() < 2 {
            return;
        }
        let done = by_all_processors((0..100).collect(), |number: u64| {
            assert_ne!(number, 7, "dies on purpose");
            number
        });
        let missing: Vec<_> = (0..100).filter(|place| done[*place].is_none()).collect();
        assert_eq!(missing, [7]);
    }
}
