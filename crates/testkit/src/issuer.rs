//! An identity provider in process: says of itself what `OpenID` Connect asks for, and gives for a code what a test left there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

/// A key that a provider signs by, with the id under which it is published.
pub struct Key {
    id: &'static str,
    secret: SigningKey,
}

impl Key {
    /// The key of a seed.
    pub fn new(id: &'static str, seed: u8) -> Self {
        Self { id, secret: SigningKey::from_bytes(&[seed; 32]) }
    }

    /// What everybody may know of it.
    pub fn public(&self) -> [u8; 32] {
        self.secret.verifying_key().to_bytes()
    }

    /// The same, as a provider publishes it.
    pub fn published(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.id, "x": part(&self.public())})
    }

    /// An identity token, as it ought to be signed.
    pub fn token(&self, claims: &Value) -> String {
        self.signed(&json!({"alg": "EdDSA", "kid": self.id}), claims)
    }

    /// A token under a header of any kind.
    pub fn signed(&self, header: &Value, claims: &Value) -> String {
        let said = unsigned(header, claims);
        let signature = self.secret.sign(said.as_bytes()).to_bytes();
        format!("{said}.{}", part(&signature))
    }
}

/// The two parts of a token that a signature is of.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    format!("{}.{}", part(header.to_string().as_bytes()), part(claims.to_string().as_bytes()))
}

/// Bytes as a token writes them.
pub fn part(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What a provider is shown of a verifier before the code is exchanged (PKCE, S256).
pub fn challenge(verifier: &str) -> String {
    part(&Sha256::digest(verifier.as_bytes()))
}

/// What it says of itself, holds for codes and was asked.
struct Said {
    issuer: String,
    keys: Vec<Value>,
    algorithms: Vec<&'static str>,
    left: BTreeMap<String, String>,
    exchanged: Vec<String>,
}

/// The provider.
#[derive(Clone)]
pub struct Issuer {
    /// Its address, which its tokens name.
    pub address: String,
    said: Arc<Mutex<Said>>,
    asked: Arc<AtomicU32>,
}

impl Issuer {
    /// Starts one that publishes these keys.
    #[allow(clippy::disallowed_methods)] // it serves until the test ends
    pub async fn start(keys: &[&Key]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let said = Said {
            issuer: address.clone(),
            keys: keys.iter().map(|key| key.published()).collect(),
            algorithms: vec!["EdDSA"],
            left: BTreeMap::new(),
            exchanged: Vec::new(),
        };
        let issuer = Self { address, said: Arc::new(Mutex::new(said)), asked: Arc::default() };
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
        self.said.lock().unwrap().left.insert(code.to_owned(), token.to_owned());
    }

    /// Publishes these keys from now on, and no others.
    pub fn publish(&self, keys: &[&Key]) {
        self.said.lock().unwrap().keys = keys.iter().map(|key| key.published()).collect();
    }

    /// Says that it signs by these algorithms.
    pub fn signs_by(&self, algorithms: &[&'static str]) {
        self.said.lock().unwrap().algorithms = algorithms.to_vec();
    }

    /// Says that it is another.
    pub fn pose_as(&self, issuer: &str) {
        issuer.clone_into(&mut self.said.lock().unwrap().issuer);
    }

    /// The form that came with each code.
    pub fn exchanged(&self) -> Vec<String> {
        self.said.lock().unwrap().exchanged.clone()
    }

    /// How often it was asked what it is.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }
}

fn of_json(body: &Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

async fn about(State(issuer): State<Issuer>) -> Response {
    issuer.asked.fetch_add(1, Ordering::Relaxed);
    let (at, said) = (&issuer.address, issuer.said.lock().unwrap());
    of_json(&json!({
        "issuer": said.issuer, "authorization_endpoint": format!("{at}/auth"), "token_endpoint": format!("{at}/token"),
        "jwks_uri": format!("{at}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": said.algorithms,
    }))
}

async fn keys_of(State(issuer): State<Issuer>) -> Response {
    let said = issuer.said.lock().unwrap();
    of_json(&json!({"keys": said.keys}))
}

async fn exchange(State(issuer): State<Issuer>, body: String) -> Response {
    let mut said = issuer.said.lock().unwrap();
    let code = body.split('&').find_map(|pair| pair.strip_prefix("code=")).unwrap_or_default();
    let left = said.left.remove(code);
    said.exchanged.push(body);
    match left {
        Some(token) => of_json(&json!({"access_token": "a", "token_type": "bearer", "id_token": token})),
        None => StatusCode::BAD_REQUEST.into_response(),
    }
}
