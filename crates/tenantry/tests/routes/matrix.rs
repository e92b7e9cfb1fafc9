//! Every operation by every caller that concerns it: what each is told.

use crate::bodies;
use crate::cast::{BILLED, CHANNEL, CUSTOMERS_DIRECTORY, Caller, LOGIN, PARTNERS_DIRECTORY, Side, SignIn, TIERS, Tier};
use crate::ids::{self, Value};
use crate::operations::{self, Operation};
use crate::seed::{Seeded, seed};
use crate::stage::{Stage, open};
use crate::things::Words;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use tenantry_directory::{DIRECTORY_GRAPH, MICROSOFT_GRAPH, PARTNER_CENTER};
use tenantry_testkit::{Client, ORIGIN};

/// Operations of a face with the callers they are tried by.
pub(crate) struct Section {
    pub(crate) title: &'static str,
    face: &'static str,
    /// Whose directory it is about.
    directory: &'static str,
    /// What stands before the words of its things.
    before: &'static str,
    callers: &'static [Caller],
    takes: fn(&Operation) -> bool,
}

impl Section {
    /// Its columns. A stranger can name the owner's things under its own tenant only where paths name tenants.
    pub(crate) fn callers(&self) -> impl Iterator<Item = &'static Caller> {
        self.callers.iter().filter(|caller| caller.side != Side::StrangerAtHome || self.face != "graph-v1.0")
    }

    fn words<'a>(&self, seeded: &'a Seeded) -> Words<'a> {
        Words { things: &seeded.things, before: self.before }
    }

    /// Whether it is about the longer channel.
    pub(crate) fn is_of_tiers(&self) -> bool {
        !self.before.is_empty()
    }

    /// Whether its paths name things of an owner. Sign-in is for everybody.
    pub(crate) fn is_owned(&self) -> bool {
        self.face != "login"
    }
}

/// The sections of `routes.txt`.
pub(crate) const SECTIONS: [Section; 11] = [
    Section {
        title: "Partner Center v1",
        face: "partner-center-v1",
        directory: "owner",
        before: "",
        callers: &CHANNEL,
        takes: |_| true,
    },
    Section {
        title: "Our own API",
        face: "tenantry-v1",
        directory: "owner",
        before: "",
        callers: &CHANNEL,
        takes: |operation| !ids::of_tenants(&operation.name),
    },
    Section {
        title: "Our own API, in the customer's tenant",
        face: "tenantry-v1",
        directory: "customer",
        before: "",
        callers: &CUSTOMERS_DIRECTORY,
        takes: |operation| ids::of_tenants(&operation.name),
    },
    Section {
        title: "Azure AD Graph, in the customer's directory",
        face: "directory-graph",
        directory: "customer",
        before: "",
        callers: &CUSTOMERS_DIRECTORY,
        takes: in_customers,
    },
    Section {
        title: "Microsoft Graph, in the customer's directory",
        face: "graph-v1.0",
        directory: "customer",
        before: "",
        callers: &CUSTOMERS_DIRECTORY,
        takes: in_customers,
    },
    Section {
        title: "Azure AD Graph, in the partner's directory",
        face: "directory-graph",
        directory: "owner",
        before: "",
        callers: &PARTNERS_DIRECTORY,
        takes: in_partners,
    },
    Section {
        title: "Microsoft Graph, in the partner's directory",
        face: "graph-v1.0",
        directory: "owner",
        before: "",
        callers: &PARTNERS_DIRECTORY,
        takes: in_partners,
    },
    Section { title: "Sign-in", face: "login", directory: "customer", before: "", callers: &LOGIN, takes: |_| true },
    Section {
        title: "Partner Center v1, below an indirect provider",
        face: "partner-center-v1",
        directory: "owner",
        before: "tier ",
        callers: &TIERS,
        takes: |operation| !ids::in_directory(operation),
    },
    Section {
        title: "Our own API, below an indirect provider",
        face: "tenantry-v1",
        directory: "owner",
        before: "tier ",
        callers: &TIERS,
        takes: |operation| !ids::of_tenants(&operation.name),
    },
    Section {
        title: "Our own API, what a reseller bills its customer",
        face: "tenantry-v1",
        directory: "owner",
        before: "billed ",
        callers: &BILLED,
        takes: |operation| ids::of_bills(&operation.name),
    },
];

/// What only partners have.
fn of_partners(operation: &Operation) -> bool {
    let kinds = ["contracts.", "relationships.", "delegated-customers."];
    kinds.iter().any(|kind| operation.name.starts_with(kind))
}

/// What only partners have is tried in theirs, and so are the lists of everything else.
fn in_partners(operation: &Operation) -> bool {
    let lists = ["users.list", "groups.list", "applications.list", "service-principals.list"];
    of_partners(operation) || lists.contains(&operation.name.as_str())
}

