//! Offers: drafted, sent, changed and withdrawn by a provider, or entered by an officer; shortlisted and declined.

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::block::nomination::{check_price, price_for};
use placewell_domain::homes::price::LineKind;
use placewell_domain::id::OfferId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::answer::check_entered;
use placewell_domain::placing::invitation::{Channel, EnteredBy, Evidence, Invitation};
use placewell_domain::placing::offer::{
    AmendReason, Considered, LateReason, NotChosenReason, Offer, OfferState, OfferTerms, OfferWords, PriceCheck,
    Schedule, ScheduledRate, Submission, each_considered,
};
use placewell_domain::placing::referral::{Out, Tier};
use placewell_domain::setting::{Key, Scope};
use placewell_store::placing::approval::gone_job;
use placewell_store::{Session, Work};
use serde::Serialize;

use bed::bed_may_be_offered;
use residents::residents_on;

use super::disclosure;
use super::invitation::{Answering, officer_notice, seal_evidence, sent_invitation};
use super::referral::ending::not_choose;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// The rates beside the core price, by the day on which an offer's prices are said.
pub const SCHEDULE: Key<Schedule> = Key {
    name: "offer.scheduled_rates",
    title: "Scheduled rates beside the core price",
    effect: "Offers and extra lines whose prices are said from that day on; what was said before keeps its day's rates.",
    source: "Starting values, invented: the region's own price schedule replaces them",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: Schedule::starting,
};

/// The scheduled rates of a day; a past calculation asks for its own day and never for today's.
pub async fn schedule_on(session: &Session, day: Date) -> Answer<Vec<ScheduledRate>> {
    let Some(kept) = session.current_arrangement().await? else { return Ok(Schedule::starting().0) };
    let Schedule(rates) = session.value_of(kept.region, &SCHEDULE, day).await?;
    Ok(rates)
}

pub mod bed;
pub mod expiring;
pub mod residents;
pub mod wording;

/// The tendered core price of a home on the invitation's lot for a night.
async fn tendered(session: &Session, invitation: &Invitation, night: Date) -> Answer<Option<Pence>> {
    Ok(session.price_on(invitation.home, &invitation.profile.lot, LineKind::Core.code(), night).await?)
}

/// What the checks of an offer found: its prices, and whom its impact assessment considers.
struct Checked {
    prices: PriceCheck,
    residents: Option<Considered>,
}

async fn checked(
    session: &Session,
    invitation: &Invitation,
    terms: &OfferTerms,
    words: &OfferWords,
    today: Date,
) -> Answer<Checked> {
    terms.check_answers(invitation.profile.must_haves, words, today)?;
    bed_may_be_offered(session, invitation, terms).await?;
    let residents = residents_on(session, invitation.home, terms.start).await?;
    if let Some(now) = &residents {
        each_considered(&terms.residents, now.there)?;
    }
    if invitation.tier == Tier::MiniBlock {
        at_block_price(session, invitation, terms).await?;
    }
    let tendered = tendered(session, invitation, terms.start).await?;
    let prices = terms.check_prices(invitation.tier, tendered, &schedule_on(session, today).await?)?;
    Ok(Checked { prices, residents })
}

/// A bed of a mini-block is offered at the contract's own price, or at the price that nights were offered to the authority.
async fn at_block_price(session: &Session, invitation: &Invitation, terms: &OfferTerms) -> Answer<()> {
    let core = terms.of_kind(LineKind::Core);
    for block in session.running_blocks(terms.start).await? {
        let Some(held) = block.terms_on(terms.start).filter(|held| held.beds.at(invitation.home)) else { continue };
        if block.share_of(invitation.authority).is_some() {
            let all = session.nominations_of(block.id).await?;
            return Ok(check_price(core, price_for(held, &all, invitation.home, terms.start))?);
        }
        let sold = session.resales_of(block.id).await?;
        if let Some(sold) =
            sold.iter().find(|sold| sold.buyer == invitation.authority && sold.nights.contains(terms.start))
        {
            return Ok(check_price(core, (Pence(sold.night.0.saturating_mul(7)), false))?);
        }
    }
    Ok(())
}

/// Saves a draft, or sends it; makes it where the home has none.
#[derive(Debug, Clone, Serialize)]
pub struct WriteOffer {
    /// To what, through which door.
    pub to: Answering,
    /// The version of the draft that the form was made from; 0 where there was none.
    pub version: i64,
    /// Prices, dates, coded answers.
    pub terms: OfferTerms,
    /// Words.
    pub words: OfferWords,
    /// Send it, or keep it as a draft.
    pub send: bool,
    /// When the page was opened, by the business clock.
    pub page_opened: Option<DateTime>,
    /// Why it comes late, where it does.
    pub late_reason: Option<LateReason>,
}

