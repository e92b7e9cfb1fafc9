//! Where a role is assigned and where an act happens: a place in the tree of Azure resources.
//!
//! ```text
//! /                                                          everything of the tenant
//! /subscriptions/{id}                                        a subscription
//! /subscriptions/{id}/resourceGroups/{name}                  a resource group
//! ../resourceGroups/{name}/providers/{ns}/{type}/{name}      a resource; more type/name pairs are its children
//! ```
//!
//! A scope lies within another if the other's text is a beginning of its own that ends at such a step. So a scope
//! keeps the ends of its ancestors, and asking whether something is inherited is comparing texts. Letter case never
//! counts (arm.md 2.7); the text is kept as it was written.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use tenantry_core::{Problem, SubscriptionId};

/// The longest scope accepted, in bytes. Real ones stay below 2,048, the limit of the field.
const LONGEST: usize = 2_048;

/// The most steps from the root to a scope, both counted. Real resources have at most eight.
pub(super) const DEEPEST: usize = 16;

/// What a scope names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeKind {
    /// Everything of the tenant.
    Root,
    /// A management group.
    ManagementGroup,
    /// A subscription.
    Subscription,
    /// A resource group.
    ResourceGroup,
    /// A resource, or a child of one.
    Resource,
}

/// A place in the tree of Azure resources. Cheap to clone; compared without regard to letter case.
#[derive(Clone)]
pub struct ArmScope(Arc<Parts>);

struct Parts {
    /// As written, without a slash at the end (but `/` for the root).
    text: String,
    /// In lower case; empty for the root, so that every other scope begins with it and a slash.
    key: String,
    /// Where in `key` the ancestors end, the root (0) first, the scope itself last.
    ends: Vec<usize>,
    kind: ScopeKind,
    /// The action by which the thing itself is deleted, in lower case; empty for the root.
    delete: String,
}

impl ArmScope {
    /// Reads a scope, or the id of a resource.
    ///
    /// # Errors
    /// `InvalidField` on `scope`, naming the part that is wrong.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let wrong = |why: &str| {
            let seen: String = text.chars().take(120).collect();
            Problem::invalid(
                "scope",
                format!("`{seen}` {why}; a scope looks like /subscriptions/{{id}}/resourceGroups/{{name}}"),
            )
        };
        if text.len() > LONGEST {
            return Err(wrong("is longer than 2048 bytes"));
        }
        let Some(path) = text.strip_prefix('/') else { return Err(wrong("does not begin with a slash")) };
        let path = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
        let text = if path.is_empty() { String::from("/") } else { format!("/{path}") };
        let key = if path.is_empty() { String::new() } else { text.to_ascii_lowercase() };
        let mut walk = Walk { key: &key, at: 0, ends: vec![0], kind: ScopeKind::Root, delete: String::new() };
        walk.all().map_err(wrong)?;
        let Walk { ends, kind, delete, .. } = walk;
        Ok(Self(Arc::new(Parts { text, key, ends, kind, delete })))
    }

    /// Everything of the tenant.
    #[must_use]
    pub fn root() -> Self {
        let (text, key) = (String::from("/"), String::new());
        Self(Arc::new(Parts { text, key, ends: vec![0], kind: ScopeKind::Root, delete: String::new() }))
    }

    /// A subscription.
    #[must_use]
    pub fn subscription(id: SubscriptionId) -> Self {
        let text = format!("/subscriptions/{id}");
        let (ends, delete) = (vec![0, text.len()], DELETE_SUBSCRIPTION.to_owned());
        Self(Arc::new(Parts { key: text.clone(), text, ends, kind: ScopeKind::Subscription, delete }))
    }

    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// In lower case, `""` for the root: equal for equal scopes. What a database keeps and compares.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0.key
    }

    /// What it names.
    #[must_use]
    pub fn kind(&self) -> ScopeKind {
        self.0.kind
    }

    /// The subscription it is or lies in.
    #[must_use]
    pub fn subscription_id(&self) -> Option<SubscriptionId> {
        let id = self.0.key.strip_prefix("/subscriptions/")?.split('/').next()?;
        SubscriptionId::parse(id).ok()
    }

    /// The name, as written, of the resource group it is or lies in.
    #[must_use]
    pub fn resource_group(&self) -> Option<&str> {
        let mut segments = self.0.text.split('/').skip(3);
        segments.next().filter(|segment| segment.eq_ignore_ascii_case("resourceGroups"))?;
        segments.next()
    }

    /// The scope one step up; none above the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let above = self.0.ends.len().checked_sub(2)?;
        let end = *self.0.ends.get(above)?;
        // A beginning of a good scope that ends at a step is a good scope.
        Self::parse(self.0.text.get(..end).filter(|text| !text.is_empty()).unwrap_or("/")).ok()
    }

    /// The keys of the root, of every ancestor in between, and of the scope itself, in this order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.ends.iter().map(|end| self.0.key.get(..*end).unwrap_or_default())
    }

    /// Whether the other is this scope or lies in it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.ends.contains(&self.0.key.len()) && other.0.key.starts_with(&self.0.key)
    }

    /// Whether the action deletes the thing itself that the scope names, and with it all that lies in it.
    #[must_use]
    pub fn is_deleted_by(&self, action: &str) -> bool {
        !self.0.delete.is_empty() && self.0.delete.eq_ignore_ascii_case(action)
    }
}

