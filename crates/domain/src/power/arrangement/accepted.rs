//! Which version of the terms, and of the specification, binds a placement: the latest that both the authority and the
//! provider accepted. The region issues versions; nobody is bound by one that they have not accepted (rule 1.2).

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Arrangement, Cited, Instrument, OwnUse, TermsVersion};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::id::{ArrangementId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};

/// A provider's acceptance of a version of the terms, by somebody who says that they have authority to sign. Written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsAcceptance {
    /// The record's id.
    pub id: i64,
    /// The provider.
    pub provider: OrganisationId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// Whether of the terms or of the specification.
    #[serde(default)]
    pub of: Instrument,
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
    /// The version as it is told apart from those of the other instrument.
    #[must_use]
    pub fn key(&self) -> String {
        self.of.key(&self.version)
    }

    /// Checks what was typed: a name, a role, and the statement of authority.
    pub fn checked(self, has_authority: bool) -> Result<Self, Invalid> {
        check_signer(&self.name, &self.role, has_authority)?;
        Ok(self)
    }

    /// Accepts it: a version of the arrangement, once.
    pub fn accept(self, arrangement: &Arrangement, earlier: &[Self]) -> Result<Change<Self>, Refusal> {
        arrangement.version_of(self.of, &self.version)?;
        let same = |done: &&Self| done.arrangement == self.arrangement && done.key() == self.key();
        if let Some(done) = earlier.iter().find(same) {
            return Err(Refusal::new(
                "accepted_already",
                "A version of the terms, or of the specification, is accepted once",
                "Your organisation has accepted this version already.",
                "Nobody: it stands",
            )
            .found(long_date(done.at.date())));
        }
        let event = Event::new("terms.accepted", "terms_acceptance", self.id, 1)
            .with("slug", &arrangement.slug)
            .with("of", self.of.code())
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
    /// The keys of the versions that were accepted by an act of their own.
    pub versions: Vec<String>,
}

impl AcceptedBy {
    /// What an authority accepted of an arrangement, by its own decisions about it.
    #[must_use]
    pub fn authority(arrangement: ArrangementId, joined: Option<Date>, uses: &[OwnUse]) -> Self {
        let of_it = uses.iter().filter(|one| one.arrangement == arrangement);
        let versions = of_it.filter_map(|one| one.decision.accepts().map(|(of, version)| of.key(version)));
        Self { joined, versions: versions.collect() }
    }

    /// What a provider accepted of an arrangement.
    #[must_use]
    pub fn provider(arrangement: ArrangementId, joined: Option<Date>, accepted: &[TermsAcceptance]) -> Self {
        let versions = accepted.iter().filter(|one| one.arrangement == arrangement).map(TermsAcceptance::key);
        Self { joined, versions: versions.collect() }
    }

    /// Whether it is bound by a version: accepted by an act, or in force when it joined or before. The first version
    /// of the terms, and of the specification one that is there from the arrangement's first day, binds everybody who takes
    /// part.
    #[must_use]
    pub fn binds(&self, arrangement: &Arrangement, of: Instrument, terms: &TermsVersion) -> bool {
        let first = arrangement.versions(of).first().is_some_and(|first| first.version == terms.version);
        let from_the_start = first && (of == Instrument::Terms || terms.from <= arrangement.term.start);
        from_the_start
            || self.joined.is_some_and(|joined| terms.from <= joined)
            || self.versions.contains(&of.key(&terms.version))
    }
}

impl Arrangement {
    /// The version that binds a placement from a day: the latest in force then that both sides accepted. Of the terms the
    /// first, where they accepted none; none where there are no versions, or of the specification none accepted by both.
    #[must_use]
    pub fn terms_between(
        &self,
        of: Instrument,
        (authority, provider): (&AcceptedBy, &AcceptedBy),
        day: Date,
    ) -> Option<&TermsVersion> {
        let both = |terms: &&TermsVersion| authority.binds(self, of, terms) && provider.binds(self, of, terms);
        let mut in_force = self.versions(of).iter().rev().filter(|terms| terms.from <= day);
        in_force.find(both).or_else(|| self.terms.first().filter(|_| of == Instrument::Terms))
    }

    /// The versions that a placement from a day cites, of the terms and of the specification.
    #[must_use]
    pub fn cited_between(&self, sides: (&AcceptedBy, &AcceptedBy), day: Date) -> Cited {
        let number = |of| self.terms_between(of, sides, day).map_or_else(String::new, |one| one.version.clone());
        Cited { terms: number(Instrument::Terms), specification: number(Instrument::Specification) }
    }

    /// The versions that a side has not accepted: those of the terms first, each oldest first.
    pub fn not_accepted<'a>(&'a self, by: &'a AcceptedBy) -> impl Iterator<Item = (Instrument, &'a TermsVersion)> {
        let all = Instrument::ALL.into_iter();
        let all = all.flat_map(|of| self.versions(of).iter().map(move |terms| (of, terms)));
        all.filter(|(of, terms)| !by.binds(self, *of, terms))
    }
}
