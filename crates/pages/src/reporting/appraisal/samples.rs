//! Samples of the alternatives' pages. Every figure is invented.

use jiff::civil::date;
use placewell_domain::outcome::Invalid;
use placewell_domain::reporting::appraisal::{
    Alternative, Assumption, Assumptions, Figures, OptionFigures, Paid, Range, YearAhead,
};

use super::{AlternativesView, AppraisedView, SavedLine, SavedView, alternatives_page, saved_page};
use crate::samples::signed_in_shell as shell;

fn range(middle: i64) -> Range {
    Range { low: middle * 8 / 10, middle, high: middle * 13 / 10 }
}

fn option(alternative: Alternative, pounds: i64, above: i64) -> OptionFigures {
    OptionFigures {
        alternative,
        cost: range(pounds * 100),
        above: Range { low: above * 50, middle: above * 100, high: above * 160 },
        cheaper: if above > 0 { 124 } else { 871 },
        set_up: 9_000_000,
        not_found: range(21),
        minutes: range(53_100),
        near: range(70),
        far: range(48),
        framework: range(104),
        spot: range(126),
        beds: range(12),
        still: range(218),
    }
}

fn appraised(typed: &[(&str, &str)]) -> AppraisedView {
    let mut assumptions = Assumptions::default();
    assumptions.found(Assumption::Placements, 780, "78 placements began in the last 52 weeks");
    let options = Alternative::ALL.iter().zip([0, 214_000, 301_000, 122_000, -96_000, 850_000]);
    let year = |start, set, ceiling| YearAhead { start, cost: range(512_000_000), ceiling, set, above: 312 };
    AppraisedView {
        code: "HEF".into(),
        name: "Herefordshire Council".into(),
        finding: "No alternative costs less than the arrangement in 95 of 100 futures.".into(),
        figures: Figures {
            children: range(230),
            options: options.map(|(one, above)| option(*one, 35_915_000 + above, above)).collect(),
            years: vec![
                year(date(2020, 12, 15), true, Some(550_000_000)),
                year(date(2021, 12, 15), false, Some(550_000_000)),
                year(date(2022, 12, 15), false, None),
            ],
        },
        paid: vec![(
            "Residential care with education".into(),
            Paid {
                lot: "with_education".into(),
                own: (4, None),
                like: (31, Some(512_000)),
                larger: (205, Some(498_500)),
                region: (240, Some(501_000)),
            },
        )],
        assumptions: assumptions.with_typed(typed.iter().copied()).unwrap_or_default(),
        grounds: vec!["Lengths of stay rest on 61 stays that ended and 38 that go on.".into()],
        day: date(2021, 9, 13),
        event: 4_212,
        futures: 10_000,
    }
}

fn view(appraised: Option<AppraisedView>) -> AlternativesView {
    AlternativesView {
        authorities: vec![("HEF".into(), "Herefordshire Council".into()), ("SHR".into(), "Shropshire Council".into())],
        appraised,
        typed: Vec::new(),
        saved: vec![SavedLine {
            reference: "HEF-RA-001".into(),
            title: "Cabinet, 23 September 2021".into(),
            authority: "Herefordshire Council".into(),
            at: date(2021, 9, 10).at(15, 40, 0, 0),
        }],
        keeps: true,
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let none = Invalid::default();
    let wrong = Invalid::one("spot_price", "Spot price: enter percent from -50 to 100, like 0");
    let typed = AlternativesView {
        typed: vec![("spot_price".into(), "150".into())],
        ..view(Some(appraised(&[("rise", "7.5")])))
    };
    let reader = AlternativesView { keeps: false, saved: Vec::new(), ..view(Some(appraised(&[]))) };
    let nobody = AlternativesView { authorities: Vec::new(), saved: Vec::new(), ..view(None) };
    let saved = SavedView {
        reference: "HEF-RA-001".into(),
        title: "Cabinet, 23 September 2021".into(),
        at: date(2021, 9, 10).at(15, 40, 0, 0),
        by: "Grace Marchment".into(),
        same_again: true,
        appraised: appraised(&[("rise", "7.5")]),
    };
    let changed = SavedView { same_again: false, by: String::new(), ..saved.clone() };
    vec![
        ("choose an authority", alternatives_page(shell(), &view(None), "k", &none).to_string()),
        ("choose among none", alternatives_page(shell(), &nobody, "k", &none).to_string()),
        ("alternatives", alternatives_page(shell(), &view(Some(appraised(&[]))), "k", &none).to_string()),
        ("alternatives, wrong", alternatives_page(shell(), &typed, "k", &wrong).to_string()),
        ("alternatives for a reader", alternatives_page(shell(), &reader, "k", &none).to_string()),
        ("saved appraisal", saved_page(shell(), &saved).to_string()),
        ("saved appraisal, figures differ", saved_page(shell(), &changed).to_string()),
    ]
}
