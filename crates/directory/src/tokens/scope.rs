//! The `scope` of version 2 requests, the `resource` of version 1, and what they ask for.
//!
//! Source: directory.md 1.5 (what libraries append), 1.7 (scope to resource, the double slash).

use super::request::{Endpoint, given};
use super::resource::MICROSOFT_GRAPH;
use super::{OauthRefusal, request};
use serde::{Deserialize, Serialize};

/// Scopes that are no API's. Libraries append them to whatever was asked, in any order.
const OPENID: [&str; 4] = ["openid", "profile", "email", OFFLINE];
/// Asks for a refresh token.
const OFFLINE: &str = "offline_access";
const DEFAULT: &str = ".default";

/// The resource an application asks for, spelled as requested: the text before the last slash, so that
/// `https://graph.windows.net//.default` names a resource that ends in a slash.
pub(crate) fn resource_of(scope: &str) -> Result<String, OauthRefusal> {
    let mut asked = scope.split_whitespace().filter(|part| !OPENID.contains(part));
    let not_default = || OauthRefusal::ScopeNotDefault { scope: scope.to_owned() };
    let one = asked.next().ok_or_else(not_default)?;
    if asked.next().is_some() {
        // One token has one audience.
        return Err(OauthRefusal::ScopeInvalid { scope: scope.to_owned() });
    }
    match one.rsplit_once('/') {
        Some(("", DEFAULT)) => Err(OauthRefusal::ScopeInvalid { scope: scope.to_owned() }),
        Some((resource, DEFAULT)) => Ok(resource.to_owned()),
        // A scope without a host means Microsoft Graph.
        None if one == DEFAULT => Ok(MICROSOFT_GRAPH.to_owned()),
        _ => Err(not_default()),
    }
}

/// What an application asks for a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// The API, spelled as requested. `None` if nothing but OpenID scopes is asked for.
    pub(crate) resource: Option<String>,
    /// The scopes of that API; none means all that are consented to.
    pub(crate) rights: Vec<String>,
    /// Whether the scopes came without their resource, and are told so.
    pub(crate) bare: bool,
    /// Those of [`OPENID`], in their order.
    pub(crate) openid: Vec<String>,
    /// Whether it was asked at version 1, which knows no scopes: everything that is consented to is given.
    #[serde(default)]
    pub(crate) classic: bool,
}

impl Asked {
    /// Reads a request. Version 1 names a resource and gets everything that is consented to there.
    pub(crate) fn read(endpoint: Endpoint, resource: Option<&str>, scope: Option<&str>) -> Result<Self, OauthRefusal> {
        let words = || given(scope).unwrap_or_default().split_whitespace();
        let openid = OPENID.into_iter().filter(|known| words().any(|word| word == *known)).map(str::to_owned).collect();
        match endpoint {
            Endpoint::V1 => {
                let resource = given(resource).map(str::to_owned);
                Ok(Self { resource, rights: Vec::new(), bare: true, openid, classic: true })
            }
            Endpoint::V2 => {
                let scope = request::needed(scope, "scope")?;
                Self::rights(scope, openid)
            }
        }
    }

    fn rights(scope: &str, openid: Vec<String>) -> Result<Self, OauthRefusal> {
        let invalid = || OauthRefusal::ScopeInvalid { scope: scope.to_owned() };
        let mut asked = Self { resource: None, rights: Vec::new(), bare: false, openid, classic: false };
        let mut all = false;
        for word in scope.split_whitespace().filter(|word| !OPENID.contains(word)) {
            let (resource, right) = word.rsplit_once('/').unwrap_or((MICROSOFT_GRAPH, word));
            if resource.is_empty() || right.is_empty() {
                return Err(invalid());
            }
            match &asked.resource {
                Some(known) if known != resource => return Err(invalid()),
                Some(_) => {}
                None => {
                    asked.bare = !word.contains('/');
                    asked.resource = Some(resource.to_owned());
                }
            }
            if right == DEFAULT {
                all = true;
            } else if !asked.rights.iter().any(|known| known == right) {
                asked.rights.push(right.to_owned());
            }
        }
        if all {
            asked.rights.clear();
        }
        if asked.resource.is_none() && asked.openid.is_empty() {
            return Err(invalid());
        }
        Ok(asked)
    }

    /// Whether an OpenID scope was asked for.
    pub(crate) fn wants(&self, openid: &str) -> bool {
        self.openid.iter().any(|known| known == openid)
    }

    /// Whether everything that is consented to is asked for.
    pub(crate) fn wants_all(&self) -> bool {
        self.resource.is_some() && self.rights.is_empty()
    }

    /// Whether a refresh token is wanted. Version 1 always gives one.
    pub(crate) fn wants_refresh(&self) -> bool {
        self.classic || self.wants(OFFLINE)
    }

