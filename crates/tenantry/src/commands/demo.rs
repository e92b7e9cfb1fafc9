//! `tenantry demo`: a seeded channel with months of usage, on a clock that can be moved.

use crate::cli::Demo;
use crate::demo::{Story, begins, seed};
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Place;
use crate::runtime::{block_on, start_log};
use crate::site::Door;
use std::sync::Arc;
use tenantry_core::{Chance, Problem};
use tenantry_worlds::World;

pub(crate) fn run(arguments: &Demo, output: &mut Output<'_>) -> Result<(), Failure> {
    block_on(async {
        let door = if arguments.once { None } else { Some(Door::open(arguments.port).await?) };
        let origin =
            door.as_ref().map_or_else(|| format!("https://localhost:{}", arguments.port), |d| d.origin.clone());
        let (world, story) = open(&arguments.place, &origin, arguments.seed, output).await?;
        output.answer(&story, || story.text())?;
        match door {
            Some(door) => {
                start_log();
                door.serve(world, &arguments.place, output).await?;
            }
            None => world.close().await?,
        }
        Ok(())
    })?
}

/// The demo that is there, or a new one.
async fn open(
    place: &Place,
    origin: &str,
    number: u64,
    output: &mut Output<'_>,
) -> Result<(Arc<World>, Story), Problem> {
    if place.exists() {
        let story = Story::find(&place.data_dir)?;
        // Not from the seed: a second run must not draw the ids of the first one again.
        let chance = Chance::from_machine().map_err(Problem::internal)?;
        return Ok((place.open(origin, None, chance).await?, story));
    }
    let world = place.open(origin, Some(begins()?), Chance::from_seed(number)).await?;
    let story = seed(&world, number, output).await?;
    story.keep(&place.data_dir)?;
    Ok((world, story))
}
