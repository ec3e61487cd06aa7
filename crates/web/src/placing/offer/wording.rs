//! A provider saves wording of a home, which the form of an offer takes in where no sentence stands.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use placewell_app::placing::offer::wording::SaveWording;
use placewell_domain::homes::home::{Home, Need};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::offer::wording::{LONGEST, Wording};
use placewell_pages::form::Typed;
use placewell_pages::placing::offer::wording::{WordingLine, WordingView, wording};

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/provider/homes/{urn}/wording", get(show).post(save))
}

fn shown(
    signed: &Signed,
    (home, saved): &(Home, Vec<Wording>),
    (key, typed, errors): (String, Typed, Invalid),
) -> Response {
    let line = |one: &Wording| WordingLine { need: one.need, words: one.words.clone(), saved: one.saved };
    let saved = saved.iter().map(line).collect();
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = WordingView { urn: home.urn.to_string(), home: home.name.clone(), saved, key, typed, errors };
    page_with(status, &wording(signed.shell(), &view))
}

async fn show(signed: Signed, Path(urn): Path<String>) -> Answered {
    let found = signed.app().own_wordings(&signed.actor, &urn).await.or_fail(&signed)?;
    Ok(shown(&signed, &found, (signed.new_key(), Typed::default(), Invalid::default())))
}

fn read(fields: &Fields, urn: &str) -> Result<SaveWording, Invalid> {
    let mut invalid = Invalid::default();
    let need = fields.choice("need", Need::from_code, "Choose the need", &mut invalid);
    let words = fields.optional_text("words", LONGEST, &mut invalid);
    let confirmed = fields.get("confirmed") == "yes";
    match need {
        Some(need) => invalid.or(SaveWording { urn: urn.to_owned(), need, words, confirmed }),
        None => Err(invalid),
    }
}

async fn save(Path(urn): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    match signed.attempt(&key, read(&fields, &urn)).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => {
            let found = signed.app().own_wordings(&signed.actor, &urn).await.or_fail(&signed)?;
            Ok(shown(&signed, &found, (key, Typed::new(fields.pairs().to_vec()), invalid)))
        }
    }
}
