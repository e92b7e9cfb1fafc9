//! The table of charges, grouped by customer and subscription.
//!
//! On a new page the column headings are repeated, and so are the headings of the group that goes on there, marked
//! "(continued)". A heading is never left alone at the end of a page.

use super::flow::Flow;
use super::sheet::{
    Align, CELL, CELL_SOFT, CELL_STRONG, CONTENT_WIDTH, Column, GROUP, HEAD, Ink, MARGIN, Milli, Style,
};
use super::{CustomerTotal, DocumentLine, InvoiceDocument};

/// Space between the text of the outer columns and the edge of the table.
pub(super) const EDGE: Milli = 4_000;
/// Space above and below the text of a row.
const PADDING: Milli = 2_200;

const fn column(left: Milli, right: Milli, align: Align) -> Column {
    Column { left: MARGIN + left, width: right - left, align }
}

const DESCRIPTION: Column = column(EDGE, 164_000, Align::Left);
const SERVICE_PERIOD: Column = column(171_000, 262_000, Align::Left);
const QUANTITY: Column = column(267_000, 323_000, Align::Right);
const UNIT: Column = column(330_000, 384_000, Align::Left);
const UNIT_PRICE: Column = column(388_000, 438_000, Align::Right);
const AMOUNT: Column = column(444_000, CONTENT_WIDTH - EDGE, Align::Right);
/// A heading across the table.
const ACROSS: Column = column(EDGE, CONTENT_WIDTH - EDGE, Align::Left);
/// Height of one line of a subscription's heading.
const HEADING_HEIGHT: Milli = CELL_STRONG.line_height() + 2 * PADDING;
/// Height of a customer's sum.
const SUM_HEIGHT: Milli = CELL_STRONG.line_height() + 5 * PADDING;
/// What a sum is of, left of the amount.
const SUM_OF: Column = column(185_000, 438_000, Align::Right);

/// Prints all charges.
pub(super) fn charges(flow: &mut Flow<'_>, document: &InvoiceDocument) {
    let amount_heading = format!("Amount {}", document.currency);
    let mut table = Table { flow, amount_heading, customer: None, subscription: None };
    let Some(first) = document.lines.first() else {
        table.begin(3 * CELL.line_height());
        table.head();
        table.flow.skip(PADDING);
        table.flow.paragraph(ACROSS, CELL_SOFT, "There are no charges in this period.");
        table.flow.skip(PADDING);
        table.rule(Ink::Line);
        return;
    };
    let first_row = Row::new(table.flow, first).height();
    table.begin(first_row.saturating_add(120_000));
    table.head();
    let mut lines = document.lines.iter().peekable();
    while let Some(line) = lines.next() {
        let mut row = Row::new(table.flow, line);
        let ends_customer = lines.peek().is_none_or(|next| next.customer != line.customer);
        let total = document.customer_totals.iter().find(|total| ends_customer && total.customer == line.customer);
        row.below = total.map_or(0, |_| SUM_HEIGHT);
        if table.customer != Some(&line.customer) {
            table.open_customer(line, &row);
        }
        if table.subscription != Some(&line.subscription) {
            table.open_subscription(line, &row);
        }
        table.row(row);
        if ends_customer {
            table.close_customer(total);
        }
    }
    table.rule(Ink::Soft);
}

struct Table<'t, 'f, 'd> {
    flow: &'t mut Flow<'f>,
    amount_heading: String,
    /// The customer whose lines are being printed, for the headings of the next page.
    customer: Option<&'d str>,
    /// Likewise the subscription.
    subscription: Option<&'d str>,
}

impl<'d> Table<'_, '_, 'd> {
    /// Starts the table on a new page if less than `height` is left on this one.
    fn begin(&mut self, height: Milli) {
        self.flow.need(height.min(self.flow.full_room()));
    }

    /// The column headings.
    fn head(&mut self) {
        for (column, text) in [
            (DESCRIPTION, "Description"),
            (SERVICE_PERIOD, "Service period"),
            (QUANTITY, "Quantity"),
            (UNIT, "Unit"),
            (UNIT_PRICE, "Unit price"),
        ] {
            self.flow.text(column, HEAD, text, 0);
        }
        let amount_heading = std::mem::take(&mut self.amount_heading);
        self.flow.figure(AMOUNT, HEAD, &amount_heading, 0);
        self.amount_heading = amount_heading;
        self.flow.skip(HEAD.line_height() + PADDING);
        self.flow.block(MARGIN, CONTENT_WIDTH, 800, Ink::Soft);
        self.flow.skip(800);
    }

    /// Makes room for `height`, on a new page if need be.
    fn need(&mut self, height: Milli) {
        if height > self.flow.room() {
            self.turn();
        }
    }

    /// Starts a new page with all headings.
    fn turn(&mut self) {
        self.flow.turn();
        self.head();
        let width = ACROSS.width - 80_000;
        if let Some(customer) = self.customer.filter(|customer| !customer.is_empty()) {
            let customer = self.flow.fonts.shorten(GROUP, customer, width);
            self.band(&format!("{customer} (continued)"));
        }
        if let Some(subscription) = self.subscription.filter(|subscription| !subscription.is_empty()) {
            let subscription = self.flow.fonts.shorten(CELL_STRONG, subscription, width);
            self.heading(&format!("{subscription} (continued)"));
        }
    }

