//! The case that an award is about: referral, offer, home, and the facts as they are now. Read the same way when it is
//! asked for, when it is opened, and when it is approved, so that a change shows itself (rule 1.7).

use jiff::civil::Date;
use placewell_domain::authority::{AreaCode, distance_class, lookup};
use placewell_domain::calendar::WorkingDays;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::admission::ground::placed_with;
use placewell_domain::homes::admission::placed_on_lot;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::{Grade, Home, Sex};
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::{StandingFact, standing_on};
use placewell_domain::id::{AgreementId, HomeId, OrganisationId, ReferralId};
use placewell_domain::nights::{ChargedDays, OPEN_END, plus_days};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::agreement::{STANDARD_NOTICE, charged_by_route, notice_days};
use placewell_domain::placing::approval::{
    Approval, ApprovalKind, ApprovalNeeded, AwardFacts, FollowUp, Gates, KeyDecisionLine, NeededCase, OpenCheck,
    PowerFact, SpotFact, Trigger, approvals_needed, exemption_gate, hard_gates, open_checks, spot_gate,
};
use placewell_domain::placing::child::{ChildState, age_on, forgotten};
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::Offer;
use placewell_domain::placing::referral::{LegalBasis, Referral, Tier};
use placewell_domain::power::annual_value::{Commitment, Route, Share, ValueKind, ValueLine};
use placewell_domain::power::decision::in_force_among;
use placewell_domain::power::delegation::Act;
use placewell_domain::setting::Scope;
use placewell_store::Session;
use sha2::{Digest, Sha256};

use super::KEY_LINE;
use crate::answer::{Answer, Outcome};
use crate::homes::standing::lot_open;
use crate::placing::offer::residents::residents_changed;
use crate::placing::offer::schedule_on;
use crate::power::annual_value::{Effect, effect_of};
use crate::power::decision::call_in_rule;

/// The rule by which a spot purchase gives its reason.
const SPOT_RULE: &str = "Spot purchase: a coded reason with its evidence, and the checks before the start";

/// The recorded exemption of a child from a home's grade of Inadequate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exempted {
    /// The day of the judgement.
    pub judged_on: Date,
    /// Why, in words.
    pub reason: &'static str,
    /// The director of children's services, by name.
    pub by: String,
    /// When.
    pub on: Date,
    /// The last day on which the placement can begin; none where it holds as long as the judgement does.
    pub until: Option<Date>,
}

impl Exempted {
    /// The exemption in words, without what it says of the child.
    #[must_use]
    pub fn sentence(&self) -> String {
        let until = self.until.map_or_else(String::new, |day| format!(", for a start by {}", long_date(day)));
        let (judged, on) = (long_date(self.judged_on), long_date(self.on));
        format!(
            "Judged Inadequate on {judged}. Exempted on {on} by {}, director of children's services{until}.",
            self.by
        )
    }
}

/// The exemption that covers a child's placement at a home from a start, where one is recorded against this judgement.
pub(crate) async fn exempted_from(
    session: &Session,
    org: OrganisationId,
    of: (ReferralId, HomeId),
    judged_on: Option<Date>,
    start: Date,
) -> Answer<Option<Exempted>> {
    let Some(one) = session.grade_exemption(org, of, judged_on, start).await? else { return Ok(None) };
    Ok(Some(Exempted {
        judged_on: one.judged_on,
        reason: one.reason.label(),
        by: session.person_name(one.by).await?,
        on: one.at.date(),
        until: Some(one.until).filter(|until| *until != OPEN_END),
    }))
}

/// One offer of a referral with everything that an award of it depends on.
#[derive(Debug, Clone)]
pub struct Case {
    /// The referral.
    pub referral: Referral,
    /// The offer.
    pub offer: Offer,
    /// What the home was asked with.
    pub invitation: Invitation,
    /// The home.
    pub home: Home,
    /// The name of the authority in whose area it is.
    pub area: String,
    /// The authority responsible for the child.
    pub responsible: Organisation,
    /// Dated facts about the home's standing.
    pub standing: Vec<StandingFact>,
    /// Lines that are not at a scheduled rate.
    pub off_schedule: Vec<String>,
    /// Why the home is not on the lot, or its prices do not hold, where that is so: it stops this offer and no other.
    pub price_stop: Option<Refusal>,
    /// The child's age in whole years on the start, by the date of birth, and sex; nobody knows them of an erased record.
    pub child: Option<(u8, Sex)>,
    /// The director's exemption of this child from the home's grade of Inadequate, where one covers the start.
    pub exempted: Option<Exempted>,
    /// The authority's line for key decisions.
    pub key_line: Option<KeyDecisionLine>,
    /// The authority's working days.
    pub days: WorkingDays,
    /// The facts as they are now.
    pub facts: AwardFacts,
}

