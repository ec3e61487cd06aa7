//! Officers' decisions: the public list and record, and the forms on which democratic services keep them.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use placewell_app::Command;
use placewell_app::power::decision::{
    DelegatedRecord, PublishDelegated, RecordDelegated, ReviseDelegated, WithdrawDelegated,
};
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{
    DelegatedDecision, DelegatedKind, DelegatedPage, LimbLabel, LimbPower, in_force_among,
};
use placewell_pages::form::Typed;
use placewell_pages::power::decision::{
    DelegatedForm, DelegatedLine, DelegatedView, delegated_form, delegated_list, delegated_own, delegated_page,
    delegated_worklist, withdrawn_page,
};

use super::officer::{finding, records};
use crate::fields::Fields;
use crate::request::{Signed, Submitted, Visit};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};

const LIST: &str = "/democratic/officer-decisions";
const WHEN: &str = "Enter the date, like 13 9 2021";

pub(super) async fn list(visit: Visit) -> Answered {
    let found = visit.app().public_delegated().await.or_fail(&visit)?;
    let lines: Vec<DelegatedLine> = found
        .into_iter()
        .map(|one| DelegatedLine {
            reference: one.decision.reference,
            title: one.decision.page.title,
            kind: one.decision.page.kind,
            authority: one.authority,
            taken_on: one.decision.page.taken_on,
        })
        .collect();
    Ok(page(&delegated_list(visit.shell(), &lines)))
}

pub(super) async fn show(visit: Visit, Path(reference): Path<String>) -> Answered {
    match visit.app().public_delegated_decision(&reference).await.or_fail(&visit)? {
        DelegatedRecord::Published(found) => {
            let view = DelegatedView { decision: found.decision, authority: found.authority };
            Ok(page(&delegated_page(visit.shell(), &view)))
        }
        DelegatedRecord::Withdrawn { reference, on, reason } => {
            Ok(page_with(StatusCode::GONE, &withdrawn_page(visit.shell(), &reference, on, &reason)))
        }
    }
}

pub(super) async fn own(signed: Signed) -> Answered {
    let found = signed.app().own_delegated(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&delegated_worklist(signed.shell(), &found)))
}

async fn own_page(signed: &Signed, reference: &str, errors: &Invalid) -> Result<Response, Failure> {
    let decision = signed.app().own_delegated_decision(&signed.actor, reference).await.or_fail(signed)?;
    let view = DelegatedView { decision, authority: signed.actor.organisation_name.clone() };
    let found = signed.app().delegated_findings(&signed.actor, reference).await.or_fail(signed)?;
    let found: Vec<_> = found.into_iter().map(finding).collect();
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (key, today) = (signed.new_key(), signed.now().today());
    Ok(page_with(status, &delegated_own(signed.shell(), (&view, &found), [&key], errors, today)))
}

pub(super) async fn show_own(signed: Signed, Path(reference): Path<String>) -> Answered {
    own_page(&signed, &reference, &Invalid::default()).await
}

/// The limbs in force that give a power which officers' decisions use: reference and label, and the words.
async fn powers(signed: &Signed) -> Result<Vec<(String, String)>, Failure> {
    let decisions = signed.app().own_decisions(&signed.actor).await.or_fail(signed)?;
    let wanted = [LimbPower::Operational, LimbPower::AwardMiniBlocks];
    let today = signed.now().today();
    let limbs = in_force_among(&decisions, today).flat_map(|decision| {
        decision.page.limbs.iter().filter(|limb| limb.gives(&wanted)).map(|limb| {
            let (reference, letter) = (&decision.reference, limb.letter);
            (format!("{reference} {letter}"), format!("{reference}, limb ({letter})"))
        })
    });
    Ok(limbs.collect())
}

async fn form_page(
    signed: &Signed,
    (action, key, version): (String, String, Option<i64>),
    typed: Typed,
    errors: Invalid,
) -> Answered {
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let form = DelegatedForm { action, key, version, typed, powers: powers(signed).await?, errors };
    Ok(page_with(status, &delegated_form(signed.shell(), &form)))
}

pub(super) async fn ask(signed: Signed) -> Answered {
    records(&signed)?;
    let guards = (format!("{LIST}/new"), signed.new_key(), None);
    form_page(&signed, guards, Typed::new(Vec::new()), Invalid::default()).await
}

fn optional(fields: &Fields, name: &str, invalid: &mut Invalid) -> Option<String> {
    Some(fields.optional_text(name, 500, invalid)).filter(|text| !text.trim().is_empty())
}

