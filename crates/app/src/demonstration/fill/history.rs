//! Writing what came before: each search with its child, its invitations and offers, each placement with its agreement,
//! its bed and its commitment. Imported rows: one event for each search and each agreement says so.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::{Date, DateTime, date};
use placewell_domain::authority::distance_class;
use placewell_domain::change::Event;
use placewell_domain::clock::Moment;
use placewell_domain::homes::price::{FunderShares, LineKind, PriceLine, SupportHours};
use placewell_domain::id::{
    AgreementId, BedUseId, ChildId, OfferId, OrganisationId, PersonId, Reference, ReferenceKind, ReferralId,
};
use placewell_domain::money::Pence;
use placewell_domain::nights::{ChargedDays, Nights, OPEN_END, plus_days};
use placewell_domain::placing::agreement::{
    Added, Agreement, AgreementState, AgreementTerms, EndReason, Ending, Imported, Origin, RestsOn, STANDARD_NOTICE,
    Signature, Signatures, Stay,
};
use placewell_domain::placing::approval::GivenBasis;
use placewell_domain::placing::child::{Child, ChildIdentity};
use placewell_domain::placing::occupancy::{BedUse, UseState};
use placewell_domain::placing::referral::{
    Ask, DeadlineChoice, NotPlacedReason, Out, Plan, Prices, Referral, ReferralState, Scoring,
};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::delegation::{Act, Power, RemitArea, Through};
use placewell_domain::sealed::Sealed;
use placewell_store::Work;
use placewell_store::work::Record;

use super::asked::{self, Asked};
use super::{World, Written, comparison, spot};
use crate::answer::{Answer, Outcome};
use crate::clock::{Machine, moment_of};
use crate::command::App;
use crate::demonstration::authorities::{PARTS, Part};
use crate::demonstration::chance::Chance;
use crate::demonstration::history::{Ended, PlacementPlan, SearchPlan};
use crate::demonstration::live::Stage;
use crate::demonstration::people::{CARE_POST, TEAM, approver, manager, officers};
use crate::demonstration::stays::{Contract, StayPlan, effective};
use crate::demonstration::story::BEFORE;
use crate::demonstration::{decisions, needs};
use crate::placing::agreement::history;
use crate::placing::referral::ending::lose;
use crate::power::annual_value::{LedgerTerms, ledger_terms};

/// The first number of searches that were made before this system: those of its own begin with 1.
const EARLIER: u32 = 9_001;
/// How many searches are written in one transaction.
const AT_ONCE: usize = 250;

/// When it stands on the record: before the story's first event, so that each of those keeps its own moment. What it says is
/// as known on Friday.
pub(super) fn recorded(app: &App) -> Moment {
    Moment { at: moment_of(date(2021, 8, 2).at(18, 0, 0, 0)).at, ..app.calendar.now() }
}

/// Writes it all.
pub async fn write(app: &Arc<App>, world: &World, written: &Written, progress: &mut dyn FnMut(&str)) -> Answer<()> {
    app.calendar.move_to(date(2021, 9, 10).at(18, 0, 0, 0));
    for (part, known) in PARTS.iter().enumerate() {
        let searches: Vec<&SearchPlan> = world.history.searches.iter().filter(|search| search.part == part).collect();
        progress(&format!("{}: {} searches", known.member().map_or(known.code, |member| member.name), searches.len()));
        authority(app, world, written, part, &searches).await?;
    }
    elsewhere(app, world, written).await
}

/// What every row of an authority is written with.
pub(super) struct Desk<'a> {
    pub(super) world: &'a World,
    pub(super) written: &'a Written,
    pub(super) part: &'a Part,
    pub(super) org: OrganisationId,
    pub(super) officer: PersonId,
    pub(super) approver: PersonId,
    pub(super) power: Option<Power>,
    pub(super) terms: LedgerTerms,
    pub(super) chance: Chance,
    pub(super) agreements: u32,
    /// What one transaction brings in, by room.
    pub(super) brought: Brought,
}

/// Records that are brought in at their first version, by room.
#[derive(Default)]
pub(super) struct Brought {
    pub(super) children: Vec<i64>,
    pub(super) invitations: Vec<i64>,
    pub(super) offers: Vec<i64>,
    pub(super) stays: Vec<i64>,
    pub(super) checks: Vec<i64>,
    pub(super) spots: Vec<i64>,
}