/// What stops an award where the provider is not in the arrangement or the home not on the lot on the start, or the lot is not
/// open at it: a spot purchase is of no lot, a mini-block goes on at the homes that it was bought at, and before an arrangement
/// is recorded there are no lots to be on.
async fn off_lot(
    session: &Session,
    home: &Home,
    invitation: &Invitation,
    (start, today): (Date, Date),
) -> Answer<Option<Refusal>> {
    let lot = &invitation.profile.lot;
    if invitation.tier == Tier::Spot {
        return Ok(None);
    }
    if invitation.tier == Tier::Fca
        && let Some(kept) = session.current_arrangement().await?
    {
        let admissions = session.admissions_of(home.id).await?;
        let grounds = session.admission_grounds(Some(home.provider)).await?;
        let provider = session.organisation_by_id(home.provider).await?.name;
        let with = placed_with(&grounds, (home.provider, &provider), start);
        let lot = (lot.as_str(), kept.arrangement.lot_named(lot));
        if let Err(stop) = with.and_then(|()| placed_on_lot(&admissions, home, lot, start)) {
            return Ok(Some(stop));
        }
    }
    match lot_open(session, home, lot, today).await {
        Err(Outcome::Refused(stop)) => Ok(Some(*stop)),
        Err(outcome) => Err(outcome),
        Ok(()) => Ok(None),
    }
}

/// Until when a stay from `start` is planned: to a day after it, or else for 52 weeks.
fn planned_from(start: Date, end: Option<Date>) -> Date {
    end.filter(|end| *end > start).unwrap_or_else(|| plus_days(start, 364))
}

impl Case {
    /// Reads the case in a session of the placing authority. `planned_end` is the officer's; the referral's estimate
    /// where none is given. `answered` are the gates and what followed them; none before a recommendation.
    pub async fn read(
        session: &Session,
        referral: Referral,
        offer: Offer,
        planned_end: Option<Date>,
        answered: Option<(&Gates, &[FollowUp])>,
        today: Date,
    ) -> Answer<Self> {
        let org = referral.authority;
        let invitation = session.invitation(org, offer.invitation).await?;
        let home = session.home(offer.home).await?;
        let child = session.child(org, referral.child).await?;
        let responsible = session.organisation_by_id(child.responsible).await?;
        let standing = session.standing_of(home.id, home.provider).await?;
        let inspections = session.inspections(home.id).await?;
        let (grade, graded) = grade_on(&inspections, today);
        let start = offer.terms.start;
        let planned_end = planned_from(start, planned_end.or(referral.profile.planned_end));
        let (off_schedule, price_stop) = prices(session, &offer, &invitation, today).await?;
        let price_stop = off_lot(session, &home, &invitation, (start, today)).await?.or(price_stop);
        let (known, route) = (child.state == ChildState::Known, route_of(invitation.tier));
        let identity = if known { Some(session.open_identity(&child).await?) } else { None };
        let on_start = standing_on(&standing, home.id, home.provider, start);
        let (distance, registered) = (distance_of(&responsible, home.area, start), home.may_admit().is_ok());
        let spot = spot_of(session, route, (&referral, home.id), today).await?;
        let judged = graded.map(|seen| seen.inspected_on);
        let exempted = exempted_from(session, org, (referral.id, home.id), judged, start).await?;
        let mut checks = open_checks((registered, on_start.standing, grade), answered, distance, today);
        checks.extend(spot.as_ref().filter(|spot| spot.held_up()).map(|_| OpenCheck::SpotChecks));
        checks.extend(residents_changed(session, &offer).await?.then_some(OpenCheck::Residents));
        let facts = AwardFacts {
            referral: referral.id,
            offer: offer.id,
            route,
            home: home.id,
            solo: offer.terms.solo,
            start,
            planned_end,
            lines: offer.terms.lines.clone(),
            standing: on_start.standing,
            restricted: on_start.restriction.is_some(),
            registered,
            grade,
            graded_on: judged,
            checks,
            distance,
            power: power_in_force(session, org, route, today).await?,
            spot,
            charged: charged_on(session, org, route, today).await?,
        };
        Ok(Self {
            area: lookup(home.area).map_or_else(|| home.area.to_string(), |area| area.name.to_owned()),
            days: call_in_rule(session, org, today).await?.calendar,
            key_line: session.value_of(org, &KEY_LINE, today).await?,
            referral,
            offer,
            invitation,
            home,
            responsible,
            standing,
            off_schedule,
            price_stop,
            child: identity.map(|identity| (age_on(identity.born, start), identity.sex)),
            exempted,
            facts,
        })
    }

