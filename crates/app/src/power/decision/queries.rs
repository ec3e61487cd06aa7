//! Reading decisions: the public record and list, an officer's worklist, and the authority's own call-in rule.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::calendar::{OfficeHours, WorkingDays};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{Participation, participation};
use placewell_domain::power::decision::{
    AskedFor, CallInRule, Decision, DecisionState, GoverningBody, Standing, Timetable, last_notice_day,
};
use placewell_domain::reporting::publication::Naming;
use placewell_domain::setting::{ClosureDays, Key, Scope, WorkingDayCount};
use placewell_store::Session;
use placewell_store::power::decision::{DecisionText, PublishedDecision};

use super::words::texts_of;
use crate::answer::Answer;
use crate::command::App;
use crate::naming::found_in;

/// The number of working days of an authority's call-in.
pub const CALL_IN_DAYS: Key<WorkingDayCount> = Key {
    name: "call_in.working_days",
    title: "Call-in",
    effect: "Decisions published from that day on are open to call-in for this long. A window that is open already, \
             and every earlier one, keeps the number it opened with.",
    source: "Herefordshire's constitution",
    scope: Scope::Authority,
    keeper: Action::RecordDecision,
    form: None,
    default: || WorkingDayCount(4),
};

/// An authority's own closure days, which are no working days of its.
pub const CLOSURE_DAYS: Key<ClosureDays> = Key {
    name: "calendar.closure_days",
    title: "Closure days",
    effect: "Call-in windows, answer deadlines and confirmations that are set from that day on pass over these days, \
             as they do over England's bank holidays. Deadlines that are set already stay.",
    source: "England's bank holidays alone",
    scope: Scope::Authority,
    keeper: Action::RecordDecision,
    form: None,
    default: ClosureDays::default,
};

/// When the regional team's offices are open.
pub const OFFICE_HOURS: Key<OfficeHours> = Key {
    name: "calendar.office_hours",
    title: "Working hours",
    effect: "Times within which what is proposed is confirmed or dropped, set from that day on, count these hours of \
             working days alone. A time that is set already stays.",
    source: "Nine to five, as offices commonly have it",
    scope: Scope::Region,
    keeper: Action::KeepHomes,
    form: None,
    default: OfficeHours::default,
};

/// An authority's call-in rule in force on a day, and the calendar by which it, or a regional team, counts.
pub async fn call_in_rule(session: &Session, org: OrganisationId, on: Date) -> Answer<CallInRule> {
    let WorkingDayCount(working_days) = session.value_of(org, &CALL_IN_DAYS, on).await?;
    let ClosureDays(closures) = session.value_of(org, &CLOSURE_DAYS, on).await?;
    let hours = session.value_of(org, &OFFICE_HOURS, on).await?;
    Ok(CallInRule { working_days, calendar: WorkingDays::with_closures(closures).within(hours) })
}

/// A decision with what its page shows beside it.
#[derive(Debug, Clone)]
pub struct DecisionRecord {
    /// The decision.
    pub decision: Decision,
    /// The code of whose it is.
    pub code: String,
    /// The name of whose it is.
    pub authority: String,
    /// Where it stands today.
    pub standing: Standing,
    /// Its texts, the latest first.
    pub texts: Vec<DecisionText>,
    /// The reference of the decision that it amends.
    pub amends: Option<String>,
    /// What it lacks that the law requires.
    pub missing: Vec<&'static str>,
    /// What of it is asked for, with the reason.
    pub asked_for: Vec<AskedFor>,
}

/// What a democratic services officer has to do, and what will happen by itself.
#[derive(Debug, Clone)]
pub struct Worklist {
    /// Drafts and decisions taken that are not yet published.
    pub to_publish: Vec<Decision>,
    /// On the forward plan, with the first day on which each may be taken.
    pub noticed: Vec<(Decision, Date)>,
    /// Open call-in windows with the last day.
    pub windows: Vec<(Decision, Date)>,
    /// Called in, or returned and waiting for the decision maker.
    pub called_in: Vec<Decision>,
    /// Published, with the day on which each takes effect.
    pub becoming_effective: Vec<(Decision, Date)>,
    /// In force.
    pub in_force: Vec<Decision>,
    /// The last days for a decision that must hold on the day after the term's end.
    pub extension: Option<(Date, Timetable)>,
    /// Whether the authority can award today, with the reason; none before the region has recorded an arrangement.
    pub participation: Option<Participation>,
}

impl App {
    /// Every published decision, the latest first: public.
    pub async fn public_decisions(&self) -> Answer<Vec<PublishedDecision>> {
        Ok(self.visit().await?.published_decisions().await?)
    }

    /// Every published decision with when its public text last changed, the latest first: public.
    pub async fn decision_feed(&self) -> Answer<Vec<(PublishedDecision, Timestamp)>> {
        let session = self.visit().await?;
        let changed = session.decision_changes().await?;
        let found = session.published_decisions().await?.into_iter().filter_map(|known| {
            let at = changed.iter().find(|(id, _)| *id == known.decision.id)?.1;
            Some((known, at))
        });
        Ok(found.collect())
    }

