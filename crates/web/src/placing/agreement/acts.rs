//! The pages of an agreement's acts, and what is sent from them.

use axum::extract::Path;
use axum::http::StatusCode;
use jiff::civil::Date;
use placewell_app::placing::agreement::{
    AgreementView, CancelAgreement, EndAgreement, GiveNotice, ReviewPlannedEnd, Sign, StartStay,
};
use placewell_app::{Outcome, Receipt};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::{
    AgreementState, CancelReason, DeclineReason, EndReason, Side, UnsignedReason, notice_days,
};
use placewell_domain::power::delegation::Act;
use placewell_pages::form::Typed;
use placewell_pages::placing::agreement::{ActForm, Acting, act as act_page};
use placewell_pages::words;

use super::{asks, changes};
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};

fn acting(act: &str) -> Option<Acting> {
    Acting::ALL.into_iter().find(|acting| acting.path() == act)
}

/// The action that an act needs.
const fn needs(acting: Acting) -> Action {
    match acting {
        Acting::Sign | Acting::Ask => Action::SignAgreement,
        Acting::Notice => Action::GiveNotice,
        Acting::Review | Acting::End | Acting::Cancel | Acting::Support | Acting::Price | Acting::StepDown => {
            Action::DecideAgreement
        }
        Acting::Confirm => Action::Decide,
        Acting::Start
        | Acting::Particulars
        | Acting::Ground
        | Acting::PutRight
        | Acting::Share
        | Acting::Condition
        | Acting::Decline => Action::RunAgreement,
    }
}

pub(super) async fn ask(signed: Signed, Path((reference, act)): Path<(String, String)>) -> Answered {
    let Some(acting) = acting(&act) else { return Err(signed.fail(Outcome::NotFound)) };
    let mut typed = Typed::default();
    let form = form(&signed, &reference, acting, signed.new_key(), &mut typed, Invalid::default(), true).await?;
    Ok(page(&act_page(signed.shell(), &form, acting)))
}

async fn form(
    signed: &Signed,
    reference: &str,
    acting: Acting,
    key: String,
    typed: &mut Typed,
    errors: Invalid,
    fresh: bool,
) -> Result<ActForm, Failure> {
    if !may(signed.actor.role, needs(acting)) {
        return Err(signed.fail(Outcome::Forbidden(needs(acting))));
    }
    let found = signed.app().agreement_view(&signed.actor, reference).await.or_fail(signed)?;
    let act = decision(acting);
    let people = match act.filter(|_| found.side == Side::Authority) {
        Some(act) => signed.app().who_may_decide(&signed.actor, reference, act).await.or_fail(signed)?,
        None => Vec::new(),
    };
    if fresh {
        fill(signed, &found, acting, typed);
    }
    let decides = may(signed.actor.role, Action::Decide).then(|| {
        let own = people.iter().find(|person| person.person == signed.actor.person);
        match own {
            Some(own) => format!("You decide this yourself, as {}.", own.title),
            None => "You hold no power for this today, so it will be refused.".to_owned(),
        }
    });
    let without_power = without_power(signed, &found, acting).await?;
    let released = released(signed, &found, acting).await?;
    Ok(ActForm {
        reference: reference.to_owned(),
        version: found.agreement.version,
        key,
        facts: facts(&found),
        people: people.into_iter().map(|person| (person.person.to_string(), person.name, person.title)).collect(),
        provider: found.side == Side::Provider,
        reasons: reasons(acting),
        unsigned: !found.agreement.signatures.both(),
        decides,
        without_power,
        lines: match acting {
            Acting::Price | Acting::Share | Acting::Ask => changes::lines(&found.agreement),
            Acting::StepDown => asks::reviews(&found),
            Acting::Decline => asks::open(&found),
            Acting::Confirm => changes::to_confirm(&found, signed.actor.person),
            Acting::Condition => changes::open_conditions(&found),
            _ => Vec::new(),
        },
        kinds: asks::kinds(acting),
        released,
        follows: follows(signed, &found, acting),
        typed: typed.clone(),
        errors,
    })
}

/// Why nobody holds a power for an act that records what has happened; none where somebody does.
async fn without_power(signed: &Signed, found: &AgreementView, acting: Acting) -> Result<Option<String>, Failure> {
    let Some(act) = decision(acting).filter(|_| matches!(acting, Acting::Review | Acting::End)) else {
        return Ok(None);
    };
    let live = matches!(found.agreement.state, AgreementState::Started { .. } | AgreementState::NoticeGiven { .. });
    if found.side == Side::Provider || !live {
        return Ok(None);
    }
    let reference = found.agreement.reference.to_string();
    signed.app().without_power(&signed.actor, &reference, act).await.or_fail(signed)
}

