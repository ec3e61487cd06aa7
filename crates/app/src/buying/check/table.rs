//! The table of checks of a home for a child, as it stands today, and what of it is kept for the award.

use jiff::civil::Date;
use placewell_domain::buying::check::{
    CheckItem, CheckLine, CheckState, Clearance, Contracting, Evidence, Inherits, LineState, Live, PreCheck, Regional,
    StandardMinutes, Subject, clearance, lines,
};
use placewell_domain::buying::spot::Spot;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::{Grade, Home};
use placewell_domain::homes::standing::{Standing, standing_on};
use placewell_domain::id::PersonId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::ChildState;
use placewell_domain::placing::referral::{Referral, Tier};
use placewell_domain::power::annual_value::Route;
use placewell_store::{Session, Work};

use super::burden::{RouteBurden, burden_of, burdens, by_route};
use super::papers::documents_of;
use super::{home_asked, standard_on};
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::homes::admission::record::{ReliedOn, relied_on};
use crate::homes::standing::insurance_ends;
use crate::office::document::DocumentEntry;
use crate::placing::child::sealing;
use crate::placing::referral::working_days;

/// The checks of one home for one child.
#[derive(Debug, Clone)]
pub struct CheckTable {
    /// The referral.
    pub referral: Referral,
    /// The home.
    pub home: Home,
    /// Every home that was asked: Ofsted number, name, and whether it is a spot home.
    pub asked: Vec<(String, String, bool)>,
    /// By which route it is bought.
    pub route: Route,
    /// The spot purchase, where there is one.
    pub spot: Option<Spot>,
    /// The eighteen lines.
    pub lines: Vec<CheckLine>,
    /// The checks that were begun here.
    pub own: Vec<PreCheck>,
    /// What is open.
    pub clearance: Clearance,
    /// The regional evaluation that the home's admission rests on, where it holds.
    pub regional: Option<ReliedOn>,
    /// The names of the officers who have a check.
    pub officers: Vec<(PersonId, String)>,
    /// Minutes that officers said, by what they were spent on.
    pub said: Vec<(String, u32)>,
    /// The system's times of contracting, once there is an agreement with this home.
    pub contracting: Option<Contracting>,
    /// What each check takes as a rule.
    pub standard: StandardMinutes,
    /// The files that are evidence of the checks that were begun here, newest first; names stay sealed.
    pub files: Vec<(CheckItem, DocumentEntry)>,
}

impl CheckTable {
    /// How many checks the regional evaluation or an earlier purchase spares here, and their standard minutes.
    #[must_use]
    pub fn spared(&self) -> (u32, u32) {
        let spared = self
            .lines
            .iter()
            .filter(|line| matches!(line.state.label(), "Relied on regionally" | "Relied on" | "Does not apply"));
        spared.fold((0, 0), |(count, minutes), line| (count + 1, minutes + self.standard.of(line.item)))
    }

    /// The check of a line, where it was begun here.
    #[must_use]
    pub fn own_of(&self, item: CheckItem) -> Option<&PreCheck> {
        self.own.iter().find(|check| check.item == item)
    }

    /// Who has the check of a line, by name.
    #[must_use]
    pub fn officer_of(&self, item: CheckItem) -> Option<&str> {
        let officer = self.own_of(item)?.officer;
        self.officers.iter().find(|(person, _)| *person == officer).map(|(_, name)| name.as_str())
    }

    /// The evidence that came in for a line, judged or not; its words stay sealed.
    #[must_use]
    pub fn evidence_of(&self, item: CheckItem) -> Option<&Evidence> {
        match &self.own_of(item)?.state {
            CheckState::Done { evidence, .. } | CheckState::EvidenceIn { evidence, .. } => Some(evidence),
            CheckState::WithProvider { .. } | CheckState::NotSatisfied { .. } => None,
        }
    }

    /// The day after the last on which what stands in a line holds, where it has one.
    #[must_use]
    pub fn until_of(&self, line: &CheckLine) -> Option<Date> {
        match &line.state {
            LineState::Done { until, .. } => *until,
            LineState::ReliedOnEarlier { until, .. } => Some(*until),
            LineState::ReliedOnRegionally { .. } => self.regional.and_then(|one| regional_until(one, line.item)),
            LineState::Expired { on } => Some(*on),
            LineState::ToDo
            | LineState::WithProvider
            | LineState::EvidenceIn
            | LineState::Read { .. }
            | LineState::Exempted { .. }
            | LineState::NotSatisfied { .. }
            | LineState::DoesNotApply => None,
        }
    }
}

