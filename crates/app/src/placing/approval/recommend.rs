//! Recommending one offer and asking for every approval that it needs, in one transaction.

use jiff::civil::Date;
use placewell_domain::id::{ApprovalId, OfferId, Reference, ReferenceKind};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::agreement::ValueWatch;
use placewell_domain::placing::approval::{
    Approval, ApprovalNeeded, Gates, OfferReasons, OtherOffer, Recommendation, RecommendationWords, Relatives, Request,
};
use placewell_domain::placing::offer::points::{OfferPoints, behind};
use placewell_domain::placing::offer::{NotChosenReason, Offer};
use placewell_domain::placing::referral::legal::is_emergency;
use placewell_domain::placing::referral::{Out, Referral, prices_visible};
use placewell_domain::power::delegation::{RemitArea, awaited};
use placewell_store::Work;
use serde::Serialize;

use super::case::{Case, choosable};
use super::following::owe;
use super::scored::scored;
use super::void::void_gone;
use super::watch::watch;
use super::{approver_notice, keep_if_at_ceiling};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::placing::referral::current;
use crate::power::annual_value::Effect;
use crate::power::arrangement::may_award;

/// What the officer says of one offer.
#[derive(Debug, Clone, Serialize)]
pub struct Reasons {
    /// The offer's number.
    pub number: u32,
    /// What speaks for it.
    pub for_it: String,
    /// What speaks against it.
    pub against: String,
    /// Why it is not chosen; none of the recommended one.
    pub not_chosen: Option<NotChosenReason>,
}

/// Recommends an offer and asks for approval.
#[derive(Debug, Clone, Serialize)]
pub struct Recommend {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The offer's number.
    pub number: u32,
    /// The day after the last planned night.
    pub planned_end: Date,
    /// The part of the service that the case belongs to.
    pub case: RemitArea,
    /// For and against each offer.
    pub reasons: Vec<Reasons>,
    /// The answers to the approver's gates.
    pub gates: Gates,
    /// What the child wishes and feels.
    pub wishes: String,
    /// The social worker's view.
    pub social_worker: String,
    /// Why relatives were not consulted.
    pub relatives: String,
    /// Why only one offer, why a late one, or why not the one with the most points.
    pub circumstances: String,
}

impl Command for Recommend {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "approval.recommend";

    async fn after_refusal(&self, refusal: &Refusal, _actor: &Actor, work: &mut Work) -> Answer<()> {
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        keep_if_at_ceiling(work, refusal, &referral).await
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        let referral = current(work, &self.reference, self.version).await?;
        prices_open(&referral, moment)?;
        let offers: Vec<Offer> = open(work.offers_of(work.org(), referral.id).await?);
        let chosen = choosable(&offers, self.number)?;
        let words = self.words(&chosen, &offers);
        let all: Vec<OfferId> = offers.iter().map(|offer| offer.id).collect();
        let relatives_missing = self.gates.relatives != Relatives::Consulted;
        by_number(words.check(chosen.id, &all, (self.gates.wishes, relatives_missing)), &offers)?;
        let points = scored(work, &referral, &offers, moment.today()).await?;
        self.check(&chosen, &offers, &referral, &points)?;
        self.gates.check_dates(moment.today())?;
        let cause = referral.profile.emergency;
        void_gone(work, &referral).await?;
        let answered = Some((&self.gates, [].as_slice()));
        let case = Case::read(work, referral, chosen, Some(self.planned_end), answered, moment.today()).await?;
        let emergency = cause.filter(|_| is_emergency(case.facts.start, moment, &case.days));
        case.gates()?;
        let follows = self.gates.check(case.facts.distance, emergency.is_some(), case.facts.start, &case.days)?;
        let today = moment.today();
        let urgency = work.urgency_powers(work.org()).await?;
        let urgency = urgency.iter().any(|power| power.from <= today && today < power.to);
        if emergency.is_none() && !urgency && case.facts.route.through_arrangement() {
            may_award(work, work.org(), (today, case.facts.start)).await?;
            within_the_annual_value(work, &case).await?;
        }
        let key = work.child_key(work.org(), case.referral.child).await?;
        let recommendation = Recommendation {
            id: work.new_id(),
            authority: work.org(),
            responsible: case.responsible.id,
            child: case.referral.child,
            referral: case.referral.id,
            offer: case.offer.id,
            others: self.others(&offers),
            case: self.case,
            emergency,
            gates: self.gates.clone(),
            facts: case.facts.clone(),
            points,
            words: key.seal(&words)?,
            asked_by: actor.person,
            asked_at: moment.local,
        };
        let change = case.offer.clone().recommend(moment)?;
        work.apply(change).await?;
        work.add_recommendation(&recommendation).await?;
        let first = ask(work, actor, &case, &recommendation).await?;
        owe(work, &recommendation, &first, &follows).await?;
        Ok(Receipt::at(format!("/approvals/{first}")))
    }
}

