//! Taking back what a home should not have been told: access ends at once, what was seen is frozen into a report, the risk
//! is assessed, and where the law asks for it the Information Commissioner is told within 72 hours.

use jiff::ToSpan as _;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, InvitationId, OrganisationId, PersonId};
use crate::outcome::Refusal;
use crate::sealed::Sealed;

coded! {
    /// Why something is taken back.
    RecallCause {
        WrongHome "wrong_home" "The wrong home was told";
        WrongChild "wrong_child" "It was about another child";
        TooMuch "too_much" "It said more than the home's stage allows";
        NameInWords "name_in_words" "A name, address or date of birth stood in the words";
        ConsentWithdrawn "consent_withdrawn" "Consent or the lawful basis was withdrawn";
    }
}

coded! {
    /// How likely it is that somebody is harmed by it.
    Risk {
        Unlikely "unlikely" "A risk to the child or anybody else is unlikely";
        Likely "likely" "There is a risk";
        High "high" "There is a high risk";
    }
}

impl Risk {
    /// Article 33 of the UK GDPR: the Information Commissioner is told unless a risk is unlikely.
    #[must_use]
    pub const fn tell_commissioner(self) -> bool {
        !matches!(self, Self::Unlikely)
    }

    /// Article 34: the child, or who speaks for the child, is told where the risk is high.
    #[must_use]
    pub const fn tell_family(self) -> bool {
        matches!(self, Self::High)
    }
}

/// One reading that the report holds: what, by whom, when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What was read, by its stage.
    pub stage: Stage,
    /// By whom.
    pub person: PersonId,
    /// When.
    pub at: DateTime,
}

/// The risk as it was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// How likely harm is.
    pub risk: Risk,
    /// Why, under the child's key.
    pub words: Sealed<String>,
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

/// Where a recall stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallState {
    /// Access has ended; the risk is not judged yet.
    Recalled,
    /// The risk is judged.
    Assessed {
        /// How.
        assessment: Assessment,
    },
    /// The Information Commissioner was told.
    Told {
        /// The risk as it was judged.
        assessment: Assessment,
        /// When they were told.
        at: DateTime,
        /// Their reference.
        reference: String,
    },
    /// Access was given back; the report stays.
    Lifted {
        /// The risk as it was judged; none where access was given back before this was kept.
        #[serde(default)]
        assessment: Option<Assessment>,
        /// When the Information Commissioner was told, and their reference.
        #[serde(default)]
        told: Option<(DateTime, String)>,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl RecallState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["recalled", "assessed", "told", "lifted"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Recalled => "recalled",
            Self::Assessed { .. } => "assessed",
            Self::Told { .. } => "told",
            Self::Lifted { .. } => "lifted",
        }
    }

    /// The words on the screen.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Recalled => "Access ended; risk to assess",
            Self::Assessed { .. } => "Risk assessed",
            Self::Told { .. } => "Information Commissioner told",
            Self::Lifted { .. } => "Access given back",
        }
    }
}

/// One recall, on one invitation: two organisations' record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    /// The row's id.
    pub id: i64,
    /// The record's version.
    pub version: i64,
    /// The authority.
    pub authority: OrganisationId,
    /// The provider whose home was told.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// On which invitation.
    pub invitation: InvitationId,
    /// The lowest stage that is taken back; what lies above it goes with it.
    pub from: Stage,
    /// Why.
    pub cause: RecallCause,
    /// When the authority became aware: the 72 hours run from it.
    pub aware: DateTime,
    /// When access ended.
    pub recalled: DateTime,
    /// Who ended it.
    pub by: PersonId,
    /// Everything that was read of it until then, oldest first.
    pub seen: Vec<Seen>,
    /// Who at the provider confirmed that every copy is deleted, and when.
    pub deleted: Option<(PersonId, DateTime)>,
    /// Where it stands.
    pub state: RecallState,
}

/// What a recall starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalling {
    /// The authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// On which invitation.
    pub invitation: InvitationId,
    /// The lowest stage that is taken back.
    pub from: Stage,
    /// Why.
    pub cause: RecallCause,
    /// When the authority became aware.
    pub aware: DateTime,
    /// How far the home may read now, or what it is known to have been told; none where its offer was lost.
    pub reached: Option<Stage>,
    /// Everything that was read.
    pub readings: Vec<Seen>,
}