const DELETE_SUBSCRIPTION: &str = "microsoft.resources/subscriptions/delete";
const DELETE_GROUP: &str = "microsoft.resources/subscriptions/resourcegroups/delete";

/// Reads a key step by step. It holds on to the lower-case text, so fixed words are compared as they stand.
struct Walk<'a> {
    key: &'a str,
    /// Where the segments not yet read begin, at a slash.
    at: usize,
    ends: Vec<usize>,
    kind: ScopeKind,
    delete: String,
}

impl<'a> Walk<'a> {
    fn all(&mut self) -> Result<(), &'static str> {
        if self.peek() == Some("subscriptions") {
            self.next()?;
            let id = self.next()?.ok_or("names no subscription")?;
            SubscriptionId::parse(id).map_err(|_| "names a subscription by something that is not a GUID")?;
            self.step(ScopeKind::Subscription, DELETE_SUBSCRIPTION.to_owned());
            if self.peek() == Some("resourcegroups") {
                self.next()?;
                self.next()?.ok_or("names no resource group")?;
                self.step(ScopeKind::ResourceGroup, DELETE_GROUP.to_owned());
            }
        }
        while let Some(word) = self.next()? {
            if word != "providers" {
                return Err("has something else where `providers` is expected");
            }
            self.provider()?;
        }
        Ok(())
    }

    /// A namespace and its pairs of type and name, until the next `providers` or the end.
    fn provider(&mut self) -> Result<(), &'static str> {
        let namespace = self.next()?.ok_or("names no provider after `providers`")?;
        let mut type_of = namespace.to_owned();
        let mut pairs = 0;
        while self.peek().is_some_and(|word| word != "providers") {
            let Some(word) = self.next()? else { break };
            self.next()?.ok_or("names a type of resources, not one of them")?;
            type_of.push('/');
            type_of.push_str(word);
            pairs += 1;
            let group = self.ends.len() == 1 && type_of == "microsoft.management/managementgroups";
            if self.ends.len() == DEEPEST {
                return Err("is nested deeper than 16 steps");
            }
            let kind = if group { ScopeKind::ManagementGroup } else { ScopeKind::Resource };
            self.step(kind, format!("{type_of}/delete"));
        }
        if pairs == 0 { Err("names a provider, but no resource of it") } else { Ok(()) }
    }

    fn peek(&self) -> Option<&'a str> {
        self.key.get(self.at..)?.strip_prefix('/')?.split('/').next()
    }

    fn next(&mut self) -> Result<Option<&'a str>, &'static str> {
        let Some(segment) = self.peek() else { return Ok(None) };
        if segment.is_empty() {
            return Err("has an empty part between two slashes");
        }
        if segment.chars().any(|c| c.is_control() || matches!(c, '<' | '>' | '%' | '&' | '?' | '\\' | '*')) {
            return Err("has a character that no name may have (one of < > % & ? \\ * or a control character)");
        }
        self.at += 1 + segment.len();
        Ok(Some(segment))
    }

    fn step(&mut self, kind: ScopeKind, delete: String) {
        self.ends.push(self.at);
        self.kind = kind;
        self.delete = delete;
    }
}

impl PartialEq for ArmScope {
    fn eq(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }
}

impl Eq for ArmScope {}

impl Hash for ArmScope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key.hash(state);
    }
}

impl PartialOrd for ArmScope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ArmScope {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.key.cmp(&other.0.key)
    }
}

impl fmt::Display for ArmScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

