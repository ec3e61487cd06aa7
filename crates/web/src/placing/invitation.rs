//! What a provider was asked: its day, its list, one referral, and its answers; and the same through a one-time link.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::placing::invitation::keeping::ConfirmAllBeds;
use placewell_app::placing::invitation::received::Received;
use placewell_app::placing::invitation::{Answering, AskQuestion, Decline};
use placewell_app::placing::offer::{AmendOffer, WithdrawOffer, WriteOffer};
use placewell_app::power::arrangement::LotNames;
use placewell_domain::homes::home::paper::Standing;
use placewell_domain::id::InvitationId;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::invitation::{DeclineReason, Invitation};
use placewell_domain::placing::offer::{AmendReason, Offer, OfferState};
use placewell_domain::placing::referral::{Prices, Scoring, SharedProfile};
use placewell_domain::setting::SettingValue as _;
use placewell_insight::placing::referral::Effect;
use placewell_pages::form::Typed;
use placewell_pages::homes::home::{GateEffect, GateLine, WhyAskedView, why_asked};
use placewell_pages::placing::invitation::{
    Disclosed, Door, InvitationView, KeepView, NominationLine, ProviderDayView, ReceivedLine, ReceivedView, day_page,
    decline_page, list_page, question_page, received_page,
};
use placewell_pages::placing::offer::{Mode, OfferForm, Saved, offer_page, stored};
use placewell_pages::words;

use self::written::{inserted, read_late_reason, read_offer};
use super::referral::again;
use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, page, page_with, see};
use crate::server::Web;

pub(super) mod bed;
pub mod link;
pub mod written;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/provider/homes/confirm-beds", post(confirm_all))
        .route("/provider/homes/{urn}/why", get(why))
        .route("/provider/referrals", get(list))
        .route("/provider/referrals/{reference}", get(show))
        .route("/provider/invitations/{id}/offer", get(ask_offer).post(offer))
        .route("/provider/invitations/{id}/change", get(ask_change).post(change))
        .route("/provider/invitations/{id}/decline", get(ask_decline).post(decline))
        .route("/provider/invitations/{id}/question", get(ask_question).post(question))
        .route("/provider/invitations/{id}/withdraw-offer", post(withdraw_offer))
        .merge(link::routes())
}

const WRONG: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const TABS: &[(&str, &str, &[&str])] = &[
    ("new", "New", &["asked", "opened"]),
    ("offered", "Offered", &["offered"]),
    ("declined", "Declined", &["declined", "no_reply"]),
    ("closed", "Closed", &["withdrawn", "closed"]),
];

fn line((invitation, home, authority): &(Invitation, String, String), lots: &LotNames) -> ReceivedLine {
    let open = invitation.state.open();
    let need = format!("{}, {}", words::age(u64::from(invitation.profile.age)), lots.of(&invitation.profile.lot));
    ReceivedLine {
        reference: invitation.reference.to_string(),
        home: home.clone(),
        authority: authority.clone(),
        need: if open { need } else { "Closed".to_owned() },
        deadline: invitation.deadline,
        state: invitation.state.label().to_owned(),
    }
}

/// The provider's home page.
pub async fn day(signed: Signed) -> Answered {
    let new = signed.app().received(&signed.actor, &["asked", "opened"]).await.or_fail(&signed)?;
    let waiting =
        signed.app().own_offers(&signed.actor, &["sent", "shortlisted", "recommended"]).await.or_fail(&signed)?;
    let accepted = signed.app().own_offers(&signed.actor, &["accepted"]).await.or_fail(&signed)?;
    let (now, lots) = (signed.now(), signed.app().lot_names().await.or_fail(&signed)?);
    let view = ProviderDayView {
        name: signed.actor.organisation_name.clone(),
        nominations: signed
            .app()
            .nominations_to_answer(&signed.actor)
            .await
            .or_fail(&signed)?
            .into_iter()
            .map(|one| NominationLine {
                answer_by: one.answer_by,
                overdue: one.answer_by < now.local,
                block: one.block,
                bed: one.nomination.slot,
                reference: one.nomination.reference.to_string(),
                authority: one.authority,
            })
            .collect(),
        new: new.iter().filter(|(invitation, ..)| invitation.readable(now)).map(|one| line(one, &lots)).collect(),
        waiting: waiting
            .iter()
            .map(|(offer, home, invitation)| {
                (invitation.reference.to_string(), home.clone(), own_offer(offer) + &also_offered(offer, &waiting))
            })
            .collect(),
        accepted: accepted
            .iter()
            .map(|(_, home, invitation)| (invitation.reference.to_string(), home.clone()))
            .collect(),
        owed: crate::home::owed(&signed).await?,
        keep: keep_view(&signed).await?,
    };
    let day = day_page(signed.shell(), &view, &signed.new_key());
    Ok(page(&crate::home::warned(&signed, day).await?))
}