/// All but that is tried in the customer's, and so is what a customer does about a relationship that a partner wants.
fn in_customers(operation: &Operation) -> bool {
    let both = ["relationships.list", "relationships.get", "relationships.requests.create"];
    !of_partners(operation) || both.contains(&operation.name.as_str())
}

/// Whether an answer holds a secret. `D260000002` is not in `D260000002-1`: that is the second document of the first
/// partner, and both may number as they like.
fn holds(text: &str, secret: &str) -> bool {
    let whole = |at: usize| !secret.ends_with(|last: char| last.is_ascii_digit()) || !text[at..].starts_with('-');
    text.match_indices(secret).any(|(at, found)| whole(at + found.len()))
}

/// What a caller was told.
#[derive(Debug, Clone)]
pub(crate) struct Cell {
    pub(crate) status: u16,
    /// Things of the owner in the answer that the caller cannot know and did not name.
    pub(crate) leaks: Vec<String>,
    /// Secrets of the caller's own in the answer: proof that answers hold them, and that a leak would be seen.
    pub(crate) own: Vec<String>,
    /// What the caller's tier of the longer channel pays or is paid, in the answer: proof of the same for prices.
    pub(crate) prices: Vec<String>,
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
    /// The words of what path and query name of the owner's, besides the tenant.
    pub(crate) owned: Vec<&'static str>,
    /// Whether they name the tenant.
    pub(crate) names_tenant: bool,
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
    /// Writes that read a body, and whether there is one for them.
    pub(crate) bodies: Vec<(String, bool)>,
    /// What is the owner's, and what the second partner's, to know.
    pub(crate) secrets: BTreeSet<String>,
    pub(crate) siblings: BTreeSet<String>,
    /// Who tried to sign in to the customer's tenant without any business there, and what came of it.
    pub(crate) sign_ins: Vec<(&'static str, Result<(), String>)>,
}

/// Makes the world and asks everybody.
pub(crate) fn make() -> Matrix {
    let directory = tempfile::Builder::new().prefix("tenantry-routes-").tempdir().unwrap();
    let file = directory.path().join("seeded.sqlite");
    let (seeded, tokens, sign_ins) = runtime().block_on(begin(&file));
    let operations = operations::all();
    let homeless = operations.iter().filter(|operation| sections_of(operation).next().is_none());
    let homeless = homeless.map(Operation::key).collect();
    let jobs: Vec<_> = operations.iter().flat_map(|op| sections_of(op).map(move |section| (section, op))).collect();
    let unknown = jobs.iter().flat_map(|(section, operation)| unknown(section, operation)).collect();
    let bodies = jobs.iter().filter(|(_, operation)| operation.takes_body && operation.writes());
    let body = |section: &Section, operation| bodies::body(section.directory, operation, &section.words(&seeded));
    let bodies = bodies.map(|(section, operation)| (operation.key(), body(section, operation).is_some())).collect();
    let (secrets, siblings) = (seeded.things.secrets.clone(), seeded.things.siblings.clone());
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
    Matrix { rows, homeless, unknown, bodies, secrets, siblings, sign_ins }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

fn sections_of(operation: &Operation) -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().filter(|section| section.face == operation.face && (section.takes)(operation))
}

fn unknown(section: &Section, operation: &Operation) -> Vec<String> {
    let unknown = |parameter: &&String| ids::value(section.directory, operation, parameter).is_none();
    operation.params.iter().filter(unknown).map(|parameter| format!("{{{parameter}}} of {}", operation.key())).collect()
}

/// Tokens by who calls and for which API.
type Tokens = BTreeMap<(SignIn, &'static str), String>;
/// What came of trying to sign in.
type SignIns = Vec<(&'static str, Result<(), String>)>;

/// Who has no business in the customer's tenant, and who has.
const VISITORS: [&str; 7] = [
    "strangers customer admin",
    "siblings agent",
    "partner member",
    "sales agent",
    "delegate",
    "helpdesk agent",
    "agent",
];

async fn begin(file: &Path) -> (Seeded, Tokens, SignIns) {
    let world = open(file, 0).await;
    let seeded = seed(&world).await;
    let mut tokens = Tokens::new();
    for section in &SECTIONS {
        for caller in section.callers() {
            let api = api_of(section.face, caller.side);
            if !tokens.contains_key(&(caller.sign_in, api))
                && let Some(token) = seeded.people.token(&world, caller, api, &seeded).await
            {
                tokens.insert((caller.sign_in, api), token);
            }
        }
    }
    let mut sign_ins = SignIns::new();
    for word in VISITORS {
        let signed_in = seeded.people.sign_in(&world, word, Some(seeded.customer), MICROSOFT_GRAPH).await;
        sign_ins.push((word, signed_in.map(|_| ())));
    }
    world.close().await.unwrap();
    (seeded, tokens, sign_ins)
}

/// What tokens for a face are asked for, or tokens that it must not take.
fn api_of(face: &str, side: Side) -> &'static str {
    match (face, side) {
        ("login", Side::Elsewhere) => PARTNER_CENTER,
        ("login", _) => MICROSOFT_GRAPH,
        ("graph-v1.0", Side::Elsewhere) => DIRECTORY_GRAPH,
        (_, Side::Elsewhere) => MICROSOFT_GRAPH,
        ("graph-v1.0", _) => MICROSOFT_GRAPH,
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
        let those = if self.operation.open { 1 } else { usize::MAX };
        for caller in self.section.callers().take(those) {
            let client = stage.client().await;
            let cell = self.cell(&client, caller).await;
            drop(client);
            if cell.done() && self.operation.writes() {
                stage.clear().await;
            }
            cells.push(cell);
        }
        let params = self.operation.params.iter().filter_map(|parameter| self.value(parameter));
        let values: Vec<Value> =
            params.chain(ids::query(self.section.before, self.operation).into_iter().map(|(_, value)| value)).collect();
        let owned = values.iter().filter_map(|value| if let Value::Owned(word) = value { Some(*word) } else { None });
        Row {
            section: self.section,
            operation: self.operation.clone(),
            owned: owned.collect(),
            names_tenant: values.contains(&Value::Tenant),
            cells,
        }
    }

    fn value(&self, parameter: &str) -> Option<Value> {
        ids::value(self.section.directory, self.operation, parameter)
    }

    /// What a caller writes for a value.
    fn text(&self, caller: &Caller, value: Value) -> &str {
        let things = &self.seeded.things;
        match value {
            Value::Owned(word) if caller.side == Side::OwnerAtSiblings => things.of_sibling(word),
            Value::Owned(word) | Value::Known(word) => self.section.words(self.seeded).get(word),
            Value::Tenant if caller.side == Side::StrangerAtHome => things.get("stranger"),
            Value::Tenant => things.get(self.section.directory),
            Value::Public(text) => text,
        }
    }

    fn path(&self, caller: &Caller) -> String {
        let text = |value| self.text(caller, value);
        let mut path = self.operation.path.clone();
        for parameter in &self.operation.params {
            // What nobody has said the meaning of is told by a test of its own.
            let value = self.value(parameter).map_or("unknown", text);
            path = path.replace(&format!("{{{parameter}}}"), value);
        }
        let query = ids::query(self.section.before, self.operation)
            .into_iter()
            .map(|(name, value)| format!("{name}={}", text(value)));
        let query: Vec<_> = query.collect();
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
        for (name, value) in ids::headers(self.operation) {
            sending = sending.header(name, self.text(caller, *value));
        }
        let body = bodies::body(self.section.directory, self.operation, &self.section.words(self.seeded));
        if let Some(body) = body.filter(|_| self.operation.takes_body) {
            asked.push_str(&body.text.to_lowercase());
            sending = sending.header("content-type", body.content_type).body(body.text);
        }
        let reply = sending.send().await;
        let text = reply.to_string().to_lowercase();
        let held = |secrets: Vec<&String>| -> Vec<String> {
            secrets.into_iter().filter(|secret| holds(&text, secret)).cloned().collect()
        };
        let (own, others) = self.secrets(caller);
        let mut leaks: Vec<String> = held(others).into_iter().filter(|secret| !asked.contains(secret)).collect();
        let told =
            |prices: Vec<&'static str>| prices.into_iter().filter(|price| text.contains(price)).map(str::to_owned);
        let tier = caller.tier();
        leaks.extend(told(tier.map_or_else(Vec::new, Tier::others)));
        let prices = told(tier.map_or_else(Vec::new, Tier::own)).collect();
        let look = reply.status >= 500 || !leaks.is_empty();
        Cell { status: reply.status, own: held(own), prices, leaks, said: look.then(|| reply.to_string()) }
    }

    /// What a caller may see because it is its own, and what it may not because it is another party's.
    fn secrets(&self, caller: &Caller) -> (Vec<&String>, Vec<&String>) {
        let things = &self.seeded.things;
        let (owners, siblings) = (things.secrets.iter(), things.siblings.iter());
        if self.section.is_of_tiers() {
            let stranger = matches!(caller.side, Side::Stranger | Side::Sibling);
            return (
                Vec::new(),
                if stranger { owners.chain(siblings).chain(&things.tiers).collect() } else { Vec::new() },
            );
        }
        match caller.side {
            Side::Stranger | Side::StrangerAtHome => (Vec::new(), owners.chain(siblings).collect()),
            Side::Sibling => (siblings.collect(), things.secrets.difference(&things.shared).collect()),
            _ if self.seeded.people.is_of_owner(caller.sign_in) => (owners.collect(), siblings.collect()),
            // The customer sees what is in its directory.
            Side::Owner => (owners.collect(), Vec::new()),
            _ => (Vec::new(), Vec::new()),
        }
    }
}
