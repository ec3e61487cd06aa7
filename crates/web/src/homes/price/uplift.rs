//! Rises in price: the provider's pages to ask, follow and appeal, the regional team's to decide.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::homes::price::schedule::line_label;
use placewell_app::homes::price::uplift::{AddUpliftEvidence, AppealUplift, UpliftPage, WithdrawUplift};
use placewell_app::power::arrangement::LotNames;
use placewell_app::{Command, Outcome};
use placewell_domain::homes::price::formula::Percent;
use placewell_domain::homes::price::uplift::{Ruled, Uplift, UpliftOutcome, UpliftState};
use placewell_domain::office::access::Action;
use placewell_domain::outcome::Invalid;
use placewell_domain::setting::SettingValue as _;
use placewell_pages::form::Typed;
use placewell_pages::homes::price::{
    AskView, EffectRow, PriceNow, ProviderUplift, RegionUplift, UpliftFacts, UpliftRow, ask, provider_list,
    provider_uplift, region_list, region_uplift,
};

use super::read;
use crate::fields::Fields;
use crate::office::document::{brought, download, line};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;
use crate::upload::{Uploaded, at_field};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/provider/uplifts", get(show_own))
        .route("/provider/uplifts/new", get(ask_new).post(send_new))
        .route("/provider/uplifts/{id}", get(show_one))
        .route("/provider/uplifts/{id}/documents", post(add))
        .route("/provider/uplifts/{id}/documents/{document}", get(own_document))
        .route("/provider/uplifts/{id}/withdraw", post(withdraw))
        .route("/provider/uplifts/{id}/appeal", post(appeal))
        .route("/region/uplifts", get(show_all))
        .route("/region/uplifts/{id}", get(show_to_decide))
        .route("/region/uplifts/{id}/documents/{document}", get(document_to_decide))
        .route("/region/uplifts/{id}/decide", post(decide))
        .route("/region/uplifts/{id}/revoke", post(revoke))
}

/// The pages of one side are not the other's, whoever may read the record.
async fn may_see(signed: &Signed, action: Action) -> Result<(), Failure> {
    signed.app().see(&signed.actor, action).await.map(drop).or_fail(signed)
}

/// Of which home, lot and line a price is.
fn priced(home: &str, lot: &str, line: &str) -> String {
    format!("{home}, {lot}, {}", line_label(line).to_lowercase())
}

fn row(of: &Uplift, lots: &LotNames, today: jiff::civil::Date) -> UpliftRow {
    UpliftRow {
        id: of.id.0,
        reference: of.reference.clone(),
        what: priced(&of.name, lots.of(&of.lot), of.line.code()),
        was: of.was,
        asked: of.asked,
        from: of.from,
        state: (of.state.name().to_owned(), of.state.label().to_owned()),
        due: of.due(),
        late: of.waits() && of.due().is_some_and(|due| due < today),
    }
}

fn basis(of: &Uplift) -> String {
    match &of.formula {
        None => of.basis.label().to_owned(),
        Some(used) => {
            let reviewed = if used.formula.reviewed(used.prices.rate) { ". To be reviewed" } else { "" };
            format!("{}. {}{reviewed}", used.formula.words(), Some(used.prices.clone()).words())
        }
    }
}

fn facts(found: &UpliftPage, lots: &LotNames, (base, today): (&str, jiff::civil::Date)) -> UpliftFacts {
    let of = &found.uplift;
    let ruling =
        |ruled: &Ruled| (ruled.outcome.label().to_owned(), ruled.weekly, ruled.from, ruled.reasons.clone(), ruled.at);
    let revoked = of.revoked().map(|one| (of.state.label().to_owned(), None, None, one.reasons.clone(), one.at));
    let record = format!("{base}/{}", of.id);
    UpliftFacts {
        row: row(of, lots, today),
        version: of.version,
        at: of.at,
        basis: basis(of),
        percent: Percent::rise(of.was, of.asked).to_string(),
        words: found.book.words.clone(),
        costs: found.book.costs.iter().map(|one| (one.kind.label().to_owned(), one.was, one.now)).collect(),
        appeal: found.appeal.as_ref().map(|book| book.words.clone()),
        rulings: of.rulings().into_iter().map(ruling).chain(revoked).collect(),
        documents: found.documents.iter().map(|one| line(one, &record, true, false)).collect(),
    }
}

