//! The `scope` of version 2 requests, and the resource it names.
//!
//! Source: directory.md 1.5 (what libraries append), 1.7 (scope to resource, the double slash).

use crate::OauthRefusal;
use crate::resource::MICROSOFT_GRAPH;

/// Libraries append these to whatever was asked, in any order.
const APPENDED: [&str; 4] = ["openid", "profile", "offline_access", "email"];
const DEFAULT: &str = ".default";

/// The resource an application asks for, spelled as requested: the text before the last slash, so that
/// `https://graph.windows.net//.default` names a resource that ends in a slash.
pub(crate) fn resource_of(scope: &str) -> Result<String, OauthRefusal> {
    let mut asked = scope.split_whitespace().filter(|part| !APPENDED.contains(part));
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
}
