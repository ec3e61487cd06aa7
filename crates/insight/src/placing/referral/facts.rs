//! What is known of one home on one day, as the index takes it: the home, its inspection, standing, lots and free nights.

use jiff::civil::{Date, DateTime};
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::{Bed, Grade, Home, Inspection};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, standing_on};
use placewell_domain::id::{BedId, BedUseId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_domain::place::{Precision, locate};
use placewell_domain::placing::occupancy::{BedUse, ClosedReason, Gaps, UseState, free_gaps};

use super::Wanted;

/// A home's place on a lot and its tendered price there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotPlace {
    /// The lot's code.
    pub lot: String,
    /// The first day of the admission.
    pub from: Date,
    /// The day after its last.
    pub until: Date,
    /// The tendered core price a week, where it is known.
    pub weekly: Option<Pence>,
}

/// One home as it is known on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeFacts {
    /// The home.
    pub home: Home,
    /// The provider's name.
    pub provider: String,
    /// The day on which this was known.
    pub as_of: Date,
    /// The grade of that day.
    pub grade: Grade,
    /// When the home was inspected for it.
    pub graded_on: Option<Date>,
    /// The region's standing, the worse of home and provider.
    pub standing: Standing,
    /// Since when and why, where a fact makes it so.
    pub standing_because: Option<(Date, StandingReason)>,
    /// Since when Ofsted restricts new admissions.
    pub restricted_since: Option<Date>,
    /// The lots it is or will be on.
    pub lots: Vec<LotPlace>,
    /// Its free nights from that day on.
    pub gaps: Gaps,
    /// How many children live there or have a bed held on that day.
    pub residents: u8,
    /// How many beds it has.
    pub beds: u8,
    /// Its beds that mini-blocks tie, with who may place in them.
    pub blocks: Vec<BlockPlace>,
}

/// Beds of a mini-block at a home, as they are free to the authorities that pay for it or were offered nights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockPlace {
    /// The mini-block's reference.
    pub reference: String,
    /// The areas of the authorities that may place there.
    pub areas: Vec<AreaCode>,
    /// The areas of those to which its empty beds come later, in the contract's order, and by when.
    pub later: Vec<(AreaCode, DateTime)>,
    /// The lot it was bought on.
    pub lot: String,
    /// The price of an occupied week.
    pub weekly: Pence,
    /// Its free nights, within those of the contract or of the offer.
    pub gaps: Gaps,
}

impl BlockPlace {
    /// Whether one of its beds is free for the whole stay that is wanted, whoever may place there.
    pub(super) fn free_for(&self, wanted: &Wanted) -> bool {
        let until = plus_days(wanted.needed_on, i64::from(wanted.least_nights));
        let gaps = if wanted.solo { &self.gaps.empty } else { &self.gaps.shared };
        self.lot == wanted.lot && gaps.iter().any(|gap| gap.from() <= wanted.needed_on && until <= gap.to())
    }

    /// Whether it is a vacancy for the authority and the child of a search.
    pub(super) fn vacant_for(&self, wanted: &Wanted) -> bool {
        self.areas.contains(&wanted.authority) && self.free_for(wanted)
    }
}

/// Beds that a mini-block ties over nights: all of the home's where none is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tied {
    /// The mini-block's reference.
    pub reference: String,
    /// The beds.
    pub beds: Vec<BedId>,
    /// Over which nights.
    pub nights: Nights,
    /// The areas of the authorities that may place there.
    pub areas: Vec<AreaCode>,
    /// The areas of those to which the beds come later, in the contract's order, and by when.
    pub later: Vec<(AreaCode, DateTime)>,
    /// The lot it was bought on.
    pub lot: String,
    /// The price of an occupied week.
    pub weekly: Pence,
}

