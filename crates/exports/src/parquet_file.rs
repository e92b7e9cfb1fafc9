//! Parquet: columns, compressed with Snappy, in groups of 65,536 rows.
//!
//! Fixed decimals are DECIMAL(38, 24): the widest that DuckDB, Spark and Arrow's 128-bit decimals read without going
//! through floats. Exact decimals of the reconciliation formats may have 54 fraction digits, which no decimal type
//! holds, so they are text there, as in CSV. Written with the low-level writer: Arrow would be many crates for nothing.

use crate::cells::{Cells, Column, Kind};
use crate::fixed::{FIXED_PRECISION, FIXED_SCALE, Fixed};
use crate::sums::Sums;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FixedLenByteArray, FixedLenByteArrayType, Int64Type};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::parser::parse_message_type;
use std::io::Write;
use std::sync::Arc;
use tenantry_core::{Amount, Day, Problem, Quantity, Timestamp};

/// Rows gathered before they are written: what is in memory at a time.
const GROUP_ROWS: usize = 65_536;

/// Writes cells as Parquet.
pub struct ParquetCells<W: Write + Send> {
    file: SerializedFileWriter<W>,
    columns: &'static [Column],
    gathered: Vec<Gathered>,
    at: usize,
    in_group: usize,
    rows: u64,
    sums: Sums,
}

/// The cells of a column in a group of rows. A level of 0 is a cell without a value.
#[derive(Debug)]
struct Gathered {
    levels: Vec<i16>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// Places in one run of bytes; a cell that says what the one before said takes its place again.
    Text {
        bytes: Vec<u8>,
        places: Vec<(usize, usize)>,
    },
    Fixed(Vec<i128>),
    Instant(Vec<i64>),
}

impl<W: Write + Send> ParquetCells<W> {
    /// Begins a file.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn new(columns: &'static [Column], out: W) -> Result<Self, Problem> {
        let schema = parse_message_type(&schema(columns)).map_err(unwritten)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("tenantry ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let file = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties)).map_err(unwritten)?;
        let gathered = columns.iter().map(|column| Gathered::of(column.kind)).collect();
        Ok(Self { file, columns, gathered, at: 0, in_group: 0, rows: 0, sums: Sums::of(columns) })
    }

    /// Writes what is left and the footer; gives back the sink and the sums.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<(W, Sums), Problem> {
        self.write_group().map_err(unwritten)?;
        let out = self.file.into_inner().map_err(unwritten)?;
        Ok((out, self.sums))
    }

    fn write_group(&mut self) -> ParquetResult<()> {
        if self.in_group == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for gathered in &mut self.gathered {
            let column = group.next_column()?.ok_or_else(|| ParquetError::General("too few columns".to_owned()))?;
            gathered.write(column)?;
        }
        group.close()?;
        self.in_group = 0;
        Ok(())
    }

    fn next(&mut self) -> Option<&mut Gathered> {
        let gathered = self.gathered.get_mut(self.at);
        self.at += 1;
        gathered
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if let Some(Gathered { levels, values: Values::Text { bytes: run, places } }) = self.next() {
            levels.push(i16::from(!bytes.is_empty()));
            if bytes.is_empty() {
                return;
            }
            let last = places.last().copied().filter(|(from, to)| run.get(*from..*to) == Some(bytes));
            places.push(last.unwrap_or_else(|| {
                let from = run.len();
                run.extend_from_slice(bytes);
                (from, run.len())
            }));
        }
    }
}

impl Gathered {
    const fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Text | Kind::Exact | Kind::Json => Values::Text { bytes: Vec::new(), places: Vec::new() },
            Kind::Fixed => Values::Fixed(Vec::new()),
            Kind::Instant => Values::Instant(Vec::new()),
        };
        Self { levels: Vec::new(), values }
    }

    /// Writes the group's cells and forgets them; the space is kept for the next group.
    fn write(&mut self, mut column: SerializedColumnWriter<'_>) -> ParquetResult<()> {
        match &mut self.values {
            Values::Text { bytes, places } => {
                let run = ByteArray::from(std::mem::take(bytes));
                let cells: Vec<_> = places.iter().map(|(from, to)| run.slice(*from, to - from)).collect();
                write_cells::<ByteArrayType>(&mut column, &cells, &self.levels)?;
                places.clear();
            }
            Values::Fixed(units) => {
                let cell = |units: &i128| FixedLenByteArray::from(units.to_be_bytes().to_vec());
                let cells: Vec<_> = units.iter().map(cell).collect();
                write_cells::<FixedLenByteArrayType>(&mut column, &cells, &self.levels)?;
                units.clear();
            }
            Values::Instant(micros) => {
                write_cells::<Int64Type>(&mut column, micros, &self.levels)?;
                micros.clear();
            }
        }
        self.levels.clear();
        column.close()
    }
}

