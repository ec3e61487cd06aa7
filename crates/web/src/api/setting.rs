//! Settings: each with its value today, where that comes from, and what was ever recorded; another value from a date on.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::Date;
use placewell_app::setting::{ChangeSetting, Held};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::paging::{Listed, Paging};
use super::problem::Answered;
use super::reply::{Done, changed, plain, versioned};
use super::request::{Api, Sent};
use super::value::IfMatch;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list_settings)).routes(routes!(get_setting)).routes(routes!(change_setting))
}

/// A setting as it stands for your organisation today.
#[derive(Debug, Serialize, ToSchema)]
struct Setting {
    /// Its name.
    #[schema(example = "call_in.working_days")]
    name: String,
    /// What it is, in words.
    title: String,
    /// Its value today, in words.
    today: String,
    /// Nothing is recorded: the default holds.
    by_default: bool,
    /// Where the default comes from.
    source: String,
    /// Whose it is to set, in words.
    scope: String,
    /// What follows from another value.
    effect: String,
    /// What a value looks like.
    ask: String,
    /// You keep it: you can give it another value here.
    yours_to_change: bool,
    /// The page that records it, where it has one of its own.
    recorded_on: Option<String>,
    /// What was ever recorded, the latest first.
    facts: Vec<Fact>,
}

/// A value that was recorded.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SettingFact)]
struct Fact {
    /// The value as it is stored.
    value: String,
    /// The value in words.
    words: String,
    /// From when it holds.
    from: Date,
    /// When it was recorded.
    recorded_at: Option<Timestamp>,
}

impl From<&Held> for Setting {
    fn from(held: &Held) -> Self {
        let key = held.key;
        let facts = held.facts.iter().map(|fact| Fact {
            value: fact.value.clone(),
            words: key.words(Some(&fact.value)),
            from: fact.from,
            recorded_at: fact.recorded,
        });
        Self {
            name: key.name().to_owned(),
            title: key.title().to_owned(),
            today: held.today.clone(),
            by_default: held.stored.is_none(),
            source: key.source().to_owned(),
            scope: key.scope().words().to_owned(),
            effect: key.effect().to_owned(),
            ask: key.ask().to_owned(),
            yours_to_change: held.keeps && key.form().is_none(),
            recorded_on: key.form().map(str::to_owned),
            facts: facts.collect(),
        }
    }
}

/// List the settings
#[utoipa::path(get, path = "/settings", tag = "setting", params(Paging), responses((status = 200, body = Listed<Setting>)))]
async fn list_settings(api: Api, paging: Paging) -> Answered {
    let held = api.app().settings_after(&api.actor, paging.read()).await?;
    Ok(plain(&paging.cut(held.iter().map(Setting::from).collect(), |one| one.name.clone())))
}

/// Read one setting
#[utoipa::path(get, path = "/settings/{name}", tag = "setting", responses((status = 200, body = Setting)))]
async fn get_setting(api: Api, Path(name): Path<String>) -> Answered {
    let held = api.app().setting(&api.actor, &name).await?;
    Ok(versioned(i64::try_from(held.facts.len()).unwrap_or(i64::MAX), &Setting::from(&held)))
}

/// Another value of a setting.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewValue {
    /// The value, as the page's form takes it.
    #[schema(example = "5")]
    value: String,
    /// From when it holds: today or later.
    from: Date,
}

/// Give a setting another value from a date on
///
/// Its `ETag` counts what was recorded, so that two people who change one setting at once hear of each other.
#[utoipa::path(post, path = "/settings/{name}/change", tag = "setting", params(IfMatch), request_body = NewValue, responses((status = 200, body = Done)))]
async fn change_setting(Path(name): Path<String>, sent: Sent<NewValue>) -> Answered {
    let recorded = usize::try_from(sent.version()?).unwrap_or(usize::MAX);
    let Sent { api, body, key } = sent;
    let command = ChangeSetting { name, value: body.value, from: body.from, recorded };
    Ok(changed(api.perform(&key, command).await?))
}
