//! `tenantry setup`: begins a world with its provider, and hands over the key to it.

use crate::application::Party;
use crate::cli::Setup;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::{Place, from_machine};
use crate::runtime::block_on;
use serde_json::json;
use tenantry_commerce::{Address, NewProvider, provider_create};
use tenantry_core::{Problem, Reason, Timestamp};
use tenantry_directory::provider_find;
use tenantry_worlds::World;

/// What the provider's own programs are called in the directory.
const APPLICATION: &str = "Provider";

pub(crate) fn run(arguments: &Setup, output: &mut Output<'_>) -> Result<(), Failure> {
    let place = &arguments.place;
    let (provider, sandbox, now) = block_on(async {
        let begun_before = place.exists().await?;
        let (suffix, begin) = (&arguments.domain_suffix, arguments.sandbox_from);
        let world = place.open_ending_in(suffix, &place.origin(), begin, from_machine()?).await?;
        let made = set_up(&world, arguments).await;
        let (sandbox, now) = (world.settings().sandbox, world.clock().now());
        world.close().await?;
        if made.is_err() && !begun_before {
            place.forget();
        }
        Ok::<_, Problem>((made?, sandbox, now))
    })??;
    let kind = if sandbox { "sandbox" } else { "live" };
    let told = json!({
        "dataDir": place.directory(), "kind": kind, "clock": now.to_string(), "provider": provider,
    });
    output.answer(&told, || text(&provider, kind, now, place))
}

async fn set_up(world: &World, arguments: &Setup) -> Result<Party, Problem> {
    let world_is = |what: &str| {
        let told = format!("{} holds a world already: {what}", arguments.place.name());
        Problem::new(Reason::AlreadyExists, told).at("data-dir")
    };
    if let Some(provider) = provider_find(world.db()).await? {
        return Err(world_is(&format!(
            "that of {}. Serve it with `tenantry serve`, or name another directory",
            provider.name
        )));
    }
    // A world that was begun and got no provider. What it is was decided then.
    let began = world.settings().sandbox.then(|| world.clock().now());
    if began != arguments.sandbox_from {
        let kind = began.map_or_else(|| "a live one".to_owned(), |now| format!("a sandbox that shows {now}"));
        return Err(world_is(&format!("{kind}, without a provider. Say the same again, or name another directory")));
    }
    let suffix = &world.settings().domain_suffix;
    let domain = match &arguments.domain {
        label if label.contains('.') => label.clone(),
        label => format!("{label}.{suffix}"),
    };
    let new = NewProvider {
        name: arguments.name.clone(),
        domain: domain.clone(),
        address: address(arguments),
        email: arguments.email.clone(),
    };
    let made = provider_create(&world.system("setup"), world.db(), suffix, new).await.map_err(by_flag)?;
    Party::register(world, (made.tenant, &made.company_name, &domain), APPLICATION, &[]).await
}

/// The same refusal with the flag's name for the field's: `--address-line1` for `address.addressLine1`.
fn by_flag(problem: Problem) -> Problem {
    let Some(field) = problem.field().map(str::to_owned) else { return problem };
    let words = field
        .trim_start_matches("address.")
        .chars()
        .flat_map(|letter| letter.is_ascii_uppercase().then_some('-').into_iter().chain([letter.to_ascii_lowercase()]));
    let flag = format!("--{}", words.collect::<String>());
    Problem::new(problem.reason(), problem.message().replacen(&field, &flag, 1)).at(flag)
}

fn address(arguments: &Setup) -> Address {
    Address {
        country: arguments.country.clone(),
        address_line1: Some(arguments.address_line1.clone()),
        city: arguments.city.clone(),
        state: arguments.state.clone(),
        postal_code: arguments.postal_code.clone(),
        phone_number: arguments.phone_number.clone(),
        ..Address::default()
    }
}

fn text(provider: &Party, kind: &str, now: Timestamp, place: &Place) -> String {
    let clock = if kind == "sandbox" {
        format!("a sandbox, whose clock shows {now} until it is moved")
    } else {
        "a live world".to_owned()
    };
    let flags = place.flags();
    format!(
        "{} has {clock}, in {}.\n{}\nThe secret is shown this once: keep it where secrets are kept.\n\nNext:\n  \
         tenantry import rate-card FILE --market COUNTRY --effective-from DAY {flags}\n  tenantry serve {flags}\n  \
         tenantry token --app-id {} {flags}    # asks for the secret\n",
        provider.name,
        place.name(),
        provider.text(),
        provider.app_id
    )
}
