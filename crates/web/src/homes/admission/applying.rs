//! A provider's own side of an opening: the list, its application, each form, the letter.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::homes::admission::applying::{
    AskAboutOpening, BeginApplication, OwnApplication, SaveApplication, SendApplication, WithdrawApplication,
};
use placewell_app::homes::admission::carried::{CarriedLine, ConfirmCarried};
use placewell_app::homes::admission::outcome::ChallengeOutcome;
use placewell_app::{Command, Outcome};
use placewell_domain::homes::admission::application::{ApplicationState, Draft, Part};
use placewell_domain::homes::admission::criteria::InsuranceKind;
use placewell_domain::homes::admission::outcome::ChallengeState;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::admission::applying::{
    FormOf, OwnApplicationView, OwnOpeningLine, lot_form, own_application, own_openings, quality_form, selection_form,
    typed_selection,
};
use placewell_pages::homes::admission::carried::{CarriedRow, CarriedView};
use placewell_pages::power::arrangement::Forms;
use placewell_pages::words;

use super::forms;
use super::opening::view_of;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, file, page, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/provider/admission", get(list))
        .route("/provider/admission/{reference}", get(show))
        .route("/provider/admission/{reference}/begin", post(begin))
        .route("/provider/admission/{reference}/selection", get(ask_selection).post(send_selection))
        .route("/provider/admission/{reference}/quality", get(ask_quality).post(send_quality))
        .route("/provider/admission/{reference}/lots/{lot}", get(ask_lot).post(send_lot))
        .route("/provider/admission/{reference}/carried", post(confirm))
        .route("/provider/admission/{reference}/send", post(send))
        .route("/provider/admission/{reference}/withdraw", post(withdraw))
        .route("/provider/admission/{reference}/question", post(question))
        .route("/provider/admission/{reference}/challenge", post(challenge))
        .route("/provider/admission/{reference}/letter.pdf", get(letter))
}

async fn list(signed: Signed) -> Answered {
    let found = signed.app().own_openings(&signed.actor).await.or_fail(&signed)?;
    let lines: Vec<OwnOpeningLine> = found
        .into_iter()
        .map(|one| OwnOpeningLine {
            own: match (&one.letter, &one.sent, one.draft) {
                (Some(letter), ..) if letter.passes => "Outcome: to be admitted".to_owned(),
                (Some(_), ..) => "Outcome: not admitted".to_owned(),
                (None, Some(sent), _) => match (&sent.state, sent.late) {
                    (state @ ApplicationState::Withdrawn { .. }, _) => state.label().to_owned(),
                    (ApplicationState::Sent, true) => format!("Late, {}", words::moment(sent.sent)),
                    (ApplicationState::Sent, false) => format!("Sent {}", words::moment(sent.sent)),
                },
                (None, None, true) => "Draft".to_owned(),
                (None, None, false) => "None".to_owned(),
            },
            reference: one.opening.reference,
            title: one.opening.plan.title,
            phase: one.phase,
            closes: one.opening.plan.closes,
        })
        .collect();
    Ok(page(&own_openings(signed.shell(), &lines)))
}

fn status(errors: &Invalid) -> StatusCode {
    if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    again(&signed, &reference, &Fields::default(), &Invalid::default()).await
}

async fn again(signed: &Signed, reference: &str, typed: &Fields, errors: &Invalid) -> Answered {
    let found = signed.app().own_application(&signed.actor, reference).await.or_fail(signed)?;
    let today = signed.now().today();
    let keys: Vec<String> = (0..6).map(|_| signed.new_key()).collect();
    let typed = Typed::new(typed.pairs().to_vec());
    let forms = Forms { keys: &keys, errors, typed: &typed };
    Ok(page_with(status(errors), &own_application(signed.shell(), &view(found, today), &forms)))
}

