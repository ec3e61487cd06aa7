//! How a home's answer came, and why it said no: coded, so that answers can be counted and compared.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::{EnteredBy, InvitationState};
use crate::outcome::Invalid;
use crate::placing::referral::deadline::GRACE_SECONDS;
use crate::sealed::Sealed;

coded! {
    /// How the answer reached the authority.
    Channel {
        Portal "portal" "By the provider, signed in";
        OneTimeLink "link" "By the provider, through a one-time link";
        Phone "phone" "By phone, entered by an officer";
        Email "email" "By e-mail, entered by an officer";
        InPerson "in_person" "In person, entered by an officer";
    }
}

impl Channel {
    /// Whether an officer entered the answer: it is marked so, and counts like any other.
    #[must_use]
    pub const fn entered_by_officer(self) -> bool {
        match self {
            Self::Phone | Self::Email | Self::InPerson => true,
            Self::Portal | Self::OneTimeLink => false,
        }
    }
}

coded! {
    /// Why a home declines.
    DeclineReason {
        ResidentMix "resident_mix" "Not a match with the children who live there";
        NoStaffedBed "no_staffed_bed" "No staffed bed free at that time";
        OutsidePurpose "outside_purpose" "The needs are outside our statement of purpose";
        Risk "risk" "The risks are more than we can manage";
        DistanceOrArea "distance_or_area" "Distance, or a concern about the area";
        Price "price" "We could not meet the needs within our price";
        InformationMissing "information_missing" "Not enough information to decide";
        HomeChanging "home_changing" "The home is closing or changing";
    }
}

/// A decline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declined {
    /// Why.
    pub reason: DeclineReason,
    /// When it was recorded.
    pub at: DateTime,
    /// How it came.
    pub channel: Channel,
    /// The officer who entered it.
    pub entered: Option<EnteredBy>,
    /// Who said it, and the e-mail or note kept as evidence; sealed under the invitation's key.
    pub evidence: Option<Sealed<Evidence>>,
}

/// Whether a home that had its whole time did not answer within it; `offered` is when its first offer came. An answer that
/// came later is still an answer, and a search that ended sooner leaves a home no time to be late.
#[must_use]
pub fn not_in_time(state: &InvitationState, deadline: DateTime, offered: Option<DateTime>) -> bool {
    let over = deadline.saturating_add(jiff::Span::new().seconds(GRACE_SECONDS));
    match state {
        InvitationState::NoReply { .. } => true,
        InvitationState::Offered { .. } => offered.is_some_and(|at| at > over),
        InvitationState::Declined(declined) => offered.map_or(declined.at, |at| at.min(declined.at)) > over,
        InvitationState::Closed { at } => offered.unwrap_or(*at) > over,
        InvitationState::Asked | InvitationState::Opened { .. } | InvitationState::Withdrawn { .. } => false,
    }
}

/// The most characters of the name of who gave an answer.
const LONGEST_NAME: usize = 120;
/// The most characters of the note or e-mail kept as evidence.
pub const LONGEST_EVIDENCE: usize = 4_000;

/// What shows that a home gave an answer that an officer enters: who said it, and the note of the talk or the e-mail's text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Evidence {
    /// Who spoke or wrote for the home.
    pub said_by: String,
    /// The note of what was said, or the e-mail's text.
    pub words: String,
}

impl Evidence {
    /// Checks that both are said, in the order of the form.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut wrong = Invalid::default();
        let (name, words) = (self.said_by.trim().chars().count(), self.words.trim().chars().count());
        if name == 0 {
            wrong.add("said_by", "Enter who answered for the home");
        } else if name > LONGEST_NAME {
            wrong.add("said_by", format!("The name must be {LONGEST_NAME} characters or fewer"));
        }
        if words == 0 {
            wrong.add("evidence", "Enter a note of what was said, or the e-mail's text");
        } else if words > LONGEST_EVIDENCE {
            wrong.add("evidence", format!("The note must be {LONGEST_EVIDENCE} characters or fewer"));
        }
        wrong.or(self)
    }
}

/// Checks who entered an answer against how it came: a phone call or an e-mail needs an officer and the time.
pub fn check_entered(channel: Channel, entered: Option<EnteredBy>, recorded: DateTime) -> Result<(), Invalid> {
    match (channel.entered_by_officer(), entered) {
        (true, None) => Err(Invalid::one("said_at", "Enter when the home gave its answer and who took it")),
        (true, Some(entered)) if entered.said_at > recorded => {
            Err(Invalid::one("said_at", "The time of the answer must not be in the future"))
        }
        (false, Some(_)) => {
            Err(Invalid::one("channel", "Choose phone, e-mail or in person for an answer that you enter for a home"))
        }
        (true, Some(_)) | (false, None) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use jiff::civil::date;

    #[test]
    fn rule_5_2_an_officer_can_record_an_answer_got_by_phone_with_time_and_person() {
        let now = date(2021, 9, 13).at(10, 20, 0, 0);
        let entered = Some(EnteredBy { person: PersonId(1), said_at: date(2021, 9, 13).at(9, 0, 0, 0) });
        assert!(check_entered(Channel::Phone, entered, now).is_ok());
        assert!(check_entered(Channel::Email, None, now).is_err());
        assert!(check_entered(Channel::Portal, entered, now).is_err());
        assert!(check_entered(Channel::OneTimeLink, None, now).is_ok());
        let future = Some(EnteredBy { person: PersonId(1), said_at: date(2021, 9, 13).at(11, 0, 0, 0) });
        assert!(check_entered(Channel::Phone, future, now).is_err());
    }

    #[test]
    fn rule_5_2_an_answer_entered_for_a_home_keeps_who_said_it_and_a_note() {
        let fields = |evidence: Evidence| -> Vec<String> {
            evidence
                .checked()
                .err()
                .map(|wrong| wrong.errors.into_iter().map(|one| one.field).collect())
                .unwrap_or_default()
        };
        assert_eq!(fields(Evidence::default()), ["said_by", "evidence"]);
        let said = Evidence { said_by: "The manager".to_owned(), words: "No bed until October.".to_owned() };
        assert!(fields(said.clone()).is_empty());
        assert_eq!(fields(Evidence { words: "x".repeat(LONGEST_EVIDENCE + 1), ..said }), ["evidence"]);
        assert!(Channel::InPerson.entered_by_officer());
    }

    #[test]
    fn rule_5_2_a_decline_has_one_of_eight_codes() {
        assert_eq!(DeclineReason::ALL.len(), 8);
        assert_eq!(DeclineReason::from_code("price"), Some(DeclineReason::Price));
    }
}
