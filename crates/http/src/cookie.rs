//! Cookies of this host alone: the only kind we set.
//!
//! The prefix `__Host-` makes browsers refuse the cookie unless it is `Secure`, has the path `/` and no domain, so no
//! neighbouring host can plant one. `HttpOnly` keeps it from scripts; `SameSite=Lax` keeps it out of requests that
//! other sites send, except when a person follows a link.

use crate::{Answer, Call};
use http::header::{COOKIE, SET_COOKIE};

/// What the name of every cookie begins with.
pub const HOST_PREFIX: &str = "__Host-";

const RULES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

impl Answer {
    /// Gives the browser a cookie, until it is closed. The prefix is put before the name; the value must be of
    /// letters, digits, `-`, `_` and `.`, and anything else in it is left out.
    #[must_use]
    pub fn set_cookie(self, name: &str, value: &str) -> Self {
        let value: String =
            value.chars().filter(|c| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(c)).collect();
        self.cookie_line(&format!("{HOST_PREFIX}{name}={value}; {RULES}"))
    }

    /// Takes a cookie back.
    #[must_use]
    pub fn drop_cookie(self, name: &str) -> Self {
        self.cookie_line(&format!("{HOST_PREFIX}{name}=; Max-Age=0; {RULES}"))
    }

    fn cookie_line(mut self, line: &str) -> Self {
        // Appended, not inserted: each cookie has a line of its own.
        self.headers.append(SET_COOKIE, crate::answer::header_value(line));
        self
    }
}

impl<W> Call<W> {
    /// The value of one of our cookies, by its name without the prefix.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(known, _)| known.strip_prefix(HOST_PREFIX) == Some(name)).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, send, site};
    use crate::{Face, Route, StatusCode};
    use tenantry_core::Problem;

    async fn read(call: Call<Bench>) -> Result<Answer, Problem> {
        Answer::ok(&call.cookie("session"))
    }

    #[tokio::test]
    async fn a_cookie_is_found_by_its_whole_name() {
        let face = Face::new("one").routes([Route::get("/", "cookie.get", "Says the cookie", read).open()]);
        let site = site([face]).await;
        for (headers, expected) in [
            (vec![("Cookie", "__Host-session=abc")], "\"abc\""),
            (vec![("Cookie", "a=b; __Host-session=x=y ;c=d")], "\"x=y\""),
            (vec![("Cookie", "a=b"), ("Cookie", "__Host-session=1")], "\"1\""),
            (vec![("Cookie", "session=abc; __Host-sessions=1; __host-session=2")], "null"),
            (vec![], "null"),
        ] {
            let answer = send(&site, "GET /", &headers, "").await;
            assert_eq!(std::str::from_utf8(&answer.body).unwrap(), expected, "{headers:?}");
        }
    }

    #[test]
    fn cookies_are_given_and_taken_for_this_host_alone() {
        let answer = Answer::empty(StatusCode::OK).set_cookie("a", "x-1_.;y\r\n").set_cookie("b", "2").drop_cookie("c");
        let lines: Vec<_> = answer.headers.get_all(SET_COOKIE).iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(
            lines,
            [
                "__Host-a=x-1_.y; Path=/; Secure; HttpOnly; SameSite=Lax",
                "__Host-b=2; Path=/; Secure; HttpOnly; SameSite=Lax",
                "__Host-c=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax",
            ]
        );
    }
}