impl Brought {
    /// One event for each room.
    fn record(&mut self, work: &mut Work) {
        let rooms = [
            ("child", &mut self.children),
            ("invitation", &mut self.invitations),
            ("offer", &mut self.offers),
            ("occupancy", &mut self.stays),
            ("check", &mut self.checks),
            ("spot", &mut self.spots),
        ];
        for (room, ids) in rooms {
            work.record_brought_in(room, &std::mem::take(ids));
        }
    }
}

/// How many of an authority's searches were made in this system.
fn own_searches(part: &Part, all: usize) -> usize {
    if part.code == "HEF" { BEFORE as usize } else { all / 6 }
}

/// The number of a search by its place among all of an authority's.
pub(super) fn number_of(part: &Part, place: usize, all: usize) -> u32 {
    let earlier = all.saturating_sub(own_searches(part, all));
    let number = if place < earlier { EARLIER as usize + place } else { place - earlier + 1 };
    u32::try_from(number).unwrap_or(u32::MAX)
}

async fn authority(
    app: &Arc<App>,
    world: &World,
    written: &Written,
    part: usize,
    searches: &[&SearchPlan],
) -> Answer<()> {
    let known = &PARTS[part];
    let org = written.organisation(known.code)?;
    let session = app.store.read(Some(org)).await?;
    let power = power(&session, written, part, org).await?;
    let terms = ledger_terms(&session, org, app.calendar.now().today()).await?;
    drop(session);
    let officer = written.person(&officers(known)[0])?;
    let approver = written.person(&approver(known))?;
    let chance = Chance::of(known.code);
    let brought = Brought::default();
    let mut desk =
        Desk { world, written, part: known, org, officer, approver, power, terms, chance, agreements: 0, brought };
    let own = own_searches(known, searches.len());
    for (chunk, some) in searches.chunks(AT_ONCE).enumerate() {
        let mut work = app.store.begin(org, recorded(app)).await?;
        for (at, search) in some.iter().enumerate() {
            let place = chunk * AT_ONCE + at;
            let child = u32::try_from(place + 1).unwrap_or(u32::MAX);
            one(&mut work, &mut desk, search, (number_of(known, place, searches.len()), child)).await?;
        }
        desk.brought.record(&mut work);
        work.commit(Machine::now()).await?;
    }
    let mut work = app.store.begin(org, recorded(app)).await?;
    other_stays(&mut work, world, written, Some(part)).await?;
    comparison::write(&mut work, world, written, part).await?;
    for (counter, used) in [
        ("child", searches.len()),
        ("referral", own),
        ("agreement", desk.agreements as usize),
        ("approval", desk.agreements as usize),
    ] {
        for _ in 0..used {
            work.next_number(counter).await?;
        }
    }
    Ok(work.commit(Machine::now()).await?)
}

/// The power under which an authority awarded: limb (b), by its Assistant Director.
async fn power(
    session: &placewell_store::Session,
    written: &Written,
    part: usize,
    org: OrganisationId,
) -> Answer<Option<Power>> {
    let known = &PARTS[part];
    let reference = decisions::reference(known);
    let decision = session.decision_by_reference(org, &reference).await?.id;
    let post = written.made.posts.get(&(known.code.to_owned(), CARE_POST.to_owned())).copied();
    let person = written.person(&approver(known))?;
    Ok(post.map(|post| Power {
        act: Act::AwardPlacement,
        decision,
        reference,
        letter: 'b'.into(),
        effective_from: effective(part),
        post,
        title: CARE_POST.to_owned(),
        person,
        through: Through::Holder,
    }))
}

