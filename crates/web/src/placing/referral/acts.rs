//! The acts on a referral: start, copy, extend, close early, withdraw, not placed, search approval, and what homes said.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::placing::disclosure::correcting::CorrectChild;
use placewell_app::placing::invitation::RecordDecline;
use placewell_app::placing::invitation::link::MailLink;
use placewell_app::placing::referral::home::ReferralRecord;
use placewell_app::placing::referral::{
    CloseEarly, CopyReferral, ExtendDeadline, ForChild, LinkSibling, NotPlaced, RecordSearchApproval, StartReferral,
    WithdrawReferral,
};
use placewell_app::{Outcome, Receipt};
use placewell_domain::homes::home::Sex;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::invitation::{Channel, DeclineReason, Evidence};
use placewell_domain::placing::referral::legal::{AmountBand, SearchApproval, SearchApprover};
use placewell_domain::placing::referral::{EarlyReason, EmergencyCause, NotPlacedReason, WithdrawReason, copying};
use placewell_pages::form::Typed;
use placewell_pages::placing::referral::acts::{self, ActView};
use placewell_pages::placing::referral::record::record_decline_page;

use super::must_make;
use super::recipients::read_deadline;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/new", get(ask_start).post(start))
        .route("/referrals/{reference}/copy", get(ask_copy).post(copy))
        .route("/referrals/{reference}/extend", get(ask_extend).post(extend))
        .route("/referrals/{reference}/close-early", get(ask_close_early).post(close_early))
        .route("/referrals/{reference}/withdraw", get(ask_withdraw).post(withdraw))
        .route("/referrals/{reference}/not-placed", get(ask_not_placed).post(not_placed))
        .route("/referrals/{reference}/search-approval", get(ask_approval).post(approval))
        .route("/referrals/{reference}/siblings", get(ask_siblings).post(link_siblings))
        .route("/referrals/{reference}/child/correct", get(ask_correct).post(correct))
        .route("/referrals/{reference}/asked/{number}/decline", get(ask_decline).post(decline))
        .route("/referrals/{reference}/asked/{number}/link", get(ask_link).post(link))
}

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// The record that an act is done on, for somebody who may do it.
async fn record(signed: &Signed, reference: &str) -> Result<ReferralRecord, Failure> {
    must_make(signed)?;
    signed.app().referral_record(&signed.actor, reference).await.or_fail(signed)
}

fn view(record: &ReferralRecord, fields: Option<&Fields>) -> ActView {
    ActView {
        reference: record.referral.reference.to_string(),
        version: fields.map_or(record.referral.version, Fields::version),
        typed: Typed::new(fields.map_or_else(Vec::new, |fields| fields.pairs().to_vec())),
    }
}

async fn ask_start(signed: Signed) -> Answered {
    must_make(&signed)?;
    let mut typed = Typed::default();
    typed.set("emergency_form", signed.query.get("emergency"));
    typed.code("sibling_of", signed.query.filled("sibling_of"));
    let authorities = signed.app().responsible_authorities(&signed.actor).await.or_fail(&signed)?;
    let view = acts::StartView { typed: &typed, open: None, authorities: &authorities };
    Ok(page(&acts::start_page(signed.shell(), view, &Invalid::default(), &signed.new_key())))
}

