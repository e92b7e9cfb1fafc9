//! Every operation of every face, read from the committed OpenAPI documents.
//!
//! The documents are printed from the route tables, and the faces' own tests compare the two. So what is served is here,
//! and a new route is tried the day it is added.

use serde_json::{Value, json};
use std::path::Path;
use tenantry_directory::SignInRules;
use tenantry_http::Face;
use tenantry_testkit::ORIGIN;

/// The faces behind the documents, in the order the program asks them.
pub(crate) fn faces() -> Vec<Face> {
    let own = [
        tenantry_face_login::face_with(SignInRules { password_grant: true, ..SignInRules::default() }),
        tenantry_face_partner_center::face(ORIGIN),
        tenantry_face_tenantry::face(ORIGIN),
    ];
    // The directory comes last: its paths begin with a tenant of any name.
    own.into_iter().chain(tenantry_face_graph::faces(ORIGIN)).collect()
}

/// A route, as its document has it.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// The name of the document: `partner-center-v1`.
    pub(crate) face: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// `customers.get`.
    pub(crate) name: String,
    /// Names of the parameters in the path, in order.
    pub(crate) params: Vec<String>,
    /// Whether it is for everybody, without a token.
    pub(crate) open: bool,
    /// Whether it reads a body.
    pub(crate) takes_body: bool,
}

impl Operation {
    /// Whether it may change something. Reads by POST count too: nothing is lost by caution.
    pub(crate) fn writes(&self) -> bool {
        !["GET", "HEAD"].contains(&self.method.as_str())
    }

    /// How lists in these tests name it: `tenantry-v1 health.live`.
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.face, self.name)
    }
}

/// Routes that ask for different rights by what their body says: each further thing gets a row of its own.
const ALSO: [(&str, &str, &str); 4] = [
    ("directory-graph", "users.change", PASSWORD),
    ("directory-graph", "users.change", ADMIN_PASSWORD),
    ("graph-v1.0", "users.change", PASSWORD),
    ("graph-v1.0", "users.change", ADMIN_PASSWORD),
];
/// Another password for somebody without a role.
pub(crate) const PASSWORD: &str = "users.change, password";
/// Another password for an administrator.
pub(crate) const ADMIN_PASSWORD: &str = "users.change, an administrator's password";

/// All of them, document by document, in the order of their paths.
pub(crate) fn all() -> Vec<Operation> {
    let mut all = Vec::new();
    for (face, document) in documents() {
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let operation = read(&face, path, method, operation);
                let also = ALSO.iter().filter(|(face, name, _)| operation.face == *face && operation.name == *name);
                let also: Vec<Operation> =
                    also.map(|(_, _, name)| Operation { name: (*name).to_owned(), ..operation.clone() }).collect();
                all.push(operation);
                all.extend(also);
            }
        }
    }
    all
}

fn documents() -> Vec<(String, Value)> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi");
    let mut documents = Vec::new();
    for file in std::fs::read_dir(place).unwrap() {
        let path = file.unwrap().path();
        let face = path.file_stem().unwrap().to_str().unwrap().to_owned();
        documents.push((face, serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()));
    }
    documents.sort_by(|(one, _), (other, _)| one.cmp(other));
    documents
}

fn read(face: &str, path: &str, method: &str, operation: &Value) -> Operation {
    let params = path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned());
    Operation {
        face: face.to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        name: operation["operationId"].as_str().unwrap().to_owned(),
        params: params.collect(),
        open: operation["security"] == json!([]),
        takes_body: operation.get("requestBody").is_some(),
    }
}
