//! Which version of the terms binds a placement: the latest that both the authority and the provider accepted. The region
//! issues versions; nobody is bound by one that they have not accepted (rule 1.2).

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Arrangement, OwnDecision, OwnUse, TermsVersion, known_terms};
use crate::change::{Change, Event};
use crate::id::{ArrangementId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};
use crate::power::decision::long_date;

/// A provider's acceptance of a version of the terms, by somebody who says that they have authority to sign. Written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsAcceptance {
    /// The record's id.
    pub id: i64,
    /// The provider.
    pub provider: OrganisationId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The version.
    pub version: String,
    /// Who was signed in.
    pub person: PersonId,
    /// The name as typed.
    pub name: String,
    /// The role as typed.
    pub role: String,
    /// When.
    pub at: DateTime,
}

/// What somebody types who signs for an organisation: a name, a role, and that they have authority to sign.
pub fn check_signer(name: &str, role: &str, has_authority: bool) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    for (field, text, ask) in [("name", name, "Type your full name"), ("role", role, "Type your role")] {
        let length = text.trim().chars().count();
        if length < 2 {
            invalid.add(field, ask);
        } else if length > 120 {
            invalid.add(field, format!("{ask}, in 120 characters or fewer"));
        }
    }
    if !has_authority {
        invalid.add("authority", "Confirm that you have authority to sign, or ask somebody who has");
    }
    invalid.or(())
}

impl TermsAcceptance {
    /// Checks what was typed: a name, a role, and the statement of authority.
    pub fn checked(self, has_authority: bool) -> Result<Self, Invalid> {
        check_signer(&self.name, &self.role, has_authority)?;
        Ok(self)
    }

    /// Accepts it: a version of the arrangement, once.
    pub fn accept(self, arrangement: &Arrangement, earlier: &[Self]) -> Result<Change<Self>, Refusal> {
        known_terms(arrangement, &self.version)?;
        let same = |done: &&Self| done.arrangement == self.arrangement && done.version == self.version;
        if let Some(done) = earlier.iter().find(same) {
            return Err(Refusal::new(
                "accepted_already",
                "A version of the terms is accepted once",
                "Your organisation has accepted this version already.",
                "Nobody: it stands",
            )
            .found(long_date(done.at.date())));
        }
        let event = Event::new("terms.accepted", "terms_acceptance", self.id, 1)
            .with("slug", &arrangement.slug)
            .with("terms", &self.version)
            .with("accepted_by", self.person);
        Ok(Change::to(self, event))
    }
}

/// What one side has accepted: the version in force when it joined, with those before, and each that it accepted since.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AcceptedBy {
    /// The day on which the authority's adoption took effect, or the provider's first home was admitted.
    pub joined: Option<Date>,
    /// Versions accepted by an act of their own.
    pub versions: Vec<String>,
}

impl AcceptedBy {
    /// What an authority accepted of an arrangement, by its own decisions about it.
    #[must_use]
    pub fn authority(arrangement: ArrangementId, joined: Option<Date>, uses: &[OwnUse]) -> Self {
        let versions = uses.iter().filter(|one| one.arrangement == arrangement).filter_map(|one| match &one.decision {
            OwnDecision::AcceptTerms { version } => Some(version.clone()),
            OwnDecision::UseExtension { .. } => None,
        });
        Self { joined, versions: versions.collect() }
    }

    /// What a provider accepted of an arrangement.
    #[must_use]
    pub fn provider(arrangement: ArrangementId, joined: Option<Date>, accepted: &[TermsAcceptance]) -> Self {
        let versions = accepted.iter().filter(|one| one.arrangement == arrangement).map(|one| one.version.clone());
        Self { joined, versions: versions.collect() }
    }

    /// Whether it is bound by a version: accepted by an act, or in force when it joined or before. The first version
    /// binds everybody who takes part.
    #[must_use]
    pub fn binds(&self, arrangement: &Arrangement, terms: &TermsVersion) -> bool {
        let first = arrangement.terms.first().is_some_and(|first| first.version == terms.version);
        first || self.joined.is_some_and(|joined| terms.from <= joined) || self.versions.contains(&terms.version)
    }
}

impl Arrangement {
    /// The version that binds a placement from a day: the latest in force then that both sides accepted. None where the
    /// arrangement has no terms.
    #[must_use]
    pub fn terms_between(&self, authority: &AcceptedBy, provider: &AcceptedBy, day: Date) -> Option<&TermsVersion> {
        let both = |terms: &&TermsVersion| authority.binds(self, terms) && provider.binds(self, terms);
        let mut in_force = self.terms.iter().rev().filter(|terms| terms.from <= day);
        in_force.find(both).or_else(|| self.terms.first())
    }

    /// The versions that a side has not accepted, oldest first.
    pub fn not_accepted<'a>(&'a self, by: &'a AcceptedBy) -> impl Iterator<Item = &'a TermsVersion> {
        self.terms.iter().filter(|terms| !by.binds(self, terms))
    }
}
