//! Democratic services: the worklist, pasting and checking a decision, its page, and the dates helper.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Outcome;
use placewell_app::power::decision::{Checked, Correct, Record, Revise, call_in_rule, check_pasted};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{DecisionState, GoverningBody, Publication, Standing};
use placewell_pages::power::decision::{
    CheckForm, OfficerView, Typed, WorkView, check_page, dates_page, officer_page, paste_page, worklist_page,
};

use super::form::{read, typed_again, typed_of};
use super::view_of;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};

const LIST: &str = "/democratic/decisions";

/// Those who record may open the forms; everybody else is told why not.
pub(super) fn records(signed: &Signed) -> Result<(), Failure> {
    if may(signed.actor.role, Action::RecordDecision) {
        Ok(())
    } else {
        Err(signed.fail(Outcome::Forbidden(Action::RecordDecision)))
    }
}

pub(super) async fn worklist(signed: Signed) -> Answered {
    let found = signed.app().decision_worklist(&signed.actor).await.or_fail(&signed)?;
    let view = WorkView {
        to_publish: found.to_publish,
        windows: found.windows,
        called_in: found.called_in,
        becoming_effective: found.becoming_effective,
        in_force: found.in_force,
        extension: found.extension,
        participation: found.participation,
        today: signed.now().today(),
    };
    Ok(page(&worklist_page(signed.shell(), &view)))
}

pub(super) async fn paste(signed: Signed) -> Answered {
    records(&signed)?;
    let amends = amended(signed.query.get("amends"));
    Ok(page(&paste_page(signed.shell(), &signed.new_key(), &amends, &Invalid::default())))
}

/// The reference of a decision to amend, as an address or a form gives it; nothing where it is none.
fn amended(typed: &str) -> String {
    let plain = typed.len() <= 30 && typed.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if plain { typed.to_uppercase() } else { String::new() }
}

/// Reads what was pasted and shows each field beside its source; nothing is stored yet.
pub(super) async fn check(Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    let (text, amends) = (fields.get("text"), amended(fields.get("amends")));
    if text.trim().is_empty() {
        let invalid = Invalid::one("text", "Paste the published text of the decision");
        return Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &paste_page(signed.shell(), &key, &amends, &invalid)));
    }
    let Checked { reference, page: found, sources, missing } = check_pasted(text);
    let form = CheckForm {
        action: LIST.to_owned(),
        key: signed.new_key(),
        version: None,
        typed: typed_of(
            &reference.unwrap_or_default(),
            &found,
            Some(amends.as_str()).filter(|amends| !amends.is_empty()),
        ),
        sources,
        missing,
        errors: Invalid::default(),
        cancel: LIST.to_owned(),
    };
    Ok(page(&check_page(signed.shell(), &form)))
}

/// Records the checked decision as a draft.
pub(super) async fn record(Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    let (found, mut invalid) = read(&fields);
    let reference = fields.get("reference").to_uppercase();
    if reference.is_empty() {
        invalid.add("reference", format!("Enter a reference, like {}-2021-0913", signed.actor.code));
    }
    let amends = fields.filled("amends").map(str::to_uppercase);
    if invalid.errors.is_empty() {
        let command = Record { reference, amends, page: found };
        match signed.app().perform(&signed.actor, &key, command).await {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(wrong)) => invalid = wrong,
            Err(outcome) => return Err(signed.fail(outcome)),
        }
    }
    let form = CheckForm {
        action: LIST.to_owned(),
        key,
        version: None,
        typed: typed_again(&fields),
        sources: BTreeMap::new(),
        missing: Vec::new(),
        errors: invalid,
        cancel: LIST.to_owned(),
    };
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &check_page(signed.shell(), &form)))
}

/// The officer's page of one decision, with what is wrong with a form that was sent.
pub(super) async fn decision_page(signed: &Signed, reference: &str, errors: Invalid) -> Result<OfficerView, Failure> {
    let found = signed.app().own_decision(&signed.actor, reference).await.or_fail(signed)?;
    let in_force = matches!(found.standing, Standing::InForce { .. });
    let dependants = if found.standing == Standing::CalledIn { dependants(&found.decision) } else { Vec::new() };
    Ok(OfficerView {
        record: view_of(found, signed.now().today()),
        keys: [signed.new_key(), signed.new_key(), signed.new_key()],
        sets_ceiling: in_force && may(signed.actor.role, Action::RecordDecision),
        dependants,
        errors,
        today: signed.now().today(),
    })
}

/// What stands still while a decision is called in.
fn dependants(decision: &placewell_domain::power::decision::Decision) -> Vec<String> {
    decision
        .page
        .limbs
        .iter()
        .flat_map(|limb| {
            limb.effects.iter().map(move |effect| format!("Limb ({}): {}", limb.letter, effect.sentence()))
        })
        .collect()
}

pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let view = decision_page(&signed, &reference, Invalid::default()).await?;
    Ok(page(&officer_page(signed.shell(), &view)))
}

fn edit_form(reference: &str, key: String, version: i64, typed: Typed, errors: Invalid) -> CheckForm {
    CheckForm {
        action: format!("{LIST}/{reference}/edit"),
        key,
        version: Some(version),
        typed,
        sources: BTreeMap::new(),
        missing: Vec::new(),
        errors,
        cancel: format!("{LIST}/{reference}"),
    }
}

pub(super) async fn edit(signed: Signed, Path(reference): Path<String>) -> Answered {
    records(&signed)?;
    let found = signed.app().own_decision(&signed.actor, &reference).await.or_fail(&signed)?;
    let typed = typed_of(&reference, &found.decision.page, found.amends.as_deref());
    let form = edit_form(&reference, signed.new_key(), found.decision.version, typed, Invalid::default());
    Ok(page(&check_page(signed.shell(), &form)))
}

pub(super) async fn save(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    let (found, mut invalid) = read(&fields);
    let version = fields.version();
    if invalid.errors.is_empty() {
        let before = signed.app().own_decision(&signed.actor, &reference).await.or_fail(&signed)?;
        let draft = matches!(before.decision.state, DecisionState::Draft);
        let (app, actor) = (signed.app(), &signed.actor);
        let answer = if draft {
            app.perform(actor, &key, Revise { reference: reference.clone(), version, page: found }).await
        } else {
            app.perform(actor, &key, Correct { reference: reference.clone(), version, page: found }).await
        };
        match answer {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(wrong)) => invalid = wrong,
            Err(outcome) => return Err(signed.fail(outcome)),
        }
    }
    let form = edit_form(&reference, key, version, typed_again(&fields), invalid);
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &check_page(signed.shell(), &form)))
}

pub(super) async fn dates(signed: Signed) -> Answered {
    let session = signed.app().see(&signed.actor, Action::SeeDecisions).await.or_fail(&signed)?;
    let mut invalid = Invalid::default();
    let typed = signed.query.date_parts("published");
    let published = signed.query.optional_date("published", "Enter the publication date, like 14 1 2019", &mut invalid);
    let found = match published {
        Some(published) => {
            let rule = call_in_rule(&session, signed.actor.organisation, published).await.or_fail(&signed)?;
            let days = (published, published);
            Some((published, Publication::of(days, GoverningBody::CouncilExecutive, None, None, &rule)))
        }
        None => None,
    };
    let shown = found.as_ref().map(|(published, publication)| (*published, publication));
    let status = if invalid.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_with(status, &dates_page(signed.shell(), typed, &invalid, shown)))
}
