//! A filter: "certainly not among them", or "perhaps".
//!
//! A Bloom filter whose bits for one name all lie in one block of 64 bytes, so that a question costs one look at memory.
//! Ten bits a name, six of them set: of a hundred names that are not there, one or two are said to be there perhaps.

use serde::{Deserialize, Serialize};

const BITS_PER_NAME: u64 = 10;
const BLOCK_BYTES: usize = 64;
const BLOCK_BITS: u32 = 512;
const BITS_SET: u32 = 6;

/// Which names are certainly not in a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Filter {
    #[serde(with = "crate::bytes")]
    blocks: Vec<u8>,
}

impl Filter {
    pub(crate) fn new(names: u64) -> Self {
        let blocks = (names * BITS_PER_NAME).div_ceil(u64::from(BLOCK_BITS)).max(1);
        Self { blocks: vec![0; usize::try_from(blocks).unwrap_or(usize::MAX) * BLOCK_BYTES] }
    }

    /// Stored bytes may be damaged.
    pub(crate) fn is_sound(&self) -> bool {
        !self.blocks.is_empty() && self.blocks.len().is_multiple_of(BLOCK_BYTES)
    }

    pub(crate) fn add(&mut self, hash: u128) {
        let block = self.block_of(hash);
        for bit in bits_of(hash) {
            if let Some(byte) = self.blocks.get_mut(block + bit / 8) {
                *byte |= 1 << (bit % 8);
            }
        }
    }

    pub(crate) fn may_hold(&self, hash: u128) -> bool {
        let block = self.block_of(hash);
        bits_of(hash).all(|bit| self.blocks.get(block + bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1))
    }

    /// By the middle bits of what is kept of a hash; the highest decide the page.
    fn block_of(&self, hash: u128) -> usize {
        let blocks = (self.blocks.len() / BLOCK_BYTES) as u128;
        let bits = (hash >> 64) & u128::from(u32::MAX);
        usize::try_from((bits * blocks) >> u32::BITS).unwrap_or(0) * BLOCK_BYTES
    }
}

/// Places of bits in a block, made of the 48 bits that neither chose the page nor the block.
fn bits_of(hash: u128) -> impl Iterator<Item = usize> {
    const KEPT_BELOW: u32 = 48;
    let low = (hash >> KEPT_BELOW) & 0xffff;
    let high = hash >> 96;
    let mixed = (low << 32 | high).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    (0..BITS_SET).map(move |bit| usize::try_from((mixed >> (128 - 9 * (bit + 1))) & 0x1ff).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::IdentityKey;

    #[test]
    fn what_was_added_is_always_found_and_little_else() {
        const NAMES: u64 = 20_000;
        let key = IdentityKey(*b"a key of a world");
        // Only what memory and runs keep of a hash may matter.
        let hash = |number: u64| key.of(None, "tests", &number.to_string()) >> 48 << 48;
        let mut filter = Filter::new(NAMES);
        (0..NAMES).for_each(|number| filter.add(hash(number)));
        assert!((0..NAMES).all(|number| filter.may_hold(hash(number))));
        let wrong = (NAMES..11 * NAMES).filter(|number| filter.may_hold(hash(*number))).count();
        assert!(wrong < 4_000, "{wrong} of 200000 names that are not there are said to be there perhaps");
    }
}