/// One search: child, referral, invitations, offers, and the agreement where it led to one.
async fn one(work: &mut Work, desk: &mut Desk<'_>, plan: &SearchPlan, (number, child): (u32, u32)) -> Answer<()> {
    let wish = &plan.wish;
    let narrative = needs::narrative(&plan.profile, wish.child);
    let id = ChildId(work.new_id());
    let key = work.new_child_key(desk.org, id).await?;
    let identity: Sealed<ChildIdentity> = key.seal(&needs::identity(wish))?;
    Child::record(id, desk.org, desk.org, child, identity).next().write(work).await?;
    desk.brought.children.push(id.0);
    let out = sent(plan, child);
    let agreement = AgreementId(work.new_id());
    let referral = Referral {
        id: ReferralId(work.new_id()),
        version: 1,
        reference: Reference { authority: desk.part.code.to_owned(), kind: ReferenceKind::Referral, number },
        authority: desk.org,
        child: id,
        officer: desk.officer,
        group: None,
        copied_from: None,
        started: out.sent.saturating_sub(jiff::Span::new().minutes(19)),
        profile: plan.profile.clone(),
        narrative: key.seal(&narrative)?,
        plan: plan_of(desk, plan, &out),
        state: state(plan, &out, agreement),
    };
    referral.write(work).await?;
    let event = Event::new("referral.imported", "referral", referral.id.0, 1);
    work.record(event.with("state", referral.state.name()).with("asked", plan.asked.len()).with("offers", plan.offers));
    let full = number < EARLIER;
    let search = Asked { referral, narrative, out, agreement, full };
    let accepted = asked::write(work, desk, plan, &search).await?;
    // Spot purchases are counted with their own reasons.
    if let Ended::NotPlaced(reason) = plan.ended
        && reason != NotPlacedReason::SpotElsewhere
    {
        lose(work, &search.referral, reason).await?;
    }
    if let (Ended::Placed(at), Some(offer)) = (plan.ended, accepted) {
        let placement = &desk.world.history.placements[at];
        award(work, desk, placement, &search.referral, (agreement, offer)).await?;
    }
    if let (Ended::Spot(at), Some(offer)) = (plan.ended, accepted) {
        spot::award(work, desk, at, &search.referral, (agreement, offer)).await?;
    }
    Ok(())
}

/// How it was sent: as planned, or in office hours with an answer wanted in three days.
fn sent(plan: &SearchPlan, child: u32) -> Out {
    let wish = &plan.wish;
    let usual = || {
        let hour = 9 + i8::try_from(child % 7).unwrap_or(0);
        let at = wish.sent.at(hour, i8::try_from(child % 60).unwrap_or(0), 0, 0);
        let days = if wish.sent == wish.start { 0 } else { 3 };
        (at, plus_days(wish.sent, days).at(if days == 0 { 21 } else { 17 }, 0, 0, 0))
    };
    let (at, deadline) = plan.times.unwrap_or_else(usual);
    let needed = plan.profile.standard.needed_by;
    let prices = if needed.map(Prices::of) == Some(Prices::Sealed) { Prices::Sealed } else { Prices::Open };
    let scoring = Some(Scoring::starting());
    Out { sent: at, deadline, prices, closed_early: None, emergency: wish.emergency, scoring }
}

fn state(plan: &SearchPlan, out: &Out, agreement: AgreementId) -> ReferralState {
    let (start, out) = (plan.wish.start, out.clone());
    match plan.ended {
        Ended::Placed(_) | Ended::Spot(_) => ReferralState::Placed { out, agreement, started: start },
        Ended::NotPlaced(reason) => ReferralState::NotPlaced { out, reason, at: plus_days(start, 1).at(10, 0, 0, 0) },
        Ended::Withdrawn(reason) => ReferralState::Withdrawn { at: out.deadline, out: Some(out), reason },
        Ended::Open(Stage::Draft) => ReferralState::Draft,
        Ended::Open(Stage::Waiting | Stage::Passed) => ReferralState::Out(out),
    }
}

/// Whom it asks and until when, of those that go on; what has ended keeps its invitations only.
fn plan_of(desk: &Desk<'_>, plan: &SearchPlan, out: &Out) -> Plan {
    if !matches!(plan.ended, Ended::Open(_)) || plan.asked.is_empty() {
        return Plan::default();
    }
    let homes = plan.asked.iter().map(|(home, tier)| Ask { home: desk.written.homes[*home].id, tier: *tier });
    Plan { homes: homes.collect(), deadline: Some(DeadlineChoice::At(out.deadline)), ..Plan::default() }
}

pub(super) fn line(kind: LineKind, label: &str, weekly: Pence, from: Date) -> PriceLine {
    PriceLine {
        kind,
        label: label.to_owned(),
        weekly,
        from,
        to: OPEN_END,
        origin: from,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    }
}

