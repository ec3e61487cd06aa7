//! The ceilings of all authorities, for the regional team: each authority counts its own year from its own record, in its
//! own transaction, and the team reads what was counted (one transaction, one organisation).

use jiff::civil::{Date, DateTime};
use placewell_domain::calendar::year_of;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::annual_value::{Bucket, CountedValue, RegionYear, Route, YearTotals, exceeded_on};
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_store::Work;

use super::ledger_terms;
use super::page::{Counted, first_power};
use super::rising::risen;
use crate::answer::Answer;
use crate::clock::moment_at;
use crate::command::App;

/// One authority's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorityYear {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The ceiling and what is committed, as the ledger stands; none where no decision adopted the year.
    pub totals: Option<YearTotals>,
    /// What it counted last.
    pub counted: Option<CountedValue>,
    /// When it did, in London.
    pub counted_at: Option<DateTime>,
}

impl AuthorityYear {
    /// What can still be awarded.
    #[must_use]
    pub fn headroom(&self) -> Option<Pence> {
        self.totals.map(|totals| Pence(totals.headroom().0.max(0)))
    }
}

/// The region's ceilings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionValues {
    /// Today.
    pub today: Date,
    /// The authorities, those nearest to their ceiling first.
    pub rows: Vec<AuthorityYear>,
}

impl RegionValues {
    /// The sum of the ceilings, and of what is committed below them.
    #[must_use]
    pub fn sums(&self) -> (Pence, Pence) {
        let totals = || self.rows.iter().filter_map(|row| row.totals);
        (totals().map(|one| one.ceiling).sum(), totals().map(|one| one.committed).sum())
    }
}

impl App {
    /// How every authority of the region stands against its ceiling.
    pub async fn region_values(&self, actor: &Actor) -> Answer<RegionValues> {
        let session = self.see(actor, Action::SeeRegionValues).await?;
        let today = self.calendar.now().today();
        let all = session.organisations().await?;
        let authorities: Vec<_> = all.into_iter().filter(|one| one.kind == OrganisationKind::Authority).collect();
        let ids: Vec<_> = authorities.iter().map(|one| one.id).collect();
        let found = session.region_years(&ids, today).await?;
        let row = |(one, year): (_, RegionYear)| {
            let one: placewell_domain::office::organisation::Organisation = one;
            let (counted_at, counted) = year.counted.unzip();
            let counted_at = counted_at.map(|at| moment_at(at).local);
            AuthorityYear { code: one.code, name: one.name, totals: year.totals, counted, counted_at }
        };
        let mut rows: Vec<AuthorityYear> = authorities.into_iter().zip(found).map(row).collect();
        rows.sort_by(|one, other| used(other).cmp(&used(one)).then_with(|| one.name.cmp(&other.name)));
        Ok(RegionValues { today, rows })
    }
}

/// What is committed, in thousandths of the ceiling.
fn used(row: &AuthorityYear) -> Option<i64> {
    row.totals.map(|one| one.committed.0.saturating_mul(1_000).checked_div(one.ceiling.0).unwrap_or(i64::MAX))
}

/// Counts the year that runs from the authority's own record, in its own transaction.
pub(crate) async fn count_value(work: &Work) -> Answer<()> {
    let (org, today) = (work.org(), work.moment().today());
    let terms = ledger_terms(work, org, today).await?;
    let reading = terms.reading;
    let year = year_of(today.min(terms.term_end), reading.year);
    let Some(row) = work.ledger_year(org, year.first()).await? else { return Ok(()) };
    let commitments = work.commitments(org).await?;
    let risen = risen(work, org, &commitments, today).await?;
    let counted =
        Counted { commitments: &commitments, risen: &risen, reading: &reading, year, term_end: terms.term_end, today };
    let beside = placewell_domain::power::annual_value::Reading { spot: true, ..reading.clone() };
    let spot = Counted { reading: &beside, ..counted }.figures(|one| one.route == Route::Spot);
    let since = first_power(work, org).await?.unwrap_or(today);
    let forecast = counted.expected(since, row.totals.committed).forecast();
    let outturn = forecast.map(|forecast| (forecast.outturn, forecast.low, forecast.high));
    let value = CountedValue {
        year_start: year.first(),
        year: Bucket::Year(year).words(),
        spent: counted.spent(),
        figures: counted.counting(),
        spot: spot.planned,
        exceeded_on: exceeded_on(&risen, (&reading, terms.term_end), (year, row.totals.ceiling), today),
        outturn,
    };
    Ok(work.keep_counted_value(&value).await?)
}

/// The region's ceilings as a table for a file.
#[must_use]
pub fn region_sheet(found: &RegionValues) -> Sheet {
    let heads = [
        "Code",
        "Authority",
        "Year",
        "Ceiling (£)",
        "Committed (£)",
        "Can still be awarded (£)",
        "Excepted above the ceiling (£)",
        "Spent (£)",
        "Bound (£)",
        "Planned (£)",
        "Run-rate (£)",
        "Spot purchase, beside the ceiling (£)",
        "Run-rate exceeds the ceiling on",
        "Outturn (£)",
        "Outturn, lower end of 80% (£)",
        "Outturn, upper end of 80% (£)",
        "Counted at",
    ];
    let mut sheet = Sheet::new("Ceilings", heads);
    sheet.rows.extend(found.rows.iter().map(|row| {
        let totals = |of: fn(&YearTotals) -> Pence| row.totals.as_ref().map_or(Cell::Empty, |one| Cell::Money(of(one)));
        let own = |of: fn(&CountedValue) -> Pence| row.counted.as_ref().map_or(Cell::Empty, |one| Cell::Money(of(one)));
        let counted = row.counted.as_ref();
        let outturn = |of: fn((Pence, Pence, Pence)) -> Pence| {
            counted.and_then(|one| one.outturn).map_or(Cell::Empty, |three| Cell::Money(of(three)))
        };
        vec![
            row.code.as_str().into(),
            row.name.as_str().into(),
            counted.map_or("", |one| one.year.as_str()).into(),
            totals(|one| one.ceiling),
            totals(|one| one.committed),
            row.headroom().map_or(Cell::Empty, Cell::Money),
            totals(|one| one.over),
            own(|one| one.spent),
            own(|one| one.figures.bound),
            own(|one| one.figures.planned),
            own(|one| one.figures.run_rate),
            own(|one| one.spot),
            counted.and_then(|one| one.exceeded_on).map_or(Cell::Empty, Cell::Day),
            outturn(|three| three.0),
            outturn(|three| three.1),
            outturn(|three| three.2),
            row.counted_at.map_or(Cell::Empty, |at| at.strftime("%Y-%m-%d %H:%M").to_string().into()),
        ]
    }));
    sheet
}
