//! The list of referrals as a file, under the list's own tab and filters. No column can hold who a child is.

use axum::extract::Path;
use placewell_app::placing::referral::ReferralLine;
use placewell_domain::clock::Moment;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_pages::placing::referral::list::BestPrice;
use placewell_pages::words;

use super::{Looked, line_view, looked};
use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx, file};

const COLUMNS: [&str; 11] = [
    "reference",
    "age_band_and_lot",
    "needed_on",
    "closes",
    "homes_asked",
    "homes_replied",
    "offers",
    "best_price_a_week",
    "prices",
    "officer",
    "status",
];

/// The most lines of a file.
const MOST: u32 = 50_000;

pub(super) async fn csv(signed: Signed) -> Answered {
    let sheet = referrals(&signed).await?;
    as_csv(&signed, &sheet, "referrals")
}

pub(super) async fn xlsx(signed: Signed) -> Answered {
    let sheet = referrals(&signed).await?;
    as_xlsx(&signed, &sheet, "referrals")
}

async fn referrals(signed: &Signed) -> Result<Sheet, Failure> {
    let Looked { shown, filter, .. } = looked(signed);
    let found = signed.app().referral_list(&signed.actor, shown, &filter, 1, MOST).await.or_fail(signed)?;
    let mut sheet = Sheet::new("Referrals", COLUMNS);
    sheet.rows = found.lines.iter().map(|line| row(line, signed.now())).collect();
    Ok(sheet)
}

fn row(line: &ReferralLine, now: Moment) -> Vec<Cell> {
    let view = line_view(line, words::code, now);
    let (price, prices) = match view.best {
        BestPrice::None => (Cell::Empty, "no offer"),
        BestPrice::Sealed(_) => (Cell::Empty, "sealed"),
        BestPrice::Pence(pence) => (Cell::Money(pence), "open"),
    };
    vec![
        view.reference.into(),
        view.need.into(),
        view.needed_on.map_or(Cell::Empty, Cell::Day),
        view.closes.map_or(Cell::Empty, |at| at.strftime("%Y-%m-%dT%H:%M").to_string().into()),
        Cell::Count(line.asked),
        Cell::Count(line.replied),
        Cell::Count(line.offers),
        price,
        prices.into(),
        view.officer.into(),
        view.label.label().into(),
    ]
}

/// The statement of the search on paper.
pub(super) async fn statement(signed: Signed, Path(reference): Path<String>) -> Answered {
    let address = format!("{}/referrals/{reference}/statement", signed.web.origin);
    let found = signed.app().search_statement_pdf(&signed.actor, &reference, &address).await;
    Ok(file(found.or_fail(&signed)?, "application/pdf", &format!("{reference}-search-statement.pdf")))
}
