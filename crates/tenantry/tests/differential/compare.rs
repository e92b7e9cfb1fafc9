//! Holds the program against the calculator, as texts that a person can compare.

use crate::calculator::{Calculator, Figures, Key};
use crate::exact::{Exact, decimal};
use crate::program::{day, edge, fold, meter, subscription};
use crate::reckoning::{half_even, written};
use crate::story::{EDGES, METERS, RESOURCES, SUBSCRIPTIONS, Step, Story};
use std::collections::BTreeMap;
use tenantry_billing::Draft;
use tenantry_core::{Currency, Month};
use tenantry_usage::{Fold, Line};

/// What the stories had in them: one without moves, deltas or rounding has proven little.
#[derive(Debug, Default)]
pub struct Seen {
    rows: usize,
    credits: usize,
    rounded: usize,
    edges_of_three: usize,
    own_prices: usize,
}

impl Seen {
    pub fn judge(&self, cases: u64) {
        eprintln!("{cases} stories: {self:?}");
        let all = [self.rows, self.credits, self.rounded, self.edges_of_three, self.own_prices];
        assert!(cases < 50 || all.iter().all(|count| *count > 100), "the stories have too little in them: {self:?}");
    }
}

/// Compares everything; the first difference is told.
pub fn compare(story: &Story, seen: &mut Seen) -> Result<(), String> {
    let (fold, calculator) = (fold(story), Calculator::of(story));
    seen.own_prices += story.steps.iter().filter(|step| matches!(step, Step::Own { .. })).count();
    let far = (0..24).fold(Month::of(day(0)), |month, _| month.next());
    for number in 0..EDGES {
        let what = format!("unbilled on edge {number}");
        document(&what, &fold, number, fold.unbilled(edge(number), far), &calculator.unbilled(), seen)?;
        for close in 0..calculator.closes() {
            let lines = fold.billed_by(edge(number), u32::try_from(close).unwrap() + 1);
            document(
                &format!("close {} on edge {number}", close + 1),
                &fold,
                number,
                lines,
                calculator.billed_by(close),
                seen,
            )?;
        }
    }
    Ok(())
}

fn document(
    what: &str,
    fold: &Fold,
    edge_number: usize,
    lines: Vec<Line>,
    expected: &BTreeMap<Key, Figures>,
    seen: &mut Seen,
) -> Result<(), String> {
    same(what, rows(&lines), expected_rows(edge_number, expected, seen))?;
    let draft = Draft::new(edge(edge_number), Currency::USD, lines, fold.book());
    let amounts = draft
        .lines
        .iter()
        .filter(|line| !line.exact.is_zero())
        .map(|line| format!("{} {} {} {} {}", line.subscription, line.meter, line.month, line.exact, line.amount));
    let expected = expected_lines(edge_number, expected);
    let written_lines = expected.iter().map(|(name, exact)| {
        let cents = half_even(&exact.to_string(), 2);
        seen.rounded += usize::from(written(cents, 2) != exact.to_string());
        format!("{name} {exact} {}", written(cents, 2))
    });
    same(&format!("lines of {what}"), amounts.collect(), written_lines.collect())?;
    let total: i128 = expected.values().map(|exact| half_even(&exact.to_string(), 2)).sum();
    same(&format!("total of {what}"), vec![draft.total().unwrap().to_string()], vec![written(total, 2)])
}

fn same(what: &str, mut program: Vec<String>, mut calculator: Vec<String>) -> Result<(), String> {
    program.sort();
    calculator.sort();
    if program == calculator {
        return Ok(());
    }
    let only = |mine: &[String], other: &[String]| {
        mine.iter().filter(|row| !other.contains(row)).map(|row| format!("  {row}\n")).collect::<String>()
    };
    let (mine, theirs) = (only(&program, &calculator), only(&calculator, &program));
    Err(format!("{what}\nonly the program says:\n{mine}only the calculator says:\n{theirs}"))
}

/// Rows that change something.
fn rows(lines: &[Line]) -> Vec<String> {
    let mut rows = Vec::new();
    for line in lines {
        for row in line.rows.iter().filter(|row| row.sheet.is_some()) {
            if row.quantity.is_zero() && row.list.is_zero() && row.charge.is_zero() {
                continue;
            }
            let named = format!("{} {} {}", line.subscription, line.meter, row.day);
            let resource = row.series.resource.folded();
            rows.push(format!("{named} {resource} {} {} {}", row.quantity, row.list, row.charge));
        }
    }
    rows
}

fn expected_rows(edge: usize, expected: &BTreeMap<Key, Figures>, seen: &mut Seen) -> Vec<String> {
    let zero = Exact::default();
    let mut rows = Vec::new();
    for ((of, _, used, on, _, resource), figures) in expected {
        let Some(charge) = figures.charges.get(&edge) else { continue };
        if figures.quantity == 0 && figures.list == zero && *charge == zero {
            continue;
        }
        let charge = charge.to_string();
        seen.rows += 1;
        seen.credits += usize::from(charge.starts_with('-'));
        seen.edges_of_three += usize::from(figures.charges.len() == 3);
        let named = format!("{} {} {}", subscription(*of), meter(*used), day(*on));
        let quantity = decimal(figures.quantity, 18);
        rows.push(format!("{named} {} {quantity} {} {charge}", RESOURCES[*resource], figures.list));
    }
    rows
}

/// What each line comes to, exactly; lines of nothing are left out.
fn expected_lines(edge: usize, expected: &BTreeMap<Key, Figures>) -> BTreeMap<String, Exact> {
    let mut lines: BTreeMap<String, Exact> = BTreeMap::new();
    for ((of, _, used, on, _, _), figures) in expected {
        assert!(*of < SUBSCRIPTIONS && *used < METERS);
        let Some(charge) = figures.charges.get(&edge) else { continue };
        let line = lines.entry(format!("{} {} {}", subscription(*of), meter(*used), Month::of(day(*on)))).or_default();
        *line = line.plus(charge);
    }
    lines.retain(|_, exact| *exact != Exact::default());
    lines
}
