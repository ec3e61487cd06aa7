//! Why a home was asked, frozen with its invitation: made by the search's own code from what was known on the day of
//! sending. Searches that were made before this system carry one line that says so.

use jiff::civil::Date;
use placewell_domain::id::{AgreementId, BedId, BedUseId};
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::placing::invitation::{Trace, TraceLine, Verdict};
use placewell_domain::placing::occupancy::{BedUse, UseState};
use placewell_domain::placing::referral::Referral;
use placewell_insight::placing::referral::{HomeFacts, Records};

use super::{World, Written};
use crate::demonstration::authorities::Part;
use crate::demonstration::people::LOTS;
use crate::placing::referral::asking;

/// The trace of a home for a referral as the search would have given it on the day of sending.
pub fn known_then(
    world: &World,
    written: &Written,
    part: &Part,
    (at, referral): (usize, &Referral),
    day: Date,
) -> Trace {
    let (home, known) = (&written.homes[at], &written.known[at]);
    let stays = world.by_home[at].iter().map(|stay| &world.stays.stays[*stay]);
    let uses: Vec<BedUse> = stays
        .filter(|stay| stay.from <= day && stay.to.is_none_or(|to| to > day))
        .filter_map(|stay| {
            let bed: BedId = *written.beds[at].get(usize::from(stay.bed))?;
            Some(BedUse {
                id: BedUseId(bed.0),
                version: 1,
                provider: home.provider,
                home: home.id,
                bed,
                agreement: Some(AgreementId(bed.0)),
                nights: Nights::new(stay.from, stay.to.unwrap_or(OPEN_END))?,
                solo: stay.solo,
                state: UseState::Stay,
            })
        })
        .collect();
    let records = Records {
        inspections: &known.inspections,
        standing: &known.standing,
        admissions: &known.admissions,
        beds: &known.beds,
        uses: &uses,
    };
    let owner = world.homes.owners[world.homes.homes[at].owner].name.clone();
    let facts = HomeFacts::on(day, home.clone(), owner, &records, |_| None);
    let code = referral.profile.lot.as_deref().unwrap_or_default();
    let named = LOTS.iter().find(|(lot, ..)| *lot == code).map_or(code, |(_, name, _)| *name);
    asking::frozen(facts, referral, (part.area(), named.to_owned()))
}

/// What can be said honestly of a search that was made elsewhere.
pub fn made_before(day: Date) -> Trace {
    let line = TraceLine {
        criterion: "imported".to_owned(),
        verdict: Verdict::Unknown,
        evidence: "asked before this system; the reasons were not kept".to_owned(),
        source: "the authority's earlier list of searches".to_owned(),
        as_of: Some(day),
    };
    Trace { lines: vec![line] }
}