impl HomeFacts {
    /// Gathers what is known of a home on a day from its records; prices come by `weekly` per lot.
    #[must_use]
    pub fn on(
        day: Date,
        home: Home,
        provider: String,
        records: &Records<'_>,
        weekly: impl Fn(&str) -> Option<Pence>,
    ) -> Self {
        let (grade, inspection) = grade_on(records.inspections, day);
        let graded_on = inspection.map(|seen| seen.inspected_on);
        let standing = standing_on(records.standing, home.id, home.provider, day);
        let lots = records
            .admissions
            .iter()
            .filter(|one| one.home == home.id && one.until > day)
            .map(|one| LotPlace { lot: one.lot.clone(), from: one.from, until: one.until, weekly: weekly(&one.lot) })
            .collect();
        let living = records.uses.iter().filter(|one| one.state == UseState::Stay && one.nights.contains(day)).count();
        Self {
            provider,
            as_of: day,
            grade,
            graded_on,
            standing: standing.standing,
            standing_because: standing.because.map(|fact| (fact.from, fact.reason)),
            restricted_since: standing.restriction.map(|fact| fact.from),
            lots,
            gaps: free_gaps(records.beds, records.uses, day),
            residents: u8::try_from(living).unwrap_or(u8::MAX),
            beds: u8::try_from(records.beds.len()).unwrap_or(u8::MAX),
            blocks: Vec::new(),
            home,
        }
    }

    /// The same with the beds that mini-blocks tie at the home: they are free to those who pay for them, and to nobody else.
    #[must_use]
    pub fn with_blocks(mut self, tied: &[Tied], beds: &[Bed], uses: &[BedUse]) -> Self {
        if tied.is_empty() {
            return self;
        }
        let mut others = uses.to_vec();
        for one in tied {
            others.extend(one.beds.iter().map(|bed| closed(&self.home, *bed, one.nights)));
            let own: Vec<Bed> =
                beds.iter().filter(|bed| one.beds.is_empty() || one.beds.contains(&bed.id)).cloned().collect();
            let mut around = uses.to_vec();
            for bed in &own {
                let before = Nights::new(Date::MIN, one.nights.from());
                let after = Nights::new(one.nights.to(), OPEN_END);
                around.extend(before.into_iter().chain(after).map(|nights| closed(&self.home, bed.id, nights)));
            }
            self.blocks.push(BlockPlace {
                reference: one.reference.clone(),
                areas: one.areas.clone(),
                later: one.later.clone(),
                lot: one.lot.clone(),
                weekly: one.weekly,
                gaps: free_gaps(&own, &around, self.as_of),
            });
        }
        self.gaps = free_gaps(beds, &others, self.as_of);
        self
    }

    /// How closely the home's place is known; none where only its area is.
    #[must_use]
    pub fn precision(&self) -> Option<Precision> {
        home_precision(&self.home)
    }
}

/// How closely a home's place is known; none where it is not known, or where no postcode says it.
pub(super) fn home_precision(home: &Home) -> Option<Precision> {
    let (postcode, point) = (home.postcode.as_ref()?, home.point?);
    let centre = locate(postcode).filter(|place| place.point == point);
    Some(centre.map_or(Precision::Postcode, |place| place.precision))
}

/// A bed that is not free over nights, whatever the reason.
fn closed(home: &Home, bed: BedId, nights: Nights) -> BedUse {
    BedUse {
        id: BedUseId(0),
        version: 1,
        provider: home.provider,
        home: home.id,
        bed,
        agreement: None,
        nights,
        solo: false,
        state: UseState::OutOfService(ClosedReason::Other),
    }
}

/// The records of one home from which [`HomeFacts::on`] gathers; standing facts may include its provider's.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    /// Its inspections.
    pub inspections: &'a [Inspection],
    /// Standing facts of the home and of its provider.
    pub standing: &'a [StandingFact],
    /// Its admissions.
    pub admissions: &'a [Admission],
    /// Its beds.
    pub beds: &'a [Bed],
    /// Uses of its beds.
    pub uses: &'a [BedUse],
}
