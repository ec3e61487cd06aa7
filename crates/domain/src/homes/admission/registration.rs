//! A provider that is not known here registers itself while an opening takes applications. Its address is proven by a link;
//! whether it is known under another name or has the company number of another, the regional team is told, and never the asker.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::opening::{Opening, OpeningPhase};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::home::named::is_company_number;
use crate::id::{OpeningId, OrganisationId, PersonId, RegistrationId};
use crate::office::person::welcome::is_email;
use crate::outcome::{Invalid, Refusal};

/// The longest name of a legal entity.
pub const LONGEST_NAME: usize = 160;
/// The longest name and job title of a person.
pub const LONGEST_PERSON: usize = 100;
/// Hours for which the link holds.
pub const LINK_HOURS: i64 = 24;

coded! {
    /// Why the regional team does not take a registration; whoever asked is mailed it.
    RefusalWhy {
        UnknownCompany "unknown_company" "no company or charity has this number";
        NoHome "no_home" "it runs no children's home, and plans none";
        NotTheirs "not_theirs" "whoever registered it does not act for it";
        Twice "twice" "it was registered twice";
    }
}

/// What somebody types who registers a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The registered name of the legal entity.
    pub legal_name: String,
    /// Its company or charity number.
    pub company_number: String,
    /// Who registers it.
    pub name: String,
    /// Their job title.
    pub title: String,
    /// Where the link is mailed; also the name to sign in with.
    pub email: String,
}

/// A text without spaces around it, at most so long, of one line.
fn line(text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= longest && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

impl Asked {
    /// What was typed as it is kept: trimmed, the number in capitals without spaces, the address in small letters.
    pub fn checked(&self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let mut take = |field: &str, text: &str, longest: usize, ask: &str| {
            line(text, longest).unwrap_or_else(|| {
                invalid.add(field, format!("{ask}, in {longest} characters or fewer"));
                String::new()
            })
        };
        let legal_name =
            take("legal_name", &self.legal_name, LONGEST_NAME, "Enter the registered name of the legal entity");
        let name = take("name", &self.name, LONGEST_PERSON, "Enter your name");
        let title = take("title", &self.title, LONGEST_PERSON, "Enter your job title");
        let company_number: String =
            self.company_number.chars().filter(|one| !one.is_whitespace()).collect::<String>().to_uppercase();
        if !is_company_number(&company_number) {
            invalid.add("company_number", "Enter the company number, like 01234567, or the charity number");
        }
        let email = self.email.trim().to_lowercase();
        if !is_email(&email) {
            invalid.add("email", "Enter your email address, like a.khan@provider.example");
        }
        invalid.or(Self { legal_name, company_number, name, title, email })
    }
}

/// By what company numbers are compared: a leading zero is often left out.
#[must_use]
pub fn company_key(number: &str) -> String {
    let kept: String = number.chars().filter(|one| !one.is_whitespace()).collect();
    kept.trim_start_matches('0').to_uppercase()
}

/// Only while an opening takes applications in time does a provider register.
pub fn open_for(opening: &Opening, moment: Moment) -> Result<(), Refusal> {
    if opening.phase(moment) == OpeningPhase::Open {
        return Ok(());
    }
    Err(Refusal::new(
        "registration_closed",
        "A provider registers itself while an opening takes applications",
        format!("{} takes no applications now.", opening.reference),
        "Nobody: register at the next opening",
    )
    .found(opening.phase(moment).label()))
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RegistrationState {
    /// The provider is registered and can write its application; the regional team has not looked.
    Registered,
    /// The regional team knows who it is.
    Confirmed {
        /// Who says so.
        by: PersonId,
        /// When.
        at: DateTime,
    },
    /// It is a provider that is known here already; what was registered is closed.
    Joined {
        /// Who says so.
        by: PersonId,
        /// When.
        at: DateTime,
        /// The provider that it is.
        provider: OrganisationId,
        /// Its name.
        provider_name: String,
    },
    /// The regional team does not take it.
    Refused {
        /// Who says so.
        by: PersonId,
        /// When.
        at: DateTime,
        /// Why; whoever registered is mailed it.
        why: RefusalWhy,
    },
}

impl RegistrationState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["registered", "confirmed", "joined", "refused"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Confirmed { .. } => "confirmed",
            Self::Joined { .. } => "joined",
            Self::Refused { .. } => "refused",
        }
    }

    /// The words for the regional team.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Registered => "To be looked at",
            Self::Confirmed { .. } => "Confirmed",
            Self::Joined { .. } => "Known already",
            Self::Refused { .. } => "Refused",
        }
    }
}

/// A provider that registered itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Its id.
    pub id: RegistrationId,
    /// Raised by one with every move.
    pub version: i64,
    /// The organisation that was made for it.
    pub provider: OrganisationId,
    /// The regional team.
    pub region: OrganisationId,
    /// The opening.
    pub opening: OpeningId,
    /// Its reference.
    pub opening_reference: String,
    /// What was typed.
    pub asked: Asked,
    /// Who registered it.
    pub person: PersonId,
    /// When the link was used.
    pub at: DateTime,
    /// What became of it.
    pub state: RegistrationState,
}

/// Every move of a registration.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "register", to: "registered", by: "whoever holds the link" },
    Move { from: "registered", act: "confirm", to: "confirmed", by: "commissioning lead" },
    Move { from: "registered", act: "join", to: "joined", by: "commissioning lead" },
    Move { from: "registered", act: "refuse", to: "refused", by: "commissioning lead" },
];

impl Registration {
    /// The provider is registered: its link was used in time.
    pub fn register(self, opening: &Opening, moment: Moment) -> Result<Change<Self>, Refusal> {
        open_for(opening, moment)?;
        let next = Self { version: 1, at: moment.local, state: RegistrationState::Registered, ..self };
        let event = next.event("provider.registered");
        Ok(Change::to(next, event))
    }

    /// The regional team knows who it is.
    pub fn confirm(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.to_look_at()?;
        Ok(self.moved("provider.registration_confirmed", RegistrationState::Confirmed { by, at: moment.local }))
    }

    /// It is a provider that is known here, another than the one that was made for it.
    pub fn join(
        self,
        by: PersonId,
        (provider, name): (OrganisationId, &str),
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.to_look_at()?;
        if provider == self.provider {
            return Err(Refusal::new(
                "registration_joins_itself",
                "A registration is joined with a provider that was known before it",
                "This is the provider that the registration made.",
                "You, by selecting another provider, or by confirming the registration",
            ));
        }
        let state = RegistrationState::Joined { by, at: moment.local, provider, provider_name: name.to_owned() };
        Ok(self.moved("provider.registration_joined", state))
    }

    /// The regional team does not take it, and says why.
    pub fn refuse(self, by: PersonId, why: RefusalWhy, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.to_look_at()?;
        let state = RegistrationState::Refused { by, at: moment.local, why };
        Ok(self.moved("provider.registration_refused", state))
    }

    fn to_look_at(&self) -> Result<(), Refusal> {
        if self.state == RegistrationState::Registered {
            return Ok(());
        }
        Err(Refusal::new(
            "registration_settled",
            "A registration is looked at once",
            "What became of this registration is recorded already.",
            "Nobody: what was recorded stands",
        )
        .found(self.state.label()))
    }

    fn moved(self, kind: &str, state: RegistrationState) -> Change<Self> {
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event(kind);
        Change::to(next, event)
    }

    /// Neither the name nor the address of anybody stands in an event.
    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "provider_registration", self.id.0, self.version)
            .with("opening", &self.opening_reference)
            .with("provider", self.provider)
    }
}

#[cfg(test)]
mod tests;
