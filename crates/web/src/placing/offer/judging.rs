//! The offers to a referral: the list, one offer, the shortlist, and an offer that an officer enters for a home.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::Outcome;
use placewell_app::placing::offer::{JudgeOffer, RecordOffer};
use placewell_app::placing::referral::home::ReferralRecord;
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::{Channel, Invitation};
use placewell_domain::placing::offer::{NotChosenReason, Offer, OfferState, OfferWords};
use placewell_domain::placing::referral::{Prices, prices_visible};
use placewell_pages::form::Typed;
use placewell_pages::placing::invitation::Door;
use placewell_pages::placing::offer::{Mode, OfferForm, Saved, offer_page as form_page};
use placewell_pages::placing::referral::offers::{OfferLine, OfferView, OffersView, offer_page, offers_page};

use crate::placing::disclosure::receipts;
use crate::placing::invitation::written::{read_late_reason, read_offer};
use crate::placing::invitation::{bed, first_night};
use crate::placing::referral::acts::read_evidence;
use crate::placing::referral::{asked_view, count, entered_view, must_make, withheld};
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/referrals/{reference}/offers", get(list))
        .route("/referrals/{reference}/offers/{number}", get(show))
        .route("/referrals/{reference}/offers/{number}/shortlist", post(shortlist))
        .route("/referrals/{reference}/offers/{number}/not-chosen", post(not_chosen))
        .route("/referrals/{reference}/asked/{number}/offer", get(ask_enter).post(enter))
}

/// Whether the officer sees prices now.
fn visible(record: &ReferralRecord, signed: &Signed) -> bool {
    record.referral.state.sent().is_some_and(|out| prices_visible(out, signed.now()))
}

fn line_of(record: &ReferralRecord, offer: &Offer, signed: &Signed) -> OfferLine {
    let deadline = record.invitations.iter().find(|one| one.id == offer.invitation).map(Invitation::closes);
    let mut status = offer.state.label().to_owned();
    if offer.expired(signed.now()) {
        status.push_str(", no longer valid");
    }
    if !offer.changes.is_empty() {
        status.push_str(", changed");
    }
    if offer.submission.as_ref().is_some_and(|sent| sent.entered.is_some()) {
        status.push_str(", entered by an officer");
    }
    OfferLine {
        number: offer.number,
        home: record.home_name(offer.home),
        provider: record.providers.get(&offer.provider).cloned().unwrap_or_default(),
        weekly: visible(record, signed).then(|| offer.total()),
        start: offer.terms.start,
        met: offer.terms.must_haves_met(record.referral.profile.for_homes().must_haves),
        received: offer.submission.as_ref().map_or_else(|| signed.now().local, |sent| sent.at),
        status,
        late: deadline.is_some_and(|deadline| offer.late(deadline)),
    }
}

async fn list(signed: Signed, Path(reference): Path<String>) -> Answered {
    let record = signed.app().referral_record(&signed.actor, &reference).await.or_fail(&signed)?;
    let out = record.referral.state.sent();
    let now = signed.now().local;
    let sealed = out.filter(|out| out.prices == Prices::Sealed && !visible(&record, &signed));
    let open = record.referral.state.out().is_some() && may(signed.actor.role, Action::MakeReferral);
    let others = record.invitations.iter().filter(|one| !record.offers.iter().any(|offer| offer.invitation == one.id));
    let view = OffersView {
        reference,
        sealed_until: sealed.map(|out| out.deadline),
        may_close_early: open && sealed.is_some() && record.offers.iter().any(|offer| offer.state.choosable()),
        offers: record.offers.iter().map(|offer| line_of(&record, offer, &signed)).collect(),
        others: others
            .map(|one| {
                let said = asked_view(&record, one, now);
                let answer = if said.note.is_empty() { said.state } else { format!("{}: {}", said.state, said.note) };
                (said.home, said.provider, answer)
            })
            .collect(),
        questions: count(record.line.questions),
        deadline_passed: out.is_some_and(|out| out.deadline <= now),
    };
    Ok(page(&offers_page(signed.shell(), &view)))
}

fn view_of(record: &ReferralRecord, offer: &Offer, words: &OfferWords, signed: &Signed) -> OfferView {
    let open = visible(record, signed);
    let how = |need| words.must_haves.iter().find(|(which, _)| *which == need).map_or("", |(_, text)| text.as_str());
    let may_change = may(signed.actor.role, Action::MakeReferral) && record.referral.state.out().is_some();
    OfferView {
        reference: record.referral.reference.to_string(),
        line: line_of(record, offer, signed),
        version: offer.version,
        lines: open.then(|| offer.terms.lines.clone()),
        must_haves: offer
            .terms
            .must_haves
            .iter()
            .map(|one| (one.need.label().to_owned(), one.met.label().to_owned(), how(one.need).to_owned()))
            .collect(),
        impact: words.impact.clone(),
        residents: offer
            .terms
            .residents
            .iter()
            .map(|one| (one.age_band.label().to_owned(), one.effect.label().to_owned()))
            .collect(),
        conditions: words.conditions.clone(),
        valid_until: offer.terms.valid_until,
        changes: offer
            .changes
            .iter()
            .map(|change| (change.at, open.then_some(change.was), change.reason.label().to_owned()))
            .collect(),
        entered: entered_view(record, offer.invitation),
        bed: None,
        there: offer.considered.as_ref().map(|then| then.there),
        residents_changed: false,
        disclosure: None,
        may_shortlist: may_change && offer.state == OfferState::Sent,
        may_close: may_change && matches!(offer.state, OfferState::Sent | OfferState::Shortlisted),
        withheld: withheld(record),
    }
}

