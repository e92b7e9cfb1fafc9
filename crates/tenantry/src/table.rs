//! Plain text tables: words to the left, numbers to the right.

/// Which side of its column a text keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// Rows of texts below a header.
pub(crate) struct Table<const N: usize> {
    columns: [(&'static str, Side); N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    pub(crate) const fn new(columns: [(&'static str, Side); N]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(crate) fn row(&mut self, row: [String; N]) {
        self.rows.push(row);
    }

    /// The table, a line each, with a line end after the last.
    pub(crate) fn text(&self) -> String {
        let header = self.columns.map(|(title, _)| title.to_owned());
        let mut widths = header.each_ref().map(|title| width(title));
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(cell).max(*widest);
            }
        }
        let rule = widths.map(|width| "-".repeat(width));
        [&header, &rule].into_iter().chain(&self.rows).map(|row| self.line(row, &widths)).collect()
    }

    fn line(&self, row: &[String; N], widths: &[usize; N]) -> String {
        let cells = row.iter().zip(widths).zip(&self.columns).map(|((cell, widest), (_, side))| {
            let blanks = " ".repeat(widest - width(cell));
            match side {
                Side::Left => format!("{cell}{blanks}"),
                Side::Right => format!("{blanks}{cell}"),
            }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    }
}

/// Letters, not bytes: names have umlauts.
fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right() {
        let mut table = Table::new([("Meter", Side::Left), ("Quantity", Side::Right)]);
        table.row(["Größe".into(), "1.5".into()]);
        table.row(["Disk space".into(), "1024".into()]);
        assert_eq!(
            table.text(),
            "Meter       Quantity\n----------  --------\nGröße            1.5\nDisk space      1024\n"
        );
    }
}
