//! The Director's share of emergencies in a month, as a page and as a file.

use jiff::Span;
use jiff::civil::Date;
use placewell_app::Outcome;
use placewell_app::placing::approval::{ShareLine, emergency_sheet};
use placewell_pages::placing::approval::{EmergenciesView, ShareView, emergencies};

use crate::request::Signed;
use crate::respond::{Answered, OrFail, file, page};

/// The month that an address names, such as `2021-09`: its first day.
pub(crate) fn month(text: &str) -> Option<Date> {
    let (year, month) = text.split_once('-')?;
    let (year, month) = (year.parse().ok()?, month.parse().ok()?);
    Date::new(year, month, 1).ok().filter(|_| (2000..2200).contains(&year))
}

fn view(line: &ShareLine) -> ShareView {
    ShareView { by: line.by.clone(), emergencies: line.emergencies, starts: line.starts, per_cent: line.per_cent() }
}

pub(super) async fn show(signed: Signed) -> Answered {
    let asked = signed.query.filled("month").and_then(month);
    let found = signed.app().emergencies(&signed.actor, asked).await.or_fail(&signed)?;
    let views = |lines: &[ShareLine]| lines.iter().map(view).collect();
    let after = found.month.saturating_add(Span::new().months(1));
    let shown = EmergenciesView {
        month: found.month,
        beside: (
            found.month.saturating_sub(Span::new().months(1)),
            Some(after).filter(|after| *after <= signed.now().today()),
        ),
        all: view(&found.all),
        authorities: views(&found.authorities),
        officers: views(&found.officers),
        providers: views(&found.providers),
        causes: views(&found.causes),
    };
    Ok(page(&emergencies(signed.shell(), &shown)))
}

pub(super) async fn csv(signed: Signed) -> Answered {
    let asked = signed.query.filled("month").and_then(month);
    let found = signed.app().emergencies(&signed.actor, asked).await.or_fail(&signed)?;
    let bytes = emergency_sheet(&found).csv().map_err(|error| Outcome::Fault(error.0)).or_fail(&signed)?;
    let name = format!("emergencies-{:04}-{:02}.csv", found.month.year(), found.month.month());
    Ok(file(bytes, "text/csv; charset=utf-8", &name))
}
