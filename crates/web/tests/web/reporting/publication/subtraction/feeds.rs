//! The feeds, the packages and the registers as files: a contract's value is subtracted like any figure; another number, or
//! a count in words, is a leak by itself, because nobody has subtracted it.

use std::collections::BTreeSet;

use placewell_exchange::table::{TableRow, each_row};
use serde_json::Value;

use super::{COUNTS, Figure};

/// What rule 9.1 counts, as running text says it.
const COUNTED: [&str; 6] = ["child", "children", "home", "homes", "placement", "placements"];
/// Numbers of a package that count nothing: amounts, which stand in the pages too, and a decision's own terms.
const NUMBERS: [&str; 5] = [
    ".releases.contracts.value.amount",
    ".annual_value_pence",
    ".limbs.powers.ceiling_pence",
    ".term.option_months",
    ".alternatives.number",
];

/// A contract's value over its term, which every form of the register tells alike.
pub(super) fn value(at: &str, reference: &str, pounds: &str) -> Result<Figure, String> {
    let number = pounds.replace([',', '£'], "").parse::<i64>();
    Ok(Figure {
        at: format!("{at}, {reference}"),
        measure: "value",
        period: "its term".to_owned(),
        of: BTreeSet::from([(reference.to_owned(), "all buyers".to_owned())]),
        number: number.map_err(|error| format!("{at}: the value of {reference} is {pounds}: {error}"))?,
    })
}

/// "3 children" in running text.
fn counts(at: &str, text: &str) -> Result<(), String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    for pair in words.windows(2) {
        let noun = pair[1].trim_matches(|letter: char| !letter.is_alphabetic()).to_lowercase();
        // Larger than that is a year: "of 2021 homes ...".
        let counted = pair[0].parse::<u64>().is_ok_and(|number| number < 1_000);
        if counted && COUNTED.contains(&noun.as_str()) {
            return Err(format!("{at}: a count in words that nobody has subtracted: {} {noun}", pair[0]));
        }
    }
    Ok(())
}

/// A register as CSV.
pub(super) fn of_table(at: &str, body: &str) -> Result<Vec<Figure>, String> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut take = |row: TableRow| {
        rows.push(row.cells);
        Ok(())
    };
    each_row(body.as_bytes(), &mut take).map_err(|error| error.0)?;
    let (head, rows) = rows.split_first().ok_or_else(|| format!("{at} is empty"))?;
    if let Some(count) = head.iter().find(|name| COUNTS.contains(&name.as_str())) {
        return Err(format!("{at}: {count} in a file that nobody has subtracted"));
    }
    let cell = |row: &[String], name: &str| {
        let at = head.iter().position(|known| known == name)?;
        row.get(at).filter(|words| !words.is_empty()).cloned()
    };
    let mut figures = Vec::new();
    for row in rows {
        row.iter().try_for_each(|words| counts(at, words))?;
        if let (Some(reference), Some(pounds)) = (cell(row, "Reference"), cell(row, "Value in pounds")) {
            figures.push(value(at, &reference, &pounds)?);
        }
    }
    Ok(figures)
}

/// Every leaf of a package, arrays left out of its path.
fn look(at: &str, path: &str, leaf: &Value) -> Result<(), String> {
    match leaf {
        Value::Object(fields) => fields.iter().try_for_each(|(name, field)| look(at, &format!("{path}.{name}"), field)),
        Value::Array(all) => all.iter().try_for_each(|one| look(at, path, one)),
        Value::Number(number) if !NUMBERS.contains(&path) => {
            Err(format!("{at}: a number that nobody has subtracted: {path} is {number}"))
        }
        Value::String(text) => counts(at, text),
        _ => Ok(()),
    }
}

/// A package as JSON.
pub(super) fn of_package(at: &str, body: &str) -> Result<Vec<Figure>, String> {
    let package: Value = serde_json::from_str(body).map_err(|error| format!("{at}: {error}"))?;
    look(at, "", &package)?;
    let mut figures = Vec::new();
    for release in package["releases"].as_array().into_iter().flatten() {
        for contract in release["contracts"].as_array().into_iter().flatten() {
            if let Some(pounds) = contract["value"]["amount"].as_i64() {
                figures.push(value(at, contract["id"].as_str().unwrap_or_default(), &pounds.to_string())?);
            }
        }
    }
    Ok(figures)
}

/// An Atom feed: it tells of records, and no figure stands in it.
pub(super) fn of_feed(at: &str, body: &str) -> Result<Vec<Figure>, String> {
    body.split(['<', '>']).try_for_each(|text| counts(at, text))?;
    Ok(Vec::new())
}
