//! Every operation by every caller that concerns it: what each is told.

use crate::bodies;
use crate::cast::{CHANNEL, CUSTOMERS_DIRECTORY, Caller, LOGIN, PARTNERS_DIRECTORY, Side, SignIn};
use crate::ids::{self, Value};
use crate::operations::{self, Operation};
use crate::seed::{Seeded, seed};
use crate::stage::{Stage, open};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tenantry_directory::{DIRECTORY_GRAPH, MICROSOFT_GRAPH, PARTNER_CENTER};
use tenantry_testkit::{Client, ORIGIN, Reply};

/// Operations of a face with the callers they are tried by.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    face: &'static str,
    /// Whose directory it is about.
    tenant: &'static str,
    pub(crate) callers: &'static [Caller],
    takes: fn(&Operation) -> bool,
}

/// The sections of `routes.txt`.
pub(crate) const SECTIONS: [Section; 5] = [
    Section {
        title: "Partner Center v1",
        face: "partner-center-v1",
        tenant: "owner",
        callers: &CHANNEL,
        takes: |_| true,
    },
    Section { title: "Our own API", face: "tenantry-v1", tenant: "owner", callers: &CHANNEL, takes: |_| true },
    Section {
        title: "Azure AD Graph, in the customer's directory",
        face: "directory-graph",
        tenant: "customer",
        callers: &CUSTOMERS_DIRECTORY,
        takes: |operation| !of_partners(operation),
    },
    Section {
        title: "Azure AD Graph, in the partner's directory",
        face: "directory-graph",
        tenant: "owner",
        callers: &PARTNERS_DIRECTORY,
        takes: of_partners,
    },
    Section { title: "Sign-in", face: "login", tenant: "customer", callers: &LOGIN, takes: |_| true },
];

/// About what only partners have.
fn of_partners(operation: &Operation) -> bool {
    operation.name.starts_with("contracts.")
}

/// What a caller was told.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) status: u16,
    /// Things of the owner in the answer that the caller cannot know and did not name.
    pub(crate) leaks: Vec<String>,
    /// The answer, if somebody must look at it.
    pub(crate) said: Option<String>,
}

impl Cell {
    pub(crate) const fn done(&self) -> bool {
        self.status >= 200 && self.status < 300
    }
}

/// An operation in a section.
pub(crate) struct Row {
    pub(crate) section: &'static Section,
    pub(crate) operation: Operation,
    /// Whether path or query name something of the owner, besides the tenant.
    pub(crate) names_owned: bool,
    /// One for each caller. Open operations are tried by nobody alone.
    pub(crate) cells: Vec<Cell>,
}

/// All of it.
pub(crate) struct Matrix {
    pub(crate) rows: Vec<Row>,
    /// Operations of documents that no section takes.
    pub(crate) homeless: Vec<String>,
    /// Parameters nobody has said the meaning of.
    pub(crate) unknown: Vec<String>,
}

/// Makes the world and asks everybody.
pub(crate) fn make() -> Matrix {
    let directory = tempfile::Builder::new().prefix("tenantry-routes-").tempdir().unwrap();
    let file = directory.path().join("seeded.sqlite");
    let (seeded, tokens) = runtime().block_on(begin(&file));
    let operations = operations::all();
    let homeless = operations.iter().filter(|operation| sections_of(operation).next().is_none());
    let homeless = homeless.map(Operation::key).collect();
    let jobs: Vec<_> = operations.iter().flat_map(|op| sections_of(op).map(move |section| (section, op))).collect();
    let unknown = jobs.iter().flat_map(|(_, operation)| unknown(operation, &seeded)).collect();
    let (next, rows) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                runtime().block_on(async {
                    let mut stage = Stage::new(&file);
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some((section, operation)) = jobs.get(place) else { break };
                        let play = Play { seeded: &seeded, tokens: &tokens, section, operation };
                        let row = play.row(&mut stage).await;
                        rows.lock().unwrap().insert(place, row);
                    }
                    stage.clear().await;
                });
            });
        }
    });
    let mut rows: Vec<Row> = rows.into_inner().unwrap().into_values().collect();
    rows.sort_by_key(|row| SECTIONS.iter().position(|section| section.title == row.section.title));
    Matrix { rows, homeless, unknown }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn sections_of(operation: &Operation) -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().filter(|section| section.face == operation.face && (section.takes)(operation))
}

fn unknown(operation: &Operation, seeded: &Seeded) -> Vec<String> {
    let unknown =
        |parameter: &&String| *parameter != "tenant" && ids::value(operation, parameter, &seeded.things).is_none();
    operation.params.iter().filter(unknown).map(|parameter| format!("{{{parameter}}} of {}", operation.key())).collect()
}