    /// A published decision: public.
    pub async fn public_decision(&self, reference: &str) -> Answer<DecisionRecord> {
        let session = self.visit().await?;
        let found = session.published_decision(reference).await?;
        let today = self.calendar.now().today();
        self.record(&session, found, today).await
    }

    /// A decision of the actor's own authority, drafts included.
    pub async fn own_decision(&self, actor: &Actor, reference: &str) -> Answer<DecisionRecord> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        let decision = session.decision_by_reference(actor.organisation, reference).await?;
        let found =
            PublishedDecision { decision, code: actor.code.clone(), authority: actor.organisation_name.clone() };
        let today = self.calendar.now().today();
        self.record(&session, found, today).await
    }

    /// What the guard finds in the words of one of the authority's decisions, which are confirmed one by one when they go
    /// public (rules 9.1 and 9.2).
    pub async fn decision_findings(&self, actor: &Actor, reference: &str) -> Answer<Vec<Naming>> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        let decision = session.decision_by_reference(actor.organisation, reference).await?;
        found_in(&session, actor, &texts_of(&decision.page)).await
    }

    /// The decisions of the actor's own authority, the latest first.
    pub async fn own_decisions(&self, actor: &Actor) -> Answer<Vec<Decision>> {
        Ok(self.see(actor, Action::SeeDecisions).await?.decisions(actor.organisation).await?)
    }

    /// A page of the published decisions, by reference: public.
    pub async fn public_decisions_after(&self, after: (&str, u32)) -> Answer<Vec<PublishedDecision>> {
        Ok(self.visit().await?.published_decisions_after(after).await?)
    }

    /// A page of the decisions of the actor's own authority, by reference.
    pub async fn own_decisions_after(&self, actor: &Actor, after: (&str, u32)) -> Answer<Vec<Decision>> {
        Ok(self.see(actor, Action::SeeDecisions).await?.decisions_after(actor.organisation, after).await?)
    }

    async fn record(&self, session: &Session, found: PublishedDecision, today: Date) -> Answer<DecisionRecord> {
        let PublishedDecision { decision, code, authority } = found;
        let texts = session.decision_texts(decision.authority, decision.id).await?;
        let amends = match decision.amends {
            Some(id) => Some(session.decision(decision.authority, id).await?.reference),
            None => None,
        };
        let missing = decision.page.missing(Some(&decision.reference));
        let asked_for = decision.page.asked_for(Some(&decision.reference));
        let standing = decision.standing(today);
        Ok(DecisionRecord { decision, code, authority, standing, texts, amends, missing, asked_for })
    }

    /// What is to be done about the decisions of the actor's own authority (D-01).
    pub async fn decision_worklist(&self, actor: &Actor) -> Answer<Worklist> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        let decisions = session.decisions(actor.organisation).await?;
        let today = self.calendar.now().today();
        let rule = call_in_rule(&session, actor.organisation, today).await?;
        let mut list = Worklist {
            to_publish: Vec::new(),
            noticed: Vec::new(),
            windows: Vec::new(),
            called_in: Vec::new(),
            becoming_effective: Vec::new(),
            in_force: Vec::new(),
            extension: None,
            participation: match session.current_arrangement().await? {
                Some(kept) => {
                    let left = session.authorities_left().await?;
                    let of_it = |one: &&placewell_store::power::arrangement::Left| {
                        one.authority == actor.organisation && one.arrangement == kept.arrangement.id
                    };
                    let leaves = left.iter().find(of_it).map(|one| one.from);
                    let speaking = kept.arrangement.speak_of_it(&decisions);
                    Some(participation(&kept.arrangement.term, (&speaking, leaves), today))
                }
                None => None,
            },
        };
        let end =
            decisions.iter().filter(|held| held.page.adopts() && held.in_force(today)).find_map(Decision::ends_on);
        list.extension = end.map(|end| {
            let needed = placewell_domain::nights::plus_days(end, 1);
            (end, last_notice_day(needed, GoverningBody::CouncilExecutive, &rule))
        });
        for decision in decisions {
            if let DecisionState::NoticePublished { notice } = &decision.state {
                let first = notice.earliest(&rule.calendar).max(notice.expected);
                list.noticed.push((decision, first));
                continue;
            }
            match decision.standing(today) {
                Standing::NotPublished => list.to_publish.push(decision),
                Standing::CalledIn => list.called_in.push(decision),
                Standing::InForce { .. } => list.in_force.push(decision),
                Standing::InCallInWindow { closes, from } => {
                    if matches!(&decision.state, DecisionState::Published { publication } if publication.open_to_call_in(today))
                    {
                        list.windows.push((decision.clone(), closes));
                    }
                    list.becoming_effective.push((decision, from));
                }
                Standing::Rescinded | Standing::Superseded { .. } | Standing::OutsideTerm => {}
            }
        }
        Ok(list)
    }
}
