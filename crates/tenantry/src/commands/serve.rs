//! `tenantry serve`: the faces of the world in a directory, until stopped.

use crate::cli::Serve;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::from_machine;
use crate::runtime::{block_on, start_log};
use crate::site::{Door, trust_text};
use serde_json::json;
use tenantry_core::{Problem, Reason};
use tenantry_directory::provider_find;

pub(crate) fn run(arguments: &Serve, output: &mut Output<'_>) -> Result<(), Failure> {
    let Serve { place, listen, origin } = arguments;
    start_log();
    block_on(async {
        place.must_exist().await?;
        let mut door = Door::open(listen, place).await?;
        if let Some(origin) = origin {
            door.origin.clone_from(origin);
        }
        let world = place.open(&door.origin, None, from_machine()?).await?;
        let Some(provider) = provider_find(world.db()).await? else {
            world.close().await?;
            let told = "this world has no provider yet; run `tenantry setup` with the same directory first";
            return Err(Problem::new(Reason::TenantNotFound, told).at("data-dir").into());
        };
        let (kind, now) = (if world.settings().sandbox { "sandbox" } else { "live" }, world.clock().now());
        let (ca_file, data_dir) = (&door.authority.ca_path, place.directory());
        let told = json!({
            "origin": door.origin, "caFile": ca_file, "dataDir": data_dir, "kind": kind, "clock": now.to_string(),
            "listen": door.address.to_string(),
        });
        output.answer(&told, || {
            let provider = &provider.name;
            let mut text = if kind == "sandbox" {
                format!("The sandbox of {provider}; its clock shows {now}.\n")
            } else {
                let many = if world.is_shared() { " Other processes may serve it at the same time." } else { "" };
                format!("The world of {provider}, on real time.{many}\n")
            };
            if door.authority.is_new {
                text += "Clients must trust its certificates once, in one of these ways:\n";
                text += &trust_text(&door.authority);
            }
            text
        })?;
        Ok(door.serve(world, place, output).await?)
    })?
}
