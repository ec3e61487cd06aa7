//! Whether a home may take a child, now and on a past day as it was known then; its scorecard; and what a provider reads
//! of its own homes' standing.

use jiff::civil::{Date, DateTime};
use placewell_domain::calendar::{long_date, long_moment};
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::owner::owner_on;
use placewell_domain::homes::home::{Grade, Home, Inspection};
use placewell_domain::homes::standing::measure::Measure;
use placewell_domain::homes::standing::scorecard::{
    ANSWER_DAYS, Eligibility, Known, ScoreLine, StopFlags, eligibility, scorecard, stop_flags,
};
use placewell_domain::homes::standing::standing_on;
use placewell_domain::id::{OrganisationId, ReferralId};
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::placing::approval::exemption_gate;
use placewell_store::Session;

use super::calendar::vacant_on;
use super::insured::insurance_ends;
use crate::answer::Answer;
use crate::command::App;
use crate::homes::home::home_by_text;
use crate::power::arrangement::lot_named;

/// Refused where a home, or one of its lots, does not take this child on a day: its registration, its standing, its grade, the
/// lot's standing, or a suspension that is proposed and holds new referrals.
pub(crate) async fn may_take(
    session: &Session,
    home: &Home,
    (org, referral): (OrganisationId, ReferralId),
    (lot, day): (&str, Date),
) -> Answer<()> {
    home.may_admit()?;
    let facts = session.standing_of(home.id, home.provider).await?;
    standing_on(&facts, home.id, home.provider, day).may_admit(&home.name)?;
    grade_admits(session, home, (org, referral), day).await?;
    lot_open(session, home, lot, day).await?;
    if let Some(held) = session.held(home.id, home.provider, lot).await? {
        return Err(Refusal::new(
            "standing_held",
            "A proposed suspension holds new referrals until a person confirms or drops it",
            format!("No child can be sent to {} now: {}.", home.name, held.reason.label()),
            "Commissioning lead of the regional team, who confirms or drops it within 4 working hours",
        )
        .found(format!("proposed {}", long_moment(held.proposed)))
        .into());
    }
    Ok(())
}

/// Refused where the home is judged Inadequate on a day and no exemption is recorded for this child there.
pub(crate) async fn grade_admits(
    session: &Session,
    home: &Home,
    (org, referral): (OrganisationId, ReferralId),
    day: Date,
) -> Answer<()> {
    let inspections = session.inspections(home.id).await?;
    let (grade, seen) = grade_on(&inspections, day);
    let judged = seen.map(|seen| seen.inspected_on);
    let exempted = session.grade_exemption(org, (referral, home.id), judged, day).await?.is_some();
    Ok(exemption_gate(grade == Grade::Inadequate, exempted, &home.name)?)
}

/// Refused where the home is suspended or removed on this one lot.
pub(crate) async fn lot_open(session: &Session, home: &Home, lot: &str, day: Date) -> Answer<()> {
    let stop = session.lot_facts_of(home.id).await?.into_iter().find(|fact| fact.stops(home.id, lot, day));
    let Some(stop) = stop else { return Ok(()) };
    let named = lot_named(session, lot).await?;
    Err(Refusal::new(
        "standing_lost",
        "Standing in the arrangement: a home takes no new placements on a lot from which it is suspended or removed",
        format!("No child can be placed at {} on lot {named}: {}.", home.name, stop.reason.label()),
        "Commissioning lead of the regional team",
    )
    .found(format!("{} since {}", stop.standing.label(), long_date(stop.from)))
    .into())
}

/// A home's scorecard with its flags and the measures about it.
#[derive(Debug, Clone)]
pub struct Scorecard {
    /// The home.
    pub home: Home,
    /// Line by line.
    pub lines: Vec<ScoreLine>,
    /// The three flags.
    pub flags: StopFlags,
    /// Measures about the home or its provider, the latest first.
    pub measures: Vec<Measure>,
}

