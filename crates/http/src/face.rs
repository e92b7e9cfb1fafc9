//! A face: one outward API, as a table of routes and a way to render refusals.

use crate::{Answer, CallMeta, Route, problem};
use tenantry_core::Problem;
use tenantry_worlds::World;

/// How a face puts a refusal on the wire.
pub type RenderProblem = fn(&Problem, &CallMeta) -> Answer;

/// One outward API.
#[derive(Debug)]
pub struct Face<W = World> {
    /// A short name for the log.
    pub name: &'static str,
    /// The operations, in the order of the documentation.
    pub routes: Vec<Route<W>>,
    /// The audiences whose tokens it takes. Some are known only at start: the origin of the world is one.
    pub audiences: Vec<String>,
    /// Paths under which even what is not there is refused in the words of this face: `/v1`.
    pub owns: Vec<&'static str>,
    /// Its wire form of refusals.
    pub render_problem: RenderProblem,
}

impl<W> Face<W> {
    /// A face without routes that renders refusals as our own API does.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, routes: Vec::new(), audiences: Vec::new(), owns: Vec::new(), render_problem: problem::render }
    }

    /// Adds routes.
    #[must_use]
    pub fn routes(mut self, routes: impl IntoIterator<Item = Route<W>>) -> Self {
        self.routes.extend(routes);
        self
    }

    /// Takes tokens for these audiences too.
    #[must_use]
    pub fn audiences(mut self, audiences: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.audiences.extend(audiences.into_iter().map(Into::into));
        self
    }

    /// Speaks for everything below a path, also for what is not there.
    #[must_use]
    pub fn owns(mut self, prefix: &'static str) -> Self {
        self.owns.push(prefix);
        self
    }

    /// Renders refusals its own way.
    #[must_use]
    pub fn renders(mut self, render_problem: RenderProblem) -> Self {
        self.render_problem = render_problem;
        self
    }
}
