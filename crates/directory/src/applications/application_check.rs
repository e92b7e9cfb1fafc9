//! What an application may say of itself.
//!
//! Reply addresses are where codes and tokens are sent, so they are the place for a thief to stand: no wildcards, no
//! fragments, TLS everywhere but on the user's own machine. Identifier URIs name an API to everybody, so nobody takes
//! the name of one of the field's own.
//!
//! Source: RFC 9700 2.1 and 4.1 (redirect addresses), RFC 8252 7 (programs on desks and phones); the limits are those
//! of the field's own documentation.

use super::{AppRole, Application, RequiredAccess, Scope, api_permissions};
use std::collections::BTreeSet;
use tenantry_core::Problem;

const NAME_MAX: usize = 256;
const URL_MAX: usize = 2048;
const REPLY_URLS_MAX: usize = 256;
const IDENTIFIER_URIS_MAX: usize = 50;
const IDENTIFIER_URI_MAX: usize = 255;
const PERMISSIONS_MAX: usize = 1200;
const VALUE_MAX: usize = 120;
const TEXT_MAX: usize = 1000;

/// Schemes a browser would run or read instead of handing to a program.
const DANGEROUS_SCHEMES: [&str; 8] =
    ["javascript", "data", "vbscript", "file", "blob", "about", "view-source", "filesystem"];

/// Checks all of it; gives it back with the name trimmed.
///
/// # Errors
/// `MissingField` without a name, else `InvalidField` on the wire's name of the member.
pub(crate) fn checked(application: Application) -> Result<Application, Problem> {
    let name = name(&application.name)?;
    identifier_uris(&application.identifier_uris)?;
    reply_urls("replyUrls", &application.reply_urls, web_reply_url)?;
    reply_urls("publicClient.redirectUris", &application.public_reply_urls, public_reply_url)?;
    for (field, url) in [("homepage", &application.homepage), ("logoutUrl", &application.logout_url)] {
        if let Some(url) = url {
            page(url).map_err(|what| refused(field, url, &what))?;
        }
    }
    if let Some(claims) = &application.group_membership_claims {
        let known = ["None", "SecurityGroup", "DirectoryRole", "ApplicationGroup", "All"];
        if !claims.split(',').all(|claim| known.contains(&claim.trim())) {
            return Err(refused("groupMembershipClaims", claims, &format!("is none of {}", known.join(", "))));
        }
    }
    app_roles(&application.app_roles)?;
    scopes(&application.scopes)?;
    required_access(&application.required_access)?;
    at_most("knownClientApplications", application.known_clients.len(), REPLY_URLS_MAX)?;
    tags(&application.tags)?;
    Ok(Application { name, ..application })
}

/// A display name: something to read, on one line.
pub(crate) fn name(name: &str) -> Result<String, Problem> {
    let trimmed = name.trim();
    if trimmed.is_empty() {
        return Err(Problem::missing("displayName"));
    }
    text("displayName", trimmed, NAME_MAX)?;
    Ok(trimmed.to_owned())
}

/// Words of somebody's own: few, short.
pub(crate) fn tags(tags: &[String]) -> Result<(), Problem> {
    at_most("tags", tags.len(), REPLY_URLS_MAX)?;
    tags.iter().try_for_each(|tag| text("tags", tag, NAME_MAX))
}

fn text(field: &'static str, text: &str, max: usize) -> Result<(), Problem> {
    let length = text.chars().count();
    if length > max {
        return Err(Problem::invalid(field, format!("{length} characters are too many; use at most {max}")));
    }
    if text.chars().any(char::is_control) {
        return Err(Problem::invalid(field, "control characters are not allowed; write it on one line"));
    }
    Ok(())
}

fn at_most(field: &'static str, seen: usize, max: usize) -> Result<(), Problem> {
    if seen > max {
        return Err(Problem::invalid(field, format!("{seen} entries are too many; use at most {max}")));
    }
    Ok(())
}

fn refused(field: &'static str, value: &str, what: &str) -> Problem {
    let seen: String = value.chars().filter(|c| !c.is_control()).take(120).collect();
    Problem::invalid(field, format!("`{seen}` {what}"))
}

