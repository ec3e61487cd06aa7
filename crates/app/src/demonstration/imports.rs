//! Two invented files in the form of Ofsted's yearly register, to try an import with: a good one, and one with seven rows
//! that cannot be read, each for its own reason.

use std::io;
use std::path::Path;

use jiff::civil::date;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::home::inspection::InspectionKind;
use placewell_domain::id::HomeId;
use placewell_store::homes::home::RegisterLine;

use super::homes::HomePlan;
use super::{Scale, World};

const HEADER: &str = "Web link,URN,Provision type,Registration date,Registration status,Name,Ofsted region,\
    Government Office Region,Local authority,Sector,Places,Organisation which owns the provider,Event type,\
    Inspection date,Publication date,Event number,Overall experiences and progress of children and young people";

/// The good file's name.
pub const GOOD: &str = "homes_at_september_2021.csv";
/// The other file's name.
pub const WRONG: &str = "homes_with_7_row_errors.csv";

/// Writes both into a folder, which is made where it is missing.
pub fn write_imports(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let (good, wrong) = files(&World::plan(Scale::WHOLE));
    std::fs::write(folder.join(GOOD), good)?;
    std::fs::write(folder.join(WRONG), wrong)
}

/// The texts of both files.
fn files(world: &World) -> (String, String) {
    let mut good = format!("Children's homes at 13 September 2021 (invented),,,\n{HEADER}\n");
    let mut wrong = good.clone();
    for (at, home) in world.homes.homes.iter().enumerate() {
        // Two more places in one home, and two new homes, so that the good file shows changes.
        let places = if at == 3 { home.places + 2 } else { home.places };
        good.push_str(&row(world, home, &home.urn, &places.to_string(), "13/09/2021"));
        let (urn, places, date) = broken(at, home);
        wrong.push_str(&row(world, home, &urn, &places, &date));
    }
    for urn in ["SC970001", "SC970002"] {
        good.push_str(&row(world, &world.homes.homes[0], urn, "3", "13/09/2021"));
    }
    (good, wrong)
}

/// Seven of the rows are wrong: number, places or date.
fn broken(at: usize, home: &HomePlan) -> (String, String, String) {
    let (urn, places, date) = (home.urn.clone(), home.places.to_string(), "13/09/2021".to_owned());
    match at {
        4 => (String::new(), places, date),
        9 => ("see note".to_owned(), places, date),
        13 => (urn, "four".to_owned(), date),
        18 => (urn, "-1".to_owned(), date),
        22 => (urn, "3.5".to_owned(), date),
        27 => (urn, places, "31/02/2021".to_owned()),
        33 => (urn, places, "last week".to_owned()),
        _ => (urn, places, date),
    }
}

fn row(world: &World, home: &HomePlan, urn: &str, places: &str, published: &str) -> String {
    let day = |date: jiff::civil::Date| date.strftime("%d/%m/%Y").to_string();
    let full = home.inspections.iter().rev().find(|seen| seen.kind == InspectionKind::Full);
    let (inspected, grade) = full.map_or((String::new(), ""), |seen| (day(seen.inspected_on), grade(home.grade)));
    let authority = super::authorities::PARTS[home.part].member().map_or("", |member| member.name);
    format!(
        "Ofsted Social Care Provider Webpage,{urn},Children's home,{},Active,REDACTED,West Midlands,West Midlands,\
         {authority},{},{places},{},Full inspection,{inspected},{published},{},{grade}\n",
        day(home.registered),
        home.sector.label(),
        world.homes.owners[home.owner].name,
        full.map_or("", |seen| seen.event.as_str()),
    )
}

/// What the register said of a home before these files, so that they show only what has changed since.
pub(super) fn said_before(plan: &HomePlan, home: HomeId, owner: &str) -> RegisterLine {
    let judged = plan.inspections.iter().any(|seen| seen.kind == InspectionKind::Full) && !grade(plan.grade).is_empty();
    RegisterLine {
        home,
        urn: plan.urn.clone(),
        open: true,
        places: Some(u32::from(plan.places)),
        judgement: Some(if judged { plan.grade } else { Grade::NotYetInspected }.code().to_owned()),
        organisation: Some(owner.to_owned()),
        region: "west midlands".to_owned(),
        as_at: date(2021, 8, 31),
    }
}

const fn grade(grade: Grade) -> &'static str {
    match grade {
        Grade::Outstanding => "Outstanding",
        Grade::Good => "Good",
        Grade::RequiresImprovement => "Requires improvement to be good",
        Grade::Inadequate => "Inadequate",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use placewell_exchange::homes::home::read;

    #[test]
    fn the_good_file_reads_whole_and_the_other_has_seven_row_errors() {
        let (good, wrong) = files(&World::plan(Scale::WHOLE));
        assert_eq!(read(good.as_bytes(), "West Midlands").summary.errors.len(), 0);
        let errors = read(wrong.as_bytes(), "West Midlands").summary.errors;
        assert_eq!(errors.len(), 7, "{errors:?}");
    }
}