/// What is to be kept right, as the day page shows it.
async fn keep_view(signed: &Signed) -> Result<KeepView, Failure> {
    let found = signed.app().to_keep(&signed.actor).await.or_fail(signed)?;
    let today = signed.now().today();
    let lapsing = found.lapsing.into_iter().map(|(paper, home)| {
        let left = match paper.stands(today) {
            Standing::Lapses(left) => Some(left),
            Standing::Lapsed | Standing::Holds => None,
        };
        (paper.kind.label().to_owned(), home.unwrap_or_else(|| "All homes".to_owned()), left)
    });
    let stale = found.stale.into_iter().map(|(home, on)| (home.urn.to_string(), home.name, on));
    Ok(KeepView { stale: stale.collect(), no_bed: found.no_bed, lapsing: lapsing.collect() })
}

async fn confirm_all(Submitted { signed, key, .. }: Submitted) -> Answered {
    let receipt = signed.app().perform(&signed.actor, &key, ConfirmAllBeds {}).await.or_fail(&signed)?;
    signed.app().homes.forget().await;
    Ok(see(&receipt))
}

async fn why(signed: Signed, Path(urn): Path<String>) -> Answered {
    let (facts, gates) = signed.app().own_gates(&signed.actor, &urn).await.or_fail(&signed)?;
    let gates = gates.into_iter().map(|gate| GateLine {
        about: gate.about.to_owned(),
        effect: match gate.effect {
            Effect::LeftOut => GateEffect::LeftOut,
            Effect::Weaker => GateEffect::Weaker,
            Effect::Well => GateEffect::Well,
        },
        found: gate.found,
        change: gate.change.to_owned(),
    });
    let view = WhyAskedView { name: facts.home.name.clone(), gates: gates.collect() };
    Ok(page(&why_asked(signed.shell(), &view)))
}

/// The lines of the frozen trace that are about the home: where the child may not be, and from where distances were
/// measured, is the child's.
fn why_lines(invitation: &Invitation) -> Vec<(String, String, String)> {
    let own = invitation.trace.lines.iter().filter(|line| line.criterion != "place_to_avoid");
    own.map(|line| {
        let found = if matches!(line.criterion.as_str(), "distance" | "area") { "" } else { line.evidence.as_str() };
        (words::code(&line.criterion), line.verdict.label().to_owned(), found.to_owned())
    })
    .collect()
}

fn own_offer(offer: &Offer) -> String {
    format!("{}, {}", words::a_week(offer.total()), offer.state.label().to_lowercase())
}

/// Where else the same bed is offered: only one of those searches can have it.
fn also_offered(offer: &Offer, open: &[(Offer, String, Invitation)]) -> String {
    let others: Vec<String> = open
        .iter()
        .filter(|(other, ..)| other.id != offer.id && offer.same_bed(other))
        .map(|(_, _, invitation)| invitation.reference.to_string())
        .collect();
    if others.is_empty() { String::new() } else { format!("; the same bed is offered in {}", words::list(&others)) }
}

async fn list(signed: Signed) -> Answered {
    let tab = signed.query.filled("tab").unwrap_or("new").to_owned();
    let at = TABS.iter().position(|(code, ..)| *code == tab).unwrap_or(0);
    let received = signed.app().received(&signed.actor, TABS[at].2).await.or_fail(&signed)?;
    let tabs: Vec<(String, String, bool)> = TABS
        .iter()
        .enumerate()
        .map(|(number, (code, name, _))| ((*name).to_owned(), format!("/provider/referrals?tab={code}"), number == at))
        .collect();
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let lines: Vec<ReceivedLine> = received.iter().map(|one| line(one, &lots)).collect();
    Ok(page(&list_page(signed.shell(), &tabs, &lines)))
}

