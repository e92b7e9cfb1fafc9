//! Passwords are kept as argon2id hashes: slow and hungry on purpose, because people choose passwords that can be
//! guessed. (Application secrets are 256 random bits and need no such thing: `secret.rs`.)
//!
//! The work is done away from the threads that answer requests, two at a time: that bounds the memory, and a flood of
//! sign-ins slows sign-in down, not the rest. What cannot be served soon is refused at once instead of piling up.
//!
//! The stored text says how it was made (`$argon2id$v=19$m=..,t=..,p=..$salt$hash`), so that the cost can be raised
//! later while old hashes still verify.
//!
//! Source: RFC 9106; cost as OWASP recommends for argon2id (19 MiB, 2 passes, 1 lane).

use crate::applications::secret::same;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::sync::atomic::{AtomicUsize, Ordering};
use tenantry_core::{Chance, Problem, Reason, Secret};
use tokio::sync::{Semaphore, SemaphorePermit};

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_BYTES: usize = 32;

/// How many hashes are made at once in this process.
static SEATS: Semaphore = Semaphore::const_new(2);
/// How many wait for a seat or have one.
static WAITING: AtomicUsize = AtomicUsize::new(0);
/// More than this many would wait longer than a browser does.
const WAITING_MOST: usize = 256;

/// A seat at the hashing bench. Whoever checks a password takes it before looking how often the user failed, so that
/// a thousand guesses sent at once are not all weighed by the same count.
#[derive(Debug)]
pub(crate) struct Seat {
    _permit: SemaphorePermit<'static>,
    _place: Place,
}

/// A place in the line; given back when dropped, also when the waiting is given up.
#[derive(Debug)]
struct Place;

impl Drop for Place {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Waits for a seat.
///
/// # Errors
/// `Throttled` if too many wait.
pub(crate) async fn seat() -> Result<Seat, Problem> {
    let before = WAITING.fetch_add(1, Ordering::AcqRel);
    let place = Place;
    if before >= WAITING_MOST {
        let message = "too many people sign in at this moment; try again in a few seconds";
        return Err(Problem::new(Reason::Throttled, message).retry_after(5));
    }
    let permit = SEATS.acquire().await.map_err(Problem::internal)?;
    Ok(Seat { _permit: permit, _place: place })
}

impl Seat {
    /// The stored form of a password.
    pub(crate) async fn hash(&self, chance: &Chance, password: &Secret) -> Result<String, Problem> {
        let salt: [u8; 16] = chance.bytes();
        let password = password.clone();
        apart(move || {
            let cost = Cost { memory: MEMORY_KIB, passes: PASSES, lanes: LANES };
            let hash = cost.hash(&password, &salt)?;
            let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
            Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
        })
        .await
    }

    /// Whether the password is the one that was stored.
    pub(crate) async fn verify(&self, password: &Secret, stored: &str) -> Result<bool, Problem> {
        let (password, kept) = (password.clone(), Kept::parse(stored)?);
        apart(move || {
            let seen = kept.cost.hash(&password, &kept.salt)?;
            Ok(same(seen, &kept.hash))
        })
        .await
    }

    /// The same work for a user that is not there, so that the time taken does not tell.
    pub(crate) async fn pretend(&self, password: &Secret) -> Result<(), Problem> {
        let password = password.clone();
        apart(move || Cost { memory: MEMORY_KIB, passes: PASSES, lanes: LANES }.hash(&password, &[0; 16])).await?;
        Ok(())
    }
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, Problem> + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cost {
    memory: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    fn hash(self, password: &Secret, salt: &[u8]) -> Result<[u8; HASH_BYTES], Problem> {
        let failed = |error: argon2::Error| Problem::internal(format!("argon2: {error}"));
        let params = Params::new(self.memory, self.passes, self.lanes, Some(HASH_BYTES)).map_err(failed)?;
        let mut hash = [0; HASH_BYTES];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(password.reveal().as_bytes(), salt, &mut hash)
            .map_err(failed)?;
        Ok(hash)
    }
}

/// A stored hash in its parts.
struct Kept {
    cost: Cost,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Kept {
    fn parse(stored: &str) -> Result<Self, Problem> {
        Self::read(stored).ok_or_else(|| Problem::corrupt("a stored password is no argon2id hash"))
    }

    fn read(stored: &str) -> Option<Self> {
        let mut parts = stored.strip_prefix("$argon2id$v=19$")?.split('$');
        let (costs, salt, hash) = (parts.next()?, parts.next()?, parts.next()?);
        let mut costs = costs.split(',');
        let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse().ok();
        let cost = Cost { memory: cost("m=")?, passes: cost("t=")?, lanes: cost("p=")? };
        Some(Self { cost, salt: STANDARD_NO_PAD.decode(salt).ok()?, hash: STANDARD_NO_PAD.decode(hash).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_told_from_its_hash_only() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let (chance, seat) = (Chance::from_seed(1), seat().await.unwrap());
            let password = Secret::new("Passw0rd");
            let (one, two) =
                (seat.hash(&chance, &password).await.unwrap(), seat.hash(&chance, &password).await.unwrap());
            assert_ne!(one, two, "each has its own salt");
            assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
            assert!(seat.verify(&password, &one).await.unwrap());
            assert!(seat.verify(&password, &two).await.unwrap());
            assert!(!seat.verify(&Secret::new("passw0rd"), &one).await.unwrap());
            assert!(seat.verify(&password, "plain").await.is_err(), "damage is not a wrong password");
        });
    }

    /// Made by the reference program: `echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -l 32 -v 13`.
    #[test]
    fn hashes_of_another_cost_and_program_verify() {
        let stored = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        let kept = Kept::parse(stored).unwrap();
        assert_eq!(kept.cost, Cost { memory: 65_536, passes: 2, lanes: 1 });
        assert_eq!(kept.cost.hash(&Secret::new("password"), &kept.salt).unwrap().as_slice(), kept.hash);
    }
}
