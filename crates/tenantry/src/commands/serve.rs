//! `tenantry serve`: the faces of the world in a directory, until stopped.

use crate::cli::Serve;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::{block_on, start_log};
use crate::site::Door;
use tenantry_core::{Chance, Problem};

pub(crate) fn run(arguments: &Serve, output: &mut Output<'_>) -> Result<(), Failure> {
    start_log();
    block_on(async {
        let door = Door::open(arguments.port).await?;
        let chance = Chance::from_machine().map_err(Problem::internal)?;
        let world = arguments.place.open(&door.origin, None, chance).await?;
        let kind = if world.settings().sandbox { "sandbox" } else { "live world" };
        let told = serde_json::json!({ "origin": door.origin, "kind": kind, "clock": world.clock().now().to_string() });
        output.answer(&told, || format!("A {kind}; its clock shows {}.\n", world.clock().now()))?;
        Ok(door.serve(world, &arguments.place, output).await?)
    })?
}
