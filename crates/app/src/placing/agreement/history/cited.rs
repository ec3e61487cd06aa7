//! Which terms a stay that is brought in cites: as an award of its first night would have, and never a version that came
//! later.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::power::arrangement::{AcceptedBy, Arrangement, Cited};
use placewell_store::Work;

use crate::answer::Answer;
use crate::power::arrangement::accepted_by_authority;

/// The arrangement in use, with what the authority and each provider accepted of its terms.
pub(super) struct Terms {
    arrangement: Arrangement,
    authority: AcceptedBy,
    providers: HashMap<OrganisationId, AcceptedBy>,
}

impl Terms {
    /// Reads them; none where the region has recorded no arrangement.
    pub(super) async fn read(work: &Work) -> Answer<Option<Self>> {
        let Some(kept) = work.current_arrangement().await? else { return Ok(None) };
        let arrangement = kept.arrangement;
        let authority = accepted_by_authority(work, &arrangement, work.org()).await?;
        let accepted = work.terms_accepted(None).await?;
        let joined = work.providers_joined(arrangement.id).await?;
        let joined: HashMap<OrganisationId, Date> = joined.into_iter().map(|(id, _, on)| (id, on)).collect();
        // Who has left since accepted what bound both then.
        let all: BTreeSet<OrganisationId> =
            joined.keys().copied().chain(accepted.iter().map(|one| one.provider)).collect();
        let by = |id: OrganisationId| {
            let own: Vec<_> = accepted.iter().filter(|one| one.provider == id).cloned().collect();
            (id, AcceptedBy::provider(arrangement.id, joined.get(&id).copied(), &own))
        };
        let providers = all.into_iter().map(by).collect();
        Ok(Some(Self { arrangement, authority, providers }))
    }

    /// The codes of its lots.
    pub(super) fn lots(&self) -> impl Iterator<Item = String> {
        self.arrangement.lots.iter().map(|lot| lot.code.clone())
    }

    /// The versions that bound the authority and a provider on the first night.
    pub(super) fn cited(&self, provider: OrganisationId, start: Date) -> Cited {
        let none = AcceptedBy::default();
        let provider = self.providers.get(&provider).unwrap_or(&none);
        self.arrangement.cited_between((&self.authority, provider), start)
    }
}