impl Command for WriteOffer {
    const ACTION: Action = Action::AnswerInvitation;
    const NAME: &'static str = "offer.write";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let invitation = if self.send { self.to.answer(work).await? } else { self.to.open(work).await? };
        let at = work.moment().local;
        let submission = Submission {
            at,
            page_opened: self.page_opened.filter(|opened| *opened <= at),
            channel: self.to.channel(),
            entered: None,
            evidence: None,
            late_reason: self.late_reason,
        };
        let draft = draft_of(work, &invitation, self.version).await?;
        let draft = write(work, &invitation, draft, self.terms.clone(), &self.words).await?;
        if self.send {
            let check = checked(work, &invitation, &self.terms, &self.words, work.moment().today()).await?;
            send(work, &invitation, draft, check, submission).await?;
        }
        Ok(self.to.receipt(&invitation))
    }
}

/// The draft that the form was made from.
async fn draft_of(work: &Work, invitation: &Invitation, version: i64) -> Answer<Option<Offer>> {
    let all = work.offers_on(work.org(), invitation.id).await?;
    let draft = all.into_iter().find(|offer| offer.state == OfferState::Draft);
    match draft {
        Some(draft) if draft.version != version => Err(Outcome::Conflict),
        None if version != 0 => Err(Outcome::Conflict),
        found => Ok(found),
    }
}

async fn write(
    work: &mut Work,
    invitation: &Invitation,
    draft: Option<Offer>,
    terms: OfferTerms,
    words: &OfferWords,
) -> Answer<Offer> {
    let key = work.invitation_key(work.org(), invitation.id).await?;
    let words = key.seal(words)?;
    let change = match draft {
        Some(draft) => draft.save(terms, words)?,
        None => Offer::draft(OfferId(work.new_id()), invitation, terms, words, work.moment())?,
    };
    Ok(work.apply(change).await?)
}

async fn send(
    work: &mut Work,
    invitation: &Invitation,
    draft: Offer,
    check: Checked,
    submission: Submission,
) -> Answer<Offer> {
    let draft = draft.considering(check.residents);
    let change = draft.send(&check.prices, submission, invitation, work.moment())?;
    let offer = work.apply(change).await?;
    let change = invitation.clone().offered(offer.id)?;
    work.apply(change).await?;
    work.enqueue(officer_notice(invitation, "A new offer", "/offers").job()?);
    Ok(offer)
}

/// An officer records an offer that a home made by phone or e-mail.
#[derive(Debug, Clone, Serialize)]
pub struct RecordOffer {
    /// The referral.
    pub reference: String,
    /// The invitation's number.
    pub number: u32,
    /// Prices, dates, coded answers.
    pub terms: OfferTerms,
    /// Words.
    pub words: OfferWords,
    /// Phone, e-mail or in person.
    pub channel: Channel,
    /// When the home said it.
    pub said_at: DateTime,
    /// Who said it, and the note or the e-mail.
    pub evidence: Evidence,
    /// Why it comes late, where it does.
    pub late_reason: Option<LateReason>,
}

impl Command for RecordOffer {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "offer.record";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let invitation = sent_invitation(work, &self.reference, self.number).await?;
        let now = work.moment().local;
        let entered = Some(EnteredBy { person: actor.person, said_at: self.said_at });
        check_entered(self.channel, entered, now)?;
        let check = checked(work, &invitation, &self.terms, &self.words, work.moment().today()).await?;
        let submission = Submission {
            at: self.said_at,
            page_opened: None,
            channel: self.channel,
            entered,
            evidence: Some(seal_evidence(work, &invitation, &self.evidence).await?),
            late_reason: self.late_reason,
        };
        let draft = write(work, &invitation, None, self.terms.clone(), &self.words).await?;
        send(work, &invitation, draft, check, submission).await?;
        Ok(Receipt::at(format!("/referrals/{}/offers", self.reference)))
    }
}

/// A provider changes an offer that it has sent, with a reason.
#[derive(Debug, Clone, Serialize)]
pub struct AmendOffer {
    /// To what.
    pub to: Answering,
    /// The offer's version that the form was made from.
    pub version: i64,
    /// The new terms.
    pub terms: OfferTerms,
    /// The new words.
    pub words: OfferWords,
    /// Why.
    pub reason: AmendReason,
}

