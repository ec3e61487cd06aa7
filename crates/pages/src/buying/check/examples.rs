//! Samples of the pages about checks.

use placewell_domain::buying::check::{CheckItem, CheckLine, LineState, NotSatisfiedReason};
use placewell_domain::outcome::Invalid;

use super::{LineView, OneView, RegionalView, TableView, one_page, table_page};
use crate::form::Typed;
use crate::office::document::DocumentLine;
use crate::samples as kit;

fn line(item: CheckItem, state: LineState) -> CheckLine {
    CheckLine { item, state }
}

fn file() -> DocumentLine {
    let path = "/referrals/HEF-R-0042/checks/SC392491/insurance/documents/1";
    DocumentLine {
        number: "document-1.pdf".to_owned(),
        came_as: "Certificate 2021.pdf".to_owned(),
        format: "PDF".to_owned(),
        bytes: 240_000,
        added: jiff::civil::date(2021, 9, 6).at(10, 20, 0, 0),
        href: Some(path.to_owned()),
        take_away: Some(format!("{path}/take-away")),
        gone: false,
    }
}

/// A line as the officer who has it leaves it.
fn shown(line: CheckLine) -> LineView {
    let begun = matches!(line.state, LineState::Done { .. } | LineState::EvidenceIn | LineState::Expired { .. });
    let (evidence, officer) = if begun { ("Certificate E-1, 6 September 2021", "Jo Marsh") } else { ("", "") };
    LineView {
        line,
        evidence: evidence.to_owned(),
        officer: officer.to_owned(),
        files: if begun { vec![file()] } else { Vec::new() },
        minutes: if begun { (12, 5) } else { (0, 0) },
        standard: 20,
    }
}

fn table() -> TableView {
    let on = jiff::civil::date(2021, 9, 6);
    TableView {
        reference: "HEF-R-0042".to_owned(),
        home: ("SC392491".to_owned(), "Ash Lodge".to_owned()),
        others: vec![("SC392492".to_owned(), "Elm House".to_owned(), false)],
        spot: true,
        recorded: true,
        lines: vec![
            line(CheckItem::Registration, LineState::Read { on: None }),
            line(CheckItem::Grade, LineState::Read { on: Some(on) }),
            line(CheckItem::Manager, LineState::WithProvider),
            line(CheckItem::LegalEntity, LineState::Done { on, until: Some(jiff::civil::date(2022, 9, 6)) }),
            line(CheckItem::Insurance, LineState::Expired { on }),
            line(CheckItem::Policies, LineState::ReliedOnRegionally { since: on }),
            line(CheckItem::Impact, LineState::EvidenceIn),
            line(CheckItem::References, LineState::NotSatisfied { reason: NotSatisfiedReason::Missing }),
            line(CheckItem::Visit, LineState::ToDo),
            line(CheckItem::Fees, LineState::DoesNotApply),
        ]
        .into_iter()
        .map(shown)
        .collect(),
        regional: Some(RegionalView {
            since: jiff::civil::date(2021, 2, 4),
            last: Some(jiff::civil::date(2022, 2, 3)),
            path: Some("/region/evaluations/7".to_owned()),
        }),
        measured: vec![("Through the arrangement", 95, 40), ("Spot purchase", 325, 31)],
        open: 5,
        due: Some((jiff::civil::date(2021, 9, 20), "5 working days left".to_owned())),
        spared: (2, 45),
        minutes: (95, 30),
        contracting: Some((120, 45, None)),
        may_change: true,
        key: "k".to_owned(),
        errors: Invalid::default(),
    }
}

pub(crate) fn samples() -> Vec<(&'static str, String)> {
    let view = table();
    let missing =
        TableView { recorded: false, due: None, contracting: None, may_change: false, spared: (0, 0), ..view.clone() };
    let missing = TableView { regional: None, measured: Vec::new(), ..missing };
    let on = jiff::civil::date(2021, 9, 6);
    let one = OneView {
        reference: "HEF-R-0042".to_owned(),
        home: ("SC392491".to_owned(), "Ash Lodge".to_owned()),
        line: line(CheckItem::Insurance, LineState::Expired { on }),
        version: 2,
        opened: "2021-09-13T10:20:00".to_owned(),
        evidence: Some(("Certificate E-1, 6 September 2020".to_owned(), "Public liability £10m".to_owned())),
        erased: false,
        standard: 20,
        files: vec![file()],
        key: "k".to_owned(),
        file_key: "f".to_owned(),
        typed: Typed::default(),
        errors: Invalid::default(),
    };
    let fresh = OneView { version: 0, evidence: None, files: Vec::new(), ..one.clone() };
    let said = Some(("Certificate E-1, 6 September 2020".to_owned(), String::new()));
    let erased = OneView { evidence: said, erased: true, files: Vec::new(), ..one.clone() };
    let wrong = OneView { errors: Invalid::one("evidence_until", "Enter the day on which it expires"), ..one.clone() };
    vec![
        ("the checks of a spot home", table_page(kit::signed_in_shell(), &view).to_string()),
        ("checks with no spot purchase recorded", table_page(kit::signed_in_shell(), &missing).to_string()),
        ("one check", one_page(kit::signed_in_shell(), &one).to_string()),
        ("one check that was not begun", one_page(kit::signed_in_shell(), &fresh).to_string()),
        ("one check for a child whose record was erased", one_page(kit::signed_in_shell(), &erased).to_string()),
        ("one check with errors", one_page(kit::signed_in_shell(), &wrong).to_string()),
    ]
}
