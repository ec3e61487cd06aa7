//! The homes that could meet a child's needs as a file, in the order and under the filters of the page. No column can hold
//! a postcode or anything about the child but the referral's reference.

use axum::extract::Path;
use placewell_domain::homes::price::{band_words, price_band};
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_insight::placing::referral::{Reason, distance_words};
use placewell_pages::words;

use super::homes::read;
use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx};

const COLUMNS: [&str; 14] = [
    "referral",
    "place",
    "ofsted_number",
    "home",
    "provider",
    "route",
    "bed_free_from",
    "distance",
    "area",
    "price_band",
    "ofsted_grade",
    "graded_on",
    "must_haves_met",
    "left_out_because",
];

pub(super) async fn csv(signed: Signed, Path(reference): Path<String>) -> Answered {
    let sheet = homes(&signed, &reference).await?;
    as_csv(&signed, &sheet, &format!("{reference}-homes"))
}

pub(super) async fn xlsx(signed: Signed, Path(reference): Path<String>) -> Answered {
    let sheet = homes(&signed, &reference).await?;
    as_xlsx(&signed, &sheet, &format!("{reference}-homes"))
}

/// The homes that match in their order, then those that were left out with every reason.
async fn homes(signed: &Signed, reference: &str) -> Result<Sheet, Failure> {
    let filters = read(&signed.query);
    let found = signed.app().homes_for(&signed.actor, reference, &filters).await.or_fail(signed)?;
    let mut sheet = Sheet::new("Homes", COLUMNS);
    let referral = found.referral.reference.to_string();
    for (at, one) in (1_i64..).zip(&found.found.matched) {
        let Some(facts) = found.index.home(one.row) else { continue };
        let fit = found.fit(facts);
        let asked = fit.meets.count() + fit.does_not.count() + fit.unknown.count();
        sheet.rows.push(vec![
            referral.as_str().into(),
            Cell::Count(at),
            facts.home.urn.as_str().into(),
            facts.home.name.as_str().into(),
            facts.provider.as_str().into(),
            one.tier.tag().into(),
            fit.free.map_or(Cell::Empty, Cell::Day),
            one.distance.map_or(Cell::Empty, |miles| distance_words(&found.wanted, facts, miles).into()),
            fit.class.words().into(),
            fit.weekly.map_or(Cell::Empty, |weekly| band_words(price_band(weekly)).into()),
            facts.grade.label().into(),
            facts.graded_on.map_or(Cell::Empty, Cell::Day),
            format!("{} of {asked}", fit.meets.count()).into(),
            Cell::Empty,
        ]);
    }
    for (row, reasons) in found.found.reasons.iter().enumerate().filter(|(_, reasons)| !reasons.is_empty()) {
        let Some(facts) = found.index.home(row) else { continue };
        let why: Vec<&str> = reasons.iter().map(Reason::label).collect();
        sheet.rows.push(vec![
            referral.as_str().into(),
            Cell::Empty,
            facts.home.urn.as_str().into(),
            facts.home.name.as_str().into(),
            facts.provider.as_str().into(),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            facts.grade.label().into(),
            facts.graded_on.map_or(Cell::Empty, Cell::Day),
            Cell::Empty,
            words::list(&why).into(),
        ]);
    }
    Ok(sheet)
}
