//! The sheet of paper: its measures, its few type sizes and inks, and the two kinds of mark that can be on it.
//!
//! A page is a list of marks, not PDF code, so that tests ask what is printed where without reading PDF.

/// A length in thousandths of a point (1/72 inch), counted from the upper left corner. Whole numbers, so that
/// layout is exact and the same on every machine.
pub(super) type Milli = i32;

/// A4 across.
pub(super) const PAGE_WIDTH: Milli = 595_276;
/// A4 down.
pub(super) const PAGE_HEIGHT: Milli = 841_890;
/// Free space left and right.
pub(super) const MARGIN: Milli = 48_000;
/// Where the text of a page starts.
pub(super) const TOP: Milli = 50_000;
/// Free space below the footer.
pub(super) const BOTTOM: Milli = 30_000;
/// Width between the margins.
pub(super) const CONTENT_WIDTH: Milli = PAGE_WIDTH - 2 * MARGIN;

/// Which cut of the type face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Running text.
    Regular,
    /// Headings and sums.
    Bold,
}

/// The colours. Few and quiet: an invoice is often printed in grey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// Running text.
    Text,
    /// Labels and secondary text.
    Soft,
    /// Title and the heavy rule.
    Accent,
    /// Thin rules.
    Line,
    /// Ground of headings and the total.
    Ground,
}

impl Ink {
    /// Red, green and blue, 0 to 255.
    pub(super) const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Text => [0x1f, 0x24, 0x2b],
            Self::Soft => [0x5c, 0x66, 0x73],
            Self::Accent => [0x1d, 0x3c, 0x5e],
            Self::Line => [0xc9, 0xd0, 0xd8],
            Self::Ground => [0xee, 0xf1, 0xf5],
        }
    }
}

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// The cut.
    pub(super) weight: Weight,
    /// Type size.
    pub(super) size: Milli,
    /// The colour.
    pub(super) ink: Ink,
}

impl Style {
    const fn new(weight: Weight, size: Milli, ink: Ink) -> Self {
        Self { weight, size, ink }
    }

    /// From one baseline to the next.
    pub(super) const fn line_height(self) -> Milli {
        self.size * 135 / 100
    }

    /// From the top of a line to its baseline, so that capitals stand in the middle of the line.
    pub(super) const fn ascent(self) -> Milli {
        self.size * 103 / 100
    }
}

/// "Invoice".
pub(super) const TITLE: Style = Style::new(Weight::Bold, 22_000, Ink::Accent);
/// The number below the title.
pub(super) const SUBTITLE: Style = Style::new(Weight::Regular, 11_000, Ink::Soft);
/// Names of the parties.
pub(super) const NAME: Style = Style::new(Weight::Bold, 10_500, Ink::Text);
/// Addresses and facts.
pub(super) const BODY: Style = Style::new(Weight::Regular, 9_000, Ink::Text);
/// Facts that matter.
pub(super) const STRONG: Style = Style::new(Weight::Bold, 9_000, Ink::Text);
/// What a fact is called.
pub(super) const LABEL: Style = Style::new(Weight::Regular, 9_000, Ink::Soft);
/// Column headings.
pub(super) const HEAD: Style = Style::new(Weight::Bold, 7_200, Ink::Soft);
/// A table cell.
pub(super) const CELL: Style = Style::new(Weight::Regular, 7_600, Ink::Text);
/// A sum in the table, a subscription.
pub(super) const CELL_STRONG: Style = Style::new(Weight::Bold, 7_600, Ink::Text);
/// Second-rank text in the table.
pub(super) const CELL_SOFT: Style = Style::new(Weight::Regular, 7_600, Ink::Soft);
/// A customer's heading.
pub(super) const GROUP: Style = Style::new(Weight::Bold, 9_000, Ink::Accent);
/// The amount to pay.
pub(super) const GRAND: Style = Style::new(Weight::Bold, 11_500, Ink::Accent);
/// Page number and document number at the foot.
pub(super) const FOOT: Style = Style::new(Weight::Regular, 7_000, Ink::Soft);
/// The fingerprint.
pub(super) const FINE: Style = Style::new(Weight::Regular, 5_500, Ink::Soft);

/// On which edge of its column a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A span from left to right in which text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Column {
    /// Distance from the left edge of the sheet.
    pub(super) left: Milli,
    /// Its width.
    pub(super) width: Milli,
    /// Which edge text keeps to.
    pub(super) align: Align,
}

/// The whole width between the margins.
pub(super) const FULL: Column = Column { left: MARGIN, width: CONTENT_WIDTH, align: Align::Left };

/// One thing printed on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mark {
    /// A single line of text.
    Text {
        /// Left end.
        x: Milli,
        /// Its baseline.
        baseline: Milli,
        /// Its look.
        style: Style,
        /// What it says.
        text: String,
    },
    /// A filled rectangle: the ground of a heading or, when thin, a rule.
    Block {
        /// Left edge.
        x: Milli,
        /// Upper edge.
        y: Milli,
        /// Width.
        width: Milli,
        /// Height.
        height: Milli,
        /// The colour.
        ink: Ink,
    },
}

/// The marks of one page, in the order they are printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The marks.
    pub(super) marks: Vec<Mark>,
}
