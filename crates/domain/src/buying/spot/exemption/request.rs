//! An officer asks the director of children's services for an exemption through the arrangement: for one child, at one home,
//! against its latest judgement. The director records the exemption, which grants it, or declines; while it waits, an officer
//! can take it back. That the search is over, or the home judged anew, is read off those records, so that a request which fell
//! away is never stored as such.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{ExemptionReason, GradeExemption, Placement, RULE};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, OrganisationId, PersonId, Reference, ReferralId};
use crate::outcome::{Invalid, Refusal};
use crate::placing::referral::Referral;
use crate::sealed::Sealed;

coded! {
    /// Why the director records no exemption that was asked for.
    ExemptionDecline {
        NotSafe "not_safe" "The child would not be safe there";
        OtherHome "other_home" "Another home can take the child, or was not asked yet";
        TooLittle "too_little" "Too little is said of what keeps the child safe there";
    }
}

coded! {
    /// Where a request for an exemption stands.
    RequestStands {
        Waits "waits" "Waits for the director";
        Granted "granted" "Granted";
        Declined "declined" "Declined";
        TakenBack "taken_back" "Taken back";
        FellAway "fell_away" "Fell away";
    }
}

/// What is stored of where a request stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RequestState {
    /// It was asked, and not answered.
    Asked,
    /// The director has recorded an exemption.
    Granted {
        /// The exemption.
        exemption: i64,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
    /// The director has declined.
    Declined {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
        /// Why.
        reason: ExemptionDecline,
        /// In words, sealed.
        words: Option<Sealed<String>>,
    },
    /// An officer has taken it back.
    TakenBack {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl RequestState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["asked", "granted", "declined", "taken_back"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Granted { .. } => "granted",
            Self::Declined { .. } => "declined",
            Self::TakenBack { .. } => "taken_back",
        }
    }

    /// The words on a page.
    const fn label(&self) -> &'static str {
        match self {
            Self::Asked => RequestStands::Waits.label(),
            Self::Granted { .. } => RequestStands::Granted.label(),
            Self::Declined { .. } => RequestStands::Declined.label(),
            Self::TakenBack { .. } => RequestStands::TakenBack.label(),
        }
    }
}

const ONCE: &str = "An exemption that was asked for is answered, or taken back, once";

/// Every move of a request.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "ask", to: "asked", by: "placement officer" },
    Move { from: "asked", act: "grant", to: "granted", by: "director of children's services" },
    Move { from: "asked", act: "decline", to: "declined", by: "director of children's services" },
    Move { from: "asked", act: "take_back", to: "taken_back", by: "placement officer" },
];

/// The request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptionRequest {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The responsible authority, whose director is asked.
    pub responsible: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// The day of the judgement that it is about.
    pub judged_on: Date,
    /// Why.
    pub reason: ExemptionReason,
    /// The last day on which the placement is to begin.
    pub until: Date,
    /// What keeps the child safe, in words; sealed under the child's key.
    pub words: Sealed<String>,
    /// Who asked.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// Where it stands.
    pub state: RequestState,
}

/// Checks what a director says of declining: nothing more than the code, or some words.
pub fn check_decline(words: &str) -> Result<(), Invalid> {
    if words.trim().chars().count() <= 4_000 {
        return Ok(());
    }
    Err(Invalid::one("words", "Shorten this to 4,000 characters"))
}

impl ExemptionRequest {
    /// Asks for an exemption from the home's latest judgement, which has to be Inadequate.
    pub fn ask(
        id: i64,
        of: Placement<'_>,
        judged_on: Option<Date>,
        (reason, words): (ExemptionReason, Sealed<String>),
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let Placement { referral, responsible, home, until, .. } = of;
        let judged_on = GradeExemption::judgement(referral, judged_on)?;
        let request = Self {
            id,
            version: 1,
            authority: referral.authority,
            responsible,
            referral: referral.id,
            reference: referral.reference.clone(),
            home,
            judged_on,
            reason,
            until,
            words,
            by,
            at: moment.local,
            state: RequestState::Asked,
        };
        let event = Event::new("exemption_request.asked", "exemption_request", id, 1)
            .with("referral", request.referral)
            .with("home", home)
            .with("judged_on", judged_on)
            .with("reason", reason.code())
            .with("until", until);
        Ok(Change::to(request, event))
    }

