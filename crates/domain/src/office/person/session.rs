//! By what somebody acts now: a browser's session with its last proof of who they are, or a token with its scope; and
//! for how long each holds.

use jiff::Timestamp;

use crate::id::OrganisationId;
use crate::office::access::Action;
use crate::outcome::Refusal;
use crate::setting::{DayCount, Key, Scope, SettingValue};

coded! {
    /// How somebody proved who they are.
    Method {
        Password "password" "Password";
        Code "code" "Password and code";
        RecoveryCode "recovery_code" "Password and recovery code";
        Passkey "passkey" "Passkey";
        Provider "provider" "Your organisation's sign-in";
        Demonstration "demonstration" "The demonstration's list";
    }
}

/// By what somebody acts now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum By {
    /// The service itself: a job, the command line, a one-time link, the demonstration's fill.
    #[default]
    Service,
    /// A browser's session.
    Session {
        /// Until when the last proof of who they are counts as recent.
        proven_until: Timestamp,
        /// The organisation whose identity provider vouches for them; none where they came in by what is their own.
        provider: Option<OrganisationId>,
    },
    /// A token for a program.
    Token(TokenScope),
}

impl By {
    /// Whether what somebody acts by reaches this; a session reaches all that the role may ask for.
    #[must_use]
    pub fn covers(&self, action: Action) -> bool {
        match self {
            Self::Service | Self::Session { .. } => true,
            Self::Token(scope) => scope.covers(action),
        }
    }

    /// Whether they have proven lately who they are. A token proves nothing of who holds it now.
    #[must_use]
    pub fn is_proven(&self, now: Timestamp) -> bool {
        match self {
            Self::Service => true,
            Self::Session { proven_until, .. } => now < *proven_until,
            Self::Token(_) => false,
        }
    }

    /// The organisation whose identity provider alone vouches for whoever acts.
    #[must_use]
    pub const fn provider(&self) -> Option<OrganisationId> {
        match self {
            Self::Session { provider, .. } => *provider,
            Self::Service | Self::Token(_) => None,
        }
    }

    /// Whether they may change how they themselves sign in: not where somebody else's word alone says who they are, since that
    /// organisation would then speak for them everywhere.
    pub fn own_account(&self) -> Result<(), Refusal> {
        match self.provider() {
            None => Ok(()),
            Some(_) => Err(Refusal::new(
                "provider_session",
                "An organisation's sign-in vouches for its people's work there, and changes nothing of how they sign in elsewhere",
                "You came in by your organisation's sign-in, which does not change your passkeys, second step or password here.",
                "You, by signing in with a password or passkey of your own; the sign-in page mails a link for a password",
            )),
        }
    }

    /// Whether an act that needs a recent proof may go on: by one's own, or by a token whose scope says so of this act, made
    /// by somebody who had proven who they are.
    #[must_use]
    pub fn is_proven_for(&self, action: Action, now: Timestamp) -> bool {
        match self {
            Self::Service | Self::Session { .. } => self.is_proven(now),
            Self::Token(scope) => scope.stands_for_proof(action),
        }
    }
}

/// What a token is for: never more than its person's role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenScope {
    /// All that the role may ask for, but for the acts that need a recent proof.
    Everything,
    /// All that the role may ask for, and the acts that need a recent proof with it.
    EverythingWithProof,
    /// Reading alone.
    Reading,
    /// These actions of the permission table and no others; one that needs a recent proof is done because it is named.
    Actions(Vec<Action>),
    /// A provider's: one of these for one of its homes alone, by the register's number.
    AtHome(Box<Self>, String),
}

/// Between what a token may do and the home that it is for.
const AT: &str = " at ";

impl TokenScope {
    /// What somebody who names a scope is asked for.
    pub const ASK: &str = "Enter everything, everything_with_proof (signing, approving and changing people too), reading, or \
                           actions of the permission table with spaces between, like SeeReferrals MakeReferral; of a provider, \
                           with one of its homes behind it, like reading at SC392492";

    /// The register's number of the one home that it is for; none where it is for all.
    #[must_use]
    pub fn home(&self) -> Option<&str> {
        match self {
            Self::AtHome(_, urn) => Some(urn),
            Self::Everything | Self::EverythingWithProof | Self::Reading | Self::Actions(_) => None,
        }
    }

    /// Whether it reaches this.
    #[must_use]
    pub fn covers(&self, action: Action) -> bool {
        match self {
            Self::Everything | Self::EverythingWithProof => true,
            Self::Reading => action.reads(),
            Self::Actions(actions) => actions.contains(&action),
            Self::AtHome(scope, _) => scope.covers(action),
        }
    }

    /// Whether it says of an act that needs a recent proof that it may be done without one.
    #[must_use]
    pub fn stands_for_proof(&self, action: Action) -> bool {
        match self {
            Self::Everything | Self::Reading => false,
            Self::EverythingWithProof => true,
            Self::Actions(actions) => actions.contains(&action),
            Self::AtHome(scope, _) => scope.stands_for_proof(action),
        }
    }

