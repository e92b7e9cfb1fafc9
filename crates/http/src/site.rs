//! All faces of a world behind one origin, and the way of a request through them:
//! route, token, body, kept answer or handler, refusal in the words of the face, ids, one log line.
//!
//! The handler runs in a task of its own. A panic then costs one answer and not the connection, and a client
//! that hangs up does not cut a write in half.

use crate::caller::{Authenticate, CallMeta, bearer, bearer_or_bare};
use crate::replay::{InFlight, Key};
use crate::room::{BODY_BYTES_MAX, Room};
use crate::router::{Found, Normal, Params, Router};
use crate::{Answer, Call, Face, Ground, Query, RenderProblem, Route, body, compress, log, problem, replay};
use bytes::Bytes;
use http::header::{ALLOW, AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response};
use http_body_util::Full;
use hyper::body::Body;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use tenantry_core::{Caller, OpContext, Problem, Reason, TenantId};
use tenantry_worlds::World;

/// The faces of a world, in the order they are asked.
pub struct Site<W = World> {
    world: Arc<W>,
    authenticate: Arc<dyn Authenticate<W>>,
    mounted: Vec<Mounted<W>>,
    pub(crate) in_flight: InFlight,
    /// What the bodies of all requests may hold.
    room: Room,
}

struct Mounted<W> {
    face: Face<W>,
    router: Router,
}

/// How a request ended, before the ids go on.
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) problem: Option<Problem>,
    pub(crate) tenant: Option<TenantId>,
}

/// Where a request goes.
enum Place {
    /// To a route of a face, by their places in the tables.
    Route { face: usize, route: usize, params: Params },
    /// Nowhere. A face may still speak for the path, and other methods may do.
    Nowhere { face: Option<usize>, problem: Problem, allow: Vec<Method> },
}

impl<W: Ground> Site<W> {
    /// Puts the faces behind one origin. Ambiguous routes and operation names used twice are refused.
    pub fn new(
        world: Arc<W>,
        authenticate: Arc<dyn Authenticate<W>>,
        faces: impl IntoIterator<Item = Face<W>>,
    ) -> Result<Self, Problem> {
        let mut mounted = Vec::new();
        for face in faces {
            let router = Router::new(face.routes.iter().map(|route| (&route.method, route.pattern)))?;
            let mut names = BTreeSet::new();
            if let Some(twice) = face.routes.iter().find(|route| !names.insert(route.operation)) {
                return Err(Problem::internal(format!("face {}: operation {twice:?} is there twice", face.name)));
            }
            mounted.push(Mounted { face, router });
        }
        Ok(Self { world, authenticate, mounted, in_flight: InFlight::default(), room: Room::new(BODY_BYTES_MAX) })
    }

    /// Bounds the bytes that request bodies hold in memory at a time: [`BODY_BYTES_MAX`] unless set. Beyond it requests
    /// are refused with 429 and `Retry-After`.
    #[must_use]
    pub fn body_bytes_max(mut self, bytes: usize) -> Self {
        self.room = Room::new(bytes);
        self
    }

    /// The world behind it.
    #[must_use]
    pub const fn world(&self) -> &Arc<W> {
        &self.world
    }

