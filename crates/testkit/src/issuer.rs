//! An identity provider in process: says of itself what `OpenID` Connect asks for, and gives for a code what a test left there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;

/// The provider.
#[derive(Clone)]
pub struct Issuer {
    /// Its address, which its tokens name.
    pub address: String,
    keys: String,
    left: Arc<Mutex<BTreeMap<String, String>>>,
    asked: Arc<AtomicU32>,
}

impl Issuer {
    /// Starts one whose keys are this JSON.
    #[allow(clippy::disallowed_methods)] // it serves until the test ends
    pub async fn start(keys: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            keys: keys.to_owned(),
            left: Arc::default(),
            asked: Arc::default(),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(about))
            .route("/keys", get(keys_of))
            .route("/token", post(exchange))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        issuer
    }

    /// Leaves an identity token for a code.
    pub fn leave(&self, code: &str, token: &str) {
        self.left.lock().unwrap().insert(code.to_owned(), token.to_owned());
    }

    /// How often it was asked what it is.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }
}

fn json(body: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn about(State(issuer): State<Issuer>) -> Response {
    issuer.asked.fetch_add(1, Ordering::Relaxed);
    let at = &issuer.address;
    json(format!(
        r#"{{"issuer":"{at}","authorization_endpoint":"{at}/auth","token_endpoint":"{at}/token","jwks_uri":"{at}/keys",
            "response_types_supported":["code"],"subject_types_supported":["public"],
            "id_token_signing_alg_values_supported":["EdDSA"]}}"#
    ))
}

async fn keys_of(State(issuer): State<Issuer>) -> Response {
    json(issuer.keys)
}

async fn exchange(State(issuer): State<Issuer>, body: String) -> Response {
    let code = body.split('&').find_map(|pair| pair.strip_prefix("code=")).unwrap_or_default();
    match issuer.left.lock().unwrap().remove(code) {
        Some(token) => json(format!(r#"{{"access_token":"a","token_type":"bearer","id_token":"{token}"}}"#)),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}