    /// As it is stored.
    #[must_use]
    pub fn write(&self) -> String {
        match self {
            Self::Everything => "everything".to_owned(),
            Self::EverythingWithProof => "everything_with_proof".to_owned(),
            Self::Reading => "reading".to_owned(),
            Self::Actions(actions) => actions.iter().map(|action| action.name()).collect::<Vec<_>>().join(" "),
            Self::AtHome(scope, urn) => format!("{}{AT}{urn}", scope.write()),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Everything => {
                "All that the role may ask for, but no signing, approving or changing people".to_owned()
            }
            Self::EverythingWithProof => {
                "All that the role may ask for, signing, approving and changing people with it".to_owned()
            }
            Self::Reading => "Reading only".to_owned(),
            Self::Actions(_) => self.write(),
            Self::AtHome(scope, urn) => format!("{}; for the home {urn} alone", scope.words()),
        }
    }

    /// What is stored, or what somebody typed; none where it names something that is no action.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if let Some((scope, urn)) = text.trim().rsplit_once(AT) {
            let urn = urn.trim().to_uppercase();
            let known = (4..=12).contains(&urn.len()) && urn.bytes().all(|one| one.is_ascii_alphanumeric());
            let scope = Self::read(scope).filter(|scope| known && scope.home().is_none())?;
            return Some(Self::AtHome(Box::new(scope), urn));
        }
        match text.trim() {
            "" => None,
            "everything" => Some(Self::Everything),
            "everything_with_proof" => Some(Self::EverythingWithProof),
            "reading" => Some(Self::Reading),
            names => names
                .split_whitespace()
                .map(|name| Action::ALL.iter().copied().find(|action| action.name() == name))
                .collect::<Option<Vec<_>>>()
                .map(Self::Actions),
        }
    }
}

/// A number of minutes, from one to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes(pub u32);

impl Minutes {
    /// In seconds.
    #[must_use]
    pub fn seconds(self) -> i64 {
        i64::from(self.0) * 60
    }
}

impl SettingValue for Minutes {
    const ASK: &'static str = "Enter a number of minutes from 1 to 1440, like 30";

    fn read(text: &str) -> Option<Self> {
        text.trim().parse().ok().filter(|minutes| (1..=1440).contains(minutes)).map(Self)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }

    fn words(&self) -> String {
        match self.0 {
            1 => "1 minute".to_owned(),
            minutes => format!("{minutes} minutes"),
        }
    }
}

/// For how many minutes a proof of who somebody is counts as recent: an hour at most, or it is soon that of whoever sits at
/// the desk. A longer time that was recorded before that was asked for counts as the hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProofMinutes(pub Minutes);

impl ProofMinutes {
    /// The most minutes.
    const MOST: u32 = 60;
}

impl SettingValue for ProofMinutes {
    const ASK: &'static str = "Enter a number of minutes from 1 to 60, like 15";

    fn read(text: &str) -> Option<Self> {
        Minutes::read(text).map(|minutes| Self(Minutes(minutes.0.min(Self::MOST))))
    }

    fn typed(text: &str) -> Option<Self> {
        Minutes::read(text).filter(|minutes| minutes.0 <= Self::MOST).map(Self)
    }

    fn write(&self) -> String {
        self.0.write()
    }

    fn words(&self) -> String {
        self.0.words()
    }
}

/// How long a session that nobody uses goes on.
pub const SESSION_IDLE: Key<Minutes> = Key {
    name: "session.idle",
    title: "Signed out when nothing was asked for this long",
    effect: "Sessions that begin after the change end when nothing was asked for that long. Running ones keep their limit.",
    source: "OWASP ASVS 5.0, 7.3.1: an idle limit after the sensitivity of what is shown",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: || Minutes(60),
};

/// How long a session goes on at most.
pub const SESSION_LONGEST: Key<Minutes> = Key {
    name: "session.longest",
    title: "Signed out at the latest after",
    effect: "Sessions that begin after the change end then, whatever is asked for. Running ones keep their limit.",
    source: "OWASP ASVS 5.0, 7.3.2: an absolute limit; here a working day",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: || Minutes(600),
};

/// For how many days an API token holds at most.
pub const LONGEST_TOKEN: Key<DayCount> = Key {
    name: "token.longest",
    title: "A token for another program holds for at most",
    effect: "Tokens that are made from that day on hold no longer. Tokens made before keep their end.",
    source: "OWASP ASVS 5.0, 13.3.4: a program’s secret runs out and is replaced; here within a year",
    scope: Scope::System,
    keeper: Action::KeepSystem,
    form: None,
    default: || DayCount(366),
};

/// For how many days a token holds at most that is made in a session for which an organisation's sign-in vouches: by so much,
/// and no more, it may outlive that sign-in's word.
pub const VOUCHED_TOKEN_DAYS: u16 = 30;