async fn start(Submitted { signed, fields, key }: Submitted) -> Answered {
    must_make(&signed)?;
    let typed = Typed::new(fields.pairs().to_vec());
    let authorities = signed.app().responsible_authorities(&signed.actor).await.or_fail(&signed)?;
    let view = |open| acts::StartView { typed: &typed, open, authorities: &authorities };
    let wrong = |invalid: &Invalid| page_with(WRONG, &acts::start_page(signed.shell(), view(None), invalid, &key));
    let unsaid = !authorities.is_empty() && fields.get("which") == "new" && fields.filled("responsible").is_none();
    let mut command = read_start(&fields);
    if unsaid {
        let mut invalid = command.err().unwrap_or_default();
        invalid.add("responsible", "Choose the authority that is responsible for the child");
        command = Err(invalid);
    }
    let command = match command {
        Ok(command) => command,
        Err(invalid) => return Ok(wrong(&invalid)),
    };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => Ok(wrong(&invalid)),
        Err(Outcome::Refused(refusal)) if refusal.code == "open_referral" => {
            let open = view(Some(refusal.value.as_str()));
            let again = acts::start_page(signed.shell(), open, &Invalid::default(), &signed.new_key());
            Ok(page_with(StatusCode::CONFLICT, &again))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

/// Reads who a child is.
pub fn read_identity(fields: &Fields, invalid: &mut Invalid) -> Option<ChildIdentity> {
    let optional = |name: &str, invalid: &mut Invalid| {
        Some(fields.optional_text(name, 200, invalid)).filter(|text| !text.is_empty())
    };
    let given_names = fields.text("given_names", 80, "Enter the child's given names", invalid);
    let family_name = fields.text("family_name", 80, "Enter the child's family name", invalid);
    let known_as = Some(fields.optional_text("known_as", 80, invalid)).filter(|text| !text.is_empty());
    let born = fields.date("born", "Enter the date of birth, like 1 5 2008", invalid);
    let sex = fields.choice("sex", Sex::from_code, "Choose the child's sex", invalid);
    let case_number = fields.text("case_number", 40, "Enter the child's number in your case system", invalid);
    let other_names = fields.optional_text("other_names", 1_000, invalid);
    let (home_postcode, school) = (optional("home_postcode", invalid), optional("school", invalid));
    let other_names =
        other_names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let (born, sex) = born.zip(sex)?;
    Some(ChildIdentity {
        family_name,
        given_names,
        known_as,
        born,
        sex,
        case_number,
        home_postcode,
        school,
        other_names,
    })
}

async fn ask_correct(signed: Signed, Path(reference): Path<String>) -> Answered {
    must_make(&signed)?;
    let (version, known) = signed.app().see_child_record(&signed.actor, &reference).await.or_fail(&signed)?;
    let mut typed = Typed::default();
    typed.set("given_names", &known.given_names);
    typed.set("family_name", &known.family_name);
    typed.code("known_as", known.known_as.as_deref());
    typed.day("born", Some(known.born));
    typed.set("sex", known.sex.code());
    typed.set("case_number", &known.case_number);
    typed.code("home_postcode", known.home_postcode.as_deref());
    typed.code("school", known.school.as_deref());
    typed.set("other_names", known.other_names.join(", "));
    let view = ActView { reference, version, typed };
    Ok(page(&acts::correct_child_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn correct(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    must_make(&signed)?;
    let mut invalid = Invalid::default();
    let read = read_identity(&fields, &mut invalid);
    let answer = match (read, invalid.errors.is_empty()) {
        (Some(identity), true) => {
            let command = CorrectChild { reference: reference.clone(), version: fields.version(), identity };
            signed.app().perform(&signed.actor, &key, command).await
        }
        _ => Err(invalid.into()),
    };
    match answer {
        Err(Outcome::Invalid(invalid)) => {
            let typed = Typed::new(fields.pairs().to_vec());
            let view = ActView { reference, version: fields.version(), typed };
            Ok(page_with(WRONG, &acts::correct_child_page(signed.shell(), &view, &invalid, &key)))
        }
        answer => Ok(see(&answer.or_fail(&signed)?)),
    }
}

/// Reads the form that starts a referral.
pub fn read_start(fields: &Fields) -> Result<StartReferral, Invalid> {
    let mut invalid = Invalid::default();
    let optional = |name: &str, invalid: &mut Invalid| {
        Some(fields.optional_text(name, 200, invalid)).filter(|text| !text.is_empty())
    };
    let child = match fields.get("which") {
        "known" => fields
            .number("number", 1..=9_999_999, "Enter the child's number here, for example 7", &mut invalid)
            .and_then(|number| u32::try_from(number).ok())
            .map(ForChild::Known),
        "new" => read_identity(fields, &mut invalid).map(|identity| match fields.filled("responsible") {
            Some(code) => ForChild::NewOf(identity, code.to_owned()),
            None => ForChild::New(identity),
        }),
        _ => {
            invalid.add("which", "Choose which child it is");
            None
        }
    };
    let emergency = if fields.get("emergency_form") == "yes" {
        fields.choice("emergency", EmergencyCause::from_code, "Choose why it is an emergency", &mut invalid)
    } else {
        None
    };
    let (sibling_of, beside_open) = (optional("sibling_of", &mut invalid), fields.get("beside_open") == "yes");
    match child {
        Some(child) => invalid.or(StartReferral { child, sibling_of, emergency, beside_open }),
        None => Err(invalid),
    }
}

async fn ask_copy(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = record(&signed, &reference).await?;
    let carried = copying::carried(&record.referral.profile);
    Ok(page(&acts::copy_page(signed.shell(), &view(&record, None), &carried, None, &signed.new_key())))
}

async fn copy(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = CopyReferral { reference: reference.clone(), beside_open: fields.get("beside_open") == "yes" };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Refused(refusal)) if refusal.code == "open_referral" => {
            let record = record(&signed, &reference).await?;
            let carried = copying::carried(&record.referral.profile);
            let open = Some(refusal.value.as_str());
            let again = acts::copy_page(signed.shell(), &view(&record, None), &carried, open, &signed.new_key());
            Ok(page_with(StatusCode::CONFLICT, &again))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn ask_extend(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = record(&signed, &reference).await?;
    Ok(page(&acts::extend_page(signed.shell(), &view(&record, None), &Invalid::default(), &signed.new_key())))
}

async fn extend(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let answer = match read_deadline(&fields, &mut invalid) {
        Some(deadline) => {
            let command = ExtendDeadline { reference: reference.clone(), version: fields.version(), deadline };
            signed.app().perform(&signed.actor, &key, command).await
        }
        None => Err(invalid.into()),
    };
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        acts::extend_page(shell, view, invalid, &key)
    })
    .await
}

/// The receipt, or the act's form again with what was typed.
async fn shown_again(
    signed: &Signed,
    reference: &str,
    fields: &Fields,
    answer: Result<Receipt, Outcome>,
    form: impl FnOnce(placewell_pages::shell::Shell, &ActView, &Invalid) -> placewell_pages::page::Page,
) -> Answered {
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let record = record(signed, reference).await?;
            Ok(page_with(WRONG, &form(signed.shell(), &view(&record, Some(fields)), &invalid)))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

fn offers_of(record: &ReferralRecord) -> Vec<(u32, String, bool)> {
    let wanted = record.referral.profile.for_homes().must_haves;
    let open = record.offers.iter().filter(|offer| offer.state.choosable());
    open.map(|offer| (offer.number, record.home_name(offer.home), offer.terms.meets_all(wanted))).collect()
}

async fn ask_close_early(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = record(&signed, &reference).await?;
    let offers = offers_of(&record);
    Ok(page(&acts::close_early_page(
        signed.shell(),
        &view(&record, None),
        &offers,
        &Invalid::default(),
        &signed.new_key(),
    )))
}

async fn close_early(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let record = record(&signed, &reference).await?;
    let offers = offers_of(&record);
    let mut invalid = Invalid::default();
    let number = fields.number("number", 1..=100_000, "Choose the offer that meets every must-have", &mut invalid);
    let reason = fields.choice("reason", EarlyReason::from_code, "Choose why it cannot wait", &mut invalid);
    let words = fields.text("words", 1_000, "Say why it cannot wait for the deadline", &mut invalid);
    let answer = match (number.and_then(|number| u32::try_from(number).ok()), reason, invalid.errors.is_empty()) {
        (Some(number), Some(reason), true) => {
            let command = CloseEarly { reference: reference.clone(), version: fields.version(), number, reason, words };
            signed.app().perform(&signed.actor, &key, command).await
        }
        _ => Err(invalid.into()),
    };
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        acts::close_early_page(shell, view, &offers, invalid, &key)
    })
    .await
}

async fn ask_withdraw(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = record(&signed, &reference).await?;
    let (_, open) = signed.app().withdrawal_preview(&signed.actor, &reference).await.or_fail(&signed)?;
    Ok(page(&acts::withdraw_page(signed.shell(), &view(&record, None), open, &Invalid::default(), &signed.new_key())))
}

async fn withdraw(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let (_, open) = signed.app().withdrawal_preview(&signed.actor, &reference).await.or_fail(&signed)?;
    let mut invalid = Invalid::default();
    let reason = fields.choice("reason", WithdrawReason::from_code, "Choose why it is withdrawn", &mut invalid);
    let answer = match reason {
        Some(reason) => {
            let command = WithdrawReferral { reference: reference.clone(), version: fields.version(), reason };
            signed.app().perform(&signed.actor, &key, command).await
        }
        None => Err(invalid.into()),
    };
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        acts::withdraw_page(shell, view, open, invalid, &key)
    })
    .await
}

async fn ask_not_placed(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = record(&signed, &reference).await?;
    Ok(page(&acts::not_placed_page(signed.shell(), &view(&record, None), &Invalid::default(), &signed.new_key())))
}

async fn not_placed(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let mut invalid = Invalid::default();
    let reason = fields.choice("reason", NotPlacedReason::from_code, "Choose why no placement was made", &mut invalid);
    let answer = match reason {
        Some(reason) => {
            let command = NotPlaced { reference: reference.clone(), version: fields.version(), reason };
            signed.app().perform(&signed.actor, &key, command).await
        }
        None => Err(invalid.into()),
    };
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        acts::not_placed_page(shell, view, invalid, &key)
    })
    .await
}

