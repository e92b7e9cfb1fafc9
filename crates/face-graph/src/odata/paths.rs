//! Paths with keys in parentheses: `users('x')` is `users/x`, `users()` is `users`, and
//! `directoryRoles(roleTemplateId='x')` is `directoryRoles/roleTemplateId=x`, whose handler takes the name apart again
//! ([`named`]).

use std::borrow::Cow;

/// The same path with segments for keys. What has no parentheses comes back as it is; quotes may be percent-encoded.
pub(crate) fn plain(path: &str) -> Cow<'_, str> {
    if !path.contains('(') {
        return Cow::Borrowed(path);
    }
    let segments: Vec<Cow<'_, str>> = path.split('/').map(segment).collect();
    segments.join("/").into()
}

/// `name(key)` as `name/key`. The key keeps its percent-encoding: the router decodes it later.
fn segment(segment: &str) -> Cow<'_, str> {
    let Some((name, key)) = segment.strip_suffix(')').and_then(|rest| rest.split_once('(')) else {
        return Cow::Borrowed(segment);
    };
    let key = key.replace("%27", "'");
    let (label, value) = match key.split_once('=') {
        Some((label, value)) if !label.contains('\'') => (Some(label), value),
        _ => (None, key.as_str()),
    };
    let inside = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let value = inside.unwrap_or(value).replace("''", "'");
    match (label, value.is_empty()) {
        (_, true) => Cow::Owned(name.to_owned()),
        (None, false) => Cow::Owned(format!("{name}/{value}")),
        (Some(label), false) => Cow::Owned(format!("{name}/{label}={value}")),
    }
}

/// The value of a key that was written with its name, such as `roleTemplateId=x`.
pub(crate) fn named<'a>(key: &'a str, name: &str) -> Option<&'a str> {
    let (label, value) = key.split_once('=')?;
    label.eq_ignore_ascii_case(name).then_some(value)
}

/// The first segment of a path and the rest, which begins with a slash or is empty. Slashes in front are passed over.
pub(crate) fn first(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    let end = path.find('/').unwrap_or(path.len());
    path.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_segments() {
        for (path, expected) in [
            ("/t/users", "/t/users"),
            ("/t/users()", "/t/users"),
            ("/t/users('a@b.test')/memberOf", "/t/users/a@b.test/memberOf"),
            ("/t/users('o''clock@b.test')", "/t/users/o'clock@b.test"),
            ("/t/users(%27o%27%27clock%40b.test%27)", "/t/users/o'clock%40b.test"),
            ("/t/domains('b.test')/verify()", "/t/domains/b.test/verify"),
            ("/v1.0/directoryRoles(roleTemplateId='62e9')/members", "/v1.0/directoryRoles/roleTemplateId=62e9/members"),
            ("/v1.0/x(tenantId='')", "/v1.0/x"),
            ("/t/users(7)", "/t/users/7"),
            ("/t/users('a=b')", "/t/users/a=b"),
            ("/t/a)b(c", "/t/a)b(c"),
            ("", ""),
        ] {
            assert_eq!(plain(path), expected, "{path}");
        }
        assert!(matches!(plain("/t/users/x"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_key_may_have_a_name() {
        for (key, value) in
            [("roleTemplateId=x", Some("x")), ("RoleTemplateID=x=y", Some("x=y")), ("x", None), ("other=x", None)]
        {
            assert_eq!(named(key, "roleTemplateId"), value, "{key}");
        }
    }

    #[test]
    fn the_first_segment_is_cut_off() {
        for (path, expected) in
            [("/a/b/c", ("a", "/b/c")), ("//a", ("a", "")), ("/", ("", "")), ("", ("", "")), ("a/", ("a", "/"))]
        {
            assert_eq!(first(path), expected, "{path}");
        }
    }
}