fn identifier_uris(uris: &[String]) -> Result<(), Problem> {
    const FIELD: &str = "identifierUris";
    at_most(FIELD, uris.len(), IDENTIFIER_URIS_MAX)?;
    let mut seen = BTreeSet::new();
    for uri in uris {
        let wrong = |what: &str| Err(refused(FIELD, uri, what));
        let Some((scheme, rest)) = uri.split_once(':').filter(|(scheme, _)| is_scheme(scheme)) else {
            return wrong("is no URI; write it like api://contoso/panel");
        };
        if uri.len() > IDENTIFIER_URI_MAX || rest.trim_matches('/').is_empty() {
            return wrong(&format!("is empty or longer than {IDENTIFIER_URI_MAX} characters"));
        }
        if !plain(uri) || uri.contains(['?', '#', '*']) || is_dangerous(scheme) {
            return wrong("has characters that an identifier must not have; write it like api://contoso/panel");
        }
        if api_permissions::is_name_of_one(uri) {
            return wrong("is the name of an API of the platform; choose a name of your own");
        }
        if !seen.insert(uri.to_ascii_lowercase()) {
            return wrong("is there twice");
        }
    }
    Ok(())
}

fn reply_urls(field: &'static str, urls: &[String], check: impl Fn(&str) -> Result<(), String>) -> Result<(), Problem> {
    at_most(field, urls.len(), REPLY_URLS_MAX)?;
    urls.iter().try_for_each(|url| check(url).map_err(|what| refused(field, url, &what)))
}

/// A page of the web: TLS, or the user's own machine.
fn page(url: &str) -> Result<(), String> {
    if url.len() > URL_MAX {
        return Err(format!("is longer than {URL_MAX} characters"));
    }
    if !plain(url) {
        return Err("has blanks or characters outside ASCII; encode them".to_owned());
    }
    let (scheme, rest) = url.split_once("://").ok_or("is no address; write it like https://panel.contoso.com/")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.contains('@') || authority.starts_with(':') {
        return Err("names no host, or a user too; write it like https://panel.contoso.com/".to_owned());
    }
    let at_home = scheme.eq_ignore_ascii_case("http") && is_this_machine(authority);
    if !(at_home || scheme.eq_ignore_ascii_case("https")) {
        return Err("must begin with https:// (http:// is for localhost only)".to_owned());
    }
    Ok(())
}

fn web_reply_url(url: &str) -> Result<(), String> {
    page(url)?;
    no_tricks(url)
}

/// Programs may also be called back by a scheme of their own (RFC 8252 7.1).
fn public_reply_url(url: &str) -> Result<(), String> {
    let scheme = url.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| is_scheme(scheme));
    let scheme = scheme.ok_or("is no address; write it like http://localhost or myprogram://auth")?;
    if ["http", "https"].iter().any(|web| web.eq_ignore_ascii_case(scheme)) {
        return web_reply_url(url);
    }
    if is_dangerous(scheme) {
        return Err("has a scheme that browsers open themselves; use one of your program's own".to_owned());
    }
    if url.len() > URL_MAX || !plain(url) || url.len() == scheme.len() + 1 {
        return Err(format!("must be printable, not empty, and at most {URL_MAX} characters long"));
    }
    no_tricks(url)
}

fn no_tricks(url: &str) -> Result<(), String> {
    if url.contains('#') {
        return Err("has a fragment (#), which sign-in needs for itself".to_owned());
    }
    if url.contains('*') || url.contains('\\') {
        return Err("has a wildcard or backslash; write each address out".to_owned());
    }
    Ok(())
}

