//! The invoice as a PDF: what the buyer's accounts department prints, files and pays.
//!
//! The document computes nothing. Every figure and date comes in as ready text, so the PDF, the JSON and the CSV of
//! one invoice cannot disagree, and no arithmetic on money hides in a layout. It reads no clock and takes no chance:
//! the same [`InvoiceDocument`] gives the same bytes, so a reprint years later can be compared with the archived file.
//!
//! **Why `pdf-writer`, `subsetter` and `ttf-parser`.** They are the parts that `krilla` and Typst are made of, kept by
//! the same people. Compared on the day we chose: these three build in 6 s of CPU (11 s optimised) and bring 7
//! crates; `krilla` 0.8 without its default features needs 40 s (105 s optimised) and brings 45, for paths, images,
//! variable fonts and colour profiles an invoice does not have. It would save the one file [`pdf`]. The 14 fonts
//! every reader has would need no embedding at all, but they have no Greek and no Cyrillic letters.
//!
//! **Why Noto Sans.** It covers Latin, Greek and Cyrillic, its figures all have one width (columns of numbers line
//! up), its licence (SIL OFL 1.1) allows embedding, and two weights are 400 kB. Only the letters in use go into a file.
//! A character the font does not have (Han, Arabic, Hebrew) prints as U+FFFD; nothing else on the page moves.
//!
//! Lengths are whole thousandths of a point until the last moment (see [`sheet::Milli`]); only [`pdf`] makes them
//! floating, because the PDF format wants it so.

mod flow;
mod fonts;
mod layout;
mod pdf;
mod sheet;
mod table;
#[cfg(test)]
mod tests;

use tenantry_core::Problem;

/// Longest accepted title, number and fingerprint, in characters: they stand at the foot of every page, which must
/// leave room for a body.
pub const MAX_FOOT_TEXT: usize = 256;

/// Everything an invoice or credit note shows, as ready text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceDocument {
    /// What this is, in the words of the reader: "Invoice", "Credit note". At most [`MAX_FOOT_TEXT`] characters.
    pub title: String,
    /// The gapless document number. At most [`MAX_FOOT_TEXT`] characters.
    pub number: String,
    /// Day of issue.
    pub issued_on: String,
    /// Day the payment is due; empty where there is none, as on a credit note.
    pub due_on: String,
    /// The billing period.
    pub period: String,
    /// Currency code of all amounts.
    pub currency: String,
    /// Who sells.
    pub seller: Party,
    /// Who pays.
    pub buyer: Party,
    /// The buyer's own order number.
    pub purchase_order: Option<String>,
    /// The charges, sorted by customer and subscription: a heading is printed wherever one of the two changes.
    pub lines: Vec<DocumentLine>,
    /// Sum per customer, printed below that customer's lines. May be empty; a customer without lines is not shown.
    pub customer_totals: Vec<CustomerTotal>,
    /// Sum before tax.
    pub net: String,
    /// The tax.
    pub tax: String,
    /// What the tax is called, with its rate: "VAT 19 %".
    pub tax_label: String,
    /// What is to be paid.
    pub total: String,
    /// Paragraphs below the totals: terms of payment, legal texts. A line feed starts a new line.
    pub notes: Vec<String>,
    /// Hash of the sealed document, small at the foot of each page. At most [`MAX_FOOT_TEXT`] characters.
    pub fingerprint: String,
}

/// Seller or buyer as they were when the document was sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Legal name.
    pub name: String,
    /// Postal address, one entry per printed line.
    pub address_lines: Vec<String>,
    /// Tax number.
    pub tax_id: Option<String>,
    /// Where questions go.
    pub email: Option<String>,
}

/// One charge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentLine {
    /// Name of the customer who used it. Distinct customers need distinct texts.
    pub customer: String,
    /// Name of the subscription it was used in.
    pub subscription: String,
    /// What it is: meter name and region, or product.
    pub description: String,
    /// When it was used.
    pub service_period: String,
    /// How much.
    pub quantity: String,
    /// Of what: "1 Hour", "1 GB/Month".
    pub unit: String,
    /// Price of one unit.
    pub unit_price: String,
    /// The line's amount, rounded.
    pub amount: String,
}

/// The sum of one customer's lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerTotal {
    /// As in [`DocumentLine::customer`].
    pub customer: String,
    /// The sum.
    pub amount: String,
}

/// Renders the document as PDF 1.7.
///
/// # Errors
/// `InvalidField` if `title`, `number` or `fingerprint` is longer than [`MAX_FOOT_TEXT`] characters; `Internal` if a
/// font built into the program cannot be read.
pub fn render_pdf(document: &InvoiceDocument) -> Result<Vec<u8>, Problem> {
    let foot = [("title", &document.title), ("number", &document.number), ("fingerprint", &document.fingerprint)];
    for (field, text) in foot {
        let length = text.chars().count();
        if length > MAX_FOOT_TEXT {
            return Err(Problem::invalid(
                field,
                format!("{length} characters do not fit at the foot of a page; at most {MAX_FOOT_TEXT}"),
            ));
        }
    }
    let fonts = fonts::Fonts::load()?;
    let pages = layout::pages(document, &fonts);
    pdf::write(document, &pages, &fonts)
}
