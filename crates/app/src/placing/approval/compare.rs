//! Offers side by side: what each says on every criterion, which criteria differ, and one sentence of facts. Nothing is
//! ranked by price alone, and prices stay hidden while they are sealed.

use jiff::civil::DateTime;
use placewell_domain::homes::home::inspection::{concerns_on, grade_on};
use placewell_domain::homes::home::{Grade, Home};
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::{Standing, standing_on};
use placewell_domain::money::Pence;
use placewell_domain::nights::ChargedDays;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::approval::{ApprovalNeeded, OpenCheck};
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::offer::points::Points;
use placewell_domain::placing::offer::{Met, Offer, ResidentEffect};
use placewell_domain::placing::referral::{Referral, Scoring, prices_visible};
use placewell_insight::placing::referral::distance_between;
use placewell_store::Session;

use super::case::Case;
use super::scored::points_of;
use crate::answer::Answer;
use crate::command::App;
use crate::placing::child::sealing;
use crate::placing::offer::bed::waiting_offers;
use crate::placing::referral::asking::origin;

/// The most offers in one view.
const MOST: usize = 4;

/// One offer as compared.
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own, shown as it is
#[derive(Debug, Clone)]
pub struct Compared {
    /// The offer.
    pub offer: Offer,
    /// The home.
    pub home: Home,
    /// The provider's name.
    pub provider: String,
    /// Must-haves met, of how many.
    pub met: (u32, u32),
    /// Those not met, or partly, with the answer.
    pub gaps: Vec<String>,
    /// The worst effect expected on a resident; none where nobody lives there.
    pub residents: Option<ResidentEffect>,
    /// How many residents the offer speaks of.
    pub resident_count: usize,
    /// Ofsted's grade and the date of the inspection.
    pub grade: (Grade, Option<jiff::civil::Date>),
    /// The date of a visit that found serious concerns, not yet answered by a better grade.
    pub concerns: Option<jiff::civil::Date>,
    /// How the home stands with the region.
    pub standing: Standing,
    /// Why nobody can be placed there, where that is so.
    pub stopped: Option<Refusal>,
    /// The distance from where the search measures, with how closely each end is known.
    pub miles: Option<String>,
    /// The authority in whose area the home is.
    pub area: String,
    /// In the area, adjoining, or at a distance.
    pub class: &'static str,
    /// The core price; none while sealed.
    pub core: Option<Pence>,
    /// Other lines, itemised; empty while sealed.
    pub extras: Vec<(String, Pence)>,
    /// The whole price of a week; none while sealed.
    pub total: Option<Pence>,
    /// To the planned end.
    pub whole: Option<Pence>,
    /// Which of the first and last day it would charge.
    pub charged: ChargedDays,
    /// The core price that the home tendered for the lot.
    pub tendered: Option<Pence>,
    /// Parts that education or health pays a week.
    pub joint: Option<Pence>,
    /// The approvals that it needs; empty while sealed, because a price may call for one.
    pub needed: Vec<ApprovalNeeded>,
    /// It came after the deadline.
    pub late: bool,
    /// The home offers the same bed in another open offer, of whatever authority: only one of them can have it.
    pub bed_elsewhere: bool,
    /// Its validity has run out.
    pub expired: bool,
    /// Somebody moved in or out at the home since its impact assessment.
    pub residents_changed: bool,
    /// The last change, with the price before it.
    pub changed: Option<(DateTime, Pence)>,
    /// Conditions in the offer's words; none where they are not the reader's to read, or were erased.
    pub conditions: Option<String>,
    /// Its points by the scoring that was fixed by sending; empty where none was kept.
    pub points: Vec<Points>,
}

/// The whole comparison.
#[derive(Debug, Clone)]
pub struct CompareView {
    /// The referral.
    pub referral: Referral,
    /// Whether prices show.
    pub visible: bool,
    /// When sealed prices open.
    pub opens: Option<DateTime>,
    /// Every offer that can be chosen: its number and home, to pick from.
    pub all: Vec<(u32, String)>,
    /// The offers side by side.
    pub columns: Vec<Compared>,
    /// One sentence of facts.
    pub sentence: String,
    /// Whether the reader may recommend.
    pub may_recommend: bool,
    /// The lowest whole price of a week among those shown.
    pub cheapest: Option<Pence>,
    /// How offers are scored, as it was fixed by sending; none where that was not kept.
    pub scoring: Option<Scoring>,
    /// Whether the child's record was erased, so that no words of an offer are left.
    pub erased: bool,
}