/// What the draft carries over, where it does.
fn carried(found: &OwnApplication, today: Date) -> Option<CarriedView> {
    let carried = found.draft.as_ref()?.carried.as_ref()?;
    let criteria = &found.public.opening.plan.criteria;
    let row =
        |one: CarriedLine| CarriedRow { section: one.section, name: one.label, says: one.says, review: one.review };
    Some(CarriedView {
        origin: carried.origin(),
        rows: found.carried(today).into_iter().map(row).collect(),
        left: carried.left.iter().map(|one| (one.section.label(criteria), one.why.clone())).collect(),
    })
}

fn view(found: OwnApplication, today: Date) -> OwnApplicationView {
    let carried = carried(&found, today);
    let letter = found.letters.into_iter().next();
    let waits = found.challenges.iter().any(|one| one.state == ChallengeState::Open);
    OwnApplicationView {
        may_challenge: !waits && letter.as_ref().is_some_and(|letter| today <= letter.standstill_until),
        draft: found.draft.as_ref().map(|one| (one.version, one.saved)),
        carried,
        documents: found.draft.as_ref().map_or(0, |one| one.answers.evidence.len()),
        lots: found.draft.map(|one| one.answers.lots).unwrap_or_default(),
        missing: found.missing,
        sent: found.sent.map(|one| (one.sent, one.late, one.state)),
        earlier: found.earlier,
        asked: found.asked.into_iter().map(|one| (one.text, one.answered.is_some())).collect(),
        letter,
        unconfirmed: found.unconfirmed,
        challenges: found.challenges,
        condition: found.condition,
        today,
        public: view_of(found.public),
    }
}

/// Does what a form of the application's page says; else shows the page again.
async fn act<C: Command>(
    sent: Submitted,
    reference: &str,
    read: impl FnOnce(&Fields) -> Result<C, Invalid>,
) -> Answered {
    super::act(sent, reference, read, again).await
}

async fn begin(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| Ok(BeginApplication { reference, reuse: fields.get("reuse") == "yes" })).await
}

async fn confirm(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| {
        let sections = fields.all("sections").map(str::to_owned).collect();
        Ok(ConfirmCarried { reference, version: fields.version(), sections })
    })
    .await
}

async fn send(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| {
        Ok(SendApplication {
            reference,
            version: fields.version(),
            name: fields.get("name").to_owned(),
            role: fields.get("role").to_owned(),
            has_authority: fields.get("authority") == "yes",
        })
    })
    .await
}

async fn withdraw(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |_| Ok(WithdrawApplication { reference })).await
}

async fn question(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| {
        let mut invalid = Invalid::default();
        let text = fields.text("text", 2_000, "Enter your question", &mut invalid);
        invalid.or(AskAboutOpening { reference, text })
    })
    .await
}

async fn challenge(Path(reference): Path<String>, sent: Submitted) -> Answered {
    let shown = reference.clone();
    act(sent, &shown, |fields| {
        let mut invalid = Invalid::default();
        let words = fields.text("words", 2_000, "Say what you challenge and why", &mut invalid);
        invalid.or(ChallengeOutcome { reference, words })
    })
    .await
}

async fn letter(signed: Signed, Path(reference): Path<String>) -> Answered {
    let address = format!("{}/provider/admission/{reference}", signed.web.origin);
    let bytes = signed.app().letter_pdf(&signed.actor, &reference, &address).await.or_fail(&signed)?;
    Ok(file(bytes, "application/pdf", &format!("{reference}-outcome.pdf")))
}

/// Which part of the application a form is.
#[derive(Clone)]
enum Shown {
    Selection,
    Quality,
    Lot(String),
}

