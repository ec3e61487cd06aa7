//! The arrangement: kept by the regional team, read by everybody; each participant's adoption is computed from its own
//! published decisions, with the reason where it cannot award yet.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::arrangement::{
    Arrangement, OwnDecision, OwnUse, Participant, Participation, TermBar, TermsVersion, participation,
};
use placewell_domain::power::decision::{
    CallInRule, Decision, GoverningBody, Timetable, in_force_among, last_notice_day,
};
use placewell_domain::power::delegation::{PowerQuestion, RemitArea};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::decision::call_in_rule;
use super::delegation::power_of;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// A participant with where its adoption stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantRow {
    /// Who.
    pub participant: Participant,
    /// Where it stands, with its reason.
    pub participation: Participation,
    /// The reference of the decision that adopts.
    pub reference: Option<String>,
    /// The annual value that its decisions in force set.
    pub annual_value: Option<Pence>,
    /// The posts that hold the power to award, in the decision's words.
    pub delegates: Vec<String>,
    /// Whether its decision says that the powers go on in an extended term.
    pub extension: &'static str,
    /// What it decided for itself: the use of the extension, the terms that it accepted.
    pub own: Vec<OwnUse>,
    /// Where it has not decided on an extended term: the last days on which notice and decision still come in time for
    /// powers to go on without a gap, by its own call-in rule (rule 2.4).
    pub in_time: Option<Timetable>,
}

/// The arrangement as everybody sees it.
#[derive(Debug, Clone)]
pub struct ArrangementPage {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// Where today stands in its term.
    pub bar: TermBar,
    /// The participants, in their order.
    pub participants: Vec<ParticipantRow>,
}

/// Where one authority's participation stands on a day, by a session of that authority or of a visitor.
pub async fn participation_of(
    session: &Session,
    org: placewell_domain::id::OrganisationId,
    day: Date,
) -> Answer<Participation> {
    let kept = session.current_arrangement().await?.ok_or(Outcome::NotFound)?;
    let decisions = session.published_decisions_of(org).await?;
    Ok(participation(&kept.arrangement.term, &decisions, day))
}

impl App {
    /// The arrangement with its participants: public. None before the region has recorded one.
    pub async fn arrangement_page(&self) -> Answer<Option<ArrangementPage>> {
        let session = self.visit().await?;
        let Some(kept) = session.current_arrangement().await? else { return Ok(None) };
        let today = self.calendar.now().today();
        let published = session.published_decisions().await?;
        let uses = session.arrangement_uses().await?;
        let arrangement = kept.arrangement;
        let mut participants = Vec::with_capacity(arrangement.participants.len());
        for participant in &arrangement.participants {
            let own: Vec<Decision> = published
                .iter()
                .filter(|found| found.decision.authority == participant.organisation)
                .map(|found| found.decision.clone())
                .collect();
            let rule = call_in_rule(&session, participant.organisation, today).await?;
            let mut row = row(participant, &arrangement, &own, (today, &rule));
            row.own = uses.iter().filter(|one| one.authority == participant.organisation).cloned().collect();
            participants.push(row);
        }
        Ok(Some(ArrangementPage { bar: arrangement.term.bar(today), participants, arrangement }))
    }
}

fn row(
    participant: &Participant,
    arrangement: &Arrangement,
    own: &[Decision],
    (today, rule): (Date, &CallInRule),
) -> ParticipantRow {
    let participation = participation(&arrangement.term, own, today);
    let reference = match &participation {
        Participation::CanAward { reference, .. }
        | Participation::CalledIn { reference }
        | Participation::DecidedNotYetEffective { reference, .. } => Some(reference.clone()),
        Participation::NoDecision | Participation::Ended { .. } => None,
    };
    let mut in_force: Vec<&Decision> = in_force_among(own, today).collect();
    in_force.sort_by_key(|decision| decision.effective_on());
    let annual_value = in_force.iter().rev().find_map(|decision| decision.page.annual_value());
    let mut delegates: Vec<String> = Vec::new();
    for decision in &in_force {
        for limb in &decision.page.limbs {
            for post in limb.posts_with(&[placewell_domain::power::decision::LimbPower::AwardPlacements]) {
                let words = if post.relevant { format!("relevant {}", post.words) } else { post.words.clone() };
                if !delegates.contains(&words) {
                    delegates.push(words);
                }
            }
        }
    }
    let extension = in_force.iter().rev().find(|decision| decision.page.adopts()).map_or("", |decision| {
        if decision.page.extension_until().is_some() { decision.page.in_extension.limbs.label() } else { "Not decided" }
    });
    let in_time = in_force.iter().rev().find(|decision| decision.page.adopts()).and_then(|decision| {
        let end = decision.ends_on().filter(|_| decision.page.extension_until().is_none())?;
        let body = decision.page.governing_body.unwrap_or(GoverningBody::CouncilExecutive);
        Some(last_notice_day(plus_days(end, 1), body, rule))
    });
    let participant = participant.clone();
    let own = Vec::new();
    ParticipantRow { participant, participation, reference, annual_value, delegates, extension, own, in_time }
}

