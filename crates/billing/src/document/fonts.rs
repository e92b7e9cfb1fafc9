//! The two fonts and what layout asks of them: how wide is this text, where does it break.

use tenantry_core::Problem;
use ttf_parser::{Face, GlyphId};

use super::sheet::{Milli, Style, Weight};

/// Marks after which a word too long for its column is preferably broken: resource names and addresses are full of them.
const SOFT_BREAKS: &[char] = &['-', '/', '_', '.', ',', ':', ';', '@', '|', '\\'];

/// One cut of Noto Sans, with the bytes it was read from.
pub(super) struct Font {
    face: Face<'static>,
    /// The whole font file; the PDF gets a subset of it.
    pub(super) data: &'static [u8],
    /// Its PostScript name.
    pub(super) name: &'static str,
}

impl Font {
    fn load(data: &'static [u8], name: &'static str) -> Result<Self, Problem> {
        let face = Face::parse(data, 0).map_err(Problem::internal)?;
        Ok(Self { face, data, name })
    }

    /// The parsed font, for its measures.
    pub(super) const fn face(&self) -> &Face<'static> {
        &self.face
    }

    /// The glyph of a character, with the character it really stands for: one the font does not have is replaced.
    pub(super) fn glyph(&self, character: char) -> (GlyphId, char) {
        match self.face.glyph_index(character) {
            Some(glyph) => (glyph, character),
            None => {
                (self.face.glyph_index(char::REPLACEMENT_CHARACTER).unwrap_or_default(), char::REPLACEMENT_CHARACTER)
            }
        }
    }

    /// Advance width in font units (see [`Face::units_per_em`]).
    pub(super) fn advance(&self, glyph: GlyphId) -> u16 {
        self.face.glyph_hor_advance(glyph).unwrap_or(0)
    }
}

/// Both cuts.
pub(super) struct Fonts {
    regular: Font,
    bold: Font,
}

impl Fonts {
    /// Reads the fonts built into the program.
    pub(super) fn load() -> Result<Self, Problem> {
        Ok(Self {
            regular: Font::load(notosans::REGULAR_TTF, "NotoSans")?,
            bold: Font::load(notosans::BOLD_TTF, "NotoSans-Bold")?,
        })
    }

    /// The font of a cut.
    pub(super) const fn font(&self, weight: Weight) -> &Font {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }

    /// Width of a text on one line, rounded up.
    pub(super) fn width(&self, style: Style, text: &str) -> Milli {
        self.scale(style, self.units(style, text))
    }

    /// The style, made so small that the text fits on one line of `width`. Numbers are shrunk, never broken: half an
    /// amount on the next line reads as another amount.
    pub(super) fn fit(&self, style: Style, text: &str, width: Milli) -> Style {
        let needed = self.width(style, text);
        if needed <= width {
            return style;
        }
        let size = i64::from(style.size) * i64::from(width) / i64::from(needed);
        // One less, because widths are rounded up.
        Style { size: Milli::try_from(size).unwrap_or(style.size).saturating_sub(1).max(1), ..style }
    }

