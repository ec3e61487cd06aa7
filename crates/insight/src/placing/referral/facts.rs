//! What is known of one home on one day, as the index takes it: the home, its inspection, standing, lots and free nights.

use jiff::civil::Date;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::homes::home::{Bed, Grade, Home, Inspection};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, standing_on};
use placewell_domain::money::Pence;
use placewell_domain::place::{Precision, locate};
use placewell_domain::placing::occupancy::{BedUse, Gaps, UseState, free_gaps};

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
            home,
        }
    }

    /// How closely the home's place is known; none where only its area is.
    #[must_use]
    pub fn precision(&self) -> Option<Precision> {
        let postcode = self.home.postcode.as_ref()?;
        let centre = locate(postcode).filter(|place| Some(place.point) == self.home.point);
        Some(centre.map_or(Precision::Postcode, |place| place.precision))
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