/// The decision that an act is, where it uses a power.
const fn decision(acting: Acting) -> Option<Act> {
    match acting {
        Acting::Review => Some(Act::VaryAgreement),
        Acting::Notice => Some(Act::GiveNotice),
        Acting::End | Acting::Cancel => Some(Act::EndAgreement),
        Acting::Support | Acting::StepDown => Some(Act::ExtraSupport),
        Acting::Price => Some(Act::ChangePrice),
        Acting::Sign
        | Acting::Start
        | Acting::Particulars
        | Acting::Ground
        | Acting::PutRight
        | Acting::Confirm
        | Acting::Share
        | Acting::Ask
        | Acting::Condition
        | Acting::Decline => None,
    }
}

/// What stands in a form that nobody has filled yet.
fn fill(signed: &Signed, found: &AgreementView, acting: Acting, typed: &mut Typed) {
    match acting {
        Acting::Sign => typed.set("name", &signed.actor.name),
        Acting::Start => typed.day("on", Some(found.agreement.terms.start)),
        Acting::Review => typed.day("planned_end", Some(found.agreement.planned_end)),
        Acting::Particulars => care(found, typed),
        _ => {}
    }
}

/// What the agreement says about care already, into the form.
fn care(found: &AgreementView, typed: &mut Typed) {
    let words = &found.care.words;
    let lists = [
        ("outcomes", &words.outcomes),
        ("staffing", &words.staffing),
        ("education", &words.education),
        ("health", &words.health),
    ];
    for (name, list) in lists {
        typed.set(name, list.join("\n"));
    }
    for thing in &words.included {
        typed.set("included", thing.code());
    }
}

/// What notice, an end or a cancellation today would release, year by year.
async fn released(signed: &Signed, found: &AgreementView, acting: Acting) -> Result<Vec<(String, String)>, Failure> {
    let (from, _) = found.agreement.nights();
    let today = signed.now().today();
    let until = match acting {
        Acting::Notice => plus_days(today, i64::from(notice_days(&found.agreement.terms.notice, from, today))),
        Acting::End => today,
        Acting::Cancel => from,
        _ => return Ok(Vec::new()),
    };
    if found.side == Side::Provider {
        return Ok(Vec::new());
    }
    let reference = found.agreement.reference.to_string();
    let released = signed.app().released_by(&signed.actor, &reference, until).await.or_fail(signed)?;
    let line = |(year, pence): &(Date, Pence)| (words::date_range(*year, plus_days(*year, 364)), words::money(*pence));
    Ok(released.years.iter().map(line).collect())
}

fn facts(found: &AgreementView) -> Vec<(String, String)> {
    let (from, to) = found.agreement.nights();
    vec![
        ("Agreement".to_owned(), found.agreement.reference.to_string()),
        ("Home".to_owned(), found.home.name.clone()),
        ("Price".to_owned(), words::a_week(found.agreement.weekly())),
        ("Nights".to_owned(), words::date_range(from, to)),
    ]
}

fn reasons(acting: Acting) -> Vec<(String, String)> {
    let pair = |code: &str, label: &str| (code.to_owned(), label.to_owned());
    match acting {
        Acting::Start => UnsignedReason::ALL.iter().map(|reason| pair(reason.code(), reason.label())).collect(),
        Acting::End | Acting::Ask => EndReason::ALL.iter().map(|reason| pair(reason.code(), reason.label())).collect(),
        Acting::Decline => DeclineReason::ALL.iter().map(|reason| pair(reason.code(), reason.label())).collect(),
        Acting::Cancel => CancelReason::ALL.iter().map(|reason| pair(reason.code(), reason.label())).collect(),
        _ => changes::reasons(acting),
    }
}

