//! One export on disk: its file or parts, what was done before a crash, and the manifest at the end.
//!
//! Without parts an interrupted export starts again. With parts, those that are whole are kept: their names, lengths
//! and hashes stand in a note beside them, and the next try checks them and passes over their rows. That holds because an
//! issued document never changes and its rows have one order. An estimate may change, so it always starts again.

use crate::cells::{Cells, Column, Kind};
use crate::csv_file::CsvCells;
use crate::document::Document;
use crate::fixed::Fixed;
use crate::format::Format;
use crate::manifest::{Manifest, NamedColumn, Part, Subject, total};
use crate::parquet_file::ParquetCells;
use crate::sums::Sums;
use crate::whole::{Finished, Unfinished, hash_of, remove, write_whole};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tenantry_core::{Amount, Day, Problem, Quantity, Reason, Timestamp};

/// How bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Comma separated text.
    Csv,
    /// Columns, typed and compressed.
    Parquet,
}

impl Encoding {
    /// Its name, and the ending of its files.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }
}

/// Where an export goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The file; parts and manifest are named after it.
    pub path: PathBuf,
    /// How its bytes are written.
    pub encoding: Encoding,
    /// Rows of a part; `None` for one file.
    pub part_rows: Option<u64>,
}

impl Target {
    /// The manifest's name.
    #[must_use]
    pub fn manifest(&self) -> PathBuf {
        self.beside("manifest.json")
    }

    /// The note of parts that are whole.
    fn note(&self) -> PathBuf {
        self.beside("parts.json")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        self.path.with_file_name(format!("{name}.{ending}"))
    }

    /// The file of a part, from 0.
    fn part(&self, index: usize) -> PathBuf {
        if self.part_rows.is_none() {
            return self.path.clone();
        }
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let ending = self.path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
        self.path.with_file_name(format!("{stem}-part-{:05}{ending}", index + 1))
    }
}

/// What an interrupted export leaves to the next try.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    subject: Subject,
    parts: Vec<Part>,
}

/// The sink of an export: takes cells, makes files.
pub struct FileCells<'a, P> {
    target: &'a Target,
    subject: Subject,
    columns: &'static [Column],
    current: Option<Encoder>,
    /// Whole and named.
    parts: Vec<Part>,
    /// Whole, but not named yet: it waits for the sums to be checked.
    last: Option<(Finished, Part)>,
    /// Rows that parts of an earlier try hold.
    passing_over: u64,
    rows: u64,
    failed: Option<Problem>,
    progress: P,
}

enum Encoder {
    Csv(Box<CsvCells<Unfinished>>),
    Parquet(Box<ParquetCells<Unfinished>>),
}

impl<'a, P: FnMut(u64)> FileCells<'a, P> {
    /// Begins an export, or goes on with it. `progress` is told the rows so far, after each.
    ///
    /// # Errors
    /// The directory cannot be written.
    pub fn begin(document: &Document, format: &dyn Format, target: &'a Target, progress: P) -> Result<Self, Problem> {
        if target.part_rows == Some(0) {
            return Err(Problem::invalid("part-rows", "0 is no number of rows; give 1 or more, or leave it out"));
        }
        let subject = subject(document, format, target);
        // From here on there is no whole export under this name, until there is again.
        remove(&target.manifest())?;
        let parts = if subject.estimate { Vec::new() } else { kept(target, &subject) };
        let passing_over = parts.iter().map(|part| part.rows).sum();
        let columns = format.columns();
        Ok(Self {
            target,
            subject,
            columns,
            current: None,
            parts,
            last: None,
            passing_over,
            rows: 0,
            failed: None,
            progress,
        })
    }

    /// Rows that need not be written again.
    #[must_use]
    pub const fn passed_over(&self) -> u64 {
        self.passing_over
    }

