//! Chance is an input. Ids, secrets and keys are drawn from a seeded generator that is passed in.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::fmt;
use std::sync::{Mutex, PoisonError};
use uuid::{Builder, Uuid};

/// A cryptographic generator (ChaCha20). One per world; the same seed gives the same world.
pub struct Chance(Mutex<ChaCha20Rng>);

/// The machine has no source of randomness.
#[derive(Debug)]
pub struct NoRandomness(getrandom::Error);

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the machine's random source did not answer: {}", self.0)
    }
}

impl std::error::Error for NoRandomness {}

impl Chance {
    /// Seeded from the machine: for worlds whose secrets must not be guessed.
    pub fn from_machine() -> Result<Self, NoRandomness> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(NoRandomness)?;
        Ok(Self(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    /// Seeded by a number: for tests and demo worlds that must come out the same.
    #[must_use]
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// Runs `draw` with the generator. For libraries that want one; the rest uses the methods below.
    pub fn with<T>(&self, draw: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        // A panic elsewhere cannot leave the generator in a bad state.
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Random bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.with(|rng| rng.fill_bytes(&mut bytes));
        bytes
    }

    /// A random (version 4) GUID.
    #[must_use]
    pub fn guid(&self) -> Uuid {
        Builder::from_random_bytes(self.bytes()).into_uuid()
    }

    /// A number from 0 up to, not including, `bound`; 0 when the bound is 0. Even enough for demo data.
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        let drawn = u128::from(self.with(RngCore::next_u64));
        u64::try_from((drawn * u128::from(bound)) >> 64).unwrap_or(0)
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_draws() {
        let (one, two, other) = (Chance::from_seed(7), Chance::from_seed(7), Chance::from_seed(8));
        let drawn = one.guid();
        assert_eq!(drawn, two.guid());
        assert_ne!(drawn, other.guid());
        assert_eq!(drawn.get_version_num(), 4);
        assert!((0..1000).all(|_| one.below(10) < 10));
    }
}
