//! Figures beside the goals of the design, and the few ratios that a run may fail on.
//!
//! Nothing fails on a time: machines are shared and noisy. What is gated is a ratio to a baseline of the same run, with
//! room for the noise.

use crate::measure::hundredths;
use std::sync::Mutex;

/// A goal and a floor in the same unit as the figure; which way is better.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Goal {
    AtLeast {
        goal: u64,
        floor: u64,
    },
    AtMost {
        goal: u64,
        floor: u64,
    },
    /// At least; the design states no floor.
    Towards {
        goal: u64,
    },
}

impl Goal {
    /// How a figure stands to it.
    pub(crate) fn verdict(self, figure: u64) -> String {
        let times = |goal| hundredths(figure, goal);
        let (met, above_floor, goal, floor) = match self {
            Self::AtLeast { goal, floor } => (figure >= goal, figure >= floor, goal, floor),
            Self::AtMost { goal, floor } => (figure <= goal, figure <= floor, goal, floor),
            Self::Towards { goal } if figure >= goal => (true, true, goal, goal),
            Self::Towards { goal } => return format!("goal {goal} not met ({} of it); it has no floor", times(goal)),
        };
        let times = times(goal);
        match (met, above_floor) {
            (true, _) => format!("goal {goal} met ({times} of it)"),
            (false, true) => format!("floor {floor} met, goal {goal} not ({times} of it)"),
            (false, false) => format!("FLOOR {floor} NOT MET, goal {goal} ({times} of it)"),
        }
    }
}

static FAILED: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Holds a ratio in hundredths against the least it may be.
pub(crate) fn gate(what: &str, ratio_hundredths: u64, least_hundredths: u64) {
    if ratio_hundredths < least_hundredths {
        let (ratio, least) = (hundredths(ratio_hundredths, 100), hundredths(least_hundredths, 100));
        FAILED.lock().unwrap().push(format!("{what}: ratio {ratio}, at least {least} is asked for"));
    }
}

/// The gates that did not hold.
pub(crate) fn failed() -> Vec<String> {
    FAILED.lock().unwrap().clone()
}