/// Every move of a recall.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "take_back", to: "recalled", by: "placement officer" },
    Move { from: "recalled", act: "assess", to: "assessed", by: "placement officer" },
    Move { from: "assessed", act: "tell", to: "told", by: "placement officer" },
    Move { from: "recalled", act: "confirm_deleted", to: "recalled", by: "provider placements manager" },
    Move { from: "assessed", act: "confirm_deleted", to: "assessed", by: "provider placements manager" },
    Move { from: "told", act: "confirm_deleted", to: "told", by: "provider placements manager" },
    Move { from: "assessed", act: "lift", to: "lifted", by: "placement officer" },
    Move { from: "told", act: "lift", to: "lifted", by: "placement officer" },
];

const RULE: &str = "A mistaken disclosure is recalled, and its risk assessed (rule 5.6; UK GDPR, Articles 33 and 34)";

fn when(at: DateTime) -> String {
    at.strftime("%-d %B %Y, %-I:%M%P").to_string()
}

impl Recall {
    /// Ends access to what a home was told.
    pub fn take_back(id: i64, of: Recalling, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let seen: Vec<Seen> = of.readings.into_iter().filter(|reading| reading.stage >= of.from).collect();
        if of.from == Stage::Anonymous || (of.reached.is_none_or(|reached| reached < of.from) && seen.is_empty()) {
            return Err(Refusal::new(
                "nothing_to_recall",
                RULE,
                "This home was told nothing at that stage, so there is nothing to take back.",
                "nobody; a search that should not have gone out is withdrawn instead",
            ));
        }
        if of.aware > moment.local {
            return Err(Refusal::new(
                "aware_ahead",
                RULE,
                "The moment at which the mistake was noticed cannot lie ahead.",
                "you, by the moment at which somebody of the authority noticed it",
            )
            .found(when(of.aware)));
        }
        let event = Event::new("disclosure_recall.recalled", "disclosure_recall", id, 1)
            .with("invitation", of.invitation)
            .with("from", of.from.code())
            .with("cause", of.cause.code())
            .with("readings", seen.len());
        let recall = Self {
            id,
            version: 1,
            authority: of.authority,
            provider: of.provider,
            home: of.home,
            invitation: of.invitation,
            from: of.from,
            cause: of.cause,
            aware: of.aware,
            recalled: moment.local,
            by,
            seen,
            deleted: None,
            state: RecallState::Recalled,
        };
        Ok(Change::to(recall, event))
    }

    /// By when the Information Commissioner is told, where they are to be: 72 hours, weekends and holidays included.
    #[must_use]
    pub fn due(&self) -> DateTime {
        self.aware.saturating_add(72.hours())
    }

    /// The risk as it was judged.
    #[must_use]
    pub const fn assessment(&self) -> Option<&Assessment> {
        match &self.state {
            RecallState::Assessed { assessment }
            | RecallState::Told { assessment, .. }
            | RecallState::Lifted { assessment: Some(assessment), .. } => Some(assessment),
            RecallState::Recalled | RecallState::Lifted { assessment: None, .. } => None,
        }
    }

    /// When the Information Commissioner was told, and their reference.
    #[must_use]
    pub fn told(&self) -> Option<(DateTime, &str)> {
        match &self.state {
            RecallState::Told { at, reference, .. } | RecallState::Lifted { told: Some((at, reference)), .. } => {
                Some((*at, reference.as_str()))
            }
            RecallState::Recalled | RecallState::Assessed { .. } | RecallState::Lifted { told: None, .. } => None,
        }
    }

    /// Whether the Information Commissioner has still to be told, or the risk still to be judged.
    #[must_use]
    pub fn owed(&self) -> bool {
        match &self.state {
            RecallState::Recalled => true,
            RecallState::Assessed { assessment } => assessment.risk.tell_commissioner(),
            RecallState::Told { .. } | RecallState::Lifted { .. } => false,
        }
    }

    /// Whether the home cannot read what was taken back.
    #[must_use]
    pub const fn stands(&self) -> bool {
        !matches!(self.state, RecallState::Lifted { .. })
    }

    fn moved(self, kind: &str, state: RecallState) -> (Self, Event) {
        let version = self.version + 1;
        let event = Event::new(kind, "disclosure_recall", self.id, version);
        (Self { version, state, ..self }, event)
    }