/// The price lines of a placement: core, education, and the package that lapses this week.
fn lines(placement: &PlacementPlan, stay: &StayPlan) -> Vec<PriceLine> {
    let mut lines = vec![line(LineKind::Core, "Core price", Pence::pounds(stay.price), stay.from)];
    if let Some((weekly, from, to)) = placement.education {
        let reason = "Registered education with the home".to_owned();
        lines.push(PriceLine { to, reason, ..line(LineKind::Education, "Education", Pence(weekly), from) });
    }
    if placement.lapsing {
        let from = date(2021, 6, 21);
        let support = SupportHours { quarter_hours: 80, rate: Pence(1_850), staff: 1, review_on: date(2021, 8, 16) };
        let reason = "1:1 support while the child settles at school".to_owned();
        let weekly = support.weekly();
        let base = line(LineKind::AdditionalSupport, "1:1 support, afternoons", weekly, from);
        lines.push(PriceLine { to: date(2021, 9, 17), support: Some(support), reason, ..base });
    }
    lines
}

/// How a placement stands today: the child lives there, or it ended and why.
fn stands(desk: &mut Desk<'_>, placement: &PlacementPlan, stay: &StayPlan) -> AgreementState {
    let began = Stay { from: stay.from, unsigned: None };
    let Some(on) = stay.to else { return AgreementState::Started { stay: began } };
    let reasons =
        [EndReason::HomeAsksBehaviour, EndReason::HomeAsksOther, EndReason::AuthorityAsks, EndReason::ChildAsks];
    let reason = if placement.planned { EndReason::CarePlan } else { reasons[desk.chance.weighted(&[45, 20, 25, 10])] };
    AgreementState::Ended {
        stay: began,
        ending: Ending { on, planned: placement.planned, reason, power: None, without: None },
    }
}

/// The agreement of a placement with its bed and its commitment.
async fn award(
    work: &mut Work,
    desk: &mut Desk<'_>,
    placement: &PlacementPlan,
    referral: &Referral,
    (id, offer): (AgreementId, OfferId),
) -> Answer<()> {
    let stay = &desk.world.stays.stays[placement.stay];
    let home = &desk.written.homes[stay.home];
    desk.agreements += 1;
    let state = stands(desk, placement, stay);
    let power = desk.power.as_ref().filter(|power| stay.from >= power.effective_from);
    let origin = if power.is_some() { Origin::Arrangement } else { Origin::BeforeAdoption };
    let signed = plus_days(stay.from, -2).at(11, 0, 0, 0);
    let agreement = bare(desk, stay, referral, (id, offer), (power.cloned(), signed))?;
    let terms = AgreementTerms {
        lines: lines(placement, stay),
        terms_version: if stay.from < date(2020, 4, 1) { "1.0" } else { "1.1" }.to_owned(),
        specification_version: String::new(),
        ..agreement.terms
    };
    let agreement = Agreement { terms, planned_end: placement.planned_end, state, ..agreement };
    let imported = Imported { origin, at: work.moment().local, by: desk.officer };
    let slept = slept(work, desk.written, stay, id)?;
    desk.brought.stays.push(slept.id.0);
    let agreement = history::keep(work, agreement, imported, slept).await?;
    let commitment = agreement.commitment(work.moment().today());
    work.commit_value(&commitment, &desk.terms.reading, desk.terms.term_end, None).await?;
    spot::checked(work, desk, (referral, home), stay.from, spot::FOR_THIS_CHILD).await
}

/// The agreement of a stay through the arrangement that goes on, at its core price, signed by both sides.
pub(super) fn bare(
    desk: &Desk<'_>,
    stay: &StayPlan,
    referral: &Referral,
    (id, offer): (AgreementId, OfferId),
    (power, signed): (Option<Power>, DateTime),
) -> Answer<Agreement> {
    let home = &desk.written.homes[stay.home];
    let reference = |kind| Reference { authority: desk.part.code.to_owned(), kind, number: desk.agreements };
    let manager = manager(&desk.world.homes.owners[desk.world.homes.homes[stay.home].owner].slug);
    Ok(Agreement {
        id,
        version: 1,
        reference: reference(ReferenceKind::Agreement),
        authority: desk.org,
        responsible: desk.org,
        provider: home.provider,
        child: referral.child,
        referral: referral.id,
        offer,
        case: RemitArea::ChildrenLookedAfter,
        terms: AgreementTerms {
            route: if stay.block.is_some() { Route::Block } else { Route::Arrangement },
            lot: stay.lot.to_owned(),
            home: home.id,
            bed: bed(desk.written, stay),
            solo: stay.solo,
            start: stay.from,
            lines: vec![line(LineKind::Core, "Core price", Pence::pounds(stay.price), stay.from)],
            notice: STANDARD_NOTICE.to_vec(),
            charged: ChargedDays::default(),
            terms_version: String::new(),
            specification_version: String::new(),
            distance: distance_class(desk.part.area(), home.area, stay.from),
        },
        planned_end: plus_days(stay.from, 364),
        reviews: Vec::new(),
        rests_on: rests_on(desk, power, reference(ReferenceKind::Approval), signed),
        facts: String::new(),
        signatures: signatures(desk, &manager, signed)?,
        added: Added::default(),
        state: AgreementState::Started { stay: Stay { from: stay.from, unsigned: None } },
    })
}

