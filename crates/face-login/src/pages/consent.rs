//! May this application? In plain words, with its publisher, and what saying yes means.
//!
//! The person decides for themselves; somebody who may decide for everybody gets a box to tick, or is asked only
//! that (`everybody`).

use super::forms::{buttons, form};
use super::layout::{Journey, Page};
use maud::{Markup, html};
use tenantry_http::Answer;

/// The field of a form that says what was shown.
pub(crate) const SHOWN: &str = "shown";

/// The question.
#[derive(Debug, Clone)]
pub(crate) struct Consent {
    pub(crate) app: String,
    /// The tenant the application comes from.
    pub(crate) publisher: String,
    /// Who is asked.
    pub(crate) user: String,
    /// The tenant whose things it is about.
    pub(crate) tenant: String,
    pub(crate) wishes: Vec<Wish>,
    /// Names exactly these wishes. Goes with the form, so that a yes is to what the page showed.
    pub(crate) digest: String,
    pub(crate) decides: Decides,
}

/// One thing the application wants to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    /// In plain words.
    pub(crate) says: String,
    /// Its exact name, for those who know it.
    pub(crate) name: String,
}

/// For whom the person may say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decides {
    /// For themselves.
    Themselves,
    /// For themselves, or by ticking the box for everybody.
    EitherWay,
    /// For everybody: the page was opened for that.
    Everybody,
    /// For nobody: an administrator has to be asked.
    Nothing,
}

/// The page that asks.
pub(crate) fn consent(journey: &Journey, asked: &Consent) -> Answer {
    let heading = match asked.decides {
        Decides::Everybody => format!("Allow {} for everybody?", asked.app),
        Decides::Nothing => format!("{} needs an administrator", asked.app),
        Decides::Themselves | Decides::EitherWay => format!("Allow {}?", asked.app),
    };
    let body = html! {
        p.lead { "Published by " strong { (asked.publisher) } }
        p { (lead_in(asked)) }
        ul.wishes {
            @for wish in &asked.wishes {
                li { (wish.says) span.hint { (wish.name) } }
            }
        }
        (form(journey, answers(asked)))
    };
    Page::of(journey, &heading, &[], body).answer()
}

fn lead_in(asked: &Consent) -> Markup {
    html! {
        @match asked.decides {
            Decides::Everybody => {
                "For everybody in " strong { (asked.tenant) } ", without asking them again, it would be able to:"
            }
            Decides::Nothing => {
                "In " strong { (asked.tenant) } " only an administrator may allow what it asks for:"
            }
            Decides::Themselves | Decides::EitherWay => {
                "With your account " strong { (asked.user) } " it would be able to:"
            }
        }
    }
}

fn answers(asked: &Consent) -> Markup {
    if asked.decides == Decides::Nothing {
        return html! {
            p { "Ask an administrator of " (asked.tenant) " to allow it, then try again." }
            (buttons(("cancel", "Back to the application"), &[("other-account", "Use another account")]))
        };
    }
    html! {
        @if asked.decides == Decides::EitherWay {
            div.check {
                input type="checkbox" id="everybody" name="everybody" value="yes" aria-describedby="everybody-hint";
                div {
                    label for="everybody" { "Allow it for everybody in " (asked.tenant) }
                    p.hint id="everybody-hint" { "Nobody else will be asked. You can take this back in the directory." }
                }
            }
        }
        @if asked.decides == Decides::Everybody { input type="hidden" name="everybody" value="yes"; }
        input type="hidden" name=(SHOWN) value=(asked.digest);
        p.quiet { "Allow only what you trust. Access can be taken back at any time." }
        (buttons(("accept", "Allow"), &[("cancel", "Do not allow")]))
    }
}