async fn show_own(signed: Signed) -> Answered {
    may_see(&signed, Action::AskUplift).await?;
    let all = signed.app().uplifts(&signed.actor).await.or_fail(&signed)?;
    let (today, lots) = (signed.now().today(), signed.app().lot_names().await.or_fail(&signed)?);
    let rows: Vec<UpliftRow> = all.iter().map(|(one, _)| row(one, &lots, today)).collect();
    let prices = signed.app().uplift_choices(&signed.actor).await.or_fail(&signed)?.prices;
    let mut homes: Vec<(String, String)> = prices.into_iter().map(|(urn, name, ..)| (urn, name)).collect();
    homes.dedup();
    Ok(page(&provider_list(signed.shell(), &rows, &homes)))
}

async fn show_all(signed: Signed) -> Answered {
    may_see(&signed, Action::DecideUplift).await?;
    let all = signed.app().uplifts(&signed.actor).await.or_fail(&signed)?;
    let (today, lots) = (signed.now().today(), signed.app().lot_names().await.or_fail(&signed)?);
    let rows: Vec<_> = all.iter().map(|(one, a_year)| (row(one, &lots, today), *a_year)).collect();
    Ok(page(&region_list(signed.shell(), &rows)))
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

fn typed(fields: &Fields) -> Typed {
    Typed::new(fields.pairs().to_vec())
}

async fn form(signed: &Signed, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let choices = signed.app().uplift_choices(&signed.actor).await.or_fail(signed)?;
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    let (formula, prices, most) = choices.formula.unwrap_or_default();
    let price = |(urn, name, lot, line, weekly): (String, String, String, String, _)| PriceNow {
        what: priced(&name, lots.of(&lot), &line),
        code: format!("{urn} {lot} {line}"),
        weekly,
    };
    let view = AskView {
        key,
        prices: choices.prices.into_iter().map(price).collect(),
        formula: (formula, prices),
        most: most.map(|most| most.to_string()),
        typed,
        errors,
    };
    Ok(page_with(status(&view.errors), &ask(signed.shell(), &view)))
}

async fn ask_new(signed: Signed) -> Answered {
    form(&signed, (signed.new_key(), Typed::default(), Invalid::default())).await
}

async fn send_new(Submitted { signed, fields, key }: Submitted) -> Answered {
    may_see(&signed, Action::AskUplift).await?;
    let outcome = match read::ask(&fields) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => form(&signed, (key, typed(&fields), invalid)).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}

async fn own_page(signed: &Signed, id: i64, (status, typed, errors): (StatusCode, Typed, Invalid)) -> Answered {
    let found = signed.app().uplift_page(&signed.actor, id).await.or_fail(signed)?;
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    let of = &found.uplift;
    let less = |ruled: &Ruled| ruled.outcome != UpliftOutcome::Granted;
    let today = signed.now().today();
    let view = ProviderUplift {
        adds: of.waits(),
        withdraws: of.state == UpliftState::Asked,
        appeals: matches!(&of.state, UpliftState::Decided { ruled } if less(ruled))
            && of.due().is_some_and(|last| today <= last),
        facts: facts(&found, &lots, ("/provider/uplifts", today)),
        keys: [signed.new_key(), signed.new_key()],
        typed,
        errors,
    };
    Ok(page_with(status, &provider_uplift(signed.shell(), &view)))
}

async fn show_one(signed: Signed, Path(id): Path<i64>) -> Answered {
    may_see(&signed, Action::AskUplift).await?;
    own_page(&signed, id, (StatusCode::OK, Typed::default(), Invalid::default())).await
}

async fn add(Path(id): Path<i64>, sent: Uploaded) -> Answered {
    let Uploaded { signed, key, file, .. } = sent;
    may_see(&signed, Action::AskUplift).await?;
    let answer = match brought(file) {
        Ok(brought) => signed.app().perform(&signed.actor, &key, AddUpliftEvidence { uplift: id, brought }).await,
        Err(outcome) => Err(outcome),
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => match at_field(outcome) {
            Ok((status, invalid)) => own_page(&signed, id, (status, Typed::default(), invalid)).await,
            Err(outcome) => Err(signed.fail(outcome)),
        },
    }
}

async fn own_document(signed: Signed, path: Path<(i64, i64)>) -> Answered {
    may_see(&signed, Action::AskUplift).await?;
    document(&signed, path).await
}

async fn document_to_decide(signed: Signed, path: Path<(i64, i64)>) -> Answered {
    may_see(&signed, Action::DecideUplift).await?;
    document(&signed, path).await
}

async fn document(signed: &Signed, Path((id, document)): Path<(i64, i64)>) -> Answered {
    let found = signed.app().uplift_document(&signed.actor, id, document).await;
    let (entry, content) = found.or_fail(signed)?;
    Ok(download("evidence", &entry, content))
}

async fn act<C: Command>(signed: &Signed, (id, key): (i64, &str), fields: &Fields, command: C) -> Answered {
    match signed.app().perform(&signed.actor, key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            own_page(signed, id, (StatusCode::UNPROCESSABLE_ENTITY, typed(fields), invalid)).await
        }
        Err(outcome) => Err(outcome).or_fail(signed),
    }
}