impl App {
    /// Whether the bed of an offer stands in another open offer. The provider's own offers tell; whose search the other is,
    /// stays with the provider.
    async fn bed_elsewhere(&self, offer: &Offer) -> Answer<bool> {
        if offer.terms.bed.is_none() {
            return Ok(false);
        }
        let session = self.store.read(Some(offer.provider)).await?;
        let open = waiting_offers(&session, offer.provider, offer.home).await?;
        Ok(open.iter().any(|other| other.id != offer.id && other.same_bed(offer)))
    }

    /// Offers of a referral side by side; those with the given numbers, else the first four.
    pub async fn compare(&self, actor: &Actor, reference: &str, numbers: &[u32]) -> Answer<CompareView> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let moment = self.calendar.now();
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let sent = referral.state.sent().cloned();
        let visible = sent.as_ref().is_some_and(|out| prices_visible(out, moment));
        let offers: Vec<Offer> = session
            .offers_of(actor.organisation, referral.id)
            .await?
            .into_iter()
            .filter(|offer| offer.state.choosable())
            .collect();
        let mut all = Vec::with_capacity(offers.len());
        for offer in &offers {
            all.push((offer.number, session.home(offer.home).await?.name));
        }
        // The price is held against the lowest of all offers, shown or not: points never follow what is looked at.
        let lowest = offers.iter().map(Offer::total).min().filter(|_| visible);
        let chosen = offers.into_iter().filter(|offer| numbers.is_empty() || numbers.contains(&offer.number));
        let mut columns = Vec::new();
        for offer in chosen.take(MOST) {
            columns.push(compared(&session, &referral, offer, (visible, lowest), moment).await?);
        }
        let reader = sealing::reader(&session, actor, referral.child, moment).await?;
        let child = session.child(actor.organisation, referral.child).await?;
        drop(session);
        for column in &mut columns {
            column.bed_elsewhere = self.bed_elsewhere(&column.offer).await?;
            column.conditions = column.conditions.take().and_then(|words| reader.given("offer_words", words));
        }
        let cheapest = columns.iter().filter_map(|column| column.total).min();
        Ok(CompareView {
            sentence: sentence(&columns),
            may_recommend: placewell_domain::office::access::may(actor.role, Action::Recommend)
                && visible
                && referral.state.out().is_some(),
            opens: sent.as_ref().map(|out| out.deadline),
            scoring: sent.and_then(|out| out.scoring),
            referral,
            visible,
            all,
            columns,
            cheapest,
            erased: child.state == ChildState::Forgotten,
        })
    }
}