    /// Where it stands, by its referral and the day on which the home was judged Inadequate; none where it is judged otherwise.
    #[must_use]
    pub fn stands(&self, referral: &Referral, judged_on: Option<Date>) -> RequestStands {
        match self.state {
            RequestState::Asked if GradeExemption::judgement(referral, judged_on) == Ok(self.judged_on) => {
                RequestStands::Waits
            }
            RequestState::Asked => RequestStands::FellAway,
            RequestState::Granted { .. } => RequestStands::Granted,
            RequestState::Declined { .. } => RequestStands::Declined,
            RequestState::TakenBack { .. } => RequestStands::TakenBack,
        }
    }

    /// The director has recorded this exemption, by the request's own road or beside it.
    pub fn grant(self, exemption: &GradeExemption) -> Result<Change<Self>, Refusal> {
        if self.state != RequestState::Asked {
            return Err(self.closed());
        }
        let event = self.event("exemption_request.granted");
        let state = RequestState::Granted { exemption: exemption.id, by: exemption.by, at: exemption.at };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    /// Refused where the director has answered it, where it was taken back, or where it fell away.
    pub fn must_wait(&self, referral: &Referral, judged_on: Option<Date>) -> Result<(), Refusal> {
        match self.stands(referral, judged_on) {
            RequestStands::Waits => Ok(()),
            RequestStands::Granted | RequestStands::Declined | RequestStands::TakenBack => Err(self.closed()),
            RequestStands::FellAway => Err(Refusal::new(
                "exemption_fell_away",
                RULE,
                format!(
                    "The search of {} is over, the home was judged anew or the record was erased: nothing waits.",
                    self.reference
                ),
                "Nobody",
            )
            .found(RequestStands::FellAway.label())),
        }
    }

    /// The director declines. The caller has found that the person is the director.
    pub fn decline(
        self,
        (referral, judged_on): (&Referral, Option<Date>),
        (reason, words): (ExemptionDecline, Option<Sealed<String>>),
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.must_wait(referral, judged_on)?;
        let event = self.event("exemption_request.declined").with("reason", reason.code());
        let state = RequestState::Declined { by, at: moment.local, reason, words };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    /// An officer of the placing authority takes it back, before the director has answered.
    pub fn take_back(
        self,
        (referral, judged_on): (&Referral, Option<Date>),
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.must_wait(referral, judged_on)?;
        let event = self.event("exemption_request.taken_back");
        let state = RequestState::TakenBack { by, at: moment.local };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "exemption_request", self.id, self.version + 1)
            .with("referral", self.referral)
            .with("home", self.home)
    }

    fn closed(&self) -> Refusal {
        let of = &self.reference;
        let (code, sentence) = if matches!(self.state, RequestState::TakenBack { .. }) {
            ("exemption_taken_back", format!("What was asked for {of} was taken back: nothing waits for the director."))
        } else {
            ("exemption_answered", format!("The director has answered what was asked for {of} already."))
        };
        Refusal::new(code, ONCE, sentence, "The placement officer, by asking anew").found(self.state.label())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::placing::referral::fixtures::{draft, now, out};
    use crate::placing::referral::{ReferralState, WithdrawReason};
    use jiff::civil::date;

    const JUDGED: Option<Date> = Some(date(2021, 7, 6));

    fn sealed() -> Sealed<String> {
        Sealed::from_bytes(vec![7])
    }

    fn of(referral: &Referral) -> Placement<'_> {
        let until = date(2021, 9, 27);
        Placement { referral, responsible: OrganisationId(1), home: HomeId(5), until, agreed: None }
    }

    fn asked(referral: &Referral) -> ExemptionRequest {
        let why = (ExemptionReason::Sibling, sealed());
        ExemptionRequest::ask(3, of(referral), JUDGED, why, PersonId(11), now()).unwrap().into_parts().0
    }

    fn withdrawn() -> Referral {
        let state = ReferralState::Withdrawn { out: None, reason: WithdrawReason::PlanChanged, at: now().local };
        Referral { state, ..draft() }
    }

    #[test]
    fn an_exemption_is_asked_for_while_the_child_is_searched_for_at_a_home_that_is_judged_inadequate() {
        let ask = |referral: &Referral, judged_on| {
            let why = (ExemptionReason::Sibling, sealed());
            ExemptionRequest::ask(3, of(referral), judged_on, why, PersonId(11), now())
        };
        for referral in [draft(), out()] {
            let (request, event) = ask(&referral, JUDGED).unwrap().into_parts();
            assert_eq!((request.state.name(), event.kind.as_str()), ("asked", "exemption_request.asked"));
            assert_eq!(request.stands(&referral, JUDGED), RequestStands::Waits);
        }
        assert_eq!(ask(&out(), None).unwrap_err().code, "not_inadequate");
        assert_eq!(ask(&withdrawn(), JUDGED).unwrap_err().code, "referral_state");
    }

    #[test]
    fn a_request_falls_away_with_the_search_and_with_the_judgement_and_is_declined_by_nobody_then() {
        let waits = asked(&out());
        for (referral, judged_on) in [(withdrawn(), JUDGED), (out(), None), (out(), Some(date(2021, 9, 13)))] {
            assert_eq!(waits.stands(&referral, judged_on), RequestStands::FellAway);
            let why = (ExemptionDecline::NotSafe, None);
            let late = waits.clone().decline((&referral, judged_on), why, PersonId(14), now());
            assert_eq!(late.unwrap_err().code, "exemption_fell_away");
            let back = waits.clone().take_back((&referral, judged_on), PersonId(11), now());
            assert_eq!(back.unwrap_err().code, "exemption_fell_away");
        }
    }

    #[test]
    fn a_request_is_taken_back_while_it_waits_and_is_then_answered_by_nobody() {
        let referral = out();
        let of_request = (&referral, JUDGED);
        let (back, event) = asked(&referral).take_back(of_request, PersonId(11), now()).unwrap().into_parts();
        assert_eq!((back.version, back.state.name(), event.kind.as_str()), {
            (2, "taken_back", "exemption_request.taken_back")
        });
        assert_eq!(back.stands(&withdrawn(), None), RequestStands::TakenBack);
        let no = back.clone().decline(of_request, (ExemptionDecline::NotSafe, None), PersonId(14), now());
        let again = back.take_back(of_request, PersonId(11), now());
        for refused in [no, again] {
            let refusal = refused.unwrap_err();
            assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("exemption_taken_back", "Taken back"));
            assert_eq!(refusal.rule, ONCE);
        }
    }

