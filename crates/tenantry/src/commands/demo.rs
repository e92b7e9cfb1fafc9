//! `tenantry demo`: a seeded channel with months of usage, on a clock that can be moved.

use crate::cli::Demo;
use crate::demo::{Figures, Shown, Story, begins, seed};
use crate::failure::Failure;
use crate::output::Output;
use crate::place::{Place, from_machine};
use crate::runtime::{block_on, start_log};
use crate::site::{Door, authority};
use std::sync::Arc;
use tenantry_core::{Chance, Problem, Reason};
use tenantry_http::Authority;
use tenantry_worlds::World;

pub(crate) fn run(arguments: &Demo, output: &mut Output<'_>) -> Result<(), Failure> {
    let Demo { once, place, listen, seed } = arguments;
    if !listen.listen.ip().is_loopback() {
        return Err(Problem::new(
            Reason::Unsupported,
            format!(
                "a demo listens on this machine only, not on {}: its secrets follow from its seed, so others could make \
                 them too; begin a world of your own with `tenantry setup` and `tenantry serve`",
                listen.listen.ip()
            ),
        )
        .at("listen")
        .into());
    }
    block_on(async {
        if *once {
            // The certificates too: a script may read the path now and serve later.
            let authority = authority(place, &listen.host)?;
            let world = show(place, &listen.origin(listen.listen.port()), &authority, *seed, false, output).await?;
            return Ok(world.close().await?);
        }
        let door = Door::open(listen, place).await?;
        let world = show(place, &door.origin, &door.authority, *seed, true, output).await?;
        start_log();
        Ok(door.serve(world, place, output).await?)
    })?
}

async fn show(
    place: &Place,
    origin: &str,
    authority: &Authority,
    number: u64,
    serving: bool,
    output: &mut Output<'_>,
) -> Result<Arc<World>, Failure> {
    let (world, story) = open(place, origin, number, output).await?;
    let shown = Shown {
        origin: origin.to_owned(),
        ca_file: authority.ca_path.clone(),
        data_dir: place.directory(),
        flags: place.flags(),
        figures: Figures::of(&world, &story).await?,
        story: &story,
    };
    output.answer(&shown, || shown.text(authority, serving))?;
    Ok(world)
}

/// The demo that is there, or a new one.
async fn open(
    place: &Place,
    origin: &str,
    number: u64,
    output: &mut Output<'_>,
) -> Result<(Arc<World>, Story), Problem> {
    if place.exists().await? {
        let story = Story::find(&place.data_dir)?;
        // Not from the seed: a second run must not draw the ids of the first one again.
        return Ok((place.open(origin, None, from_machine()?).await?, story));
    }
    let world = place.open(origin, Some(begins()?), Chance::from_seed(number)).await?;
    let story = seed(&world, number, output).await?;
    story.keep(&place.data_dir)?;
    Ok((world, story))
}