/// One offer with all that its page shows.
async fn whole(signed: &Signed, reference: &str, number: u32) -> Result<OfferView, Failure> {
    let (app, actor) = (signed.app(), &signed.actor);
    let (record, offer, words) = app.referral_offer(actor, reference, number).await.or_fail(signed)?;
    let mut view = view_of(&record, &offer, &words, signed);
    view.bed = app.bed_named(actor, &offer).await.or_fail(signed)?.map(|bed| bed.label);
    view.residents_changed = app.residents_changed(actor, &offer).await.or_fail(signed)?;
    view.disclosure = Some(receipts(signed, reference, &offer).await?);
    Ok(view)
}

async fn show(signed: Signed, Path((reference, number)): Path<(String, u32)>) -> Answered {
    let view = whole(&signed, &reference, number).await?;
    Ok(page(&offer_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn shortlist(
    Path((reference, number)): Path<(String, u32)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    let command = JudgeOffer { reference, number, version: fields.version(), not_chosen: None };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn not_chosen(
    Path((reference, number)): Path<(String, u32)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    must_make(&signed)?;
    let mut invalid = Invalid::default();
    let reason = fields.choice("reason", NotChosenReason::from_code, "Choose why it is not chosen", &mut invalid);
    let Some(reason) = reason else {
        let view = whole(&signed, &reference, number).await?;
        let again = offer_page(signed.shell(), &view, &invalid, &signed.new_key());
        return Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &again));
    };
    let command = JudgeOffer { reference, number, version: fields.version(), not_chosen: Some(reason) };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

/// The invitation whose answer an officer enters.
async fn asked(signed: &Signed, reference: &str, number: u32) -> Result<(ReferralRecord, Invitation), Failure> {
    must_make(signed)?;
    let record = signed.app().referral_record(&signed.actor, reference).await.or_fail(signed)?;
    let invitation = record.invitations.iter().find(|one| one.number == number).cloned();
    let invitation = invitation.ok_or(Outcome::NotFound).or_fail(signed)?;
    Ok((record, invitation))
}

async fn form(
    signed: &Signed,
    record: &ReferralRecord,
    invitation: &Invitation,
    typed: Typed,
) -> Result<OfferForm, Failure> {
    let night = invitation.profile.start.unwrap_or_else(|| signed.now().today());
    let tendered = signed.app().tendered_price(&signed.actor, invitation, night).await.or_fail(signed)?;
    let schedule = signed.app().schedule_today().await.or_fail(signed)?;
    let night = first_night(&typed, night);
    let there = signed.app().residents_there(&signed.actor, invitation, night).await.or_fail(signed)?;
    let beds = bed::choices(signed, &signed.actor, (invitation, night), Mode::Enter).await?;
    let reference = invitation.reference.to_string();
    Ok(OfferForm {
        home: record.home_name(invitation.home),
        mode: Mode::Enter,
        door: Door {
            base: format!("/referrals/{reference}/asked/{}", invitation.number),
            back: format!("/referrals/{reference}"),
        },
        reference,
        version: 0,
        must_haves: invitation.profile.must_haves,
        there,
        beds,
        tendered,
        schedule,
        late: signed.now().local > invitation.closes(),
        prices_fixed: false,
        opened: signed.now().local.to_string(),
        saved: Saved::Nothing,
        typed,
    })
}

async fn ask_enter(signed: Signed, Path((reference, number)): Path<(String, u32)>) -> Answered {
    let (record, invitation) = asked(&signed, &reference, number).await?;
    let view = form(&signed, &record, &invitation, Typed::default()).await?;
    Ok(page(&form_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn enter(
    Path((reference, number)): Path<(String, u32)>,
    Submitted { signed, fields, key }: Submitted,
) -> Answered {
    let (record, invitation) = asked(&signed, &reference, number).await?;
    let mut invalid = Invalid::default();
    let read = read_offer(&fields, invitation.profile.must_haves, &mut invalid);
    let channel = fields.choice("channel", Channel::from_code, "Choose how the home answered", &mut invalid);
    let said_at = fields.date_and_time("said_at", "Enter the day of the answer, like 13 9 2021", &mut invalid);
    let answer = match (read, channel, said_at, invalid.errors.is_empty()) {
        (Some((terms, words)), Some(channel), Some(said_at), true) => {
            let late_reason = read_late_reason(&fields);
            let evidence = read_evidence(&fields);
            let command = RecordOffer { reference, number, terms, words, channel, said_at, evidence, late_reason };
            signed.app().perform(&signed.actor, &key, command).await
        }
        _ => Err(invalid.into()),
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let view = form(&signed, &record, &invitation, Typed::new(fields.pairs().to_vec())).await?;
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &form_page(signed.shell(), &view, &invalid, &key)))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}
