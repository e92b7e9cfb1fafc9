//! Profiles of the partner itself, and what clients of 2016 ask for after sign-in.

use super::{Detail, FORM};

pub(super) const DETAILS: &[Detail] = &[Detail::of("tokens.generate", &[]).reads(FORM)];
