//! Marks on sheets become PDF. The only file that knows the format, and the only one with floating lengths.
//!
//! Both fonts are embedded as subsets, addressed by glyph number ("Identity-H"), with a table back to Unicode, so that
//! text can be searched and copied. No dates and no random ids: the file id is a hash of what the pages say.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use sha2::{Digest, Sha256};
use subsetter::GlyphRemapper;
use tenantry_core::Problem;

use super::InvoiceDocument;
use super::fonts::{Font, Fonts, printable};
use super::sheet::{Ink, Mark, Milli, PAGE_HEIGHT, PAGE_WIDTH, Sheet, Weight};

const SYSTEM_INFO: SystemInfo<'_> = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Writes the laid out pages.
///
/// # Errors
/// `Internal` if a font cannot be subset.
pub(super) fn write(document: &InvoiceDocument, sheets: &[Sheet], fonts: &Fonts) -> Result<Vec<u8>, Problem> {
    let mut pdf = Pdf::new();
    let mut refs = Ref::new(1);
    let (catalog, tree) = (refs.bump(), refs.bump());
    let mut regular = Embedded::new(fonts.font(Weight::Regular), b"R", &mut refs);
    let mut bold = Embedded::new(fonts.font(Weight::Bold), b"B", &mut refs);

    let (mut pages, mut hash) = (Vec::with_capacity(sheets.len()), Sha256::new());
    for sheet in sheets {
        let content = content(sheet, &mut regular, &mut bold);
        hash.update(&content);
        let (page, stream) = (refs.bump(), refs.bump());
        pages.push(page);
        pdf.stream(stream, &compressed(&content)?).filter(Filter::FlateDecode);
        let mut page = pdf.page(page);
        page.parent(tree).contents(stream);
        page.media_box(Rect::new(0.0, 0.0, points(PAGE_WIDTH), points(PAGE_HEIGHT)));
        page.resources().fonts().pair(regular.key, regular.id).pair(bold.key, bold.id);
    }
    regular.write(&mut pdf)?;
    bold.write(&mut pdf)?;

    let count = i32::try_from(pages.len()).map_err(Problem::internal)?;
    pdf.pages(tree).kids(pages).count(count);
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr("en"));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    information(&mut pdf, document, refs.bump());
    let id: Vec<u8> = hash.finalize().iter().copied().take(16).collect();
    pdf.set_file_id((id.clone(), id));
    Ok(pdf.finish())
}

/// What the reader's window and the archive's index show.
fn information(pdf: &mut Pdf, document: &InvoiceDocument, id: Ref) {
    let title = printable(&format!("{} {}", document.title, document.number));
    let subject = printable(&format!("{} for {}", document.period, document.buyer.name));
    pdf.document_info(id)
        .title(TextStr(title.trim()))
        .author(TextStr(&printable(&document.seller.name)))
        .subject(TextStr(&subject))
        .producer(TextStr("Tenantry"));
}

/// The drawing instructions of one page.
fn content<'f>(sheet: &Sheet, regular: &mut Embedded<'f>, bold: &mut Embedded<'f>) -> Vec<u8> {
    let mut content = Content::new();
    let mut current = None;
    for mark in &sheet.marks {
        let ink = match mark {
            Mark::Text { style, .. } => style.ink,
            Mark::Block { ink, .. } => *ink,
        };
        if current != Some(ink) {
            current = Some(ink);
            fill(&mut content, ink);
        }
        match mark {
            Mark::Block { x, y, width, height, .. } => {
                content.rect(points(*x), points(PAGE_HEIGHT - y - height), points(*width), points(*height));
                content.fill_nonzero();
            }
            Mark::Text { x, baseline, style, text } => {
                let font = match style.weight {
                    Weight::Regular => &mut *regular,
                    Weight::Bold => &mut *bold,
                };
                content.begin_text();
                content.set_font(font.key, points(style.size));
                content.next_line(points(*x), points(PAGE_HEIGHT - baseline));
                content.show(Str(&font.encode(text)));
                content.end_text();
            }
        }
    }
    content.finish().to_vec()
}