async fn show(signed: Signed, Path(reference): Path<String>) -> Answered {
    let received = signed.app().received_referral(&signed.actor, &reference).await.or_fail(&signed)?;
    signed.app().note_opened(&signed.actor, &received).await.or_fail(&signed)?;
    let lots = signed.app().lot_names().await.or_fail(&signed)?;
    let view = received_view(&received, &lots, signed.now());
    let Some(mut view) = view else { return Err(signed.fail(Outcome::NotFound)) };
    for (one, from) in view.invitations.iter_mut().zip(&received) {
        for (offer, _) in &from.offers {
            one.reassess |= signed.app().residents_changed(&signed.actor, offer).await.or_fail(&signed)?;
        }
        let read = signed.app().may_read(&signed.actor, InvitationId(one.id)).await.or_fail(&signed)?;
        one.disclosed = read.shortlisted.then_some(Disclosed { chronology: read.chronology, identity: read.identity });
    }
    Ok(page(&received_page(signed.shell(), &view, &signed.new_key())))
}

const CLOSED: &str = "This referral is closed. What was asked can no longer be read.";

/// A referral as the provider's page shows it: built from invitations alone.
pub(super) fn received_view(
    received: &[Received],
    lots: &LotNames,
    now: placewell_domain::clock::Moment,
) -> Option<ReceivedView> {
    let first = received.first()?;
    let readable = received.iter().find(|one| one.words.is_some());
    Some(ReceivedView {
        reference: first.invitation.reference.to_string(),
        authority: first.authority.clone(),
        duty: first.duty.words(),
        deadline: (first.invitation.closes(), first.invitation.closes() < now.local),
        sealed: first.invitation.prices == Prices::Sealed,
        scoring: first.invitation.scoring.as_ref().map(Scoring::lines).unwrap_or_default(),
        profile: readable.and_then(|one| {
            let lot = lots.of(&one.invitation.profile.lot).to_owned();
            Some((SharedProfile { lot, ..one.invitation.profile.clone() }, one.words.clone()?))
        }),
        invitations: received.iter().map(|one| invitation_view(one, now)).collect(),
        questions: received
            .iter()
            .filter(|one| !one.erased)
            .flat_map(|one| one.questions.iter().map(|(_, text, answer)| (text.clone(), answer.clone())))
            .collect(),
        shared: first.shared.iter().map(|(_, shared)| (shared.question.clone(), shared.answer.clone())).collect(),
        closed: if first.erased { words::ERASED } else { CLOSED },
    })
}

fn invitation_view(one: &Received, now: placewell_domain::clock::Moment) -> InvitationView {
    let sent = one.offers.iter().find(|(offer, _)| offer.state.choosable());
    let outcome = one.offers.iter().find_map(|(offer, _)| match &offer.state {
        OfferState::NotChosen { reason, position } => {
            let price =
                position.map_or_else(String::new, |band| format!(". Your price: {}", band.label().to_lowercase()));
            Some(format!("Not chosen: {}{price}", reason.label()))
        }
        OfferState::Accepted { .. } => Some("Accepted".to_owned()),
        _ => None,
    });
    InvitationView {
        id: one.invitation.id.0,
        home: one.home.clone(),
        state: one.invitation.state.label().to_owned(),
        open: one.words.is_some() && one.invitation.readable(now),
        offers: one.offers.iter().map(|(offer, _)| own_offer(offer)).collect(),
        sent_version: sent.map(|(offer, _)| offer.version),
        draft: one.offers.iter().any(|(offer, _)| offer.state == OfferState::Draft),
        outcome,
        why: if one.words.is_some() { why_lines(&one.invitation) } else { Vec::new() },
        disclosed: None,
        reassess: false,
    }
}

async fn received(signed: &Signed, id: i64) -> Result<Received, Failure> {
    signed.app().received_invitation(&signed.actor, InvitationId(id)).await.or_fail(signed)
}

fn door(one: &Received) -> Door {
    Door {
        base: format!("/provider/invitations/{}", one.invitation.id),
        back: format!("/provider/referrals/{}", one.invitation.reference),
    }
}

const fn signed_in(id: i64) -> Answering {
    Answering { invitation: id, link: None }
}

/// The first night as it stands in the form; the night that was asked for where none can be read there.
pub(super) fn first_night(typed: &Typed, asked: Date) -> Date {
    let [day, month, year] = typed.date("start").map(|part| part.trim().parse::<i16>().ok());
    let number = |part: Option<i16>| part.and_then(|part| i8::try_from(part).ok());
    let read = || Date::new(year?, number(month)?, number(day)?).ok();
    read().unwrap_or(asked)
}

