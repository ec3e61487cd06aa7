//! What a provider keeps to say again of a home in its offers. Its own people alone read it here; a program inserts it itself.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::placing::offer::wording::SaveWording;
use placewell_domain::placing::offer::wording::Wording;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(wordings)).routes(routes!(save_wording))
}

/// A saved sentence of a home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SavedWording)]
struct WordingLine {
    /// How the home meets which need.
    need: code::Need,
    /// What its offers say.
    words: String,
    /// When it was saved.
    saved_on: Date,
}

impl From<&Wording> for WordingLine {
    fn from(one: &Wording) -> Self {
        Self { need: one.need.into(), words: one.words.clone(), saved_on: one.saved }
    }
}

/// Read the wording that you keep for the offers of your home
#[utoipa::path(get, path = "/own-homes/{urn}/wording", tag = "offer", operation_id = "list_own_wording", responses((status = 200, body = Vec<WordingLine>)))]
async fn wordings(api: Api, Path(urn): Path<String>) -> Answered {
    let (_, saved) = api.app().own_wordings(&api.actor, &urn).await?;
    Ok(plain(&saved.iter().map(WordingLine::from).collect::<Vec<_>>()))
}

/// Wording to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SavingWording {
    /// How the home meets which need.
    need: code::Need,
    /// The sentence, about the home alone; empty to take out what is kept.
    #[schema(max_length = 500)]
    words: String,
    /// Somebody has read it, and it tells of no child.
    #[serde(default)]
    confirmed: bool,
}

/// Save wording for the offers of your home
#[utoipa::path(post, path = "/own-homes/{urn}/wording", tag = "offer", operation_id = "save_wording", request_body = SavingWording, responses((status = 200, body = Done)))]
async fn save_wording(Path(urn): Path<String>, sent: Sent<SavingWording>) -> Answered {
    let Sent { api, body, key } = sent;
    let (need, words, confirmed) = (body.need.0, body.words, body.confirmed);
    Ok(changed(api.perform(&key, SaveWording { urn, need, words, confirmed }).await?))
}
