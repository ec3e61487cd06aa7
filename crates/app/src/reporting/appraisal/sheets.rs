//! An appraisal as tables for a file: the same rows and figures as on its page.

use placewell_domain::money::Pence;
use placewell_domain::reporting::appraisal::{Appraised, Assumption, Origin, Range, thousands};
use placewell_exchange::sheet::{Cell, Sheet};

use crate::answer::Answer;

/// The tables: the alternatives first, then the years, what buyers pay, and what is assumed.
#[must_use]
pub fn appraisal_sheets(appraised: &Appraised) -> Vec<Sheet> {
    vec![alternatives(appraised), years(appraised), paid(appraised), assumptions(appraised)]
}

fn alternatives(appraised: &Appraised) -> Sheet {
    let of_three = [
        "cost (£)",
        "above the FCA (£)",
        "no home at first",
        "minutes",
        "own area",
        "at a distance",
        "by framework",
        "by spot",
        "in beds",
        "still need the FCA",
    ];
    let mut heads = vec!["Alternative".to_owned(), "Set-up, once (£)".to_owned(), "Cheaper in futures (%)".to_owned()];
    for what in of_three {
        heads.extend(["5 in 100 below", "middle", "5 in 100 above"].map(|end| format!("{what}: {end}")));
    }
    let mut sheet = Sheet::new("Alternatives", heads);
    for one in &appraised.figures.options {
        let mut row: Vec<Cell> =
            vec![one.alternative.label().into(), Pence(one.set_up).into(), tenths(i64::from(one.cheaper))];
        row.extend(money(one.cost).into_iter().chain(money(one.above)));
        for counted in [one.not_found, one.minutes, one.near, one.far, one.framework, one.spot, one.beds, one.still] {
            row.extend(ends(counted).map(Cell::Count));
        }
        sheet.rows.push(row);
    }
    sheet
}

fn ends(range: Range) -> [i64; 3] {
    [range.low, range.middle, range.high]
}

/// To the nearest £1,000, as on the page.
fn money(range: Range) -> [Cell; 3] {
    ends(range).map(|pence| Cell::Money(thousands(pence)))
}

fn tenths(thousandths: i64) -> Cell {
    format!("{}.{}", thousandths / 10, thousandths % 10).into()
}

fn years(appraised: &Appraised) -> Sheet {
    let heads = [
        "Year from",
        "Ceiling (£)",
        "Ceiling set for it",
        "Cost: 5 in 100 below (£)",
        "Cost: middle (£)",
        "Cost: 5 in 100 above (£)",
        "Futures above the ceiling (%)",
    ];
    let mut sheet = Sheet::new("Years", heads);
    sheet.rows.extend(appraised.figures.years.iter().map(|year| {
        let mut row: Vec<Cell> = vec![
            year.start.into(),
            year.ceiling.map_or(Cell::Empty, |pence| Pence(pence).into()),
            if year.set { "Yes" } else { "No" }.into(),
        ];
        row.extend(money(year.cost));
        row.push(year.ceiling.map_or(Cell::Empty, |_| tenths(i64::from(year.above))));
        row
    }));
    sheet
}

/// What stands in place of a price, and of how many stand behind it.
const TOO_FEW: &str = "Too few to say";

fn paid(appraised: &Appraised) -> Sheet {
    let heads = [
        "Lot",
        "Own: placements",
        "Own: middle weekly price (£)",
        "Like size: placements",
        "Like size (£)",
        "Larger: placements",
        "Larger (£)",
        "Region: placements",
        "Region (£)",
    ];
    let mut sheet = Sheet::new("What buyers pay", heads);
    sheet.rows.extend(appraised.paid.iter().map(|lot| {
        let mut row: Vec<Cell> = vec![lot.lot.as_str().into()];
        for (count, price) in [lot.own, lot.like, lot.larger, lot.region] {
            // How many stand behind a price that is not told, is not told either (rule 9.1).
            row.push(price.map_or_else(|| TOO_FEW.into(), |_| Cell::Count(i64::from(count))));
            row.push(price.map_or_else(|| TOO_FEW.into(), |pence| Pence(pence).into()));
        }
        row
    }));
    sheet
}

fn assumptions(appraised: &Appraised) -> Sheet {
    let mut sheet = Sheet::new("Assumptions", ["Name", "Assumption", "Value", "Unit", "From", "How"]);
    sheet.rows.extend(Assumption::ALL.iter().map(|one| {
        let assumed = appraised.assumptions.of(*one);
        let (from, how) = match assumed.origin {
            Origin::Record(how) => ("the record", how),
            Origin::Estimate(why) => ("an estimate", why),
            Origin::Typed { instead_of } => ("typed", format!("In place of {}", one.unit().show(instead_of))),
        };
        let value = one.unit().write(assumed.value);
        vec![one.code().into(), one.label().into(), value.into(), one.unit().words().into(), from.into(), how.into()]
    }));
    sheet
}

/// An appraisal as JSON for the command line: all of it but the children that it was drawn from.
pub fn printed(appraised: &Appraised) -> Answer<String> {
    let mut value = serde_json::to_value(appraised)?;
    if let Some(inputs) = value["inputs"].as_object_mut() {
        inputs.retain(|name, _| name == "grounds" || name == "begun" || name == "ended");
    }
    Ok(serde_json::to_string_pretty(&value)?)
}
