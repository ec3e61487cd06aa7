//! What identity providers said of themselves, remembered for minutes: whoever opens the way to one makes this service ask it
//! once, and not each time.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use openidconnect::{IssuerUrl, ProviderMetadataWithLogout};

use super::outward::Reach;
use super::provider::{not_taken, refused};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;

/// What a provider said holds for so long; its keys are asked for anew before that where a token fits none.
const HOLDS: SignedDuration = SignedDuration::from_mins(10);
/// A provider that did not answer is not asked again for so long.
const SILENT_FOR: SignedDuration = SignedDuration::from_secs(30);

/// What was found of one: none where it did not answer; and until when that holds.
type Found = (Option<ProviderMetadataWithLogout>, Timestamp);

/// What is remembered, by the issuer's address.
#[derive(Default)]
pub(crate) struct KnownProviders(Mutex<BTreeMap<String, Found>>);

impl KnownProviders {
    fn get(&self, issuer: &str, now: Timestamp) -> Option<Found> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(issuer).filter(|(_, until)| *until > now).cloned()
    }

    fn keep(&self, issuer: &str, found: Option<ProviderMetadataWithLogout>, now: Timestamp) {
        let holds = if found.is_some() { HOLDS } else { SILENT_FOR };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, until)| *until > now);
        known.insert(issuer.to_owned(), (found, now + holds));
    }
}

/// Whether what is remembered will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// What was said within the last minutes.
    Lately,
    /// The provider is asked now.
    Anew,
}

impl App {
    /// What a provider says of itself.
    pub(super) async fn discover(&self, issuer: &str, asked: Asked) -> Answer<ProviderMetadataWithLogout> {
        let (reach, now): (Reach, _) = (self.reach().await?, Machine::now());
        if !reach.holds(issuer) {
            return Err(not_taken());
        }
        if asked == Asked::Lately
            && let Some((known, _)) = self.known_providers.get(issuer, now)
        {
            return known.ok_or_else(not_taken);
        }
        let address = IssuerUrl::new(issuer.to_owned()).map_err(|error| refused("issuer", &error))?;
        let found = ProviderMetadataWithLogout::discover_async(address, &reach.client()?).await;
        let found = found.map_err(|error| refused("discovery", &error));
        self.known_providers.keep(issuer, found.as_ref().ok().cloned(), now);
        found
    }
}