fn rests_on(desk: &Desk<'_>, power: Option<Power>, reference: Reference, at: DateTime) -> Vec<RestsOn> {
    power
        .map(|power| RestsOn {
            reference,
            what: "Award of the placement agreement".to_owned(),
            rule: "A power comes from a limb of a decision in force".to_owned(),
            by: desk.approver,
            at,
            basis: GivenBasis::Limb { power },
            verbal: false,
        })
        .into_iter()
        .collect()
}

fn signatures(desk: &Desk<'_>, manager: &str, at: DateTime) -> Answer<Signatures> {
    let signed = |email: &str, role: &str| -> Answer<Signature> {
        let (person, name) = (desk.written.person(email)?, desk.written.name(email));
        Ok(Signature { person, name, role: role.to_owned(), at, content: String::new() })
    };
    Ok(Signatures {
        authority: Some(signed(&officers(desk.part)[0], "Placement officer")?),
        provider: Some(signed(manager, "Placements manager")?),
    })
}

pub(super) fn bed(written: &Written, stay: &StayPlan) -> Option<placewell_domain::id::BedId> {
    written.beds[stay.home].get(usize::from(stay.bed)).copied()
}

/// The nights of a stay in its bed.
pub(super) fn slept(work: &Work, written: &Written, stay: &StayPlan, agreement: AgreementId) -> Answer<BedUse> {
    let home = &written.homes[stay.home];
    let bed = bed(written, stay).ok_or_else(|| Outcome::Fault("a stay without a bed".to_owned()))?;
    let nights = Nights::new(stay.from, stay.to.unwrap_or(OPEN_END))
        .ok_or_else(|| Outcome::Fault("a stay without nights".to_owned()))?;
    Ok(BedUse {
        id: BedUseId(work.new_id()),
        version: 1,
        provider: home.provider,
        home: home.id,
        bed,
        agreement: Some(agreement),
        nights,
        solo: stay.solo,
        state: UseState::Stay,
    })
}

/// Stays by other contracts: a bed, nights and an opaque number.
async fn other_stays(work: &mut Work, world: &World, written: &Written, part: Option<usize>) -> Answer<()> {
    let mut brought = Brought::default();
    let spots = world.history.searches.iter().filter_map(|search| match search.ended {
        Ended::Spot(at) => Some(at),
        Ended::Placed(_) | Ended::NotPlaced(_) | Ended::Withdrawn(_) | Ended::Open(_) => None,
    });
    let spots: BTreeSet<usize> = spots.collect();
    let others = world.stays.stays.iter().enumerate().filter(|(at, _)| !spots.contains(at)).map(|(_, stay)| stay);
    let elsewhere = |stay: &&StayPlan| stay.contract != Contract::Arrangement && stay.block.is_none();
    for stay in others.filter(|stay| stay.part == part).filter(elsewhere) {
        let id = AgreementId(work.new_id());
        let slept = slept(work, written, stay, id)?;
        slept.write(work).await?;
        brought.stays.push(slept.id.0);
    }
    brought.record(work);
    Ok(())
}

/// Children whom somebody outside the region placed, and beds that nobody can use: entered by the regional team.
async fn elsewhere(app: &Arc<App>, world: &World, written: &Written) -> Answer<()> {
    let mut work = app.store.begin(written.organisation(TEAM)?, recorded(app)).await?;
    other_stays(&mut work, world, written, None).await?;
    for closed in &world.stays.closed {
        let home = &written.homes[closed.home];
        let bed = written.beds[closed.home].get(usize::from(closed.bed)).copied();
        let (Some(bed), Some(nights)) = (bed, Nights::new(closed.from, closed.to.unwrap_or(OPEN_END))) else {
            continue;
        };
        let change = BedUse::take_out(BedUseId(work.new_id()), home, bed, nights, closed.reason);
        work.apply(change).await?;
    }
    Ok(work.commit(Machine::now()).await?)
}