    /// All rows were said: checks that they come to what the document asks for, names the file, writes the manifest.
    ///
    /// # Errors
    /// `Corrupt`: the rows do not sum to the document; then there is no manifest. Or the files cannot be written.
    pub fn finish(mut self, document: &Document, owed: Option<Owes>) -> Result<Manifest, Problem> {
        if self.current.is_some() || (self.parts.is_empty() && self.last.is_none()) {
            // A document without rows is a file with nothing but its header.
            self.open()?;
            self.end_part()?;
        }
        let mut all = self.parts.clone();
        all.extend(self.last.as_ref().map(|(_, part)| part.clone()));
        let sums = total(&all)?;
        if let Some(Owes { column, amount }) = owed {
            let said = sums.get(column).copied().unwrap_or_default();
            if said != amount {
                // Should parts of an earlier try be what is wrong, the next try does without them.
                remove(&self.target.note())?;
                return Err(Problem::corrupt(format!(
                    "the rows of {} sum to {said}, the document asks for {amount}",
                    document.number()
                )));
            }
        }
        if let Some((finished, part)) = self.last.take() {
            finished.publish()?;
            self.parts.push(part);
        }
        let by_column = sums.iter().map(|(name, sum)| (name.clone(), sum.to_string())).collect();
        let manifest = Manifest {
            rows: self.parts.iter().map(|part| part.rows).sum(),
            sums: BTreeMap::from([(self.subject.currency.clone(), by_column)]),
            columns: self.columns.iter().map(named).collect(),
            subject: self.subject,
            parts: self.parts,
        };
        let mut text = serde_json::to_vec_pretty(&manifest).map_err(Problem::internal)?;
        text.push(b'\n');
        write_whole(&self.target.manifest(), &text)?;
        remove(&self.target.note())?;
        Ok(manifest)
    }

    fn open(&mut self) -> Result<(), Problem> {
        if self.current.is_none() {
            self.publish_last()?;
            let file = Unfinished::begin(&self.target.part(self.parts.len()))?;
            self.current = Some(match self.target.encoding {
                Encoding::Csv => Encoder::Csv(Box::new(CsvCells::new(self.columns, file))),
                Encoding::Parquet => Encoder::Parquet(Box::new(ParquetCells::new(self.columns, file)?)),
            });
        }
        Ok(())
    }

    /// Another part follows, so the one before it is named and noted.
    fn publish_last(&mut self) -> Result<(), Problem> {
        let Some((finished, part)) = self.last.take() else { return Ok(()) };
        finished.publish()?;
        self.parts.push(part);
        let note = Note { subject: self.subject.clone(), parts: self.parts.clone() };
        write_whole(&self.target.note(), &serde_json::to_vec(&note).map_err(Problem::internal)?)
    }

    fn end_part(&mut self) -> Result<(), Problem> {
        let Some(encoder) = self.current.take() else { return Ok(()) };
        let (rows, file, sums) = encoder.finish()?;
        let finished = file.finish()?;
        let name = self.target.part(self.parts.len());
        let part = Part {
            file: name.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            rows,
            bytes: finished.bytes,
            sha256: finished.sha256.clone(),
            sums: sums.texts().into_iter().map(|(name, sum)| (name.to_owned(), sum)).collect(),
        };
        self.last = Some((finished, part));
        Ok(())
    }

    fn encoder(&mut self) -> Option<&mut dyn Cells> {
        if self.passing_over > 0 || self.failed.is_some() {
            return None;
        }
        if let Err(problem) = self.open() {
            // Cells cannot fail; the row can.
            self.failed = Some(problem);
            return None;
        }
        self.current.as_mut().map(Encoder::cells)
    }
}

/// What the document asks for, and the column that must sum to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owes {
    /// The column.
    pub column: &'static str,
    /// The amount.
    pub amount: Amount,
}

impl Encoder {
    fn cells(&mut self) -> &mut dyn Cells {
        match self {
            Self::Csv(cells) => cells.as_mut(),
            Self::Parquet(cells) => cells.as_mut(),
        }
    }

