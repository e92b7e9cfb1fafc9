//! A face: one outward API, as a table of routes and a way to render refusals.

use crate::{Answer, CallMeta, Route, problem};
use std::borrow::Cow;
use tenantry_core::Problem;
use tenantry_worlds::World;

/// How a face puts a refusal on the wire.
pub type RenderProblem = fn(&Problem, &CallMeta) -> Answer;

/// How a face reads a path before its routes are asked: the path as its patterns know it, still percent-encoded.
/// `None` says that the path is none of this face's, whatever its routes say.
pub type ReadPath = fn(&str) -> Option<Cow<'_, str>>;

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
    /// How it reads paths; `None` takes them as they come.
    pub read_path: Option<ReadPath>,
    /// Whether a token may stand in `Authorization` without the word `Bearer`.
    pub bare_tokens: bool,
}

impl<W> Face<W> {
    /// A face without routes that renders refusals as our own API does.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            routes: Vec::new(),
            audiences: Vec::new(),
            owns: Vec::new(),
            render_problem: problem::render,
            read_path: None,
            bare_tokens: false,
        }
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

    /// Reads paths its own way before its routes are asked: some APIs write keys in parentheses (`users('x')`), or have
    /// two names for one place. Messages, links and the log keep the path as it was sent.
    #[must_use]
    pub fn reads_paths(mut self, read_path: ReadPath) -> Self {
        self.read_path = Some(read_path);
        self
    }

    /// Takes a token that stands alone in `Authorization`, as clients of the directory send it (directory.md 2.2).
    #[must_use]
    pub const fn takes_bare_tokens(mut self) -> Self {
        self.bare_tokens = true;
        self
    }
}
