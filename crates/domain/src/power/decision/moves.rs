//! The moves of a decision, each one method that consumes the decision and tells what happened.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::dates::{CallInRule, Publication, RecordedEffect};
use super::notice::{Notice, too_soon};
use super::page::{DecisionPage, GoverningBody, WithoutCallIn};
use super::{Decision, DecisionState};
use crate::calendar::WorkingDays;
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{DecisionId, OrganisationId};
use crate::outcome::Refusal;

coded! {
    /// How a call-in ended. Only the decision maker then confirms, amends or rescinds (rule 2.1).
    CallInOutcome {
        /// Scrutiny took no further action.
        NoFurtherAction => "no_further_action", "No further action";
        /// Referred back to the decision maker.
        ReferredBack => "referred_back", "Referred back to the decision maker";
        /// Referred to full council.
        ToFullCouncil => "to_full_council", "Referred to full council";
    }
}

/// A request to call a decision in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallInRequest {
    /// The day of the request.
    pub on: Date,
    /// Who asked, such as "Three members of the children's scrutiny committee".
    pub by: String,
    /// The grounds.
    pub grounds: String,
}

/// A call-in with how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedCallIn {
    /// Who called it in, when and why.
    pub request: CallInRequest,
    /// What scrutiny or full council said.
    pub outcome: CallInOutcome,
    /// When.
    pub on: Date,
}

const fn row(from: &'static str, act: &'static str, to: &'static str, by: &'static str) -> Move {
    Move { from, act, to, by }
}

const OFFICER: &str = "Democratic services officer";
const MAKER: &str = "Decision maker, recorded by democratic services";

/// Every allowed move of a decision.
pub const MOVES: &[Move] = &[
    row("new", "record", "draft", OFFICER),
    row("draft", "revise", "draft", OFFICER),
    row("draft", "publish_notice", "notice_published", OFFICER),
    row("notice_published", "revise", "notice_published", OFFICER),
    row("decided", "revise", "decided", OFFICER),
    row("notice_published", "withdraw_notice", "draft", OFFICER),
    row("draft", "decide", "decided", MAKER),
    row("notice_published", "decide", "decided", MAKER),
    row("decided", "publish", "published", OFFICER),
    row("published", "correct", "published", OFFICER),
    row("confirmed", "correct", "confirmed", OFFICER),
    row("published", "call_in", "called_in", "Scrutiny, recorded by democratic services"),
    row("called_in", "close_call_in", "returned", "Scrutiny, recorded by democratic services"),
    row("returned", "confirm", "confirmed", MAKER),
    row("returned", "rescind", "rescinded", MAKER),
    row("published", "rescind", "rescinded", MAKER),
    row("confirmed", "rescind", "rescinded", MAKER),
    row("published", "supersede", "superseded", OFFICER),
    row("confirmed", "supersede", "superseded", OFFICER),
    row("returned", "supersede", "superseded", OFFICER),
];

const WHO: &str = "A democratic services officer of the authority";
const LAW: &str = "Executive Arrangements Regulations 2012";

impl Decision {
    /// Records a decision as a draft, to be checked field by field against its source.
    pub fn record(
        id: DecisionId,
        authority: OrganisationId,
        reference: String,
        amends: Option<DecisionId>,
        page: DecisionPage,
    ) -> Change<Self> {
        let decision = Self { id, version: 1, authority, reference, amends, page, state: DecisionState::Draft };
        let event = decision.event("decision.recorded").with("limbs", decision.page.limbs.len());
        Change::to(decision, event)
    }

    /// Replaces the page by a checked one, until it is published. A notice that was given goes on to say what it said.
    pub fn revise(self, page: DecisionPage) -> Result<Change<Self>, Refusal> {
        if self.state.publication().is_some() {
            return Err(self.wrong_state("only a draft can be revised; a published page is corrected"));
        }
        let state = self.state.clone();
        Ok(Self { page, ..self }.moved(state, "decision.revised"))
    }

