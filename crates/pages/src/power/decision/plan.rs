//! The forward plan, for everybody: key decisions to come, each with its notice; and what became of earlier notices.

use jiff::civil::Date;
use placewell_domain::power::decision::{Notice, NoticeKind, PlanEntry, PlanStep};

use crate::components::{Inset, Link, Row, SummaryCard, SummaryList, Table};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// An entry of the plan with whose it is.
#[derive(Debug, Clone)]
pub struct PlanRow {
    /// What the plan says.
    pub entry: PlanEntry,
    /// Whose it is.
    pub authority: String,
}

fn sooner(notice: &Notice) -> Option<String> {
    let why = notice.why.as_deref().unwrap_or_default();
    match notice.kind {
        NoticeKind::TwentyEightDays => None,
        NoticeKind::GeneralException => Some(format!("28 clear days' notice is impracticable: {why}")),
        NoticeKind::SpecialUrgency => Some(format!("The decision cannot reasonably wait: {why}")),
    }
}

fn card(row: &PlanRow) -> SummaryCard {
    let entry = &row.entry;
    let documents = Html::bullets(entry.documents.iter().map(|document| document.title.as_str()));
    let list = SummaryList::new()
        .row("Authority", row.authority.as_str())
        .row("Who decides", entry.decision_maker.as_str())
        .row("From", words::long_date(entry.notice.expected))
        .row("What is to be decided", entry.purpose.as_str())
        .row("Notice", Html::lines([entry.notice.sentence(), entry.notice.kind.label().to_owned()]))
        .maybe("Why sooner", sooner(&entry.notice))
        .maybe("Wards affected", entry.wards.as_deref())
        .maybe("Documents", (!documents.is_empty()).then_some(documents))
        .maybe("Contact", entry.contact.as_deref());
    SummaryCard::new(format!("{}: {}", entry.reference, entry.title), list).level(3)
}

/// The plan.
pub fn plan_page(shell: Shell, rows: &[PlanRow], today: Date) -> Page {
    let open: Vec<&PlanRow> = rows.iter().filter(|row| row.entry.step == PlanStep::Noticed).collect();
    let count = u64::try_from(open.len()).unwrap_or(u64::MAX);
    let none = open.is_empty().then(|| Inset::new("No key decision about placements is on the plan today."));
    let past = Table::new("Earlier notices").columns(["Decision", "Authority", "What became of it"]).rows(
        rows.iter().rev().filter_map(|row| {
            let reference = row.entry.reference.as_str();
            let (head, what): (Html, String) = match &row.entry.step {
                PlanStep::Noticed => return None,
                PlanStep::Taken { on } => (
                    Link::new(reference, format!("/decisions/{reference}")).into(),
                    format!("Decided {}", words::date(*on)),
                ),
                PlanStep::Withdrawn { on, reason } => {
                    (reference.into(), format!("Taken off the plan {}: {reason}", words::date(*on)))
                }
            };
            Some(Row::new(head).cell(row.authority.as_str()).cell(what))
        }),
    );
    let past = past.empty("No earlier notice is recorded.");
    Page::new(shell.titled("Forward plan"))
        .text("Key decisions to come. Each has 28 clear days' notice, or says why it has less and what the scrutiny chair was told.")
        .heading(&format!("{} after {}", words::count(count, "key decision", "key decisions"), words::date(today)))
        .maybe(none)
        .with(Html::join(open.into_iter().map(|row| Html::from(card(row)))))
        .with(past)
        .text("A children's trust has no forward plan: its board decides, and its decisions stand among the published ones.")
        .with(Html::bullets([
            Link::download("The forward plan as CSV", "/forward-plan.csv"),
            Link::new("Published decisions", "/decisions"),
        ]))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let on = Date::constant(2021, 9, 6);
    let entry = PlanEntry {
        reference: "COV-2021-1005".into(),
        title: "Use of the option to extend".into(),
        decision_maker: "Cabinet".into(),
        purpose: "Whether to go on with the arrangement".into(),
        wards: None,
        contact: Some("Head of commissioning, 01632 960100".into()),
        documents: Vec::new(),
        notice: Notice::of_28_days(on),
        step: PlanStep::Noticed,
    };
    let urgent = PlanEntry {
        reference: "DUD-2021-0920".into(),
        notice: Notice {
            kind: NoticeKind::GeneralException,
            expected: Date::constant(2021, 9, 20),
            why: Some("The home closes on 30 September.".into()),
            chair_on: Some(on),
            ..Notice::of_28_days(on)
        },
        ..entry.clone()
    };
    let taken = PlanEntry { step: PlanStep::Taken { on }, ..entry.clone() };
    let withdrawn = PlanEntry { step: PlanStep::Withdrawn { on, reason: "Put off".into() }, ..entry.clone() };
    let rows: Vec<PlanRow> = [entry, urgent, taken, withdrawn]
        .into_iter()
        .map(|entry| PlanRow { entry, authority: "Coventry City Council".into() })
        .collect();
    vec![
        ("forward plan", plan_page(kit::public_shell(), &rows, on).to_string()),
        ("forward plan, empty", plan_page(kit::public_shell(), &[], on).to_string()),
    ]
}
