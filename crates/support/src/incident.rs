//! An incident: something of the services that does not run as it should. The provider keeps it; partners read it and
//! need not ask (partner-center-v1.md 2.19, 3.21).

use tenantry_core::{Problem, Reason, Timestamp};

/// Longest message, in characters.
pub(crate) const WORDS_MAX: usize = 8_000;
/// Longest name of a workload or an area, in characters.
pub(crate) const NAME_MAX: usize = 100;
/// Most workloads an incident affects.
pub(crate) const AFFECTED_MAX: usize = 20;

/// How bad it is, in the words of the field. `normal` is none of them: that is what a resolved incident is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IncidentLevel {
    /// Good to know.
    Information,
    /// Something is slow, or fails at times.
    Warning,
    /// Something does not run.
    Critical,
}

impl IncidentLevel {
    /// All of them, the mildest first.
    pub const ALL: [Self; 3] = [Self::Information, Self::Warning, Self::Critical];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// The level of a name; others are refused with those there are.
    ///
    /// # Errors
    /// `InvalidField` on `field`.
    pub fn parse(field: &str, name: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|level| level.name() == name).ok_or_else(|| {
            let seen: String = name.chars().take(60).collect();
            Problem::invalid(field, format!("`{seen}` is not one of information, warning, critical"))
        })
    }
}

/// What was said about an incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncidentMessage {
    /// The words.
    pub words: String,
    /// When.
    pub published_at: Timestamp,
}

/// An incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Counts the world's incidents from 1.
    pub number: i64,
    /// The service it is about, as the provider calls it: `Usage intake`.
    pub workload: String,
    /// All services that suffer by it, the one above among them.
    pub affected: Vec<String>,
    /// Where, if not everywhere: a region, a country.
    pub area: Option<String>,
    /// How bad it is, or was.
    pub level: IncidentLevel,
    /// Since when.
    pub started_at: Timestamp,
    /// Until when; `None` while it lasts.
    pub resolved_at: Option<Timestamp>,
    /// What was said, the oldest first. Never empty.
    pub messages: Vec<IncidentMessage>,
}

impl Incident {
    /// The id it is named by: `TI000007`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("TI{:06}", self.number)
    }

    /// The number in an id, in any letter case; `None` if it is none.
    #[must_use]
    pub fn number_of(id: &str) -> Option<i64> {
        let digits = id.get(..2).filter(|start| start.eq_ignore_ascii_case("TI")).and_then(|_| id.get(2..))?;
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse().ok().filter(|_| plain)
    }

    /// Refuses what is over.
    pub(crate) fn still_open(&self) -> Result<(), Problem> {
        let Some(at) = self.resolved_at else { return Ok(()) };
        let message = format!("incident {} was resolved at {at}; open another one", self.id());
        Err(Problem::new(Reason::StatusChangeRefused, message))
    }
}

/// The refusal for an incident that is not there.
pub(crate) fn no_incident(id: &str) -> Problem {
    let seen: String = id.chars().filter(|c| !c.is_control()).take(60).collect();
    Problem::new(Reason::ObjectNotFound, format!("there is no incident {seen}; check its id in the list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        for (id, number) in [
            ("TI000007", Some(7)),
            ("ti000007", Some(7)),
            ("TI1234567", Some(1_234_567)),
            ("TI", None),
            ("7", None),
            ("TI-7", None),
            ("TI+7", None),
            ("ÄTI7", None),
        ] {
            assert_eq!(Incident::number_of(id), number, "{id}");
        }
    }
}
