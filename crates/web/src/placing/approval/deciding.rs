//! The pages on which a request is decided, and what is sent from them.

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::placing::approval::{
    AnswerQuestion, ApprovalView, Approve, AskApprover, ConfirmNight, ConfirmVerbal, Decider, PassOn, RecordFollowUp,
    RecordVerbal, Refuse, TakeBack,
};
use placewell_app::{Outcome, Receipt};
use placewell_domain::id::PersonId;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::approval::{Consultation, RefuseReason};
use placewell_pages::form::Typed;
use placewell_pages::placing::approval::{DecideForm, DeciderView, Deciding, decide};
use placewell_pages::words;

use super::show::{price, urgency};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};

fn deciding(act: &str) -> Option<Deciding> {
    match act {
        "approve" => Some(Deciding::Approve),
        "refuse" => Some(Deciding::Refuse),
        "ask" => Some(Deciding::Ask),
        "answer" => Some(Deciding::Answer),
        "reassign" => Some(Deciding::PassOn),
        "verbal" => Some(Deciding::Verbal),
        "confirm" => Some(Deciding::Confirm),
        "director" => Some(Deciding::Night),
        "follow-up" => Some(Deciding::FollowUp),
        "take-back" => Some(Deciding::TakeBack),
        _ => None,
    }
}

pub(super) async fn ask(signed: Signed, Path((reference, act)): Path<(String, String)>) -> Answered {
    let Some(deciding) = deciding(&act) else { return Err(signed.fail(Outcome::NotFound)) };
    let ask = form(&signed, &reference, deciding, signed.new_key(), Typed::default(), Invalid::default());
    let form = Box::pin(ask).await?;
    Ok(page(&decide(signed.shell(), &form, deciding)))
}

async fn form(
    signed: &Signed,
    reference: &str,
    deciding: Deciding,
    key: String,
    typed: Typed,
    errors: Invalid,
) -> Result<DecideForm, Failure> {
    let found = signed.app().approval_view(&signed.actor, reference).await.or_fail(signed)?;
    let decides = matches!(deciding, Deciding::Approve | Deciding::Refuse | Deciding::Ask | Deciding::PassOn);
    if decides {
        found.approval.must_be_open().or_fail(signed)?;
    }
    let urgency = urgency(&found);
    if decides && !(deciding == Deciding::Approve && urgency.is_some()) {
        found.mine.clone().or_fail(signed)?;
    }
    let mut people = if matches!(deciding, Deciding::PassOn | Deciding::Verbal) {
        signed.app().deciders(&signed.actor, reference).await.or_fail(signed)?
    } else {
        Vec::new()
    };
    if deciding == Deciding::Verbal && urgency.is_some() {
        let urgent = signed.app().urgent_deciders(&signed.actor, reference).await.or_fail(signed)?;
        let new = |person: &Decider| !people.iter().any(|known| known.person == person.person);
        let urgent: Vec<Decider> = urgent.into_iter().filter(new).collect();
        people.extend(urgent);
    }
    let own = signed.actor.person;
    let people = people.into_iter().filter(|person| person.person != own).map(|person| DeciderView {
        id: person.person.to_string(),
        name: person.name,
        basis: person.basis,
    });
    Ok(DecideForm {
        reference: reference.to_owned(),
        version: found.approval.version,
        key,
        hash: found.hash.clone(),
        facts: facts(&found),
        reasons: RefuseReason::ALL.iter().map(|reason| (reason.code().to_owned(), reason.label().to_owned())).collect(),
        people: people.collect(),
        follows: found
            .follow_ups
            .iter()
            .filter(|follow| follow.due())
            .map(|follow| (follow.what.code().to_owned(), follow.what.label().to_owned(), words::date(follow.by)))
            .collect(),
        urgency,
        typed,
        errors,
    })
}

fn facts(found: &ApprovalView) -> Vec<(String, String)> {
    let facts = &found.case.facts;
    vec![
        ("Request".to_owned(), found.approval.reference.to_string()),
        ("Home".to_owned(), found.case.home.name.clone()),
        ("Price".to_owned(), price(&found.approval)),
        ("Start".to_owned(), words::date(facts.start)),
        ("Planned end".to_owned(), words::date(facts.planned_end)),
    ]
}

pub(super) async fn send(Path((reference, act)): Path<(String, String)>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    let Some(deciding) = deciding(&act) else { return Err(signed.fail(Outcome::NotFound)) };
    let invalid = match perform(&signed, &key, &reference, deciding, &fields).await {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => invalid,
        Err(outcome) => return Err(outcome).or_fail(&signed),
    };
    let typed = Typed::new(fields.pairs().to_vec());
    let form = Box::pin(form(&signed, &reference, deciding, key, typed, invalid)).await?;
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &decide(signed.shell(), &form, deciding)))
}

async fn perform(
    signed: &Signed,
    key: &str,
    reference: &str,
    deciding: Deciding,
    fields: &Fields,
) -> Result<Receipt, Outcome> {
    let (app, actor) = (signed.app(), &signed.actor);
    let (reference, version) = (reference.to_owned(), fields.get("_version").parse().unwrap_or_default());
    let mut invalid = Invalid::default();
    let words = fields.get("words").to_owned();
    match deciding {
        Deciding::Approve => {
            let (seen, urgent) = (fields.get("seen").to_owned(), fields.get("urgent") == "yes");
            let command = Approve { reference, version, seen, conditions: words, urgent };
            app.perform(actor, key, fields.confirming(command)).await
        }
        Deciding::Refuse => {
            let reason = fields.choice("reason", RefuseReason::from_code, "Choose why you refuse it", &mut invalid);
            let Some(reason) = reason else { return Err(invalid.into()) };
            app.perform(actor, key, Refuse { reference, version, reason, words }).await
        }
        Deciding::Ask => app.perform(actor, key, AskApprover { reference, version, question: words }).await,
        Deciding::Answer => app.perform(actor, key, AnswerQuestion { reference, version, answer: words }).await,
        Deciding::PassOn => {
            let Some(to) = person(fields, &mut invalid) else { return Err(invalid.into()) };
            app.perform(actor, key, PassOn { reference, version, to }).await
        }
        Deciding::Verbal => {
            let by = person(fields, &mut invalid);
            let said_at = fields.date_and_time("said_on", "Enter the day on which it was said", &mut invalid);
            let (seen, urgent) = (fields.get("seen").to_owned(), fields.get("urgent") == "yes");
            let (Some(by), Some(said_at)) = (by, said_at) else { return Err(invalid.into()) };
            app.perform(actor, key, RecordVerbal { reference, version, by, said_at, seen, urgent }).await
        }
        Deciding::Confirm => app.perform(actor, key, ConfirmVerbal { reference, version }).await,
        Deciding::Night => app.perform(actor, key, ConfirmNight { reference, version }).await,
        Deciding::FollowUp => {
            let what = fields.choice("what", Consultation::from_code, "Choose what was done", &mut invalid);
            let on = fields.date("done_on", "Enter the day on which it was done, like 17 9 2021", &mut invalid);
            let (Some(what), Some(on)) = (what, on) else { return Err(invalid.into()) };
            app.perform(actor, key, RecordFollowUp { reference, version, what, on }).await
        }
        Deciding::TakeBack => app.perform(actor, key, TakeBack { reference, version }).await,
    }
}

fn person(fields: &Fields, invalid: &mut Invalid) -> Option<PersonId> {
    let person = |text: &str| text.parse().ok().map(PersonId);
    fields.choice("person", person, "Choose who decides", invalid)
}
