//! `tenantry import rate-card`: a price sheet for one market, from a day on.

use crate::cli::ImportRateCard;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use serde_json::json;
use std::fs;
use tenantry_commerce::{ImportPriceSheet, price_sheet_import, price_sheet_list, rate_card};
use tenantry_core::{Problem, Reason};

pub(crate) fn run(arguments: &ImportRateCard, output: &mut Output<'_>) -> Result<(), Failure> {
    let name = arguments.file.display().to_string();
    let document = fs::read(&arguments.file).map_err(|error| {
        let told = format!("cannot read {name} ({error}); check the path and its permissions");
        Problem::new(Reason::InvalidField, told).at("FILE")
    })?;
    let card = rate_card::read(&document).map_err(|problem| Failure::in_file(&name, problem))?;
    if let Some(wanted) = arguments.currency.filter(|wanted| *wanted != card.currency) {
        let told = format!("the card is in {}, not in {wanted}; nothing was imported", card.currency);
        return Err(Failure::in_file(&name, Problem::new(Reason::CurrencyMismatch, told).at("currency")));
    }
    let (summary, others) = block_on(async {
        let world = arguments.place.open_existing().await?;
        let ctx = world.system("import-rate-card");
        let import = ImportPriceSheet {
            market: arguments.market.clone(),
            currency: Some(card.currency),
            effective_from: arguments.effective_from,
            document,
        };
        let mut others = price_sheet_list(&ctx, world.db()).await?;
        let summary = price_sheet_import(&ctx, world.db(), import).await?;
        others.retain(|sheet| sheet.market == summary.market);
        world.metering().follow(&ctx).await?;
        world.close().await?;
        Ok::<_, Problem>((summary, others))
    })??;
    if let Some(other) = others.first().filter(|_| others.iter().all(|sheet| sheet.currency != summary.currency)) {
        let (market, new, old) = (&summary.market, summary.currency, other.currency);
        output.tell(format_args!(
            "note: this is the first sheet of {market} in {new}, others are in {old}; who buys in {old} keeps those prices"
        ));
    }
    let told = json!({
        "id": summary.id.to_string(),
        "importNumber": summary.import_no,
        "market": summary.market,
        "currency": summary.currency.to_string(),
        "effectiveFrom": summary.effective_from.to_string(),
        "meters": summary.meters,
        "thirdPartyMeters": summary.third_party_meters,
    });
    output.answer(&told, || {
        format!(
            "Price sheet {} (import {}): {} meters in {} for {}, {} of third parties, in force from {}.\n",
            summary.id,
            summary.import_no,
            summary.meters,
            summary.currency,
            summary.market,
            summary.third_party_meters,
            summary.effective_from
        )
    })
}