/// Asks for each needed approval; the first one's reference.
async fn ask(work: &mut Work, actor: &Actor, case: &Case, of: &Recommendation) -> Answer<Reference> {
    let mut first = None;
    for needed in case.needed() {
        let number = work.next_number("approval").await?;
        let reference = Reference { authority: actor.code.clone(), kind: ReferenceKind::Approval, number };
        let request = Request { reference, needed, hash: case.hash() };
        let change = Approval::request(ApprovalId(work.new_id()), of, request, work.moment());
        let approval = work.apply(change).await?;
        work.enqueue(approver_notice(&approval, "approval asked for").job()?);
        first.get_or_insert(approval.reference);
    }
    first.ok_or(Outcome::NotFound)
}

impl Recommend {
    fn words(&self, chosen: &Offer, offers: &[Offer]) -> RecommendationWords {
        let mut reasons: Vec<OfferReasons> = offers
            .iter()
            .filter_map(|offer| {
                let said = self.reasons.iter().find(|said| said.number == offer.number)?;
                let (for_it, against) = (said.for_it.trim().to_owned(), said.against.trim().to_owned());
                Some(OfferReasons { offer: offer.id, for_it, against })
            })
            .collect();
        reasons.sort_by_key(|reasons| reasons.offer != chosen.id);
        RecommendationWords {
            reasons,
            wishes: self.wishes.trim().to_owned(),
            social_worker: self.social_worker.trim().to_owned(),
            relatives: self.relatives.trim().to_owned(),
            circumstances: self.circumstances.trim().to_owned(),
        }
    }

    fn others(&self, offers: &[Offer]) -> Vec<OtherOffer> {
        let reason = |number: u32| self.reasons.iter().find(|said| said.number == number)?.not_chosen;
        offers
            .iter()
            .filter(|offer| offer.number != self.number)
            .map(|offer| OtherOffer {
                offer: offer.id,
                reason: reason(offer.number).unwrap_or(NotChosenReason::BetterMatch),
            })
            .collect()
    }

    /// A late offer is used with a reason, and so is one that another beats on points; each other home is told why it is
    /// not chosen; the planned end lies after the start.
    fn check(&self, chosen: &Offer, offers: &[Offer], referral: &Referral, points: &[OfferPoints]) -> Answer<()> {
        let mut invalid = Invalid::default();
        for other in offers.iter().filter(|offer| offer.number != self.number) {
            let said = self.reasons.iter().find(|said| said.number == other.number);
            if said.is_none_or(|said| said.not_chosen.is_none()) {
                let field = format!("not_chosen_{}", other.number);
                invalid.add(&field, "Choose the reason that this home will be told");
            }
        }
        let deadline = referral.state.out().map(Out::closes);
        if self.circumstances.trim().is_empty() {
            if deadline.is_some_and(|deadline| chosen.late(deadline)) {
                invalid.add("circumstances", "Say why you use an offer that came after the deadline");
            } else if behind(points, chosen.id).is_some() {
                invalid.add("circumstances", "This offer does not have the most points. Say why you recommend it");
            }
        }
        if self.planned_end <= chosen.terms.start {
            invalid.add("planned_end", "Enter a planned end after the start");
        }
        Ok(invalid.or(())?)
    }
}

