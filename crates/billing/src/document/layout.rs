//! Where everything stands: who sells to whom, the facts, the charges, the totals, the notes, and the foot of each page.

use super::flow::Flow;
use super::fonts::{Fonts, printable};
use super::sheet::{
    Align, BODY, BOTTOM, CONTENT_WIDTH, Column, FINE, FOOT, FULL, GRAND, Ink, LABEL, MARGIN, Mark, Milli, NAME,
    PAGE_HEIGHT, STRONG, SUBTITLE, Sheet, Style, TITLE,
};
use super::{InvoiceDocument, Party, table};

/// The seller, and below the buyer.
const LEFT_HALF: Column = Column { left: MARGIN, width: 250_000, align: Align::Left };
/// The title, right-aligned.
const RIGHT_HALF: Column = Column { left: MARGIN + 270_000, width: CONTENT_WIDTH - 270_000, align: Align::Right };
/// What a fact is called.
const FACT_LABEL: Column = Column { left: RIGHT_HALF.left, width: 82_000, align: Align::Left };
/// What it is.
const FACT_VALUE: Column = Column {
    left: RIGHT_HALF.left + FACT_LABEL.width + 6_000,
    width: RIGHT_HALF.width - FACT_LABEL.width - 6_000,
    align: Align::Right,
};
/// Page x of y.
const FOOT_RIGHT: Column = Column { left: MARGIN + CONTENT_WIDTH - 80_000, width: 80_000, align: Align::Right };
/// Title and number of the document at the foot.
const FOOT_LEFT: Column = Column { left: MARGIN, width: CONTENT_WIDTH - 90_000, align: Align::Left };
/// From the rule above the footer to its first line.
const FOOT_GAP: Milli = 4_000;

/// Lays out the whole document.
pub(super) fn pages(document: &InvoiceDocument, fonts: &Fonts) -> Vec<Sheet> {
    let foot = Foot::new(document, fonts);
    let mut flow = Flow::new(fonts, foot.top - 14_000);
    heading(&mut flow, document);
    flow.skip(20_000);
    parties_and_facts(&mut flow, document);
    flow.skip(22_000);
    table::charges(&mut flow, document);
    flow.skip(14_000);
    totals(&mut flow, document);
    notes(&mut flow, &document.notes);
    let mut sheets = flow.finish();
    foot.print(&mut sheets, fonts);
    sheets
}

/// Draws two columns from the same place and goes on below the longer one.
fn side_by_side(flow: &mut Flow<'_>, left: impl FnOnce(&mut Flow<'_>), right: impl FnOnce(&mut Flow<'_>)) {
    let start = flow.place();
    left(flow);
    let left_end = flow.place();
    flow.go(start);
    right(flow);
    let end = flow.place().max(left_end);
    flow.go(end);
}

fn heading(flow: &mut Flow<'_>, document: &InvoiceDocument) {
    side_by_side(
        flow,
        |flow| party(flow, &document.seller),
        |flow| {
            flow.paragraph(RIGHT_HALF, TITLE, &document.title);
            flow.paragraph(RIGHT_HALF, SUBTITLE, &document.number);
        },
    );
    flow.skip(12_000);
    flow.block(MARGIN, CONTENT_WIDTH, 1_200, Ink::Accent);
}

fn parties_and_facts(flow: &mut Flow<'_>, document: &InvoiceDocument) {
    side_by_side(
        flow,
        |flow| {
            flow.paragraph(LEFT_HALF, LABEL, "Bill to");
            flow.skip(2_000);
            party(flow, &document.buyer);
        },
        |flow| {
            let order = document.purchase_order.as_deref().unwrap_or("");
            for (label, value) in [
                ("Number", document.number.as_str()),
                ("Issued", &document.issued_on),
                ("Due", &document.due_on),
                ("Period", &document.period),
                ("Purchase order", order),
                ("Currency", &document.currency),
            ] {
                fact(flow, label, value, BODY);
            }
            fact(flow, "Total", &document.total, STRONG);
        },
    );
}

/// One labelled fact; without a value there is nothing to say.
fn fact(flow: &mut Flow<'_>, label: &str, value: &str, style: Style) {
    let lines = flow.fonts.wrap(style, value, FACT_VALUE.width);
    for (index, line) in lines.iter().enumerate() {
        flow.need(style.line_height() + 1_500);
        if index == 0 {
            flow.text(FACT_LABEL, LABEL, label, 0);
        }
        flow.text(FACT_VALUE, style, line, 0);
        flow.skip(style.line_height());
    }
    if !lines.is_empty() {
        flow.skip(1_500);
    }
}

