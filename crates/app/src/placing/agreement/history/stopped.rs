//! Homes that took no new placement on the day on which a stay began: told beside the row, since what is brought in has no
//! approval and no checks here that would have asked.

use std::collections::BTreeSet;

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::home::history::{RegistrationFact, state_on};
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::owner::{OwnerFact, owner_on};
use placewell_domain::homes::home::{Grade, Home, HomeState, Inspection};
use placewell_domain::homes::price::KNOWN_OPEN;
use placewell_domain::homes::standing::{Standing, StandingFact, StandingSubject, standing_on};
use placewell_domain::id::OrganisationId;
use placewell_store::Session;

use crate::answer::Answer;

/// What is known today of a home's past.
pub(super) struct Past {
    registration: Vec<RegistrationFact>,
    owners: Vec<OwnerFact>,
    facts: Vec<StandingFact>,
    inspections: Vec<Inspection>,
}

impl Past {
    /// Reads it, with how each provider stood that had the home.
    pub(super) async fn read(session: &Session, home: &Home) -> Answer<Self> {
        let registration = session.registration_history(home.id).await?;
        let owners = session.owners_known(home.id, KNOWN_OPEN - 1).await?;
        let mut facts = session.standing_of(home.id, home.provider).await?;
        let before: BTreeSet<OrganisationId> = owners.iter().map(|fact| fact.owner).collect();
        for owner in before.into_iter().filter(|owner| *owner != home.provider) {
            let all = session.standing_of(home.id, owner).await?;
            facts.extend(all.into_iter().filter(|fact| fact.subject == StandingSubject::Provider(owner)));
        }
        Ok(Self {
            registration: registration.into_iter().map(|line| line.fact).collect(),
            owners,
            facts,
            inspections: session.inspections(home.id).await?,
        })
    }

    /// What stood against a new placement on a day, in words; empty where nothing did.
    pub(super) fn against(&self, home: &Home, day: Date) -> Vec<String> {
        let state = state_on(&self.registration, day).unwrap_or_else(|| home.state.clone());
        let mut found = Vec::new();
        match state {
            HomeState::Closed { on } if on <= day => found.push(format!("not registered since {}", long_date(on))),
            HomeState::Suspended { since } if since <= day => {
                found.push(format!("its registration was not active since {}", long_date(since)));
            }
            HomeState::Registered { since: Some(since) } if day < since => {
                found.push(format!("registered only from {}", long_date(since)));
            }
            _ => {}
        }
        let provider = owner_on(&self.owners, day).unwrap_or(home.provider);
        let on = standing_on(&self.facts, home.id, provider, day);
        if let Some(notice) = on.restriction {
            found.push(format!("Ofsted restricted new admissions since {}", long_date(notice.from)));
        }
        if let (Standing::Suspended | Standing::Removed, Some(fact)) = (on.standing, on.because) {
            let standing = on.standing.label().to_lowercase();
            found.push(format!("{standing} since {}: {}", long_date(fact.from), fact.reason.label()));
        }
        if let (Grade::Inadequate, Some(seen)) = grade_on(&self.inspections, day) {
            found.push(format!("graded Inadequate at the inspection of {}", long_date(seen.inspected_on)));
        }
        found
    }
}
