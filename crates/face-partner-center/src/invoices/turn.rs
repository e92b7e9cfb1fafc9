//! What a client asks of a list of lines, and the page of it. It goes whole into the continuation token, because
//! follow-ups send nothing else (partner-center-v1.md 1.6).
//!
//! The lines of an issued document never change, so a count of them is a place. Open lines are computed anew for every
//! page: usage that arrives in between puts lines before the place as well as after it. So their token names the last
//! line shown, and no line is shown twice or passed over.

use crate::invoices::bill::{Bill, Shown};
use crate::invoices::chosen::Chosen;
use crate::wire::paging::Cut;
use serde::{Deserialize, Serialize};
use tenantry_billing::InvoiceLine;
use tenantry_core::{Day, MeterId, Problem, ResourceUri, SubscriptionId};
use tenantry_http::Call;
use tenantry_usage::LineRow;

/// Items on a page, at most and by default (partner-center-v1.md 1.6).
pub(super) const SIZE_MAX: usize = 2000;

/// Which lines, and how far they were shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Turn {
    pub(super) chosen: Chosen,
    size: usize,
    from: From,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum From {
    /// After so many lines.
    Count(usize),
    /// After this line.
    Line(Place),
}

/// The place of a line in the order of open lines.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place {
    subscription: SubscriptionId,
    /// `2017-10`: texts of months come in the order of months.
    month: String,
    meter: MeterId,
    /// Of usage: which row behind the line.
    row: Option<(Day, ResourceUri, String)>,
}

impl Turn {
    /// The first page, from the query.
    pub(super) fn first(call: &Call, chosen: Chosen) -> Result<Self, Problem> {
        let cut = Cut::of(call, SIZE_MAX, SIZE_MAX)?;
        Ok(Self { chosen, size: cut.size, from: From::Count(cut.offset) })
    }

    /// What a token says, within what a page may hold.
    pub(super) fn bounded(self) -> Self {
        Self { size: self.size.clamp(1, SIZE_MAX), ..self }
    }

    /// The lines of this page of a bill, and the turn of the next, if there is one.
    pub(super) fn page<'a>(&self, bill: &'a Bill) -> (Vec<Shown<'a>>, Option<Self>) {
        self.cut(self.chosen.lines(bill), bill.open)
    }

    fn cut<'a>(&self, mut lines: Vec<Shown<'a>>, open: bool) -> (Vec<Shown<'a>>, Option<Self>) {
        let start = match &self.from {
            From::Count(count) => (*count).min(lines.len()),
            From::Line(last) => lines.partition_point(|shown| Place::of(*shown) <= *last),
        };
        let mut rest = lines.split_off(start);
        let more = rest.len() > self.size;
        rest.truncate(self.size);
        let from = rest.last().filter(|_| more).map(|last| match open {
            true => From::Line(Place::of(*last)),
            false => From::Count(start + self.size),
        });
        (rest, from.map(|from| Self { from, ..self.clone() }))
    }
}

impl Place {
    fn of(shown: Shown<'_>) -> Self {
        match shown {
            Shown::Billing(_, line) => Self::of_line(line, None),
            Shown::Usage(line, row) => Self::of_line(line, Some(row)),
        }
    }

    fn of_line(line: &InvoiceLine, row: Option<&LineRow>) -> Self {
        // Regions compare without letter case, as in the order of rows.
        let row = row.map(|row| (row.day, row.series.resource.clone(), row.series.region.to_ascii_lowercase()));
        Self { subscription: line.subscription, month: line.service_month.clone(), meter: line.meter, row }
    }
}
