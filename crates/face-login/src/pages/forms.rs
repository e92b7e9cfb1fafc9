//! Parts of forms: fields with their labels, hints and mistakes, hidden fields, buttons.
//!
//! A mistake is told twice: in the summary at the top, as a link to the field, and at the field itself, which names
//! it as its description. The first button of a form is what the return key presses.

use super::Journey;
use maud::{Markup, html};

/// Something the person has to put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// The id of the field.
    pub(crate) field: &'static str,
    /// What is wrong and what to do.
    pub(crate) says: String,
}

impl Mistake {
    pub(crate) fn new(field: &'static str, says: impl Into<String>) -> Self {
        Self { field, says: says.into() }
    }
}

/// One line to type into.
pub(crate) struct Field<'a> {
    /// Name and id.
    pub(crate) id: &'static str,
    pub(crate) label: &'a str,
    pub(crate) hint: Option<&'a str>,
    pub(crate) kind: Kind,
    pub(crate) value: &'a str,
    /// Whether the cursor is put here.
    pub(crate) focus: bool,
}

/// What is typed, so that browsers offer the right keyboard and the right help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    UserName,
    Password,
    NewPassword,
    OneTimeCode,
    DeviceCode,
}

impl Field<'_> {
    pub(crate) fn html(&self, mistakes: &[Mistake]) -> Markup {
        let mistake = mistakes.iter().find(|mistake| mistake.field == self.id);
        let (hint_id, mistake_id) = (format!("{}-hint", self.id), format!("{}-mistake", self.id));
        let described: Vec<&str> =
            [self.hint.map(|_| hint_id.as_str()), mistake.map(|_| mistake_id.as_str())].into_iter().flatten().collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        let secret = matches!(self.kind, Kind::Password | Kind::NewPassword);
        let (autocomplete, mode) = match self.kind {
            Kind::UserName => ("username", Some("email")),
            Kind::Password => ("current-password", None),
            Kind::NewPassword => ("new-password", None),
            Kind::OneTimeCode => ("one-time-code", Some("numeric")),
            Kind::DeviceCode => ("off", None),
        };
        let code = matches!(self.kind, Kind::OneTimeCode | Kind::DeviceCode);
        html! {
            div.field {
                label for=(self.id) { (self.label) }
                @if let Some(hint) = self.hint { p.hint id=(hint_id) { (hint) } }
                @if let Some(mistake) = mistake { p.mistake id=(mistake_id) { (mistake.says) } }
                input class=[code.then_some("code")] type=(if secret { "password" } else { "text" }) id=(self.id) name=(self.id)
                    value=(self.value) autocomplete=(autocomplete) inputmode=[mode] autocapitalize=(capitals(self.kind))
                    spellcheck="false" required autofocus[self.focus] aria-invalid=[mistake.map(|_| "true")]
                    aria-describedby=[described];
            }
        }
    }
}

const fn capitals(kind: Kind) -> &'static str {
    match kind {
        Kind::DeviceCode => "characters",
        _ => "none",
    }
}

/// All mistakes, each a link to its field.
pub(super) fn summary(mistakes: &[Mistake]) -> Markup {
    html! {
        div.errors role="alert" aria-labelledby="errors-heading" {
            h2 id="errors-heading" { "That did not work" }
            ul { @for mistake in mistakes { li { a href={ "#" (mistake.field) } { (mistake.says) } } } }
        }
    }
}

/// A form of a sign-in, with everything that travels along.
pub(super) fn form(journey: &Journey, inside: Markup) -> Markup {
    html! {
        form method="post" action=(journey.action) {
            @for (name, value) in &journey.hidden { input type="hidden" name=(name) value=(value); }
            (inside)
        }
    }
}

/// Buttons, the main one first. Each sends its name as `step`.
pub(super) fn buttons(main: (&str, &str), others: &[(&str, &str)]) -> Markup {
    html! {
        div.buttons {
            button name="step" value=(main.0) { (main.1) }
            @for (step, label) in others {
                // A way out for few: it should not look like a choice that everybody has to make.
                button class=(if *step == "other-account" { "quiet" } else { "second" }) name="step" value=(step)
                    formnovalidate { (label) }
            }
        }
    }
}

/// The name a password belongs to, for password managers: they look for it in the form.
pub(super) fn remembered_name(name: &str) -> Markup {
    html! { input type="text" name="username" value=(name) autocomplete="username" readonly hidden; }
}