    fn finish(self) -> Result<(u64, Unfinished, Sums), Problem> {
        match self {
            Self::Csv(cells) => {
                let rows = cells.rows();
                cells.finish().map(|(file, sums)| (rows, file, sums))
            }
            Self::Parquet(cells) => {
                let rows = cells.rows();
                cells.finish().map(|(file, sums)| (rows, file, sums))
            }
        }
    }
}

impl<P: FnMut(u64)> Cells for FileCells<'_, P> {
    fn null(&mut self) {
        if let Some(cells) = self.encoder() {
            cells.null();
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(cells) = self.encoder() {
            cells.text(text);
        }
    }

    fn fixed(&mut self, value: Fixed) {
        if let Some(cells) = self.encoder() {
            cells.fixed(value);
        }
    }

    fn exact(&mut self, value: Amount) {
        if let Some(cells) = self.encoder() {
            cells.exact(value);
        }
    }

    fn quantity(&mut self, value: Quantity) {
        if let Some(cells) = self.encoder() {
            cells.quantity(value);
        }
    }

    fn instant(&mut self, value: Timestamp) {
        if let Some(cells) = self.encoder() {
            cells.instant(value);
        }
    }

    fn day(&mut self, value: Day) {
        if let Some(cells) = self.encoder() {
            cells.day(value);
        }
    }

    fn end_row(&mut self) -> Result<(), Problem> {
        self.rows += 1;
        (self.progress)(self.rows);
        if self.passing_over > 0 {
            self.passing_over -= 1;
            return Ok(());
        }
        if let Some(problem) = self.failed.take() {
            return Err(problem);
        }
        let Some(encoder) = self.current.as_mut() else {
            return Err(Problem::internal("a row without cells"));
        };
        let cells = encoder.cells();
        cells.end_row()?;
        let full = self.target.part_rows == Some(cells.rows());
        if full { self.end_part() } else { Ok(()) }
    }

    fn rows(&self) -> u64 {
        self.rows
    }
}

fn subject(document: &Document, format: &dyn Format, target: &Target) -> Subject {
    Subject {
        format: format.name().to_owned(),
        version: format.version().to_owned(),
        encoding: target.encoding.text().to_owned(),
        document: document.number.clone(),
        document_hash: document.hash.clone(),
        estimate: document.number.is_none(),
        month: document.month.to_string(),
        seller: document.seller.tenant.to_string(),
        buyer: document.buyer.tenant.to_string(),
        currency: document.currency.code().to_owned(),
        part_rows: target.part_rows,
    }
}

/// The parts of an earlier try that are still what they were, up to the first that is not.
fn kept(target: &Target, subject: &Subject) -> Vec<Part> {
    let noted = std::fs::read(target.note()).ok().and_then(|note| serde_json::from_slice::<Note>(&note).ok());
    let Some(note) = noted.filter(|note| note.subject == *subject) else { return Vec::new() };
    let intact = |(part, index): &(Part, usize)| {
        let path = target.part(*index);
        name_of(&path) == part.file && hash_of(&path).is_ok_and(|found| found == (part.bytes, part.sha256.clone()))
    };
    note.parts.into_iter().zip(0..).take_while(intact).map(|(part, _)| part).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn named(column: &Column) -> NamedColumn {
    let kind = match column.kind {
        Kind::Text => "text",
        Kind::Exact => "decimal",
        Kind::Fixed => "decimal(38,24)",
        Kind::Instant => "timestamp",
        Kind::Json => "json",
    };
    NamedColumn { name: column.name.to_owned(), kind: kind.to_owned() }
}

/// A path that can hold a file.
///
/// # Errors
/// `InvalidField`: it names a directory or nothing.
pub fn checked_path(path: &Path) -> Result<(), Problem> {
    if path.file_name().is_none() || path.is_dir() {
        let told = format!("{} names no file; give a file such as focus.csv", path.display());
        return Err(Problem::new(Reason::InvalidField, told).at("out"));
    }
    Ok(())
}
