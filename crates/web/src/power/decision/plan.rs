//! The forward plan: a page for everybody and the same as CSV.

use axum::response::Response;
use placewell_app::Outcome;
use placewell_domain::power::decision::PlanStep;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_pages::power::decision::{PlanRow, plan_page};

use crate::request::Visit;
use crate::respond::{Answered, Failure, OrFail, file, page};

pub(super) async fn show(visit: Visit) -> Answered {
    let found = visit.app().forward_plan().await.or_fail(&visit)?;
    let rows: Vec<PlanRow> =
        found.into_iter().map(|one| PlanRow { entry: one.entry, authority: one.authority }).collect();
    Ok(page(&plan_page(visit.shell(), &rows, visit.now().today())))
}

pub(super) async fn csv(visit: Visit) -> Answered {
    let found = visit.app().forward_plan().await.or_fail(&visit)?;
    let columns = [
        "Authority",
        "Reference",
        "Matter",
        "Decision maker",
        "What is to be decided",
        "From",
        "Notice published",
        "Kind of notice",
        "Why sooner",
        "Scrutiny chair",
        "Step",
    ];
    let mut sheet = Sheet::new("Forward plan", columns);
    for one in found {
        let entry = one.entry;
        let step = match entry.step {
            PlanStep::Noticed => "To be decided".to_owned(),
            PlanStep::Taken { on } => format!("Decided {on}"),
            PlanStep::Withdrawn { on, .. } => format!("Taken off the plan {on}"),
        };
        let day = |day: Option<jiff::civil::Date>| day.map_or_else(String::new, |day| day.to_string());
        let texts = [
            one.authority,
            entry.reference,
            entry.title,
            entry.decision_maker,
            entry.purpose,
            entry.notice.expected.to_string(),
            entry.notice.on.to_string(),
            entry.notice.kind.label().to_owned(),
            entry.notice.why.unwrap_or_default(),
            day(entry.notice.chair_on),
            step,
        ];
        sheet.rows.push(texts.into_iter().map(Cell::Text).collect());
    }
    as_csv(&visit, &sheet, "forward-plan.csv")
}

/// A public table as a file.
pub(crate) fn as_csv(visit: &Visit, sheet: &Sheet, name: &str) -> Result<Response, Failure> {
    let bytes = sheet.csv().map_err(|error| visit.fail(Outcome::Fault(error.0)))?;
    Ok(file(bytes, "text/csv; charset=utf-8", name))
}