impl App {
    /// A home's scorecard today.
    pub async fn scorecard(&self, actor: &Actor, urn: &str) -> Answer<Scorecard> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let now = self.calendar.now();
        let (inspections, facts) =
            (session.inspections(home.id).await?, session.standing_of(home.id, home.provider).await?);
        let mut measures = session.measures().await?;
        measures.retain(|one| one.about(home.id, home.provider));
        let watched = Some(session.watched(home.id, now.today()).await?);
        let ends = insurance_ends(&session, home.provider, &facts, now.today()).await?;
        let uninsured = ends.map(|ending| ending.from);
        let vacant = vacant_on(&session, home.id, now.today()).await?;
        let organisations = session.organisations().await?;
        drop(session);
        let since = plus_days(now.today(), -ANSWER_DAYS).to_datetime(jiff::civil::Time::midnight());
        let (mut asked, mut late) = (0_u32, 0_u32);
        // The number of the region only: nobody reads whose referrals they were.
        for one in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority) {
            let session = self.store.read(Some(one.id)).await?;
            for (_, all, not_in_time) in session.answers_since(one.id, Some(home.provider), (since, now.local)).await? {
                (asked, late) = (asked.saturating_add(all), late.saturating_add(not_in_time));
            }
        }
        let known = Known {
            home: &home,
            inspections: &inspections,
            facts: &facts,
            answers: Some((asked, late)),
            watched,
            uninsured,
            vacant,
        };
        let (lines, flags) = (scorecard(&known, now.today()), stop_flags(&known, now.today()));
        Ok(Scorecard { home, lines, flags, measures })
    }

    /// Whether a home was eligible on a day: as it is known now, or as it was known at a time.
    pub async fn eligibility(
        &self,
        actor: &Actor,
        urn: &str,
        (day, known_at): (Date, Option<DateTime>),
    ) -> Answer<(Home, Eligibility)> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let now = self.calendar.now();
        if known_at.is_some_and(|at| at > now.local) {
            return Err(Invalid::one("known_at", "Enter a time that is not ahead").into());
        }
        let by = known_at.map(crate::clock::moment_of);
        let seq = match by {
            Some(by) => session.known_by(home.region, by.at).await?,
            None => placewell_domain::homes::price::KNOWN_OPEN - 1,
        };
        let owner = owner_on(&session.owners_known(home.id, seq).await?, day).unwrap_or(home.provider);
        let then = Home { provider: owner, ..home.clone() };
        let facts = session.standing_known(home.id, owner, seq).await?;
        let registration = session.registration_known(home.id, seq).await?;
        let mut admissions = session.admissions_known(home.id, seq).await?;
        let lots = session.lot_facts_known(home.id, seq).await?;
        admissions.retain(|one| !lots.iter().any(|fact| fact.stops(home.id, &one.lot, day)));
        let mut held = session.inspections_held(home.id).await?;
        held.retain(|one| by.is_none_or(|by| one.known_by(by)));
        let inspections: Vec<Inspection> = held.into_iter().map(|one| one.seen).collect();
        let (measures, grounds) = (session.measures().await?, session.admission_grounds(Some(owner)).await?);
        let known = Known {
            home: &then,
            inspections: &inspections,
            facts: &facts,
            answers: None,
            watched: None,
            uninsured: None,
            vacant: None,
        };
        let mut found = eligibility(&known, (&registration, &admissions, &measures, &grounds), (day, known_at));
        if owner != home.provider {
            let name = session.organisation_by_id(owner).await?.name;
            found.standing = format!("{}. The home was {name}'s then", found.standing);
        }
        Ok((home, found))
    }

    /// The measures about a provider and its homes, for its own people.
    pub async fn own_measures(&self, actor: &Actor) -> Answer<Vec<Measure>> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let mut measures = session.measures().await?;
        measures.retain(|one| one.provider == actor.organisation);
        Ok(measures)
    }
}