fn follows(signed: &Signed, found: &AgreementView, acting: Acting) -> String {
    match acting {
        Acting::Sign => {
            "By signing you agree to this placement for your side. The PDF is made again with your signature."
                .to_owned()
        }
        Acting::Start => "The held bed becomes the child's, and the referral shows as placed.".to_owned(),
        Acting::Review => format!(
            "An earlier end releases money today, about {} for each week. A later one commits as much.",
            words::money(found.agreement.weekly())
        ),
        Acting::Notice => {
            let (from, _) = found.agreement.nights();
            let days = notice_days(&found.agreement.terms.notice, from, signed.now().today());
            format!("Notice today is {}.", words::count(u64::from(days), "day", "days"))
        }
        Acting::Particulars => "Both sides read this in the agreement and in its PDF, which is made again.".to_owned(),
        Acting::Support => "It stops at its end unless it is approved again. The annual value must hold it.".to_owned(),
        Acting::Price => {
            "A rise must stay within the tendered price and the annual value. One decided before is an exception."
                .to_owned()
        }
        Acting::Ground => "Above the threshold a ground is recorded, and an award notice is sent.".to_owned(),
        Acting::Condition => "Both sides read it in the agreement and in its PDF, which is made again.".to_owned(),
        Acting::PutRight => "The start stays recorded as made without recorded power.".to_owned(),
        Acting::Share => "A split in dispute counts as the authority's own until it is agreed.".to_owned(),
        Acting::StepDown => "Support whose review is not recorded stops at its end.".to_owned(),
        Acting::Ask => "The authority accepts or declines it. Nothing changes until then.".to_owned(),
        Acting::Decline => "The provider is told.".to_owned(),
        Acting::Confirm => "By confirming you decide in writing what you decided by word of mouth.".to_owned(),
        Acting::End => "The bed is free again and the money is released today.".to_owned(),
        Acting::Cancel => "The bed is free again and the money is released today. \
             The home can no longer read what it was told of the child."
            .to_owned(),
    }
}

pub(super) async fn send(Path((reference, act)): Path<(String, String)>, submitted: Submitted) -> Answered {
    let Submitted { signed, fields, key } = submitted;
    let Some(acting) = acting(&act) else { return Err(signed.fail(Outcome::NotFound)) };
    let invalid = match perform(&signed, &key, &reference, acting, &fields).await {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => invalid,
        Err(outcome) => return Err(outcome).or_fail(&signed),
    };
    let mut typed = Typed::new(fields.pairs().to_vec());
    let form = form(&signed, &reference, acting, key, &mut typed, invalid, false).await?;
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &act_page(signed.shell(), &form, acting)))
}

async fn perform(
    signed: &Signed,
    key: &str,
    reference: &str,
    acting: Acting,
    fields: &Fields,
) -> Result<Receipt, Outcome> {
    let (app, actor) = (signed.app(), &signed.actor);
    let (reference, version) = (reference.to_owned(), fields.version());
    let mut invalid = Invalid::default();
    match acting {
        Acting::Sign => {
            let (name, role) = (fields.get("name").to_owned(), fields.get("role").to_owned());
            let has_authority = fields.get("authority") == "yes";
            app.perform(actor, key, Sign { reference, version, name, role, has_authority }).await
        }
        Acting::Start => {
            let on = fields.date("on", "Enter the day on which the child started, like 27 9 2021", &mut invalid);
            let unsigned = fields.filled("unsigned").and_then(UnsignedReason::from_code);
            let Some(on) = on else { return Err(invalid.into()) };
            app.perform(actor, key, StartStay { reference, version, on, unsigned }).await
        }
        Acting::Review => {
            let end = fields.date("planned_end", "Enter the planned end, like 26 9 2022", &mut invalid);
            let by = changes::decided(signed, fields, &mut invalid);
            let (Some(planned_end), Some(decided_by)) = (end, by) else { return Err(invalid.into()) };
            app.perform(actor, key, ReviewPlannedEnd { reference, version, planned_end, decided_by }).await
        }
        Acting::Notice => {
            let decided_by = changes::decided(signed, fields, &mut invalid);
            let Some(decided_by) = decided_by else { return Err(invalid.into()) };
            app.perform(actor, key, GiveNotice { reference, version, decided_by }).await
        }
        Acting::End => {
            let on = fields.date("on", "Enter the day on which the child left, like 27 9 2021", &mut invalid);
            let planned =
                fields.choice("planned", |said| Some(said == "yes"), "Say whether the end was planned", &mut invalid);
            let reason = fields.choice("reason", EndReason::from_code, "Choose why it ended", &mut invalid);
            let by = changes::decided(signed, fields, &mut invalid);
            let (Some(on), Some(planned), Some(reason), Some(decided_by)) = (on, planned, reason, by) else {
                return Err(invalid.into());
            };
            app.perform(actor, key, EndAgreement { reference, version, on, planned, reason, decided_by }).await
        }
        Acting::Cancel => {
            let reason = fields.choice("reason", CancelReason::from_code, "Choose why it does not begin", &mut invalid);
            let by = changes::decided(signed, fields, &mut invalid);
            let (Some(reason), Some(decided_by)) = (reason, by) else { return Err(invalid.into()) };
            app.perform(actor, key, CancelAgreement { reference, version, reason, decided_by }).await
        }
        Acting::Particulars
        | Acting::Support
        | Acting::Price
        | Acting::Ground
        | Acting::PutRight
        | Acting::Confirm
        | Acting::Condition
        | Acting::Share
        | Acting::StepDown
        | Acting::Ask
        | Acting::Decline => asks::perform(signed, key, &reference, acting, fields).await,
    }
}