/// Field names say the offer's number, as the form does.
fn by_number(checked: Result<(), Invalid>, offers: &[Offer]) -> Answer<()> {
    checked.map_err(|mut invalid| {
        for error in &mut invalid.errors {
            if let Some((part, id)) = error.field.split_once('_').map(|(part, id)| (part.to_owned(), id.to_owned()))
                && let Some(offer) = offers.iter().find(|offer| offer.id.to_string() == id)
            {
                error.field = format!("{part}_{}", offer.number);
            }
        }
        invalid.into()
    })
}

fn open(offers: Vec<Offer>) -> Vec<Offer> {
    offers.into_iter().filter(|offer| offer.state.choosable()).collect()
}

/// Nothing is recommended while prices are sealed.
fn prices_open(referral: &Referral, moment: placewell_domain::clock::Moment) -> Result<(), Refusal> {
    let Some(out) = referral.state.out() else {
        return Err(Refusal::new(
            "referral_state",
            "An offer is recommended while its referral is with homes",
            format!("{} is not with homes, so no offer of it can be recommended.", referral.reference),
            "Nobody: open the referral as it is now",
        )
        .found(referral.state.label()));
    };
    if prices_visible(out, moment) {
        return Ok(());
    }
    Err(Refusal::new(
        "prices_sealed",
        "Sealed prices: all open together at the deadline",
        "You can recommend an offer when the prices are open.",
        "You, by closing early for an offer that meets every must-have",
    )
    .found(out.deadline.strftime("%-d %B %Y, %-I:%M%P").to_string()))
}

/// What is asked for fits each year. A year is adopted when its decision takes effect: where one waits for that, the
/// officer is told which and until when.
async fn within_the_annual_value(work: &Work, case: &Case) -> Answer<()> {
    let today = work.moment().today();
    let effects = case.effect(work, today).await?;
    let Some(refusal) = effects.into_iter().find_map(|effect| effect.after.err()) else { return Ok(()) };
    let waits = awaited(&work.decisions(work.org()).await?, today);
    Err(waits.unwrap_or(refusal).into())
}

/// What the page that recommends an offer shows.
#[derive(Debug, Clone)]
pub struct RecommendView {
    /// The case of the chosen offer.
    pub case: Case,
    /// Every open offer with its home's name.
    pub offers: Vec<(Offer, String)>,
    /// The approvals that it needs.
    pub needed: Vec<ApprovalNeeded>,
    /// The annual value before and after.
    pub effects: Vec<Effect>,
    /// Whole-life value and cumulative spend with the provider against the threshold.
    pub watch: ValueWatch,
    /// The points of every open offer; empty where no scoring was kept.
    pub points: Vec<OfferPoints>,
}

impl App {
    /// What the page that recommends an offer shows.
    pub async fn recommend_view(&self, actor: &Actor, reference: &str, number: u32) -> Answer<RecommendView> {
        let session = self.see(actor, Action::Recommend).await?;
        let moment = self.calendar.now();
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        prices_open(&referral, moment)?;
        let offers = open(session.offers_of(actor.organisation, referral.id).await?);
        let chosen = choosable(&offers, number)?;
        let points = scored(&session, &referral, &offers, moment.today()).await?;
        let mut named = Vec::with_capacity(offers.len());
        for offer in offers {
            let home = session.home(offer.home).await?;
            named.push((offer, home.name));
        }
        let case = Case::read(&session, referral, chosen, None, None, moment.today()).await?;
        case.gates()?;
        let (needed, effects) = (case.needed(), case.effect(&session, moment.today()).await?);
        let parties = (actor.organisation, case.offer.provider);
        let watch = watch(&session, parties, (None, case.facts.whole_cost()), moment.today()).await?;
        Ok(RecommendView { case, offers: named, needed, effects, watch, points })
    }
}
