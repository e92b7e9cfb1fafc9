//! Addresses that we call because a partner says so.
//!
//! A server that calls any address is a door into the network it stands in: to its neighbours, and to the machine that
//! tells a cloud host its secrets. So an address is judged twice. Here, when it is registered, by how it is written; and
//! at each call, by what its name stands for then (`public_address.rs`), because a name can be pointed elsewhere later.

use crate::public_address::is_public;
use http::Uri;
use std::net::IpAddr;
use tenantry_core::Problem;

/// The member that refusals name, in the words of whoever asked.
pub(crate) const FIELD: &str = "WebhookUrl";
/// Longest address taken; browsers and proxies stop near it.
const LENGTH_MAX: usize = 2_000;

/// An address that may be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReceiverUrl {
    /// Whether TLS is spoken.
    pub(crate) tls: bool,
    /// Name or IP address, without the brackets of IPv6.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// As the `Host` header has it.
    pub(crate) authority: String,
    pub(crate) path_and_query: String,
}

impl ReceiverUrl {
    /// Reads an address. `https` everywhere; in a sandbox also `http` to the machine itself, because a developer's
    /// receiver has no certificate. In a live world no address that is not public.
    ///
    /// # Errors
    /// `InvalidField`, naming the rule.
    pub(crate) fn parse(text: &str, sandbox: bool) -> Result<Self, Problem> {
        let shown: String = text.chars().take(100).collect();
        let wrong = |rule: &str| Problem::invalid(FIELD, format!("`{shown}` cannot be called: {rule}"));
        if text.len() > LENGTH_MAX {
            return Err(wrong("an address has at most 2000 characters"));
        }
        let uri: Uri =
            text.parse().map_err(|_| wrong("write an absolute address, like https://hooks.contoso.com/in"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(wrong("write an absolute address, like https://hooks.contoso.com/in"));
        };
        if authority.as_str().contains('@') {
            return Err(wrong("an address holds no user name or password; put a secret into its path or query"));
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let address: Option<IpAddr> = host.parse().ok();
        let own_machine = address.map_or(host == "localhost", |address| address.is_loopback());
        let tls = match scheme {
            "https" => true,
            "http" if sandbox && own_machine => false,
            "http" if sandbox => return Err(wrong("http is for receivers on this machine only; use https")),
            _ => return Err(wrong("use https")),
        };
        let inner = host == "localhost" || host.ends_with(".localhost") || address.is_some_and(|a| !is_public(a));
        if !sandbox && inner {
            return Err(wrong("it is not public; a live world calls public addresses only"));
        }
        // The library passes over a port that is too large.
        let port = match authority.as_str().strip_prefix(authority.host()).and_then(|rest| rest.strip_prefix(':')) {
            None => {
                if tls {
                    443
                } else {
                    80
                }
            }
            Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or_else(|| wrong("its port is none"))?,
        };
        let path_and_query = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { tls, host, port, authority: authority.as_str().to_owned(), path_and_query })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said of an address in a sandbox and in a live world; nothing if it is taken.
    #[test]
    fn addresses_are_judged_by_how_they_are_written() {
        const INNER: &str = "it is not public";
        for (text, sandbox, live) in [
            ("https://hooks.contoso.example/in?key=1", "", ""),
            ("https://hooks.contoso.example:8443", "", ""),
            ("HTTPS://203.0.114.7/in", "", ""),
            ("http://hooks.contoso.example/in", "http is for receivers on this machine", "use https"),
            ("http://localhost:8080/in", "", "use https"),
            ("http://127.0.0.1:8080/in", "", "use https"),
            ("http://[::1]:8080/in", "", "use https"),
            ("http://10.0.0.7/in", "http is for receivers on this machine", "use https"),
            ("https://localhost/in", "", INNER),
            ("https://a.localhost/in", "", INNER),
            ("https://10.0.0.7/in", "", INNER),
            ("https://[fd00::1]/in", "", INNER),
            ("https://[::ffff:127.0.0.1]/in", "", INNER),
            ("ftp://hooks.contoso.example/in", "use https", "use https"),
            ("https://user:word@hooks.contoso.example/", "no user name", "no user name"),
            ("hooks.contoso.example", "absolute", "absolute"),
            ("/in", "absolute", "absolute"),
            ("", "absolute", "absolute"),
            ("https://", "absolute", "absolute"),
            ("https://hooks.contoso.example:0/", "port", "port"),
            ("https://hooks.contoso.example:99999/", "port", "port"),
        ] {
            for (is_sandbox, expected) in [(true, sandbox), (false, live)] {
                match ReceiverUrl::parse(text, is_sandbox) {
                    Ok(_) => assert!(expected.is_empty(), "{text} in {is_sandbox}"),
                    Err(refused) => {
                        assert!(!expected.is_empty() && refused.message().contains(expected), "{text}: {refused:?}");
                        assert_eq!(refused.field(), Some(FIELD));
                    }
                }
            }
        }
        assert!(ReceiverUrl::parse(&format!("https://a.example/{}", "x".repeat(2000)), true).is_err());
    }

    #[test]
    fn an_address_is_taken_apart_for_the_call() {
        let url = ReceiverUrl::parse("https://[2001:db9::7]:8443/in?key=1", true).unwrap();
        assert_eq!((url.host.as_str(), url.port, url.tls), ("2001:db9::7", 8443, true));
        assert_eq!((url.authority.as_str(), url.path_and_query.as_str()), ("[2001:db9::7]:8443", "/in?key=1"));
        let bare = ReceiverUrl::parse("https://hooks.contoso.example", true).unwrap();
        assert_eq!((bare.port, bare.path_and_query.as_str()), (443, "/"));
    }
}
