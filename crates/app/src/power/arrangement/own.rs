//! What an authority decides for itself: to use the extension, to accept terms; each by whoever signs it with their own power
//! (rules 1.2 and 2.4). And what its decisions say of the extended term.

use jiff::civil::Date;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{
    AcceptedBy, Arrangement, Instrument, Leaving, OwnDecision, OwnUse, Participation, TermBar, TermsVersion,
};
use placewell_domain::power::decision::{
    Decision, GoverningBody, InExtension, Timetable, in_force_among, last_notice_day,
};
use placewell_domain::power::delegation::{Act, PowerQuestion, RemitArea};
use placewell_store::{Session, Work};
use serde::Serialize;

use super::{joined_on, participation_in};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::power::decision::call_in_rule;
use crate::power::delegation::power_of;

/// The authority's own decision about the arrangement.
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
        let power = power_of(work, work.org(), &power_about(self.decision.act(), actor), work.moment()).await?;
        let (decisions, uses) = (work.decisions(work.org()).await?, own_uses(work, actor).await?);
        let (id, moment) = (work.new_id(), work.moment());
        let decided = (self.decision.clone(), power);
        let change = OwnUse::decide((id, work.org()), &kept.arrangement, decided, (&decisions, &uses), moment)?;
        work.apply(change).await?;
        Ok(Receipt::at("/arrangement/own"))
    }
}

/// The arrangement is commissioning's: a relevant post's remit has to cover it.
#[must_use]
pub fn power_about(act: Act, actor: &Actor) -> PowerQuestion {
    PowerQuestion { act, about_spot: false, case: RemitArea::Commissioning, person: actor.person, asked_by: None }
}

async fn own_uses(session: &Session, actor: &Actor) -> Answer<Vec<OwnUse>> {
    let mut uses = session.arrangement_uses().await?;
    uses.retain(|one| one.authority == actor.organisation);
    Ok(uses)
}

/// What an authority's decisions in force say of its term and of the extended one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnTerm {
    /// The last day of its powers.
    pub ends_on: Option<Date>,
    /// The last day of the extended term that a decision uses.
    pub until: Option<Date>,
    /// What goes on: ceiling, limbs, blocks.
    pub says: InExtension,
    /// Where it has not decided: the last days on which notice and decision still come in time.
    pub in_time: Option<Timetable>,
}

impl OwnTerm {
    /// Read by a session of the authority or of a visitor.
    pub async fn of(session: &Session, actor: &Actor, today: Date) -> Answer<Self> {
        let decisions = session.published_decisions_of(actor.organisation).await?;
        let in_force: Vec<&Decision> = in_force_among(&decisions, today).collect();
        let ends_on = in_force.iter().filter_map(|decision| decision.ends_on()).max();
        let used = in_force.iter().rev().find(|decision| decision.page.extension_until().is_some());
        let until = used.and_then(|decision| decision.page.extension_until());
        let says = used.or(in_force.last()).map_or_else(InExtension::default, |decision| decision.page.in_extension);
        let rule = call_in_rule(session, actor.organisation, today).await?;
        let body = in_force.iter().find_map(|decision| decision.page.governing_body);
        let body = body.unwrap_or(GoverningBody::CouncilExecutive);
        let in_time = ends_on.filter(|_| until.is_none()).map(|end| last_notice_day(plus_days(end, 1), body, &rule));
        Ok(Self { ends_on, until, says, in_time })
    }
}

/// What the actor's authority decided about the arrangement, and what it can decide.
#[derive(Debug, Clone)]
pub struct OwnArrangement {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// Where today stands in its term.
    pub bar: TermBar,
    /// Where the authority's participation stands.
    pub participation: Participation,
    /// What its decisions say of the extended term.
    pub term: OwnTerm,
    /// What was decided, oldest first.
    pub uses: Vec<OwnUse>,
    /// The versions of the terms, then of the specification, that it has not accepted, oldest first.
    pub not_accepted: Vec<(Instrument, TermsVersion)>,
    /// Its decision to leave, where it has taken one.
    pub leaving: Option<Leaving>,
    /// The arrangement that follows, where one is recorded: its title and first day.
    pub successor: Option<(String, Date)>,
    /// By which power the actor can decide, as a sentence; else why not.
    pub power: Result<String, String>,
}

impl App {
    /// What the actor's authority decided about the arrangement, and by which power the actor can decide more.
    pub async fn own_arrangement(&self, actor: &Actor) -> Answer<OwnArrangement> {
        let session = self.see(actor, Action::SeeDelegations).await?;
        let arrangement = session.current_arrangement().await?.ok_or(Outcome::NotFound)?.arrangement;
        let today = self.calendar.now().today();
        let asked = power_about(Act::AcceptTerms, actor);
        let power = match power_of(&session, actor.organisation, &asked, self.calendar.now()).await {
            Ok(power) => Ok(power.sentence()),
            Err(Outcome::Refused(refusal)) => Err(refusal.sentence),
            Err(outcome) => return Err(outcome),
        };
        let uses = own_uses(&session, actor).await?;
        let decisions = arrangement.speak_of_it(&session.published_decisions_of(actor.organisation).await?);
        let accepted = AcceptedBy::authority(arrangement.id, joined_on(&decisions), &uses);
        let follows = |one: &Arrangement| one.ahead.follows.as_ref() == Some(&arrangement.slug);
        let next = session.arrangements().await?.into_iter().map(|kept| kept.arrangement).find(follows);
        let of_it = |one: &Leaving| one.authority == actor.organisation && one.arrangement == arrangement.id;
        Ok(OwnArrangement {
            bar: arrangement.term.bar(today),
            participation: participation_in(&session, &arrangement, actor.organisation, today).await?,
            term: OwnTerm::of(&session, actor, today).await?,
            not_accepted: arrangement.not_accepted(&accepted).map(|(of, terms)| (of, terms.clone())).collect(),
            leaving: session.leavings().await?.into_iter().find(of_it),
            successor: next.map(|next| (next.title, next.term.start)),
            arrangement,
            uses,
            power,
        })
    }
}