/// Extends the arrangement's term by some months of its option.
#[derive(Debug, Clone, Serialize)]
pub struct ExtendTerm {
    /// The arrangement's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
    /// By how many months.
    pub months: u16,
    /// When the region decided it.
    pub decided_on: Date,
}

impl Command for ExtendTerm {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.extend";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let change = shown(work, &self.slug, self.version).await?.extend(self.months, self.decided_on)?;
        work.apply(change).await?;
        Ok(Receipt::at("/arrangement"))
    }
}

/// Issues a new version of the terms.
#[derive(Debug, Clone, Serialize)]
pub struct IssueTerms {
    /// The arrangement's slug.
    pub slug: String,
    /// The version shown.
    pub version: i64,
    /// The new version of the terms.
    pub terms: TermsVersion,
}

impl Command for IssueTerms {
    const ACTION: Action = Action::RunArrangement;
    const NAME: &'static str = "arrangement.issue_terms";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.terms.summary.trim().is_empty() {
            return Err(Invalid::one("summary", "Enter what changed in this version of the terms").into());
        }
        let change = shown(work, &self.slug, self.version).await?.issue_terms(self.terms.clone())?;
        work.apply(change).await?;
        Ok(Receipt::at("/arrangement"))
    }
}

async fn shown(work: &Work, slug: &str, version: i64) -> Answer<Arrangement> {
    let arrangement = work.own_arrangement(slug).await?;
    if arrangement.version == version { Ok(arrangement) } else { Err(Outcome::Conflict) }
}

/// The authority's own decision about the arrangement, by whoever signs it with their own power (rule 1.2).
#[derive(Debug, Clone, Serialize)]
pub struct DecideOwn {
    /// The arrangement's slug.
    pub slug: String,
    /// What is decided.
    pub decision: OwnDecision,
}

impl Command for DecideOwn {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "arrangement.decide_own";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let kept = work.arrangement(&self.slug).await?;
        let power = power_of(work, work.org(), &own_question(&self.decision, actor), work.moment()).await?;
        let (decisions, uses) = (work.decisions(work.org()).await?, own_uses(work, actor).await?);
        let (id, moment) = (work.new_id(), work.moment());
        let decided = (self.decision.clone(), power);
        let change = OwnUse::decide((id, work.org()), &kept.arrangement, decided, (&decisions, &uses), moment)?;
        work.apply(change).await?;
        Ok(Receipt::at("/arrangement/own"))
    }
}

/// The arrangement is commissioning's: a relevant post's remit has to cover it.
fn own_question(decision: &OwnDecision, actor: &Actor) -> PowerQuestion {
    PowerQuestion {
        act: decision.act(),
        about_spot: false,
        case: RemitArea::Commissioning,
        person: actor.person,
        asked_by: None,
    }
}

async fn own_uses(session: &Session, actor: &Actor) -> Answer<Vec<OwnUse>> {
    let mut uses = session.arrangement_uses().await?;
    uses.retain(|one| one.authority == actor.organisation);
    Ok(uses)
}

/// What the actor's authority decided about the arrangement, and what it can decide.
#[derive(Debug, Clone)]
pub struct OwnArrangement {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// What was decided, oldest first.
    pub uses: Vec<OwnUse>,
    /// By which power the actor can decide, as a sentence; else why not.
    pub power: Result<String, String>,
}

impl App {
    /// What the actor's authority decided about the arrangement, and by which power the actor can decide more.
    pub async fn own_arrangement(&self, actor: &Actor) -> Answer<OwnArrangement> {
        let session = self.see(actor, Action::SeeDelegations).await?;
        let kept = session.current_arrangement().await?.ok_or(Outcome::NotFound)?;
        let asked = own_question(&OwnDecision::AcceptTerms { version: String::new() }, actor);
        let power = match power_of(&session, actor.organisation, &asked, self.calendar.now()).await {
            Ok(power) => Ok(power.sentence()),
            Err(Outcome::Refused(refusal)) => Err(refusal.sentence),
            Err(outcome) => return Err(outcome),
        };
        Ok(OwnArrangement { arrangement: kept.arrangement, uses: own_uses(&session, actor).await?, power })
    }
}
