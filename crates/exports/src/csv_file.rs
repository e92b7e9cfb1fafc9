//! CSV: UTF-8, CRLF, quoted only where it must be (RFC 4180).

use crate::cells::{Cells, Column};
use crate::fixed::{Fixed, push_decimal};
use crate::sums::Sums;
use std::io::Write;
use tenantry_core::{Amount, Day, Problem, Quantity, Timestamp};

/// Bytes gathered before they are handed on.
const BUFFER: usize = 256 * 1024;

/// Writes cells as CSV.
#[derive(Debug)]
pub struct CsvCells<W> {
    out: W,
    row: Vec<u8>,
    columns: &'static [Column],
    at: usize,
    rows: u64,
    sums: Sums,
}

impl<W: Write> CsvCells<W> {
    /// Begins a file with its header.
    pub fn new(columns: &'static [Column], out: W) -> Self {
        let mut row = Vec::with_capacity(BUFFER + 4096);
        for (column, place) in columns.iter().zip(0..) {
            if place > 0 {
                row.push(b',');
            }
            row.extend_from_slice(column.name.as_bytes());
        }
        row.extend_from_slice(b"\r\n");
        Self { out, row, columns, at: 0, rows: 0, sums: Sums::of(columns) }
    }

    /// Writes what is left and gives back the sink and the sums.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<(W, Sums), Problem> {
        self.flush()?;
        Ok((self.out, self.sums))
    }

    fn flush(&mut self) -> Result<(), Problem> {
        self.out.write_all(&self.row).map_err(crate::unwritten)?;
        self.row.clear();
        Ok(())
    }

    fn separate(&mut self) {
        if self.at > 0 {
            self.row.push(b',');
        }
        self.at += 1;
    }
}

impl<W: Write> Cells for CsvCells<W> {
    fn null(&mut self) {
        self.separate();
    }

    fn text(&mut self, text: &str) {
        self.separate();
        let bytes = text.as_bytes();
        if !bytes.iter().any(|byte| matches!(byte, b',' | b'"' | b'\r' | b'\n')) {
            self.row.extend_from_slice(bytes);
            return;
        }
        self.row.push(b'"');
        for byte in bytes {
            if *byte == b'"' {
                self.row.push(b'"');
            }
            self.row.push(*byte);
        }
        self.row.push(b'"');
    }

    fn fixed(&mut self, value: Fixed) {
        self.sums.add_fixed(self.at, value);
        self.separate();
        value.push(&mut self.row);
    }

    fn exact(&mut self, value: Amount) {
        self.sums.add_exact(self.at, value);
        self.separate();
        // Writing to a Vec cannot fail.
        let _ = write!(self.row, "{value}");
    }

    fn quantity(&mut self, value: Quantity) {
        self.separate();
        push_decimal(&mut self.row, value.units(), Quantity::SCALE);
    }

    fn instant(&mut self, value: Timestamp) {
        self.separate();
        let _ = write!(self.row, "{value}");
    }

    fn day(&mut self, value: Day) {
        self.separate();
        let _ = write!(self.row, "{value}");
    }

    fn end_row(&mut self) -> Result<(), Problem> {
        crate::cells_match(self.columns, self.at)?;
        self.at = 0;
        self.rows += 1;
        self.row.extend_from_slice(b"\r\n");
        if self.row.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn rows(&self) -> u64 {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[Column::text("Name"), Column::exact("Amount").summed()];

    #[test]
    fn cells_are_quoted_only_where_they_must_be() {
        let mut cells = CsvCells::new(COLUMNS, Vec::new());
        for (name, amount) in [("plain", "1.5"), ("a, b", "-0.5"), ("say \"x\"", "0"), ("", "2")] {
            cells.text(name);
            cells.exact(Amount::parse(amount).unwrap());
            cells.end_row().unwrap();
        }
        assert_eq!(cells.rows(), 4);
        let (out, sums) = cells.finish().unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "Name,Amount\r\nplain,1.5\r\n\"a, b\",-0.5\r\n\"say \"\"x\"\"\",0\r\n,2\r\n"
        );
        assert_eq!(sums.texts(), [("Amount", "3".to_owned())]);
    }

    #[test]
    fn a_row_that_does_not_fit_the_header_is_refused() {
        let mut cells = CsvCells::new(COLUMNS, Vec::new());
        cells.text("short");
        assert!(cells.end_row().unwrap_err().cause_chain().contains("has 1 cells, 2 columns"));
    }
}
