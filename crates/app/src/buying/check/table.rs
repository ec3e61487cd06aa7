//! The table of checks of a home for a child, as it stands today, and what of it is kept for the award.

use jiff::civil::Date;
use placewell_domain::buying::check::{
    CheckItem, CheckLine, CheckState, Clearance, Contracting, Inherits, Live, PreCheck, Regional, Subject, clearance,
    lines,
};
use placewell_domain::buying::spot::Spot;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::{Grade, Home};
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSubject, standing_on};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::referral::{Referral, Tier};
use placewell_domain::power::annual_value::Route;
use placewell_store::{Session, Work};

use super::burden::burden_of;
use super::home_asked;
use crate::answer::{Answer, Outcome};
use crate::command::App;
use crate::homes::admission::record::relied_on;
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
    /// Minutes that officers said, by what they were spent on.
    pub said: Vec<(String, u32)>,
    /// The system's times of contracting, once there is an agreement with this home.
    pub contracting: Option<Contracting>,
}

impl CheckTable {
    /// How many checks the regional evaluation or an earlier purchase spares here, and their standard minutes.
    #[must_use]
    pub fn spared(&self) -> (u32, u32) {
        let spared = self
            .lines
            .iter()
            .filter(|line| matches!(line.state.label(), "Relied on regionally" | "Relied on" | "Does not apply"));
        spared.fold((0, 0), |(count, minutes), line| (count + 1, minutes + line.item.standard_minutes()))
    }
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

    /// One check with its evidence opened.
    pub async fn one_check(&self, actor: &Actor, reference: &str, urn: &str, item: CheckItem) -> Answer<OneCheck> {
        let table = self.check_table(actor, reference, Some(urn)).await?;
        let line = table.lines.iter().find(|line| line.item == item).cloned().ok_or(Outcome::NotFound)?;
        let check = table.own.iter().find(|check| check.item == item).cloned();
        let evidence = check.as_ref().and_then(|check| match &check.state {
            CheckState::Done { evidence, .. } | CheckState::EvidenceIn { evidence, .. } => evidence.words.clone(),
            CheckState::WithProvider { .. } | CheckState::NotSatisfied { .. } => None,
        });
        let words = match evidence {
            Some(sealed) => {
                let session = self.see(actor, Action::SeeReferrals).await?;
                let key = session.child_key(actor.organisation, table.referral.child).await?;
                Some(key.open(&sealed)?)
            }
            None => None,
        };
        Ok(OneCheck { table, line, check, words })
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
    let (lines, clearance) = lines_of(session, (&referral, &home), (route, spot.as_ref()), &own, today).await?;
    let said = session.minutes_said(org, referral.id, home.id).await?;
    let agreement = session.agreement_of(org, referral.id).await?.filter(|one| one.terms.home == home.id);
    let contracting = match agreement {
        Some(agreement) => burden_of(session, &agreement).await?,
        None => None,
    };
    Ok(CheckTable { referral, home, asked, route, spot, lines, own, clearance, said, contracting })
}

async fn lines_of(
    session: &Session,
    (referral, home): (&Referral, &Home),
    (route, spot): (Route, Option<&Spot>),
    own: &[PreCheck],
    today: Date,
) -> Answer<(Vec<CheckLine>, Clearance)> {
    let org = referral.authority;
    let facts = session.standing_of(home.id, home.provider).await?;
    let on = standing_on(&facts, home.id, home.provider, today);
    let inspections = session.inspections(home.id).await?;
    let (grade, graded) = grade_on(&inspections, today);
    let judged = graded.map(|seen| seen.inspected_on);
    let exemption = session.grade_exemption(org, (referral.id, home.id), judged).await?;
    let lapsed = facts.iter().any(|fact| {
        fact.reason == StandingReason::InsuranceLapsed
            && fact.from <= today
            && today < fact.until
            && matches!(fact.subject, StandingSubject::Provider(id) if id == home.provider)
    });
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
        regional: regional.map(|(since, insured)| Regional { since, insured: insured && !lapsed }),
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
    let start = referral.profile.start.unwrap_or(today);
    let days = working_days(session, org, today).await?;
    let emergency = spot.is_some_and(|spot| spot.emergency);
    let clearance = clearance(&lines, emergency, start, &days);
    Ok((lines, clearance))
}

/// Keeps what is open of the checks of an open spot purchase.
pub(super) async fn keep_clearance(work: &Work, referral: &Referral, home: &Home) -> Answer<()> {
    let Some(spot) = work.open_spot(work.org(), referral.id, home.id).await? else { return Ok(()) };
    let own = work.checks_of(work.org(), referral.id, home.id).await?;
    let route = (Route::Spot, Some(&spot));
    let (_, clearance) = lines_of(work, (referral, home), route, &own, work.moment().today()).await?;
    Ok(work.keep_clearance(spot.id, &clearance).await?)
}

/// How many of the eighteen a home of the arrangement inherits, has not to do, and has to do for each child.
#[must_use]
pub fn inherited() -> (usize, usize, usize) {
    let count = |wanted| CheckItem::ALL.iter().filter(|item| item.inherits() == wanted).count();
    (count(Inherits::Regionally), count(Inherits::DoesNotApply), count(Inherits::ThisChild))
}
