//! The one place where a figure is rounded.

use ethnum::I256;
use serde::{Deserialize, Serialize};

/// How a document line is brought to minor units of its currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rounding {
    /// To the nearest; a tie goes to the even neighbour. Our default: no drift over many lines.
    #[default]
    HalfEven,
    /// To the nearest; a tie goes away from zero.
    HalfUp,
    /// Down to the lower one, as the field's documented `FLOOR` does.
    Floor,
}

impl Rounding {
    /// `value / unit` as a whole number, rounded in this mode. `unit` must be above zero.
    pub(crate) fn divide(self, value: I256, unit: I256) -> I256 {
        let floor = value.div_euclid(unit);
        // What is left; a second division would take longer than all the rest.
        let rest = value.wrapping_sub(floor.wrapping_mul(unit));
        let twice = rest.saturating_mul(I256::new(2));
        let up = match self {
            Self::Floor => false,
            Self::HalfEven => twice > unit || (twice == unit && floor.rem_euclid(I256::new(2)) == I256::ONE),
            // A tie below zero goes down: away from zero.
            Self::HalfUp => twice > unit || (twice == unit && value > I256::ZERO),
        };
        if up { floor + I256::ONE } else { floor }
    }
}
