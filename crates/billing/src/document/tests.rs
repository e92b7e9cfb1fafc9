//! What a reader must find on the pages, whatever the invoice.

use super::fonts::Fonts;
use super::sheet::{CONTENT_WIDTH, MARGIN, Mark, PAGE_HEIGHT, Sheet};
use super::{CustomerTotal, DocumentLine, InvoiceDocument, Party, layout, render_pdf};

/// An invoice over `count` lines: nine per subscription, twenty-seven per customer.
pub(super) fn sample(count: usize) -> InvoiceDocument {
    let lines: Vec<DocumentLine> = (0..count)
        .map(|index| DocumentLine {
            customer: format!("Customer {:03} Ελλάδα АО «Север»", index / 27),
            subscription: format!("subscription-{:04}", index / 9),
            description: format!("Line-{index:05} Virtual Machines Dv3 Series, D2 v3, EU West"),
            service_period: "2026-05-01 to 2026-06-01".to_owned(),
            quantity: format!("{index}.25"),
            unit: "1 Hour".to_owned(),
            unit_price: "0.1170".to_owned(),
            amount: format!("{},{:03}.07", index, index % 1000),
        })
        .collect();
    let customer_totals = (0..count.div_ceil(27))
        .map(|index| CustomerTotal {
            customer: format!("Customer {index:03} Ελλάδα АО «Север»"),
            amount: format!("sum-{index:03}"),
        })
        .collect();
    InvoiceDocument {
        title: "Invoice".to_owned(),
        number: "NW-2026-000117".to_owned(),
        issued_on: "2026-06-03".to_owned(),
        due_on: "2026-07-03".to_owned(),
        period: "2026-05-01 to 2026-06-01".to_owned(),
        currency: "EUR".to_owned(),
        seller: party("Northwind Distribution GmbH"),
        buyer: party("Contoso Cloud Partners Sp. z o.o."),
        purchase_order: Some("PO 4500012345".to_owned()),
        lines,
        customer_totals,
        net: "12,345.67".to_owned(),
        tax: "2,345.68".to_owned(),
        tax_label: "VAT 19 %".to_owned(),
        total: "14,691.35".to_owned(),
        notes: vec!["Payable within 30 days.\nPlease name the document number.".to_owned()],
        fingerprint: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    }
}

fn party(name: &str) -> Party {
    Party {
        name: name.to_owned(),
        address_lines: vec!["Große Straße 7".to_owned(), "20095 Hamburg".to_owned(), "Germany".to_owned()],
        tax_id: Some("DE 123 456 789".to_owned()),
        email: Some("billing@example.com".to_owned()),
    }
}

fn laid_out(document: &InvoiceDocument) -> (Vec<Sheet>, Fonts) {
    let fonts = Fonts::load().unwrap();
    (layout::pages(document, &fonts), fonts)
}

/// The texts of a page from top to bottom.
fn texts(sheet: &Sheet) -> Vec<&str> {
    let texts = sheet.marks.iter().filter_map(|mark| match mark {
        Mark::Text { text, .. } => Some(text.as_str()),
        Mark::Block { .. } => None,
    });
    texts.collect()
}

/// Nothing is outside the margins, and no two texts on one baseline touch.
fn assert_clean(sheets: &[Sheet], fonts: &Fonts) {
    for (number, sheet) in sheets.iter().enumerate() {
        let mut spans = Vec::new();
        for mark in &sheet.marks {
            match mark {
                Mark::Text { x, baseline, style, text } => {
                    let end = x + fonts.width(*style, text);
                    assert!(*x >= MARGIN && end <= MARGIN + CONTENT_WIDTH, "page {number}: {text} leaves the margins");
                    assert!(*baseline > 0 && *baseline < PAGE_HEIGHT - 20_000, "page {number}: {text} is off the page");
                    spans.push((*baseline, *x, end, text));
                }
                Mark::Block { x, y, width, height, .. } => {
                    assert!(*x >= MARGIN && x + width <= MARGIN + CONTENT_WIDTH && y + height < PAGE_HEIGHT);
                }
            }
        }
        spans.sort();
        for pair in spans.windows(2) {
            let [(line, _, end, left), (next_line, start, _, right)] = pair else { continue };
            assert!(line != next_line || end <= start, "page {number}: {left:?} runs into {right:?}");
        }
    }
}

#[test]
fn every_line_is_printed_once_and_every_page_says_which_it_is() {
    for (count, least_pages) in [(0, 1), (1, 1), (10, 1), (60, 3), (2_000, 60)] {
        let document = sample(count);
        let (sheets, fonts) = laid_out(&document);
        assert_clean(&sheets, &fonts);
        assert!(sheets.len() >= least_pages, "{count} lines on {} pages", sheets.len());
        let all: Vec<&str> = sheets.iter().flat_map(texts).collect();
        for line in &document.lines {
            let name = line.description.split(' ').next().unwrap();
            assert_eq!(all.iter().filter(|text| text.starts_with(name)).count(), 1, "{name}");
            assert!(all.contains(&line.amount.as_str()), "{}", line.amount);
        }
        for total in &document.customer_totals {
            assert_eq!(all.iter().filter(|text| **text == total.amount).count(), 1, "{}", total.amount);
        }
        for (index, sheet) in sheets.iter().enumerate() {
            let page = format!("Page {} of {}", index + 1, sheets.len());
            assert!(texts(sheet).contains(&page.as_str()), "{page}");
            assert!(texts(sheet).iter().any(|text| text.contains(&document.fingerprint)));
        }
        for total in [&document.net, &document.tax, &document.total] {
            assert!(all.contains(&total.as_str()));
        }
    }
}

