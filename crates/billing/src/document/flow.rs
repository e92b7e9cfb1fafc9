//! The cursor that fills pages from top to bottom.
//!
//! Columns side by side are drawn one after the other from the same place: [`Flow::place`] remembers where they
//! start, [`Flow::go`] takes the cursor back, and a column that runs over the page continues on the next one, which
//! the other column finds already there.

use super::fonts::Fonts;
use super::sheet::{Align, Column, Ink, Mark, Milli, Sheet, Style, TOP};

/// A place in the document. Later places are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    page: usize,
    y: Milli,
}

/// Pages being filled.
pub(super) struct Flow<'f> {
    /// For measuring.
    pub(super) fonts: &'f Fonts,
    sheets: Vec<Sheet>,
    at: Place,
    floor: Milli,
}

impl<'f> Flow<'f> {
    /// An empty first page whose text ends at `floor`.
    pub(super) fn new(fonts: &'f Fonts, floor: Milli) -> Self {
        Self { fonts, sheets: vec![Sheet::default()], at: Place { page: 0, y: TOP }, floor }
    }

    /// The filled pages.
    pub(super) fn finish(self) -> Vec<Sheet> {
        self.sheets
    }

    /// Where the cursor is.
    pub(super) const fn place(&self) -> Place {
        self.at
    }

    /// Takes the cursor somewhere it was before.
    pub(super) const fn go(&mut self, place: Place) {
        self.at = place;
    }

    /// Room left on this page.
    pub(super) const fn room(&self) -> Milli {
        self.floor - self.at.y
    }

    /// Room on an empty page.
    pub(super) const fn full_room(&self) -> Milli {
        self.floor - TOP
    }

    /// Goes to the top of the next page.
    pub(super) fn turn(&mut self) {
        self.at = Place { page: self.at.page + 1, y: TOP };
        if self.at.page == self.sheets.len() {
            self.sheets.push(Sheet::default());
        }
    }

    /// Goes to the next page unless there is room for `height`. What is higher than a page starts where it stands.
    pub(super) fn need(&mut self, height: Milli) {
        if height > self.room() && height <= self.full_room() && self.at.y > TOP {
            self.turn();
        }
    }

    /// Moves down.
    pub(super) const fn skip(&mut self, height: Milli) {
        self.at.y += height;
    }

    /// Puts one line of text into a column, its top `down` below the cursor, which stays. The text must fit.
    pub(super) fn text(&mut self, column: Column, style: Style, text: &str, down: Milli) {
        if text.is_empty() {
            return;
        }
        let x = match column.align {
            Align::Left => column.left,
            Align::Right => column.left + column.width - self.fonts.width(style, text),
        };
        let baseline = self.at.y + down + style.ascent();
        self.mark(Mark::Text { x, baseline, style, text: text.to_owned() });
    }

    /// Puts a number into a column, smaller if need be (see [`Fonts::fit`]).
    pub(super) fn figure(&mut self, column: Column, style: Style, text: &str, down: Milli) {
        let text = super::fonts::printable(text);
        let fitted = self.fonts.fit(style, &text, column.width);
        // The smaller figure keeps the baseline of its row.
        self.text(column, fitted, &text, down + style.ascent() - fitted.ascent());
    }

    /// Writes a text on as many lines as it needs and moves below it, over page ends if need be.
    pub(super) fn paragraph(&mut self, column: Column, style: Style, text: &str) {
        for line in self.fonts.wrap(style, text, column.width) {
            self.need(style.line_height());
            self.text(column, style, &line, 0);
            self.skip(style.line_height());
        }
    }

    /// Fills a rectangle from the cursor down; the cursor stays.
    pub(super) fn block(&mut self, left: Milli, width: Milli, height: Milli, ink: Ink) {
        self.mark(Mark::Block { x: left, y: self.at.y, width, height, ink });
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.get_mut(self.at.page) {
            sheet.marks.push(mark);
        }
    }
}
