//! Styles, scripts and images of the front end, embedded in the executable and served under their own digest.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::Embed;
use sha2::{Digest, Sha256};

#[derive(Embed)]
#[folder = "dist/"]
struct Dist;

/// The folder's address: changes when any file does, so that browsers may keep it for good.
pub static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let mut names: Vec<_> = Dist::iter().collect();
    names.sort();
    let mut digest = Sha256::new();
    for file in names.iter().filter_map(|name| Dist::get(name)) {
        digest.update(file.metadata.sha256_hash());
    }
    format!("/assets/{}", hex::encode(&digest.finalize()[..6]))
});

/// Serves one file.
pub async fn serve(Path((_digest, name)): Path<(String, String)>) -> Response {
    let Some(file) = Dist::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = mime_guess::from_path(&name).first_or_octet_stream();
    let headers = [
        (header::CONTENT_TYPE, kind.as_ref().to_owned()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned()),
    ];
    (headers, file.data).into_response()
}
