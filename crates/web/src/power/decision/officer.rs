//! Democratic services: the worklist, pasting or sending and checking a decision, its page, and the dates helper.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use placewell_app::Outcome;
use placewell_app::power::decision::{Checked, Correct, Record, Revise, call_in_rule, check_pasted};
use placewell_app::reporting::publication::Held;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{GoverningBody, Publication, Standing};
use placewell_domain::reporting::publication::Naming;
use placewell_exchange::power::decision::unreadable;
use placewell_exchange::text::decode;
use placewell_pages::office::document::FIELD;
use placewell_pages::power::decision::{
    CheckForm, DependantView, FindingView, OfficerView, Typed, WorkView, check_page, dates_page, officer_page,
    paste_page, preview_page, worklist_page,
};

use super::form::{SPARE, one_more, put_term, read, sources_again, typed_again, typed_of};
use super::view_of;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::upload::{SentFile, Uploaded};

const LIST: &str = "/democratic/decisions";
/// The largest saved page that is read, in bytes; the API takes as much.
const LARGEST_PAGE: usize = 1024 * 1024;
const WHY: &str = "Enter why the page is corrected: everybody reads it";

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
        noticed: found.noticed,
        windows: found.windows,
        called_in: found.called_in,
        becoming_effective: found.becoming_effective,
        in_force: found.in_force,
        extension: found.extension,
        participation: found.participation,
        today: signed.now().today(),
    };
    let list = worklist_page(signed.shell(), &view);
    Ok(page(&crate::home::warned(&signed, list).await?))
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

/// The text of the saved page, where one was sent, or what was pasted; an error of the field that brought it.
fn brought(fields: &Fields, file: Option<SentFile>) -> Result<String, Invalid> {
    let pasted = fields.pairs().iter().any(|(name, _)| name == "text");
    let (field, text, empty) = match file {
        Some(sent) => {
            let size = sent.size();
            let Some(bytes) = sent.bytes().filter(|_| size <= LARGEST_PAGE) else {
                let found = size.div_ceil(1024 * 1024);
                let what = format!("The file has {found} MB. Choose a saved page of 1 MB at most, or paste its text");
                return Err(Invalid::one(FIELD, what));
            };
            (FIELD, decode(&bytes), "The file is empty. Choose the saved page of the decision")
        }
        None if pasted => ("text", fields.get("text").to_owned(), "Paste the published text of the decision"),
        None => (FIELD, String::new(), "Choose the saved page of the decision"),
    };
    if text.trim().is_empty() {
        return Err(Invalid::one(field, empty));
    }
    match unreadable(&text) {
        Some(why) => Err(Invalid::one(field, why)),
        None => Ok(text),
    }
}

/// Reads what was pasted or sent and shows each field beside its source; nothing is stored yet.
pub(super) async fn check(Uploaded { signed, fields, key, file }: Uploaded) -> Answered {
    records(&signed)?;
    let amends = amended(fields.get("amends"));
    let text = match brought(&fields, file) {
        Ok(text) => text,
        Err(invalid) => {
            let page = paste_page(signed.shell(), &key, &amends, &invalid);
            return Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    let read = tokio::task::spawn_blocking(move || check_pasted(&text)).await;
    let Checked { reference, page: found, sources, missing, doubts, term } =
        read.map_err(|error| signed.fail(Outcome::Fault(format!("reading stopped: {error}"))))?;
    let amends = Some(amends.as_str()).filter(|amends| !amends.is_empty());
    let mut typed = typed_of(&reference.unwrap_or_default(), &found, amends, SPARE);
    if found.term.is_none() {
        put_term(&mut typed, term.start, term.end, term.option_months);
    }
    let form = CheckForm {
        action: LIST.to_owned(),
        key: signed.new_key(),
        version: None,
        typed,
        sources,
        missing,
        doubts,
        fixed: false,
        errors: Invalid::default(),
        cancel: LIST.to_owned(),
    };
    Ok(page(&check_page(signed.shell(), &form)))
}

/// Records the checked decision as a draft.
pub(super) async fn record(Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    if fields.filled("add_limb").is_some() {
        let typed = one_more(typed_again(&fields));
        return Ok(page(&check_page(signed.shell(), &new_form(key, typed, &fields, Invalid::default()))));
    }
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
    let form = new_form(key, typed_again(&fields), &fields, invalid);
    Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &check_page(signed.shell(), &form)))
}

/// The form of a decision that is not recorded yet, shown again with what was typed.
fn new_form(key: String, typed: Typed, fields: &Fields, errors: Invalid) -> CheckForm {
    CheckForm {
        action: LIST.to_owned(),
        key,
        version: None,
        typed,
        sources: sources_again(fields),
        missing: Vec::new(),
        doubts: BTreeMap::new(),
        fixed: false,
        errors,
        cancel: LIST.to_owned(),
    }
}