/// The day after the last on which the regional evaluation satisfies a check: its own, or that of the evidence where it ends
/// sooner.
fn regional_until(one: ReliedOn, item: CheckItem) -> Option<Date> {
    let evidence = match item {
        CheckItem::Policies => one.policy,
        CheckItem::DataProtection => one.data_protection,
        _ => None,
    };
    one.until.into_iter().chain(evidence.map(|last| plus_days(last, 1))).min()
}

/// One check with its evidence opened.
#[derive(Debug, Clone)]
pub struct OneCheck {
    /// The table that it stands in.
    pub table: CheckTable,
    /// Its line.
    pub line: CheckLine,
    /// The check, where it was begun.
    pub check: Option<PreCheck>,
    /// The words of its evidence.
    pub words: Option<String>,
    /// Whether the child's record was erased, and those words and files with it.
    pub erased: bool,
    /// The files of its evidence with the names that they came with, newest first.
    pub documents: Vec<(DocumentEntry, String)>,
}

impl App {
    /// The checks of a home for a referral's child; without a number, of the spot home or of the first that was asked.
    pub async fn check_table(&self, actor: &Actor, reference: &str, urn: Option<&str>) -> Answer<CheckTable> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let referral = session.referral_by_reference(actor.organisation, reference).await?;
        let home = match urn {
            Some(urn) => home_asked(&session, &referral, urn).await?,
            None => first_home(&session, &referral).await?,
        };
        table(&session, referral, home, self.calendar.now().today()).await
    }

    /// What checks took here by route, of the placements that began within a year before a day: the measure beside the
    /// standard minutes.
    pub async fn measured_checks(&self, actor: &Actor) -> Answer<Vec<RouteBurden>> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let today = self.calendar.now().today();
        let period = (plus_days(today, -365), plus_days(today, 1));
        Ok(by_route(&burdens(&session, actor.organisation, period).await?))
    }

    /// One check with its evidence opened.
    pub async fn one_check(&self, actor: &Actor, reference: &str, urn: &str, item: CheckItem) -> Answer<OneCheck> {
        let table = self.check_table(actor, reference, Some(urn)).await?;
        let line = table.lines.iter().find(|line| line.item == item).cloned().ok_or(Outcome::NotFound)?;
        let check = table.own.iter().find(|check| check.item == item).cloned();
        let evidence = check.as_ref().and_then(|check| match &check.state {
            CheckState::Done { evidence, .. } | CheckState::EvidenceIn { evidence, .. } => evidence.words.clone(),
            CheckState::WithProvider { .. } | CheckState::NotSatisfied { .. } => None,
        });
        let session = self.see(actor, Action::SeeReferrals).await?;
        let (child, now) = (table.referral.child, self.calendar.now());
        let reader = sealing::reader(&session, actor, child, now).await?;
        let words = match &evidence {
            Some(sealed) => sealing::opened(&session, (actor, now), child, ("check_words", sealed)).await?,
            None => None,
        };
        let documents = match &check {
            Some(check) => documents_of(&session, reader, check).await?,
            None => Vec::new(),
        };
        let erased = session.child(actor.organisation, child).await?.state == ChildState::Forgotten;
        Ok(OneCheck { table, line, check, words, erased, documents })
    }
}

async fn first_home(session: &Session, referral: &Referral) -> Answer<Home> {
    let spots = session.spots_of(referral.authority, referral.id).await?;
    if let Some(row) = spots.iter().find(|row| row.spot.open()) {
        return Ok(session.home(row.spot.home).await?);
    }
    let asked = session.homes_asked(referral.authority, referral.id).await?;
    match asked.first() {
        Some(home) => Ok(session.home(*home).await?),
        None => Err(Outcome::NotFound),
    }
}