fn siblings_of(record: &ReferralRecord) -> Vec<String> {
    record.siblings.iter().map(|line| line.reference.to_string()).collect()
}

async fn ask_siblings(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = record(&signed, &reference).await?;
    let (view, siblings) = (view(&record, None), siblings_of(&record));
    Ok(page(&acts::siblings_page(signed.shell(), &view, &siblings, &Invalid::default(), &signed.new_key())))
}

async fn link_siblings(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let sibling = fields.filled("sibling").map(|text| text.trim().to_uppercase());
    let command = LinkSibling { reference: reference.clone(), version: fields.version(), sibling };
    let answer = signed.app().perform(&signed.actor, &key, command).await;
    let siblings = siblings_of(&record(&signed, &reference).await?);
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        acts::siblings_page(shell, view, &siblings, invalid, &key)
    })
    .await
}

async fn ask_approval(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = record(&signed, &reference).await?;
    Ok(page(&acts::search_approval_page(signed.shell(), &view(&record, None), &Invalid::default(), &signed.new_key())))
}

/// Reads the approval of a search.
pub(crate) fn read_search_approval(fields: &Fields) -> Result<SearchApproval, Invalid> {
    let mut invalid = Invalid::default();
    let by = fields.choice("approved_by", SearchApprover::from_code, "Choose who approved", &mut invalid);
    let on = fields.date("approved_on", "Enter the day of the approval, like 9 9 2021", &mut invalid);
    let who = fields.text("approved_who", 80, "Enter the name of the person who approved", &mut invalid);
    let ask = "Choose up to which price the search is approved";
    let band = fields.choice("approved_band", AmountBand::from_code, ask, &mut invalid);
    let reference = fields.optional_text("approval_reference", 60, &mut invalid);
    match by.zip(on) {
        Some((by, on)) => invalid.or(SearchApproval { by, who, on, reference, band }),
        None => Err(invalid),
    }
}