    /// Of a later request with the same grant: its own words, or these if it has none.
    ///
    /// One word is never the later request's to add or to drop: `offline_access`. It is about the sign-in, not about an
    /// API: the person saw it on the page that asked ("maintain access to data you have given it access to"), and a
    /// client that names another API afterwards, where nobody can be asked, must not get what nobody saw.
    pub(crate) fn or_later(
        &self,
        endpoint: Endpoint,
        resource: Option<&str>,
        scope: Option<&str>,
    ) -> Result<Self, OauthRefusal> {
        let silent = match endpoint {
            Endpoint::V1 => given(resource).is_none(),
            Endpoint::V2 => given(scope).is_none(),
        };
        if silent {
            return Ok(Self { classic: endpoint == Endpoint::V1, ..self.clone() });
        }
        let mut later = Self::read(endpoint, resource, scope)?;
        let offline = |word: &String| word == OFFLINE;
        later.openid.retain(|word| !offline(word));
        if self.wants_refresh() {
            later.openid.push(OFFLINE.to_owned());
        }
        for word in &self.openid {
            // What the person signed in for once is not lost because the client names a resource alone.
            if endpoint == Endpoint::V1 && !offline(word) && !later.wants(word) {
                later.openid.push(word.clone());
            }
        }
        Ok(later)
    }

    /// The `scope` of an answer: what was granted in the words it was asked in, so that clients find it again in
    /// their caches. A `/.default` that was asked for stands beside what it came to.
    pub(crate) fn answer(&self, granted: &[String]) -> String {
        if self.classic {
            return granted.join(" ");
        }
        let prefix = match &self.resource {
            Some(resource) if !self.bare => format!("{resource}/"),
            _ => String::new(),
        };
        let default = self.wants_all().then(|| format!("{prefix}{DEFAULT}"));
        let rights = granted.iter().map(|right| format!("{prefix}{right}"));
        // `offline_access` is no right in a token; its answer is the refresh token.
        let openid = self.openid.iter().filter(|word| *word != OFFLINE).cloned();
        openid.chain(rights).chain(default).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_names_its_resource() {
        for (scope, expected) in [
            ("https://graph.windows.net/.default", Ok("https://graph.windows.net")),
            ("https://graph.windows.net//.default", Ok("https://graph.windows.net/")),
            ("openid https://graph.windows.net/.default offline_access profile", Ok("https://graph.windows.net")),
            ("00000003-0000-0000-c000-000000000000/.default", Ok("00000003-0000-0000-c000-000000000000")),
            (".default", Ok("https://graph.microsoft.com")),
            ("User.Read", Err(1_002_012)),
            ("https://api.partnercenter.microsoft.com/user_impersonation", Err(1_002_012)),
            ("https://graph.windows.net/.Default", Err(1_002_012)),
            ("openid", Err(1_002_012)),
            (" ", Err(1_002_012)),
            ("https://a.test/.default https://b.test/.default", Err(70_011)),
            ("/.default", Err(70_011)),
        ] {
            let seen = resource_of(scope);
            assert_eq!(seen.as_deref().map_err(OauthRefusal::code), expected, "{scope}");
        }
    }

    #[test]
    fn users_scopes_are_of_one_resource_and_answered_in_the_words_they_came_in() {
        let granted = ["Directory.Read.All".to_owned(), "User.Read".to_owned()];
        for (scope, resource, rights, answer) in [
            ("User.Read", Some(MICROSOFT_GRAPH), &["User.Read"][..], "Directory.Read.All User.Read"),
            (
                "offline_access https://graph.microsoft.com/User.Read openid profile",
                Some(MICROSOFT_GRAPH),
                &["User.Read"],
                "openid profile https://graph.microsoft.com/Directory.Read.All https://graph.microsoft.com/User.Read",
            ),
            (
                "https://management.azure.com//.default",
                Some("https://management.azure.com/"),
                &[],
                "https://management.azure.com//Directory.Read.All https://management.azure.com//User.Read \
                 https://management.azure.com//.default",
            ),
            ("openid profile offline_access", None, &[], "openid profile Directory.Read.All User.Read"),
            ("api://contoso/panel/read", Some("api://contoso/panel"), &["read"], ""),
        ] {
            let asked = Asked::read(Endpoint::V2, None, Some(scope)).unwrap();
            assert_eq!(
                (asked.resource.as_deref(), &asked.rights[..]),
                (resource, &rights.iter().map(ToString::to_string).collect::<Vec<_>>()[..]),
                "{scope}"
            );
            if !answer.is_empty() {
                assert_eq!(asked.answer(&granted), answer, "{scope}");
            }
        }
        for (scope, code) in [
            (None, 900_144),
            (Some(""), 900_144),
            (Some("  "), 70_011),
            (Some("https://a.test/x https://b.test/y"), 70_011),
            (Some("User.Read https://graph.windows.net/User.Read"), 70_011),
            (Some("/User.Read"), 70_011),
            (Some("https://a.test/"), 70_011),
        ] {
            let seen = Asked::read(Endpoint::V2, None, scope).map_err(|refusal| refusal.code());
            assert_eq!(seen, Err(code), "{scope:?}");
        }
        let v1 = Asked::read(Endpoint::V1, Some("https://graph.windows.net/"), Some("openid")).unwrap();
        assert_eq!((v1.resource.as_deref(), v1.wants("openid")), (Some("https://graph.windows.net/"), true));
    }
}