/// The form of a part: what was typed, or what is in the draft.
async fn part(
    signed: &Signed,
    reference: &str,
    shown: &Shown,
    (typed, errors): (Option<&Fields>, Invalid),
) -> Answered {
    let found = signed.app().own_application(&signed.actor, reference).await.or_fail(signed)?;
    let Some(draft) = &found.draft else { return Err(signed.fail(Outcome::NotFound)) };
    let typed = match typed {
        Some(fields) => Typed::new(fields.pairs().to_vec()),
        None => stored(draft, shown),
    };
    let carried = carried(&found, signed.now().today());
    let of = FormOf { reference, version: draft.version, carried: carried.as_ref() };
    let keys = [signed.new_key()];
    let forms = Forms { keys: &keys, errors: &errors, typed: &typed };
    let criteria = &found.public.opening.plan.criteria;
    let made = match shown {
        Shown::Selection => {
            let asked: Vec<InsuranceKind> = criteria.insurances.iter().map(|(kind, _)| *kind).collect();
            selection_form(signed.shell(), of, &asked, &forms)
        }
        Shown::Quality => {
            let questions: Vec<_> = criteria
                .quality
                .iter()
                .map(|one| (one.code.clone(), one.text.clone(), one.criteria.clone(), one.weight))
                .collect();
            quality_form(signed.shell(), of, &questions, &forms)
        }
        Shown::Lot(code) => {
            let Some(template) = criteria.template(code) else { return Err(signed.fail(Outcome::NotFound)) };
            let name = found.public.lots.iter().find(|lot| lot.code == *code).map_or(code.as_str(), |lot| &lot.name);
            let homes: Vec<(String, String)> =
                found.homes.iter().map(|(urn, name)| (urn.to_string(), name.clone())).collect();
            lot_form(signed.shell(), of, (template, name), &homes, &forms)
        }
    };
    Ok(page_with(status(&errors), &made))
}

fn stored(draft: &Draft, shown: &Shown) -> Typed {
    match shown {
        Shown::Selection => typed_selection(&draft.answers.selection),
        Shown::Quality => Typed::new(draft.answers.quality.clone()),
        Shown::Lot(code) => {
            let mut typed = Typed::default();
            if let Some(applied) = draft.answers.lots.iter().find(|lot| lot.lot == *code) {
                for urn in &applied.homes {
                    typed.set(&format!("{code}_homes"), urn);
                }
                for price in &applied.prices {
                    let pounds = price.weekly.to_string().replace(['£', ','], "");
                    typed.set(&format!("{code}_{}", price.part.code()), pounds);
                }
            }
            typed
        }
    }
}

async fn save(Submitted { signed, fields, key }: Submitted, reference: String, shown: Shown) -> Answered {
    super::must(&signed, SaveApplication::ACTION)?;
    let read: Result<Part, Invalid> = match &shown {
        Shown::Selection => forms::selection(&fields),
        Shown::Quality => {
            let found = signed.app().own_application(&signed.actor, &reference).await.or_fail(&signed)?;
            forms::quality(&fields, &found.public.opening.plan.criteria)
        }
        Shown::Lot(code) => forms::lot(&fields, code),
    };
    let version = fields.version();
    let command = read.map(|part| SaveApplication { reference: reference.clone(), version, part });
    match signed.attempt(&key, command).await? {
        Ok(receipt) => Ok(see(&receipt)),
        Err(invalid) => part(&signed, &reference, &shown, (Some(&fields), invalid)).await,
    }
}

async fn ask_selection(signed: Signed, Path(reference): Path<String>) -> Answered {
    part(&signed, &reference, &Shown::Selection, (None, Invalid::default())).await
}

async fn send_selection(Path(reference): Path<String>, sent: Submitted) -> Answered {
    save(sent, reference, Shown::Selection).await
}

async fn ask_quality(signed: Signed, Path(reference): Path<String>) -> Answered {
    part(&signed, &reference, &Shown::Quality, (None, Invalid::default())).await
}

async fn send_quality(Path(reference): Path<String>, sent: Submitted) -> Answered {
    save(sent, reference, Shown::Quality).await
}

async fn ask_lot(signed: Signed, Path((reference, lot)): Path<(String, String)>) -> Answered {
    part(&signed, &reference, &Shown::Lot(lot), (None, Invalid::default())).await
}

async fn send_lot(Path((reference, lot)): Path<(String, String)>, sent: Submitted) -> Answered {
    save(sent, reference, Shown::Lot(lot)).await
}
