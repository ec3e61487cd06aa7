//! Who takes no new placements today, whatever said so: a measure, what was brought in, insurance that ran out, Ofsted's
//! notice. With the children who live there, because they stay and each is reviewed.

use std::collections::BTreeMap;

use placewell_domain::homes::standing::{Standing, StandingFact, StandingSubject};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;

use crate::answer::Answer;
use crate::command::App;

/// A provider or a home that takes no new placements.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// Its name.
    pub name: String,
    /// A provider's code, or a home's number.
    pub code: String,
    /// The fact that stops it.
    pub fact: StandingFact,
    /// The homes that it is about.
    pub homes: Vec<HomeId>,
    /// Children placed there, by authority; those without are left out.
    pub children: Vec<(String, u32)>,
}

impl Stopped {
    /// Whether a provider is stopped with all its homes.
    #[must_use]
    pub const fn of_provider(&self) -> bool {
        matches!(self.fact.subject, StandingSubject::Provider(_))
    }

    /// How many children are placed there.
    #[must_use]
    pub fn placed(&self) -> u32 {
        self.children.iter().map(|(_, count)| count).sum()
    }
}

impl App {
    /// The providers and homes of the region that take no new placements today, those with most children first.
    pub async fn stopped(&self, actor: &Actor) -> Answer<Vec<Stopped>> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let today = self.calendar.now().today();
        let mut homes = session.homes().await?;
        homes.retain(|home| home.region == actor.organisation);
        let organisations: BTreeMap<OrganisationId, Organisation> =
            session.organisations().await?.into_iter().map(|one| (one.id, one)).collect();
        let mut facts = session.standing_facts().await?;
        drop(session);
        let stops = |standing| matches!(standing, Standing::Suspended | Standing::Removed);
        facts.retain(|fact| stops(fact.standing) && fact.from <= today && today < fact.until);
        let mut found: Vec<Stopped> = facts
            .into_iter()
            .filter_map(|fact| {
                let (name, code, at) = match fact.subject {
                    StandingSubject::Home(id) => {
                        let home = homes.iter().find(|home| home.id == id)?;
                        (home.name.clone(), home.urn.to_string(), vec![id])
                    }
                    StandingSubject::Provider(id) => {
                        let provider = organisations.get(&id)?;
                        let own = homes.iter().filter(|home| home.provider == id).map(|home| home.id);
                        (provider.name.clone(), provider.code.clone(), own.collect())
                    }
                };
                Some(Stopped { name, code, fact, homes: at, children: Vec::new() })
            })
            .collect();
        let mut all: Vec<HomeId> = found.iter().flat_map(|one| one.homes.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        for authority in organisations.values().filter(|one| one.kind == OrganisationKind::Authority) {
            let placed = self.store.read(Some(authority.id)).await?.placed_at(authority.id, &all).await?;
            for one in &mut found {
                let count = placed.iter().filter(|home| one.homes.contains(home)).count();
                if count > 0 {
                    one.children.push((authority.name.clone(), u32::try_from(count).unwrap_or(u32::MAX)));
                }
            }
        }
        found.sort_by_key(|one| (core::cmp::Reverse(one.placed()), one.name.to_lowercase(), one.fact.from));
        Ok(found)
    }
}