async fn approval(Path(reference): Path<String>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let answer = match read_search_approval(&fields) {
        Ok(approval) => {
            let command = RecordSearchApproval { reference: reference.clone(), version: fields.version(), approval };
            signed.app().perform(&signed.actor, &key, command).await
        }
        Err(invalid) => Err(invalid.into()),
    };
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        acts::search_approval_page(shell, view, invalid, &key)
    })
    .await
}

/// Who gave an answer that an officer enters, and the note of it.
pub(crate) fn read_evidence(fields: &Fields) -> Evidence {
    Evidence { said_by: fields.get("said_by").trim().to_owned(), words: fields.get("evidence").trim().to_owned() }
}

/// The home of an invitation by its number.
pub(super) fn home_of(record: &ReferralRecord, number: u32) -> Option<String> {
    record.invitations.iter().find(|one| one.number == number).map(|one| record.home_name(one.home))
}

async fn ask_decline(signed: Signed, Path((reference, number)): Path<(String, u32)>) -> Answered {
    let record = record(&signed, &reference).await?;
    let home = home_of(&record, number).ok_or(Outcome::NotFound).or_fail(&signed)?;
    let (typed, none) = (Typed::default(), Invalid::default());
    Ok(page(&record_decline_page(signed.shell(), &reference, number, &home, &typed, &none, &signed.new_key())))
}

async fn decline(
    Path((reference, number)): Path<(String, u32)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    let mut invalid = Invalid::default();
    let reason = fields.choice("reason", DeclineReason::from_code, "Choose why the home declined", &mut invalid);
    let channel = fields.choice("channel", Channel::from_code, "Choose how the home answered", &mut invalid);
    let said_at = fields.date_and_time("said_at", "Enter the day of the answer, like 13 9 2021", &mut invalid);
    let evidence = read_evidence(&fields);
    let answer = match (reason, channel, said_at) {
        (Some(reason), Some(channel), Some(said_at)) => {
            let command = RecordDecline { reference: reference.clone(), number, reason, channel, said_at, evidence };
            signed.app().perform(&signed.actor, &key, command).await
        }
        _ => Err(invalid.into()),
    };
    let record = record(&signed, &reference).await?;
    let home = home_of(&record, number).unwrap_or_default();
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        record_decline_page(shell, &reference, number, &home, &view.typed, invalid, &key)
    })
    .await
}

async fn ask_link(signed: Signed, Path((reference, number)): Path<(String, u32)>) -> Answered {
    let record = record(&signed, &reference).await?;
    let home = home_of(&record, number).ok_or(Outcome::NotFound).or_fail(&signed)?;
    let view = view(&record, None);
    Ok(page(&acts::link_page(signed.shell(), &view, number, &home, &Invalid::default(), &signed.new_key())))
}

async fn link(
    Path((reference, number)): Path<(String, u32)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    let record = record(&signed, &reference).await?;
    let home = home_of(&record, number).ok_or(Outcome::NotFound).or_fail(&signed)?;
    let command = MailLink { reference: reference.clone(), number, email: fields.get("email").to_owned() };
    let answer = signed.app().perform(&signed.actor, &key, command).await;
    shown_again(&signed, &reference, &fields, answer, |shell, view, invalid| {
        acts::link_page(shell, view, number, &home, invalid, &key)
    })
    .await
}