/// The form of an offer for one invitation.
pub(super) async fn offer_form(
    visit: &crate::request::Visit,
    actor: &placewell_domain::office::person::Actor,
    one: &Received,
    mode: Mode,
    door: Door,
    typed: Option<Typed>,
) -> Result<OfferForm, Failure> {
    let now = visit.now().local;
    let invitation = &one.invitation;
    let night = invitation.profile.start.unwrap_or_else(|| now.date());
    let tendered = visit.app().tendered_price(actor, invitation, night).await.or_fail(visit)?;
    let schedule = visit.app().schedule_today().await.or_fail(visit)?;
    let wanted =
        |offer: &Offer| if mode == Mode::Change { offer.state.choosable() } else { offer.state == OfferState::Draft };
    let kept = one.offers.iter().find(|(offer, _)| wanted(offer));
    let opened = invitation.prices_open.unwrap_or(invitation.deadline) <= now;
    let start = || {
        let mut typed = Typed::default();
        typed.day("start", invitation.profile.start);
        if let Some(pence) = tendered {
            typed.set("core", pence.to_string().replace('£', ""));
        }
        typed
    };
    let typed = typed.unwrap_or_else(|| kept.map_or_else(start, |(offer, words)| stored(&offer.terms, words)));
    let first = first_night(&typed, night);
    let there = visit.app().residents_there(actor, invitation, first).await.or_fail(visit)?;
    let beds = bed::choices(visit, actor, (invitation, first), mode).await?;
    // A link shows its holder the one answer that it is for, and nothing that the provider keeps.
    let kept_words = match mode {
        Mode::Write | Mode::Change => visit.app().wordings_for(actor, invitation).await.or_fail(visit)?,
        Mode::Link | Mode::Enter => Vec::new(),
    };
    Ok(OfferForm {
        reference: invitation.reference.to_string(),
        home: one.home.clone(),
        mode,
        door,
        version: kept.map_or(0, |(offer, _)| offer.version),
        must_haves: invitation.profile.must_haves,
        there,
        beds,
        tendered,
        schedule,
        late: mode != Mode::Change && now > invitation.closes(),
        prices_fixed: mode == Mode::Change && invitation.prices == Prices::Sealed && opened,
        opened: now.to_string(),
        saved: if kept_words.is_empty() { Saved::Nothing } else { Saved::There },
        typed,
    })
}