    #[test]
    fn a_request_is_granted_or_declined_once() {
        let referral = out();
        let why = (ExemptionReason::Sibling, sealed());
        let exemption = GradeExemption::exempt_placement(9, of(&referral), JUDGED, why, PersonId(14), now());
        let exemption = exemption.unwrap().into_parts().0;
        let granted = asked(&referral).grant(&exemption).unwrap().into_parts().0;
        assert_eq!(granted.stands(&referral, JUDGED), RequestStands::Granted);
        assert_eq!(granted.clone().grant(&exemption).unwrap_err().code, "exemption_answered");
        let no = |request: ExemptionRequest| {
            let why = (ExemptionDecline::OtherHome, Some(sealed()));
            request.decline((&referral, JUDGED), why, PersonId(14), now())
        };
        let (declined, event) = no(asked(&referral)).unwrap().into_parts();
        assert_eq!((declined.version, event.kind.as_str()), (2, "exemption_request.declined"));
        assert_eq!(declined.stands(&withdrawn(), None), RequestStands::Declined, "an answer stays one");
        for answered in [granted, declined] {
            assert_eq!(no(answered.clone()).unwrap_err().code, "exemption_answered");
            let back = answered.take_back((&referral, JUDGED), PersonId(11), now());
            assert_eq!(back.unwrap_err().code, "exemption_answered");
        }
        assert_eq!(RequestState::NAMES, ["asked", "granted", "declined", "taken_back"]);
        assert!(check_decline("").is_ok() && check_decline(&"x".repeat(4_001)).is_err());
    }
}
