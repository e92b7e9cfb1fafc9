//! What the token service remembers between calls, so that the common ones ask the database nothing.
//!
//! Everything here is bounded and may be forgotten at any time. What depends on who may do what is kept with the
//! [`tenantry_db::Db::access_epoch`] that was read *before* it was looked up, and counts only while that stays: a
//! change that is committed during the look-up makes the remembered answer stale at once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// A bounded memory of two generations. When the young one is full it becomes the old one and the old one goes: what is
/// in use moves on, and there is never a moment when everything is gone.
#[derive(Debug)]
pub(crate) struct Memory<K, V> {
    generations: Mutex<Generations<K, V>>,
    /// Of one generation.
    most: usize,
}

#[derive(Debug)]
struct Generations<K, V> {
    young: HashMap<K, Arc<V>>,
    old: HashMap<K, Arc<V>>,
}

impl<K: Hash + Eq, V> Memory<K, V> {
    /// One that holds at most twice `most`.
    pub(crate) fn new(most: usize) -> Self {
        Self { generations: Mutex::new(Generations { young: HashMap::new(), old: HashMap::new() }), most }
    }

    /// What is remembered.
    pub(crate) fn get(&self, key: &K) -> Option<Arc<V>> {
        let mut generations = self.lock();
        if let Some(value) = generations.young.get(key) {
            return Some(Arc::clone(value));
        }
        let (key, value) = generations.old.remove_entry(key)?;
        generations.put(key, Arc::clone(&value), self.most);
        Some(value)
    }

    /// Remembers.
    pub(crate) fn put(&self, key: K, value: Arc<V>) {
        self.lock().put(key, value, self.most);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Generations<K, V>> {
        // Nothing that can fail half way happens under the lock.
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Hash + Eq, V> Generations<K, V> {
    fn put(&mut self, key: K, value: Arc<V>, most: usize) {
        if self.young.len() >= most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_use_stays_and_the_rest_goes() {
        let memory = Memory::new(3);
        memory.put(0, Arc::new("in use"));
        for key in 1..100 {
            memory.put(key, Arc::new("once"));
            assert_eq!(memory.get(&0).as_deref(), Some(&"in use"), "{key}");
            let generations = memory.lock();
            assert!(generations.young.len() + generations.old.len() <= 6);
        }
        assert_eq!(memory.get(&1), None);
        assert_eq!(memory.get(&99).as_deref(), Some(&"once"));
    }
}
