//! Prints the description of the API, for the copy under `docs/api/`:
//! `cargo run -p placewell-web --example openapi > docs/api/openapi.json`.

fn main() {
    print!("{}", *placewell_web::api::document::JSON);
}
