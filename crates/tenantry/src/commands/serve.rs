//! `tenantry serve`: the faces of the world in a directory, until stopped.

use crate::cli::Serve;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::from_machine;
use crate::runtime::{block_on, start_log};
use crate::site::{Door, trust_text};
use clap::Args;
use serde_json::json;
use tenantry_core::{Problem, Reason};
use tenantry_directory::provider_find;
use tenantry_metering::{BATCH_EVENTS_MAX, Metering, WAITING_EVENTS_MAX};
use tenantry_usage::Fold;

/// A body may be as large as this, and one alone is always taken; less would only make people wonder.
const BYTES_MIN: usize = 16 << 20;
/// Fewer names would be moved to disk with nearly every batch.
const NAMES_MIN: u64 = 100_000;

/// What the server may hold in memory.
#[derive(Debug, Args)]
pub(crate) struct Memory {
    /// Names of counted events that are kept in memory, about 27 bytes each; older ones are found on disk.
    /// All processes of the world keep as many from their next start on. A change takes as long as reading
    /// the whole usage log. If nobody says a number, it is as it was, 16,777,216 at first.
    #[arg(long, value_name = "NUMBER", value_parser = names, verbatim_doc_comment)]
    names_in_memory: Option<u64>,

    /// Usage events that may wait to be counted; what comes beyond that is answered 429 with Retry-After.
    #[arg(long, value_name = "NUMBER", default_value_t = WAITING_EVENTS_MAX, value_parser = events, verbatim_doc_comment)]
    waiting_events: usize,

    /// Memory of the usage events that wait; beyond it the same.
    #[arg(long, value_name = "SIZE", default_value = "128MiB", value_parser = size, verbatim_doc_comment)]
    waiting_memory: usize,

    /// Memory of all request bodies that are being read, inflated; beyond it the same.
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = size, verbatim_doc_comment)]
    pub(crate) body_memory: usize,
}

impl Memory {
    async fn apply(&self, metering: &Metering) -> Result<(), Problem> {
        metering.set_waiting_max(self.waiting_events, self.waiting_memory);
        match self.names_in_memory {
            Some(names) if metering.read_all(Fold::names_in_memory).await != names => metering.limit_names(names).await,
            _ => Ok(()),
        }
    }
}

/// A number, with or without separators of thousands.
fn number(text: &str) -> Result<u64, String> {
    let plain: String = text.chars().filter(|letter| !matches!(letter, '_' | ',')).collect();
    plain.parse().map_err(|_| format!("`{text}` is no number; write it like 200000 or 200_000"))
}

fn names(text: &str) -> Result<u64, String> {
    match number(text)? {
        few if few < NAMES_MIN => Err(format!("{few} is too few; {NAMES_MIN} names (3 MB) are the least")),
        enough => Ok(enough),
    }
}

fn events(text: &str) -> Result<usize, String> {
    let events = usize::try_from(number(text)?).map_err(|_| format!("{text} is more than this machine can count"))?;
    if events < BATCH_EVENTS_MAX {
        return Err(format!("{events} is too few; a batch alone may have {BATCH_EVENTS_MAX} events"));
    }
    Ok(events)
}

/// `128MiB`, `1GiB`, `512MB`, or bytes.
fn size(text: &str) -> Result<usize, String> {
    const UNITS: [(&str, usize); 6] =
        [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)];
    let (digits, unit) =
        UNITS.iter().find_map(|(name, unit)| Some((text.strip_suffix(name)?, *unit))).unwrap_or((text, 1));
    let bytes = number(digits.trim()).ok().and_then(|count| usize::try_from(count).ok()?.checked_mul(unit));
    let bytes = bytes.ok_or_else(|| format!("`{text}` is no size; write it like 256MiB, 1GiB or a number of bytes"))?;
    if bytes < BYTES_MIN {
        return Err(format!("{text} is too little; {} MiB are the least", BYTES_MIN >> 20));
    }
    Ok(bytes)
}

pub(crate) fn run(arguments: &Serve, output: &mut Output<'_>) -> Result<(), Failure> {
    let Serve { place, listen, origin, memory } = arguments;
    start_log();
    block_on(async {
        place.must_exist().await?;
        let mut door = Door::open(listen, place).await?;
        if let Some(origin) = origin {
            door.origin.clone_from(origin);
        }
        door.body_bytes = memory.body_memory;
        let world = place.open(&door.origin, None, from_machine()?).await?;
        memory.apply(world.metering()).await?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_numbers_are_read_as_people_write_them_and_refused_with_a_word_of_help() {
        for (text, bytes) in [("128MiB", 128 << 20), ("1GiB", 1 << 30), ("512 MB", 512_000_000), ("16777216", 16 << 20)]
        {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for (text, told) in [
            ("1MiB", "too little; 16 MiB"),
            ("lots", "no size; write it like 256MiB"),
            ("", "no size"),
            ("-5MiB", "no size"),
            ("1.5GiB", "no size"),
            ("99999999999GiB", "no size"),
        ] {
            let refused = size(text).unwrap_err();
            assert!(refused.contains(told), "{text}: {refused}");
        }
        assert_eq!((names("1_000_000"), events("20,000")), (Ok(1_000_000), Ok(20_000)));
        for (refused, told) in [
            (names("10").map(drop), "100000 names"),
            (names("many").map(drop), "no number"),
            (events("9999").map(drop), "10000 events"),
        ] {
            let refused = refused.unwrap_err();
            assert!(refused.contains(told), "{refused}");
        }
        assert_eq!(size("128MiB"), Ok(tenantry_metering::WAITING_BYTES_MAX), "the default is the one of the queue");
        assert_eq!(size("256MiB"), Ok(tenantry_http::BODY_BYTES_MAX), "and the one of the bodies");
    }
}
