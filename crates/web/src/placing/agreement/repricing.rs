//! What granted rises in price mean for an authority's agreements: the list, and the page on which one is confirmed.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::homes::price::schedule::line_label;
use placewell_app::placing::agreement::{ConfirmRepricing, KeepPrice, RepricingLine, RepricingPage};
use placewell_app::{Command, Outcome};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{KeepReason, RepriceAnswer};
use placewell_domain::power::delegation::Act;
use placewell_pages::form::Typed;
use placewell_pages::placing::agreement::{
    ActForm, RepricingForm, RepricingRow, RepricingsView, UpliftAsked, repricing, repricings,
};
use placewell_pages::words;

use super::changes::decided;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

type About = (String, i64, u8);

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/finance/uplifts", get(show))
        .route("/agreements/{reference}/repricing/{uplift}/{grant}", get(ask).post(confirm))
        .route("/agreements/{reference}/repricing/{uplift}/{grant}/keep", post(keep))
}

fn row(of: &RepricingLine, today: jiff::civil::Date) -> RepricingRow {
    let (was, now) = of.changes.last().map_or_else(Default::default, |(_, _, was, now)| (*was, *now));
    let answered = of.answered.as_ref().map(|one| {
        let how = match &one.answer {
            RepriceAnswer::Confirmed { .. } => "Confirmed",
            RepriceAnswer::Kept { reason } => reason.label(),
        };
        format!("{how}, {}", words::date(one.on))
    });
    RepricingRow {
        agreement: of.agreement.clone(),
        reference: of.uplift.reference.clone(),
        path: format!("/agreements/{}/repricing/{}/{}", of.agreement, of.uplift.id, of.grant.number),
        home: of.uplift.name.clone(),
        was,
        now,
        from: of.changes.first().map_or(of.grant.from, |one| one.1),
        a_year: of.a_year(),
        due: of.grant.confirm_by(),
        late: answered.is_none() && of.grant.confirm_by() < today,
        answered,
    }
}

async fn show(signed: Signed) -> Answered {
    let found = signed.app().own_uplifts(&signed.actor).await.or_fail(&signed)?;
    let (today, lots) = (signed.now().today(), signed.app().lot_names().await.or_fail(&signed)?);
    let asked = found.asked.iter().map(|(of, effect)| UpliftAsked {
        reference: of.reference.clone(),
        what: format!("{}, {}, {}", of.name, lots.of(&of.lot), line_label(of.line.code()).to_lowercase()),
        was: of.was,
        asked: of.asked,
        from: of.from,
        state: of.state.label().to_owned(),
        agreements: effect.agreements,
        a_year: effect.a_year,
    });
    let view = RepricingsView {
        asked: asked.collect(),
        waiting: found.waiting.iter().map(|one| row(one, today)).collect(),
        answered: found.answered.iter().map(|one| row(one, today)).collect(),
    };
    Ok(page(&repricings(signed.shell(), &view)))
}

fn years(found: &RepricingPage) -> Vec<(String, placewell_domain::money::Pence, String)> {
    let year = |one: &placewell_app::power::annual_value::Effect| {
        let after = match &one.after {
            Ok(after) => format!("{} of {} planned", after.committed, after.ceiling),
            Err(refusal) if refusal.value.is_empty() => refusal.sentence.clone(),
            Err(refusal) => format!("{} Found: {}.", refusal.sentence, words::dated(&refusal.value)),
        };
        (format!("From {}", words::date(one.year_start)), one.delta, after)
    };
    found.years.iter().map(year).collect()
}

async fn form(signed: &Signed, about: &About, (keys, typed, errors): ([String; 2], Typed, Invalid)) -> Answered {
    let (reference, uplift, grant) = about;
    let found = signed.app().repricing_page(&signed.actor, (reference, *uplift, *grant)).await.or_fail(signed)?;
    let answers = may(signed.actor.role, Action::DecideAgreement);
    let people = if answers && found.line.answered.is_none() {
        signed.app().who_may_decide(&signed.actor, reference, Act::ChangePrice).await.or_fail(signed)?
    } else {
        Vec::new()
    };
    let decides = may(signed.actor.role, Action::Decide).then(|| {
        let own = people.iter().find(|person| person.person == signed.actor.person);
        match own {
            Some(own) => format!("You decide this yourself, as {}.", own.title),
            None => "You hold no power for this today, so it will be refused.".to_owned(),
        }
    });
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let [key, keep_key] = keys;
    let view = RepricingForm {
        row: row(&found.line, signed.now().today()),
        changes: found
            .line
            .changes
            .iter()
            .map(|(what, from, was, now)| {
                let what = if what.is_empty() { line_label(found.line.uplift.line.code()) } else { what.as_str() };
                (what.to_owned(), *from, *was, *now)
            })
            .collect(),
        years: years(&found),
        above: found.above_ceiling(),
        answers,
        keep_key,
        form: ActForm {
            reference: reference.clone(),
            version: found.line.version,
            key,
            people: people.into_iter().map(|one| (one.person.to_string(), one.name, one.title)).collect(),
            decides,
            typed,
            errors,
            ..ActForm::default()
        },
    };
    Ok(page_with(status, &repricing(signed.shell(), &view)))
}

async fn ask(signed: Signed, Path(about): Path<About>) -> Answered {
    let keys = [signed.new_key(), signed.new_key()];
    form(&signed, &about, (keys, Typed::default(), Invalid::default())).await
}

async fn act<C: Command>(
    signed: &Signed,
    about: &About,
    (fields, key): (&Fields, String),
    command: Result<C, Invalid>,
) -> Answered {
    drop(signed.app().see(&signed.actor, Action::DecideAgreement).await.or_fail(signed)?);
    let outcome = match command {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let keys = [key, signed.new_key()];
            form(signed, about, (keys, Typed::new(fields.pairs().to_vec()), invalid)).await
        }
        Err(outcome) => Err(outcome).or_fail(signed),
    }
}

async fn confirm(Path(about): Path<About>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let (reference, uplift, grant) = about.clone();
    let (version, above) = (fields.version(), fields.optional_text("above", 120, &mut invalid));
    let command = match decided(&signed, &fields, &mut invalid) {
        Some(decided_by) => invalid.or(ConfirmRepricing { reference, version, uplift, grant, above, decided_by }),
        None => Err(invalid),
    };
    act(&signed, &about, (&fields, key), command).await
}

async fn keep(Path(about): Path<About>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let (reference, uplift, grant) = about.clone();
    let version = fields.version();
    let reason = fields.choice("reason", KeepReason::from_code, "Select why it keeps its price", &mut invalid);
    let command = match (reason, decided(&signed, &fields, &mut invalid)) {
        (Some(reason), Some(decided_by)) => {
            invalid.or(KeepPrice { reference, version, uplift, grant, reason, decided_by })
        }
        _ => Err(invalid),
    };
    act(&signed, &about, (&fields, key), command).await
}