    fn refuse<T>(&self, sentence: &str) -> Result<T, Refusal> {
        Err(Refusal::new("recall_state", RULE, sentence, "nobody").found(self.state.label()))
    }

    /// Judges the risk; from it follows who must be told.
    pub fn assess(
        self,
        risk: Risk,
        words: Sealed<String>,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if self.state != RecallState::Recalled {
            return self.refuse("The risk of a recall is assessed once.");
        }
        let assessment = Assessment { risk, words, by, at: moment.local };
        let (next, event) = self.moved("disclosure_recall.assessed", RecallState::Assessed { assessment });
        let event = event.with("risk", risk.code()).with("tell_commissioner", risk.tell_commissioner());
        Ok(Change::to(next, event))
    }

    /// Records that the Information Commissioner was told, when, and under which reference of theirs.
    pub fn tell(self, reference: String, at: DateTime, moment: Moment) -> Result<Change<Self>, Refusal> {
        let RecallState::Assessed { assessment } = self.state.clone() else {
            return self.refuse("The Information Commissioner is told once, after the risk is assessed.");
        };
        if at > moment.local || at < self.aware {
            return Err(Refusal::new(
                "told_when",
                RULE,
                "The Information Commissioner was told after the mistake was noticed and before now.",
                "you, by the moment at which they were told",
            )
            .found(when(at)));
        }
        let late = at > self.due();
        let (next, event) = self.moved("disclosure_recall.told", RecallState::Told { assessment, at, reference });
        Ok(Change::to(next, event.with("at", at).with("late", late)))
    }

    /// The provider confirms that every copy is deleted.
    pub fn confirm_deleted(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !self.stands() || self.deleted.is_some() {
            return self.refuse("It is confirmed once that every copy is deleted, while the recall stands.");
        }
        let state = self.state.clone();
        let (next, event) = self.moved("disclosure_recall.deleted", state);
        Ok(Change::to(Self { deleted: Some((by, moment.local)), ..next }, event))
    }

    /// Gives access back, once the risk is judged and those are told who must be.
    pub fn lift(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        if self.owed() || !self.stands() {
            return self.refuse(
                "Access is given back after the risk is assessed and, where there is one, the Information Commissioner told.",
            );
        }
        // Article 33(5): what was judged and who was told is kept, also after access is given back.
        let assessment = self.assessment().cloned();
        let told = self.told().map(|(at, reference)| (at, reference.to_owned()));
        let lifted = RecallState::Lifted { assessment, told, by, at: moment.local };
        let (next, event) = self.moved("disclosure_recall.lifted", lifted);
        Ok(Change::to(next, event))
    }
}