    /// Publishes notice of a key decision to come, with the facts that its kind needs.
    pub fn publish_notice(self, notice: Notice, calendar: &WorkingDays) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, DecisionState::Draft) {
            return Err(self.wrong_state("notice is given of a decision that is still a draft"));
        }
        if self.page.governing_body == Some(GoverningBody::TrustBoard) {
            return Err(Refusal::new(
                "trust_board_has_no_notice",
                "Trust boards have no forward plan",
                "A trust's board publishes no 28 days' notice.",
                WHO,
            ));
        }
        notice.check(calendar)?;
        let (kind, expected) = (notice.kind, notice.expected);
        let change = self.moved(DecisionState::NoticePublished { notice }, "decision.notice_published");
        let (next, event) = change.into_parts();
        Ok(Change::to(next, event.with("kind", kind.code()).with("expected", expected)))
    }

    /// Takes the notice off the forward plan: the decision is not going to be taken on it.
    pub fn withdraw_notice(self) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, DecisionState::NoticePublished { .. }) {
            return Err(self.wrong_state("there is no notice on the forward plan"));
        }
        Ok(self.moved(DecisionState::Draft, "decision.notice_withdrawn"))
    }

    /// Records that the decision was taken. A council's key decision needs its notice first, unless the page shows
    /// that it was published elsewhere already and is history here.
    pub fn decide(self, on: Date, calendar: &WorkingDays) -> Result<Change<Self>, Refusal> {
        let key = self.page.key_decision == Some(true) && self.page.governing_body != Some(GoverningBody::TrustBoard);
        if !matches!(self.state, DecisionState::Draft | DecisionState::NoticePublished { .. }) {
            return Err(self.wrong_state("the decision has been taken already"));
        }
        let notice = self.state.notice().cloned();
        match &notice {
            Some(notice) if key && !notice.allows(on, calendar) => {
                return Err(too_soon(on, Some((notice, notice.earliest(calendar)))));
            }
            None if key && self.page.published_on.is_none() => return Err(too_soon(on, None)),
            Some(_) | None => {}
        }
        Ok(self.moved(DecisionState::Decided { on, notice }, "decision.decided"))
    }

    /// Publishes a decision that was taken, and settles its call-in window by the authority's rule on that day.
    /// A recorded date of effect wins over the computed one; where it differs, the record says why.
    pub fn publish(
        self,
        published_on: Date,
        urgent: bool,
        recorded: Option<RecordedEffect>,
        rule: &CallInRule,
    ) -> Result<Change<Self>, Refusal> {
        let DecisionState::Decided { on: decided_on, notice } = self.state.clone() else {
            return Err(self.wrong_state("only a decision that was taken and not yet published can be published"));
        };
        let (Some(body), Some(subject)) = (self.page.governing_body, self.page.subject_to_call_in) else {
            return Err(Refusal::new(
                "page_incomplete",
                LAW,
                "Before it is published, the record must say which kind of body decided and whether the decision is \
                 subject to call-in.",
                WHO,
            )
            .found(self.page.missing(Some(&self.reference)).join(", ")));
        };
        if published_on < decided_on || recorded.as_ref().is_some_and(|recorded| recorded.on < decided_on) {
            return Err(Refusal::new(
                "dates_out_of_order",
                "A decision is taken, then published, then effective",
                "The dates of decision, publication and effect are out of order.",
                WHO,
            )
            .found(format!("decided {}, published {}", long_date(decided_on), long_date(published_on))));
        }
        let without = match (subject, urgent) {
            (false, _) => Some(WithoutCallIn::Exempt),
            (true, true) => Some(WithoutCallIn::Urgent),
            (true, false) => None,
        };
        let on = recorded.as_ref().map(|recorded| recorded.on);
        let reason = recorded.and_then(|recorded| recorded.reason).filter(|reason| !reason.trim().is_empty());
        let mut publication = Publication::of((decided_on, published_on), body, without, on, rule);
        publication.notice = notice;
        let computed = publication.computed_effective();
        if on.is_some_and(|on| on != computed) {
            if reason.is_none() {
                return Err(effect_without_reason(computed));
            }
            publication.recorded_reason = reason;
        }
        let effective = publication.effective_on();
        let change = self.moved(DecisionState::Published { publication }, "decision.published");
        let (next, event) = change.into_parts();
        Ok(Change::to(next, event.with("published_on", published_on).with("effective_from", effective)))
    }

    /// Corrects words on a published page: a new version, the old one kept. What it allows cannot be corrected, only
    /// decided again.
    pub fn correct(self, page: DecisionPage) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, DecisionState::Published { .. } | DecisionState::Confirmed { .. }) {
            return Err(self.wrong_state("only a published page is corrected"));
        }
        let same = page.limbs == self.page.limbs
            && page.term == self.page.term
            && page.in_extension == self.page.in_extension
            && page.governing_body == self.page.governing_body;
        if !same {
            return Err(Refusal::new(
                "correction_changes_powers",
                "Powers come from a decision",
                "A correction cannot change a limb, the term or who decided. That needs a new decision that amends \
                 this one.",
                "The decision maker",
            ));
        }
        let state = self.state.clone();
        Ok(Self { page, ..self }.moved(state, "decision.corrected"))
    }

    /// Records a request to call the decision in, made within its window.
    pub fn call_in(self, request: CallInRequest, moment: Moment) -> Result<Change<Self>, Refusal> {
        let DecisionState::Published { publication } = &self.state else {
            return Err(self.wrong_state("only a published decision can be called in"));
        };
        if let Some(why) = publication.without {
            return Err(Refusal::new(
                "no_call_in",
                "Call-in",
                "This decision cannot be called in.",
                "The authority's scrutiny committee",
            )
            .found(why.label()));
        }
        if !publication.open_to_call_in(request.on) || request.on > moment.today() {
            return Err(Refusal::new(
                "call_in_closed",
                "Call-in",
                "The request is outside the window in which the decision can be called in.",
                "The authority's scrutiny committee",
            )
            .found(format!(
                "requested {}, window to {}",
                long_date(request.on),
                long_date(publication.closes())
            )));
        }
        let state = DecisionState::CalledIn { publication: publication.clone(), request };
        Ok(self.moved(state, "decision.called_in"))
    }

    /// Records how the call-in ended. The decision stays without effect until the decision maker has answered.
    pub fn close_call_in(self, outcome: CallInOutcome, on: Date) -> Result<Change<Self>, Refusal> {
        let DecisionState::CalledIn { publication, request } = &self.state else {
            return Err(self.wrong_state("there is no call-in to close"));
        };
        if on < request.on {
            return Err(self.before_call_in(on));
        }
        let (publication, request) = (publication.clone(), request.clone());
        let change =
            self.moved(DecisionState::Returned { publication, request, outcome, on }, "decision.call_in_closed");
        let (next, event) = change.into_parts();
        Ok(Change::to(next, event.with("outcome", outcome.code())))
    }

    /// The decision maker confirms after a call-in: effective from that day.
    pub fn confirm(self, on: Date) -> Result<Change<Self>, Refusal> {
        let DecisionState::Returned { publication, request, outcome, on: returned } = &self.state else {
            return Err(self.wrong_state("only a decision that came back from call-in is confirmed"));
        };
        if on < *returned {
            return Err(self.before_call_in(on));
        }
        let publication = publication.clone();
        let call_in = Some(ClosedCallIn { request: request.clone(), outcome: *outcome, on: *returned });
        Ok(self.moved(DecisionState::Confirmed { publication, on, call_in }, "decision.confirmed"))
    }

    /// The decision maker takes the decision back.
    pub fn rescind(self, on: Date, reason: String) -> Result<Change<Self>, Refusal> {
        let Some(publication) = self.answerable() else {
            return Err(self.wrong_state("only a published decision can be rescinded"));
        };
        let held_from = self.effective_on();
        let (call_in, earliest) = match &self.state {
            DecisionState::Returned { request, on, .. } => (Some(request.clone()), *on),
            DecisionState::Confirmed { on, call_in, .. } => {
                (call_in.as_ref().map(|closed| closed.request.clone()), *on)
            }
            _ => (None, publication.decided_on),
        };
        if on < earliest {
            return Err(Refusal::new(
                "dates_out_of_order",
                "A decision is taken before it is taken back",
                "The date is earlier than the step before it.",
                WHO,
            )
            .found(format!("rescinded {}, the step before {}", long_date(on), long_date(earliest))));
        }
        let state = DecisionState::Rescinded { publication, on, reason, held_from, call_in };
        Ok(self.moved(state, "decision.rescinded"))
    }

    /// Replaces the decision by a later one that amends it, once that one is itself in force: until then the earlier
    /// one goes on (rule 2.1).
    pub fn supersede(self, later: &Self, moment: Moment) -> Result<Change<Self>, Refusal> {
        let Some(publication) = self.answerable() else {
            return Err(self.wrong_state("only a published decision can be superseded"));
        };
        let from = later.effective_on().filter(|_| later.in_force(moment.today()) && later.amends == Some(self.id));
        let Some(on) = from else {
            return Err(Refusal::new(
                "amendment_not_in_force",
                "A later decision replaces an earlier one when it takes effect",
                format!(
                    "{} does not amend this decision, or is not in force yet. The earlier one goes on.",
                    later.reference
                ),
                "The decision maker",
            )
            .found(later.standing(moment.today()).label()));
        };
        let effective_on = self.effective_on().unwrap_or(on);
        let state = DecisionState::Superseded { publication, effective_on, by: later.id, on };
        Ok(self.moved(state, "decision.superseded"))
    }

    /// The publication where the decision maker may still end the decision: published, confirmed or returned.
    fn answerable(&self) -> Option<Publication> {
        if let DecisionState::Published { publication }
        | DecisionState::Confirmed { publication, .. }
        | DecisionState::Returned { publication, .. } = &self.state
        {
            Some(publication.clone())
        } else {
            None
        }
    }

    fn moved(self, state: DecisionState, kind: &str) -> Change<Self> {
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event(kind);
        Change::to(next, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "decision", self.id.0, self.version)
            .with("reference", &self.reference)
            .with("state", self.state.name())
    }

    fn wrong_state(&self, why: &str) -> Refusal {
        Refusal::new("decision_state", "Steps of a formal decision", format!("This cannot be done now: {why}."), WHO)
            .found(self.state.name().replace('_', " "))
    }

    fn before_call_in(&self, on: Date) -> Refusal {
        Refusal::new(
            "dates_out_of_order",
            "Call-in, then its outcome, then the decision maker's answer",
            "The date is earlier than the step before it.",
            WHO,
        )
        .found(format!("{}, {}", self.reference, long_date(on)))
    }
}

fn effect_without_reason(computed: Date) -> Refusal {
    Refusal::new(
        "effect_needs_reason",
        "A recorded date of effect wins over the computed one, and the difference is shown (rule 2.1)",
        "The recorded date of effect differs from the one that the call-in rule gives, and no reason is recorded.",
        WHO,
    )
    .found(format!("computed {}", long_date(computed)))
}
