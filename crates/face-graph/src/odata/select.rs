//! `$select`: which properties are shown.

use crate::odata::Entity;
use tenantry_core::Problem;

/// The name of the option, for refusals.
const OPTION: &str = "$select";

/// The properties asked for. Names nobody has are passed over, because clients ask for more than this directory knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Select(Vec<String>);

impl Select {
    /// Reads `displayName,mail`. `*` stands for everything, which is no selection.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, Problem> {
        let names: Vec<&str> = text.split(',').map(str::trim).collect();
        if names.contains(&"*") {
            return Ok(None);
        }
        let wrong = names.iter().find(|name| {
            name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '@' | '/'))
        });
        if let Some(wrong) = wrong {
            let shown: String = wrong.chars().take(60).collect();
            return Err(Problem::invalid(OPTION, format!("`{shown}` is no property; write names with commas between")));
        }
        Ok(Some(Self(names.into_iter().map(str::to_owned).collect())))
    }

    /// These properties; no selection if there are none.
    pub(crate) fn of_names(names: &[&'static str]) -> Option<Self> {
        (!names.is_empty()).then(|| Self(names.iter().map(|name| (*name).to_owned()).collect()))
    }

    /// The thing with only these properties.
    pub(crate) fn of(&self, entity: Entity) -> Entity {
        entity.keep(|name| self.0.iter().any(|asked| asked.eq_ignore_ascii_case(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_or_refused() {
        for (text, expected) in
            [("displayName, Mail", Some("{\"mail\":1}")), ("*", None), ("mail,*", None), ("shoeSize", Some("{}"))]
        {
            let entity = Entity::new().with("mail", 1).with("id", 2);
            let seen = Select::parse(text).unwrap().map(|select| serde_json::to_string(&select.of(entity)).unwrap());
            assert_eq!(seen.as_deref(), expected, "{text}");
        }
        for text in ["", "a,,b", "a b", "a;b", "a,"] {
            assert_eq!(Select::parse(text).unwrap_err().field(), Some("$select"), "{text}");
        }
    }
}