    /// Opens a customer, with room for its first charge.
    fn open_customer(&mut self, line: &'d DocumentLine, row: &Row) {
        (self.customer, self.subscription) = (None, None);
        let names = self.height(GROUP, &line.customer).saturating_add(self.height(CELL_STRONG, &line.subscription));
        self.need(names.saturating_add(row.height()).min(self.page_room()));
        for part in self.flow.fonts.wrap(GROUP, &line.customer, ACROSS.width) {
            self.need(GROUP.line_height() + 2 * PADDING);
            self.band(&part);
        }
        self.customer = Some(&line.customer);
    }

    /// Opens a subscription, with room for its first charge.
    fn open_subscription(&mut self, line: &'d DocumentLine, row: &Row) {
        self.subscription = None;
        let name = self.height(CELL_STRONG, &line.subscription);
        self.need(name.saturating_add(row.height()).min(self.page_room()));
        for part in self.flow.fonts.wrap(CELL_STRONG, &line.subscription, ACROSS.width) {
            self.need(HEADING_HEIGHT);
            self.heading(&part);
        }
        self.subscription = Some(&line.subscription);
    }

    /// What a new page has room for below its headings.
    const fn page_room(&self) -> Milli {
        self.flow.full_room() - 80_000
    }

    /// Height of a wrapped heading.
    fn height(&self, style: Style, text: &str) -> Milli {
        stacked(self.flow.fonts.wrap(style, text, ACROSS.width).len(), style).saturating_add(2 * PADDING)
    }

    /// One line of a customer's heading.
    fn band(&mut self, text: &str) {
        let height = GROUP.line_height() + 2 * PADDING;
        self.flow.block(MARGIN, CONTENT_WIDTH, height, Ink::Ground);
        self.flow.text(ACROSS, GROUP, text, PADDING);
        self.flow.skip(height);
    }

    /// One line of a subscription's heading.
    fn heading(&mut self, text: &str) {
        self.flow.text(ACROSS, CELL_STRONG, text, 2 * PADDING);
        self.flow.skip(HEADING_HEIGHT);
    }

    /// The cells of one charge. It stays on one page unless it is higher than a page.
    fn row(&mut self, row: Row) {
        self.need(if row.height() <= self.page_room() { row.height() } else { 3 * CELL.line_height() });
        self.flow.skip(PADDING);
        for (column, text) in row.figures {
            self.flow.figure(column, CELL, &text, 0);
        }
        let count = row.words.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0).max(1);
        for index in 0..count {
            self.need(CELL.line_height());
            for (column, style, lines) in &row.words {
                if let Some(text) = lines.get(index) {
                    self.flow.text(*column, *style, text, 0);
                }
            }
            self.flow.skip(CELL.line_height());
        }
        self.flow.skip(PADDING);
        self.rule(Ink::Line);
    }

    /// The sum of a customer's charges, if the caller gave one.
    fn close_customer(&mut self, total: Option<&CustomerTotal>) {
        self.subscription = None;
        let Some(total) = total else { return };
        let label = self.flow.fonts.shorten(CELL_STRONG, &format!("Total {}", total.customer), SUM_OF.width);
        self.need(SUM_HEIGHT);
        self.flow.text(SUM_OF, CELL_STRONG, &label, 2 * PADDING);
        self.flow.figure(AMOUNT, CELL_STRONG, &total.amount, 2 * PADDING);
        self.flow.skip(SUM_HEIGHT);
    }

    fn rule(&mut self, ink: Ink) {
        self.flow.block(MARGIN, CONTENT_WIDTH, 400, ink);
        self.flow.skip(400);
    }
}

/// One charge, broken into lines.
struct Row {
    words: Vec<(Column, Style, Vec<String>)>,
    figures: [(Column, String); 3],
    /// Room for what must stand below it on the same page: the customer's sum.
    below: Milli,
}

impl Row {
    fn new(flow: &Flow<'_>, line: &DocumentLine) -> Self {
        let words = [
            (DESCRIPTION, CELL, &line.description),
            (SERVICE_PERIOD, CELL_SOFT, &line.service_period),
            (UNIT, CELL_SOFT, &line.unit),
        ]
        .into_iter()
        .map(|(column, style, text)| (column, style, flow.fonts.wrap(style, text, column.width)))
        .collect();
        let figures =
            [(QUANTITY, line.quantity.clone()), (UNIT_PRICE, line.unit_price.clone()), (AMOUNT, line.amount.clone())];
        Self { words, figures, below: 0 }
    }

    /// Height with what must stay below it.
    fn height(&self) -> Milli {
        let lines = self.words.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0).max(1);
        stacked(lines, CELL).saturating_add(2 * PADDING + 400 + self.below)
    }
}

/// Height of some lines of text.
fn stacked(lines: usize, style: Style) -> Milli {
    Milli::try_from(lines).unwrap_or(Milli::MAX).saturating_mul(style.line_height())
}