    /// Answers a request. Never fails: what goes wrong is an answer too.
    pub async fn respond<B>(self: &Arc<Self>, request: Request<B>) -> Response<Full<Bytes>>
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let watch = log::Stopwatch::start();
        let (parts, body) = request.into_parts();
        let encodings = compress::asked(&parts.headers);
        let (mut meta, unreadable_id) = CallMeta::read(&parts, self.world.chance());
        meta.at = self.world.clock().now();
        let (face, allow, outcome) = match (self.place(&parts), unreadable_id) {
            (Place::Route { face, route, params }, None) => {
                meta.operation = Some(self.mounted[face].face.routes[route].operation);
                let run = Arc::clone(self).run(face, route, params, parts, body, meta.clone());
                let ended = tokio::spawn(run).await;
                let outcome = ended.unwrap_or_else(|e| self.refuse(Some(face), Problem::internal(e), &meta));
                (Some(face), Vec::new(), outcome)
            }
            (Place::Route { face, .. }, Some(problem)) => {
                body::discard(body, &parts.headers).await;
                (Some(face), Vec::new(), self.refuse(Some(face), problem, &meta))
            }
            (Place::Nowhere { face, problem, allow }, _) => {
                body::discard(body, &parts.headers).await;
                (face, allow, self.refuse(face, problem, &meta))
            }
        };
        let name = face.map_or("none", |face| self.mounted[face].face.name);
        let mut answer = compress::compress(encodings, outcome.answer).await;
        if !allow.is_empty() {
            answer = answer.with(ALLOW, names(&allow));
        }
        meta.mark(&mut answer.headers);
        log::line(&meta, name, outcome.tenant, answer.status, outcome.problem.as_ref(), watch);
        answer.into_response()
    }

    /// The first face that has the route; else the first that has the path; else the one that owns what is above.
    fn place(&self, parts: &Parts) -> Place {
        let (path, seen) = (Normal::new(parts.uri.path()), parts.uri.path());
        let mut wrong_method = None;
        for (face, mounted) in self.mounted.iter().enumerate() {
            let read;
            let path = match mounted.face.read_path.map(|read_path| read_path(seen)) {
                None => &path,
                Some(None) => continue,
                Some(Some(known)) => {
                    read = Normal::new(&known);
                    &read
                }
            };
            match mounted.router.find(&parts.method, path) {
                Ok(Found::Route(route, params)) => return Place::Route { face, route, params },
                Ok(Found::WrongMethod(allow)) => {
                    wrong_method.get_or_insert((face, allow));
                }
                Ok(Found::Nothing) => {}
                Err(problem) => return Place::Nowhere { face: Some(face), problem, allow: Vec::new() },
            }
        }
        if let Some((face, allow)) = wrong_method {
            let message = format!("`{seen}` does not answer to {}; it does to {}", parts.method, names(&allow));
            let problem = Problem::new(Reason::MethodNotAllowed, message);
            return Place::Nowhere { face: Some(face), problem, allow };
        }
        let face = self.mounted.iter().position(|m| m.face.owns.iter().any(|prefix| path.is_below(prefix)));
        let message = format!("nothing is served at `{seen}`; check the spelling of the path");
        Place::Nowhere { face, problem: Problem::new(Reason::RouteNotFound, message), allow: Vec::new() }
    }

    async fn run<B>(
        self: Arc<Self>,
        face: usize,
        route: usize,
        params: Params,
        mut parts: Parts,
        body: B,
        meta: CallMeta,
    ) -> Outcome
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let place = &self.mounted[face];
        let rule = &place.face.routes[route];
        let mut ctx = meta.context(&*self.world);
        if rule.authenticated {
            match self.caller(place, &parts, &ctx).await {
                Ok(caller) => ctx.caller = caller,
                Err(problem) => {
                    body::discard(body, &parts.headers).await;
                    return self.refuse(Some(face), problem, &meta);
                }
            }
            parts.headers.remove(AUTHORIZATION);
        }
        let tenant = ctx.tenant();
        let text = parts.uri.query().unwrap_or("").to_owned();
        // Lives as long as the request: the handler has the body.
        let mut held = self.room.enter();
        let read = async {
            let query = Query::parse(&text)?;
            if let Some(Err(problem)) = rule.before_body.as_ref().map(|ask| ask(&self.world)) {
                body::discard(body, &parts.headers).await;
                return Err(problem);
            }
            Ok((query, body::read(body, &parts.headers, rule.body_limit, &mut held).await?))
        };
        let (query, body) = match read.await {
            Ok(read) => read,
            Err(problem) => return Outcome { tenant, ..self.refuse(Some(face), problem, &meta) },
        };
        let key = Key::of(rule.replay, &meta, &ctx, &text, &body);
        let call = Call { world: Arc::clone(&self.world), ctx, meta, params, query, headers: parts.headers, body };
        let outcome = match key {
            Some(key) => self.once(face, rule, key, call).await,
            None => self.handle(face, rule, call).await,
        };
        Outcome { tenant, ..outcome }
    }

    async fn caller(&self, place: &Mounted<W>, parts: &Parts, ctx: &OpContext) -> Result<Caller, Problem> {
        let headers = &parts.headers;
        let token = if place.face.bare_tokens { bearer_or_bare(headers)? } else { bearer(headers)? };
        let audiences: Vec<&str> = place.face.audiences.iter().map(String::as_str).collect();
        self.authenticate.authenticate(&self.world, ctx, token, &audiences).await.map(Caller::SignedIn)
    }

    /// A write with a name: the kept answer, or the act and its answer kept.
    async fn once(&self, face: usize, rule: &Route<W>, key: Key, call: Call<W>) -> Outcome {
        let _turn = self.in_flight.turn(&key).await;
        match replay::begin(&*self.world, &key).await {
            Ok(Some(answer)) => return Outcome { answer, problem: None, tenant: None },
            Ok(None) => {}
            Err(problem) => return self.refuse(Some(face), problem, &call.meta),
        }
        let meta = call.meta.clone();
        let outcome = self.handle(face, rule, call).await;
        if let Err(problem) = replay::keep(&*self.world, &key, &outcome.answer).await {
            // The act is done. Saying it failed because its answer could not be kept would be a lie.
            log::not_kept(&meta, &problem);
        }
        outcome
    }

    async fn handle(&self, face: usize, rule: &Route<W>, call: Call<W>) -> Outcome {
        let meta = call.meta.clone();
        match (rule.handler)(call).await {
            Ok(answer) => Outcome { answer, problem: None, tenant: None },
            Err(problem) => self.refuse(Some(face), problem, &meta),
        }
    }

    fn refuse(&self, face: Option<usize>, problem: Problem, meta: &CallMeta) -> Outcome {
        let render = face.map_or(problem::render as RenderProblem, |face| self.mounted[face].face.render_problem);
        let mut answer = render(&problem, meta);
        hint(&mut answer, &problem);
        Outcome { answer, problem: Some(problem), tenant: None }
    }
}

