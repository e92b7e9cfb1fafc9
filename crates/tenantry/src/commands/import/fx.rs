//! `tenantry import fx`: what a currency costs in another, month by month.

use crate::cli::ImportFx;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use crate::words::counted;
use serde_json::{Value, json};
use std::fs;
use tenantry_commerce::{fx_file, fx_import};
use tenantry_core::{Problem, Reason};

pub(crate) fn run(arguments: &ImportFx, output: &mut Output<'_>) -> Result<(), Failure> {
    let name = arguments.file.display().to_string();
    let document = fs::read(&arguments.file).map_err(|error| {
        let told = format!("cannot read {name} ({error}); check the path and its permissions");
        Problem::new(Reason::InvalidField, told).at("FILE")
    })?;
    let rates = fx_file::read(&document).map_err(|problem| Failure::in_file(&name, problem))?;
    let imported = block_on(async {
        let world = arguments.place.open_existing().await?;
        let ctx = world.system("import-fx");
        let imported = fx_import(&ctx, world.db(), rates).await?;
        world.metering().follow(&ctx).await?;
        world.close().await?;
        Ok::<_, Problem>(imported)
    })??;
    let rates = imported.added.iter().map(|fx| {
        json!({
            "month": fx.month.to_string(),
            "from": fx.from.to_string(),
            "to": fx.to.to_string(),
            "rate": fx.rate.to_string(),
            "source": fx.source,
            "date": fx.dated.to_string(),
        })
    });
    let told = json!({
        "importNumber": imported.import_no,
        "unchanged": imported.unchanged,
        "rates": rates.collect::<Vec<Value>>(),
    });
    output.answer(&told, || {
        let mut text = String::new();
        for fx in &imported.added {
            text += &format!("{}  1 {} = {} {}  ({}, {})\n", fx.month, fx.from, fx.rate, fx.to, fx.source, fx.dated);
        }
        let new = counted(imported.added.len() as u64, "exchange rate");
        text + &format!("{new} imported, {} known already.\n", imported.unchanged)
    })
}
