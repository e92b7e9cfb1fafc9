//! Webhooks: where the partner is told what happens.

use super::{Detail, JSON};

pub(super) const DETAILS: &[Detail] = &[
    Detail::of("webhooks.registration.create", &[]).reads(JSON),
    Detail::of("webhooks.registration.change", &[]).reads(JSON),
    // Clients send `{}`, or nothing; neither is looked at.
    Detail::of("webhooks.validation-events.create", &[]).reads(JSON),
    Detail::of("webhooks.certificates.get", &[]).gives(Some("application/pkix-cert")),
];