fn names(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

/// Headers that every face owes with certain refusals, unless it wrote its own.
fn hint(answer: &mut Answer, problem: &Problem) {
    if let Some(seconds) = problem.retry_after_seconds() {
        answer.headers.entry(RETRY_AFTER).or_insert_with(|| HeaderValue::from(seconds));
    }
    let challenge = match problem.reason() {
        Reason::TokenMissing => "Bearer",
        Reason::TokenInvalid | Reason::TokenExpired | Reason::AudienceRefused => "Bearer error=\"invalid_token\"",
        _ => return,
    };
    answer.headers.entry(WWW_AUTHENTICATE).or_insert(HeaderValue::from_static(challenge));
}

impl<W> fmt::Debug for Site<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.mounted.iter().map(|mounted| mounted.face.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, header, send, site};
    use http::StatusCode;
    use std::borrow::Cow;

    async fn echo(call: Call<Bench>) -> Result<Answer, Problem> {
        assert!(call.header(AUTHORIZATION).is_none(), "a handler never sees the token");
        let who = call.ctx.tenant().map(|tenant| tenant.guid().as_u128());
        let body = String::from_utf8_lossy(&call.body).into_owned();
        Answer::ok(&(call.param("name")?, call.query("Size"), who, body))
    }

    async fn fails(_: Call<Bench>) -> Result<Answer, Problem> {
        Err(Problem::internal("disk 7 is on fire"))
    }

    async fn busy(_: Call<Bench>) -> Result<Answer, Problem> {
        Err(Problem::new(Reason::Throttled, "slow down").retry_after(30))
    }

    async fn panics(_: Call<Bench>) -> Result<Answer, Problem> {
        panic!("on purpose")
    }

    fn faces() -> [Face<Bench>; 2] {
        let one = Face::new("one").audiences(["test"]).owns("/v1").routes([
            Route::get("/v1/things/{name}", "things.get", "A thing", echo),
            Route::post("/v1/things/{name}", "things.change", "Change a thing", echo).body_limit(5),
            Route::get("/v1/open/{name}", "open.get", "For everybody", echo).open(),
            Route::get("/v1/fails", "fails.get", "Fails", fails).open(),
            Route::get("/v1/busy", "busy.get", "Is busy", busy).open(),
            Route::get("/v1/panics", "panics.get", "Panics", panics).open(),
        ]);
        let two = Face::new("two")
            .routes([
                Route::get("/{name}/other", "other.get", "Of the other face", echo).open(),
                Route::get("/closed", "closed.get", "Takes other tokens", fails),
            ])
            .renders(|problem, _| Answer::text(StatusCode::IM_A_TEAPOT, problem.message()));
        [one, two]
    }

    const TOKEN: (&str, &str) = ("Authorization", "Bearer tenant-7");

    #[tokio::test]
    async fn requests_reach_their_handler_or_a_refusal_that_helps() {
        let site = site(faces()).await;
        let wrong = ("Authorization", "Bearer forged");
        for (what, headers, body, status, seen) in [
            ("GET /V1//Things/AbC/?size=3", vec![TOKEN], "", 200, r#"["AbC","3",7,""]"#),
            ("POST /v1/things/a", vec![TOKEN], "12345", 200, r#"["a",null,7,"12345"]"#),
            ("POST /v1/things/a", vec![TOKEN], "123456", 413, "larger than the 5 bytes"),
            ("POST /v1/things/a", vec![wrong], "123456", 401, "token_invalid"),
            ("GET /v1/things/a", vec![], "", 401, "Authorization: Bearer <token>"),
            ("GET /v1/things/%FF", vec![TOKEN], "", 400, "UTF-8"),
            ("GET /v1/things/a?size=%FF", vec![TOKEN], "", 400, "UTF-8"),
            ("GET /v1/open/x", vec![], "", 200, r#"["x",null,null,""]"#),
            ("GET /v1/open/x", vec![("MS-RequestId", "first")], "", 200, "x"),
            ("POST /v1/things/a", vec![TOKEN, ("MS-RequestId", "first")], "", 400, "MS-RequestId"),
            ("GET /v1/nothing", vec![], "", 404, "nothing is served at `/v1/nothing`"),
            ("GET /nothing", vec![], "", 404, "route_not_found"),
            ("PUT /v1/things/a", vec![], "", 405, "does not answer to PUT; it does to GET, POST, HEAD"),
            ("GET /v1/other", vec![], "", 200, r#"["v1",null,null,""]"#),
            ("GET /closed", vec![], "", 418, "this operation needs a token"),
            ("GET /closed", vec![TOKEN], "", 418, "not known"),
            ("GET /v1/fails", vec![], "", 500, "something went wrong on our side"),
            ("GET /v1/panics", vec![], "", 500, "something went wrong on our side"),
        ] {
            let answer = send(&site, what, &headers, body).await;
            let text = String::from_utf8_lossy(&answer.body);
            assert_eq!(answer.status.as_u16(), status, "{what}: {text}");
            assert!(text.contains(seen), "{what}: {text}");
            assert!(!text.contains("on fire") && !text.contains("on purpose"), "{what} tells the cause: {text}");
            assert!(answer.headers.contains_key("ms-requestid") && answer.headers.contains_key("ms-correlationid"));
        }
    }

    fn in_parentheses(path: &str) -> Option<Cow<'_, str>> {
        let (before, rest) = path.strip_prefix("/other").and(path.split_once("('"))?;
        let (key, after) = rest.split_once("')")?;
        Some(format!("{before}/{key}{after}").into())
    }

    #[tokio::test]
    async fn a_face_may_read_paths_and_tokens_its_own_way() {
        let one = Face::new("one").routes([Route::get("/other/{name}", "one.get", "", fails).open()]);
        let two = Face::new("two")
            .audiences(["test"])
            .routes([Route::get("/other/{name}", "two.get", "", echo), Route::get("/mine", "two.mine", "", echo)])
            .reads_paths(in_parentheses)
            .takes_bare_tokens();
        let site = site([one, two]).await;
        let (bare, worded) = (("Authorization", "tenant-7"), ("Authorization", "Bearer tenant-7"));
        for (what, header, status, seen) in [
            ("GET /other('A%27b')", bare, 200, r#"["A'b",null,7,""]"#),
            ("GET /other('x')", worded, 200, r#"["x",null,7,""]"#),
            ("GET /other('x')/y", bare, 404, "nothing is served at `/other('x')/y`"),
            ("GET /other/x", bare, 500, "our side"),
            ("GET /mine", bare, 404, "route_not_found"),
        ] {
            let answer = send(&site, what, &[header], "").await;
            let text = String::from_utf8_lossy(&answer.body);
            assert_eq!(answer.status.as_u16(), status, "{what}: {text}");
            assert!(text.contains(seen), "{what}: {text}");
        }
    }

    #[tokio::test]
    async fn refusals_carry_the_headers_their_status_asks_for() {
        let site = site(faces()).await;
        for (what, headers, name, value) in [
            ("PUT /v1/things/a", vec![], "allow", "GET, POST, HEAD"),
            ("GET /v1/busy", vec![], "retry-after", "30"),
            ("GET /v1/things/a", vec![], "www-authenticate", "Bearer"),
            ("GET /closed", vec![TOKEN], "www-authenticate", "Bearer error=\"invalid_token\""),
            ("GET /v1/fails", vec![], "content-type", crate::JSON),
        ] {
            let answer = send(&site, what, &headers, "").await;
            assert_eq!(header(&answer.headers, name), value, "{what}");
        }
    }

    #[tokio::test]
    async fn a_table_with_a_name_twice_is_refused() {
        let face =
            Face::new("twice").routes([Route::get("/a", "a.get", "", fails), Route::get("/b", "a.get", "", fails)]);
        let site = Site::new(Bench::new().await, Arc::new(crate::bench::ByName), [face]);
        assert!(site.unwrap_err().cause_chain().contains("a.get"));
    }
}
