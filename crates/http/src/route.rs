//! A route is data: what it answers to, what it is called, and the few rules the frame keeps for it.
//!
//! Faces list their routes in one table. The same table is matched against requests and printed as OpenAPI, so
//! a route cannot be served and undocumented.

use crate::{Answer, Call, Ground, Replay};
use http::{Method, StatusCode};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tenantry_core::Problem;
use tenantry_worlds::World;

/// A future on the heap, for traits and tables that hold handlers of many types.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What runs when a route is called.
pub type Handler<W> = Arc<dyn Fn(Call<W>) -> Boxed<'static, Result<Answer, Problem>> + Send + Sync>;

/// What is asked before the body of a request is read: whether there is room for what it asks for.
pub type BeforeBody<W> = Arc<dyn Fn(&W) -> Result<(), Problem> + Send + Sync>;

/// Bytes of body a route takes unless it says otherwise: room for any document of the commerce APIs.
pub const DEFAULT_BODY_LIMIT: usize = 4 << 20;

/// One operation of a face.
pub struct Route<W = World> {
    /// The method it answers to.
    pub method: Method,
    /// The path: literals, `{name}` for one segment, `{*name}` for the rest. Literals match in any letter case.
    pub pattern: &'static str,
    /// Its unique name, noun first: `customers.get`. The operation id of the OpenAPI document and of the log.
    pub operation: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Whether a token is asked for. True unless [`Route::open`] was called.
    pub authenticated: bool,
    /// What a repeated request id means. Only writes look at it.
    pub replay: Replay,
    /// The most bytes of body it takes, before and after decompression.
    pub body_limit: usize,
    /// The status of success that the OpenAPI document names.
    pub success: StatusCode,
    /// What is asked once the caller is known and before the body is read; `None` for nothing.
    pub before_body: Option<BeforeBody<W>>,
    /// What runs.
    pub handler: Handler<W>,
}

impl<W: Ground> Route<W> {
    /// A route with the usual rules: a token is asked for, writes are replayed, 4 MiB of body.
    pub fn new<F, Fut>(
        method: Method,
        pattern: &'static str,
        operation: &'static str,
        summary: &'static str,
        handler: F,
    ) -> Self
    where
        F: Fn(Call<W>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Answer, Problem>> + Send + 'static,
    {
        Self {
            method,
            pattern,
            operation,
            summary,
            authenticated: true,
            replay: Replay::OtherBodyRefused,
            body_limit: DEFAULT_BODY_LIMIT,
            success: StatusCode::OK,
            before_body: None,
            handler: Arc::new(move |call| Box::pin(handler(call))),
        }
    }

    /// A route for everybody: discovery documents, sign-in itself, health.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.authenticated = false;
        self
    }

    /// Chooses what a repeated request id means.
    #[must_use]
    pub const fn replay(mut self, replay: Replay) -> Self {
        self.replay = replay;
        self
    }

    /// Takes bodies up to so many bytes.
    #[must_use]
    pub const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Asks something before the body is read, and refuses if the answer is a problem: back-pressure that costs no
    /// memory. Whoever is not allowed in at all hears that first.
    #[must_use]
    pub fn before_body(mut self, ask: impl Fn(&W) -> Result<(), Problem> + Send + Sync + 'static) -> Self {
        self.before_body = Some(Arc::new(ask));
        self
    }

    /// Names the status of success, if it is not 200.
    #[must_use]
    pub const fn answers(mut self, success: StatusCode) -> Self {
        self.success = success;
        self
    }
}

macro_rules! by_method {
    ($($name:ident = $method:ident;)*) => {
        impl<W: Ground> Route<W> {
            $(
                #[doc = concat!("A `", stringify!($method), "` route; see [`Route::new`].")]
                pub fn $name<F, Fut>(
                    pattern: &'static str,
                    operation: &'static str,
                    summary: &'static str,
                    handler: F,
                ) -> Self
                where
                    F: Fn(Call<W>) -> Fut + Send + Sync + 'static,
                    Fut: Future<Output = Result<Answer, Problem>> + Send + 'static,
                {
                    Self::new(Method::$method, pattern, operation, summary, handler)
                }
            )*
        }
    };
}

by_method! {
    get = GET;
    head = HEAD;
    post = POST;
    put = PUT;
    patch = PATCH;
    delete = DELETE;
}

impl<W> fmt::Debug for Route<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({})", self.method, self.pattern, self.operation)
    }
}
