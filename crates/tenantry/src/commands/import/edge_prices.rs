//! `tenantry import edge-prices`: the prices a seller names for its buyer, from today or later on.

use crate::cli::ImportEdgePrices;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use serde_json::json;
use std::fs;
use tenantry_commerce::{ImportEdgePriceSheet, edge_price_file, edge_price_sheet_import};
use tenantry_core::{Problem, Reason};

pub(crate) fn run(arguments: &ImportEdgePrices, output: &mut Output<'_>) -> Result<(), Failure> {
    let name = arguments.file.display().to_string();
    let document = fs::read(&arguments.file).map_err(|error| {
        let told = format!("cannot read {name} ({error}); check the path and its permissions");
        Problem::new(Reason::InvalidField, told).at("FILE")
    })?;
    let meters = edge_price_file::read(&document).map_err(|problem| Failure::in_file(&name, problem))?;
    let list = block_on(async {
        let world = arguments.place.open_existing().await?;
        let ctx = world.system("import-edge-prices");
        let import = ImportEdgePriceSheet {
            seller: arguments.seller,
            buyer: arguments.buyer,
            market: None,
            currency: arguments.currency,
            effective_from: arguments.effective_from.unwrap_or_else(|| ctx.now()),
            meters,
        };
        let list = edge_price_sheet_import(&ctx, world.db(), import).await?;
        world.metering().follow(&ctx).await?;
        world.close().await?;
        Ok::<_, Problem>(list)
    })??;
    let told = json!({
        "id": list.id.to_string(),
        "importNumber": list.import_no,
        "edge": list.edge.to_string(),
        "seller": list.seller.to_string(),
        "buyer": list.buyer.to_string(),
        "market": list.market,
        "currency": list.currency.to_string(),
        "effectiveFrom": list.effective_from.to_string(),
        "meters": list.meters,
    });
    output.answer(&told, || {
        format!(
            "Price list {} (import {}) for {}: {} meters in {}, in force from {}.\n",
            list.id, list.import_no, list.buyer, list.meters, list.currency, list.effective_from
        )
    })
}