    /// Whether it is what an approval rests on: the same offer, until the same planned end.
    pub(super) fn is_of(&self, approval: &Approval) -> bool {
        let own = (self.referral.authority, self.referral.id, self.offer.id, self.facts.planned_end);
        own == (approval.authority, approval.referral, approval.offer, approval.facts.planned_end)
    }

    /// SHA-256 of the facts' canonical text, in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        hash(&self.facts)
    }

    /// Registration, standing, ages, sex, the grade by itself whatever the standing, and the record of a spot purchase with
    /// its checks: also in an emergency.
    pub fn hard_gates(&self) -> Result<(), Refusal> {
        let on = standing_on(&self.standing, self.home.id, self.home.provider, self.facts.start);
        let spot = self.facts.route == Route::Spot;
        let on = if spot { on.outside() } else { on };
        hard_gates(&self.home, &on, self.child.ok_or_else(forgotten)?, self.facts.start)?;
        exemption_gate(self.facts.grade == Grade::Inadequate, self.exempted.is_some(), &self.home.name)?;
        if spot { spot_gate(self.facts.spot.as_ref(), &self.home.name) } else { Ok(()) }
    }

    /// The same, the home's view of its residents, and the prices: what stops an award of this offer.
    pub fn gates(&self) -> Result<(), Refusal> {
        self.hard_gates()?;
        self.is_its_own()?;
        if self.facts.checks.contains(&OpenCheck::Residents) {
            return Err(self.offer.residents_moved());
        }
        self.price_stop.clone().map_or(Ok(()), Err)
    }

    /// Refused where the home has changed hands since the offer: whoever made it runs the home no longer.
    fn is_its_own(&self) -> Result<(), Refusal> {
        if self.offer.provider == self.home.provider {
            return Ok(());
        }
        Err(Refusal::new(
            "home_changed_hands",
            "A placement is agreed with the provider that runs the home",
            format!("{} has another provider since this offer was made.", self.home.name),
            "You, by asking the home again",
        )
        .found(format!("offer {}", self.offer.number)))
    }

    /// Every approval that an award needs, each with the rule that calls for it.
    #[must_use]
    pub fn needed(&self) -> Vec<ApprovalNeeded> {
        let duties = self.referral.profile.legal_basis.map(LegalBasis::duties);
        let mut needed = approvals_needed(&NeededCase {
            spot: self.facts.route == Route::Spot,
            power: &self.facts.power.words(),
            regulation_11: duties.is_none_or(|duties| duties.regulation_11),
            distance: self.facts.distance,
            area: &self.area,
            whole_cost: self.facts.whole_cost(),
            key_line: self.key_line.as_ref(),
            off_schedule: &self.off_schedule,
        });
        if let Some(spot) = &self.facts.spot {
            let open = match spot.open {
                0 => "every check is done".to_owned(),
                open => format!("{open} checks follow the start"),
            };
            let why = format!("{}; {open}.", spot.words());
            let spot_power = needed.iter_mut().filter(|one| one.kind == ApprovalKind::SpotPower);
            spot_power.for_each(|one| one.triggers.push(Trigger { rule: SPOT_RULE.to_owned(), why: why.clone() }));
        }
        needed
    }

    /// What the award would commit, before there is an agreement.
    #[must_use]
    pub fn commitment(&self, today: Date) -> Commitment {
        let lines = self.facts.lines.iter().map(|line| {
            let shares = &line.shares;
            let whole = i64::from(shares.authority) + i64::from(shares.education) + i64::from(shares.health);
            let authority = if whole == 0 { Share::ALL } else { Share { part: i64::from(shares.authority), whole } };
            let kind = if line.kind == LineKind::Education { ValueKind::Education } else { ValueKind::Care };
            let ends = (line.to != OPEN_END).then_some(line.to);
            ValueLine { kind, weekly: line.weekly, origin: line.origin, from: line.from, ends, authority }
        });
        Commitment {
            agreement: AgreementId(0),
            reference: String::new(),
            route: self.facts.route,
            lines: lines.collect(),
            start: self.facts.start,
            planned_end: self.facts.planned_end,
            notice_days: notice_days(&STANDARD_NOTICE, self.facts.start, today),
            goes_on: true,
            moved_on: None,
            charged: self.facts.charged,
        }
    }

    /// The annual value before and after the award.
    pub async fn effect(&self, session: &Session, today: Date) -> Answer<Vec<Effect>> {
        effect_of(session, self.referral.authority, &self.commitment(today), today).await
    }
}

