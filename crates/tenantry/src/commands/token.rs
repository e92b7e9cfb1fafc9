//! `tenantry token`: a bearer token, issued the way a client gets one, without a client.

use crate::cli::Token;
use crate::demo::Story;
use crate::failure::Failure;
use crate::output::Output;
use crate::runtime::block_on;
use serde_json::json;
use std::io::{self, BufRead};
use tenantry_core::{Problem, Reason, Secret, Timestamp};
use tenantry_directory::{Endpoint, IssuedToken, OauthRefusal, SignInRules, TokenRequest, token_issue};

/// Where the secret is looked for before stdin is asked.
const SECRET: &str = "TENANTRY_SECRET";

pub(crate) fn run(arguments: &Token, output: &mut Output<'_>) -> Result<(), Failure> {
    let place = &arguments.place;
    let origin = place.origin();
    let resource = arguments.resource.as_deref().unwrap_or(&origin);
    let issued = block_on(async {
        let look = place.look().await?;
        let (app, secret) = credentials(arguments, output)?;
        let request = TokenRequest {
            grant_type: Some("client_credentials"),
            client_id: Some(&app),
            client_secret: Some(&secret),
            resource: Some(resource),
            // The application's own tenant.
            ..TokenRequest::new(Endpoint::V1, "common")
        };
        let keys = look.keys(&origin).await?;
        let issued = token_issue(&look.system("token"), look.db(), &keys, &SignInRules::default(), &request).await;
        look.close().await;
        issued.map_err(|refusal| refused(refusal, &origin))
    })??;
    let IssuedToken { access_token, expires_on, .. } = &issued;
    let expires = Timestamp::from_seconds(*expires_on).to_string();
    let told = json!({ "accessToken": access_token.reveal(), "expiresOn": expires, "resource": issued.resource });
    output.answer(&told, || format!("{}\n", access_token.reveal()))
}

/// The application and its secret.
fn credentials(arguments: &Token, output: &mut Output<'_>) -> Result<(String, Secret), Problem> {
    let Some(app) = &arguments.app_id else {
        let story = Story::find(&arguments.place.data_dir).map_err(|_| {
            let told = "--app-id is required: this directory holds no demo, whose partner would be the default";
            Problem::new(Reason::MissingField, told).at("app-id")
        })?;
        let partner = story.partner.party;
        return Ok((partner.app_id, Secret::new(partner.app_secret)));
    };
    Ok((app.clone(), secret(output)?))
}

#[expect(clippy::disallowed_methods, reason = "a secret must not be an argument, and this is its one reader")]
fn secret(output: &mut Output<'_>) -> Result<Secret, Problem> {
    if let Ok(secret) = std::env::var(SECRET) {
        return Ok(Secret::new(secret));
    }
    if output.terminal() {
        output.tell("The application's secret (it will be seen here; TENANTRY_SECRET or a file as stdin hide it):");
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(Problem::internal)?;
    match line.trim() {
        "" => {
            let told = format!("no secret: put it into the environment variable {SECRET}, or send it to stdin");
            Err(Problem::new(Reason::MissingField, told).at(SECRET))
        }
        secret => Ok(Secret::new(secret)),
    }
}

/// The service speaks to clients, in the words they know. Here are those that people at a command line meet.
fn refused(refusal: OauthRefusal, origin: &str) -> Problem {
    match refusal {
        OauthRefusal::ApplicationUnknown { app, .. } => {
            Problem::invalid("--app-id", format_args!("there is no application `{app}` in this world"))
        }
        OauthRefusal::SecretWrong { app } => {
            Problem::invalid(SECRET, format_args!("this is no secret of application `{app}`"))
        }
        OauthRefusal::ResourceUnknown { resource, .. } => Problem::invalid(
            "--resource",
            format_args!("no API here is called `{resource}`; {origin} fits all that this server answers"),
        ),
        OauthRefusal::Failed(problem) => problem,
        other => Problem::new(Reason::TokenInvalid, other.message()),
    }
}