fn read_page(fields: &Fields, invalid: &mut Invalid) -> Option<DelegatedPage> {
    let text = |name: &str, ask: &str, invalid: &mut Invalid| fields.text(name, 4_000, ask, invalid);
    let title = fields.text("title", 200, "Enter what the decision is about", invalid);
    let kind = fields.choice("kind", DelegatedKind::from_code, "Choose the class of the decision", invalid);
    let decided = text("decided", "Enter what was decided", invalid);
    let post = fields.text("post", 200, "Enter the post of who took it, never a name", invalid);
    let taken_on = fields.date("taken_on", WHEN, invalid);
    let reasons = text("reasons", "Enter the reasons", invalid);
    let alternatives = text("alternatives", "Enter the alternatives considered, or that there were none", invalid);
    let conflicts = text("conflicts", "Enter the conflicts of interest declared, or that there were none", invalid);
    let value = fields.optional_pence("value", "Enter the value in pounds, like 412,000", invalid);
    Some(DelegatedPage {
        title,
        kind: kind?,
        decided,
        post,
        taken_on: taken_on?,
        reasons,
        alternatives,
        conflicts,
        supplier: optional(fields, "supplier", invalid),
        contract: optional(fields, "contract", invalid),
        value,
        exempt: optional(fields, "exempt", invalid),
    })
}

fn read_new(fields: &Fields) -> Result<RecordDelegated, Invalid> {
    let mut invalid = Invalid::default();
    let chosen = fields.get("under").split_once(' ').and_then(|(under, limb)| Some((under, LimbLabel::parse(limb)?)));
    if chosen.is_none() {
        invalid.add("under", "Choose the limb that gave the power");
    }
    let read = read_page(fields, &mut invalid);
    match (chosen, read) {
        (Some((under, limb)), Some(page)) if invalid.errors.is_empty() => {
            Ok(RecordDelegated { under: under.to_owned(), limb, page })
        }
        _ => Err(invalid),
    }
}

pub(super) async fn record(Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    let guards = (format!("{LIST}/new"), key.clone(), None);
    kept(&signed, &key, read_new(&fields), (guards, &fields)).await
}

fn typed_of(decision: &DelegatedDecision) -> Typed {
    let page = &decision.page;
    let texts = [
        ("title", page.title.clone()),
        ("kind", page.kind.code().to_owned()),
        ("decided", page.decided.clone()),
        ("post", page.post.clone()),
        ("reasons", page.reasons.clone()),
        ("alternatives", page.alternatives.clone()),
        ("conflicts", page.conflicts.clone()),
        ("supplier", page.supplier.clone().unwrap_or_default()),
        ("contract", page.contract.clone().unwrap_or_default()),
        ("value", page.value.map_or_else(String::new, |value| value.to_string().replace(['£', ','], ""))),
        ("exempt", page.exempt.clone().unwrap_or_default()),
    ];
    let mut typed = Typed::new(texts.into_iter().map(|(name, text)| (name.to_owned(), text)).collect());
    typed.day("taken_on", Some(page.taken_on));
    typed
}

pub(super) async fn edit(signed: Signed, Path(reference): Path<String>) -> Answered {
    records(&signed)?;
    let decision = signed.app().own_delegated_decision(&signed.actor, &reference).await.or_fail(&signed)?;
    let guards = (format!("{LIST}/{reference}/edit"), signed.new_key(), Some(decision.version));
    form_page(&signed, guards, typed_of(&decision), Invalid::default()).await
}

pub(super) async fn save(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    records(&signed)?;
    let mut invalid = Invalid::default();
    let version = fields.version();
    let read = match read_page(&fields, &mut invalid) {
        Some(page) if invalid.errors.is_empty() => Ok(ReviseDelegated { reference: reference.clone(), version, page }),
        _ => Err(invalid),
    };
    let guards = (format!("{LIST}/{reference}/edit"), key.clone(), Some(version));
    kept(&signed, &key, read, (guards, &fields)).await
}

/// Does what the form said in full; else shows it again with what is wrong.
async fn kept<C: Command>(
    signed: &Signed,
    key: &str,
    read: Result<C, Invalid>,
    (guards, fields): ((String, String, Option<i64>), &Fields),
) -> Answered {
    let invalid = match signed.attempt(key, read).await? {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    form_page(signed, guards, Typed::new(fields.pairs().to_vec()), invalid).await
}

/// Does a step of a record; else shows its page with what is wrong.
async fn step<C: Command>(signed: &Signed, reference: &str, key: &str, read: Result<C, Invalid>) -> Answered {
    records(signed)?;
    let invalid = match signed.attempt(key, read).await? {
        Ok(receipt) => return Ok(see(&receipt)),
        Err(invalid) => invalid,
    };
    own_page(signed, reference, &invalid).await
}

pub(super) async fn publish(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let on = fields.date("on", WHEN, &mut invalid);
    let command = |on| PublishDelegated { reference: reference.clone(), version: fields.version(), on };
    let read = on.map(command).ok_or(invalid);
    step(&signed, &reference, &key, read.map(|command| fields.confirming(command))).await
}

pub(super) async fn withdraw(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let on = fields.date("on", WHEN, &mut invalid);
    let reason = fields.text("reason", 1_000, "Enter why it is withdrawn", &mut invalid);
    let read = match on {
        Some(on) if invalid.errors.is_empty() => {
            Ok(WithdrawDelegated { reference: reference.clone(), version: fields.version(), on, reason })
        }
        _ => Err(invalid),
    };
    step(&signed, &reference, &key, read.map(|command| fields.confirming(command))).await
}