fn fill(content: &mut Content, ink: Ink) {
    let [red, green, blue] = ink.rgb().map(|part| ratio(i32::from(part), 255));
    content.set_fill_rgb(red, green, blue);
}

/// A font as it stands in this file: only the glyphs in use.
struct Embedded<'f> {
    font: &'f Font,
    /// Its name in the content of pages.
    key: Name<'static>,
    id: Ref,
    parts: [Ref; 4],
    glyphs: GlyphRemapper,
    /// New glyph number to the character it stands for and its advance width in font units.
    used: BTreeMap<u16, (char, u16)>,
}

impl<'f> Embedded<'f> {
    fn new(font: &'f Font, key: &'static [u8], refs: &mut Ref) -> Self {
        let id = refs.bump();
        let parts = [refs.bump(), refs.bump(), refs.bump(), refs.bump()];
        Self { font, key: Name(key), id, parts, glyphs: GlyphRemapper::new(), used: BTreeMap::new() }
    }

    /// The text as glyph numbers, which are remembered.
    fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2 * text.len());
        for character in text.chars() {
            let (glyph, character) = self.font.glyph(character);
            let number = self.glyphs.remap(glyph.0);
            self.used.entry(number).or_insert((character, self.font.advance(glyph)));
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }

    /// Writes the font with the glyphs used so far.
    fn write(&self, pdf: &mut Pdf) -> Result<(), Problem> {
        let [cid, descriptor, file, to_unicode] = self.parts;
        let subset = subsetter::subset(self.font.data, 0, &self.glyphs).map_err(Problem::internal)?;
        let name = format!("{}+{}", tag(&subset), self.font.name);
        let name = Name(name.as_bytes());

        pdf.type0_font(self.id)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(to_unicode);

        let mut font = pdf.cid_font(cid);
        font.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM_INFO).font_descriptor(descriptor);
        font.default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = font.widths();
        for (number, (_, advance)) in &self.used {
            widths.consecutive(*number, [self.per_mille(i32::from(*advance))]);
        }
        widths.finish();
        font.finish();

        let face = self.font.face();
        let bounds = face.global_bounding_box();
        let [left, bottom, right, top] =
            [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(|edge| self.per_mille(i32::from(edge)));
        pdf.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(0.0)
            .ascent(self.per_mille(i32::from(face.ascender())))
            .descent(self.per_mille(i32::from(face.descender())))
            .cap_height(self.per_mille(i32::from(face.capital_height().unwrap_or_else(|| face.ascender()))))
            .stem_v(if face.is_bold() { 140.0 } else { 80.0 })
            .font_file2(file);

        let length = i32::try_from(subset.len()).map_err(Problem::internal)?;
        let packed = compressed(&subset)?;
        let mut stream = pdf.stream(file, &packed);
        stream.filter(Filter::FlateDecode).pair(Name(b"Length1"), length);
        stream.finish();

        let mut cmap = UnicodeCmap::new(Name(b"Tenantry-Identity"), SYSTEM_INFO);
        for (number, (character, _)) in &self.used {
            cmap.pair(*number, *character);
        }
        pdf.cmap(to_unicode, &compressed(&cmap.finish())?).filter(Filter::FlateDecode);
        Ok(())
    }

    /// Font units as thousandths of the type size, the unit of PDF font measures.
    fn per_mille(&self, units: i32) -> f32 {
        ratio(units * 1000, i32::from(self.font.face().units_per_em()))
    }
}

/// The six letters that tell one subset of a font from another.
fn tag(subset: &[u8]) -> String {
    Sha256::digest(subset).iter().take(6).map(|byte| char::from(b'A' + byte % 26)).collect()
}

fn compressed(bytes: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(Problem::internal)?;
    encoder.finish().map_err(Problem::internal)
}

/// A length in the unit of the format.
fn points(length: Milli) -> f32 {
    ratio(length, 1000)
}

#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "PDF wants lengths and colours as decimal numbers; no money is among them, and the parts are below 2^24"
)]
fn ratio(part: i32, of: i32) -> f32 {
    part as f32 / of as f32
}
