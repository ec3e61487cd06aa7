//! By what somebody acts now: a browser's session with its last proof of who they are, or a token with its scope; and
//! for how long each holds.

use jiff::Timestamp;

use crate::office::access::Action;
use crate::setting::{Key, Scope, SettingValue};

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

    /// Whether they have proven lately who they are. A token was made by somebody who had, for what its scope names.
    #[must_use]
    pub fn is_proven(&self, now: Timestamp) -> bool {
        match self {
            Self::Service | Self::Token(_) => true,
            Self::Session { proven_until } => now < *proven_until,
        }
    }
}

/// What a token is for: never more than its person's role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenScope {
    /// All that the role may ask for.
    Everything,
    /// Reading alone.
    Reading,
    /// These actions of the permission table and no others.
    Actions(Vec<Action>),
}

impl TokenScope {
    /// What somebody who names a scope is asked for.
    pub const ASK: &str = "Enter everything, reading, or actions of the permission table with spaces between, like SeeReferrals MakeReferral";

    /// Whether it reaches this.
    #[must_use]
    pub fn covers(&self, action: Action) -> bool {
        match self {
            Self::Everything => true,
            Self::Reading => action.reads(),
            Self::Actions(actions) => actions.contains(&action),
        }
    }

    /// As it is stored.
    #[must_use]
    pub fn write(&self) -> String {
        match self {
            Self::Everything => "everything".to_owned(),
            Self::Reading => "reading".to_owned(),
            Self::Actions(actions) => actions.iter().map(|action| action.name()).collect::<Vec<_>>().join(" "),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Everything => "All that the role may ask for".to_owned(),
            Self::Reading => "Reading only".to_owned(),
            Self::Actions(_) => self.write(),
        }
    }

    /// What is stored, or what somebody typed; none where it names something that is no action.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        match text.trim() {
            "" => None,
            "everything" => Some(Self::Everything),
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

/// For how long a proof of who somebody is counts as recent.
pub const PROOF_HOLDS: Key<Minutes> = Key {
    name: "session.proof",
    title: "Asked to prove who you are again after",
    effect: "Signing, approving and changing people ask for a new proof where the last is older. Proofs given before keep \
             their time.",
    source: "OWASP ASVS 5.0, 7.5.1 and 7.5.3: re-authentication before sensitive acts",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: || Minutes(15),
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
    fn a_proof_counts_as_recent_until_its_time_and_not_at_it() {
        let until = Timestamp::UNIX_EPOCH;
        let session = By::Session { proven_until: until };
        assert!(session.is_proven(until - jiff::SignedDuration::from_secs(1)));
        assert!(!session.is_proven(until));
        assert!(By::Service.is_proven(until));
    }

    #[test]
    fn a_method_reads_back_as_it_was_written() {
        for method in Method::ALL {
            assert_eq!(Method::from_code(method.code()), Some(*method));
        }
        assert_eq!((Minutes::read(" 30 "), Minutes::read("0"), Minutes::read("1441")), (Some(Minutes(30)), None, None));
    }
}
