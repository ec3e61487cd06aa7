//! What a decision expected of prices, and whether it came true.

use super::Verdict;
use crate::office::access::Action;
use crate::setting::{Key, Scope, SettingValue};

coded! {
    /// What an authority's decision expected of spot prices against the arrangement's.
    Expectation {
        /// The decision does not say.
        NotSaid => "not_said", "The decision does not say";
        /// Broadly similar.
        BroadlySimilar => "broadly_similar", "Broadly similar";
        /// Spot purchase costs more.
        SpotDearer => "spot_dearer", "Spot purchase costs more";
        /// Spot purchase costs less.
        SpotCheaper => "spot_cheaper", "Spot purchase costs less";
    }
}

impl SettingValue for Expectation {
    const ASK: &'static str =
        "Enter what the decision expected: broadly similar, spot dearer, spot cheaper or not said";

    fn read(text: &str) -> Option<Self> {
        let code = text.trim().to_lowercase().replace([' ', '-'], "_");
        Self::from_code(&code)
    }

    fn write(&self) -> String {
        self.code().to_owned()
    }

    fn words(&self) -> String {
        self.label().to_owned()
    }
}

/// What the decision of an authority expected of prices (rule 8): it stands beside the outturn.
pub const EXPECTED_PRICES: Key<Expectation> = Key {
    name: "comparison.expected",
    title: "What the decision expected of spot prices",
    effect: "It stands beside the outturn in the comparison of prices. It changes no verdict.",
    source: "The decision's own words, which the authority records",
    scope: Scope::Authority,
    keeper: Action::RecordDecision,
    form: None,
    default: || Expectation::NotSaid,
};

/// Whether an expectation came true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outturn {
    /// Nothing was expected.
    NothingExpected,
    /// It came true.
    AsExpected,
    /// It did not.
    NotAsExpected,
    /// Too little is known to say.
    CannotSay,
}

impl Outturn {
    /// The outturn in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NothingExpected => "Nothing was expected",
            Self::AsExpected => "As expected",
            Self::NotAsExpected => "Not as expected",
            Self::CannotSay => "Cannot be said yet",
        }
    }
}

impl Expectation {
    /// Whether it came true, by the verdict on spot purchase against the arrangement.
    #[must_use]
    pub const fn outturn(self, verdict: Verdict) -> Outturn {
        match (self, verdict) {
            (Self::NotSaid, _) => Outturn::NothingExpected,
            (_, Verdict::TooFew(_) | Verdict::CannotTell(_)) => Outturn::CannotSay,
            (Self::BroadlySimilar, Verdict::BroadlySimilar)
            | (Self::SpotDearer, Verdict::Higher)
            | (Self::SpotCheaper, Verdict::Lower) => Outturn::AsExpected,
            (Self::BroadlySimilar, Verdict::Lower | Verdict::Higher)
            | (Self::SpotDearer, Verdict::BroadlySimilar | Verdict::Lower)
            | (Self::SpotCheaper, Verdict::BroadlySimilar | Verdict::Higher) => Outturn::NotAsExpected,
        }
    }
}