/// How far a home may read, after what was taken back.
#[must_use]
pub fn after_recalls(reached: Option<Stage>, recalls: &[Recall]) -> Option<Stage> {
    recalls.iter().filter(|recall| recall.stands()).fold(reached, |reached, recall| match recall.from {
        Stage::Anonymous => None,
        Stage::Shortlisted => reached.map(|stage| stage.min(Stage::Anonymous)),
        Stage::Chosen => reached.map(|stage| stage.min(Stage::Shortlisted)),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::placing::referral::fixtures::now;

    fn recalling(from: Stage, reached: Option<Stage>) -> Recalling {
        let seen = |stage| Seen { stage, person: PersonId(9), at: now().local };
        Recalling {
            authority: OrganisationId(1),
            provider: OrganisationId(5),
            home: HomeId(3),
            invitation: InvitationId(4),
            from,
            cause: RecallCause::WrongHome,
            aware: now().local,
            reached,
            readings: vec![seen(Stage::Shortlisted), seen(Stage::Chosen)],
        }
    }

    fn recalled() -> Recall {
        Recall::take_back(1, recalling(Stage::Chosen, Some(Stage::Chosen)), PersonId(1), now()).unwrap().into_parts().0
    }

    fn assessed(risk: Risk) -> Recall {
        recalled().assess(risk, Sealed::from_bytes(vec![1]), PersonId(1), now()).unwrap().into_parts().0
    }

    #[test]
    fn rule_5_6_a_recall_ends_access_from_its_stage_on_and_keeps_what_was_seen() {
        let recall = recalled();
        assert_eq!(recall.seen.iter().map(|one| one.stage).collect::<Vec<_>>(), [Stage::Chosen]);
        assert_eq!(after_recalls(Some(Stage::Chosen), std::slice::from_ref(&recall)), Some(Stage::Shortlisted));
        let lower = recalling(Stage::Shortlisted, Some(Stage::Chosen));
        let lower = Recall::take_back(2, lower, PersonId(1), now()).unwrap().into_parts().0;
        assert_eq!(lower.seen.len(), 2);
        assert_eq!(after_recalls(Some(Stage::Chosen), &[recall, lower]), Some(Stage::Anonymous));
        assert_eq!(after_recalls(None, &[]), None);
    }

    #[test]
    fn rule_5_6_what_nobody_was_told_is_not_recalled_and_what_was_read_is_also_after_the_offer_was_lost() {
        let none = Recalling { readings: Vec::new(), ..recalling(Stage::Chosen, Some(Stage::Shortlisted)) };
        assert_eq!(Recall::take_back(1, none, PersonId(1), now()).unwrap_err().code, "nothing_to_recall");
        assert!(Recall::take_back(1, recalling(Stage::Chosen, None), PersonId(1), now()).is_ok());
    }

    #[test]
    fn gdpr_33_the_commissioner_is_told_within_72_hours_unless_a_risk_is_unlikely() {
        assert_eq!(recalled().due(), now().local.saturating_add(72.hours()));
        assert!(recalled().owed() && assessed(Risk::Likely).owed() && !assessed(Risk::Unlikely).owed());
        assert!(Risk::High.tell_family() && !Risk::Likely.tell_family());
        let told = assessed(Risk::High).tell("IC-1".to_owned(), now().local, now()).unwrap();
        assert!(told.event().facts.contains(&("late".to_owned(), "false".to_owned())));
        let early = assessed(Risk::High).tell("IC-1".to_owned(), now().local.saturating_sub(1.hours()), now());
        assert_eq!(early.unwrap_err().code, "told_when");
        assert_eq!(recalled().tell(String::new(), now().local, now()).unwrap_err().code, "recall_state");
    }

    #[test]
    fn rule_5_6_access_is_given_back_only_after_the_risk_is_judged_and_those_told_who_must_be() {
        assert!(recalled().lift(PersonId(1), now()).is_err());
        assert!(assessed(Risk::Likely).lift(PersonId(1), now()).is_err());
        let lifted = assessed(Risk::Unlikely).lift(PersonId(1), now()).unwrap().into_parts().0;
        assert_eq!(after_recalls(Some(Stage::Chosen), std::slice::from_ref(&lifted)), Some(Stage::Chosen));
        assert!(lifted.lift(PersonId(1), now()).is_err());
    }

    #[test]
    fn gdpr_33_the_report_stays_whole_after_access_is_given_back() {
        let told = assessed(Risk::High).tell("IC-123".to_owned(), now().local, now()).unwrap().into_parts().0;
        let (judged, at) = (told.assessment().cloned().unwrap(), now().local);
        let lifted = told.lift(PersonId(1), now()).unwrap().into_parts().0;
        assert!(!lifted.stands());
        assert_eq!((lifted.assessment(), lifted.told()), (Some(&judged), Some((at, "IC-123"))));
        let stored = serde_json::to_string(&lifted).unwrap();
        assert_eq!(serde_json::from_str::<Recall>(&stored).unwrap(), lifted);
        let untold = assessed(Risk::Unlikely).lift(PersonId(1), now()).unwrap().into_parts().0;
        assert_eq!(untold.assessment().map(|one| one.risk), Some(Risk::Unlikely));
        assert_eq!(untold.told(), None);
        // As one was stored before the report was kept.
        let before = r#"{"lifted": {"by": 1, "at": "2021-09-13T09:40:00"}}"#;
        let before = Recall { state: serde_json::from_str(before).unwrap(), ..untold };
        assert_eq!((before.stands(), before.owed(), before.assessment(), before.told()), (false, false, None, None));
    }

    #[test]
    fn a_provider_confirms_once_that_every_copy_is_deleted() {
        let confirmed = recalled().confirm_deleted(PersonId(9), now()).unwrap().into_parts().0;
        assert_eq!(confirmed.state, RecallState::Recalled);
        assert!(confirmed.confirm_deleted(PersonId(9), now()).is_err());
        for step in MOVES {
            assert!(step.from == "new" || RecallState::NAMES.contains(&step.from), "{}", step.from);
            assert!(RecallState::NAMES.contains(&step.to), "{}", step.to);
        }
    }
}
