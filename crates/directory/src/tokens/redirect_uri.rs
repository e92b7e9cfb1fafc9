//! Where sign-in may send a browser back to: the addresses registered for the application, compared letter by letter.
//! Anything looser gives codes to whoever finds the gap (RFC 9700 2.1).
//!
//! One exception stands in the standard: a program on somebody's desk listens on a port of its own machine that it
//! cannot know before (RFC 8252 7.3). So for addresses that are registered as public ones and are on the loopback, any
//! port will do.

use crate::applications::Application;

/// Whether the address is registered.
pub(crate) fn is_registered(application: &Application, sent: &str) -> bool {
    application.reply_urls.iter().any(|known| known == sent) || is_public(application, sent)
}

/// Whether the address is registered as one of a program that keeps no secret.
pub(crate) fn is_public(application: &Application, sent: &str) -> bool {
    application.public_reply_urls.iter().any(|known| known == sent || same_loopback(known, sent))
}

fn same_loopback(known: &str, sent: &str) -> bool {
    match (loopback(known), loopback(sent)) {
        (Some(known), Some(sent)) => known == sent,
        _ => false,
    }
}

/// Host and path of a loopback address, without its port.
fn loopback(address: &str) -> Option<(&str, &str)> {
    let rest = address.strip_prefix("http://")?;
    let (authority, path) = rest.find(['/', '?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let (host, port) = match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => (&authority[..at], &authority[at + 1..]),
        _ => (authority, ""),
    };
    let plain = port.bytes().all(|b| b.is_ascii_digit()) && port.len() <= 5;
    // A path of nothing and one slash are the same place.
    let path = if path.is_empty() { "/" } else { path };
    (plain && ["localhost", "127.0.0.1", "[::1]"].contains(&host)).then_some((host, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tenantry_core::{AppId, ObjectId, TenantId, Timestamp};
    use uuid::Uuid;

    #[test]
    fn addresses_are_compared_letter_by_letter_and_ports_of_the_loopback_are_free() {
        let ids = (ObjectId::new(Uuid::nil()), AppId::new(Uuid::nil()), TenantId::new(Uuid::nil()));
        let application = Application {
            reply_urls: vec!["https://panel.test/back".into(), "http://localhost:5000/web".into()],
            public_reply_urls: vec!["http://localhost".into(), "http://127.0.0.1/cb".into(), "app://auth".into()],
            ..Application::bare(ids, "Panel".into(), Timestamp::default())
        };
        for (sent, registered, public) in [
            ("https://panel.test/back", true, false),
            ("https://panel.test/back/", false, false),
            ("https://panel.test/back?x=1", false, false),
            ("https://PANEL.test/back", false, false),
            ("https://panel.test:443/back", false, false),
            ("https://panel.test/back#", false, false),
            ("https://evil.test/https://panel.test/back", false, false),
            // A web address on the loopback is not a public one.
            ("http://localhost:5000/web", true, false),
            ("http://localhost:5001/web", false, false),
            ("http://localhost", true, true),
            ("http://localhost/", true, true),
            ("http://localhost:49152", true, true),
            ("http://localhost:49152/", true, true),
            ("http://localhost:49152/other", false, false),
            ("https://localhost:49152", false, false),
            ("http://127.0.0.1:8400/cb", true, true),
            ("http://127.0.0.1:8400/cb?x", false, false),
            ("http://127.0.0.1.evil.test/cb", false, false),
            ("http://127.0.0.1:80@evil.test/cb", false, false),
            ("http://evil.test:80/cb", false, false),
            ("http://localhost:x/", false, false),
            ("app://auth", true, true),
            ("app://auth/", false, false),
            ("", false, false),
        ] {
            assert_eq!(
                (is_registered(&application, sent), is_public(&application, sent)),
                (registered, public),
                "{sent}"
            );
        }
    }
}
