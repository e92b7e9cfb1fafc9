//! Lines of a cart as clients write them (partner-center-v1.md 3.4). Whether a line can be ordered is not asked here; only
//! what nobody could keep is refused.

use crate::wire::input::Fields;
use crate::wire::words::Words;
use tenantry_commerce::{CartLine, WantedCycle};
use tenantry_core::{OfferId, Problem};

/// In the order of the ordinals (partner-center-v1.md 3.3). `unknown` is a choice that was not made.
const CYCLES: Words<Option<WantedCycle>> = Words(&[
    ("unknown", None),
    ("monthly", Some(WantedCycle::Monthly)),
    ("annual", Some(WantedCycle::Annual)),
    ("none", Some(WantedCycle::None)),
    ("one_time", Some(WantedCycle::OneTime)),
    ("triennial", Some(WantedCycle::Triennial)),
    ("biennial", Some(WantedCycle::Biennial)),
]);

/// The word of a cycle.
pub(crate) fn cycle_word(cycle: WantedCycle) -> &'static str {
    CYCLES.0.iter().find(|(_, known)| *known == Some(cycle)).map_or("unknown", |(word, _)| *word)
}

/// The lines of a cart.
pub(crate) fn read_lines(fields: &Fields<'_>) -> Result<Vec<CartLine>, Problem> {
    fields.list("lineItems")?.iter().map(base).collect()
}

/// A line with its add-ons.
fn base(fields: &Fields<'_>) -> Result<CartLine, Problem> {
    let add_ons = fields.list(ADD_ONS)?.iter().map(add_on).collect::<Result<_, _>>()?;
    Ok(CartLine { add_ons, ..line(fields)? })
}

const ADD_ONS: &str = "addonItems";

fn add_on(fields: &Fields<'_>) -> Result<CartLine, Problem> {
    if !fields.list(ADD_ONS)?.is_empty() {
        return Err(Problem::invalid(fields.path(ADD_ONS), "an add-on has no add-ons; put them beside it"));
    }
    line(fields)
}

fn line(fields: &Fields<'_>) -> Result<CartLine, Problem> {
    let item = said(fields, "catalogItemId")?.ok_or_else(|| Problem::missing(fields.path("catalogItemId")))?;
    let renews_to = fields.object("renewsTo")?;
    let participants = fields.list("participants")?;
    let participant = |of: &Fields<'_>| Ok((of.text_or_empty("key")?, of.text_or_empty("value")?));
    Ok(CartLine {
        id: fields.whole("id")?.unwrap_or_default(),
        item: OfferId::new(&item),
        friendly_name: said(fields, "friendlyName")?,
        quantity: fields.whole_required("quantity")?,
        billing_cycle: fields.word("billingCycle", &CYCLES)?.flatten(),
        term: said(fields, "termDuration")?,
        renews_to: renews_to.map(|of| said(&of, "termDuration")).transpose()?.flatten(),
        promotion: said(fields, "promotionId")?,
        term_ends: said(fields, "customTermEndDate")?,
        participants: participants.iter().map(participant).collect::<Result<_, Problem>>()?,
        context: fields.text_map("provisioningContext")?,
        add_ons: Vec::new(),
    })
}

/// A text without the blanks around it; empty is absent.
fn said(fields: &Fields<'_>, name: &str) -> Result<Option<String>, Problem> {
    let text = fields.text(name)?;
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}