async fn ask_offer(signed: Signed, Path(id): Path<i64>) -> Answered {
    let one = received(&signed, id).await?;
    let view = offer_form(&signed, &signed.actor, &one, Mode::Write, door(&one), None).await?;
    Ok(page(&offer_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

/// Reads the form of an offer into its command.
pub(super) fn read_write(fields: &Fields, one: &Received, to: Answering, send: bool) -> Result<WriteOffer, Invalid> {
    let mut invalid = Invalid::default();
    let read = read_offer(fields, one.invitation.profile.must_haves, &mut invalid);
    match read {
        Some((terms, words)) if invalid.errors.is_empty() => Ok(WriteOffer {
            to,
            version: fields.version(),
            terms,
            words,
            send,
            page_opened: fields.get("opened").parse().ok(),
            late_reason: read_late_reason(fields),
        }),
        _ => Err(invalid),
    }
}

/// The form again with the saved wording in it: nothing is kept or sent.
async fn insert(signed: &Signed, one: &Received, mode: Mode, (fields, key): (&Fields, &str)) -> Answered {
    let saved = signed.app().wordings_for(&signed.actor, &one.invitation).await.or_fail(signed)?;
    let any = saved.iter().any(|one| fields.get(&format!("how_{}", one.need.code())).trim().is_empty());
    let typed = Some(inserted(fields, &saved));
    let mut view = offer_form(signed, &signed.actor, one, mode, door(one), typed).await?;
    view.version = fields.version();
    fields.get("opened").clone_into(&mut view.opened);
    if any {
        view.saved = Saved::Inserted;
    }
    Ok(page(&offer_page(signed.shell(), &view, &Invalid::default(), key)))
}

async fn offer(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let one = received(&signed, id).await?;
    if fields.get("act") == "insert" {
        return insert(&signed, &one, Mode::Write, (&fields, &key)).await;
    }
    let answer = match read_write(&fields, &one, signed_in(id), fields.get("act") != "save") {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(invalid.into()),
    };
    offer_answer(&signed, &one, Mode::Write, &fields, &key, answer).await
}

async fn offer_answer(
    signed: &Signed,
    one: &Received,
    mode: Mode,
    fields: &Fields,
    key: &str,
    answer: Result<placewell_app::Receipt, Outcome>,
) -> Answered {
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let typed = Some(Typed::new(fields.pairs().to_vec()));
            let mut view = offer_form(signed, &signed.actor, one, mode, door(one), typed).await?;
            view.version = fields.version();
            fields.get("opened").clone_into(&mut view.opened);
            Ok(page_with(WRONG, &offer_page(signed.shell(), &view, &invalid, key)))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

async fn ask_change(signed: Signed, Path(id): Path<i64>) -> Answered {
    let one = received(&signed, id).await?;
    let view = offer_form(&signed, &signed.actor, &one, Mode::Change, door(&one), None).await?;
    Ok(page(&offer_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn change(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let one = received(&signed, id).await?;
    if fields.get("act") == "insert" {
        return insert(&signed, &one, Mode::Change, (&fields, &key)).await;
    }
    let mut invalid = Invalid::default();
    let read = read_offer(&fields, one.invitation.profile.must_haves, &mut invalid);
    let reason = fields.choice("amend_reason", AmendReason::from_code, "Choose why you change the offer", &mut invalid);
    let answer = match (read, reason, invalid.errors.is_empty()) {
        (Some((terms, words)), Some(reason), true) => {
            let command = AmendOffer { to: signed_in(id), version: fields.version(), terms, words, reason };
            signed.app().perform(&signed.actor, &key, command).await
        }
        _ => Err(invalid.into()),
    };
    offer_answer(&signed, &one, Mode::Change, &fields, &key, answer).await
}

async fn withdraw_offer(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let command = WithdrawOffer { to: signed_in(id), version: fields.version() };
    Ok(see(&signed.app().perform(&signed.actor, &key, command).await.or_fail(&signed)?))
}

async fn ask_decline(signed: Signed, Path(id): Path<i64>) -> Answered {
    let one = received(&signed, id).await?;
    let reference = one.invitation.reference.to_string();
    let (typed, none) = (Typed::default(), Invalid::default());
    Ok(page(&decline_page(signed.shell(), &reference, &one.home, &door(&one), &typed, &none, &signed.new_key())))
}

/// Reads a decline.
pub(super) fn read_decline(fields: &Fields, to: Answering) -> Result<Decline, Invalid> {
    let mut invalid = Invalid::default();
    let reason = fields.choice("reason", DeclineReason::from_code, "Choose why you cannot offer", &mut invalid);
    reason.map_or(Err(invalid), |reason| Ok(Decline { to, reason }))
}

async fn decline(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let one = received(&signed, id).await?;
    let answer = match read_decline(&fields, signed_in(id)) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(invalid.into()),
    };
    let form = |invalid: &Invalid| -> Response {
        let typed = Typed::new(fields.pairs().to_vec());
        let reference = one.invitation.reference.to_string();
        page_with(WRONG, &decline_page(signed.shell(), &reference, &one.home, &door(&one), &typed, invalid, &key))
    };
    match answer {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => again(&signed, outcome, form),
    }
}

async fn ask_question(signed: Signed, Path(id): Path<i64>) -> Answered {
    let one = received(&signed, id).await?;
    let reference = one.invitation.reference.to_string();
    let (typed, none) = (Typed::default(), Invalid::default());
    Ok(page(&question_page(signed.shell(), &reference, &door(&one), &typed, &none, &signed.new_key())))
}

async fn question(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let one = received(&signed, id).await?;
    let command = AskQuestion { to: signed_in(id), text: fields.get("question").to_owned() };
    match signed.app().perform(&signed.actor, &key, command).await {
        Ok(receipt) => Ok(see(&receipt)),
        Err(outcome) => again(&signed, outcome, |invalid| {
            let typed = Typed::new(fields.pairs().to_vec());
            let reference = one.invitation.reference.to_string();
            page_with(WRONG, &question_page(signed.shell(), &reference, &door(&one), &typed, invalid, &key))
        }),
    }
}