/// Lines that are not at a scheduled rate, and why the prices do not hold, where they do not.
async fn prices(
    session: &Session,
    offer: &Offer,
    invitation: &Invitation,
    today: Date,
) -> Answer<(Vec<String>, Option<Refusal>)> {
    let lot = &invitation.profile.lot;
    let tendered = session.price_on(offer.home, lot, LineKind::Core.code(), offer.terms.start).await?;
    let schedule = schedule_on(session, offer.priced_on(today)).await?;
    Ok(match offer.terms.check_prices(invitation.tier, tendered, &schedule) {
        Ok(check) => (check.off_schedule, None),
        Err(refusal) => (Vec::new(), Some(refusal)),
    })
}

/// What the award depends on of its spot purchase, where the home is bought outside the arrangement.
async fn spot_of(
    session: &Session,
    route: Route,
    (referral, home): (&Referral, HomeId),
    today: Date,
) -> Answer<Option<SpotFact>> {
    if route != Route::Spot {
        return Ok(None);
    }
    Ok(session.spot_fact(referral.authority, (referral.id, home), today).await?)
}

/// SHA-256 of facts, in hexadecimal digits.
pub(super) fn hash(facts: &AwardFacts) -> String {
    hex::encode(Sha256::digest(facts.canonical()))
}

/// Which of the first and last day an agreement issued on a day charges: the region's setting for the arrangement's
/// placements, the authority's own for its spot purchases (rule 4.1).
pub(crate) async fn charged_on(session: &Session, org: OrganisationId, route: Route, day: Date) -> Answer<ChargedDays> {
    let Some(key) = charged_by_route(route) else { return Ok(ChargedDays::default()) };
    let whose = match key.scope {
        Scope::Authority => Some(org),
        Scope::Region => session.current_arrangement().await?.map(|kept| kept.region),
        Scope::System => session.operator().await?,
    };
    match whose {
        Some(whose) => Ok(session.value_of(whose, key, day).await?),
        None => Ok(ChargedDays::default()),
    }
}

/// By which route a tier is bought.
const fn route_of(tier: Tier) -> Route {
    match tier {
        Tier::Fca => Route::Arrangement,
        Tier::MiniBlock => Route::Block,
        Tier::Spot => Route::Spot,
        Tier::InHouse => Route::Other,
    }
}

/// The distance class by the register's area authority; an authority without a known area counts as at a distance.
pub(super) fn distance_of(
    responsible: &Organisation,
    area: AreaCode,
    on: Date,
) -> placewell_domain::authority::DistanceClass {
    let own = responsible.area.as_deref().and_then(|code| AreaCode::parse(code).ok());
    own.map_or(placewell_domain::authority::DistanceClass::AtADistance, |own| distance_class(own, area, on))
}

/// The limb in force that would carry the award.
async fn power_in_force(session: &Session, org: OrganisationId, route: Route, today: Date) -> Answer<PowerFact> {
    let act = if route == Route::Spot { Act::SpotPurchase } else { Act::AwardPlacement };
    let decisions = session.decisions(org).await?;
    let found = in_force_among(&decisions, today).find_map(|decision| {
        let limb = decision.page.limbs.iter().find(|limb| limb.gives(act.needs(route == Route::Spot)))?;
        let reference = decision.reference.clone();
        Some(PowerFact::Limb { decision: decision.id, reference, letter: limb.letter })
    });
    Ok(found.unwrap_or(PowerFact::NoneInForce))
}

/// The offer with this number that the authority can still choose.
pub(super) fn choosable(offers: &[Offer], number: u32) -> Answer<Offer> {
    let found = offers.iter().rev().find(|offer| offer.number == number && offer.state.choosable());
    found.cloned().ok_or(Outcome::NotFound)
}