#[test]
fn an_invoice_without_charges_says_so() {
    let (sheets, _) = laid_out(&sample(0));
    assert!(texts(&sheets[0]).contains(&"There are no charges in this period."));
}

#[test]
fn a_page_inside_a_group_repeats_the_headings() {
    let (sheets, _) = laid_out(&sample(60));
    for (index, sheet) in sheets.iter().enumerate().take(sheets.len() - 1) {
        let texts = texts(sheet);
        assert!(texts.contains(&"Description") && texts.contains(&"Amount EUR"), "page {index}");
        let continued = texts.iter().any(|text| text.ends_with("(continued)"));
        let starts_with_group = texts.get(6).is_some_and(|text| text.starts_with("Customer"));
        assert!(index == 0 || continued || starts_with_group, "page {index}: {texts:?}");
    }
}

#[test]
fn a_heading_is_never_the_last_thing_on_a_page_nor_a_sum_the_first() {
    // The last charge alone in its subscription, in its customer, or in company; pushed down line by line.
    for (count, address) in [10, 28, 35, 55].into_iter().flat_map(|count| (0..50).map(move |address| (count, address)))
    {
        let mut document = sample(count);
        document.buyer.address_lines = vec!["Floor".to_owned(); address];
        let (sheets, _) = laid_out(&document);
        for sheet in &sheets {
            let texts = texts(sheet);
            let foot = texts.iter().position(|text| text.starts_with("Page ")).unwrap();
            let last = texts[foot - 1];
            assert!(!last.starts_with("Customer") && !last.starts_with("subscription"), "{count} lines: {last}");
            let first_sum = texts.iter().position(|text| text.starts_with("Total Customer"));
            let first_line = texts.iter().position(|text| text.starts_with("Line-"));
            assert!(first_sum.is_none() || first_line < first_sum, "{count} lines: a sum without a line above it");
        }
    }
}

#[test]
fn very_long_words_and_numbers_stay_in_their_columns() {
    let monster = "a".repeat(9_000);
    let number = "123456789".repeat(9);
    let mut document = sample(3);
    let [first, second, third] = document.lines.as_mut_slice() else { panic!("three lines") };
    for text in [
        &mut document.issued_on,
        &mut document.period,
        &mut document.tax_label,
        &mut document.seller.name,
        &mut document.buyer.name,
        &mut document.buyer.address_lines[0],
        &mut document.notes[0],
        &mut second.customer,
        &mut second.subscription,
        &mut second.description,
        &mut third.service_period,
        &mut third.unit,
    ] {
        text.clone_from(&monster);
    }
    for text in [
        &mut document.total,
        &mut document.net,
        &mut first.quantity,
        &mut first.unit_price,
        &mut first.amount,
        &mut document.currency,
    ] {
        text.clone_from(&number);
    }
    let (sheets, fonts) = laid_out(&document);
    assert_clean(&sheets, &fonts);
    let letters: usize = sheets.iter().flat_map(texts).map(|text| text.matches('a').count()).sum();
    assert!(letters >= 12 * 9_000, "text was lost: {letters}");
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = sample(40);
    let bytes = render_pdf(&document).unwrap();
    assert_eq!(bytes, render_pdf(&document.clone()).unwrap());
    let mut other = document;
    other.total = "14,691.36".to_owned();
    assert_ne!(bytes, render_pdf(&other).unwrap());
}

#[test]
fn the_file_has_its_pages_metadata_and_two_font_subsets() {
    for count in [0, 1, 200] {
        let document = sample(count);
        let bytes = render_pdf(&document).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with("%PDF-1.7") && text.trim_end().ends_with("%%EOF"));
        assert_eq!(text.matches("/Type /Page\n").count(), laid_out(&document).0.len(), "{count} lines");
        for part in ["+NotoSans-Bold", "(Invoice NW-2026-000117)", "(Northwind Distribution GmbH)"] {
            assert!(text.contains(part), "{part}");
        }
        assert!(!text.contains("CreationDate"));
        assert!(bytes.len() < 60_000 + 400 * count, "{count} lines in {} bytes", bytes.len());
    }
}

#[test]
fn a_foot_that_would_fill_the_page_is_refused() {
    let mut document = sample(1);
    document.fingerprint = "f".repeat(257);
    assert_eq!(render_pdf(&document).unwrap_err().field(), Some("fingerprint"));
    let mut document = sample(1);
    document.title = "W".repeat(256);
    document.number = "W".repeat(256);
    document.fingerprint = "W".repeat(256);
    let (sheets, fonts) = laid_out(&document);
    assert_clean(&sheets, &fonts);
}