fn plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>' | b'`'))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn is_dangerous(scheme: &str) -> bool {
    DANGEROUS_SCHEMES.iter().any(|dangerous| dangerous.eq_ignore_ascii_case(scheme))
}

/// Whether the host, with or without a port, is the user's own machine.
fn is_this_machine(authority: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| {
        let after = authority.get(..host.len()).filter(|start| start.eq_ignore_ascii_case(host));
        after.is_some() && matches!(authority.as_bytes().get(host.len()), None | Some(b':'))
    })
}

fn app_roles(roles: &[AppRole]) -> Result<(), Problem> {
    const FIELD: &str = "appRoles";
    at_most(FIELD, roles.len(), PERMISSIONS_MAX)?;
    let (mut ids, mut values) = (BTreeSet::new(), BTreeSet::new());
    for role in roles {
        text(FIELD, &role.display_name, NAME_MAX)?;
        text(FIELD, &role.description, TEXT_MAX)?;
        if role.allowed_member_types.is_empty() {
            return Err(Problem::invalid(FIELD, format!("role {} is for nobody; say Application or User", role.id)));
        }
        if !ids.insert(role.id) {
            return Err(Problem::invalid(FIELD, format!("the id {} is there twice", role.id)));
        }
        if let Some(value) = &role.value {
            claim(FIELD, value)?;
            if !values.insert(value) {
                return Err(Problem::invalid(FIELD, format!("the value `{value}` is there twice")));
            }
        }
    }
    Ok(())
}

fn scopes(scopes: &[Scope]) -> Result<(), Problem> {
    const FIELD: &str = "oauth2Permissions";
    at_most(FIELD, scopes.len(), PERMISSIONS_MAX)?;
    let (mut ids, mut values) = (BTreeSet::new(), BTreeSet::new());
    for scope in scopes {
        claim(FIELD, &scope.value)?;
        if !ids.insert(scope.id) || !values.insert(&scope.value) {
            return Err(Problem::invalid(FIELD, format!("`{}` is there twice, by id or value", scope.value)));
        }
        let texts = [
            &scope.admin_consent_display_name,
            &scope.admin_consent_description,
            &scope.user_consent_display_name,
            &scope.user_consent_description,
        ];
        texts.into_iter().flatten().try_for_each(|shown| text(FIELD, shown, TEXT_MAX))?;
    }
    Ok(())
}

/// A value that stands in a list separated by blanks, in tokens and requests.
fn claim(field: &'static str, value: &str) -> Result<(), Problem> {
    let fits = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'\\' | b'/');
    if value.is_empty() || value.len() > VALUE_MAX || value.starts_with('.') || !value.bytes().all(fits) {
        let rule =
            format!("is no name of a permission; write it like Orders.Read, with at most {VALUE_MAX} characters");
        return Err(refused(field, value, &rule));
    }
    Ok(())
}

fn required_access(required: &[RequiredAccess]) -> Result<(), Problem> {
    const FIELD: &str = "requiredResourceAccess";
    let all = required.iter().map(|entry| entry.access.len()).sum();
    at_most(FIELD, all, PERMISSIONS_MAX)?;
    at_most(FIELD, required.len(), REPLY_URLS_MAX)?;
    let mut apis = BTreeSet::new();
    for entry in required {
        if !apis.insert(entry.api) {
            return Err(Problem::invalid(FIELD, format!("the API {} is there twice; list it once", entry.api)));
        }
        let mut asked = BTreeSet::new();
        if let Some((id, kind)) = entry.access.iter().find(|access| !asked.insert(**access)) {
            return Err(Problem::invalid(FIELD, format!("the {kind:?} {id} of {} is there twice", entry.api)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reply_addresses_leave_a_thief_no_place_to_stand() {
        for (url, web, public) in [
            ("https://panel.contoso.com/back", true, true),
            ("https://panel.contoso.com", true, true),
            ("https://panel.contoso.com:8443/back?a=b", true, true),
            ("http://localhost", true, true),
            ("http://localhost:8400/back", true, true),
            ("http://127.0.0.1:1/", true, true),
            ("http://[::1]:1/", true, true),
            ("http://panel.contoso.com/", false, false),
            ("http://localhost.contoso.com/", false, false),
            ("http://localhost@evil.test/", false, false),
            ("https://user@contoso.com/", false, false),
            ("https://*.contoso.com/", false, false),
            ("https://contoso.com/back#x", false, false),
            ("https://contoso.com\\@evil.test/", false, false),
            ("https://contoso.com/a b", false, false),
            ("https:///back", false, false),
            ("myprogram://auth", false, true),
            ("urn:ietf:wg:oauth:2.0:oob", false, true),
            ("msal1f0c2b9e://auth", false, true),
            ("javascript:alert(1)", false, false),
            ("JavaScript:alert(1)", false, false),
            ("data:text/html,x", false, false),
            ("file:///etc/passwd", false, false),
            ("myprogram:", false, false),
            ("panel", false, false),
            ("", false, false),
        ] {
            assert_eq!((web_reply_url(url).is_ok(), public_reply_url(url).is_ok()), (web, public), "{url}");
        }
    }

    #[test]
    fn identifiers_are_ones_own() {
        for (uri, fine) in [
            ("api://contoso/panel", true),
            ("https://contoso.com/panel", true),
            ("urn:contoso:panel", true),
            ("https://graph.windows.net", false),
            ("https://Graph.Microsoft.com/", false),
            ("https://management.azure.com", false),
            ("00000003-0000-0000-c000-000000000000", false),
            ("api://", false),
            ("panel", false),
            ("api://a b", false),
            ("api://a?b", false),
        ] {
            assert_eq!(identifier_uris(&[uri.to_owned()]).is_ok(), fine, "{uri}");
        }
        assert!(identifier_uris(&["api://a/B".to_owned(), "API://a/b".to_owned()]).is_err(), "twice");
    }

    #[test]
    fn values_of_permissions_stand_in_lists() {
        for (value, fine) in [
            ("Orders.Read", true),
            ("user_impersonation", true),
            ("Orders Read", false),
            ("", false),
            (".default", false),
            ("a/b", false),
            ("Ürlaub", false),
        ] {
            assert_eq!(claim("oauth2Permissions", value).is_ok(), fine, "{value}");
        }
    }
}
