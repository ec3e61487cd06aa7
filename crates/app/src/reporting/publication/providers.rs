//! The list of providers for everybody: as it was counted with the latest year that is published.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;

use crate::answer::Answer;
use crate::clock::moment_at;
use crate::command::App;

/// One provider as everybody reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its name; none for all the others together.
    pub name: Option<String>,
    /// How many providers it is of.
    pub providers: u64,
    /// Homes on the register.
    pub homes: u64,
}

/// The list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderList {
    /// On which day it was counted; none before a year is published.
    pub counted_on: Option<Date>,
    /// The providers, the largest first, the others together last.
    pub rows: Vec<ProviderRow>,
}

impl App {
    /// Providers with their homes on the register, as counted with the latest year that tells of them: public.
    pub async fn public_providers(&self) -> Answer<ProviderList> {
        let session = self.visit().await?;
        let published = session.published_years().await?;
        let Some(latest) = published.into_iter().find(|one| !one.totals.homes.is_empty()) else {
            return Ok(ProviderList::default());
        };
        let names: BTreeMap<OrganisationId, String> =
            session.organisations().await?.into_iter().map(|one| (one.id, one.name)).collect();
        let rows = latest.totals.homes.iter().map(|one| ProviderRow {
            name: one.provider.and_then(|provider| names.get(&provider)).cloned(),
            providers: one.providers,
            homes: one.homes,
        });
        Ok(ProviderList { counted_on: Some(moment_at(latest.published_at).local.date()), rows: rows.collect() })
    }
}
