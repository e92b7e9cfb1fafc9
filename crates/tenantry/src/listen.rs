//! Where the server listens and what clients call it, as said on the command line.

use clap::Args;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The port when nobody says otherwise.
pub(crate) const PORT: u16 = 8443;
/// The name when nobody says otherwise. Every certificate we make is good for it.
pub(crate) const HOST: &str = "localhost";

/// Where the server listens.
#[derive(Debug, Clone, Args)]
pub(crate) struct Listen {
    /// The address to listen on: IP and port, or only a port. Port 0 takes a free one.
    #[arg(
        long,
        alias = "port",
        value_name = "ADDR",
        default_value = "127.0.0.1:8443",
        value_parser = address,
        verbatim_doc_comment
    )]
    pub(crate) listen: SocketAddr,

    /// The name that clients reach the server by; certificate and tokens are made for it.
    #[arg(long, value_name = "NAME", default_value = HOST, value_parser = host, verbatim_doc_comment)]
    pub(crate) host: String,

    /// Let applications sign people in with their bare password (the grant `password` of OAuth), for old
    /// clients that know no other way. It hands passwords to applications, so it is off unless asked for.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) password_grant: bool,

    /// Let sandboxes call webhook receivers on this machine and in its network also where --listen lets
    /// others in. Whoever may register a webhook then has the server send requests there.
    #[arg(long, verbatim_doc_comment)]
    pub(crate) webhooks_inside: bool,
}

impl Listen {
    /// Scheme, host and port, as clients write them.
    pub(crate) fn origin(&self, port: u16) -> String {
        format!("https://{}:{port}", self.host)
    }

    /// Whether webhooks of sandboxes, too, are sent to public addresses only: where others can reach the server.
    pub(crate) const fn public_webhooks_only(&self) -> bool {
        !self.listen.ip().is_loopback() && !self.webhooks_inside
    }

    /// What an operator should know who opens the server to others.
    pub(crate) fn warning(&self, origin: &str) -> Option<String> {
        if self.listen.ip().is_loopback() {
            return None;
        }
        let named = if self.host == HOST {
            "; name the server with --host if other machines are to call it, because certificate and tokens are made \
             for that name"
        } else {
            ""
        };
        let ip = self.listen.ip();
        Some(format!("warning: listening on {ip}: other machines can reach {origin}{named}"))
    }
}

/// `8443`, `127.0.0.1:8443`, `[::1]:8443`, `localhost:8443`.
fn address(text: &str) -> Result<SocketAddr, String> {
    let local = IpAddr::from(Ipv4Addr::LOCALHOST);
    let port = text.strip_prefix("localhost:").unwrap_or(text);
    port.parse().map(|port| SocketAddr::new(local, port)).or_else(|_| text.parse()).map_err(|_| {
        "write IP and port, like 127.0.0.1:8443 or [::1]:8443, or only a port; 0.0.0.0:8443 is every address of this \
         machine"
            .to_owned()
    })
}

/// What tenant domains end in: a host name without a dot at either end.
pub(crate) fn suffix(text: &str) -> Result<String, String> {
    let inner = text.trim_matches('.');
    if inner == text {
        host(text)
    } else {
        Err("write it without a dot at either end, like cloud.example.com".to_owned())
    }
}

/// Scheme, host and port as clients write them: `https://cloud.example.com`.
pub(crate) fn origin(text: &str) -> Result<String, String> {
    let whole = text.strip_suffix('/').unwrap_or(text);
    let (name, port) = match whole.strip_prefix("https://").unwrap_or_default().rsplit_once(':') {
        Some((name, port)) => (name, port),
        None => (whole.strip_prefix("https://").unwrap_or_default(), "443"),
    };
    let plain = host(name).is_ok() && port.parse::<u16>().is_ok_and(|port| port > 0);
    if plain {
        Ok(whole.to_ascii_lowercase())
    } else {
        Err("write scheme, host and perhaps a port, like https://cloud.example.com or https://localhost:8443"
            .to_owned())
    }
}

/// A host name or IP address, without scheme and port.
fn host(text: &str) -> Result<String, String> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    if plain { Ok(text.to_ascii_lowercase()) } else { Err("write a host name only, like cloud.example.com".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_the_way_people_write_them() {
        for (text, expected) in [
            ("0", Some("127.0.0.1:0")),
            ("8443", Some("127.0.0.1:8443")),
            ("localhost:8443", Some("127.0.0.1:8443")),
            ("0.0.0.0:443", Some("0.0.0.0:443")),
            ("[::1]:8443", Some("[::1]:8443")),
            ("65536", None),
            ("example.com:8443", None),
            ("https://localhost:8443", None),
        ] {
            assert_eq!(address(text).ok().map(|seen| seen.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn opening_the_server_to_others_is_said_aloud() {
        for (listen, host, told) in [
            ("8443", HOST, None),
            ("[::1]:8443", HOST, None),
            ("0.0.0.0:8443", HOST, Some("--host")),
            ("0.0.0.0:8443", "cloud.example", Some("other machines can reach https://cloud.example:8443")),
        ] {
            let listen = Listen {
                listen: address(listen).unwrap(),
                host: host.to_owned(),
                password_grant: false,
                webhooks_inside: false,
            };
            assert_eq!(listen.public_webhooks_only(), told.is_some(), "{listen:?}");
            assert!(!Listen { webhooks_inside: true, ..listen.clone() }.public_webhooks_only());
            let warning = listen.warning(&listen.origin(PORT));
            assert_eq!(warning.is_some(), told.is_some(), "{listen:?}");
            assert!(warning.unwrap_or_default().contains(told.unwrap_or_default()), "{listen:?}");
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        for (text, expected) in [
            ("https://Cloud.Example.com", Some("https://cloud.example.com")),
            ("https://cloud.example.com/", Some("https://cloud.example.com")),
            ("https://localhost:8443", Some("https://localhost:8443")),
            ("http://cloud.example.com", None),
            ("cloud.example.com", None),
            ("https://cloud.example.com/api", None),
            ("https://cloud.example.com:0", None),
            ("https://:8443", None),
        ] {
            assert_eq!(origin(text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn host_names_come_without_scheme_and_port() {
        assert_eq!(host("Cloud.Example.com").as_deref(), Ok("cloud.example.com"));
        assert!(["", "https://x", "x:1", "a b"].into_iter().all(|text| host(text).is_err()));
    }
}
