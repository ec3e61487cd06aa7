//! The list of homes as a file, with the list's own filters: CSV and a spreadsheet. No column can hold a postcode.

use placewell_domain::homes::home::RegisteredSex;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_insight::placing::referral::HomeFacts;

use super::{LookedFor, area_name, free_from};
use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx};

const COLUMNS: [&str; 15] = [
    "ofsted_number",
    "home",
    "provider",
    "area_authority",
    "registration",
    "places",
    "children_today",
    "bed_free_from",
    "registered_ages",
    "registered_for",
    "ofsted_grade",
    "graded_on",
    "standing",
    "restricted_since",
    "beds_confirmed_on",
];

pub(super) async fn csv(signed: Signed) -> Answered {
    let sheet = homes(&signed).await?;
    as_csv(&signed, &sheet, "homes")
}

pub(super) async fn xlsx(signed: Signed) -> Answered {
    let sheet = homes(&signed).await?;
    as_xlsx(&signed, &sheet, "homes")
}

async fn homes(signed: &Signed) -> Result<Sheet, Failure> {
    let index = signed.app().homes(&signed.actor).await.or_fail(signed)?;
    let (wanted, today) = (LookedFor::read(&signed.query), signed.now().today());
    let mut sheet = Sheet::new("Homes", COLUMNS);
    let found = (0..index.len()).filter_map(|at| index.home(at)).filter(|facts| wanted.fits(facts, today));
    sheet.rows = found.map(row).collect();
    Ok(sheet)
}

fn row(facts: &HomeFacts) -> Vec<Cell> {
    let home = &facts.home;
    vec![
        home.urn.as_str().into(),
        home.name.as_str().into(),
        facts.provider.as_str().into(),
        area_name(facts).into(),
        home.state.label().into(),
        Cell::Count(i64::from(home.places)),
        Cell::Count(i64::from(facts.residents)),
        free_from(facts).map_or(Cell::Empty, Cell::Day),
        home.ages.map_or(Cell::Empty, |ages| format!("{} to {}", ages.from, ages.to).into()),
        home.sex.map(RegisteredSex::label).map_or(Cell::Empty, Cell::from),
        facts.grade.label().into(),
        facts.graded_on.map_or(Cell::Empty, Cell::Day),
        facts.standing.label().into(),
        facts.restricted_since.map_or(Cell::Empty, Cell::Day),
        home.beds_confirmed_on.map_or(Cell::Empty, Cell::Day),
    ]
}
