//! Settings: the list, and the form that gives one another value from a date on, with its preview.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::clock::moment_at;
use placewell_app::setting::{ChangeSetting, Held};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::setting::{self as pages, FactView, SettingView};

use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/settings", get(list)).route("/settings/{name}", get(ask).post(change))
}

async fn list(signed: Signed) -> Answered {
    let held = signed.app().settings(&signed.actor).await.or_fail(&signed)?;
    let views: Vec<SettingView> = held.iter().map(view).collect();
    Ok(page(&pages::settings(signed.shell(), &views)))
}

fn view(held: &Held) -> SettingView {
    let key = held.key;
    let change = key.form().map_or_else(|| format!("/settings/{}", key.name()), str::to_owned);
    SettingView {
        name: key.name(),
        title: key.title(),
        today: held.today.clone(),
        by_default: held.stored.is_none(),
        source: key.source(),
        scope: key.scope().words(),
        keepers: key.keeper().roles().iter().map(|role| role.label()).collect::<Vec<_>>().join(", "),
        effect: key.effect(),
        ask: key.ask(),
        change: held.keeps.then_some(change),
        facts: held
            .facts
            .iter()
            .map(|fact| FactView {
                words: key.words(Some(&fact.value)),
                from: fact.from,
                recorded: fact.recorded.map(|at| moment_at(at).local),
            })
            .collect(),
    }
}

/// The setting, for somebody who keeps it.
async fn kept(signed: &Signed, name: &str) -> Result<Held, Outcome> {
    if !may(signed.actor.role, Action::KeepSettings) {
        return Err(Outcome::Forbidden(Action::KeepSettings));
    }
    let held = signed.app().setting(&signed.actor, name).await?;
    if held.keeps { Ok(held) } else { Err(Outcome::Forbidden(Action::KeepSettings)) }
}

async fn ask(signed: Signed, Path(name): Path<String>) -> Answered {
    let held = kept(&signed, &name).await.or_fail(&signed)?;
    let mut typed = Typed::default();
    typed.set("value", held.stored.clone().unwrap_or_default());
    Ok(page(&pages::change(signed.shell(), &signed.new_key(), &view(&held), &typed, &Invalid::default())))
}

async fn change(Path(name): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let held = kept(&signed, &name).await.or_fail(&signed)?;
    let typed = Typed::new(fields.pairs().to_vec());
    let mut invalid = Invalid::default();
    let from = fields.date("from", "Enter the day from which it holds", &mut invalid);
    let command = ChangeSetting {
        name,
        value: fields.get("value").to_owned(),
        from: from.unwrap_or(Date::MAX),
        recorded: fields.get("recorded").parse().unwrap_or_default(),
    };
    let today = signed.now().today();
    let stored = match command.check(held.key, today) {
        Ok(stored) if invalid.errors.is_empty() => stored,
        checked => {
            let mut all = checked.err().unwrap_or_default();
            all.errors.extend(invalid.errors);
            return Ok(again(&signed, &key, &held, &typed, &all));
        }
    };
    if fields.get("confirmed") != "yes" {
        let new = (held.key.words(Some(&stored)), command.from);
        return Ok(page(&pages::confirm(signed.shell(), &key, &view(&held), (&new.0, new.1), &typed)));
    }
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => Ok(again(&signed, &key, &held, &typed, &invalid)),
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

fn again(signed: &Signed, key: &str, held: &Held, typed: &Typed, invalid: &Invalid) -> Response {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &pages::change(signed.shell(), key, &view(held), typed, invalid))
}