/// The table in a session of the placing authority.
pub(super) async fn table(session: &Session, referral: Referral, home: Home, today: Date) -> Answer<CheckTable> {
    let org = referral.authority;
    let spot = session.open_spot(org, referral.id, home.id).await?;
    let own = session.checks_of(org, referral.id, home.id).await?;
    let mut asked = Vec::new();
    let mut tier = Tier::Fca;
    for one in session.invitations_of(org, referral.id).await? {
        if one.home == home.id {
            tier = one.tier;
        }
        let other = session.home(one.home).await?;
        asked.push((other.urn.to_string(), other.name, one.tier == Tier::Spot));
    }
    let route = if spot.is_some() || tier == Tier::Spot { Route::Spot } else { Route::Arrangement };
    let stands = lines_of(session, (&referral, &home), (route, spot.as_ref()), &own, today).await?;
    let Stands { lines, clearance, regional } = stands;
    let mut people: Vec<PersonId> = own.iter().map(|check| check.officer).collect();
    people.sort_unstable();
    people.dedup();
    let officers = session.people_names(&people).await?;
    let said = session.minutes_said(org, referral.id, home.id).await?;
    let agreement = session.agreement_of(org, referral.id).await?.filter(|one| one.terms.home == home.id);
    let contracting = match agreement {
        Some(agreement) => burden_of(session, &agreement).await?,
        None => None,
    };
    let standard = standard_on(session, today).await?;
    let mut files = Vec::new();
    for check in &own {
        let kept = session.documents(org, super::papers::ROOM, check.id).await?;
        files.extend(kept.into_iter().filter(|entry| !entry.gone).map(|entry| (check.item, entry)));
    }
    Ok(CheckTable {
        referral,
        home,
        asked,
        route,
        spot,
        lines,
        own,
        clearance,
        regional,
        officers,
        said,
        contracting,
        standard,
        files,
    })
}

/// The lines, what is open of them, and what they rely on.
struct Stands {
    lines: Vec<CheckLine>,
    clearance: Clearance,
    regional: Option<ReliedOn>,
}

async fn lines_of(
    session: &Session,
    (referral, home): (&Referral, &Home),
    (route, spot): (Route, Option<&Spot>),
    own: &[PreCheck],
    today: Date,
) -> Answer<Stands> {
    let org = referral.authority;
    let facts = session.standing_of(home.id, home.provider).await?;
    let on = standing_on(&facts, home.id, home.provider, today);
    let inspections = session.inspections(home.id).await?;
    let (grade, graded) = grade_on(&inspections, today);
    let judged = graded.map(|seen| seen.inspected_on);
    let start = referral.profile.start.unwrap_or(today);
    let exemption = session.grade_exemption(org, (referral.id, home.id), judged, start).await?;
    let ends = insurance_ends(session, home.provider, &facts, today).await?;
    let insured = ends.is_none_or(|ending| today < ending.from);
    let lot = referral.profile.lot.as_deref().unwrap_or_default();
    let admissions = session.admissions_of(home.id).await?;
    let admitted = admissions.iter().find(|one| one.lot == lot && one.holds_on(today));
    let good = matches!(on.standing, Standing::Good | Standing::OnWatch);
    let regional = match admitted.filter(|_| good) {
        Some(one) => relied_on(session, home.provider, one.from, today).await?,
        None => None,
    };
    let subject = Subject {
        route,
        home: home.id,
        provider: home.provider,
        regional: regional.map(|one| Regional {
            since: one.since,
            insured,
            policy: one.policy.is_none_or(|last| today <= last),
            data_protection: one.data_protection.is_none_or(|last| today <= last),
        }),
        live: Live {
            registered: home.may_admit().is_ok() && on.restriction.is_none(),
            grade: grade != Grade::Inadequate,
            exempted: exemption.map(|one| one.at.date()),
            graded_on: judged,
            reason: spot.map(|spot| spot.asked_at.date()),
        },
    };
    let earlier = session.checks_in_date(org, (home.provider, referral.id), today).await?;
    let lines = lines(&subject, own, &earlier, today);
    let days = working_days(session, org, today).await?;
    let emergency = spot.is_some_and(|spot| spot.emergency);
    let clearance = clearance(&lines, emergency, start, &days);
    Ok(Stands { lines, clearance, regional })
}

/// Keeps what is open of the checks of an open spot purchase.
pub(super) async fn keep_clearance(work: &Work, referral: &Referral, home: &Home) -> Answer<()> {
    let Some(spot) = work.open_spot(work.org(), referral.id, home.id).await? else { return Ok(()) };
    let own = work.checks_of(work.org(), referral.id, home.id).await?;
    let route = (Route::Spot, Some(&spot));
    let stands = lines_of(work, (referral, home), route, &own, work.moment().today()).await?;
    Ok(work.keep_clearance(spot.id, &stands.clearance).await?)
}

/// How many of the eighteen a home of the arrangement inherits, has not to do, and has to do for each child.
#[must_use]
pub fn inherited() -> (usize, usize, usize) {
    let count = |wanted| CheckItem::ALL.iter().filter(|item| item.inherits() == wanted).count();
    (count(Inherits::Regionally), count(Inherits::DoesNotApply), count(Inherits::ThisChild))
}