async fn compared(
    session: &Session,
    referral: &Referral,
    offer: Offer,
    (visible, lowest): (bool, Option<Pence>),
    moment: placewell_domain::clock::Moment,
) -> Answer<Compared> {
    let today = moment.today();
    let case = Case::read(session, referral.clone(), offer.clone(), None, None, today).await?;
    let inspections = session.inspections(offer.home).await?;
    let (grade, graded) = grade_on(&inspections, today);
    let wanted = case.invitation.profile.must_haves;
    let gap = |met: Met| (met != Met::Yes).then_some(met.label());
    let gaps =
        offer.terms.must_haves.iter().filter(|answer| wanted.has(answer.need)).filter_map(|answer| {
            gap(answer.met).map(|words| format!("{}: {}", answer.need.label(), words.to_lowercase()))
        });
    let miles = origin(session, referral).await?.and_then(|from| distance_between(from, &case.home));
    let extras = offer.terms.lines.iter().filter(|line| line.kind != LineKind::Core);
    let joint: Pence = offer
        .terms
        .lines
        .iter()
        .map(|line| {
            let [_, education, health] = line.shares.split(line.weekly);
            education + health
        })
        .sum();
    let lot = &case.invitation.profile.lot;
    let tendered = session.price_on(offer.home, lot, LineKind::Core.code(), offer.terms.start).await?;
    let standing = standing_on(&case.standing, case.home.id, case.home.provider, case.facts.start);
    let words = session.open_offer_words(referral.authority, &offer).await?;
    // While prices are sealed, a reason that names one would open it.
    let stopped = if visible { case.gates() } else { case.hard_gates() }.err();
    let standing = standing.standing;
    Ok(Compared {
        met: offer.terms.must_haves_met(wanted),
        gaps: gaps.collect(),
        residents: offer.terms.residents.iter().map(|resident| resident.effect).max(),
        resident_count: offer.terms.residents.len(),
        grade: (grade, graded.map(|seen| seen.inspected_on)),
        concerns: concerns_on(&inspections, today).map(|seen| seen.inspected_on),
        standing,
        stopped,
        miles,
        class: case.facts.distance.words(),
        core: visible.then(|| offer.terms.of_kind(LineKind::Core)),
        extras: if visible { extras.map(|line| (line.label.clone(), line.weekly)).collect() } else { Vec::new() },
        total: visible.then(|| offer.total()),
        whole: visible.then(|| case.facts.whole_cost()),
        charged: case.facts.charged,
        tendered,
        joint: visible.then_some(joint),
        needed: if visible { case.needed() } else { Vec::new() },
        late: offer.late(case.invitation.closes()),
        bed_elsewhere: false,
        expired: offer.expired(moment),
        residents_changed: case.facts.checks.contains(&OpenCheck::Residents),
        changed: if visible { offer.changes.last().map(|change| (change.at, change.was)) } else { None },
        conditions: words.map(|words| words.conditions),
        points: points_of(referral, (&offer, &case.invitation), (grade, case.facts.distance), lowest),
        provider: session.organisation_by_id(offer.provider).await?.name,
        area: case.area.clone(),
        home: case.home,
        offer,
    })
}

/// One sentence of facts about the offer that meets the most must-haves: what it costs beside the next, and what only it
/// does. With equals, it names them.
fn sentence(columns: &[Compared]) -> String {
    let Some(most) = columns.iter().map(|column| column.met.0).max() else {
        return "No offer is open to compare.".to_owned();
    };
    let best: Vec<&Compared> = columns.iter().filter(|column| column.met.0 == most).collect();
    let [first] = best.as_slice() else {
        let names: Vec<&str> = best.iter().map(|column| column.home.name.as_str()).collect();
        return format!("{} each meet {}.", join(&names), of(best.first().map_or((0, 0), |column| column.met)));
    };
    let mut parts = vec![format!("meets {}", of(first.met))];
    let others: Vec<&Compared> = columns.iter().filter(|column| column.offer.id != first.offer.id).collect();
    if let Some((total, (other, name))) = first.total.zip(nearest(first, &others)) {
        let difference = (total - other).0;
        let words = Pence(difference.abs());
        match difference {
            0 => parts.push(format!("costs the same as {name}")),
            lower if lower < 0 => parts.push(format!("costs {words} a week less than {name}")),
            _ => parts.push(format!("costs {words} a week more than {name}")),
        }
    }
    let alone = |column: &Compared| column.offer.terms.keeps_school == Some(true);
    if !others.is_empty() && alone(first) && !others.iter().any(|other| alone(other)) {
        parts.push("is the only one that keeps the child's school".to_owned());
    }
    format!("{} {}.", first.home.name, join(&parts))
}

/// The other offer nearest in price.
fn nearest<'c>(first: &Compared, others: &[&'c Compared]) -> Option<(Pence, &'c str)> {
    let own = first.total?;
    others
        .iter()
        .filter_map(|other| Some((other.total?, other.home.name.as_str())))
        .min_by_key(|(total, _)| (total.0 - own.0).abs())
}

fn of((met, of): (u32, u32)) -> String {
    match (met, of) {
        (_, 0) => "what was asked: no must-have was named".to_owned(),
        (met, of) if met == of => format!("all {of} must-haves"),
        (met, of) => format!("{met} of {of} must-haves"),
    }
}

fn join<T: AsRef<str>>(parts: &[T]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}