impl fmt::Debug for ArmScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUB: &str = "/subscriptions/0b1f6471-1bf0-4dda-aec3-111122223333";

    fn check(tail: &str, kind: ScopeKind, depth: usize) {
        let text = format!("{SUB}{tail}");
        let scope = ArmScope::parse(&text).unwrap();
        assert_eq!((scope.kind(), scope.keys().count(), scope.as_str()), (kind, depth, text.as_str()));
        assert_eq!(scope.keys().last(), Some(scope.key()));
    }

    #[test]
    fn a_scope_knows_what_it_is_and_how_deep_it_lies() {
        check("", ScopeKind::Subscription, 2);
        check("/resourceGroups/web", ScopeKind::ResourceGroup, 3);
        check("/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm1", ScopeKind::Resource, 4);
        check("/resourceGroups/web/providers/Microsoft.Sql/servers/s/databases/d", ScopeKind::Resource, 5);
        check("/providers/Microsoft.Security/pricings/default", ScopeKind::Resource, 3);
        check(
            "/resourceGroups/web/providers/A.B/c/d/providers/Microsoft.Authorization/locks/l",
            ScopeKind::Resource,
            5,
        );
        let root = ArmScope::parse("/").unwrap();
        assert_eq!((root.kind(), root.keys().count(), root.as_str(), root.key()), (ScopeKind::Root, 1, "/", ""));
        assert_eq!(root, ArmScope::root());
        let group = ArmScope::parse("/providers/Microsoft.Management/managementGroups/all").unwrap();
        assert_eq!(group.kind(), ScopeKind::ManagementGroup);
    }

    #[test]
    fn letter_case_and_a_slash_at_the_end_do_not_count() {
        let scope = ArmScope::parse(&format!("{SUB}/resourceGroups/Web/")).unwrap();
        assert_eq!(scope, ArmScope::parse(&format!("{SUB}/RESOURCEGROUPS/wEB").replace("aec3", "AEC3")).unwrap());
        assert_eq!(scope.as_str(), format!("{SUB}/resourceGroups/Web"));
        assert_eq!(scope.resource_group(), Some("Web"));
        assert_eq!(ArmScope::subscription(scope.subscription_id().unwrap()), scope.parent().unwrap());
    }

    #[test]
    fn a_scope_lies_in_its_ancestors_and_nowhere_else() {
        let scope = |tail: &str| ArmScope::parse(&format!("{SUB}{tail}")).unwrap();
        let vm = scope("/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm1");
        for ancestor in [ArmScope::root(), scope(""), scope("/resourceGroups/WEB"), vm.clone()] {
            assert!(ancestor.contains(&vm), "{ancestor}");
            assert!(ancestor == vm || !vm.contains(&ancestor), "{ancestor}");
        }
        let longer_name = scope("/resourceGroups/web2");
        assert!(!scope("/resourceGroups/web").contains(&longer_name), "a longer name is another group");
        assert!(!scope("/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm").contains(&vm));
        let parents: Vec<_> = std::iter::successors(Some(vm), ArmScope::parent).map(|it| it.kind()).collect();
        use ScopeKind::{Resource, ResourceGroup, Root, Subscription};
        assert_eq!(parents, [Resource, ResourceGroup, Subscription, Root]);
    }

    #[test]
    fn a_malformed_scope_is_refused_with_its_fault() {
        for (text, fault) in [
            ("", "does not begin with a slash"),
            ("subscriptions/x", "does not begin with a slash"),
            ("//", "empty part"),
            ("/subscriptions", "names no subscription"),
            ("/subscriptions/mine", "not a GUID"),
            ("/resourceGroups/web", "something else where `providers` is expected"),
            (&format!("{SUB}/resourceGroups"), "names no resource group"),
            (&format!("{SUB}//resourceGroups/web"), "empty part"),
            (&format!("{SUB}/resourceGroups/web/vm1"), "something else where `providers` is expected"),
            (&format!("{SUB}/resourceGroups/web/providers"), "names no provider"),
            (&format!("{SUB}/resourceGroups/web/providers/Microsoft.Compute"), "no resource of it"),
            (&format!("{SUB}/resourceGroups/web/providers/A.B/virtualMachines"), "not one of them"),
            (&format!("{SUB}/resourceGroups/*"), "no name may have"),
            (&format!("{SUB}/resourceGroups/{}", "x".repeat(2_048)), "longer than 2048"),
            (&format!("{SUB}/providers/A.B{}", "/c/d".repeat(15)), "deeper than 16 steps"),
        ] {
            let problem = ArmScope::parse(text).unwrap_err();
            assert!(problem.message().contains(fault), "{text}: {}", problem.message());
            assert_eq!(problem.field(), Some("scope"));
        }
    }

    #[test]
    fn what_deletes_the_thing_itself_is_known() {
        let vm = ArmScope::parse(&format!("{SUB}/resourceGroups/w/providers/Microsoft.Compute/virtualMachines/v"));
        assert!(vm.unwrap().is_deleted_by("Microsoft.Compute/virtualMachines/delete"));
        let group = ArmScope::parse(&format!("{SUB}/resourceGroups/w")).unwrap();
        assert!(group.is_deleted_by("Microsoft.Resources/subscriptions/resourceGroups/delete"));
        assert!(!group.is_deleted_by("Microsoft.Compute/virtualMachines/delete"));
    }
}