/// Tokens by who calls and for which API.
type Tokens = BTreeMap<(SignIn, &'static str), String>;

async fn begin(file: &Path) -> (Seeded, Tokens) {
    let world = open(file, 0).await;
    let seeded = seed(&world).await;
    let mut tokens = Tokens::new();
    for section in &SECTIONS {
        for caller in section.callers {
            let api = api_of(section.face, caller.side);
            if !tokens.contains_key(&(caller.sign_in, api))
                && let Some(token) = seeded.people.token(&world, caller, api, seeded.customer).await
            {
                tokens.insert((caller.sign_in, api), token);
            }
        }
    }
    world.close().await.unwrap();
    (seeded, tokens)
}

/// What tokens for a face are asked for, or tokens that it must not take.
fn api_of(face: &str, side: Side) -> &'static str {
    match (face, side) {
        ("login", Side::Elsewhere) => PARTNER_CENTER,
        ("login", _) => MICROSOFT_GRAPH,
        (_, Side::Elsewhere) => MICROSOFT_GRAPH,
        ("partner-center-v1", _) => PARTNER_CENTER,
        ("tenantry-v1", _) => ORIGIN,
        ("directory-graph", _) => DIRECTORY_GRAPH,
        (other, _) => panic!("for which API are tokens of the face {other}? Say it in matrix.rs"),
    }
}

/// One operation in one section.
struct Play<'a> {
    seeded: &'a Seeded,
    tokens: &'a Tokens,
    section: &'static Section,
    operation: &'a Operation,
}

impl Play<'_> {
    async fn row(&self, stage: &mut Stage) -> Row {
        let mut cells = Vec::new();
        let callers = if self.operation.open { &self.section.callers[..1] } else { self.section.callers };
        for caller in callers {
            let client = stage.client().await;
            let cell = self.cell(&client, caller).await;
            drop(client);
            if cell.done() && self.operation.writes() {
                stage.clear().await;
            }
            cells.push(cell);
        }
        let values = self.values().chain(self.query().into_iter().map(|(_, value)| value));
        let names_owned = values.into_iter().any(|value| matches!(value, Value::Owned(_)));
        Row { section: self.section, operation: self.operation.clone(), names_owned, cells }
    }

    /// Values of the path besides the tenant.
    fn values(&self) -> impl Iterator<Item = Value> {
        let named = self.operation.params.iter().filter(|parameter| *parameter != "tenant");
        named.filter_map(|parameter| ids::value(self.operation, parameter, &self.seeded.things))
    }

    fn query(&self) -> Vec<(&'static str, Value)> {
        ids::query(self.operation, &self.seeded.things)
    }

    fn path(&self, caller: &Caller) -> String {
        let things = &self.seeded.things;
        let mut path = self.operation.path.clone();
        for parameter in &self.operation.params {
            let value = ids::value(self.operation, parameter, things);
            let text = match (parameter.as_str(), caller.side, value) {
                (_, _, Some(value)) => value.text().to_owned(),
                ("tenant", Side::StrangerAtHome, None) => things.get("stranger").to_owned(),
                ("tenant", _, None) => things.get(self.section.tenant).to_owned(),
                // Told by a test of its own.
                (_, _, None) => "unknown".to_owned(),
            };
            path = path.replace(&format!("{{{parameter}}}"), &text);
        }
        let query: Vec<_> = self.query().into_iter().map(|(name, value)| format!("{name}={}", value.text())).collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    async fn cell(&self, client: &Client, caller: &Caller) -> Cell {
        let path = self.path(caller);
        let mut sending = client.request(&self.operation.method, &path);
        let api = api_of(self.section.face, caller.side);
        if let Some(token) = self.tokens.get(&(caller.sign_in, api)) {
            sending = sending.token(token);
        }
        let mut asked = path.to_lowercase();
        if let Some(body) = bodies::body(self.operation, &self.seeded.things).filter(|_| self.operation.takes_body) {
            asked.push_str(&body.text.to_lowercase());
            sending = sending.header("content-type", body.content_type).body(body.text);
        }
        let reply = sending.send().await;
        let leaks = self.leaks(caller, &asked, &reply);
        if std::env::var("ROUTES_SAY").is_ok_and(|s| s.split(',').any(|x| self.operation.name == x)) { eprintln!("### {} {} [{:?}] {}", self.operation.method, path, caller.head, reply); }
        let look = reply.status >= 500 || !leaks.is_empty();
        Cell { status: reply.status, leaks, said: look.then(|| reply.to_string()) }
    }

    /// What the answer tells a stranger or the second partner of the owner, unless the caller named it itself.
    fn leaks(&self, caller: &Caller, asked: &str, reply: &Reply) -> Vec<String> {
        let things = &self.seeded.things;
        let shared = match caller.side {
            Side::Stranger | Side::StrangerAtHome => false,
            Side::Sibling => true,
            Side::Nobody | Side::Elsewhere | Side::Neighbour | Side::Owner => return Vec::new(),
        };
        let text = reply.to_string().to_lowercase();
        let unknown = |secret: &&String| !asked.contains(*secret) && !(shared && things.shared.contains(*secret));
        things.secrets.iter().filter(unknown).filter(|secret| text.contains(secret.as_str())).cloned().collect()
    }
}
