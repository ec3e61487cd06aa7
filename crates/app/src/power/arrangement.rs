//! The arrangement: kept by the regional team, read by everybody; each participant's adoption is computed from its own
//! published decisions, with the reason where it cannot award yet.

mod accepting;
mod ending;
mod lots;
mod own;
mod reading;
mod region;
mod variation;

pub use accepting::{
    AcceptTermsAsProvider, ProviderArrangement, accepted_by_authority, takes_part_with, terms_between,
};
pub use ending::{TermEnd, TermWarning, term_end};
pub(crate) use ending::{term_warning_due, warn_of_term};
pub use lots::LotPage;
pub use own::{DecideOwn, OwnArrangement, OwnTerm, power_about};
pub use reading::{ExtensionPage, SuccessorPage, TermsAccepted};
pub use region::{
    ExtendTerm, IssueTerms, KeepAct, KeepArrangement, OpenSuccessor, ProposeExtension, RecordSuccessor,
    WithdrawExtension,
};
pub use variation::{AcceptedLine, KeepTermsText, RemindTerms, TermsText, Variation, Waiting};
pub(crate) use variation::{keep_text, remind_due, reminders_due};

use jiff::civil::Date;
use placewell_domain::id::{ArrangementId, OrganisationId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::power::arrangement::{
    AcceptedBy, Arrangement, Lot, OwnUse, Participant, Participation, TermBar, may_start, participation,
};
use placewell_domain::power::decision::{
    CallInRule, Decision, GoverningBody, InExtension, Timetable, in_force_among, last_notice_day,
};
use placewell_store::{Session, Work};

use super::decision::call_in_rule;
use crate::answer::{Answer, Outcome};
use crate::command::App;

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
    /// What its decisions in force say goes on, and the last day of the extended term that one of them uses.
    pub says: (InExtension, Option<Date>),
    /// From which day it takes no part, where it has decided to leave.
    pub leaves: Option<Date>,
    /// The keys of the versions of the terms and of the specification that it has not accepted.
    pub not_accepted: Vec<String>,
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

/// What the arrangement in use calls a lot; the code itself where it has no such lot, or none is recorded.
pub async fn lot_named(session: &Session, code: &str) -> Answer<String> {
    let kept = session.current_arrangement().await?;
    Ok(kept.map_or_else(|| code.to_owned(), |kept| kept.arrangement.lot_named(code).to_owned()))
}

/// What lots are called, by their codes.
#[derive(Debug, Clone, Default)]
pub struct LotNames(Vec<Lot>);

impl LotNames {
    /// What the arrangement in use calls a lot; another arrangement, where only that has it; else its code.
    #[must_use]
    pub fn of<'a>(&'a self, code: &'a str) -> &'a str {
        self.0.iter().find(|lot| lot.code == code).map_or(code, |lot| lot.name.as_str())
    }
}

impl App {
    /// What lots are called, for everybody who reads of one.
    pub async fn lot_names(&self) -> Answer<LotNames> {
        let mut all = self.visit().await?.arrangements().await?;
        all.sort_by_key(|kept| kept.arrangement.ahead.prepared);
        Ok(LotNames(all.into_iter().flat_map(|kept| kept.arrangement.lots).collect()))
    }
}

/// Where one authority's participation stands on a day, by a session of that authority or of a visitor.
pub async fn participation_of(session: &Session, org: OrganisationId, day: Date) -> Answer<Participation> {
    let kept = session.current_arrangement().await?.ok_or(Outcome::NotFound)?;
    participation_in(session, &kept.arrangement, org, day).await
}

/// The same in an arrangement that need not be the one in use.
pub async fn participation_in(
    session: &Session,
    arrangement: &Arrangement,
    org: OrganisationId,
    day: Date,
) -> Answer<Participation> {
    let decisions = arrangement.speak_of_it(&session.published_decisions_of(org).await?);
    let leaves = leaves_on(session, arrangement.id, org).await?;
    Ok(participation(&arrangement.term, (&decisions, leaves), day))
}

/// From which day an authority takes no part, where it has decided to leave.
pub async fn leaves_on(session: &Session, arrangement: ArrangementId, org: OrganisationId) -> Answer<Option<Date>> {
    let left = session.authorities_left().await?;
    Ok(left.iter().find(|one| one.arrangement == arrangement && one.authority == org).map(|one| one.from))
}

/// Refuses an award on a day of a placement that starts on another, where the authority has left or its powers do not hold
/// so far (rule 2.4).
pub async fn may_award(session: &Session, org: OrganisationId, (day, start): (Date, Date)) -> Answer<()> {
    let Some(kept) = session.current_arrangement().await? else { return Ok(()) };
    let decisions = kept.arrangement.speak_of_it(&session.published_decisions_of(org).await?);
    let leaves = leaves_on(session, kept.arrangement.id, org).await?;
    Ok(may_start(&kept.arrangement.term, (&decisions, leaves), (day, start))?)
}

impl App {
    /// The arrangement with its participants: public. None before the region has recorded one.
    pub async fn arrangement_page(&self) -> Answer<Option<ArrangementPage>> {
        let session = self.visit().await?;
        let Some(kept) = session.current_arrangement().await? else { return Ok(None) };
        let today = self.calendar.now().today();
        let published = session.published_decisions().await?;
        let uses = session.arrangement_uses().await?;
        let left = session.authorities_left().await?;
        let arrangement = kept.arrangement;
        let mut participants = Vec::with_capacity(arrangement.participants.len());
        for participant in &arrangement.participants {
            let own: Vec<Decision> = published
                .iter()
                .filter(|found| found.decision.authority == participant.organisation)
                .map(|found| found.decision.clone())
                .collect();
            let own = arrangement.speak_of_it(&own);
            let rule = call_in_rule(&session, participant.organisation, today).await?;
            let of_it = |one: &&placewell_store::power::arrangement::Left| {
                one.authority == participant.organisation && one.arrangement == arrangement.id
            };
            let leaves = left.iter().find(of_it).map(|one| one.from);
            let mut row = row(participant, (&arrangement, leaves), &own, (today, &rule));
            row.own = uses
                .iter()
                .filter(|one| one.authority == participant.organisation && one.arrangement == arrangement.id)
                .cloned()
                .collect();
            let accepted = AcceptedBy::authority(arrangement.id, joined_on(&own), &row.own);
            row.not_accepted = arrangement.not_accepted(&accepted).map(|(of, terms)| of.key(&terms.version)).collect();
            participants.push(row);
        }
        Ok(Some(ArrangementPage { bar: arrangement.term.bar(today), participants, arrangement }))
    }
}

/// The day on which an authority's adoption took effect.
fn joined_on(decisions: &[Decision]) -> Option<Date> {
    decisions.iter().filter(|decision| decision.page.adopts()).filter_map(Decision::effective_on).min()
}

async fn shown(work: &Work, slug: &str, version: i64) -> Answer<Arrangement> {
    let arrangement = work.own_arrangement(slug).await?;
    if arrangement.version == version { Ok(arrangement) } else { Err(Outcome::Conflict) }
}

fn row(
    participant: &Participant,
    (arrangement, leaves): (&Arrangement, Option<Date>),
    own: &[Decision],
    (today, rule): (Date, &CallInRule),
) -> ParticipantRow {
    let participation = participation(&arrangement.term, (own, leaves), today);
    let reference = match &participation {
        Participation::CanAward { reference, .. }
        | Participation::CalledIn { reference }
        | Participation::DecidedNotYetEffective { reference, .. } => Some(reference.clone()),
        Participation::NoDecision
        | Participation::Ended { .. }
        | Participation::NotExtended { .. }
        | Participation::Left { .. } => None,
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
    let used = in_force.iter().rev().find(|decision| decision.page.extension_until().is_some());
    let until = used.and_then(|decision| decision.page.extension_until());
    let says = used.or(in_force.last()).map_or_else(InExtension::default, |decision| decision.page.in_extension);
    let says = (says, until);
    let (own, not_accepted) = (Vec::new(), Vec::new());
    let in_time = in_time.filter(|_| leaves.is_none());
    ParticipantRow {
        participant,
        participation,
        reference,
        annual_value,
        delegates,
        extension,
        own,
        says,
        leaves,
        not_accepted,
        in_time,
    }
}