impl Command for AmendOffer {
    const ACTION: Action = Action::AnswerInvitation;
    const NAME: &'static str = "offer.amend";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let invitation = self.to.open(work).await?;
        let offer = open_offer(work, &invitation, self.version).await?;
        let check = checked(work, &invitation, &self.terms, &self.words, work.moment().today()).await?;
        let offer = offer.considering(check.residents);
        let key = work.invitation_key(work.org(), invitation.id).await?;
        let out = as_seen_by_provider(&invitation);
        let change = offer.amend(self.terms.clone(), key.seal(&self.words)?, self.reason, &out, work.moment())?;
        work.apply(change).await?;
        work.enqueue(officer_notice(&invitation, "An offer was changed", "/offers").job()?);
        Ok(self.to.receipt(&invitation))
    }
}

/// The sent offer that a form was made from.
async fn open_offer(work: &Work, invitation: &Invitation, version: i64) -> Answer<Offer> {
    let all = work.offers_on(work.org(), invitation.id).await?;
    let offer = all.into_iter().find(|offer| offer.state.choosable()).ok_or(Outcome::NotFound)?;
    if offer.version == version { Ok(offer) } else { Err(Outcome::Conflict) }
}

/// Whether prices are open, as the invitation tells it: the provider cannot read the referral.
fn as_seen_by_provider(invitation: &Invitation) -> Out {
    Out {
        sent: invitation.asked,
        deadline: invitation.prices_open.unwrap_or(invitation.deadline),
        prices: invitation.prices,
        closed_early: None,
        emergency: None,
        scoring: invitation.scoring.clone(),
    }
}

/// A provider takes its offer back.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawOffer {
    /// To what.
    pub to: Answering,
    /// The offer's version that the page showed.
    pub version: i64,
}

impl Command for WithdrawOffer {
    const ACTION: Action = Action::AnswerInvitation;
    const NAME: &'static str = "offer.withdraw";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let invitation = self.to.open(work).await?;
        let all = work.offers_on(work.org(), invitation.id).await?;
        let offer = all.into_iter().find(|offer| OfferState::OPEN.contains(&offer.state.name()));
        let offer = offer.ok_or(Outcome::NotFound)?;
        if offer.version != self.version {
            return Err(Outcome::Conflict);
        }
        let (was_sent, waited) = (offer.state != OfferState::Draft, offer.state == OfferState::Recommended);
        let change = offer.withdraw(work.moment())?;
        let offer = work.apply(change).await?;
        if waited {
            work.enqueue(gone_job(&offer)?);
        }
        if was_sent {
            work.enqueue(officer_notice(&invitation, "An offer was withdrawn", "/offers").job()?);
        }
        Ok(self.to.receipt(&invitation))
    }
}

/// The authority shortlists an offer, or closes it as not chosen.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeOffer {
    /// The referral.
    pub reference: String,
    /// The offer's number.
    pub number: u32,
    /// The offer's version that the page showed.
    pub version: i64,
    /// Why it is not chosen; none puts it on the shortlist.
    pub not_chosen: Option<NotChosenReason>,
}

impl Command for JudgeOffer {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "offer.judge";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let all = work.offers_of(work.org(), referral.id).await?;
        let offer = all.into_iter().rev().find(|offer| offer.number == self.number).ok_or(Outcome::NotFound)?;
        if offer.version != self.version {
            return Err(Outcome::Conflict);
        }
        if let Some(reason) = self.not_chosen {
            not_choose(work, referral.state.sent(), offer, reason).await?;
        } else {
            let change = offer.shortlist()?;
            let offer = work.apply(change).await?;
            disclosure::shortlisted(work, actor, &referral, &offer).await?;
        }
        Ok(Receipt::at(format!("/referrals/{}/offers/{}", self.reference, self.number)))
    }
}

impl App {
    /// The scheduled rates of today, that an offer form shows.
    pub async fn schedule_today(&self) -> Answer<Vec<ScheduledRate>> {
        schedule_on(&self.visit().await?, self.calendar.now().today()).await
    }

    /// The tendered core price that an offer form begins with.
    pub async fn tendered_price(&self, actor: &Actor, invitation: &Invitation, night: Date) -> Answer<Option<Pence>> {
        let action =
            if actor.organisation == invitation.provider { Action::SeeInvitations } else { Action::SeeReferrals };
        let session = self.see(actor, action).await?;
        tendered(&session, invitation, night).await
    }
}