async fn withdraw(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    act(&signed, (id, &key), &fields, WithdrawUplift { uplift: id, version: fields.version() }).await
}

async fn appeal(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let words = fields.get("words").to_owned();
    act(&signed, (id, &key), &fields, AppealUplift { uplift: id, version: fields.version(), words }).await
}

async fn region_page(signed: &Signed, id: i64, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let found = signed.app().uplift_page(&signed.actor, id).await.or_fail(signed)?;
    let lots = signed.app().lot_names().await.or_fail(signed)?;
    let effect = |(authority, one): &(String, placewell_app::homes::price::uplift::UpliftEffect)| EffectRow {
        authority: authority.clone(),
        agreements: one.agreements,
        waiting: one.waiting,
        a_year: one.a_year,
    };
    let (decides, revokes) = (found.uplift.waits(), found.uplift.can_be_revoked());
    let lent = (decides || revokes) && signed.app().role_is_lent(&signed.actor).await.or_fail(signed)?;
    let view = RegionUplift {
        facts: facts(&found, &lots, ("/region/uplifts", signed.now().today())),
        effects: found.effects.iter().map(effect).collect(),
        decides,
        revokes,
        lent,
        key,
        typed,
        errors,
    };
    Ok(page_with(status(&view.errors), &region_uplift(signed.shell(), &view)))
}

async fn show_to_decide(signed: Signed, Path(id): Path<i64>) -> Answered {
    may_see(&signed, Action::DecideUplift).await?;
    region_page(&signed, id, (signed.new_key(), Typed::default(), Invalid::default())).await
}

async fn decide(Path(id): Path<i64>, sent: Submitted) -> Answered {
    let command = read::decide((id, sent.fields.version()), &sent.fields);
    by_region(id, sent, command).await
}

async fn revoke(Path(id): Path<i64>, sent: Submitted) -> Answered {
    let command = read::revoke((id, sent.fields.version()), &sent.fields);
    by_region(id, sent, command).await
}

async fn by_region<C: Command>(id: i64, sent: Submitted, command: Result<C, Invalid>) -> Answered {
    let Submitted { signed, fields, key } = sent;
    may_see(&signed, Action::DecideUplift).await?;
    let outcome = match command {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => region_page(&signed, id, (key, typed(&fields), invalid)).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}