fn party(flow: &mut Flow<'_>, party: &Party) {
    flow.paragraph(LEFT_HALF, NAME, &party.name);
    flow.skip(1_500);
    for line in &party.address_lines {
        flow.paragraph(LEFT_HALF, BODY, line);
    }
    if let Some(tax_id) = &party.tax_id {
        flow.paragraph(LEFT_HALF, LABEL, &format!("Tax ID {tax_id}"));
    }
    if let Some(email) = &party.email {
        flow.paragraph(LEFT_HALF, LABEL, email);
    }
}

/// Net, tax and total, right under the amounts and never torn apart.
fn totals(flow: &mut Flow<'_>, document: &InvoiceDocument) {
    let grand_label = format!("Total {}", document.currency);
    let rows = [
        ("Net", document.net.as_str(), BODY),
        (document.tax_label.as_str(), document.tax.as_str(), BODY),
        (grand_label.as_str(), document.total.as_str(), GRAND),
    ];
    let padding = 4_000;
    let rows = rows.map(|(label, value, style)| {
        let lines = flow.fonts.wrap(style, label, RIGHT_HALF.width / 2);
        let count = Milli::try_from(lines.len().max(1)).unwrap_or(1);
        (lines, value, style, count.saturating_mul(style.line_height()) + 2 * padding)
    });
    flow.need(rows.iter().map(|row| row.3).sum());
    let label_column = Column { left: RIGHT_HALF.left + 6_000, width: RIGHT_HALF.width / 2, align: Align::Left };
    let left = label_column.left + label_column.width + 6_000;
    let value_column =
        Column { left, width: RIGHT_HALF.left + RIGHT_HALF.width - left - table::EDGE, align: Align::Right };
    for (lines, value, style, height) in rows {
        if style == GRAND {
            flow.block(RIGHT_HALF.left, RIGHT_HALF.width, height, Ink::Ground);
            flow.block(RIGHT_HALF.left, RIGHT_HALF.width, 1_200, Ink::Accent);
        } else {
            flow.block(RIGHT_HALF.left, RIGHT_HALF.width, 500, Ink::Line);
        }
        flow.figure(value_column, style, value, padding);
        flow.skip(padding);
        for line in lines {
            flow.need(style.line_height());
            flow.text(label_column, style, &line, 0);
            flow.skip(style.line_height());
        }
        flow.skip(padding);
    }
}

fn notes(flow: &mut Flow<'_>, notes: &[String]) {
    if notes.is_empty() {
        return;
    }
    flow.skip(20_000);
    flow.need(STRONG.line_height() + 2 * BODY.line_height());
    flow.paragraph(FULL, STRONG, "Notes");
    for note in notes {
        flow.skip(2_500);
        for line in note.lines() {
            flow.paragraph(FULL, BODY, line);
        }
    }
}

/// The foot of every page: which document this is, which page of how many, and its fingerprint.
struct Foot {
    names: Vec<String>,
    fingerprint: Vec<String>,
    /// Where the rule above it stands.
    top: Milli,
}

impl Foot {
    fn new(document: &InvoiceDocument, fonts: &Fonts) -> Self {
        let mut names = fonts.wrap(FOOT, &format!("{} {}", document.title, document.number), FOOT_LEFT.width);
        if names.is_empty() {
            names.push(String::new());
        }
        let fingerprint = match printable(&document.fingerprint).trim() {
            "" => Vec::new(),
            text => fonts.wrap(FINE, &format!("Fingerprint {text}"), CONTENT_WIDTH),
        };
        let height = |lines: &[String], style: Style| {
            Milli::try_from(lines.len()).unwrap_or(Milli::MAX).saturating_mul(style.line_height())
        };
        let top = PAGE_HEIGHT - BOTTOM - FOOT_GAP - height(&names, FOOT) - height(&fingerprint, FINE);
        Self { names, fingerprint, top }
    }

    /// Done last: only now it is known how many pages there are.
    fn print(&self, sheets: &mut [Sheet], fonts: &Fonts) {
        let count = sheets.len();
        for (index, sheet) in sheets.iter_mut().enumerate() {
            sheet.marks.push(Mark::Block { x: MARGIN, y: self.top, width: CONTENT_WIDTH, height: 500, ink: Ink::Line });
            let mut y = self.top + FOOT_GAP;
            let page = format!("Page {} of {count}", index + 1);
            let page_left = FOOT_RIGHT.left + FOOT_RIGHT.width - fonts.width(FOOT, &page);
            sheet.marks.push(line(page_left, y, FOOT, &page));
            for name in &self.names {
                sheet.marks.push(line(FOOT_LEFT.left, y, FOOT, name));
                y += FOOT.line_height();
            }
            for part in &self.fingerprint {
                sheet.marks.push(line(MARGIN, y, FINE, part));
                y += FINE.line_height();
            }
        }
    }
}

fn line(x: Milli, y: Milli, style: Style, text: &str) -> Mark {
    Mark::Text { x, baseline: y + style.ascent(), style, text: text.to_owned() }
}