    /// The text on as many lines of `width` as it needs; white space is folded. Words break only where one is wider
    /// than the column. An empty text has no lines.
    pub(super) fn wrap(&self, style: Style, text: &str, width: Milli) -> Vec<String> {
        let limit = self.limit(style, width);
        let space = self.units(style, " ");
        let text = printable(text);
        let mut lines = Vec::new();
        let (mut line, mut line_units) = (String::new(), 0);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let word_units = self.units(style, word);
            if !line.is_empty() && line_units + space + word_units <= limit {
                line.push(' ');
                line.push_str(word);
                line_units += space + word_units;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            let mut rest = word;
            loop {
                let (head, tail) = self.cut(style, rest, limit);
                if tail.is_empty() {
                    break;
                }
                lines.push(head.to_owned());
                rest = tail;
            }
            line.push_str(rest);
            line_units = self.units(style, rest);
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// One line of the text, ending in an ellipsis if it is longer. Only for repeating what was printed in full.
    pub(super) fn shorten(&self, style: Style, text: &str, width: Milli) -> String {
        let text = printable(text);
        if self.width(style, &text) <= width {
            return text;
        }
        let limit = self.limit(style, width) - self.units(style, "…");
        let (head, _) = self.cut(style, &text, limit);
        format!("{}…", head.trim_end())
    }

    /// Splits a text into the part that fits and the rest. The first part has at least one character, so that
    /// cutting comes to an end in the narrowest column.
    fn cut<'t>(&self, style: Style, text: &'t str, limit: i64) -> (&'t str, &'t str) {
        let font = self.font(style.weight);
        let (mut units, mut soft) = (0, None);
        for (index, character) in text.char_indices() {
            units += i64::from(font.advance(font.glyph(character).0));
            if units > limit && index > 0 {
                // A break at a mark is nicer unless it leaves most of the line empty.
                let at = soft.filter(|&(_, at_units)| at_units > limit / 2).map_or(index, |(at, _)| at);
                return text.split_at(at);
            }
            if SOFT_BREAKS.contains(&character) {
                soft = Some((index + character.len_utf8(), units));
            }
        }
        (text, "")
    }

    /// Width in font units.
    fn units(&self, style: Style, text: &str) -> i64 {
        let font = self.font(style.weight);
        text.chars().map(|character| i64::from(font.advance(font.glyph(character).0))).sum()
    }

    /// Font units to a length, rounded up.
    fn scale(&self, style: Style, units: i64) -> Milli {
        let per_em = i64::from(self.font(style.weight).face.units_per_em());
        let scaled = (units * i64::from(style.size) + per_em - 1) / per_em;
        Milli::try_from(scaled).unwrap_or(Milli::MAX)
    }

    /// How many font units fit into a length.
    fn limit(&self, style: Style, width: Milli) -> i64 {
        i64::from(width) * i64::from(self.font(style.weight).face.units_per_em()) / i64::from(style.size)
    }
}

/// The text as it can stand on paper: control characters become spaces; invisible ones go, among them the direction
/// marks that could make a number read otherwise than it is stored.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::sheet::{CELL, FINE};

    #[test]
    fn wrapping_keeps_every_letter_and_the_column() {
        let fonts = Fonts::load().unwrap();
        let long = "x".repeat(500);
        for (text, width) in [
            ("", 50_000),
            ("one", 50_000),
            ("Virtual Machines Dv3 Series – D2 v3 – EU West", 60_000),
            ("https://example.com/subscriptions/0000/resourceGroups/production/providers/vm-01", 60_000),
            ("Ελληνική Εταιρεία Ανώνυμη Πληροφορικής", 60_000),
            (long.as_str(), 60_000),
            ("W", 1_000),
            ("WWW", 1_000),
        ] {
            let lines = fonts.wrap(CELL, text, width);
            let letters = |t: &str| t.replace(' ', "");
            assert_eq!(letters(&lines.concat()), letters(text), "{text}");
            for line in &lines {
                assert!(fonts.width(CELL, line) <= width || line.chars().count() == 1, "{line} is too wide");
            }
        }
    }

    #[test]
    fn long_names_break_after_a_mark_where_there_is_one() {
        let fonts = Fonts::load().unwrap();
        let lines = fonts.wrap(CELL, "production-cluster/virtual-machine-scale-set", 80_000);
        assert_eq!(lines, ["production-cluster/", "virtual-machine-scale-", "set"]);
    }

    #[test]
    fn numbers_shrink_until_they_fit() {
        let fonts = Fonts::load().unwrap();
        for text in ["1.00", "744.000000000000000000", "123456789012345678901234567890.1234"] {
            let style = fonts.fit(CELL, text, 40_000);
            assert!(fonts.width(style, text) <= 40_000, "{text}");
            assert_eq!(style.size == CELL.size, text == "1.00", "{text}");
        }
    }

    #[test]
    fn a_shortened_text_fits_and_says_so() {
        let fonts = Fonts::load().unwrap();
        let text = fonts.shorten(FINE, &"Contoso ".repeat(40), 60_000);
        assert!(text.ends_with('…') && fonts.width(FINE, &text) <= 60_000, "{text}");
        assert_eq!(fonts.shorten(FINE, "Contoso", 60_000), "Contoso");
    }

    #[test]
    fn invisible_characters_do_not_reach_the_paper() {
        assert_eq!(printable("a\u{202e}1\u{2069}\u{ad}b\nc\u{feff}"), "a1b c");
    }

    #[test]
    fn both_fonts_have_latin_greek_cyrillic_and_the_euro() {
        let fonts = Fonts::load().unwrap();
        for weight in [Weight::Regular, Weight::Bold] {
            for character in "AzÄßŁőșĞžΑωΆϊЖяЇґЎ€£–…’".chars() {
                assert_eq!(fonts.font(weight).glyph(character).1, character);
            }
            assert_eq!(fonts.font(weight).glyph('株').1, char::REPLACEMENT_CHARACTER);
        }
    }
}
