//! URLs, forms in, pages out, the JSON API, sessions and security headers.
//!
//! No SQL, no rules, no templates: a handler reads a typed form, asks the app, and shows what comes back.

pub mod address;
pub mod api;
pub mod assets;
mod back;
pub mod cookie;
pub mod door;
pub mod fields;
pub mod home;
pub mod navigation;
pub mod pace;
#[cfg(feature = "planted-holes")]
pub mod planted;
pub mod request;
pub mod respond;
pub mod router;
pub mod routes;
pub mod security;
pub mod server;
pub mod setting;
pub mod start;
pub mod tour;
pub mod upload;
pub mod wellknown;

pub mod buying;
pub mod homes;
pub mod office;
pub mod placing;
pub mod power;
pub mod reporting;

pub use router::router;
pub use server::Web;
