//! Operations inside a `$batch`: found in the face's own table and run with the caller of the whole.

use std::sync::Arc;
use tenantry_core::{OpContext, Problem, Reason};
use tenantry_http::{
    Answer, Bytes, Call, CallMeta, Found, HeaderMap, Method, Normal, Params, Query, ReadPath, RenderProblem, Route,
    Router,
};

/// A table of routes that can be called from within.
#[derive(Debug)]
pub(crate) struct Inner {
    routes: Vec<Route>,
    router: Result<Router, Problem>,
    read_path: ReadPath,
    render: RenderProblem,
}

/// One operation of a batch.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Path and query, without scheme and host.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Inner {
    pub(crate) fn new(routes: Vec<Route>, read_path: ReadPath, render: RenderProblem) -> Self {
        let router = Router::new(routes.iter().map(|route| (&route.method, route.pattern)));
        Self { routes, router, read_path, render }
    }

    /// Runs an operation for the caller of `outer`. Never fails: a refusal is its answer.
    pub(crate) async fn run(&self, outer: &Call, operation: Operation) -> Answer {
        let ctx = OpContext { request_id: outer.ctx.chance.guid(), ..outer.ctx.clone() };
        let path = operation.target.split('?').next().unwrap_or_default().to_owned();
        let mut meta = outer.meta.clone();
        (meta.method, meta.path, meta.operation) = (operation.method.clone(), path, None);
        meta.request_id = ctx.request_id;
        match self.act(outer, operation, ctx, &mut meta).await {
            Ok(answer) => answer,
            Err(problem) => (self.render)(&problem, &meta),
        }
    }

    async fn act(
        &self,
        outer: &Call,
        operation: Operation,
        ctx: OpContext,
        meta: &mut CallMeta,
    ) -> Result<Answer, Problem> {
        let (place, params) = self.find(&meta.method, &meta.path)?;
        let route = self.routes.get(place).ok_or_else(|| Problem::internal("a route that is not in its table"))?;
        meta.operation = Some(route.operation);
        if operation.body.len() > route.body_limit {
            let message = format!("the body is larger than the {} bytes this operation takes", route.body_limit);
            return Err(Problem::new(Reason::TooLarge, message));
        }
        let call = Call {
            world: Arc::clone(&outer.world),
            ctx,
            meta: meta.clone(),
            params,
            query: Query::parse(operation.target.split_once('?').map_or("", |(_, query)| query))?,
            headers: operation.headers,
            body: operation.body,
        };
        (route.handler)(call).await
    }

    fn find(&self, method: &Method, path: &str) -> Result<(usize, Params), Problem> {
        let nothing = || Problem::new(Reason::RouteNotFound, format!("nothing is served at `{path}`; check the url"));
        let known = (self.read_path)(path).ok_or_else(nothing)?;
        let router = self.router.as_ref().map_err(|problem| Problem::internal(problem.cause_chain()))?;
        match router.find(method, &Normal::new(&known))? {
            Found::Route(place, params) => Ok((place, params)),
            Found::WrongMethod(_) => {
                Err(Problem::new(Reason::MethodNotAllowed, format!("`{path}` does not answer to {method}")))
            }
            Found::Nothing => Err(nothing()),
        }
    }
}

/// Path and query of a URL, whatever its scheme and host; a relative one as it is, with a slash in front.
pub(crate) fn target(url: &str) -> String {
    let absolute = url.split_once("://").filter(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphabetic()));
    let after_host = absolute.map(|(_, rest)| rest.find(['/', '?']).map_or("/", |at| &rest[at..]));
    let target = after_host.unwrap_or(url);
    if target.starts_with('/') { target.to_owned() } else { format!("/{target}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_what_stands_behind_the_host() {
        for (url, expected) in [
            ("https://graph.windows.net/t/users?api-version=1.6", "/t/users?api-version=1.6"),
            ("https://localhost:8443", "/"),
            ("/users?$top=5", "/users?$top=5"),
            ("users/me", "/users/me"),
            ("me?u=http://x/y", "/me?u=http://x/y"),
        ] {
            assert_eq!(target(url), expected, "{url}");
        }
    }
}