/// The officer's page of one decision, with what is wrong with a form that was sent.
pub(super) async fn decision_page(signed: &Signed, reference: &str, errors: Invalid) -> Result<OfficerView, Failure> {
    let found = signed.app().own_decision(&signed.actor, reference).await.or_fail(signed)?;
    let in_force = matches!(found.standing, Standing::InForce { .. });
    let dependants = match found.decision.state.publication() {
        Some(_) => signed.app().dependants(&signed.actor, &found.decision).await.or_fail(signed)?,
        None => Vec::new(),
    };
    let dependants = dependants
        .into_iter()
        .map(|one| DependantView { held: one.held == Held::Held, what: one.what, path: one.path })
        .collect();
    Ok(OfficerView {
        record: view_of(found, signed.now().today()),
        keys: [signed.new_key(), signed.new_key(), signed.new_key()],
        sets_ceiling: in_force && may(signed.actor.role, Action::RecordDecision),
        dependants,
        errors,
        today: signed.now().today(),
    })
}

pub(super) async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let view = decision_page(&signed, &reference, Invalid::default()).await?;
    Ok(page(&officer_page(signed.shell(), &view)))
}

/// The page as the public will read it, before it is published (D-05).
pub(super) async fn preview(signed: Signed, Path(reference): Path<String>) -> Answered {
    let found = signed.app().own_decision(&signed.actor, &reference).await.or_fail(&signed)?;
    let findings = signed.app().decision_findings(&signed.actor, &reference).await.or_fail(&signed)?;
    let findings: Vec<FindingView> = findings.into_iter().map(finding).collect();
    Ok(page(&preview_page(signed.shell(), &view_of(found, signed.now().today()), &findings)))
}

/// A finding of the guard, in words.
pub(super) fn finding(one: Naming) -> FindingView {
    FindingView {
        kind: one.kind.label().to_owned(),
        place: one.field.replace('_', " "),
        found: one.found,
        to_do: one.kind.to_do(),
    }
}

fn edit_form(reference: &str, (key, version, fixed): (String, i64, bool), typed: Typed, errors: Invalid) -> CheckForm {
    CheckForm {
        action: format!("{LIST}/{reference}/edit"),
        key,
        version: Some(version),
        typed,
        sources: BTreeMap::new(),
        missing: Vec::new(),
        doubts: BTreeMap::new(),
        fixed,
        errors,
        cancel: format!("{LIST}/{reference}"),
    }
}

pub(super) async fn edit(signed: Signed, Path(reference): Path<String>) -> Answered {
    records(&signed)?;
    let found = signed.app().own_decision(&signed.actor, &reference).await.or_fail(&signed)?;
    let fixed = found.decision.state.publication().is_some();
    let typed = typed_of(&reference, &found.decision.page, found.amends.as_deref(), SPARE);
    let guards = (signed.new_key(), found.decision.version, fixed);
    let form = edit_form(&reference, guards, typed, Invalid::default());
    Ok(page(&check_page(signed.shell(), &form)))
}

pub(super) async fn save(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    let (mut found, mut invalid) = read(&fields);
    let version = fields.version();
    let before = signed.app().own_decision(&signed.actor, &reference).await.or_fail(&signed)?;
    let draft = before.decision.state.publication().is_none();
    if draft && fields.filled("add_limb").is_some() {
        let typed = one_more(typed_again(&fields));
        let form = edit_form(&reference, (key, version, false), typed, Invalid::default());
        return Ok(page(&check_page(signed.shell(), &form)));
    }
    if !draft {
        // A correction is of words: what the page allows stands as it was decided.
        let decided = before.decision.page;
        found.limbs = decided.limbs;
        found.term = decided.term;
        found.in_extension = decided.in_extension;
        found.governing_body = decided.governing_body;
    }
    let why = if draft { String::new() } else { fields.text("why", 1_000, WHY, &mut invalid) };
    if invalid.errors.is_empty() {
        let (app, actor) = (signed.app(), &signed.actor);
        let answer = if draft {
            app.perform(actor, &key, Revise { reference: reference.clone(), version, page: found }).await
        } else {
            let command = Correct { reference: reference.clone(), version, page: found, why };
            app.perform(actor, &key, fields.confirming(command)).await
        };
        match answer {
            Ok(receipt) => return Ok(see(&receipt)),
            Err(Outcome::Invalid(wrong)) => invalid = wrong,
            Err(outcome) => return Err(signed.fail(outcome)),
        }
    }
    let form = edit_form(&reference, (key, version, !draft), typed_again(&fields), invalid);
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
