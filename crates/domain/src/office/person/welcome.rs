//! Inviting a person to work here: a mailed link that expires, accepted once by whoever chooses a password through it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Action, Role, may};
use crate::change::{Change, Event, Move};
use crate::id::{OrganisationId, PersonId};
use crate::outcome::Refusal;

/// Days for which an invitation can be accepted.
pub const DAYS: i64 = 7;

/// What may not stand in an address that is written plainly: a display name, a comment, a list, a quoted name.
const NOT_PLAIN: &str = "<>()[],;:\"\\";

/// Whether a text looks like an e-mail address written plainly: a name, a domain with a dot, nothing that breaks a line, and
/// no second way of writing one mailbox.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let (local, domain) = text.split_once('@').unwrap_or_default();
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || NOT_PLAIN.contains(letter);
    !local.is_empty() && domain.contains('.') && !domain.contains('@') && !text.contains(odd) && text.len() <= 200
}

/// How an invitation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WelcomeState {
    /// Mailed, and waiting.
    Sent,
    /// Accepted by this person.
    Accepted(PersonId),
    /// Taken back.
    Withdrawn,
}

impl WelcomeState {
    /// The stored name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted(_) => "accepted",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// An invitation to work for an organisation in a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The row's id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// Whom they will work for.
    pub organisation: OrganisationId,
    /// Where it was mailed.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The role.
    pub role: Role,
    /// The job title.
    pub title: String,
    /// The first day on which they hold the role no longer.
    pub until: Date,
    /// SHA-256 of the secret in the link, in hexadecimal.
    pub digest: String,
    /// Until when it can be accepted, by the machine's clock.
    pub expires: Timestamp,
    /// Who sent it; none of one from before that was kept.
    pub by: Option<PersonId>,
    /// How it stands.
    pub state: WelcomeState,
}

/// Every move of an invitation.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "send", to: "sent", by: "administrator" },
    Move { from: "sent", act: "accept", to: "accepted", by: "the person invited" },
    Move { from: "sent", act: "withdraw", to: "withdrawn", by: "administrator" },
];

fn refusal(code: &str, sentence: &str) -> Refusal {
    Refusal::new(
        code,
        "An invitation is accepted once, by its link, before it expires",
        sentence,
        "The administrator of the organisation that invited you, with a new invitation",
    )
}

impl Welcome {
    /// Sends it.
    pub fn send(self) -> Change<Self> {
        let event = Event::new("person.invited", "person_invitation", self.id, 1)
            .with("role", self.role.code())
            .with("expires", self.expires);
        Change::to(Self { version: 1, state: WelcomeState::Sent, ..self }, event)
    }

    /// Whether it can be accepted now.
    pub fn open(&self, now: Timestamp) -> Result<(), Refusal> {
        match self.state {
            WelcomeState::Accepted(_) => {
                Err(refusal("invitation_accepted", "This invitation has been accepted. Sign in with your password."))
            }
            WelcomeState::Withdrawn => Err(refusal("invitation_withdrawn", "This invitation was taken back.")),
            WelcomeState::Sent if now >= self.expires => {
                Err(refusal("invitation_expired", "This invitation has expired."))
            }
            WelcomeState::Sent => Ok(()),
        }
    }

    /// The person accepts it.
    pub fn accept(self, person: PersonId, now: Timestamp) -> Result<Change<Self>, Refusal> {
        self.open(now)?;
        if self.by == Some(person) && may(self.role, Action::SeeChild) {
            return Err(Refusal::new(
                "invited_oneself",
                "Nobody gives themselves a role that sees children",
                "You sent this invitation yourself.",
                "Another administrator of your organisation, with an invitation of theirs",
            ));
        }
        let event = Event::new("person.joined", "person_invitation", self.id, self.version + 1)
            .with("person", person)
            .with("role", self.role.code());
        Ok(Change::to(Self { version: self.version + 1, state: WelcomeState::Accepted(person), ..self }, event))
    }

    /// It is taken back before it was accepted.
    pub fn withdraw(self) -> Result<Change<Self>, Refusal> {
        match self.state {
            WelcomeState::Accepted(_) => Err(Refusal::new(
                "invitation_accepted",
                "An invitation is accepted once, by its link, before it expires",
                "This invitation was accepted already.",
                "You, by ending the person's role instead",
            )),
            WelcomeState::Withdrawn => Err(refusal("invitation_withdrawn", "This invitation was taken back already.")),
            WelcomeState::Sent => {
                let event = Event::new("person.uninvited", "person_invitation", self.id, self.version + 1);
                Ok(Change::to(Self { version: self.version + 1, state: WelcomeState::Withdrawn, ..self }, event))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::SignedDuration;
    use jiff::civil::date;

    fn sent() -> Welcome {
        let new = Welcome {
            id: 7,
            version: 0,
            organisation: OrganisationId(1),
            email: "a.khan@authority.example".into(),
            name: "Amir Khan".into(),
            role: Role::PlacementOfficer,
            title: "Placement officer".into(),
            until: date(9999, 12, 31),
            digest: "00".into(),
            expires: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * DAYS),
            by: Some(PersonId(9)),
            state: WelcomeState::Sent,
        };
        new.send().next().clone()
    }

    #[test]
    fn every_state_takes_its_moves_and_no_other() {
        let now = Timestamp::UNIX_EPOCH;
        let accepted = sent().accept(PersonId(3), now).unwrap().next().clone();
        let withdrawn = sent().withdraw().unwrap().next().clone();
        for state in [sent(), accepted, withdrawn] {
            for act in ["accept", "withdraw"] {
                let made = match act {
                    "accept" => state.clone().accept(PersonId(3), now),
                    _ => state.clone().withdraw(),
                };
                let listed = MOVES.iter().find(|step| step.from == state.state.code() && step.act == act);
                assert_eq!(made.is_ok(), listed.is_some(), "{act} from {}", state.state.code());
                if let (Ok(made), Some(listed)) = (made, listed) {
                    assert_eq!(made.next().state.code(), listed.to);
                    assert_eq!(made.next().version, state.version + 1);
                }
            }
        }
    }

    #[test]
    fn an_invitation_that_expired_is_accepted_no_more() {
        let late = sent().expires;
        assert_eq!(sent().accept(PersonId(3), late).unwrap_err().code, "invitation_expired");
        assert!(sent().accept(PersonId(3), late - SignedDuration::from_secs(1)).is_ok());
    }

    #[test]
    fn nobody_gives_themselves_a_role_that_sees_children_by_an_invitation_of_their_own() {
        let own = |role| Welcome { role, ..sent() }.accept(PersonId(9), Timestamp::UNIX_EPOCH);
        for role in [Role::PlacementOfficer, Role::Approver] {
            assert_eq!(own(role).unwrap_err().code, "invited_oneself");
        }
        assert!(own(Role::FinanceOfficer).is_ok());
        assert!(sent().accept(PersonId(3), Timestamp::UNIX_EPOCH).is_ok(), "another accepts it");
    }

    #[test]
    fn a_role_belongs_to_the_kind_of_organisation_whose_work_it_is() {
        use crate::office::organisation::OrganisationKind;
        assert!(Role::ProviderManager.belongs_to(OrganisationKind::Provider));
        assert!(!Role::Approver.belongs_to(OrganisationKind::Provider));
        for kind in [
            OrganisationKind::Authority,
            OrganisationKind::Provider,
            OrganisationKind::RegionalTeam,
            OrganisationKind::Operator,
        ] {
            assert!(!Role::Guest.belongs_to(kind));
            assert!(Role::ALL.iter().any(|role| role.belongs_to(kind)));
        }
    }
}