fn write_cells<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    cells: &[T::T],
    levels: &[i16],
) -> ParquetResult<()> {
    column.typed::<T>().write_batch(cells, Some(levels), None).map(|_| ())
}

/// The schema in Parquet's own words. Every column may be empty: which may not be is the business of the formats.
fn schema(columns: &[Column]) -> String {
    let mut text = String::from("message tenantry {\n");
    for Column { name, kind, .. } in columns {
        let kind = match kind {
            Kind::Text | Kind::Exact => format!("binary {name} (UTF8)"),
            Kind::Json => format!("binary {name} (JSON)"),
            Kind::Fixed => format!("fixed_len_byte_array(16) {name} (DECIMAL({FIXED_PRECISION},{FIXED_SCALE}))"),
            Kind::Instant => format!("int64 {name} (TIMESTAMP(MICROS,true))"),
        };
        text += &format!("  optional {kind};\n");
    }
    text + "}\n"
}

impl<W: Write + Send> Cells for ParquetCells<W> {
    fn null(&mut self) {
        if let Some(gathered) = self.next() {
            gathered.levels.push(0);
        }
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn fixed(&mut self, value: Fixed) {
        self.sums.add_fixed(self.at, value);
        if let Some(Gathered { levels, values: Values::Fixed(units) }) = self.next() {
            levels.push(1);
            units.push(value.units());
        }
    }

    fn exact(&mut self, value: Amount) {
        self.sums.add_exact(self.at, value);
        self.bytes(value.to_string().as_bytes());
    }

    fn quantity(&mut self, value: Quantity) {
        self.bytes(value.to_string().as_bytes());
    }

    fn instant(&mut self, value: Timestamp) {
        if let Some(Gathered { levels, values: Values::Instant(micros) }) = self.next() {
            levels.push(1);
            micros.push(value.micros());
        }
    }

    fn day(&mut self, value: Day) {
        self.bytes(value.to_string().as_bytes());
    }

    fn end_row(&mut self) -> Result<(), Problem> {
        crate::cells_match(self.columns, self.at)?;
        self.at = 0;
        self.rows += 1;
        self.in_group += 1;
        if self.in_group == GROUP_ROWS { self.write_group().map_err(unwritten) } else { Ok(()) }
    }

    fn rows(&self) -> u64 {
        self.rows
    }
}

fn unwritten(error: ParquetError) -> Problem {
    match error {
        ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
            Ok(error) => crate::unwritten(*error),
            Err(cause) => Problem::internal(cause),
        },
        other => Problem::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    const COLUMNS: &[Column] = &[
        Column::text("Name"),
        Column { name: "Cost", kind: Kind::Fixed, summed: true },
        Column { name: "At", kind: Kind::Instant, summed: false },
        Column::exact("Exact"),
    ];

    #[test]
    fn what_is_written_reads_back() {
        let mut cells = ParquetCells::new(COLUMNS, Vec::new()).unwrap();
        let at = Timestamp::parse("2026-01-02").unwrap();
        for row in 0..70_000_i128 {
            if row % 2 == 0 {
                cells.text("even")
            } else {
                cells.null()
            }
            cells.fixed(Fixed::from_units(row - 1));
            cells.instant(at);
            cells.exact(Amount::parse("0.5").unwrap());
            cells.end_row().unwrap();
        }
        let (bytes, sums) = cells.finish().unwrap();
        assert_eq!(sums.texts(), [("Cost", "0.000000000000002449895".to_owned())]);
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        assert_eq!((reader.metadata().file_metadata().num_rows(), reader.num_row_groups()), (70_000, 2));
        let rows: Vec<_> = reader.get_row_iter(None).unwrap().take(2).map(Result::unwrap).collect();
        assert_eq!(rows[0].get_string(0).unwrap(), "even");
        assert!(rows[1].get_string(0).is_err(), "nothing stands there");
        assert_eq!(rows[0].get_decimal(1).unwrap().data(), (-1_i128).to_be_bytes());
        assert_eq!(rows[1].get_timestamp_micros(2).unwrap(), at.micros());
        assert_eq!(rows[1].get_string(3).unwrap(), "0.5");
    }
}
