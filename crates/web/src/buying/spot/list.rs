//! The list of spot purchases as a page and as a file.

use placewell_app::buying::spot::{SpotList, SpotRow, label};
use placewell_domain::buying::spot::unregistered::UnregisteredState;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_pages::buying::spot::list::{LineView, ListView, list_page};

use super::totals;
use crate::request::Signed;
use crate::respond::{Answered, OrFail, as_csv, page, redirect};

/// The size of a page.
const PAGE: u32 = 25;
/// The most lines of a file.
const MOST: u32 = 50_000;

fn line((row, home): &(SpotRow, String)) -> LineView {
    LineView {
        reference: row.spot.reference.to_string(),
        home: home.clone(),
        reason: row.spot.reason.label().to_owned(),
        label: label(row).to_owned(),
        open: row.checks.map(|(_, open, _)| open),
        due: row.checks.and_then(|(.., due)| due),
        agreement: row.agreement.as_ref().map(|(reference, ..)| reference.clone()),
        after_refusal: row.spot.after_refusal.is_some(),
    }
}

pub(super) async fn show(signed: Signed) -> Answered {
    let all = signed.query.get("tab") == "all";
    let number: u32 = signed.query.get("page").parse().ok().filter(|page| (1..=10_000).contains(page)).unwrap_or(1);
    let found = signed.app().spots(&signed.actor, all, number, PAGE).await.or_fail(&signed)?;
    let pages = found.total.div_ceil(u64::from(PAGE)).max(1);
    if u64::from(number) > pages {
        return Ok(redirect(if all { "/spot?tab=all" } else { "/spot" }));
    }
    let records = signed.app().unregistered_list(&signed.actor).await.or_fail(&signed)?;
    let there = records.iter().filter(|one| one.state == UnregisteredState::There).count();
    let view = ListView {
        lines: found.lines.iter().map(line).collect(),
        all,
        page: (u64::from(number), pages),
        totals: totals(found.totals),
        today: Some(signed.now().today()),
        unregistered: u64::try_from(there).unwrap_or_default(),
    };
    Ok(page(&list_page(signed.shell(), &view)))
}

pub(super) async fn csv(signed: Signed) -> Answered {
    let all = signed.query.get("tab") == "all";
    let found = signed.app().spots(&signed.actor, all, 1, MOST).await.or_fail(&signed)?;
    as_csv(&signed, &sheet(&found), "spot-purchases")
}

fn sheet(found: &SpotList) -> Sheet {
    let columns = [
        "referral",
        "home",
        "reason",
        "asked_on",
        "emergency",
        "where_it_stands",
        "checks_open",
        "checks_due_on",
        "agreement",
        "start",
        "refused_at_ceiling_on",
    ];
    let mut sheet = Sheet::new("Spot purchases", columns);
    sheet.rows = found
        .lines
        .iter()
        .map(|(row, home)| {
            let spot = &row.spot;
            let open = row.checks.map_or(Cell::Empty, |(_, open, _)| Cell::Count(i64::from(open)));
            let agreement = row.agreement.as_ref();
            vec![
                spot.reference.to_string().as_str().into(),
                home.as_str().into(),
                spot.reason.label().into(),
                spot.asked_at.date().into(),
                (if spot.emergency { "yes" } else { "no" }).into(),
                label(row).into(),
                open,
                row.checks.and_then(|(.., due)| due).map_or(Cell::Empty, Into::into),
                agreement.map_or(Cell::Empty, |(reference, ..)| reference.as_str().into()),
                agreement.map_or(Cell::Empty, |(.., start)| (*start).into()),
                spot.after_refusal.map_or(Cell::Empty, |after| after.refused_on.into()),
            ]
        })
        .collect();
    sheet
}