/// How long the link for a forgotten password holds.
pub const PASSWORD_LINK: Key<Minutes> = Key {
    name: "password.link",
    title: "The link for a forgotten password holds for",
    effect: "Links that are mailed from that day on hold that long, and are used once as before.",
    source: "This service: long enough for a mail to come, and no longer",
    scope: Scope::System,
    keeper: Action::KeepSystem,
    form: None,
    default: || Minutes(60),
};

/// For how long a proof of who somebody is counts as recent.
pub const PROOF_HOLDS: Key<ProofMinutes> = Key {
    name: "session.proof",
    title: "Asked to prove who you are again after",
    effect: "Signing, approving and changing people ask for a new proof where the last is older. Proofs given before keep \
             their time.",
    source: "OWASP ASVS 5.0, 7.5.1 and 7.5.3: re-authentication before sensitive acts",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: || ProofMinutes(Minutes(15)),
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_token_never_reaches_beyond_its_scope() {
        let some = TokenScope::read("SeeReferrals MakeReferral").unwrap();
        assert!(some.covers(Action::MakeReferral) && !some.covers(Action::SeeChild));
        assert!(TokenScope::Reading.covers(Action::SeeReferrals) && !TokenScope::Reading.covers(Action::MakeReferral));
        for action in Action::ALL {
            assert!(TokenScope::Everything.covers(*action));
            assert!(!(TokenScope::Reading.covers(*action) && action.needs_proof()), "{}", action.name());
        }
        for wrong in ["", "all", "SeeReferrals SeeNothing"] {
            assert_eq!(TokenScope::read(wrong), None, "{wrong}");
        }
        assert_eq!(TokenScope::read(&some.write()), Some(some));
    }

    #[test]
    fn a_providers_token_is_for_one_of_its_homes_and_reaches_no_further_than_its_scope() {
        let one = TokenScope::read("reading at sc392492").unwrap();
        assert_eq!((one.home(), one.write().as_str()), (Some("SC392492"), "reading at SC392492"));
        assert!(one.covers(Action::SeeInvitations) && !one.covers(Action::AnswerInvitation));
        assert_eq!(TokenScope::read(&one.write()), Some(one));
        for wrong in
            ["reading at ", "at SC392492", "reading at SC392492 at SC392493", "reading at home!", "all at SC392492"]
        {
            assert_eq!(TokenScope::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_token_does_what_needs_a_proof_only_where_its_scope_says_so() {
        let now = Timestamp::UNIX_EPOCH;
        let by = |text: &str| By::Token(TokenScope::read(text).unwrap());
        for action in Action::ALL.iter().copied().filter(|action| action.needs_proof()) {
            assert!(!by("everything").is_proven_for(action, now), "{}", action.name());
            assert!(!by("reading").is_proven_for(action, now), "{}", action.name());
            assert!(by("everything_with_proof").is_proven_for(action, now), "{}", action.name());
            assert!(by(action.name()).is_proven_for(action, now), "{}", action.name());
        }
        assert!(!by("SignAgreement").is_proven_for(Action::Decide, now));
        assert!(!by("everything_with_proof").is_proven(now), "a token is nobody's proof of who they are");
        assert_eq!(TokenScope::read(&TokenScope::EverythingWithProof.write()), Some(TokenScope::EverythingWithProof));
    }

    #[test]
    fn a_proof_counts_as_recent_until_its_time_and_not_at_it() {
        let until = Timestamp::UNIX_EPOCH;
        let session = By::Session { proven_until: until, provider: None };
        assert!(session.is_proven(until - jiff::SignedDuration::from_secs(1)));
        assert!(!session.is_proven(until));
        assert!(By::Service.is_proven(until));
    }

    #[test]
    fn a_proof_counts_for_an_hour_at_most_whatever_was_recorded_before() {
        let typed = |text| ProofMinutes::typed(text).map(|proof| proof.words());
        assert_eq!((typed("1").as_deref(), typed(" 60 ").as_deref()), (Some("1 minute"), Some("60 minutes")));
        for wrong in ["0", "61", "1440", "", "an hour"] {
            assert_eq!(ProofMinutes::typed(wrong), None, "{wrong}");
        }
        let stands = |text| ProofMinutes::read(text).map(|proof| proof.0.seconds());
        assert_eq!((stands("30"), stands("1440"), stands("1441")), (Some(1_800), Some(3_600), None));
    }

    #[test]
    fn a_session_that_a_provider_vouches_for_changes_nothing_of_how_its_person_signs_in() {
        let by = |provider| By::Session { proven_until: Timestamp::MAX, provider };
        assert_eq!(by(Some(OrganisationId(2))).own_account().unwrap_err().code, "provider_session");
        assert!(by(None).own_account().is_ok());
    }

    #[test]
    fn a_method_reads_back_as_it_was_written() {
        for method in Method::ALL {
            assert_eq!(Method::from_code(method.code()), Some(*method));
        }
        assert_eq!((Minutes::read(" 30 "), Minutes::read("0"), Minutes::read("1441")), (Some(Minutes(30)), None, None));
    }
}
